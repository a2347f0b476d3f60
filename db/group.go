package db

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"tiaojie/app/fault"

	"github.com/jmoiron/sqlx"
)

// groupSize bounds how many waiting transactions share one commit.
const groupSize = 64

// queueWait bounds how long a transaction waits for its turn. It also ends the
// wait of a Write called inside a Write, which would otherwise wait for itself.
const queueWait = 15 * time.Second

// groupWriter owns SQLite's writer connection. It drains the waiting requests
// into one transaction, each behind a savepoint, commits once and then answers
// all: a durable commit costs a disk flush, and the flush is shared.
type groupWriter struct {
	db    *DB
	pool  *sqlx.DB
	conn  *sqlx.Conn
	queue chan *request
	done  chan struct{}
	stmts map[string]*sqlx.Stmt
}

type request struct {
	fn     func(*Tx) error
	tx     *Tx
	err    error
	state  atomic.Int32 // waiting, running, dropped
	answer chan struct{}
}

const (
	waiting int32 = iota
	running
	dropped
)

func newGroupWriter(d *DB, pool *sqlx.DB, conn *sqlx.Conn) *groupWriter {
	w := &groupWriter{db: d, pool: pool, conn: conn, queue: make(chan *request, groupSize),
		done: make(chan struct{}), stmts: map[string]*sqlx.Stmt{}}
	go w.run()
	return w
}

func (w *groupWriter) do(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	r := &request{fn: fn, answer: make(chan struct{})}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-r.answer:
	case <-ctx.Done():
		// Not begun yet: it never will be. Begun: its outcome is certain soon.
		if r.state.CompareAndSwap(waiting, dropped) {
			return nil, ctx.Err()
		}
		<-r.answer
	}
	return r.tx, r.err
}

func (w *groupWriter) close() error {
	close(w.queue)
	<-w.done
	_, err := w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, w.conn.Close(), w.pool.Close())
}

func (w *groupWriter) run() {
	defer close(w.done)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var seen int64
	for {
		select {
		case r, open := <-w.queue:
			if !open {
				return
			}
			w.commit(w.drain(r))
		case <-tick.C:
			w.noticeOthers(&seen)
		}
	}
}

// drain takes what is waiting already; it never sleeps to gather more.
func (w *groupWriter) drain(first *request) []*request {
	batch := []*request{first}
	for len(batch) < groupSize {
		select {
		case r, open := <-w.queue:
			if !open {
				return batch
			}
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

func (w *groupWriter) commit(batch []*request) {
	defer func() {
		for _, r := range batch {
			close(r.answer)
		}
	}()
	if err := w.raw("BEGIN IMMEDIATE"); err != nil {
		for _, r := range batch {
			r.err = err
		}
		return
	}
	alone := len(batch) == 1
	for _, r := range batch {
		w.step(r, alone)
	}
	end := "COMMIT"
	if alone && batch[0].err != nil {
		end = "ROLLBACK"
	}
	if err := w.raw(end); err != nil {
		_ = w.raw("ROLLBACK") // a failed commit leaves the transaction open; there may be none
		for _, r := range batch {
			r.err = errors.Join(r.err, err)
		}
		return
	}
	for _, r := range batch {
		if r.err == nil {
			w.db.topics.bump(r.tx.touched)
		}
	}
}

// step runs one request; behind a savepoint when it shares the commit.
func (w *groupWriter) step(r *request, alone bool) {
	if !r.state.CompareAndSwap(waiting, running) {
		r.err = context.Canceled
		return
	}
	if !alone {
		if r.err = w.raw("SAVEPOINT act"); r.err != nil {
			return
		}
	}
	r.tx = &Tx{Now: w.db.Now(), dialect: SQLite, exec: w.prepared, db: w.db}
	r.err = guarded(r.fn, r.tx)
	if alone {
		return
	}
	if r.err != nil {
		r.err = errors.Join(r.err, w.raw("ROLLBACK TO act"))
	}
	if err := w.raw("RELEASE act"); err != nil {
		r.err = errors.Join(r.err, err)
	}
}

// guarded keeps a panic inside one act: the writer must live on.
func guarded(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.Wrap(fmt.Errorf("panic in transaction: %v\n%s", p, debug.Stack()), fault.Internal, "系统出了点问题，请稍后再试")
		}
	}()
	return fn(tx)
}

func (w *groupWriter) raw(query string) error {
	_, err := w.conn.ExecContext(context.Background(), query)
	return err
}

// prepared runs on the writer's own connection, so it can't wait for itself.
func (w *groupWriter) prepared(query string) (statement, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	s, err := w.conn.PreparexContext(context.Background(), w.db.rebind(query))
	if err != nil {
		return nil, err
	}
	if len(w.stmts) >= maxStmts {
		for _, old := range w.stmts {
			_ = old.Close()
		}
		clear(w.stmts)
	}
	w.stmts[query] = s
	return s, nil
}

// noticeOthers sees that another process (a command beside the server) changed
// the file: data_version moves only by commits of other connections.
func (w *groupWriter) noticeOthers(seen *int64) {
	var v int64
	if err := w.conn.GetContext(context.Background(), &v, "PRAGMA data_version"); err != nil {
		return
	}
	if *seen != 0 && v != *seen {
		w.db.topics.bumpAll()
	}
	*seen = v
}
