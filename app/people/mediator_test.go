package people_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func communityID(t *testing.T, d *db.DB, s *people.Service, name string) int64 {
	t.Helper()
	if err := s.AddCommunity(t.Context(), sys, name, people.Community{Code: name, Name: name}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Communities(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return list[slices.IndexFunc(list, func(c people.Community) bool { return c.Name == name })].ID
}

func TestMediatorsAreFoundByEveryFilter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		c1 := communityID(t, d, s, "示例一社区")
		for _, in := range []people.MediatorInput{
			{Name: "单示例", Types: []string{"neighbour", "property", "neighbour"}, Languages: []string{"粤语", "粤语"}, Communities: []int64{c1}},
			{Name: "李演示", RepKind: "npc", Types: []string{"neighbour-leak"}, Languages: []string{"普通话"}},
			{Name: "Alice 示", RepKind: "psy", Types: []string{"family"}},
		} {
			m := mediator(t, d, s, in)
			if m.Name == "Alice示" {
				continue
			}
			if err := s.MoveMediator(t.Context(), clerk, m.Key, "list", "", m.Version); err != nil {
				t.Fatal(err)
			}
		}
		for name, c := range map[string]struct {
			f    people.MediatorFilter
			want []string
		}{
			"listed":        {people.MediatorFilter{State: people.Listed}, []string{"李演示", "单示例"}},
			"surname shan":  {people.MediatorFilter{Name: "Shan Shi"}, []string{"单示例"}},
			"initials":      {people.MediatorFilter{Name: "lys"}, []string{"李演示"}},
			"character":     {people.MediatorFilter{Name: "演"}, []string{"李演示"}},
			"big letters":   {people.MediatorFilter{Name: "ALICE"}, []string{"Alice示"}},
			"percent":       {people.MediatorFilter{Name: "%"}, nil},
			"type":          {people.MediatorFilter{Type: "neighbour"}, []string{"李演示", "单示例"}},
			"sub-type":      {people.MediatorFilter{Type: "neighbour-leak"}, []string{"李演示", "单示例"}},
			"other type":    {people.MediatorFilter{Type: "medical"}, nil},
			"type and lang": {people.MediatorFilter{Type: "neighbour", Language: "粤语"}, []string{"单示例"}},
			"community":     {people.MediatorFilter{Community: c1}, []string{"单示例"}},
			"kind":          {people.MediatorFilter{RepKind: "npc"}, []string{"李演示"}},
			"no ids":        {people.MediatorFilter{IDs: []int64{}}, nil},
		} {
			before := d.Queries()
			list, err := s.Mediators(t.Context(), d, c.f)
			var got []string
			for _, m := range list {
				got = append(got, m.Name)
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, want %v, %v", name, got, c.want, err)
			}
			if n := d.Queries() - before; n > 2 {
				t.Errorf("%s: %d queries", name, n)
			}
		}
	})
}

// TestAWholeCitysRosterIsRead lists more mediators than one query may carry parameters.
func TestAWholeCitysRosterIsRead(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	const n = 12_000
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, q := range []string{`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO mediators (key, name, pinyin, initials, rep_kind, employment, state, created_at)
			SELECT 'k' || i, 'n' || i, 'p', 'p', 'pro', 'part', 'listed', 0 FROM n`,
			`INSERT INTO mediator_languages (mediator_id, language) SELECT id, '粤语' FROM mediators LIMIT ?`} {
			if _, err := tx.Exec(t.Context(), q, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := d.Queries()
	list, err := s.Mediators(t.Context(), d, people.MediatorFilter{})
	if err != nil || len(list) != n || len(list[0].Languages) != 1 || len(list[n-1].Languages) != 1 {
		t.Fatalf("%d mediators, %v", len(list), err)
	}
	if q := d.Queries() - before; q != 3 {
		t.Errorf("%d queries", q)
	}
}

func TestWhatAMediatorsFormRefuses(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	plain := account(t, d, s, "clerk1", access.Clerk)
	med := account(t, d, s, "mediator1", access.Mediator)
	good := people.MediatorInput{Name: "某", RepKind: "pro", Employment: "full", Types: []string{"neighbour"}, AccountID: med.ID, Pinyin: " Mou ", JoinedOn: "2026-01-31"}
	for field, spoil := range map[string]func(in *people.MediatorInput){
		"name": func(in *people.MediatorInput) { in.Name = " " }, "pinyin": func(in *people.MediatorInput) { in.Pinyin = "m%u" },
		"gender": func(in *people.MediatorInput) { in.Gender = "x" }, "rep_kind": func(in *people.MediatorInput) { in.RepKind = "tbd1" },
		"employment": func(in *people.MediatorInput) { in.Employment = "" }, "grade": func(in *people.MediatorInput) { in.Grade = "5" },
		"load_cap": func(in *people.MediatorInput) { in.LoadCap = -1 }, "joined_on": func(in *people.MediatorInput) { in.JoinedOn = "31.1." },
		"types": func(in *people.MediatorInput) { in.Types = []string{"neighbour", "nothing"} }, "phone": func(in *people.MediatorInput) { in.Phone = "1" },
		"communities": func(in *people.MediatorInput) { in.Communities = []int64{99} }, "unit": func(in *people.MediatorInput) { in.UnitID = 99 },
		"account": func(in *people.MediatorInput) { in.AccountID = plain.ID }, "story": func(in *people.MediatorInput) { in.Story = strings.Repeat("说", 2001) },
		"languages": func(in *people.MediatorInput) { in.Languages = []string{strings.Repeat("x", 13)} },
	} {
		in := good
		spoil(&in)
		_, err := s.CreateMediator(t.Context(), clerk, field, in)
		e, ok := errors.AsType[*fault.Error](err)
		if !ok || e.Code != fault.Invalid || e.Fields[field] == "" || len(e.Fields) != 1 {
			t.Errorf("%s: %+v", field, err)
		}
	}
	key, err := s.CreateMediator(t.Context(), clerk, "good", good)
	if err != nil {
		t.Fatal(err)
	}
	if m := read(t, d, s, key); m.Pinyin != "mou" || m.Initials != "m" {
		t.Errorf("%q %q", m.Pinyin, m.Initials)
	}
	if _, err := s.CreateMediator(t.Context(), clerk, "good2", good); !fault.Is(err, fault.Invalid) {
		t.Errorf("one account, two mediators: %v", err)
	}
	if again, err := s.CreateMediator(t.Context(), clerk, "good", good); err != nil || again != key {
		t.Errorf("the same form again: %q, %v", again, err)
	}
	if _, err := s.CreateMediator(t.Context(), sys, "k", good); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the 系统管理员 kept the roster: %v", err)
	}
}

// hands are the people who meet a mediator's listing.
func hands(m people.Mediator) map[string]access.Actor {
	return map[string]access.Actor{
		"keeper": clerk, "system": access.System("测试"),
		"self":  {AccountID: 1, MediatorID: m.ID, Roles: []access.Role{access.Mediator}},
		"other": {AccountID: 2, MediatorID: m.ID + 1, Roles: []access.Role{access.Mediator}},
		"lead":  {AccountID: 3, Roles: []access.Role{access.RoomLead, access.Leader}},
		"admin": sys,
	}
}

// TestMediatorMovesGolden tries every step in every state by everybody and holds the
// outcome against a file, and against what MovesOf offers.
func TestMediatorMovesGolden(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	m := mediator(t, d, s, people.MediatorInput{Name: "某"})
	var b strings.Builder
	b.WriteString("state × verb: where it leads for whom\n")
	for _, from := range people.MediatorStates {
		for _, move := range people.MediatorMoves {
			fmt.Fprintf(&b, "%-8s %-7s", from, move.Verb)
			for _, hand := range []string{"keeper", "self", "system", "other", "lead", "admin"} {
				who := hands(m)[hand]
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), `UPDATE mediators SET state = ?, version = 1 WHERE id = ?`, from, m.ID)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				offered := slices.ContainsFunc(people.MovesOf(read(t, d, s, m.Key), who), func(x people.MediatorMove) bool { return x.Verb == move.Verb })
				err = s.MoveMediator(t.Context(), who, m.Key, move.Verb, "理由", 1)
				if offered != (err == nil) {
					t.Errorf("%s %s by %s: offered %v, done %v", from, move.Verb, hand, offered, err)
				}
				if err == nil {
					fmt.Fprintf(&b, " %s→%s", hand, read(t, d, s, m.Key).State)
				}
			}
			b.WriteString("\n")
		}
	}
	const path = "testdata/moves.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || b.String() != string(want) {
		t.Errorf("%s differs, %v:\n%s", path, err, b.String())
	}
}

func TestListingHasItsGates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		m := mediator(t, d, s, people.MediatorInput{Name: "某", RepKind: "psy"})
		var told []people.MediatorState
		s.MediatorChanged = func(_ context.Context, _ *db.Tx, m people.Mediator) error {
			told = append(told, m.State)
			return nil
		}
		s.MayList = func(context.Context, db.Reader, int64) error {
			return fault.New(fault.Conflict, "岗前培训未通过")
		}
		if err := s.MoveMediator(t.Context(), clerk, m.Key, "list", "", 1); fault.MessageOf(err) != "岗前培训未通过" {
			t.Errorf("listed without training: %v", err)
		}
		s.MayList = nil
		if err := s.SwitchRepKind(t.Context(), sys, "psy", false, 0, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.MoveMediator(t.Context(), clerk, m.Key, "list", "", 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("listed with a kind that is off: %v", err)
		}
		if err := s.SwitchRepKind(t.Context(), sys, "psy", true, 0, 2); err != nil {
			t.Fatal(err)
		}
		if err := s.MoveMediator(t.Context(), clerk, m.Key, "list", "", 1); err != nil {
			t.Fatal(err)
		}
		if err := s.MoveMediator(t.Context(), clerk, m.Key, "pause", "", 2); !fault.Is(err, fault.Invalid) {
			t.Errorf("paused without a reason: %v", err)
		}
		if err := s.MoveMediator(t.Context(), clerk, m.Key, "pause", "请假", 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale page paused: %v", err)
		}
		if err := s.MoveMediator(t.Context(), clerk, m.Key, "pause", "请假", 2); err != nil {
			t.Fatal(err)
		}
		events, err := s.MediatorEvents(t.Context(), clerk, m.ID)
		if err != nil || len(events) != 3 || events[0].Note != "请假" || events[0].From != people.Listed || events[0].To != people.Paused {
			t.Errorf("%+v, %v", events, err)
		}
		if !slices.Equal(told, []people.MediatorState{people.Listed, people.Paused}) {
			t.Errorf("the calendar heard %v", told)
		}
	})
}

func TestEditing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		m := mediator(t, d, s, people.MediatorInput{Name: "某", Phone: "13800138000", Types: []string{"neighbour", "property"}, Grade: "4"})
		in := people.MediatorInput{Name: "曾某", RepKind: "npc", Employment: "invited", Types: []string{"family"}, Grade: "3", LoadCap: 3, Version: m.Version}
		version, err := d.Version(t.Context(), "market")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.EditMediator(t.Context(), clerk, m.Key, in); err != nil {
			t.Fatal(err)
		}
		if after, err := d.Version(t.Context(), "market"); err != nil || after == version {
			t.Errorf("the marketplace wasn't told: %v", err)
		}
		if err := s.EditMediator(t.Context(), clerk, m.Key, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form: %v", err)
		}
		m = read(t, d, s, m.Key)
		if m.Pinyin != "zengmou" || m.RepName != "人大代表" || !slices.Equal(m.Types, []string{"family"}) || m.LoadCap != 3 || m.Grade != "3" {
			t.Errorf("%+v", m)
		}
		if phone, err := s.PhoneOf(t.Context(), d, m.ID); err != nil || phone != "13800138000" {
			t.Errorf("an empty phone in the form took the phone away: %q, %v", phone, err)
		}
		if err := s.SwitchRepKind(t.Context(), sys, "npc", false, 0, 1); err != nil {
			t.Fatal(err)
		}
		in.Version = m.Version
		if err := s.EditMediator(t.Context(), clerk, m.Key, in); err != nil {
			t.Errorf("the kind was switched off since, and nothing else can be changed any more: %v", err)
		}
		var clear int
		err = d.Get(t.Context(), &clear, `SELECT COUNT(*) FROM mediators WHERE phone_index LIKE '%138%' OR phone_sealed = ?`, []byte("13800138000"))
		if err != nil || clear != 0 {
			t.Errorf("%d phones stand in clear, %v", clear, err)
		}
	})
}

func TestGradesAreOnRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		m := mediator(t, d, s, people.MediatorInput{Name: "某", Grade: "4"})
		third := people.Grade{Grade: "3", Issuer: "演示区调解协会", CertNo: "演 1", OnDay: "2026-11-01", ValidTo: "2026-12-31"}
		paper, err := s.Files.Prepare(t.Context(), "证书.png", dot(t))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the form comes twice
			if err := s.AwardGrade(t.Context(), clerk, "form", m.Key, third, &paper); err != nil {
				t.Fatal(err)
			}
		}
		old := people.Grade{Grade: "4", Issuer: "演示区调解协会", OnDay: "2020-01-01"} // entered afterwards
		if err := s.AwardGrade(t.Context(), clerk, "form2", m.Key, old, nil); err != nil {
			t.Fatal(err)
		}
		if m = read(t, d, s, m.Key); m.Grade != "3" {
			t.Errorf("the grade is %s, though the newest is 3", people.GradeLabel(m.Grade))
		}
		all, err := s.GradesOf(t.Context(), clerk, m.ID)
		if err != nil || len(all) != 3 || all[1].CertNo != "演 1" || all[1].FileKey != paper.Key || all[2].OnDay != "2020-01-01" {
			t.Errorf("%+v, %v", all, err)
		}
		for what, wrong := range map[string]people.Grade{
			"valid to a day before it was given": {Grade: "3", Issuer: "协会", OnDay: "2026-11-01", ValidTo: "2026-01-01"},
			"given tomorrow":                     {Grade: "3", Issuer: "协会", OnDay: db.DayOf(clock.Now().AddDate(0, 0, 1))},
		} {
			if err := s.AwardGrade(t.Context(), clerk, "form3", m.Key, wrong, nil); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := s.AwardGrade(t.Context(), hands(m)["self"], "form4", m.Key, old, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a mediator graded oneself: %v", err)
		}
		if _, err := s.GradesOf(t.Context(), hands(m)["other"], m.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a colleague read the gradings: %v", err)
		}
		if _, err := s.GradePaperOf(t.Context(), hands(m)["other"], m.Key, paper.Key); !fault.Is(err, fault.NotFound) {
			t.Errorf("a colleague opened the paper: %v", err)
		}
		if f, err := s.GradePaperOf(t.Context(), hands(m)["self"], m.Key, paper.Key); err != nil || f.Name != "证书.png" {
			t.Errorf("%+v, %v", f, err)
		}
		for want, wait := range map[int]time.Duration{0: 0, 1: 60 * 24 * time.Hour} {
			clock.Advance(wait)
			if n, err := s.LapseGrades(t.Context()); err != nil || n != want {
				t.Errorf("%d grades lapsed, want %d, %v", n, want, err)
			}
		}
		if m = read(t, d, s, m.Key); m.Grade != "4" {
			t.Errorf("after its time the grade is %q", m.Grade)
		}
	})
}

func TestAMediatorKeepsTheOwnProfile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		m := mediator(t, d, s, people.MediatorInput{Name: "某", Story: "旧", Grade: "4", Phone: "13800138000", Types: []string{"family", "neighbour"}})
		self := hands(m)["self"]
		if err := s.Publish(t.Context(), self, m.Key, "v1", true); err != nil {
			t.Fatal(err)
		}
		m = read(t, d, s, m.Key)
		in := people.OwnProfile{Story: "先听完再开口", Languages: []string{"粤语"}, Version: m.Version}
		for _, hand := range []string{"other", "keeper"} {
			if err := s.EditOwnProfile(t.Context(), hands(m)[hand], m.Key, in); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s wrote the mediator's own words: %v", hand, err)
			}
		}
		if err := s.EditOwnProfile(t.Context(), self, m.Key, people.OwnProfile{Phone: "12", Version: m.Version}); len(fault.FieldsOf(err)) != 2 {
			t.Errorf("no language and half a phone: %v", err)
		}
		if err := s.EditOwnProfile(t.Context(), self, m.Key, in); err != nil {
			t.Fatal(err)
		}
		if err := s.EditOwnProfile(t.Context(), self, m.Key, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("by a stale page: %v", err)
		}
		m = read(t, d, s, m.Key)
		if m.Story != "先听完再开口" || len(m.Languages) != 1 || len(m.Types) != 2 || m.Grade != "4" || !m.Published() {
			t.Errorf("%+v", m)
		}
		if phone, err := s.PhoneOf(t.Context(), d, m.ID); err != nil || phone != "13800138000" {
			t.Errorf("phone %q, %v", phone, err)
		}
	})
}

func TestPublicationIsTheMediatorsOwnDecision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		m := mediator(t, d, s, people.MediatorInput{Name: "某", Story: "先听完再开口"})
		self := hands(m)["self"]
		for _, hand := range []string{"keeper", "other", "lead"} {
			if err := s.Publish(t.Context(), hands(m)[hand], m.Key, "v1", true); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s consented for the mediator: %v", hand, err)
			}
		}
		publish := func() {
			if err := s.Publish(t.Context(), self, m.Key, "v1", true); err != nil {
				t.Fatal(err)
			}
			if m = read(t, d, s, m.Key); !m.Published() || m.PublishVer != "v1" {
				t.Fatalf("%+v", m)
			}
		}
		photo := func(who access.Actor, key string) {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.SetPhoto(t.Context(), tx, who, m.Key, key) }); err != nil {
				t.Fatal(err)
			}
			m = read(t, d, s, m.Key)
		}
		publish()
		photo(self, "file1")
		if !m.Published() {
			t.Error("the own new photo ended the consent")
		}
		photo(clerk, "")
		if !m.Published() {
			t.Error("taking the photo off ended the consent")
		}
		photo(clerk, "file2")
		if m.Published() {
			t.Error("a photo the mediator never saw is public")
		}
		publish()
		in := people.MediatorInput{Name: "某", RepKind: "pro", Employment: "part", Types: []string{"neighbour"}, Story: "另一个故事", Version: m.Version}
		if err := s.EditMediator(t.Context(), clerk, m.Key, in); err != nil {
			t.Fatal(err)
		}
		if m = read(t, d, s, m.Key); m.Published() {
			t.Error("a story the mediator never saw is public")
		}
		publish()
		if err := s.Publish(t.Context(), self, m.Key, "v1", false); err != nil {
			t.Fatal(err)
		}
		if m = read(t, d, s, m.Key); m.Published() || m.PublishVer != "" {
			t.Errorf("taken back, and yet %+v", m)
		}
	})
}

// dot is the smallest picture, as a scanned paper.
func dot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
