package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/school/textbook"
	"tiaojie/views/link"
	views "tiaojie/views/school"
	"tiaojie/views/ui"
)

func (s *Server) readerRoutes(g *registry) {
	g.get("/learn/steps/:step", access.Learn, s.learnStep)
	g.get("/learn/books/:book", access.Learn, s.learnBook)
	g.get("/learn/books/:book/print", access.Learn, s.printBook)
	g.get("/learn/books/:book/images/:image", access.Learn, s.bookImage, raw)
	g.get("/learn/books/:book/:chapter", access.Learn, s.learnChapter)
	g.get("/learn/books/:book/:chapter/print", access.Learn, s.printChapter)
	g.post("/learn/books/:book/:chapter/beat", access.Learn, s.readingBeat, raw)
	g.post("/learn/books/:book/:chapter/done", access.Learn, s.readingDone)
	g.post("/learn/books/:book/:chapter/check", access.Learn, s.readingCheck)
	g.post("/learn/books/:book/:chapter/notes", access.Learn, s.bookNoteAdd)
	g.post("/learn/books/:book/:chapter/notes/:note/edit", access.Learn, s.bookNoteEdit)
	g.post("/learn/books/:book/:chapter/notes/:note/remove", access.Learn, s.bookNoteRemove)
}

func (s *Server) learnStep(c *Ctx) error {
	list, err := s.School.Explaining(c.ctx(), c.Param("step"))
	if err != nil {
		return err
	}
	if len(list) == 1 {
		return c.Go(link.LearnChapter(list[0].Edition.Slug, list[0].Chapter.ID))
	}
	return c.Page(views.Step(c.page("看教材"), views.StepData{Label: school.StepLabel(c.Param("step")), Lessons: list}))
}

func (s *Server) learnBook(c *Ctx) error {
	e, err := s.School.Book(c.ctx(), c.Param("book"))
	if err != nil {
		return err
	}
	d := views.BookData{Form: c.queryForm(), Query: c.QueryParam("q")}
	if d.OpenedBook, err = s.School.OpenBook(c.ctx(), c.Who, e); err != nil {
		return err
	}
	if d.Query != "" {
		d.Hits, d.More = e.Search(d.Query)
	} else if d.Changes, err = s.School.Editions(c.ctx(), e.Slug); err != nil {
		return err
	}
	return c.Page(views.Book(c.page("《"+e.Book.Title+"》"), d))
}

func bookLinks(slug string) textbook.Links {
	return textbook.Links{Chapter: func(id string) string { return link.LearnChapter(slug, id) }, Image: func(name string) string { return link.BookImage(slug, name) }}
}

// piecesOf renders a chapter, once for the program's life: an edition never changes.
func (s *Server) piecesOf(e *school.Edition, ch textbook.Chapter) []textbook.Piece {
	key := fmt.Sprintf("%d/%s", e.ID, ch.ID)
	if known, ok := s.pieces.Load(key); ok {
		return known.([]textbook.Piece)
	}
	pieces := ch.Render(bookLinks(e.Slug))
	s.pieces.Store(key, pieces)
	return pieces
}

func (s *Server) learnChapter(c *Ctx) error { return s.chapterPage(c, c.newForm()) }

// chapterPage shows a chapter of the current edition, or the last text of one that was
// taken out. A form that was refused keeps what was typed.
func (s *Server) chapterPage(c *Ctx, f ui.Form) error {
	e, err := s.School.Book(c.ctx(), c.Param("book"))
	if err != nil {
		return err
	}
	d := views.ReaderData{Form: f, NoteAt: -1}
	ch, at, ok := e.Chapter(c.Param("chapter"))
	if !ok {
		d.Gone = true
		if e, err = s.School.LastWith(c.ctx(), c.Param("book"), c.Param("chapter")); err != nil {
			return err
		}
		if ch, at, ok = e.Chapter(c.Param("chapter")); !ok {
			return fault.New(fault.NotFound, "教材里没有这一章")
		}
	}
	if d.OpenedBook, err = s.School.OpenBook(c.ctx(), c.Who, e); err != nil {
		return err
	}
	d.Chapter, d.No, d.Pieces = ch, at+1, s.piecesOf(e, ch)
	if all := e.Book.Published(); !d.Gone {
		if at > 0 {
			d.Prev = &all[at-1]
		}
		if at+1 < len(all) {
			d.Next = &all[at+1]
		}
	}
	d.Placed, d.Loose = school.Placed(d.Notes, ch)
	d.Opened = s.School.Opened(c.Who, e.Slug, ch.ID, s.DB.Now())
	s.noteBoxes(c, &d)
	return c.Page(views.Reader(c.page(ch.Title), d))
}

// noteBoxes opens the box of the note that is being written or changed, and the question to be answered again.
func (s *Server) noteBoxes(c *Ctx, d *views.ReaderData) {
	d.Redo = c.QueryParam("redo")
	at := c.QueryParam("note")
	if c.Field("block") != "" { // a note that was refused
		at = c.Field("block")
	}
	if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < len(d.Chapter.Blocks) {
		d.NoteAt = i
	}
	key := c.QueryParam("edit")
	if c.Param("note") != "" {
		key, d.NoteAt = c.Param("note"), -1
	}
	for _, n := range d.Notes {
		if n.Key == key {
			d.NoteKey = key
			if !d.Form.Failed() {
				d.Form.Values.Set("note", n.Text)
			}
		}
	}
}

func (s *Server) readingBeat(c *Ctx) error {
	r, err := s.School.Beat(c.ctx(), c.Who, c.Param("book"), c.Param("chapter"), c.Int("no"), int(c.Int("block")))
	if err != nil {
		return err
	}
	e, err := s.School.Book(c.ctx(), c.Param("book"))
	if err != nil {
		return err
	}
	words := "已读约" + strconv.FormatInt(max(1, (r.Seconds+30)/60), 10) + "分钟"
	done := r.Done(e.Since[r.ChapterID])
	if done {
		words = "已读完"
	}
	return c.JSON(http.StatusOK, map[string]any{"say": words, "done": done})
}

func (s *Server) readingDone(c *Ctx) error {
	book, chapter := c.Param("book"), c.Param("chapter")
	_, left, err := s.School.Finish(c.ctx(), c.Who, book, chapter, c.Int("no"), c.Field("opened"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.chapterPage(c, c.again(errs)) })
	}
	if left > 0 {
		c.Tell(fmt.Sprintf("已记下您读过的时间。再读约%d分钟，或者做完练习、答对六成，这一章就算读完", int(left.Minutes())+1))
	} else {
		c.Tell("这一章读完了")
	}
	return c.Go(link.LearnChapter(book, chapter) + "#finish")
}

// answerOf reads an answer as the boxes of the question send it.
func (c *Ctx) answerOf() quizformat.Response {
	r := quizformat.Response{Text: c.Field("text")}
	for _, v := range c.Form()["choice"] {
		if i, err := strconv.Atoi(v); err == nil {
			r.Choice = append(r.Choice, i)
		}
	}
	for i := range 40 {
		values, ok := c.Form()["match-"+strconv.Itoa(i)]
		if !ok {
			break
		}
		at, err := strconv.Atoi(values[0])
		if err != nil {
			at = -1
		}
		r.Match = append(r.Match, at)
	}
	return r
}

func (s *Server) readingCheck(c *Ctx) error {
	book, chapter, question := c.Param("book"), c.Param("chapter"), c.Field("question")
	err := s.School.Answer(c.ctx(), c.Who, book, chapter, c.Int("no"), question, c.answerOf())
	return c.done(err, s.chapterPage, "", link.LearnChapter(book, chapter)+"#q-"+question)
}

func (s *Server) bookNoteAdd(c *Ctx) error {
	book, chapter, block := c.Param("book"), c.Param("chapter"), int(c.Int("block"))
	err := s.School.AddNote(c.ctx(), c.Who, c.Idem(), book, chapter, c.Int("no"), block, c.Field("quote"), c.Field("note"))
	return c.done(err, s.chapterPage, "批注已保存", link.LearnBlock(book, chapter, block))
}

func (s *Server) bookNoteEdit(c *Ctx) error {
	key := c.Param("note")
	err := s.School.EditNote(c.ctx(), c.Who, key, c.Field("note"), c.Version())
	return c.done(err, s.chapterPage, "批注已保存", link.LearnChapter(c.Param("book"), c.Param("chapter"))+"#n-"+key)
}

func (s *Server) bookNoteRemove(c *Ctx) error {
	if err := s.School.RemoveNote(c.ctx(), c.Who, c.Param("note")); err != nil {
		return err
	}
	c.Tell("批注已删除")
	return c.Go(link.LearnChapter(c.Param("book"), c.Param("chapter")))
}

func (s *Server) bookImage(c *Ctx) error {
	name, err := url.PathUnescape(c.Param("image")) // one in a folder of the book has a slash
	if err != nil {
		return fault.New(fault.NotFound, "没有找到这张图片")
	}
	f, err := s.School.Image(c.ctx(), c.Param("book"), name)
	if err != nil {
		return err
	}
	return s.picture(c, f.Key)
}

func (s *Server) printBook(c *Ctx) error {
	e, err := s.School.Book(c.ctx(), c.Param("book"))
	if err != nil {
		return err
	}
	return s.printed(c, e, link.LearnBook(e.Slug), func(w *bytes.Buffer, o textbook.PrintOptions) error { return e.Book.Print(w, o) })
}

func (s *Server) printChapter(c *Ctx) error {
	e, err := s.School.Book(c.ctx(), c.Param("book"))
	if err != nil {
		return err
	}
	id := c.Param("chapter")
	return s.printed(c, e, link.LearnChapter(e.Slug, id), func(w *bytes.Buffer, o textbook.PrintOptions) error {
		ok, err := e.Book.PrintChapter(w, id, o)
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "教材里没有这一章")
		}
		return err
	})
}

func (s *Server) printed(c *Ctx, e *school.Edition, back string, write func(*bytes.Buffer, textbook.PrintOptions) error) error {
	d := views.PrintData{Edition: e, Back: back, Answers: c.QueryParam("answers") != "", Other: c.withQuery("answers", "1")}
	if d.Answers {
		d.Other = c.withQuery("answers", "")
	}
	buf := takeBuffer()
	defer giveBuffer(buf)
	o := textbook.PrintOptions{Answers: d.Answers, Image: bookLinks(e.Slug).Image}
	if s.cfg.BaseURL != "" {
		o.Web = s.cfg.BaseURL + back
		var err error
		if d.QR, err = qrImage(o.Web); err != nil {
			return err
		}
	}
	if err := write(buf, o); err != nil {
		return err
	}
	d.HTML = buf.String()
	return c.Page(views.Print(c.page("《"+e.Book.Title+"》"), d))
}
