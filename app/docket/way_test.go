package docket_test

import (
	"slices"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

func TestTheUsualWayToAnAgreement(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		if f := w.wantState(r.CaseKey, docket.Applied); f.Case.Holder != docket.HeldByClerk || f.Case.Title != "张三与李四漏水纠纷" {
			t.Fatalf("held by %q, titled %q", f.Case.Holder, f.Case.Title)
		}
		code := w.invite(r.CaseKey)
		w.wantState(r.CaseKey, docket.Inviting)
		view, err := w.InviteByCode(ctx, strings.ToUpper(code), "1.1.1.1")
		w.must(err)
		if !slices.Equal(view.Ranked, []int64{1, 2, 3}) || !slices.Equal(view.Applicants, []string{"张三"}) {
			t.Fatalf("the invited side sees %+v", view)
		}
		w.agree(code, 2, 3)
		f := w.wantState(r.CaseKey, docket.Consented)
		if f.Case.MediatorID != 2 || f.Mediators[0].Method != "chosen" {
			t.Fatalf("mediator %d by %s, want the first of the ranking that the other side approved", f.Case.MediatorID, f.Mediators[0].Method)
		}
		number, err := w.AcceptCase(ctx, clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1})
		w.must(err)
		f = w.wantState(r.CaseKey, docket.Accepted)
		if number != "(2026)演示民调字第001号" || f.Case.DueOn != "2026-12-24" || f.Case.DueRule != "人民调解期限30日" {
			t.Fatalf("number %s, due %s by %s", number, f.Case.DueOn, f.Case.DueRule)
		}
		ses, err := w.Schedule(ctx, clerk(), r.CaseKey, w.plan(48))
		w.must(err)
		if f = w.wantState(r.CaseKey, docket.Scheduled); f.Case.Holder != docket.HeldByMediator {
			t.Fatalf("a date asked for lies with %q", f.Case.Holder)
		}
		w.must(w.AnswerSession(ctx, mediator(2), ses.Key, true, ""))
		begin := func() error {
			return w.d.Write(ctx, func(tx *db.Tx) error {
				_, _, err := w.Begin(ctx, tx, mediator(2), ses.Key)
				return err
			})
		}
		wantFault(t, begin(), fault.Invalid, "a session before the disclosure")
		w.must(w.Disclose(ctx, mediator(2), r.CaseKey, ""))
		w.must(begin())
		w.wantState(r.CaseKey, docket.Mediating)
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := w.Agree(ctx, tx, mediator(2), ses.Key)
			return err
		}))
		f = w.wantState(r.CaseKey, docket.Agreed)
		for _, k := range f.Clocks {
			if k.EndedAt.IsZero() {
				t.Errorf("clock %s still runs in a closed case", k.Step)
			}
		}
		if _, broken, err := w.trail.Verify(ctx, w.d); err != nil || broken != nil {
			t.Errorf("audit trail: %v %v", broken, err)
		}
	})
}

func TestOneSidesRefusalEndsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		code := w.invite(r.CaseKey)
		out, err := w.Respond(ctx, code, "1.1.1.1", docket.AnswerInput{Words: "不想调解"}, w.form())
		w.must(err)
		f := w.wantState(r.CaseKey, docket.Ended)
		if out.State != docket.Ended || f.Case.EndReason != "declined" || f.Case.Remedies == "" {
			t.Fatalf("%s, reason %q, remedies %q", out.State, f.Case.EndReason, f.Case.Remedies)
		}
		var notices int
		w.must(w.d.Get(ctx, &notices, `SELECT COUNT(*) FROM case_notices WHERE case_id = ?`, f.Case.ID))
		if notices != 2 {
			t.Errorf("%d notices of remedies, want one to each side", notices)
		}
		_, err = w.Respond(ctx, code, "1.1.1.1", docket.AnswerInput{Agree: true, Privacy: "x"}, w.form())
		wantFault(t, err, fault.Conflict, "a second answer")
	})
}

func TestAPartyMayStopAtEveryMoment(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r, _ := w.mediating(w.application())
		pass, err := w.PassByCode(ctx, access.Actor{}, r.ApplyNo, r.QueryCode, "1.1.1.1")
		w.must(err)
		w.must(w.Decline(ctx, pass, ""))
		f := w.wantState(r.CaseKey, docket.Ended)
		if f.Sessions[0].Live() {
			t.Error("the date still stands")
		}
		wantFault(t, w.Withdraw(ctx, pass), fault.Conflict, "withdrawing an ended case")

		second := w.accepted(w.application())
		pass, err = w.PassByCode(ctx, access.Actor{}, second.ApplyNo, second.QueryCode, "1.1.1.1")
		w.must(err)
		w.must(w.Withdraw(ctx, pass))
		w.wantState(second.CaseKey, docket.Withdrawn)
	})
}

func TestOneWordReplacesTheMediator(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r, _ := w.mediating(w.application())
		pass, err := w.PassByCode(ctx, access.Actor{}, r.ApplyNo, r.QueryCode, "1.1.1.1")
		w.must(err)
		w.must(w.Replace(ctx, pass, ""))
		f := w.wantState(r.CaseKey, docket.Mediating)
		if f.Case.MediatorID != 2 || f.Mediators[1].Method != "next" || f.Mediators[0].Until.IsZero() {
			t.Fatalf("mediator %d, %+v", f.Case.MediatorID, f.Mediators)
		}
		_, err = w.Page(ctx, mediator(1), r.CaseKey)
		wantFault(t, err, fault.NotFound, "the replaced mediator reads on")
		w.must(w.Replace(ctx, pass, ""))
		w.must(w.Replace(ctx, pass, ""))
		if f = w.page(r.CaseKey); f.Case.MediatorID != 0 || f.Case.Holder != docket.HeldByClerk {
			t.Fatalf("after the whole ranking: mediator %d, holder %s; want the clerk to choose", f.Case.MediatorID, f.Case.Holder)
		}
		w.must(w.Appoint(ctx, clerk(), r.CaseKey, 0, 5, ""))
		if f = w.page(r.CaseKey); f.Mediators[3].Method != "appointed" {
			t.Errorf("appointment by the clerk is logged as %s", f.Mediators[3].Method)
		}
	})
}

func TestSuspensionMovesTheTerm(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		w.must(w.Suspend(ctx, clerk(), r.CaseKey, 0, "等待鉴定"))
		w.wantState(r.CaseKey, docket.Suspended)
		w.clock.Advance(10 * 24 * 60 * 60 * 1e9)
		w.must(w.Resume(ctx, clerk(), r.CaseKey, 0))
		f := w.wantState(r.CaseKey, docket.Accepted)
		if f.Case.DueOn != "2027-01-04" || !f.Case.Provisional { // 12-24 and ten days is Sunday 01-03
			t.Errorf("due %s, provisional %v", f.Case.DueOn, f.Case.Provisional)
		}
	})
}

func TestEndingNeedsReasonAndNotice(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		err := w.EndCase(ctx, clerk(), r.CaseKey, 0, docket.Ending{Reason: "gap"})
		if fault.FieldsOf(err)["remedies"] == "" {
			t.Fatalf("ended without remedies: %v", err)
		}
		err = w.EndCase(ctx, clerk(), r.CaseKey, 0, docket.Ending{Remedies: []string{"court"}})
		if fault.FieldsOf(err)["reason"] == "" {
			t.Fatalf("ended without reason: %v", err)
		}
		// Not even a slip of the program can store it.
		err = w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE cases SET state = 'ended', closed_at = 1, holder = '', holder_due = NULL WHERE key = ?`, r.CaseKey)
			return err
		})
		if err == nil {
			t.Fatal("the database took an ending without reason")
		}
		err = w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE cases SET applied_at = applied_at - 1 WHERE key = ?`, r.CaseKey)
			return err
		})
		if err == nil {
			t.Fatal("the database changed the time of asking")
		}
		w.must(w.EndCase(ctx, clerk(), r.CaseKey, 0, docket.Ending{Reason: "gap", Remedies: []string{"court", "legal_aid"}, How: "oral"}))
		w.wantState(r.CaseKey, docket.Ended)
	})
}
