package layout

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"tiaojie/app/access"
	"tiaojie/views/ui"
)

func page(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var out strings.Builder
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Nobody sees an entry that would refuse him, and everybody has a way in.
func TestDeskNavigationByRole(t *testing.T) {
	for _, r := range access.StaffRoles {
		a := access.Actor{AccountID: 1, Roles: []access.Role{r}}
		var labels []string
		for _, i := range visible(deskNav, a) {
			if !a.Can(i.Permission) {
				t.Errorf("%s sees %s", r, i.Label)
			}
			labels = append(labels, i.Label)
		}
		if !slices.Contains(labels, "工作台") {
			t.Errorf("%s has no desk", r)
		}
	}
	if len(visible(deskNav, access.Actor{})) != 0 {
		t.Error("a stranger sees the desk's entries")
	}
}

func TestNavigationPermissionsExist(t *testing.T) {
	for _, i := range slices.Concat(deskNav, publicNav, tabs) {
		if !access.Known(i.Permission) {
			t.Errorf("%s: no role is granted %q", i.Label, i.Permission)
		}
	}
}

func TestCurrentEntry(t *testing.T) {
	for path, want := range map[string]string{
		"/desk": "/desk", "/desk/rooms": "/desk/rooms", "/desk/rooms/x?a=1": "/desk/rooms", "/desk/elsewhere": "/desk",
		"/cases?q=1": "/cases", "/casesx": "", "/": "",
	} {
		if got := current(deskNav, path); got != want {
			t.Errorf("current(%q) = %q, want %q", path, got, want)
		}
	}
	if got := current(publicNav, "/mediators/x"); got != "/mediators" {
		t.Errorf("a profile belongs to %q", got)
	}
	if got := current(publicNav, "/elsewhere"); got != "" {
		t.Errorf("/ claims %q", got)
	}
}

func TestTitle(t *testing.T) {
	for want, p := range map[string]Page{
		"查进度 · 演示街道人民调解":     {Title: "查进度", Street: "演示街道"},
		"错误：对方是谁 · 演示街道人民调解": {Title: "对方是谁", Street: "演示街道", Errors: true},
		"演示街道人民调解":           {Street: "演示街道"},
	} {
		if got := page(t, Public(p)).Find("title").Text(); got != want {
			t.Errorf("title %q, want %q", got, want)
		}
	}
}

// The switch is a form that posts: it works without JavaScript and comes back here.
func TestElderSwitch(t *testing.T) {
	doc := page(t, Public(Page{Path: "/apply?step=2", CSRF: "c"}))
	form := doc.Find("form[action='/elder'][method=post]")
	if form.Find("[name=on]").AttrOr("value", "") != "1" || form.Find("[name=back]").AttrOr("value", "") != "/apply?step=2" ||
		form.Find("[name=csrf]").AttrOr("value", "") != "c" {
		t.Error("the switch does not lead back")
	}
	doc = page(t, Public(Page{Elder: true}))
	if doc.Find("html").AttrOr("data-mode", "") != "elder" || doc.Find("[name=on]").AttrOr("value", "x") != "" {
		t.Error("no way back from 长辈版")
	}
}

func TestEveryFrameOfTheDemonstrationSaysSo(t *testing.T) {
	p := Page{Demo: true, Actor: access.Actor{AccountID: 1}}
	for name, c := range map[string]templ.Component{"public": Public(p), "wide": PublicWide(p), "desk": Desk(p), "board": Board(p), "print": Print(p, "/")} {
		doc := page(t, c)
		if doc.Find("[data-testid=demo]").Length() != 1 {
			t.Errorf("%s hides that its data is made up", name)
		}
		if doc.Find("main#main").Length() != 1 || doc.Find("a.skip[href='#main']").Length() != 1 {
			t.Errorf("%s: no main part to skip to", name)
		}
	}
	p.Demo = false
	if page(t, Public(p)).Find("[data-testid=demo]").Length() != 0 {
		t.Error("real data is called made up")
	}
}

func TestFlashIsShownOnceAndEscaped(t *testing.T) {
	doc := page(t, Desk(Page{Flash: &ui.Flash{Text: "<i>已受理</i>", Tone: ui.Act}}))
	if f := doc.Find("[data-testid=flash]"); f.Length() != 1 || !strings.Contains(f.Text(), "<i>已受理</i>") {
		t.Errorf("flash: %d, %q", f.Length(), f.Text())
	}
}

// The way out is a POST on the desk and for a signed-in resident, a way in for a stranger.
func TestSignOut(t *testing.T) {
	for name, c := range map[string]struct {
		page templ.Component
		out  int
	}{
		"desk":     {Desk(Page{Actor: access.Actor{AccountID: 1, Roles: []access.Role{access.Clerk}}}), 1},
		"resident": {Public(Page{Actor: access.Actor{ResidentID: 1}}), 1},
		"stranger": {Public(Page{}), 0},
	} {
		doc := page(t, c.page)
		if n := doc.Find("form[method=post][action='/logout']").Length(); n != c.out {
			t.Errorf("%s: %d ways out", name, n)
		}
		if c.out == 0 && doc.Find("header a[href='/login']").Length() == 0 {
			t.Errorf("%s: no way in", name)
		}
	}
}
