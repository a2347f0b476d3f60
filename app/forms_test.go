package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tiaojie/app/docket"

	"github.com/PuerkitoBio/goquery"
)

// filled is the form with that action as a browser would send it untouched.
func (a answer) filled(t testing.TB, action string) url.Values {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	form := doc.Find(fmt.Sprintf(`form[method=post][action=%q]`, action))
	if form.Length() != 1 {
		t.Fatalf("%d forms for %s on the page: %d %s", form.Length(), action, a.status, a.text())
	}
	out := url.Values{}
	form.Find("input, textarea").Each(func(_ int, x *goquery.Selection) {
		name, _ := x.Attr("name")
		value, _ := x.Attr("value")
		kind, _ := x.Attr("type")
		_, ticked := x.Attr("checked")
		switch {
		case name == "" || kind == "file" || kind == "submit":
		case x.Is("textarea"):
			out.Add(name, strings.ReplaceAll(x.Text(), "\n", "\r\n")) // as browsers end lines
		case kind != "radio" && kind != "checkbox" || ticked:
			out.Add(name, value)
		}
	})
	form.Find("select").Each(func(_ int, x *goquery.Selection) {
		name, _ := x.Attr("name")
		chosen := x.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = x.Find("option").First()
		}
		out.Add(name, chosen.First().AttrOr("value", ""))
	})
	return out
}

// with is a form in which somebody typed.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values(maps.Clone(form))
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = []string{pairs[i+1]}
	}
	return out
}

// typed are the values of a form without its tokens, line ends as stored.
func typed(form url.Values) map[string][]string {
	out := map[string][]string{}
	for name, values := range form {
		if slices.Contains([]string{"csrf", "idem", "version"}, name) {
			continue
		}
		for _, v := range values {
			out[name] = append(out[name], strings.ReplaceAll(v, "\r\n", "\n"))
		}
	}
	return out
}

func (s *site) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	if err := s.DB.Get(t.Context(), &n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

var keptMark = regexp.MustCompile(`(?s)<dl class="panel-number">(.*?)</dl>`)

// TestOneFormSentFiveTimesMakesOneCase sends the last screen of an application five
// times at once, as an impatient thumb on a slow network does.
func TestOneFormSentFiveTimesMakesOneCase(t *testing.T) {
	eachSite(t, func(s *site, _ int64) {
		t := s.t
		cases, told := s.count(t, `SELECT COUNT(*) FROM cases`), s.count(t, `SELECT COUNT(*) FROM audit_log WHERE action = 'case.apply'`)
		v := s.visitor()
		page := v.get("/apply")
		for _, step := range [][]string{{"type", "neighbour", "words", "楼上漏水，天花板泡坏了。"},
			{"me_name", "安示民", "me_phone", "13900000001", "other_name", "乐演邻", "other_phone", "13900000002"}, {"ask", "yes"}} {
			page = v.post("/apply", with(page.filled(t, "/apply"), step...))
		}
		form := with(page.filled(t, "/apply"), "privacy", "yes", "go", "send")
		answers := make([]answer, 5)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = v.post("/apply", form) })
		}
		wg.Wait()
		receipt := keptMark.FindString(answers[0].body)
		for i, a := range answers {
			if a.status != http.StatusOK || receipt == "" || keptMark.FindString(a.body) != receipt {
				t.Errorf("form %d is answered %d with %q, the first one with %q", i+1, a.status, keptMark.FindString(a.body), receipt)
			}
		}
		if n := s.count(t, `SELECT COUNT(*) FROM cases`); n != cases+1 {
			t.Errorf("%d cases, want %d", n, cases+1)
		}
		if n := s.count(t, `SELECT COUNT(*) FROM audit_log WHERE action = 'case.apply'`); n != told+1 {
			t.Errorf("%d applications in the trail, want %d", n, told+1)
		}
	})
}

// TestSavingAnUntouchedFormChangesNothing opens the forms of rooms and mediators and
// saves them as they stand: a field that the form forgets to fill in would be lost.
func TestSavingAnUntouchedFormChangesNothing(t *testing.T) {
	s := newSite(t, "")
	clerk := s.as("clerk")
	for _, key := range s.street.RoomKeys {
		row := func() string {
			r, err := s.Rooms.Room(t.Context(), s.DB, key)
			if err != nil {
				t.Fatal(err)
			}
			r.Version = 0
			return spell(r)
		}
		clerk.resave(t, "/desk/rooms/"+key+"/edit", row)
	}
	if s.count(t, `SELECT COUNT(*) FROM mediators WHERE court_invited`) == 0 {
		t.Fatal("no mediator of the demonstration is invited by the court, so the walk proves less")
	}
	for _, m := range s.street.Mediators {
		row := func() string {
			r, err := s.People.Mediator(t.Context(), s.DB, m.Key)
			if err != nil {
				t.Fatal(err)
			}
			r.Version = 0
			return spell(r)
		}
		clerk.resave(t, "/desk/mediators/"+m.Key+"/edit", row)
	}
}

func spell(v any) string {
	raw, _ := json.MarshalIndent(v, "", " ")
	return string(raw)
}

func (v *visitor) resave(t testing.TB, path string, row func() string) {
	t.Helper()
	before := row()
	if a := v.post(path, v.get(path).filled(t, path)); a.status != http.StatusSeeOther {
		t.Errorf("%s isn't taken as it stands: %d %s", path, a.status, a.text())
	}
	if after := row(); after != before {
		t.Errorf("%s saved untouched turns\n%s\ninto\n%s", path, before, after)
	}
}

// TestAStaleFormKeepsBothTexts lets two people edit one thing: the later one is told,
// sees what the other stored, has everything typed still there, and overwrites only
// by saving once more.
func TestAStaleFormKeepsBothTexts(t *testing.T) {
	eachSite(t, func(s *site, _ int64) {
		t := s.t
		one, two := s.as("clerk"), s.as("clerk")
		mediator := "/desk/mediators/" + s.objects()["clerk"].other["mediator"] + "/edit"
		for _, c := range []struct{ path, table, story, bad, worse string }{
			{"/desk/rooms/" + s.street.RoomKeys[0] + "/edit", "rooms", "story", "seats", "0"},
			{mediator, "mediators", "story", "load_cap", "999"},
		} {
			stored := func() string {
				var text string
				if err := s.DB.Get(t.Context(), &text, `SELECT story FROM `+c.table+` WHERE key = ?`, strings.Split(c.path, "/")[3]); err != nil {
					t.Fatal(err)
				}
				return text
			}
			first, second := one.get(c.path).filled(t, c.path), two.get(c.path).filled(t, c.path)
			if a := one.post(c.path, with(first, c.story, "先存的人写的\r\n两行介绍")); a.status != http.StatusSeeOther {
				t.Fatalf("%s: the first editor is answered %d %s", c.path, a.status, a.text())
			}
			mine := with(second, c.story, "后存的人写的介绍", "types", "neighbour")
			mine["types"] = []string{"neighbour", "family"}
			late := two.post(c.path, mine)
			late.keeps(t, c.path, http.StatusConflict, mine, "先存的人写的 两行介绍")
			if got := stored(); got != "先存的人写的\n两行介绍" {
				t.Errorf("%s: stored is %q", c.path, got)
			}
			// A stale form with a wrong field must not pass for a fresh one after the field is mended.
			wrong := with(second, c.story, "后存的人写的介绍", c.bad, c.worse)
			late = two.post(c.path, wrong)
			late.keeps(t, c.path, http.StatusUnprocessableEntity, wrong, "先存的人写的 两行介绍")
			again := late.filled(t, c.path)
			again[c.bad] = second[c.bad]
			if a := two.post(c.path, again); a.status != http.StatusSeeOther || stored() != "后存的人写的介绍" {
				t.Errorf("%s: saving after having seen the other's text is answered %d, stored is %q", c.path, a.status, stored())
			}
		}
	})
}

// keeps holds a refused form to what it must show.
func (a answer) keeps(t testing.TB, action string, status int, form url.Values, others string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s is answered %d, want %d: %s", action, a.status, status, a.text())
	}
	want, got := typed(form), typed(a.filled(t, action))
	for name, values := range want {
		if slices.Sort(values); strings.Join(values, "") == "" {
			continue
		}
		if slices.Sort(got[name]); !slices.Equal(got[name], values) {
			t.Errorf("%s: typed %s = %q, the page holds %q", action, name, values, got[name])
		}
	}
	if !strings.Contains(a.text(), others) {
		t.Errorf("%s: the page doesn't show what is stored now, %q:\n%s", action, others, a.text())
	}
}

// TestAStaleActOnACaseIsRefused acts on a case from a page that is older than the case.
func TestAStaleActOnACaseIsRefused(t *testing.T) {
	eachSite(t, func(s *site, _ int64) {
		t := s.t
		d := s.inSession(t)
		at := "/cases/" + d.mine["case"]
		state := func() (st docket.State) {
			if err := s.DB.Get(t.Context(), &st, `SELECT state FROM cases WHERE key = ?`, d.mine["case"]); err != nil {
				t.Fatal(err)
			}
			return st
		}
		clerk, mediator := s.as("clerk"), s.as("mediator")
		old := clerk.get(at)
		suspend, end, withdraw := old.filled(t, at+"/suspend"), old.filled(t, at+"/end"), old.filled(t, at+"/withdraw")
		mediator.follow(mediator.post(at+"/suspend", with(mediator.get(at).filled(t, at+"/suspend"), "words", "等待鉴定")))
		mediator.follow(mediator.post(at+"/resume", mediator.get(at).filled(t, at+"/resume")))
		before := state()
		for path, form := range map[string]url.Values{at + "/suspend": with(suspend, "words", "我写了很久的中止原因"),
			at + "/end": with(end, "words", "我写了很久的终止说明", "reason", docket.EndReasons[0].Code, "remedies", docket.Remedies[0].Code)} {
			a := clerk.post(path, form)
			a.keeps(t, path, http.StatusConflict, form, "等待鉴定")
			if !strings.Contains(a.body, `<details class="act" open id="act-`+path[len(at)+1:]) {
				t.Errorf("%s: the refused form is folded away", path)
			}
		}
		if a := clerk.post(at+"/withdraw", withdraw); a.status != http.StatusConflict {
			t.Errorf("withdrawing from an old page is answered %d", a.status)
		}
		if got := state(); got != before {
			t.Errorf("the case went from %s to %s", before, got)
		}
	})
}

// TestAStaleRecordFieldIsKeptBesideTheOther writes one part of the record on two
// devices without scripts, and settles it from a page that is old again.
func TestAStaleRecordFieldIsKeptBesideTheOther(t *testing.T) {
	eachSite(t, func(s *site, _ int64) {
		t := s.t
		d := s.inSession(t)
		one, two := s.as("mediator"), s.as("mediator")
		at := "/desk/sessions/" + d.session
		stored := func() string {
			sh, err := s.Papers.Work(t.Context(), d.mediator, d.record)
			if err != nil {
				t.Fatal(err)
			}
			return sh.Field("evidence", "").Text
		}
		first, second := one.get(at+"/record").filled(t, at+"/record"), two.get(at+"/record").filled(t, at+"/record")
		one.follow(one.post(at+"/record", with(first, "evidence", "甲机写的")))
		late := two.post(at+"/record", with(second, "evidence", "乙机写的", "result", "乙机写的结果"))
		diff := two.follow(late)
		for _, words := range []string{"甲机写的", "乙机写的"} {
			if !strings.Contains(diff.text(), words) {
				t.Errorf("the difference page misses %q: %s", words, diff.text())
			}
		}
		if got := stored(); got != "甲机写的" {
			t.Errorf("the stale text overwrote: %q", got)
		}
		sh, _ := s.Papers.Work(t.Context(), d.mediator, d.record)
		if got := sh.Field("result", "").Text; got != "乙机写的结果" {
			t.Errorf("the part that nobody else wrote is stored as %q", got)
		}
		one.follow(one.post(at+"/record", with(one.get(at+"/record").filled(t, at+"/record"), "evidence", "甲机又写的")))
		joined := with(diff.filled(t, late.location), "text", "两份合成的，费了很多心思")
		again := two.post(late.location, joined)
		again.keeps(t, late.location, http.StatusConflict, joined, "甲机又写的")
		if got := stored(); got != "甲机又写的" {
			t.Errorf("settling from an old page overwrote: %q", got)
		}
		two.follow(two.post(late.location, again.filled(t, late.location)))
		if got := stored(); got != "两份合成的，费了很多心思" {
			t.Errorf("after settling %q is stored", got)
		}
	})
}

// TestAStaleRolesFormKeepsItsTicks changes an account from two windows at once.
func TestAStaleRolesFormKeepsItsTicks(t *testing.T) {
	s := newSite(t, "")
	v := s.as("secadmin")
	var key string
	if err := s.DB.Get(t.Context(), &key, `SELECT key FROM accounts WHERE login = 'liaison2'`); err != nil {
		t.Fatal(err)
	}
	path := "/desk/users/" + key + "/roles"
	form := v.get("/desk/users/"+key).filled(t, path)
	first, second := with(form), with(form)
	first["roles"], second["roles"] = []string{"liaison", "clerk"}, []string{"liaison", "leader"}
	v.follow(v.post(path, first))
	v.post(path, second).keeps(t, path, http.StatusConflict, second, "窗口受理员")
	second["roles"] = nil
	if a := v.post(path, second); len(a.filled(t, path)["roles"]) != 0 {
		t.Errorf("nothing was ticked, and %v comes back", a.filled(t, path)["roles"])
	}
}
