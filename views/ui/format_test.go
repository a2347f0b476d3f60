package ui

import (
	"math"
	"testing"
	"time"
)

func TestMoments(t *testing.T) {
	at := time.Date(2026, 11, 24, 6, 30, 0, 0, time.UTC)   // 14:30 in Shanghai
	late := time.Date(2026, 11, 24, 16, 5, 0, 0, time.UTC) // 00:05 of the next day
	for _, c := range []struct{ got, want string }{
		{DayTime(at), "11月24日（周二）14:30"},
		{DayTime(late), "11月25日（周三）00:05"},
		{Span(at, at.Add(90*time.Minute)), "11月24日（周二）14:30–16:00"},
		{Span(at, late), "11月24日（周二）14:30 至 11月25日（周三）00:05"},
		{LongDay(late), "2026年11月25日"},
		{ISO(at), "2026-11-24T14:30:00+08:00"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestYuan(t *testing.T) {
	for fen, want := range map[int64]string{
		0: "0.00 元", 5: "0.05 元", 120000: "1,200.00 元", 123456789: "1,234,567.89 元", -250: "−2.50 元",
		math.MaxInt64: "92,233,720,368,547,758.07 元",
	} {
		if got := Yuan(fen); got != want {
			t.Errorf("Yuan(%d) = %s, want %s", fen, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", 1000000: "1,000,000", math.MinInt64: "-9,223,372,036,854,775,808"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestMonogram(t *testing.T) {
	for name, want := range map[string]string{"示例甲": "示", " 喆 ": "喆", "𠮷田": "𠮷", "": "调"} {
		if got := Monogram(name); got != want {
			t.Errorf("Monogram(%q) = %q, want %q", name, got, want)
		}
	}
}
