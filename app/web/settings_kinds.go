package web

import (
	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/views/layout"
	"tiaojie/views/link"
	views "tiaojie/views/settings"
	"tiaojie/views/ui"

	"github.com/a-h/templ"
)

// memberPage and kindPage are pages about a member and about a kind.
type (
	memberPage = func(layout.Page, views.MemberData) templ.Component
	kindPage   = func(layout.Page, views.KindData) templ.Component
)

func (s *Server) kindRoutes(g *registry) {
	g.get("/desk/settings/kinds", access.SetRead, s.kindList)
	g.get("/desk/settings/kinds/:kind", access.SetRead, func(c *Ctx) error { return s.kindPage(c, c.newForm(), views.Kind) })
	g.get("/desk/settings/kinds/:kind/edit", access.Settings, s.kindEdit)
	g.post("/desk/settings/kinds/:kind/edit", access.Settings, s.kindConfirm)
	g.get("/desk/settings/kinds/:kind/off", access.Settings, func(c *Ctx) error { return s.kindPage(c, c.newForm(), views.KindOff) })
	g.post("/desk/settings/kinds/:kind/off", access.Settings, s.kindOff)
	g.post("/desk/settings/kinds/:kind/on", access.Settings, s.kindOn)
}

func (s *Server) kindList(c *Ctx) error {
	list, err := s.People.RepKinds(c.ctx(), s.DB)
	if err != nil {
		return err
	}
	mediators, err := s.People.Mediators(c.ctx(), s.DB, people.MediatorFilter{State: people.Listed})
	if err != nil {
		return err
	}
	listed := map[string]int{}
	for _, m := range mediators {
		listed[m.RepKind]++
	}
	return c.Page(views.Kinds(c.page("一专七代表"), list, listed))
}

// kindPage shows a kind with its mediators.
func (s *Server) kindPage(c *Ctx, f ui.Form, page kindPage) error {
	k, err := s.People.RepKind(c.ctx(), s.DB, c.Param("kind"))
	if err != nil {
		return err
	}
	d := views.KindData{Form: f, Kind: k, MayEdit: c.maySet(), Roster: c.Who.Can(access.RosterRun)}
	all, err := s.People.Mediators(c.ctx(), s.DB, people.MediatorFilter{RepKind: k.Code})
	if err != nil {
		return err
	}
	d.All = len(all)
	for _, m := range all {
		if m.State == people.Listed {
			d.Mediators = append(d.Mediators, m)
		}
	}
	if d.Open, err = s.Docket.OpenByMediator(c.ctx()); err != nil {
		return err
	}
	if f.Failed() {
		d.Stored = c.since(k.Version, c.kindFilled(k))
	}
	return c.Page(page(c.page(k.Name), d))
}

func (s *Server) kindEdit(c *Ctx) error {
	k, err := s.People.RepKind(c.ctx(), s.DB, c.Param("kind"))
	if err != nil {
		return err
	}
	return s.kindPage(c, c.kindFilled(k), views.KindEdit)
}

// kindFilled leaves the name of a kind that the street hasn't named to be filled in.
func (c *Ctx) kindFilled(k people.RepKind) ui.Form {
	f := c.filled("words", k.Words, "confirmed_by", k.ConfirmedBy, "confirmed_on", k.ConfirmedOn, "confirmed_doc", k.ConfirmedDoc)
	if k.Confirmed {
		f.Values.Set("name", k.Name)
	}
	return f
}

func (s *Server) kindConfirm(c *Ctx) error {
	err := s.People.ConfirmRepKind(c.ctx(), c.Who, people.RepKind{Code: c.Param("kind"), Name: c.Field("name"), Words: c.Field("words"),
		ConfirmedBy: c.Field("confirmed_by"), ConfirmedOn: c.Field("confirmed_on"), ConfirmedDoc: c.Field("confirmed_doc"), Version: c.Version()})
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.kindPage(c, c.again(errs), views.KindEdit) })
	}
	return s.kindGo(c, "已保存街道的确认")
}

func (s *Server) kindGo(c *Ctx, said string) error {
	c.Tell(said)
	return c.Go(link.Setting(link.DeskKinds(), c.Param("kind")))
}

func (s *Server) kindOff(c *Ctx) error {
	err := fault.At("agree", "请看过名单后勾选确认")
	if c.Field("agree") == "yes" {
		return s.kindSwitched(c, false, "已停用，随时可以再启用", views.KindOff)
	}
	return c.Refused(err, func(errs map[string]string) error { return s.kindPage(c, c.again(errs), views.KindOff) })
}

func (s *Server) kindOn(c *Ctx) error { return s.kindSwitched(c, true, "已启用", views.Kind) }

func (s *Server) kindSwitched(c *Ctx, on bool, said string, page kindPage) error {
	err := s.People.SwitchRepKind(c.ctx(), c.Who, c.Param("kind"), on, int(c.Int("seen")), c.Version())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			f := c.again(errs)
			f.Values.Del("agree") // to another list
			return s.kindPage(c, f, page)
		})
	}
	return s.kindGo(c, said)
}
