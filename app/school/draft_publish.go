package school

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school/textbook"
	"tiaojie/db"
)

// Prospect is a draft as the edition that it would be.
type Prospect struct {
	Draft    Draft
	Before   *Edition // nil for a first edition
	No       int64
	Book     *textbook.Book
	Problems textbook.Problems
	Changes  []textbook.ChapterDiff
	Clashes  int // texts that nobody has merged yet
}

// Again tells whether the text of a chapter asks for reading it again, as far as the
// change itself tells; a person decides.
func (p Prospect) Again(id string) bool { return slices.Contains(textbook.ReadAgain(p.Changes), id) }

// Where says in words where a problem is.
func (p Prospect) Where(x textbook.Problem) string {
	place := 0
	for _, c := range p.Draft.Chapters {
		if c.Removed {
			continue
		}
		place++
		if c.file(place) != x.File {
			continue
		}
		_, first := textbook.Join(c.FrontText, c.Body)
		if line := x.Line - first + 1; line > 0 {
			return fmt.Sprintf("第%d章《%s》正文第%d行", place, c.Front.Title, line)
		}
		return fmt.Sprintf("第%d章《%s》", place, c.Front.Title)
	}
	return "全书"
}

// Prospect assembles the draft and compares it with the current edition.
func (s *Service) Prospect(ctx context.Context, who access.Actor, slug string) (Prospect, error) {
	d, err := s.DraftOf(ctx, s.db, who, slug)
	if err != nil {
		return Prospect{}, err
	}
	return s.prospect(ctx, s.db, d)
}

func (s *Service) prospect(ctx context.Context, r db.Reader, d Draft) (Prospect, error) {
	p := Prospect{Draft: d, No: 1}
	var row Edition
	err := r.Get(ctx, &row, `SELECT `+editionColumns+` WHERE t.id = ? ORDER BY e.no DESC LIMIT 1`, d.TextbookID)
	switch {
	case err == nil:
		if p.Before, err = readEdition(ctx, r, row); err != nil {
			return p, err
		}
		p.No = row.No + 1
	case !fault.Is(err, fault.NotFound):
		return p, err
	}
	pictures, err := s.files.Of(ctx, r, imageKind, d.Slug)
	if err != nil {
		return p, err
	}
	if p.Clashes, err = openClashes(ctx, r, d.ID); err != nil {
		return p, err
	}
	known := map[string]bool{}
	for _, f := range pictures {
		known[f.Name] = true
	}
	p.assemble(func(name string) bool { return known[name] })
	return p, nil
}

func openClashes(ctx context.Context, r db.Reader, draftID int64) (n int, err error) {
	return n, r.Get(ctx, &n, `SELECT COUNT(*) FROM textbook_draft_texts x JOIN textbook_draft_chapters c ON c.id = x.chapter_id
		WHERE c.draft_id = ? AND x.rival AND x.settled_at IS NULL`, draftID)
}

func (p *Prospect) assemble(known func(string) bool) {
	m := p.Draft.Meta
	m.Order = nil
	if p.Draft.Writing() || m.Edition == "" {
		m.Edition = EditionName(p.No)
	}
	var sources []textbook.Source
	for _, c := range p.Draft.Chapters {
		if c.Removed {
			continue
		}
		name := c.file(len(sources) + 1)
		source, _ := textbook.Join(c.FrontText, c.Body)
		sources = append(sources, textbook.Source{Name: name, Text: []byte(source)})
		m.Order = append(m.Order, textbook.Entry{File: name})
	}
	p.Book, p.Problems = textbook.Assemble(p.Draft.Slug, []byte(m.Text()), sources, known)
	before := &textbook.Book{}
	if p.Before != nil {
		before = p.Before.Book
	}
	p.Changes = textbook.Compare(before, p.Book)
}

// Submit (送审) hands the draft over for review: nobody changes it then.
func (s *Service) Submit(ctx context.Context, who access.Actor, slug string, edition string, notes []string, version int64) error {
	f := fault.Form{}
	f.Check(edition != "", "edition", "请填写版次，如“2027年第1版”")
	f.Check(len(notes) > 0, "notes", "请写明这一版改了什么，每行一条；读过旧版的人要靠它知道读哪里")
	if err := f.Err(); err != nil {
		return err
	}
	return s.onDraft(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		p, err := s.prospect(ctx, tx, d)
		if err != nil {
			return err
		}
		switch {
		case p.Clashes > 0:
			return fault.Newf(fault.Invalid, "还有%d处两个人都改过的文字没有合并，请先合并", p.Clashes)
		case len(p.Book.Published()) == 0:
			return fault.New(fault.Invalid, "还没有可以发布的章")
		case p.Problems.Failed():
			return fault.New(fault.Invalid, "还有错误没有改好，见下面的清单")
		case p.Before != nil && p.Before.Book.Edition == edition:
			return fault.At("edition", "版次和现在的一版相同，请改一个")
		}
		d.Meta.Edition = edition
		if err := tx.Swap(ctx, `UPDATE textbook_drafts SET state = 'review', meta = ?, notes = ?, returned = '', submitted_by = ?, submitter_id = ?, version = version + 1
			WHERE id = ? AND version = ? AND state = 'writing'`, d.Meta.Text(), joinLines(notes), who.Name, who.AccountID, d.ID, version); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.submit", slug, map[string]any{"edition": p.No})
	})
}

// inReview runs one act on a draft that waits for review.
func (s *Service) inReview(ctx context.Context, who access.Actor, slug string, act func(tx *db.Tx, d Draft) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := s.DraftOf(ctx, tx, who, slug)
		if err != nil {
			return err
		}
		if d.Writing() {
			return fault.New(fault.Conflict, "这一版不在审读中，请先送审")
		}
		return act(tx, d)
	})
}

// Return (退回) sends the draft back to be changed.
func (s *Service) Return(ctx context.Context, who access.Actor, slug, why string, version int64) error {
	if why == "" {
		return fault.At("why", "请写明要改什么")
	}
	return s.inReview(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		if err := tx.Swap(ctx, `UPDATE textbook_drafts SET state = 'writing', returned = ?, version = version + 1 WHERE id = ? AND version = ?`, why, d.ID, version); err != nil {
			return err
		}
		return s.drafted(ctx, tx, who, "textbook.return", slug, nil)
	})
}

// Publish makes the draft an edition. again are the chapters that who has read an older
// edition must read again; added ones are among them by nature. Who submitted the draft
// names another person as its reviewer.
func (s *Service) Publish(ctx context.Context, who access.Actor, slug string, again []string, reviewer string, version int64) (no int64, err error) {
	err = s.inReview(ctx, who, slug, func(tx *db.Tx, d Draft) error {
		switch {
		case d.SubmitterID == who.AccountID && (reviewer == "" || reviewer == who.Name):
			return fault.At("reviewer", "您自己送审的，请填写另一位审读人的姓名")
		case reviewer == "":
			reviewer = who.Name
		}
		if d.Version != version {
			return fault.New(fault.Conflict, "这一版刚刚又有变化，请先看现在的内容")
		}
		p, err := s.prospect(ctx, tx, d)
		if err != nil {
			return err
		}
		if p.Problems.Failed() {
			return fault.New(fault.Conflict, "还有错误没有改好，请退回")
		}
		no = p.No
		e := Edition{TextbookID: d.TextbookID, No: p.No, Slug: slug, Source: "web", Notes: d.Notes, SubmittedBy: d.SubmittedBy, ReviewedBy: reviewer, Book: p.Book}
		e.Book.PublishedOn = tx.Day()
		note := textbook.EditionNote{Edition: e.Book.Edition, Date: tx.Day(), Notes: SplitLines(d.Notes)}
		e.Book.Changelog = append([]textbook.EditionNote{note}, e.Book.Changelog...)
		if err := s.publish(ctx, tx, who, e, p.since(again)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM textbook_drafts WHERE id = ?`, d.ID)
		return err
	})
	return no, err
}

// since gives for each chapter that needn't be read again the edition that its reading counts from.
func (p Prospect) since(again []string) map[string]int64 {
	out := map[string]int64{}
	if p.Before == nil {
		return out
	}
	for _, c := range p.Changes {
		if c.Change != textbook.Added && !slices.Contains(again, c.ID) {
			out[c.ID] = p.Before.Since[c.ID]
		}
	}
	return out
}

// EditionName is what an edition is called when nothing better is said.
func EditionName(no int64) string { return "第" + strconv.FormatInt(no, 10) + "版" }
