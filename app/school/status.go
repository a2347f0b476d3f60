package school

import (
	"fmt"
	"slices"
	"time"
)

// State is what stands in a cell of the matrix. It is never stored: it follows from the
// requirement, what was done, who was excused, and the day.
type State string

const (
	NotAsked   State = "none"    // 未指派
	NotBegun   State = "new"     // 未开始
	InProgress State = "started" // 进行中: some of the hours
	DueSoon    State = "soon"    // 即将到期
	Late       State = "late"    // 逾期
	Valid      State = "valid"   // 有效
	Excused    State = "excused" // 免修
)

// States lists the states, what is most urgent first.
var States = []State{Late, DueSoon, InProgress, NotBegun, Valid, Excused, NotAsked}

var stateLabels = map[State]string{NotAsked: "未指派", NotBegun: "未开始", InProgress: "进行中", DueSoon: "即将到期", Late: "逾期", Valid: "有效", Excused: "免修"}

// Label gives the state in words.
func (s State) Label() string { return stateLabels[s] }

// Cycle is how often a requirement comes back.
type Cycle string

const (
	Once     Cycle = "once"     // 一次有效
	Rolling  Cycle = "rolling"  // 完成后每隔几个月
	Calendar Cycle = "calendar" // 每年的固定时段
)

// Terms are what of a requirement decides the state.
type Terms struct {
	Cycle        Cycle  `db:"cycle" json:"cycle"`
	Months       int    `db:"months" json:"months"`           // Rolling
	CalFrom      string `db:"cal_from" json:"cal_from"`       // Calendar: "01-01"
	CalTo        string `db:"cal_to" json:"cal_to"`           // before CalFrom when the window crosses the year
	WindowDays   int    `db:"window_days" json:"window_days"` // how long before the end it is due soon, and may be renewed without losing days
	GraceDays    int    `db:"grace_days" json:"grace_days"`
	FirstDueDays int    `db:"first_due_days" json:"first_due_days"`
	MinMinutes   int    `db:"min_minutes" json:"min_minutes"` // 0: one completion is enough
	ActiveFrom   string `db:"active_from" json:"active_from"`
	ActiveTo     string `db:"active_to" json:"active_to"` // "" for no end; the day itself still counts
}

// Done is a completion that counts.
type Done struct {
	On      string
	Minutes int
}

// Person is what decides the state on a person's side.
type Person struct {
	Asked       bool   // the rule or the trainer asks it, and the person is on the roster
	Since       string // since when: the day of joining, of a move, of the assignment
	Excused     bool
	ExcusedTill string // the last day; "" for no end
	Done        []Done // by day
}

// Cell is a state with the days that explain it.
type Cell struct {
	State   State
	DueOn   string // the day until which the present cycle is to be done; "" for none
	DoneOn  string // when the last complete cycle was completed
	Minutes int    // done towards the present cycle
	Missed  int    // Calendar: windows before the present one in which it was not done
}

// Status gives the state on a day. Days are "2006-01-02".
func Status(t Terms, p Person, today string) Cell {
	switch {
	case !p.Asked || today < t.ActiveFrom || t.ActiveTo != "" && today > t.ActiveTo:
		return Cell{State: NotAsked, DoneOn: lastDone(p.Done, today)}
	case p.Excused && (p.ExcusedTill == "" || today <= p.ExcusedTill):
		return Cell{State: Excused, DueOn: p.ExcusedTill, DoneOn: lastDone(p.Done, today)}
	}
	base := max(p.Since, t.ActiveFrom)
	if p.Excused { // it has ended: time counts from the next day
		base = max(base, AddDays(p.ExcusedTill, 1))
	}
	done := slices.DeleteFunc(slices.Clone(p.Done), func(d Done) bool { return d.On > today })
	slices.SortStableFunc(done, func(a, b Done) int { return compare(a.On, b.On) })
	if t.Cycle == Calendar {
		return t.calendar(base, done, today)
	}
	return t.chain(base, done, today)
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func lastDone(done []Done, today string) (last string) {
	for _, d := range done {
		if d.On <= today {
			last = max(last, d.On)
		}
	}
	return last
}

// chain walks through the completions of a requirement that is due once, or again some
// months after it was done.
func (t Terms) chain(base string, done []Done, today string) Cell {
	c := Cell{DueOn: AddDays(base, t.FirstDueDays)}
	anchor, n, minutes := "", 0, 0 // the due day is n·Months after the anchor
	for _, d := range done {
		minutes += d.Minutes
		if minutes < t.MinMinutes {
			continue
		}
		// What was done in the window keeps the anniversary, so that nobody loses days by being early.
		kept := anchor != "" && d.On <= c.DueOn && d.On >= AddDays(c.DueOn, -t.WindowDays)
		c.DoneOn, minutes = d.On, 0
		if t.Cycle == Once {
			return Cell{State: Valid, DoneOn: d.On}
		}
		if kept {
			n++
		} else {
			anchor, n = d.On, 1
		}
		c.DueOn = AddMonths(anchor, n*t.Months)
	}
	c.Minutes = minutes
	c.State = t.open(c, today)
	if c.DoneOn != "" && (c.State == NotBegun || c.State == InProgress) {
		c.State = Valid
	}
	return c
}

// open is the state of what is not done, by the days left.
func (t Terms) open(c Cell, today string) State {
	switch {
	case today > AddDays(c.DueOn, t.GraceDays):
		return Late
	case today >= AddDays(c.DueOn, -t.WindowDays):
		return DueSoon
	case c.Minutes > 0:
		return InProgress
	}
	return NotBegun
}

// Window is one yearly time in which a requirement is to be done.
type Window struct{ From, To string }

// WindowOf gives the window that begins in a year.
func (t Terms) WindowOf(year int) Window {
	end := year
	if t.CalTo < t.CalFrom {
		end++
	}
	return Window{monthDay(year, t.CalFrom), monthDay(end, t.CalTo)}
}

// monthDay makes a day of a year; 02-29 is the last of February in other years.
func monthDay(year int, md string) string {
	var m, d int
	if _, err := fmt.Sscanf(md, "%d-%d", &m, &d); err != nil {
		return ""
	}
	return clamped(year, time.Month(m), d)
}

// calendar asks in each window anew: what was done in the one before doesn't count. After
// its end a window can still be made up for until the next begins.
func (t Terms) calendar(base string, done []Done, today string) Cell {
	first := yearOf(base) - 1
	for t.WindowOf(first).To < AddDays(base, t.FirstDueDays) {
		first++
	}
	var c Cell
	for year := first; ; year++ {
		w, next := t.WindowOf(year), t.WindowOf(year+1).From
		was := c
		c = Cell{DueOn: w.To, DoneOn: was.DoneOn, Missed: was.Missed}
		if year > first && was.State != Valid {
			c.Missed++
		}
		minutes, complete := 0, false
		for _, d := range done {
			if d.On < w.From || d.On >= next {
				continue
			}
			minutes += d.Minutes
			if !complete && minutes >= t.MinMinutes {
				complete, c.DoneOn = true, d.On
			}
		}
		switch {
		case complete:
			c.State, c.DueOn = Valid, t.WindowOf(year+1).To
		default:
			c.Minutes = minutes
			c.State = t.open(c, today)
		}
		if today < next {
			return c
		}
	}
}

// AddDays moves a day; "" stays "".
func AddDays(day string, n int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil || n == 0 {
		return day
	}
	return at.AddDate(0, 0, n).Format(time.DateOnly)
}

// AddMonths moves a day by months and stays within the month: 31 January and one month
// is the last of February.
func AddMonths(day string, n int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return clamped(at.Year(), at.Month()+time.Month(n), at.Day())
}

func clamped(year int, m time.Month, day int) string {
	first := time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day, last)-1).Format(time.DateOnly)
}

func yearOf(day string) int {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 2000
	}
	return at.Year()
}
