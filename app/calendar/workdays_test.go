package calendar_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"tiaojie/app/calendar"

	"pgregory.net/rapid"
)

func TestPeriodsEndAsTheLawSays(t *testing.T) {
	w := calendar.Builtin()
	day := calendar.MustDay
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2026-09-01", 30, "2026-10-08"}, {"2026-09-04", 30, "2026-10-08"}, {"2026-09-10", 30, "2026-10-10"},
		{"2026-01-15", 30, "2026-02-14"}, {"2026-01-19", 30, "2026-02-24"}, {"2026-04-15", 15, "2026-04-30"}} {
		if got := w.AddNatural(day(c.from), c.n); got.Day.String() != c.want || got.Provisional {
			t.Errorf("%s + %d days: %v, want %s", c.from, c.n, got, c.want)
		}
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2026-09-24", 5, "2026-10-09"}, {"2026-02-13", 3, "2026-02-25"}, {"2026-04-30", 5, "2026-05-11"}, {"2026-09-30", 30, "2026-11-17"}} {
		if got := w.AddWorking(day(c.from), c.n); got.Day.String() != c.want {
			t.Errorf("%s + %d working days: %v, want %s", c.from, c.n, got.Day, c.want)
		}
	}
	if got := w.AddNatural(day("2026-12-20"), 30); !got.Provisional {
		t.Error("a period into a year without notice is not marked 暂算")
	}
}

func TestPeriodsEndOnWorkingDays(t *testing.T) {
	w := calendar.Builtin()
	rapid.Check(t, func(r *rapid.T) {
		start := calendar.MustDay("2025-01-01") + calendar.Day(rapid.IntRange(0, 700).Draw(r, "start"))
		n := rapid.IntRange(1, 60).Draw(r, "n")
		natural, working := w.AddNatural(start, n), w.AddWorking(start, n)
		if !w.IsWorking(natural.Day) || natural.Day < start+calendar.Day(n) {
			r.Fatalf("natural period ends on %s", natural.Day)
		}
		if got := w.WorkingBetween(start, working.Day); got != n {
			r.Fatalf("%d working days between, want %d", got, n)
		}
	})
}

func TestMonthsAndYearsEndWithTheirMonth(t *testing.T) {
	w := calendar.NewWorkdays()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2028-02-29", 12, "2029-02-28"},
		{"2028-02-29", 48, "2032-02-29"}, {"2026-03-31", -1, "2026-02-28"}, {"2026-11-30", 3, "2027-02-28"},
	} {
		if got := calendar.MustDay(c.from).AddMonths(c.months); got.String() != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
	if due := w.AddYears(calendar.MustDay("2024-06-15"), 2); due.Day.String() != "2026-06-15" || !due.Provisional {
		t.Errorf("two years: %+v", due)
	}
	if due := calendar.Builtin().AddMonths(calendar.MustDay("2026-09-01"), 1); due.Day.String() != "2026-10-08" || !strings.Contains(due.Note(), "顺延") {
		t.Errorf("a month into the National Day week: %+v %s", due, due.Note())
	}
}

func TestAYearWithoutDaysIsNotAnnounced(t *testing.T) {
	w := calendar.NewWorkdays(calendar.Notice{Year: 2027, Source: "未公布"})
	if w.Known(2027) || !w.IsHoliday(calendar.MustDay("2027-10-01")) || w.IsHoliday(calendar.MustDay("2027-10-04")) {
		t.Error("an empty notice counts as the year's arrangement")
	}
	december := calendar.Notice{Year: 2027, Source: "演示", Days: []calendar.DayChange{{Day: calendar.MustDay("2026-12-31")}}}
	if w = calendar.NewWorkdays(append(calendar.BuiltinNotices(), december)...); w.IsWorking(calendar.MustDay("2026-12-31")) {
		t.Error("next year's notice doesn't reach into this December")
	}
}

func TestANoticeReportsAllItsBadLines(t *testing.T) {
	good, err := calendar.ParseNotice(2026, "", "\ufeff# 演示通知\r\n2026-10-01..2026-10-03，休，国庆节\r\n\r\n2026-10-10\t班\t调休\t4\r\n")
	if err != nil || good.Source != "演示通知" || len(good.Days) != 4 || good.Days[3].AsWeekday != 4 {
		t.Fatalf("%+v, %v", good, err)
	}
	for _, c := range []struct{ line, want string }{
		{"2026-10-01", "应写成"}, {"10月1日,休", "2026-10-01"}, {"2026-10-01,假", "休 或 班"}, {"2026-10-01,休,国庆节,9", "第四格"},
		{"2026-10-10,班,调休,0", "第四格"}, {"2026-10-09,班", "本来就上班"}, {"2028-10-01,休", "不在 2026 年"},
		{"2025-11-01,休", "不在 2026 年"}, {"2026-10-07..2026-10-01,休", "不像一次放假"}, {"2026-01-01..2026-12-31,休", "不像一次放假"},
		{"2026-05-01,休\n2026-05-01,休", "已在第 1 行"}, {"2026-05-01,休,劳动节,5,6", "应写成"},
	} {
		_, err := calendar.ParseNotice(2026, "", c.line)
		if lines, ok := errors.AsType[calendar.LineErrors](err); !ok || !strings.Contains(lines.Error(), c.want) {
			t.Errorf("%q: %v", c.line, err)
		}
	}
	_, err = calendar.ParseNotice(2026, "", "x\n2026-10-01,休\ny")
	if lines, _ := errors.AsType[calendar.LineErrors](err); len(lines) != 2 || lines[1].Line != 3 {
		t.Errorf("want lines 1 and 3: %v", err)
	}
}

func FuzzParseNotice(f *testing.F) {
	for _, n := range calendar.BuiltinNotices() {
		f.Add(n.Format())
	}
	f.Add("2026-10-10,班,调休,4\n#\n2025-12-31..2026-01-02，休")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := calendar.ParseNotice(2026, "x", text)
		if err != nil {
			if _, ok := errors.AsType[calendar.LineErrors](err); !ok {
				t.Fatalf("%v is no list of lines", err)
			}
			return
		}
		again, err := calendar.ParseNotice(2026, "x", n.Format())
		if err != nil || !reflect.DeepEqual(n, again) {
			t.Fatalf("%+v became %+v, %v", n, again, err)
		}
	})
}

func TestDaysReadAndWrite(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := calendar.Day(rapid.IntRange(1, 1_000_000).Draw(r, "day"))
		back, err := calendar.ParseDay(d.String())
		if err != nil || back != d || calendar.DayOf(d.At(0)) != d || calendar.DayOf(d.At(1439)) != d {
			r.Fatalf("%s came back as %s, %v", d, back, err)
		}
		if want := int(d.At(720).Weekday()+6)%7 + 1; d.Weekday() != want {
			r.Fatalf("%s is weekday %d, want %d", d, d.Weekday(), want)
		}
	})
	var none calendar.Day
	if v, err := none.Value(); v != nil || err != nil || none.String() != "" || none.Label() != "" {
		t.Error("no day is stored as something")
	}
	for _, bad := range []string{"2026-02-30", "2026-2-3", "0000-01-01", "今天", ""} {
		if d, err := calendar.ParseDay(bad); err == nil {
			t.Errorf("%q was read as %s", bad, d)
		}
	}
}
