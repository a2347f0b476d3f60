package calendar

import (
	"context"
	"slices"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// BookingMove is one lawful step of a booking.
type BookingMove struct {
	Verb string
	From []string
	To   string
}

// BookingMoves is the life of a booking. Who may take which step is decided by the
// domain that books: a session by the docket, a class by the school.
var BookingMoves = []BookingMove{
	{"confirm", []string{"held", "pending"}, "confirmed"},
	{"move", []string{"pending", "confirmed"}, "pending"},
	{"cancel", []string{"held", "pending", "confirmed"}, "cancelled"},
	{"expire", []string{"held"}, "expired"},
	{"done", []string{"confirmed"}, "done"},
}

func moveOf(verb, status string) (BookingMove, error) {
	i := slices.IndexFunc(BookingMoves, func(m BookingMove) bool { return m.Verb == verb })
	if !slices.Contains(BookingMoves[i].From, status) {
		return BookingMove{}, fault.New(fault.Conflict, "这个预约已经变动，请刷新后再操作")
	}
	return BookingMoves[i], nil
}

// step makes one lawful step by compare-and-set: whoever acted in between wins.
func (s *Service) step(ctx context.Context, tx *db.Tx, id int64, verb, reason string) (Booking, error) {
	b, err := s.Booking(ctx, tx, id)
	if err != nil {
		return b, err
	}
	m, err := moveOf(verb, b.Status)
	if err != nil {
		return b, err
	}
	if b.Status == "held" && verb == "confirm" && !b.ExpiresAt.After(tx.Now) {
		return b, fault.New(fault.Conflict, "保留的时间已过，请重新选择时间")
	}
	if m.To == "cancelled" {
		b.Sequence++ // calendars take a change only with a higher number
	}
	err = tx.Swap(ctx, `UPDATE bookings SET status=?, expires_at=NULL, reason=?, sequence=?, changed_at=?, version=version+1
		WHERE id=? AND status=? AND version=?`, m.To, reason, b.Sequence, db.At(tx.Now), id, b.Status, b.Version)
	if err != nil {
		return b, err
	}
	tx.Touch("calendar")
	return b, s.note(ctx, tx, id, verb, reason)
}

// Confirm fixes a pending booking, or a hold that has not run out.
func (s *Service) Confirm(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := s.step(ctx, tx, id, "confirm", "")
	return err
}

// Cancel lets a booking go; its entry stays in calendars as cancelled.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	if _, err := s.step(ctx, tx, id, "cancel", reason); err != nil {
		return err
	}
	return s.letGo(ctx, tx, id)
}

// Done closes a booking that took place. What is left of its time is free again,
// except a room's cleaning.
func (s *Service) Done(ctx context.Context, tx *db.Tx, id int64) error {
	b, err := s.step(ctx, tx, id, "done", "")
	if err != nil || !tx.Now.After(b.StartsAt.Time) || !tx.Now.Before(b.EndsAt.Time) {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE booking_resources SET busy_to = busy_to - ? WHERE booking_id = ? AND active`,
		b.EndsAt.Unix()-tx.Now.Unix(), id)
	return err
}

// Retake changes which resources of one kind a booking that stands takes; its time and all
// others stay. Errors: Conflict when one of them is taken.
func (s *Service) Retake(ctx context.Context, tx *db.Tx, id int64, kind Kind, resources []int64) error {
	b, err := s.Booking(ctx, tx, id)
	if err != nil {
		return err
	}
	if b.Status != "pending" && b.Status != "confirmed" {
		return fault.New(fault.Conflict, "这个预约已经变动，请刷新后再操作")
	}
	if _, err := tx.Exec(ctx, `UPDATE booking_resources SET active = FALSE WHERE booking_id = ? AND role = ?`, id, kind); err != nil {
		return err
	}
	tx.Touch("calendar")
	if len(resources) == 0 {
		return nil
	}
	in := Request{Start: b.StartsAt.Time, End: b.EndsAt.Time, Resources: resources}
	parts, err := s.locked(ctx, tx, in)
	if err != nil {
		return err
	}
	return s.take(ctx, tx, id, in, parts)
}

func (s *Service) letGo(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE booking_resources SET active = FALSE WHERE booking_id = ?`, id)
	return err
}

// Reschedule moves a booking to another time or other resources, in one
// transaction: the old time is free and the new one taken, or nothing changed.
func (s *Service) Reschedule(ctx context.Context, tx *db.Tx, id int64, in Request) error {
	b, err := s.Booking(ctx, tx, id)
	if err != nil {
		return err
	}
	m, err := moveOf("move", b.Status)
	if err != nil {
		return err
	}
	parts, err := s.ready(ctx, tx, in)
	if err != nil {
		return err
	}
	if in.Confirmed {
		m.To = "confirmed"
	}
	err = tx.Swap(ctx, `UPDATE bookings SET starts_at=?, ends_at=?, day=?, title=?, place=?, status=?, sequence=sequence+1, changed_at=?, version=version+1
		WHERE id=? AND status=? AND version=?`,
		db.At(in.Start), db.At(in.End), DayOf(in.Start).String(), in.Title, in.Place, m.To, db.At(tx.Now), id, b.Status, b.Version)
	if err != nil {
		return err
	}
	if err := s.letGo(ctx, tx, id); err != nil {
		return err
	}
	if err := s.take(ctx, tx, id, in, parts); err != nil {
		return err
	}
	return s.note(ctx, tx, id, m.Verb, "")
}

// releaseExpired frees holds that ran out, inside the booking's own transaction: a
// timer alone may be late or not run at all.
func (s *Service) releaseExpired(ctx context.Context, tx *db.Tx) error {
	var ids []int64
	if err := tx.Select(ctx, &ids, `SELECT id FROM bookings WHERE status = 'held' AND expires_at <= ? ORDER BY id`, db.At(tx.Now)); err != nil {
		return err
	}
	for _, id := range ids {
		n, err := tx.Exec(ctx, `UPDATE bookings SET status = 'expired', expires_at = NULL, changed_at = ?, version = version + 1
			WHERE id = ? AND status = 'held'`, db.At(tx.Now), id)
		if err != nil {
			return err
		}
		if n == 0 {
			continue // confirmed or released by somebody else in this moment
		}
		if err := s.letGo(ctx, tx, id); err != nil {
			return err
		}
		if err := s.note(ctx, tx, id, "expire", ""); err != nil {
			return err
		}
	}
	return nil
}
