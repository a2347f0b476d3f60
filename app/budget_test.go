package app_test

import (
	"math"
	"net/http"
	"regexp"
	"runtime"
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
			{clerk, "/desk", 3}, {mediator, "/desk", 3}, {s.as("roomlead"), "/desk", 4},
			{mediator, "/learn/books/xinren/xinren-session", 2}, {mediator, "/learn/books/xinren", 3}, {mediator, "/learn", 4}, {s.visitor(), "/school", 0},
			{s.as("trainer"), "/desk/school/matrix", 1}, {s.as("trainer"), "/desk/school/matrix?state=late", 1},
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

// nowhere takes an answer and keeps its status.
type nowhere struct {
	header http.Header
	status int
}

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) WriteHeader(status int)      { n.status = status }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }

// TestPagesKeepToTheirBudgetOfMemory holds the hot pages to a number of allocations and
// bytes, a third above what they take (a sixth with the race detector, which takes more
// itself), so that no loop begins to copy unnoticed.
func TestPagesKeepToTheirBudgetOfMemory(t *testing.T) {
	s := newSite(t, "")
	handler, clerk := s.Web.Handler(), s.as("clerk")
	for _, page := range []struct {
		name, path string
		who        *visitor
		unchanged  bool
		allocs, kB float64
	}{
		{"the list", "/cases", clerk, false, 8700, 450},
		{"the unchanged list", "/cases", clerk, true, 13, 1.4},
		{"a case", clerk.firstCase(), clerk, false, 3600, 300},
		{"the marketplace", "/mediators", s.visitor(), false, 1650, 160},
	} {
		first := page.who.get(page.path)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+page.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range page.who.http.Jar.Cookies(req.URL) {
			req.AddCookie(k)
		}
		want := http.StatusOK
		if page.unchanged {
			req.Header.Set("If-None-Match", first.header.Get("ETag"))
			want = http.StatusNotModified
		}
		const runs = 40
		var status int
		allocs, kB := math.Inf(1), math.Inf(1)
		for range 3 { // what else the process does, and a pool emptied in between, only adds: the least is the page's own
			before := allocated()
			allocs = min(allocs, testing.AllocsPerRun(runs, func() {
				w := &nowhere{header: http.Header{}}
				handler.ServeHTTP(w, req)
				status = w.status
			}))
			kB = min(kB, float64(allocated()-before)/(runs+1)/1024)
		}
		if status != want {
			t.Errorf("%s answers %d", page.name, status)
		}
		if allocs > page.allocs || kB > page.kB {
			t.Errorf("%s takes %.0f allocations and %.1f kB, at most %.0f and %.1f", page.name, allocs, kB, page.allocs, page.kB)
		}
	}
}

// allocated is how many bytes the process has taken so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
