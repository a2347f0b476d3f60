package docket

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/db"
)

// Reminders go out a day and two hours before a fixed date. Each is a row per time of the
// session: a repetition, a second runner or a restart finds the row and says nothing, a new
// time has rows of its own. What they say is read when they are sent, so that a corrected
// phone or another room is the one that is told.

// Rules of reminders.
const (
	RemindDay   = "day"   // 24 hours before
	RemindHours = "hours" // two hours before
)

var remindBefore = map[string]time.Duration{RemindDay: 24 * time.Hour, RemindHours: 2 * time.Hour}

// Nobody is called between 21:00 and 8:00, but for a session that begins before.
const quietFrom, quietTo = 21, 8

const reminderBatch = 200

// reminderRunner is the actor of reminders.
var reminderRunner = access.System("提醒")

type dueReminder struct {
	ID   int64
	Rule string
}

// SendReminders writes the reminders that are due and tells how many sessions got one. The
// server calls it each minute. After a standstill only the one that is still of use goes out.
func (s *Service) SendReminders(ctx context.Context) (int, error) {
	due, err := s.dueReminders(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	var failures []error
	for _, d := range due {
		// One session that can't be told of must not keep the others waiting.
		sent, err := s.remind(ctx, d)
		if err != nil {
			failures = append(failures, err)
		}
		if sent {
			n++
		}
	}
	return n, errors.Join(failures...)
}

func (s *Service) dueReminders(ctx context.Context) ([]dueReminder, error) {
	now := s.db.Now()
	var rows []struct {
		ID       int64   `db:"id"`
		StartsAt db.Time `db:"starts_at"`
		Day      bool    `db:"day_done"`
		Hours    bool    `db:"hours_done"`
	}
	const done = `EXISTS (SELECT 1 FROM case_reminders r WHERE r.session_id = s.id AND r.sequence = s.sequence AND r.rule = `
	err := s.db.Select(ctx, &rows, `SELECT id, starts_at, day_done, hours_done FROM (
		SELECT s.id, s.starts_at, `+done+`'day') AS day_done, `+done+`'hours') AS hours_done FROM case_sessions s
		WHERE s.state IN ('asked', 'fixed', 'begun') AND s.state = 'fixed' AND s.starts_at > ? AND s.starts_at <= ?) AS d
		WHERE NOT hours_done AND (NOT day_done OR starts_at <= ?) ORDER BY starts_at, id LIMIT ?`,
		db.At(now), db.At(now.Add(remindBefore[RemindDay])), db.At(now.Add(remindBefore[RemindHours])), reminderBatch)
	if err != nil {
		return nil, err
	}
	var out []dueReminder
	for _, r := range rows {
		if quiet(now) && r.StartsAt.After(quietEnd(now)) {
			continue
		}
		rule := RemindDay
		if !r.StartsAt.After(now.Add(remindBefore[RemindHours])) {
			rule = RemindHours
		}
		out = append(out, dueReminder{r.ID, rule})
	}
	return out, nil
}

func quiet(t time.Time) bool {
	h := t.In(db.Shanghai).Hour()
	return h >= quietFrom || h < quietTo
}

// quietEnd is the next 8:00.
func quietEnd(t time.Time) time.Time {
	local := t.In(db.Shanghai)
	end := time.Date(local.Year(), local.Month(), local.Day(), quietTo, 0, 0, 0, db.Shanghai)
	if !end.After(t) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

func (s *Service) remind(ctx context.Context, d dueReminder) (sent bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		sent = false
		var ses Session
		// The row is held, so that a cancellation in this moment comes wholly before or after.
		err := tx.Get(ctx, &ses, `SELECT `+sessionColumns+` FROM case_sessions WHERE id = ? AND state = 'fixed' AND starts_at > ?`+tx.Locking(),
			d.ID, db.At(tx.Now))
		if fault.Is(err, fault.NotFound) {
			return nil // cancelled, moved or begun meanwhile
		}
		if err != nil {
			return err
		}
		// Who was told of the date within the reminder's own time needs none.
		useful := !ses.AnsweredAt.After(ses.StartsAt.Add(-remindBefore[d.Rule]))
		n, err := tx.Exec(ctx, `INSERT INTO case_reminders (session_id, sequence, rule, at, sent) VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING`,
			ses.ID, ses.Sequence, d.Rule, db.At(tx.Now), useful)
		if err != nil || n == 0 || !useful {
			return err
		}
		sent = true
		return s.sendReminder(ctx, tx, ses, d.Rule)
	})
	return sent, err
}

func (s *Service) sendReminder(ctx context.Context, tx *db.Tx, ses Session, rule string) error {
	var c Case
	if err := tx.Get(ctx, &c, `SELECT `+caseColumns+` FROM cases c WHERE c.id = ?`, ses.CaseID); err != nil {
		return err
	}
	a := &act{s: s, tx: tx, who: reminderRunner, hands: []Hand{HandSystem}, old: c, c: c}
	place, err := s.placeOf(ctx, tx, ses)
	if err != nil {
		return err
	}
	r := reminder{act: a, ses: ses, rule: rule, place: place}
	if err := r.parties(ctx); err != nil {
		return err
	}
	if err := r.staff(ctx); err != nil {
		return err
	}
	words := "已提前一天提醒各方"
	if rule == RemindHours {
		words = "已提前两小时提醒各方"
	}
	if err := a.event(ctx, "remind", c.State, false, words); err != nil {
		return err
	}
	return s.trail.Record(ctx, tx, reminderRunner, "session.remind", audit.Ref{Kind: "case", Key: c.Key}, map[string]any{"session": ses.Key, "rule": rule})
}

// reminder is one reminder being written.
type reminder struct {
	*act
	ses   Session
	rule  string
	place Place
}

// dedup names the reminder to one person: the outbox takes each name once.
func (r reminder) dedup(whom string) string {
	return fmt.Sprintf("%s%d:%s:%s", remindPrefix(r.ses.ID), r.ses.Sequence, r.rule, whom)
}

// remindPrefix begins the names of all reminders of a session; what is unsent of them is
// withdrawn when the date moves or falls.
func remindPrefix(sessionID int64) string { return "session:" + itoa(sessionID) + ":" }

// text is what a party reads: when, where, how to get there, what to bring, how to move it.
func (r reminder) text() string {
	body := "【街道调解】提醒您：调解申请 " + r.c.ApplyNo + " 的调解在 " + when(r.ses.StartsAt.Time) + "。地点：" + r.place.words() + "。"
	if r.place.Directions != "" {
		body += "怎么去：" + r.place.Directions + "。"
	}
	body += "请带身份证件和有关材料，替别人来的还要带授权委托书。来不了请尽早"
	if r.place.Phone != "" {
		body += "打电话 " + r.place.Phone + " "
	} else {
		body += "联系街道窗口"
	}
	return body + "改期，也可以到 " + r.s.out.BaseURL + "/track 查看进展。"
}

func (r reminder) parties(ctx context.Context) error {
	ps, err := partiesOf(ctx, r.tx, r.c.ID)
	if err != nil {
		return err
	}
	for _, p := range ps {
		if p.Side != SideApplicant && p.Consent != "agreed" {
			continue
		}
		if err := r.party(ctx, p); err != nil {
			return err
		}
		agents, err := r.s.actingFor(ctx, r.tx, p)
		if err != nil {
			return err
		}
		for _, g := range agents {
			err := r.s.outbox.Send(ctx, r.tx, notify.Message{Kind: "session.remind", Channel: notify.SMS, CaseKey: r.c.Key, ToName: g.Name,
				To: g.Phone, Body: r.text(), Dedup: r.dedup("agent" + itoa(g.ID))})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// party writes to a phone; who has none can't be reached by letter in time and goes, a day
// before, on the list of those whom the window makes it known to.
func (r reminder) party(ctx context.Context, p PartyView) error {
	f, err := r.s.OpenParty(p)
	if err != nil {
		return err
	}
	m := notify.Message{Kind: "session.remind", Channel: notify.SMS, CaseKey: r.c.Key, ToName: p.Name, To: f.Phone, Body: r.text(),
		Dedup: r.dedup("party" + itoa(p.ID))}
	if f.Phone == "" {
		if r.rule == RemindHours || f.Address == "" {
			return nil
		}
		m.Channel, m.To = notify.Phone, f.Address
	}
	return r.s.outbox.Send(ctx, r.tx, m)
}

// staff reminds the mediator and the liaison at their desks.
func (r reminder) staff(ctx context.Context) error {
	ms, err := r.s.out.Mediators(ctx, r.tx, []int64{r.ses.MediatorID})
	if err != nil {
		return err
	}
	body := "提醒：案件 " + r.c.No() + " 的调解在 " + when(r.ses.StartsAt.Time) + "，地点：" + r.place.words() + "。"
	for _, m := range ms {
		if err := r.desk(ctx, "mediator", m.AccountID, m.Name, body+"请先看案情和利益冲突提示；来不了请马上改期或告诉窗口。"); err != nil {
			return err
		}
	}
	if r.ses.LiaisonID == 0 {
		return nil
	}
	return r.desk(ctx, "liaison", r.ses.LiaisonID, "法院联络员", body+"来不了请马上告诉街道窗口。")
}

func (r reminder) desk(ctx context.Context, whom string, accountID int64, name, body string) error {
	m := notify.Message{Kind: "session.remind", Channel: notify.InApp, AccountID: accountID, CaseKey: r.c.Key, ToName: name, Body: body,
		Dedup: r.dedup(whom)}
	if accountID == 0 {
		m.Channel, m.To = notify.Phone, name
	}
	return r.s.outbox.Send(ctx, r.tx, m)
}

// Place is where a session is held, as people need it to get there.
type Place struct{ Name, Address, Directions, Phone string }

func (p Place) words() string {
	if p.Name == "" {
		return "由调解员与您约定"
	}
	return p.Name + "，" + p.Address
}

func (s *Service) placeOf(ctx context.Context, r db.Reader, ses Session) (Place, error) {
	if ses.RoomID == 0 {
		return Place{}, nil
	}
	return s.out.Bookings.Place(ctx, r, ses.RoomID)
}
