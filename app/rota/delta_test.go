package rota_test

import (
	"slices"
	"testing"

	"tiaojie/app/rota"
	"tiaojie/app/rota/instance"

	"pgregory.net/rapid"
)

// The search adds up changes; Evaluate counts from nothing, by other code. They have to agree after every
// step, whatever the task is made of.
func TestDeltaEqualsRecount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := messy(rapid.Uint64().Draw(t, "task"))
		w := rota.NewWalk(r, rapid.Uint64().Draw(t, "walk"))
		for step := range 100 {
			if got, want := w.Score(), r.Evaluate(w.Placements()).Score.Cost; got != want {
				t.Fatalf("after %d steps the running score is %+v, a recount gives %+v", step, got, want)
			}
			w.Step(1)
		}
		before := w.Score()
		w.Polish()
		after, want := w.Score(), r.Evaluate(w.Placements()).Score.Cost
		if after != want {
			t.Fatalf("after the exact step the running score is %+v, a recount gives %+v", after, want)
		}
		if 60*before.Hard+before.Soft < 60*after.Hard+after.Soft {
			t.Fatalf("the exact step made %+v of %+v", after, before)
		}
	})
}

// A million steps on a task of real size, recounted now and then.
func TestDeltaEqualsRecountLong(t *testing.T) {
	t.Parallel()
	r, _ := instance.Rotation(instance.Size{People: 120, Units: 8, Blocks: 26, Sites: 12, Visits: 6, Gap: 1, Absent: 15, Chosen: 2, Seed: 5})
	w := rota.NewWalk(r, 5)
	for range 100 {
		w.Step(10_000)
		if got, want := w.Score(), r.Evaluate(w.Placements()).Score.Cost; got != want {
			t.Fatalf("the running score is %+v, a recount gives %+v", got, want)
		}
	}
}

// What Alternatives and Suggest promise has to come true when it is done.
func TestOptionsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := messy(rapid.Uint64().Draw(t, "task"))
		w := rota.NewWalk(r, 1)
		w.Step(rapid.IntRange(0, 50).Draw(t, "steps"))
		plan := w.Placements()
		report := r.Evaluate(plan)
		var options []rota.Option
		for _, v := range report.Violations {
			found := r.Suggest(plan, v)
			if len(found) > 3 {
				t.Fatalf("%d suggestions", len(found))
			}
			for _, o := range found {
				if v.Rule.Hard() && o.Change.Hard >= 0 || !o.Change.Less(rota.Cost{}) {
					t.Fatalf("%s: suggestion makes it %+v", v.Text, o.Change)
				}
			}
			options = append(options, found...)
		}
		if len(plan) > 0 {
			options = append(options, r.Alternatives(plan, rapid.SampledFrom(plan).Draw(t, "cell"))...)
		}
		for _, o := range options {
			checkOption(t, r, plan, report, o)
		}
	})
}

func checkOption(t *rapid.T, r *rota.Rotation, plan []rota.Placement, before *rota.Report, o rota.Option) {
	after, ok := r.Apply(plan, o.Moves)
	if ok == (o.Refused != "") {
		t.Fatalf("%+v: applied %v", o, ok)
	}
	if !ok {
		if !slices.Equal(after, plan) {
			t.Fatal("a refused move changed the plan")
		}
		return
	}
	score := r.Evaluate(after).Score
	want := rota.Cost{Hard: score.Hard - before.Score.Hard, Soft: score.Soft - before.Score.Soft}
	var sum rota.Cost
	for _, reason := range o.Reasons {
		sum.Hard += reason.Change.Hard
		sum.Soft += reason.Change.Soft
	}
	if o.Change != want || sum != want {
		t.Fatalf("%+v promises %+v in reasons of %+v, a recount gives %+v", o.Moves, o.Change, sum, want)
	}
}
