package docket_test

import (
	"fmt"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
)

// exported collects an export's rows.
func (w *world) exported(who access.Actor, f docket.Filter, reason string) ([]docket.ExportRow, error) {
	w.t.Helper()
	rows, err := w.ExportList(w.t.Context(), who, f, reason)
	if err != nil {
		return nil, err
	}
	var out []docket.ExportRow
	for r, err := range rows {
		w.must(err)
		out = append(out, r)
	}
	return out, nil
}

func TestAnExportHasReasonAndMasksAndNoStory(t *testing.T) {
	each(t, func(w *world) {
		r := w.accepted(w.application())
		w.apply(w.application())
		for _, who := range []access.Actor{mediator(1), lead(w.room), liaison(liaisonAccount)} {
			_, err := w.exported(who, docket.Filter{}, "看看")
			wantFault(t, err, fault.Forbidden, "an export by "+string(who.Roles[0]))
		}
		if _, err := w.exported(clerk(), docket.Filter{}, " "); fault.FieldsOf(err)["reason"] == "" {
			t.Fatalf("without a reason: %v", err)
		}
		_, err := w.exported(clerk(), docket.Filter{State: docket.Agreed}, "月报")
		wantFault(t, err, fault.Invalid, "an export of nothing")
		rows, err := w.exported(leader(), docket.Filter{State: docket.Accepted}, "月报")
		if w.must(err); len(rows) != 1 || rows[0].Key != r.CaseKey {
			t.Fatalf("%d rows of the filter", len(rows))
		}
		all := fmt.Sprintf("%+v", rows)
		for _, secret := range []string{"房顶起皮", "13800000001", "13800000002", "演示路1号101"} {
			if strings.Contains(all, secret) {
				t.Errorf("%q goes out: %s", secret, all)
			}
		}
		if rows[0].Sides[docket.SideRespondent][0] != (docket.ExportParty{Name: "李四", Phone: "138****0002"}) {
			t.Errorf("%+v", rows[0].Sides)
		}
		trail, err := w.trail.List(t.Context(), w.d, access.Actor{AccountID: 9, Roles: []access.Role{access.Auditor}}, audit.Filter{Action: "case.export"})
		if w.must(err); len(trail) != 1 || !strings.Contains(trail[0].Detail, "月报") {
			t.Fatalf("on the trail: %+v", trail)
		}
	})
}

func TestAnExportHasALimit(t *testing.T) {
	each(t, func(w *world) {
		w.LimitExports(60)
		for range 61 {
			w.apply(w.application())
		}
		_, err := w.exported(clerk(), docket.Filter{}, "月报")
		if msg := fault.FieldsOf(err)["reason"]; !strings.Contains(msg, "超过 60 件") || !strings.Contains(msg, "缩小范围") {
			t.Fatalf("too many: %v", err)
		}
		w.LimitExports(61)
		rows, err := w.exported(clerk(), docket.Filter{}, "月报")
		if w.must(err); len(rows) != 61 || rows[60].ID >= rows[0].ID {
			t.Fatalf("%d rows", len(rows))
		}
	})
}

// A recount that was asked for goes on where it stopped and is done once.
func TestARecountRunsBesideAndOnce(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		admin := access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
		w.accepted(w.application())
		wantFault(t, w.AskRecount(ctx, clerk()), fault.Forbidden, "a clerk's recount")
		w.must(w.AskRecount(ctx, admin))
		last, ok, err := w.LastRecount(ctx)
		if w.must(err); !ok || !last.DoneAt.IsZero() || last.Seen != 0 {
			t.Fatalf("before it runs: %+v", last)
		}
		_, err = w.RunRecounts(ctx)
		w.must(err)
		if last, _, err = w.LastRecount(ctx); err != nil || last.DoneAt.IsZero() || last.Seen == 0 {
			t.Fatalf("after it ran: %+v %v", last, err)
		}
		if n, err := w.RunRecounts(ctx); err != nil || n != 0 {
			t.Fatalf("it ran again: %d %v", n, err)
		}
	})
}
