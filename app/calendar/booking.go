package calendar

import (
	"context"
	"errors"
	"slices"
	"time"

	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Request asks for a booking.
type Request struct {
	Kind       string // mediation, court, class, other
	CaseID     int64  // 0 for none
	Title      string // without names of parties: it appears in calendars
	Place      string
	Start, End time.Time
	Resources  []int64       // all of them, or nothing
	Called     []int64       // of these, who come when they are asked: their hours don't count, their bookings do
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

func (r Request) check(now time.Time) error {
	switch {
	case !r.End.After(r.Start), r.End.Add(Cleaning).Sub(r.Start) > longest:
		return fault.At("slot", "时间段不对，一次最多七小时三刻钟")
	case DayOf(r.Start) != DayOf(r.End.Add(-time.Second)):
		return fault.At("slot", "不能跨过半夜")
	case r.Start.Before(now):
		return fault.At("slot", "这个时间已经过去了，请另选")
	case len(r.Resources) == 0:
		return fault.At("slot", "没有要预约的人或地方")
	}
	return nil
}

// Book takes all resources or none, in the caller's transaction. Errors: Conflict
// that names the resource taken, Invalid when it is outside somebody's hours.
func (s *Service) Book(ctx context.Context, tx *db.Tx, in Request) (Booking, error) {
	parts, err := s.ready(ctx, tx, in)
	if err != nil {
		return Booking{}, err
	}
	b := Booking{UID: seal.NewKey() + "@tiaojie", Kind: in.Kind, Title: in.Title, Place: in.Place, StartsAt: db.At(in.Start), EndsAt: db.At(in.End),
		Day: DayOf(in.Start).String(), Status: "pending", ChangedAt: db.At(tx.Now), Version: 1}
	verb := "book"
	switch {
	case in.Hold > 0:
		b.Status, b.ExpiresAt, verb = "held", db.At(tx.Now.Add(in.Hold)), "hold"
	case in.Confirmed:
		b.Status = "confirmed"
	}
	if in.CaseID != 0 {
		b.CaseID = &in.CaseID
	}
	b.ID, err = tx.Insert(ctx, `INSERT INTO bookings (uid, kind, case_id, title, place, starts_at, ends_at, day, status, expires_at, created_at, changed_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`, b.UID, b.Kind, b.CaseID, b.Title, b.Place, b.StartsAt, b.EndsAt, b.Day, b.Status, b.ExpiresAt,
		b.ChangedAt, b.ChangedAt)
	if err != nil {
		return Booking{}, err
	}
	if err := s.take(ctx, tx, b.ID, in, parts); err != nil {
		return Booking{}, err
	}
	return b, s.note(ctx, tx, b.ID, verb, "")
}

// ready checks what can be checked before anything is written, frees holds that ran
// out, and locks the resources in the one order in which everybody takes them: two
// rows that overlap, put into PostgreSQL's index at the same instant, would wait for
// each other.
func (s *Service) ready(ctx context.Context, tx *db.Tx, in Request) ([]Resource, error) {
	if err := in.check(tx.Now); err != nil {
		return nil, err
	}
	if err := s.releaseExpired(ctx, tx); err != nil {
		return nil, err
	}
	parts, err := s.locked(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	return parts, s.withinHours(ctx, tx, in, parts)
}

// locked reads the resources of a request and keeps others from taking them until the transaction ends.
func (s *Service) locked(ctx context.Context, tx *db.Tx, in Request) ([]Resource, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(in.Resources)))
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	var parts []Resource
	err := tx.Select(ctx, &parts, `SELECT id, kind, ref_id, name, active FROM resources WHERE id IN (`+db.Marks(len(ids))+`) ORDER BY id`+tx.Locking(), args...)
	if err != nil {
		return nil, err
	}
	if len(parts) != len(ids) {
		return nil, fault.New(fault.NotFound, "没有找到要预约的人或地方")
	}
	return parts, nil
}

func (s *Service) withinHours(ctx context.Context, tx *db.Tx, in Request, parts []Resource) error {
	ids := make([]int64, len(parts))
	for i, p := range parts {
		ids[i] = p.ID
	}
	win := windowOf(in.Start, in.End)
	open, err := s.readHours(ctx, tx, ids, win)
	if err != nil {
		return err
	}
	for _, p := range parts {
		switch {
		case slices.Contains(in.Called, p.ID):
		case !p.Active:
			return fault.At("slot", p.say()+"目前停用，请另选")
		case !open[p.ID].covers(win, Span{in.Start, in.End}):
			return fault.At("slot", p.say()+"这个时间不在安排时间内，请另选")
		}
	}
	return nil
}

// say names a resource in a message; never a party.
func (r Resource) say() string {
	if r.Kind == PartyKind {
		return r.Kind.Label()
	}
	return r.Kind.Label() + "“" + r.Name + "”"
}

// take makes the resources busy, in one order for everybody, so that two bookings can
// not wait for each other. The rows of a moved booking are taken up again: whoever is
// no longer part of it keeps an inactive one, by which a feed learns of the change.
func (s *Service) take(ctx context.Context, tx *db.Tx, bookingID int64, in Request, parts []Resource) error {
	for _, p := range parts {
		_, err := tx.Exec(ctx, `INSERT INTO booking_resources (booking_id, resource_id, busy_from, busy_to, active, role) VALUES (?,?,?,?,TRUE,?)
			ON CONFLICT (booking_id, resource_id) DO UPDATE SET busy_from = excluded.busy_from, busy_to = excluded.busy_to, active = TRUE`,
			bookingID, p.ID, db.At(in.Start), db.At(in.End.Add(p.Kind.after())), p.Kind)
		if errors.Is(err, db.ErrOverlap) {
			return fault.Wrap(err, fault.Conflict, "该时段刚被占用："+p.say()+"已有安排，请另选时间")
		}
		if err != nil {
			return err
		}
	}
	tx.Touch("calendar")
	return nil
}

func (s *Service) note(ctx context.Context, tx *db.Tx, id int64, verb, text string) error {
	_, err := tx.Exec(ctx, `INSERT INTO booking_events (booking_id, at, verb, note) VALUES (?,?,?,?)`, id, db.At(tx.Now), verb, text)
	return err
}

// Booking reads one booking.
func (s *Service) Booking(ctx context.Context, r db.Reader, id int64) (Booking, error) {
	var b Booking
	return b, r.Get(ctx, &b, `SELECT `+bookingColumns+` FROM bookings b WHERE b.id = ?`, id)
}
