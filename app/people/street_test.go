package people_test

import (
	"context"
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
		if err := s.AddCommunity(t.Context(), clerk, "x", centre); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk changed the street: %v", err)
		}
		for _, c := range []people.Community{{Code: "C2", Name: "示例二社区", Seq: 2}, {Code: "C1", Name: "示例一社区", Seq: 1}, centre, centre} {
			if err := s.AddCommunity(t.Context(), sys, c.Code, c); err != nil { // a form that comes twice adds one
				t.Fatal(err)
			}
		}
		if err := s.AddCommunity(t.Context(), sys, "S1", people.Community{Code: "S1", Name: "另一个中心", IsStreet: true}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a second street centre: %v", err)
		}
		list, err := s.Communities(t.Context(), d)
		if err != nil || len(list) != 3 || list[0].Code != "S0" || list[1].Code != "C1" {
			t.Fatalf("%+v, %v", list, err)
		}
		stale := list[1]
		stale.Name, stale.Seq = "示例甲社区", 3
		if err := s.SaveCommunity(t.Context(), sys, stale); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveCommunity(t.Context(), sys, stale); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form: %v", err)
		}
		if list, err = s.Communities(t.Context(), d); err != nil || list[2].Name != "示例甲社区" {
			t.Errorf("the order is %+v, %v", list, err)
		}
	})
}

func TestAUnitHasAKindAndARightCreditCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		place := communityID(t, d, s, "示例一社区")
		nowhere := place + 1000
		good := people.Unit{Code: "U1", Name: "演示单位", Kind: "company", CommunityID: &place, CreditCode: " ９１350100m000100y43 "}
		for field, spoil := range map[string]func(*people.Unit){
			"code": func(u *people.Unit) { u.Code = "" }, "kind": func(u *people.Unit) { u.Kind = "club" },
			"credit_code": func(u *people.Unit) { u.CreditCode = "91350100M000100Y44" },
			"community":   func(u *people.Unit) { u.CommunityID = &nowhere }, "seq": func(u *people.Unit) { u.Seq = -1 },
		} {
			u := good
			spoil(&u)
			if err := s.AddUnit(t.Context(), sys, field, u); fault.FieldsOf(err)[field] == "" {
				t.Errorf("a bad %s: %v", field, err)
			}
		}
		if err := s.AddUnit(t.Context(), sys, "u1", good); err != nil {
			t.Fatal(err)
		}
		if err := s.AddUnit(t.Context(), sys, "u2", good); !fault.Is(err, fault.Invalid) {
			t.Errorf("the same code twice: %v", err)
		}
		list, err := s.Units(t.Context(), d)
		if err != nil || len(list) != 1 || list[0].CreditCode != "91350100M000100Y43" || *list[0].CommunityID != place {
			t.Fatalf("%+v, %v", list, err)
		}
		u := list[0]
		u.Name, u.Kind, u.CommunityID = "演示单位甲", "other", nil
		if err := s.SaveUnit(t.Context(), sys, u); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveUnit(t.Context(), sys, u); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form: %v", err)
		}
		if err := s.StopUnit(t.Context(), sys, u.ID, u.Version+1); err != nil {
			t.Fatal(err)
		}
		if u, err = s.Unit(t.Context(), d, u.ID); err != nil || u.StoppedOn != "2026-11-24" || u.Name != "演示单位甲" {
			t.Errorf("%+v, %v", u, err)
		}
		if err := s.ResumeUnit(t.Context(), sys, u.ID, u.Version); err != nil {
			t.Error(err)
		}
	})
}

func TestACommunityIsStoppedWithWhatHangsOnItTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		id := communityID(t, d, s, "示例一社区")
		mediator(t, d, s, people.MediatorInput{Name: "某", Communities: []int64{id}})
		rooms := 1
		s.UsesAbove = func(_ context.Context, _ db.Reader, of int64) ([]people.Use, error) {
			return []people.Use{{Name: "调解室", Unit: "间", N: rooms, Note: "请先改到别处", Blocks: true}}, nil
		}
		uses, err := s.CommunityUses(t.Context(), d, id)
		if i := slices.IndexFunc(uses, func(u people.Use) bool { return u.Name == "服务这个社区的调解员" }); err != nil || i < 0 || uses[i].N != 1 {
			t.Errorf("%+v, %v", uses, err)
		}
		if err := s.StopCommunity(t.Context(), clerk, id, 1); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk stopped it: %v", err)
		}
		if err := s.StopCommunity(t.Context(), sys, id, 1); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "1 间调解室") {
			t.Errorf("stopped with a room in it: %v", err)
		}
		rooms = 0
		if err := s.StopCommunity(t.Context(), sys, id, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.StopCommunity(t.Context(), sys, id, 2); !fault.Is(err, fault.Conflict) {
			t.Errorf("stopped twice: %v", err)
		}
		if c, err := s.Community(t.Context(), d, id); err != nil || c.StoppedOn != "2026-11-24" {
			t.Errorf("%+v, %v", c, err)
		}
		if err := s.ResumeCommunity(t.Context(), sys, id, 2); err != nil {
			t.Error(err)
		}
		if err := s.AddCommunity(t.Context(), sys, "s", people.Community{Code: "S0", Name: "演示街道中心", IsStreet: true}); err != nil {
			t.Fatal(err)
		}
		list, err := s.Communities(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.StopCommunity(t.Context(), sys, list[0].ID, 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("the street's centre was stopped: %v", err)
		}
		if n := actions(t, d, "community.stop"); n != 1 {
			t.Errorf("%d rows on the trail", n)
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
		code := off[0].Code
		use := func(key string) error {
			_, err := s.CreateMediator(t.Context(), clerk, key, people.MediatorInput{Name: "某", RepKind: code, Employment: "full", Types: []string{"neighbour"}})
			return err
		}
		if err := use("k1"); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unconfirmed kind was used: %v", err)
		}
		if err := s.SwitchRepKind(t.Context(), sys, code, true, 0, 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("an unconfirmed kind was switched on: %v", err)
		}
		good := people.RepKind{Code: code, Name: "示例代表", ConfirmedBy: "演示街道 示安", ConfirmedOn: "2026-11-20", ConfirmedDoc: "演示街〔2026〕1 号", Version: 1}
		for name, spoil := range map[string]func(*people.RepKind){
			"no name": func(k *people.RepKind) { k.Name = "" }, "the old name": func(k *people.RepKind) { k.Name = off[0].Name },
			"another's name": func(k *people.RepKind) { k.Name = "人大代表" }, "nobody": func(k *people.RepKind) { k.ConfirmedBy = "" },
			"no day": func(k *people.RepKind) { k.ConfirmedOn = "" }, "tomorrow": func(k *people.RepKind) { k.ConfirmedOn = "2026-11-25" },
			"no document": func(k *people.RepKind) { k.ConfirmedDoc = "" },
		} {
			k := good
			spoil(&k)
			if err := s.ConfirmRepKind(t.Context(), sys, k); !fault.Is(err, fault.Invalid) {
				t.Errorf("confirmed with %s: %v", name, err)
			}
		}
		if err := s.ConfirmRepKind(t.Context(), clerk, good); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk confirmed it: %v", err)
		}
		if err := s.ConfirmRepKind(t.Context(), sys, good); err != nil {
			t.Fatal(err)
		}
		if err := s.ConfirmRepKind(t.Context(), sys, good); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form: %v", err)
		}
		if err := use("k2"); !fault.Is(err, fault.Invalid) {
			t.Errorf("confirmed and not switched on, it was used: %v", err)
		}
		if err := s.SwitchRepKind(t.Context(), sys, code, true, 0, 2); err != nil {
			t.Fatal(err)
		}
		if err := use("k3"); err != nil {
			t.Errorf("the kind that is on: %v", err)
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

func TestSwitchingAKindOffNamesWhomItConcerns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		m := mediator(t, d, s, people.MediatorInput{Name: "某", RepKind: "psy"})
		if err := s.MoveMediator(t.Context(), clerk, m.Key, "list", "", 1); err != nil {
			t.Fatal(err)
		}
		if err := s.SwitchRepKind(t.Context(), sys, "psy", false, 0, 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("switched off past a mediator who wasn't on the list: %v", err)
		}
		if m = read(t, d, s, m.Key); !m.Choosable() {
			t.Error("a refused switch took effect")
		}
		if err := s.SwitchRepKind(t.Context(), sys, "psy", false, 1, 1); err != nil {
			t.Fatal(err)
		}
		if m = read(t, d, s, m.Key); m.Choosable() || m.State != people.Listed {
			t.Errorf("%+v", m)
		}
		shelf, err := s.Mediators(t.Context(), d, people.MediatorFilter{State: people.Listed, Enabled: true})
		if err != nil || len(shelf) != 0 {
			t.Errorf("%d on the shelf, %v", len(shelf), err)
		}
		events, err := s.MediatorEvents(t.Context(), clerk, m.ID)
		if err != nil || !strings.Contains(events[0].Note, "停用") || events[0].To != people.Listed {
			t.Errorf("the mediator's record doesn't tell: %+v, %v", events, err)
		}
		if err := s.SwitchRepKind(t.Context(), sys, "psy", false, 1, 2); !fault.Is(err, fault.Conflict) {
			t.Errorf("switched off twice: %v", err)
		}
		if err := s.SwitchRepKind(t.Context(), sys, "psy", true, 0, 2); err != nil {
			t.Fatal(err)
		}
		if m = read(t, d, s, m.Key); !m.Choosable() {
			t.Error("switched on again, the mediator can't be chosen")
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
