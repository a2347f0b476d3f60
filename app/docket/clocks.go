package docket

import (
	"context"
	"fmt"
	"time"

	"tiaojie/db"
)

// dayEnd is the instant at which a local day is over: its 24:00.
func dayEnd(day string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, db.Shanghai)
	if err != nil {
		return t, fmt.Errorf("docket: %w", err)
	}
	return t.AddDate(0, 0, 1).UTC(), nil
}

// startClock starts a clock of the case by the rule in force for the step.
func (s *Service) startClock(ctx context.Context, tx *db.Tx, c Case, step Step, partyID, sessionID int64) (Clock, error) {
	rule, err := ruleFor(ctx, tx, step, c.TypeCode, c.Origin)
	if err != nil {
		return Clock{}, err
	}
	days, err := s.out.Days(ctx, tx)
	if err != nil {
		return Clock{}, err
	}
	k := newClock(c, rule, tx.Now)
	k.PartyID, k.SessionID = partyID, sessionID
	if err := k.count(days, 0); err != nil {
		return k, err
	}
	return k, insertClock(ctx, tx, &k)
}

func newClock(c Case, rule Rule, start time.Time) Clock {
	k := Clock{CaseID: c.ID, Step: rule.Step, RuleID: rule.ID, RuleName: rule.Name, Unit: rule.Unit, Length: rule.Length, StartedAt: db.At(start)}
	if rule.CountsFrom == "request" {
		k.StartedAt = c.AppliedAt
	}
	return k
}

func insertClock(ctx context.Context, tx *db.Tx, k *Clock) error {
	var err error
	k.ID, err = tx.Insert(ctx, `INSERT INTO case_clocks (case_id, party_id, session_id, step, rule_id, rule_name, unit, length,
		started_at, due_at, due_on, provisional, ended_at, end_how) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`, k.CaseID,
		k.PartyID, k.SessionID, k.Step, k.RuleID, k.RuleName, k.Unit, k.Length, k.StartedAt, k.DueAt, k.DueOn, k.Provisional,
		k.EndedAt, k.EndHow)
	return err
}

// count sets the due day from start, length and the units that a pause adds.
func (k *Clock) count(days DayCounter, paused int) error {
	switch k.Unit {
	case Hours:
		k.DueAt = db.At(k.StartedAt.Add(time.Duration(k.Length+paused) * time.Hour))
		k.DueOn = k.DueAt.Day()
		return nil
	case Natural:
		k.DueOn, k.Provisional = days.Natural(k.StartedAt.Day(), k.Length+paused)
	case Working:
		k.DueOn, k.Provisional = days.Working(k.StartedAt.Day(), k.Length+paused)
	}
	end, err := dayEnd(k.DueOn)
	k.DueAt = db.At(end)
	return err
}

// endClocks ends the running clocks of a case but those of one step; how is met, missed or stopped.
func endClocks(ctx context.Context, tx *db.Tx, caseID int64, except Step, how string) error {
	_, err := tx.Exec(ctx, `UPDATE case_clocks SET ended_at = ?, end_how = ? WHERE case_id = ? AND ended_at IS NULL AND step <> ?`,
		db.At(tx.Now), how, caseID, except)
	return err
}

// endStep ends the running clocks of one step.
func endStep(ctx context.Context, tx *db.Tx, caseID int64, step Step, how string) error {
	_, err := tx.Exec(ctx, `UPDATE case_clocks SET ended_at = ?, end_how = ? WHERE case_id = ? AND ended_at IS NULL AND step = ?`,
		db.At(tx.Now), how, caseID, step)
	return err
}

// pauseTerm stops the mediation term: the time of an appraisal doesn't count (医疗纠纷条例38).
func pauseTerm(ctx context.Context, tx *db.Tx, caseID int64, at db.Time, reason string) error {
	var ids []int64
	err := tx.Select(ctx, &ids, `UPDATE case_clocks SET paused_at = ? WHERE case_id = ? AND step = ? AND ended_at IS NULL
		AND paused_at IS NULL RETURNING id`, at, caseID, StepTerm)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, `INSERT INTO case_clock_pauses (clock_id, reason, from_at) VALUES (?,?,?)`, id, reason, at); err != nil {
			return err
		}
	}
	return nil
}

// resumeTerm lets the term go on; its last day moves by the time it stood.
func (a *act) resumeTerm(ctx context.Context) error {
	var clocks []Clock
	err := a.tx.Select(ctx, &clocks, `SELECT `+clockColumns+` FROM case_clocks WHERE case_id = ? AND step = ? AND ended_at IS NULL
		AND paused_at IS NOT NULL`, a.c.ID, StepTerm)
	if err != nil {
		return err
	}
	for _, k := range clocks {
		if _, err := a.tx.Exec(ctx, `UPDATE case_clock_pauses SET to_at = ? WHERE clock_id = ? AND to_at IS NULL`,
			db.At(a.tx.Now), k.ID); err != nil {
			return err
		}
		k.PausedAt = db.Time{}
		if err := a.s.recountClock(ctx, a.tx, &k, "恢复计算"); err != nil {
			return err
		}
		a.c.DueOn, a.c.Provisional = k.DueOn, k.Provisional
	}
	return nil
}

// recountClock computes a running clock anew, with its pauses, and keeps the old day on record.
func (s *Service) recountClock(ctx context.Context, tx *db.Tx, k *Clock, why string) error {
	days, err := s.out.Days(ctx, tx)
	if err != nil {
		return err
	}
	before := *k
	paused, err := pausedUnits(ctx, tx, *k, days)
	if err != nil {
		return err
	}
	if err := k.count(days, paused); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE case_clocks SET due_at = ?, due_on = ?, provisional = ?, paused_at = ? WHERE id = ? AND ended_at IS NULL`,
		k.DueAt, k.DueOn, k.Provisional, k.PausedAt, k.ID)
	if err == nil && n == 0 {
		*k = before // another transaction ended it meanwhile
	}
	if err != nil || before.DueOn == k.DueOn && before.Provisional == k.Provisional {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO case_clock_changes (clock_id, at, why, old_due, new_due) VALUES (?,?,?,?,?)`,
		k.ID, db.At(tx.Now), why, before.DueOn, k.DueOn)
	return err
}

// pausedUnits gives how many of the clock's own units lie in its finished pauses.
func pausedUnits(ctx context.Context, tx *db.Tx, k Clock, days DayCounter) (int, error) {
	var pauses []struct {
		From db.Time `db:"from_at"`
		To   db.Time `db:"to_at"`
	}
	err := tx.Select(ctx, &pauses, `SELECT from_at, to_at FROM case_clock_pauses WHERE clock_id = ? AND to_at IS NOT NULL ORDER BY id`, k.ID)
	n := 0
	for _, p := range pauses {
		switch k.Unit {
		case Hours:
			n += int(p.To.Sub(p.From.Time) / time.Hour)
		case Natural:
			n += daysBetween(p.From.Day(), p.To.Day())
		case Working:
			n += days.WorkingBetween(p.From.Day(), p.To.Day())
		}
	}
	return n, err
}

func daysBetween(from, to string) int {
	a, _ := time.Parse(time.DateOnly, from) // days written by this program
	b, _ := time.Parse(time.DateOnly, to)
	return int(b.Sub(a) / (24 * time.Hour))
}

// recountBatch bounds how many clocks one transaction computes anew.
const recountBatch = 200

// RecountClocks computes the running clocks counted in days anew after the workday
// table changed, each change on record, and tells how many moved.
func (s *Service) RecountClocks(ctx context.Context) (int, error) {
	moved, last := 0, int64(0)
	for {
		var n, changed int
		var next int64
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, changed, next, err = s.recountSome(ctx, tx, last)
			return err
		})
		if err != nil {
			return moved, err
		}
		if moved, last = moved+changed, next; n < recountBatch {
			return moved, nil
		}
	}
}

// recountSome computes one batch of clocks after the given one anew: how many were seen and moved,
// and which was the last.
func (s *Service) recountSome(ctx context.Context, tx *db.Tx, after int64) (seen, moved int, last int64, err error) {
	last = after
	var clocks []Clock
	err = tx.Select(ctx, &clocks, `SELECT `+clockColumns+` FROM case_clocks WHERE id > ? AND ended_at IS NULL AND unit <> ?
		ORDER BY id LIMIT ?`, after, Hours, recountBatch)
	if err != nil {
		return 0, 0, last, err
	}
	for i := range clocks {
		k := &clocks[i]
		last = k.ID
		was, flag := k.DueOn, k.Provisional
		if err := s.recountClock(ctx, tx, k, "工作日安排有变"); err != nil {
			return 0, 0, last, err
		}
		if was == k.DueOn && flag == k.Provisional {
			continue
		}
		moved++
		if err := carryDue(ctx, tx, *k, was); err != nil {
			return 0, 0, last, err
		}
	}
	return len(clocks), moved, last, nil
}

// carryDue brings a clock's new day to its case: the term's day, and the holder's when it was this clock's.
func carryDue(ctx context.Context, tx *db.Tx, k Clock, was string) error {
	tx.Touch("cases")
	if k.Step == StepTerm {
		_, err := tx.Exec(ctx, `UPDATE cases SET due_on = ?, provisional = ?, version = version + 1 WHERE id = ?`, k.DueOn, k.Provisional, k.CaseID)
		return err
	}
	old, err := dayEnd(was)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE cases SET holder_due = ?, version = version + 1 WHERE id = ? AND holder_due = ?`, k.DueAt, k.CaseID, db.At(old))
	return err
}
