package web

import (
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/views/cases"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) absentRoutes(g *registry) {
	g.get("/desk/sessions/:key/absent", access.CaseRead, func(c *Ctx) error { return s.absentPage(c, c.newForm()) })
	g.post("/desk/sessions/:key/absent", access.CaseRead, s.sessionAbsent)
}

// absentPage shows who is expected at a date and, once they are late, the form.
func (s *Server) absentPage(c *Ctx, f ui.Form) error {
	file, err := s.Docket.AbsentFile(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	d := cases.AbsentData{AbsentFile: file, Form: f, Now: s.DB.Now(), Back: link.Case(file.Case.Key)}
	if c.Who.MediatorID != 0 && c.Who.MediatorID == file.Session.MediatorID {
		d.Back = link.SessionDo(file.Session.Key, "table")
		if !f.Failed() {
			s.fillCame(c, &d)
		}
	}
	return c.Page(cases.Absent(c.page("有人没到场"), d))
}

// fillCame ticks what the mediator noted at the table already.
func (s *Server) fillCame(c *Ctx, d *cases.AbsentData) {
	sh, err := s.Papers.Look(c.ctx(), c.Who, d.Session)
	if err != nil {
		return // the form can do without
	}
	for _, p := range d.Parties {
		if sh.Represented(p.Key) {
			d.Form.Values.Set("came-"+p.Key, "yes")
		}
	}
}

func (s *Server) sessionAbsent(c *Ctx) error {
	in := docket.AbsentInput{Came: map[string]bool{}, Words: c.Field("words"), End: c.Field("then") == "end", Ending: c.ending()}
	in.Ending.Words = "" // what was said stands with the absence
	for name, v := range c.Form() {
		if key, ok := strings.CutPrefix(name, "came-"); ok && len(v) > 0 && (v[0] == "yes" || v[0] == "no") {
			in.Came[key] = v[0] == "yes"
		}
	}
	file, err := s.Docket.AbsentFile(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	if c.Field("then") == "" {
		err = fault.At("then", "请选择接下来怎么办")
	} else {
		err = s.Docket.MarkAbsent(c.ctx(), c.Who, c.Param("key"), c.Version(), in)
	}
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.absentPage(c, c.again(errs)) })
	}
	if in.End {
		c.Tell("已登记未到场。调解已终止，并告知各方其他途径")
	} else {
		c.Tell("已登记未到场，请另约时间")
	}
	return c.Go(link.Case(file.Case.Key))
}
