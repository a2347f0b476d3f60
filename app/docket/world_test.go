package docket_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// world is a street with its docket: five mediators, one committee, weekends off.
type world struct {
	*docket.Service
	t      *testing.T
	d      *db.DB
	clock  *dbtest.Clock
	box    *seal.Box
	outbox *notify.Outbox
	trail  *audit.Trail
	ties   []docket.Tie
	cal    *calendar
	n      int
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
	w := &world{t: t, d: d, clock: clock, box: box, trail: audit.New(box), outbox: notify.New(d, box), cal: &calendar{booked: map[int64]docket.Want{}}}
	w.Service = docket.New(d, box, w.trail, w.outbox, w.outside())
	if err := w.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) outside() docket.Outside {
	return docket.Outside{
		Mediators: func(_ context.Context, _ db.Reader, ids []int64) ([]docket.MediatorInfo, error) {
			var out []docket.MediatorInfo
			for _, id := range ids {
				if id >= 1 && id <= 6 {
					out = append(out, docket.MediatorInfo{ID: id, AccountID: 100 + id, Name: fmt.Sprint("演示调解员", id), Listed: id != 6})
				}
			}
			return out, nil
		},
		Ties: func(context.Context, db.Reader, []int64) ([]docket.Tie, error) { return w.ties, nil },
		ResidentPhone: func(_ context.Context, _ db.Reader, id int64) (string, error) {
			return fmt.Sprintf("1380000%04d", id), nil
		},
		TypeName: func(_ context.Context, _ db.Reader, code string) (string, bool, error) {
			name, ok := map[string]string{"neighbour": "邻里纠纷", "labour": "劳动争议", "medical": "医疗纠纷", "property": "物业纠纷"}[code]
			return name, ok, nil
		},
		Committee: func(_ context.Context, _ db.Reader, id int64) (docket.Committee, error) {
			return docket.Committee{ID: id, Name: "演示调委会", Org: fmt.Sprint("演示", strings.Repeat("乙", int(id)-1))}, nil
		},
		NormPhone: func(s string) (string, bool) { return s, len(s) == 11 },
		NormIDNo:  func(s string) (string, bool) { return strings.ToUpper(s), len(s) == 18 },
		Pinyin:    func(name string) string { return map[string]string{"张三": "zhangsan zs", "李四": "lisi ls"}[name] },
		Days:      func(context.Context, db.Reader) (docket.DayCounter, error) { return weekdays{}, nil },
		Bookings:  w.cal, BaseURL: "http://127.0.0.1",
	}
}

// weekdays counts with weekends as the only days of rest.
type weekdays struct{}

func rest(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func (weekdays) Natural(from string, n int) (string, bool) {
	t := day(from).AddDate(0, 0, n)
	for rest(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t.Format(time.DateOnly), t.Year() > 2026
}

func (weekdays) Working(from string, n int) (string, bool) {
	t := day(from)
	for n > 0 {
		if t = t.AddDate(0, 0, 1); !rest(t) {
			n--
		}
	}
	return t.Format(time.DateOnly), t.Year() > 2026
}

func (weekdays) WorkingBetween(from, to string) int {
	n := 0
	for t := day(from).AddDate(0, 0, 1); !t.After(day(to)); t = t.AddDate(0, 0, 1) {
		if !rest(t) {
			n++
		}
	}
	return n
}

// calendar keeps bookings in memory and refuses overlaps of mediator, room and liaison.
type calendar struct {
	mu     sync.Mutex
	last   int64
	booked map[int64]docket.Want
}

func (c *calendar) clash(w docket.Want, but int64) bool {
	for id, b := range c.booked {
		if id == but || !b.Start.Before(w.End) || !w.Start.Before(b.End) {
			continue
		}
		if b.MediatorID == w.MediatorID || w.RoomID != 0 && b.RoomID == w.RoomID || w.LiaisonID != 0 && b.LiaisonID == w.LiaisonID {
			return true
		}
	}
	return false
}

func (c *calendar) Book(_ context.Context, _ *db.Tx, w docket.Want) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clash(w, 0) {
		return 0, fault.New(fault.Conflict, "该时段刚被占用")
	}
	c.last++
	c.booked[c.last] = w
	return c.last, nil
}

func (c *calendar) Reschedule(_ context.Context, _ *db.Tx, id int64, w docket.Want) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clash(w, id) {
		return fault.New(fault.Conflict, "该时段刚被占用")
	}
	c.booked[id] = w
	return nil
}

func (c *calendar) Cancel(_ context.Context, _ *db.Tx, id int64, _ string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.booked, id)
	return nil
}

func (c *calendar) Accept(context.Context, *db.Tx, int64) error { return nil }

func (c *calendar) Free(_ context.Context, _ db.Reader, w docket.Want, from, to time.Time) (docket.Free, error) {
	all := []docket.Span{{Start: from, End: to}}
	return docket.Free{Mediator: all, Room: all, Liaison: all}, nil
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
	return docket.Application{TypeCode: "neighbour", CommunityID: 1, Place: "演示花园", Words: "楼上漏水，房顶起皮，协商不成。",
		Parties: []docket.PartyInput{
			{Side: docket.SideApplicant, Name: "张三", Facts: docket.PartyFacts{Phone: "13800000001", Address: "演示路1号101"}},
			{Side: docket.SideRespondent, Name: "李四", Facts: docket.PartyFacts{Phone: "13800000002", Address: "演示路1号201"}},
		},
		Mediators: []int64{1, 2, 3}, Slots: []docket.SlotInput{{Start: start, End: start.Add(4 * time.Hour)}}, Privacy: "2026-11"}
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
	_, err := w.AcceptCase(w.t.Context(), clerk(), r.CaseKey, docket.Acceptance{CommitteeID: 1, RoomID: 7})
	w.must(err)
	return r
}

func (w *world) plan(hours int) docket.Plan {
	start := w.d.Now().Add(time.Duration(hours) * time.Hour)
	return docket.Plan{RoomID: 7, Start: start, End: start.Add(90 * time.Minute)}
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
