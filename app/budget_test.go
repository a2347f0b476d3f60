package app_test

import (
	"net/http"
	"regexp"
	"testing"
)

// TestPagesKeepToTheirBudgetOfQueries holds the hot pages to a number of queries that
// does not depend on the rows they show. A first look warms what the server keeps of
// people, rooms and hours.
func TestPagesKeepToTheirBudgetOfQueries(t *testing.T) {
	s := newSite(t, "")
	clerk := s.as("clerk")
	file := regexp.MustCompile(`href="(/cases/[0-9a-z]{16})"`).FindStringSubmatch(clerk.get("/cases").body)
	if file == nil {
		t.Fatal("no case on the list")
	}
	for _, page := range []struct {
		who  *visitor
		path string
		most int64
	}{
		{clerk, "/cases", 1}, {clerk, "/cases?q=%E7%89%A9%E4%B8%9A", 1}, {clerk, "/cases?state=open", 1},
		{clerk, file[1], 10}, {clerk, "/desk", 2}, {s.as("mediator"), "/desk", 2}, {s.as("roomlead"), "/desk", 3},
		{s.visitor(), "/mediators", 1}, {s.visitor(), "/mediators?type=family", 1}, {s.visitor(), "/rooms", 4},
	} {
		page.who.get(page.path)
		before := s.DB.Queries()
		if a := page.who.get(page.path); a.status != http.StatusOK {
			t.Errorf("%s answers %d", page.path, a.status)
		}
		if n := s.DB.Queries() - before; n > page.most {
			t.Errorf("%s takes %d queries, at most %d", page.path, n, page.most)
		}
	}
}
