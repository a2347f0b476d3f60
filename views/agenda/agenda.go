// Package agenda holds the pages of the calendar: the week, one's own hours and leave,
// the court liaison's slots.
package agenda

import (
	"strconv"
	"time"

	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// WeekData is a week of the street by rooms.
type WeekData struct {
	Days       []calendar.Day
	Rooms      []RoomWeek
	Other      []Cell // bookings without a room
	Prev, Next string
	Title      string
}

// RoomWeek is one room's row of the week.
type RoomWeek struct {
	Name, Href string
	Days       [][]Cell // by day
	Closed     []string // by day: why it is closed, "" when open
}

// Cell is one booking in the week.
type Cell struct {
	From, To   time.Time
	Title, Who string
	Href       string
	Status     string
}

// OwnData is one's own weekly hours and leave.
type OwnData struct {
	Form       ui.Form
	Name       string
	Base       string // address of these pages
	Rules      []calendar.Rule
	Exceptions []calendar.Exception
	Hit        []calendar.Entry // bookings that a change hits
	Feeds      []calendar.Feed
	FeedURL    string // shown once
	Liaison    bool
	Back       string
}

// WorkdaysData is the table of days off and the form for a new notice.
type WorkdaysData struct {
	Form    ui.Form
	Notices []calendar.Notice // oldest first
	Missing int               // the coming year while its notice isn't entered, else 0
	Hit     []calendar.DayHit
	Recount docket.Recount // the latest counting anew; zero when there was none
}

// span is a stretch of days of one kind and name, as a notice writes it.
type span struct {
	from, to calendar.Day
	work     bool
	name     string
}

// spans joins the days of a notice as people read them: 10月1日 至 10月7日.
func spans(n calendar.Notice) []span {
	var out []span
	for _, d := range n.Days {
		if i := len(out) - 1; i >= 0 && out[i].to+1 == d.Day && out[i].work == d.Work && out[i].name == d.Name {
			out[i].to = d.Day
			continue
		}
		out = append(out, span{d.Day, d.Day, d.Work, d.Name})
	}
	return out
}

func (s span) label() string {
	if s.from == s.to {
		return s.from.Label()
	}
	return s.from.Label() + " 至 " + s.to.Label()
}

// CourtData is the liaison's desk.
type CourtData struct {
	Form    ui.Form
	Waiting []docket.AgendaRow
	Coming  []docket.AgendaRow
	Slots   []calendar.Exception
	Rooms   map[int64]string
	Busy    map[string]int // slot key → sessions inside
}

// Turns are the two usual half days and the evening, for a form of weekly hours.
var Turns = []struct {
	Name     string
	From, To int
}{{"上午", 540, 720}, {"下午", 840, 1080}, {"晚上", 1140, 1260}}

// TurnValue spells a weekday's half day for a form.
func TurnValue(weekday, turn int) string { return strconv.Itoa(weekday) + "." + strconv.Itoa(turn) }

// has tells whether the rules open a half day.
func has(rules []calendar.Rule, weekday, turn int) bool {
	for _, r := range rules {
		if r.Weekday == weekday && r.FromMin <= Turns[turn].From && r.ToMin >= Turns[turn].To {
			return true
		}
	}
	return false
}

// odd lists hours that are no plain half days; the form keeps them.
func odd(rules []calendar.Rule) []calendar.Rule {
	var out []calendar.Rule
	for _, r := range rules {
		plain := false
		for _, t := range Turns {
			plain = plain || r.FromMin == t.From && r.ToMin == t.To
		}
		if !plain {
			out = append(out, r)
		}
	}
	return out
}

func minute(m int) string { return time.Date(0, 1, 1, 0, m, 0, 0, time.UTC).Format("15:04") }

func statusTone(status string) ui.Tone {
	if status == "pending" {
		return ui.Wait
	}
	return ui.Act
}

func statusWord(status string) string {
	return map[string]string{"pending": "待确认", "confirmed": "已确定", "done": "已结束"}[status]
}

func when(e calendar.Exception) string {
	if e.ToAt.Sub(e.FromAt.Time) >= 24*time.Hour {
		return ui.Day(e.FromAt.Time) + " 至 " + ui.Day(e.ToAt.Add(-time.Second))
	}
	return ui.Span(e.FromAt.Time, e.ToAt.Time)
}

func caseHref(r docket.AgendaRow) string { return link.Case(r.CaseKey) }

func weekdayOptions() []ui.Option {
	out := []ui.Option{{Label: "不加"}}
	for d := 1; d <= 7; d++ {
		out = append(out, ui.Option{Value: strconv.Itoa(d), Label: calendar.WeekdayLabel(d)})
	}
	return out
}

func purposes() []ui.Option {
	var out []ui.Option
	for _, p := range calendar.Purposes {
		out = append(out, ui.Option{Value: p.Code, Label: p.Label})
	}
	return out
}
