package app_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"tiaojie/views/browsertest"
)

// pages lists what each role can open, to be looked at in a browser; "" is a visitor.
func (s *site) pages() map[string][]string {
	o := s.objects()["mediator"].mine
	room, mediator, session := "/desk/rooms/"+o["room"], "/desk/mediators/"+o["mediator"], "/desk/sessions/"+o["session"]
	papers, slips := "/cases/"+o["case"]+"/papers", "/cases/"+o["case"]+"/slips"
	const set = "/desk/settings"
	const books = "/desk/school/textbooks"
	committee := set + "/committees/" + o["committee"]
	list := map[string][]string{
		"": {"/", "/mediators", "/mediators/" + o["mediator"], "/rooms", "/rooms/" + o["room"], "/apply", "/track", "/login?as=staff",
			"/login?as=resident", "/school", "/privacy", "/i", "/demo/outbox", "/nothing-here"},
		"clerk": {"/desk", "/cases", "/cases/new", "/cases/" + o["case"], "/cases/" + o["case"] + "?open=schedule",
			"/cases/" + o["case"] + "/party/" + o["party"], "/cases/" + o["case"] + "/party/new", "/cases/export?state=open", session + "/absent", papers, papers + "/register", papers + "/cover",
			slips + "/inquiry?for=new", slips + "/dossier", "/calendar", "/desk/rooms", "/desk/rooms/new", room, room + "/edit",
			room + "/time", "/desk/mediators", "/desk/mediators/new", mediator, mediator + "/edit", mediator + "/time", "/desk/mediators/import", "/desk/outbox"},
		"mediator": {"/desk", "/cases/" + o["case"], papers, "/cases/" + o["case"] + "/party/" + o["party"], "/desk/sessions", session, session + "/table", session + "/record", session + "/proposals",
			session + "/finish", mediator, mediator + "/own", "/desk/time", "/login/password", "/login/totp?setup=1", "/desk/me", "/desk/messages", "/desk/messages?state=read"},
		"trainer": {"/desk/school", books, books + "/new", books + "/xinren", books + "/xinren/facts", books + "/xinren/review", books + "/xinren/chapters/new",
			books + "/xinren/chapters/xinren-session", books + "/xinren/chapters/xinren-session/preview"},
		"roomlead": {"/learn", "/learn/books/xinren", "/learn/books/xinren?q=%E5%9B%9E%E9%81%BF", "/learn/books/xinren/xinren-session", "/learn/books/xinren/xinren-session?note=3",
			"/learn/books/xinren/xinren-caucus", "/learn/steps/record", "/learn/books/xinren/xinren-session/print"},
		"liaison": {"/desk/court", "/desk/messages?state=unread"},
		"sysadmin": {"/desk/users", "/desk/users/new", "/desk/users/" + o["user"], "/desk/workdays",
			set, set + "/communities", set + "/communities/new", set + "/communities/" + o["community"], set + "/units", set + "/units/new", set + "/units/" + o["unit"],
			set + "/committees", set + "/committees/new", committee, committee + "/members/new", committee + "/members/" + o["member"] + "/again",
			committee + "/members/" + o["member"] + "/end", set + "/kinds", set + "/kinds/tbd1", set + "/kinds/tbd1/edit", set + "/kinds/psy", set + "/kinds/psy/off"},
		"leader":   {set, committee},
		"secadmin": {"/desk/users/" + o["user"]},
		"auditor":  {"/desk/audit", "/desk/me", "/desk/messages"},
	}
	list["trainer"] = append(list["trainer"], matrixPages(o)...)
	course, class := "/desk/school/courses/"+o["course"], "/desk/school/classes/"+o["class"]
	list["trainer"] = append(list["trainer"], "/desk/school/courses", "/desk/school/courses/new", course, course+"/revise", course+"/open",
		"/desk/school/lecturers", "/desk/school/lecturers/new", "/desk/school/lecturers/"+o["lecturer"], "/desk/school/classes", class, class+"/edit", class+"/cancel",
		class+"/enrol?post=full", class+"/people/"+o["learner"], class+"/screen", class+"/sheet")
	list["mediator"] = append(list["mediator"], "/learn/courses", "/learn/attend", "/learn/attend/"+o["class"])
	for role, more := range s.agreementPages(o) {
		list[role] = append(list[role], more...)
	}
	for role, more := range s.examPages(o) {
		list[role] = append(list[role], more...)
	}
	return list
}

// signIn carries a sign-in made by HTTP into the browser, as the cookies it is.
func signIn(b *browsertest.Browser, s *site, login string) {
	s.t.Helper()
	b.Go(s.server.URL + "/healthz")
	b.Cookie("sid", "")
	if login == "" {
		return
	}
	u, err := url.Parse(s.server.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, k := range s.as(login).http.Jar.Cookies(u) {
		b.Cookie(k.Name, k.Value)
	}
}

// nameOf makes a file name of a role and an address without the keys of things.
func (s *site) nameOf(role, path string) string {
	for family, key := range s.objects()["mediator"].mine {
		if len(key) > 4 { // short ones are numbers, which stand in other words too
			path = strings.ReplaceAll(path, key, family)
		}
	}
	return strings.Trim(role+strings.NewReplacer("/", "_", "?", "_", "=", "_").Replace(path), "_")
}

// TestEveryPageInABrowser opens every page at the three widths and in the 长辈版.
// SHOTS=dir keeps pictures.
func TestEveryPageInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	s := newSite(t, "")
	b := browsertest.Open(t)
	dir := os.Getenv("SHOTS")
	for role, paths := range s.pages() {
		t.Run("as "+role, func(t *testing.T) {
			b := b.With(t)
			signIn(b, s, role)
			for _, path := range paths {
				name := s.nameOf(role, path)
				b.Elder(false)
				b.Go(s.server.URL + path)
				for _, width := range browsertest.Widths {
					b.Size(width, 900)
					b.Shot(dir, fmt.Sprintf("%s-%d", name, width))
					b.Check(fmt.Sprintf("%s@%d", name, width))
				}
				b.Size(390, 900)
				b.Elder(true)
				b.Go(s.server.URL + path)
				b.Shot(dir, name+"-elder")
				b.Check(name + "@elder")
			}
		})
	}
}
