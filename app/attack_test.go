package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"tiaojie/app/notify"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// carried writes a form with one file.
func carried(t testing.TB, form url.Values, field, name string, raw []byte) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for k, values := range form {
		for _, v := range values {
			if err := w.WriteField(k, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(raw)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

// send posts a form with one file straight into the handler, from an address.
func (v *visitor) send(address string, form url.Values, name string, raw []byte) int {
	v.s.t.Helper()
	body, kind := carried(v.s.t, form, "photo", name, raw)
	req := httptest.NewRequestWithContext(v.s.t.Context(), http.MethodPost, v.s.server.URL+"/apply", body)
	req.Header.Set("Content-Type", kind)
	req.RemoteAddr = address + ":4000"
	for _, c := range v.http.Jar.Cookies(mustURL(v.s.t, v.s.server.URL)) {
		req.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.s.Web.Handler().ServeHTTP(w, req)
	return w.Code
}

// TestAnUploadLeavesNothingInTheClear sends a file that is too large for memory: what was put
// into the temporary folder meanwhile must be gone with the answer.
func TestAnUploadLeavesNothingInTheClear(t *testing.T) {
	s := newSite(t, "")
	t.Setenv("TMPDIR", t.TempDir())
	v := s.visitor()
	form := with(v.get("/apply").filled(t, "/apply"), "step", "0")
	// Nothing else is filled in, so the form comes back; the file is kept all the same.
	got := v.send("203.0.113.7", form, "照片.pdf", append([]byte("%PDF-1.4\n"), make([]byte, 15<<20)...))
	if n := s.count(t, `SELECT COUNT(*) FROM files WHERE ref_kind = 'upload'`); n != 1 || got != http.StatusUnprocessableEntity {
		t.Fatalf("the answer is %d and %d uploads are kept", got, n)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		t.Errorf("the upload lies in the clear in %s", f.Name())
	}
}

// TestNobodyFillsTheDisk sends files as a stranger without end.
func TestNobodyFillsTheDisk(t *testing.T) {
	s := newSite(t, "")
	v := s.visitor()
	form := with(v.get("/apply").filled(t, "/apply"), "step", "0")
	refused := 0
	for range 210 {
		if v.send("203.0.113.7", form, "空.pdf", []byte("%PDF-1.4\n")) == http.StatusTooManyRequests {
			refused++
		}
	}
	if n := s.count(t, `SELECT COUNT(*) FROM files WHERE ref_kind = 'upload'`); refused != 10 || n != 200 {
		t.Errorf("%d uploads were refused and %d are kept, want 10 and 200", refused, n)
	}
	if got := v.send("203.0.113.8", form, "空.pdf", []byte("%PDF-1.4\n")); got == http.StatusTooManyRequests {
		t.Error("another network is refused too")
	}
}

func mustURL(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestSigningInEndsTheSignInBefore is a shared computer: the next person signs in where the
// one before forgot to sign out.
func TestSigningInEndsTheSignInBefore(t *testing.T) {
	s := newSite(t, "")
	next := func(name string, enter func(v *visitor, token string) answer) {
		clerk := s.as("clerk")
		cookies := clerk.http.Jar.Cookies(mustURL(t, s.server.URL))
		token := clerk.get("/desk").token()
		if a := enter(clerk, token); a.status != http.StatusSeeOther {
			t.Fatalf("%s: the next person can't sign in: %d\n%s", name, a.status, a.text())
		}
		thief := s.visitor()
		thief.http.Jar.SetCookies(mustURL(t, s.server.URL), cookies)
		if a := thief.get("/desk"); a.status != http.StatusSeeOther {
			t.Errorf("%s: the clerk's sign-in still opens the desk: %d", name, a.status)
		}
	}
	next("staff", func(v *visitor, token string) answer {
		return v.post("/login", url.Values{"csrf": {token}, "login": {"mediator"}, "password": {password}})
	})
	next("resident", func(v *visitor, token string) answer {
		const phone = "13800005678"
		if a := v.post("/login/phone", url.Values{"csrf": {token}, "phone": {phone}}); a.status != http.StatusOK {
			t.Fatal(a.text())
		}
		var code string
		if _, err := fmt.Sscanf(after(v.get("/demo/outbox").text(), "登录验证码 "), "%6s", &code); err != nil {
			t.Fatal(err)
		}
		return v.post("/login/code", url.Values{"csrf": {token}, "phone": {phone}, "code": {code}})
	})
}

func after(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	return rest
}

// TestACallMadeStandsOnTheTrail has the clerk tick off a message that was told by phone.
func TestACallMadeStandsOnTheTrail(t *testing.T) {
	s := newSite(t, "")
	err := s.DB.Write(t.Context(), func(tx *db.Tx) error {
		return s.Outbox.Send(t.Context(), tx, notify.Message{Kind: "x", Channel: notify.Phone, To: "13800000000", Body: "请回电"})
	})
	if err != nil {
		t.Fatal(err)
	}
	clerk := s.as("clerk")
	page := clerk.get("/desk/outbox")
	action := regexp.MustCompile(`/desk/outbox/[0-9a-z]{16}`).FindString(page.body)
	clerk.follow(clerk.submit(page, action, nil))
	key := strings.TrimPrefix(action, "/desk/outbox/")
	if n := s.count(t, `SELECT COUNT(*) FROM audit_log WHERE action = 'outbox.handled' AND ref = ?`, key); n != 1 {
		t.Errorf("%d lines on the trail, want 1", n)
	}
	if a := clerk.post(action, url.Values{"csrf": {clerk.get("/desk").token()}}); a.status != http.StatusConflict {
		t.Errorf("ticked off twice: %d", a.status)
	}
}

// TestADisabledAccountsCalendarLinkIsShut has a mediator and a liaison leave with the links in
// their phones.
func TestADisabledAccountsCalendarLinkIsShut(t *testing.T) {
	for name, url := range map[string]string{"sqlite": "", "postgres": dbtest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) { disabledLinks(t, newSite(t, url)) })
	}
}

func disabledLinks(t *testing.T, s *site) {
	links := map[string]string{}
	for _, login := range []string{"mediator", "liaison"} {
		v := s.as(login)
		a := v.submit(v.get("/desk/time"), "/desk/time/feed", url.Values{})
		links[login] = "/feeds/" + feedMark.FindStringSubmatch(a.body)[1]
	}
	expect := func(when, login string, status int) {
		t.Helper()
		if a := s.visitor().get(links[login]); a.status != status {
			t.Errorf("%s: the link of %s answers %d, want %d", when, login, a.status, status)
		}
	}
	admin := s.as("sysadmin")
	for _, login := range []string{"mediator", "liaison"} {
		expect("in office", login, http.StatusOK)
		var user string
		if err := s.DB.Get(t.Context(), &user, `SELECT key FROM accounts WHERE login = ?`, login); err != nil {
			t.Fatal(err)
		}
		user = "/desk/users/" + user
		admin.follow(admin.submit(admin.get(user), user+"/disable", nil))
		expect("disabled", login, http.StatusNotFound)
		admin.follow(admin.submit(admin.get(user), user+"/enable", nil))
		expect("enabled again", login, http.StatusOK)
	}
}
