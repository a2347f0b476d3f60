package app_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/seed"
	"tiaojie/app/web"
)

var update = flag.Bool("update", false, "write golden files anew")

// objects are keys for the routes' parameters: those of the role's own things, and
// those of somebody else's.
type objects struct{ mine, other map[string]string }

// TestAccessMatrix walks every route as every role, once with the role's own things
// and once with others', and holds the answers against the golden file. A POST is
// sent without its token: who may use the route is told that the form is stale, so
// the walk changes nothing and proves the token on every route.
func TestAccessMatrix(t *testing.T) {
	s := newSite(t, "")
	people := map[string]*visitor{"anonymous": s.visitor()}
	roles := []string{"anonymous"}
	for _, l := range seed.Logins {
		people[l.Login] = s.as(l.Login)
		roles = append(roles, l.Login)
	}
	things := s.objects()
	var lines []string
	for _, r := range s.Web.Routes() {
		for _, role := range roles {
			o := things[role]
			mine := cell(people[role], r, o.mine)
			line := fmt.Sprintf("%-4s %-45s %-10s %s", r.Method, r.Path, role, mine)
			if len(r.Params()) > 0 && r.Method == http.MethodGet {
				line += " / " + cell(people[role], r, o.other)
			}
			lines = append(lines, line)
		}
		if !access.Known(r.Permission) {
			t.Errorf("%s %s: nobody has the permission %q", r.Method, r.Path, r.Permission)
		}
	}
	sort.Strings(lines)
	got := strings.Join(lines, "\n") + "\n"
	golden(t, "access.golden", got)
	for _, l := range lines {
		if strings.HasSuffix(l, "error") || strings.Contains(l, "error /") {
			t.Errorf("a page fails: %s", l)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		wanted := strings.Split(string(want), "\n")
		for i, line := range strings.Split(got, "\n") {
			if i >= len(wanted) || line != wanted[i] {
				t.Fatalf("%s differs at line %d:\n got %s\nwant %s\nAfter reading the change, write it with go test ./app -run Access -update", name, i+1, line, at(wanted, i))
			}
		}
		t.Fatalf("%s is longer than the walk", name)
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// cell asks a route and says in a word what came of it.
func cell(v *visitor, r web.Route, keys map[string]string) string {
	path := r.Path
	for _, p := range r.Params() {
		path = strings.Replace(path, ":"+p, keys[family(r.Path, p)], 1)
	}
	if r.Method == http.MethodPost {
		a := v.post(path, url.Values{})
		switch {
		case a.status == http.StatusForbidden && strings.Contains(a.body, "已经失效"):
			return "may"
		case a.status == http.StatusUnauthorized:
			return "sign-in"
		case a.status == http.StatusForbidden:
			return "no"
		}
		return fmt.Sprint("UNGUARDED ", a.status)
	}
	a := v.get(path)
	switch {
	case a.status == http.StatusSeeOther && strings.HasPrefix(a.location, "/login?next="):
		return "sign-in"
	case a.status == http.StatusOK, a.status == http.StatusSeeOther:
		return "may"
	case a.status == http.StatusForbidden:
		return "no"
	case a.status == http.StatusNotFound, a.status == http.StatusTooManyRequests: // guessed codes are limited
		return "not-found"
	case a.status == http.StatusUnauthorized:
		return "sign-in"
	}
	return fmt.Sprint(a.status, " error")
}

// family names what a parameter is a key of.
func family(path, param string) string {
	switch {
	case param != "key":
		return param
	case strings.HasPrefix(path, "/cases"):
		return "case"
	case strings.HasPrefix(path, "/agreements"):
		return "agreement"
	case strings.HasPrefix(path, "/duties"):
		return "duty"
	case strings.HasPrefix(path, "/visits"):
		return "visit"
	case strings.HasPrefix(path, "/desk/sessions"):
		return "session"
	case strings.HasPrefix(path, "/records"):
		return "record"
	case strings.Contains(path, "/rooms"):
		return "room"
	case strings.Contains(path, "/mediators"):
		return "mediator"
	case strings.HasPrefix(path, "/desk/users"):
		return "user"
	}
	return "none"
}

// objects finds, for each role, things that are its own and things that are not.
func (s *site) objects() map[string]objects {
	s.t.Helper()
	ctx := context.Background()
	one := func(query string, args ...any) string {
		var key string
		if err := s.DB.Get(ctx, &key, query, args...); err != nil {
			return "nothing-0000000"
		}
		return key
	}
	var me int64
	if err := s.DB.Get(ctx, &me, `SELECT m.id FROM mediators m JOIN accounts a ON a.id = m.account_id WHERE a.login = 'mediator'`); err != nil {
		s.t.Fatal(err)
	}
	if err := s.School.StartDraft(ctx, access.System("试用"), "xinren"); err != nil {
		s.t.Fatal(err)
	}
	mineSession := one(`SELECT key FROM case_sessions WHERE mediator_id = ? ORDER BY id LIMIT 1`, me)
	otherSession := one(`SELECT key FROM case_sessions WHERE mediator_id <> ? ORDER BY id LIMIT 1`, me)
	base := map[string]string{
		"case": one(`SELECT key FROM cases WHERE mediator_id = ? ORDER BY id LIMIT 1`, me), "session": mineSession, "record": "nothing-0000000",
		"room": s.street.RoomKeys[0], "mediator": one(`SELECT key FROM mediators WHERE id = ?`, me), "user": one(`SELECT key FROM accounts WHERE login = 'clerk'`),
		"community": one(`SELECT id FROM communities WHERE code = 'C1'`), "unit": one(`SELECT id FROM units WHERE code = 'U01'`),
		"committee": one(`SELECT id FROM committees WHERE code = 'K1'`), "kind": "psy",
		"member":      one(`SELECT MAX(m.id) FROM committee_members m JOIN committees k ON k.id = m.committee_id WHERE k.code = 'K1'`),
		"requirement": one(`SELECT key FROM requirements ORDER BY id LIMIT 1`), "learner": one(`SELECT key FROM learners ORDER BY id LIMIT 1`),
		"code": "nocode00", "none": "nothing", "file": mineSession + ".ics", "rival": "nothing-0000000", "tie": "nothing",
		"form": "register", "slip": "matter", "print": "nothing-0000000.pdf",
		"book": "xinren", "chapter": "xinren-session", "step": "record", "image": "none.png", "note": "nothing-0000000", "ex": "nothing", "feed": "nothing",
	}
	const partyOf = `SELECT p.key FROM case_parties p JOIN cases c ON c.id = p.case_id WHERE c.key = ? ORDER BY p.seq DESC LIMIT 1`
	base["party"] = one(partyOf, base["case"])
	const overdue = ` FROM duty_urges u JOIN agreement_duties d ON d.id = u.duty_id JOIN cases c ON c.id = d.case_id WHERE c.mediator_id = ? ORDER BY u.id LIMIT 1`
	agreement := one(`SELECT a.key FROM agreements a JOIN cases c ON c.id = a.case_id WHERE c.mediator_id = ? AND a.state = 'signing' ORDER BY a.id LIMIT 1`, me)
	base["agreement"], base["line"] = agreement, "mediator"
	base["duty"] = one(`SELECT d.key`+overdue, me)
	base["urge"] = one(`SELECT u.key`+overdue, me)
	base["visit"] = one(`SELECT v.key FROM case_visits v JOIN cases c ON c.id = v.case_id WHERE c.mediator_id = ? AND v.state = 'made' ORDER BY v.id LIMIT 1`, me)
	base["class"], base["course"] = one(`SELECT key FROM offerings ORDER BY id LIMIT 1`), one(`SELECT key FROM courses ORDER BY id LIMIT 1`)
	base["lecturer"] = one(`SELECT key FROM lecturers ORDER BY id LIMIT 1`)
	base["learner"] = one(`SELECT key FROM learners WHERE mediator_id = ?`, me)
	other := map[string]string{}
	for k, v := range base {
		other[k] = v
	}
	other["case"] = one(`SELECT key FROM cases WHERE mediator_id <> ? AND room_id NOT IN (SELECT room_id FROM room_leads) ORDER BY id DESC LIMIT 1`, me)
	other["party"] = one(partyOf, other["case"])
	other["session"], other["room"] = otherSession, s.street.RoomKeys[5]
	other["mediator"] = one(`SELECT key FROM mediators WHERE id <> ? AND state = 'listed' ORDER BY id DESC LIMIT 1`, me)
	other["file"] = "nothing.ics"
	for k, queries := range examThings {
		base[k], other[k] = one(queries[0], me), one(queries[1], me)
	}
	other["class"] = one(`SELECT key FROM offerings ORDER BY id DESC LIMIT 1`)
	const others = ` JOIN cases c ON c.id = x.case_id WHERE c.mediator_id <> ? ORDER BY x.id LIMIT 1`
	other["agreement"] = one(`SELECT x.key FROM agreements x`+others, me)
	other["duty"], other["visit"] = one(`SELECT x.key FROM agreement_duties x`+others, me), one(`SELECT x.key FROM case_visits x`+others, me)
	other["book"], other["chapter"], other["step"] = "nothing", "nothing", "nothing"
	out := map[string]objects{"anonymous": {base, other}}
	for _, l := range seed.Logins {
		out[l.Login] = objects{base, other}
	}
	lead := map[string]string{}
	for k, v := range base {
		lead[k] = v
	}
	lead["case"] = one(`SELECT key FROM cases WHERE room_id IN (SELECT room_id FROM room_leads) ORDER BY id LIMIT 1`)
	lead["party"] = one(partyOf, lead["case"])
	out["roomlead"] = objects{lead, other}
	return out
}
