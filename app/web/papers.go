package web

import (
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/papers"
	"tiaojie/views/link"
	views "tiaojie/views/papers"
	"tiaojie/views/ui"
)

func (s *Server) paperRoutes(g *registry) {
	g.get("/cases/:key/papers", access.CaseRead, s.paperList)
	g.get("/cases/:key/papers/:form", access.CaseRead, s.casePaper)
	g.post("/cases/:key/papers/:form/print", access.CaseRead, s.paperPrint)
	g.post("/cases/:key/papers/:form/docx", access.CaseRead, s.paperDraft)
	g.get("/cases/:key/printed/:print", access.CaseRead, s.printedFile, raw)
	g.post("/cases/:key/printed/:print/again", access.CaseRead, s.printedAgain)
	g.get("/cases/:key/slips/:slip", access.CaseRead, s.slip)
	g.post("/cases/:key/slips/:slip", access.CaseRead, s.slipSave)
	g.post("/cases/:key/slips/:slip/remove", access.CaseRead, s.slipRemove)
}

func (s *Server) paperList(c *Ctx) error {
	l, err := s.Press.List(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, l.Case.ID)
	return c.Page(views.List(c.page("文书"), views.ListData{List: l}))
}

func (s *Server) casePaper(c *Ctx) error {
	return s.casePaperPage(c, c.Param("key"), c.Param("form"), c.QueryParam("for"), c.newForm())
}

func (s *Server) casePaperPage(c *Ctx, caseKey, form, subject string, f ui.Form) error {
	x, err := s.Press.Paper(c.ctx(), c.Who, caseKey, form, subject)
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, x.Case.ID)
	d := views.PaperData{Paper: x, Form: f}
	for i := range x.Prints {
		if x.Prints[i].Key == c.QueryParam("printed") {
			d.Printed = &x.Prints[i]
		}
	}
	return c.Page(views.Paper(c.page(x.Item.Form.Title), d))
}

func (s *Server) paperPrint(c *Ctx) error {
	key, form, subject := c.Param("key"), c.Param("form"), c.Field("for")
	x, err := s.Press.Print(c.ctx(), c.Who, key, form, subject, c.Field("says"), c.Idem())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.casePaperPage(c, key, form, subject, c.again(errs)) })
	}
	return c.Go(link.With(link.Paper(key, form, subject), "printed", x.Key))
}

func (s *Server) paperDraft(c *Ctx) error {
	name, raw, err := s.Press.Draft(c.ctx(), c.Who, c.Param("key"), c.Param("form"), c.Field("for"))
	if err != nil {
		return err
	}
	return c.Download(name, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", raw)
}

func (s *Server) printedFile(c *Ctx) error {
	key, ok := strings.CutSuffix(c.Param("print"), ".pdf")
	if !ok {
		return fault.New(fault.NotFound, "没有找到这份文书")
	}
	x, raw, err := s.Press.Bytes(c.ctx(), c.Who, c.Param("key"), key)
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, x.CaseID)
	return c.Download(x.Name, "application/pdf", raw)
}

func (s *Server) printedAgain(c *Ctx) error {
	x, err := s.Press.Reprint(c.ctx(), c.Who, c.Param("key"), c.Param("print"), c.Idem())
	if err != nil {
		return err
	}
	return c.Go(link.Printed(c.Param("key"), x.Key))
}

func (s *Server) slip(c *Ctx) error {
	d, err := s.Press.Slip(c.ctx(), c.Who, c.Param("key"), c.Param("slip"), c.QueryParam("for"))
	if err != nil {
		return err
	}
	f := c.newForm()
	for name, text := range d.Slip.Values {
		f.Values.Set(name, text)
	}
	s.Docket.NoteRead(c.Who, d.Case.ID)
	return c.Page(views.Slip(c.page(d.Kind.Title), views.SlipData{SlipPage: d, Form: f}))
}

func (s *Server) slipSave(c *Ctx) error {
	key, code, subject := c.Param("key"), c.Param("slip"), c.Field("for")
	kind, ok := papers.KindOf(code)
	if !ok {
		return fault.New(fault.NotFound, "没有找到这份文书")
	}
	in := papers.Values{}
	for _, a := range kind.Asks {
		in[a.Name] = c.Form().Get(a.Name)
	}
	err := s.Press.SaveSlip(c.ctx(), c.Who, key, code, subject, c.Version(), c.Idem(), in)
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			d, err := s.Press.Slip(c.ctx(), c.Who, key, code, subject)
			if err != nil {
				return err
			}
			return c.Page(views.Slip(c.page(d.Kind.Title), views.SlipData{SlipPage: d, Form: c.again(errs)}))
		})
	}
	c.Tell("“" + kind.Title + "”已保存")
	return c.Go(link.Papers(key))
}

func (s *Server) slipRemove(c *Ctx) error {
	key := c.Param("key")
	if err := s.Press.RemoveSlip(c.ctx(), c.Who, key, c.Param("slip"), c.Field("for"), c.Version()); err != nil {
		return err
	}
	c.Tell("已从本案移除")
	return c.Go(link.Papers(key))
}
