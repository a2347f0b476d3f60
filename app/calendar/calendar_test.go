package calendar_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"

	"pgregory.net/rapid"
)

var office = access.System("test")

func service(t *testing.T, d *db.DB) *calendar.Service {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	return calendar.New(d, box, audit.New(box))
}

// resource makes one that is open on weekdays from 9 to 12 and 14 to 18.
func resource(t *testing.T, d *db.DB, s *calendar.Service, kind calendar.Kind, ref int64) int64 {
	t.Helper()
	var id int64
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		if id, err = s.Ensure(t.Context(), tx, kind, ref, fmt.Sprint(kind, ref), true); err != nil {
			return err
		}
		var rules []calendar.Rule
		for day := 1; day <= 5; day++ {
			rules = append(rules, calendar.Rule{Weekday: day, FromMin: 540, ToMin: 720}, calendar.Rule{Weekday: day, FromMin: 840, ToMin: 1080})
		}
		return s.PutRules(t.Context(), tx, id, rules)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// at is a local time; the test clock stands at Tuesday 2026-11-24 10:00.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, db.Shanghai)
}

func request(from, to time.Time, ids ...int64) calendar.Request {
	r := calendar.Request{Kind: "mediation", Title: "调解", Start: from, End: to}
	for _, id := range ids {
		r.Parts = append(r.Parts, calendar.Part{ResourceID: id, Role: "mediator"})
	}
	return r
}

func book(t *testing.T, d *db.DB, s *calendar.Service, r calendar.Request) (calendar.Booking, error) {
	var b calendar.Booking
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) { b, err = s.Book(t.Context(), tx, r); return err })
	return b, err
}

func TestOneOf64ClientsGetsTheSlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		ids := []int64{resource(t, d, s, calendar.MediatorKind, 1), resource(t, d, s, calendar.RoomKind, 1), resource(t, d, s, calendar.LiaisonKind, 1)}
		var won, lost atomic.Int64
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				r := request(at(25, 9, 0), at(25, 10, 30), ids...)
				if i%2 == 1 { // the order asked in must not matter
					r.Parts[0], r.Parts[2] = r.Parts[2], r.Parts[0]
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
		free, err := s.Free(t.Context(), d, []int64{id}, at(25, 9, 0), at(25, 10, 0))
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

func TestLeaveListsTheBookingsItHits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 7)
		if _, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), id)); err != nil {
			t.Fatal(err)
		}
		me := access.Actor{AccountID: 3, MediatorID: 7, Name: "调", Roles: []access.Role{access.Mediator}}
		leave := calendar.Exception{Kind: "closed", FromAt: db.At(at(25, 0, 0)), ToAt: db.At(at(26, 0, 0)), Reason: "请假"}
		key, hit, err := s.AddException(t.Context(), me, calendar.MediatorKind, 7, leave)
		if err != nil || len(hit) != 1 {
			t.Fatalf("%d bookings listed, %v", len(hit), err)
		}
		if _, err := book(t, d, s, request(at(25, 14, 0), at(25, 15, 0), id)); !fault.Is(err, fault.Invalid) {
			t.Errorf("booked during leave: %v", err)
		}
		other := access.Actor{AccountID: 4, MediatorID: 8, Roles: []access.Role{access.Mediator}}
		if err := s.RemoveException(t.Context(), other, calendar.MediatorKind, 7, key); !fault.Is(err, fault.NotFound) {
			t.Errorf("another mediator ended the leave: %v", err)
		}
		if err := s.RemoveException(t.Context(), me, calendar.MediatorKind, 7, key); err != nil {
			t.Fatal(err)
		}
		if _, err := book(t, d, s, request(at(25, 14, 0), at(25, 15, 0), id)); err != nil {
			t.Errorf("after the leave was taken back: %v", err)
		}
	})
}

func TestFreeTimeFollowsHolidaysAndNotices(t *testing.T) {
	d, clock := dbtest.SQLite(t)
	clock.Set(time.Date(2026, 9, 20, 2, 0, 0, 0, time.UTC))
	s := service(t, d)
	id := resource(t, d, s, calendar.RoomKind, 1)
	hours := func(month, day int) time.Duration {
		from := time.Date(2026, time.Month(month), day, 0, 0, 0, 0, db.Shanghai)
		free, err := s.Free(t.Context(), d, []int64{id}, from, from.AddDate(0, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		var sum time.Duration
		for _, f := range free[id] {
			sum += f.End.Sub(f.Start)
		}
		return sum
	}
	for name, c := range map[string]struct {
		month, day int
		want       time.Duration
	}{
		"weekday": {9, 21, 7 * time.Hour}, "national day": {10, 1, 0}, "Saturday": {9, 26, 0},
		"Saturday moved to work": {10, 10, 7 * time.Hour}, "Sunday moved to work": {9, 20, 7 * time.Hour},
	} {
		if got := hours(c.month, c.day); got != c.want {
			t.Errorf("%s: %v free, want %v", name, got, c.want)
		}
	}
	admin := access.Actor{AccountID: 1, Roles: []access.Role{access.SysAdmin}}
	body := calendar.BuiltinNotices()[1].Format() + "2026-09-22,休,临时停工\n"
	if err := s.EnterNotice(t.Context(), admin, 2026, "演示更正", body); err != nil {
		t.Fatal(err)
	}
	if got := hours(9, 22); got != 0 {
		t.Errorf("after the correction %v are free", got)
	}
}

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

func TestAFeedTellsTimesAndNothingElse(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s := service(t, d)
	id := resource(t, d, s, calendar.MediatorKind, 7)
	r := request(at(25, 9, 0), at(25, 10, 0), id)
	r.Title, r.Place = "调解(演示案件),请提前十分钟到场;带好身份证件和与纠纷有关的材料原件及复印件", "示例一社区调解室"
	b, err := book(t, d, s, r)
	if err != nil {
		t.Fatal(err)
	}
	me := access.Actor{AccountID: 3, MediatorID: 7, Name: "调", Roles: []access.Role{access.Mediator}}
	token, err := s.NewFeed(t.Context(), me, calendar.MediatorKind, 7)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.RenderFeed(t.Context(), token)
	if err != nil || !strings.Contains(text, b.UID) {
		t.Fatalf("%v\n%s", err, text)
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 {
			t.Errorf("line of %d octets: %s", len(line), line)
		}
		if strings.ToValidUTF8(line, "?") != line {
			t.Errorf("a character was cut in two: %q", line)
		}
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.Cancel(t.Context(), tx, b.ID, "改日") }); err != nil {
		t.Fatal(err)
	}
	if text, _ = s.RenderFeed(t.Context(), token); !strings.Contains(text, "STATUS:CANCELLED") || !strings.Contains(text, "SEQUENCE:1") {
		t.Error("the cancelled entry is not in the feed as cancelled")
	}
	feeds, err := s.Feeds(t.Context(), me, calendar.MediatorKind, 7)
	if err != nil || len(feeds) != 1 {
		t.Fatal(feeds, err)
	}
	if err := s.RevokeFeed(t.Context(), me, calendar.MediatorKind, 7, feeds[0].Key); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RenderFeed(t.Context(), token); !fault.Is(err, fault.NotFound) {
		t.Errorf("a revoked link still works: %v", err)
	}
}
