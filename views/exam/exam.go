// Package exam shows the question bank, exams from both sides of the table, and certificates.
package exam

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiaojie/app/school"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/db"
	"tiaojie/views/ui"
)

// BankData is a page of the bank.
type BankData struct {
	Form   ui.Form
	Page   school.BankPage
	Tags   []school.TagCount
	Next   string // address of the page after
	Export string
}

// QuestionData is one question with its versions, newest first.
type QuestionData struct {
	Form     ui.Form
	Versions []school.QuestionVersion
}

// EditData is the form of a question.
type EditData struct {
	Form ui.Form
	Code string // "" for a new one
	No   int    // the version that the person saw
}

// ImportData is the form of an import, or what a text would become.
type ImportData struct {
	Form   ui.Form
	Import *school.BankImport
	Text   string
}

// ExamsData lists the exams.
type ExamsData struct{ Exams []school.Exam }

// ExamData is an exam from the inside.
type ExamData struct {
	Form    ui.Form
	Exam    school.Exam
	Results []school.Result
	Waiting bool // only those to be marked
	More    string
	Today   string
}

// ExamEditData is the form of an exam.
type ExamEditData struct {
	Form ui.Form
	Key  string // "" for a new one
	Tags []school.TagCount
	Rows int // of draws
}

// GateData is the page on which an exam becomes a condition of being listed.
type GateData struct {
	Form    ui.Form
	Exam    school.Exam
	Unready []string // names
	From    string
}

// StatsData is what the answers say of the questions.
type StatsData struct {
	Exam  school.Exam
	Items []school.ItemReport
}

// PaperData is somebody's answered paper.
type PaperData struct {
	Form  ui.Form
	Sheet school.Sheet
}

// MineData lists one's own exams.
type MineData struct {
	Exams []school.MyExam
	Today string
}

// StartData is an exam before an attempt.
type StartData struct {
	Form ui.Form
	Exam school.MyExam
	Now  time.Time
}

func (d StartData) today() string { return db.DayOf(d.Now) }

// TakeData is an attempt that runs: one question, or the end when Item is nil.
type TakeData struct {
	Form  ui.Form
	Sheet school.Sheet
	Item  *school.SheetItem
	Now   time.Time
}

// ResultData is one's own attempt after its end.
type ResultData struct {
	Sheet school.Sheet
	Shows bool // the right answers may be seen
	Cert  *school.Certificate
}

// CertificatesData is the trainer's list.
type CertificatesData struct {
	Form  ui.Form
	List  []school.Certificate
	Exams []ui.Option
	Today string
	Next  string
}

// CertificateData is one certificate.
type CertificateData struct {
	Form  ui.Form
	Cert  school.Certificate
	Today string
	QR    string // picture of the check page's address
	URL   string
	Org   string // who issues it
	Back  string
}

func num(n int) string { return strconv.Itoa(n) }

func version(n int64) string { return strconv.FormatInt(n, 10) }

// day writes a stored day for people: 2026年11月24日.
func day(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return t.Format("2006年1月2日")
}

func validity(c school.Certificate) string {
	if c.ValidTo == "" {
		return "长期"
	}
	return day(c.ValidTo) + " 止"
}

func stateTone(s school.QuestionState) ui.Tone {
	return map[school.QuestionState]ui.Tone{school.QuestionReady: ui.Finished, school.QuestionDraft: ui.Wait, school.QuestionHidden: ui.None}[s]
}

func examTone(s school.ExamState) ui.Tone {
	return map[school.ExamState]ui.Tone{school.ExamDraft: ui.Wait, school.ExamOpen: ui.Act, school.ExamClosed: ui.None}[s]
}

func verdictTone(v exam.Verdict) ui.Tone {
	return map[exam.Verdict]ui.Tone{exam.Passed: ui.Finished, exam.Failed: ui.Wait, exam.Pending: ui.Act}[v]
}

func certTone(c school.Certificate, today string) ui.Tone {
	switch {
	case c.State != school.CertificateValid:
		return ui.None
	case !c.InForce(today):
		return ui.Overdue
	case c.DaysLeft(today) >= 0 && c.DaysLeft(today) <= school.NoticeDays[0]:
		return ui.Wait
	}
	return ui.Finished
}

// standing adds to a certificate's state how long it still counts, when that isn't long.
func standing(c school.Certificate, today string) string {
	if left := c.DaysLeft(today); left >= 0 && left <= school.NoticeDays[0] {
		return fmt.Sprintf("有效，还有 %d 天", left)
	}
	return c.Standing(today)
}

// short cuts a stem to one line of a list.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "……"
	}
	return text
}

// period says when an exam can be sat.
func period(x school.ExamRules) string {
	switch {
	case x.OpensOn != "" && x.ClosesOn != "":
		return day(x.OpensOn) + " 至 " + day(x.ClosesOn)
	case x.OpensOn != "":
		return day(x.OpensOn) + " 起"
	case x.ClosesOn != "":
		return "到 " + day(x.ClosesOn) + " 为止"
	}
	return "发布后随时可考"
}

func minutes(n int) string {
	if n == 0 {
		return "不限时"
	}
	return num(n) + " 分钟"
}

func attempts(n int) string {
	if n == 0 {
		return "不限次数"
	}
	return num(n) + " 次"
}

func months(n int) string {
	switch {
	case n == 0:
		return "长期"
	case n%12 == 0:
		return num(n/12) + " 年"
	}
	return num(n) + " 个月"
}

var showOptions = []ui.Option{
	{Value: string(exam.ShowNever), Label: "不给看", Hint: "只告诉得分和是否通过"},
	{Value: string(exam.ShowAfterPass), Label: "通过后给看"},
	{Value: string(exam.ShowAfterClose), Label: "考试结束后给看", Hint: "最后一天过完以后，要填最后一天"},
}

func showLabel(s exam.Show) string {
	for _, o := range showOptions {
		if o.Value == string(s) {
			return o.Label
		}
	}
	return ""
}

// part says what a part of a paper holds.
func part(p school.Part) string {
	points := "用题目自己的分值"
	if p.Points > 0 {
		points = "每题 " + num(p.Points) + " 分"
	}
	if len(p.Codes) > 0 {
		return "指定 " + num(len(p.Codes)) + " 题：" + strings.Join(p.Codes, "、") + "（" + points + "）"
	}
	from := "全部题目"
	var cond []string
	if p.Kind != "" {
		cond = append(cond, p.Kind.Label())
	}
	if len(p.Tags) > 0 {
		cond = append(cond, "标签“"+strings.Join(p.Tags, "、")+"”")
	}
	if p.Category != "" {
		cond = append(cond, "分类“"+p.Category+"”")
	}
	if len(cond) > 0 {
		from = strings.Join(cond, "，")
	}
	return "从" + from + "里随机抽 " + num(p.Count) + " 题（" + points + "）"
}

func kindOptions(none string) []ui.Option {
	out := []ui.Option{{Label: none}}
	for _, k := range quizformat.Kinds {
		out = append(out, ui.Option{Value: string(k), Label: k.Label()})
	}
	return out
}

func stateOptions() []ui.Option {
	out := []ui.Option{{Label: "不限"}}
	for _, s := range school.QuestionStates {
		out = append(out, ui.Option{Value: string(s), Label: s.Label()})
	}
	return out
}

func tagOptions(tags []school.TagCount, none string) []ui.Option {
	out := []ui.Option{{Label: none}}
	for _, t := range tags {
		out = append(out, ui.Option{Value: t.Tag, Label: t.Tag + "（" + num(t.N) + "）"})
	}
	return out
}

func formatOptions() []ui.Option {
	var out []ui.Option
	for _, f := range school.Formats {
		out = append(out, ui.Option{Value: f.Code, Label: f.Label})
	}
	return out
}

// options are the choices of a question as the paper shows them; values are positions in the
// stored question.
func options(it school.SheetItem) []ui.Option {
	var out []ui.Option
	for place, i := range it.Order {
		label := it.Question.Options[i].Text
		if it.Question.Kind != quizformat.Judge {
			label = quizformat.Letter(place) + ". " + label
		}
		out = append(out, ui.Option{Value: num(i), Label: label})
	}
	return out
}

// rights are the right sides to choose from.
func rights(it school.SheetItem) []ui.Option {
	out := []ui.Option{{Label: "请选择"}}
	all := it.Question.Rights()
	for place, i := range it.Order {
		out = append(out, ui.Option{Value: num(i), Label: quizformat.Letter(place) + ". " + all[i]})
	}
	return out
}

// answered writes what a person answered, with the letters of the paper.
func answered(it school.SheetItem) string {
	if it.Response.Empty() {
		return "没有作答"
	}
	place := map[int]int{}
	for p, i := range it.Order {
		place[i] = p
	}
	var out []string
	switch it.Question.Kind {
	case quizformat.Single, quizformat.Multi, quizformat.Judge:
		chosen := slices.SortedFunc(slices.Values(it.Response.Choice), func(a, b int) int { return cmp.Compare(place[a], place[b]) })
		for _, i := range chosen {
			if i < 0 || i >= len(it.Question.Options) {
				continue
			}
			if it.Question.Kind == quizformat.Judge {
				out = append(out, it.Question.Options[i].Text)
			} else {
				out = append(out, quizformat.Letter(place[i]))
			}
		}
		return strings.Join(out, "、")
	case quizformat.Match:
		for n, i := range it.Response.Match {
			if i >= 0 {
				out = append(out, num(n+1)+"—"+quizformat.Letter(place[i]))
			}
		}
		return strings.Join(out, "，")
	}
	return it.Response.Text
}

// places leads to the questions of a running attempt, those with an answer ticked.
func places(d TakeData, address func(pos int) string) []ui.SlotDay {
	line := ui.SlotDay{Date: "题号", Week: "打勾的已作答"}
	for _, it := range d.Sheet.Items {
		label := num(it.Pos)
		if !it.Response.Empty() {
			label += " ✓"
		}
		line.Slots = append(line.Slots, ui.Slot{Label: label, Href: address(it.Pos)})
	}
	return []ui.SlotDay{line}
}

// figure writes a share as a percentage.
func figure(share float64) string { return strconv.FormatFloat(share*100, 'f', 0, 64) + "%" }

func score(a school.Attempt) string {
	text := num(a.Points) + " / " + num(a.MaxPoints)
	if a.Waiting > 0 {
		text += "，另有 " + num(a.Waiting) + " 分待批"
	}
	return text
}

func row(name string, i int) string { return name + num(i) }
