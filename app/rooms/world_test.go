package rooms_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// world is a street with its rooms, their calendar beside them as the program wires it.
type world struct {
	*rooms.Service
	t      *testing.T
	d      *db.DB
	clock  *dbtest.Clock
	trail  *audit.Trail
	files  *files.Store
	people *people.Service
	cal    *calendar.Service
	n      int
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { f(t, newWorld(t, d, clock)) })
}

func newWorld(t *testing.T, d *db.DB, clock *dbtest.Clock) *world {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, d: d, clock: clock, trail: audit.New(box), files: files.New(box, t.TempDir())}
	w.people = people.New(d, box, w.trail, notify.New(d, box), people.Options{})
	w.cal = calendar.New(d, box, w.trail)
	w.Service = rooms.New(d, w.trail, w.files)
	w.Hooks.Changed = func(ctx context.Context, tx *db.Tx, r rooms.Room, bookable bool) error {
		_, err := w.cal.Ensure(ctx, tx, calendar.RoomKind, r.ID, r.ShortName, bookable)
		return err
	}
	w.must(w.people.Prepare(t.Context()))
	sys := access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
	for i := range 2 {
		w.must(w.people.AddCommunity(t.Context(), sys, fmt.Sprint("c", i), people.Community{Code: fmt.Sprint("c", i+1), Name: fmt.Sprintf("示例%d社区", i+1)}))
		w.must(w.people.AddCommittee(t.Context(), sys, fmt.Sprint("k", i), people.Committee{Code: fmt.Sprint("k", i+1), Name: fmt.Sprintf("演示%d调委会", i+1), Org: fmt.Sprint("演", i+1), Kind: "street"}))
	}
	for i := range 3 {
		w.must(d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.people.InsertMediator(t.Context(), tx, people.MediatorInput{Name: fmt.Sprint("演示", i+1), RepKind: "pro",
				Employment: "full", Types: []string{"neighbour"}, Phone: fmt.Sprintf("1990000000%d", i+1)})
			return err
		}))
	}
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) form() string {
	w.n++
	return fmt.Sprintf("form-%s-%020d", strings.ReplaceAll(w.t.Name(), "/", "-"), w.n)
}

// The people of the street.
var (
	clerk  = access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}
	leader = access.Actor{AccountID: 60, Name: "演示领导", Roles: []access.Role{access.Leader}}
)

func lead(ids ...int64) access.Actor {
	return access.Actor{AccountID: 50, Name: "演示负责人", Roles: []access.Role{access.RoomLead}, RoomIDs: ids}
}

func input(kind rooms.Kind, name string) rooms.Input {
	return rooms.Input{Kind: kind, FullName: "演示1调委会" + name + "调解工作室", ShortName: name + "调解室", CommitteeID: 1, CommunityID: 1,
		Types: []string{"neighbour"}, Address: "演示路 1 号", Seats: 8}
}

func (w *world) create(in rooms.Input) rooms.Room {
	w.t.Helper()
	key, err := w.Create(w.t.Context(), clerk, w.form(), in)
	w.must(err)
	return w.read(key)
}

func (w *world) read(key string) rooms.Room {
	w.t.Helper()
	r, err := w.Room(w.t.Context(), w.d, key)
	w.must(err)
	return r
}

// open makes a plain room that takes sessions, on weekdays from 9 to 12.
func (w *world) open(name string) rooms.Room {
	w.t.Helper()
	r := w.create(input(rooms.Plain, name))
	w.must(w.Advance(w.t.Context(), clerk, r.Key, rooms.Step{Verb: rooms.VerbOpen, Version: r.Version}))
	var rules []calendar.Rule
	for day := 1; day <= 5; day++ {
		rules = append(rules, calendar.Rule{Weekday: day, FromMin: 540, ToMin: 720})
	}
	_, err := w.cal.SetRules(w.t.Context(), clerk, calendar.RoomKind, r.ID, rules)
	w.must(err)
	return w.read(r.Key)
}

func (w *world) resource(r rooms.Room) int64 {
	w.t.Helper()
	id, err := w.cal.ResourceID(w.t.Context(), w.d, calendar.RoomKind, r.ID)
	if w.must(err); id == 0 {
		w.t.Fatalf("%s has no calendar", r.ShortName)
	}
	return id
}

// at is a local time; the test clock stands at Tuesday 2026-11-24 10:00.
func at(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, db.Shanghai) }

func (w *world) book(r rooms.Room, from time.Time) error {
	return w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := w.cal.Book(w.t.Context(), tx, calendar.Request{Kind: "mediation", Title: "调解", Start: from, End: from.Add(time.Hour),
			Resources: []int64{w.resource(r)}, Confirmed: true})
		return err
	})
}

func (w *world) booked(r rooms.Room) int {
	w.t.Helper()
	list, err := w.cal.Agenda(w.t.Context(), clerk, []int64{w.resource(r)}, at(24, 0), at(24, 0).AddDate(0, 1, 0))
	w.must(err)
	return len(list)
}

// record reads a room's record, oldest first, as verb:from>to.
func (w *world) record(r rooms.Room) (steps, notes []string) {
	w.t.Helper()
	list, err := w.Events(w.t.Context(), clerk, r.ID)
	w.must(err)
	for i := len(list) - 1; i >= 0; i-- {
		e := list[i]
		steps, notes = append(steps, fmt.Sprintf("%s:%s>%s", e.Verb, e.From, e.To)), append(notes, e.Note)
		if e.By == "" || e.Day == "" || e.At.IsZero() {
			w.t.Errorf("an entry without who and when: %+v", e)
		}
	}
	return steps, notes
}

func wantFault(t *testing.T, err error, code fault.Code, what string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
