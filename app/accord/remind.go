package accord

import (
	"context"
	"errors"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
	"tiaojie/db"
)

// reminder is the actor of what the loop does.
var reminder = access.System("履行提醒")

const (
	remindBatch = 200
	remindHour  = 9 * 60 // nobody is written to at midnight
)

// Remind carries out the reminders whose day has come, and tells how many. The server calls it each minute. It is
// idempotent: a row is ended in the transaction that writes its message, so a crash or a second runner repeats nothing.
func (s *Service) Remind(ctx context.Context) (int, error) {
	type row struct {
		Duty int64  `db:"duty_id"`
		Kind string `db:"kind"`
	}
	var rows []row
	err := s.db.Select(ctx, &rows, `SELECT duty_id, kind FROM duty_reminders WHERE done_at IS NULL AND on_day <= ? ORDER BY on_day, duty_id LIMIT ?`,
		db.DayOf(s.db.Now()), remindBatch)
	if err != nil {
		return 0, err
	}
	n := 0
	var failures []error
	for _, r := range rows {
		sent, err := s.remind(ctx, r.Duty, r.Kind)
		if err != nil {
			failures = append(failures, err) // one case that fails must not stop the others
		}
		if sent {
			n++
		}
	}
	return n, errors.Join(failures...)
}

func (s *Service) remind(ctx context.Context, dutyID int64, kind string) (sent bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		sent = false
		var d DutyRow
		if err := tx.Get(ctx, &d, `SELECT `+dutyColumns+` FROM agreement_duties WHERE id = ?`+tx.Locking(), dutyID); err != nil {
			return err
		}
		// A reminder that comes late after a stop says nothing when a later one is due as well.
		how, today := "sent", tx.Day()
		if d.State != dutyDue || kind != "after" && d.DueOn < today || kind == "before" && d.DueOn == today {
			how = "skipped"
		}
		n, err := tx.Exec(ctx, `UPDATE duty_reminders SET done_at = ?, how = ? WHERE duty_id = ? AND kind = ? AND done_at IS NULL`, db.At(tx.Now), how, dutyID, kind)
		if err != nil || n == 0 || how == "skipped" {
			return err
		}
		sent = true
		c, _, err := s.cases.InScopeID(ctx, tx, reminder, d.CaseID)
		if err != nil {
			return err
		}
		body := "调解申请 " + c.ApplyNo + "：" + reminderText(kind, d.DueOn)
		at := calendar.DayOf(tx.Now).At(remindHour)
		if err := s.cases.TellParty(ctx, tx, c, d.FromParty, "duty."+kind, body, laterOf(at, tx.Now)); err != nil {
			return err
		}
		if kind == "after" {
			if err := s.cases.TellMediator(ctx, tx, c, "duty.overdue", "案件 "+c.No()+" 的一项义务 "+forms.Day(d.DueOn).String()+" 到期，还没有登记履行，请核实。"); err != nil {
				return err
			}
		}
		tx.Touch("cases")
		return s.trail.Record(ctx, tx, reminder, "duty.remind", audit.Ref{Kind: "duty", Key: d.Key}, map[string]string{"kind": kind})
	})
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return sent, err
}

// reminderText names the day and nothing of the dispute: a phone is read over a shoulder.
func reminderText(kind, due string) string {
	day := forms.Day(due).String()
	switch kind {
	case "before":
		return "您有一项约定将在 " + day + " 到期，请按时履行，并保留凭证。"
	case "on":
		return "您有一项约定今天（" + day + "）到期，请今天履行，并把凭证交给调解员。"
	}
	return "您有一项约定已于 " + day + " 到期，还没有收到履行凭证。请尽快履行；已经履行的请把凭证交给调解员，有困难请与我们联系。"
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
