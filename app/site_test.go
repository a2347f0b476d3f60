package app_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"tiaojie/app"
	"tiaojie/app/seed"
	"tiaojie/db/dbtest"
)

// site is a whole server on a filled street, for tests that come by HTTP.
type site struct {
	*app.App
	t      testing.TB
	server *httptest.Server
	street seed.Street
	clock  *dbtest.Clock
	down   atomic.Bool // hangs up on what is sent, as a lost network does
}

const password = "Demo-Test-2026"

// newSite serves a street of its own on a loopback address until the test ends.
func newSite(t testing.TB, url string) *site {
	t.Helper()
	c, err := app.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	c.Data = t.TempDir()
	c.KeyFile = filepath.Join(c.Data, "keys.json")
	c.DatabaseURL = url
	if url == "" {
		c.DatabaseURL = filepath.Join(c.Data, "test.db")
	}
	c.Demo = true
	clock := dbtest.NewClock()
	c.Clock = clock.Now
	a, err := app.Open(t.Context(), c, slog.New(slog.NewTextHandler(io.Discard, nil)), true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := a.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &site{App: a, t: t, clock: clock}
	services := seed.Services{DB: a.DB, People: a.People, Rooms: a.Rooms, Calendar: a.Calendar, Docket: a.Docket, Accord: a.Accord, School: a.School}
	if s.street, err = seed.Fill(t.Context(), services, password); err != nil {
		t.Fatal(err)
	}
	if err := seed.Demo(t.Context(), services, s.street, 40); err != nil {
		t.Fatal(err)
	}
	handler := a.Web.Handler()
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.down.Load() && r.Method == http.MethodPost {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.server.Close)
	return s
}

// visitor is a browser without scripts: it keeps cookies and reads tokens off pages.
type visitor struct {
	s    *site
	http *http.Client
}

func (s *site) visitor() *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{s: s, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as signs in one of the demonstration's accounts.
func (s *site) as(login string) *visitor {
	s.t.Helper()
	v := s.visitor()
	page := v.get("/login?as=staff")
	res := v.post("/login", url.Values{"csrf": {page.token()}, "login": {login}, "password": {password}})
	if res.status != http.StatusSeeOther {
		s.t.Fatalf("%s can't sign in: %d %s", login, res.status, res.text())
	}
	return v
}

type answer struct {
	status   int
	location string
	body     string
	header   http.Header
}

func (v *visitor) do(req *http.Request) answer {
	v.s.t.Helper()
	res, err := v.http.Do(req)
	if err != nil {
		v.s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		v.s.t.Fatal(err)
	}
	// Buffers are shared between answers; what one left must never reach the next.
	if strings.Count(string(raw), "<!doctype html>") > 1 {
		v.s.t.Fatalf("%s: the answer carries another one's bytes", req.URL.Path)
	}
	return answer{status: res.StatusCode, location: res.Header.Get("Location"), body: string(raw), header: res.Header}
}

func (v *visitor) get(path string) answer {
	v.s.t.Helper()
	req, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodGet, v.s.server.URL+path, nil)
	if err != nil {
		v.s.t.Fatal(err)
	}
	return v.do(req)
}

func (v *visitor) post(path string, form url.Values) answer {
	v.s.t.Helper()
	req, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodPost, v.s.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(req)
}

// submit posts the form on a page whose action is the given one, with its hidden
// fields, overlaid by what the person fills in.
func (v *visitor) submit(page answer, action string, fill url.Values) answer {
	v.s.t.Helper()
	form := page.form(action)
	if form == nil {
		v.s.t.Fatalf("no form for %s on the page:\n%s", action, page.text())
	}
	for k, values := range fill {
		form[k] = values
	}
	return v.post(action, form)
}

// follow goes where a 303 leads.
func (v *visitor) follow(a answer) answer {
	v.s.t.Helper()
	if a.status != http.StatusSeeOther {
		v.s.t.Fatalf("answer is %d, want 303:\n%s", a.status, a.text())
	}
	return v.get(a.location)
}

var (
	tokenMark = regexp.MustCompile(`name="csrf" value="([^"]*)"`)
	formMark  = regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	inputMark = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
	tagMark   = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`)
	blankMark = regexp.MustCompile(`\s+`)
)

func (a answer) token() string {
	m := tokenMark.FindStringSubmatch(a.body)
	if m == nil {
		return ""
	}
	return m[1]
}

// form gives the hidden fields of the form with that action.
func (a answer) form(action string) url.Values {
	for _, m := range formMark.FindAllStringSubmatch(a.body, -1) {
		if unescape(m[1]) != action {
			continue
		}
		v := url.Values{}
		for _, in := range inputMark.FindAllStringSubmatch(m[2], -1) {
			v.Add(in[1], unescape(in[2]))
		}
		return v
	}
	return nil
}

func unescape(s string) string {
	return strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">").Replace(s)
}

// text is what a person reads on the page.
func (a answer) text() string {
	_, body, _ := strings.Cut(a.body, "<main")
	if body == "" {
		body = a.body
	}
	return strings.TrimSpace(blankMark.ReplaceAllString(unescape(tagMark.ReplaceAllString(body, " ")), " "))
}
