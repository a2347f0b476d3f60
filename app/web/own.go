package web

import (
	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/views/accounts"
	"tiaojie/views/link"
	"tiaojie/views/site"
	"tiaojie/views/ui"
)

// ownRoutes are what everybody of the staff does with the own account.
func (s *Server) ownRoutes(g *registry) {
	g.get("/desk/me", access.StaffOnly, s.ownAccount)
	g.post("/desk/me/phone", access.StaffOnly, s.ownPhone)
	g.post("/desk/me/phone-code", access.StaffOnly, s.ownPhoneCode)
	g.post("/desk/me/codes", access.StaffOnly, s.ownCodes)
	g.post("/desk/me/signins", access.StaffOnly, s.ownSignInsEnd)
	g.post("/desk/me/signins/:key/end", access.StaffOnly, s.ownSignInEnd)
}

func (s *Server) ownAccount(c *Ctx) error { return s.ownPage(c, c.newForm(), false) }

// ownPage shows the account; asked says that a code went to the phone in the form.
func (s *Server) ownPage(c *Ctx, f ui.Form, asked bool) error {
	d := accounts.OwnData{Form: f, Asked: asked, MayTOTP: c.Signed.MayReplaceTOTP(s.DB.Now())}
	var err error
	if d.Account, err = s.People.Own(c.ctx(), c.Who); err != nil {
		return err
	}
	if d.SignIns, err = s.People.SignIns(c.ctx(), c.Who, c.token()); err != nil {
		return err
	}
	for _, x := range d.SignIns {
		if !x.Current {
			d.Others++
		}
	}
	return c.Page(accounts.Own(c.page("我的账号"), d))
}

func (s *Server) ownPhone(c *Ctx) error {
	if err := s.People.AskOwnPhone(c.ctx(), c.Who, c.Field("phone")); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.ownPage(c, c.again(errs), false) })
	}
	return s.ownPage(c, c.again(nil), true)
}

func (s *Server) ownPhoneCode(c *Ctx) error {
	err := s.People.ConfirmOwnPhone(c.ctx(), c.Who, c.Field("phone"), c.Field("code"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.ownPage(c, c.again(errs), true) })
	}
	return s.ownDone(c, "手机号已更换")
}

func (s *Server) ownDone(c *Ctx, said string) error {
	c.Tell(said)
	return c.Go(link.OwnAccount())
}

func (s *Server) ownCodes(c *Ctx) error {
	codes, err := s.People.NewRecoveryCodes(c.ctx(), c.Who, c.token())
	if err != nil {
		return err
	}
	return c.Page(site.Recovery(c.page("备用码"), codes))
}

func (s *Server) ownSignInsEnd(c *Ctx) error {
	if err := s.People.EndOtherSignIns(c.ctx(), c.Who, c.token()); err != nil {
		return err
	}
	return s.ownDone(c, "其他地方都已退出")
}

func (s *Server) ownSignInEnd(c *Ctx) error {
	if err := s.People.EndSignIn(c.ctx(), c.Who, c.Param("key")); err != nil {
		return err
	}
	return s.ownDone(c, "已退出那一处")
}

// inboxRoutes are one's own messages.
func (s *Server) inboxRoutes(g *registry) {
	g.get("/desk/messages", access.StaffOnly, s.inbox)
	g.post("/desk/messages/read", access.StaffOnly, s.inboxReadAll)
	g.post("/desk/messages/:key/read", access.StaffOnly, s.inboxRead)
}

func (s *Server) inbox(c *Ctx) error {
	in := notify.Inbox{Before: c.QueryParam("before")}
	if state := c.QueryParam("state"); state == "unread" || state == "read" {
		in.State = state
	}
	page, err := s.Outbox.Inbox(c.ctx(), c.Who, in)
	if err != nil {
		return err
	}
	d := accounts.InboxData{Form: c.newForm(), Page: page, State: in.State, Unread: c.Signed.Unread, First: in.Before == "", Path: c.Request().URL.RequestURI()}
	if page.Next != "" {
		d.Next = c.withQuery("before", page.Next)
	}
	return c.Page(accounts.Inbox(c.page("我的消息"), d))
}

func (s *Server) inboxReadAll(c *Ctx) error {
	if err := s.Outbox.ReadAll(c.ctx(), c.Who, c.Int("upto")); err != nil {
		return err
	}
	c.Tell("已全部标为已读")
	return c.Go(back(c.Field("back"), link.OwnMessages()))
}

// inboxRead marks a message as read, and opens its case if that was asked for and the
// case is still the person's.
func (s *Server) inboxRead(c *Ctx) error {
	e, err := s.Outbox.Read(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	if c.Field("to") == "case" && e.CaseKey != "" {
		_, _, err := s.Docket.InScope(c.ctx(), s.DB, c.Who, e.CaseKey)
		if err == nil {
			return c.Go(link.Case(e.CaseKey))
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		c.Tell("这个案件现在不由您办理，看不到内容了")
	}
	return c.Go(back(c.Field("back"), link.OwnMessages()))
}
