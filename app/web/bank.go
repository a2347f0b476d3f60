package web

import (
	"io"
	"net/http"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/quizformat"
	views "tiaojie/views/exam"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) bankRoutes(g *registry) {
	g.get("/desk/school/bank", access.School, s.bankList)
	g.get("/desk/school/bank/export", access.School, s.bankExport, raw)
	g.get("/desk/school/bank/import", access.School, func(c *Ctx) error {
		return s.bankImportPage(c, c.filled("format", "auto"))
	})
	g.post("/desk/school/bank/import", access.School, s.bankPreview, uploads)
	g.post("/desk/school/bank/import/confirm", access.School, s.bankConfirm, uploads)
	g.get("/desk/school/bank/new", access.School, func(c *Ctx) error { return s.questionForm(c, c.filled("text", views.Example), "", 0) })
	g.post("/desk/school/bank/new", access.School, s.questionSave)
	g.get("/desk/school/bank/:question", access.School, func(c *Ctx) error { return s.questionPage(c, c.newForm()) })
	g.get("/desk/school/bank/:question/edit", access.School, s.questionEdit)
	g.post("/desk/school/bank/:question/edit", access.School, s.questionSave)
	g.post("/desk/school/bank/:question/move", access.School, s.questionMove)
}

func (c *Ctx) bankFilter() school.BankFilter {
	return school.BankFilter{Words: c.QueryParam("q"), Kind: quizformat.Kind(c.QueryParam("kind")), State: school.QuestionState(c.QueryParam("state")),
		Tag: c.QueryParam("tag"), Before: c.QueryInt("before")}
}

func (s *Server) bankList(c *Ctx) error {
	d := views.BankData{Form: c.queryForm()}
	var err error
	if d.Page, err = s.School.Bank(c.ctx(), c.Who, c.bankFilter()); err != nil {
		return err
	}
	if d.Tags, err = s.School.BankTags(c.ctx()); err != nil {
		return err
	}
	if d.Page.Next != 0 {
		d.Next = c.withQuery("before", id(d.Page.Next))
	}
	d.Export = link.With(link.DeskBank()+"/export", "q", c.QueryParam("q"), "kind", c.QueryParam("kind"), "state", c.QueryParam("state"), "tag", c.QueryParam("tag"))
	return c.Page(views.Bank(c.page("题库"), d))
}

func (s *Server) bankExport(c *Ctx) error {
	text, err := s.School.ExportGIFT(c.ctx(), c.Who, c.bankFilter())
	if err != nil {
		return err
	}
	return c.Download("题库.gift.txt", "text/plain; charset=utf-8", []byte(text))
}

func (s *Server) bankImportPage(c *Ctx, f ui.Form) error {
	return c.Page(views.Import(c.page("导入题目"), views.ImportData{Form: f}))
}

// sentText is the uploaded file, else what was pasted.
func (c *Ctx) sentText() (string, error) {
	form := c.Request().MultipartForm
	if form == nil || len(form.File["file"]) == 0 {
		return c.Form().Get("text"), nil
	}
	h := form.File["file"][0]
	if h.Size > quizformat.MaxSource {
		return "", fault.At("file", "文件超过 2 MB，请分成几个")
	}
	r, err := h.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, quizformat.MaxSource))
	return string(raw), err
}

func (s *Server) bankPreview(c *Ctx) error {
	text, err := c.sentText()
	var im school.BankImport
	if err == nil {
		im, err = s.School.PreviewQuestions(c.ctx(), c.Who, c.Field("format"), text)
	}
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.bankImportPage(c, c.again(errs)) })
	}
	return c.Page(views.Import(c.page("导入题目"), views.ImportData{Form: c.newForm(), Import: &im, Text: text}))
}

func (s *Server) bankConfirm(c *Ctx) error {
	n, err := s.School.ConfirmQuestions(c.ctx(), c.Who, c.Idem(), c.Field("format"), c.Form().Get("text"), c.Field("ready") == "yes")
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.bankImportPage(c, c.again(errs)) })
	}
	if n > 0 {
		c.Tell("已写入 " + strconv.Itoa(n) + " 题")
	}
	return c.Go(link.DeskBank())
}

func (s *Server) questionPage(c *Ctx, f ui.Form) error {
	list, err := s.School.Question(c.ctx(), c.Who, c.Param("question"))
	if err != nil {
		return err
	}
	return c.Page(views.Question(c.page(list[0].Code), views.QuestionData{Form: f, Versions: list}))
}

func (s *Server) questionForm(c *Ctx, f ui.Form, code string, no int) error {
	title := "写新题"
	if code != "" {
		title = "修改 " + code
	}
	return c.Page(views.Edit(c.page(title), views.EditData{Form: f, Code: code, No: no}))
}

func (s *Server) questionEdit(c *Ctx) error {
	list, err := s.School.Question(c.ctx(), c.Who, c.Param("question"))
	if err != nil {
		return err
	}
	v := list[0]
	f := c.filled("text", quizformat.WriteMarkdown([]quizformat.Question{v.Question}))
	if v.State == school.QuestionReady {
		f.Values.Set("ready", "yes")
	}
	return s.questionForm(c, f, v.Code, v.No)
}

func (s *Server) questionSave(c *Ctx) error {
	code, err := s.School.SaveQuestion(c.ctx(), c.Who, c.Idem(), c.Param("question"), c.Form().Get("text"), int(c.Int("no")), c.Field("ready") == "yes")
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			no := int(c.Int("no"))
			if c.status == http.StatusConflict { // the other's version is named; saving again builds on it
				list, err := s.School.Question(c.ctx(), c.Who, c.Param("question"))
				if err != nil {
					return err
				}
				no = list[0].No
			}
			return s.questionForm(c, c.again(errs), c.Param("question"), no)
		})
	}
	c.Tell("已保存")
	return c.Go(link.DeskQuestion(code))
}

func (s *Server) questionMove(c *Ctx) error {
	err := s.School.MoveQuestion(c.ctx(), c.Who, c.Param("question"), c.Field("verb"), int(c.Int("no")))
	return c.done(err, s.questionPage, "已办理", link.DeskQuestion(c.Param("question")))
}
