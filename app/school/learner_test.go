package school_test

import (
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/school"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// world is the school with the people that it trains, wired as the program wires them.
type world struct {
	*school.Service
	t      *testing.T
	d      *db.DB
	clock  *dbtest.Clock
	people *people.Service
	cal    *calendar.Service
	outbox *notify.Outbox
}

var (
	sysadmin = access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
	clerk    = access.Actor{AccountID: 9003, Name: "窗口", Roles: []access.Role{access.Clerk}}
)

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		box, err := seal.New(seal.NewKeyring())
		if err != nil {
			t.Fatal(err)
		}
		trail, outbox := audit.New(box), notify.New(d, box)
		w := &world{t: t, d: d, clock: clock, people: people.New(d, box, trail, outbox, people.Options{})}
		w.cal, w.outbox = calendar.New(d, box, trail), outbox
		w.Service = school.New(d, box, trail, outbox, files.New(box, t.TempDir()), w.people, w.cal)
		w.people.AccountChanged, w.people.MediatorChanged = w.Service.AccountChanged, w.Service.MediatorChanged
		if err := w.people.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		f(t, w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// account makes a staff account and gives its key and how it acts.
func (w *world) account(login, name string, roles ...access.Role) (string, access.Actor) {
	w.t.Helper()
	key, _, err := w.people.CreateAccount(w.t.Context(), sysadmin, seal.NewKey()+seal.NewKey(), people.NewAccount{Login: login, Name: name, Roles: roles})
	w.must(err)
	var id int64
	w.must(w.d.Get(w.t.Context(), &id, `SELECT id FROM accounts WHERE key = ?`, key))
	return key, access.Actor{AccountID: id, Name: name, Roles: roles}
}

func (w *world) roster() map[string]school.Learner {
	w.t.Helper()
	var list []school.Learner
	w.must(w.d.Select(w.t.Context(), &list, `SELECT `+school.LearnerColumns+` FROM learners`))
	out := map[string]school.Learner{}
	for _, l := range list {
		out[l.Name+l.LeftOn] = l
	}
	return out
}

// The roster follows accounts and mediators: nobody who must be trained is missing, nobody stands there twice.
func TestTheRosterFollowsThePeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key, who := w.account("clerk1", "周示文", access.Clerk)
		w.account("boss1", "吴演礼", access.Leader)
		w.account("admin2", "郑示管", access.SysAdmin)
		r := w.roster()
		if len(r) != 2 || r["周示文"].Post != "staff" || r["吴演礼"].Post != "leader" {
			t.Fatalf("an account that learns is missing, or an administrator must learn: %+v", r)
		}
		if l, err := w.Self(t.Context(), w.d, who); err != nil || l.Name != "周示文" || !l.OnRoster("2026-11-24") {
			t.Errorf("%+v %v", l, err)
		}
		w.must(w.people.Disable(t.Context(), sysadmin, key, 1, true))
		if l := w.roster()["周示文2026-11-24"]; l.ID == 0 || l.OnRoster("2026-11-24") || !l.OnRoster("2026-11-23") && l.JoinedOn < "2026-11-24" {
			t.Errorf("a closed account is still on the roster: %+v", w.roster())
		}
		w.must(w.people.Disable(t.Context(), sysadmin, key, 2, false))
		if l := w.roster()["周示文"]; !l.OnRoster("2026-11-24") {
			t.Errorf("who came back is not on the roster: %+v", w.roster())
		}

		in := people.MediatorInput{Name: "王演和", RepKind: "npc", Employment: "part", LoadCap: 3, Types: []string{"family"}, Languages: []string{"普通话"}, JoinedOn: "2020-02-29"}
		med, err := w.people.CreateMediator(t.Context(), clerk, seal.NewKey()+seal.NewKey(), in)
		w.must(err)
		if l := w.roster()["王演和"]; l.MediatorID == nil || l.Post != "part" || l.JoinedOn != "2020-02-29" {
			t.Fatalf("%+v", l)
		}
		before := w.roster()["王演和"].ID
		_, acc := w.account("wang1", "王演和", access.Mediator)
		in.AccountID, in.Version, in.Employment = acc.AccountID, 1, "full"
		w.must(w.people.EditMediator(t.Context(), clerk, med, in))
		l, err := w.Self(t.Context(), w.d, acc)
		if err != nil || l.ID != before || l.Post != "full" {
			t.Errorf("the mediator's account doesn't lead to the mediator's row: %+v %v", l, err)
		}
		if _, err := w.Self(t.Context(), w.d, access.Actor{AccountID: 1 << 40, Roles: []access.Role{access.Clerk}}); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}
