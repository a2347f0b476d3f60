// Package record holds the pages of a mediation session on a tablet: today's list,
// the brief, who is at the table, the record, proposals, the end, the print.
package record

import (
	"strconv"
	"strings"
	"time"

	"tiaojie/app/docket"
	"tiaojie/app/papers"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// TodayData is the list of a mediator's sessions.
type TodayData struct {
	Day        string
	Items      []TodayItem
	Coming     []TodayItem // the next ones, when the day has none
	Prev, Next string
}

// TodayItem is one session in the list.
type TodayItem struct {
	Session         docket.Session
	Title, No, Room string
}

// Frame is what every page of a session shows at its head.
type Frame struct {
	Case    docket.Case
	Session docket.Session
	Room    string
	Sheet   papers.Sheet
	Form    ui.Form
	Rivals  []string
}

// at is the address of a part of the session.
func (f Frame) at(part string) string {
	if part == "" {
		return link.Session(f.Session.Key)
	}
	return link.SessionDo(f.Session.Key, part)
}

// running tells whether the record can be written.
func (f Frame) running() bool { return f.Sheet.Record.State == papers.Running }

func (f Frame) closed() bool { return f.Sheet.Record.State == papers.Closed }

func (f Frame) tabs(current string) []ui.Tab {
	open := 0
	for _, p := range f.Sheet.Proposals {
		if p.State == "open" {
			open++
		}
	}
	tabs := []ui.Tab{{Label: "案情", Href: f.at("")}, {Label: "到场与告知", Href: f.at("table")}, {Label: "笔录", Href: f.at("record")},
		{Label: "方案", Href: f.at("proposals"), Count: open}, {Label: "结果", Href: f.at("finish")}}
	for i := range tabs {
		tabs[i].Current = tabs[i].Label == current
	}
	return tabs
}

// BriefData is what the mediator reads before the door opens.
type BriefData struct {
	Frame
	Stories    []Story
	Earlier    []docket.Row
	Conflicts  []docket.Conflict
	Disclosure string // "", none, told
	Risk       string
	Agents     []docket.Agent
	Handovers  []papers.Handover // what the sides told former mediators alone
}

// Story is one side's own words.
type Story struct {
	Party docket.PartyView
	Words string
	Phone string // masked
}

// FinishData is the end of a session.
type FinishData struct {
	Frame
	Slots []ui.SlotDay
	Why   string // why there is no slot
}

// DiffData shows two texts of one part.
type DiffData struct {
	Frame
	Diff  papers.Difference
	Lines []DiffLine
	Who   string // whose part, "" for a common one
}

// DiffLine is a line that both texts have, or only one of them.
type DiffLine struct {
	Text string
	Kind string // same, mine, theirs
}

func partyName(sh papers.Sheet, key string) string {
	for _, p := range sh.People {
		if p.Key == key {
			return p.Name
		}
	}
	return ""
}

// fieldName is how a part of the record is called in the form.
func fieldName(name, party string) string { return papers.Edit{Name: name, PartyKey: party}.Field() }

// boxID is the element of a part's text.
func boxID(name, party string) string { return "r-" + fieldName(name, party) }

// text is what stands in a part's box: what was typed and refused, else what is stored.
func (f Frame) text(field papers.Field) string {
	name := fieldName(field.Name, field.PartyKey)
	if _, typed := f.Form.Values[name]; typed {
		return f.Form.Value(name)
	}
	return field.Text
}

// since is the version that the box's text began from.
func (f Frame) since(field papers.Field) string {
	if v := f.Form.Value("version-" + fieldName(field.Name, field.PartyKey)); v != "" {
		return v
	}
	return version(field.Version)
}

func written(text string) string {
	if text == "" {
		return "（没有填写）"
	}
	return text
}

// inBoxes lets the summary of refusals lead to the boxes of the record.
func (f Frame) inBoxes() ui.Form {
	at := map[string]string{}
	for name := range f.Form.Errors {
		at[name] = "#r-" + name
	}
	return f.Form.Elsewhere(at)
}

// atTable lets the summary lead to the lists of the table, which are no fields.
func (f Frame) atTable() ui.Form {
	return f.Form.Elsewhere(map[string]string{"present": "#seen", "id_seen": "#seen", "document": "#seen", "rights": "#told", "disclosure": "#told"})
}

// fromEnd lets the summary of what is missing at the end lead to where it is made good.
func (f Frame) fromEnd() ui.Form {
	at := map[string]string{"present": f.at("table") + "#seen", "told": f.at("table") + "#told", "disclosure": f.at("table") + "#told", "readback": "#readback",
		"slot": "#next"}
	for _, name := range []string{"rights", "principles", "result"} {
		at[name] = f.at("record") + "#" + boxID(name, "")
	}
	for _, p := range f.Sheet.Parties() {
		if strings.TrimSpace(f.Sheet.Field("facts", p.Key).Text) == "" {
			at["facts"] = f.at("record") + "#" + boxID("facts", p.Key)
			break
		}
	}
	return f.Form.Elsewhere(at)
}

func version(v int64) string { return strconv.FormatInt(v, 10) }

func when(s docket.Session) string { return ui.Span(s.StartsAt.Time, s.EndsAt.Time) }

func day(d string) string {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		return d
	}
	return ui.LongDay(t)
}

func tickTime(t papers.Tick) string { return ui.DayTime(t.At.Time) + " " + t.By }
