// Package apply holds the residents' pages of a case: asking for mediation, the
// other side's answer, the progress.
package apply

import (
	"slices"
	"strings"

	"tiaojie/app/accord"
	"tiaojie/app/docket"
	"tiaojie/app/market"
	"tiaojie/views/ui"
)

// Steps are the four screens of asking.
var Steps = []string{"发生了什么", "您和对方", "选人选时间", "核对并提交"}

// Fields says which typed fields belong to which screen; all others ride along hidden.
var Fields = [][]string{
	{"type", "community", "place", "words", "photos", "photo"},
	{"me_name", "me_phone", "me_address", "me_employer", "other_kind", "other_name", "other_unknown", "other_phone", "other_address"},
	{"mediators", "ask", "slots"},
	{"privacy"},
}

// FormData is one screen of asking.
type FormData struct {
	Form        ui.Form
	Step        int // 0–3
	Types       []ui.Option
	Communities []ui.Option
	Suggested   []market.Suggestion
	Chosen      []market.Card
	All         []ui.Option // every mediator, for choosing freely
	Slots       []ui.SlotDay
	Photos      []Photo
	Clerk       bool // registered at the window: one page, no limits of a phone
	Check       []ui.Fact
}

// Photo is an uploaded picture, not yet part of a case.
type Photo struct{ Key, Name string }

// carried lists the fields of the other screens, to ride along.
func (d FormData) carried() []pair {
	var out []pair
	for i, names := range Fields {
		if i == d.Step {
			continue
		}
		for _, name := range names {
			for _, v := range d.Form.Values[name] {
				out = append(out, pair{name, v})
			}
		}
	}
	return out
}

type pair struct{ name, value string }

// ReceiptData is what the applicant takes away.
type ReceiptData struct {
	Receipt docket.Receipt
	QR      string // data URL of the track page
	Street  string
	Phone   string // of the street's window
	When    string
}

// InviteData is the other side's page.
type InviteData struct {
	Form     ui.Form
	Code     string
	View     docket.InviteView
	TypeName string
	Ranked   []market.Card
	All      []ui.Option
	Slots    []ui.SlotDay
	Closed   string // why no answer can be given any more, "" while it can
}

// AnsweredData confirms the other side's answer.
type AnsweredData struct {
	Receipt docket.AnswerReceipt
	Agreed  bool
	QR      string
}

// TrackData is the progress.
type TrackData struct {
	Form     ui.Form
	Tracking *docket.Tracking
	Accord   accord.Public
	Mediator string
	Room     string
	Mine     []docket.Row // of a signed-in resident
	Code     string       // typed code, for the party's own acts
	Elapsed  string
}

// steps turns the public history into a timeline that ends with who has it now.
func (d TrackData) steps() []ui.Event {
	t := d.Tracking
	var out []ui.Event
	for _, s := range t.Steps {
		out = append(out, ui.Event{Title: s.Words, When: ui.DayTime(s.At), State: ui.Done})
	}
	if t.Holder != docket.HeldByNobody {
		e := ui.Event{Title: "现在由" + t.Holder.Label() + "处理", State: ui.Now}
		if !t.HolderDue.IsZero() {
			e.When = "最晚 " + ui.DayTime(t.HolderDue)
		}
		if len(t.Next) > 0 {
			e.Note = strings.Join(t.Next, "\n")
		}
		out = append(out, e)
	}
	return out
}

// choices are the mediators on the page: whom the resident named, then the suggestions with
// their reasons.
func (d FormData) choices() []ui.Option {
	var out []ui.Option
	for _, c := range d.Chosen {
		if !slices.ContainsFunc(d.Suggested, func(s market.Suggestion) bool { return s.ID == c.ID }) {
			out = append(out, option(c, "您选的"))
		}
	}
	for _, s := range d.Suggested {
		out = append(out, option(s.Card, s.Reasons...))
	}
	return out
}

// ranked are the mediators whom the applicant named, for the other side to approve.
func (d InviteData) ranked() []ui.Option {
	var out []ui.Option
	for _, c := range d.Ranked {
		out = append(out, option(c))
	}
	return out
}

func option(c market.Card, reasons ...string) ui.Option {
	return ui.Option{Value: c.Key, Label: c.Name, Hint: strings.Join(append([]string{c.RepName}, reasons...), " · ")}
}
