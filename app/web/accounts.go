package web

import (
	"tiaojie/app/access"
	"tiaojie/app/fault"
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
	units, err := s.unitOptions(c, nil)
	if err != nil {
		return err
	}
	places, err := s.communityOptions(c, "不限社区")
	if err != nil {
		return err
	}
	d := accounts.EditData{Form: f, Units: units, Communities: places}
	return c.Page(accounts.New(c.page("新建账号"), d))
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

func (s *Server) accountPage(c *Ctx, key string, errs map[string]string, password string) error {
	a, err := s.People.AccountByKey(c.ctx(), c.Who, key)
	if err != nil {
		return err
	}
	f := c.newForm()
	for _, r := range a.Roles {
		f.Values.Add("roles", string(r))
	}
	f.Errors = errs
	return c.Page(accounts.Edit(c.page(a.Name), accounts.EditData{Form: f, Account: a, Password: password, Now: s.DB.Now()}))
}

func (s *Server) accountRoles(c *Ctx) error {
	err := s.People.SetRoles(c.ctx(), c.Who, c.Param("key"), c.Version(), c.roles())
	return s.accountDone(c, err)
}

func (s *Server) accountDone(c *Ctx, err error) error {
	if err != nil {
		if fault.Is(err, fault.Invalid) {
			return c.Refused(err, func(errs map[string]string) error { return s.accountPage(c, c.Param("key"), errs, "") })
		}
		return err
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
		return err
	}
	return s.accountPage(c, c.Param("key"), nil, password)
}
