// Package market holds the pages of the 调解超市 and of the mediation rooms that
// residents see.
package market

import (
	"strconv"
	"strings"
	"time"

	"tiaojie/app/calendar"
	"tiaojie/app/files"
	"tiaojie/app/market"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// ListData is the marketplace.
type ListData struct {
	Form                                 ui.Form
	Cards                                []market.Card
	Found                                int    // how many fit; Cards may be the first of them
	More                                 string // the address that shows more, "" for all shown
	Next                                 int    // how many it shows more
	Types, Communities, Kinds, Languages []ui.Option
	TypeNames                            map[string]string
	Order                                []ui.Tab
}

// ProfileData is one mediator.
type ProfileData struct {
	Profile     market.Profile
	TypeNames   map[string]string
	Communities []string
	Slots       []ui.SlotDay
}

// RoomsData lists the rooms.
type RoomsData struct {
	Form               ui.Form
	Rooms              []RoomCard
	Types, Communities []ui.Option
	Kinds              []ui.Option
}

// RoomCard is a room in the list.
type RoomCard struct {
	Room  rooms.Room
	Types []string // names
	Hours string
	Free  time.Time
}

// RoomData is one room's page.
type RoomData struct {
	Room   rooms.Room
	Types  []string
	Hours  []string
	Duties []rooms.Duty
	Photos []files.File
	Slots  []ui.SlotDay
}

// card is the i-th card of the list; what shows more leads to the first new one.
func card(c market.Card, i int, names map[string]string) ui.PersonCard {
	p := ui.PersonCard{Name: c.Name, Href: link.Mediator(c.Key), Kind: c.RepName, TestID: "mediator-card", ID: "card-" + strconv.Itoa(i+1)}
	if c.Published() {
		p.Says = excerpt(c.Story, 42)
		if c.PhotoKey != "" {
			p.Photo = link.MediatorPhoto(c.Key)
		}
	}
	for _, t := range c.Types {
		p.Tags = append(p.Tags, names[t])
	}
	for _, l := range c.Languages {
		if l != "普通话" {
			p.Tags = append(p.Tags, "会"+l)
		}
	}
	p.Full = c.Full
	if !c.NextFree.IsZero() {
		p.Free = ui.DayTime(c.NextFree)
	}
	return p
}

func next(t time.Time) string {
	if t.IsZero() {
		return "近三周已排满"
	}
	return "最近有空 " + ui.DayTime(t)
}

func excerpt(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return string(r[:n]) + "…"
}

func typeNames(codes []string, names map[string]string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = names[c]
	}
	return out
}

func employment(m people.Mediator) string {
	words := []string{people.EmploymentLabel(m.Employment)}
	if m.Grade != "" && m.Published() { // the grade is shown as story and photo are, by the mediator's consent
		words = append(words, people.GradeLabel(m.Grade)+"人民调解员")
	}
	if m.CourtInvited {
		words = append(words, "法院特邀调解员")
	}
	return strings.Join(words, " · ")
}

// Hours writes weekly rules as lines: 周一至周五 9:00–12:00.
func Hours(rules []calendar.Rule) []string {
	type span struct{ from, to int }
	days := map[span][]int{}
	var order []span
	for _, r := range rules {
		s := span{r.FromMin, r.ToMin}
		if len(days[s]) == 0 {
			order = append(order, s)
		}
		days[s] = append(days[s], r.Weekday)
	}
	var out []string
	for _, s := range order {
		out = append(out, runs(days[s])+" "+Minute(s.from)+"–"+Minute(s.to))
	}
	return out
}

// runs joins neighbouring weekdays: 周一至周五, 周日.
func runs(days []int) string {
	var parts []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1] == days[j]+1 {
			j++
		}
		if j > i+1 {
			parts = append(parts, calendar.WeekdayLabel(days[i])+"至"+calendar.WeekdayLabel(days[j]))
		} else {
			for k := i; k <= j; k++ {
				parts = append(parts, calendar.WeekdayLabel(days[k]))
			}
		}
		i = j + 1
	}
	return strings.Join(parts, "、")
}

// Minute writes a minute of the day: 9:00.
func Minute(m int) string {
	return time.Date(0, 1, 1, 0, m, 0, 0, time.UTC).Format("15:04")
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func photo(d ProfileData) string {
	if d.Profile.Published() && d.Profile.PhotoKey != "" {
		return link.MediatorPhoto(d.Profile.Key)
	}
	return ""
}

func kindTone(k rooms.Kind) ui.Tone {
	if k == rooms.Brand || k == rooms.Feature {
		return ui.Act
	}
	return ui.None
}

func seats(r rooms.Room) string { return ui.Count(int64(r.Seats)) + " 座" }

func about(d RoomData) []ui.Fact {
	r := d.Room
	out := []ui.Fact{{Name: "所属", Text: r.Committee}}
	if r.LeadName != "" {
		out = append(out, ui.Fact{Name: "领衔调解员", Text: r.LeadName})
	}
	if len(d.Types) > 0 {
		out = append(out, ui.Fact{Name: "擅长", Text: strings.Join(d.Types, "、")})
	}
	if r.NamingAuthority != "" {
		out = append(out, ui.Fact{Name: "命名", Text: r.NamingAuthority + " " + r.ApprovalNo + " " + r.ApprovedOn})
	}
	if r.PlaqueOn != "" {
		out = append(out, ui.Fact{Name: "挂牌", Text: r.PlaqueOn})
	}
	return out
}
