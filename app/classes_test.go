package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tiaojie/db"
)

// firstClass gives the demonstration's first class and when it begins.
func (s *site) firstClass() (key string, starts time.Time) {
	s.t.Helper()
	var row struct {
		Key      string  `db:"key"`
		StartsAt db.Time `db:"starts_at"`
	}
	if err := s.DB.Get(s.t.Context(), &row, `SELECT key, starts_at FROM offerings ORDER BY id LIMIT 1`); err != nil {
		s.t.Fatal(err)
	}
	return row.Key, row.StartsAt.Time
}

// A scanned code: who isn't signed in signs in and comes back to it, looking signs nobody
// in, the button does, and the trainer's screen counts it.
func TestSigningInToAClassByScanning(t *testing.T) {
	s := newSite(t, "")
	key, starts := s.firstClass()
	page := "/desk/school/classes/" + key
	s.clock.Set(starts.Add(-31 * time.Minute))
	trainer, learner := s.as("trainer"), s.as("mediator")
	early := learner.get("/learn/attend/" + key)
	if !strings.Contains(early.text(), "18:30 开始签到") || early.form("/learn/attend/"+key) != nil {
		t.Errorf("too early: %s", early.text())
	}
	s.clock.Set(starts.Add(-5 * time.Minute))
	before := trainer.get(page + "/now?phase=in&part=code")
	if people := trainer.get(page + "/now?phase=in&part=people"); !strings.Contains(people.text(), "0/6") || strings.Contains(before.body, "<html") {
		t.Errorf("the screen: %s", before.text())
	}
	digits := regexp.MustCompile(`stat-value[^>]*>\s*(\d{6})`).FindStringSubmatch(before.body)
	if digits == nil {
		t.Fatalf("no digits on the screen: %s", before.body)
	}
	stranger := s.visitor().get("/learn/attend/" + key + "?phase=in&code=AAAAAAAAAA")
	if stranger.status != http.StatusSeeOther || stranger.location != "/login?next="+url.QueryEscape("/learn/attend/"+key+"?phase=in&code=AAAAAAAAAA") {
		t.Errorf("not signed in: %d %s", stranger.status, stranger.location)
	}
	if outsider := s.as("leader").get("/learn/attend/" + key); outsider.status != http.StatusNotFound {
		t.Errorf("who is not in the class: %d", outsider.status)
	}
	stale := learner.get("/learn/attend/" + key + "?phase=in&code=AAAAAAAAAA")
	if !strings.Contains(stale.text(), "这个码已经换了") || s.count(t, `SELECT COUNT(*) FROM attendance`) != 0 {
		t.Errorf("a stale code: %s", stale.text())
	}
	bad := learner.submit(stale, "/learn/attend/"+key, url.Values{"digits": {"12a"}})
	if bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.body, `value="12a"`) || !strings.Contains(bad.text(), "数字不对") {
		t.Errorf("wrong digits: %d %s", bad.status, bad.text())
	}
	done := learner.follow(learner.submit(bad, "/learn/attend/"+key, url.Values{"digits": {digits[1]}}))
	if !strings.Contains(done.text(), "已签到") || s.count(t, `SELECT COUNT(*) FROM attendance_log WHERE how = 'code'`) != 1 {
		t.Errorf("after signing in: %s", done.text())
	}
	if after := trainer.get(page + "/now?phase=in&part=people"); !strings.Contains(after.text(), "1/6") {
		t.Errorf("the screen doesn't count: %s", after.text())
	}
	if today := trainer.get("/desk/school"); !strings.Contains(today.text(), "已签到 1/6") {
		t.Errorf("the morning page: %s", today.text())
	}
	if sheet := trainer.get(page + "/sheet"); !strings.Contains(sheet.text(), "培训签到表") {
		t.Errorf("the sheet: %s", sheet.text())
	}
}

// A trainer makes a course, opens a class, takes a whole kind of post in, moves the class
// and calls it off; what is refused keeps what was typed.
func TestATrainerRunsAClass(t *testing.T) {
	s := newSite(t, "")
	v := s.as("trainer")
	made := v.submit(v.get("/desk/school/courses/new"), "/desk/school/courses/new", url.Values{"code": {"T-9"}, "kind": {"seminar"}, "title": {"邻里案例研讨"}, "minutes": {"60"}})
	course := v.follow(made)
	open := made.location + "/open"
	form := url.Values{"batch_no": {"第1期"}, "day": {db.DayOf(s.clock.Now().Add(96 * time.Hour))}, "starts": {"19:00"}, "ends": {"20:30"}, "place": {"二楼"}, "capacity": {"3"},
		"early_min": {"30"}, "late_min": {"10"}, "shown": {"self"}}
	refused := v.submit(v.get(open), open, form)
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text(), "请选择讲师") || !strings.Contains(refused.body, `value="二楼"`) {
		t.Errorf("a class without a lecturer: %d %s", refused.status, refused.text())
	}
	lecturer := regexp.MustCompile(`<option value="([^"]+)"[^>]*>示例·陈老师`).FindStringSubmatch(refused.body)
	form.Set("lecturer", lecturer[1])
	opened := v.submit(refused, open, form)
	class := opened.location
	v.follow(opened)
	list := v.get(class + "/enrol?post=full")
	take := regexp.MustCompile(`name="take" value="([^"]+)"`).FindAllStringSubmatch(list.body, 5)
	if len(take) < 5 {
		t.Fatalf("nobody to take: %s", list.text())
	}
	idem := regexp.MustCompile(`name="idem" value="([^"]+)"`).FindStringSubmatch(list.body)
	fill := url.Values{"csrf": {list.token()}, "idem": {idem[1]}, "post": {"full"}}
	for _, k := range take {
		fill.Add("take", k[1])
	}
	page := v.follow(v.post(class+"/enrol", fill))
	if !strings.Contains(page.text(), "列入 3 人，候补 2 人") {
		t.Errorf("after enrolling: %s", page.text())
	}
	moved := v.get(class + "/edit")
	form = moved.filled(t, class+"/edit")
	form.Set("place", "一楼大厅")
	v.follow(v.post(class+"/edit", form))
	again := v.post(class+"/edit", form)
	if again.status != http.StatusConflict || !strings.Contains(again.body, "一楼大厅") {
		t.Errorf("a stale form: %d", again.status)
	}
	if n := s.count(t, `SELECT COUNT(*) FROM outbox WHERE kind = 'class.moved'`); n == 0 {
		t.Error("nobody was told")
	}
	cancel := v.submit(v.get(class+"/cancel"), class+"/cancel", url.Values{"reason": {""}})
	if cancel.status != http.StatusUnprocessableEntity {
		t.Errorf("cancelled without a reason: %d", cancel.status)
	}
	gone := v.follow(v.submit(cancel, class+"/cancel", url.Values{"reason": {"讲师生病"}}))
	if !strings.Contains(gone.text(), "讲师生病") || strings.Contains(gone.body, class+"/enrol") {
		t.Errorf("after cancelling: %s", gone.text())
	}
	if !strings.Contains(course.text(), "邻里案例研讨") {
		t.Error(course.text())
	}
}

// A learner signs up, sees the class in the own list with its calendar file, and withdraws.
func TestALearnerSignsUpAndWithdraws(t *testing.T) {
	s := newSite(t, "")
	v := s.as("mediator")
	page := v.get("/learn/courses")
	join := regexp.MustCompile(`action="(/learn/courses/[^"]+)/join"`).FindStringSubmatch(page.body)
	if join == nil {
		t.Fatalf("nothing to sign up for: %s", page.text())
	}
	in := v.follow(v.submit(page, join[1]+"/join", nil))
	if ics := v.get(join[1] + "/ics"); !strings.Contains(ics.body, "BEGIN:VEVENT") {
		t.Errorf("%d %s", ics.status, ics.body)
	}
	if other := s.as("leader").get(join[1] + "/ics"); other.status != http.StatusNotFound {
		t.Errorf("somebody else's class: %d", other.status)
	}
	out := v.follow(v.submit(in, join[1]+"/leave", nil))
	if !strings.Contains(out.text(), "已退出") || s.count(t, `SELECT COUNT(*) FROM enrolments WHERE state = 'withdrawn'`) != 1 {
		t.Errorf("after withdrawing: %s", out.text())
	}
}
