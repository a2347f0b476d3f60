package docket

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
)

// exportLimit bounds an export: more is a copy of the docket, not a list.
const exportLimit = 5000

// ExportRow is a case as it goes out: no summary (it may begin like the story), no statement,
// no record; phones masked.
type ExportRow struct {
	Row
	Sides map[Side][]ExportParty
}

// ExportParty is a party as it goes out.
type ExportParty struct{ Name, Phone string }

// ExportList gives the cases of a filter to take out, newest first. Reason, filter and number stand on
// the trail before the first row is given. It needs access.CaseOut. Form field: reason.
func (s *Service) ExportList(ctx context.Context, who access.Actor, f Filter, reason string) (iter.Seq2[ExportRow, error], error) {
	if err := who.Check(access.CaseOut); err != nil {
		return nil, err
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > 100 {
		return nil, fault.At("reason", "请写明导出的原因，最多 100 字")
	}
	rows, err := s.listed(ctx, who, f)
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return s.trail.Record(ctx, tx, who, "case.export", audit.Ref{Kind: "cases"}, map[string]any{"reason": reason, "n": len(rows), "filter": f.marks()})
	})
	if err != nil {
		return nil, err
	}
	return func(yield func(ExportRow, error) bool) {
		for len(rows) > 0 {
			n := min(PageSize, len(rows))
			page, err := s.exported(ctx, rows[:n])
			rows = rows[n:]
			if err != nil {
				yield(ExportRow{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
		}
	}, nil
}

// marks describes a filter for the trail; what was searched for may be a name and stays out.
func (f Filter) marks() map[string]any {
	return map[string]any{"state": f.State, "open": f.Open, "type": f.Type, "community": f.Community, "mediator": f.Mediator, "room": f.Room,
		"mine": f.Mine, "due": f.Due, "searched": f.Query != ""}
}

// listed reads all rows of a list, page by page; too many are refused.
func (s *Service) listed(ctx context.Context, who access.Actor, f Filter) ([]Row, error) {
	var rows []Row
	cursor := ""
	for {
		l, err := s.List(ctx, who, f, cursor)
		if err != nil {
			return nil, err
		}
		rows = append(rows, l.Rows...)
		if len(rows) > s.exports {
			return nil, fault.At("reason", fmt.Sprintf("符合条件的案件超过 %d 件，一次导不出来。请先用状态、类型、社区等条件缩小范围，再分几次导出", s.exports))
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	if len(rows) == 0 {
		return nil, fault.At("reason", "没有符合条件的案件可以导出")
	}
	return rows, nil
}

// exported adds the parties to some rows.
func (s *Service) exported(ctx context.Context, rows []Row) ([]ExportRow, error) {
	out := make([]ExportRow, len(rows))
	at := make(map[int64]*ExportRow, len(rows))
	args := make([]any, len(rows))
	for i, r := range rows {
		out[i] = ExportRow{Row: r, Sides: map[Side][]ExportParty{}}
		at[r.ID], args[i] = &out[i], r.ID
	}
	var parties []struct {
		CaseID int64  `db:"case_id"`
		Key    string `db:"key"`
		Side   Side   `db:"side"`
		Name   string `db:"name"`
		Sealed []byte `db:"phone_sealed"`
	}
	err := s.db.Select(ctx, &parties, `SELECT case_id, key, side, name, phone_sealed FROM case_parties
		WHERE case_id IN (`+db.Marks(len(args))+`) ORDER BY case_id, seq`, args...)
	if err != nil {
		return nil, err
	}
	for _, p := range parties {
		phone, err := s.box.Open(partyPlace("phone", p.Key), p.Sealed)
		if err != nil {
			return nil, err
		}
		r := at[p.CaseID]
		r.Sides[p.Side] = append(r.Sides[p.Side], ExportParty{p.Name, people.MaskPhone(phone)})
	}
	return out, nil
}
