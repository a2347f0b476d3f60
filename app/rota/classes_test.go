package rota_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/rota"
	"tiaojie/app/rota/instance"

	"pgregory.net/rapid"
)

// smallClasses makes a class of up to 5 people and 3 batches, with caps tight enough to bind.
func smallClasses(seed uint64) *rota.Classes {
	rng := rand.New(rand.NewPCG(seed, 1))
	c := &rota.Classes{Title: "示例班", Weights: rota.Weights{Min: rng.IntN(30), Load: rng.IntN(6), Move: rng.IntN(5)}}
	for b := range 1 + rng.IntN(3) {
		n := rng.IntN(4)
		c.Batches = append(c.Batches, rota.Batch{Name: fmt.Sprintf("第 %d 期", b+1),
			Seats: rota.Seats{Min: rng.IntN(n + 1), Target: rng.IntN(3), Max: n}})
	}
	for u := range 2 {
		c.Units = append(c.Units, rota.Unit{Name: fmt.Sprintf("示例单位%d", u+1), MaxAway: rng.IntN(3)})
	}
	for i := range rng.IntN(6) {
		p := rota.Trainee{Name: fmt.Sprintf("学员%d", i+1), Unit: rng.IntN(3) - 1, Weight: rng.IntN(3)}
		for b := range c.Batches {
			if rng.IntN(4) > 0 {
				p.Choices = append(p.Choices, rota.Choice{Batch: b, Rank: rng.IntN(6)})
			}
		}
		c.People = append(c.People, p)
		if rng.IntN(3) == 0 {
			c.Base = append(c.Base, rota.Seat{Person: i, Batch: rng.IntN(len(c.Batches))})
		}
	}
	return c
}

// bruteForce tries every way to seat or leave out each person and gives the best: fewest left out, then
// cheapest, no hard rule broken.
func bruteForce(c *rota.Classes) (left, cost int) {
	r := c.Rotation()
	left, cost = len(c.People)+1, 0
	var seats []rota.Seat
	var try func(i int)
	try = func(i int) {
		if i == len(c.People) {
			score := r.Evaluate(c.Placements(seats)).Score
			out := len(c.People) - len(seats)
			if score.Hard == out && (out < left || out == left && score.Soft < cost) {
				left, cost = out, score.Soft
			}
			return
		}
		try(i + 1)
		for b := range c.Batches {
			seats = append(seats, rota.Seat{Person: i, Batch: b})
			try(i + 1)
			seats = seats[:len(seats)-1]
		}
	}
	try(0)
	return left, cost
}

func TestClassesAreOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := smallClasses(rapid.Uint64().Draw(t, "task"))
		plan, err := c.Solve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		left, cost := bruteForce(c)
		if len(plan.Unplaced) != left || plan.Report.Score.Soft != cost {
			t.Fatalf("flow leaves %d out at %d, the best is %d at %d", len(plan.Unplaced), plan.Report.Score.Soft, left, cost)
		}
		if plan.Report.Score.Hard != left {
			t.Fatalf("hard rules are broken: %+v", plan.Report.Violations)
		}
		checkShortages(t, c, plan)
	})
}

// checkShortages proves every shortage by hand: its people can go nowhere but to its batches and through
// its unit caps, and those have Have places in all; together they account for everybody who is left out.
func checkShortages(t *rapid.T, c *rota.Classes, plan *rota.ClassPlan) {
	missing := 0
	for _, x := range plan.Shortages {
		missing += x.Need - x.Have
		have := 0
		for _, b := range x.Blocks {
			have += c.Batches[b].Seats.Max
		}
		for _, u := range x.Units {
			have += c.Units[u.Unit].MaxAway
		}
		if x.Have != have || x.Need != len(x.People) || x.Have >= x.Need {
			t.Fatalf("%+v: counted %d places", x, have)
		}
		for _, i := range x.People {
			for _, choice := range c.People[i].Choices {
				held := slices.ContainsFunc(x.Units, func(u rota.UnitBlock) bool {
					return u.Unit == c.People[i].Unit && u.Block == choice.Batch
				})
				if !slices.Contains(x.Blocks, choice.Batch) && !held && c.Batches[choice.Batch].Seats.Max > 0 {
					t.Fatalf("%+v: person %d could go to batch %d", x, i, choice.Batch)
				}
			}
		}
	}
	if missing != len(plan.Unplaced) {
		t.Fatalf("%d left out, shortages explain %d", len(plan.Unplaced), missing)
	}
}

func TestClassesFillExactly(t *testing.T) {
	size := instance.ClassSize{People: 200, Units: 8, Batches: 9, Seed: 3}
	c, planted := instance.Classes(size)
	if score := c.Rotation().Evaluate(c.Placements(planted)).Score; score.Hard != 0 {
		t.Fatalf("the planted plan breaks rules: %+v", score)
	}
	plan, err := c.Solve(context.Background())
	if err != nil || len(plan.Unplaced) != 0 || plan.Report.Score.Hard != 0 {
		t.Fatalf("demand = capacity: %v, %d left out, %+v", err, len(plan.Unplaced), plan.Report.Score)
	}
	again, _ := c.Solve(context.Background())
	if !slices.Equal(plan.Seats, again.Seats) {
		t.Fatal("the same task gave two plans")
	}
}

// fourteen can only go to two batches with nine seats between them; twenty others are not concerned.
func fourteen() *rota.Classes {
	c := &rota.Classes{Title: "岗前班"}
	for b, seats := range []int{20, 20, 4, 20, 5} {
		c.Batches = append(c.Batches, rota.Batch{Name: fmt.Sprintf("第 %d 期", b+1), Seats: rota.Seats{Max: seats}})
	}
	for i := range 34 {
		p := rota.Trainee{Name: fmt.Sprintf("学员%02d", i+1), Unit: -1}
		for b := range c.Batches {
			if i >= 14 || b == 2 || b == 4 {
				p.Choices = append(p.Choices, rota.Choice{Batch: b})
			}
		}
		c.People = append(c.People, p)
	}
	return c
}

func TestShortageNamesTheRightPeople(t *testing.T) {
	c := fourteen()
	plan, err := c.Solve(context.Background())
	if err != nil || len(plan.Shortages) != 1 {
		t.Fatal(err, plan.Shortages)
	}
	x := plan.Shortages[0]
	first := make([]int, 14)
	for i := range first {
		first[i] = i
	}
	if !slices.Equal(x.People, first) || !slices.Equal(x.Blocks, []int{2, 4}) || x.Need != 14 || x.Have != 9 {
		t.Fatalf("%+v", x)
	}
	for _, part := range []string{"学员01、学员02、学员03、学员04等 14 人", "第 3 期、第 5 期共剩 9 个名额", "差 5 个", "第 3 期增加 5 个名额"} {
		if !strings.Contains(x.Text, part) {
			t.Errorf("%q does not say %q", x.Text, part)
		}
	}
	for _, f := range x.Fixes {
		wider := fourteen()
		wider.Batches[f.Block].Seats.Max += f.Amount
		plan, _ := wider.Solve(context.Background())
		if 5-len(plan.Unplaced) != f.Helps {
			t.Errorf("%s helps %d, promised %d", f.Text, 5-len(plan.Unplaced), f.Helps)
		}
	}
}

func TestShortageNamesTheUnit(t *testing.T) {
	c := &rota.Classes{Title: "岗前班", Units: []rota.Unit{{Name: "示例综治办", MaxAway: 3}, {Name: "示例司法所"}}}
	for b := range 2 {
		c.Batches = append(c.Batches, rota.Batch{Name: fmt.Sprintf("第 %d 期", b+1), Seats: rota.Seats{Max: 30}})
	}
	for i := range 16 {
		c.People = append(c.People, rota.Trainee{Name: fmt.Sprintf("学员%02d", i+1), Unit: i / 8,
			Choices: []rota.Choice{{Batch: 0}, {Batch: 1}}})
	}
	plan, err := c.Solve(context.Background())
	if err != nil || len(plan.Unplaced) != 2 || len(plan.Shortages) != 1 {
		t.Fatal(err, plan.Unplaced, plan.Shortages)
	}
	x := plan.Shortages[0]
	if x.Need != 8 || x.Have != 6 || len(x.Blocks) != 0 || len(x.Fixes) != 1 || x.Fixes[0].Helps != 2 {
		t.Fatalf("%+v", x)
	}
	if want := "把示例综治办同期外出上限由 3 人放宽到 4 人"; x.Fixes[0].Text != want {
		t.Errorf("fix is %q, want %q", x.Fixes[0].Text, want)
	}
}

func TestClassesEdges(t *testing.T) {
	all := []rota.Choice{{Batch: 0}, {Batch: 1}}
	two := []rota.Batch{{Name: "第 1 期", Seats: rota.Seats{Max: 1}}, {Name: "第 2 期", Seats: rota.Seats{Max: 1}}}
	person := rota.Trainee{Name: "学员", Unit: -1, Choices: all}
	for _, c := range []struct {
		name     string
		task     rota.Classes
		seats    string
		unplaced int
		hard     int
	}{
		{"nobody", rota.Classes{Batches: two}, `null`, 0, 0},
		{"no batch", rota.Classes{People: []rota.Trainee{{Name: "学员", Unit: -1}}}, `null`, 1, 1},
		{"nothing suits", rota.Classes{Batches: two, People: []rota.Trainee{{Name: "学员", Unit: -1}}}, `null`, 1, 1},
		{"all locked stay as they are", rota.Classes{Batches: two, People: []rota.Trainee{person, person},
			Fixed: []rota.Seat{{Person: 0, Batch: 1}, {Person: 1, Batch: 0}}},
			`[{"Person":0,"Batch":1},{"Person":1,"Batch":0}]`, 0, 0},
		{"locks over capacity stay and are reported", rota.Classes{Batches: two, People: []rota.Trainee{person, person, person},
			Fixed: []rota.Seat{{Person: 0, Batch: 1}, {Person: 1, Batch: 1}}},
			`[{"Person":0,"Batch":1},{"Person":1,"Batch":1},{"Person":2,"Batch":0}]`, 0, 1},
		{"past batches take nobody new and lose nobody", rota.Classes{Batches: two, Past: 1, People: []rota.Trainee{person, person, person},
			Base: []rota.Seat{{Person: 2, Batch: 0}}}, `[{"Person":0,"Batch":1},{"Person":2,"Batch":0}]`, 1, 1},
		{"a unit of one person can send that person", rota.Classes{Batches: two, Units: []rota.Unit{{Name: "示例单位", MaxAway: rota.AwayCap(1, 30)}},
			People: []rota.Trainee{{Name: "学员", Choices: all[1:]}}}, `[{"Person":0,"Batch":1}]`, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, err := c.task.Solve(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			seats, _ := json.Marshal(plan.Seats)
			if string(seats) != c.seats || len(plan.Unplaced) != c.unplaced || plan.Report.Score.Hard != c.hard {
				t.Errorf("seats %s, %d left out, %d hard: %+v", seats, len(plan.Unplaced), plan.Report.Score.Hard, plan.Report.Violations)
			}
		})
	}
}

func TestClassesStopped(t *testing.T) {
	c, _ := instance.Classes(instance.ClassSize{People: 50, Units: 3, Batches: 4, Slack: 10, Seed: 1})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	plan, err := c.Solve(ctx)
	if err != nil || plan.Complete || len(plan.Unplaced) != 50 {
		t.Fatalf("%v, complete %v, %d left out", err, plan.Complete, len(plan.Unplaced))
	}
}

func TestAwayCap(t *testing.T) {
	for _, c := range [][3]int{{1, 30, 1}, {10, 30, 3}, {11, 30, 4}, {100, 5, 5}, {3, 100, 3}} {
		if got := rota.AwayCap(c[0], c[1]); got != c[2] {
			t.Errorf("%d%% of %d is %d, want %d", c[1], c[0], got, c[2])
		}
	}
}
