// Package cases holds the staff's pages of cases: the desk, the list, the file.
package cases

import (
	"slices"
	"strconv"
	"time"

	"tiaojie/app/accord"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/papers"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// Names gives the words for ids and codes that rows carry.
type Names struct {
	Types       map[string]string
	Communities map[int64]string
	Mediators   map[int64]string
	Rooms       map[int64]string
}

// DeskData is everybody's own work of today.
type DeskData struct {
	Queues []docket.Queue
	Agenda []docket.AgendaRow
	Due    []accord.DueRow // obligations and visits of today and before
	Names  Names
	Today  string
	Now    time.Time
}

// more is the address of a queue's next page, "" at the end.
func more(q docket.Queue) string {
	if q.Next == "" {
		return ""
	}
	return link.With(link.Desk(), "queue", q.Name, "after", q.Next)
}

// ListData is the case list.
type ListData struct {
	Listing docket.Listing
	Names   Names
	Form    ui.Form // the filters of the address
	Filter  docket.Filter
	Next    string
	First   string // back to the first page, "" when on it
	Now     time.Time
	Export  string
	Saved   []ui.Tab
	Types   []ui.Option
	Places  []ui.Option
}

// FileData is one case.
type FileData struct {
	File                                            docket.File
	Names                                           Names
	Parties                                         []Party
	Words                                           []docket.Statement
	Choices                                         []docket.Choice
	Conflicts                                       []docket.Conflict
	Agents                                          []docket.Agent
	Records                                         []papers.Record
	Agreements                                      []accord.Brief
	Photos                                          []Photo
	Form                                            ui.Form
	Now                                             time.Time
	Rooms                                           []ui.Option
	Mediators                                       []ui.Option
	Committees                                      []ui.Option
	Slots                                           []ui.SlotDay
	SlotWhy                                         string
	Busy                                            []docket.Busy // when parties have to be elsewhere
	InviteCode, InviteAddress, InviteText, InviteQR string        // shown once after inviting
	Liaisons                                        []ui.Option
	SessionRooms                                    []ui.Option // with any and none
	Slot                                            ui.Form     // the choices of the slot search, from the address
	Revealed                                        map[string]docket.PartyFacts
	Opened                                          string // the act whose form is open
}

// Party is a party as the file shows it: masked.
type Party struct {
	View           docket.PartyView
	Phone, Address string // masked
}

// Photo is a file of the case.
type Photo struct{ Key, Name string }

// may tells whether the reader is offered the verb.
func (d FileData) may(v docket.Verb) bool {
	for _, o := range d.File.Offers {
		if o == v {
			return true
		}
	}
	return false
}

// live is the date that stands, nil for none.
func (d FileData) live() *docket.Session {
	for i := range d.File.Sessions {
		if d.File.Sessions[i].Live() {
			return &d.File.Sessions[i]
		}
	}
	return nil
}

// agrees tells whether the case has come so far that agreements are made, and the reader may read them.
func (d FileData) agrees() bool {
	s := d.File.Case.State
	return accord.Reads(d.File.Hands) && (len(d.Agreements) > 0 || s == docket.Mediating || s == docket.Agreed)
}

// readsPapers tells whether the reader may open the case's papers: a room's lead only plans dates.
func (d FileData) readsPapers() bool {
	return slices.ContainsFunc(d.File.Hands, func(h docket.Hand) bool { return h != docket.HandLead })
}

func (d FileData) do(verb string) string { return link.CaseDo(d.File.Case.Key, verb) }

// where is the community of a case and who mediates it.
func (n Names) where(r docket.Row) string {
	place, mediator := n.Communities[r.CommunityID], n.Mediators[r.MediatorID]
	if mediator == "" {
		return place
	}
	return place + "　调解员 " + mediator
}

// due says how much time a case has, and how loud to say it.
func due(day string, provisional bool, now time.Time) (string, ui.Tone) {
	d, err := calendar.ParseDay(day)
	if err != nil {
		return "", ui.None
	}
	words, tone := left(d, now)
	if provisional {
		words += "（暂算）"
	}
	return words, tone
}

// left counts the days to d on the street's calendar.
func left(d calendar.Day, now time.Time) (string, ui.Tone) {
	switch n := int(d - calendar.DayOf(now)); {
	case n < 0:
		return "逾期 " + strconv.Itoa(-n) + " 天", ui.Overdue
	case n == 0:
		return "今天到期", ui.Wait
	case n <= 3:
		return "还有 " + strconv.Itoa(n) + " 天", ui.Wait
	}
	return ui.Day(d.At(0)), ui.None
}

// holding says who has the case, and how long still when that is soon.
func holding(h docket.Holder, until time.Time, now time.Time) (string, ui.Tone) {
	switch {
	case h == docket.HeldByNobody:
		return "已办结", ui.None
	case until.IsZero():
		return h.Label(), ui.Act
	case until.Before(now):
		return h.Label() + "，超时", ui.Overdue
	}
	words, tone := left(calendar.DayOf(until), now)
	if tone == ui.None {
		return h.Label(), ui.Act
	}
	return h.Label() + "，" + words, tone
}

func stateTone(s docket.State) ui.Tone {
	switch s {
	case docket.Agreed:
		return ui.Finished
	case docket.Ended, docket.Refused, docket.Withdrawn:
		return ui.None
	case docket.Suspended:
		return ui.Wait
	}
	return ui.Act
}

func riskTone(r string) ui.Tone {
	switch r {
	case "red":
		return ui.Overdue
	case "orange", "yellow":
		return ui.Wait
	}
	return ui.None
}

func stateOptions() []ui.Option {
	out := []ui.Option{{Value: "", Label: "全部状态"}, {Value: "open", Label: "办理中"}}
	for _, s := range docket.States {
		out = append(out, ui.Option{Value: string(s), Label: s.Label()})
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

func pick(words []docket.Word) []ui.Option {
	return append([]ui.Option{{Value: "", Label: "请选择"}}, optionsOf(words)...)
}

func num(v int64) string { return strconv.FormatInt(v, 10) }

func sessionTone(s docket.Session) ui.Tone {
	switch s.State {
	case "fixed", "begun":
		return ui.Act
	case "asked":
		return ui.Wait
	case "done":
		return ui.Finished
	}
	return ui.None
}

// NewData is the window's form.
type NewData struct {
	Form                          ui.Form
	Types, Communities, Mediators []ui.Option
}
