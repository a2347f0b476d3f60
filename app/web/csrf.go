package web

import (
	"net/http"

	"tiaojie/app/fault"
	"tiaojie/app/seal"
)

const (
	elderCookie = "elder"
	visitCookie = "visit"
	csrfField   = "csrf"
)

// visitor names whoever is on the other end: the sign-in, else the random visit
// cookie, else nobody.
func (c *Ctx) visitor() string {
	if c.Signed.CSRFKey != "" {
		return "s:" + c.Signed.CSRFKey
	}
	if v := c.visit().ID; v != "" {
		return "v:" + v
	}
	return ""
}

// CSRF gives the token for the page's forms. It is bound to the sign-in, or to the
// visit of somebody without one; showing a form begins a visit.
func (c *Ctx) CSRF() string {
	if c.visitor() == "" {
		c.beginVisit()
	}
	return c.server.box.HashToken("csrf", c.visitor())[:32]
}

// checkCSRF refuses a form that was not shown by us to this very person.
func (c *Ctx) checkCSRF() error {
	// Sec-Fetch-Site and Origin first; old web views send neither, then the token decides.
	if err := c.server.crossOrigin.Check(c.Request()); err != nil {
		return fault.Wrap(err, fault.Forbidden, "这个请求来自别的网站，没有执行")
	}
	token := c.Request().Header.Get("X-CSRF-Token")
	if token == "" {
		token = c.Form().Get(csrfField)
	}
	if v := c.visitor(); v == "" || !seal.Equal(token, c.server.box.HashToken("csrf", v)[:32]) {
		return fault.New(fault.Forbidden, "页面停留太久，已经失效。请返回上一页刷新后再提交，您填的内容还在")
	}
	return nil
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}
