package school

import (
	"context"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/school/textbook"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Note (批注) is a reader's own remark at a block of a chapter. Nobody else reads it.
type Note struct {
	ID         int64   `db:"id"`
	Key        string  `db:"key"`
	ChapterID  string  `db:"chapter_id"`
	EditionNo  int64   `db:"edition_no"`
	BlockHash  string  `db:"block_hash"`
	BlockIndex int64   `db:"block_index"`
	Quote      string  `db:"quote"`
	Sealed     []byte  `db:"note_sealed"`
	At         db.Time `db:"at"`
	Version    int64   `db:"version"`

	Text  string
	State textbook.AnchorState // in the edition it is shown in
}

func notePlace(key string) string { return "textbook_notes.note:" + key }

func (s *Service) openNotes(list []Note) error {
	for i := range list {
		var err error
		if list[i].Text, err = s.box.Open(notePlace(list[i].Key), list[i].Sealed); err != nil {
			return err
		}
	}
	return nil
}

// Placed finds the place of each note in a chapter as it is now: by block, and those
// whose words are gone.
func Placed(notes []Note, c textbook.Chapter) (at map[int][]Note, loose []Note) {
	at = map[int][]Note{}
	for _, n := range notes {
		if n.ChapterID != c.ID {
			continue
		}
		i, state := textbook.Reanchor(textbook.Anchor{Hash: n.BlockHash, Index: int(n.BlockIndex), Quote: n.Quote}, c.Blocks)
		n.State = state
		if i < 0 {
			loose = append(loose, n)
			continue
		}
		at[i] = append(at[i], n)
	}
	return at, loose
}

func checkNote(text string) error {
	switch {
	case text == "":
		return fault.At("note", "请写下批注")
	case utf8.RuneCountInString(text) > 2000:
		return fault.At("note", "批注最多2000字")
	}
	return nil
}

// AddNote keeps a note at a block of the edition that the page showed. quote are words of
// the block that the note is about; by them it finds its place when the block changes.
func (s *Service) AddNote(ctx context.Context, who access.Actor, idem, slug, chapter string, no int64, block int, quote, text string) error {
	p, err := s.readerAt(ctx, who, slug, chapter, no)
	if err != nil {
		return err
	}
	if block < 0 || block >= len(p.chapter.Blocks) {
		return fault.New(fault.NotFound, "这一章没有这一段")
	}
	b := p.chapter.Blocks[block]
	if err := checkNote(text); err != nil {
		return err
	}
	if quote != "" && !strings.Contains(strings.Join(strings.Fields(b.Text), ""), strings.Join(strings.Fields(quote), "")) {
		return fault.At("quote", "这几个字不在这一段里，请从上面照抄，或者留空")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			return err
		}
		key := seal.NewKey()
		if _, err := tx.Exec(ctx, `INSERT INTO textbook_notes (key, learner_id, textbook_id, chapter_id, edition_no, block_hash, block_index, quote, note_sealed, at)
			VALUES (?,?,?,?,?,?,?,?,?,?)`, key, p.learner.ID, p.edition.TextbookID, chapter, no, b.Hash, block, quote, s.box.Seal(notePlace(key), text), db.At(tx.Now)); err != nil {
			return err
		}
		return s.noteDone(ctx, tx, who, "note.add", key)
	})
}

func (s *Service) noteDone(ctx context.Context, tx *db.Tx, who access.Actor, verb, key string) error {
	return s.trail.Record(ctx, tx, who, verb, audit.Ref{Kind: "note", Key: key}, nil)
}

// ownNote finds one's own note; another's doesn't exist.
func (s *Service) ownNote(ctx context.Context, tx *db.Tx, who access.Actor, key string) (id int64, err error) {
	l, err := s.Self(ctx, tx, who)
	if err == nil {
		err = tx.Get(ctx, &id, `SELECT id FROM textbook_notes WHERE key = ? AND learner_id = ?`, key, l.ID)
	}
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "没有找到这条批注")
	}
	return id, err
}

// EditNote changes the words of one's own note; version is the note's on the page.
func (s *Service) EditNote(ctx context.Context, who access.Actor, key, text string, version int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.ownNote(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if err := checkNote(text); err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE textbook_notes SET note_sealed = ?, version = version + 1 WHERE id = ? AND version = ?`, s.box.Seal(notePlace(key), text), id, version); err != nil {
			return err
		}
		return s.noteDone(ctx, tx, who, "note.edit", key)
	})
}

// RemoveNote deletes one's own note.
func (s *Service) RemoveNote(ctx context.Context, who access.Actor, key string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.ownNote(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM textbook_notes WHERE id = ?`, id); err != nil {
			return err
		}
		return s.noteDone(ctx, tx, who, "note.remove", key)
	})
}
