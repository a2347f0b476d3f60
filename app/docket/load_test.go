package docket_test

import (
	"strings"
	"testing"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// capped sets the most open cases of a mediator.
func (w *world) capped(mediator int64, most int) {
	w.t.Helper()
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), `UPDATE mediators SET load_cap = ? WHERE id = ?`, most, mediator)
		return err
	}))
}

func TestAMediatorAtTheCapIsChosenByNobody(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		w.capped(1, 2)
		first := w.accepted(w.strangers(w.application()))
		before := w.apply(w.strangers(w.application())) // chosen while there was room
		w.accepted(w.strangers(w.application()))
		if open, err := w.OpenByMediator(ctx); err != nil || open[1] != 2 {
			t.Fatalf("%d open cases, %v", open[1], err)
		}
		late := w.strangers(w.application())
		_, err := w.Apply(ctx, clerk(), late, w.form())
		if got, want := fault.FieldsOf(err)["mediators"], "手上的案件近期已满，请另选一位，或请街道安排"; !strings.HasSuffix(got, want) {
			t.Errorf("chosen at the cap: %v", err)
		}
		wantFault(t, w.CheckApplication(ctx, late), fault.Invalid, "the form's own look")
		code := w.invite(before.CaseKey)
		_, err = w.Respond(ctx, code, "1.1.1.1", docket.AnswerInput{Agree: true, Name: 1, Privacy: "2026-11"}, w.form())
		if fault.FieldsOf(err)["mediators"] == "" {
			t.Errorf("named at the cap: %v", err)
		}
		w.agree(code, 1) // what was chosen in time stays
		if f := w.page(before.CaseKey); f.Case.MediatorID != 1 {
			t.Errorf("the choice made in time is lost: mediator %d", f.Case.MediatorID)
		}
		// A case that ends makes room, and a cap of 0 is none.
		w.capped(1, 3)
		w.must(w.EndCase(ctx, clerk(), first.CaseKey, 0, docket.Ending{Reason: docket.EndReasons[0].Code, Remedies: []string{docket.Remedies[0].Code}, How: "oral"}))
		w.apply(w.strangers(w.application()))
		w.capped(1, 0)
		w.apply(w.strangers(w.application()))
	})
}

func TestOnlyAReasonAppointsOverTheCap(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		w.capped(1, 1)
		w.accepted(w.strangers(w.application()))
		appoint := func(over string) error {
			a := w.strangers(w.application())
			a.Mediators, a.AskStreet = nil, true
			r := w.apply(a)
			w.agree(w.invite(r.CaseKey))
			_, err := w.AcceptCase(ctx, clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1, RoomID: w.room, MediatorID: 1, Over: over})
			if err != nil {
				if f := w.page(r.CaseKey); f.Case.MediatorID != 0 || f.Case.Number != nil {
					t.Errorf("refused, and the case has mediator %d and number %v", f.Case.MediatorID, f.Case.Number)
				}
				_, accepted := w.AcceptCase(ctx, clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1, RoomID: w.room})
				w.must(accepted)
				return w.Appoint(ctx, clerk(), r.CaseKey, 0, 1, over)
			}
			told := false
			for _, e := range w.page(r.CaseKey).Events {
				told = told || !e.Public && strings.Contains(e.Words, over)
			}
			if !told {
				t.Errorf("the reason is nowhere on record: %+v", w.page(r.CaseKey).Events)
			}
			return nil
		}
		if err := appoint(""); !strings.Contains(fault.FieldsOf(err)["over"], "在办 1 件，已到上限 1 件") {
			t.Errorf("without a reason: %v", err)
		}
		if err := appoint(strings.Repeat("长", 201)); fault.FieldsOf(err)["over"] == "" {
			t.Errorf("with too long a reason: %v", err)
		}
		w.must(appoint("双方都只认这位调解员"))
		if open, err := w.OpenByMediator(ctx); err != nil || open[1] != 2 {
			t.Errorf("%d open cases, %v", open[1], err)
		}
	})
}
