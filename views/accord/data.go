// Package accord holds the staff's pages of agreements: the builder, signing, performance, visits.
package accord

import (
	"strconv"
	"time"

	"tiaojie/app/accord"
	"tiaojie/app/docket"
	"tiaojie/app/papers"
	"tiaojie/app/papers/forms"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// CaseData is the agreements of a case.
type CaseData struct {
	accord.CaseView
	Form ui.Form
}

// AgreementData is one agreement.
type AgreementData struct {
	accord.View
	Form    ui.Form
	Part    string // of the builder: text, items, duties, check
	Line    accord.Sign
	Clauses []accord.Clause
}

// DutyData is one obligation.
type DutyData struct {
	accord.DutyView
	Form ui.Form
}

// VisitData is one visit.
type VisitData struct {
	accord.VisitView
	Form ui.Form
}

// DueData is what is due.
type DueData struct {
	Rows    []accord.DueRow
	Figures *accord.Figures // nil for who does not read figures
	Today   string
	Within  int
	Names   map[int64]string // mediators
}

// Parts of the builder, in the order in which they are filled in.
var parts = []struct{ code, label string }{{"text", "事实与争议"}, {"items", "协议内容"}, {"duties", "履行义务"}, {"check", "检查与定稿"}}

// PartOf is a part of the builder that exists, the first one for anything else.
func PartOf(code string) string {
	for _, p := range parts {
		if p.code == code {
			return code
		}
	}
	return parts[0].code
}

func (d AgreementData) tabs() []ui.Tab {
	var out []ui.Tab
	for _, p := range parts {
		t := ui.Tab{Label: p.label, Href: d.part(p.code), Current: p.code == d.Part}
		switch p.code {
		case "items":
			t.Count = len(d.Body.Items)
		case "duties":
			t.Count = len(d.Body.Duties)
		case "check":
			t.Count = len(d.Found)
		}
		out = append(out, t)
	}
	return out
}

func (d AgreementData) part(code string) string {
	return link.With(link.Agreement(d.Key), "part", code)
}

func (d AgreementData) do(verb string) string { return link.AgreementDo(d.Key, verb) }

// name is what the agreement is called.
func (d AgreementData) name() string {
	if n := d.No(); n != "" {
		return n
	}
	return "第" + strconv.Itoa(d.Seq) + "份" + d.Agreement.Form.Label()
}

// title is its form and its number.
func (d AgreementData) title() string {
	if d.No() == "" {
		return d.name()
	}
	return d.Agreement.Form.Label() + " " + d.No()
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// row gives a form of its own to one of several like forms on a page: the refused one keeps what was typed.
func row(f ui.Form, field, key string, pairs ...string) ui.Form {
	if f.Failed() && f.Value(field) == key {
		return f
	}
	return ui.Filled(f.CSRF, f.Idem, pairs...)
}

// itemForm is the form of one clause.
func (d AgreementData) itemForm(i accord.Item) ui.Form {
	return row(d.Form, "item", i.Key, "text-"+i.Key, i.Text, "issue", i.Issue)
}

// dutyForm is the form of one obligation.
func (d AgreementData) dutyForm(x accord.Duty) ui.Form {
	return row(d.Form, "duty", x.Key, "from", x.From, "to", x.To, "kind", x.Kind, "what", x.What, "yuan", accord.YuanText(x.Amount),
		"when", x.When, "due", x.Due, "condition", x.Condition, "days", count(x.Days), "how", x.How)
}

// newDutyForm is the form of a further obligation; a page without a refused one begins with the usual choices.
func (d AgreementData) newDutyForm() ui.Form {
	return row(d.Form, "duty", "new", "kind", accord.Pay, "when", accord.ByDay, "how", "银行转账", "parts", "1", "every", "month")
}

// signForm is the form of one line of the signing list.
func (d AgreementData) signForm(g accord.Sign) ui.Form {
	return row(d.Form, "line", g.Key, "on", d.Today, "id_seen", "居民身份证")
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (d AgreementData) parties(none string) []ui.Option {
	out := []ui.Option{{Label: none}}
	for _, p := range d.Parties {
		out = append(out, ui.Option{Value: p.Key, Label: p.Name + "（" + p.Side.Label() + "）"})
	}
	return out
}

func (d AgreementData) issueOptions() []ui.Option {
	out := []ui.Option{{Label: "全部已达成的事项"}}
	for i, p := range d.Issues {
		out = append(out, ui.Option{Value: p.Key, Label: strconv.Itoa(i+1) + ". " + short(p.Text)})
	}
	return out
}

// settleOptions are the points to tick; one that another agreement in force settles can't be ticked.
func (d AgreementData) settleOptions() []ui.Option {
	var out []ui.Option
	for i, p := range d.Issues {
		taken := p.SettledBy != nil && (d.ReplacesID == nil || *p.SettledBy != *d.ReplacesID)
		o := ui.Option{Value: p.Key, Label: strconv.Itoa(i+1) + ". " + p.Text, Disabled: taken}
		if taken {
			o.Hint = "已由另一份协议解决"
		}
		out = append(out, o)
	}
	return out
}

func (d AgreementData) clauseOptions() []ui.Option {
	out := []ui.Option{{Label: "不用条款库，自己写"}}
	for _, c := range d.Clauses {
		out = append(out, ui.Option{Value: c.Code, Label: c.Title})
	}
	return out
}

// agentOptions are those who act for a party.
func (d AgreementData) agentOptions(partyKey string) []ui.Option {
	out := []ui.Option{{Label: "本人"}}
	for _, p := range d.Parties {
		for _, a := range d.Agents {
			if p.Key == partyKey && a.PartyID == p.ID {
				out = append(out, ui.Option{Value: a.Key, Label: "代理人 " + a.Name})
			}
		}
	}
	return out
}

func documents() []ui.Option {
	var out []ui.Option
	for _, n := range papers.IDDocuments {
		out = append(out, ui.Option{Value: n, Label: n})
	}
	return out
}

func optionsOf(words []docket.Word) []ui.Option {
	out := make([]ui.Option, len(words))
	for i, w := range words {
		out[i] = ui.Option{Value: w.Code, Label: w.Label}
	}
	return out
}

var everyOptions = []ui.Option{{Value: "month", Label: "每月一期"}, {Value: "week", Label: "每周一期"}}

func short(text string) string {
	r := []rune(text)
	if len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return text
}

func day(text string) string { return forms.Day(text).String() }

func date(t time.Time) string { return ui.DayTime(t) }

func yuan(n int64) string { return ui.Yuan(n) }

func num(n int64) string { return strconv.FormatInt(n, 10) }

func stateTone(s accord.State) ui.Tone {
	switch s {
	case accord.Draft, accord.Signing:
		return ui.Wait
	case accord.Effective:
		return ui.Act
	case accord.Performed:
		return ui.Finished
	}
	return ui.None
}

func standingTone(s accord.Standing) ui.Tone {
	switch s {
	case accord.Overdue:
		return ui.Overdue
	case accord.Today, accord.Soon, accord.Conditional, accord.Late:
		return ui.Wait
	case accord.OnTime:
		return ui.Finished
	case accord.Waiting:
		return ui.Act
	}
	return ui.None
}

// dueTone is the tone of a day that something is due on.
func dueTone(due, today string) ui.Tone {
	switch {
	case due < today:
		return ui.Overdue
	case due == today:
		return ui.Wait
	}
	return ui.None
}

// dueWords say when something is due, seen from today.
func dueWords(due, today string) string {
	switch {
	case due < today:
		return "逾期，应于" + day(due)
	case due == today:
		return "今天到期"
	}
	return day(due)
}

// stops counts the findings that stand in the way, and those that only warn.
func stops(found []accord.Finding) (stop, warn []accord.Finding) {
	for _, f := range found {
		if f.Stop {
			stop = append(stop, f)
		} else {
			warn = append(warn, f)
		}
	}
	return stop, warn
}

// missing names who has not signed yet.
func missing(signs []accord.Sign) string {
	out := ""
	for _, g := range signs {
		if g.Way == "" {
			if out != "" {
				out += "、"
			}
			out += g.Name
		}
	}
	return out
}

// signWords tell how a line was signed.
func signWords(g accord.Sign) string {
	out := "在纸上"
	if g.Way == accord.Tablet {
		out = "在平板上手写"
	}
	if g.Agent != "" {
		out += "，由代理人" + g.Agent + "代签"
	}
	if g.IDSeen != "" {
		out += "，已核对" + g.IDSeen
	}
	return out + "，" + g.By + "登记于" + date(g.At.Time)
}

// partOf says which instalment an obligation is, "" for one that is whole.
func partOf(x accord.Duty) string {
	if x.Parts < 2 {
		return ""
	}
	return "第" + strconv.Itoa(x.Part) + "期，共" + strconv.Itoa(x.Parts) + "期"
}

func rowHref(r accord.DueRow) string {
	if r.Kind == "visit" {
		return link.Visit(r.Key)
	}
	return link.Duty(r.Key)
}

func rowWords(r accord.DueRow) string {
	if r.Kind == "visit" {
		return "回访：" + r.Words
	}
	return "协议义务到期"
}
