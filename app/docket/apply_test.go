package docket_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/seal"
)

func TestOneFormMakesOneCase(t *testing.T) {
	each(t, func(w *world) {
		form, a := w.form(), w.application()
		receipts := make([]docket.Receipt, 5)
		var wg sync.WaitGroup
		for i := range receipts {
			wg.Go(func() {
				var err error
				if receipts[i], err = w.Apply(t.Context(), access.Actor{}, a, form); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, r := range receipts[1:] {
			if r.ApplyNo != receipts[0].ApplyNo || r.QueryCode != receipts[0].QueryCode {
				t.Fatalf("the repeated form got another receipt: %+v", r)
			}
		}
		counts, err := w.Counts(t.Context(), w.d, docket.ScopeAll, "")
		if w.must(err); counts[docket.Applied] != 1 {
			t.Fatalf("%d cases", counts[docket.Applied])
		}
		again, err := w.ReceiptOf(t.Context(), receipts[0].ApplyNo, form)
		if w.must(err); again.QueryCode != receipts[0].QueryCode {
			t.Error("the form can't have its receipt again")
		}
		_, err = w.ReceiptOf(t.Context(), receipts[0].ApplyNo, form+"x")
		wantFault(t, err, fault.NotFound, "another form's receipt")
		w.clock.Advance(25 * 60 * 60 * 1e9)
		_, err = w.ReceiptOf(t.Context(), receipts[0].ApplyNo, form)
		wantFault(t, err, fault.NotFound, "a receipt after its day")
	})
}

func TestARefusedFormNamesItsFields(t *testing.T) {
	each(t, func(w *world) {
		for field, spoil := range map[string]func(*docket.Application){
			"type":        func(a *docket.Application) { a.TypeCode = "none" },
			"words":       func(a *docket.Application) { a.Words = "  " },
			"photos":      func(a *docket.Application) { a.Photos = make([]string, 10) },
			"me_name":     func(a *docket.Application) { a.Parties[0].Name = "" },
			"me_phone":    func(a *docket.Application) { a.Parties[0].Facts.Phone = "12" },
			"me_idno":     func(a *docket.Application) { a.Parties[0].Facts.IDNo = "110105194912310021" },
			"other_name":  func(a *docket.Application) { a.Parties[1].Name = "" },
			"other_phone": func(a *docket.Application) { a.Parties[1].Facts.Phone = "12345" },
			"mediators":   func(a *docket.Application) { a.Mediators = []int64{6} },
			"slots":       func(a *docket.Application) { a.Slots[0].End = a.Slots[0].Start },
			"privacy":     func(a *docket.Application) { a.Privacy = "" },
		} {
			a := w.application()
			spoil(&a)
			_, err := w.Apply(t.Context(), access.Actor{}, a, w.form())
			if fault.FieldsOf(err)[field] == "" {
				t.Errorf("%s: %v", field, fault.FieldsOf(err))
			}
		}
		a := w.application()
		a.Parties[1] = docket.PartyInput{Side: docket.SideRespondent, Unknown: true}
		w.apply(a) // 不清楚 is allowed
	})
}

func TestAnApplicantCannotConsentForTheOtherSide(t *testing.T) {
	each(t, func(w *world) {
		a := w.application()
		a.Parties[1].Agrees = true
		w.wantState(w.apply(a).CaseKey, docket.Applied)
		a.Channel = "window"
		r, err := w.Register(t.Context(), clerk(), a, w.form())
		w.must(err)
		w.wantState(r.CaseKey, docket.Consented) // both stood at the window
		_, err = w.Register(t.Context(), mediator(1), a, w.form())
		wantFault(t, err, fault.Forbidden, "a mediator registers")
	})
}

func TestNumbersHaveNoGaps(t *testing.T) {
	each(t, func(w *world) {
		const n = 32
		keys := make([]string, n)
		for i := range keys {
			a := w.application()
			a.Parties[1].Agrees = true
			r, err := w.Register(t.Context(), clerk(), a, w.form())
			w.must(err)
			keys[i] = r.CaseKey
		}
		numbers := make([]string, n)
		var wg sync.WaitGroup
		for i, key := range keys {
			wg.Go(func() {
				var err error
				if numbers[i], err = w.AcceptCase(t.Context(), clerk(), key, docket.Acceptance{CommitteeID: 1 + int64(i%2)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		slices.Sort(numbers)
		var want []string
		for i := range n / 2 {
			want = append(want, docket.Number(2026, "演示", docket.KindWritten, int64(i+1)), docket.Number(2026, "演示乙", docket.KindWritten, int64(i+1)))
		}
		slices.Sort(want)
		if !slices.Equal(numbers, want) {
			t.Fatalf("numbers %v", numbers)
		}
		// A refused acceptance takes none, a void one stays taken.
		fresh, err := w.VoidNumber(t.Context(), clerk(), keys[0], 0, "登记有误")
		if w.must(err); fresh != docket.Number(2026, "演示", docket.KindWritten, n/2+1) {
			t.Errorf("after a void number comes %s", fresh)
		}
		_, err = w.AcceptCase(t.Context(), clerk(), keys[1], docket.Acceptance{CommitteeID: 1})
		wantFault(t, err, fault.Conflict, "accepting twice")
	})
}

func TestConflictsAreFoundAndShown(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		tie := func(i int, x people.Tie) {
			w.must(w.people.AddTie(ctx, clerk(), seal.NewKey(), w.mediators[i].Key, x))
		}
		tie(0, people.Tie{Kind: "household", Words: "住在演示路", Value: "演示路 1号,201"})
		tie(1, people.Tie{Kind: "office", Words: "示例一社区居委会委员", CommunityID: 1})
		tie(2, people.Tie{Kind: "employer", Words: "演示公司职工", Value: "演示公司"})
		earlier := w.application()
		earlier.Mediators = []int64{4}
		old := w.apply(earlier)
		w.agree(w.invite(old.CaseKey), 4)

		a := w.application()
		a.Parties[1].Facts.Employer = "演示公司"
		a.Parties[1].Facts.Phone = "13900000005" // the fifth mediator
		found, err := w.Conflicts(ctx, w.d, w.ApplicationFacts(a), []int64{1, 2, 3, 4, 5})
		w.must(err)
		for id, want := range map[int64]string{1: "household bar", 2: "office note", 3: "employer warn", 4: "earlier_case warn", 5: "self bar"} {
			if len(found[id]) == 0 || found[id][0].Kind+" "+found[id][0].Level != want || found[id][0].Words == "" {
				t.Errorf("mediator %d: %+v, want %s", id, found[id], want)
			}
		}
		// The barred first of the ranking is passed over; the second's note is kept and shown.
		r := w.apply(a)
		w.agree(w.invite(r.CaseKey), 1, 2, 3)
		if f := w.page(r.CaseKey); f.Case.MediatorID != 2 {
			t.Fatalf("mediator %d, want 2", f.Case.MediatorID)
		}
		file, err := w.Page(ctx, mediator(2), r.CaseKey)
		if shown := file.Conflicts; err != nil || len(shown) != 1 || shown[0].Kind != "office" || shown[0].FoundAt.IsZero() {
			t.Errorf("the mediator sees %+v, %v", shown, err)
		}
		if shown := w.page(r.CaseKey).Conflicts; len(shown) != 3 {
			t.Errorf("the clerk sees %+v", shown)
		}
	})
}

func TestALabourRuleHoldsForWages(t *testing.T) {
	each(t, func(w *world) {
		a := w.application()
		a.TypeCode, a.Parties[1].Agrees, a.Channel = "labour-wage", true, "window"
		r, err := w.Register(t.Context(), clerk(), a, w.form())
		w.must(err)
		w.clock.Advance(2 * 24 * 60 * 60 * 1e9)
		_, err = w.AcceptCase(t.Context(), clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1})
		w.must(err)
		// 劳动争议调解仲裁法14: fifteen days from the application, not from acceptance.
		if f := w.page(r.CaseKey); f.Case.DueOn != "2026-12-09" || !strings.Contains(f.Case.DueRule, "15日") {
			t.Errorf("due %s by %s", f.Case.DueOn, f.Case.DueRule)
		}
		w.must(w.ChangeRule(t.Context(), access.Actor{AccountID: 9, Roles: []access.Role{access.SysAdmin}}, "term_labour", 1, 10, docket.Natural, "演示依据"))
		if f := w.page(r.CaseKey); f.Case.DueOn != "2026-12-09" {
			t.Error("a changed rule moved a running clock")
		}
		err = w.ChangeRule(t.Context(), access.Actor{AccountID: 9, Roles: []access.Role{access.SysAdmin}}, "term_labour", 1, 12, docket.Natural, "演示依据")
		wantFault(t, err, fault.Conflict, "changing a rule that moved on")
	})
}

func TestSummaryDropsLongNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"楼上 3 楼漏水":               "楼上 3 楼漏水",
		"他的电话 13800000001,请联系":   "他的电话 …,请联系",
		"身份证11010519491231002X号": "身份证…X号",
		"欠款12345元":               "欠款12345元",
		strings.Repeat("长", 90):  strings.Repeat("长", 60),
	} {
		if got := docket.Brief(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
