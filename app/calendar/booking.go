package calendar

import (
	"context"
	"errors"
	"slices"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Part is one resource of a booking.
type Part struct {
	ResourceID int64
	Role       string        // mediator, room, liaison, party …
	After      time.Duration // further time this resource is busy after the end: a room is cleaned, a party goes home
	AnyHours   bool          // a party has no hours; only its other bookings count
}

// Request asks for a booking.
type Request struct {
	Kind       string // mediation, court, class, other
	CaseID     int64  // 0 for none
	Title      string // without names of parties: it appears in calendars
	Place      string
	Start, End time.Time
	Parts      []Part
	Hold       time.Duration // >0: held only, for so long
	Confirmed  bool          // nobody has to accept
}

// Booking is a booked stretch of time. Its uid never changes; sequence grows with
// each new time, so that calendars move the entry instead of doubling it.
type Booking struct {
	ID        int64   `db:"id"`
	UID       string  `db:"uid"`
	Kind      string  `db:"kind"`
	CaseID    *int64  `db:"case_id"`
	Title     string  `db:"title"`
	Place     string  `db:"place"`
	StartsAt  db.Time `db:"starts_at"`
	EndsAt    db.Time `db:"ends_at"`
	Day       string  `db:"day"`
	Status    string  `db:"status"`
	ExpiresAt db.Time `db:"expires_at"`
	Sequence  int     `db:"sequence"`
	Reason    string  `db:"reason"`
	ChangedAt db.Time `db:"changed_at"`
	Version   int64   `db:"version"`
}

const bookingColumns = `b.id, b.uid, b.kind, b.case_id, b.title, b.place, b.starts_at, b.ends_at, b.day, b.status, b.expires_at, b.sequence,
	b.reason, b.changed_at, b.version`

// BookingMove is one lawful step of a booking.
type BookingMove struct {
	Verb string
	From []string
	To   string
}

// BookingMoves is the life of a booking.
var BookingMoves = []BookingMove{
	{"confirm", []string{"held", "pending"}, "confirmed"},
	{"ask", []string{"held"}, "pending"},
	{"cancel", []string{"held", "pending", "confirmed"}, "cancelled"},
	{"expire", []string{"held"}, "expired"},
	{"done", []string{"confirmed"}, "done"},
	{"no_show", []string{"confirmed"}, "no_show"},
}

func (r Request) check(now time.Time) error {
	switch {
	case !r.End.After(r.Start), r.End.Sub(r.Start) > longest:
		return fault.At("slot", "时间段不对,一次最多八小时")
	case DayOf(r.Start) != DayOf(r.End.Add(-time.Second)):
		return fault.At("slot", "不能跨过半夜")
	case r.Start.Before(now):
		return fault.At("slot", "这个时间已经过去了,请另选")
	case len(r.Parts) == 0:
		return fault.At("slot", "没有要预约的人或地方")
	}
	return nil
}

// Book takes all resources or none, in the caller's transaction. Errors: Conflict
// that names the resource taken, Invalid when it is outside somebody's hours.
func (s *Service) Book(ctx context.Context, tx *db.Tx, in Request) (Booking, error) {
	if err := in.check(tx.Now); err != nil {
		return Booking{}, err
	}
	if err := s.releaseExpired(ctx, tx); err != nil {
		return Booking{}, err
	}
	if err := s.withinHours(ctx, tx, in); err != nil {
		return Booking{}, err
	}
	status, expires := "pending", db.Time{}
	switch {
	case in.Hold > 0:
		status, expires = "held", db.At(tx.Now.Add(in.Hold))
	case in.Confirmed:
		status = "confirmed"
	}
	var caseID *int64
	if in.CaseID != 0 {
		caseID = &in.CaseID
	}
	id, err := tx.Insert(ctx, `INSERT INTO bookings (uid, kind, case_id, title, place, starts_at, ends_at, day, status, expires_at, created_at, changed_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`, seal.NewKey()+"@tiaojie", in.Kind, caseID, in.Title, in.Place,
		db.At(in.Start), db.At(in.End), DayOf(in.Start).String(), status, expires, db.At(tx.Now), db.At(tx.Now))
	if err != nil {
		return Booking{}, err
	}
	b, err := s.Booking(ctx, tx, id)
	if err != nil {
		return b, err
	}
	if err := s.take(ctx, tx, b.ID, in); err != nil {
		return b, err
	}
	return b, s.note(ctx, tx, b.ID, "book", "", "")
}

// take inserts the resources in one order for everybody, so that two bookings can
// not wait for each other.
func (s *Service) take(ctx context.Context, tx *db.Tx, bookingID int64, in Request) error {
	parts := slices.Clone(in.Parts)
	slices.SortFunc(parts, func(a, b Part) int { return int(a.ResourceID - b.ResourceID) })
	for _, p := range parts {
		_, err := tx.Exec(ctx, `INSERT INTO booking_resources (booking_id, resource_id, busy_from, busy_to, active, role) VALUES (?,?,?,?,TRUE,?)`,
			bookingID, p.ResourceID, db.At(in.Start), db.At(in.End.Add(p.After)), p.Role)
		if errors.Is(err, db.ErrOverlap) {
			return s.taken(ctx, tx, p)
		}
		if err != nil {
			return err
		}
	}
	tx.Touch("calendar")
	return nil
}

var roleWords = map[string]string{"mediator": "调解员", "room": "调解室", "liaison": "法院联络员", "party": "当事人", "lecturer": "讲师", "learner": "学员"}

func (s *Service) taken(ctx context.Context, tx *db.Tx, p Part) error {
	name := roleWords[p.Role]
	if p.Role != "party" && tx.Dialect() == db.SQLite { // a failed statement ends PostgreSQL's transaction
		var n string
		if err := tx.Get(ctx, &n, `SELECT name FROM resources WHERE id = ?`, p.ResourceID); err == nil {
			name += "(" + n + ")"
		}
	}
	return fault.Wrap(db.ErrOverlap, fault.Conflict, "该时段刚被占用:"+name+"已有安排,请另选时间")
}

func (s *Service) withinHours(ctx context.Context, tx *db.Tx, in Request) error {
	var ids []int64
	for _, p := range in.Parts {
		if !p.AnyHours {
			ids = append(ids, p.ResourceID)
		}
	}
	open, err := s.open(ctx, tx, ids, in.Start, in.End)
	if err != nil {
		return err
	}
	for _, p := range in.Parts {
		if !p.AnyHours && !covered(open[p.ResourceID], Span{in.Start, in.End}) {
			return fault.At("slot", roleWords[p.Role]+"这个时间不在安排时间内,请另选")
		}
	}
	return nil
}

// releaseExpired frees holds that ran out, inside the booking's own transaction: a
// timer alone may be late or not run at all.
func (s *Service) releaseExpired(ctx context.Context, tx *db.Tx) error {
	var ids []int64
	if err := tx.Select(ctx, &ids, `SELECT id FROM bookings WHERE status = 'held' AND expires_at <= ? ORDER BY id`, db.At(tx.Now)); err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.free(ctx, tx, id, "expired", ""); err != nil {
			return err
		}
	}
	return nil
}

// free ends a booking and lets its resources go.
func (s *Service) free(ctx context.Context, tx *db.Tx, id int64, status, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE bookings SET status=?, expires_at=NULL, reason=?, changed_at=?, sequence=sequence+1, version=version+1 WHERE id=?`,
		status, reason, db.At(tx.Now), id)
	if err != nil {
		return err
	}
	tx.Touch("calendar")
	_, err = tx.Exec(ctx, `UPDATE booking_resources SET active = FALSE WHERE booking_id = ?`, id)
	return err
}

func (s *Service) note(ctx context.Context, tx *db.Tx, id int64, verb, by, text string) error {
	_, err := tx.Exec(ctx, `INSERT INTO booking_events (booking_id, at, verb, actor, note) VALUES (?,?,?,?,?)`, id, db.At(tx.Now), verb, by, text)
	return err
}

// Booking reads one booking.
func (s *Service) Booking(ctx context.Context, r db.Reader, id int64) (Booking, error) {
	var b Booking
	return b, r.Get(ctx, &b, `SELECT `+bookingColumns+` FROM bookings b WHERE b.id = ?`, id)
}

// move makes one lawful step.
func (s *Service) move(ctx context.Context, tx *db.Tx, id int64, verb, note string) (Booking, error) {
	b, err := s.Booking(ctx, tx, id)
	if err != nil {
		return b, err
	}
	i := slices.IndexFunc(BookingMoves, func(m BookingMove) bool { return m.Verb == verb })
	if !slices.Contains(BookingMoves[i].From, b.Status) {
		return b, fault.New(fault.Conflict, "这个预约已经变动,请刷新后再操作")
	}
	_, err = tx.Exec(ctx, `UPDATE bookings SET status=?, expires_at=NULL, changed_at=?, version=version+1 WHERE id=?`, BookingMoves[i].To, db.At(tx.Now), id)
	if err != nil {
		return b, err
	}
	tx.Touch("calendar")
	return b, s.note(ctx, tx, id, verb, "", note)
}

// Confirm fixes a pending booking, or a hold that has not run out.
func (s *Service) Confirm(ctx context.Context, tx *db.Tx, id int64) error {
	b, err := s.Booking(ctx, tx, id)
	if err != nil {
		return err
	}
	if b.Status == "held" && !b.ExpiresAt.After(tx.Now) {
		return fault.New(fault.Conflict, "保留的时间已过,请重新选择时间")
	}
	_, err = s.move(ctx, tx, id, "confirm", "")
	return err
}

// Cancel lets a booking go; its entry stays in calendars as cancelled.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	if _, err := s.move(ctx, tx, id, "cancel", reason); err != nil {
		return err
	}
	return s.free(ctx, tx, id, "cancelled", reason)
}

// Done closes a booking that was held. Its past time stays as it was.
func (s *Service) Done(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := s.move(ctx, tx, id, "done", "")
	return err
}

// NoShow notes that somebody did not come.
func (s *Service) NoShow(ctx context.Context, tx *db.Tx, id int64, note string) error {
	_, err := s.move(ctx, tx, id, "no_show", note)
	return err
}

// Reschedule moves a booking to another time or other resources, in one
// transaction: the old time is free and the new one taken, or nothing changed.
func (s *Service) Reschedule(ctx context.Context, tx *db.Tx, id int64, in Request) error {
	b, err := s.Booking(ctx, tx, id)
	if err != nil {
		return err
	}
	if b.Status != "pending" && b.Status != "confirmed" {
		return fault.New(fault.Conflict, "这个预约已经结束或取消,不能改期")
	}
	if err := in.check(tx.Now); err != nil {
		return err
	}
	if err := s.releaseExpired(ctx, tx); err != nil {
		return err
	}
	if err := s.withinHours(ctx, tx, in); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM booking_resources WHERE booking_id = ?`, id); err != nil {
		return err
	}
	status := "pending"
	if in.Confirmed {
		status = "confirmed"
	}
	_, err = tx.Exec(ctx, `UPDATE bookings SET starts_at=?, ends_at=?, day=?, title=?, place=?, status=?, sequence=sequence+1, changed_at=?, version=version+1 WHERE id=?`,
		db.At(in.Start), db.At(in.End), DayOf(in.Start).String(), in.Title, in.Place, status, db.At(tx.Now), id)
	if err != nil {
		return err
	}
	if err := s.take(ctx, tx, id, in); err != nil {
		return err
	}
	return s.note(ctx, tx, id, "move", "", "")
}

// Arrived notes that a resource's person is there.
func (s *Service) Arrived(ctx context.Context, tx *db.Tx, bookingID, resourceID int64) error {
	return tx.Swap(ctx, `UPDATE booking_resources SET arrived_at = ? WHERE booking_id = ? AND resource_id = ? AND arrived_at IS NULL`, db.At(tx.Now), bookingID, resourceID)
}

// Entry is a booking in somebody's agenda.
type Entry struct {
	Booking
	ResourceID int64  `db:"resource_id"`
	Role       string `db:"role"`
	Resource   string `db:"resource_name"`
}

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
	err := r.Select(ctx, &out, `SELECT `+bookingColumns+`, x.resource_id, x.role, n.name AS resource_name
		FROM booking_resources x JOIN bookings b ON b.id = x.booking_id JOIN resources n ON n.id = x.resource_id
		WHERE x.resource_id IN (`+db.Marks(len(ids))+`) AND x.active AND x.busy_from > ? AND x.busy_from < ? AND x.busy_to > ?
		AND (b.expires_at IS NULL OR b.expires_at > ?) ORDER BY b.starts_at, b.id, x.resource_id`,
		append(args, db.At(from.Add(-longest)), db.At(to), db.At(from), db.At(s.db.Now()))...)
	return out, err
}

// PartsOf lists the resources of a booking.
func (s *Service) PartsOf(ctx context.Context, r db.Reader, bookingID int64) ([]Entry, error) {
	var out []Entry
	return out, r.Select(ctx, &out, `SELECT `+bookingColumns+`, x.resource_id, x.role, n.name AS resource_name
		FROM booking_resources x JOIN bookings b ON b.id = x.booking_id JOIN resources n ON n.id = x.resource_id
		WHERE x.booking_id = ? ORDER BY x.role, n.name`, bookingID)
}

// BookedBetween lists all bookings of the street between two local days, for the
// calendar page, with their rooms and mediators.
func (s *Service) BookedBetween(ctx context.Context, who access.Actor, from, to Day) ([]Entry, error) {
	if err := who.Check(access.BookRead); err != nil {
		return nil, err
	}
	var out []Entry
	return out, s.db.Select(ctx, &out, `SELECT `+bookingColumns+`, x.resource_id, x.role, n.name AS resource_name
		FROM bookings b JOIN booking_resources x ON x.booking_id = b.id JOIN resources n ON n.id = x.resource_id
		WHERE b.day >= ? AND b.day <= ? AND b.status IN ('pending', 'confirmed', 'done') AND x.role IN ('room', 'mediator', 'liaison')
		ORDER BY b.starts_at, b.id, x.role LIMIT 3000`, from, to)
}
