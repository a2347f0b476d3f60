package calendar_test

import (
	"testing"
	"time"

	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// The clock of the tests stands at 10:00; with four hours' notice the first session
// of the day may begin at 14:00.
func TestNextFreeFollowsEveryChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := service(t, d)
		id, room := resource(t, d, s, calendar.MediatorKind, 7), resource(t, d, s, calendar.RoomKind, 1)
		next := func(id int64, want time.Time) {
			t.Helper()
			got, err := s.NextFree(t.Context(), []int64{id, 999})
			if err != nil || !got[id].Equal(want) {
				t.Errorf("next free %v, want %v, %v", got[id], want.UTC(), err)
			}
			if _, known := got[999]; known {
				t.Error("an unknown resource is free")
			}
		}
		next(id, at(24, 14, 0))
		b, err := book(t, d, s, request(at(24, 14, 30), at(24, 15, 30), id, room))
		if err != nil {
			t.Fatal(err)
		}
		next(id, at(24, 15, 30))
		next(room, at(24, 16, 0)) // cleaned until 15:45
		leave := calendar.Exception{Kind: "closed", FromAt: db.At(at(24, 0, 0)), ToAt: db.At(at(26, 0, 0)), Reason: "请假"}
		key, hit, err := s.AddException(t.Context(), me, seal.NewKey(), calendar.MediatorKind, 7, leave)
		if err != nil || len(hit) != 1 {
			t.Fatal(hit, err)
		}
		next(id, at(26, 9, 0))
		if _, err := s.RemoveException(t.Context(), me, calendar.MediatorKind, 7, key); err != nil {
			t.Fatal(err)
		}
		if err := act(t, d, func(tx *db.Tx) error { return s.Cancel(t.Context(), tx, b.ID, "改日") }); err != nil {
			t.Fatal(err)
		}
		next(id, at(24, 14, 0))
		clock.Advance(31 * time.Minute)
		next(id, at(24, 15, 0))
		if err := act(t, d, func(tx *db.Tx) error {
			_, err := s.Ensure(t.Context(), tx, calendar.MediatorKind, 7, "停用", false)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		next(id, time.Time{})
	})
}

func TestCommonTimesAndWhoIsChosen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		mediator := resource(t, d, s, calendar.MediatorKind, 1)
		big, small := resource(t, d, s, calendar.RoomKind, 1), resource(t, d, s, calendar.RoomKind, 2)
		if err := act(t, d, func(tx *db.Tx) error {
			return s.PutRules(t.Context(), tx, small, []calendar.Rule{{Weekday: 3, FromMin: 540, ToMin: 630}})
		}); err != nil {
			t.Fatal(err)
		}
		q := calendar.Query{From: at(25, 0, 0), To: at(26, 0, 0), Needs: []calendar.Need{{Label: "调解室", IDs: []int64{big, small}},
			{Label: "调解员", IDs: []int64{mediator}}, {Label: "申请人", Wishes: []calendar.Span{{Start: at(25, 9, 0), End: at(25, 12, 0)}}}}}
		slots, why, err := s.FreeSlots(t.Context(), d, q)
		if err != nil || why != nil || len(slots) != 4 || !slots[0].Start.Equal(at(25, 9, 0)) || !slots[3].End.Equal(at(25, 12, 0)) {
			t.Fatalf("slots %v, %v, %v", slots, why, err)
		}
		var b calendar.Booking
		err = act(t, d, func(tx *db.Tx) error {
			room, err := s.Choose(t.Context(), tx, q, 0, slots[0].Start)
			if err != nil {
				return err
			}
			if room != small {
				t.Errorf("room %d was chosen, not the one that fits best", room)
			}
			b, err = s.Book(t.Context(), tx, request(slots[0].Start, slots[0].End, room, mediator))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		slots, why, err = s.FreeSlots(t.Context(), d, q)
		if err != nil || why != nil || len(slots) != 1 || !slots[0].Start.Equal(at(25, 10, 30)) {
			t.Errorf("beside the booking: %v, %v, %v", slots, why, err)
		}
		q.Ignore = b.ID
		if slots, _, err = s.FreeSlots(t.Context(), d, q); err != nil || len(slots) != 4 {
			t.Errorf("for the booking that is to be moved: %v, %v", slots, err)
		}
		q.Needs[2].Wishes = []calendar.Span{{Start: at(25, 19, 0), End: at(25, 21, 0)}}
		if slots, why, err = s.FreeSlots(t.Context(), d, q); err != nil || len(slots) != 0 || why == nil || why.Pair != [2]string{"调解室", "申请人"} {
			t.Errorf("%v, %v, %v", slots, why, err)
		}
		if _, err := s.Choose(t.Context(), d, q, 0, at(25, 19, 0)); !fault.Is(err, fault.Conflict) {
			t.Errorf("a room was chosen outside all hours: %v", err)
		}
		q.To = q.From
		if _, _, err = s.FreeSlots(t.Context(), d, q); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty range: %v", err)
		}
	})
}

// The marketplace asks on every view: known answers must cost no query on SQLite.
func TestNextFreeIsKept(t *testing.T) {
	d, _, s := plain(t)
	ids := []int64{resource(t, d, s, calendar.MediatorKind, 1), resource(t, d, s, calendar.MediatorKind, 2)}
	ask := func() int64 {
		before := d.Queries()
		if _, err := s.NextFree(t.Context(), ids); err != nil {
			t.Fatal(err)
		}
		return d.Queries() - before
	}
	if n := ask(); n == 0 || n > 5 {
		t.Errorf("%d queries for the first answer", n)
	}
	if n := ask(); n != 0 {
		t.Errorf("%d queries for a known answer", n)
	}
	if _, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), ids[0])); err != nil {
		t.Fatal(err)
	}
	if n := ask(); n != 1 {
		t.Errorf("%d queries after a booking; hours needn't be read again", n)
	}
}

func BenchmarkNextFreeAfterABooking(b *testing.B) {
	d, _ := dbtest.SQLite(b)
	s := service(b, d)
	var ids []int64
	for i := range 560 {
		id := resource(b, d, s, calendar.MediatorKind, int64(i+1))
		ids = append(ids, id)
		for day := range 3 {
			if _, err := book(b, d, s, request(at(25+day%3, 9, 0), at(25+day%3, 10, 30), id)); err != nil {
				b.Fatal(err)
			}
		}
	}
	for b.Loop() {
		if err := d.Write(b.Context(), func(tx *db.Tx) error { tx.Touch("calendar"); return nil }); err != nil {
			b.Fatal(err)
		}
		if _, err := s.NextFree(b.Context(), ids); err != nil {
			b.Fatal(err)
		}
	}
}
