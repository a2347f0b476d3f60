package calendar_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func TestOneOf64ClientsGetsTheSlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		ids := []int64{resource(t, d, s, calendar.MediatorKind, 1), resource(t, d, s, calendar.RoomKind, 1), resource(t, d, s, calendar.LiaisonKind, 1)}
		var won, lost atomic.Int64
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				r := request(at(25, 9, 0), at(25, 10, 30), slices.Clone(ids)...)
				if i%2 == 1 { // the order asked in must not matter
					r.Resources[0], r.Resources[2] = r.Resources[2], r.Resources[0]
				}
				switch _, err := book(t, d, s, r); {
				case err == nil:
					won.Add(1)
				case fault.Is(err, fault.Conflict) && errors.Is(err, db.ErrOverlap):
					lost.Add(1)
				default:
					t.Errorf("neither won nor lost: %v", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || lost.Load() != 63 {
			t.Errorf("%d won, %d lost", won.Load(), lost.Load())
		}
		var rows int
		if err := d.Get(t.Context(), &rows, `SELECT COUNT(*) FROM booking_resources`); err != nil || rows != 3 {
			t.Errorf("%d rows are left, want 3 (%v)", rows, err)
		}
		if d.Dialect() == db.Postgres { // a deadlock is retried, but costs everybody a second
			var deadlocks int
			err := d.Get(t.Context(), &deadlocks, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`)
			if err != nil || deadlocks != 0 {
				t.Errorf("%d deadlocks (%v)", deadlocks, err)
			}
		}
	})
}

func TestIntervalsAreHalfOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 1)
		if _, err := book(t, d, s, request(at(25, 9, 30), at(25, 11, 0), id)); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			from, to time.Time
			ok       bool
		}{
			"touching after":  {at(25, 11, 0), at(25, 11, 30), true},
			"touching before": {at(25, 9, 0), at(25, 9, 30), true},
			"equal":           {at(25, 9, 30), at(25, 11, 0), false},
			"inside":          {at(25, 10, 0), at(25, 10, 30), false},
			"around":          {at(25, 9, 0), at(25, 12, 0), false},
			"over the start":  {at(25, 9, 15), at(25, 9, 45), false},
			"outside hours":   {at(25, 12, 30), at(25, 13, 30), false},
			"past":            {at(24, 9, 0), at(24, 9, 30), false},
			"weekend":         {at(28, 9, 0), at(28, 10, 0), false},
		} {
			_, err := book(t, d, s, request(c.from, c.to, id))
			if (err == nil) != c.ok {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestInactiveRowsCanNotBeActivatedOverAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 1)
		a, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), id))
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.Cancel(t.Context(), tx, a.ID, "改日") }); err != nil {
			t.Fatal(err)
		}
		if _, err := book(t, d, s, request(at(25, 9, 30), at(25, 10, 30), id)); err != nil {
			t.Fatalf("the cancelled time is not free: %v", err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE booking_resources SET active = TRUE WHERE booking_id = ?`, a.ID)
			return err
		})
		if !errors.Is(err, db.ErrOverlap) {
			t.Errorf("a cancelled booking came back over another: %v", err)
		}
	})
}

func TestAHoldEndsByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 1)
		r := request(at(25, 9, 0), at(25, 10, 0), id)
		r.Hold = 10 * time.Minute
		held, err := book(t, d, s, r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := book(t, d, s, r); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a held time was given away: %v", err)
		}
		clock.Advance(10 * time.Minute)
		free, err := s.Openings(t.Context(), d, []int64{id}, at(25, 9, 0), at(25, 10, 30), calendar.SlotStep)
		if err != nil || len(free[id]) != 1 {
			t.Errorf("a hold that ran out still blocks: %v, %v", free, err)
		}
		confirm := d.Write(t.Context(), func(tx *db.Tx) error { return s.Confirm(t.Context(), tx, held.ID) })
		if !fault.Is(confirm, fault.Conflict) {
			t.Errorf("confirmed at the very moment it ran out: %v", confirm)
		}
		if _, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), id)); err != nil {
			t.Errorf("the time is not free after the hold: %v", err)
		}
	})
}

func TestAMovedBookingKeepsItsIdentity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 1)
		b, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), id))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := book(t, d, s, request(at(26, 9, 0), at(26, 10, 0), id)); err != nil {
			t.Fatal(err)
		}
		moved := func(from, to time.Time) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return s.Reschedule(t.Context(), tx, b.ID, request(from, to, id)) })
		}
		if err := moved(at(26, 9, 30), at(26, 10, 30)); !fault.Is(err, fault.Conflict) {
			t.Fatalf("moved into another's time: %v", err)
		}
		if err := moved(at(25, 9, 30), at(25, 10, 30)); err != nil {
			t.Fatalf("into its own former time: %v", err)
		}
		got, err := s.Booking(t.Context(), d, b.ID)
		if err != nil || got.UID != b.UID || got.Sequence != 1 {
			t.Errorf("uid %s → %s, sequence %d, %v", b.UID, got.UID, got.Sequence, err)
		}
		if _, err := book(t, d, s, request(at(25, 9, 0), at(25, 9, 30), id)); err != nil {
			t.Errorf("the old time is not free: %v", err)
		}
	})
}

func TestOneOfManyCancellationsWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		b, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), resource(t, d, s, calendar.MediatorKind, 1)))
		if err != nil {
			t.Fatal(err)
		}
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				switch err := act(t, d, func(tx *db.Tx) error { return s.Cancel(t.Context(), tx, b.ID, "改日") }); {
				case err == nil:
					won.Add(1)
				case !fault.Is(err, fault.Conflict):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d cancelled it", won.Load())
		}
		var events int
		if err := d.Get(t.Context(), &events, `SELECT COUNT(*) FROM booking_events WHERE verb = 'cancel'`); err != nil || events != 1 {
			t.Errorf("%d events, %v", events, err)
		}
	})
}

func TestAllResourcesOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		mediator, room := resource(t, d, s, calendar.MediatorKind, 1), resource(t, d, s, calendar.RoomKind, 1)
		party := resource(t, d, s, calendar.PartyKind, 1)
		if _, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), room)); err != nil {
			t.Fatal(err)
		}
		_, err := book(t, d, s, request(at(25, 9, 30), at(25, 10, 30), mediator, room, party))
		if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "调解室“room1”") {
			t.Errorf("the refusal doesn't name the room: %v", err)
		}
		if _, err := book(t, d, s, request(at(25, 9, 30), at(25, 10, 30), mediator, party, mediator)); err != nil {
			t.Errorf("what the refused booking would have taken is not free: %v", err)
		}
		_, err = book(t, d, s, request(at(25, 9, 30), at(25, 10, 30), party))
		if msg := fault.MessageOf(err); !fault.Is(err, fault.Conflict) || strings.Contains(msg, "party1") {
			t.Errorf("a refusal for a party: %v", err)
		}
	})
}

func TestARoomIsCleanedBetweenSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		mediator, room := resource(t, d, s, calendar.MediatorKind, 1), resource(t, d, s, calendar.RoomKind, 1)
		if _, err := book(t, d, s, request(at(25, 16, 30), at(25, 18, 0), mediator, room)); err != nil {
			t.Fatalf("cleaning after closing time: %v", err)
		}
		if _, err := book(t, d, s, request(at(25, 15, 0), at(25, 16, 30), mediator)); err != nil {
			t.Errorf("a mediator needs no cleaning: %v", err)
		}
		if _, err := book(t, d, s, request(at(25, 15, 0), at(25, 16, 30), room)); !fault.Is(err, fault.Conflict) {
			t.Errorf("no time left to clean the room: %v", err)
		}
		if _, err := book(t, d, s, request(at(25, 15, 0), at(25, 16, 15), room)); err != nil {
			t.Errorf("with time to clean: %v", err)
		}
	})
}

func TestABookingThatEndsEarlyFreesTheRest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := service(t, d)
		room := resource(t, d, s, calendar.RoomKind, 1)
		b, err := book(t, d, s, request(at(25, 9, 0), at(25, 11, 0), room))
		if err != nil {
			t.Fatal(err)
		}
		done := func(tx *db.Tx) error { return s.Done(t.Context(), tx, b.ID) }
		if err := act(t, d, done); !fault.Is(err, fault.Conflict) {
			t.Errorf("ended before anybody confirmed it: %v", err)
		}
		if err := act(t, d, func(tx *db.Tx) error { return s.Confirm(t.Context(), tx, b.ID) }); err != nil {
			t.Fatal(err)
		}
		clock.Set(at(25, 10, 0))
		if err := act(t, d, done); err != nil {
			t.Fatal(err)
		}
		if _, err := book(t, d, s, request(at(25, 10, 0), at(25, 10, 30), room)); !fault.Is(err, fault.Conflict) {
			t.Errorf("booked while it is cleaned: %v", err)
		}
		if _, err := book(t, d, s, request(at(25, 10, 15), at(25, 11, 15), room)); err != nil {
			t.Errorf("the rest is not free: %v", err)
		}
	})
}

func TestWhatNobodyMayBook(t *testing.T) {
	d, _, s := plain(t)
	id, closed := resource(t, d, s, calendar.MediatorKind, 1), resource(t, d, s, calendar.RoomKind, 2)
	party := resource(t, d, s, calendar.PartyKind, 1)
	if err := act(t, d, func(tx *db.Tx) error {
		_, err := s.Ensure(t.Context(), tx, calendar.RoomKind, 2, "room2", false)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from, to time.Time
		ids      []int64
		want     fault.Code
	}{
		"nothing":              {at(25, 9, 0), at(25, 10, 0), nil, fault.Invalid},
		"unknown resource":     {at(25, 9, 0), at(25, 10, 0), []int64{id, 999}, fault.NotFound},
		"inactive resource":    {at(25, 9, 0), at(25, 10, 0), []int64{closed}, fault.Invalid},
		"ends before it began": {at(25, 10, 0), at(25, 9, 0), []int64{id}, fault.Invalid},
		"too long":             {at(25, 8, 0), at(25, 15, 50), []int64{party}, fault.Invalid},
		"across midnight":      {at(25, 23, 0), at(26, 1, 0), []int64{party}, fault.Invalid},
		"over lunch":           {at(25, 11, 0), at(25, 14, 30), []int64{id}, fault.Invalid},
	} {
		if _, err := book(t, d, s, request(c.from, c.to, c.ids...)); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := book(t, d, s, request(at(25, 22, 30), at(26, 0, 0), party)); err != nil {
		t.Errorf("until midnight: %v", err)
	}
}

// Every verb from every status: what isn't a lawful step is a Conflict and changes nothing.
func TestOnlyLawfulSteps(t *testing.T) {
	d, _, s := plain(t)
	id := resource(t, d, s, calendar.PartyKind, 1)
	reach := map[string]func(tx *db.Tx, id int64) error{
		"pending":   func(*db.Tx, int64) error { return nil },
		"confirmed": func(tx *db.Tx, id int64) error { return s.Confirm(t.Context(), tx, id) },
		"cancelled": func(tx *db.Tx, id int64) error { return s.Cancel(t.Context(), tx, id, "") },
		"done": func(tx *db.Tx, id int64) error {
			return errors.Join(s.Confirm(t.Context(), tx, id), s.Done(t.Context(), tx, id))
		},
	}
	next := 0
	for status, prepare := range reach {
		for verb, do := range map[string]func(tx *db.Tx, id int64) error{
			"confirm": func(tx *db.Tx, id int64) error { return s.Confirm(t.Context(), tx, id) },
			"cancel":  func(tx *db.Tx, id int64) error { return s.Cancel(t.Context(), tx, id, "") },
			"done":    func(tx *db.Tx, id int64) error { return s.Done(t.Context(), tx, id) },
			"move": func(tx *db.Tx, b int64) error {
				return s.Reschedule(t.Context(), tx, b, request(at(27, 0, next), at(27, 0, next+1), id))
			},
		} {
			next++
			b, err := book(t, d, s, request(at(26, next, 0), at(26, next+1, 0), id))
			if err != nil {
				t.Fatal(err)
			}
			if err := act(t, d, func(tx *db.Tx) error { return prepare(tx, b.ID) }); err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(calendar.BookingMoves, func(m calendar.BookingMove) bool { return m.Verb == verb })
			want := slices.Contains(calendar.BookingMoves[i].From, status)
			err = act(t, d, func(tx *db.Tx) error { return do(tx, b.ID) })
			got, rerr := s.Booking(t.Context(), d, b.ID)
			if rerr != nil {
				t.Fatal(rerr)
			}
			switch {
			case want && (err != nil || got.Status != calendar.BookingMoves[i].To):
				t.Errorf("%s from %s: %s, %v", verb, status, got.Status, err)
			case !want && (!fault.Is(err, fault.Conflict) || got.Status != status):
				t.Errorf("%s from %s went on to %s: %v", verb, status, got.Status, err)
			}
		}
	}
}
