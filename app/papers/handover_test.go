package papers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers"
)

// replaced gives the case to the other mediator, at one side's word.
func (w table) replaced() docket.Case {
	w.t.Helper()
	ctx := w.t.Context()
	must(0, w.cases.ReplaceFor(ctx, clerk, w.caseKey, w.asking, ""))(w.t)
	c, _, err := w.cases.InScope(ctx, w.d, clerk, w.caseKey)
	must(0, err)(w.t)
	must(0, w.cases.Appoint(ctx, clerk, w.caseKey, c.Version, other.MediatorID, ""))(w.t)
	c, _, err = w.cases.InScope(ctx, w.d, clerk, w.caseKey)
	return must(c, err)(w.t)
}

func TestWhatWasToldAloneGoesOnlyWithTheSidesWord(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		const here, there = "私下能让到三千元", "最多赔五千元"
		note := func(party, text string, version int64) papers.Edit {
			return papers.Edit{Name: "caucus", PartyKey: party, Text: text, Version: version}
		}
		must(w.Save(ctx, her, w.rec.Key, note(w.asking, here, 0)))(t)
		must(w.Save(ctx, her, w.rec.Key, note(w.answered, there, 0)))(t)
		rival := must(w.Save(ctx, her, w.rec.Key, note(w.asking, here+"五百", 0)))(t).Rival
		wantGone(t, w.HandOver(ctx, other, w.session, w.asking, true), "handed over to somebody who doesn't have the case")
		c := w.replaced()
		reads := func() (out []string) {
			t.Helper()
			everything := fmt.Sprintf("%+v %+v", must(w.Work(ctx, other, w.rec.Key))(t), must(w.Handovers(ctx, other, c))(t))
			for _, text := range []string{here, there} {
				if strings.Contains(everything, text) {
					out = append(out, text)
				}
			}
			return out
		}
		if got := reads(); len(got) != 0 {
			t.Errorf("without a word the successor reads %v", got)
		}
		if list := must(w.Handovers(ctx, other, c))(t); len(list) != 2 || list[0].Name == "" || !list[0].At.IsZero() {
			t.Errorf("the successor isn't told whom to ask: %+v", list)
		}
		if keys := must(w.Rivals(ctx, other, w.rec.Key))(t); len(keys) != 0 {
			t.Errorf("the successor settles %v", keys)
		}
		_, err := w.Difference(ctx, other, w.rec.Key, rival)
		wantGone(t, err, "the successor compares two private texts")
		wantGone(t, w.Settle(ctx, other, w.rec.Key, rival, "x", 1), "the successor settles a private text")
		_, err = w.Save(ctx, other, w.rec.Key, note(w.asking, "改写", 1))
		wantGone(t, err, "the successor writes over a private note")
		wantGone(t, w.HandOver(ctx, other, w.session, "nobody", true), "a stranger's word")
		wantGone(t, w.HandOver(ctx, her, w.session, w.asking, true), "the word noted by the former one")
		if list, err := w.Handovers(ctx, clerk, c); err != nil || len(list) != 0 {
			t.Errorf("the clerk reads %+v, %v", list, err)
		}
		for range 2 { // one form sent twice
			must(0, w.HandOver(ctx, other, w.session, w.asking, true))(t)
		}
		if got := reads(); !slices.Equal(got, []string{here}) {
			t.Errorf("with one side's word the successor reads %v", got)
		}
		if list := must(w.Handovers(ctx, other, c))(t); list[0].By != other.Name || list[0].At.IsZero() || len(list[0].Notes) != 1 || list[0].Notes[0].By != her.Name {
			t.Errorf("the word isn't kept with time and person: %+v", list)
		}
		must(0, w.HandOver(ctx, other, w.session, w.asking, false))(t)
		if got := reads(); len(got) != 0 {
			t.Errorf("after the word was taken back the successor reads %v", got)
		}
		rows := 0
		must(0, w.d.Get(ctx, &rows, `SELECT COUNT(*) FROM audit_log WHERE action IN ('record.handover', 'record.handover-back') AND ref = ?`, w.caseKey))(t)
		if rows != 2 {
			t.Errorf("two changes leave %d lines in the trail", rows)
		}
	})
}

func wantGone(t *testing.T, err error, what string) {
	t.Helper()
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("%s: %v", what, err)
	}
}
