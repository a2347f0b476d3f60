package school

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/school/textbook"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Draft (草稿) is the next edition of a textbook while it is written.
type Draft struct {
	ID          int64   `db:"id"`
	TextbookID  int64   `db:"textbook_id"`
	Slug        string  `db:"slug"`
	State       string  `db:"state"` // writing, review
	MetaText    string  `db:"meta"`
	Notes       string  `db:"notes"`    // what it changes, a line for each
	Returned    string  `db:"returned"` // why the review sent it back
	SubmittedBy string  `db:"submitted_by"`
	SubmitterID int64   `db:"submitter_id"`
	StartedBy   string  `db:"started_by"`
	StartedAt   db.Time `db:"started_at"`
	Version     int64   `db:"version"`

	Meta     textbook.Meta
	Chapters []DraftChapter // in order, those taken out too
}

// Writing tells whether it can be changed.
func (d Draft) Writing() bool { return d.State == "writing" }

// StateLabel is the state in words.
func (d Draft) StateLabel() string {
	if d.Writing() {
		return "编写中"
	}
	return "已送审"
}

// DraftChapter is a chapter of a draft.
type DraftChapter struct {
	ID           int64   `db:"id"`
	DraftID      int64   `db:"draft_id"`
	Pos          int64   `db:"pos"`
	ChapterID    string  `db:"chapter_id"`
	FrontText    string  `db:"front"`
	FrontVersion int64   `db:"front_version"`
	Body         string  `db:"body"`
	Version      int64   `db:"version"`
	Removed      bool    `db:"removed"`
	EditedBy     string  `db:"edited_by"`
	EditedAt     db.Time `db:"edited_at"`

	Front textbook.Front
}

// Parsed reads the chapter as the book will have it, with what is wrong; lines count in the text.
func (c DraftChapter) Parsed() (textbook.Chapter, textbook.Problems) {
	source, first := textbook.Join(c.FrontText, c.Body)
	ch, problems := textbook.ParseChapter(c.file(1), []byte(source))
	for i := range problems {
		problems[i].Line -= first - 1
	}
	return ch, problems
}

func (c DraftChapter) file(place int) string { return fmt.Sprintf("%02d-%s.md", place, c.ChapterID) }

const draftChapterColumns = `id, draft_id, pos, chapter_id, front, front_version, body, version, removed, edited_by, edited_at`

// DraftOf reads the draft of a textbook; fault.NotFound when none is being written.
func (s *Service) DraftOf(ctx context.Context, r db.Reader, who access.Actor, slug string) (Draft, error) {
	var d Draft
	if err := who.Check(access.School); err != nil {
		return d, err
	}
	err := r.Get(ctx, &d, `SELECT d.id, d.textbook_id, t.slug, d.state, d.meta, d.notes, d.returned, d.submitted_by, d.submitter_id, d.started_by, d.started_at, d.version
		FROM textbook_drafts d JOIN textbooks t ON t.id = d.textbook_id WHERE t.slug = ?`, slug)
	if fault.Is(err, fault.NotFound) {
		return d, fault.New(fault.NotFound, "这本教材没有正在编写的新版")
	}
	if err != nil {
		return d, err
	}
	if err := r.Select(ctx, &d.Chapters, `SELECT `+draftChapterColumns+` FROM textbook_draft_chapters WHERE draft_id = ? ORDER BY pos, id`, d.ID); err != nil {
		return d, err
	}
	d.Meta, _ = textbook.ParseMeta(d.MetaText)
	for i := range d.Chapters {
		d.Chapters[i].Front, _ = textbook.ParseFront(d.Chapters[i].FrontText)
	}
	return d, nil
}

// Chapter finds a chapter of the draft.
func (d Draft) Chapter(id string) (DraftChapter, error) {
	i := slices.IndexFunc(d.Chapters, func(c DraftChapter) bool { return c.ChapterID == id })
	if i < 0 {
		return DraftChapter{}, fault.New(fault.NotFound, "草稿里没有这一章")
	}
	return d.Chapters[i], nil
}

// Shelved (书目) is a textbook on the trainer's list: its current edition, its draft, or both.
type Shelved struct {
	Slug    string `db:"slug"`
	Title   string `db:"title"`
	No      int64  `db:"no"`
	State   string `db:"state"`
	Chapter int    `db:"chapters"`
}

// Shelf lists all textbooks for the trainer.
func (s *Service) Shelf(ctx context.Context, who access.Actor) ([]Shelved, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var out []Shelved
	return out, s.db.Select(ctx, &out, `SELECT t.slug, t.title, COALESCE(MAX(e.no), 0) AS no, COALESCE(MAX(d.state), '') AS state,
		COALESCE((SELECT COUNT(*) FROM textbook_chapters c JOIN textbook_editions l ON l.id = c.edition_id WHERE l.textbook_id = t.id
			AND l.no = (SELECT MAX(no) FROM textbook_editions WHERE textbook_id = t.id)), 0) AS chapters
		FROM textbooks t LEFT JOIN textbook_editions e ON e.textbook_id = t.id LEFT JOIN textbook_drafts d ON d.textbook_id = t.id
		GROUP BY t.id, t.slug, t.title ORDER BY t.title, t.id`)
}

// BookFacts are what the form of a book carries.
type BookFacts struct {
	Title, Subtitle, Organiser, Licence, Summary string
	Authors                                      []string
}

func (in BookFacts) check() error {
	f := fault.Form{}
	f.Check(in.Title != "", "title", "请填写书名")
	f.Check(utf8.RuneCountInString(in.Title) <= 60, "title", "书名最多60个字")
	f.Check(len(in.Authors) > 0, "authors", "请填写作者，每行一位")
	f.Check(in.Organiser != "", "organiser", "请填写主办单位")
	f.Check(in.Licence != "", "licence", "请写明别人能怎样使用，如“内部学习资料”")
	f.Check(utf8.RuneCountInString(in.Summary) <= 500, "summary", "内容简介最多500字")
	return f.Err()
}

func (in BookFacts) onto(m textbook.Meta) textbook.Meta {
	m.Title, m.Subtitle, m.Organiser, m.Licence, m.Summary, m.Authors = in.Title, in.Subtitle, in.Organiser, in.Licence, in.Summary, in.Authors
	return m
}

// NewBook begins a textbook, with an empty draft of its first edition.
func (s *Service) NewBook(ctx context.Context, who access.Actor, idem string, in BookFacts) (slug string, err error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		prior, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			slug = prior
			return err
		}
		slug = "b-" + seal.NewKey()
		id, err := insertTextbook(ctx, tx, slug, in.Title)
		if err != nil {
			return err
		}
		m := in.onto(textbook.Meta{Slug: slug, Language: "zh-CN"})
		if _, err := s.insertDraft(ctx, tx, who, id, m); err != nil {
			return err
		}
		if err := s.drafted(ctx, tx, who, "textbook.new", slug, nil); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, slug)
	})
	return slug, err
}

func (s *Service) insertDraft(ctx context.Context, tx *db.Tx, who access.Actor, textbookID int64, m textbook.Meta) (int64, error) {
	m.Order = nil
	return tx.Insert(ctx, `INSERT INTO textbook_drafts (textbook_id, meta, started_by, started_at) VALUES (?,?,?,?) RETURNING id`, textbookID, m.Text(), who.Name, db.At(tx.Now))
}

// drafted finishes an act on a draft.
func (s *Service) drafted(ctx context.Context, tx *db.Tx, who access.Actor, verb, slug string, detail any) error {
	tx.Touch(booksTopic)
	return s.trail.Record(ctx, tx, who, verb, audit.Ref{Kind: "textbook", Key: slug}, detail)
}

// StartDraft begins the next edition with the text of the current one. When one is being
// written already, that is it.
func (s *Service) StartDraft(ctx context.Context, who access.Actor, slug string) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	e, err := s.Book(ctx, slug)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var known int
		if err := tx.Get(ctx, &known, `SELECT COUNT(*) FROM textbook_drafts WHERE textbook_id = ?`, e.TextbookID); err != nil || known > 0 {
			return err
		}
		id, err := s.insertDraft(ctx, tx, who, e.TextbookID, e.Book.Meta)
		if err != nil {
			return err
		}
		for i, c := range e.Book.Chapters {
			front, body := textbook.Split(c.Source)
			if err := insertDraftChapter(ctx, tx, who, DraftChapter{DraftID: id, Pos: int64(i + 1), ChapterID: c.ID, FrontText: front, Body: body}); err != nil {
				return err
			}
		}
		return s.drafted(ctx, tx, who, "textbook.draft", slug, map[string]any{"after": e.No})
	})
}

func insertDraftChapter(ctx context.Context, tx *db.Tx, who access.Actor, c DraftChapter) error {
	id, err := tx.Insert(ctx, `INSERT INTO textbook_draft_chapters (draft_id, pos, chapter_id, front, body, edited_by, edited_at) VALUES (?,?,?,?,?,?,?) RETURNING id`,
		c.DraftID, c.Pos, c.ChapterID, c.FrontText, c.Body, who.Name, db.At(tx.Now))
	if err != nil {
		return err
	}
	_, err = keepText(ctx, tx, who, draftText{ChapterID: id, Version: 1, Body: c.Body})
	return err
}

// onDraft runs one act on a draft that is being written.
func (s *Service) onDraft(ctx context.Context, who access.Actor, slug string, act func(tx *db.Tx, d Draft) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := s.DraftOf(ctx, tx, who, slug)
		if err != nil {
			return err
		}
		if !d.Writing() {
			return fault.New(fault.Conflict, "这一版已经送审，不能再改；要改请先退回")
		}
		return act(tx, d)
	})
}

// EditBook changes what the draft says of the book; version is the draft's on the page.
func (s *Service) EditBook(ctx context.Context, who access.Actor, slug string, in BookFacts, version int64) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		if err := tx.Swap(ctx, `UPDATE textbook_drafts SET meta = ?, version = version + 1 WHERE id = ? AND version = ?`, in.onto(d.Meta).Text(), d.ID, version); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.edit", slug, nil)
	})
}

// Discard throws the draft away. The published editions stay; a book that was never
// published goes altogether.
func (s *Service) Discard(ctx context.Context, who access.Actor, slug string, version int64) error {
	return s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		if err := tx.Swap(ctx, `DELETE FROM textbook_drafts WHERE id = ? AND version = ?`, d.ID, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM textbooks WHERE id = ? AND NOT EXISTS (SELECT 1 FROM textbook_editions WHERE textbook_id = ?)`, d.TextbookID, d.TextbookID); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.discard", slug, nil)
	})
}

// ChapterFacts are what the form of a chapter carries besides its text.
type ChapterFacts struct {
	Title      string
	Minutes    int
	Objectives []string
	Laws       []string // 《人民调解法》第二十二条
	Tags       []string
	Steps      []string
}

func (in ChapterFacts) front(id string) (textbook.Front, error) {
	f := fault.Form{}
	f.Check(in.Title != "", "title", "请填写章的标题")
	f.Check(utf8.RuneCountInString(in.Title) <= 60, "title", "标题最多60个字")
	f.Check(in.Minutes >= 1 && in.Minutes <= 600, "minutes", "学习时长请填1到600分钟")
	out := textbook.Front{ID: id, Title: in.Title, Minutes: in.Minutes, Objectives: in.Objectives, Tags: in.Tags, Steps: in.Steps}
	for _, l := range in.Laws {
		law, ok := lawOf(l)
		f.Check(ok, "laws", "“"+l+"”请写成“《人民调解法》第二十二条”的样子，每行一条")
		out.Laws = append(out.Laws, law)
	}
	for _, x := range in.Steps {
		f.Check(StepLabel(x) != "", "steps", "没有这一步")
	}
	return out, f.Err()
}

// lawOf reads 《人民调解法》第二十二条, with or without the marks.
func lawOf(text string) (textbook.Law, bool) {
	name, article, ok := strings.Cut(strings.TrimPrefix(text, "《"), "》")
	if !ok {
		at := strings.Index(text, "第")
		if at < 0 {
			return textbook.Law{}, false
		}
		name, article = text[:at], text[at:]
	}
	l := textbook.Law{Name: strings.TrimSpace(name), Article: strings.TrimSpace(article)}
	return l, l.Name != "" && l.Article != ""
}

// NewChapter adds a chapter at the end.
func (s *Service) NewChapter(ctx context.Context, who access.Actor, idem, slug string, in ChapterFacts) (id string, err error) {
	id = "c-" + seal.NewKey()
	front, err := in.front(id)
	if err != nil {
		return "", err
	}
	err = s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		prior, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			id = prior
			return err
		}
		pos := int64(1)
		if n := len(d.Chapters); n > 0 {
			pos = d.Chapters[n-1].Pos + 1
		}
		if err := insertDraftChapter(ctx, tx, who, DraftChapter{DraftID: d.ID, Pos: pos, ChapterID: id, FrontText: front.Text()}); err != nil {
			return err
		}
		if err := s.drafted(ctx, tx, who, "textbook.chapter", slug, map[string]string{"chapter": id}); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, id)
	})
	return id, err
}

// EditChapter changes what a chapter says of itself; version is front_version on the page.
func (s *Service) EditChapter(ctx context.Context, who access.Actor, slug, chapter string, in ChapterFacts, version int64) error {
	front, err := in.front(chapter)
	if err != nil {
		return err
	}
	return s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		c, err := d.Chapter(chapter)
		if err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE textbook_draft_chapters SET front = ?, front_version = front_version + 1, edited_by = ?, edited_at = ? WHERE id = ? AND front_version = ?`,
			front.Text(), who.Name, db.At(tx.Now), c.ID, version); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.chapter", slug, map[string]string{"chapter": chapter})
	})
}

// MoveChapter puts a chapter one place up or down.
func (s *Service) MoveChapter(ctx context.Context, who access.Actor, slug, chapter string, down bool) error {
	return s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		at := slices.IndexFunc(d.Chapters, func(c DraftChapter) bool { return c.ChapterID == chapter })
		to := at - 1
		if down {
			to = at + 1
		}
		if at < 0 {
			return fault.New(fault.NotFound, "草稿里没有这一章")
		}
		if to < 0 || to >= len(d.Chapters) {
			return nil
		}
		d.Chapters[at], d.Chapters[to] = d.Chapters[to], d.Chapters[at]
		for i, c := range d.Chapters {
			if c.Pos == int64(i+1) {
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE textbook_draft_chapters SET pos = ? WHERE id = ?`, i+1, c.ID); err != nil {
				return err
			}
		}
		return s.drafted(ctx, tx, who, "textbook.order", slug, map[string]string{"chapter": chapter})
	})
}

// TakeOut takes a chapter out of the next edition, or puts it back; its text stays.
func (s *Service) TakeOut(ctx context.Context, who access.Actor, slug, chapter string, out bool) error {
	return s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		c, err := d.Chapter(chapter)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE textbook_draft_chapters SET removed = ? WHERE id = ?`, out, c.ID); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.order", slug, map[string]any{"chapter": chapter, "out": out})
	})
}

// AddImage puts a picture into the book and gives the name it has in the text. Pictures
// are never taken away: an edition may show them.
func (s *Service) AddImage(ctx context.Context, who access.Actor, slug string, f files.File) (string, error) {
	ext, ok := map[string]string{"image/jpeg": ".jpg", "image/png": ".png"}[f.Mime]
	if !ok {
		return "", fault.At("photo", "只能上传 jpg 或 png 图片")
	}
	f.Name = f.Key + ext
	return f.Name, s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		if err := s.files.Attach(ctx, tx, f, imageKind, slug, who.Name); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.image", slug, map[string]string{"file": f.Key})
	})
}
