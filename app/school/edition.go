package school

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/school/textbook"
	"tiaojie/db"
)

// Edition (版次) is a published textbook. Nothing of it ever changes.
type Edition struct {
	ID          int64   `db:"id"`
	TextbookID  int64   `db:"textbook_id"`
	No          int64   `db:"no"`
	Slug        string  `db:"slug"`
	Source      string  `db:"source"`
	Notes       string  `db:"notes"` // what it changed, a line for each
	Meta        string  `db:"meta"`
	SubmittedBy string  `db:"submitted_by"`
	ReviewedBy  string  `db:"reviewed_by"`
	PublishedBy string  `db:"published_by"`
	PublishedAt db.Time `db:"published_at"`

	Book  *textbook.Book   `db:"-"`
	Since map[string]int64 `db:"-"` // chapter → edition from which on reading it counts
}

// Chapter finds a chapter that readers see, and its place from 0.
func (e *Edition) Chapter(id string) (textbook.Chapter, int, bool) {
	list := e.Book.Published()
	i := slices.IndexFunc(list, func(c textbook.Chapter) bool { return c.ID == id })
	if i < 0 {
		return textbook.Chapter{}, -1, false
	}
	return list[i], i, true
}

const editionColumns = `e.id, e.textbook_id, e.no, t.slug, e.source, e.notes, e.meta, e.submitted_by, e.reviewed_by, e.published_by, e.published_at
	FROM textbook_editions e JOIN textbooks t ON t.id = e.textbook_id`

var errNoBook = fault.New(fault.NotFound, "没有找到这本教材")

// booksTopic is touched when an edition is published or a draft changes hands.
const booksTopic = "textbooks"

// bookCache keeps the editions as they were parsed. An edition never changes, so only
// which one is current has to be looked up again.
type bookCache struct {
	mu      sync.Mutex
	version string
	current []*Edition
	parsed  map[int64]*Edition
}

// Books gives the current edition of every textbook, by title.
func (s *Service) Books(ctx context.Context) ([]*Edition, error) {
	version, err := s.db.Version(ctx, booksTopic)
	if err != nil {
		return nil, err
	}
	c := &s.books
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.version == version {
		return c.current, nil
	}
	var rows []Edition
	if err := s.db.Select(ctx, &rows, `SELECT `+editionColumns+`
		WHERE e.no = (SELECT MAX(no) FROM textbook_editions WHERE textbook_id = t.id) ORDER BY t.title, t.id`); err != nil {
		return nil, err
	}
	list := make([]*Edition, 0, len(rows))
	for _, row := range rows {
		e, err := s.parse(ctx, s.db, row)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	c.current, c.version = list, version
	return list, nil
}

// parse reads the chapters of an edition, once for the program's life. The cache is locked.
func (s *Service) parse(ctx context.Context, r db.Reader, row Edition) (*Edition, error) {
	if e := s.books.parsed[row.ID]; e != nil {
		return e, nil
	}
	e, err := readEdition(ctx, r, row)
	if err != nil {
		return nil, err
	}
	if s.books.parsed == nil {
		s.books.parsed = map[int64]*Edition{}
	}
	s.books.parsed[row.ID] = e
	return e, nil
}

func readEdition(ctx context.Context, r db.Reader, row Edition) (*Edition, error) {
	var chapters []struct {
		ID    string `db:"chapter_id"`
		File  string `db:"file"`
		MD    string `db:"md"`
		Since int64  `db:"since_no"`
	}
	if err := r.Select(ctx, &chapters, `SELECT chapter_id, file, md, since_no FROM textbook_chapters WHERE edition_id = ? ORDER BY pos`, row.ID); err != nil {
		return nil, err
	}
	row.Since = map[string]int64{}
	var sources []textbook.Source
	for _, c := range chapters {
		sources = append(sources, textbook.Source{Name: c.File, Text: []byte(c.MD)})
		row.Since[c.ID] = c.Since
	}
	row.Book, _ = textbook.Assemble(row.Slug, []byte(row.Meta), sources, func(string) bool { return true }) // it was checked when published
	return &row, nil
}

// Book gives the current edition of a textbook.
func (s *Service) Book(ctx context.Context, slug string) (*Edition, error) {
	list, err := s.Books(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(e *Edition) bool { return e.Slug == slug })
	if i < 0 {
		return nil, errNoBook
	}
	return list[i], nil
}

// Editions lists a textbook's editions without their text, newest first.
func (s *Service) Editions(ctx context.Context, slug string) ([]Edition, error) {
	var out []Edition
	return out, s.db.Select(ctx, &out, `SELECT `+editionColumns+` WHERE t.slug = ? ORDER BY e.no DESC`, slug)
}

// LastWith gives the newest edition that has the chapter: one that was taken out later is
// still there for who remembers it.
func (s *Service) LastWith(ctx context.Context, slug, chapter string) (*Edition, error) {
	var row Edition
	err := s.db.Get(ctx, &row, `SELECT `+editionColumns+` JOIN textbook_chapters c ON c.edition_id = e.id
		WHERE t.slug = ? AND c.chapter_id = ? ORDER BY e.no DESC LIMIT 1`, slug, chapter)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, "教材里没有这一章")
	}
	if err != nil {
		return nil, err
	}
	s.books.mu.Lock()
	defer s.books.mu.Unlock()
	return s.parse(ctx, s.db, row)
}

// CaseStep (用在哪一步) is a part of the case screen that chapters can explain.
type CaseStep struct{ Code, Label string }

// CaseSteps lists them in the order of a case.
var CaseSteps = []CaseStep{{"apply", "申请"}, {"accept", "受理"}, {"conflict", "回避"}, {"invite", "邀请对方"}, {"schedule", "排期"}, {"brief", "案情"},
	{"disclose", "到场与告知"}, {"record", "笔录"}, {"caucus", "单独沟通"}, {"proposals", "方案"}, {"agreement", "协议"}, {"confirm", "司法确认"},
	{"perform", "履行"}, {"followup", "回访"}, {"dossier", "卷宗"}, {"risk", "风险"}, {"privacy", "保密"}}

// StepLabel names a step; "" for an unknown one.
func StepLabel(code string) string {
	for _, x := range CaseSteps {
		if x.Code == code {
			return x.Label
		}
	}
	return ""
}

// Lesson is a chapter of a book, as what explains a step.
type Lesson struct {
	Edition *Edition
	Chapter textbook.Chapter
	No      int // from 1
}

// Explaining lists the chapters that explain a step of the case screen.
func (s *Service) Explaining(ctx context.Context, step string) ([]Lesson, error) {
	list, err := s.Books(ctx)
	if err != nil {
		return nil, err
	}
	var out []Lesson
	for _, e := range list {
		for i, c := range e.Book.Published() {
			if slices.Contains(c.Steps, step) {
				out = append(out, Lesson{e, c, i + 1})
			}
		}
	}
	if StepLabel(step) == "" || len(out) == 0 {
		return nil, fault.New(fault.NotFound, "教材里没有讲这一步的章节")
	}
	return out, nil
}

// Prepare publishes the textbooks that the program brings along as first editions, unless
// they are known already. What the school has published since is never touched.
func (s *Service) Prepare(ctx context.Context, shipped fs.FS) error {
	slugs, err := textbook.Slugs(shipped)
	if err != nil {
		return err
	}
	for _, slug := range slugs {
		var known int
		if err := s.db.Get(ctx, &known, `SELECT COUNT(*) FROM textbooks WHERE slug = ?`, slug); err != nil {
			return err
		}
		if known > 0 {
			continue
		}
		book, problems := textbook.Load(shipped, slug)
		if problems.Failed() {
			return fault.Newf(fault.Internal, "教材 %s 有错：%s", slug, problems[0])
		}
		pictures, err := s.shippedPictures(ctx, shipped, slug)
		if err != nil {
			return err
		}
		who := access.System("随程序提供")
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			id, err := insertTextbook(ctx, tx, slug, book.Title)
			if err != nil {
				return err
			}
			for _, f := range pictures {
				if err := s.files.Attach(ctx, tx, f, imageKind, slug, who.Name); err != nil {
					return err
				}
			}
			return s.publish(ctx, tx, who, Edition{TextbookID: id, No: 1, Slug: slug, Source: "file", Notes: firstNotes(book), Book: book}, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// shippedPictures takes in the pictures in a book's folder, under the names that its text has for them.
func (s *Service) shippedPictures(ctx context.Context, shipped fs.FS, slug string) ([]files.File, error) {
	var out []files.File
	err := fs.WalkDir(shipped, slug, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) == ".md" || path.Ext(name) == ".yaml" {
			return err
		}
		raw, err := fs.ReadFile(shipped, name)
		if err != nil {
			return err
		}
		f, err := s.files.Prepare(ctx, name, raw)
		f.Name = strings.TrimPrefix(name, slug+"/")
		out = append(out, f)
		return err
	})
	return out, err
}

func insertTextbook(ctx context.Context, tx *db.Tx, slug, title string) (int64, error) {
	return tx.Insert(ctx, `INSERT INTO textbooks (slug, title, created_at) VALUES (?,?,?) RETURNING id`, slug, title, db.At(tx.Now))
}

func firstNotes(b *textbook.Book) string {
	if len(b.Changelog) == 0 {
		return ""
	}
	return joinLines(b.Changelog[0].Notes)
}

// publish writes an edition. since holds for each chapter whose reading goes on counting
// the edition that it counts from; all others count anew.
func (s *Service) publish(ctx context.Context, tx *db.Tx, who access.Actor, e Edition, since map[string]int64) error {
	id, err := tx.Insert(ctx, `INSERT INTO textbook_editions (textbook_id, no, source, meta, sha256, notes, submitted_by, reviewed_by, published_by, published_at)
		VALUES (?,?,?,?,?,?,?,?,?,?) RETURNING id`, e.TextbookID, e.No, e.Source, e.Book.Meta.Text(), e.Book.Hash, e.Notes, e.SubmittedBy, e.ReviewedBy,
		who.Name, db.At(tx.Now))
	if err != nil {
		return err
	}
	for i, c := range e.Book.Chapters {
		from := since[c.ID]
		if from == 0 {
			from = e.No
		}
		if _, err := tx.Exec(ctx, `INSERT INTO textbook_chapters (edition_id, pos, chapter_id, file, title, md, sha256, since_no) VALUES (?,?,?,?,?,?,?,?)`,
			id, i+1, c.ID, c.File, c.Title, c.Source, c.Hash, from); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE textbooks SET title = ? WHERE id = ?`, e.Book.Title, e.TextbookID); err != nil {
		return err
	}
	tx.Touch(booksTopic)
	return s.trail.Record(ctx, tx, who, "textbook.publish", audit.Ref{Kind: "textbook", Key: e.Slug},
		map[string]any{"edition": e.No, "chapters": len(e.Book.Chapters), "sha256": e.Book.Hash})
}
