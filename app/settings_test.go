package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/views/link"
)

func num(n int64) string { return fmt.Sprint(n) }

func TestSettingsAreReadByManyAndChangedByOne(t *testing.T) {
	s := newSite(t, "")
	units, err := s.People.Units(t.Context(), s.DB)
	if err != nil || len(units) != 21 {
		t.Fatal(len(units), err)
	}
	u := units[2]
	page, edit := link.Setting(link.DeskUnits(), num(u.ID)), link.Setting(link.DeskUnits(), num(u.ID), "edit")
	for _, login := range []string{"clerk", "leader"} {
		v := s.as(login)
		if a := v.get(link.DeskSettings()); a.status != http.StatusOK || !strings.Contains(a.text(), "21 个在用") || !strings.Contains(a.text(), "4 类等街道确认") {
			t.Errorf("%s: %d %s", login, a.status, a.text())
		}
		if a := v.get(page); a.status != http.StatusOK || strings.Contains(a.body, edit) {
			t.Errorf("%s: the unit's page is missing or offers a change", login)
		}
		if a := v.get(edit); a.status != http.StatusForbidden {
			t.Errorf("%s opens the form: %d", login, a.status)
		}
	}
	if a := s.as("mediator").get(link.DeskSettings()); a.status != http.StatusForbidden {
		t.Errorf("a mediator: %d", a.status)
	}
	v := s.as("sysadmin")
	form := v.get(edit)
	fill := url.Values{"code": {u.Code}, "name": {"演示单位甲"}, "kind": {"company"}, "credit_code": {"123"}, "seq": {"3"}}
	refused := v.submit(form, edit, fill)
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text(), "应为 18 位") || !strings.Contains(refused.body, `value="演示单位甲"`) {
		t.Fatalf("%d %s", refused.status, refused.text())
	}
	fill.Set("credit_code", "91350100m000100y43")
	if a := v.follow(v.submit(refused, edit, fill)); !strings.Contains(a.text(), "91350100M000100Y43") {
		t.Errorf("not saved: %s", a.text())
	}
	// The first form is stale now: what was typed stays, beside what stands.
	fill.Set("name", "演示单位乙")
	late := v.submit(form, edit, fill)
	if late.status != http.StatusConflict || !strings.Contains(late.body, `value="演示单位乙"`) || !strings.Contains(late.text(), "演示单位甲") {
		t.Fatalf("%d %s", late.status, late.text())
	}
	if a := v.follow(v.submit(late, edit, fill)); !strings.Contains(a.text(), "演示单位乙") {
		t.Errorf("after looking, it can't be saved: %s", a.text())
	}
}

func TestAStoppedCommunityStaysWithItsCases(t *testing.T) {
	s := newSite(t, "")
	v := s.as("sysadmin")
	add := link.DeskCommunities() + "/new"
	list := v.follow(v.submit(v.get(add), add, url.Values{"code": {"C6"}, "name": {"示例六社区"}}))
	if !strings.Contains(list.text(), "示例六社区") {
		t.Fatal(list.text())
	}
	all, err := s.People.Communities(t.Context(), s.DB)
	if err != nil {
		t.Fatal(err)
	}
	var fresh, old people.Community
	for _, c := range all {
		switch c.Code {
		case "C6":
			fresh = c
		case "C1":
			old = c
		}
	}
	// C1 has rooms: refused, and what hangs on it is told.
	page := v.get(link.Setting(link.DeskCommunities(), num(old.ID)))
	if !strings.Contains(page.text(), "未结案件") || !strings.Contains(page.text(), "不能停用") {
		t.Errorf("what hangs on it isn't told: %s", page.text())
	}
	a := v.post(link.Setting(link.DeskCommunities(), num(old.ID), "stop"), url.Values{"csrf": {page.token()}, "version": {num(old.Version)}})
	if a.status != http.StatusConflict || !strings.Contains(a.text(), "间调解室") {
		t.Errorf("%d %s", a.status, a.text())
	}
	stop := link.Setting(link.DeskCommunities(), num(fresh.ID), "stop")
	page = v.follow(v.submit(v.get(link.Setting(link.DeskCommunities(), num(fresh.ID))), stop, nil))
	if !strings.Contains(page.text(), "2026-11-24 停用") {
		t.Fatal(page.text())
	}
	clerk := s.as("clerk")
	if strings.Contains(clerk.get(link.CaseNew()).body, "示例六社区") {
		t.Error("a new case can be put under a stopped community")
	}
	if !strings.Contains(clerk.get(link.Cases()).body, "示例六社区（已停用）") {
		t.Error("its old cases can't be looked for")
	}
	v.follow(v.submit(page, link.Setting(link.DeskCommunities(), num(fresh.ID), "resume"), nil))
	if !strings.Contains(clerk.get(link.CaseNew()).body, "示例六社区") {
		t.Error("the undo didn't bring it back")
	}
}

func TestACommitteeShowsWhatTheLawWants(t *testing.T) {
	s := newSite(t, "")
	v := s.as("sysadmin")
	bodies, err := s.People.Committees(t.Context(), s.DB)
	if err != nil {
		t.Fatal(err)
	}
	of := func(verb ...string) string { return link.Setting(link.DeskCommittees(), num(bodies[0].ID), verb...) }
	members, err := s.People.Members(t.Context(), s.DB, bodies[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var woman people.Member
	for _, m := range members {
		if m.Gender == "女" {
			woman = m
		}
	}
	if a := v.get(of()); strings.Contains(a.text(), "人民调解法第八条") {
		t.Fatalf("a lawful committee is warned: %s", a.text())
	}
	end := of("members", num(woman.ID), "end")
	form := v.get(end)
	page := v.follow(v.submit(form, end, url.Values{"ended_on": {"2026-11-20"}}))
	if !strings.Contains(page.text(), "委员应有三至九人，现有 2 人（人民调解法第八条）") || !strings.Contains(page.text(), "应有妇女成员") {
		t.Errorf("no warning: %s", page.text())
	}
	late := v.submit(form, end, url.Values{"ended_on": {"2026-11-19"}})
	if late.status != http.StatusConflict || !strings.Contains(late.body, `value="2026-11-19"`) {
		t.Errorf("%d %s", late.status, late.text())
	}
	if page = v.follow(v.submit(page, of("members", num(woman.ID), "restore"), nil)); strings.Contains(page.text(), "妇女成员") {
		t.Errorf("the undo didn't take: %s", page.text())
	}
	if a := v.get(link.Setting(link.DeskCommittees(), num(bodies[1].ID), "members", num(woman.ID), "edit")); a.status != http.StatusNotFound {
		t.Errorf("a member on another committee's page: %d", a.status)
	}
}

func TestAKindOfRepresentativeTakesEffectAtOnce(t *testing.T) {
	s := newSite(t, "")
	v, visitor := s.as("sysadmin"), s.visitor()
	of := func(code string, verb ...string) string { return link.Setting(link.DeskKinds(), code, verb...) }
	if a := visitor.get("/mediators"); !strings.Contains(a.body, "心理咨询师代表") || strings.Contains(a.body, "示例代表") {
		t.Fatal("the demonstration isn't as expected")
	}
	edit := of("tbd1", "edit")
	v.follow(v.submit(v.get(edit), edit, url.Values{"name": {"示例代表"}, "confirmed_by": {"演示街道 示安"}, "confirmed_on": {"2026-11-20"}, "confirmed_doc": {"演示街〔2026〕1 号"}}))
	page := v.get(of("tbd1"))
	if strings.Contains(visitor.get("/mediators").body, "示例代表") || !strings.Contains(page.text(), "2026-11-20 演示街道 示安，演示街〔2026〕1 号") {
		t.Errorf("confirming switched it on, or who confirmed it is missing: %s", page.text())
	}
	v.follow(v.submit(page, of("tbd1", "on"), nil))
	if !strings.Contains(visitor.get("/mediators").body, "示例代表") {
		t.Error("residents can't filter by the new kind")
	}
	listed, err := s.People.Mediators(t.Context(), s.DB, people.MediatorFilter{RepKind: "psy", State: people.Listed})
	if err != nil || len(listed) == 0 {
		t.Fatal(len(listed), err)
	}
	off := of("psy", "off")
	warn := v.get(off)
	for _, m := range listed {
		if !strings.Contains(warn.text(), m.Name) {
			t.Errorf("%s isn't named before the switch", m.Name)
		}
	}
	if a := v.submit(warn, off, nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("switched off without a word: %d", a.status)
	}
	clerk := access.Actor{AccountID: 1, Name: "窗", Roles: []access.Role{access.Clerk}}
	if err := s.People.MoveMediator(t.Context(), clerk, listed[0].Key, "pause", "请假", listed[0].Version); err != nil {
		t.Fatal(err)
	}
	again := v.submit(warn, off, url.Values{"agree": {"yes"}})
	if again.status != http.StatusConflict || strings.Contains(again.body, "checked") {
		t.Errorf("switched off on an old list: %d %s", again.status, again.text())
	}
	v.follow(v.submit(again, off, url.Values{"agree": {"yes"}}))
	if a := visitor.get("/mediators"); strings.Contains(a.body, "心理咨询师代表") || strings.Contains(a.body, listed[1].Key) {
		t.Error("the marketplace still offers them")
	}
	if a := visitor.get("/mediators/" + listed[1].Key); a.status != http.StatusNotFound {
		t.Errorf("a page of one who can't be chosen: %d", a.status)
	}
	v.follow(v.submit(v.get(of("psy")), of("psy", "on"), nil))
	if !strings.Contains(visitor.get("/mediators").body, listed[1].Key) {
		t.Error("switched on again, they are missing")
	}
}

func TestTheClerkSaysWhoLeadsARoom(t *testing.T) {
	s := newSite(t, "")
	clerk, lead := s.as("clerk"), s.as("roomlead")
	first, third := s.street.RoomKeys[0], s.street.RoomKeys[2]
	if a := lead.get(link.DeskRoom(third)); a.status != http.StatusNotFound {
		t.Fatalf("a room of somebody else: %d", a.status)
	}
	var me int64
	for _, a := range s.street.Accounts {
		if a.Login == "roomlead" {
			me = a.ID
		}
	}
	set := func(key string) string { return link.DeskRoom(key) + "/leads" }
	page := clerk.get(link.DeskRoom(third))
	if a := clerk.submit(page, set(third), url.Values{"leads": {num(s.street.Liaisons[0])}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an account without the office leads a room: %d", a.status)
	}
	clerk.follow(clerk.submit(page, set(third), url.Values{"leads": {num(me)}}))
	if a := clerk.submit(page, set(third), nil); a.status != http.StatusConflict {
		t.Errorf("a stale form: %d", a.status)
	}
	if a := lead.get(link.DeskRoom(third)); a.status != http.StatusOK || strings.Contains(a.body, set(third)) {
		t.Errorf("the new lead: %d", a.status)
	}
	clerk.follow(clerk.submit(clerk.get(link.DeskRoom(first)), set(first), nil))
	if a := lead.get(link.DeskRoom(first)); a.status != http.StatusNotFound {
		t.Errorf("the former lead still runs it: %d", a.status)
	}
	list, err := s.Rooms.List(t.Context(), s.DB, access.Actor{RoomIDs: []int64{s.street.Rooms[1], s.street.Rooms[2]}}, rooms.Filter{Mine: true})
	if err != nil {
		t.Fatal(err)
	}
	shown := lead.get(link.DeskRooms())
	for _, r := range list {
		if !strings.Contains(shown.text(), r.ShortName) {
			t.Errorf("%s is missing from the lead's rooms", r.ShortName)
		}
	}
	if n := strings.Count(shown.body, "data-href"); n != 2 {
		t.Errorf("the lead sees %d rooms", n)
	}
}
