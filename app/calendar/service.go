// Package calendar keeps the one calendar of everything that can be booked, and
// counts days by the street's workday table.
//
//	Ensure(ctx, tx, kind, refID, name, active) (resourceID, error)   a mediator, room, liaison, party …
//	SetRules, AddException, RemoveException                          weekly hours, leave, extra days, court slots
//	Free(ctx, r, resourceIDs, from, to) (map[int64][]Span, error)    real free time
//	NextFree(ctx, resourceIDs) (map[int64]time.Time, error)  for the marketplace, cached
//	Book, Reschedule, Cancel, Answer, Hold, ConfirmHold, Done        each in the caller's transaction
//	Agenda(ctx, r, …) ([]Entry, error)                               what is booked
//	Workdays(ctx, r) (*Workdays, error)                              the table in force
package calendar

import (
	"context"
	"sync"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Kind is what sort of resource can be booked.
type Kind string

const (
	MediatorKind Kind = "mediator" // ref: mediator id
	RoomKind     Kind = "room"     // ref: room id
	LiaisonKind  Kind = "liaison"  // ref: account id
	PartyKind    Kind = "party"    // ref: party id of a case
	LecturerKind Kind = "lecturer"
	LearnerKind  Kind = "learner"
)

// Resource is something that can be in one place at a time.
type Resource struct {
	ID     int64  `db:"id"`
	Kind   Kind   `db:"kind"`
	RefID  int64  `db:"ref_id"`
	Name   string `db:"name"`
	Active bool   `db:"active"`
}

// Span is a half-open stretch of time.
type Span struct{ Start, End time.Time }

// Service keeps the calendar.
type Service struct {
	db    *db.DB
	box   *seal.Box
	trail *audit.Trail

	mu       sync.Mutex
	days     *Workdays
	daysAt   string
	next     map[int64]time.Time
	nextAt   string
	nextFrom time.Time
}

// New makes the Service.
func New(d *db.DB, box *seal.Box, trail *audit.Trail) *Service {
	return &Service{db: d, box: box, trail: trail}
}

// Ensure makes the resource or brings its name and state up to date.
func (s *Service) Ensure(ctx context.Context, tx *db.Tx, kind Kind, refID int64, name string, active bool) (int64, error) {
	tx.Touch("calendar")
	return tx.Insert(ctx, `INSERT INTO resources (kind, ref_id, name, active) VALUES (?,?,?,?)
		ON CONFLICT (kind, ref_id) DO UPDATE SET name = excluded.name, active = excluded.active RETURNING id`, kind, refID, name, active)
}

// ResourceID finds a resource by what it stands for; 0 when there is none yet.
func (s *Service) ResourceID(ctx context.Context, r db.Reader, kind Kind, refID int64) (int64, error) {
	var id int64
	err := r.Get(ctx, &id, `SELECT id FROM resources WHERE kind = ? AND ref_id = ?`, kind, refID)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return id, err
}

// ResourceIDs maps the refs of one kind to resource ids; missing ones are left out.
func (s *Service) ResourceIDs(ctx context.Context, r db.Reader, kind Kind, refs []int64) (map[int64]int64, error) {
	args := []any{kind}
	for _, ref := range refs {
		args = append(args, ref)
	}
	var rows []Resource
	err := r.Select(ctx, &rows, `SELECT id, kind, ref_id, name, active FROM resources WHERE kind = ? AND ref_id IN (`+db.Marks(len(refs))+`)`, args...)
	out := make(map[int64]int64, len(rows))
	for _, row := range rows {
		out[row.RefID] = row.ID
	}
	return out, err
}

// mayKeep tells whether the actor keeps the hours of a resource: a mediator and a
// liaison the own ones, a room's lead the room's, the clerk's office all.
func mayKeep(who access.Actor, kind Kind, refID int64) error {
	ok := who.IsSystem()
	switch kind {
	case MediatorKind:
		ok = ok || who.Can(access.RosterRun) || who.Can(access.OwnTime) && who.MediatorID == refID
	case RoomKind:
		ok = ok || who.Can(access.RoomAdmin) || who.LeadsRoom(refID)
	case LiaisonKind:
		ok = ok || who.Can(access.CourtDesk) && who.AccountID == refID
	}
	if !ok {
		return fault.New(fault.NotFound, "没有找到这份日程")
	}
	return nil
}

// Workdays gives the table in force: the notices that the program carries, and
// those entered since; the newest of a year counts. Cached until the calendar changes.
func (s *Service) Workdays(ctx context.Context, r db.Reader) (*Workdays, error) {
	version, err := s.db.Version(ctx, "workdays")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	if s.days != nil && s.daysAt == version {
		defer s.mu.Unlock()
		return s.days, nil
	}
	s.mu.Unlock()
	var rows []struct {
		Year   int    `db:"year"`
		Source string `db:"source"`
		Body   string `db:"body"`
	}
	if err := r.Select(ctx, &rows, `SELECT year, source, body FROM workday_notices ORDER BY id`); err != nil {
		return nil, err
	}
	notices := append([]Notice{}, BuiltinNotices()...)
	for _, row := range rows {
		n, err := ParseNotice(row.Year, row.Source, row.Body)
		if err != nil {
			return nil, err
		}
		notices = append(notices, n)
	}
	w := newest(notices)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.days, s.daysAt = w, version
	return w, nil
}

// newest keeps the last notice of each year.
func newest(notices []Notice) *Workdays {
	last := map[int]Notice{}
	for _, n := range notices {
		last[n.Year] = n
	}
	var kept []Notice
	for _, n := range last {
		kept = append(kept, n)
	}
	return NewWorkdays(kept...)
}

// EnterNotice adds or corrects a year's arrangement of days off. It needs access.Settings.
func (s *Service) EnterNotice(ctx context.Context, who access.Actor, year int, source, body string) error {
	if err := who.Check(access.Settings); err != nil {
		return err
	}
	if source == "" {
		return fault.At("source", "请写明是哪个通知")
	}
	n, err := ParseNotice(year, source, body)
	if err != nil {
		return fault.At("body", err.Error())
	}
	if len(n.Days) == 0 {
		return fault.At("body", "请逐行写出放假和调休的日期")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO workday_notices (year, source, body, entered_by, entered_at) VALUES (?,?,?,?,?)`,
			year, source, body, who.Name, db.At(tx.Now))
		if err != nil {
			return err
		}
		tx.Touch("workdays", "calendar")
		return s.trail.Record(ctx, tx, who, "workdays.enter", audit.Ref{Kind: "workdays", Key: source}, year)
	})
}
