package app_test

import (
	"net/http"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/db"
)

// ask gets a page that the browser has already under a tag.
func (v *visitor) ask(path, tag string) answer {
	v.s.t.Helper()
	req, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodGet, v.s.server.URL+path, nil)
	if err != nil {
		v.s.t.Fatal(err)
	}
	req.Header.Set("If-None-Match", tag)
	return v.do(req)
}

// TestAnUnchangedPageIsAnsweredOnlyToWhoMaySeeItStill asks for the list again and again:
// 304 without a query while nothing changed, and never to somebody else, after a change of
// rights, or after the end of the sign-in.
func TestAnUnchangedPageIsAnsweredOnlyToWhoMaySeeItStill(t *testing.T) {
	eachSite(t, func(s *site, versions int64) {
		t := s.t
		clerk := s.as("clerk")
		want := func(what string, a answer, status int) string {
			t.Helper()
			if a.status != status {
				t.Fatalf("%s: %d, want %d", what, a.status, status)
			}
			return a.header.Get("ETag")
		}
		tag := want("the list", clerk.get("/cases"), http.StatusOK)
		before := s.DB.Queries()
		a := clerk.ask("/cases", tag)
		if again := want("unchanged", a, http.StatusNotModified); again != tag || a.header.Get("Content-Security-Policy") != "" {
			t.Errorf("the answer carries %v", a.header)
		}
		if n := s.DB.Queries() - before; n > versions {
			t.Errorf("unchanged after %d queries, at most %d", n, versions)
		}
		want("to somebody else", s.as("leader").ask("/cases", tag), http.StatusOK)
		if err := s.DB.Write(t.Context(), func(tx *db.Tx) error { tx.Touch("cases"); return nil }); err != nil {
			t.Fatal(err)
		}
		tag = want("a case changed", clerk.ask("/cases", tag), http.StatusOK)
		want("unchanged again", clerk.ask("/cases", tag), http.StatusNotModified)

		keeper := access.Actor{AccountID: 9001, Name: "演示", Roles: []access.Role{access.SecAdmin}}
		account := func() people.Account {
			t.Helper()
			found, err := s.People.Accounts(t.Context(), keeper, "clerk", access.Clerk)
			if err != nil || len(found) != 1 {
				t.Fatal(found, err)
			}
			return found[0]
		}
		x := account()
		if err := s.People.SetRoles(t.Context(), keeper, x.Key, x.Version, []access.Role{access.Clerk, access.Trainer}); err != nil {
			t.Fatal(err)
		}
		if a := clerk.ask("/cases", tag); a.status == http.StatusNotModified || a.header.Get("ETag") == tag {
			t.Errorf("the same page with other rights: %d", a.status)
		}
		clerk = s.as("clerk")
		tag = want("signed in anew", clerk.get("/cases"), http.StatusOK)
		want("unchanged for the new sign-in", clerk.ask("/cases", tag), http.StatusNotModified)
		keeper.Roles = []access.Role{access.SysAdmin}
		x = account()
		if err := s.People.Disable(t.Context(), keeper, x.Key, x.Version, true); err != nil {
			t.Fatal(err)
		}
		want("disabled", clerk.ask("/cases", tag), http.StatusSeeOther)
	})
}

// TestTheWallStandsAroundEveryAnswer looks at pages, files, refusals, answers without a
// body and what the router itself says.
func TestTheWallStandsAroundEveryAnswer(t *testing.T) {
	s := newSite(t, "")
	v := s.visitor()
	_, file, _ := strings.Cut(v.get("/").body, `"/static/`)
	file, _, _ = strings.Cut(file, `"`)
	for _, c := range []struct{ method, path string }{
		{"GET", "/"}, {"GET", "/static/" + file}, {"HEAD", "/static/" + file}, {"GET", "/static/none"}, {"GET", "/cases"},
		{"POST", "/login"}, {"GET", "/no/such/page"}, {"DELETE", "/"}, {"GET", "/healthz"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, s.server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		h := v.do(req).header
		if h.Get("Content-Security-Policy") == "" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Cache-Control") == "" {
			t.Errorf("%s %s: %v", c.method, c.path, h)
		}
	}
}
