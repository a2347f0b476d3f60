package ui

import (
	"strconv"
	"strings"
	"time"
)

// shanghai is fixed: China has kept one time without summer time since 1991, and
// a fixed zone needs no zone file on the machine.
var shanghai = time.FixedZone("CST", 8*3600)

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// Day writes 11月24日（周二）, in Shanghai time.
func Day(t time.Time) string {
	l := t.In(shanghai)
	return l.Format("1月2日") + "（" + weekdays[l.Weekday()] + "）"
}

// LongDay writes 2026年11月24日.
func LongDay(t time.Time) string { return t.In(shanghai).Format("2006年1月2日") }

// Clock writes 14:30.
func Clock(t time.Time) string { return t.In(shanghai).Format("15:04") }

// DayTime writes 11月24日（周二）14:30.
func DayTime(t time.Time) string { return Day(t) + Clock(t) }

// Span writes 11月24日（周二）14:30–16:00; a span over midnight names both days.
func Span(from, to time.Time) string {
	if Day(from) == Day(to) {
		return DayTime(from) + "–" + Clock(to)
	}
	return DayTime(from) + " 至 " + DayTime(to)
}

// ISO writes the moment for a datetime attribute.
func ISO(t time.Time) string { return t.In(shanghai).Format(time.RFC3339) }

// Yuan writes an amount of fen as 1,200.00 元.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "−", -fen
	}
	cents := strconv.FormatInt(100+fen%100, 10)[1:]
	return sign + Count(fen/100) + "." + cents + " 元"
}

// Count writes a whole number with its thousands grouped: 1,000,000.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return sign + out.String()
}

// Monogram is the character that stands for a person without a photograph: the
// surname's first character, 调 for nobody.
func Monogram(name string) string {
	for _, r := range strings.TrimSpace(name) {
		return string(r)
	}
	return "调"
}
