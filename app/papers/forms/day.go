package forms

import (
	"fmt"
	"strconv"
	"time"
)

// Day is a calendar day in Shenzhen, as ISO text ("2026-09-01"). The empty Day is unknown.
type Day string

// String gives the day as papers write it: 「2026年9月1日」, or "" when it is unknown.
func (d Day) String() string {
	y, m, n, ok := d.parts()
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", y, m, n)
}

func (d Day) parts() (year, month, day int, ok bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, 0, 0, false
	}
	return t.Year(), int(t.Month()), t.Day(), true
}

// age is how old somebody born on birth is on this day; -1 when either is unknown.
func (d Day) age(birth Day) int {
	y, m, n, ok := d.parts()
	by, bm, bn, ok2 := birth.parts()
	if !ok || !ok2 {
		return -1
	}
	age := y - by
	if m < bm || m == bm && n < bn {
		age--
	}
	return age
}

// shenzhen is UTC+8 all the year round.
var shenzhen = time.FixedZone("CST", 8*60*60)

// clock gives a moment as papers write it: 「2026年9月1日9时05分」.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(shenzhen)
	return fmt.Sprintf("%d年%d月%d日%d时%02d分", t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute())
}

// span gives a time from and to; the day is said once when both lie on it.
func span(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return clock(from)
	}
	f, t := from.In(shenzhen), to.In(shenzhen)
	if f.Format(time.DateOnly) == t.Format(time.DateOnly) {
		return clock(from) + "至" + fmt.Sprintf("%d时%02d分", t.Hour(), t.Minute())
	}
	return clock(from) + "至" + clock(to)
}

// count writes a number, and nothing for zero, which means unknown here.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
