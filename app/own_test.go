package app_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tiaojie/app/notify"
	"tiaojie/db"
)

// endOf lists where the sign-ins on an account page are ended.
func (a answer) endOf() []string {
	var out []string
	for _, m := range regexp.MustCompile(`action="(/desk/me/signins/[^"]+/end)"`).FindAllStringSubmatch(a.body, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestAPersonSeesAndEndsOnlyTheOwnSignIns(t *testing.T) {
	s := newSite(t, "")
	lost, here, colleague := s.as("clerk"), s.as("clerk"), s.as("mediator")
	page := here.get("/desk/me")
	ends := page.endOf()
	if len(ends) != 1 || strings.Count(page.text(), "现在用的") != 1 {
		t.Fatalf("two sign-ins, one to end: %v\n%s", ends, page.text())
	}
	if ours := colleague.get("/desk/me"); len(ours.endOf()) != 0 {
		t.Errorf("a colleague sees %v", ours.endOf())
	} else if a := colleague.post(ends[0], url.Values{"csrf": {ours.token()}}); a.status != http.StatusNotFound {
		t.Errorf("a colleague ended a clerk's sign-in: %d", a.status)
	}
	if a := lost.get("/desk/me"); a.status != http.StatusOK {
		t.Fatalf("ended by another hand: %d", a.status)
	}
	if a := here.follow(here.submit(page, ends[0], nil)); !strings.Contains(a.body, "已退出那一处") {
		t.Errorf("%s", a.text())
	}
	if a := lost.get("/desk/me"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/login") {
		t.Errorf("the ended one still opens the desk: %d", a.status)
	}
	more := []*visitor{s.as("clerk"), s.as("clerk")}
	page = here.get("/desk/me")
	here.follow(here.submit(page, "/desk/me/signins", nil))
	for _, v := range more {
		if a := v.get("/desk"); a.status != http.StatusSeeOther {
			t.Errorf("one of the others is still in: %d", a.status)
		}
	}
	if a := here.get("/desk"); a.status != http.StatusOK {
		t.Errorf("the one that asked is out: %d", a.status)
	}
}

func TestTheOwnPhoneIsChangedByCode(t *testing.T) {
	s := newSite(t, "")
	v := s.as("leader")
	if a := v.submit(v.get("/desk/me"), "/desk/me/phone", url.Values{"phone": {"123"}}); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.body, `value="123"`) {
		t.Errorf("a wrong phone: %d %s", a.status, a.text())
	}
	page := v.submit(v.get("/desk/me"), "/desk/me/phone", url.Values{"phone": {"13900139009"}})
	sent, err := s.Outbox.ListAll(context.Background(), notify.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if a := v.submit(page, "/desk/me/phone-code", url.Values{"code": {"0"}}); a.status != http.StatusUnprocessableEntity || a.form("/desk/me/phone-code") == nil {
		t.Errorf("a wrong code: %d %s", a.status, a.text())
	}
	code := regexp.MustCompile(`\d{6}`).FindString(sent[0].Body)
	if a := v.follow(v.submit(page, "/desk/me/phone-code", url.Values{"code": {code}})); !strings.Contains(a.text(), "139****9009") || strings.Contains(a.body, "13900139009") {
		t.Errorf("%s", a.text())
	}
}

// message leaves an in-app message at an account.
func (s *site) message(login, caseKey, body string) {
	s.t.Helper()
	err := s.DB.Write(context.Background(), func(tx *db.Tx) error {
		var id int64
		if err := tx.Get(context.Background(), &id, `SELECT id FROM accounts WHERE login = ?`, login); err != nil {
			return err
		}
		return s.Outbox.Send(context.Background(), tx, notify.Message{Kind: "case.appointed", Channel: notify.InApp, AccountID: id, CaseKey: caseKey, Body: body})
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

var readMark = regexp.MustCompile(`action="(/desk/messages/[^"]+/read)"`)

func TestMessagesAreOnesOwnAndCounted(t *testing.T) {
	s := newSite(t, "")
	o := s.objects()["mediator"]
	v, colleague := s.as("mediator"), s.as("liaison")
	v.submit(v.get("/desk/messages"), "/desk/messages/read", nil) // what the demonstration left
	list := v.get("/cases")
	s.message("mediator", o.mine["case"], "自己的案件")
	if a := v.ask("/cases", list.header.Get("ETag")); a.status != http.StatusOK || !strings.Contains(a.body, "我的消息（1）") {
		t.Errorf("a new message does not show on a page seen before: %d", a.status)
	}
	s.message("mediator", o.other["case"], "从前的案件")
	page := v.get("/desk/messages")
	actions := readMark.FindAllStringSubmatch(page.body, -1)
	if len(actions) < 2 || !strings.Contains(page.body, "我的消息（2）") {
		t.Fatalf("%v\n%s", actions, page.text())
	}
	gone, mine := actions[0][1], actions[1][1]
	if a := colleague.get("/desk/messages"); strings.Contains(a.body, "自己的案件") {
		t.Error("a colleague reads the message")
	} else if b := colleague.post(mine, url.Values{"csrf": {a.token()}}); b.status != http.StatusNotFound {
		t.Errorf("a colleague marks it as read: %d", b.status)
	}
	if a := v.submit(page, mine, url.Values{"to": {"case"}}); a.location != "/cases/"+o.mine["case"] {
		t.Errorf("the own case: %d to %q", a.status, a.location)
	}
	a := v.submit(page, gone, url.Values{"to": {"case"}})
	if a.location != "/desk/messages" || !strings.Contains(v.follow(a).body, "不由您办理") {
		t.Errorf("a case of somebody else: %d to %q", a.status, a.location)
	}
	if a := v.get("/desk/messages?state=unread"); !strings.Contains(a.text(), "没有未读消息") || strings.Contains(a.body, "我的消息（") {
		t.Errorf("%s", a.text())
	}
	for i := range 60 {
		s.message("mediator", "", fmt.Sprint("第 ", i, " 条"))
	}
	page = v.get("/desk/messages")
	next := regexp.MustCompile(`href="(/desk/messages\?before=[^"]+)"`).FindStringSubmatch(page.body)
	if next == nil {
		t.Fatal("no second page")
	}
	if a := v.get(next[1]).text(); !strings.Contains(a, "第 9 条") || strings.Contains(a, "第 10 条") || strings.Index(a, "第 0 条") > strings.Index(a, "自己的案件") {
		t.Errorf("the second page: %s", a)
	}
	s.message("mediator", "", "刚来的")
	if a := v.follow(v.submit(page, "/desk/messages/read", nil)); !strings.Contains(a.body, "我的消息（1）") {
		t.Errorf("a message that came after the page was seen is marked as read: %s", a.text())
	}
}

func TestAnAdministratorKeepsParticularsAndSignsOut(t *testing.T) {
	s := newSite(t, "")
	user := "/desk/users/" + s.objects()["clerk"].mine["user"]
	sys, sec, clerk := s.as("sysadmin"), s.as("secadmin"), s.as("clerk")
	med := s.objects()["mediator"].other["mediator"]
	var free int64
	if err := s.DB.Get(t.Context(), &free, `SELECT id FROM mediators WHERE key = ?`, med); err != nil {
		t.Fatal(err)
	}
	a := sys.submit(sys.get(user), user+"/edit", url.Values{"name": {"示例甲"}, "phone": {"13900139001"}, "mediator": {fmt.Sprint(free)}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "没有调解员角色") || !strings.Contains(a.body, `value="示例甲"`) {
		t.Errorf("a mediator linked to a clerk: %d %s", a.status, a.text())
	}
	if a := sys.follow(sys.submit(sys.get(user), user+"/edit", url.Values{"name": {"示例甲"}, "phone": {"13900139001"}})); !strings.Contains(a.text(), "139****9001") ||
		!strings.Contains(a.body, "示例甲") || strings.Contains(a.body, "13900139001") {
		t.Errorf("%s", a.text())
	}
	stale := sys.get(user)
	again := stale.filled(t, user+"/edit")
	sys.follow(sys.post(user+"/edit", with(again, "name", "示例乙")))
	if a := sys.post(user+"/edit", with(again, "name", "示例丙")); a.status != http.StatusConflict || !strings.Contains(a.text(), "示例乙") || !strings.Contains(a.body, `value="示例丙"`) {
		t.Errorf("a stale form: %d %s", a.status, a.text())
	}
	if a := sec.submit(sec.get(user), user+"/roles", url.Values{"roles": {"clerk", "auditor"}}); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.text(), "审计管理员不能再兼任其他角色") {
		t.Errorf("an auditor who is a clerk too: %d %s", a.status, a.text())
	}
	if a := clerk.get("/desk"); a.status != http.StatusOK {
		t.Fatalf("%d", a.status)
	}
	for _, admin := range []*visitor{sys, sec} {
		clerk = s.as("clerk")
		admin.follow(admin.submit(admin.get(user), user+"/sign-out", nil))
		if a := clerk.get("/desk"); a.status != http.StatusSeeOther {
			t.Errorf("still signed in: %d", a.status)
		}
	}
}

// award posts a grading with its paper, as the form does.
func (v *visitor) award(page answer, action string, fill map[string]string, name string, paper []byte) answer {
	v.s.t.Helper()
	return v.upload(page, action, fill, "paper", name, paper)
}

// upload posts the form of a page with a file in the named field.
func (v *visitor) upload(page answer, action string, fill map[string]string, field, name string, raw []byte) answer {
	v.s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, values := range page.form(action) {
		fill[k] = values[0]
	}
	for k, value := range fill {
		if err := w.WriteField(k, value); err != nil {
			v.s.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(raw)
	}
	if err != nil || w.Close() != nil {
		v.s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodPost, v.s.server.URL+action, &b)
	if err != nil {
		v.s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(req)
}

func TestAGradingHasItsPaperAndShowsByConsent(t *testing.T) {
	s := newSite(t, "")
	key := s.objects()["mediator"].mine["mediator"]
	file, public := "/desk/mediators/"+key, "/mediators/"+key
	clerk, self, visitor := s.as("clerk"), s.as("mediator"), s.visitor()
	var scan bytes.Buffer
	if err := png.Encode(&scan, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	fill := map[string]string{"grade": "1", "issuer": "演示区人民调解员协会", "on_day": "2026-11-02", "cert_no": "演评〔2026〕1 号"}
	if a := clerk.award(clerk.get(file), file+"/grades", fill, "证书.exe", []byte("MZ")); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.body, `value="演示区人民调解员协会"`) {
		t.Errorf("a program as a paper: %d %s", a.status, a.text())
	}
	page := clerk.follow(clerk.award(clerk.get(file), file+"/grades", fill, "证书.png", scan.Bytes()))
	link := regexp.MustCompile(`href="(` + file + `/grades/[^"]+)"`).FindStringSubmatch(page.body)
	if link == nil || !strings.Contains(page.text(), "演评〔2026〕1 号") {
		t.Fatalf("%s", page.text())
	}
	if a := self.get(link[1]); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the mediator's own paper: %d", a.status)
	}
	if a := s.as("roomlead").get(link[1]); a.status != http.StatusNotFound {
		t.Errorf("a colleague opened the paper: %d", a.status)
	}
	consent := func(on string) string {
		t.Helper()
		self.follow(self.submit(self.get(file), file+"/publish", url.Values{"on": {on}}))
		return visitor.get(public).text()
	}
	if text := consent("1"); !strings.Contains(text, "一级人民调解员") {
		t.Errorf("consented, and yet: %s", text)
	}
	if text := consent("0"); strings.Contains(text, "一级人民调解员") {
		t.Error("taken back, and the grade still shows")
	}
}

func TestAMediatorReachesTheOwnProfileFromTheNavigation(t *testing.T) {
	s := newSite(t, "")
	v := s.as("mediator")
	file := "/desk/mediators/" + s.objects()["mediator"].mine["mediator"]
	if !strings.Contains(v.get("/desk").body, `href="/desk/profile"`) {
		t.Error("no way to the own profile")
	}
	if a := v.get("/desk/profile"); a.location != file {
		t.Errorf("%d to %q", a.status, a.location)
	}
	page := v.get(file + "/own")
	a := v.submit(page, file+"/own", url.Values{"story": {"新的介绍"}, "languages": {}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "新的介绍") {
		t.Errorf("no language: %d %s", a.status, a.text())
	}
	if a := v.follow(v.submit(page, file+"/own", url.Values{"story": {"新的介绍"}, "languages": {"粤语"}})); !strings.Contains(a.text(), "新的介绍") {
		t.Errorf("%s", a.text())
	}
	if a := v.submit(page, file+"/own", url.Values{"story": {"又一个"}, "languages": {"粤语"}}); a.status != http.StatusConflict || !strings.Contains(a.text(), "新的介绍") || !strings.Contains(a.text(), "又一个") {
		t.Errorf("a stale form: %d %s", a.status, a.text())
	}
	other := "/desk/mediators/" + s.objects()["mediator"].other["mediator"]
	if a := v.get(other + "/own"); a.status != http.StatusNotFound {
		t.Errorf("another's profile: %d", a.status)
	}
}
