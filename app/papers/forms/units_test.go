package forms

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCapital(t *testing.T) {
	cases := map[Fen]string{
		0: "零元整", 1: "壹分", 10: "壹角整", 105: "壹元零伍分", 110: "壹元壹角整", 100: "壹元整",
		860050:              "捌仟陆佰元伍角整",
		860000:              "捌仟陆佰元整",
		1000_00:             "壹仟元整",
		1001_00:             "壹仟零壹元整",
		10_0000_00:          "壹拾万元整",
		10_0500_00:          "壹拾万零伍佰元整",
		1_0000_0001_00:      "壹亿零壹元整",
		1_2030_0405_06:      "壹亿贰仟零叁拾万零肆佰零伍元零陆分",
		10005_0000_00:       "壹亿零伍万元整",
		1_0000_0000_00:      "壹亿元整",
		1_0000_0000_0000_00: "壹万亿元整",
		-500:                "负伍元整",
	}
	for f, want := range cases {
		if got := f.Capital(); got != want {
			t.Errorf("%d: %s, want %s", f, got, want)
		}
	}
	if got := Fen(860050).Full(); got != "人民币8600.50元（大写：捌仟陆佰元伍角整）" {
		t.Error(got)
	}
}

// Reading the capitals back gives the amount, so no two amounts look alike.
func TestCapitalReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fen(rapid.Int64Range(0, 999_999_999_999_99).Draw(t, "fen"))
		if got := readCapital(f.Capital()); got != f {
			t.Fatalf("%d was written %s, which reads %d", f, f.Capital(), got)
		}
	})
}

func readCapital(s string) Fen {
	var total, group, digit, fen int64
	for _, r := range s {
		switch r {
		case '零', '整':
		case '拾', '佰', '仟':
			group += digit * map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}[r]
			digit = 0
		case '万':
			total += (group + digit) * 1_0000
			group, digit = 0, 0
		case '亿':
			total = (total + group + digit) * 1_0000_0000
			group, digit = 0, 0
		case '元':
			total += group + digit
			digit = 0
		case '角':
			fen += digit * 10
			digit = 0
		case '分':
			fen += digit
			digit = 0
		default:
			digit = int64(strings.IndexRune(string(capitals), r) / 3)
		}
	}
	return Fen(total*100 + fen)
}

func TestDays(t *testing.T) {
	if got := Day("2026-09-01").String(); got != "2026年9月1日" {
		t.Error(got)
	}
	if got := Day("").String() + Day("2026-02-30").String(); got != "" {
		t.Errorf("an impossible day prints as %q", got)
	}
	for _, c := range []struct {
		on, birth Day
		age       int
	}{{"2026-09-01", "1980-09-01", 46}, {"2026-08-31", "1980-09-01", 45}, {"2026-09-01", "", -1}, {"", "1980-09-01", -1}} {
		if got := c.on.age(c.birth); got != c.age {
			t.Errorf("born %s, on %s: %d, want %d", c.birth, c.on, got, c.age)
		}
	}
	start := time.Date(2026, 9, 1, 1, 5, 0, 0, time.UTC)
	if got := span(start, start.Add(85*time.Minute)); got != "2026年9月1日9时05分至10时30分" {
		t.Error(got)
	}
	if got := span(start, start.Add(15*time.Hour)); got != "2026年9月1日9时05分至2026年9月2日0时05分" {
		t.Error(got)
	}
}
