package cases

import (
	"testing"
	"time"

	"tiaojie/app/docket"
	"tiaojie/views/ui"
)

// Days are counted on the street's calendar, whatever hour it is and wherever the server stands.
func TestDue(t *testing.T) {
	for _, c := range []struct {
		now, day, words string
		tone            ui.Tone
	}{
		{"2026-11-24T20:00:00+08:00", "2026-11-25", "还有 1 天", ui.Wait},
		{"2026-11-25T04:00:00+08:00", "2026-11-24", "逾期 1 天", ui.Overdue},
		{"2026-11-25T04:00:00+08:00", "2026-11-25", "今天到期", ui.Wait},
		{"2026-11-24T23:59:59+08:00", "2026-11-24", "今天到期", ui.Wait},
		{"2026-11-24T12:00:00Z", "2026-11-27", "还有 3 天", ui.Wait},
		{"2026-11-24T00:00:00+08:00", "2026-11-28", "11月28日（周六）", ui.None},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if words, tone := due(c.day, false, now); words != c.words || tone != c.tone {
			t.Errorf("due(%s) at %s = %s %v, want %s %v", c.day, c.now, words, tone, c.words, c.tone)
		}
	}
	if words, _ := due("2026-11-24", true, time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)); words != "今天到期（暂算）" {
		t.Error(words)
	}
}

func TestHolding(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		until time.Time
		words string
	}{
		{time.Time{}, "街道窗口"}, {now.Add(-time.Second), "街道窗口，超时"}, {now.Add(time.Second), "街道窗口，今天到期"},
		{now.Add(5 * time.Hour), "街道窗口，还有 1 天"}, {now.AddDate(0, 0, 9), "街道窗口"},
	} {
		if words, _ := holding(docket.HeldByClerk, c.until, now); words != c.words {
			t.Errorf("until %v: %s, want %s", c.until, words, c.words)
		}
	}
}
