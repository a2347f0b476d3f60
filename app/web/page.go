package web

import (
	"net/http"

	"tiaojie/app/fault"
	"tiaojie/views/layout"
	"tiaojie/views/site"
	"tiaojie/views/ui"
)

// page fills what every frame needs to know of the request.
func (c *Ctx) page(title string) layout.Page {
	p := layout.Page{Title: title, Path: c.Request().URL.RequestURI(), Street: c.server.cfg.Street, Actor: c.Who,
		CSRF: c.CSRF(), Elder: c.Elder(), Demo: c.server.cfg.Demo, Unread: c.Signed.Unread, Errors: c.status == http.StatusUnprocessableEntity}
	if text := c.takeFlash(); text != "" {
		p.Flash = &ui.Flash{Text: text, Tone: ui.Finished}
	}
	return p
}

// newForm is an empty form with fresh tokens.
func (c *Ctx) newForm() ui.Form { return ui.New(c.CSRF(), c.NewIdem()) }

// filled is a form that shows what is stored: name, value, name, value.
func (c *Ctx) filled(pairs ...string) ui.Form { return ui.Filled(c.CSRF(), c.NewIdem(), pairs...) }

// again is the posted form with what was refused.
func (c *Ctx) again(errs map[string]string) ui.Form {
	return ui.Refused(c.Form(), errs, c.CSRF(), c.IdemAgain())
}

// queryForm shows the filters of the address in their fields.
func (c *Ctx) queryForm() ui.Form {
	return ui.Form{Values: c.QueryParams(), CSRF: c.CSRF(), Idem: c.NewIdem()}
}

var failureTitles = map[fault.Code]string{
	fault.Invalid: "没有办成", fault.SignIn: "请先登录", fault.Forbidden: "没有权限", fault.NotFound: "没有找到",
	fault.Conflict: "内容已经变了", fault.TooMany: "操作太频繁", fault.Unavailable: "暂时办不了", fault.Internal: "系统出错了",
}

func (c *Ctx) errorPage(code fault.Code, err error) error {
	d := site.ErrorData{Title: failureTitles[code], Message: fault.MessageOf(err), Back: "/"}
	if code == fault.Internal || code == fault.Unavailable {
		d.Reference = c.Who.RequestID
	}
	if ref := c.Request().Header.Get("Referer"); ref != "" && sameHost(c.Request(), ref) {
		d.Back = back(pathOf(ref), "/")
	}
	return c.Page(site.Failure(c.page(d.Title), d))
}
