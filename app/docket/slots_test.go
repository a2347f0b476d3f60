package docket_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
)

func at(hour, minute int) time.Time { return time.Date(2026, 12, 1, hour, minute, 0, 0, time.UTC) }

func TestCommonTimesOrTheReasonWhyNot(t *testing.T) {
	day := []docket.Span{{Start: at(1, 0), End: at(9, 0)}}
	morning := []docket.Span{{Start: at(1, 10), End: at(3, 0)}}
	late := []docket.Span{{Start: at(6, 0), End: at(8, 0)}}
	found := docket.FindSlots([]string{"调解员", "调解室"}, [][]docket.Span{day, morning}, time.Hour)
	if len(found.Slots) != 2 || !found.Slots[0].Start.Equal(at(1, 30)) {
		t.Errorf("%+v", found)
	}
	found = docket.FindSlots([]string{"调解员", "法院联络员", "调解室"}, [][]docket.Span{morning, late, day}, time.Hour)
	for _, part := range []string{"调解员与法院联络员的时间完全错开", "去掉法院联络员可得 2 个", "去掉调解员可得 3 个"} {
		if !strings.Contains(found.Why, part) {
			t.Errorf("%q lacks %q", found.Why, part)
		}
	}
	found = docket.FindSlots([]string{"调解员", "调解室"}, [][]docket.Span{day, nil}, time.Hour)
	if !strings.HasPrefix(found.Why, "调解室在这段时间里没有") {
		t.Error(found.Why)
	}
}

// TestEveryFoundSlotSuitsEverybody holds the search to its definition on random times.
func TestEveryFoundSlotSuitsEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) docket.Span {
			from := rapid.IntRange(0, 1400).Draw(t, "from")
			return docket.Span{Start: at(0, from), End: at(0, from+rapid.IntRange(1, 300).Draw(t, "len"))}
		}), 1, 6)
		groups := rapid.SliceOfN(spans, 2, 4).Draw(t, "groups")
		names := []string{"甲", "乙", "丙", "丁"}[:len(groups)]
		found := docket.FindSlots(names, groups, 45*time.Minute)
		if (len(found.Slots) == 0) != (found.Why != "") {
			t.Fatalf("slots %d, why %q", len(found.Slots), found.Why)
		}
		for _, sl := range found.Slots {
			for m := sl.Start; m.Before(sl.End); m = m.Add(time.Minute) {
				for i, g := range groups {
					in := false
					for _, s := range g {
						in = in || !m.Before(s.Start) && m.Before(s.End)
					}
					if !in {
						t.Fatalf("%s is not free at %s", names[i], m)
					}
				}
			}
		}
	})
}

func TestOnlyOneOfManyGetsTheTime(t *testing.T) {
	each(t, func(w *world) {
		const n = 12
		var keys []string
		for range n {
			keys = append(keys, w.accepted(w.application()).CaseKey)
		}
		plan := w.plan(48)
		var won, lost atomic.Int32
		var wg sync.WaitGroup
		for _, key := range keys {
			wg.Go(func() {
				_, err := w.Schedule(t.Context(), clerk(), key, plan)
				switch {
				case err == nil:
					won.Add(1)
				case fault.Is(err, fault.Conflict):
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || lost.Load() != n-1 {
			t.Errorf("%d got the time, %d were told that it is taken", won.Load(), lost.Load())
		}
	})
}

func TestCommonSlotsOfACase(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		a := w.application()
		r := w.accepted(a)
		from := w.d.Now()
		got, err := w.CommonSlots(ctx, clerk(), r.CaseKey, docket.Search{From: from, To: from.AddDate(0, 0, 7), RoomID: w.room})
		w.must(err)
		if len(got.Slots) == 0 || !got.Slots[0].Start.Equal(a.Slots[0].Start) {
			t.Fatalf("%+v; the applicant offered from %s", got, a.Slots[0].Start)
		}
		_, err = w.Schedule(ctx, clerk(), r.CaseKey, docket.Plan{RoomID: w.room, Start: got.Slots[0].Start, End: got.Slots[0].End})
		w.must(err)
		other := w.accepted(w.application())
		got, err = w.CommonSlots(ctx, clerk(), other.CaseKey, docket.Search{From: from, To: from.AddDate(0, 0, 7), RoomID: w.room})
		w.must(err)
		for _, sl := range got.Slots {
			if sl.Start.Before(a.Slots[0].Start.Add(90 * time.Minute)) {
				t.Errorf("offers %s, which the mediator has booked", sl.Start)
			}
		}
	})
}

func TestWhoMediatesWhenChoicesMeet(t *testing.T) {
	approve, name := "approved", "named"
	for title, c := range map[string]struct {
		ranked   []int64
		others   [][]int64
		kinds    []string
		bar      []int64
		want     int64
		deadlock bool
	}{
		"first that the other approves": {[]int64{1, 2, 3}, [][]int64{{3, 2}}, []string{approve}, nil, 2, false},
		"barred is passed over":         {[]int64{1, 2}, [][]int64{{1, 2}}, []string{approve}, []int64{1}, 2, false},
		"another is named":              {[]int64{1}, [][]int64{{9}}, []string{name}, nil, 0, true},
		"the named is ranked too":       {[]int64{1, 9}, [][]int64{{9}}, []string{name}, nil, 9, false},
		"nobody chose":                  {nil, [][]int64{{}}, []string{approve}, nil, 0, false},
		"the other leaves it open":      {[]int64{1}, [][]int64{{}}, []string{approve}, nil, 0, false},
		"three sides":                   {[]int64{1, 2, 3}, [][]int64{{1, 3}, {2, 3}}, []string{approve, approve}, nil, 3, false},
		"two sides apart":               {[]int64{1, 2}, [][]int64{{1}, {2}}, []string{approve, approve}, nil, 0, false},
	} {
		got, deadlock := docket.Meet(c.ranked, c.others, c.kinds, c.bar...)
		if got != c.want || deadlock != c.deadlock {
			t.Errorf("%s: %d, deadlock %v; want %d, %v", title, got, deadlock, c.want, c.deadlock)
		}
	}
}
