// Package classes shows the training school's courses, classes and attendance: to the
// trainer, to who learns, and on the hall's screen.
package classes

import (
	"strconv"
	"time"

	"tiaojie/app/school"
	"tiaojie/db"
	"tiaojie/views/ui"
)

// CourseData is a course's page.
type CourseData struct {
	Form     ui.Form
	Course   school.Course
	Needs    []school.Course
	Editions []school.CourseEdition
	Classes  []school.Offering
	Now      time.Time
}

// EditCourseData is the form of a course.
type EditCourseData struct {
	Form   ui.Form
	Course school.Course // zero for a new one
	Others []ui.Option   // courses that can be done before
	Stored *ui.Form
}

// LecturerData is the form of a lecturer.
type LecturerData struct {
	Form     ui.Form
	Lecturer school.Lecturer // zero for a new one
	Roster   []ui.Option
	Stored   *ui.Form
}

// EditClassData is the form of a class.
type EditClassData struct {
	Form      ui.Form
	Course    school.Course
	Class     school.Offering // zero for a new one
	Lecturers []ui.Option
	Rooms     []ui.Option
	Troubles  []school.Candidate // who has something else at the new time
	Stored    *ui.Form
}

// ClassData is a class's page.
type ClassData struct {
	Form   ui.Form
	Class  school.Offering
	Seats  []school.Seat
	Places []school.Place
	Log    []school.LogLine
	Now    time.Time
}

// others lists those of a state.
func (d ClassData) others(state string) []school.Place {
	var out []school.Place
	for _, p := range d.Places {
		if p.State == state {
			out = append(out, p)
		}
	}
	return out
}

// unreached names who has no account and so no inbox.
func (d ClassData) unreached() []string {
	var out []string
	for _, x := range d.Seats {
		if x.AccountID == nil {
			out = append(out, x.Name)
		}
	}
	return out
}

// ListData is a list of classes.
type ListData struct {
	Classes []school.Offering
	Tabs    []ui.Tab
	Past    bool
	Now     time.Time
}

// EnrolData is the choice of people for a class.
type EnrolData struct {
	Form  ui.Form // the filters, then what is ticked
	Post  ui.Form // tokens and refusals of the list
	Class school.Offering
	Units []ui.Option
	Posts []ui.Option
	List  []school.Candidate
	Asked bool
	Bulk  bool // a unit or a post was asked for: who is left out is kept by name
	Ticks map[string]bool
}

// SeatData is a person in a class.
type SeatData struct {
	Form  ui.Form
	Class school.Offering
	Place school.Place
	Mark  school.Attendance
	Now   time.Time
}

// ScreenData is the hall's screen.
type ScreenData struct {
	Class   school.Offering
	Phase   school.Phase
	Closed  string // why no code is shown, "" while one is
	Digits  string
	QR      string
	Missing []string
	Done    int
}

// LearnData is one's own courses.
type LearnData struct {
	Form    ui.Form
	Mine    []school.OwnClass
	Open    []school.Offering
	Past    []school.OwnClass
	Now     time.Time
	NoPlace bool // on no roster
}

// SignData is signing in to a class or out of it.
type SignData struct {
	Form  ui.Form
	Class school.Offering
	Phase school.Phase
	Code  string // from the picture, while it counts
	Stale bool   // the picture's code has changed
	Mark  school.Attendance
	Shut  string // why nobody can sign now
}

// TodayData is the trainer's morning.
type TodayData struct {
	Today []TodayClass
	Now   time.Time
}

// TodayClass is a class of today with who is not there.
type TodayClass struct {
	school.Offering
	Missing []string
}

func num(n int) string     { return strconv.Itoa(n) }
func long(n int64) string  { return strconv.FormatInt(n, 10) }
func of(n, all int) string { return num(n) + "/" + num(all) }

func clock(t db.Time) string {
	if t.IsZero() {
		return "—"
	}
	return ui.Clock(t.Time)
}

func day(o school.Offering) string { return ui.Day(o.StartsAt.Time) }

func hours(o school.Offering) string {
	return ui.Clock(o.StartsAt.Time) + "–" + ui.Clock(o.EndsAt.Time)
}

// stateOf says in a word how a class stands.
func stateOf(o school.Offering, now time.Time) (string, ui.Tone) {
	switch {
	case o.Cancelled():
		return "已取消", ui.None
	case o.Over(now):
		return "已结束", ui.Finished
	case !now.Before(o.StartsAt.Time):
		return "上课中", ui.Act
	case o.Enrolled >= o.Capacity:
		return "已满", ui.Wait
	}
	return "未开始", ui.Act
}

func markTone(word string) ui.Tone {
	switch word {
	case "已签到", "已签退":
		return ui.Finished
	case "未签到", "请假":
		return ui.None
	}
	return ui.Wait
}

func placeWord(state string) (string, ui.Tone) {
	switch state {
	case "confirmed":
		return "已报上", ui.Finished
	case "waitlist":
		return "候补中", ui.Wait
	case "withdrawn":
		return "已退出", ui.None
	case "lecturer":
		return "本班讲师", ui.None
	}
	return "未列入", ui.None
}

// taught says who teaches, to follow other words.
func taught(o school.Offering) string {
	if o.Lecturer == "" {
		return ""
	}
	return "，" + o.Lecturer + "主讲"
}

func kinds() []ui.Option {
	var out []ui.Option
	for _, k := range school.CourseKinds {
		out = append(out, ui.Option{Value: string(k), Label: k.Label()})
	}
	return out
}

func hourWords(minutes int) string {
	switch {
	case minutes == 0:
		return "不计学时"
	case minutes%60 == 0:
		return num(minutes/60) + " 小时"
	case minutes > 60:
		return num(minutes/60) + " 小时 " + num(minutes%60) + " 分钟"
	}
	return num(minutes) + " 分钟"
}

var courseFields = []ui.Kept{{Name: "title", Label: "课程名称"}, {Name: "aims", Label: "学习目标"}, {Name: "minutes", Label: "学时"}}

var lecturerFields = []ui.Kept{{Name: "name", Label: "姓名"}, {Name: "title", Label: "职务或职称"}, {Name: "org", Label: "单位"}, {Name: "topics", Label: "能讲什么"}, {Name: "bio", Label: "简介"}}

var classFields = []ui.Kept{{Name: "batch_no", Label: "期次"}, {Name: "day", Label: "日期"}, {Name: "starts", Label: "开始"}, {Name: "ends", Label: "结束"},
	{Name: "place", Label: "地点"}, {Name: "capacity", Label: "名额"}}

func meanwhile(f ui.Form, stored *ui.Form, fields []ui.Kept) []ui.Fact {
	if stored == nil {
		return nil
	}
	return f.Elsewise(*stored, fields)
}

func how(word string) string {
	switch word {
	case "qr":
		return "扫码"
	case "code":
		return "输入数字"
	}
	return "手工"
}
