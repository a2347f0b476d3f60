package web

import (
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/views/link"
	views "tiaojie/views/settings"
	"tiaojie/views/ui"
)

func (s *Server) unitRoutes(g *registry) {
	g.get("/desk/settings/units", access.SetRead, s.unitList)
	g.get("/desk/settings/units/new", access.Settings, func(c *Ctx) error { return s.unitForm(c, c.newForm(), people.Unit{}, nil) })
	g.post("/desk/settings/units/new", access.Settings, s.unitAdd)
	g.get("/desk/settings/units/:unit", access.SetRead, func(c *Ctx) error { return s.unitPage(c, c.newForm()) })
	g.get("/desk/settings/units/:unit/edit", access.Settings, s.unitEdit)
	g.post("/desk/settings/units/:unit/edit", access.Settings, s.unitSave)
	g.post("/desk/settings/units/:unit/stop", access.Settings, s.unitStop)
	g.post("/desk/settings/units/:unit/resume", access.Settings, s.unitResume)
}

// communityName names a community of the street, "" for none.
func (s *Server) communityName(c *Ctx, ref *int64) (string, error) {
	if ref == nil {
		return "", nil
	}
	names, err := s.names(c.ctx())
	return names.Communities[*ref], err
}

func (s *Server) unitFacts(c *Ctx, u people.Unit) ([]ui.Fact, error) {
	place, err := s.communityName(c, u.CommunityID)
	return []ui.Fact{{Name: "名称", Text: u.Name}, {Name: "编号", Text: u.Code}, {Name: "类别", Text: u.Kind.Label()}, {Name: "所在社区", Text: or(place, "未填写")},
		{Name: "统一社会信用代码", Text: or(u.CreditCode, "未填写")}, {Name: "排序", Text: strconv.Itoa(u.Seq)}}, err
}

func (s *Server) unitList(c *Ctx) error {
	list, err := s.People.Units(c.ctx(), s.DB)
	if err != nil {
		return err
	}
	d := views.ListData{Title: "单位", Note: "账号和调解员可以归到单位；停用的单位不再出现在新的登记里。", Icon: "building-2", Base: link.DeskUnits(), AddLabel: "新增单位",
		Cols: []string{"类别", "所在社区"}, MayEdit: c.maySet()}
	for _, u := range list {
		place, err := s.communityName(c, u.CommunityID)
		if err != nil {
			return err
		}
		d.Rows = append(d.Rows, views.Row{ID: u.ID, Code: u.Code, Name: u.Name, About: []string{u.Kind.Label(), place}, StoppedOn: u.StoppedOn})
	}
	return c.Page(views.List(c.page("单位"), d))
}

func (s *Server) unitPage(c *Ctx, f ui.Form) error {
	u, err := s.People.Unit(c.ctx(), s.DB, c.number("unit"))
	if err != nil {
		return err
	}
	d := views.PlaceData{Form: f, Name: u.Name, What: "单位", Base: link.DeskUnits(), ID: u.ID, Version: u.Version, StoppedOn: u.StoppedOn, MayEdit: c.maySet()}
	if d.Facts, err = s.unitFacts(c, u); err != nil {
		return err
	}
	if d.Uses, err = s.People.UnitUses(c.ctx(), s.DB, u.ID); err != nil {
		return err
	}
	return c.Page(views.Place(c.page(u.Name), d))
}

func (s *Server) unitForm(c *Ctx, f ui.Form, u people.Unit, stored *ui.Form) error {
	d := views.EditData{Form: f, Title: "新增单位", Action: link.DeskUnits() + "/new", Back: link.DeskUnits(), New: u.ID == 0, Stored: stored}
	if !d.New {
		d.Title, d.Back, d.Version = "修改"+u.Name, link.Setting(link.DeskUnits(), id(u.ID)), u.Version
		d.Action = d.Back + "/edit"
	}
	for _, k := range people.UnitKinds {
		d.Kinds = append(d.Kinds, ui.Option{Value: string(k), Label: k.Label()})
	}
	var err error
	if d.Communities, err = s.communityOptions(c, "不填", deref(u.CommunityID)); err != nil {
		return err
	}
	return c.Page(views.EditUnit(c.page(d.Title), d))
}

// deref gives what a reference that may be missing points to, 0 for none; some is its opposite.
func deref(ref *int64) int64 {
	if ref == nil {
		return 0
	}
	return *ref
}

func some(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func (c *Ctx) unitInput() people.Unit {
	return people.Unit{ID: c.number("unit"), Code: c.Field("code"), Name: c.Field("name"), Kind: people.UnitKind(c.Field("kind")), CommunityID: some(c.Int("community")),
		CreditCode: c.Field("credit_code"), Seq: c.seq(), Version: c.Version()}
}

func (s *Server) unitAdd(c *Ctx) error {
	if err := s.People.AddUnit(c.ctx(), c.Who, c.Idem(), c.unitInput()); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.unitForm(c, c.again(errs), people.Unit{}, nil) })
	}
	c.Tell("已新增单位")
	return c.Go(link.DeskUnits())
}

func (s *Server) unitEdit(c *Ctx) error {
	u, err := s.People.Unit(c.ctx(), s.DB, c.number("unit"))
	if err != nil {
		return err
	}
	return s.unitForm(c, c.unitFilled(u), u, nil)
}

func (c *Ctx) unitFilled(u people.Unit) ui.Form {
	return c.filled("code", u.Code, "name", u.Name, "kind", string(u.Kind), "community", id(deref(u.CommunityID)), "credit_code", u.CreditCode, "seq", strconv.Itoa(u.Seq))
}

func (s *Server) unitSave(c *Ctx) error {
	err := s.People.SaveUnit(c.ctx(), c.Who, c.unitInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			u, err := s.People.Unit(c.ctx(), s.DB, c.number("unit"))
			if err != nil {
				return err
			}
			return s.unitForm(c, c.again(errs), u, c.since(u.Version, c.unitFilled(u)))
		})
	}
	c.Tell("已保存")
	return c.Go(link.Setting(link.DeskUnits(), c.Param("unit")))
}

func (s *Server) unitStop(c *Ctx) error {
	return s.unitDone(c, s.People.StopUnit(c.ctx(), c.Who, c.number("unit"), c.Version()), "已停用，可以随时恢复")
}

func (s *Server) unitResume(c *Ctx) error {
	return s.unitDone(c, s.People.ResumeUnit(c.ctx(), c.Who, c.number("unit"), c.Version()), "已恢复使用")
}

func (s *Server) unitDone(c *Ctx, err error, said string) error {
	return c.done(err, s.unitPage, said, link.Setting(link.DeskUnits(), c.Param("unit")))
}
