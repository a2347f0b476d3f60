package calendar

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the binary knows Asia/Shanghai on a machine without zone files
)

// Zone is the street's local time, Asia/Shanghai: one offset since 1991, summer
// time from 1986 to 1991.
var Zone = func() *time.Location {
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // time/tzdata is linked in, so this can't happen
	}
	return z
}()

// Day is a date on the wall calendar of the street, without a time. It is stored
// as TEXT YYYY-MM-DD; the zero Day is no day at all and is stored as NULL.
type Day int32

// day 1 is 0001-01-01, a Monday, so that weekday arithmetic needs no offset
const unixDay = 719163

// NewDay makes a Day; like time.Date it normalises what lies outside a month.
func NewDay(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86400 + unixDay)
}

// DayOf gives the local date of an instant.
func DayOf(t time.Time) Day {
	y, m, d := t.In(Zone).Date()
	return NewDay(y, m, d)
}

// ParseDay reads YYYY-MM-DD and nothing else; the message is for the person who typed it.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("日期应写成 2026-10-01 的样子：%q", s)
	}
	return NewDay(t.Date()), nil
}

// MustDay is ParseDay for constants; it panics on a bad date.
func MustDay(s string) Day {
	d, err := ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (d Day) utc() time.Time { return time.Unix(int64(d-unixDay)*86400, 0).UTC() }

// Date gives year, month and day of the month.
func (d Day) Date() (int, time.Month, int) { return d.utc().Date() }

// Year gives the calendar year.
func (d Day) Year() int { return d.utc().Year() }

// Weekday gives 1 for Monday to 7 for Sunday (ISO 8601).
func (d Day) Weekday() int { return int(d-1)%7 + 1 }

// Monday gives the Monday of the day's week.
func (d Day) Monday() Day { return d - Day(d.Weekday()-1) }

// At gives the instant of a local minute of the day (0–1440; 1440 is the next midnight), in UTC.
func (d Day) At(minute int) time.Time {
	y, m, dd := d.Date()
	return time.Date(y, m, dd, 0, minute, 0, 0, Zone).UTC()
}

// AddMonths goes to the same day n months on, or to the month's last day when it
// has no such day (民法典第二百零二条).
func (d Day) AddMonths(n int) Day {
	y, m, dd := d.Date()
	last := NewDay(y, m+time.Month(n)+1, 0)
	return min(NewDay(y, m+time.Month(n), 1)+Day(dd-1), last)
}

// AddYears is AddMonths by twelves: 29 February becomes 28 February in a common year.
func (d Day) AddYears(n int) Day { return d.AddMonths(12 * n) }

// String gives YYYY-MM-DD, or nothing for the zero Day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

var weekdayLabels = [...]string{"", "周一", "周二", "周三", "周四", "周五", "周六", "周日"}

// WeekdayLabel names an ISO weekday (1–7) in Chinese.
func WeekdayLabel(weekday int) string { return weekdayLabels[weekday] }

// Label gives the day as people say it: 10月8日 周四.
func (d Day) Label() string {
	if d == 0 {
		return ""
	}
	_, m, dd := d.Date()
	return fmt.Sprintf("%d月%d日 %s", m, dd, weekdayLabels[d.Weekday()])
}

// MarshalText gives YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; empty is the zero Day.
func (d *Day) UnmarshalText(b []byte) (err error) {
	if *d = 0; len(b) > 0 {
		*d, err = ParseDay(string(b))
	}
	return err
}

// Value stores the day as TEXT, the zero Day as NULL.
func (d Day) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a TEXT or DATE column; NULL is the zero Day.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
		return nil
	case string:
		return d.UnmarshalText([]byte(strings.TrimSpace(v)))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time: // a driver may parse a column declared DATE
		*d = NewDay(v.Date())
		return nil
	}
	return fmt.Errorf("calendar: a day can't be read from %T", src)
}
