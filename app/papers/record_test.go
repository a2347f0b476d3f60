package papers_test

import (
	"fmt"
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
	"tiaojie/app/papers"
	"tiaojie/app/papers/doc"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

var (
	clerk = access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}
	her   = access.Actor{AccountID: 101, MediatorID: 1, Name: "演示调解员", Roles: []access.Role{access.Mediator}}
	other = access.Actor{AccountID: 102, MediatorID: 2, Name: "演示旁人", Roles: []access.Role{access.Mediator}}
)

var fonts = doc.NewFonts()

// table is a session of a case of two parties, its record prepared.
type table struct {
	*papers.Service
	t                *testing.T
	d                *db.DB
	cases            *docket.Service
	caseKey, session string
	press            *papers.Press
	dir              string // where printed papers lie
	rec              papers.Record
	asking, answered string // the parties' keys
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func each(t *testing.T, f func(t *testing.T, w table)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) { f(t, newTable(t, d)) })
}

func newTable(t *testing.T, d *db.DB) table {
	t.Helper()
	ctx := t.Context()
	box := must(seal.New(seal.NewKeyring()))(t)
	trail, outbox := audit.New(box), notify.New(d, box)
	folk := people.New(d, box, trail, outbox, people.Options{})
	room, cal := rooms.New(d, trail, nil), calendar.New(d, box, trail)
	cases := docket.New(d, box, trail, outbox, docket.Neighbours(folk, room, cal, "http://127.0.0.1"))
	sys := access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(folk.Prepare(ctx))
	check(cases.Prepare(ctx))
	check(folk.AddCommunity(ctx, sys, "c1", people.Community{Code: "c1", Name: "示例一社区"}))
	check(folk.AddCommittee(ctx, sys, "k1", people.Committee{Code: "k1", Name: "演示调委会", Org: "演示", Kind: "street"}))
	for i := range 2 {
		var m people.Mediator
		check(d.Write(ctx, func(tx *db.Tx) (err error) {
			m, err = folk.InsertMediator(ctx, tx, people.MediatorInput{Name: fmt.Sprint("演示", i+1), Gender: "女", RepKind: "pro",
				Employment: "full", Types: []string{"neighbour"}, Phone: fmt.Sprintf("1390000000%d", i+1), LoadCap: 20})
			return err
		}))
		check(folk.MoveMediator(ctx, clerk, m.Key, "list", "", m.Version))
		bookable(t, d, cal, calendar.MediatorKind, m.ID)
	}
	key := must(room.Create(ctx, access.System("test"), "form-room-00000000000000000001", rooms.Input{Kind: rooms.Plain, FullName: "演示调解室",
		ShortName: "演示调解室", CommitteeID: 1, CommunityID: 1, Address: "演示路 1 号", Seats: 8}))(t)
	place := must(room.Room(ctx, d, key))(t)
	bookable(t, d, cal, calendar.RoomKind, place.ID)
	start := d.Now().Add(72 * time.Hour).Truncate(time.Hour)
	r := must(cases.Apply(ctx, access.Actor{}, docket.Application{TypeCode: "neighbour-leak", CommunityID: 1, Place: "演示花园", Words: "楼上漏水",
		Parties: []docket.PartyInput{
			{Side: docket.SideApplicant, Name: "张三", Facts: docket.PartyFacts{Phone: "13800000001"}},
			{Side: docket.SideRespondent, Name: "李四", Facts: docket.PartyFacts{Phone: "13800000002"}}},
		Mediators: []int64{1}, Slots: []docket.SlotInput{{Start: start, End: start.Add(4 * time.Hour)}}, Privacy: "2026-11"}, "form-apply-0000000000000000001"))(t)
	w := table{Service: papers.New(d, box, trail, outbox, cases), t: t, d: d, cases: cases, caseKey: r.CaseKey, dir: t.TempDir()}
	store := files.New(box, w.dir)
	w.press = papers.NewPress(w.Service, folk, room, accord.New(d, box, trail, store, cases, cal), store, fonts)
	for _, p := range must(cases.Page(ctx, clerk, r.CaseKey))(t).Parties {
		if p.Side == docket.SideApplicant {
			w.asking = p.Key
		} else {
			w.answered = p.Key
		}
	}
	in := must(cases.Invite(ctx, clerk, r.CaseKey, w.answered, "sms"))(t)
	must(cases.Respond(ctx, in.Code, "1.1.1.1", docket.AnswerInput{Agree: true, Approve: []int64{1}, Privacy: "2026-11"}, "form-answer-000000000000000001"))(t)
	must(cases.AcceptCase(ctx, clerk, r.CaseKey, docket.Acceptance{CommitteeID: 1, RoomID: place.ID}))(t)
	ses := must(cases.Schedule(ctx, clerk, r.CaseKey, docket.Plan{RoomID: place.ID, Start: d.Now().Add(48 * time.Hour), End: d.Now().Add(50 * time.Hour)}))(t)
	check(cases.AnswerSession(ctx, her, ses.Key, true, ""))
	check(cases.Disclose(ctx, her, r.CaseKey, ""))
	w.session = ses.Key
	w.rec = must(w.Prepare(ctx, her, ses.Key))(t)
	// The state alone is set: what must precede a start has its own test in docket.
	check(d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE records SET state = 'running', started_at = ? WHERE key = ?`, db.At(tx.Now), w.rec.Key)
		return err
	}))
	return w
}

func bookable(t *testing.T, d *db.DB, cal *calendar.Service, kind calendar.Kind, ref int64) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		id, err := cal.Ensure(t.Context(), tx, kind, ref, "演示", true)
		if err != nil {
			return err
		}
		var rules []calendar.Rule
		for day := 1; day <= 7; day++ {
			rules = append(rules, calendar.Rule{ResourceID: id, Weekday: day, ToMin: 1440, OnHolidays: true})
		}
		return cal.PutRules(t.Context(), tx, id, rules)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStaleEditorOverwritesNothingAndLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		edit := func(text string, version int64) papers.Saved {
			return must(w.Save(ctx, her, w.rec.Key, papers.Edit{Name: "evidence", Text: text, Version: version}))(t)
		}
		if a, b := edit("一", 0), edit("一二", 1); a.Version != 1 || b.Version != 2 || b.Rival != "" {
			t.Fatalf("versions %+v, %+v", a, b)
		}
		if again := edit("一二", 1); again.Version != 2 || again.Rival != "" {
			t.Fatalf("the same text again: %+v", again)
		}
		late := edit("另一台的话", 1)
		if late.Rival == "" {
			t.Fatal("a stale text made no rival")
		}
		if more := edit("另一台的话,续", 1); more.Rival != late.Rival {
			t.Fatal("further typing on the stale device piles up")
		}
		diff := must(w.Difference(ctx, her, w.rec.Key, late.Rival))(t)
		if diff.Current.Text != "一二" || diff.Rival != "另一台的话,续" {
			t.Fatalf("difference of %q and %q", diff.Current.Text, diff.Rival)
		}
		if err := w.Settle(ctx, her, w.rec.Key, late.Rival, "合并", 1); !fault.Is(err, fault.Conflict) {
			t.Fatalf("settled from an old look: %v", err)
		}
		must(0, w.Settle(ctx, her, w.rec.Key, late.Rival, "合并", 2))(t)
		if left := must(w.Rivals(ctx, her, w.rec.Key))(t); len(left) != 0 {
			t.Fatalf("%d rivals left open", len(left))
		}
		if _, err := w.Save(ctx, other, w.rec.Key, papers.Edit{Name: "evidence", Text: "x", Version: 3}); !fault.Is(err, fault.NotFound) {
			t.Fatalf("another mediator writes: %v", err)
		}
	})
}

func TestPartsSavedTogetherAreAllSavedOrNone(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		parts := func() int { return len(must(w.Work(ctx, her, w.rec.Key))(t).Fields) }
		good := papers.Edit{Name: "evidence", Text: "都看过"}
		for what, bad := range map[string]papers.Edit{
			"a version that never was": {Name: "result", Text: "各半", Version: 7}, "a stranger's part": {Name: "facts", PartyKey: "nobody", Text: "x"},
			"no such part": {Name: "secret", Text: "x"}, "too long": {Name: "result", Text: strings.Repeat("长", 30_000)},
		} {
			if _, err := w.SaveAll(ctx, her, w.rec.Key, []papers.Edit{good, bad}); err == nil || parts() != 0 {
				t.Errorf("%s: %v, %d parts are stored", what, err, parts())
			}
		}
		saved := must(w.SaveAll(ctx, her, w.rec.Key, []papers.Edit{good, {Name: "facts", PartyKey: w.asking, Text: "漏水"}}))(t)
		if len(saved) != 2 || saved[0].Version != 1 || saved[1].Version != 1 || parts() != 2 {
			t.Errorf("%+v, %d parts are stored", saved, parts())
		}
	})
}

// The case may change hands to a namesake, and a person may change the name: a rival goes by the account.
func TestRivalsBelongToAccountsNotNames(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		save := func(who access.Actor, text string, version int64) papers.Saved {
			return must(w.Save(ctx, who, w.rec.Key, papers.Edit{Name: "evidence", Text: text, Version: version}))(t)
		}
		save(her, "一", 0)
		save(her, "一二", 1)
		mine := save(her, "我的", 1)
		namesake := her
		namesake.AccountID = 111
		if theirs := save(namesake, "同名者的", 1); theirs.Rival == mine.Rival {
			t.Fatal("a namesake's text replaced somebody else's")
		}
		if d := must(w.Difference(ctx, her, w.rec.Key, mine.Rival))(t); d.Rival != "我的" {
			t.Fatalf("the first rival reads %q", d.Rival)
		}
		renamed := her
		renamed.Name = "演示新名"
		if more := save(renamed, "我的，续", 1); more.Rival != mine.Rival {
			t.Fatal("a new name makes the same person's typing pile up")
		}
	})
}

func TestAProposalIsAcceptedOnlyByAllParties(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		for range 2 { // one form sent twice
			must(0, w.Propose(ctx, her, w.rec.Key, "form-offer-0000000000000000001", w.asking, "各半", "2026-12-31"))(t)
		}
		sheet := must(w.Work(ctx, her, w.rec.Key))(t)
		if len(sheet.Proposals) != 1 {
			t.Fatalf("%d proposals of one form", len(sheet.Proposals))
		}
		for _, step := range []struct{ party, answer, want string }{
			{w.asking, "yes", "open"}, {w.answered, "thinking", "open"}, {w.answered, "yes", "accepted"}, {w.asking, "no", "rejected"},
		} {
			must(0, w.Answer(ctx, her, w.rec.Key, sheet.Proposals[0].Key, step.party, step.answer))(t)
			if got := must(w.Work(ctx, her, w.rec.Key))(t).Proposals[0].State; got != step.want {
				t.Fatalf("after %s: %s, want %s", step.answer, got, step.want)
			}
		}
	})
}

func TestWhatOneSideSaysInPrivateStaysWithTheMediator(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		const secret = "私下能让到三千元"
		must(w.Save(ctx, her, w.rec.Key, papers.Edit{Name: "caucus", PartyKey: w.asking, Text: secret}))(t)
		own := must(w.Work(ctx, her, w.rec.Key))(t)
		if !strings.Contains(fmt.Sprintf("%+v", own), secret) {
			t.Fatal("the mediator doesn't find her own note")
		}
		for _, who := range []access.Actor{her, clerk} {
			paper := must(w.press.Paper(ctx, who, w.caseKey, "record", w.rec.Key))(t)
			if said := doc.Text(paper.Doc); !strings.Contains(said, "张三") || strings.Contains(said, secret) {
				t.Errorf("the paper that %s prints carries the private note", who.Name)
			}
		}
		for _, who := range []access.Actor{clerk, other} {
			if _, err := w.Work(ctx, who, w.rec.Key); err == nil {
				t.Errorf("%s opens the working sheet", who.Name)
			}
		}
		if _, err := w.press.Paper(ctx, other, w.caseKey, "record", w.rec.Key); !fault.Is(err, fault.NotFound) {
			t.Errorf("another mediator prints the record: %v", err)
		}
	})
}
