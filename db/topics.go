package db

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"
)

// topics counts changes by subject so that an unchanged page can be answered
// before any query. On SQLite one process writes, so the counts live in memory;
// on PostgreSQL several machines do, so they are rows.
type topics struct {
	mu   sync.RWMutex
	n    map[string]int64
	all  int64 // bumped when another process changed the file
	boot int64 // counts start anew with the process
}

func (t *topics) bump(names []string) {
	if len(names) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[string]int64{}
	}
	for _, name := range names {
		t.n[name]++
	}
}

func (t *topics) bumpAll() {
	t.mu.Lock()
	t.all++
	t.mu.Unlock()
}

// Version gives a text that changes whenever a transaction touched one of the topics.
func (d *DB) Version(ctx context.Context, names ...string) (string, error) {
	if d.dialect == Postgres {
		return d.storedVersion(ctx, names)
	}
	t := &d.topics
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := make([]byte, 0, 48)
	out = strconv.AppendInt(out, t.boot, 36)
	out = append(out, '.')
	out = strconv.AppendInt(out, t.all, 36)
	for _, name := range names {
		out = append(out, '.')
		out = strconv.AppendInt(out, t.n[name], 36)
	}
	return string(out), nil
}

// versionWait bounds the read of versions, which comes before a request's own bounds.
const versionWait = 5 * time.Second

// seen keeps the versions of all topics as one request read them.
type seen struct {
	mu sync.Mutex
	n  map[string]int64 // nil: not read yet
}

type seenKey struct{}

// VersionsOnce gives the context of one request, in which the versions of all topics are
// read once: a page asks for those of sign-ins, names and hours one after the other. On
// SQLite they are in memory anyway.
func (d *DB) VersionsOnce(ctx context.Context) context.Context {
	if d.dialect != Postgres {
		return ctx
	}
	return context.WithValue(ctx, seenKey{}, &seen{})
}

// forgetSeen makes a request that wrote read the versions anew.
func forgetSeen(ctx context.Context) {
	if s, ok := ctx.Value(seenKey{}).(*seen); ok {
		s.mu.Lock()
		s.n = nil
		s.mu.Unlock()
	}
}

func (d *DB) storedVersion(ctx context.Context, names []string) (string, error) {
	s, ok := ctx.Value(seenKey{}).(*seen)
	if !ok {
		s = &seen{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == nil {
		ctx, cancel := context.WithTimeout(ctx, versionWait)
		defer cancel()
		var rows []struct {
			Topic string `db:"topic"`
			N     int64  `db:"n"`
		}
		if err := d.Select(ctx, &rows, `SELECT topic, n FROM topic_versions`); err != nil {
			return "", err
		}
		s.n = make(map[string]int64, len(rows))
		for _, r := range rows {
			s.n[r.Topic] = r.N
		}
	}
	out := make([]byte, 0, 48)
	for _, name := range names {
		out = strconv.AppendInt(append(out, '.'), s.n[name], 36)
	}
	return string(out), nil
}

// storeTouched writes the transaction's topics as rows, in one order for all
// transactions so that two of them can't wait for each other.
func (tx *Tx) storeTouched(ctx context.Context) error {
	for _, name := range sortedUnique(tx.touched) {
		_, err := tx.Exec(ctx, `INSERT INTO topic_versions (topic, n) VALUES (?, 1)
			ON CONFLICT (topic) DO UPDATE SET n = topic_versions.n + 1`, name)
		if err != nil {
			return err
		}
	}
	return nil
}

// Marks gives n placeholders for an IN list: "?, ?, ?"; "NULL" for none, which matches nothing.
func Marks(n int) string {
	if n <= 0 {
		return "NULL"
	}
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}
