package docket

import (
	"context"

	"tiaojie/app/seal"
	"tiaojie/db"
)

// Kinds of sealed words.
const (
	WordsStory    = "story"    // what happened, by the applicant
	WordsAnswer   = "answer"   // the other side's account
	WordsReason   = "reason"   // why it was refused, ended, declined
	WordsReplace  = "replace"  // why a party wants another mediator
	WordsSuspend  = "suspend"  // why it stands still
	WordsAbsent   = "absent"   // how somebody who did not come was called
	WordsRegister = "register" // the clerk's note at the window
)

// Statement is a sealed text of a case, opened.
type Statement struct {
	Key     string  `db:"key"`
	PartyID int64   `db:"party_id"`
	Kind    string  `db:"kind"`
	At      db.Time `db:"at"`
	Sealed  []byte  `db:"sealed"`
	Text    string  `db:"-"`
}

// putWords seals a text of the case; an empty one leaves no row.
func (s *Service) putWords(ctx context.Context, tx *db.Tx, caseID, partyID int64, kind, text string) error {
	return s.putWordsAt(ctx, tx, db.At(tx.Now), caseID, partyID, kind, text)
}

// putWordsAt is putWords for a text that was said at another time, as a loaded case's was.
func (s *Service) putWordsAt(ctx context.Context, tx *db.Tx, at db.Time, caseID, partyID int64, kind, text string) error {
	if text == "" {
		return nil
	}
	key := seal.NewKey()
	_, err := tx.Exec(ctx, `INSERT INTO case_words (key, case_id, party_id, kind, at, sealed) VALUES (?,?,?,?,?,?)`,
		key, caseID, partyID, kind, at, s.box.Seal("case_words.sealed:"+key, text))
	return err
}

// openStatement opens a sealed text; the caller has checked the reader.
func (s *Service) openStatement(w *Statement) (err error) {
	w.Text, err = s.box.Open("case_words.sealed:"+w.Key, w.Sealed)
	return err
}
