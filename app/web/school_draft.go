package web

import (
	"net/http"
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/textbook"
	"tiaojie/views/link"
	views "tiaojie/views/school"
	"tiaojie/views/ui"
)

func (s *Server) draftRoutes(g *registry) {
	const book = "/desk/school/textbooks/:book"
	const chapter = book + "/chapters/:chapter"
	g.get("/desk/school/textbooks", access.School, s.bookShelf)
	g.get("/desk/school/textbooks/new", access.School, s.bookNew)
	g.post("/desk/school/textbooks/new", access.School, s.bookCreate)
	g.get(book, access.School, s.deskBook)
	g.post(book+"/draft", access.School, s.draftStart)
	g.post(book+"/discard", access.School, s.draftDiscard)
	g.get(book+"/facts", access.School, s.draftFacts)
	g.post(book+"/facts", access.School, s.draftFactsSave)
	g.get(book+"/chapters/new", access.School, s.draftChapterNew)
	g.post(book+"/chapters/new", access.School, s.draftChapterCreate)
	g.get(chapter, access.School, s.draftChapter)
	g.get(chapter+"/preview", access.School, s.draftPreview)
	g.post(chapter+"/text", access.School, s.draftText)
	g.post(chapter+"/save", access.School, s.draftAutosave, raw)
	g.post(chapter+"/facts", access.School, s.draftChapterFacts)
	g.post(chapter+"/move", access.School, s.draftChapterMove)
	g.post(chapter+"/images", access.School, s.draftImage, uploads)
	g.get(chapter+"/diff/:rival", access.School, s.draftClash)
	g.post(chapter+"/diff/:rival", access.School, s.draftSettle)
	g.get(book+"/review", access.School, s.draftReview)
	g.post(book+"/submit", access.School, s.draftSubmit)
	g.post(book+"/return", access.School, s.draftReturn)
	g.post(book+"/publish", access.School, s.draftPublish)
}

func (s *Server) bookShelf(c *Ctx) error {
	list, err := s.School.Shelf(c.ctx(), c.Who)
	if err != nil {
		return err
	}
	return c.Page(views.Shelf(c.page("教材"), views.ShelfData{Books: list}))
}

func (s *Server) bookNew(c *Ctx) error {
	return c.Page(views.BookForm(c.page("编写新教材"), views.BookFormData{Form: c.newForm()}))
}

func (c *Ctx) bookFacts() school.BookFacts {
	return school.BookFacts{Title: c.Field("title"), Subtitle: c.Field("subtitle"), Organiser: c.Field("organiser"), Licence: c.Field("licence"),
		Summary: c.Field("summary"), Authors: school.SplitLines(c.Field("authors"))}
}

func (s *Server) bookCreate(c *Ctx) error {
	slug, err := s.School.NewBook(c.ctx(), c.Who, c.Idem(), c.bookFacts())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return c.Page(views.BookForm(c.page("编写新教材"), views.BookFormData{Form: c.again(errs)}))
		})
	}
	c.Tell("新教材已建好，先加第一章")
	return c.Go(link.DeskBook(slug))
}

func (s *Server) deskBook(c *Ctx) error { return s.deskBookPage(c, c.newForm()) }

func (s *Server) deskBookPage(c *Ctx, f ui.Form) error {
	d := views.DraftData{Form: f, Slug: c.Param("book")}
	p, err := s.School.Prospect(c.ctx(), c.Who, d.Slug)
	switch {
	case err == nil:
		d.Draft = &p
	case !fault.Is(err, fault.NotFound):
		return err
	}
	d.Current, err = s.School.Book(c.ctx(), d.Slug)
	if err != nil && (d.Draft == nil || !fault.Is(err, fault.NotFound)) {
		return err
	}
	if d.Current != nil {
		if d.Again, err = s.School.ToReadAgain(c.ctx(), c.Who, d.Current); err != nil {
			return err
		}
		if d.Editions, err = s.School.Editions(c.ctx(), d.Slug); err != nil {
			return err
		}
	}
	return c.Page(views.DraftBook(c.page("《"+bookTitle(d)+"》"), d))
}

func bookTitle(d views.DraftData) string {
	if d.Draft != nil {
		return d.Draft.Draft.Meta.Title
	}
	return d.Current.Book.Title
}

// draftDone goes back to the book after an act on its draft.
func (s *Server) draftDone(c *Ctx, err error, said string) error {
	return c.done(err, s.deskBookPage, said, link.DeskBook(c.Param("book")))
}

func (s *Server) draftStart(c *Ctx) error {
	return s.draftDone(c, s.School.StartDraft(c.ctx(), c.Who, c.Param("book")), "可以开始改了，读者看到的还是原来的一版")
}

func (s *Server) draftDiscard(c *Ctx) error {
	if c.Field("agree") != "yes" {
		return s.draftDone(c, fault.At("agree", "请先勾选确认"), "")
	}
	err := s.School.Discard(c.ctx(), c.Who, c.Param("book"), c.Version())
	if err != nil {
		return s.draftDone(c, err, "")
	}
	c.Tell("草稿已放弃")
	return c.Go(link.DeskBooks())
}

func (s *Server) draftFacts(c *Ctx) error {
	d, err := s.School.DraftOf(c.ctx(), s.DB, c.Who, c.Param("book"))
	if err != nil {
		return err
	}
	return c.Page(views.BookForm(c.page("书名与说明"), views.BookFormData{Form: c.factsFilled(d), Slug: d.Slug, Version: d.Version}))
}

func (c *Ctx) factsFilled(d school.Draft) ui.Form {
	m := d.Meta
	return c.filled("title", m.Title, "subtitle", m.Subtitle, "authors", strings.Join(m.Authors, "\n"), "organiser", m.Organiser, "licence", m.Licence, "summary", m.Summary)
}

func (s *Server) draftFactsSave(c *Ctx) error {
	err := s.School.EditBook(c.ctx(), c.Who, c.Param("book"), c.bookFacts(), c.Version())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			d, err := s.School.DraftOf(c.ctx(), s.DB, c.Who, c.Param("book"))
			if err != nil {
				return err
			}
			f := c.again(errs)
			form := views.BookFormData{Form: f, Slug: d.Slug, Version: d.Version}
			if d.Version != c.Version() {
				form.Meanwhile = f.Elsewise(c.factsFilled(d), views.BookFields)
			}
			return c.Page(views.BookForm(c.page("书名与说明"), form))
		})
	}
	return s.draftDone(c, nil, "已保存")
}

func (s *Server) draftChapterNew(c *Ctx) error { return s.chapterNewPage(c, c.newForm()) }

func (s *Server) chapterNewPage(c *Ctx, f ui.Form) error {
	d, err := s.School.DraftOf(c.ctx(), s.DB, c.Who, c.Param("book"))
	if err != nil {
		return err
	}
	return c.Page(views.NewChapter(c.page("加一章"), views.ChapterFormData{Form: f, Draft: d}))
}

func (c *Ctx) chapterFacts() school.ChapterFacts {
	minutes, _ := strconv.Atoi(c.Field("minutes"))
	return school.ChapterFacts{Title: c.Field("title"), Minutes: minutes, Objectives: school.SplitLines(c.Field("objectives")), Laws: school.SplitLines(c.Field("laws")),
		Tags: strings.Fields(c.Field("tags")), Steps: c.Form()["steps"]}
}

func (s *Server) draftChapterCreate(c *Ctx) error {
	id, err := s.School.NewChapter(c.ctx(), c.Who, c.Idem(), c.Param("book"), c.chapterFacts())
	return c.done(err, s.chapterNewPage, "", link.DraftChapter(c.Param("book"), id))
}

func (c *Ctx) chapterFilled(ch school.DraftChapter) ui.Form {
	var laws []string
	for _, l := range ch.Front.Laws {
		laws = append(laws, "《"+l.Name+"》"+l.Article)
	}
	f := c.filled("title", ch.Front.Title, "minutes", strconv.Itoa(ch.Front.Minutes), "objectives", strings.Join(ch.Front.Objectives, "\n"),
		"laws", strings.Join(laws, "\n"), "tags", strings.Join(ch.Front.Tags, " "))
	f.Values["steps"] = ch.Front.Steps
	return f
}

// draftedChapter is the chapter of the address with its draft.
func (s *Server) draftedChapter(c *Ctx) (school.Draft, school.DraftChapter, error) {
	d, err := s.School.DraftOf(c.ctx(), s.DB, c.Who, c.Param("book"))
	if err != nil {
		return d, school.DraftChapter{}, err
	}
	ch, err := d.Chapter(c.Param("chapter"))
	return d, ch, err
}

func (s *Server) draftChapter(c *Ctx) error { return s.draftChapterPage(c, nil, "") }

// draftChapterPage is where a chapter is written. errs are of the form that was refused,
// which stands open then.
func (s *Server) draftChapterPage(c *Ctx, errs map[string]string, opened string) error {
	d, ch, err := s.draftedChapter(c)
	if err != nil {
		return err
	}
	data := views.ChapterFormData{Form: c.chapterFilled(ch), Draft: d, Chapter: ch, Opened: opened}
	if errs != nil {
		typed, stored := c.again(errs), data.Form
		if opened != "facts" {
			for name, values := range stored.Values {
				if _, ok := typed.Values[name]; !ok {
					typed.Values[name] = values
				}
			}
		} else if ch.FrontVersion != c.Version() {
			data.Meanwhile = typed.Elsewise(stored, views.ChapterFields)
		}
		data.Form = typed
	}
	for _, x := range d.Chapters {
		if !x.Removed {
			data.No++
		}
		if x.ID == ch.ID {
			break
		}
	}
	if _, data.Problems = ch.Parsed(); ch.Body == "" {
		data.Problems = nil // nothing is wrong with what isn't written yet
	}
	if data.Clashes, err = s.School.Clashes(c.ctx(), c.Who, ch); err != nil {
		return err
	}
	return c.Page(views.ChapterForm(c.page(ch.Front.Title), data))
}

func (s *Server) draftChapterRefused(c *Ctx, err error, opened string) error {
	return c.Refused(err, func(errs map[string]string) error { return s.draftChapterPage(c, errs, opened) })
}

func (s *Server) draftPreview(c *Ctx) error {
	d, ch, err := s.draftedChapter(c)
	if err != nil {
		return err
	}
	parsed, _ := ch.Parsed()
	data := views.PreviewData{Draft: d, Chapter: parsed, Pieces: parsed.Render(bookLinks(d.Slug))}
	return c.Page(views.Preview(c.page("预览："+parsed.Title), data))
}

// draftText is the form without JavaScript: the whole text at once.
func (s *Server) draftText(c *Ctx) error {
	book, chapter := c.Param("book"), c.Param("chapter")
	saved, err := s.School.SaveText(c.ctx(), c.Who, book, chapter, c.Form().Get("body"), c.Int("version-body"))
	switch {
	case err != nil:
		return s.draftChapterRefused(c, err, "")
	case saved.Rival != "":
		return c.Go(link.DraftClash(book, chapter, saved.Rival))
	}
	c.Tell("已保存 " + ui.Clock(saved.At.Time))
	return c.Go(link.DraftChapter(book, chapter))
}

func (s *Server) draftAutosave(c *Ctx) error {
	book, chapter := c.Param("book"), c.Param("chapter")
	if c.Field("field") != "body" {
		return fault.New(fault.NotFound, "没有这一项")
	}
	saved, err := s.School.SaveText(c.ctx(), c.Who, book, chapter, c.Form().Get("value"), c.Version())
	switch {
	case err != nil:
		return err
	case saved.Rival != "":
		return c.JSON(http.StatusConflict, map[string]string{"conflict": link.DraftClash(book, chapter, saved.Rival)})
	}
	return c.JSON(http.StatusOK, map[string]any{"saved": ui.Clock(saved.At.Time), "version": saved.Version})
}

func (s *Server) draftChapterFacts(c *Ctx) error {
	book, chapter := c.Param("book"), c.Param("chapter")
	if err := s.School.EditChapter(c.ctx(), c.Who, book, chapter, c.chapterFacts(), c.Version()); err != nil {
		return s.draftChapterRefused(c, err, "facts")
	}
	c.Tell("已保存")
	return c.Go(link.DraftChapter(book, chapter))
}

func (s *Server) draftChapterMove(c *Ctx) error {
	book, chapter, way := c.Param("book"), c.Param("chapter"), c.Field("way")
	switch way {
	case "up", "down":
		return s.draftDone(c, s.School.MoveChapter(c.ctx(), c.Who, book, chapter, way == "down"), "")
	case "out", "back":
		return s.draftDone(c, s.School.TakeOut(c.ctx(), c.Who, book, chapter, way == "out"), "")
	}
	return fault.New(fault.Invalid, "没有这个操作")
}

func (s *Server) draftImage(c *Ctx) error {
	alt := strings.NewReplacer("[", "", "]", "", "\n", " ").Replace(c.Field("alt"))
	form := c.Request().MultipartForm
	if alt == "" {
		return s.draftChapterRefused(c, fault.At("alt", "请写明图里是什么，看不见图的人要靠它"), "photo")
	}
	if form == nil || len(form.File["photo"]) == 0 {
		return s.draftChapterRefused(c, fault.At("photo", "请选择图片"), "photo")
	}
	f, err := s.readFile(c, form.File["photo"][0], "photo")
	if err != nil {
		return s.draftChapterRefused(c, err, "photo")
	}
	name, err := s.School.AddImage(c.ctx(), c.Who, c.Param("book"), f)
	if err != nil {
		return s.draftChapterRefused(c, err, "photo")
	}
	c.Tell("图片已上传。把这一行放进正文：![" + alt + "](" + name + ")")
	return c.Go(link.DraftChapter(c.Param("book"), c.Param("chapter")))
}

func (s *Server) draftClash(c *Ctx) error { return s.draftClashPage(c, c.newForm()) }

func (s *Server) draftClashPage(c *Ctx, f ui.Form) error {
	d, err := s.School.DraftOf(c.ctx(), s.DB, c.Who, c.Param("book"))
	if err != nil {
		return err
	}
	x, err := s.School.Clash(c.ctx(), c.Who, d.Slug, c.Param("chapter"), c.Param("rival"))
	if err != nil {
		return err
	}
	if !f.Failed() {
		f.Values.Set("body", x.Joined())
	}
	return c.Page(views.Clash(c.page("对照两份文字"), views.ClashData{Form: f, Draft: d, Clash: x}))
}

func (s *Server) draftSettle(c *Ctx) error {
	book, chapter, rival := c.Param("book"), c.Param("chapter"), c.Param("rival")
	body := c.Form().Get("body")
	if take := c.Field("take"); take != "" {
		x, err := s.School.Clash(c.ctx(), c.Who, book, chapter, rival)
		if err != nil {
			return err
		}
		if body = x.Mine; take == "theirs" {
			body = x.Chapter.Body
		}
	}
	err := s.School.SettleText(c.ctx(), c.Who, book, chapter, rival, body, c.Version())
	return c.done(err, s.draftClashPage, "已合成一份", link.DraftChapter(book, chapter))
}

func (s *Server) draftReview(c *Ctx) error { return s.draftReviewPage(c, nil) }

func (s *Server) draftReviewPage(c *Ctx, errs map[string]string) error {
	p, err := s.School.Prospect(c.ctx(), c.Who, c.Param("book"))
	if err != nil {
		return err
	}
	d := views.ReviewData{Prospect: p, Own: p.Draft.SubmitterID == c.Who.AccountID}
	if d.Finished, err = s.School.FinishedBy(c.ctx(), c.Who, p.Draft.TextbookID); err != nil {
		return err
	}
	if errs != nil {
		d.Form = c.again(errs)
	} else {
		d.Form = c.filled("edition", school.EditionName(p.No), "notes", p.Draft.Notes)
		d.Form.Values["again"] = textbook.ReadAgain(p.Changes)
	}
	return c.Page(views.Review(c.page("送审与发布"), d))
}

func (s *Server) draftReviewRefused(c *Ctx, err error) error {
	return c.Refused(err, func(errs map[string]string) error { return s.draftReviewPage(c, errs) })
}

func (s *Server) draftSubmit(c *Ctx) error {
	if err := s.School.Submit(c.ctx(), c.Who, c.Param("book"), c.Field("edition"), school.SplitLines(c.Field("notes")), c.Version()); err != nil {
		return s.draftReviewRefused(c, err)
	}
	c.Tell("已送审。审读的人可以发布，也可以退回修改")
	return c.Go(link.DeskBookDo(c.Param("book"), "review"))
}

func (s *Server) draftReturn(c *Ctx) error {
	if err := s.School.Return(c.ctx(), c.Who, c.Param("book"), c.Field("why"), c.Version()); err != nil {
		return s.draftReviewRefused(c, err)
	}
	return s.draftDone(c, nil, "已退回修改")
}

func (s *Server) draftPublish(c *Ctx) error {
	no, err := s.School.Publish(c.ctx(), c.Who, c.Param("book"), c.Form()["again"], c.Field("reviewer"), c.Version())
	if err != nil {
		return s.draftReviewRefused(c, err)
	}
	return s.draftDone(c, nil, school.EditionName(no)+"已发布")
}
