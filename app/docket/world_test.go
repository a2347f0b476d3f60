package docket_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// world is a street with its docket: six mediators of whom five are listed, two
// committees, a room, a liaison; all can be booked round the clock.
type world struct {
	*docket.Service
	t         *testing.T
	d         *db.DB
	clock     *dbtest.Clock
	box       *seal.Box
	outbox    *notify.Outbox
	trail     *audit.Trail
	people    *people.Service
	rooms     *rooms.Service
	cal       *calendar.Service
	mediators []people.Mediator
	room      int64
	n         int
}

// each runs a test in a world on each engine.
func each(t *testing.T, f func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { f(newWorld(t, d, clock)) })
}

func newWorld(t *testing.T, d *db.DB, clock *dbtest.Clock) *world {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, d: d, clock: clock, box: box, trail: audit.New(box), outbox: notify.New(d, box)}
	w.people = people.New(d, box, w.trail, w.outbox, people.Options{})
	w.rooms = rooms.New(d, w.trail, nil)
	w.cal = calendar.New(d, box, w.trail)
	w.Service = docket.New(d, box, w.trail, w.outbox, docket.Neighbours(w.people, w.rooms, w.cal, "http://127.0.0.1"))
	w.must(w.people.Prepare(t.Context()))
	w.must(w.Prepare(t.Context()))
	w.settle()
	return w
}

const liaisonAccount = 70

func (w *world) settle() {
	w.t.Helper()
	ctx := w.t.Context()
	sys := access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
	w.must(w.people.AddCommunity(ctx, sys, "c1", people.Community{Code: "c1", Name: "示例一社区"}))
	for i, org := range []string{"演示", "演示乙"} {
		w.must(w.people.AddCommittee(ctx, sys, "k"+org, people.Committee{Code: fmt.Sprint("k", i+1), Name: org + "调委会", Org: org, Kind: "street"}))
	}
	for i := range 6 {
		var m people.Mediator
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			var err error
			m, err = w.people.InsertMediator(ctx, tx, people.MediatorInput{Name: fmt.Sprint("演示", i+1), Gender: "女", RepKind: "pro",
				Employment: "full", Types: []string{"neighbour"}, Phone: fmt.Sprintf("1390000000%d", i+1), LoadCap: 20})
			return err
		}))
		if w.mediators = append(w.mediators, m); i < 5 {
			w.must(w.people.MoveMediator(ctx, clerk(), m.Key, "list", "", m.Version))
		}
		w.bookable(calendar.MediatorKind, m.ID)
	}
	key, err := w.rooms.Create(ctx, access.System("test"), w.form(), rooms.Input{Kind: rooms.Plain, FullName: "演示调委会调解室", ShortName: "演示调解室",
		CommitteeID: 1, CommunityID: 1, Address: "演示路 1 号", Seats: 8})
	w.must(err)
	room, err := w.rooms.Room(ctx, w.d, key)
	w.must(err)
	w.room = room.ID
	w.bookable(calendar.RoomKind, room.ID)
	w.bookable(calendar.LiaisonKind, liaisonAccount)
}

// bookable opens a resource round the clock, holidays too.
func (w *world) bookable(kind calendar.Kind, ref int64) {
	w.t.Helper()
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		id, err := w.cal.Ensure(w.t.Context(), tx, kind, ref, "演示", true)
		if err != nil {
			return err
		}
		var rules []calendar.Rule
		for day := 1; day <= 7; day++ {
			rules = append(rules, calendar.Rule{ResourceID: id, Weekday: day, FromMin: 0, ToMin: 1440, OnHolidays: true})
		}
		return w.cal.PutRules(w.t.Context(), tx, id, rules)
	}))
}

// The people of the street.
func clerk() access.Actor {
	return access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}
}
func mediator(id int64) access.Actor {
	return access.Actor{AccountID: 100 + id, MediatorID: id, Name: "演示调解员", Roles: []access.Role{access.Mediator}}
}
func liaison(id int64) access.Actor {
	return access.Actor{AccountID: id, Name: "演示联络员", Roles: []access.Role{access.Liaison}}
}
func lead(rooms ...int64) access.Actor {
	return access.Actor{AccountID: 50, Name: "演示负责人", Roles: []access.Role{access.RoomLead}, RoomIDs: rooms}
}
func leader() access.Actor {
	return access.Actor{AccountID: 60, Name: "演示领导", Roles: []access.Role{access.Leader}}
}

// application is a request of 张三 against 李四 that wishes for mediators 1, 2, 3.
func (w *world) application() docket.Application {
	start := w.d.Now().Add(72 * time.Hour).Truncate(time.Hour)
	return docket.Application{TypeCode: "neighbour-leak", CommunityID: 1, Place: "演示花园", Words: "楼上漏水，房顶起皮，协商不成。",
		Parties: []docket.PartyInput{
			{Side: docket.SideApplicant, Name: "张三", Facts: docket.PartyFacts{Phone: "13800000001", Address: "演示路1号101"}},
			{Side: docket.SideRespondent, Name: "李四", Facts: docket.PartyFacts{Phone: "13800000002", Address: "演示路1号201"}},
		},
		Mediators: []int64{1, 2, 3}, Slots: []docket.SlotInput{{Start: start, End: start.Add(4 * time.Hour)}}, Privacy: "2026-11"}
}

// strangers makes the parties of a request other people than those of all requests before.
func (w *world) strangers(a docket.Application) docket.Application {
	for i := range a.Parties {
		w.n++
		a.Parties[i].Facts.Phone = fmt.Sprintf("137%08d", w.n)
	}
	return a
}

func (w *world) form() string {
	w.n++
	return fmt.Sprintf("form-%s-%020d", strings.ReplaceAll(w.t.Name(), "/", "-"), w.n)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// apply makes a request and gives its receipt.
func (w *world) apply(a docket.Application) docket.Receipt {
	w.t.Helper()
	r, err := w.Apply(w.t.Context(), access.Actor{}, a, w.form())
	w.must(err)
	return r
}

func (w *world) page(key string) docket.File {
	w.t.Helper()
	f, err := w.Page(w.t.Context(), clerk(), key)
	w.must(err)
	return f
}

func (w *world) respondent(key string) docket.PartyView {
	w.t.Helper()
	for _, p := range w.page(key).Parties {
		if p.Side == docket.SideRespondent {
			return p
		}
	}
	w.t.Fatal("no respondent")
	return docket.PartyView{}
}

// invite asks the other side and gives its code.
func (w *world) invite(key string) string {
	w.t.Helper()
	in, err := w.Invite(w.t.Context(), clerk(), key, w.respondent(key).Key, "sms")
	w.must(err)
	return in.Code
}

// agree lets the other side agree, approving these mediators of the ranking.
func (w *world) agree(code string, approve ...int64) docket.AnswerReceipt {
	w.t.Helper()
	out, err := w.Respond(w.t.Context(), code, "1.1.1.1", docket.AnswerInput{Agree: true, Approve: approve, Privacy: "2026-11"}, w.form())
	w.must(err)
	return out
}

// accepted brings a case to 已受理 with mediator 1.
func (w *world) accepted(a docket.Application) docket.Receipt {
	w.t.Helper()
	r := w.apply(a)
	w.agree(w.invite(r.CaseKey), 1, 2, 3)
	_, err := w.AcceptCase(w.t.Context(), clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1, RoomID: w.room})
	w.must(err)
	return r
}

func (w *world) plan(hours int) docket.Plan {
	start := w.d.Now().Add(time.Duration(hours) * time.Hour)
	return docket.Plan{RoomID: w.room, Start: start, End: start.Add(90 * time.Minute)}
}

// mediating brings a case to 调解中 and gives it with its session's key.
func (w *world) mediating(a docket.Application) (docket.Receipt, string) {
	w.t.Helper()
	r := w.accepted(a)
	ses, err := w.Schedule(w.t.Context(), clerk(), r.CaseKey, w.plan(48))
	w.must(err)
	w.must(w.AnswerSession(w.t.Context(), mediator(1), ses.Key, true, ""))
	w.must(w.Disclose(w.t.Context(), mediator(1), r.CaseKey, ""))
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, _, err := w.Begin(w.t.Context(), tx, mediator(1), ses.Key)
		return err
	}))
	return r, ses.Key
}

// wantState fails unless the case stands there, with counters that agree.
func (w *world) wantState(key string, s docket.State) docket.File {
	w.t.Helper()
	f := w.page(key)
	if f.Case.State != s {
		w.t.Fatalf("case is %s, want %s", f.Case.State, s)
	}
	lines, err := w.CheckCounters(w.t.Context())
	if w.must(err); len(lines) > 0 {
		w.t.Fatalf("counters drifted: %v", lines)
	}
	return f
}

func wantFault(t *testing.T, err error, code fault.Code, what string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("%s: %v, want %s", what, err, code)
	}
}
