package web

import (
	"maps"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/views/accounts"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) accountRoutes(g *registry) {
	// Both administrators see the list; each act checks which of them may do it.
	g.get("/desk/users", access.StaffOnly, s.accountList)
	g.get("/desk/users/new", access.Accounts, s.accountNew)
	g.post("/desk/users/new", access.Accounts, s.accountCreate)
	g.get("/desk/users/:key", access.StaffOnly, s.accountEdit)
	g.post("/desk/users/:key/roles", access.Grants, s.accountRoles)
	g.post("/desk/users/:key/totp-require", access.Grants, s.accountTOTP(true))
	g.post("/desk/users/:key/totp-free", access.Grants, s.accountTOTP(false))
	g.post("/desk/users/:key/totp-reset", access.Grants, s.accountAct(s.People.ResetTOTP))
	g.post("/desk/users/:key/unlock", access.Grants, s.accountAct(s.People.Unlock))
	g.post("/desk/users/:key/sign-out", access.SignOuts, s.accountAct(s.People.EndSignInsOf))
	g.post("/desk/users/:key/edit", access.Accounts, s.accountSave)
	g.post("/desk/users/:key/password", access.Accounts, s.accountPassword)
	g.post("/desk/users/:key/disable", access.Accounts, s.accountDisable(true))
	g.post("/desk/users/:key/enable", access.Accounts, s.accountDisable(false))
}

func (s *Server) accountList(c *Ctx) error {
	list, err := s.People.Accounts(c.ctx(), c.Who, c.QueryParam("q"), access.Role(c.QueryParam("role")))
	if err != nil {
		return err
	}
	return c.Page(accounts.List(c.page("用户与权限"), accounts.ListData{Form: c.queryForm(), Accounts: list, Now: s.DB.Now()}))
}

func (s *Server) accountNew(c *Ctx) error { return s.accountNewPage(c, c.newForm()) }

func (s *Server) accountNewPage(c *Ctx, f ui.Form) error {
	d := accounts.EditData{Form: f}
	if err := s.accountChoices(c, &d); err != nil {
		return err
	}
	return c.Page(accounts.New(c.page("新建账号"), d))
}

// accountChoices fills in the units and communities to choose from, the account's own
// ones also when they are no longer in use.
func (s *Server) accountChoices(c *Ctx, d *accounts.EditData) (err error) {
	if d.Units, err = s.unitOptions(c, d.Account.UnitID); err != nil {
		return err
	}
	var keep []int64
	if d.Account.CommunityID != nil {
		keep = append(keep, *d.Account.CommunityID)
	}
	d.Communities, err = s.communityOptions(c, "不限社区", keep...)
	return err
}

func (c *Ctx) roles() []access.Role {
	var out []access.Role
	for _, r := range c.Form()["roles"] {
		out = append(out, access.Role(r))
	}
	return out
}

func (s *Server) accountCreate(c *Ctx) error {
	key, password, err := s.People.CreateAccount(c.ctx(), c.Who, c.Idem(), people.NewAccount{Login: c.Field("login"), Name: c.Field("name"),
		Phone: c.Field("phone"), Roles: c.roles(), UnitID: c.Int("unit"), CommunityID: c.Int("community")})
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.accountNewPage(c, c.again(errs)) })
	}
	if password == "" { // the form came twice; the password was shown the first time
		return c.Go(link.DeskUsers() + "/" + key)
	}
	return s.accountPage(c, key, nil, password)
}

func (s *Server) accountEdit(c *Ctx) error { return s.accountPage(c, c.Param("key"), nil, "") }

// accountPage shows an account as it is stored, and over it what was typed and refused.
func (s *Server) accountPage(c *Ctx, key string, errs map[string]string, password string) error {
	a, err := s.People.AccountByKey(c.ctx(), c.Who, key)
	if err != nil {
		return err
	}
	d := accounts.EditData{Account: a, Password: password, Now: s.DB.Now(), Own: a.ID == c.Who.AccountID}
	if d.SignIns, err = s.People.SignInsOf(c.ctx(), c.Who, a); err != nil {
		return err
	}
	phone, err := s.People.AccountPhone(c.Who, a)
	if err != nil {
		return err
	}
	d.Phone = people.MaskPhone(phone)
	if err := s.accountChoices(c, &d); err != nil {
		return err
	}
	linked, err := s.accountMediators(c, &d)
	if err != nil {
		return err
	}
	d.Form = accountForm(c, a, linked)
	if d.Form.Errors = errs; errs != nil {
		if a.Version != c.Version() {
			stored := accountForm(c, a, linked)
			d.Stored = &stored
		}
		maps.Copy(d.Form.Values, c.Form())
	}
	return c.Page(accounts.Edit(c.page(a.Name), d))
}

// accountMediators fills in the mediators that the account may be linked to, and gives
// the one that it is linked to.
func (s *Server) accountMediators(c *Ctx, d *accounts.EditData) (linked int64, err error) {
	all, err := s.People.Mediators(c.ctx(), s.DB, people.MediatorFilter{})
	d.Mediators = []ui.Option{{Label: "不关联"}}
	for _, m := range all {
		mine := m.AccountID != nil && *m.AccountID == d.Account.ID
		if mine {
			linked = m.ID
		}
		if mine || m.AccountID == nil {
			d.Mediators = append(d.Mediators, ui.Option{Value: id(m.ID), Label: m.Name + "（" + m.RepName + "）"})
		}
	}
	return linked, err
}

func accountForm(c *Ctx, a people.Account, linked int64) ui.Form {
	f := c.filled("name", a.Name, "mediator", id(linked))
	for _, r := range a.Roles {
		f.Values.Add("roles", string(r))
	}
	if a.UnitID != nil {
		f.Values.Set("unit", id(*a.UnitID))
	}
	if a.CommunityID != nil {
		f.Values.Set("community", id(*a.CommunityID))
	}
	return f
}

func (s *Server) accountSave(c *Ctx) error {
	return s.accountDone(c, s.People.EditAccount(c.ctx(), c.Who, c.Param("key"), c.Version(), people.AccountEdit{Name: c.Field("name"),
		Phone: c.Field("phone"), UnitID: c.Int("unit"), CommunityID: c.Int("community"), MediatorID: c.Int("mediator")}))
}

func (s *Server) accountRoles(c *Ctx) error {
	if !c.Form().Has("roles") {
		c.Form()["roles"] = nil // nothing ticked is an answer too, and comes back when it is refused
	}
	err := s.People.SetRoles(c.ctx(), c.Who, c.Param("key"), c.Version(), c.roles())
	return s.accountDone(c, err)
}

func (s *Server) accountDone(c *Ctx, err error) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.accountPage(c, c.Param("key"), errs, "") })
	}
	c.Tell("已保存")
	return c.Go(link.DeskUsers() + "/" + c.Param("key"))
}

func (s *Server) accountTOTP(on bool) Handler {
	return func(c *Ctx) error {
		return s.accountDone(c, s.People.RequireTOTP(c.ctx(), c.Who, c.Param("key"), c.Version(), on))
	}
}

func (s *Server) accountDisable(off bool) Handler {
	return func(c *Ctx) error {
		return s.accountDone(c, s.People.Disable(c.ctx(), c.Who, c.Param("key"), c.Version(), off))
	}
}

func (s *Server) accountPassword(c *Ctx) error {
	password, err := s.People.ResetPassword(c.ctx(), c.Who, c.Param("key"), c.Version())
	if err != nil {
		return s.accountDone(c, err)
	}
	return s.accountPage(c, c.Param("key"), nil, password)
}
