package db

import (
	"context"
	"strconv"
	"strings"
	"sync"
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

func (d *DB) storedVersion(ctx context.Context, names []string) (string, error) {
	args := make([]any, len(names))
	for i, n := range names {
		args[i] = n
	}
	var sum int64
	err := d.Get(ctx, &sum, `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM topic_versions WHERE topic IN (`+Marks(len(names))+`)`, args...)
	return strconv.FormatInt(sum, 36), err
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
