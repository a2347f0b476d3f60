package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tiaojie/app/fault"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func put(ctx context.Context, tx *db.Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)`, name, value, db.At(tx.Now))
	return err
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM settings`); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneFailedActLeavesTheOthersOfItsCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var wg sync.WaitGroup
		errs := make([]error, 60)
		for i := range errs {
			wg.Go(func() {
				errs[i] = d.Write(t.Context(), func(tx *db.Tx) error {
					if err := put(t.Context(), tx, fmt.Sprint("name", i), "x"); err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return fault.New(fault.Invalid, "no")
					case 2:
						panic("boom")
					}
					return nil
				})
			})
		}
		wg.Wait()
		for i, err := range errs {
			want := []fault.Code{"", fault.Invalid, fault.Internal}[i%3]
			if fault.CodeOf(err) != want {
				t.Fatalf("act %d: %v, want code %q", i, err, want)
			}
		}
		if n := count(t, d); n != 20 {
			t.Errorf("%d rows are there, want the 20 of the acts that succeeded", n)
		}
	})
}

func TestWriteInsideWriteEnds(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := d.Write(t.Context(), func(*db.Tx) error {
		return d.Write(ctx, func(*db.Tx) error { return nil })
	})
	if !fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v, want unavailable", err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, "a", "b") }); err != nil {
		t.Fatalf("the writer did not recover: %v", err)
	}
}

func TestAGivenUpActIsNeverCarriedOut(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	release, started := make(chan struct{}), make(chan struct{})
	go d.Write(context.Background(), func(*db.Tx) error { close(started); <-release; return nil })
	<-started
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- d.Write(ctx, func(tx *db.Tx) error { return put(context.Background(), tx, "late", "x") })
	}()
	cancel()
	if err := <-done; !fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v", err)
	}
	close(release)
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, "next", "x") }); err != nil {
		t.Fatal(err)
	}
	if n := count(t, d); n != 1 {
		t.Errorf("%d rows: the act was carried out after it was given up", n)
	}
}

func TestAFormIsCarriedOutOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var wg sync.WaitGroup
		places := make([]string, 5)
		for i := range places {
			wg.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					prior, first, err := tx.Claim(t.Context(), "form-1")
					if err != nil || !first {
						places[i] = prior
						return err
					}
					places[i] = "/done"
					if err := put(t.Context(), tx, fmt.Sprint("row", i), "x"); err != nil {
						return err
					}
					return tx.Fulfil(t.Context(), "form-1", "/done")
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if slices.ContainsFunc(places, func(p string) bool { return p != "/done" }) {
			t.Errorf("answers differ: %q", places)
		}
		if n := count(t, d); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

func TestErrorsBecomeFaults(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var s string
		if err := d.Get(t.Context(), &s, `SELECT value FROM settings WHERE name = ?`, "none"); !fault.Is(err, fault.NotFound) {
			t.Errorf("no row: %v", err)
		}
		twice := func(tx *db.Tx) error {
			return errors.Join(put(t.Context(), tx, "a", "1"), nil)
		}
		if err := d.Write(t.Context(), twice); err != nil {
			t.Fatal(err)
		}
		err := d.Write(t.Context(), twice)
		if !fault.Is(err, fault.Conflict) || !errors.Is(err, db.ErrUnique) {
			t.Errorf("second of a unique value: %v", err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Swap(t.Context(), `UPDATE settings SET value = 'x' WHERE name = ? AND version = ?`, "a", 9)
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("stale version: %v", err)
		}
	})
}

func TestVersionMovesWithItsTopicOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		version := func(topics ...string) string {
			v, err := d.Version(t.Context(), topics...)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		cases, both := version("cases"), version("rooms", "cases")
		touch := func(topic string, fail error) {
			_ = d.Write(t.Context(), func(tx *db.Tx) error { tx.Touch(topic); return fail })
		}
		touch("cases", errors.New("rolled back"))
		if version("cases") != cases {
			t.Error("a failed act moved the version")
		}
		touch("rooms", nil)
		if version("cases") != cases || version("rooms", "cases") == both {
			t.Error("a topic moved another's version, or not its own")
		}
	})
}

func TestSchemasAreEqual(t *testing.T) {
	a, err := db.MigrationNames(db.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := db.MigrationNames(db.Postgres)
	if !slices.Equal(a, b) {
		t.Fatalf("migrations differ:\nsqlite   %v\npostgres %v", a, b)
	}
	lite, _ := dbtest.SQLite(t)
	pg, _ := dbtest.Postgres(t)
	left, err := lite.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	right, err := pg.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(left)
	slices.Sort(right)
	for _, l := range left {
		if !slices.Contains(right, l) {
			t.Errorf("only on sqlite: %s", l)
		}
	}
	for _, r := range right {
		if !slices.Contains(left, r) {
			t.Errorf("only on postgres: %s", r)
		}
	}
}

// A part's step may carry a lower number than what a filled database has already done.
func TestAnEarlierStepThatCameLaterIsCarriedOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		pending := func() int {
			t.Helper()
			n, err := d.Pending(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := pending(); n != 0 {
			t.Fatalf("%d steps are missing from a new database", n)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, q := range []string{`DELETE FROM goose_db_version WHERE version_id = 5`, `DROP TABLE files`} {
				if _, err := tx.Exec(t.Context(), q); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := pending(); n != 1 {
			t.Fatalf("%d steps are pending, want the one that was taken back", n)
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM files`); err != nil || pending() != 0 {
			t.Error(err)
		}
	})
}

func TestBackupHoldsWhatWasAcknowledged(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	for i := range 20 {
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, fmt.Sprint(i), "x") }); err != nil {
			t.Fatal(err)
		}
	}
	path := t.TempDir() + "/copy.db"
	if err := d.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	copied, err := db.Open(t.Context(), db.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if n := count(t, copied); n != 20 {
		t.Errorf("the copy has %d rows, want 20", n)
	}
	if lines, err := copied.Check(t.Context()); err != nil || len(lines) > 0 {
		t.Errorf("the copy is damaged: %v %v", lines, err)
	}
}
