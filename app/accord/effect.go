package accord

import (
	"context"

	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// takeEffect puts the agreement in force on a day: its points are settled, its obligations become rows with their
// reminders, the first visit is planned, what it replaces ends, and everybody is told.
func (a *act) takeEffect(ctx context.Context, on string) error {
	rule, err := a.s.cases.RuleFor(ctx, a.tx, docket.StepConfirmation, a.c)
	if err != nil {
		return err
	}
	a.a.State, a.a.EffectiveOn, a.a.ConfirmDays, a.a.ConfirmRule = Effective, on, rule.Length, rule.Name
	_, err = a.tx.Exec(ctx, `UPDATE agreements SET state = 'effective', effective_on = ?, confirm_days = ?, confirm_rule = ? WHERE id = ?`,
		on, rule.Length, rule.Name, a.a.ID)
	if err != nil {
		return err
	}
	if err := a.endReplaced(ctx); err != nil {
		return err
	}
	for _, p := range a.a.Body.Settled {
		if _, err := a.tx.Exec(ctx, `UPDATE case_issues SET settled_by = ? WHERE key = ? AND case_id = ?`, a.a.ID, p, a.c.ID); err != nil {
			return err
		}
	}
	if err := a.owe(ctx); err != nil {
		return err
	}
	if err := a.count(ctx, CountAgreements, 1); err != nil {
		return err
	}
	if err := a.planFirstVisit(ctx); err != nil {
		return err
	}
	return a.tellForce(ctx)
}

// owe makes the rows of the obligations.
func (a *act) owe(ctx context.Context) error {
	ids, err := a.partyIDs(ctx)
	if err != nil {
		return err
	}
	open := 0
	for i, d := range a.a.Body.Duties {
		row := DutyRow{Key: d.Key, Seq: i + 1, FromParty: ids[d.From], ToParty: ids[d.To], Amount: int64(d.Amount), State: dutyDue, DueOn: d.Due}
		if d.When == Once {
			row.State, row.DueOn, row.DoneOn, row.Paid = dutyDone, a.a.EffectiveOn, a.a.EffectiveOn, row.Amount
		} else {
			open++
		}
		row.ID, err = a.tx.Insert(ctx, `INSERT INTO agreement_duties (key, agreement_id, case_id, seq, from_party, to_party, amount, paid, due_on, state, done_on)
			VALUES (?,?,?,?,?,?,?,?,?,?,?) RETURNING id`, row.Key, a.a.ID, a.c.ID, row.Seq, row.FromParty, row.ToParty, row.Amount, row.Paid, row.DueOn, row.State, row.DoneOn)
		if err != nil {
			return err
		}
		if err := a.count(ctx, CountDuties, 1); err != nil {
			return err
		}
		if row.State == dutyDone {
			err = a.count(ctx, CountOnTime, 1)
		} else {
			err = a.remindOf(ctx, row)
		}
		if err != nil {
			return err
		}
	}
	if open == 0 {
		a.a.State = Performed
		_, err = a.tx.Exec(ctx, `UPDATE agreements SET state = 'performed' WHERE id = ?`, a.a.ID)
	}
	return err
}

func (a *act) partyIDs(ctx context.Context) (map[string]int64, error) {
	parties, _, err := a.s.cases.PeopleOf(ctx, a.tx, a.c.ID)
	out := map[string]int64{}
	for _, p := range parties {
		out[p.Key] = p.ID
	}
	return out, err
}

// remindOf writes the three reminders of an obligation with a day; those whose day is over already are left out.
func (a *act) remindOf(ctx context.Context, d DutyRow) error {
	if d.DueOn == "" {
		return nil
	}
	rule, err := a.s.cases.RuleFor(ctx, a.tx, docket.StepRemind, a.c)
	if err != nil {
		return err
	}
	due := calendar.MustDay(d.DueOn)
	for kind, day := range map[string]calendar.Day{"before": due - calendar.Day(rule.Length), "on": due, "after": due + 1} {
		if kind != "after" && day.String() < a.tx.Day() {
			continue
		}
		_, err := a.tx.Exec(ctx, `INSERT INTO duty_reminders (duty_id, kind, on_day) VALUES (?,?,?)
			ON CONFLICT (duty_id, kind) DO UPDATE SET on_day = excluded.on_day, done_at = NULL, how = ''`, d.ID, kind, day.String())
		if err != nil {
			return err
		}
	}
	return nil
}

// endReplaced ends the agreement that this one takes the place of, with what is still owed by it.
func (a *act) endReplaced(ctx context.Context) error {
	if a.a.ReplacesID == nil {
		return nil
	}
	old := *a.a.ReplacesID
	if err := a.tx.Swap(ctx, `UPDATE agreements SET state = 'replaced', version = version + 1 WHERE id = ? AND state = 'effective'`, old); err != nil {
		return err
	}
	gone, err := a.tx.Exec(ctx, `UPDATE agreement_duties SET state = 'replaced', version = version + 1 WHERE agreement_id = ? AND state = 'due'`, old)
	if err != nil {
		return err
	}
	_, err = a.tx.Exec(ctx, `UPDATE duty_reminders SET done_at = ?, how = 'skipped' WHERE done_at IS NULL AND duty_id IN
		(SELECT id FROM agreement_duties WHERE agreement_id = ?)`, db.At(a.tx.Now), old)
	if err != nil {
		return err
	}
	if _, err := a.tx.Exec(ctx, `UPDATE case_visits SET state = 'dropped', version = version + 1 WHERE agreement_id = ? AND state = 'planned'`, old); err != nil {
		return err
	}
	if _, err := a.tx.Exec(ctx, `UPDATE case_issues SET settled_by = NULL WHERE settled_by = ?`, old); err != nil {
		return err
	}
	if err := a.count(ctx, CountAgreements, -1); err != nil {
		return err
	}
	return a.count(ctx, CountDuties, -gone)
}

// planFirstVisit plans the visit (回访) that follows the last day of performance.
func (a *act) planFirstVisit(ctx context.Context) error {
	last := a.a.EffectiveOn
	for _, d := range a.a.Body.Duties {
		last = max(last, d.Due)
	}
	return a.planVisitAfter(ctx, last, "协议履行期届满后的例行回访")
}

func (a *act) planVisitAfter(ctx context.Context, day, why string) error {
	rule, err := a.s.cases.RuleFor(ctx, a.tx, docket.StepVisit, a.c)
	if err != nil {
		return err
	}
	days, err := a.s.cal.Workdays(ctx, a.tx)
	if err != nil {
		return err
	}
	due := days.AddNatural(calendar.MustDay(day), rule.Length)
	_, err = a.tx.Exec(ctx, `INSERT INTO case_visits (key, case_id, agreement_id, due_on, why, state) VALUES (?,?,?,?,?,'planned')`,
		seal.NewKey(), a.c.ID, a.a.ID, due.Day.String(), why)
	return err
}

// tellForce tells every party that the agreement is in force; nothing of it stands in the message.
func (a *act) tellForce(ctx context.Context) error {
	parties, _, err := a.parties(ctx)
	if err != nil {
		return err
	}
	body := "调解申请 " + a.c.ApplyNo + "：调解协议已生效，请按约定履行；自生效起 " + itoa(a.a.ConfirmDays) + " 日内各方可以共同申请司法确认。"
	for _, p := range parties {
		if err := a.s.cases.TellParty(ctx, a.tx, a.c, p.ID, "agreement.force", body, a.tx.Now); err != nil {
			return err
		}
	}
	return nil
}
