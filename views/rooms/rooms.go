// Package rooms holds the desk's pages of mediation rooms: running one, and its life.
package rooms

import (
	"slices"
	"strconv"

	"tiaojie/app/calendar"
	"tiaojie/app/files"
	"tiaojie/app/rooms"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// ListData lists the rooms.
type ListData struct {
	Rooms []rooms.Room
	Today string
}

// RoomData is a room from the inside.
type RoomData struct {
	Form      ui.Form
	Room      rooms.Room
	Types     []string
	Today     []calendar.Entry
	OnDuty    []rooms.Duty
	Free      []ui.SlotDay
	Duties    []Turn
	Events    []rooms.Event
	Moves     []rooms.Move
	Photos    []files.File
	Hours     []string
	MayEdit   bool
	MayAll    bool
	Mediators []ui.Option
	Leads     []ui.Option // accounts that could run the room
	LedBy     []string    // names of those that do
	Meanwhile []ui.Fact   // what somebody else stored of the leads
	Opened    string
}

// Turn is a line of the roster's form.
type Turn struct {
	rooms.Duty
	Kept bool
	Note string // what somebody else did meanwhile
}

// Turns are the lines of a roster as it stands.
func Turns(stored []rooms.Duty) []Turn {
	out := make([]Turn, len(stored))
	for i, d := range stored {
		out[i] = Turn{Duty: d, Kept: true}
	}
	return out
}

// TurnsAgain are the lines of a refused form: was are the turns that it began from, kept
// those still ticked, and named gives the name of a mediator. What somebody else added or
// deleted meanwhile stays as that person left it.
func TurnsAgain(stored, was, kept []rooms.Duty, named func(int64) string) []Turn {
	has := func(list []rooms.Duty, d rooms.Duty) bool {
		return slices.ContainsFunc(list, func(x rooms.Duty) bool { return DutyValue(x) == DutyValue(d) })
	}
	out := Turns(stored)
	for i, d := range stored {
		if has(was, d) {
			out[i].Kept = has(kept, d)
		} else {
			out[i].Note = "别人刚刚加的"
		}
	}
	for _, d := range kept {
		if !has(stored, d) {
			d.MediatorName = named(d.MediatorID)
			out = append(out, Turn{Duty: d, Note: "别人刚刚删除的，要保留请勾选"})
		}
	}
	return out
}

// EditData is the form of a room's particulars.
type EditData struct {
	Form                                      ui.Form
	Room                                      rooms.Room // zero for a new one
	Types, Committees, Communities, Mediators []ui.Option
	MayAll                                    bool
	Stored                                    *ui.Form // what somebody else saved meanwhile
}

// meanwhile tells what is stored and is not what the form holds.
func (d EditData) meanwhile() []ui.Fact {
	if d.Stored == nil {
		return nil
	}
	fields := []ui.Kept{{Name: "directions", Label: "怎么来"}, {Name: "phone", Label: "公开电话"}, {Name: "seats", Label: "座位"},
		{Name: "facilities", Label: "设施"}, {Name: "story", Label: "品牌故事"}}
	if d.MayAll {
		fields = append([]ui.Kept{{Name: "kind", Label: "类别", Options: kinds()}, {Name: "full_name", Label: "全称"}, {Name: "short_name", Label: "简称"},
			{Name: "committee", Label: "所属调委会", Options: d.Committees}, {Name: "community", Label: "社区", Options: d.Communities},
			{Name: "lead", Label: "领衔调解员", Options: d.Mediators}, {Name: "types", Label: "擅长的纠纷", Options: d.Types},
			{Name: "address", Label: "地址"}}, fields...)
	}
	return d.Form.Elsewise(*d.Stored, fields)
}

func (d RoomData) at(part string) string { return link.DeskRoom(d.Room.Key) + "/" + part }

func stateTone(s rooms.State) ui.Tone {
	switch s {
	case rooms.Open:
		return ui.Finished
	case rooms.Rectifying:
		return ui.Overdue
	case rooms.Withdrawn:
		return ui.None
	}
	return ui.Wait
}

func version(r rooms.Room) string { return strconv.FormatInt(r.Version, 10) }

func needs(m rooms.Move, field string) bool {
	for _, n := range m.Needs {
		if n == field {
			return true
		}
	}
	return false
}

func kinds() []ui.Option {
	out := []ui.Option{}
	for _, k := range rooms.Kinds {
		out = append(out, ui.Option{Value: string(k), Label: k.Label()})
	}
	return out
}

func weekdays() []ui.Option {
	out := []ui.Option{{Label: "不排"}}
	for i, w := range rooms.WeekdayLabels {
		out = append(out, ui.Option{Value: strconv.Itoa(i + 1), Label: w})
	}
	return out
}

// DutyValue spells a duty turn for the form that keeps it.
func DutyValue(d rooms.Duty) string {
	return strconv.FormatInt(d.MediatorID, 10) + "." + strconv.Itoa(d.Weekday) + "." + strconv.Itoa(d.FromMin) + "." + strconv.Itoa(d.ToMin)
}

func events(list []rooms.Event) []ui.Event {
	var out []ui.Event
	for _, e := range list {
		out = append(out, ui.Event{Title: rooms.Verb(e.Verb).Label(), When: ui.DayTime(e.At.Time), Who: e.By, Note: e.Note, State: ui.Done})
	}
	return out
}
