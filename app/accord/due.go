package accord

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// DueRow is an obligation or a visit whose day is near or over.
type DueRow struct {
	Kind     string  `db:"kind"` // duty, visit
	Key      string  `db:"key"`
	DueOn    string  `db:"due_on"`
	CaseKey  string  `db:"case_key"`
	ApplyNo  string  `db:"apply_no"`
	Number   *string `db:"number"`
	Title    string  `db:"title"`
	Mediator int64   `db:"mediator_id"`
	Words    string  `db:"words"`
}

// No gives the number of the case.
func (r DueRow) No() string {
	if r.Number != nil {
		return *r.Number
	}
	return r.ApplyNo
}

// DueLimit bounds a list of what is due; the oldest come first.
const DueLimit = 200

// Due lists the obligations and visits of the reader's cases that fall due within days from today, overdue ones
// first; one query. A mediator sees the own cases, a room's lead the rooms, clerk and leader the street's.
func (s *Service) Due(ctx context.Context, who access.Actor, within int, limit int) ([]DueRow, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return nil, err
	}
	cond, args := dueScope(who)
	if cond == "" {
		return nil, nil
	}
	until := (calendar.DayOf(s.db.Now()) + calendar.Day(within)).String()
	head := `c.key AS case_key, c.apply_no, c.number, c.title, c.mediator_id, `
	query := `SELECT 'duty' AS kind, d.key, d.due_on, ` + head + `'' AS words FROM agreement_duties d JOIN cases c ON c.id = d.case_id
		WHERE d.state = 'due' AND d.due_on <> '' AND d.due_on <= ? AND (` + cond + `)
		UNION ALL SELECT 'visit', v.key, v.due_on, ` + head + `v.why FROM case_visits v JOIN cases c ON c.id = v.case_id
		WHERE v.state = 'planned' AND v.due_on <= ? AND (` + cond + `) ORDER BY 3, 2 LIMIT ?`
	all := append(append([]any{until}, args...), until)
	all = append(append(all, args...), min(max(limit, 1), DueLimit))
	var out []DueRow
	return out, s.db.Select(ctx, &out, query, all...)
}

// dueScope is the reader's part of the street as a condition, "" for none.
func dueScope(who access.Actor) (cond string, args []any) {
	if who.Can(access.CaseTake) || who.Can(access.CaseLead) || who.IsSystem() {
		return "1 = 1", nil
	}
	var conds []string
	if who.MediatorID != 0 && who.Can(access.CaseWork) {
		conds, args = append(conds, "c.mediator_id = ?"), append(args, who.MediatorID)
	}
	for _, id := range who.RoomIDs {
		conds, args = append(conds, "c.room_id = ?"), append(args, id)
	}
	return strings.Join(conds, " OR "), args
}

// Public is what a party sees of the agreements by number and code: no names and no words.
type Public struct {
	InForce   int    `db:"in_force"`
	Signing   int    `db:"signing"`
	Since     string `db:"since"`
	NextDue   string `db:"next_due"`
	Owed      int    `db:"owed"`
	Confirm   string `db:"-"` // last day of asking for 司法确认, "" when it is over
	Provision bool   `db:"-"`
}

// Public reads it for the track page; the caller has let the party in.
func (s *Service) Public(ctx context.Context, caseID int64) (Public, error) {
	var p Public
	err := s.db.Get(ctx, &p, `SELECT
		(SELECT COUNT(*) FROM agreements WHERE case_id = ? AND state IN ('effective', 'performed')) AS in_force,
		(SELECT COUNT(*) FROM agreements WHERE case_id = ? AND state = 'signing') AS signing,
		COALESCE((SELECT effective_on FROM agreements WHERE case_id = ? AND state IN ('effective', 'performed') ORDER BY effective_on DESC, id DESC LIMIT 1), '') AS since,
		COALESCE((SELECT due_on FROM agreement_duties WHERE case_id = ? AND state = 'due' AND due_on <> '' ORDER BY due_on LIMIT 1), '') AS next_due,
		(SELECT COUNT(*) FROM agreement_duties WHERE case_id = ? AND state = 'due') AS owed`, caseID, caseID, caseID, caseID, caseID)
	if err != nil || p.InForce == 0 {
		return p, err
	}
	var a Agreement
	err = s.db.Get(ctx, &a, `SELECT `+columns+` FROM agreements WHERE case_id = ? AND state = 'effective' ORDER BY effective_on DESC, id DESC LIMIT 1`, caseID)
	if fault.Is(err, fault.NotFound) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	days, err := s.cal.Workdays(ctx, s.db)
	if due := Confirm(days, a); err == nil && due.Day.String() >= db.DayOf(s.db.Now()) {
		p.Confirm, p.Provision = due.Day.String(), due.Provisional
	}
	return p, err
}
