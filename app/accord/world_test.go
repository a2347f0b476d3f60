package accord_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// world is a street with one mediator and one committee, and cases loaded at the point where agreements begin.
type world struct {
	*accord.Service
	t      *testing.T
	d      *db.DB
	clock  *dbtest.Clock
	outbox *notify.Outbox
	store  *files.Store
	cases  *docket.Service
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
	trail, outbox := audit.New(box), notify.New(d, box)
	ps := people.New(d, box, trail, outbox, people.Options{})
	rs, cal := rooms.New(d, trail, nil), calendar.New(d, box, trail)
	w := &world{t: t, d: d, clock: clock, outbox: outbox, store: files.New(box, t.TempDir()),
		cases: docket.New(d, box, trail, outbox, docket.Neighbours(ps, rs, cal, "http://127.0.0.1"))}
	w.Service = accord.New(d, box, trail, w.store, w.cases, cal)
	w.must(ps.Prepare(t.Context()))
	w.must(w.cases.Prepare(t.Context()))
	sys := access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
	w.must(ps.AddCommittee(t.Context(), sys, "committee-1", people.Committee{Code: "k1", Name: "演示街道人民调解委员会", Org: "演示", Kind: "street"}))
	w.must(d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := ps.InsertMediator(t.Context(), tx, people.MediatorInput{Name: "演示调解员", Gender: "女", RepKind: "pro", Employment: "full",
			Types: []string{"neighbour"}, Phone: "13900000001", LoadCap: 20})
		return err
	}))
	return w
}

func clerk() access.Actor {
	return access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}
}

func mediator() access.Actor {
	return access.Actor{AccountID: 101, MediatorID: 1, Name: "演示调解员", Roles: []access.Role{access.Mediator}}
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

func (w *world) today() string { return db.DayOf(w.d.Now()) }

// day is a day that lies n days from today.
func (w *world) day(n int) string { return (calendar.DayOf(w.d.Now()) + calendar.Day(n)).String() }

func (w *world) pass(days int) { w.clock.Advance(time.Duration(days) * 24 * time.Hour) }

// caseOf loads a case in mediation: 张三 against 李四.
func (w *world) caseOf(typeCode string) docket.File {
	w.t.Helper()
	l, err := w.cases.NewLoader(w.t.Context(), access.System("test"), 1)
	w.must(err)
	w.n++
	w.must(l.Add(w.t.Context(), docket.LoadCase{State: docket.Mediating, AppliedAt: w.d.Now().AddDate(0, 0, -10), AcceptedAt: w.d.Now().AddDate(0, 0, -8),
		Committee: docket.Committee{ID: 1, Name: "演示街道人民调解委员会", Org: "演示"}, MediatorID: 1,
		Application: docket.Application{TypeCode: typeCode, Summary: "楼上漏水泡坏了天花板，双方协商不成。", Words: "楼上漏水泡坏了天花板。", Channel: "window", Privacy: "2026-11",
			Parties: []docket.PartyInput{
				{Side: docket.SideApplicant, Name: "张三", Facts: docket.PartyFacts{Phone: "13800000001", Address: "演示路1号101"}},
				{Side: docket.SideRespondent, Name: "李四", Facts: docket.PartyFacts{Phone: "13800000002", Address: "演示路1号201"}}}}}))
	w.must(l.Flush(w.t.Context()))
	var key string
	w.must(w.d.Get(w.t.Context(), &key, `SELECT key FROM cases ORDER BY id DESC LIMIT 1`))
	f, err := w.cases.Page(w.t.Context(), clerk(), key)
	w.must(err)
	return f
}

// plan is what an agreement is to hold.
type plan struct {
	typeCode string
	form     accord.Form
	parts    int
	edit     func(w *world, key string, f docket.File)
}

func (p plan) pay(f docket.File, w *world) accord.DutyInput {
	return accord.DutyInput{From: f.Parties[1].Key, To: f.Parties[0].Key, Kind: accord.Pay, What: "维修费", Yuan: "10000", When: accord.ByDay,
		Due: w.day(10), How: "转账至收款人的银行账户", Parts: p.parts, Every: "month"}
}

// draft writes an agreement that the check has nothing against.
func (w *world) draft(p plan) (docket.File, string) {
	w.t.Helper()
	if p.typeCode == "" {
		p.typeCode = "neighbour-leak"
	}
	if p.form == "" {
		p.form = accord.Written
	}
	f := w.caseOf(p.typeCode)
	w.must(w.AddIssue(w.t.Context(), mediator(), f.Case.Key, "天花板的维修费由谁承担", w.form()))
	key, err := w.NewAgreement(w.t.Context(), mediator(), f.Case.Key, accord.NewDraft{Form: p.form, Items: []string{"李四赔偿张三维修费，数额和日期见履行义务。"}}, w.form())
	w.must(err)
	w.must(w.AddDuty(w.t.Context(), mediator(), key, 0, w.form(), p.pay(f, w)))
	if p.edit != nil {
		p.edit(w, key, f)
	}
	return f, key
}

func (w *world) open(key string) accord.View {
	w.t.Helper()
	v, err := w.Open(w.t.Context(), mediator(), key)
	w.must(err)
	return v
}

// fixed is a draft made final.
func (w *world) fixed(p plan) (docket.File, string) {
	w.t.Helper()
	f, key := w.draft(p)
	w.must(w.Fix(w.t.Context(), mediator(), key, w.open(key).Version, true))
	return f, key
}

func (w *world) sign(key, line, on string) error {
	return w.Sign(w.t.Context(), mediator(), key, accord.SignInput{Line: line, Way: accord.Paper, On: on, IDSeen: "居民身份证"})
}

// inForce is an agreement that everybody signed today.
func (w *world) inForce(p plan) (docket.File, string) {
	w.t.Helper()
	f, key := w.fixed(p)
	for _, g := range w.open(key).Signs {
		w.must(w.sign(key, g.Key, w.today()))
	}
	return f, key
}

func (w *world) wantState(key string, s accord.State) accord.View {
	w.t.Helper()
	v := w.open(key)
	if v.State != s {
		w.t.Fatalf("agreement is %s, want %s", v.State, s)
	}
	drift, err := w.CheckCounts(w.t.Context())
	w.must(err)
	_, bad, err := w.CheckAll(w.t.Context())
	w.must(err)
	if bad = append(bad, drift...); len(bad) > 0 {
		w.t.Fatalf("the check finds %v", bad)
	}
	return v
}

func wantFault(t *testing.T, err error, code fault.Code, what string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("%s: %v, want %s", what, err, code)
	}
}

// picture is a signature as the tablet sends it.
func (w *world) picture() *files.File {
	w.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	img.Set(3, 3, color.Black)
	var buf bytes.Buffer
	w.must(png.Encode(&buf, img))
	f, err := w.store.Prepare(w.t.Context(), "签名.png", buf.Bytes())
	w.must(err)
	return &f
}

func docketDay(day string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, db.Shanghai)
	return t.Add(10 * time.Hour), err
}

// kept are the rows of an agreement as they were before a test changed one.
type kept struct {
	agreement accord.Agreement
	duties    []accord.DutyRow
	signs     []accord.Sign
}

func (w *world) keep(key string) kept {
	v := w.open(key)
	return kept{v.Agreement, v.Duties, v.Signs}
}

// put writes them back.
func (w *world) put(k kept) {
	w.t.Helper()
	ctx := w.t.Context()
	w.must(w.d.Write(ctx, func(tx *db.Tx) error {
		a := k.agreement
		if _, err := tx.Exec(ctx, `UPDATE agreements SET body_sealed = ?, content_hash = ?, effective_on = ? WHERE id = ?`, a.Sealed, a.Hash, a.EffectiveOn, a.ID); err != nil {
			return err
		}
		for _, d := range k.duties {
			if _, err := tx.Exec(ctx, `UPDATE agreement_duties SET amount = ?, due_on = ?, paid = ? WHERE id = ?`, d.Amount, d.DueOn, d.Paid, d.ID); err != nil {
				return err
			}
		}
		for _, g := range k.signs {
			if _, err := tx.Exec(ctx, `UPDATE agreement_signs SET signed_on = ? WHERE id = ?`, g.On, g.ID); err != nil {
				return err
			}
		}
		return nil
	}))
}
