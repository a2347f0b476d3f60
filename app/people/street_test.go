package people_test

import (
	"slices"
	"strings"
	"testing"

	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func TestTheStreetIsKeptByItsAdministrator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		centre := people.Community{Code: "S0", Name: "演示街道中心", IsStreet: true}
		if err := s.SaveCommunity(t.Context(), clerk, centre); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk changed the street: %v", err)
		}
		for _, c := range []people.Community{{Code: "C2", Name: "示例二社区", Seq: 2}, {Code: "C1", Name: "示例一社区", Seq: 1}, centre} {
			if err := s.SaveCommunity(t.Context(), sys, c); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SaveCommunity(t.Context(), sys, people.Community{Code: "S1", Name: "另一个中心", IsStreet: true}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a second street centre: %v", err)
		}
		list, err := s.Communities(t.Context(), d)
		if err != nil || len(list) != 3 || list[0].Code != "S0" || list[1].Code != "C1" {
			t.Fatalf("%+v, %v", list, err)
		}
		stale := list[1]
		stale.Name = "示例甲社区"
		if err := s.SaveCommunity(t.Context(), sys, stale); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveCommunity(t.Context(), sys, stale); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form: %v", err)
		}
		if err := s.SaveUnit(t.Context(), sys, people.Unit{Code: "U1", Name: "演示单位"}); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveUnit(t.Context(), sys, people.Unit{Code: "U1", Name: "又一个"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the same code twice: %v", err)
		}
	})
}

func TestFourKindsWaitForTheStreet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		kinds, err := s.RepKinds(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		var off []people.RepKind
		for _, k := range kinds {
			if k.Confirmed != k.Enabled {
				t.Errorf("%+v", k)
			}
			if !k.Enabled {
				off = append(off, k)
			}
		}
		if len(kinds) != 8 || len(off) != 4 {
			t.Fatalf("%d kinds, %d off", len(kinds), len(off))
		}
		use := func(key string) error {
			_, err := s.CreateMediator(t.Context(), clerk, key, people.MediatorInput{Name: "某", RepKind: off[0].Code, Employment: "full", Types: []string{"neighbour"}})
			return err
		}
		if err := use("k1"); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unconfirmed kind was used: %v", err)
		}
		for name, ok := range map[string]bool{"": false, off[0].Name: false, "人大代表": false} {
			if err := s.ConfirmRepKind(t.Context(), sys, off[0].Code, name, true, 1); (err == nil) != ok {
				t.Errorf("confirmed as %q: %v", name, err)
			}
		}
		if err := s.ConfirmRepKind(t.Context(), clerk, off[0].Code, "示例代表", true, 1); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk confirmed it: %v", err)
		}
		if err := s.ConfirmRepKind(t.Context(), sys, off[0].Code, "示例代表", true, 1); err != nil {
			t.Fatal(err)
		}
		if err := use("k2"); err != nil {
			t.Errorf("the confirmed kind: %v", err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE rep_kinds SET enabled = TRUE WHERE code = ?`, off[1].Code)
			return err
		})
		if err == nil {
			t.Error("the database switched an unconfirmed kind on")
		}
	})
}

func TestDisputeTypesAreTheReportsFifteenAndTheirSubTypes(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	types, err := s.DisputeTypes(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	main := map[string]people.DisputeType{}
	for _, k := range types {
		if k.Main() {
			main[k.Code] = k
		}
	}
	if len(main) != 15 {
		t.Errorf("%d main types, the report has 15", len(main))
	}
	for _, k := range types {
		if p := main[k.Parent]; !k.Main() && (p.ReportCode != k.ReportCode || !strings.HasPrefix(k.Code, p.Code+"-")) {
			t.Errorf("%+v isn't counted with %+v", k, p)
		}
	}
	if _, ok, err := s.TypeName(t.Context(), d, "nothing"); ok || err != nil {
		t.Errorf("an unknown type has a name: %v", err)
	}
}

func TestACommitteeAndItsTerms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		if err := s.SaveCommittee(t.Context(), sys, people.Committee{Code: "K1", Name: "演示街道人民调解委员会", Org: "演示民调"}); err != nil {
			t.Fatal(err)
		}
		all, err := s.Committees(t.Context(), d)
		if err != nil || len(all) != 1 || all[0].Seal() != all[0].Name {
			t.Fatalf("%+v, %v", all, err)
		}
		c := all[0]
		c.SealText = "演示调委会"
		if err := s.SaveCommittee(t.Context(), sys, c); err != nil {
			t.Fatal(err)
		}
		if c, err = s.Committee(t.Context(), d, c.ID); err != nil || c.Seal() != "演示调委会" {
			t.Errorf("%+v, %v", c, err)
		}
		m := people.Member{CommitteeID: c.ID, Name: "示 安", Gender: "女", Post: "director", TermStart: "2024-01-01"}
		for range 2 { // the form comes twice
			if err := s.AddMember(t.Context(), sys, "form", m); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.Members(t.Context(), d, c.ID)
		if err != nil || len(list) != 1 || list[0].TermEnd != "2026-12-31" || list[0].Name != "示安" {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := s.ReelectMember(t.Context(), sys, list[0].ID, "member", "2027-01-01"); err != nil {
			t.Fatal(err)
		}
		list, err = s.Members(t.Context(), d, c.ID)
		if err != nil || len(list) != 2 || list[0].TermEnd != "2029-12-31" || list[0].Post != "member" || list[1].EndedOn != "2026-11-24" {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := s.EndMember(t.Context(), sys, list[1].ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("ended twice: %v", err)
		}
		var named int
		if err := d.Get(t.Context(), &named, `SELECT COUNT(*) FROM audit_log WHERE ref LIKE '%示%' OR detail LIKE '%示%'`); err != nil || named != 0 {
			t.Errorf("%d rows of the trail name a person, %v", named, err)
		}
	})
}

func TestWhatACommitteeLacks(t *testing.T) {
	t.Parallel()
	of := func(members ...people.Member) []people.Member {
		for i := range members {
			if members[i].TermEnd == "" {
				members[i].TermEnd = "2028-01-01"
			}
		}
		return members
	}
	head := people.Member{Name: "甲", Gender: "男", Post: "director"}
	man, woman := people.Member{Name: "乙", Gender: "男", Post: "member"}, people.Member{Name: "丙", Gender: "女", Post: "member"}
	gone := people.Member{Name: "丁", Gender: "女", Post: "director", EndedOn: "2025-01-01", TermEnd: "2025-01-01"}
	over, soon, later := woman, woman, woman
	over.TermEnd, soon.TermEnd, later.TermEnd = "2026-11-23", "2027-01-23", "2027-01-24"
	for name, c := range map[string]struct {
		members []people.Member
		want    []string // the beginning of each warning
	}{
		"lawful":         {of(head, man, woman), nil},
		"nobody":         {nil, []string{"委员应有", "应设主任", "委员中应有妇女"}},
		"no woman":       {of(head, man, man), []string{"委员中应有妇女"}},
		"two directors":  {of(head, head, woman), []string{"应设主任"}},
		"ten":            {of(head, man, man, man, man, man, man, man, woman, woman), []string{"委员应有"}},
		"gone":           {of(head, man, gone), []string{"委员应有", "委员中应有妇女"}},
		"term over":      {of(head, man, over), []string{"丙的任期已满"}},
		"sixty days":     {of(head, man, soon), []string{"丙的任期到 2027-01-23"}},
		"sixty-one days": {of(head, man, later), nil},
	} {
		got := people.CommitteeWarnings(c.members, "2026-11-24")
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
