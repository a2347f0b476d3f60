package web

import (
	"strconv"
	"strings"
	"time"

	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/db"
	"tiaojie/views/ui"
)

// parseSlot reads what slotValue spelled.
func parseSlot(text string) (start, end time.Time, err error) {
	a, b, ok := strings.Cut(text, "-")
	from, err1 := strconv.ParseInt(a, 10, 64)
	to, err2 := strconv.ParseInt(b, 10, 64)
	if !ok || err1 != nil || err2 != nil || to <= from {
		return start, end, fault.At("slot", "请选择一个时间")
	}
	return time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC(), nil
}

// slotDays groups times by local day for choosing.
func slotDays(spans []calendar.Span, most int) []ui.SlotDay {
	var out []ui.SlotDay
	for i, s := range spans {
		if i == most {
			break
		}
		day := calendar.DayOf(s.Start)
		label := day.Label()
		date, week, _ := strings.Cut(label, " ")
		if n := len(out); n == 0 || out[n-1].Date != date {
			out = append(out, ui.SlotDay{Date: date, Week: week})
		}
		last := &out[len(out)-1]
		last.Slots = append(last.Slots, ui.Slot{Value: slotValue(s.Start, s.End), Label: ui.Clock(s.Start) + "–" + ui.Clock(s.End)})
	}
	return out
}

// dayOf reads a local date of a form; the zero time when it is empty or no date.
func dayOf(text string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, text, db.Shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}
