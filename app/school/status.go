package school

import (
	"slices"
	"strconv"
	"strings"
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
	done := upTo(p.Done, today)
	if t.Cycle == Calendar {
		return t.calendar(base, done, today)
	}
	return t.chain(base, done, today)
}

// upTo gives what was done until a day, in order.
func upTo(done []Done, today string) []Done {
	byDay := func(a, b Done) int { return strings.Compare(a.On, b.On) }
	if !slices.IsSortedFunc(done, byDay) {
		done = slices.Clone(done)
		slices.SortStableFunc(done, byDay)
	}
	n, _ := slices.BinarySearchFunc(done, today, func(d Done, day string) int {
		if d.On <= day {
			return -1
		}
		return 1
	})
	return done[:n]
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
	if md == "02-29" && (year%4 != 0 || year%100 == 0 && year%400 != 0) {
		md = "02-28"
	}
	return strconv.Itoa(year) + "-" + md
}

// calendar asks in each window anew: what was done in the one before doesn't count. After
// its end a window can still be made up for until the next begins.
func (t Terms) calendar(base string, done []Done, today string) Cell {
	first := yearOf(base) - 1
	for soonest := AddDays(base, t.FirstDueDays); t.WindowOf(first).To < soonest; {
		first++
	}
	var c Cell
	w := t.WindowOf(first)
	for year := first; ; year++ {
		next := t.WindowOf(year + 1)
		was := c
		c = Cell{DueOn: w.To, DoneOn: was.DoneOn, Missed: was.Missed}
		if year > first && was.State != Valid {
			c.Missed++
		}
		for len(done) > 0 && done[0].On < w.From {
			done = done[1:]
		}
		for ; len(done) > 0 && done[0].On < next.From; done = done[1:] {
			c.Minutes += done[0].Minutes
			if c.State != Valid && c.Minutes >= t.MinMinutes {
				c.State, c.DueOn, c.DoneOn = Valid, next.To, done[0].On
			}
		}
		if c.State == Valid {
			c.Minutes = 0
		}
		if today < next.From {
			if c.State != Valid {
				c.State = t.open(c, today)
			}
			return c
		}
		w = next
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
