package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A clerk enters an agent, mends a phone and adds a third person, by forms without scripts;
// what is masked stays masked, and the mediator sees the agent at the table.
func TestTheClerkKeepsThePeopleOfACase(t *testing.T) {
	s := newSite(t, "")
	o := s.objects()["mediator"].mine
	clerk, page := s.as("clerk"), "/cases/"+o["case"]+"/party/"+o["party"]
	first := clerk.get(page)
	form := url.Values{"agent_name": {"代演人"}, "relation": {"配偶"}, "agent_phone": {"13811112222"}, "level": {"general"},
		"scopes": {"attend", "settle"}, "granted_on": {"2026-11-20"}}
	refused := clerk.submit(first, page+"/agents", form)
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, `value="代演人"`) || !strings.Contains(refused.text(), "请改为“特别授权”") {
		t.Fatalf("a special power by a general letter: %d %s", refused.status, refused.text())
	}
	form.Set("level", "special")
	shown := clerk.follow(clerk.submit(refused, page+"/agents", form))
	if text := shown.text(); !strings.Contains(text, "代演人") || !strings.Contains(text, "达成并签署调解协议") || !strings.Contains(text, "138****2222") || strings.Contains(shown.body, "13811112222") {
		t.Fatalf("the party's page: %s", shown.text())
	}
	if text := clerk.get("/cases/" + o["case"]).text(); !strings.Contains(text, "代理人 代演人（配偶，特别授权）") {
		t.Fatalf("the case page does not name the agent: %s", text)
	}
	if text := s.as("mediator").get("/desk/sessions/" + o["session"] + "/table").text(); sessionCase(s, o) && !strings.Contains(text, "代演人") {
		t.Fatalf("the agent has no seat: %s", text)
	}
	wrong := clerk.submit(shown, page+"/change", url.Values{"name": {"演示新名"}, "phone": {"12345"}, "reason": {"核对"}})
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, `value="12345"`) {
		t.Fatalf("a wrong phone: %d", wrong.status)
	}
	mended := clerk.follow(clerk.submit(shown, page+"/change", url.Values{"name": {"演示新名"}, "phone": {"13811113333"}, "reason": {"核对身份证"}}))
	if text := mended.text(); !strings.Contains(text, "更正姓名或名称、电话") || !strings.Contains(text, "原因：核对身份证") || strings.Contains(mended.body, "13811113333") {
		t.Fatalf("after the correction: %s", text)
	}
	open := clerk.submit(mended, page+"/reveal", url.Values{"reason": {"电话联系"}})
	if !strings.Contains(open.text(), "13811113333") {
		t.Fatalf("a reason opens nothing: %s", open.text())
	}
	fresh := clerk.get("/cases/" + o["case"] + "/party/new")
	after := clerk.follow(clerk.submit(fresh, "/cases/"+o["case"]+"/party/new", url.Values{"side": {"third"}, "kind": {"person"}, "name": {"演示共有人"}, "reason": {"共有人"}}))
	if !strings.Contains(after.text(), "演示共有人") {
		t.Fatalf("the third person is not on the case: %s", after.text())
	}
}

// sessionCase tells whether the two objects belong together.
func sessionCase(s *site, o map[string]string) bool {
	var n int
	err := s.DB.Get(s.t.Context(), &n, `SELECT COUNT(*) FROM case_sessions s JOIN cases c ON c.id = s.case_id WHERE s.key = ? AND c.key = ?`, o["session"], o["case"])
	return err == nil && n > 0
}
