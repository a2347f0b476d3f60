package calendar

import (
	"fmt"
	"slices"
	"strings"
)

// LineError is one line that can't be taken, with the reason for its writer.
type LineError struct {
	Line    int // 1-based
	Text    string
	Message string
}

// LineErrors lists all the bad lines of a text, in order.
type LineErrors []LineError

// Error gives one line per problem, in Chinese.
func (e LineErrors) Error() string {
	lines := make([]string, len(e))
	for i, l := range e {
		lines[i] = fmt.Sprintf("第 %d 行：%s（%s）", l.Line, l.Message, l.Text)
	}
	return strings.Join(lines, "\n")
}

// a holiday block is at most the eight or nine days of a Spring Festival
const longestBlock = 15

// ParseNotice reads a year's notice, one day or range to a line:
//
//	2026-10-01..2026-10-07,休,国庆节
//	2026-10-10,班,国庆节调休,5
//
// The fourth field, optional, is the weekday (1–7) whose hours an adjusted working
// day takes. Commas may be full-width, tabs or blanks; lines that start with # are
// comments, and the first one is the source when none is given. An empty text is
// a notice that isn't announced. All bad lines are reported together as LineErrors.
func ParseNotice(year int, source, text string) (Notice, error) {
	n := Notice{Year: year, Source: strings.TrimSpace(source)}
	seen := map[Day]int{}
	var bad LineErrors
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		line = strings.TrimSpace(line)
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			if n.Source == "" {
				n.Source = strings.TrimSpace(comment)
			}
			continue
		}
		if line == "" {
			continue
		}
		changes, err := parseChange(year, line)
		for _, c := range changes {
			if first := seen[c.Day]; first != 0 && err == nil {
				err = fmt.Errorf("%s 已在第 %d 行写过", c.Day, first)
			}
		}
		if err != nil {
			bad = append(bad, LineError{Line: i + 1, Text: shorten(line, 40), Message: err.Error()})
			continue
		}
		for _, c := range changes {
			seen[c.Day] = i + 1
		}
		n.Days = append(n.Days, changes...)
	}
	if len(bad) > 0 {
		return Notice{}, bad
	}
	slices.SortFunc(n.Days, func(a, b DayChange) int { return int(a.Day - b.Day) })
	return n, nil
}

func parseChange(year int, line string) ([]DayChange, error) {
	f := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",，\t ", r) })
	if len(f) < 2 || len(f) > 4 {
		return nil, fmt.Errorf("应写成：日期,休或班,名称")
	}
	first, last, err := parseRange(f[0])
	if err != nil {
		return nil, err
	}
	proto := DayChange{Work: f[1] == "班"}
	if f[1] != "班" && f[1] != "休" {
		return nil, fmt.Errorf("第二格只能是 休 或 班")
	}
	if len(f) > 2 {
		proto.Name = f[2]
	}
	if len(f) > 3 {
		if len(f[3]) != 1 || f[3] < "1" || f[3] > "7" || !proto.Work {
			return nil, fmt.Errorf("第四格只用于 班，写 1（周一）到 7（周日）")
		}
		proto.AsWeekday = int(f[3][0] - '0')
	}
	var all []DayChange
	for d := first; d <= last; d++ {
		if y, m, _ := d.Date(); y != year && (y != year-1 || m != 12) {
			return nil, fmt.Errorf("%s 不在 %d 年（只可连带上年十二月）", d, year)
		}
		if proto.Work && d.Weekday() <= 5 {
			return nil, fmt.Errorf("%s 是%s，本来就上班", d, WeekdayLabel(d.Weekday()))
		}
		proto.Day = d
		all = append(all, proto)
	}
	return all, nil
}

func parseRange(s string) (first, last Day, err error) {
	from, to, isRange := strings.Cut(s, "..")
	if first, err = ParseDay(from); err != nil {
		return 0, 0, err
	}
	if last = first; isRange {
		if last, err = ParseDay(to); err != nil {
			return 0, 0, err
		}
	}
	if last < first || last-first >= longestBlock {
		return 0, 0, fmt.Errorf("%s 到 %s 不像一次放假", first, last)
	}
	return first, last, nil
}

func shorten(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return s
}

// Format writes the notice back as text that ParseNotice reads, one day to a line.
func (n Notice) Format() string {
	var b strings.Builder
	if n.Source != "" {
		fmt.Fprintf(&b, "# %s\n", n.Source)
	}
	for _, c := range n.Days {
		kind := "休"
		if c.Work {
			kind = "班"
		}
		fmt.Fprintf(&b, "%s,%s,%s", c.Day, kind, c.Name)
		if c.AsWeekday != 0 {
			fmt.Fprintf(&b, ",%d", c.AsWeekday)
		}
		b.WriteString("\n")
	}
	return b.String()
}
