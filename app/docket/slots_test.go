package docket_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

func TestOnlyOneOfManyGetsTheTime(t *testing.T) {
	each(t, func(w *world) {
		const n = 12
		var keys []string
		for range n {
			keys = append(keys, w.accepted(w.strangers(w.application())).CaseKey)
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
		other := w.accepted(w.strangers(w.application()))
		got, err = w.CommonSlots(ctx, clerk(), other.CaseKey, docket.Search{From: from, To: from.AddDate(0, 0, 7), RoomID: w.room})
		w.must(err)
		for _, sl := range got.Slots {
			if sl.Start.Before(a.Slots[0].Start.Add(90 * time.Minute)) {
				t.Errorf("offers %s, which the mediator has booked", sl.Start)
			}
		}
	})
}

func TestAnyRoomAndLiaisonAreChosenForTheTime(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		from := w.d.Now()
		q := docket.Search{From: from, To: from.AddDate(0, 0, 7), RoomID: docket.Any, LiaisonID: docket.Any}
		got, err := w.CommonSlots(ctx, clerk(), r.CaseKey, q)
		if w.must(err); len(got.Slots) == 0 {
			t.Fatal(got.Why)
		}
		slot := got.Slots[0]
		ses, err := w.Schedule(ctx, clerk(), r.CaseKey, docket.Plan{RoomID: docket.Any, LiaisonID: docket.Any, Start: slot.Start, End: slot.End})
		if w.must(err); ses.RoomID != w.room || ses.LiaisonID != liaisonAccount {
			t.Errorf("room %d and liaison %d were chosen", ses.RoomID, ses.LiaisonID)
		}
		// Its own time is free for a session that is to be moved.
		if got, err = w.CommonSlots(ctx, clerk(), r.CaseKey, q); err != nil || len(got.Slots) == 0 || !got.Slots[0].Start.Equal(slot.Start) {
			t.Errorf("%+v, %v", got, err)
		}
		w.must(w.Reschedule(ctx, clerk(), ses.Key, 0, docket.Plan{RoomID: docket.Any, LiaisonID: docket.Any, Start: slot.Start, End: slot.End}))
		other := w.accepted(w.strangers(w.application()))
		_, err = w.Schedule(ctx, clerk(), other.CaseKey, docket.Plan{RoomID: docket.Any, Start: slot.Start, End: slot.End})
		if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "调解室") {
			t.Errorf("the only room twice: %v", err)
		}
	})
}

func TestNoRoomTooSmall(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE rooms SET seats = 2`)
			return err
		}))
		plan := w.plan(48)
		if _, err := w.Schedule(ctx, clerk(), r.CaseKey, plan); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), "2 个座位") {
			t.Errorf("three people in a room for two: %v", err)
		}
		q := docket.Search{From: plan.Start, To: plan.Start.AddDate(0, 0, 7), RoomID: docket.Any}
		got, err := w.CommonSlots(ctx, clerk(), r.CaseKey, q)
		if w.must(err); len(got.Slots) != 0 || !strings.Contains(got.Why, "调解室没有") {
			t.Errorf("%+v", got)
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
