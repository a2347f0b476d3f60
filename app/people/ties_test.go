package people_test

import (
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// TestTiesMeetWhatPartiesGive declares ties in one spelling and wants the index that a
// party's value in another spelling has.
func TestTiesMeetWhatPartiesGive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		box, err := seal.New(seal.NewKeyring())
		if err != nil {
			t.Fatal(err)
		}
		s := people.New(d, box, audit.New(box), notify.New(d, box), people.Options{Hash: cheap})
		if err := s.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := mediator(t, d, s, people.MediatorInput{Name: "某"})
		self := hands(m)["self"]
		for i, c := range []struct{ kind, value, column, party string }{
			{"office", "", "", ""},
			{"employer", "演示物业有限责任公司", "employer", people.NormOrg("演示 物业有限公司")},
			{"property", "示例物业", "employer", people.NormOrg("示例物业")},
			{"household", "深圳市龙岗区演示街道演示路1号2栋301室", "address", people.NormAddress("演示路1号2栋301")},
			{"person", "138 0013 8000", "phone", "13800138000"},
			{"person", "11010519491231002x", "idno", "11010519491231002X"},
		} {
			for range 2 { // the form comes twice
				if err := s.AddTie(t.Context(), self, string(rune('a'+i)), m.Key, people.Tie{Kind: c.kind, Words: "说明", Value: c.value}); err != nil {
					t.Fatalf("%s: %v", c.kind, err)
				}
			}
			list, err := s.TiesOf(t.Context(), d, []int64{m.ID})
			if err != nil || len(list) != i+1 {
				t.Fatalf("%d ties, %v", len(list), err)
			}
			if want := box.Blind(c.column, c.party); c.column != "" && list[i].Index != want {
				t.Errorf("%s %q doesn't meet %q", c.kind, c.value, c.party)
			}
		}
		for name, tie := range map[string]people.Tie{"kind": {Kind: "x", Words: "说明"}, "words": {Kind: "office"},
			"employer": {Kind: "employer", Words: "说明"}, "person": {Kind: "person", Words: "表弟", Value: "小王"}} {
			if err := s.AddTie(t.Context(), self, "bad"+name, m.Key, tie); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTiesAreSeenByTheMediatorAndTheKeeperAlone(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	m := mediator(t, d, s, people.MediatorInput{Name: "某"})
	if err := s.AddTie(t.Context(), clerk, "form", m.Key, people.Tie{Kind: "employer", Words: "任职", Value: "演示公司"}); err != nil {
		t.Fatal(err)
	}
	var key string
	for hand, who := range hands(m) {
		list, err := s.Ties(t.Context(), who, m.ID)
		if may := hand == "self" || who.Can(access.RosterRun); may != (err == nil) {
			t.Errorf("%s: %v", hand, err)
		}
		for _, x := range list {
			if key = x.Key; x.Value != "演示公司" {
				t.Errorf("%s: %+v", hand, x)
			}
		}
		if err := s.AddTie(t.Context(), who, hand, m.Key, people.Tie{}); err == nil {
			t.Errorf("%s declared nothing", hand)
		}
	}
	if err := s.EndTie(t.Context(), hands(m)["other"], m.Key, key); !fault.Is(err, fault.NotFound) {
		t.Errorf("a colleague ended it: %v", err)
	}
	if err := s.EndTie(t.Context(), hands(m)["self"], m.Key, key); err != nil {
		t.Fatal(err)
	}
	if list, err := s.TiesOf(t.Context(), d, []int64{m.ID}); err != nil || len(list) != 0 {
		t.Errorf("%d ties left, %v", len(list), err)
	}
	var kept int
	if err := d.Get(t.Context(), &kept, `SELECT COUNT(*) FROM mediator_ties`); err != nil || kept != 1 {
		t.Errorf("%d on record, %v", kept, err)
	}
}
