package people_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/people/sheet"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

const roster = `* 姓名,手 机(必填),性别,类别,专兼职,等级,擅长纠纷,方言,服务社区,加入日期
张示安,138 0013 8000,女,人大代表,兼职,三级,邻里、漏水,粤语 普通话,示例一社区,2024/3/1
李演宁,139-0013-9000,男,待街道确认（一）,兼职,,邻里,,,
王示平,13700137000,男,,专职,五级,天文,,月球社区,昨天
张示安,13800138000,女,,,,邻里,,,
已在册,13600136000,,,,,邻里,,,
已在册,,,,,,邻里,,,
已在册,13500135000,,,,,邻里,,,
,,,,,,,,,

赵示和,,,,,,物业,,,
`

func TestARosterIsTakenIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		communityID(t, d, s, "示例一社区")
		mediator(t, d, s, people.MediatorInput{Name: "已在册", Phone: "13600136000"})
		im, err := s.PreviewRoster(t.Context(), clerk, "名册.csv", []byte(roster))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range im.Lines {
			got = append(got, fmt.Sprintf("%d %s good=%v match=%s note=%v errors=%d", l.Line, l.Input.Name, l.Good(), l.Match, l.Note != "", len(l.Errors)))
		}
		want := []string{"2 张示安 good=true match= note=false errors=0", "3 李演宁 good=false match= note=false errors=1",
			"4 王示平 good=false match= note=false errors=4", "5 张示安 good=false match= note=false errors=1",
			"6 已在册 good=false match=已在册 note=false errors=0", "7 已在册 good=false match=已在册 note=false errors=0",
			"8 已在册 good=true match= note=true errors=0", "11 赵示和 good=true match= note=false errors=0"}
		if !slices.Equal(got, want) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if all, err := s.Mediators(t.Context(), d, people.MediatorFilter{}); err != nil || len(all) != 1 {
			t.Errorf("the preview wrote: %d mediators, %v", len(all), err)
		}
		for range 2 { // the confirmation comes twice
			if n, err := s.ConfirmRoster(t.Context(), clerk, im.Token); err != nil || n != 3 {
				t.Fatalf("%d taken in, %v", n, err)
			}
		}
		all, err := s.Mediators(t.Context(), d, people.MediatorFilter{Name: "张示安"})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d, %v", len(all), err)
		}
		m := all[0]
		if m.RepKind != "npc" || m.Grade != "3" || m.Employment != "part" || m.JoinedOn != "2024-03-01" || m.State != people.Dormant ||
			!slices.Equal(m.Types, []string{"neighbour", "neighbour-leak"}) || len(m.Languages) != 2 || len(m.Communities) != 1 {
			t.Errorf("%+v", m)
		}
		if events, err := s.MediatorEvents(t.Context(), clerk, m.ID); err != nil || len(events) != 1 || events[0].Note != "名册导入" {
			t.Errorf("%+v, %v", events, err)
		}
		if n := actions(t, d, "mediator.import"); n != 1 {
			t.Errorf("%d rows on the trail", n)
		}
		var kept int
		if err := d.Get(t.Context(), &kept, `SELECT COUNT(*) FROM roster_imports WHERE lines_sealed IS NOT NULL`); err != nil || kept != 0 {
			t.Errorf("%d lists of names and phones lie about, %v", kept, err)
		}
	})
}

func TestAPreviewIsOnesOwnAndGoesStale(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	preview := func() string {
		t.Helper()
		im, err := s.PreviewRoster(t.Context(), clerk, "x.csv", []byte("姓名,手机,擅长\n赵示和,13800138000,物业\n钱演安,13900139000,物业\n"))
		if err != nil || im.Good() != 2 {
			t.Fatalf("%+v, %v", im, err)
		}
		return im.Token
	}
	token := preview()
	if _, err := s.ConfirmRoster(t.Context(), access.Actor{AccountID: 55, Roles: []access.Role{access.Clerk}}, token); !fault.Is(err, fault.Invalid) {
		t.Errorf("a colleague confirmed it: %v", err)
	}
	if _, err := s.ConfirmRoster(t.Context(), sys, token); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the 系统管理员 confirmed it: %v", err)
	}
	mediator(t, d, s, people.MediatorInput{Name: "钱演安", Phone: "13900139000"})
	if _, err := s.ConfirmRoster(t.Context(), clerk, token); !fault.Is(err, fault.Conflict) {
		t.Errorf("somebody on it was registered since: %v", err)
	}
	if all, err := s.Mediators(t.Context(), d, people.MediatorFilter{}); err != nil || len(all) != 1 {
		t.Errorf("half of it was taken in: %d, %v", len(all), err)
	}
	clock.Advance(49 * time.Hour)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ConfirmRoster(t.Context(), clerk, token); !fault.Is(err, fault.Invalid) {
		t.Errorf("two days later: %v", err)
	}
	for name, raw := range map[string]string{"x.csv": "手机\n138\n", "x.pdf": "姓名\n", "x.xlsx": "姓名\n"} {
		if _, err := s.PreviewRoster(t.Context(), clerk, name, []byte(raw)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheRosterComesBack exports a roster, imports it into an empty street, and wants
// the same people.
func TestTheRosterComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		place := communityID(t, d, s, "示例一社区")
		if err := s.AddUnit(t.Context(), sys, "u1", people.Unit{Code: "U1", Name: "演示单位", Kind: "office"}); err != nil {
			t.Fatal(err)
		}
		units, err := s.Units(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		in := people.MediatorInput{Name: "单示安", Pinyin: "shanshian", Initials: "ssa", Gender: "女", RepKind: "psy", Employment: "invited", CourtInvited: true,
			UnitID: units[0].ID, Phone: "13800138000", Grade: "2", Story: "=HYPERLINK(\"x\")", JoinedOn: "2020-02-29", LoadCap: 5,
			Types: []string{"family", "neighbour-leak"}, Languages: []string{"粤语"}, Communities: []int64{place}}
		before := mediator(t, d, s, in)
		mediator(t, d, s, people.MediatorInput{Name: "李演宁"})
		var b bytes.Buffer
		for name, who := range map[string]access.Actor{"no reason": clerk, "leader": {AccountID: 3, Roles: []access.Role{access.Leader}}} {
			if err := s.ExportRoster(t.Context(), who, " ", &b); err == nil {
				t.Errorf("exported: %s", name)
			}
		}
		if err := s.ExportRoster(t.Context(), clerk, "备案", &b); err != nil {
			t.Fatal(err)
		}
		if n := actions(t, d, "mediator.export"); n != 1 {
			t.Errorf("%d rows on the trail", n)
		}
		table, err := sheet.Read("x.xlsx", b.Bytes())
		if err != nil || len(table.Rows) != 2 || table.Rows[0].Get(table.Column("手机"))+table.Rows[1].Get(table.Column("手机")) != "13800138000" {
			t.Fatalf("%+v, %v", table, err)
		}
		for _, q := range []string{"types", "languages", "communities", "grades", "events"} {
			forget(t, d, `DELETE FROM mediator_`+q)
		}
		forget(t, d, `DELETE FROM mediators`)
		im, err := s.PreviewRoster(t.Context(), clerk, "x.xlsx", b.Bytes())
		if err != nil || im.Good() != 2 {
			t.Fatalf("%+v, %v", im, err)
		}
		if _, err := s.ConfirmRoster(t.Context(), clerk, im.Token); err != nil {
			t.Fatal(err)
		}
		list, err := s.Mediators(t.Context(), d, people.MediatorFilter{RepKind: "psy"})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d, %v", len(list), err)
		}
		after := list[0]
		after.ID, after.Key = before.ID, before.Key
		before.Story = "'" + before.Story // the one change: it can't become a formula
		if fmt.Sprintf("%+v", deref(after)) != fmt.Sprintf("%+v", deref(before)) {
			t.Errorf("came back as\n%+v, was\n%+v", after, before)
		}
	})
}

// deref puts values in the place of pointers, for comparing.
func deref(m people.Mediator) any {
	unit := int64(0)
	if m.UnitID != nil {
		unit, m.UnitID = *m.UnitID, nil
	}
	return struct {
		M    people.Mediator
		Unit int64
	}{m, unit}
}

func forget(t *testing.T, d *db.DB, query string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
