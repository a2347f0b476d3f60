package db

import (
	"context"
	"database/sql"
	"time"

	"tiaojie/app/fault"
)

// Tx is a running transaction. Now is its one reading of the clock: everything
// written in one act carries the same instant.
type Tx struct {
	Now     time.Time
	dialect Dialect
	exec    func(query string) (statement, error)
	db      *DB
	after   []func()
	touched []string
}

// statement is a query of the transaction, ready to run.
type statement interface {
	GetContext(ctx context.Context, dest any, args ...any) error
	SelectContext(ctx context.Context, dest any, args ...any) error
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
}

// Day is the local date of the transaction.
func (tx *Tx) Day() string { return DayOf(tx.Now) }

// Dialect names the engine.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// Get reads one row into dest; no row is fault.NotFound.
func (tx *Tx) Get(ctx context.Context, dest any, query string, args ...any) error {
	s, err := tx.exec(query)
	if err != nil {
		return translate(err)
	}
	return translate(s.GetContext(context.WithoutCancel(ctx), dest, args...))
}

// Select reads all rows into the slice dest.
func (tx *Tx) Select(ctx context.Context, dest any, query string, args ...any) error {
	s, err := tx.exec(query)
	if err != nil {
		return translate(err)
	}
	return translate(s.SelectContext(context.WithoutCancel(ctx), dest, args...))
}

// Exec changes rows and tells how many.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := tx.exec(query)
	if err != nil {
		return 0, translate(err)
	}
	res, err := s.ExecContext(context.WithoutCancel(ctx), args...)
	if err != nil {
		return 0, translate(err)
	}
	return res.RowsAffected()
}

// Insert adds a row with a statement that ends in RETURNING id and gives the id.
func (tx *Tx) Insert(ctx context.Context, query string, args ...any) (int64, error) {
	var id int64
	err := tx.Get(ctx, &id, query, args...)
	return id, err
}

// Locking ends a SELECT whose rows nobody else may change, or select with Locking,
// until this transaction ends. SQLite has one writer and needs no words for it.
func (tx *Tx) Locking() string {
	if tx.dialect == Postgres {
		return " FOR NO KEY UPDATE"
	}
	return ""
}

// Swap runs a compare-and-set UPDATE (… WHERE id=? AND state=? AND version=?);
// touching no row means that somebody was quicker: fault.Conflict.
func (tx *Tx) Swap(ctx context.Context, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "这条内容刚刚被别人改过，请先看现在的内容再操作")
	}
	return nil
}

// After runs f once the transaction is durable, in the caller's goroutine.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Touch says that pages about these topics changed; see DB.Version.
func (tx *Tx) Touch(topics ...string) { tx.touched = append(tx.touched, topics...) }

// Claim takes an idempotency key in the transaction. first is false when a form
// with this key was already carried out; location is then where it led.
func (tx *Tx) Claim(ctx context.Context, key string) (location string, first bool, err error) {
	if key == "" {
		return "", false, fault.New(fault.Invalid, "表单已失效，请刷新页面再提交")
	}
	n, err := tx.Exec(ctx, `INSERT INTO idempotency (key, location, at) VALUES (?, '', ?) ON CONFLICT (key) DO NOTHING`,
		key, At(tx.Now))
	if err != nil || n == 1 {
		return "", n == 1, err
	}
	return location, false, tx.Get(ctx, &location, `SELECT location FROM idempotency WHERE key = ?`, key)
}

// Fulfil notes where a claimed form led, for its repetitions.
func (tx *Tx) Fulfil(ctx context.Context, key, location string) error {
	_, err := tx.Exec(ctx, `UPDATE idempotency SET location = ? WHERE key = ?`, location, key)
	return err
}
