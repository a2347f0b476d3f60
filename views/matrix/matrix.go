// Package matrix holds the trainer's pages of what must be learned and who has done it.
package matrix

import (
	"strconv"
	"strings"
	"time"

	"tiaojie/app/school"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// Data is the matrix.
type Data struct {
	Filter ui.Form // the filter of the address
	Query  string  // the address's query, "" or "?…"
	Form   ui.Form // what is done for several people
	Export ui.Form
	Matrix school.Matrix
	Units  map[int64]string
	UnitOf []ui.Option // to choose a unit
	All    []school.Requirement
}

// CellData is one cell's history.
type CellData struct {
	Form ui.Form
	File school.CellFile
	Unit string
}

// CoverageData is the coverage of a requirement.
type CoverageData struct {
	Coverage school.Coverage
	Cycles   []string
	End      string // the one asked for, "" for the newest
	Units    map[int64]string
}

// RequirementData is one requirement with all its wordings.
type RequirementData struct {
	Requirement school.Requirement
	Versions    []school.RequirementVersion
	Units       map[int64]string
	Day         string
}

// EditData is the form of a requirement.
type EditData struct {
	Form    ui.Form
	Key     string // "" for a new one
	Version string
	Units   []ui.Option
	Preview *school.Preview
	Stored  []ui.Fact // what somebody else saved meanwhile
}

func tone(s school.State) ui.Tone {
	switch s {
	case school.Late:
		return ui.Overdue
	case school.DueSoon:
		return ui.Wait
	case school.Valid:
		return ui.Finished
	case school.InProgress:
		return ui.Act
	}
	return ui.None
}

// tabs are the trainer's pages around the matrix.
func tabs(at string) []ui.Tab {
	list := []ui.Tab{{Label: "轮训矩阵", Href: link.DeskMatrix()}, {Label: "培训要求", Href: link.DeskRequirements()}}
	for i := range list {
		list[i].Current = list[i].Href == at
	}
	return list
}

func states() []ui.Option {
	out := []ui.Option{{Label: "不限"}}
	for _, s := range school.States {
		out = append(out, ui.Option{Value: string(s), Label: s.Label()})
	}
	return out
}

func posts(first string) []ui.Option {
	var out []ui.Option
	if first != "" {
		out = append(out, ui.Option{Label: first})
	}
	for _, p := range school.Posts {
		out = append(out, ui.Option{Value: p.Code, Label: p.Label})
	}
	return out
}

func requirements(list []school.Requirement, first string) []ui.Option {
	out := []ui.Option{{Label: first}}
	for _, q := range list {
		out = append(out, ui.Option{Value: q.Key, Label: q.Title})
	}
	return out
}

// deeds are what can be done for several people.
func deeds() []ui.Option {
	return []ui.Option{{Value: "remind", Label: "提醒"}, {Value: "assign", Label: "布置（规则之外）"}, {Value: "waive", Label: "免修"},
		{Value: "unwaive", Label: "结束免修"}, {Value: "release", Label: "取消布置"}}
}

var actLabels = map[string]string{"assign": "布置", "release": "取消布置", "waive": "免修", "unwaive": "结束免修", "remind": "提醒"}

// unit names a person's unit.
func unit(l school.Learner, units map[int64]string) string {
	if l.UnitID == nil {
		return ""
	}
	return units[*l.UnitID]
}

// under is what stands below a name.
func under(l school.Learner, units map[int64]string) string {
	return strings.Trim(unit(l, units)+" · "+school.PostLabel(l.Post), " ·")
}

// cellNote is the day that matters in a cell.
func cellNote(c school.Cell) string {
	switch c.State {
	case school.Valid:
		if c.DueOn != "" {
			return "至 " + c.DueOn
		}
		return c.DoneOn
	case school.NotAsked:
		return ""
	case school.Excused:
		if c.DueOn != "" {
			return "至 " + c.DueOn
		}
		return ""
	}
	return c.DueOn
}

func page(d Data, n int) string {
	if n < 1 || n > d.Matrix.Pages {
		return ""
	}
	f := d.Filter
	return link.With(link.DeskMatrix(), "name", f.Value("name"), "unit", f.Value("unit"), "post", f.Value("post"), "only", f.Value("only"),
		"state", f.Value("state"), "page", strconv.Itoa(n))
}

func pages(d Data) string {
	m := d.Matrix
	return "共 " + strconv.Itoa(m.Total) + " 人，第 " + strconv.Itoa(m.Page) + "／" + strconv.Itoa(m.Pages) + " 页"
}

// stateLink opens the people in a state, with the rest of the filter as it is.
func stateLink(d Data, s school.State) string {
	f := d.Filter
	return link.With(link.DeskMatrix(), "name", f.Value("name"), "unit", f.Value("unit"), "post", f.Value("post"), "only", f.Value("only"), "state", string(s))
}

// Rhythm tells how often a requirement comes back.
func Rhythm(q school.Requirement) string {
	switch q.Cycle {
	case school.Rolling:
		return "完成后每 " + strconv.Itoa(q.Months) + " 个月一次"
	case school.Calendar:
		return "每年 " + monthDay(q.CalFrom) + "至" + monthDay(q.CalTo)
	}
	return "一次有效"
}

func monthDay(md string) string {
	m, d, _ := strings.Cut(md, "-")
	return strings.TrimPrefix(m, "0") + " 月 " + strings.TrimPrefix(d, "0") + " 日"
}

// whom tells whom a rule asks.
func whom(r school.Rule, units map[int64]string) string {
	var parts []string
	var names []string
	for _, p := range strings.Fields(r.Posts) {
		names = append(names, school.PostLabel(p))
	}
	if len(names) > 0 {
		parts = append(parts, "岗位："+strings.Join(names, "、"))
	}
	names = nil
	for _, u := range strings.Fields(r.Units) {
		n, err := strconv.ParseInt(u, 10, 64)
		if err == nil {
			names = append(names, units[n])
		}
	}
	if len(names) > 0 {
		parts = append(parts, "单位："+strings.Join(names, "、"))
	}
	if r.Tags != "" {
		parts = append(parts, "标签："+strings.ReplaceAll(r.Tags, " ", "、"))
	}
	if r.JoinedFrom != "" || r.JoinedTo != "" {
		parts = append(parts, "加入日期："+strings.TrimSpace(r.JoinedFrom+" 至 "+r.JoinedTo))
	}
	if len(parts) == 0 {
		return "名册上的所有人"
	}
	return strings.Join(parts, "；")
}

var subjectLabels = map[school.SubjectKind]string{school.AnySubject: "任何培训", school.CourseSubject: "课程", school.ExamSubject: "考试",
	school.BookSubject: "教材", school.TitleSubject: "名称"}

func subject(q school.Requirement) string {
	text := subjectLabels[q.SubjectKind]
	if q.SubjectKey != "" {
		text += "：" + q.SubjectKey
	}
	if q.MinMinutes > 0 {
		text += "，累计 " + school.Hours(q.MinMinutes) + " 学时"
	}
	return text
}

func subjects() []ui.Option {
	return []ui.Option{{Value: "any", Label: "任何培训都算", Hint: "如一年的总学时、全员轮训"}, {Value: "title", Label: "按名称", Hint: "登记或导入的培训，名称相同就算"},
		{Value: "course", Label: "一门课程", Hint: "填课程代码"}, {Value: "exam", Label: "一次考试", Hint: "填考试编号"}, {Value: "book", Label: "一本教材", Hint: "填教材代号"}}
}

func cycles() []ui.Option {
	return []ui.Option{{Value: "once", Label: "一次有效"}, {Value: "rolling", Label: "完成后隔几个月再来"}, {Value: "calendar", Label: "每年的固定时段"}}
}

func facts(q school.Requirement, units map[int64]string) []ui.Fact {
	force := q.ActiveFrom + " 起"
	if q.ActiveTo != "" {
		force += "，" + q.ActiveTo + " 止"
	}
	return []ui.Fact{{Name: "谁要学", Text: whom(q.Rule, units)}, {Name: "学什么", Text: subject(q)}, {Name: "多久一次", Text: Rhythm(q)},
		{Name: "首次期限", Text: "加入、调岗或施行后 " + strconv.Itoa(q.FirstDueDays) + " 天"}, {Name: "提前提醒", Text: strconv.Itoa(q.WindowDays) + " 天"},
		{Name: "宽限", Text: strconv.Itoa(q.GraceDays) + " 天"}, {Name: "施行", Text: force}, {Name: "依据", Text: q.Basis}}
}

func cycleOptions(q school.Requirement, cycles []string, chosen string) []ui.Tab {
	var out []ui.Tab
	for _, end := range cycles {
		out = append(out, ui.Tab{Label: end, Href: link.With(link.DeskRequirement(q.Key, "coverage"), "end", end), Current: end == chosen})
	}
	return out
}

func persons(n int) string { return strconv.Itoa(n) + " 人" }

// state tells a cell in words: 逾期（2026-03-01）.
func state(c school.Cell) string {
	if note := cellNote(c); note != "" {
		return c.State.Label() + "（" + note + "）"
	}
	return c.State.Label()
}

// events tells a cell's history, the newest first.
func events(acts []school.Act) []ui.Event {
	var out []ui.Event
	for _, a := range acts {
		title := actLabels[a.Kind]
		if a.Kind == "waive" && a.UntilOn != "" {
			title += "，到 " + a.UntilOn
		}
		note := a.Reason
		if a.Kind == "remind" && a.UntilOn != "" {
			note += "，期限 " + a.UntilOn
		}
		out = append(out, ui.Event{Title: title, When: when(a.At.Time), Who: a.By, Note: note, State: ui.Done})
	}
	return out
}

func evidence(c school.Completion) string {
	e := c.Grounds()
	return strings.Trim(evidenceLabels[e.Kind]+"："+e.Note, "：")
}

var evidenceLabels = map[string]string{"offering": "班次签到", "attempt": "考试", "book": "教材学习", "manual": "登记", "import": "导入"}

func under2(l school.Learner, unitName string) string {
	text := school.PostLabel(l.Post) + "，" + l.JoinedOn + " 加入"
	if unitName != "" {
		text = unitName + " · " + text
	}
	if l.LeftOn != "" {
		text += "，" + l.LeftOn + " 离册"
	}
	return text
}

// why tells what a cell follows from.
func why(f school.CellFile) []ui.Fact {
	c, q := f.Cell, f.Requirement
	how := "规则要求"
	switch {
	case c.State == school.NotAsked:
		how = "没有要求他参加"
	case !f.ByRule:
		how = "单独布置"
	}
	out := []ui.Fact{{Name: "来源", Text: how}, {Name: "多久一次", Text: Rhythm(q)}}
	if c.DueOn != "" {
		name := "期限"
		if c.State == school.Valid {
			name = "下次期限"
		}
		out = append(out, ui.Fact{Name: name, Text: c.DueOn})
	}
	if c.DoneOn != "" {
		out = append(out, ui.Fact{Name: "上次完成", Text: c.DoneOn})
	}
	if q.MinMinutes > 0 {
		out = append(out, ui.Fact{Name: "本周期学时", Text: school.Hours(c.Minutes) + "／" + school.Hours(q.MinMinutes)})
	}
	if c.Missed > 0 {
		out = append(out, ui.Fact{Name: "以前没有完成", Text: strconv.Itoa(c.Missed) + " 个周期"})
	}
	return out
}

func cycleWords(c school.Coverage) string {
	if c.From == "" {
		return ""
	}
	return "周期从 " + c.From + " 起。"
}

// chosen is the end of the cycle shown.
func chosen(d CoverageData) string {
	if d.End == "" && len(d.Cycles) > 0 {
		return d.Cycles[0]
	}
	return d.End
}

// Fields name a requirement's fields, to tell what somebody else stored in them.
var Fields = []ui.Kept{{Name: "title", Label: "名称"}, {Name: "subject_kind", Label: "学什么", Options: subjects()}, {Name: "subject_key", Label: "代码或名称"}, {Name: "hours", Label: "累计学时"},
	{Name: "basis", Label: "依据"}, {Name: "posts", Label: "岗位", Options: posts("")}, {Name: "units", Label: "单位"}, {Name: "tags", Label: "标签"},
	{Name: "joined_from", Label: "加入日期，从"}, {Name: "joined_to", Label: "加入日期，到"}, {Name: "cycle", Label: "周期", Options: cycles()}, {Name: "months", Label: "隔几个月"},
	{Name: "cal_from", Label: "每年从"}, {Name: "cal_to", Label: "到"}, {Name: "first_due_days", Label: "首次期限"}, {Name: "window_days", Label: "提前提醒"},
	{Name: "grace_days", Label: "宽限"}, {Name: "active_from", Label: "从哪天起施行"}, {Name: "active_to", Label: "到哪天停止"}}

// standing lists the completions that still count.
func standing(f school.CellFile) []ui.Option {
	var out []ui.Option
	for _, c := range f.Completions {
		if c.VoidedAt.IsZero() {
			out = append(out, ui.Option{Value: c.Key, Label: c.DoneOn + " " + c.Title})
		}
	}
	return out
}

// when tells a moment with its year: histories are long.
func when(t time.Time) string { return ui.LongDay(t) + ui.Clock(t) }
