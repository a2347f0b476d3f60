package calendar

import (
	"context"
	"time"

	"tiaojie/app/access"
	"tiaojie/db"
)

// Entry is a booking in somebody's agenda.
type Entry struct {
	Booking
	ResourceID int64  `db:"resource_id"`
	Role       Kind   `db:"role"`
	Resource   string `db:"resource_name"`
}

const entryColumns = bookingColumns + `, x.resource_id, x.role, n.name AS resource_name`

// Agenda lists what is booked of the resources between two instants, by time. Staff
// with access.BookRead see it.
func (s *Service) Agenda(ctx context.Context, who access.Actor, ids []int64, from, to time.Time) ([]Entry, error) {
	if err := who.Check(access.BookRead); err != nil {
		return nil, err
	}
	return s.agenda(ctx, s.db, ids, from, to)
}

func (s *Service) agenda(ctx context.Context, r db.Reader, ids []int64, from, to time.Time) ([]Entry, error) {
	args := make([]any, 0, len(ids)+4)
	for _, id := range ids {
		args = append(args, id)
	}
	var out []Entry
	return out, r.Select(ctx, &out, `SELECT `+entryColumns+` FROM booking_resources x
		JOIN bookings b ON b.id = x.booking_id JOIN resources n ON n.id = x.resource_id
		WHERE x.resource_id IN (`+db.Marks(len(ids))+`) AND x.active AND x.busy_from > ? AND x.busy_from < ? AND b.ends_at > ?
		AND (b.expires_at IS NULL OR b.expires_at > ?) ORDER BY b.starts_at, b.id, x.resource_id`,
		append(args, db.At(from.Add(-longest)), db.At(to), db.At(from), db.At(s.db.Now()))...)
}

// BookedBetween lists all bookings of the street between two local days, for the
// calendar page, with their rooms, mediators and liaisons. It needs access.BookRead.
func (s *Service) BookedBetween(ctx context.Context, who access.Actor, from, to Day) ([]Entry, error) {
	if err := who.Check(access.BookRead); err != nil {
		return nil, err
	}
	var out []Entry
	return out, s.db.Select(ctx, &out, `SELECT `+entryColumns+` FROM bookings b
		JOIN booking_resources x ON x.booking_id = b.id JOIN resources n ON n.id = x.resource_id
		WHERE b.day >= ? AND b.day <= ? AND b.status IN ('pending', 'confirmed', 'done') AND x.active AND x.role IN ('room', 'mediator', 'liaison')
		ORDER BY b.starts_at, b.id, x.role LIMIT 3000`, from, to)
}
