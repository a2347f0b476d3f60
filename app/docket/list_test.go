package docket_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

var loadStates = []docket.State{docket.Applied, docket.Inviting, docket.Consented, docket.Accepted, docket.Mediating,
	docket.Suspended, docket.Agreed, docket.Agreed, docket.Ended, docket.Refused, docket.Withdrawn}

// loaded fills the docket with n cases in every state, the first the oldest.
func (w *world) loaded(n int) {
	w.t.Helper()
	l, err := w.NewLoader(w.t.Context(), access.System("装入"), 100)
	w.must(err)
	com := docket.Committee{ID: 1, Org: "演示"}
	types := []string{"neighbour-noise", "property", "labour-wage", "neighbour"}
	for i := range n {
		a := w.application()
		a.TypeCode, a.Parties[0].Name, a.Slots = types[i%len(types)], fmt.Sprintf("演示甲%d", i), nil
		a.Summary = []string{"楼上噪音扰民", "物业费争议", "拖欠工资"}[i%3]
		reason := "gap"
		if loadStates[i%len(loadStates)] == docket.Refused {
			reason = "not_civil"
		}
		w.must(l.Add(w.t.Context(), docket.LoadCase{Application: a, State: loadStates[i%len(loadStates)], Committee: com,
			AppliedAt: w.d.Now().AddDate(0, 0, -n/8+i/8), MediatorID: int64(i%5) + 1, RoomID: w.room * int64(i%2),
			EndReason: reason, Remedies: []string{"court"}}))
	}
	w.must(l.Flush(w.t.Context()))
	if l.Total() != n {
		w.t.Fatalf("%d of %d loaded", l.Total(), n)
	}
}

// all pages through a list.
func (w *world) all(who access.Actor, f docket.Filter) []docket.Row {
	w.t.Helper()
	var rows []docket.Row
	for cursor := ""; ; {
		l, err := w.List(w.t.Context(), who, f, cursor)
		w.must(err)
		if rows = append(rows, l.Rows...); l.Next == "" {
			return rows
		}
		cursor = l.Next
	}
}

func TestListsHoldExactlyWhatTheirFiltersSay(t *testing.T) {
	each(t, func(w *world) {
		w.loaded(400)
		everything := w.all(clerk(), docket.Filter{})
		if len(everything) != 400 || !slices.IsSortedFunc(everything, func(a, b docket.Row) int { return int(b.ID - a.ID) }) {
			t.Fatalf("%d rows, or not newest first", len(everything))
		}
		want := func(keep func(docket.Row) bool) (n int) {
			for _, r := range everything {
				if keep(r) {
					n++
				}
			}
			return n
		}
		found := map[int64]bool{}
		for _, r := range w.all(clerk(), docket.Filter{Query: "物业"}) {
			found[r.ID] = true
		}
		due := w.d.Now().AddDate(0, 0, 10).Format("2006-01-02")
		for name, c := range map[string]struct {
			who  access.Actor
			f    docket.Filter
			keep func(docket.Row) bool
		}{
			"state":       {clerk(), docket.Filter{State: docket.Ended}, func(r docket.Row) bool { return r.State == docket.Ended }},
			"open":        {clerk(), docket.Filter{Open: true}, func(r docket.Row) bool { return r.State.Open() }},
			"main type":   {clerk(), docket.Filter{Type: "neighbour"}, func(r docket.Row) bool { return strings.HasPrefix(r.TypeCode, "neighbour") }},
			"sub-type":    {clerk(), docket.Filter{Type: "neighbour-noise"}, func(r docket.Row) bool { return r.TypeCode == "neighbour-noise" }},
			"two filters": {clerk(), docket.Filter{Type: "property", Mediator: 2}, func(r docket.Row) bool { return r.TypeCode == "property" && r.MediatorID == 2 }},
			"three": {clerk(), docket.Filter{Type: "property", Room: w.room, State: docket.Agreed}, func(r docket.Row) bool {
				return r.TypeCode == "property" && r.RoomID == w.room && r.State == docket.Agreed
			}},
			"mine":        {mediator(3), docket.Filter{}, func(r docket.Row) bool { return r.MediatorID == 3 }},
			"mine, words": {mediator(3), docket.Filter{Query: "物业"}, func(r docket.Row) bool { return r.MediatorID == 3 && found[r.ID] }},
			"room":        {lead(w.room), docket.Filter{}, func(r docket.Row) bool { return r.RoomID == w.room }},
			"due":         {clerk(), docket.Filter{Due: due}, func(r docket.Row) bool { return r.State.Open() && r.DueOn != "" && r.DueOn <= due }},
			"mediator+room": {access.Actor{AccountID: 3, MediatorID: 1, RoomIDs: []int64{w.room}, Roles: []access.Role{access.Mediator, access.RoomLead}}, docket.Filter{},
				func(r docket.Row) bool { return r.MediatorID == 1 || r.RoomID == w.room }},
		} {
			got := w.all(c.who, c.f)
			n := want(c.keep)
			if len(got) != n || n == 0 {
				t.Errorf("%s: %d rows, want %d", name, len(got), n)
			}
			for _, r := range got {
				if !c.keep(r) {
					t.Errorf("%s: %+v does not belong", name, r)
				}
			}
		}
		if lines, err := w.CheckCounters(t.Context()); err != nil || len(lines) > 0 {
			t.Errorf("counters after loading: %v %v", lines, err)
		}
	})
}

func TestSearchFindsNamesNumbersAndWords(t *testing.T) {
	each(t, func(w *world) {
		r := w.accepted(w.application())
		w.apply(func() docket.Application {
			a := w.application()
			a.Parties[0].Name, a.Parties[1].Name, a.Words = "王小明", "赵六", "拖欠押金"
			return a
		}())
		for _, q := range []string{"张三", "zhangsan", "zs", "漏水", "房顶", "演示民调字第001号", "(2026)演示民调字第001号", r.ApplyNo, "三"} {
			got := w.all(clerk(), docket.Filter{Query: q})
			if len(got) == 0 || !slices.ContainsFunc(got, func(x docket.Row) bool { return x.Key == r.CaseKey }) {
				t.Errorf("%s does not find the case", q)
			}
		}
		for q, n := range map[string]int{"王小明": 1, "押金": 1, "13800000001": 0, "演示路1号101": 0} {
			if got := w.all(clerk(), docket.Filter{Query: q}); len(got) != n {
				t.Errorf("%s finds %d, want %d", q, len(got), n)
			}
		}
	})
}

// TestHotQueriesScanNothing holds every hot statement to an index, and pages to their budget.
func TestHotQueriesScanNothing(t *testing.T) {
	d, clock := dbtest.SQLite(t)
	w := newWorld(t, d, clock)
	w.loaded(300)
	w.must(d.Optimize(t.Context()))
	texts, args := slices.Clone(docket.ListStatements), make([][]any, len(docket.ListStatements))
	add := func(ts []string, as [][]any) { texts, args = append(texts, ts...), append(args, as...) }
	for _, who := range []access.Actor{clerk(), mediator(1), lead(w.room), liaison(liaisonAccount), leader()} {
		for _, f := range []docket.Filter{{}, {State: docket.Agreed}, {Open: true}, {Type: "neighbour"}, {Type: "neighbour", State: docket.Ended},
			{Community: 1}, {Community: 1, State: docket.Ended}, {Mediator: 1}, {Mediator: 1, State: docket.Agreed}, {Room: 1}, {Room: 1, State: docket.Agreed},
			{Type: "property", Community: 1}, {Query: "物业"}, {Query: "物业", Type: "property", State: docket.Agreed}, {Due: "2026-12-01"}} {
			for _, cursor := range []string{"", map[bool]string{false: "100", true: "2026-11-30.100"}[f.Due != ""]} {
				add(w.ListQueries(who, f, cursor))
			}
		}
		for _, q := range []string{docket.QueueClerk, docket.QueueMediator, docket.QueueRoom, docket.QueueLiaison, docket.QueueStreet} {
			add(docket.QueueQueries(who, q))
		}
	}
	add(docket.PageQueries())
	for i, text := range texts {
		var plan []struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		w.must(d.Select(t.Context(), &plan, `EXPLAIN QUERY PLAN `+text, args[i]...))
		for _, p := range plan {
			// The newest-first list of everything walks the table's own key and stops after a page.
			walk := p.Detail == "SCAN c" && strings.Contains(text, "ORDER BY c.id DESC LIMIT") && !strings.Contains(text, "WHERE c.")
			scan := strings.HasPrefix(p.Detail, "SCAN") && !strings.Contains(p.Detail, "VIRTUAL TABLE") && !strings.Contains(p.Detail, "SCAN e") &&
				!strings.Contains(p.Detail, "USING") && !walk
			sort := strings.Contains(p.Detail, "TEMP B-TREE FOR ORDER BY") && !strings.Contains(text, "p.seq") && !strings.Contains(text, "UNION") &&
				!strings.Contains(text, "case_liaisons") // a liaison's cases are few
			if scan || sort {
				t.Errorf("%s\n\t%s", p.Detail, strings.Join(strings.Fields(text), " "))
			}
		}
	}
	key := w.all(clerk(), docket.Filter{})[0].Key
	budget := func(name string, most int64, do func() error) {
		before := d.Queries()
		w.must(do())
		if n := d.Queries() - before; n > most {
			t.Errorf("%s takes %d queries, at most %d", name, n, most)
		}
	}
	budget("the case page", 2, func() error { _, err := w.Page(t.Context(), clerk(), key); return err })
	budget("the list", 1, func() error { _, err := w.List(t.Context(), clerk(), docket.Filter{Open: true}, ""); return err })
	budget("the search", 1, func() error {
		_, err := w.List(t.Context(), mediator(1), docket.Filter{Query: "物业"}, "")
		return err
	})
	budget("a desk", 1, func() error { _, err := w.Desk(t.Context(), mediator(1)); return err })
}

func TestDesksAreMostUrgentFirst(t *testing.T) {
	each(t, func(w *world) {
		w.loaded(400)
		for _, c := range []struct {
			who   access.Actor
			queue string
			keep  func(docket.Row) bool
		}{
			{clerk(), docket.QueueClerk, func(r docket.Row) bool { return r.Holder == docket.HeldByClerk }},
			{mediator(2), docket.QueueMediator, func(r docket.Row) bool { return r.MediatorID == 2 }},
			{lead(w.room), docket.QueueRoom, func(r docket.Row) bool { return r.RoomID == w.room }},
			{leader(), docket.QueueStreet, func(docket.Row) bool { return true }},
		} {
			want := slices.DeleteFunc(w.all(clerk(), docket.Filter{Open: true}), func(r docket.Row) bool { return !c.keep(r) })
			var got []docket.Row
			for cursor := ""; ; {
				l, err := w.Queue(t.Context(), c.who, c.queue, cursor)
				w.must(err)
				if got = append(got, l.Rows...); l.Next == "" {
					break
				}
				cursor = l.Next
			}
			if len(got) != len(want) || len(got) == 0 {
				t.Errorf("%s: %d rows, want %d", c.queue, len(got), len(want))
			}
			if !slices.IsSortedFunc(got, func(a, b docket.Row) int { return a.HolderDue.Compare(b.HolderDue.Time) }) {
				t.Errorf("%s is not most urgent first", c.queue)
			}
		}
		if _, err := w.Queue(t.Context(), mediator(2), docket.QueueClerk, ""); err == nil {
			t.Error("a mediator reads the clerk's desk")
		}
	})
}

func TestCountersHoldThroughRandomWalks(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		rng := rand.New(rand.NewPCG(1, 2))
		for range 12 {
			r := w.apply(w.application())
			steps := []func() error{
				func() error {
					_, err := w.Invite(ctx, clerk(), r.CaseKey, w.respondent(r.CaseKey).Key, "phone")
					return err
				},
				func() error {
					return w.RecordConsent(ctx, clerk(), r.CaseKey, w.respondent(r.CaseKey).Key, docket.AnswerInput{Agree: rng.IntN(5) > 0, AnyOne: true}, "phone")
				},
				func() error {
					_, err := w.AcceptCase(ctx, clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1})
					return err
				},
				func() error { _, err := w.Schedule(ctx, clerk(), r.CaseKey, w.plan(24+rng.IntN(500))); return err },
				func() error {
					return w.Disclose(ctx, mediator(w.page(r.CaseKey).Case.MediatorID), r.CaseKey, "同住一个小区")
				},
				func() error { return w.ReplaceFor(ctx, clerk(), r.CaseKey, w.respondent(r.CaseKey).Key, "") },
				func() error { return w.Appoint(ctx, clerk(), r.CaseKey, 0, 1+rng.Int64N(5), "") },
				func() error { return w.Suspend(ctx, clerk(), r.CaseKey, 0, "鉴定") },
				func() error { return w.Resume(ctx, clerk(), r.CaseKey, 0) },
				func() error {
					return w.EndCase(ctx, clerk(), r.CaseKey, 0, docket.Ending{Reason: "gap", Remedies: []string{"court"}})
				},
				func() error { w.clock.Advance(30 * 60 * 60 * 1e9); _, err := w.RunClocks(ctx); return err },
			}
			for range 14 {
				i := rng.IntN(len(steps))
				if rng.IntN(3) > 0 {
					i = min(i, 4) // mostly forward
				}
				_ = steps[i]() // many are refused: that is part of the walk
			}
			f := w.page(r.CaseKey)
			if s := f.Case.State; (s == docket.Ended || s == docket.Refused) && (f.Case.EndReason == "" || f.Case.Remedies == "") {
				t.Errorf("%s without reason or notice", s)
			}
			if f.Case.State.Open() && (f.Case.Holder == "" || f.Case.HolderDue.IsZero()) {
				t.Errorf("%s lies in nobody's hands", f.Case.State)
			}
		}
		lines, err := w.CheckCounters(ctx)
		if w.must(err); len(lines) > 0 {
			t.Errorf("counters drifted: %v", lines)
		}
		// The check itself finds a drift.
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE case_counts SET n = n + 1 WHERE scope = 'all' AND state = 'ended'`)
			return err
		}))
		if lines, _ = w.CheckCounters(ctx); len(lines) != 1 {
			t.Errorf("a wrong counter gives %v", lines)
		}
	})
}
