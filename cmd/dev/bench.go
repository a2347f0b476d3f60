package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// benchmark measures the built server. Every figure is a ratio of two things measured
// in turns in one run: an absolute time says more about the machine than about the
// program. Pages are compared by the server's CPU time per request, since the load
// shares the cores with the server.
type benchmark struct {
	cases  int
	dir    string
	db     string // addresses of two empty PostgreSQL databases; "" for SQLite in the folders
	baseDB string
	rounds int
	span   time.Duration // how long one load lasts
	bin    string

	big, small *site // small holds smallCases, nil when cases is no more than that
	anchor     *process
	samples    map[string][]sample
	rows       []benchRow
}

// smallCases is what the growth of costs is counted from.
const smallCases = 10_000

// conns is how many connections the page loads keep busy.
const conns = 8

func bench(ctx context.Context, args []string) error {
	b := &benchmark{samples: map[string][]sample{}}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.IntVar(&b.cases, "cases", 100_000, "how many cases a new folder is filled with")
	f.StringVar(&b.dir, "data", filepath.Join(os.TempDir(), "tiaojie-bench"), "the folder; one that is filled is used as it is")
	f.StringVar(&b.db, "db", "", "address of a PostgreSQL database for the cases, empty or filled by an earlier run with the same folder")
	f.StringVar(&b.baseDB, "base-db", "", "another one, for the 10,000 cases that growth is counted from")
	f.IntVar(&b.rounds, "rounds", 5, "how often the loads are run in turns")
	f.DurationVar(&b.span, "span", 2*time.Second, "how long one load lasts")
	quick := f.Bool("quick", false, "one short round on 2,000 cases: does it run?")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *quick {
		b.cases, b.rounds, b.span = 2000, 1, 300*time.Millisecond
		b.dir = filepath.Join(b.dir, "quick")
	}
	return b.run(ctx)
}

func (b *benchmark) run(ctx context.Context) error {
	tmp, err := os.MkdirTemp("", "tiaojie-bench-bin")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	b.bin = filepath.Join(tmp, "tiaojie")
	if err := step(ctx, "go", "build", "-o", b.bin, "./cmd/tiaojie"); err != nil {
		return err
	}
	defer b.stop()
	parts := []func(context.Context) error{b.start, b.pages, b.signIns}
	if b.db == "" { // PostgreSQL groups commits itself
		parts = append(parts, b.bookings)
	}
	for _, part := range parts {
		if err := part(ctx); err != nil {
			return err
		}
	}
	b.print()
	return nil
}

func (b *benchmark) start(ctx context.Context) error {
	big := place{b.dir, b.db}
	if err := b.fill(ctx, big, b.cases); err != nil {
		return err
	}
	var err error
	if b.anchor, err = startAnchor(ctx, big); err != nil {
		return err
	}
	if b.big, err = startSite(ctx, b.bin, big); err != nil {
		return err
	}
	b.row("first page after the start, ms", float64(b.big.firstPage.Milliseconds()), 300, atMost, "")
	if b.cases = b.big.cases; b.cases <= smallCases {
		return nil
	}
	if b.db != "" && b.baseDB == "" {
		return nil
	}
	base := place{filepath.Clean(b.dir) + "-base", b.baseDB}
	if err := b.fill(ctx, base, smallCases); err != nil {
		return err
	}
	b.small, err = startSite(ctx, b.bin, base)
	return err
}

func (b *benchmark) stop() {
	b.anchor.stop()
	if b.big != nil {
		b.big.stop()
	}
	if b.small != nil {
		b.small.stop()
	}
}

// place is where a site's data are.
type place struct{ dir, db string }

// here makes the program and those it starts use the place.
func (p place) here() error {
	return errors.Join(os.Setenv("TIAOJIE_DATA", p.dir), os.Setenv("TIAOJIE_DATABASE_URL", p.db))
}

// fill seeds a place that isn't yet, and brings one that is up to date: the first page
// after the start is measured without a migration.
func (b *benchmark) fill(ctx context.Context, p place, cases int) error {
	if err := p.here(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(p.dir, "demo-password")); err == nil {
		return step(ctx, b.bin, "migrate", "--data", p.dir)
	}
	return step(ctx, b.bin, "seed", "--cases", fmt.Sprint(cases), "--data", p.dir)
}

// sense says which side of the aim is good.
type sense string

const (
	atLeast sense = ">="
	atMost  sense = "<="
	figure  sense = "" // shown, no aim
)

// benchRow is one line of the table.
type benchRow struct {
	name   string
	value  float64
	aim    float64
	sense  sense
	detail string
}

func (b *benchmark) row(name string, value, aim float64, s sense, detail string) {
	b.rows = append(b.rows, benchRow{name, value, aim, s, detail})
}

func (b *benchmark) print() {
	engine := "SQLite"
	if b.db != "" {
		engine = "PostgreSQL (CPU is the program's, without the database's)"
	}
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("\n%d cases, %d rounds of %s each, medians of the ratios\n%s; load of the machine at the end: %s\n", b.cases, b.rounds, b.span, engine, load)
	for _, r := range b.rows {
		aim, verdict := "", ""
		if r.sense != figure {
			aim, verdict = fmt.Sprintf("%s %.2f", r.sense, r.aim), "missed"
			if r.sense == atLeast && r.value >= r.aim || r.sense == atMost && r.value <= r.aim {
				verdict = "met"
			}
		}
		fmt.Printf("%-58s %9.2f  %-9s %-6s  %s\n", r.name, r.value, aim, verdict, r.detail)
	}
}
