package accord

import (
	"context"
	"fmt"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// What is counted, by type of dispute and room, in the transaction that changes it.
const (
	CountAgreements = "agreements" // in force, not replaced
	CountDuties     = "duties"     // their obligations, not replaced
	CountOnTime     = "on_time"    // performed by their day
	CountLate       = "late"       // performed after it
	CountReopened   = "reopened"   // earlier cases whose dispute came back
)

func (a *act) count(ctx context.Context, what string, n int64) error {
	return bump(ctx, a.tx, a.c, what, n)
}

func bump(ctx context.Context, tx *db.Tx, c docket.Case, what string, n int64) error {
	if n == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO agreement_counts (type_code, room_id, what, n) VALUES (?,?,?,?)
		ON CONFLICT (what, type_code, room_id) DO UPDATE SET n = agreement_counts.n + excluded.n`, c.TypeCode, c.RoomID, what, n)
	return err
}

// Figures are the numbers of performance, each with what it is made of.
type Figures struct {
	Agreements, Duties, OnTime, Late, Overdue, Open, Reopened int64
}

// Figures gives them for the street, or for one room. It is open to whoever reads figures or all cases.
func (s *Service) Figures(ctx context.Context, who access.Actor, roomID int64) (Figures, error) {
	var f Figures
	if !who.Can(access.Figures) && !who.Can(access.CaseTake) && !who.Can(access.CaseLead) {
		return f, fault.New(fault.Forbidden, "您的岗位没有这项权限")
	}
	where, args := "", []any{}
	if roomID != 0 {
		where, args = " WHERE room_id = ?", []any{roomID}
	}
	var rows []struct {
		What string `db:"what"`
		N    int64  `db:"n"`
	}
	if err := s.db.Select(ctx, &rows, `SELECT what, n FROM agreement_counts`+where, args...); err != nil {
		return f, err
	}
	for _, r := range rows {
		switch r.What {
		case CountAgreements:
			f.Agreements += r.N
		case CountDuties:
			f.Duties += r.N
		case CountOnTime:
			f.OnTime += r.N
		case CountLate:
			f.Late += r.N
		case CountReopened:
			f.Reopened += r.N
		}
	}
	overdue := `SELECT COUNT(*) FROM agreement_duties d JOIN cases c ON c.id = d.case_id WHERE d.state = 'due' AND d.due_on <> '' AND d.due_on < ?`
	if roomID != 0 {
		overdue += ` AND c.room_id = ?`
	}
	err := s.db.Get(ctx, &f.Overdue, overdue, append([]any{db.DayOf(s.db.Now())}, args...)...)
	f.Open = f.Duties - f.OnTime - f.Late
	return f, err
}

// CheckCounts compares the figures with the rows and gives a line for each that drifted.
func (s *Service) CheckCounts(ctx context.Context) ([]string, error) {
	var out []string
	for what, query := range map[string]string{
		CountAgreements: `SELECT COUNT(*) FROM agreements WHERE state IN ('effective', 'performed')`,
		CountDuties:     `SELECT COUNT(*) FROM agreement_duties WHERE state <> 'replaced'`,
		CountOnTime:     `SELECT COUNT(*) FROM agreement_duties WHERE state = 'done' AND (due_on = '' OR done_on <= due_on)`,
		CountLate:       `SELECT COUNT(*) FROM agreement_duties WHERE state = 'done' AND due_on <> '' AND done_on > due_on`,
		CountReopened:   `SELECT COUNT(DISTINCT earlier_id) FROM case_recurrences`,
	} {
		var kept, real int64
		if err := s.db.Get(ctx, &kept, `SELECT COALESCE(CAST(SUM(n) AS BIGINT), 0) FROM agreement_counts WHERE what = ?`, what); err != nil {
			return nil, err
		}
		if err := s.db.Get(ctx, &real, query); err != nil {
			return nil, err
		}
		if kept != real {
			out = append(out, fmt.Sprintf("%s：计数 %d，明细 %d", what, kept, real))
		}
	}
	return out, nil
}
