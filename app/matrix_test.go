package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tiaojie/views/link"
)

var cellLink = regexp.MustCompile(`href="(/desk/school/matrix/[0-9a-z]{16}/[0-9a-z]{16})"`)

// matrixPages are the trainer's pages around the matrix, for the browser.
func matrixPages(o map[string]string) []string {
	cell, requirement := link.DeskCell(o["requirement"], o["learner"]), link.DeskRequirement(o["requirement"])
	return []string{link.DeskMatrix(), link.DeskMatrix() + "?state=late", cell, link.DeskRequirements(), link.DeskRequirement("new"), requirement,
		requirement + "/edit", requirement + "/coverage", link.DeskHistory()}
}

func TestTheTrainerSetsARequirementAndSeesWhomItTouches(t *testing.T) {
	s := newSite(t, "")
	v := s.as("trainer")
	list := v.get(link.DeskRequirements())
	if list.status != http.StatusOK || !strings.Contains(list.text(), "没有查到深圳的学时规定") || !strings.Contains(list.text(), "雅安") {
		t.Fatalf("%d %s", list.status, list.text())
	}
	add := link.DeskRequirement("new")
	form := v.get(add + "?preset=yaan-year")
	if !strings.Contains(form.body, `value="年度培训"`) || !strings.Contains(form.body, "参照雅安的做法") {
		t.Fatalf("the preset isn't filled in: %s", form.text())
	}
	fill := url.Values{"title": {"年度培训"}, "subject_kind": {"any"}, "hours": {"20"}, "posts": {"full"}, "cycle": {"calendar"}, "cal_from": {"01-01"}, "cal_to": {"13-31"},
		"first_due_days": {"0"}, "window_days": {"90"}, "grace_days": {"0"}, "active_from": {"2025-01-01"}, "do": {"preview"}}
	refused := v.submit(form, add, fill)
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text(), "12-31 这样") || !strings.Contains(refused.body, `value="13-31"`) {
		t.Fatalf("%d %s", refused.status, refused.text())
	}
	fill.Set("cal_to", "12-31")
	shown := v.submit(refused, add, fill)
	if shown.status != http.StatusOK || !strings.Contains(shown.text(), "还没有保存") {
		t.Fatalf("no preview: %d %s", shown.status, shown.text())
	}
	if strings.Contains(v.get(link.DeskRequirements()).body, ">年度培训<") {
		t.Fatal("a preview saved something")
	}
	fill.Set("do", "save")
	page := v.follow(v.submit(shown, add, fill))
	if !strings.Contains(page.text(), "累计 20 学时") || !strings.Contains(page.text(), "岗位：专职调解员") {
		t.Fatalf("%d %s", page.status, page.text())
	}
	// Narrowed to nobody of those asked: refused until it is said what becomes of them.
	edit := regexp.MustCompile(`href="(/desk/school/requirements/[0-9a-z]{16}/edit)"`).FindStringSubmatch(page.body)[1]
	fill.Set("posts", "leader")
	fill.Set("version", "1")
	first, late := v.get(edit), v.get(edit)
	gone := v.submit(first, edit, fill)
	if gone.status != http.StatusUnprocessableEntity || !strings.Contains(gone.text(), "请选择怎样处理") || !strings.Contains(gone.text(), "不再要求的人") {
		t.Fatalf("%d %s", gone.status, gone.text())
	}
	fill.Set("leavers", "keep")
	if a := v.follow(v.submit(gone, edit, fill)); !strings.Contains(a.text(), "第 2 版") {
		t.Fatal(a.text())
	}
	// The other form is stale now.
	fill.Set("title", "年度培训改")
	if a := v.submit(late, edit, fill); a.status != http.StatusConflict || !strings.Contains(a.body, `value="年度培训改"`) {
		t.Errorf("%d %s", a.status, a.text())
	}
}

func TestTheMatrixIsWorkedFrom(t *testing.T) {
	s := newSite(t, "")
	v := s.as("trainer")
	page := v.get(link.DeskMatrix())
	if page.status != http.StatusOK || !strings.Contains(page.text(), "逾期") || !strings.Contains(page.text(), "全员轮训") {
		t.Fatalf("%d %s", page.status, page.text())
	}
	page = v.get(link.DeskMatrix() + "?post=full")
	at := cellLink.FindStringSubmatch(page.body)
	if at == nil {
		t.Fatal("no cell to open")
	}
	parts := strings.Split(at[1], "/")
	requirement, learner := parts[4], parts[5]
	act := link.DeskMatrixDo("act")
	fill := url.Values{"requirement": {requirement}, "learners": {learner}, "kind": {"waive"}, "reason": {""}}
	refused := v.submit(page, act+"?post=full", fill)
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text(), "请写明理由") || !strings.Contains(refused.body, `value="`+learner+`" checked`) {
		t.Fatalf("%d, the tick or the message is missing", refused.status)
	}
	fill.Set("reason", "产假")
	a := v.submit(refused, act+"?post=full", fill)
	if a.status != http.StatusSeeOther || a.location != link.DeskMatrix()+"?post=full" {
		t.Fatalf("%d %s", a.status, a.location)
	}
	cell := v.get(at[1])
	if !strings.Contains(cell.text(), "免修") || !strings.Contains(cell.text(), "产假") {
		t.Fatal(cell.text())
	}
	done := at[1] + "/done"
	bad := v.submit(cell, done, url.Values{"title": {"外出听课"}, "done_on": {"2027-01-01"}, "hours": {"两"}, "note": {"签到表"}})
	if bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.text(), "不能在今天之后") || !strings.Contains(bad.body, `value="两"`) {
		t.Fatalf("%d %s", bad.status, bad.text())
	}
	cell = v.follow(v.submit(bad, done, url.Values{"title": {"外出听课"}, "done_on": {"2026-11-01"}, "hours": {"2"}, "note": {"签到表第 3 号"}}))
	if !strings.Contains(cell.text(), "签到表第 3 号") {
		t.Fatal(cell.text())
	}
	completion := regexp.MustCompile(`<option value="([0-9a-z]{16})"`).FindStringSubmatch(cell.body)
	cell = v.follow(v.submit(cell, at[1]+"/void", url.Values{"completion": {completion[1]}, "void_reason": {"登记错人"}}))
	if !strings.Contains(cell.text(), "已作废") || !strings.Contains(cell.text(), "登记错人") {
		t.Error(cell.text())
	}
	file := v.submit(v.get(link.DeskMatrix()), link.DeskMatrixDo("export"), url.Values{"format": {"csv"}, "export_reason": {"年终核对"}})
	if file.status != http.StatusOK || !strings.HasPrefix(file.body, "\xef\xbb\xbf姓名,单位") || !strings.Contains(file.body, "免修") {
		t.Errorf("%d %.200s", file.status, file.body)
	}
	coverage := v.get(link.DeskRequirement(requirement, "coverage"))
	if coverage.status != http.StatusOK || !strings.Contains(coverage.text(), "没有完成的人") || !strings.Contains(coverage.text(), "其中免修 1 人") {
		t.Errorf("%d %s", coverage.status, coverage.text())
	}
	if a := s.as("clerk").get(link.DeskMatrix()); a.status != http.StatusForbidden {
		t.Errorf("a clerk: %d", a.status)
	}
}

func TestAHistoryIsTakenInByTheTrainer(t *testing.T) {
	s := newSite(t, "")
	v := s.as("trainer")
	page := v.get(link.DeskHistory())
	if a := v.upload(page, link.DeskHistory(), map[string]string{}, "file", "名册.csv", []byte("甲,乙\n1,2\n")); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "要有“姓名”这一列") {
		t.Fatalf("%d %s", a.status, a.text())
	}
	file := "姓名,手机,岗位,培训名称,完成日期,学时\n新演一,19900009991,工作人员,岗前培训,2025-03-01,10\n新演二,1,工作人员,,,\n"
	shown := v.upload(page, link.DeskHistory(), map[string]string{}, "file", "名册.csv", []byte(file))
	if shown.status != http.StatusOK || !strings.Contains(shown.text(), "新增 1 人、1 条培训记录") || !strings.Contains(shown.text(), "手机号不对") || strings.Contains(shown.body, "19900009991") {
		t.Fatalf("%d %s", shown.status, shown.text())
	}
	if strings.Contains(v.get(link.DeskMatrix()+"?name=xinyanyi").text(), "新演一") {
		t.Fatal("the preview wrote somebody")
	}
	if a := v.follow(v.submit(shown, link.DeskHistory("confirm"), nil)); !strings.Contains(a.text(), "已导入 1 行") {
		t.Fatal(a.text())
	}
	if !strings.Contains(v.get(link.DeskMatrix()+"?name=xinyanyi").text(), "新演一") {
		t.Error("whom the trainer took in is not in the matrix")
	}
	if a := s.as("clerk").get(link.DeskHistory()); a.status != http.StatusForbidden {
		t.Errorf("a clerk: %d", a.status)
	}
}
