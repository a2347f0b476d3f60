package docket

import (
	"context"
	"sync"
	"time"

	"tiaojie/app/access"
	"tiaojie/db"
)

// maxPendingReads bounds what waits to be written; the note of a read must never
// slow down or fail the reading itself.
const maxPendingReads = 10_000

type caseRead struct {
	caseID, accountID int64
	at                time.Time
}

type readBuffer struct {
	mu      sync.Mutex
	pending []caseRead
}

// NoteRead notes that a member of staff opened the file of a case. It only keeps the
// note in memory; FlushReads, called by the server's loop and at its end, writes it.
func (s *Service) NoteRead(who access.Actor, caseID int64) {
	if !who.Staff() {
		return
	}
	s.reads.mu.Lock()
	defer s.reads.mu.Unlock()
	if len(s.reads.pending) < maxPendingReads {
		s.reads.pending = append(s.reads.pending, caseRead{caseID, who.AccountID, s.db.Now()})
	}
}

// FlushReads writes the noted reads and tells how many. After a failure the notes stay for the next run.
func (s *Service) FlushReads(ctx context.Context) (int, error) {
	s.reads.mu.Lock()
	taken := s.reads.pending
	s.reads.pending = nil
	s.reads.mu.Unlock()
	if len(taken) == 0 {
		return 0, nil
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, r := range taken {
			if _, err := tx.Exec(ctx, `INSERT INTO case_reads (case_id, account_id, at, day) VALUES (?,?,?,?)`,
				r.caseID, r.accountID, db.At(r.at), db.DayOf(r.at)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.reads.mu.Lock()
		s.reads.pending = append(taken, s.reads.pending...)
		s.reads.mu.Unlock()
		return 0, err
	}
	return len(taken), nil
}

// Read is one opening of a case file.
type Read struct {
	AccountID int64   `db:"account_id"`
	At        db.Time `db:"at"`
}

// Reads lists who opened the file of a case lately, newest first; for the leader.
func (s *Service) Reads(ctx context.Context, who access.Actor, key string) ([]Read, error) {
	if err := who.Check(access.CaseLead); err != nil {
		return nil, err
	}
	c, _, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return nil, err
	}
	var reads []Read
	return reads, s.db.Select(ctx, &reads, `SELECT account_id, at FROM case_reads WHERE case_id = ? ORDER BY id DESC LIMIT 200`, c.ID)
}
