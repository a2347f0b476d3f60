package app_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/db"
	"tiaojie/views/browsertest"
)

// agreementPages are the pages of agreements and what follows from them, for TestEveryPageInABrowser.
func (s *site) agreementPages(o map[string]string) map[string][]string {
	draft := "/agreements/" + s.key(`SELECT key FROM agreements WHERE state = 'draft' ORDER BY id LIMIT 1`)
	signing, duty, visit := "/agreements/"+o["agreement"], "/duties/"+o["duty"], "/visits/"+o["visit"]
	return map[string][]string{
		"clerk": {"/cases/" + o["case"] + "/agreements", "/desk/due"},
		"mediator": {"/cases/" + s.caseOf(o["duty"]) + "/agreements", draft + "?part=text", draft + "?part=items", draft + "?part=duties", draft + "?part=check",
			signing, signing + "/sign/mediator", signing + "/print", s.agreementOf(o["duty"]), duty, "/duties/" + s.late(), duty + "/urge/" + o["urge"],
			visit, "/visits/" + s.planned(), visit + "/print", "/desk/due?within=30"},
	}
}

// key reads the key of a thing that the demonstration made.
func (s *site) key(query string, args ...any) string {
	s.t.Helper()
	var key string
	if err := s.DB.Get(s.t.Context(), &key, query, args...); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return key
}

func (s *site) caseOf(duty string) string {
	return s.key(`SELECT c.key FROM cases c JOIN agreement_duties d ON d.case_id = c.id WHERE d.key = ?`, duty)
}

func (s *site) agreementOf(duty string) string {
	return "/agreements/" + s.key(`SELECT a.key FROM agreements a JOIN agreement_duties d ON d.agreement_id = a.id WHERE d.key = ?`, duty)
}

// late is an obligation that the mediator's case owes still.
func (s *site) late() string {
	return s.key(`SELECT d.key FROM agreement_duties d JOIN cases c ON c.id = d.case_id JOIN mediators m ON m.id = c.mediator_id
		JOIN accounts a ON a.id = m.account_id WHERE a.login = 'mediator' AND d.state = 'due' ORDER BY d.due_on LIMIT 1`)
}

func (s *site) planned() string {
	return s.key(`SELECT v.key FROM case_visits v JOIN cases c ON c.id = v.case_id JOIN mediators m ON m.id = c.mediator_id
		JOIN accounts a ON a.id = m.account_id WHERE a.login = 'mediator' AND v.state = 'planned' ORDER BY v.due_on LIMIT 1`)
}

// mediatorsCase is a case of the demonstration's mediator where an agreement may be made: the one with the draft.
func (s *site) mediatorsCase() string {
	return s.key(`SELECT c.key FROM cases c JOIN agreements a ON a.case_id = c.id WHERE a.state = 'draft' ORDER BY a.id LIMIT 1`)
}

// TestAgreementByHTTP goes from the case to a signed agreement without scripts: the builder, the check that refuses,
// what was typed staying, paper signatures and one by hand on the tablet, force, and a receipt.
func TestAgreementByHTTP(t *testing.T) {
	eachSite(t, func(s *site, _ int64) {
		m := s.as("mediator")
		caseAt := "/cases/" + s.mediatorsCase()
		page := m.get(caseAt + "/agreements")
		made := m.submit(page, caseAt+"/agreement", url.Values{"form": {"written"}})
		again := m.submit(page, caseAt+"/agreement", url.Values{"form": {"written"}})
		if made.location != again.location || made.status != http.StatusSeeOther {
			s.t.Fatalf("the form sent twice made %s and %s", made.location, again.location)
		}
		at := made.location
		s.build(m, at)
		s.signAll(m, at)
		page = m.get(at)
		if text := page.text(); !strings.Contains(text, "起生效") || !strings.Contains(text, "共同申请司法确认") {
			s.t.Fatalf("not in force:\n%s", text)
		}
		if a := m.get(at + "?part=text"); strings.Contains(a.body, `name="facts"`) {
			s.t.Error("the text of an agreement in force stands in a form")
		}
		paper := m.get(at + "/print").text()
		for _, words := range []string{"人民调解协议书", "壹仟贰佰元伍角整", "银行转账", "12月24日"} {
			if !strings.Contains(paper, words) {
				s.t.Errorf("the paper misses %q:\n%s", words, paper)
			}
		}
		s.perform(m, page)
		for _, f := range s.Doctor(s.t.Context()) {
			if f.Name == "调解协议" && !f.OK {
				s.t.Errorf("the doctor says %s", f.Text)
			}
		}
	})
}

// build writes the draft: first wrongly, then as the check wants it.
func (s *site) build(m *visitor, at string) {
	s.t.Helper()
	page := m.get(at + "?part=duties")
	from := regexp.MustCompile(`<option value="([0-9a-z]{16})"`).FindAllStringSubmatch(page.body, -1)
	duty := url.Values{"from": {from[1][1]}, "to": {from[0][1]}, "kind": {"pay"}, "what": {"维修费"}, "yuan": {"一千二"}, "when": {"day"}, "due": {"2026-12-24"}, "how": {"银行转账"}}
	bad := m.submit(page, at+"/duty", duty)
	if bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.body, `value="一千二"`) || !strings.Contains(bad.text(), "金额请写成") {
		s.t.Fatalf("a sum in words gives %d:\n%s", bad.status, bad.text())
	}
	duty.Set("yuan", "")
	m.follow(m.submit(bad, at+"/duty", duty))
	check := m.get(at + "?part=check")
	if text := check.text(); !strings.Contains(text, "没有写明金额") || !strings.Contains(text, "还没有写协议内容") || strings.Contains(check.body, at+"/fix") {
		s.t.Fatalf("the check lets an unclear text pass:\n%s", text)
	}
	page = m.get(at + "?part=items")
	m.follow(m.submit(page, at+"/item", url.Values{"text": {"被申请人赔偿申请人维修费，数额和日期见履行义务。"}}))
	page = m.get(at + "?part=duties")
	change := page.form(at + "/duty-change")
	duty.Set("yuan", "1200.5")
	for k, v := range duty {
		change[k] = v
	}
	m.follow(m.post(at+"/duty-change", change))
	check = m.get(at + "?part=check")
	if a := m.submit(check, at+"/fix", nil); a.status != http.StatusSeeOther {
		s.t.Fatalf("a clear text is not fixed: %d\n%s", a.status, a.text())
	}
	if a := m.post(at+"/fix", check.form(at+"/fix")); a.status != http.StatusConflict && a.status != http.StatusSeeOther {
		s.t.Errorf("fixing twice answers %d", a.status)
	}
}

func drawnPNG(t testing.TB) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 30))
	img.Set(4, 4, color.Black)
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(buf.Bytes())
}

// signAll signs: the first party on the tablet, the others and the seal on paper.
func (s *site) signAll(m *visitor, at string) {
	s.t.Helper()
	page := m.get(at)
	pad := regexp.MustCompile(regexp.QuoteMeta(at) + `/sign/[0-9a-z]{16}`).FindString(page.body)
	sign := m.get(pad)
	empty := m.submit(sign, pad, url.Values{"id_seen": {"居民身份证"}})
	if empty.status != http.StatusUnprocessableEntity || !strings.Contains(empty.text(), "请在框里手写签名") {
		s.t.Fatalf("an empty pad gives %d", empty.status)
	}
	if strings.Contains(sign.text(), "可靠的电子签名") {
		s.t.Error("the page calls the drawing a 可靠的电子签名")
	}
	m.follow(m.submit(sign, pad, url.Values{"id_seen": {"居民身份证"}, "signature": {drawnPNG(s.t)}}))
	for range 3 {
		page = m.get(at)
		if a := m.submit(page, at+"/sign", url.Values{"on": {"2026-11-24"}, "id_seen": {"居民身份证"}}); a.status != http.StatusSeeOther {
			s.t.Fatalf("signing on paper answers %d:\n%s", a.status, a.text())
		}
	}
}

// perform notes the payment, with its evidence.
func (s *site) perform(m *visitor, page answer) {
	s.t.Helper()
	duty := regexp.MustCompile(`/duties/[0-9a-z]{16}`).FindString(page.body)
	form := m.get(duty).form(duty + "/receipt")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range map[string]string{"csrf": form.Get("csrf"), "idem": form.Get("idem"), "act": "receive", "yuan": "1200.50", "on": "2026-11-24", "note": "转账"} {
		if err := w.WriteField(k, v); err != nil {
			s.t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("evidence", "收条.png")
	if err != nil {
		s.t.Fatal(err)
	}
	raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(drawnPNG(s.t), "data:image/png;base64,"))
	if _, err := file.Write(raw); err != nil {
		s.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.server.URL+duty+"/receipt", &body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	after := m.follow(m.do(req))
	proof := regexp.MustCompile(`/agreements/[0-9a-z]{16}/files/[0-9a-z]{16}`).FindString(after.body)
	if !strings.Contains(after.text(), "按期履行") || proof == "" {
		s.t.Fatalf("after the payment:\n%s", after.text())
	}
	if a := m.get(proof); a.header.Get("Content-Disposition") == "" || a.status != http.StatusOK {
		s.t.Errorf("the evidence answers %d", a.status)
	}
	if a := s.as("roomlead").get(proof); a.status != http.StatusNotFound {
		s.t.Errorf("a room's lead gets the evidence: %d", a.status)
	}
}

// TestTrackTellsOfTheAgreement shows a party by number and code that an agreement is in force and the next day, and
// nothing that it says.
func TestTrackTellsOfTheAgreement(t *testing.T) {
	s := newSite(t, "")
	ctx := t.Context()
	rec, err := s.Docket.Apply(ctx, access.Actor{}, docket.Application{TypeCode: "neighbour", CommunityID: s.street.Communities[1], Words: "楼上漏水。", Privacy: "2026-11",
		Parties: []docket.PartyInput{{Side: docket.SideApplicant, Name: "安示民", Facts: docket.PartyFacts{Phone: "13900000001"}}, {Side: docket.SideRespondent, Name: "乐演邻"}}}, "track-test-000000000000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	v := s.visitor()
	look := func() string {
		t.Helper()
		return v.submit(v.get("/track"), "/track", url.Values{"number": {rec.ApplyNo}, "code": {rec.QueryCode}}).text()
	}
	if shown := look(); strings.Contains(shown, "调解协议已生效") || !strings.Contains(shown, rec.ApplyNo) {
		t.Fatalf("the progress of a new case:\n%s", shown)
	}
	// The demonstration's agreement with an instalment to come becomes this case's.
	agreement := s.key(`SELECT a.key FROM agreements a JOIN agreement_duties d ON d.agreement_id = a.id WHERE d.state = 'due' ORDER BY a.id LIMIT 1`)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, query := range []string{`UPDATE agreement_duties SET case_id = (SELECT id FROM cases WHERE key = ?) WHERE agreement_id = (SELECT id FROM agreements WHERE key = ?)`,
			`UPDATE agreements SET case_id = (SELECT id FROM cases WHERE key = ?) WHERE key = ?`} {
			if _, err := tx.Exec(ctx, query, rec.CaseKey, agreement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	next, _ := time.Parse(time.DateOnly, s.key(`SELECT d.due_on FROM agreement_duties d JOIN agreements a ON a.id = d.agreement_id WHERE a.key = ? AND d.state = 'due' ORDER BY d.due_on LIMIT 1`, agreement))
	shown := look()
	for _, words := range []string{"调解协议已生效", next.Format("2006年1月2日")} {
		if !strings.Contains(shown, words) {
			t.Errorf("the progress misses %q:\n%s", words, shown)
		}
	}
	if strings.Contains(shown, "维修费") || strings.Contains(shown, "2250") || strings.Contains(shown, "乐演邻") {
		t.Errorf("the progress tells what the agreement says:\n%s", shown)
	}
}

// TestSignByHandOnTheTablet draws on the pad of a tablet: a word crossed out, written anew, and kept.
func TestSignByHandOnTheTablet(t *testing.T) {
	w := newWalk(t)
	signIn(w.Browser, w.s, "mediator")
	w.Size(820, 1180)
	w.open("/agreements/" + w.s.objects()["mediator"].mine["agreement"])
	w.see("还差：")
	w.Click(`a[href*="/sign/"]`)
	w.await("请在框里手写签名")
	const drawn = `document.querySelector("[name=signature]").value.startsWith("data:image/png")`
	w.draw()
	w.Wait(drawn)
	w.Click("[data-sign-clear]")
	w.Wait(`document.querySelector("[name=signature]").value === ""`)
	w.draw()
	w.Wait(drawn)
	w.see("请在框里手写签名")
	w.Click("main form .btn-primary")
	w.see("已签名")
	if !strings.Contains(w.Text("main"), "在平板上手写，已核对居民身份证") {
		t.Errorf("the list doesn't tell how it was signed:\n%s", w.Text("main"))
	}
}

// draw makes one stroke over the pad, as a finger does.
func (w *walk) draw() {
	w.t.Helper()
	browsertest.Eval[bool](w.Browser, `(function () {
		const pad = document.querySelector("[data-sign] canvas"), box = pad.getBoundingClientRect();
		const touch = function (type, x, y, down) {
			pad.dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, isPrimary: true, pointerId: 7, pointerType: "touch",
				button: 0, buttons: down ? 1 : 0, pressure: 0.5, clientX: box.left + x, clientY: box.top + y}));
		};
		touch("pointerdown", 60, 60, true);
		for (let i = 1; i < 20; i++) touch("pointermove", 60 + 12 * i, 60 + 30 * Math.sin(i), true);
		touch("pointerup", 300, 90, false);
		return true;
	})()`)
}

// TestTwoWriteOneDraft keeps what was typed on a stale form and shows what the other one stored.
func TestTwoWriteOneDraft(t *testing.T) {
	s := newSite(t, "")
	m, k := s.as("mediator"), s.as("clerk")
	at := "/agreements/" + s.key(`SELECT key FROM agreements WHERE state = 'draft' ORDER BY id LIMIT 1`)
	mine, theirs := m.get(at+"?part=text"), k.get(at+"?part=text")
	k.follow(k.submit(theirs, at+"/text", url.Values{"facts": {"窗口写的事实，楼上渗水。"}, "reached_on": {"2026-11-24"}}))
	stale := m.submit(mine, at+"/text", url.Values{"facts": {"调解员写的事实，也是渗水。"}, "reached_on": {"2026-11-24"}})
	if text := stale.text(); stale.status != http.StatusConflict || !strings.Contains(text, "窗口写的事实") || !strings.Contains(text, "调解员写的事实") {
		t.Fatalf("a stale form gives %d:\n%s", stale.status, text)
	}
	m.follow(m.submit(stale, at+"/text", url.Values{"facts": {"调解员写的事实，也是渗水。"}, "reached_on": {"2026-11-24"}}))
}

// agreement goes on from the session's end to a draft, which begins with what the parties accepted.
func (w *walk) agreement(session string) {
	w.t.Helper()
	w.open(session + "/finish")
	w.see("笔录已固定")
	w.Click(`main a[href$="/agreements"]`)
	w.see("还没有协议")
	w.Type("[name=issue]", "水管由谁修、墙面粉刷费由谁承担")
	w.act("/issue", submit)
	w.await("未解决")
	w.Click("[name=form][value=written]")
	w.act("/agreement", submit)
	w.see("这份协议谈成了哪几项")
	w.Click(`a[href$="part=items"]`)
	w.see("从条款库选")
	if got := browsertest.Eval[string](w.Browser, `document.querySelector("textarea[name^=text-]").value`); !strings.Contains(got, "800 元") {
		w.t.Errorf("the draft begins with %q, want the accepted offer", got)
	}
}

// Who works on the case reads its paper in full, who only reads sees names.
func TestAPaperOfAnAgreementTellsReadersNamesOnly(t *testing.T) {
	s := newSite(t, "")
	at := s.agreementOf(s.late()) + "/print"
	full, names := s.as("mediator").get(at).text(), s.as("leader").get(at).text()
	phone := regexp.MustCompile(`1[3-9]\d{9}`)
	if !strings.Contains(names, "人民调解协议书") || !phone.MatchString(full) {
		t.Fatalf("not the paper, or not in full:\n%s\n%s", full, names)
	}
	if phone.MatchString(names) {
		t.Errorf("a reader sees more than names:\n%s", names)
	}
}
