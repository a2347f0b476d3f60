package school_test

import (
	"testing"

	"tiaojie/app/school"
)

func did(days ...string) []school.Done {
	var out []school.Done
	for _, d := range days {
		out = append(out, school.Done{On: d, Minutes: 45})
	}
	return out
}

func TestStatus(t *testing.T) {
	t.Parallel()
	once := school.Terms{Cycle: school.Once, WindowDays: 10, FirstDueDays: 30, ActiveFrom: "2020-01-01"}
	monthly := school.Terms{Cycle: school.Rolling, Months: 1, WindowDays: 5, FirstDueDays: 30, ActiveFrom: "2020-01-01"}
	yearly := school.Terms{Cycle: school.Rolling, Months: 12, WindowDays: 30, GraceDays: 7, FirstDueDays: 30, ActiveFrom: "2020-01-01"}
	winter := school.Terms{Cycle: school.Calendar, CalFrom: "12-01", CalTo: "01-31", WindowDays: 10, ActiveFrom: "2020-01-01"}
	hours := school.Terms{Cycle: school.Calendar, CalFrom: "01-01", CalTo: "12-31", WindowDays: 60, MinMinutes: 90, ActiveFrom: "2020-01-01"}
	ended := once
	ended.ActiveTo = "2025-12-31"
	for name, c := range map[string]struct {
		terms school.Terms
		since string
		done  []school.Done
		mend  func(p *school.Person)
		today string
		state school.State
		due   string
	}{
		"once: new":                        {once, "2026-01-01", nil, nil, "2026-01-02", school.NotBegun, "2026-01-31"},
		"once: last day before the window": {once, "2026-01-01", nil, nil, "2026-01-20", school.NotBegun, "2026-01-31"},
		"once: window opens":               {once, "2026-01-01", nil, nil, "2026-01-21", school.DueSoon, "2026-01-31"},
		"once: on the due day":             {once, "2026-01-01", nil, nil, "2026-01-31", school.DueSoon, "2026-01-31"},
		"once: the day after":              {once, "2026-01-01", nil, nil, "2026-02-01", school.Late, "2026-01-31"},
		"once: done the day before":        {once, "2026-01-01", did("2026-01-30"), nil, "2026-02-01", school.Valid, ""},
		"once: done late":                  {once, "2026-01-01", did("2026-03-01"), nil, "2030-02-01", school.Valid, ""},
		"once: done before it was asked":   {once, "2026-01-01", did("2021-03-01"), nil, "2026-01-02", school.Valid, ""},
		"once: not yet done on that day":   {once, "2026-01-01", did("2026-03-01"), nil, "2026-02-01", school.Late, "2026-01-31"},
		"not asked":                        {once, "2026-01-01", did("2026-01-30"), func(p *school.Person) { p.Asked = false }, "2026-02-01", school.NotAsked, ""},
		"before it is in force":            {once, "2019-01-01", nil, nil, "2019-06-01", school.NotAsked, ""},
		"out of force":                     {ended, "2024-01-01", nil, nil, "2026-01-01", school.NotAsked, ""},
		"last day in force":                {ended, "2024-01-01", nil, nil, "2025-12-31", school.Late, "2024-01-31"},
		"in force counts from its day":     {once, "2001-01-01", nil, nil, "2020-01-05", school.NotBegun, "2020-01-31"},

		"31 January and a month":              {monthly, "2025-01-01", did("2025-01-31"), nil, "2025-02-01", school.Valid, "2025-02-28"},
		"31 January and a month, leap year":   {monthly, "2024-01-01", did("2024-01-31"), nil, "2024-02-01", school.Valid, "2024-02-29"},
		"the anniversary is not worn down":    {monthly, "2025-01-01", did("2025-01-31", "2025-02-27"), nil, "2025-03-01", school.Valid, "2025-03-31"},
		"29 February yearly":                  {yearly, "2024-01-01", did("2024-02-29"), nil, "2024-06-01", school.Valid, "2025-02-28"},
		"29 February comes back":              {yearly, "2024-01-01", did("2024-02-29", "2025-02-20", "2026-02-20", "2027-02-20"), nil, "2027-03-01", school.Valid, "2028-02-29"},
		"early in the window keeps the day":   {yearly, "2024-01-01", did("2024-05-10", "2025-04-20"), nil, "2025-05-01", school.Valid, "2026-05-10"},
		"on the due day keeps the day":        {yearly, "2024-01-01", did("2024-05-10", "2025-05-10"), nil, "2025-05-10", school.Valid, "2026-05-10"},
		"one day late begins anew":            {yearly, "2024-01-01", did("2024-05-10", "2025-05-11"), nil, "2025-05-11", school.Valid, "2026-05-11"},
		"before the window begins anew":       {yearly, "2024-01-01", did("2024-05-10", "2025-01-10"), nil, "2025-05-01", school.Valid, "2026-01-10"},
		"rolling: due soon again":             {yearly, "2024-01-01", did("2024-05-10"), nil, "2025-04-10", school.DueSoon, "2025-05-10"},
		"rolling: in grace":                   {yearly, "2024-01-01", did("2024-05-10"), nil, "2025-05-17", school.DueSoon, "2025-05-10"},
		"rolling: after grace":                {yearly, "2024-01-01", did("2024-05-10"), nil, "2025-05-18", school.Late, "2025-05-10"},
		"who came back after years is late":   {yearly, "2019-01-01", did("2021-05-10"), nil, "2025-05-18", school.Late, "2022-05-10"},
		"what was done before leaving counts": {yearly, "2019-01-01", did("2025-03-10"), nil, "2025-05-18", school.Valid, "2026-03-10"},

		"window across the year: open":     {winter, "2024-06-01", nil, nil, "2024-12-24", school.NotBegun, "2025-01-31"},
		"window across the year: due soon": {winter, "2024-06-01", nil, nil, "2025-01-25", school.DueSoon, "2025-01-31"},
		"window across the year: missed":   {winter, "2024-06-01", nil, nil, "2025-02-01", school.Late, "2025-01-31"},
		"window across the year: new year": {winter, "2024-06-01", did("2025-01-03"), nil, "2025-02-01", school.Valid, "2026-01-31"},
		"window across the year: old year": {winter, "2024-06-01", did("2024-12-01"), nil, "2025-02-01", school.Valid, "2026-01-31"},
		"window: too early doesn't count":  {winter, "2024-06-01", did("2024-11-30"), nil, "2024-12-24", school.NotBegun, "2025-01-31"},
		"window: late is made up for":      {winter, "2024-06-01", did("2025-03-01"), nil, "2025-03-02", school.Valid, "2026-01-31"},
		"window: the next one asks anew":   {winter, "2024-06-01", did("2024-12-05"), nil, "2025-12-02", school.NotBegun, "2026-01-31"},
		"joined in the window":             {winter, "2025-01-20", nil, nil, "2025-01-20", school.NotBegun, "2025-01-31"},
		"before the first window":          {winter, "2025-02-20", nil, nil, "2025-02-20", school.NotBegun, "2026-01-31"},
		"hours: none":                      {hours, "2024-06-01", nil, nil, "2026-03-01", school.NotBegun, "2026-12-31"},
		"hours: some":                      {hours, "2024-06-01", did("2026-02-01"), nil, "2026-03-01", school.InProgress, "2026-12-31"},
		"hours: last year's don't count":   {hours, "2024-06-01", did("2025-02-01", "2025-03-01", "2026-01-05"), nil, "2026-03-01", school.InProgress, "2026-12-31"},
		"hours: enough":                    {hours, "2024-06-01", did("2026-02-01", "2026-03-01"), nil, "2026-03-01", school.Valid, "2027-12-31"},
		"hours: some, but the year ends":   {hours, "2024-06-01", did("2026-02-01"), nil, "2026-11-24", school.DueSoon, "2026-12-31"},

		"excused": {once, "2026-01-01", nil, func(p *school.Person) { p.Excused = true }, "2027-01-01", school.Excused, ""},
		"excused, last day": {once, "2026-01-01", nil, func(p *school.Person) { p.Excused, p.ExcusedTill = true, "2026-06-30" }, "2026-06-30",
			school.Excused, "2026-06-30"},
		"excused no longer: time counts from then": {once, "2026-01-01", nil, func(p *school.Person) { p.Excused, p.ExcusedTill = true, "2026-06-30" }, "2026-07-01",
			school.NotBegun, "2026-07-31"},
	} {
		p := school.Person{Asked: true, Since: c.since, Done: c.done}
		if c.mend != nil {
			c.mend(&p)
		}
		got := school.Status(c.terms, p, c.today)
		if got.State != c.state || got.DueOn != c.due {
			t.Errorf("%s: %s, due %q; want %s, %q", name, got.State.Label(), got.DueOn, c.state.Label(), c.due)
		}
	}
}

// The trainer sees that a year was missed although the new year asks anew.
func TestMissedWindowsAreCounted(t *testing.T) {
	t.Parallel()
	hours := school.Terms{Cycle: school.Calendar, CalFrom: "01-01", CalTo: "12-31", ActiveFrom: "2020-01-01"}
	got := school.Status(hours, school.Person{Asked: true, Since: "2022-01-01", Done: did("2023-05-01")}, "2026-02-01")
	if got.Missed != 3 || got.DoneOn != "2023-05-01" || got.State != school.NotBegun {
		t.Errorf("%+v", got)
	}
}

// The order in which completions were written down plays no part.
func TestStatusDoesNotDependOnTheOrderOfRows(t *testing.T) {
	t.Parallel()
	yearly := school.Terms{Cycle: school.Rolling, Months: 12, WindowDays: 30, ActiveFrom: "2020-01-01"}
	days := []string{"2021-02-28", "2022-02-10", "2023-02-28", "2023-09-01"}
	want := school.Status(yearly, school.Person{Asked: true, Since: "2020-01-01", Done: did(days...)}, "2024-01-01")
	got := school.Status(yearly, school.Person{Asked: true, Since: "2020-01-01", Done: did(days[2], days[0], days[3], days[1])}, "2024-01-01")
	if got != want || want.DueOn != "2024-09-01" {
		t.Errorf("%+v, %+v", got, want)
	}
}
