package web

import (
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	views "tiaojie/views/agenda"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) workdayRoutes(g *registry) {
	g.get("/desk/workdays", access.Settings, func(c *Ctx) error { return s.workdaysPage(c, c.newForm(), nil) })
	g.post("/desk/workdays", access.Settings, s.workdaysEnter)
}

func (s *Server) workdaysPage(c *Ctx, f ui.Form, hit []calendar.DayHit) error {
	d := views.WorkdaysData{Form: f, Hit: hit}
	var err error
	if d.Notices, err = s.Calendar.Notices(c.ctx(), s.DB); err != nil {
		return err
	}
	if d.Recount, _, err = s.Docket.LastRecount(c.ctx()); err != nil {
		return err
	}
	w := calendar.NewWorkdays(d.Notices...)
	if next := calendar.DayOf(s.DB.Now()).Year() + 1; !w.Known(next) {
		d.Missing = next
		if f.Value("year") == "" {
			f.Values.Set("year", strconv.Itoa(next))
		}
	}
	return c.Page(views.Workdays(c.page("工作日"), d))
}

func (s *Server) workdaysEnter(c *Ctx) error {
	hit, err := s.Calendar.EnterNotice(c.ctx(), c.Who, int(c.Int("year")), c.Field("source"), c.Field("body"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.workdaysPage(c, c.again(errs), nil) })
	}
	if err := s.Docket.AskRecount(c.ctx(), c.Who); err != nil {
		return err
	}
	if len(hit) > 0 { // shown at once: a redirect would lose the list
		return s.workdaysPage(c, c.newForm(), hit)
	}
	c.Tell("放假安排已保存，未结期限正在重新计算")
	return c.Go(link.DeskWorkdays())
}
