package docket_test

import (
	"slices"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
)

// TestWhatIsNotMineIsNotFound opens one case by every door as everybody.
func TestWhatIsNotMineIsNotFound(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r, ses := w.mediating(w.application())
		if err := w.d.Get(ctx, new(int), `SELECT 1 FROM cases WHERE key = ? AND mediator_id = 1`, r.CaseKey); err != nil {
			t.Fatal(err)
		}
		doors := map[string]func(access.Actor) error{
			"page":    func(a access.Actor) error { _, err := w.Page(ctx, a, r.CaseKey); return err },
			"history": func(a access.Actor) error { _, err := w.History(ctx, a, r.CaseKey, 0); return err },
			"reveal": func(a access.Actor) error {
				_, err := w.Reveal(ctx, a, r.CaseKey, w.respondent(r.CaseKey).Key, "核对")
				return err
			},
			"end": func(a access.Actor) error {
				return w.EndCase(ctx, a, r.CaseKey, 999, docket.Ending{Reason: "gap", Remedies: []string{"court"}})
			},
			"cancel":  func(a access.Actor) error { return w.CancelSession(ctx, a, ses, 999, "改天") },
			"session": func(a access.Actor) error { _, err := w.SessionByKey(ctx, w.d, a, ses); return err },
		}
		strangers := map[string]access.Actor{"mediator": mediator(2), "lead": lead(w.room + 1), "liaison": liaison(liaisonAccount)}
		for door, open := range doors {
			for name, who := range strangers {
				if err := open(who); !fault.Is(err, fault.NotFound) {
					t.Errorf("%s by a strange %s: %v", door, name, err)
				}
			}
			for name, who := range map[string]access.Actor{"nobody": {}, "resident": {ResidentID: 3, Roles: []access.Role{access.Resident}},
				"trainer": {AccountID: 8, Roles: []access.Role{access.Trainer}}, "auditor": {AccountID: 8, Roles: []access.Role{access.Auditor}}} {
				if err := open(who); err == nil || fault.Is(err, fault.Internal) {
					t.Errorf("%s by %s: %v", door, name, err)
				}
			}
			if err := open(mediator(1)); fault.Is(err, fault.NotFound) {
				t.Errorf("%s: the case's own mediator is refused: %v", door, err)
			}
		}
		f, err := w.Page(ctx, lead(w.room), r.CaseKey)
		if w.must(err); len(f.Statements)+len(f.Choices)+len(f.Agents) != 0 {
			t.Errorf("a room lead reads statements: %+v", f.Dossier)
		}
		for name, who := range strangers {
			l, err := w.List(ctx, who, docket.Filter{Query: "张三"}, "")
			if w.must(err); len(l.Rows) != 0 {
				t.Errorf("%s finds the case by search", name)
			}
			qs, err := w.Desk(ctx, who)
			w.must(err)
			for _, q := range qs {
				if len(q.Rows) != 0 {
					t.Errorf("%s has it on the desk", name)
				}
			}
			rows, err := w.Agenda(ctx, who, w.d.Now().AddDate(0, 0, -9), w.d.Now().AddDate(0, 0, 9))
			if w.must(err); len(rows) != 0 {
				t.Errorf("%s has it in the agenda", name)
			}
		}
		for _, who := range []access.Actor{mediator(1), lead(w.room), clerk(), leader()} {
			l, err := w.List(ctx, who, docket.Filter{Query: "张三"}, "")
			if w.must(err); len(l.Rows) != 1 {
				t.Errorf("%v finds %d", who.Roles, len(l.Rows))
			}
		}
	})
}

func TestAStaleFormChangesNothing(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		seen := w.page(r.CaseKey).Case.Version
		w.must(w.Suspend(ctx, clerk(), r.CaseKey, seen, "等待鉴定"))
		err := w.Resume(ctx, clerk(), r.CaseKey, seen)
		wantFault(t, err, fault.Conflict, "a form from before")
		w.must(w.Resume(ctx, clerk(), r.CaseKey, w.page(r.CaseKey).Case.Version))
	})
}

func TestRevealIsOnTheTrailAndReadsAreNoted(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		p := w.respondent(r.CaseKey)
		_, err := w.Reveal(ctx, clerk(), r.CaseKey, p.Key, " ")
		wantFault(t, err, fault.Invalid, "a look without a reason")
		facts, err := w.Reveal(ctx, clerk(), r.CaseKey, p.Key, "电话通知")
		if w.must(err); facts.Phone != "13800000002" || facts.Address != "演示路1号201" {
			t.Errorf("%+v", facts)
		}
		var actions []string
		w.must(w.d.Select(ctx, &actions, `SELECT action FROM audit_log WHERE ref = ? ORDER BY seq`, r.CaseKey))
		if !slices.Equal(actions, []string{"case.apply", "party.reveal"}) {
			t.Errorf("trail: %v", actions)
		}
		f := w.page(r.CaseKey)
		w.NoteRead(clerk(), f.Case.ID)
		n, err := w.FlushReads(ctx)
		if w.must(err); n != 1 {
			t.Errorf("%d reads written", n)
		}
		reads, err := w.Reads(ctx, leader(), r.CaseKey)
		if w.must(err); len(reads) != 1 || reads[0].AccountID != 1 {
			t.Errorf("%+v", reads)
		}
	})
}
