// Package roster holds the desk's pages of mediators: the roster, one mediator's
// file, one's own profile, the import.
package roster

import (
	"strconv"

	"tiaojie/app/calendar"
	"tiaojie/app/people"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// ListData is the roster.
type ListData struct {
	Form      ui.Form // the filter
	Export    ui.Form
	Mediators []people.Mediator
	Types     map[string]string
	Kinds     []ui.Option
	Load      map[int64]int // open cases by mediator
}

// FileData is one mediator's file.
type FileData struct {
	Form        ui.Form
	Mediator    people.Mediator
	Types       map[string]string
	Communities []ui.Option
	Events      []people.MediatorEvent
	Grades      []people.Grade
	Today       string // to tell what is past its time
	Ties        []people.Tie
	Own         bool // the reader is this mediator
	Manage      bool // the reader keeps the roster
	Coming      []calendar.Entry
	Phone       string // masked
}

// EditData is the form of a mediator's particulars.
type EditData struct {
	Form                                       ui.Form
	Mediator                                   people.Mediator // zero for a new one
	Kinds, Types, Communities, Units, Accounts []ui.Option
	Stored                                     *ui.Form // what somebody else saved meanwhile
}

// meanwhile tells what is stored and is not what the form holds.
func (d EditData) meanwhile() []ui.Fact {
	if d.Stored == nil {
		return nil
	}
	return d.Form.Elsewise(*d.Stored, []ui.Kept{{Name: "name", Label: "姓名"}, {Name: "pinyin", Label: "全拼"}, {Name: "initials", Label: "首字母"},
		{Name: "gender", Label: "性别"}, {Name: "rep_kind", Label: "类别", Options: d.Kinds}, {Name: "employment", Label: "聘任", Options: employments()},
		{Name: "grade", Label: "等级", Options: grades()}, {Name: "court_invited", Label: "法院特邀调解员", Options: []ui.Option{{Value: "yes", Label: "是"}}},
		{Name: "load_cap", Label: "同时办理的案件数上限"}, {Name: "joined_on", Label: "加入日期"}, {Name: "unit", Label: "单位", Options: d.Units},
		{Name: "account", Label: "登录账号", Options: d.Accounts}, {Name: "types", Label: "擅长的纠纷", Options: d.Types}, {Name: "languages", Label: "语言和方言"},
		{Name: "communities", Label: "负责的社区", Options: d.Communities}, {Name: "story", Label: "介绍"}})
}

// ImportData is the preview of a roster's import.
type ImportData struct {
	Form   ui.Form
	Import *people.Import
}

func stateTone(s people.MediatorState) ui.Tone {
	switch s {
	case people.Listed:
		return ui.Finished
	case people.Paused:
		return ui.Wait
	}
	return ui.None
}

func names(codes []string, words map[string]string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = words[c]
	}
	return out
}

func (d FileData) at(part string) string { return link.DeskMediator(d.Mediator.Key) + "/" + part }

func version(m people.Mediator) string { return strconv.FormatInt(m.Version, 10) }

func events(list []people.MediatorEvent) []ui.Event {
	var out []ui.Event
	for _, e := range list {
		out = append(out, ui.Event{Title: e.Note, When: ui.DayTime(e.At.Time), Who: e.By, State: ui.Done})
	}
	return out
}

func tieLabel(kind string) string {
	for _, k := range people.TieKinds {
		if k.Code == kind {
			return k.Label
		}
	}
	return kind
}

func tieOptions() []ui.Option {
	var out []ui.Option
	for _, k := range people.TieKinds {
		out = append(out, ui.Option{Value: k.Code, Label: k.Label})
	}
	return out
}

func employments() []ui.Option {
	return []ui.Option{{Value: "full", Label: "专职"}, {Value: "part", Label: "兼职"}, {Value: "invited", Label: "特邀"}}
}

func grades() []ui.Option {
	var out []ui.Option
	for _, g := range people.Grades {
		out = append(out, ui.Option{Value: g.Code, Label: g.Label})
	}
	return out
}

func languages() []ui.Option {
	var out []ui.Option
	for _, l := range people.Languages {
		out = append(out, ui.Option{Value: l, Label: l})
	}
	return out
}

// capWords tells the most open cases; 0 is no limit.
func capWords(n int) string {
	if n == 0 {
		return "不限"
	}
	return strconv.Itoa(n)
}

func atMost(n int) string {
	if n == 0 {
		return "不限"
	}
	return "最多 " + strconv.Itoa(n) + " 件"
}
