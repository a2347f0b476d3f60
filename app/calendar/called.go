package calendar

import (
	"context"
	"slices"
	"time"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// Clash is why somebody can't come when called: another booking, or leave.
type Clash struct {
	ResourceID int64   `db:"resource_id"`
	What       string  `db:"what"`
	From       db.Time `db:"busy_from"`
	To         db.Time `db:"busy_to"`
	Leave      bool    `db:"away"`
}

// Clashes names what the resources have at a time, by resource and time; except is the
// booking that they are called to. A booking can't be overruled, leave can.
func (s *Service) Clashes(ctx context.Context, r db.Reader, ids []int64, from, to time.Time, except int64) ([]Clash, error) {
	var out []Clash
	for part := range slices.Chunk(ids, 500) { // engines bound the number of parameters
		var some []Clash
		args := []any{}
		for _, id := range part {
			args = append(args, id)
		}
		marks := db.Marks(len(part))
		args = append(args, db.At(to), db.At(from), except, db.At(s.db.Now()))
		args = append(args, args[:len(part)]...)
		args = append(args, db.At(to), db.At(from))
		err := r.Select(ctx, &some, `SELECT x.resource_id, b.title AS what, x.busy_from, x.busy_to, FALSE AS away
			FROM booking_resources x JOIN bookings b ON b.id = x.booking_id
			WHERE x.resource_id IN (`+marks+`) AND x.active AND x.busy_from < ? AND x.busy_to > ? AND x.booking_id <> ?
			AND (b.expires_at IS NULL OR b.expires_at > ?)
			UNION ALL SELECT e.resource_id, e.reason, e.from_at, e.to_at, TRUE FROM availability_exceptions e
			WHERE e.resource_id IN (`+marks+`) AND e.kind = 'closed' AND e.removed_at IS NULL AND e.from_at < ? AND e.to_at > ?
			ORDER BY 1, 3`, args...)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Join calls a person to a booking that stands. Errors: Conflict that says what the
// person has at that time.
func (s *Service) Join(ctx context.Context, tx *db.Tx, bookingID, resourceID int64) error {
	if err := s.releaseExpired(ctx, tx); err != nil {
		return err
	}
	b, err := s.Booking(ctx, tx, bookingID)
	if err != nil {
		return err
	}
	var who Resource // locked: who books it at the same instant comes before or after
	if err := tx.Get(ctx, &who, `SELECT id, kind, ref_id, name, active FROM resources WHERE id = ?`+tx.Locking(), resourceID); err != nil {
		return err
	}
	clashes, err := s.Clashes(ctx, tx, []int64{resourceID}, b.StartsAt.Time, b.EndsAt.Time, bookingID)
	if err != nil {
		return err
	}
	for _, c := range clashes {
		if !c.Leave {
			return fault.New(fault.Conflict, who.Name+"这个时间已有安排："+c.Say())
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO booking_resources (booking_id, resource_id, busy_from, busy_to, active, role) VALUES (?,?,?,?,TRUE,?)
		ON CONFLICT (booking_id, resource_id) DO UPDATE SET busy_from = excluded.busy_from, busy_to = excluded.busy_to, active = TRUE`,
		bookingID, resourceID, b.StartsAt, b.EndsAt, who.Kind)
	tx.Touch("calendar")
	return err
}

// Part lets a person go from a booking that goes on without; the feed learns of it.
func (s *Service) Part(ctx context.Context, tx *db.Tx, bookingID, resourceID int64) error {
	tx.Touch("calendar")
	_, err := tx.Exec(ctx, `UPDATE booking_resources SET active = FALSE WHERE booking_id = ? AND resource_id = ?`, bookingID, resourceID)
	return err
}

// Say tells the clash in a few words: when, and what.
func (c Clash) Say() string {
	a, b := c.From.In(db.Shanghai), c.To.In(db.Shanghai)
	end := b.Format("15:04")
	if DayOf(a) != DayOf(b.Add(-time.Second)) {
		end = b.Format("1月2日15:04")
	}
	what := c.What
	switch {
	case c.Leave && what == "":
		what = "请假"
	case c.Leave:
		what = "请假（" + what + "）"
	}
	return a.Format("1月2日15:04") + "–" + end + " " + what
}
