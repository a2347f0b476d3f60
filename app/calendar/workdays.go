package calendar

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tiaojie/content/workdays"
)

// DayChange is a day that differs from Monday–Friday: 休, a day of a public
// holiday, or 班, a weekend day moved to work (调休上班).
type DayChange struct {
	Day       Day
	Work      bool   // true for 班
	Name      string // the feast, 国庆节
	AsWeekday int    // 班 only: whose weekly hours count; 0 takes Friday's for a Saturday, Monday's for a Sunday
}

// Notice is one year's arrangement of days off as the State Council announced it
// (节假日安排的通知). A year's notice may also set days of the December before.
type Notice struct {
	Year   int
	Source string
	Days   []DayChange
}

// Workdays answers whether a day is a working day. It is immutable. A year
// without a notice is provisional (暂算): weekends and the fixed days of New
// Year, Labour Day and National Day, because lunar feasts can't be computed.
type Workdays struct {
	changes map[Day]DayChange
	sources map[int]string
}

// NewWorkdays builds the table; where two notices set one day the later year's
// wins. A notice without days is not announced yet (未公布) and counts as absent.
func NewWorkdays(notices ...Notice) *Workdays {
	w := &Workdays{changes: map[Day]DayChange{}, sources: map[int]string{}}
	ordered := slices.SortedStableFunc(slices.Values(notices), func(a, b Notice) int { return a.Year - b.Year })
	for _, n := range ordered {
		if len(n.Days) == 0 {
			continue
		}
		w.sources[n.Year] = n.Source
		for _, c := range n.Days {
			w.changes[c.Day] = c
		}
	}
	return w
}

// BuiltinNotices gives the notices that the binary carries, oldest first.
var BuiltinNotices = sync.OnceValue(func() []Notice {
	var all []Notice
	entries, err := workdays.Files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		text, err := workdays.Files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		year := MustDay(strings.TrimSuffix(e.Name(), ".csv") + "-01-01").Year()
		n, err := ParseNotice(year, "", string(text))
		if err != nil {
			panic(e.Name() + ": " + err.Error()) // embedded files are tested
		}
		all = append(all, n)
	}
	return all
})

// Builtin is the table of the notices that the binary carries.
var Builtin = sync.OnceValue(func() *Workdays { return NewWorkdays(BuiltinNotices()...) })

// Known tells whether the year's notice is in the table.
func (w *Workdays) Known(year int) bool { _, ok := w.sources[year]; return ok }

// Source names the notice of a year, empty when there is none.
func (w *Workdays) Source(year int) string { return w.sources[year] }

// Years lists the years with a notice, oldest first.
func (w *Workdays) Years() []int { return slices.Sorted(maps.Keys(w.sources)) }

// Change gives the day's entry in the table, if it differs from Monday–Friday.
func (w *Workdays) Change(d Day) (DayChange, bool) { c, ok := w.changes[d]; return c, ok }

// IsHoliday tells whether the day belongs to a public holiday (法定节假日,
// adjacent moved days included). An ordinary weekend is no holiday.
func (w *Workdays) IsHoliday(d Day) bool {
	if c, ok := w.changes[d]; ok {
		return !c.Work
	}
	return !w.Known(d.Year()) && fixedFeast(d)
}

// IsWorking tells whether the day is a working day: Monday–Friday outside
// holidays, and weekend days moved to work.
func (w *Workdays) IsWorking(d Day) bool {
	if c, ok := w.changes[d]; ok {
		return c.Work
	}
	return d.Weekday() <= 5 && !w.IsHoliday(d)
}

// fixedFeast tells the feasts with a date in the solar calendar: 元旦 1 day, 劳动节
// 2, 国庆节 3 (全国年节及纪念日放假办法第二条, 2024).
func fixedFeast(d Day) bool {
	_, m, dd := d.Date()
	return m == time.January && dd == 1 || m == time.May && dd <= 2 || m == time.October && dd <= 3
}

// hoursOf gives the weekday whose weekly hours an adjusted working day takes.
func (c DayChange) hoursOf() int {
	switch {
	case c.AsWeekday != 0:
		return c.AsWeekday
	case c.Day.Weekday() == 6:
		return 5
	case c.Day.Weekday() == 7:
		return 1
	}
	return c.Day.Weekday()
}
