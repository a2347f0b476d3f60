package web

import (
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/fault"
	"tiaojie/db"
	views "tiaojie/views/accord"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) performRoutes(g *registry) {
	g.get("/desk/due", access.CaseRead, s.due)
	g.get("/duties/:key", access.CaseRead, s.duty)
	g.post("/duties/:key/receipt", access.CaseRead, s.dutyReceive, uploads)
	g.post("/duties/:key/receipt-void", access.CaseRead, s.dutyVoid)
	g.post("/duties/:key/met", access.CaseRead, s.dutyMet)
	g.post("/duties/:key/urge", access.CaseRead, s.dutyUrge)
	g.get("/duties/:key/urge/:urge", access.CaseRead, s.urgePrint)
	g.get("/visits/:key", access.CaseRead, s.visit)
	g.post("/visits/:key", access.CaseRead, s.visitMake)
	g.post("/visits/:key/drop", access.CaseRead, s.visitDrop)
	g.get("/visits/:key/print", access.CaseRead, s.visitPrint)
}

func (s *Server) due(c *Ctx) error {
	d := views.DueData{Within: int(c.QueryInt("within")), Today: db.DayOf(s.DB.Now())}
	if !slices.Contains([]int{0, 7, 30}, d.Within) {
		d.Within = 0
	}
	var err error
	if d.Rows, err = s.Accord.Due(c.ctx(), c.Who, d.Within, accord.DueLimit); err != nil {
		return err
	}
	if c.Who.Can(access.CaseTake) || c.Who.Can(access.CaseLead) {
		f, err := s.Accord.Figures(c.ctx(), c.Who, 0)
		if err != nil {
			return err
		}
		d.Figures = &f
	}
	names, err := s.names(c.ctx())
	d.Names = names.Mediators
	if err != nil {
		return err
	}
	return c.Page(views.Due(c.page("到期与回访"), d))
}

func (s *Server) duty(c *Ctx) error { return s.dutyPage(c, c.newForm()) }

func (s *Server) dutyPage(c *Ctx, f ui.Form) error {
	v, err := s.Accord.OpenDuty(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, v.Case.ID)
	return c.Page(views.Duty(c.page("履行"), views.DutyData{DutyView: v, Form: f}))
}

func (s *Server) onDuty(c *Ctx, err error, said string) error {
	return c.done(err, s.dutyPage, said, link.Duty(c.Param("key")))
}

func (s *Server) dutyReceive(c *Ctx) error {
	list, err := s.received(c, "evidence")
	if err == nil {
		in := accord.ReceiptInput{Yuan: c.Field("yuan"), On: c.Field("on"), Note: c.Field("note")}
		if len(list) > 0 {
			in.File = &list[0]
		}
		err = s.Accord.Receive(c.ctx(), c.Who, c.Param("key"), in, c.Idem())
	}
	return s.onDuty(c, err, "已登记履行")
}

func (s *Server) dutyVoid(c *Ctx) error {
	return s.onDuty(c, s.Accord.VoidReceipt(c.ctx(), c.Who, c.Param("key"), c.Field("receipt"), c.Field("void_reason")), "已作废这条登记")
}

func (s *Server) dutyMet(c *Ctx) error {
	return s.onDuty(c, s.Accord.ConditionMet(c.ctx(), c.Who, c.Param("key"), c.Field("met_on")), "已开始计算期限")
}

func (s *Server) dutyUrge(c *Ctx) error {
	_, err := s.Accord.Urge(c.ctx(), c.Who, c.Param("key"), c.Field("asked_by"), c.Field("until"), c.Idem())
	return s.onDuty(c, err, "督促履行函已制作，提醒已发出")
}

func (s *Server) urgePrint(c *Ctx) error {
	v, err := s.Accord.OpenDuty(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	p, err := s.Accord.Facts(c.ctx(), s.DB, v.Case.ID)
	if err != nil {
		return err
	}
	i := slices.Index(p.UrgeKeys, c.Param("urge"))
	if i < 0 {
		return fault.New(fault.NotFound, "没有找到这份督促履行函")
	}
	return s.accordPaper(c, views.PaperData{Form: "urge", At: i, Back: link.Duty(v.Row.Key)}, v.View, p)
}

func (s *Server) visitPlan(c *Ctx) error {
	err := s.Accord.PlanVisit(c.ctx(), c.Who, c.Param("key"), c.Field("due_on"), c.Field("why"), c.Idem())
	return s.onAgreement(c, err, "", "", "已安排回访")
}

func (s *Server) visit(c *Ctx) error { return s.visitPage(c, c.newForm()) }

func (s *Server) visitPage(c *Ctx, f ui.Form) error {
	v, err := s.Accord.OpenVisit(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, v.Case.ID)
	return c.Page(views.Visit(c.page("回访"), views.VisitData{VisitView: v, Form: f}))
}

func (s *Server) visitMake(c *Ctx) error {
	err := s.Accord.MakeVisit(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Field("on"), accord.VisitWords{Who: c.Field("who"), Way: c.Field("way"),
		Performance: c.Field("performance"), Satisfaction: c.Field("satisfaction"), Outcome: c.Field("outcome"), Faults: c.Field("faults"),
		Hidden: c.Field("hidden"), Measures: c.Field("measures")})
	return s.onVisit(c, err, "回访记录已保存")
}

func (s *Server) visitDrop(c *Ctx) error {
	return s.onVisit(c, s.Accord.DropVisit(c.ctx(), c.Who, c.Param("key"), c.Version()), "已取消这次回访")
}

func (s *Server) onVisit(c *Ctx, err error, said string) error {
	return c.done(err, s.visitPage, said, link.Visit(c.Param("key")))
}

func (s *Server) visitPrint(c *Ctx) error {
	v, err := s.Accord.OpenVisit(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	p, err := s.Accord.Facts(c.ctx(), s.DB, v.Case.ID)
	if err != nil {
		return err
	}
	i := slices.Index(p.VisitKeys, v.Visit.Key)
	if i < 0 {
		return fault.New(fault.NotFound, "还没有回访，没有记录可打印")
	}
	return s.accordPaper(c, views.PaperData{Form: "visit", At: i, Back: link.Visit(v.Visit.Key)}, v.View, p)
}
