package accord_test

import (
	"slices"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/papers/forms"
)

func (w *world) receive(duty, yuan, on string) error {
	return w.Receive(w.t.Context(), mediator(), duty, accord.ReceiptInput{Yuan: yuan, On: on, Note: "转账记录"}, w.form())
}

// sent lists the kinds of messages in the outbox, oldest first.
func (w *world) sent(prefix string) []string {
	w.t.Helper()
	list, err := w.outbox.ListAll(w.t.Context(), notify.Filter{Limit: 200})
	w.must(err)
	var out []string
	for _, m := range slices.Backward(list) {
		if strings.HasPrefix(m.Kind, prefix) {
			out = append(out, m.Kind+" "+m.ToName)
		}
	}
	return out
}

func (w *world) remind(want int) {
	w.t.Helper()
	n, err := w.Remind(w.t.Context())
	w.must(err)
	if n != want {
		w.t.Fatalf("%d reminders on %s, want %d", n, w.today(), want)
	}
	if n, err := w.Remind(w.t.Context()); err != nil || n != 0 {
		w.t.Fatalf("a second run reminds again: %d %v", n, err)
	}
}

// Three instalments: one on time, one late after reminders and a letter, one on time; then all is performed.
func TestInstalmentsOneLateUrgedAndPerformed(t *testing.T) {
	each(t, func(w *world) {
		f, key := w.inForce(plan{parts: 3})
		v := w.wantState(key, accord.Effective)
		var sum int64
		for _, d := range v.Duties {
			sum += d.Amount
		}
		if len(v.Duties) != 3 || sum != 1_000_000 || v.Duties[2].Amount != 333334 {
			t.Fatalf("instalments are %+v", v.Duties)
		}
		first, second, third := v.Duties[0], v.Duties[1], v.Duties[2]
		w.remind(0)
		w.pass(7) // three days before
		w.remind(1)
		wantFault(t, w.receive(first.Key, "3333.34", w.today()), fault.Invalid, "more than is owed")
		w.must(w.receive(first.Key, "1000", w.today()))
		w.must(w.receive(first.Key, "2333.33", w.today()))
		w.pass(3)
		w.remind(0) // it is paid
		_, err := w.Urge(t.Context(), mediator(), second.Key, "", w.day(5), w.form())
		wantFault(t, err, fault.Conflict, "urging before the day")

		w.pass(28)  // three days before 4 January
		w.remind(1) // before
		w.pass(3)
		w.remind(1) // on
		w.pass(1)
		w.remind(1) // after
		if got := w.sent("duty."); !slices.Equal(got, []string{"duty.before 李四", "duty.before 李四", "duty.on 李四", "duty.after 李四", "duty.overdue 演示调解员"}) {
			t.Errorf("messages: %v", got)
		}
		due, err := w.Due(t.Context(), mediator(), 0, 50)
		w.must(err)
		if len(due) != 1 || due[0].Key != second.Key || due[0].DueOn >= w.today() {
			t.Errorf("the desk shows %+v", due)
		}
		urge, err := w.Urge(t.Context(), mediator(), second.Key, f.Parties[0].Key, w.day(7), w.form())
		w.must(err)
		w.steps(second.Key)
		w.pass(4)
		w.must(w.receive(second.Key, "3333.33", w.today()))
		w.must(w.receive(third.Key, "3333.34", w.today())) // ahead of its day
		v = w.wantState(key, accord.Performed)
		for i, want := range []accord.Standing{accord.OnTime, accord.Late, accord.OnTime} {
			if got := v.Duties[i].Standing(w.today()); got != want {
				t.Errorf("instalment %d stands %s, want %s", i+1, got, want)
			}
		}
		fig, err := w.Figures(t.Context(), clerk(), 0)
		w.must(err)
		if fig != (accord.Figures{Agreements: 1, Duties: 3, OnTime: 2, Late: 1}) {
			t.Errorf("figures %+v", fig)
		}
		w.letter(f, urge)
	})
}

// steps are the next lawful steps of an obligation that was not performed, each with its last day.
func (w *world) steps(duty string) {
	w.t.Helper()
	d, err := w.OpenDuty(w.t.Context(), mediator(), duty)
	w.must(err)
	var names []string
	for _, s := range d.Steps {
		names = append(names, s.Name)
		if s.Name == "向人民法院起诉" && s.Due < d.Row.DueOn[:4] {
			w.t.Errorf("limitation ends %s", s.Due)
		}
	}
	for _, want := range []string{"共同申请司法确认", "督促履行", "申请支付令", "向人民法院起诉"} {
		if !slices.Contains(names, want) {
			w.t.Errorf("steps %v miss %s", names, want)
		}
	}
}

// letter is the 督促履行函 as the papers of the case get it.
func (w *world) letter(f docket.File, urge string) {
	w.t.Helper()
	p, err := w.Facts(w.t.Context(), w.d, f.Case.ID)
	w.must(err)
	u := p.Urges[slices.Index(p.UrgeKeys, urge)]
	o := p.Agreements[u.Agreement].Obligations[u.Obligation]
	if u.AskedBy != "张三" || o.From != "李四" || o.To != "张三" || o.Amount != 333333 || o.Done == "" {
		w.t.Errorf("letter %+v about %+v", u, o)
	}
	var c forms.Case
	p.Fill(&c)
	form, _ := forms.Find("urge")
	if n := form.Count(c); n != 1 {
		w.t.Errorf("%d letters to print, want 1", n)
	}
}

// After a stop of a month only what still helps is said, once.
func TestRemindersAfterAStop(t *testing.T) {
	each(t, func(w *world) {
		w.inForce(plan{})
		w.pass(40)
		w.remind(1)
		if got := w.sent("duty."); !slices.Equal(got, []string{"duty.after 李四", "duty.overdue 演示调解员"}) {
			t.Errorf("messages: %v", got)
		}
	})
}

// A receipt noted by mistake is voided with its reason, and the obligation is owed and reminded of again.
func TestVoidedReceipt(t *testing.T) {
	each(t, func(w *world) {
		_, key := w.inForce(plan{})
		duty := w.open(key).Duties[0].Key
		w.must(w.receive(duty, "10000", w.today()))
		w.wantState(key, accord.Performed)
		d, err := w.OpenDuty(t.Context(), mediator(), duty)
		w.must(err)
		wantFault(t, w.VoidReceipt(t.Context(), mediator(), duty, d.Receipts[0].Key, " "), fault.Invalid, "no reason")
		w.must(w.VoidReceipt(t.Context(), mediator(), duty, d.Receipts[0].Key, "登记到了别的案件"))
		v := w.wantState(key, accord.Effective)
		if v.Duties[0].Left() != 1_000_000 {
			t.Errorf("%d fen are owed", v.Duties[0].Left())
		}
		wantFault(t, w.VoidReceipt(t.Context(), mediator(), duty, d.Receipts[0].Key, "再来"), fault.Conflict, "voided twice")
		w.pass(10)
		w.remind(1)
	})
}

// An obligation under a condition has no day until the condition is met.
func TestConditionMet(t *testing.T) {
	each(t, func(w *world) {
		_, key := w.inForce(plan{edit: func(w *world, key string, f docket.File) {
			v := w.open(key)
			d := v.Body.Duties[0]
			w.must(w.ChangeDuty(t.Context(), mediator(), key, v.Version, d.Key, accord.DutyInput{From: d.From, To: d.To, Kind: accord.Pay, What: "医疗费",
				Yuan: "500", When: accord.After, Condition: "张三出示医院收费票据", Days: 7, How: "转账"}))
		}})
		d := w.open(key).Duties[0]
		if d.Standing(w.today()) != accord.Conditional {
			t.Fatalf("stands %s", d.Standing(w.today()))
		}
		w.remind(0)
		wantFault(t, w.ConditionMet(t.Context(), mediator(), d.Key, w.day(1)), fault.Invalid, "met tomorrow")
		w.must(w.ConditionMet(t.Context(), mediator(), d.Key, w.today()))
		if got := w.wantState(key, accord.Effective).Duties[0].DueOn; got != "2026-12-01" {
			t.Errorf("due on %s", got)
		}
		wantFault(t, w.ConditionMet(t.Context(), mediator(), d.Key, w.today()), fault.Conflict, "met twice")
	})
}

func TestVisits(t *testing.T) {
	each(t, func(w *world) {
		f, key := w.inForce(plan{})
		view, err := w.OfCase(t.Context(), mediator(), f.Case.Key)
		w.must(err)
		if len(view.Visits) != 1 || view.Visits[0].DueOn != "2027-01-04" { // thirty days after 12-04 is a Sunday past the new year's feast
			t.Fatalf("visits %+v", view.Visits)
		}
		v := view.Visits[0]
		w.pass(60)
		due, err := w.Due(t.Context(), mediator(), 0, 50)
		w.must(err)
		if !slices.ContainsFunc(due, func(r accord.DueRow) bool { return r.Kind == "visit" && r.Key == v.Key && r.DueOn < w.today() }) {
			t.Errorf("the overdue visit is not on the desk: %+v", due)
		}
		words := accord.VisitWords{Who: "张三", Way: "电话", Performance: "尚未付款", Satisfaction: "基本满意", Hidden: "无", Measures: "督促"}
		wantFault(t, w.MakeVisit(t.Context(), mediator(), v.Key, v.Version, w.today(), accord.VisitWords{}), fault.Invalid, "an empty record")
		w.must(w.MakeVisit(t.Context(), mediator(), v.Key, v.Version, w.today(), words))
		wantFault(t, w.MakeVisit(t.Context(), mediator(), v.Key, v.Version+1, w.today(), words), fault.Conflict, "made twice")
		w.must(w.PlanVisit(t.Context(), clerk(), key, w.day(14), "履行后再回访", w.form()))
		p, err := w.Facts(t.Context(), w.d, f.Case.ID)
		w.must(err)
		if len(p.Visits) != 1 || p.Visits[0].Performance != "尚未付款" || p.Visits[0].Visitors != mediator().Name {
			t.Errorf("paper of the visit: %+v", p.Visits)
		}
	})
}

// A dispute that comes back is linked and counted once for the earlier case.
func TestReopened(t *testing.T) {
	each(t, func(w *world) {
		old, _ := w.inForce(plan{})
		w.pass(1)
		again, third := w.caseOf("neighbour-leak"), w.caseOf("neighbour-leak")
		view, err := w.OfCase(t.Context(), clerk(), again.Case.Key)
		w.must(err)
		if !slices.ContainsFunc(view.Candidates, func(r docket.Row) bool { return r.Key == old.Case.Key }) {
			t.Fatalf("the earlier case is not offered: %+v", view.Candidates)
		}
		wantFault(t, w.Link(t.Context(), clerk(), old.Case.Key, again.Case.Key), fault.Invalid, "an earlier case come of a later one")
		w.must(w.Link(t.Context(), clerk(), again.Case.Key, old.Case.Key))
		w.must(w.Link(t.Context(), clerk(), third.Case.Key, old.Case.Key))
		wantFault(t, w.Link(t.Context(), clerk(), third.Case.Key, again.Case.Key), fault.Conflict, "linked twice")
		reopened := func(want int64) {
			t.Helper()
			fig, err := w.Figures(t.Context(), clerk(), 0)
			w.must(err)
			lines, err := w.CheckCounts(t.Context())
			w.must(err)
			if fig.Reopened != want || len(lines) > 0 {
				t.Errorf("%d re-opened, want %d; drift %v", fig.Reopened, want, lines)
			}
		}
		reopened(1)
		w.must(w.Unlink(t.Context(), clerk(), third.Case.Key))
		reopened(1)
		w.must(w.Unlink(t.Context(), clerk(), again.Case.Key))
		reopened(0)
	})
}

// The track page learns that there is an agreement and the next day, and no name or word.
func TestPublic(t *testing.T) {
	each(t, func(w *world) {
		f, key := w.fixed(plan{parts: 2})
		p, err := w.Public(t.Context(), f.Case.ID)
		w.must(err)
		if p != (accord.Public{Signing: 1}) {
			t.Errorf("before force: %+v", p)
		}
		for _, g := range w.open(key).Signs {
			w.must(w.sign(key, g.Key, w.today()))
		}
		if p, err = w.Public(t.Context(), f.Case.ID); err != nil || p != (accord.Public{InForce: 1, Since: w.today(), NextDue: w.day(10), Owed: 2, Confirm: "2026-12-24"}) {
			t.Errorf("in force: %+v %v", p, err)
		}
		for _, m := range w.sent("agreement.force") {
			if strings.Contains(m, "维修") {
				t.Errorf("the message tells of the dispute: %s", m)
			}
		}
		who := access.Actor{AccountID: 7, Name: "培训", Roles: []access.Role{access.Trainer}}
		_, err = w.Figures(t.Context(), who, 0)
		wantFault(t, err, fault.Forbidden, "a trainer's figures")
	})
}
