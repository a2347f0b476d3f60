// Package layout holds the frames of the pages: Public for residents, Desk for
// staff, Board for the big screen, Print for papers. A page is
//
//	templ List(p layout.Page, d ListData) {
//		@layout.Public(p) { … }
//	}
package layout

import (
	"tiaojie/app/access"
	"tiaojie/views/ui"
)

// Page is what a frame needs to know of the request.
type Page struct {
	Title  string // of the page alone; the frame adds the street
	Path   string // path and query of the request: marks the current entry, and where 长辈版 returns to
	Street string // 街道 name as residents read it
	Actor  access.Actor
	CSRF   string
	Elder  bool // 长辈版
	Demo   bool // demonstration data: every page says so
	Flash  *ui.Flash
	Unread int  // in-app messages of the actor
	Errors bool // a form was refused: the title starts with 错误
}

// title is the browser's title: what is wrong first, then the page, then the place.
func (p Page) title() string {
	t := p.Title
	if p.Errors {
		t = "错误：" + t
	}
	if t == "" {
		return p.site()
	}
	return t + " · " + p.site()
}

func (p Page) site() string { return p.Street + "人民调解" }

// mode is the data-mode of <html>: the style sheet changes its values by it.
func (p Page) mode() string {
	if p.Elder {
		return "elder"
	}
	return "standard"
}

// elderTo is the value that switches 长辈版 to the other side.
func (p Page) elderTo() string {
	if p.Elder {
		return ""
	}
	return "1"
}

// roles names the actor's offices.
func (p Page) roles() string {
	out := ""
	for i, r := range p.Actor.Roles {
		if i > 0 {
			out += "、"
		}
		out += r.Label()
	}
	return out
}
