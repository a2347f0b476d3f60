// Package settings holds the pages of what the street itself sets: its communities,
// units, mediation committees and kinds of representatives.
package settings

import (
	"strconv"

	"tiaojie/app/people"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// Item is one thing that can be set, with its present state in a line.
type Item struct {
	Title, Href, State string
	Wants              string // what somebody should see to, "" for nothing
}

// Row is a line of a list of communities or units.
type Row struct {
	ID         int64
	Code, Name string
	About      []string // under the columns of the list
	StoppedOn  string
}

// ListData lists communities or units.
type ListData struct {
	Title, Note, Icon, Base string
	AddLabel                string
	Cols                    []string // what About stands under
	Rows                    []Row
	MayEdit                 bool
}

// PlaceData is one community or unit.
type PlaceData struct {
	Form      ui.Form
	Name      string
	What      string // 社区 or 单位
	Base      string // of the list
	ID        int64
	Facts     []ui.Fact
	Uses      []people.Use
	Version   int64
	StoppedOn string
	Fixed     string // why it can't be stopped, "" when it can
	MayEdit   bool
}

// EditData is the form of a community, a unit or a committee, or of a new one.
type EditData struct {
	Form               ui.Form
	Title              string
	Action, Back       string
	Version            int64
	Stored             *ui.Form // what somebody else saved while the form was open
	Kinds, Communities []ui.Option
	New                bool
}

// CommitteeRow is a line of the list of committees.
type CommitteeRow struct {
	Committee people.Committee
	Community string
	InOffice  int
	Director  string
	Warnings  []string
}

// CommitteeData is one committee.
type CommitteeData struct {
	Form      ui.Form
	Committee people.Committee
	Facts     []ui.Fact
	InOffice  []people.Member
	Former    []people.Member
	Warnings  []string
	MayEdit   bool
}

// MemberData is a form about a member of a committee.
type MemberData struct {
	Form      ui.Form
	Committee people.Committee
	Member    people.Member // zero for a new one
	Title     string
	Action    string
	Stored    *ui.Form
}

// KindData is one kind of representative.
type KindData struct {
	Form      ui.Form
	Kind      people.RepKind
	Mediators []people.Mediator // listed, of this kind
	All       int               // of any state
	Open      map[int64]int     // mediator → open cases
	Stored    *ui.Form
	MayEdit   bool
	Roster    bool // the reader may open the roster
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

func count(n int, unit string) string { return strconv.Itoa(n) + " " + unit }

func (d PlaceData) at(verb string) string { return link.Setting(d.Base, num(d.ID), verb) }

func committee(id int64, verb ...string) string {
	return link.Setting(link.DeskCommittees(), num(id), verb...)
}

func member(m people.Member, verb string) string {
	return committee(m.CommitteeID, "members", num(m.ID), verb)
}

func kind(code string, verb ...string) string { return link.Setting(link.DeskKinds(), code, verb...) }

// basis tells in words what a kind's name stands on.
func basis(k people.RepKind) string {
	switch {
	case !k.Confirmed:
		return "街道还没有确认"
	case k.ConfirmedDoc == "":
		return "街道公开介绍里的名称，还没有录入确认文件"
	}
	return k.ConfirmedOn + " " + k.ConfirmedBy + "，" + k.ConfirmedDoc
}

// fields of the forms, in the order of the page: for what was refused, and for what
// somebody else stored meanwhile.
var (
	communityFields = []ui.Kept{{Name: "name", Label: "名称"}, {Name: "code", Label: "编号"}, {Name: "address", Label: "地址"}, {Name: "phone", Label: "公开电话"},
		{Name: "seq", Label: "排序"}}
	kindFields = []ui.Kept{{Name: "name", Label: "名称"}, {Name: "words", Label: "说明"}, {Name: "confirmed_by", Label: "谁确认的"},
		{Name: "confirmed_on", Label: "哪天确认的"}, {Name: "confirmed_doc", Label: "依据的文件"}}
	memberFields = []ui.Kept{{Name: "name", Label: "姓名"}, {Name: "gender", Label: "性别"}, {Name: "post", Label: "职务", Options: posts()},
		{Name: "term_start", Label: "任期开始"}, {Name: "term_end", Label: "任期届满"}}
)

func (d EditData) unitFields() []ui.Kept {
	return []ui.Kept{{Name: "name", Label: "名称"}, {Name: "code", Label: "编号"}, {Name: "kind", Label: "类别", Options: d.Kinds},
		{Name: "community", Label: "所在社区", Options: d.Communities}, {Name: "credit_code", Label: "统一社会信用代码"}, {Name: "seq", Label: "排序"}}
}

func (d EditData) committeeFields() []ui.Kept {
	return []ui.Kept{{Name: "name", Label: "全称"}, {Name: "code", Label: "编号"}, {Name: "org", Label: "案号里的简称"},
		{Name: "community", Label: "社区", Options: d.Communities}, {Name: "address", Label: "地址"}, {Name: "phone", Label: "公开电话"}, {Name: "seal_text", Label: "印章文字"}}
}

func names(fields []ui.Kept) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return out
}

func elsewise(f ui.Form, stored *ui.Form, fields []ui.Kept) []ui.Fact {
	if stored == nil {
		return nil
	}
	return f.Elsewise(*stored, fields)
}

func posts() []ui.Option {
	var out []ui.Option
	for _, p := range people.Posts {
		out = append(out, ui.Option{Value: p, Label: people.PostLabel(p)})
	}
	return out
}

func orNone(text string) string {
	if text == "" {
		return "未填写"
	}
	return text
}
