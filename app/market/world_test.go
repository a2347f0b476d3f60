package market_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/market"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// world is a street whose marketplace has four mediators to choose from, and one each
// that is paused, not listed, and of a kind that is switched off.
type world struct {
	*market.Service
	t      *testing.T
	d      *db.DB
	clock  *dbtest.Clock
	people *people.Service
	rooms  *rooms.Service
	cal    *calendar.Service
	docket *docket.Service
	of     map[string]people.Mediator // by name
	n      int
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { f(t, newWorld(t, d, clock)) })
}

// The four to choose from.
const (
	zhang = "张示安" // free from Wednesday morning
	wang  = "王演宁" // free this afternoon
	li    = "李示和" // free from Thursday morning
	shan  = "单演平" // never
)

type person struct {
	name, kind   string
	types, langs []string
	communities  []int64
	weekday      int // 0: no hours
	from, to     int
}

var street = []person{
	{zhang, "pro", []string{"neighbour"}, []string{"普通话", "粤语"}, []int64{1}, 3, 540, 720},
	{wang, "trade", []string{"family", "labour"}, []string{"普通话"}, []int64{1, 2}, 2, 840, 1080},
	{li, "npc", []string{"neighbour-leak"}, []string{"客家话"}, []int64{2}, 4, 540, 720},
	{shan, "pro", []string{"labour-wage"}, []string{"粤语"}, []int64{1}, 0, 0, 0},
	{"赵暂停", "pro", []string{"neighbour"}, []string{"粤语"}, []int64{1}, 1, 540, 720},
	{"赵未上", "pro", []string{"neighbour"}, []string{"粤语"}, []int64{1}, 1, 540, 720},
	{"赵类停", "psy", []string{"neighbour"}, []string{"粤语"}, []int64{1}, 1, 540, 720},
}

var (
	clerk = access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}
	sys   = access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
)

func newWorld(t *testing.T, d *db.DB, clock *dbtest.Clock) *world {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	trail, out := audit.New(box), notify.New(d, box)
	w := &world{t: t, d: d, clock: clock, of: map[string]people.Mediator{}}
	w.people = people.New(d, box, trail, out, people.Options{})
	w.rooms = rooms.New(d, trail, nil)
	w.cal = calendar.New(d, box, trail)
	w.docket = docket.New(d, box, trail, out, docket.Neighbours(w.people, w.rooms, w.cal, "http://127.0.0.1"))
	w.people.MediatorChanged = func(ctx context.Context, tx *db.Tx, m people.Mediator) error {
		_, err := w.cal.Ensure(ctx, tx, calendar.MediatorKind, m.ID, m.Name, m.State == people.Listed)
		return err
	}
	w.rooms.Hooks.Changed = func(ctx context.Context, tx *db.Tx, r rooms.Room, bookable bool) error {
		_, err := w.cal.Ensure(ctx, tx, calendar.RoomKind, r.ID, r.ShortName, bookable)
		return err
	}
	w.Service = market.New(d, w.people, w.rooms, w.cal, w.docket)
	w.must(w.people.Prepare(t.Context()))
	w.must(w.docket.Prepare(t.Context()))
	for i := range 2 {
		w.must(w.people.AddCommunity(t.Context(), sys, fmt.Sprint("c", i), people.Community{Code: fmt.Sprint("c", i+1), Name: fmt.Sprintf("示例%d社区", i+1)}))
	}
	w.must(w.people.AddCommittee(t.Context(), sys, "k", people.Committee{Code: "k1", Name: "演示调委会", Org: "演示", Kind: "street"}))
	for i, p := range street {
		w.add(p, i)
	}
	w.move("赵暂停", "pause")
	w.move("赵未上", "retire")
	w.kind("psy", false)
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

// add lists a mediator with weekly hours.
func (w *world) add(p person, n int) {
	w.t.Helper()
	key, err := w.people.CreateMediator(w.t.Context(), clerk, w.form(), people.MediatorInput{Name: p.name, RepKind: p.kind, Employment: "full",
		Types: p.types, Languages: p.langs, Communities: p.communities, Phone: fmt.Sprintf("1990000000%d", n)})
	w.must(err)
	w.of[p.name] = people.Mediator{Key: key}
	w.move(p.name, "list")
	if p.weekday != 0 {
		w.hours(calendar.MediatorKind, w.of[p.name].ID, calendar.Rule{Weekday: p.weekday, FromMin: p.from, ToMin: p.to})
	}
}

func (w *world) hours(kind calendar.Kind, ref int64, rules ...calendar.Rule) {
	w.t.Helper()
	_, err := w.cal.SetRules(w.t.Context(), clerk, kind, ref, rules)
	w.must(err)
}

// move takes a step of a listing and reads the mediator anew.
func (w *world) move(name, verb string) {
	w.t.Helper()
	m, err := w.people.Mediator(w.t.Context(), w.d, w.of[name].Key)
	w.must(err)
	w.must(w.people.MoveMediator(w.t.Context(), clerk, m.Key, verb, "演示", m.Version))
	w.of[name], err = w.people.Mediator(w.t.Context(), w.d, m.Key)
	w.must(err)
}

// kind switches a kind of representatives on or off.
func (w *world) kind(code string, on bool) {
	w.t.Helper()
	all, err := w.people.RepKinds(w.t.Context(), w.d)
	w.must(err)
	for _, k := range all {
		if k.Code == code {
			listed, err := w.people.Mediators(w.t.Context(), w.d, people.MediatorFilter{RepKind: code, State: people.Listed})
			w.must(err)
			w.must(w.people.SwitchRepKind(w.t.Context(), sys, code, on, len(listed), k.Version))
		}
	}
}

// room opens a room that is open on weekdays from 9 to 18.
func (w *world) room(name string) rooms.Room {
	w.t.Helper()
	key, err := w.rooms.Create(w.t.Context(), clerk, w.form(), rooms.Input{Kind: rooms.Plain, FullName: "演示调委会" + name, ShortName: name,
		CommitteeID: 1, CommunityID: 1, Address: "演示路 1 号", Seats: 8})
	w.must(err)
	w.must(w.rooms.Advance(w.t.Context(), clerk, key, rooms.Step{Verb: rooms.VerbOpen, Version: 1}))
	r, err := w.rooms.Room(w.t.Context(), w.d, key)
	w.must(err)
	var rules []calendar.Rule
	for day := 1; day <= 5; day++ {
		rules = append(rules, calendar.Rule{Weekday: day, FromMin: 540, ToMin: 1080})
	}
	w.hours(calendar.RoomKind, r.ID, rules...)
	return r
}

// at is a local time; the test clock stands at Tuesday 2026-11-24 10:00.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, db.Shanghai)
}

func (w *world) book(name string, from, to time.Time) {
	w.t.Helper()
	id, err := w.cal.ResourceID(w.t.Context(), w.d, calendar.MediatorKind, w.of[name].ID)
	w.must(err)
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := w.cal.Book(w.t.Context(), tx, calendar.Request{Kind: "mediation", Title: "调解", Start: from, End: to, Resources: []int64{id}, Confirmed: true})
		return err
	}))
}

// names lists who a filter shows, in order.
func (w *world) names(f market.Filter) string {
	w.t.Helper()
	cards, err := w.List(w.t.Context(), f)
	w.must(err)
	var out []string
	for _, c := range cards {
		out = append(out, c.Name)
	}
	return strings.Join(out, " ")
}
