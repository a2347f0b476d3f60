package web

import (
	"encoding/base64"
	"net/http"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/views/link"
	"tiaojie/views/site"
	"tiaojie/views/ui"

	"github.com/skip2/go-qrcode"
)

func (s *Server) signInRoutes(g *registry) {
	g.get("/login", access.Public, s.loginForm)
	g.post("/login", access.Public, s.login)
	g.post("/login/phone", access.Public, s.loginPhone)
	g.post("/login/code", access.Public, s.loginCode)
	g.get("/login/totp", access.StaffOnly, s.totpForm)
	g.post("/login/totp", access.StaffOnly, s.totp)
	g.get("/login/password", access.StaffOnly, s.passwordForm)
	g.post("/login/password", access.StaffOnly, s.password)
	g.post("/logout", access.Public, s.logout)
}

func (s *Server) loginForm(c *Ctx) error {
	if c.Who.SignedIn() && !c.Signed.Unfinished() {
		return c.Go(s.landing(c))
	}
	return s.loginPage(c, ui.Form{CSRF: c.CSRF()}, c.QueryParam("as") == "resident", false, c.QueryParam("next"))
}

func (s *Server) loginPage(c *Ctx, f ui.Form, resident, sent bool, next string) error {
	d := site.LoginData{Form: f, Next: back(next, ""), Resident: resident, CodeSent: sent, Demo: s.cfg.DemoSignIns}
	return c.Page(site.Login(c.page("登录"), d))
}

func (s *Server) login(c *Ctx) error {
	in, err := s.People.SignIn(c.ctx(), people.Login{Login: c.Field("login"), Password: c.Form().Get("password"),
		IP: c.Who.IP, Agent: c.Request().UserAgent(), RequestID: c.Who.RequestID})
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			c.Form().Del("password") // typed secrets don't come back
			return s.loginPage(c, c.again(errs), false, false, c.Field("next"))
		})
	}
	if err := s.changeSignIn(c, in.Token); err != nil {
		return err
	}
	next := back(c.Field("next"), link.Desk())
	switch {
	case in.NeedTOTP, in.SetupTOTP:
		next = "/login/totp"
	case in.MustChange:
		next = "/login/password"
	}
	return c.Go(next)
}

func (s *Server) loginPhone(c *Ctx) error {
	err := s.People.RequestCode(c.ctx(), c.Field("phone"), c.Who.IP)
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return s.loginPage(c, c.again(errs), true, false, c.Field("next"))
		})
	}
	return s.loginPage(c, c.again(nil), true, true, c.Field("next"))
}

func (s *Server) loginCode(c *Ctx) error {
	token, err := s.People.ConfirmCode(c.ctx(), c.Field("phone"), c.Field("code"), c.Who.IP, c.Request().UserAgent())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return s.loginPage(c, c.again(errs), true, true, c.Field("next"))
		})
	}
	if err := s.changeSignIn(c, token); err != nil {
		return err
	}
	return c.Go(back(c.Field("next"), link.Track()))
}

// landing is where somebody signed in belongs.
func (s *Server) landing(c *Ctx) string {
	if c.Who.Staff() {
		return link.Desk()
	}
	return link.Track()
}

// changeSignIn keeps a new sign-in and ends the one that this browser had: its person can
// no longer reach it to sign out, and whoever copied the cookie still could use it.
func (s *Server) changeSignIn(c *Ctx, token string) error {
	if c.Who.SignedIn() {
		if err := s.People.SignOut(c.ctx(), c.Who, c.token()); err != nil {
			return err
		}
	}
	s.keepSignIn(c, token)
	return nil
}

func (s *Server) keepSignIn(c *Ctx, token string) {
	c.SetCookie(&http.Cookie{Name: s.cookieName(signInCookie), Value: token, Path: "/", HttpOnly: true, Secure: s.cfg.Secure,
		SameSite: http.SameSiteLaxMode})
}

func (s *Server) dropSignIn(c *Ctx) {
	c.SetCookie(&http.Cookie{Name: s.cookieName(signInCookie), Path: "/", HttpOnly: true, Secure: s.cfg.Secure,
		SameSite: http.SameSiteLaxMode, MaxAge: -1})
}

func (c *Ctx) token() string { return c.cookie(c.server.cookieName(signInCookie)) }

func (s *Server) logout(c *Ctx) error {
	if c.Who.SignedIn() {
		if err := s.People.SignOut(c.ctx(), c.Who, c.token()); err != nil {
			return err
		}
	}
	s.dropSignIn(c)
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return c.Go(link.Home())
}

// secretField carries a proposed second factor sealed through the page, so that
// nothing is stored before one right code was typed.
const secretField = "setup"

func (s *Server) totpForm(c *Ctx) error {
	if !c.Signed.SetupTOTP {
		if !c.Signed.NeedTOTP && c.QueryParam("setup") == "" {
			return c.Go(link.Desk())
		}
		if c.Signed.NeedTOTP {
			return c.Page(site.TOTP(c.page("动态验证码"), site.TOTPData{Form: c.newForm()}))
		}
	}
	if !c.Signed.MayReplaceTOTP(s.DB.Now()) {
		return fault.New(fault.Conflict, "更换验证器前，请先退出并重新登录，十分钟内完成设置")
	}
	e, err := s.People.StartTOTP(c.Who, s.cfg.Street+"人民调解")
	if err != nil {
		return err
	}
	return s.totpSetup(c, e.Secret, e.URL, nil)
}

func (s *Server) totpSetup(c *Ctx, secret, url string, errs map[string]string) error {
	png, err := qrcode.Encode(url, qrcode.Medium, 240)
	if err != nil {
		return err
	}
	f := c.newForm()
	f.Errors = errs
	sealed := s.box.Seal("totp-setup:"+c.Signed.CSRFKey, secret+"\n"+url)
	d := site.TOTPData{Form: f, Setup: true, Secret: secret, Sealed: base64.RawURLEncoding.EncodeToString(sealed),
		QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)}
	return c.Page(site.TOTP(c.page("设置动态验证码"), d))
}

func (s *Server) totp(c *Ctx) error {
	if sealed := c.Field(secretField); sealed != "" {
		return s.totpFinish(c, sealed)
	}
	token, err := s.People.ConfirmTOTP(c.ctx(), c.Who, c.token(), c.Field("code"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return c.Page(site.TOTP(c.page("动态验证码"), site.TOTPData{Form: c.again(errs)}))
		})
	}
	s.keepSignIn(c, token)
	if c.Signed.MustChange {
		return c.Go("/login/password")
	}
	return c.Go(link.Desk())
}

func (s *Server) totpFinish(c *Ctx, sealed string) error {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return fault.New(fault.Invalid, "设置已失效，请重新开始")
	}
	text, err := s.box.Open("totp-setup:"+c.Signed.CSRFKey, raw)
	if err != nil {
		return fault.New(fault.Invalid, "设置已失效，请重新开始")
	}
	secret, url, _ := cut(text)
	codes, token, err := s.People.FinishTOTP(c.ctx(), c.Who, c.token(), secret, c.Field("code"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.totpSetup(c, secret, url, errs) })
	}
	s.keepSignIn(c, token)
	return c.Page(site.Recovery(c.page("备用码"), codes))
}

func (s *Server) passwordForm(c *Ctx) error {
	return c.Page(site.Password(c.page("修改口令"), c.newForm(), c.Signed.MustChange, s.People.PasswordRules()))
}

func (s *Server) password(c *Ctx) error {
	f := c.Form()
	again := func(errs map[string]string) error {
		form := c.newForm()
		form.Errors = errs
		return c.Page(site.Password(c.page("修改口令"), form, c.Signed.MustChange, s.People.PasswordRules()))
	}
	if f.Get("new") != f.Get("again") {
		return c.Refused(fault.At("again", "两次输入的新口令不一样"), again)
	}
	token, err := s.People.ChangePassword(c.ctx(), c.Who, c.token(), f.Get("old"), f.Get("new"))
	if err != nil {
		return c.Refused(err, again)
	}
	s.keepSignIn(c, token)
	c.Tell("口令已修改")
	return c.Go(link.Desk())
}
