package web

import (
	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/views/link"
	views "tiaojie/views/settings"
	"tiaojie/views/ui"
)

func (s *Server) committeeRoutes(g *registry) {
	g.get("/desk/settings/committees", access.SetRead, s.committeeList)
	g.get("/desk/settings/committees/new", access.Settings, func(c *Ctx) error { return s.committeeForm(c, c.newForm(), people.Committee{}, nil) })
	g.post("/desk/settings/committees/new", access.Settings, s.committeeAdd)
	g.get("/desk/settings/committees/:committee", access.SetRead, func(c *Ctx) error { return s.committeePage(c, c.newForm()) })
	g.get("/desk/settings/committees/:committee/edit", access.Settings, s.committeeEdit)
	g.post("/desk/settings/committees/:committee/edit", access.Settings, s.committeeSave)
	g.get("/desk/settings/committees/:committee/members/new", access.Settings, func(c *Ctx) error { return s.memberNew(c, c.filled("post", "member")) })
	g.post("/desk/settings/committees/:committee/members/new", access.Settings, s.memberAdd)
	g.get("/desk/settings/committees/:committee/members/:member/edit", access.Settings, s.memberEdit)
	g.post("/desk/settings/committees/:committee/members/:member/edit", access.Settings, s.memberSave)
	g.get("/desk/settings/committees/:committee/members/:member/again", access.Settings, s.memberAgain)
	g.post("/desk/settings/committees/:committee/members/:member/again", access.Settings, s.memberReelect)
	g.get("/desk/settings/committees/:committee/members/:member/end", access.Settings, s.memberLeave)
	g.post("/desk/settings/committees/:committee/members/:member/end", access.Settings, s.memberEnd)
	g.post("/desk/settings/committees/:committee/members/:member/restore", access.Settings, s.memberRestore)
}

// committeeRows reads all committees with what each lacks by law.
func (s *Server) committeeRows(c *Ctx) ([]views.CommitteeRow, error) {
	list, err := s.People.Committees(c.ctx(), s.DB)
	if err != nil {
		return nil, err
	}
	all, err := s.People.Members(c.ctx(), s.DB, 0)
	if err != nil {
		return nil, err
	}
	members := map[int64][]people.Member{}
	for _, m := range all {
		members[m.CommitteeID] = append(members[m.CommitteeID], m)
	}
	today := db.DayOf(s.DB.Now())
	out := make([]views.CommitteeRow, len(list))
	for i, b := range list {
		out[i] = views.CommitteeRow{Committee: b, Warnings: people.CommitteeWarnings(members[b.ID], today)}
		if out[i].Community, err = s.communityName(c, b.CommunityID); err != nil {
			return nil, err
		}
		for _, m := range members[b.ID] {
			if m.EndedOn == "" {
				out[i].InOffice++
			}
			if m.EndedOn == "" && m.Post == "director" {
				out[i].Director = m.Name
			}
		}
	}
	return out, nil
}

func (s *Server) committeeList(c *Ctx) error {
	rows, err := s.committeeRows(c)
	if err != nil {
		return err
	}
	return c.Page(views.Committees(c.page("人民调解委员会"), rows, c.maySet()))
}

func (s *Server) committeeFacts(c *Ctx, b people.Committee) ([]ui.Fact, error) {
	place, err := s.communityName(c, b.CommunityID)
	return []ui.Fact{{Name: "全称", Text: b.Name}, {Name: "编号", Text: b.Code}, {Name: "案号里的简称", Text: b.Org}, {Name: "印章文字", Text: b.Seal()},
		{Name: "社区", Text: or(place, "未填写")}, {Name: "地址", Text: or(b.Address, "未填写")}, {Name: "公开电话", Text: or(b.Phone, "未填写")}}, err
}

func (s *Server) committeePage(c *Ctx, f ui.Form) error {
	b, err := s.People.Committee(c.ctx(), s.DB, c.number("committee"))
	if err != nil {
		return err
	}
	d := views.CommitteeData{Form: f, Committee: b, MayEdit: c.maySet()}
	if d.Facts, err = s.committeeFacts(c, b); err != nil {
		return err
	}
	members, err := s.People.Members(c.ctx(), s.DB, b.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.EndedOn == "" {
			d.InOffice = append(d.InOffice, m)
		} else {
			d.Former = append(d.Former, m)
		}
	}
	d.Warnings = people.CommitteeWarnings(members, db.DayOf(s.DB.Now()))
	return c.Page(views.Committee(c.page(b.Name), d))
}

func (s *Server) committeeForm(c *Ctx, f ui.Form, b people.Committee, stored *ui.Form) error {
	d := views.EditData{Form: f, Title: "新增调委会", Action: link.DeskCommittees() + "/new", Back: link.DeskCommittees(), New: b.ID == 0, Stored: stored}
	if !d.New {
		d.Title, d.Back, d.Version = "修改"+b.Name, link.Setting(link.DeskCommittees(), id(b.ID)), b.Version
		d.Action = d.Back + "/edit"
	}
	var err error
	if d.Communities, err = s.communityOptions(c, "不填", deref(b.CommunityID)); err != nil {
		return err
	}
	return c.Page(views.EditCommittee(c.page(d.Title), d))
}

func (c *Ctx) committeeInput() people.Committee {
	return people.Committee{ID: c.number("committee"), Code: c.Field("code"), Name: c.Field("name"), Org: c.Field("org"), CommunityID: some(c.Int("community")),
		Address: c.Field("address"), Phone: c.Field("phone"), SealText: c.Field("seal_text"), Version: c.Version()}
}

func (s *Server) committeeAdd(c *Ctx) error {
	if err := s.People.AddCommittee(c.ctx(), c.Who, c.Idem(), c.committeeInput()); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.committeeForm(c, c.again(errs), people.Committee{}, nil) })
	}
	c.Tell("已新增调委会，请接着录入成员")
	return c.Go(link.DeskCommittees())
}

func (s *Server) committeeEdit(c *Ctx) error {
	b, err := s.People.Committee(c.ctx(), s.DB, c.number("committee"))
	if err != nil {
		return err
	}
	return s.committeeForm(c, c.committeeFilled(b), b, nil)
}

func (c *Ctx) committeeFilled(b people.Committee) ui.Form {
	return c.filled("code", b.Code, "name", b.Name, "org", b.Org, "community", id(deref(b.CommunityID)), "address", b.Address, "phone", b.Phone, "seal_text", b.SealText)
}

func (s *Server) committeeSave(c *Ctx) error {
	err := s.People.SaveCommittee(c.ctx(), c.Who, c.committeeInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			b, err := s.People.Committee(c.ctx(), s.DB, c.number("committee"))
			if err != nil {
				return err
			}
			return s.committeeForm(c, c.again(errs), b, c.since(b.Version, c.committeeFilled(b)))
		})
	}
	return s.committeeGo(c, "已保存")
}

func (s *Server) committeeGo(c *Ctx, said string) error {
	c.Tell(said)
	return c.Go(link.Setting(link.DeskCommittees(), c.Param("committee")))
}

// ofCommittee reads the member of the address, if it is one of the committee of the address.
func (s *Server) ofCommittee(c *Ctx, f ui.Form, title string) (views.MemberData, error) {
	d := views.MemberData{Form: f, Title: title, Action: c.Request().URL.Path}
	var err error
	if d.Committee, err = s.People.Committee(c.ctx(), s.DB, c.number("committee")); err != nil {
		return d, err
	}
	if c.Param("member") == "" {
		return d, nil
	}
	d.Member, err = s.People.Member(c.ctx(), s.DB, c.number("member"))
	if err == nil && d.Member.CommitteeID != d.Committee.ID {
		err = fault.New(fault.NotFound, "没有找到这位成员")
	}
	return d, err
}

func (s *Server) memberNew(c *Ctx, f ui.Form) error {
	d, err := s.ofCommittee(c, f, "增加成员")
	if err != nil {
		return err
	}
	return c.Page(views.MemberEdit(c.page(d.Title), d))
}

func (c *Ctx) memberInput() people.Member {
	return people.Member{ID: c.number("member"), CommitteeID: c.number("committee"), Name: c.Field("name"), Gender: c.Field("gender"), Post: c.Field("post"),
		TermStart: c.Field("term_start"), TermEnd: c.Field("term_end"), Version: c.Version()}
}

func (s *Server) memberAdd(c *Ctx) error {
	if err := s.People.AddMember(c.ctx(), c.Who, c.Idem(), c.memberInput()); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.memberNew(c, c.again(errs)) })
	}
	return s.committeeGo(c, "已增加成员")
}

// memberForm shows one of the forms about a member.
func (s *Server) memberForm(c *Ctx, f ui.Form, title string, page memberPage) error {
	d, err := s.ofCommittee(c, f, title)
	if err != nil {
		return err
	}
	if f.Failed() {
		d.Stored = c.since(d.Member.Version, c.memberFilled(d.Member))
	}
	d.Title += d.Member.Name
	return c.Page(page(c.page(d.Title), d))
}

func (c *Ctx) memberFilled(m people.Member) ui.Form {
	return c.filled("name", m.Name, "gender", m.Gender, "post", m.Post, "term_start", m.TermStart, "term_end", m.TermEnd)
}

func (s *Server) memberEdit(c *Ctx) error {
	d, err := s.ofCommittee(c, ui.Form{}, "")
	if err != nil {
		return err
	}
	return s.memberForm(c, c.memberFilled(d.Member), "更正", views.MemberEdit)
}

func (s *Server) memberSave(c *Ctx) error {
	return s.memberDone(c, s.People.EditMember(c.ctx(), c.Who, c.memberInput()), "更正", "已更正", views.MemberEdit)
}

func (s *Server) memberAgain(c *Ctx) error {
	d, err := s.ofCommittee(c, ui.Form{}, "")
	if err != nil {
		return err
	}
	return s.memberForm(c, c.filled("post", d.Member.Post), "连任或改任：", views.MemberAgain)
}

func (s *Server) memberReelect(c *Ctx) error {
	err := s.People.ReelectMember(c.ctx(), c.Who, c.number("member"), c.Field("post"), c.Field("term_start"), c.Version())
	return s.memberDone(c, err, "连任或改任：", "新任期已记下", views.MemberAgain)
}

func (s *Server) memberLeave(c *Ctx) error {
	return s.memberForm(c, c.filled("ended_on", db.DayOf(s.DB.Now())), "离任：", views.MemberEnd)
}

func (s *Server) memberEnd(c *Ctx) error {
	err := s.People.EndMember(c.ctx(), c.Who, c.number("member"), c.Field("ended_on"), c.Version())
	return s.memberDone(c, err, "离任：", "已记为离任；记错了可以在“已离任”里撤回", views.MemberEnd)
}

func (s *Server) memberDone(c *Ctx, err error, title, said string, page memberPage) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.memberForm(c, c.again(errs), title, page) })
	}
	return s.committeeGo(c, said)
}

func (s *Server) memberRestore(c *Ctx) error {
	if err := s.People.RestoreMember(c.ctx(), c.Who, c.number("member"), c.Version()); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.committeePage(c, c.again(errs)) })
	}
	return s.committeeGo(c, "已撤回离任")
}
