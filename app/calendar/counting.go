package calendar

// Due is the result of counting a period: its last day, and how it came about.
type Due struct {
	Day         Day  // the last day; the period ends at its 24:00
	Nominal     Day  // before the last day moved past a holiday; equal to Day when it didn't
	Provisional bool // 暂算: counted in a year whose notice isn't entered yet; recompute when it is
}

// Note explains the day to a reader: the move past a holiday, the provisional count.
func (d Due) Note() string {
	switch {
	case d.Provisional:
		return "暂算，次年放假安排未录入"
	case d.Day != d.Nominal:
		return "末日" + d.Nominal.Label() + "逢休息日，顺延至" + d.Day.Label()
	}
	return ""
}

// AddNatural counts n calendar days (n ≥ 0). The start day is not counted; a last
// day on a day of rest moves to the next working day; a weekend day moved to work
// stays (民法典第二百零一条、第二百零三条, 民诉法第八十五条).
func (w *Workdays) AddNatural(start Day, n int) Due { return w.roll(start + Day(n)) }

// AddMonths counts n calendar months to the day of the same number, or to the
// month's last day (民法典第二百零二条), then moves past days of rest.
func (w *Workdays) AddMonths(start Day, n int) Due { return w.roll(start.AddMonths(n)) }

// AddYears counts n calendar years, as AddMonths does.
func (w *Workdays) AddYears(start Day, n int) Due { return w.roll(start.AddYears(n)) }

// AddWorking counts n working days (n ≥ 0) after the start day, which is not
// counted. With n = 0 it is the start day itself.
func (w *Workdays) AddWorking(start Day, n int) Due {
	d, sure := start, true
	for n > 0 {
		d++
		sure = sure && w.Known(d.Year())
		if w.IsWorking(d) {
			n--
		}
	}
	return Due{Day: d, Nominal: d, Provisional: !sure}
}

// WorkingBetween counts the working days after from, up to and including to.
func (w *Workdays) WorkingBetween(from, to Day) int {
	n := 0
	for d := from + 1; d <= to; d++ {
		if w.IsWorking(d) {
			n++
		}
	}
	return n
}

func (w *Workdays) roll(nominal Day) Due {
	d, sure := nominal, w.Known(nominal.Year())
	for !w.IsWorking(d) {
		d++
		sure = sure && w.Known(d.Year())
	}
	return Due{Day: d, Nominal: nominal, Provisional: !sure}
}
