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

func newCommittee(t *testing.T, d *db.DB, s *people.Service) people.Committee {
	t.Helper()
	for range 2 { // the form comes twice
		if err := s.AddCommittee(t.Context(), sys, "k1", people.Committee{Code: "K1", Name: "演示街道人民调解委员会", Org: "演示民调"}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Committees(t.Context(), d)
	if err != nil || len(all) != 1 || all[0].Seal() != all[0].Name {
		t.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}

func TestACommitteeAndItsTerms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		c := newCommittee(t, d, s)
		c.SealText = "演示调委会"
		if err := s.SaveCommittee(t.Context(), sys, c); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveCommittee(t.Context(), sys, c); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form: %v", err)
		}
		c, err := s.Committee(t.Context(), d, c.ID)
		if err != nil || c.Seal() != "演示调委会" {
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
		if err := s.ReelectMember(t.Context(), sys, list[0].ID, "member", "2027-01-01", 1); err != nil {
			t.Fatal(err)
		}
		list, err = s.Members(t.Context(), d, c.ID)
		if err != nil || len(list) != 2 || list[0].TermEnd != "2029-12-31" || list[0].Post != "member" || list[1].EndedOn != "2026-12-31" {
			t.Fatalf("%+v, %v", list, err)
		}
		var named int
		if err := d.Get(t.Context(), &named, `SELECT COUNT(*) FROM audit_log WHERE ref LIKE '%示%' OR detail LIKE '%示%'`); err != nil || named != 0 {
			t.Errorf("%d rows of the trail name a person, %v", named, err)
		}
	})
}

func TestAMemberComesAndGoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		c := newCommittee(t, d, s)
		good := people.Member{CommitteeID: c.ID, Name: "示安", Gender: "女", Post: "member", TermStart: "2026-01-01", TermEnd: "2027-06-30"}
		for field, spoil := range map[string]func(*people.Member){
			"name": func(m *people.Member) { m.Name = " " }, "gender": func(m *people.Member) { m.Gender = "" }, "post": func(m *people.Member) { m.Post = "chief" },
			"term_start": func(m *people.Member) { m.TermStart = "2026" }, "term_end": func(m *people.Member) { m.TermEnd = "2029-01-01" },
		} {
			m := good
			spoil(&m)
			if err := s.AddMember(t.Context(), sys, field, m); fault.FieldsOf(err)[field] == "" {
				t.Errorf("a bad %s: %v", field, err)
			}
		}
		if err := s.AddMember(t.Context(), sys, "a", good); err != nil {
			t.Fatal(err)
		}
		if err := s.AddMember(t.Context(), sys, "b", good); !fault.Is(err, fault.Invalid) {
			t.Errorf("twice in office: %v", err)
		}
		list, err := s.Members(t.Context(), d, 0)
		if err != nil || len(list) != 1 || list[0].TermEnd != "2027-06-30" {
			t.Fatalf("%+v, %v", list, err)
		}
		m := list[0]
		m.Name, m.Post = "演宁", "deputy"
		if err := s.EditMember(t.Context(), clerk, m); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk corrected a member: %v", err)
		}
		if err := s.EditMember(t.Context(), sys, m); err != nil {
			t.Fatal(err)
		}
		if err := s.EditMember(t.Context(), sys, m); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form: %v", err)
		}
		for _, day := range []string{"", "2025-12-31", "2026-11-25"} {
			if err := s.EndMember(t.Context(), sys, m.ID, day, 2); fault.FieldsOf(err)["ended_on"] == "" {
				t.Errorf("left on %q: %v", day, err)
			}
		}
		if err := s.EndMember(t.Context(), sys, m.ID, "2026-11-01", 2); err != nil {
			t.Fatal(err)
		}
		if err := s.EndMember(t.Context(), sys, m.ID, "2026-11-01", 3); !fault.Is(err, fault.Conflict) {
			t.Errorf("left twice: %v", err)
		}
		if m, err = s.Member(t.Context(), d, m.ID); err != nil || m.EndedOn != "2026-11-01" || m.Name != "演宁" || m.Post != "deputy" {
			t.Errorf("%+v, %v", m, err)
		}
		if err := s.RestoreMember(t.Context(), sys, m.ID, 3); err != nil {
			t.Fatal(err)
		}
		if err := s.ReelectMember(t.Context(), sys, m.ID, "director", "2026-01-01", 4); fault.FieldsOf(err)["term_start"] == "" {
			t.Errorf("a new term before the present one: %v", err)
		}
		if err := s.ReelectMember(t.Context(), sys, m.ID, "director", "2026-06-01", 4); err != nil {
			t.Fatal(err)
		}
		if err := s.RestoreMember(t.Context(), sys, m.ID, 5); !fault.Is(err, fault.Invalid) {
			t.Errorf("in office twice after an undo: %v", err)
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
