package docket_test

import (
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// run lets the time pass and the clocks run, twice: the second run must find nothing.
func (w *world) run(d time.Duration) int {
	w.t.Helper()
	w.clock.Advance(d)
	n, err := w.RunClocks(w.t.Context())
	w.must(err)
	again, err := w.RunClocks(w.t.Context())
	if w.must(err); again != 0 {
		w.t.Fatalf("the clocks ran %d more a second time", again)
	}
	return n
}

const aDay = 24 * time.Hour

func TestSilenceReachesTheClerk(t *testing.T) {
	each(t, func(w *world) {
		r := w.apply(w.application())
		w.invite(r.CaseKey) // Tuesday; three working days end on Friday
		if n := w.run(3*aDay + 13*time.Hour); n != 0 {
			t.Fatalf("%d clocks ran before their time", n)
		}
		if f := w.page(r.CaseKey); f.Case.Holder != docket.HeldByParty {
			t.Fatalf("held by %s before the answer is due", f.Case.Holder)
		}
		if n := w.run(aDay); n != 1 {
			t.Fatalf("%d clocks ran", n)
		}
		if f := w.wantState(r.CaseKey, docket.Inviting); f.Case.Holder != docket.HeldByClerk {
			t.Fatalf("silence leaves the case with %s", f.Case.Holder)
		}
	})
}

func TestDeadlockReachesTheClerk(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		_, err := w.Respond(ctx, w.invite(r.CaseKey), "1.1.1.1", docket.AnswerInput{Agree: true, Name: 5, Privacy: "x"}, w.form())
		w.must(err)
		f := w.wantState(r.CaseKey, docket.Consented)
		if f.Case.Holder != docket.HeldByParty || f.Case.MediatorID != 0 {
			t.Fatalf("held by %s, mediator %d; want the parties to choose", f.Case.Holder, f.Case.MediatorID)
		}
		w.run(3 * aDay)
		if f = w.page(r.CaseKey); f.Case.Holder != docket.HeldByClerk {
			t.Fatalf("deadlock leaves the case with %s", f.Case.Holder)
		}

		second := w.apply(w.application())
		_, err = w.Respond(ctx, w.invite(second.CaseKey), "1.1.1.1", docket.AnswerInput{Agree: true, Name: 5, Privacy: "x"}, w.form())
		w.must(err)
		pass, err := w.PassByCode(ctx, clerk(), second.ApplyNo, second.QueryCode, "1.1.1.1")
		w.must(err)
		w.must(w.Choose(ctx, pass, 5))
		if f = w.page(second.CaseKey); f.Case.MediatorID != 5 || f.Mediators[0].Method != "chosen" {
			t.Fatalf("mediator %d", f.Case.MediatorID)
		}
	})
}

func TestASilentMediatorPassesTheCaseOn(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		first, err := w.Schedule(ctx, clerk(), r.CaseKey, w.plan(96))
		w.must(err)
		w.run(25 * time.Hour)
		f := w.wantState(r.CaseKey, docket.Scheduled)
		if f.Case.MediatorID != 2 || len(f.Sessions) != 2 || f.Sessions[0].MediatorAnswer != "silent" || f.Sessions[1].State != "asked" {
			t.Fatalf("mediator %d, sessions %+v", f.Case.MediatorID, f.Sessions)
		}
		if !f.Sessions[1].StartsAt.Equal(first.StartsAt.Time) {
			t.Error("the next mediator was not asked for the same time")
		}
		// The second declines by word; the third is busy at that time and is appointed without a date.
		other := w.strangers(w.application())
		other.Mediators = []int64{3}
		busy := w.apply(other)
		w.agree(w.invite(busy.CaseKey), 3)
		_, err = w.AcceptCase(ctx, clerk(), busy.CaseKey, docket.Acceptance{CommitteeID: 1})
		w.must(err)
		taken := docket.Plan{Start: first.StartsAt.Time, End: first.EndsAt.Time}
		_, err = w.Schedule(ctx, clerk(), busy.CaseKey, taken)
		w.must(err)
		w.must(w.AnswerSession(ctx, mediator(2), f.Sessions[1].Key, false, "外出"))
		f = w.wantState(r.CaseKey, docket.Accepted)
		if f.Case.MediatorID != 3 || f.Case.Holder != docket.HeldByClerk {
			t.Fatalf("mediator %d, held by %s", f.Case.MediatorID, f.Case.Holder)
		}
		wantFault(t, w.AnswerSession(ctx, mediator(1), first.Key, true, ""), fault.NotFound, "the first answers late")
	})
}

func TestTheTermEndsTheCase(t *testing.T) {
	each(t, func(w *world) {
		r, _ := w.mediating(w.application())
		w.run(31 * aDay)
		f := w.wantState(r.CaseKey, docket.Ended)
		if f.Case.EndReason != "expired" || f.Case.Remedies == "" {
			t.Fatalf("ended by %q, remedies %q (深圳条例25, 人民调解法26)", f.Case.EndReason, f.Case.Remedies)
		}
		// What a clock once said stays.
		err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE case_clocks SET due_on = '2030-01-01' WHERE case_id = ?`, f.Case.ID)
			return err
		})
		if err == nil {
			t.Error("an ended clock was rewritten")
		}
	})
}

func TestANewNoticeRecountsRunningClocks(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		w.clock.Set(time.Date(2026, 12, 8, 2, 0, 0, 0, time.UTC))
		r := w.accepted(w.application()) // thirty days end on 2027-01-07, a year without its notice
		f := w.page(r.CaseKey)
		if f.Case.DueOn != "2027-01-07" || !f.Case.Provisional {
			t.Fatalf("due %s, provisional %v", f.Case.DueOn, f.Case.Provisional)
		}
		sys := access.Actor{AccountID: 9, Roles: []access.Role{access.SysAdmin}}
		_, err := w.cal.EnterNotice(ctx, sys, 2027, "演示通知", "2027-01-01..2027-01-08,休,元旦")
		w.must(err)
		moved, err := w.RecountClocks(ctx)
		if w.must(err); moved == 0 {
			t.Fatal("no clock moved")
		}
		if f = w.page(r.CaseKey); f.Case.DueOn != "2027-01-11" || f.Case.Provisional {
			t.Errorf("due %s, provisional %v", f.Case.DueOn, f.Case.Provisional)
		}
		var old string
		w.must(w.d.Get(ctx, &old, `SELECT x.old_due FROM case_clock_changes x JOIN case_clocks k ON k.id = x.clock_id WHERE k.step = 'term'`))
		if old != "2027-01-07" {
			t.Errorf("history keeps %s", old)
		}
		if moved, _ = w.RecountClocks(ctx); moved != 0 {
			t.Error("a second count moved clocks again")
		}
	})
}

func TestALiaisonTakesTheDateToo(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		a := w.application()
		a.NeedsLiaison, a.Parties[1].Agrees = true, true
		r, err := w.Register(ctx, clerk(), a, w.form())
		w.must(err)
		_, err = w.AcceptCase(ctx, clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1, MediatorID: 1})
		w.must(err)
		plan := w.plan(48)
		_, err = w.Schedule(ctx, clerk(), r.CaseKey, plan)
		if fault.FieldsOf(err)["liaison"] == "" {
			t.Fatalf("a date without the liaison that the case needs: %v", err)
		}
		_, err = w.Page(ctx, liaison(liaisonAccount), r.CaseKey)
		wantFault(t, err, fault.NotFound, "a liaison reads a case that isn't booked at an own slot")
		plan.LiaisonID = liaisonAccount
		ses, err := w.Schedule(ctx, clerk(), r.CaseKey, plan)
		w.must(err)
		w.must(w.AnswerSession(ctx, mediator(1), ses.Key, true, ""))
		if f := w.page(r.CaseKey); f.Case.Holder != docket.HeldByLiaison || f.Sessions[0].State != "asked" {
			t.Fatalf("held by %s, date %s", f.Case.Holder, f.Sessions[0].State)
		}
		w.must(w.AnswerSession(ctx, liaison(liaisonAccount), ses.Key, true, ""))
		f := w.page(r.CaseKey)
		if f.Sessions[0].State != "fixed" {
			t.Fatalf("date is %s", f.Sessions[0].State)
		}
		// Another time: the same booking, asked anew.
		moved := w.plan(72)
		moved.LiaisonID = liaisonAccount
		w.must(w.Reschedule(ctx, clerk(), ses.Key, f.Sessions[0].Version, moved))
		g := w.page(r.CaseKey)
		if g.Sessions[0].BookingID != f.Sessions[0].BookingID || g.Sessions[0].Sequence != 1 || g.Sessions[0].State != "asked" {
			t.Fatalf("after moving: %+v", g.Sessions[0])
		}
		w.run(49 * time.Hour) // neither answers; the mediator has 24 hours, so the case passes on or to the clerk
		if g = w.page(r.CaseKey); g.Case.Holder == docket.HeldByLiaison {
			t.Error("an unanswered date still lies with the liaison")
		}
	})
}
