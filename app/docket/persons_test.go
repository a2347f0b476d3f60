package docket_test

import (
	"errors"
	"sync"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
)

// second is a request by others before mediator 2, in which one person may be the first case's too.
func (w *world) second(change func(a *docket.Application)) string {
	w.t.Helper()
	a := w.application()
	a.Mediators = []int64{2}
	a.Slots = nil
	a.Parties[0].Name, a.Parties[0].Facts = "孙八", docket.PartyFacts{Phone: "13800000021", Address: "演示路9号"}
	a.Parties[1].Name, a.Parties[1].Facts = "周九", docket.PartyFacts{Phone: "13800000022"}
	if change != nil {
		change(&a)
	}
	r := w.apply(a)
	w.agree(w.invite(r.CaseKey), a.Mediators...)
	_, err := w.AcceptCase(w.t.Context(), clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1})
	w.must(err)
	return r.CaseKey
}

func elsewhere(p docket.Plan) docket.Plan {
	p.RoomID = 0
	return p
}

func TestAPersonInTwoCasesIsBusy(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		first := w.accepted(w.application())
		plan := w.plan(48)
		_, err := w.Schedule(ctx, clerk(), first.CaseKey, plan)
		w.must(err)

		// 李四 again, by phone alone and under another name.
		again := w.second(func(a *docket.Application) { a.Parties[1].Facts.Phone = "138-0000-0002" })
		_, err = w.Schedule(ctx, clerk(), again, elsewhere(plan))
		if fault.FieldsOf(err)["together"] == "" {
			t.Fatalf("the same phone was called to two places: %v", err)
		}
		found, err := w.CommonSlots(ctx, clerk(), again, docket.Search{From: plan.Start, To: plan.End.Add(aDay / 12), Limit: 40})
		w.must(err)
		for _, sl := range found.Slots {
			if sl.Start.Before(plan.End) {
				t.Fatalf("a time is offered at which the party is elsewhere: %v", sl)
			}
		}
		if len(found.Slots) == 0 {
			t.Fatalf("no time after the other session: %s", found.Why)
		}
		busy, err := w.BusyTimes(ctx, clerk(), again, plan.Start, plan.End)
		if w.must(err); len(busy) != 1 || busy[0].CaseKey != first.CaseKey || !busy[0].Start.Equal(plan.Start) {
			t.Fatalf("the clerk sees %+v", busy)
		}
		if busy, err = w.BusyTimes(ctx, mediator(2), again, plan.Start, plan.End); err != nil || len(busy) != 1 || busy[0].CaseKey != "" || busy[0].No != "" {
			t.Fatalf("a mediator learns of another one's case: %+v %v", busy, err)
		}
		override := elsewhere(plan)
		override.Together = "当事人自己要求，两场在同一间"
		_, err = w.Schedule(ctx, clerk(), again, override)
		w.must(err)

		// A third case of the same person meets either of them, also where only the second is left of it.
		third := w.second(func(a *docket.Application) { a.Parties[0].Facts.Phone, a.Mediators = "13800000002", []int64{3} })
		_, err = w.Schedule(ctx, clerk(), third, elsewhere(plan))
		if fault.FieldsOf(err)["together"] == "" {
			t.Fatalf("a third date at the same time: %v", err)
		}
	})
}

func TestAPersonIsKnownByIdentityNumberAndAsAgent(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		const idno = "440307199001011234"
		no := idno[:17] + checkDigit(idno[:17])
		a := w.application()
		a.Parties[1].Facts.IDNo = no
		first := w.accepted(a)
		plan := w.plan(48)
		ses, err := w.Schedule(ctx, clerk(), first.CaseKey, plan)
		w.must(err)
		byID := w.second(func(a *docket.Application) { a.Parties[1].Facts.IDNo = no })
		_, err = w.Schedule(ctx, clerk(), byID, elsewhere(plan))
		if fault.FieldsOf(err)["together"] == "" {
			t.Fatalf("one identity number was called to two places: %v", err)
		}
		// Who acts for a party elsewhere is as busy as the party.
		w.must(w.AddAgent(ctx, clerk(), first.CaseKey, w.respondent(first.CaseKey).Key, agent(), w.form()))
		asAgent := w.second(func(a *docket.Application) { a.Parties[0].Facts.Phone = "13800000009" })
		_, err = w.Schedule(ctx, clerk(), asAgent, elsewhere(plan))
		if fault.FieldsOf(err)["together"] == "" {
			t.Fatalf("an agent was called to two places: %v", err)
		}
		// Free again once the other date moves away.
		w.must(w.CancelSession(ctx, clerk(), ses.Key, 0, "改天"))
		_, err = w.Schedule(ctx, clerk(), asAgent, elsewhere(plan))
		w.must(err)
	})
}

// A corrected phone makes the person known in a date that stands already.
func TestACorrectedPhoneIsBookedToo(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		first := w.accepted(w.application())
		plan := w.plan(48)
		_, err := w.Schedule(ctx, clerk(), first.CaseKey, plan)
		w.must(err)
		p := w.respondent(first.CaseKey)
		w.must(w.ChangeParty(ctx, clerk(), first.CaseKey, p.Key, docket.PartyChange{Phone: "13800000022", Reason: "来电更正", Version: p.Version}))
		other := w.second(nil) // 周九 has that phone
		_, err = w.Schedule(ctx, clerk(), other, elsewhere(plan))
		if fault.FieldsOf(err)["together"] == "" {
			t.Fatalf("the corrected phone is not busy: %v", err)
		}
	})
}

// Two clerks book two cases of one person at the same instant: the calendar itself lets one through.
func TestTwoClerksAtOnceCantCallOnePersonTwice(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		first := w.accepted(w.application()).CaseKey
		other := w.second(func(a *docket.Application) { a.Parties[1].Facts.Phone = "13800000002" })
		plan := elsewhere(w.plan(48))
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, key := range []string{first, other} {
			wg.Go(func() {
				_, errs[i] = w.Schedule(ctx, access.Actor{AccountID: int64(i + 1), Roles: []access.Role{access.Clerk}}, key, plan)
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("want one date and one refusal: %v", errors.Join(errs...))
		}
		for _, err := range errs {
			if err != nil && !fault.Is(err, fault.Conflict) && fault.FieldsOf(err)["together"] == "" {
				t.Fatalf("refused by %v", err)
			}
		}
	})
}

// checkDigit completes an identity number (GB 11643).
func checkDigit(first17 string) string {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(first17[i]-'0') * w
	}
	return string("10X98765432"[sum%11])
}
