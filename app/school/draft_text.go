package school

import (
	"context"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school/textbook"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// SavedText is what became of a text that was sent. With Rival set it did not become the
// chapter's text: somebody else had saved meanwhile. It is kept, and a page shows both.
type SavedText struct {
	Version int64
	At      db.Time
	Rival   string
}

// draftText is a text that a chapter has or had, or that lost a race.
type draftText struct {
	ChapterID int64   `db:"chapter_id"`
	Version   int64   `db:"version"`
	Rival     bool    `db:"rival"`
	Key       string  `db:"key"`
	Body      string  `db:"body"`
	AccountID int64   `db:"account_id"`
	EditedBy  string  `db:"edited_by"`
	EditedAt  db.Time `db:"edited_at"`
}

const draftTextColumns = `chapter_id, version, rival, key, body, account_id, edited_by, edited_at`

// textsKept is how many former texts of a chapter stay to merge with.
const textsKept = 200

func keepText(ctx context.Context, tx *db.Tx, who access.Actor, t draftText) (string, error) {
	t.Key = seal.NewKey()
	if _, err := tx.Exec(ctx, `INSERT INTO textbook_draft_texts (`+draftTextColumns+`) VALUES (?,?,?,?,?,?,?,?)`, t.ChapterID, t.Version, t.Rival, t.Key, t.Body,
		who.AccountID, who.Name, db.At(tx.Now)); err != nil {
		return "", err
	}
	_, err := tx.Exec(ctx, `DELETE FROM textbook_draft_texts WHERE chapter_id = ? AND NOT rival AND version <= ?`, t.ChapterID, t.Version-textsKept)
	return t.Key, err
}

// SaveText stores the text of a chapter as a device sends it. The same text again changes
// nothing; a text based on an older version is kept as a rival and never overwrites.
func (s *Service) SaveText(ctx context.Context, who access.Actor, slug, chapter, body string, version int64) (SavedText, error) {
	var out SavedText
	body = strings.ReplaceAll(body, "\r\n", "\n") // browsers differ; the difference page must not
	if len(body) > textbook.MaxChapter {
		return out, fault.At("body", "这一章太长了，请分成几章")
	}
	err := s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		c, err := d.Chapter(chapter)
		if err != nil {
			return err
		}
		out = SavedText{At: db.At(tx.Now), Version: c.Version}
		switch {
		case c.Body == body:
			return nil
		case c.Version != version:
			out.Rival, err = keepRivalText(ctx, tx, who, draftText{ChapterID: c.ID, Version: version, Rival: true, Body: body})
			return err
		}
		out.Version++
		return s.setText(ctx, tx, who, c, body)
	})
	return out, err
}

func (s *Service) setText(ctx context.Context, tx *db.Tx, who access.Actor, c DraftChapter, body string) error {
	if err := tx.Swap(ctx, `UPDATE textbook_draft_chapters SET body = ?, version = version + 1, edited_by = ?, edited_at = ? WHERE id = ? AND version = ?`,
		body, who.Name, db.At(tx.Now), c.ID, c.Version); err != nil {
		return err
	}
	_, err := keepText(ctx, tx, who, draftText{ChapterID: c.ID, Version: c.Version + 1, Body: body})
	return err
}

// keepRivalText stores the losing text, one for each account and chapter: further typing
// on the stale device replaces it.
func keepRivalText(ctx context.Context, tx *db.Tx, who access.Actor, t draftText) (string, error) {
	var key string
	err := tx.Get(ctx, &key, `SELECT key FROM textbook_draft_texts WHERE chapter_id = ? AND rival AND settled_at IS NULL AND account_id = ? AND version = ?
		ORDER BY id DESC LIMIT 1`, t.ChapterID, who.AccountID, t.Version)
	if fault.Is(err, fault.NotFound) {
		return keepText(ctx, tx, who, t)
	}
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE textbook_draft_texts SET body = ?, edited_at = ? WHERE key = ?`, t.Body, db.At(tx.Now), key)
	return key, err
}

// Clash (两处都改过) is a text that wasn't saved beside the one that was.
type Clash struct {
	Chapter DraftChapter
	Key     string
	Mine    string // the text that wasn't taken
	By      string
	At      db.Time
	Regions []textbook.Region
}

// Clash opens the page of a rival text, merged as far as it merges by itself.
func (s *Service) Clash(ctx context.Context, who access.Actor, slug, chapter, key string) (Clash, error) {
	d, err := s.DraftOf(ctx, s.db, who, slug)
	if err != nil {
		return Clash{}, err
	}
	return clashOf(ctx, s.db, d, chapter, key)
}

func clashOf(ctx context.Context, r db.Reader, d Draft, chapter, key string) (Clash, error) {
	c, err := d.Chapter(chapter)
	if err != nil {
		return Clash{}, err
	}
	var rival draftText
	err = r.Get(ctx, &rival, `SELECT `+draftTextColumns+` FROM textbook_draft_texts WHERE key = ? AND chapter_id = ? AND rival AND settled_at IS NULL`, key, c.ID)
	if fault.Is(err, fault.NotFound) {
		return Clash{}, fault.New(fault.NotFound, "这份文字已经处理过了")
	}
	if err != nil {
		return Clash{}, err
	}
	var base string
	err = r.Get(ctx, &base, `SELECT body FROM textbook_draft_texts WHERE chapter_id = ? AND version = ? AND NOT rival`, c.ID, rival.Version)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Clash{}, err
	}
	return Clash{Chapter: c, Key: key, Mine: rival.Body, By: rival.EditedBy, At: rival.EditedAt, Regions: textbook.Merge(base, c.Body, rival.Body)}, nil
}

// Joined is both texts in one: what merges by itself, and of each conflict both sides as
// paragraphs of their own.
func (c Clash) Joined() string {
	return textbook.Merged(c.Regions, func(r textbook.Region) []string { return slices.Concat(r.Theirs, []string{""}, r.Mine) })
}

// Settle ends a clash with the text that a person made of both; version is the one that was on the page.
func (s *Service) SettleText(ctx context.Context, who access.Actor, slug, chapter, key, body string, version int64) error {
	body = strings.ReplaceAll(body, "\r\n", "\n")
	return s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		x, err := clashOf(ctx, tx, d, chapter, key)
		if err != nil {
			return err
		}
		if x.Chapter.Version != version {
			return fault.New(fault.Conflict, "这一章刚刚又被改过，请再看一次差别")
		}
		if body != x.Chapter.Body {
			if err := s.setText(ctx, tx, who, x.Chapter, body); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE textbook_draft_texts SET settled_at = ? WHERE key = ?`, db.At(tx.Now), key); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.merge", slug, map[string]string{"chapter": chapter})
	})
}

// Clashes lists the keys of texts of a chapter that wait to be merged.
func (s *Service) Clashes(ctx context.Context, who access.Actor, c DraftChapter) ([]string, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var out []string
	return out, s.db.Select(ctx, &out, `SELECT key FROM textbook_draft_texts WHERE chapter_id = ? AND rival AND settled_at IS NULL ORDER BY id`, c.ID)
}
