// Package dbtest gives tests a migrated database of their own, on both engines.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiaojie/db"
)

// Now is the instant at which test clocks stand: Tuesday 2026-11-24 10:00 in Shanghai.
var Now = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

// Clock is a clock that a test moves. It is safe for concurrent use.
type Clock struct{ at atomic.Int64 }

// NewClock makes a clock that stands at Now.
func NewClock() *Clock {
	c := &Clock{}
	c.at.Store(Now.Unix())
	return c
}

// Now reads the clock; pass the method as db.Config.Clock.
func (c *Clock) Now() time.Time { return time.Unix(c.at.Load(), 0).UTC() }

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) { c.at.Add(int64(d / time.Second)) }

// Set puts the clock to an instant.
func (c *Clock) Set(t time.Time) { c.at.Store(t.Unix()) }

// Each runs the test on SQLite and on PostgreSQL, each with its own empty,
// migrated database and a clock that stands at Now until the test moves it.
func Each(t *testing.T, f func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		d, clock := SQLite(t)
		f(t, d, clock)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		d, clock := Postgres(t)
		f(t, d, clock)
	})
}

// SQLite gives an empty migrated SQLite database.
func SQLite(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	raw, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("sqlite template: %v", err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// sqliteTemplate migrates once per test binary; a copy is quicker than migrating.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tiaojie-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(url string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: url, Relaxed: true})
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	return d.Close()
}

func open(t testing.TB, url string) (*db.DB, *Clock) {
	t.Helper()
	clock := NewClock()
	d, err := db.Open(t.Context(), db.Config{URL: url, Clock: clock.Now})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d, clock
}

var pgSeq atomic.Int64

// Postgres gives an empty migrated PostgreSQL database, as PostgresURL makes it.
func Postgres(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL makes an empty migrated PostgreSQL database: in the cluster of
// TEST_POSTGRES_URL, else in a private one started from the installed binaries.
// Without either the test is skipped, but under CI it fails.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base, err := pgTemplate()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("PostgreSQL is needed under CI: %v", err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), pgSeq.Add(1))
	if err := pgExec(base.admin, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, base.name)); err != nil {
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() { _ = pgExec(base.admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return withDatabase(base.admin, name)
}

func withDatabase(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic(err)
	}
	u.Path = "/" + name
	return u.String()
}
