package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

const defaultMmap = 256 << 20

var driverSeq atomic.Int64

// openSQLite opens one writer connection, owned by one goroutine, and a pool of
// readers. FULL makes each acknowledged act survive a power cut; the driver's
// default, NORMAL, does not.
func (d *DB) openSQLite(ctx context.Context) error {
	path := strings.TrimPrefix(strings.TrimPrefix(d.cfg.URL, "sqlite://"), "sqlite:")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	sync := "FULL"
	if d.cfg.Relaxed {
		sync = "OFF"
	}
	w, err := d.openPool(path, "&_journal_mode=WAL&_synchronous="+sync+"&_txlock=immediate&_secure_delete=on")
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	conn, err := w.Connx(ctx)
	if err != nil {
		return fmt.Errorf("db: can't open %s: %w", path, err)
	}
	if d.cfg.Relaxed {
		// A long filling touches the same pages of its indexes again and again: let them
		// wait in memory, and go into the file seldom.
		if _, err := conn.ExecContext(ctx, `PRAGMA cache_size = -200000; PRAGMA wal_autocheckpoint = 20000`); err != nil {
			return fmt.Errorf("db: %w", err)
		}
	}
	if d.read, err = d.openPool(path, "&mode=ro&_query_only=1"); err != nil {
		return err
	}
	readers := max(4, 2*runtime.NumCPU())
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.writer = newGroupWriter(d, w, conn)
	return nil
}

// openPool opens a pool whose every connection maps the file: mattn has no DSN
// key for mmap_size, and a setting made by Exec is lost when database/sql reopens.
func (d *DB) openPool(path, options string) (*sqlx.DB, error) {
	mmap := d.cfg.Mmap
	if mmap == 0 {
		mmap = defaultMmap
	}
	name := fmt.Sprintf("sqlite3_tiaojie_%d", driverSeq.Add(1))
	sql.Register(name, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		_, err := c.Exec(fmt.Sprintf("PRAGMA mmap_size=%d; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF", max(0, mmap)), nil)
		return err
	}})
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_busy_timeout=5000&_foreign_keys=on" + options
	pool, err := sql.Open(name, dsn)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	return sqlx.NewDb(pool, "sqlite3"), nil
}

// SQLitePath is the file behind a SQLite database, "" on PostgreSQL.
func (d *DB) SQLitePath() string {
	if d.dialect != SQLite {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(d.cfg.URL, "sqlite://"), "sqlite:")
}
