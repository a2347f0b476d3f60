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
	PartyKind    Kind = "party"    // ref: a mark by which a person is known in all cases
	LecturerKind Kind = "lecturer"
	LearnerKind  Kind = "learner"
)

// Cleaning is how long a room stays taken after a session: airing, tidying, the next
// parties should not meet the last ones in the door.
const Cleaning = 15 * time.Minute

// after is how long a resource stays taken after a session.
func (k Kind) after() time.Duration {
	if k == RoomKind {
		return Cleaning
	}
	return 0
}

// hasHours tells whether a resource is bookable only within hours of its own. Parties,
// learners and lecturers come when they are asked; only their other bookings count.
func (k Kind) hasHours() bool { return k == MediatorKind || k == RoomKind || k == LiaisonKind }

var kindWords = map[Kind]string{MediatorKind: "调解员", RoomKind: "调解室", LiaisonKind: "法院联络员", PartyKind: "当事人",
	LecturerKind: "讲师", LearnerKind: "学员"}

// Label names the kind in Chinese.
func (k Kind) Label() string { return kindWords[k] }

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

	mu     sync.Mutex // guards what follows: results kept until a topic changes
	days   *Workdays
	daysAt string
	kept   keptHours
	next   nextFree
}

// New makes the Service.
func New(d *db.DB, box *seal.Box, trail *audit.Trail) *Service {
	return &Service{db: d, box: box, trail: trail}
}

// Ensure makes the resource or brings its name and state up to date.
func (s *Service) Ensure(ctx context.Context, tx *db.Tx, kind Kind, refID int64, name string, active bool) (int64, error) {
	changed, err := tx.Exec(ctx, `INSERT INTO resources (kind, ref_id, name, active) VALUES (?,?,?,?)
		ON CONFLICT (kind, ref_id) DO UPDATE SET name = excluded.name, active = excluded.active
		WHERE resources.name <> excluded.name OR resources.active <> excluded.active`, kind, refID, name, active)
	if err != nil {
		return 0, err
	}
	if changed > 0 && kind.hasHours() { // else nothing that is kept has changed
		tx.Touch("calendar", "hours")
	}
	return s.ResourceID(ctx, tx, kind, refID)
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

// Bookable lists the active resources of a kind.
func (s *Service) Bookable(ctx context.Context, r db.Reader, kind Kind) ([]Resource, error) {
	var out []Resource
	return out, r.Select(ctx, &out, `SELECT id, kind, ref_id, name, active FROM resources WHERE kind = ? AND active ORDER BY id`, kind)
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
