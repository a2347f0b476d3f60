package calendar_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

var sysadmin = access.Actor{AccountID: 1, Name: "管", Roles: []access.Role{access.SysAdmin}}

func TestLeaveListsTheBookingsItHits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 7)
		if _, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), id)); err != nil {
			t.Fatal(err)
		}
		leave := calendar.Exception{Kind: "closed", FromAt: db.At(at(25, 0, 0)), ToAt: db.At(at(26, 0, 0)), Reason: "请假"}
		key, hit, err := s.AddException(t.Context(), me, seal.NewKey(), calendar.MediatorKind, 7, leave)
		if err != nil || len(hit) != 1 {
			t.Fatalf("%d bookings listed, %v", len(hit), err)
		}
		if _, err := book(t, d, s, request(at(25, 14, 0), at(25, 15, 0), id)); !fault.Is(err, fault.Invalid) {
			t.Errorf("booked during leave: %v", err)
		}
		other := access.Actor{AccountID: 4, MediatorID: 8, Roles: []access.Role{access.Mediator}}
		if _, err := s.RemoveException(t.Context(), other, calendar.MediatorKind, 7, key); !fault.Is(err, fault.NotFound) {
			t.Errorf("another mediator ended the leave: %v", err)
		}
		if _, err := s.RemoveException(t.Context(), me, calendar.MediatorKind, 7, key); err != nil {
			t.Fatal(err)
		}
		if _, err := book(t, d, s, request(at(25, 14, 0), at(25, 15, 0), id)); err != nil {
			t.Errorf("after the leave was taken back: %v", err)
		}
	})
}

// freeHours adds up the free time of one local day.
func freeHours(t *testing.T, d *db.DB, s *calendar.Service, id int64, day string) time.Duration {
	t.Helper()
	from := calendar.MustDay(day).At(0)
	const grain = 5 * time.Minute
	slots, _, err := s.FreeSlots(t.Context(), d, calendar.Query{Needs: []calendar.Need{{IDs: []int64{id}}},
		From: from, To: from.Add(24 * time.Hour), Length: grain, Step: grain})
	if err != nil {
		t.Fatal(err)
	}
	return grain * time.Duration(len(slots))
}

func TestFreeTimeFollowsHolidaysAndNotices(t *testing.T) {
	d, clock, s := plain(t)
	clock.Set(calendar.MustDay("2026-09-20").At(600))
	room := resource(t, d, s, calendar.RoomKind, 1) // 7 hours from Monday to Friday
	open, saturday := resource(t, d, s, calendar.RoomKind, 2), resource(t, d, s, calendar.MediatorKind, 3)
	if err := act(t, d, func(tx *db.Tx) error {
		if err := s.PutRules(t.Context(), tx, open, []calendar.Rule{{Weekday: 4, FromMin: 540, ToMin: 600, OnHolidays: true}}); err != nil {
			return err
		}
		return s.PutRules(t.Context(), tx, saturday, []calendar.Rule{{Weekday: 6, FromMin: 540, ToMin: 600}})
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, day string
		id        int64
		want      time.Duration
	}{
		{"weekday", "2026-09-21", room, 7 * time.Hour},
		{"National Day", "2026-10-01", room, 0},
		{"National Day, open on holidays", "2026-10-01", open, time.Hour},
		{"Saturday", "2026-09-26", room, 0},
		{"Saturday moved to work", "2026-10-10", room, 7 * time.Hour},
		{"Sunday moved to work", "2026-09-20", room, 7 * time.Hour},
		{"Saturday moved to work, for who works on Saturdays", "2026-10-10", saturday, time.Hour},
		{"ordinary Saturday, for who works on Saturdays", "2026-10-17", saturday, time.Hour},
		{"third day of May, of a year without notice", "2027-05-03", room, 7 * time.Hour},
		{"New Year of a year without notice", "2027-01-01", room, 0},
	} {
		if got := freeHours(t, d, s, c.id, c.day); got != c.want {
			t.Errorf("%s: %v free, want %v", c.name, got, c.want)
		}
	}
}

func TestAnOpenedTimeWinsOverHolidayAndClosing(t *testing.T) {
	d, clock, s := plain(t)
	clock.Set(calendar.MustDay("2026-09-20").At(600))
	id := resource(t, d, s, calendar.MediatorKind, 7)
	day := calendar.MustDay("2026-10-01")
	put := func(kind string, from, to int) string {
		e := calendar.Exception{Kind: kind, FromAt: db.At(day.At(from)), ToAt: db.At(day.At(to)), Reason: "值班"}
		key, _, err := s.AddException(t.Context(), me, seal.NewKey(), calendar.MediatorKind, 7, e)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	key := put("open", 9*60, 12*60)
	put("closed", 0, 24*60)
	if got := freeHours(t, d, s, id, "2026-10-01"); got != 3*time.Hour {
		t.Errorf("%v are open on the holiday", got)
	}
	if _, err := s.RemoveException(t.Context(), me, calendar.MediatorKind, 7, key); err != nil {
		t.Fatal(err)
	}
	if got := freeHours(t, d, s, id, "2026-10-01"); got != 0 {
		t.Errorf("%v are open after it was taken back", got)
	}
	if _, err := s.RemoveException(t.Context(), me, calendar.MediatorKind, 7, key); !fault.Is(err, fault.Conflict) {
		t.Errorf("taken back twice: %v", err)
	}
}

func TestAFormThatComesFiveTimesMakesOneRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		if _, err := book(t, d, s, request(at(25, 9, 0), at(25, 10, 0), resource(t, d, s, calendar.MediatorKind, 7))); err != nil {
			t.Fatal(err)
		}
		leave := calendar.Exception{Kind: "closed", FromAt: db.At(at(25, 0, 0)), ToAt: db.At(at(26, 0, 0)), Reason: "请假"}
		idem, link := seal.NewKey(), seal.NewKey()
		var wg sync.WaitGroup
		keys, tokens := make([]string, 5), make([]string, 5)
		for i := range 5 {
			wg.Go(func() {
				key, hit, err := s.AddException(t.Context(), me, idem, calendar.MediatorKind, 7, leave)
				if keys[i] = key; err != nil || len(hit) != 1 {
					t.Error(hit, err)
				}
				if tokens[i], err = s.NewFeed(t.Context(), me, link, calendar.MediatorKind, 7); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		left, err := s.ExceptionsOf(t.Context(), d, calendar.MediatorKind, 7, d.Now())
		if err != nil || len(left) != 1 || len(slices.Compact(keys)) != 1 || left[0].Key != keys[0] {
			t.Errorf("%d exceptions, keys %v, %v", len(left), keys, err)
		}
		feeds, err := s.Feeds(t.Context(), me, calendar.MediatorKind, 7)
		shown := slices.DeleteFunc(tokens, func(token string) bool { return token == "" })
		if err != nil || len(feeds) != 1 || len(shown) != 1 {
			t.Errorf("%d links, shown %d times, %v", len(feeds), len(shown), err)
		}
	})
}

func TestATakenBackOpeningListsItsBookings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 7)
		evening := calendar.Exception{Kind: "open", FromAt: db.At(at(25, 17, 0)), ToAt: db.At(at(25, 21, 0))}
		key, _, err := s.AddException(t.Context(), me, seal.NewKey(), calendar.MediatorKind, 7, evening)
		if err != nil {
			t.Fatal(err)
		}
		for _, hour := range []int{17, 19} { // the first lies within the weekly hours too
			if _, err := book(t, d, s, request(at(25, hour, 0), at(25, hour+1, 0), id)); err != nil {
				t.Fatal(err)
			}
		}
		hit, err := s.RemoveException(t.Context(), me, calendar.MediatorKind, 7, key)
		if err != nil || len(hit) != 1 || !hit[0].StartsAt.Equal(at(25, 19, 0)) {
			t.Errorf("hit %v, %v", hit, err)
		}
	})
}

func TestANoticeTellsTheBookingsItHits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 1)
		feast := calendar.MustDay("2027-02-08") // a Monday
		if _, err := book(t, d, s, request(feast.At(540), feast.At(600), id)); err != nil {
			t.Fatalf("booked before the notice is out: %v", err)
		}
		if _, err := s.EnterNotice(t.Context(), me, 2027, "演示", "2027-02-08,休,春节"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a mediator entered a notice: %v", err)
		}
		_, err := s.EnterNotice(t.Context(), sysadmin, 2027, "", "2027-02-30,休,春节")
		if f := fault.FieldsOf(err); f["source"] == "" || !strings.Contains(f["body"], "第 1 行") {
			t.Errorf("the form's problems: %v", f)
		}
		hits, err := s.EnterNotice(t.Context(), sysadmin, 2027, "演示通知", "2027-02-06..2027-02-12,休,春节\n2027-02-13,班,调休")
		if err != nil || len(hits) != 1 || hits[0].Day != feast || hits[0].Bookings != 1 {
			t.Errorf("hits %v, %v", hits, err)
		}
		if _, err := book(t, d, s, request(feast.At(600), feast.At(660), id)); !fault.Is(err, fault.Invalid) {
			t.Errorf("booked on the new holiday: %v", err)
		}
		if hits, err = s.EnterNotice(t.Context(), sysadmin, 2027, "演示通知", "2027-02-06..2027-02-12,休,春节"); err != nil || len(hits) != 0 {
			t.Errorf("a day that was a holiday already is listed: %v, %v", hits, err)
		}
	})
}

func TestNewWeeklyHoursListTheBookingsOutside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		id := resource(t, d, s, calendar.MediatorKind, 7)
		for _, hour := range []int{9, 15} {
			if _, err := book(t, d, s, request(at(25, hour, 0), at(25, hour+1, 0), id)); err != nil {
				t.Fatal(err)
			}
		}
		hit, err := s.SetRules(t.Context(), me, calendar.MediatorKind, 7, []calendar.Rule{{Weekday: 3, FromMin: 540, ToMin: 720}})
		if err != nil || len(hit) != 1 || !hit[0].StartsAt.Equal(at(25, 15, 0)) {
			t.Errorf("hit %v, %v", hit, err)
		}
		for name, rules := range map[string][]calendar.Rule{
			"backwards":   {{Weekday: 1, FromMin: 720, ToMin: 540}},
			"overlapping": {{Weekday: 1, FromMin: 540, ToMin: 720}, {Weekday: 1, FromMin: 700, ToMin: 800}},
			"eighth day":  {{Weekday: 8, FromMin: 540, ToMin: 720}},
			"past 24:00":  {{Weekday: 1, FromMin: 540, ToMin: 1441}},
		} {
			if _, err := s.SetRules(t.Context(), me, calendar.MediatorKind, 7, rules); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
