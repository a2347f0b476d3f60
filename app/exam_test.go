package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/market"
	"tiaojie/app/seal"
)

// paper starts an attempt of the demonstration's mediator at the second exam and gives its address.
func (s *site) paper() string {
	s.t.Helper()
	var exam string
	var account int64
	if err := s.DB.Get(s.t.Context(), &exam, `SELECT key FROM exams ORDER BY id DESC LIMIT 1`); err != nil {
		s.t.Fatal(err)
	}
	if err := s.DB.Get(s.t.Context(), &account, `SELECT id FROM accounts WHERE login = 'mediator'`); err != nil {
		s.t.Fatal(err)
	}
	key, err := s.School.Start(s.t.Context(), access.Actor{AccountID: account, Roles: []access.Role{access.Mediator}}, seal.NewToken(), exam)
	if err != nil {
		s.t.Fatal(err)
	}
	return "/learn/exams/" + exam + "/" + key
}

// marking is the address of the paper that waits for marks.
func (s *site) marking() string {
	s.t.Helper()
	var row struct {
		Exam    string `db:"exam"`
		Attempt string `db:"attempt"`
	}
	err := s.DB.Get(s.t.Context(), &row, `SELECT x.key AS exam, a.key AS attempt FROM exam_attempts a JOIN exams x ON x.id = a.exam_id WHERE a.waiting > 0 ORDER BY a.id LIMIT 1`)
	if err != nil {
		s.t.Fatal(err)
	}
	return "/desk/school/exams/" + row.Exam + "/papers/" + row.Attempt
}

// examThings finds a thing of an exam that is the mediator's, and one that is somebody else's.
var examThings = map[string][2]string{
	"question":    {anyQuestion, anyQuestion},
	"exam":        {anyExam, anyExam},
	"attempt":     {`SELECT t.key` + ofAttempts + ` = ? ORDER BY t.id LIMIT 1`, `SELECT t.key` + ofAttempts + ` <> ? ORDER BY t.id LIMIT 1`},
	"certificate": {`SELECT c.key` + ofCertificates + ` = ?`, `SELECT c.key` + ofCertificates + ` <> ? ORDER BY c.id LIMIT 1`},
	"token":       {`SELECT c.token` + ofCertificates + ` = ?`, `SELECT 'nothing' FROM learners WHERE mediator_id = ?`},
}

const (
	anyQuestion    = `SELECT q.code FROM questions q JOIN question_versions v ON v.question_id = q.id WHERE v.kind = 'match' AND q.id <> -? ORDER BY q.id LIMIT 1`
	anyExam        = `SELECT key FROM exams WHERE id <> -? ORDER BY id LIMIT 1`
	ofAttempts     = ` FROM exam_attempts t JOIN learners l ON l.id = t.learner_id WHERE l.mediator_id`
	ofCertificates = ` FROM certificates c JOIN learners l ON l.id = c.learner_id WHERE l.mediator_id`
)

// examPages are the pages of exams to be looked at in a browser.
func (s *site) examPages(o map[string]string) map[string][]string {
	const school = "/desk/school"
	exam, mine, paper := school+"/exams/"+o["exam"], "/learn/exams/"+o["exam"], s.paper()
	return map[string][]string{
		"": {"/v/" + o["token"]},
		"mediator": {"/learn", "/learn/exams", mine, mine + "/" + o["attempt"], paper, paper + "?q=3", paper + "?q=end",
			"/learn/certificates", "/learn/certificates/" + o["certificate"]},
		"trainer": {school + "/bank?kind=match", school + "/bank/new", school + "/bank/import", school + "/bank/" + o["question"], school + "/bank/" + o["question"] + "/edit",
			school + "/exams", school + "/exams/new", exam, exam + "/edit", exam + "/gate", exam + "/stats", s.marking(),
			school + "/certificates", school + "/certificates/" + o["certificate"]},
	}
}

const imported = `::: question id=h-1 kind=single points=2
第一题？
- [x] 对的甲
- [ ] 错的甲
:::

::: question id=h-2 kind=multi points=2
第二题？
- [x] 对的乙
- [x] 也对的乙
- [ ] 错的乙
:::

::: question id=h-3 kind=blank points=2
调解不收____。
= 费用
:::

::: question id=h-4 kind=single points=2
没有答案？
- [ ] 甲
- [ ] 乙
:::
`

var stepMark = regexp.MustCompile(`第 (\d+) 题，共 3 题`)

// TestAnExamFromTheBankToTheCertificateWithoutScripts goes the whole way by plain forms.
func TestAnExamFromTheBankToTheCertificateWithoutScripts(t *testing.T) {
	s := newSite(t, "")
	trainer, clerk, other := s.as("trainer"), s.as("clerk"), s.as("leader")
	const bank = "/desk/school/bank"
	preview := trainer.submit(trainer.get(bank+"/import"), bank+"/import", url.Values{"format": {"auto"}, "text": {imported}})
	if preview.status != http.StatusOK || !strings.Contains(preview.text(), "第19行：没有标出正确项") || !strings.Contains(preview.text(), "写入 3 题") {
		t.Fatalf("%d %s", preview.status, preview.text())
	}
	if a := trainer.get(bank + "/h-1"); a.status != http.StatusNotFound {
		t.Errorf("written before it was confirmed: %d", a.status)
	}
	trainer.follow(trainer.submit(preview, bank+"/import/confirm", url.Values{"ready": {"yes"}}))

	const exams = "/desk/school/exams"
	page := trainer.get(exams + "/new")
	wrong := with(page.filled(t, exams+"/new"), "title", "无脚本考试", "parts", "h-1 h-2 h-9", "count1", "三")
	a := trainer.post(exams+"/new", wrong)
	a.keeps(t, exams+"/new", http.StatusUnprocessableEntity, wrong, "抽题数请填")
	right := with(wrong, "parts", "h-1，h-2\r\nh-3", "count1", "", "pass", "60", "show", "after_pass")
	a = trainer.post(exams+"/new", right)
	at := a.location
	if twice := trainer.post(exams+"/new", right); twice.location != at {
		t.Errorf("the form sent twice made %s and %s", at, twice.location)
	}
	page = trainer.follow(a)
	key := strings.TrimPrefix(at, exams+"/")
	learn := "/learn/exams/" + key
	if a := clerk.get(learn); a.status != http.StatusNotFound {
		t.Errorf("an exam that isn't published: %d", a.status)
	}
	trainer.follow(trainer.submit(page, at+"/move", nil))

	page = clerk.get(learn)
	a = clerk.submit(page, learn+"/start", nil)
	paper := a.location
	page = clerk.follow(a)
	if m := stepMark.FindStringSubmatch(page.text()); m == nil || m[1] != "1" || !strings.Contains(page.text(), "收卷") {
		t.Fatalf("%s", page.text())
	}
	if a := other.get(paper); a.status != http.StatusNotFound {
		t.Errorf("somebody else's paper: %d", a.status)
	}
	if a := other.post(paper, url.Values{"csrf": {other.get(learn).token()}, "pos": {"1"}, "a": {"0"}}); a.status != http.StatusNotFound {
		t.Errorf("answered for somebody else: %d", a.status)
	}
	page = clerk.follow(clerk.submit(page, paper, url.Values{"a": {"0"}, "go": {"next"}}))
	page = clerk.follow(clerk.submit(page, paper, url.Values{"a": {"0", "1"}, "go": {"next"}}))

	clerk = s.as("clerk") // another day's browser
	page = clerk.get(paper)
	if m := stepMark.FindStringSubmatch(page.text()); m == nil || m[1] != "3" {
		t.Fatalf("it doesn't go on where it stood: %s", page.text())
	}
	if a := clerk.get(paper+"?q=2").filled(t, paper); len(a["a"]) != 2 {
		t.Errorf("the answer kept is %v", a["a"])
	}
	page = clerk.follow(clerk.submit(page, paper, url.Values{"text": {" 费用。"}, "go": {"end"}}))
	if !strings.Contains(page.text(), "3 题都答了") {
		t.Errorf("%s", page.text())
	}
	form := page.form(paper + "/submit")
	clerk.post(paper+"/submit", form)
	page = clerk.follow(clerk.post(paper+"/submit", form))
	if !strings.Contains(page.text(), "通过了") || !strings.Contains(page.text(), "6 / 6") || !strings.Contains(page.text(), "答案：") {
		t.Errorf("%s", page.text())
	}
	printed := regexp.MustCompile(`href="(/learn/certificates/[^"]+)"`).FindStringSubmatch(page.body)
	if printed == nil {
		t.Fatal("no certificate")
	}
	sheet := clerk.get(printed[1])
	public := regexp.MustCompile(`/v/[A-Za-z0-9]+`).FindString(sheet.body)
	var name string
	if err := s.DB.Get(t.Context(), &name, `SELECT person_name FROM certificates ORDER BY id DESC LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	if a := s.visitor().get(public); a.status != http.StatusOK || !strings.Contains(a.text(), "证书有效") || strings.Contains(a.body, name) || strings.Contains(a.text(), "PX2026") {
		t.Errorf("%d %s", a.status, a.text())
	}
	desk := strings.Replace(printed[1], "/learn/", "/desk/school/", 1)
	if a := trainer.submit(trainer.get(desk), desk+"/revoke", nil); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "请写明理由") {
		t.Errorf("revoked without a reason: %d", a.status)
	}
	trainer.follow(trainer.submit(trainer.get(desk), desk+"/revoke", url.Values{"reason": {"替考"}}))
	if a := s.visitor().get(public); !strings.Contains(a.text(), "证书已撤销") || strings.Contains(a.text(), "替考") {
		t.Errorf("%s", a.text())
	}
}

func TestALatePageIsToldAndTheLoopCollects(t *testing.T) {
	s := newSite(t, "")
	paper := s.paper()
	v := s.as("mediator")
	s.clock.Advance(20 * time.Minute)
	page := v.get(paper)
	s.clock.Advance(10 * time.Minute)
	if a := v.get(paper); !strings.Contains(a.text(), "系统正在收卷") {
		t.Errorf("%s", a.text())
	}
	if a := v.follow(v.submit(page, paper, url.Values{"a": {"0"}})); !strings.Contains(a.text(), "时间已经到了") || !strings.Contains(a.text(), "到时自动收卷") {
		t.Errorf("%s", a.text())
	}
}

func TestMarksAreGivenOnTheDesk(t *testing.T) {
	s := newSite(t, "")
	v, at := s.as("trainer"), s.marking()
	page := v.get(at)
	form := page.filled(t, at)
	for name := range form {
		if strings.HasPrefix(name, "p") {
			form.Set(name, "99")
		}
	}
	a := v.post(at, form)
	a.keeps(t, at, http.StatusUnprocessableEntity, form, "请填 0 到满分之间的整数")
	for name := range form {
		if strings.HasPrefix(name, "p") {
			form.Set(name, "1")
		}
	}
	if a := v.follow(v.post(at, form)); strings.Contains(a.text(), "待批改") {
		t.Errorf("%s", a.text())
	}
}

// TestTheGateIsClosedByTheTrainer switches the requirement on; the marketplace follows on its day.
func TestTheGateIsClosedByTheTrainer(t *testing.T) {
	s := newSite(t, "")
	var exam string
	if err := s.DB.Get(t.Context(), &exam, `SELECT key FROM exams ORDER BY id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	at := "/desk/school/exams/" + exam + "/gate"
	trainer := s.as("trainer")
	shown := func() int {
		t.Helper()
		cards, err := s.Market.List(t.Context(), market.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		return len(cards)
	}
	before := shown()
	page := trainer.get(at + "?day=2026-12-01")
	if a := trainer.post(at, page.filled(t, at)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "请看过名单") {
		t.Errorf("unseen: %d", a.status)
	}
	trainer.follow(trainer.post(at, with(page.filled(t, at), "agree", "yes")))
	if got := shown(); got != before {
		t.Errorf("%d of %d are left before the day", got, before)
	}
	s.clock.Set(time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC))
	if got := shown(); got != 2 {
		t.Errorf("%d can be chosen, want the two who passed", got)
	}
	if n, err := s.People.LapseListings(t.Context()); err != nil || n != before-2 {
		t.Errorf("%d paused of %d, %v", n, before, err)
	}
}
