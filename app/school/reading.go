package school

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/school/textbook"
	"tiaojie/db"
)

// Reading (阅读进度) is how far somebody has read a chapter.
type Reading struct {
	ID        int64   `db:"id"`
	ChapterID string  `db:"chapter_id"`
	EditionNo int64   `db:"edition_no"`
	Seconds   int64   `db:"seconds"`
	Spent     string  `db:"spent"` // seconds on each block, separated by commas
	LastBlock int64   `db:"last_block"`
	MaxBlock  int64   `db:"max_block"`
	LastAt    db.Time `db:"last_at"`
	DoneNo    int64   `db:"done_no"`
	DoneHow   string  `db:"done_how"`
	DoneAt    db.Time `db:"done_at"`
}

const readingColumns = `id, chapter_id, edition_no, seconds, spent, last_block, max_block, last_at, done_no, done_how, done_at`

// Done tells whether the chapter counts as read since that edition.
func (r Reading) Done(since int64) bool { return r.DoneNo > 0 && r.DoneNo >= since }

// Again tells whether it was read, but has been changed since.
func (r Reading) Again(since int64) bool { return r.DoneNo > 0 && r.DoneNo < since }

const (
	beatEvery = 15 // seconds between two signs that a page is being read
	beatMost  = 20 // a sign counts for no more, however late it comes
	blockMost = 60 // and no block for more than this
)

// Needed is how many seconds make a chapter read: 40% of what reading it takes.
func Needed(c textbook.Chapter) int64 { return int64(c.ReadingMinutes()) * 60 * 2 / 5 }

// readerPlace is the chapter that an act of a reader is about.
type readerPlace struct {
	learner Learner
	edition *Edition
	chapter textbook.Chapter
}

var errNewEdition = fault.New(fault.Conflict, "教材刚出了新版，请刷新页面再读")

// readerAt finds the learner and the chapter; no is the edition that the page showed.
func (s *Service) readerAt(ctx context.Context, who access.Actor, slug, chapter string, no int64) (p readerPlace, err error) {
	if p.learner, err = s.Self(ctx, s.db, who); err != nil {
		return p, err
	}
	if p.edition, err = s.Book(ctx, slug); err != nil {
		return p, err
	}
	var ok bool
	if p.chapter, _, ok = p.edition.Chapter(chapter); !ok {
		return p, fault.New(fault.NotFound, "现在的教材里没有这一章")
	}
	if no != p.edition.No {
		return p, errNewEdition
	}
	return p, nil
}

func (p readerPlace) since() int64 { return p.edition.Since[p.chapter.ID] }

// open reads the reading of a chapter for changing it, and makes it when there is none.
// Who began an older text begins anew.
func (p readerPlace) open(ctx context.Context, tx *db.Tx) (Reading, error) {
	var r Reading
	if _, err := tx.Exec(ctx, `INSERT INTO textbook_readings (learner_id, textbook_id, chapter_id, edition_no, first_at, last_at) VALUES (?,?,?,?,?,?)
		ON CONFLICT (learner_id, textbook_id, chapter_id) DO NOTHING`, p.learner.ID, p.edition.TextbookID, p.chapter.ID, p.edition.No,
		db.At(tx.Now), db.At(tx.Now.Add(-beatEvery*time.Second))); err != nil {
		return r, err
	}
	err := tx.Get(ctx, &r, `SELECT `+readingColumns+` FROM textbook_readings WHERE learner_id = ? AND textbook_id = ? AND chapter_id = ?`+tx.Locking(),
		p.learner.ID, p.edition.TextbookID, p.chapter.ID)
	if r.EditionNo < p.since() {
		r.Seconds, r.Spent, r.MaxBlock = 0, "", 0
	}
	r.EditionNo = p.edition.No
	return r, err
}

// keep writes a reading, and says in the trail when the chapter became read.
func (s *Service) keepReading(ctx context.Context, tx *db.Tx, who access.Actor, p readerPlace, r *Reading, how string) error {
	if how != "" && !r.Done(p.since()) {
		r.DoneNo, r.DoneHow, r.DoneAt = p.edition.No, how, db.At(tx.Now)
		err := s.trail.Record(ctx, tx, who, "reading.done", audit.Ref{Kind: "textbook", Key: p.edition.Slug},
			map[string]any{"chapter": p.chapter.ID, "edition": p.edition.No, "how": how, "seconds": r.Seconds})
		if err != nil {
			return err
		}
		tx.Touch("school")
	}
	r.LastAt = db.At(tx.Now)
	_, err := tx.Exec(ctx, `UPDATE textbook_readings SET edition_no = ?, seconds = ?, spent = ?, last_block = ?, max_block = ?, last_at = ?,
		done_no = ?, done_how = ?, done_at = ? WHERE id = ?`, r.EditionNo, r.Seconds, r.Spent, r.LastBlock, r.MaxBlock, r.LastAt, r.DoneNo, r.DoneHow, r.DoneAt, r.ID)
	return err
}

// spend adds seconds to a block within its bound.
func (r *Reading) spend(block int, seconds int64, blocks int) int64 {
	spent := make([]int64, blocks)
	for i, t := range strings.Split(r.Spent, ",") {
		if n, err := strconv.ParseInt(t, 10, 64); err == nil && i < blocks {
			spent[i] = n
		}
	}
	seconds = min(seconds, blockMost-spent[block])
	spent[block] += seconds
	texts := make([]string, blocks)
	r.Seconds = 0
	for i, n := range spent {
		texts[i] = strconv.FormatInt(n, 10)
		r.Seconds += n
	}
	r.Spent = strings.Join(texts, ",")
	return seconds
}

// Beat is the page's sign that somebody has it before the eyes, and at which block. The
// server's clock alone counts, so two open pages don't count twice.
func (s *Service) Beat(ctx context.Context, who access.Actor, slug, chapter string, no int64, block int) (Reading, error) {
	p, err := s.readerAt(ctx, who, slug, chapter, no)
	if err != nil {
		return Reading{}, err
	}
	blocks := len(p.chapter.Blocks)
	if block < 0 || block >= blocks {
		return Reading{}, fault.New(fault.Invalid, "这一章没有这一段")
	}
	var r Reading
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if r, err = p.open(ctx, tx); err != nil {
			return err
		}
		since := int64(tx.Now.Sub(r.LastAt.Time) / time.Second)
		r.spend(block, max(0, min(since, beatMost)), blocks)
		r.LastBlock, r.MaxBlock = int64(block), max(r.MaxBlock, int64(block))
		how := ""
		if r.Seconds >= Needed(p.chapter) && r.MaxBlock >= int64(blocks-1) {
			how = "read"
		}
		return s.keepReading(ctx, tx, who, p, &r, how)
	})
	return r, err
}

// Opened marks the moment at which a page was shown, so that reading counts without
// scripts too; nobody else can make the mark.
func (s *Service) Opened(who access.Actor, slug, chapter string, at time.Time) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return t + "." + s.openedMAC(who, slug, chapter, t)
}

func (s *Service) openedMAC(who access.Actor, slug, chapter, at string) string {
	return s.box.HashToken("reading", strconv.FormatInt(who.AccountID, 10)+"|"+slug+"|"+chapter+"|"+at)[:24]
}

// Finish is 「我读完了」. opened is the mark of the page when no script has counted; the time
// since then is spread over the blocks. left is how long the person has still to read
// before the chapter counts as read.
func (s *Service) Finish(ctx context.Context, who access.Actor, slug, chapter string, no int64, opened string) (r Reading, left time.Duration, err error) {
	p, err := s.readerAt(ctx, who, slug, chapter, no)
	if err != nil {
		return r, 0, err
	}
	at, mac, _ := strings.Cut(opened, ".")
	from, _ := strconv.ParseInt(at, 10, 64)
	counted := opened == "" || mac != s.openedMAC(who, slug, chapter, at)
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if r, err = p.open(ctx, tx); err != nil {
			return err
		}
		blocks := len(p.chapter.Blocks)
		if !counted {
			begin := from
			if r.Seconds > 0 {
				begin = max(begin, r.LastAt.Unix()) // never twice
			}
			rest := max(0, tx.Now.Unix()-begin)
			for i := 0; i < blocks && rest > 0; i++ {
				rest -= r.spend(i, rest, blocks)
			}
		}
		r.MaxBlock, r.LastBlock = int64(max(0, blocks-1)), 0
		how := ""
		if lacks := Needed(p.chapter) - r.Seconds; lacks > 0 {
			left = time.Duration(lacks) * time.Second
		} else {
			how = "read"
		}
		return s.keepReading(ctx, tx, who, p, &r, how)
	})
	if r.Done(p.since()) {
		left = 0
	}
	return r, left, err
}

// Progress is somebody's way through a book.
type Progress struct {
	Edition  *Edition
	Readings map[string]Reading // by chapter
}

// Chapters counts the chapters that are read, and all.
func (p Progress) Chapters() (done, all int) {
	for _, c := range p.Edition.Book.Published() {
		all++
		if p.Readings[c.ID].Done(p.Edition.Since[c.ID]) {
			done++
		}
	}
	return done, all
}

// Again lists the chapters that were read and have been changed since.
func (p Progress) Again() (out []textbook.Chapter) {
	for _, c := range p.Edition.Book.Published() {
		if p.Readings[c.ID].Again(p.Edition.Since[c.ID]) {
			out = append(out, c)
		}
	}
	return out
}

// Next is where to go on: the chapter read last if it isn't done, else the first that
// isn't; and its block. ok is false when all is read.
func (p Progress) Next() (c textbook.Chapter, block int, ok bool) {
	var last db.Time
	for _, x := range p.Edition.Book.Published() {
		r, known := p.Readings[x.ID]
		switch {
		case r.Done(p.Edition.Since[x.ID]):
		case known && r.LastAt.After(last.Time):
			c, block, ok, last = x, int(r.LastBlock), true, r.LastAt
		case !ok:
			c, ok = x, true
		}
	}
	return c, min(block, max(0, len(c.Blocks)-1)), ok
}

// Begun tells whether anything was read.
func (p Progress) Begun() bool { return len(p.Readings) > 0 }

// MyBooks gives one's progress in all books.
func (s *Service) MyBooks(ctx context.Context, who access.Actor) ([]Progress, error) {
	list, err := s.Books(ctx)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Reading
		TextbookID int64 `db:"textbook_id"`
	}
	err = s.db.Select(ctx, &rows, `SELECT r.textbook_id, r.id, r.chapter_id, r.edition_no, r.seconds, r.spent, r.last_block, r.max_block, r.last_at, r.done_no, r.done_how, r.done_at
		FROM textbook_readings r JOIN learners l ON l.id = r.learner_id WHERE l.account_id = ?`, who.AccountID)
	if err != nil {
		return nil, err
	}
	out := make([]Progress, len(list))
	for i, e := range list {
		out[i] = Progress{Edition: e, Readings: map[string]Reading{}}
		for _, r := range rows {
			if r.TextbookID == e.TextbookID {
				out[i].Readings[r.ChapterID] = r.Reading
			}
		}
	}
	return out, nil
}

// OpenedBook is what a reader's page needs to know of the reader.
type OpenedBook struct {
	Learner Learner // zero for somebody who is on no roster and only looks
	Progress
	Answers map[string]Answered // by question
	Notes   []Note
}

// Enrolled tells whether the reader is on the roster, so that progress is kept.
func (d OpenedBook) Enrolled() bool { return d.Learner.ID != 0 }

// OpenBook reads what somebody has done with a book: one's own progress, answers, notes.
func (s *Service) OpenBook(ctx context.Context, who access.Actor, e *Edition) (OpenedBook, error) {
	d := OpenedBook{Progress: Progress{Edition: e, Readings: map[string]Reading{}}, Answers: map[string]Answered{}}
	l, err := s.Self(ctx, s.db, who)
	if fault.Is(err, fault.NotFound) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Learner = l
	var readings []Reading
	var answers []Answered
	const mine = ` WHERE learner_id = ? AND textbook_id = ?`
	args := []any{l.ID, e.TextbookID}
	err = s.db.Several(ctx, db.Part{Into: &readings, From: "textbook_readings" + mine, Args: args}, db.Part{Into: &answers, From: "textbook_answers" + mine, Args: args},
		db.Part{Into: &d.Notes, From: "textbook_notes" + mine, Args: args})
	if err != nil {
		return d, err
	}
	for _, r := range readings {
		d.Readings[r.ChapterID] = r
	}
	for _, a := range answers {
		d.Answers[a.QuestionID] = a
	}
	return d, s.openNotes(d.Notes)
}

// Rereader is somebody who has to read chapters again, or has read a book.
type Rereader struct {
	Name     string
	Chapters int
}

// ToReadAgain lists who had finished chapters that the current edition changed.
func (s *Service) ToReadAgain(ctx context.Context, who access.Actor, e *Edition) ([]Rereader, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var out []Rereader
	return out, s.db.Select(ctx, &out, `SELECT l.name AS name, COUNT(*) AS chapters FROM textbook_readings r JOIN learners l ON l.id = r.learner_id
		JOIN textbook_chapters c ON c.edition_id = ? AND c.chapter_id = r.chapter_id
		WHERE r.textbook_id = ? AND r.done_no > 0 AND r.done_no < c.since_no AND l.left_on = '' GROUP BY l.id, l.name ORDER BY l.name, l.id`, e.ID, e.TextbookID)
}

// FinishedBy counts for each chapter who has finished any edition of it.
func (s *Service) FinishedBy(ctx context.Context, who access.Actor, textbookID int64) (map[string]int, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var rows []struct {
		ID string `db:"chapter_id"`
		N  int    `db:"n"`
	}
	err := s.db.Select(ctx, &rows, `SELECT chapter_id, COUNT(*) AS n FROM textbook_readings WHERE textbook_id = ? AND done_no > 0 GROUP BY chapter_id`, textbookID)
	out := map[string]int{}
	for _, r := range rows {
		out[r.ID] = r.N
	}
	return out, err
}

// imageKind marks files that are pictures of a textbook; their key is its slug.
const imageKind = "textbook"

// Image finds a picture of a book by the name it has in the text.
func (s *Service) Image(ctx context.Context, slug, name string) (files.File, error) {
	list, err := s.files.Of(ctx, s.db, imageKind, slug)
	if err != nil {
		return files.File{}, err
	}
	for _, f := range list {
		if f.Name == name {
			return f, nil
		}
	}
	return files.File{}, fault.New(fault.NotFound, "没有找到这张图片")
}
