package app_test

import (
	"net/http"
	"regexp"
	"testing"

	"tiaojie/db/dbtest"
)

// TestPagesKeepToTheirBudgetOfQueries holds the hot pages to a number of queries that
// does not depend on the rows they show. A first look warms what the server keeps of
// people, rooms and hours. On PostgreSQL one query more reads the versions of all that,
// since another machine may have changed it.
func TestPagesKeepToTheirBudgetOfQueries(t *testing.T) {
	eachSite(t, func(s *site, versions int64) {
		clerk, mediator := s.as("clerk"), s.as("mediator")
		for _, page := range []struct {
			who  *visitor
			path string
			most int64
		}{
			{clerk, "/cases", 1}, {clerk, "/cases?q=%E7%89%A9%E4%B8%9A", 1}, {clerk, "/cases?state=open", 1},
			{clerk, clerk.firstCase(), 2}, {mediator, mediator.firstCase(), 2},
			{clerk, "/desk", 2}, {mediator, "/desk", 2}, {s.as("roomlead"), "/desk", 3},
			{s.visitor(), "/mediators", 1}, {s.visitor(), "/mediators?type=family", 1}, {s.visitor(), "/rooms", 4},
		} {
			page.who.get(page.path)
			before := s.DB.Queries()
			if a := page.who.get(page.path); a.status != http.StatusOK {
				s.t.Errorf("%s answers %d", page.path, a.status)
			}
			if n := s.DB.Queries() - before; n > page.most+versions {
				s.t.Errorf("%s takes %d queries, at most %d", page.path, n, page.most+versions)
			}
		}
	})
}

// eachSite runs a test on a site of each engine. versions is how many queries a request
// spends on what another machine may have changed.
func eachSite(t *testing.T, f func(s *site, versions int64)) {
	t.Run("sqlite", func(t *testing.T) { f(newSite(t, ""), 0) })
	t.Run("postgres", func(t *testing.T) { f(newSite(t, dbtest.PostgresURL(t)), 1) })
}

var caseLink = regexp.MustCompile(`href="(/cases/[0-9a-z]{16})"`)

// firstCase finds a case on the visitor's list.
func (v *visitor) firstCase() string {
	v.s.t.Helper()
	link := caseLink.FindStringSubmatch(v.get("/cases").body)
	if link == nil {
		v.s.t.Fatal("no case on the list")
	}
	return link[1]
}
