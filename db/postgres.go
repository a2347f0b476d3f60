package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

func isPostgres(u string) bool {
	return strings.HasPrefix(u, "postgres://") || strings.HasPrefix(u, "postgresql://")
}

// pgPool is how many connections each of the two pools may hold.
const pgPool = 8

func (d *DB) openPostgres(ctx context.Context) error {
	c, err := pgx.ParseConfig(d.cfg.URL)
	if err != nil {
		return fmt.Errorf("db: the address of PostgreSQL: %w", err)
	}
	if d.cfg.Relaxed {
		c.RuntimeParams["synchronous_commit"] = "off"
	}
	open := func() (*sqlx.DB, error) {
		pool := sqlx.NewDb(stdlib.OpenDB(*c), "pgx")
		if err := pool.PingContext(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("db: can't reach PostgreSQL: %w", err), pool.Close())
		}
		pool.SetMaxOpenConns(pgPool)
		pool.SetMaxIdleConns(pgPool)
		pool.SetConnMaxLifetime(30 * time.Minute)
		return pool, nil
	}
	if d.read, err = open(); err != nil {
		return err
	}
	w, err := open()
	if err != nil {
		return errors.Join(err, d.read.Close())
	}
	d.writer = &poolWriter{db: d, pool: w}
	return nil
}

// poolWriter runs transactions side by side; PostgreSQL groups commits itself,
// and a single writer would only add round trips.
type poolWriter struct {
	db   *DB
	pool *sqlx.DB
	wg   sync.WaitGroup
}

// maxRetries bounds the repetitions after a serialization failure or a deadlock.
const maxRetries = 4

func (w *poolWriter) do(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	w.wg.Add(1)
	defer w.wg.Done()
	for try := 0; ; try++ {
		tx, err := w.once(ctx, fn)
		if err == nil || try == maxRetries || !retryable(err) {
			return tx, err
		}
	}
}

// retryable tells a failure after which nothing was written and a repetition can succeed.
func retryable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

func (w *poolWriter) once(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	t, err := w.pool.BeginTxx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer t.Rollback() // after a commit this does nothing
	tx := &Tx{Now: w.db.Now(), dialect: Postgres, db: w.db}
	tx.exec = func(query string) (statement, error) { return unprepared{t, w.db.rebind(query)}, nil }
	if err := guarded(fn, tx); err != nil {
		return nil, err
	}
	if err := tx.storeTouched(ctx); err != nil {
		return nil, err
	}
	return tx, t.Commit()
}

// unprepared leaves preparing to pgx, which keeps the statements of a connection. Preparing
// here would cost two more round trips for each, to make it and to let it go.
type unprepared struct {
	*sqlx.Tx
	query string
}

func (u unprepared) GetContext(ctx context.Context, dest any, args ...any) error {
	return u.Tx.GetContext(ctx, dest, u.query, args...)
}

func (u unprepared) SelectContext(ctx context.Context, dest any, args ...any) error {
	return u.Tx.SelectContext(ctx, dest, u.query, args...)
}

func (u unprepared) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return u.Tx.ExecContext(ctx, u.query, args...)
}

func (w *poolWriter) close() error {
	w.wg.Wait()
	return w.pool.Close()
}
