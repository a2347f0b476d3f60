package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/views/link"
)

func TestTheAdministratorEntersANotice(t *testing.T) {
	s := newSite(t, "")
	v := s.as("sysadmin")
	page := v.get(link.DeskWorkdays())
	if !strings.Contains(page.body, "2027 年的放假安排还没有录入") || !strings.Contains(page.text(), "10月1日 周四 至 10月7日 周三") {
		t.Fatalf("the page doesn't tell what is known and what is missing:\n%s", page.text())
	}
	refused := v.submit(page, link.DeskWorkdays(), url.Values{"year": {"2027"}, "source": {"演示通知"}, "body": {"2027-02-06..2027-02-12,放,春节"}})
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "第 1 行") || !strings.Contains(refused.body, "2027-02-06..2027-02-12,放,春节") {
		t.Errorf("%d: the bad line or what was typed is missing:\n%s", refused.status, refused.text())
	}
	page = v.follow(v.submit(refused, link.DeskWorkdays(), url.Values{"year": {"2027"}, "source": {"演示通知"}, "body": {"2027-02-06..2027-02-12,休,春节"}}))
	if strings.Contains(page.body, "还没有录入") || !strings.Contains(page.body, "演示通知") {
		t.Errorf("the notice is not in force:\n%s", page.text())
	}
	w, err := s.Calendar.Workdays(t.Context(), s.DB)
	if err != nil || w.IsWorking(calendar.MustDay("2027-02-08")) {
		t.Errorf("the new holiday is a working day, %v", err)
	}
}

func TestALiaisonWithoutTheOfficeCanNotBeBooked(t *testing.T) {
	s := newSite(t, "")
	active := func() bool {
		t.Helper()
		var n int
		if err := s.DB.Get(t.Context(), &n, `SELECT COUNT(*) FROM resources WHERE kind = 'liaison' AND active`); err != nil {
			t.Fatal(err)
		}
		return n == 3
	}
	sysadmin := access.Actor{AccountID: 1, Name: "管", Roles: []access.Role{access.SysAdmin}}
	secadmin := access.Actor{AccountID: 2, Name: "安", Roles: []access.Role{access.SecAdmin}}
	list, err := s.People.Accounts(t.Context(), sysadmin, "", access.Liaison)
	if err != nil || len(list) != 3 || !active() {
		t.Fatal(len(list), err)
	}
	a := list[0]
	if err := s.People.Disable(t.Context(), sysadmin, a.Key, a.Version, true); err != nil {
		t.Fatal(err)
	}
	if active() {
		t.Error("a closed account can still be booked")
	}
	if err := s.People.Disable(t.Context(), sysadmin, a.Key, a.Version+1, false); err != nil {
		t.Fatal(err)
	}
	if !active() {
		t.Error("an account opened again can't be booked")
	}
	if err := s.People.SetRoles(t.Context(), secadmin, a.Key, a.Version+2, []access.Role{access.Clerk}); err != nil {
		t.Fatal(err)
	}
	if active() {
		t.Error("who is no liaison any more can still be booked")
	}
}
