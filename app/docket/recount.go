package docket

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Counting every running deadline anew takes longer than a page may: it is asked for, and a
// loop does it batch by batch. How far it came is a row, so that a restart goes on from there.

// Recount is one counting anew of the running deadlines.
type Recount struct {
	ID      int64   `db:"id"`
	AskedBy string  `db:"asked_by"`
	AskedAt db.Time `db:"asked_at"`
	Last    int64   `db:"last_clock"`
	Seen    int     `db:"seen"`
	Moved   int     `db:"moved"`
	DoneAt  db.Time `db:"done_at"`
}

const recountColumns = `id, asked_by, asked_at, last_clock, seen, moved, done_at`

// AskRecount has the running deadlines counted anew, for the workday table changed.
func (s *Service) AskRecount(ctx context.Context, who access.Actor) error {
	if err := who.Check(access.Settings); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO clock_recounts (asked_by, asked_at) VALUES (?,?)`, who.Name, db.At(tx.Now))
		if err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "clocks.recount", audit.Ref{Kind: "clocks"}, nil)
	})
}

// LastRecount reads how far the latest one is; ok is false when there never was one.
func (s *Service) LastRecount(ctx context.Context) (last Recount, ok bool, err error) {
	err = s.db.Get(ctx, &last, `SELECT `+recountColumns+` FROM clock_recounts ORDER BY id DESC LIMIT 1`)
	if fault.Is(err, fault.NotFound) {
		return last, false, nil
	}
	return last, err == nil, err
}

// RunRecounts carries out what was asked for and tells how many deadlines moved. The server calls it
// every few seconds; a batch and the note of it are one transaction.
func (s *Service) RunRecounts(ctx context.Context) (int, error) {
	moved := 0
	for {
		more, n := false, 0
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			more, n = false, 0
			var r Recount
			err := tx.Get(ctx, &r, `SELECT `+recountColumns+` FROM clock_recounts WHERE done_at IS NULL ORDER BY id LIMIT 1`+tx.Locking())
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			more = true
			seen, changed, last, err := s.recountSome(ctx, tx, r.Last)
			if err != nil {
				return err
			}
			n = changed
			done := db.Time{}
			if seen < recountBatch {
				done = db.At(tx.Now)
			}
			_, err = tx.Exec(ctx, `UPDATE clock_recounts SET last_clock = ?, seen = seen + ?, moved = moved + ?, done_at = ? WHERE id = ?`,
				last, seen, changed, done, r.ID)
			return err
		})
		if err != nil || !more {
			return moved, err
		}
		moved += n
	}
}
