// Package db is the engine: opening SQLite or PostgreSQL, one way to read, one
// way to write, migrations, full text, backup. Domains bring their own SQL, in
// one portable dialect with ? placeholders; what must differ between the engines
// stands here and nowhere else.
package db

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

// Dialect tells the engines apart; only this package should need to.
type Dialect string

const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Config says where the data is.
type Config struct {
	// URL is postgres://… or the path of a SQLite file.
	URL string
	// Clock gives the present instant; nil means the machine's clock.
	Clock func() time.Time
	// Mmap is how many bytes of a SQLite file readers may map; 0 means 256 MiB,
	// negative none. Mapped pages count against container limits.
	Mmap int64
	// Relaxed doesn't wait for the disk at each commit. Only for
	// filling a database that can be filled again (seed), never for serving.
	Relaxed bool
}

// Reader is what a query needs: the database, or the transaction one is in.
type Reader interface {
	// Get reads one row into dest; no row is fault.NotFound.
	Get(ctx context.Context, dest any, query string, args ...any) error
	// Select reads all rows into the slice dest.
	Select(ctx context.Context, dest any, query string, args ...any) error
	// Dialect names the engine.
	Dialect() Dialect
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect Dialect
	cfg     Config
	read    *sqlx.DB
	writer  writer
	clock   func() time.Time
	stmts   stmtCache
	topics  topics
	queries atomic.Int64
}

// writer runs transactions: one goroutine with grouped commits on SQLite, a pool on PostgreSQL.
type writer interface {
	do(ctx context.Context, fn func(*Tx) error) (*Tx, error)
	close() error
}

// Open connects; it does not migrate.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	d := &DB{cfg: cfg, clock: cfg.Clock}
	d.topics.boot = cfg.Clock().UnixNano()
	if isPostgres(cfg.URL) {
		d.dialect = Postgres
		return d, d.openPostgres(ctx)
	}
	d.dialect = SQLite
	return d, d.openSQLite(ctx)
}

// Close waits for running transactions and lets go of the connections.
func (d *DB) Close() error {
	err := d.writer.close()
	if rerr := d.read.Close(); err == nil {
		err = rerr
	}
	return err
}

// Dialect names the engine.
func (d *DB) Dialect() Dialect { return d.dialect }

// Now is the present instant in whole seconds UTC, by the injected clock.
func (d *DB) Now() time.Time { return d.clock().UTC().Truncate(time.Second) }

// Queries counts the statements read so far; tests hold pages to their budget with it.
func (d *DB) Queries() int64 { return d.queries.Load() }

// Get reads one row into dest; no row is fault.NotFound.
func (d *DB) Get(ctx context.Context, dest any, query string, args ...any) error {
	s, err := d.stmts.prepared(ctx, d.read, d.rebind(query))
	if err != nil {
		return translate(err)
	}
	d.queries.Add(1)
	return translate(s.GetContext(d.quiet(ctx), dest, args...))
}

// Select reads all rows into the slice dest.
func (d *DB) Select(ctx context.Context, dest any, query string, args ...any) error {
	s, err := d.stmts.prepared(ctx, d.read, d.rebind(query))
	if err != nil {
		return translate(err)
	}
	d.queries.Add(1)
	return translate(s.SelectContext(d.quiet(ctx), dest, args...))
}

// Rows streams the rows of a long query, for exports. The caller closes them.
func (d *DB) Rows(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	d.queries.Add(1)
	rows, err := d.read.QueryxContext(ctx, d.rebind(query), args...)
	return rows, translate(err)
}

// quiet drops cancellation on SQLite: the driver arms a watcher goroutine for
// each step of a cancellable query (+50 µs on a page of 50 rows), and every query
// here is a short indexed one.
func (d *DB) quiet(ctx context.Context) context.Context {
	if d.dialect == SQLite {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// Write runs fn in a transaction and returns after it is durably committed. fn
// must touch nothing but tx: no other Write, no slow work. It may run again on
// PostgreSQL after a serialization failure, so it must not have side effects
// outside tx; those go to tx.After.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	tx, err := d.writer.do(ctx, fn)
	if err != nil {
		return translate(err)
	}
	forgetSeen(ctx)
	for _, f := range tx.after {
		f()
	}
	return nil
}

// stmtCache keeps prepared statements: a third of a point read is its preparation.
type stmtCache struct {
	mu sync.RWMutex
	m  map[string]*sqlx.Stmt
}

// maxStmts bounds the cache; filters make many shapes of one list query.
const maxStmts = 400

func (c *stmtCache) prepared(ctx context.Context, pool *sqlx.DB, query string) (*sqlx.Stmt, error) {
	c.mu.RLock()
	s := c.m[query]
	c.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	s, err := pool.PreparexContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.m[query]; old != nil {
		_ = s.Close() // another goroutine was quicker; its statement serves
		return old, nil
	}
	if c.m == nil || len(c.m) >= maxStmts {
		c.m = map[string]*sqlx.Stmt{} // statements in use stay alive; the pool closes them
	}
	c.m[query] = s
	return s, nil
}
