package calendar_test

import (
	"fmt"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func service(t testing.TB, d *db.DB) *calendar.Service {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	return calendar.New(d, box, audit.New(box))
}

// resource makes one that is open on weekdays from 9 to 12 and 14 to 18.
func resource(t testing.TB, d *db.DB, s *calendar.Service, kind calendar.Kind, ref int64) int64 {
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
	return calendar.Request{Kind: "mediation", Title: "调解", Start: from, End: to, Resources: ids}
}

func book(t testing.TB, d *db.DB, s *calendar.Service, r calendar.Request) (calendar.Booking, error) {
	var b calendar.Booking
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) { b, err = s.Book(t.Context(), tx, r); return err })
	return b, err
}

// act runs one step in a transaction of its own.
func act(t testing.TB, d *db.DB, f func(tx *db.Tx) error) error {
	t.Helper()
	return d.Write(t.Context(), f)
}

// me is the mediator with id 7.
var me = access.Actor{AccountID: 3, MediatorID: 7, Name: "调", Roles: []access.Role{access.Mediator}}

// plain is a SQLite database for what doesn't depend on the engine.
func plain(t testing.TB) (*db.DB, *dbtest.Clock, *calendar.Service) {
	d, clock := dbtest.SQLite(t)
	return d, clock, service(t, d)
}
