package web

import (
	"strings"

	"tiaojie/app/docket"
	"tiaojie/views/cases"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) caseNew(c *Ctx) error {
	f := c.newForm()
	f.Values.Set("channel", "window")
	f.Values.Set("other_kind", "person")
	return s.caseNewPage(c, f)
}

func (s *Server) caseNewPage(c *Ctx, f ui.Form) error {
	d := cases.NewData{Form: f}
	var err error
	if d.Types, err = s.typeOptions(c, "请选择", false); err != nil {
		return err
	}
	if d.Communities, err = s.communityOptions(c, "不清楚"); err != nil {
		return err
	}
	if d.Mediators, err = s.mediatorKeys(c, "请街道安排"); err != nil {
		return err
	}
	return c.Page(cases.New(c.page("登记来访"), d))
}

// caseRegister is the window's form: the same record as a resident's own request,
// with the channel and who wrote it down.
func (s *Server) caseRegister(c *Ctx) error {
	err := s.takePhotos(c)
	var a docket.Application
	if err == nil {
		a, err = s.application(c)
	}
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.caseNewPage(c, c.again(errs)) })
	}
	a.Channel, a.Origin, a.Risk = c.Field("channel"), c.Field("origin"), c.Field("risk")
	a.Summary = c.Field("summary")
	a.AskStreet = len(a.Mediators) == 0
	a.Privacy = PrivacyVersion // read out at the window, ticked on the form
	a.Parties[0].Facts.IDNo = strings.TrimSpace(c.Field("me_idno"))
	rec, err := s.Docket.Register(c.ctx(), c.Who, a, c.Idem())
	return c.done(err, s.caseNewPage, "已登记。申请编号 "+rec.ApplyNo+"，查询码 "+rec.QueryCode+"，请抄给来访人", link.Case(rec.CaseKey))
}
