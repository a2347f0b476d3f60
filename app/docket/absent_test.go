package docket_test

import (
	"strings"
	"testing"
	"time"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
)

// came notes who of the case came: the applicant, and perhaps the other side.
func (w *world) came(key string, other bool) map[string]bool {
	out := map[string]bool{}
	for _, p := range w.page(key).Parties {
		out[p.Key] = p.Side == docket.SideApplicant || other
	}
	return out
}

func TestWhoDoesNotComeKeepsTheCaseGoing(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r, ses := w.fixed(48)
		in := docket.AbsentInput{Came: w.came(r.CaseKey, false), Words: "打电话没人接"}
		w.clock.Advance(48*time.Hour + 10*time.Minute)
		wantFault(t, w.MarkAbsent(ctx, mediator(1), ses.Key, 0, in), fault.Invalid, "ten minutes after the start")
		w.clock.Advance(5 * time.Minute)
		wantFault(t, w.MarkAbsent(ctx, mediator(2), ses.Key, 0, in), fault.NotFound, "another mediator")
		wantFault(t, w.MarkAbsent(ctx, liaison(liaisonAccount), ses.Key, 0, in), fault.Forbidden, "the liaison")
		err := w.MarkAbsent(ctx, mediator(1), ses.Key, 0, docket.AbsentInput{Came: w.came(r.CaseKey, true)})
		if fault.FieldsOf(err)["came"] == "" {
			t.Fatalf("nobody was missing: %v", err)
		}
		other := w.respondent(r.CaseKey)
		err = w.MarkAbsent(ctx, mediator(1), ses.Key, 0, docket.AbsentInput{})
		if fault.FieldsOf(err)["came-"+other.Key] == "" {
			t.Fatalf("unmarked: %v", err)
		}
		w.must(w.MarkAbsent(ctx, mediator(1), ses.Key, 0, in))
		wantFault(t, w.MarkAbsent(ctx, mediator(1), ses.Key, 0, in), fault.Conflict, "a second time")
		f := w.wantState(r.CaseKey, docket.Accepted)
		if f.Case.Holder != docket.HeldByClerk || f.Case.HolderDue.IsZero() || !f.Sessions[0].Missed() {
			t.Fatalf("held by %s, session %s", f.Case.Holder, f.Sessions[0].StateLabel())
		}
		if other = w.respondent(r.CaseKey); other.Absences != 1 || f.Parties[0].Absences != 0 {
			t.Fatalf("absences %d and %d", other.Absences, f.Parties[0].Absences)
		}
		missed := w.messages(r.CaseKey, "13800000002")
		if len(missed) == 0 || !strings.Contains(missed[0].Body, "您没有到场") || !strings.Contains(missed[0].Body, "由您决定") {
			t.Fatalf("who stayed away reads %+v", missed)
		}
		if here := w.messages(r.CaseKey, "13800000001"); strings.Contains(here[0].Body, "您没有到场") {
			t.Fatalf("who came reads %s", here[0].Body)
		}

		// The room and the people are free again; a second time counts, and nothing ends by itself.
		next, err := w.Schedule(ctx, clerk(), r.CaseKey, w.plan(24))
		w.must(err)
		w.must(w.AnswerSession(ctx, mediator(1), next.Key, true, ""))
		w.clock.Advance(24*time.Hour + docket.AbsentAfter)
		w.must(w.MarkAbsent(ctx, clerk(), next.Key, 0, docket.AbsentInput{Came: w.came(r.CaseKey, false)}))
		if w.respondent(r.CaseKey).Absences != docket.AbsencesToTalk {
			t.Fatal("the second time is not counted")
		}
		w.wantState(r.CaseKey, docket.Accepted)
	})
}

func TestAMissedDateMayEndOnlyLawfully(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r, ses := w.fixed(48)
		w.clock.Advance(48*time.Hour + docket.AbsentAfter)
		in := docket.AbsentInput{Came: w.came(r.CaseKey, false), End: true, Ending: docket.Ending{Reason: "absent", Remedies: []string{"court"}}}
		if err := w.MarkAbsent(ctx, mediator(1), ses.Key, 0, in); fault.FieldsOf(err)["reason"] == "" {
			t.Fatalf("staying away is no lawful reason: %v", err)
		}
		in.Ending = docket.Ending{Reason: "unreachable"}
		if err := w.MarkAbsent(ctx, mediator(1), ses.Key, 0, in); fault.FieldsOf(err)["remedies"] == "" {
			t.Fatalf("ended without the notice: %v", err)
		}
		in.Ending.Remedies = []string{"court", "legal_aid"}
		w.must(w.MarkAbsent(ctx, mediator(1), ses.Key, 0, in))
		f := w.wantState(r.CaseKey, docket.Ended)
		var notices int
		w.must(w.d.Get(ctx, &notices, `SELECT COUNT(*) FROM case_notices WHERE case_id = ?`, f.Case.ID))
		if notices != 2 || f.Case.EndReason != "unreachable" {
			t.Fatalf("%d notices, reason %s", notices, f.Case.EndReason)
		}
		var missed int
		w.must(w.d.Get(ctx, &missed, `SELECT COUNT(*) FROM case_attendance WHERE NOT came AND waited_min = 15`))
		if missed != 1 {
			t.Fatalf("%d absences on record", missed)
		}
	})
}
