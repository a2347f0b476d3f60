package web

import (
	"fmt"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/people"
	"tiaojie/views/link"
	views "tiaojie/views/settings"
	"tiaojie/views/ui"
)

func (s *Server) settingRoutes(g *registry) {
	g.get("/desk/settings", access.SetRead, s.settingsHub)
	g.get("/desk/settings/communities", access.SetRead, s.communityList)
	g.get("/desk/settings/communities/new", access.Settings, func(c *Ctx) error { return s.communityForm(c, c.newForm(), people.Community{}, nil) })
	g.post("/desk/settings/communities/new", access.Settings, s.communityAdd)
	g.get("/desk/settings/communities/:community", access.SetRead, func(c *Ctx) error { return s.communityPage(c, c.newForm()) })
	g.get("/desk/settings/communities/:community/edit", access.Settings, s.communityEdit)
	g.post("/desk/settings/communities/:community/edit", access.Settings, s.communitySave)
	g.post("/desk/settings/communities/:community/stop", access.Settings, s.communityStop)
	g.post("/desk/settings/communities/:community/resume", access.Settings, s.communityResume)
	s.unitRoutes(g)
	s.committeeRoutes(g)
	s.kindRoutes(g)
}

// settingsHub tells what can be set and how it stands, as far as the person may see it.
func (s *Server) settingsHub(c *Ctx) error {
	items, err := s.streetItems(c)
	if err != nil {
		return err
	}
	if c.Who.Can(access.RoomAdmin) {
		unled, err := s.Rooms.Unled(c.ctx(), s.DB)
		if err != nil {
			return err
		}
		item := views.Item{Title: "调解室负责人账号", Href: link.DeskRooms(), State: "在每间调解室的页面上指定"}
		if unled > 0 {
			item.Wants = fmt.Sprintf("%d 间还没有指定", unled)
		}
		items = append(items, item)
	}
	if c.Who.Can(access.Settings) {
		item, err := s.workdaysItem(c)
		if err != nil {
			return err
		}
		items = append(items, item)
	}
	return c.Page(views.Hub(c.page("设置"), items))
}

func (s *Server) streetItems(c *Ctx) ([]views.Item, error) {
	places, err := s.People.Communities(c.ctx(), s.DB)
	if err != nil {
		return nil, err
	}
	units, err := s.People.Units(c.ctx(), s.DB)
	if err != nil {
		return nil, err
	}
	bodies, err := s.committeeRows(c)
	if err != nil {
		return nil, err
	}
	kinds, err := s.People.RepKinds(c.ctx(), s.DB)
	if err != nil {
		return nil, err
	}
	unlawful, on, waiting := 0, 0, 0
	for _, b := range bodies {
		unlawful += min(len(b.Warnings), 1)
	}
	for _, k := range kinds {
		if k.Enabled {
			on++
		} else if !k.Confirmed {
			waiting++
		}
	}
	out := []views.Item{
		{Title: "社区", Href: link.DeskCommunities(), State: inUse(places, "个", func(p people.Community) bool { return p.StoppedOn != "" })},
		{Title: "单位", Href: link.DeskUnits(), State: inUse(units, "个", func(u people.Unit) bool { return u.StoppedOn != "" })},
		{Title: "人民调解委员会", Href: link.DeskCommittees(), State: fmt.Sprintf("%d 个", len(bodies))},
		{Title: "一专七代表", Href: link.DeskKinds(), State: fmt.Sprintf("%d 类启用", on)},
	}
	if unlawful > 0 {
		out[2].Wants = fmt.Sprintf("%d 个有成员或任期要处理", unlawful)
	}
	if waiting > 0 {
		out[3].Wants = fmt.Sprintf("%d 类等街道确认", waiting)
	}
	return out, nil
}

// inUse says how many are in use, and how many are not any more.
func inUse[T any](list []T, unit string, stopped func(T) bool) string {
	off := 0
	for _, x := range list {
		if stopped(x) {
			off++
		}
	}
	if off == 0 {
		return fmt.Sprintf("%d %s在用", len(list), unit)
	}
	return fmt.Sprintf("%d %s在用，%d %s停用", len(list)-off, unit, off, unit)
}

func (s *Server) workdaysItem(c *Ctx) (views.Item, error) {
	item := views.Item{Title: "工作日", Href: link.DeskWorkdays(), State: "还没有录入放假安排"}
	notices, err := s.Calendar.Notices(c.ctx(), s.DB)
	if err != nil {
		return item, err
	}
	if len(notices) > 0 {
		item.State = fmt.Sprintf("放假安排录入到 %d 年", notices[len(notices)-1].Year)
	}
	if next := calendar.DayOf(s.DB.Now()).Year() + 1; !calendar.NewWorkdays(notices...).Known(next) {
		item.Wants = fmt.Sprintf("%d 年还没有录入", next)
	}
	return item, nil
}

// number reads a path parameter; 0, which is nothing's, when it is no number.
func (c *Ctx) number(name string) int64 {
	n, _ := strconv.ParseInt(c.Param(name), 10, 64)
	return n
}

func (c *Ctx) maySet() bool { return c.Who.Can(access.Settings) }

// since gives what is stored when it was saved after the posted form was opened, else nil.
func (c *Ctx) since(version int64, stored ui.Form) *ui.Form {
	if version == c.Version() {
		return nil
	}
	return &stored
}

func communityFacts(x people.Community) []ui.Fact {
	return []ui.Fact{{Name: "名称", Text: x.Name}, {Name: "编号", Text: x.Code}, {Name: "地址", Text: or(x.Address, "未填写")},
		{Name: "公开电话", Text: or(x.Phone, "未填写")}, {Name: "排序", Text: strconv.Itoa(x.Seq)}}
}

func (s *Server) communityList(c *Ctx) error {
	list, err := s.People.Communities(c.ctx(), s.DB)
	if err != nil {
		return err
	}
	d := views.ListData{Title: "社区", Note: "案件、调解室和调解员都归在社区下面；停用的社区不再出现在新的登记里。", Icon: "map-pin", Base: link.DeskCommunities(),
		AddLabel: "新增社区", Cols: []string{"地址", "公开电话"}, MayEdit: c.maySet()}
	for _, x := range list {
		d.Rows = append(d.Rows, views.Row{ID: x.ID, Code: x.Code, Name: x.Name, About: []string{x.Address, x.Phone}, StoppedOn: x.StoppedOn})
	}
	return c.Page(views.List(c.page("社区"), d))
}

func (s *Server) communityPage(c *Ctx, f ui.Form) error {
	x, err := s.People.Community(c.ctx(), s.DB, c.number("community"))
	if err != nil {
		return err
	}
	d := views.PlaceData{Form: f, Name: x.Name, What: "社区", Base: link.DeskCommunities(), ID: x.ID, Facts: communityFacts(x), Version: x.Version,
		StoppedOn: x.StoppedOn, MayEdit: c.maySet()}
	if x.IsStreet {
		d.Fixed = "这是街道中心，不能停用。"
	}
	if d.Uses, err = s.People.CommunityUses(c.ctx(), s.DB, x.ID); err != nil {
		return err
	}
	for _, u := range d.Uses {
		if u.Blocks && u.N > 0 {
			d.Fixed = fmt.Sprintf("还有 %d %s%s，现在不能停用：%s。", u.N, u.Unit, u.Name, u.Note)
		}
	}
	return c.Page(views.Place(c.page(x.Name), d))
}

func (s *Server) communityForm(c *Ctx, f ui.Form, x people.Community, stored *ui.Form) error {
	d := views.EditData{Form: f, Title: "新增社区", Action: link.DeskCommunities() + "/new", Back: link.DeskCommunities(), New: x.ID == 0, Stored: stored}
	if !d.New {
		d.Title, d.Back, d.Version = "修改"+x.Name, link.Setting(link.DeskCommunities(), id(x.ID)), x.Version
		d.Action = d.Back + "/edit"
	}
	return c.Page(views.EditCommunity(c.page(d.Title), d))
}

func (c *Ctx) communityInput() people.Community {
	return people.Community{ID: c.number("community"), Code: c.Field("code"), Name: c.Field("name"), Address: c.Field("address"), Phone: c.Field("phone"),
		Seq: c.seq(), Version: c.Version()}
}

// seq reads a place in a list: at its end when none is given.
func (c *Ctx) seq() int { return c.whole("seq", 100) }

func (s *Server) communityAdd(c *Ctx) error {
	if err := s.People.AddCommunity(c.ctx(), c.Who, c.Idem(), c.communityInput()); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.communityForm(c, c.again(errs), people.Community{}, nil) })
	}
	c.Tell("已新增社区")
	return c.Go(link.DeskCommunities())
}

func (s *Server) communityEdit(c *Ctx) error {
	x, err := s.People.Community(c.ctx(), s.DB, c.number("community"))
	if err != nil {
		return err
	}
	return s.communityForm(c, c.communityFilled(x), x, nil)
}

func (c *Ctx) communityFilled(x people.Community) ui.Form {
	return c.filled("code", x.Code, "name", x.Name, "address", x.Address, "phone", x.Phone, "seq", strconv.Itoa(x.Seq))
}

func (s *Server) communitySave(c *Ctx) error {
	err := s.People.SaveCommunity(c.ctx(), c.Who, c.communityInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			x, err := s.People.Community(c.ctx(), s.DB, c.number("community"))
			if err != nil {
				return err
			}
			return s.communityForm(c, c.again(errs), x, c.since(x.Version, c.communityFilled(x)))
		})
	}
	c.Tell("已保存")
	return c.Go(link.Setting(link.DeskCommunities(), c.Param("community")))
}

func (s *Server) communityStop(c *Ctx) error {
	return s.communityDone(c, s.People.StopCommunity(c.ctx(), c.Who, c.number("community"), c.Version()), "已停用，可以随时恢复")
}

func (s *Server) communityResume(c *Ctx) error {
	return s.communityDone(c, s.People.ResumeCommunity(c.ctx(), c.Who, c.number("community"), c.Version()), "已恢复使用")
}

func (s *Server) communityDone(c *Ctx, err error, said string) error {
	return c.done(err, s.communityPage, said, link.Setting(link.DeskCommunities(), c.Param("community")))
}
