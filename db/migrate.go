package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the schema to the newest version; each step in its own transaction.
func (d *DB) Migrate(ctx context.Context) error {
	p, done, err := d.provider()
	if err != nil {
		return err
	}
	defer done()
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("db: migrate: %w", err)
	}
	return nil
}

// Pending tells how many migrations are still to be applied.
func (d *DB) Pending(ctx context.Context) (int, error) {
	p, done, err := d.provider()
	if err != nil {
		return 0, err
	}
	defer done()
	steps, err := p.Status(ctx)
	if err != nil {
		return 0, fmt.Errorf("db: migrate: %w", err)
	}
	n := 0
	for _, step := range steps {
		if step.State == goose.StatePending {
			n++
		}
	}
	return n, nil
}

func (d *DB) provider() (*goose.Provider, func() error, error) {
	dialect := goose.DialectSQLite3
	if d.dialect == Postgres {
		dialect = goose.DialectPostgres
	}
	dir, err := fs.Sub(migrations, "migrations/"+string(d.dialect))
	if err != nil {
		return nil, nil, err
	}
	pool, err := d.migrationPool()
	if err != nil {
		return nil, nil, err
	}
	// Steps are numbered by the part that they belong to, so a later one may stand before some that are done.
	p, err := goose.NewProvider(dialect, pool, dir, goose.WithAllowOutofOrder(true))
	if err != nil {
		return nil, nil, fmt.Errorf("db: migrations: %w", err)
	}
	return p, pool.Close, nil
}

// migrationPool is separate: the writer's one connection is taken by its goroutine.
func (d *DB) migrationPool() (*sql.DB, error) {
	if d.dialect == Postgres {
		return sql.Open("pgx", d.cfg.URL)
	}
	pool, err := d.openPool(d.SQLitePath(), "&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	return pool.DB, nil
}

// MigrationNames lists the migration files of a dialect, in order; a test holds
// both folders equal.
func MigrationNames(dialect Dialect) ([]string, error) {
	entries, err := fs.ReadDir(migrations, "migrations/"+string(dialect))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".sql") {
			names = append(names, e.Name())
		}
	}
	sort.Strings(names)
	return names, nil
}
