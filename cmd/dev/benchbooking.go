package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"tiaojie/app"
	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/db"
)

// mostClients is the larger of the two loads of bookings.
const mostClients = 64

// books is a database whose calendar is filled with bookings, in this process: the rate
// of the transactions without HTTP. Each client has a room and a mediator of its own,
// open day and night, and takes hour after hour.
type books struct {
	*app.App
	resources [mostClients][]int64
	turn      [mostClients]int
	first     time.Time
}

func openBooks(ctx context.Context, dir string) (*books, error) {
	c, err := app.LoadConfig()
	if err != nil {
		return nil, err
	}
	c.Data, c.KeyFile, c.DatabaseURL = dir, filepath.Join(dir, "keys.json"), filepath.Join(dir, "books.db")
	a, err := app.Open(ctx, c, quietLog, true)
	if err != nil {
		return nil, err
	}
	k := &books{App: a, first: calendar.DayOf(a.DB.Now().AddDate(0, 0, 1)).At(0)}
	if err = a.Migrate(ctx); err == nil {
		err = a.DB.Write(ctx, k.furnish(ctx))
	}
	return k, err
}

func (k *books) furnish(ctx context.Context) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		var always []calendar.Rule
		for day := 1; day <= 7; day++ {
			always = append(always, calendar.Rule{Weekday: day, FromMin: 0, ToMin: 24 * 60, OnHolidays: true})
		}
		for i := range k.resources {
			for _, kind := range []calendar.Kind{calendar.RoomKind, calendar.MediatorKind} {
				id, err := k.Calendar.Ensure(ctx, tx, kind, int64(i+1), fmt.Sprint("测速", i+1), true)
				if err != nil {
					return err
				}
				if err := k.Calendar.PutRules(ctx, tx, id, always); err != nil {
					return err
				}
				k.resources[i] = append(k.resources[i], id)
			}
		}
		return nil
	}
}

// book is one act as the pages do it: hours, conflicts, booking, event, audit row.
func (k *books) book(ctx context.Context, client int) error {
	const perDay = 11 // two hours each, with the cleaning
	n := k.turn[client]
	k.turn[client]++
	start := k.first.AddDate(0, 0, n/perDay).Add(time.Duration(n%perDay) * 2 * time.Hour)
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		b, err := k.Calendar.Book(ctx, tx, calendar.Request{Kind: "mediation", Title: "测速", Start: start, End: start.Add(time.Hour),
			Resources: k.resources[client], Confirmed: true})
		if err != nil {
			return err
		}
		return k.Trail.Record(ctx, tx, access.System("测速"), "booking.bench", audit.Ref{Kind: "booking", Key: b.UID}, nil)
	})
}

// rate runs bookings from n clients and gives them per second.
func (k *books) rate(ctx context.Context, n int, d time.Duration) (float64, error) {
	var done atomic.Int64
	errs := make([]error, n)
	var wg sync.WaitGroup
	begun := time.Now()
	for i := range n {
		wg.Go(func() {
			for errs[i] == nil && time.Since(begun) < d {
				if errs[i] = k.book(ctx, i); errs[i] == nil {
					done.Add(1)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return float64(done.Load()) / time.Since(begun).Seconds(), nil
}

// commitRate is how often a second the disk takes one row for good: the same driver,
// journal and flush, one row per commit.
func commitRate(ctx context.Context, dir string, d time.Duration) (float64, error) {
	raw, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "commits.db")+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		return 0, err
	}
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	if _, err := raw.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS commits (id INTEGER PRIMARY KEY, words TEXT NOT NULL)`); err != nil {
		return 0, err
	}
	insert, err := raw.PrepareContext(ctx, `INSERT INTO commits (words) VALUES (?)`)
	if err != nil {
		return 0, err
	}
	defer insert.Close()
	n, begun := 0, time.Now()
	for ; time.Since(begun) < d; n++ {
		if _, err := insert.Exec("一行"); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}

// bookings compares durable bookings with bare commits in the same minute, on the data's disk.
func (b *benchmark) bookings(ctx context.Context) error {
	dir, err := os.MkdirTemp(b.dir, "bookings")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	k, err := openBooks(ctx, dir)
	if err != nil {
		return err
	}
	defer k.Close()
	aims := map[int]float64{8: .8, mostClients: 1.5}
	for _, n := range []int{8, mostClients} {
		var ratios, booked, bare []float64
		for range b.rounds {
			raw, err := commitRate(ctx, dir, b.span)
			if err != nil {
				return err
			}
			got, err := k.rate(ctx, n, b.span)
			if err != nil {
				return err
			}
			ratios, booked, bare = append(ratios, got/raw), append(booked, got), append(bare, raw)
		}
		b.row(fmt.Sprintf("bookings of %d clients / bare commits", n), median(ratios), aims[n], atLeast,
			fmt.Sprintf("%.0f : %.0f per s, in process", median(booked), median(bare)))
	}
	return nil
}
