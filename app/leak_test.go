package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/papers"
	"tiaojie/app/seed"
	"tiaojie/app/web"
)

// What stands in the record of the case below: said at the table, said alone by each
// side, and the two texts that one of these notes had on two devices.
const (
	aloud     = "双方都看过维修单据"
	alone     = "私下底线九千八百七十六元"
	aloneElse = "私下底线改为五千四百三十二元"
	across    = "对门私下说最多赔七千六百五十四元"
)

var secrets = []string{alone, aloneElse, across}

// TestOneSidesNoteStaysWithTheMediator puts private notes into a running record and
// looks for them in every answer that the registry has, as everybody who has a way to
// the case; then once more when the record is fixed.
func TestOneSidesNoteStaysWithTheMediator(t *testing.T) {
	s := newSite(t, "")
	d := s.inSession(t)
	people := d.everybody(t)
	before := d.searches(t, people)
	d.writeAlone(t, people["mediator"])
	for where, got := range d.searches(t, people) {
		if got != before[where] {
			t.Errorf("%s: searching answers %v after the note was written, %v before", where, got, before[where])
		}
	}
	running := d.walk(t, people)
	running.want(t, "running", "mediator /desk/sessions/:key/diff/:rival", "mediator /desk/sessions/:key/record")
	d.finish(t)
	d.walk(t, people).want(t, "finished", "mediator /desk/sessions/:key/record")
	// The walk came to the record itself: what was said at the table is on the paper.
	for _, page := range []string{"mediator /records/:key", "clerk /records/:key", "leader /records/:key", "mediator /desk/sessions/:key/record"} {
		if !running.public[page] {
			t.Errorf("the common part isn't on %q, so the walk missed the record", page)
		}
	}
	for _, page := range []string{"asking /track/mine", "answering /track/mine", "anonymous /i/:code", "anonymous /feeds/:file", "anonymous /calendar/:file",
		"clerk /desk/mediators/export", "clerk /desk/outbox", "auditor /desk/audit", "liaison /cases/:key", "mediator2 /desk/sessions"} {
		if !running.reached[page] {
			t.Errorf("the walk didn't get to %q", page)
		}
	}
	s.sealed(t)
}

// sightings are where the notes stood, where the common part of the record did, and
// which answers were no refusals.
type sightings struct{ private, public, reached map[string]bool }

func (f sightings) look(where string, a answer) {
	texts := a.everything()
	f.private[where] = f.private[where] || slices.ContainsFunc(secrets, func(w string) bool { return tells(texts, w) })
	f.public[where] = f.public[where] || tells(texts, aloud)
	f.reached[where] = f.reached[where] || a.status == http.StatusOK
}

func (f sightings) want(t *testing.T, when string, want ...string) {
	t.Helper()
	var got []string
	for where, there := range f.private {
		if there {
			got = append(got, where)
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("with the record %s a private note stands on\n%s\nwant\n%s", when, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// walk asks for all pages and exports as everybody: with the addresses of the case,
// and with others' that are mixed with the difference of this one.
func (d dealt) walk(t *testing.T, people map[string]*visitor) sightings {
	t.Helper()
	f := sightings{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	mixed := maps.Clone(d.site.objects()["mediator"].other)
	mixed["rival"], mixed["file"], mixed["feed"] = d.mine["rival"], d.mine["file"], d.mine["feed"]
	for who, v := range people {
		for _, r := range d.site.Web.Routes() {
			switch {
			case r.Method == http.MethodGet:
				f.look(who+" "+r.Path, v.get(fill(t, r, d.mine)))
				if len(r.Params()) > 0 {
					f.look(who+" "+r.Path, v.get(fill(t, r, mixed)))
				}
			case r.Permission == access.Export:
				f.look(who+" "+r.Path, v.post(fill(t, r, d.mine), url.Values{"csrf": {v.get("/privacy").token()}, "reason": {"年度统计需要,报街道备案"}}))
			}
		}
		for _, words := range append([]string{"九千八百", "五千四百", "七千六百", d.number}, secrets...) {
			f.look(who+" /cases?q=", v.search(words))
		}
		f.look(who+" /desk/outbox?case=", v.get("/desk/outbox?case="+d.mine["case"]))
		f.look(who+" /track/mine", v.post("/track/mine", url.Values{"csrf": {v.get("/track").token()}, "number": {d.number}}))
	}
	for i, code := range d.codes {
		v := d.site.visitor()
		a := v.submit(v.get("/track"), "/track", url.Values{"number": {d.number}, "code": {code}})
		if !strings.Contains(a.text(), d.number) {
			t.Fatalf("party %d can't see the progress: %d %s", i+1, a.status, a.text())
		}
		f.look("code /track", a)
	}
	return f
}

// fill puts keys into a route's address. A parameter that nobody has a key for is a
// walk that misses a page.
func fill(t *testing.T, r web.Route, keys map[string]string) string {
	t.Helper()
	path := r.Path
	for _, p := range r.Params() {
		name := family(r.Path, p)
		if name == "file" && strings.HasPrefix(r.Path, "/feeds/") {
			name = "feed"
		}
		if keys[name] == "" {
			t.Errorf("%s: the walk has no key for :%s", r.Path, p)
		}
		path = strings.Replace(path, ":"+p, keys[name], 1)
	}
	return path
}

// search looks for cases by some words and takes those out of the answer: the page
// may repeat what was asked, and must tell nothing else by it.
func (v *visitor) search(words string) answer {
	v.s.t.Helper()
	a := v.get("/cases?q=" + url.QueryEscape(words))
	for _, spelled := range []string{words, url.QueryEscape(words), url.PathEscape(words)} {
		a.body = strings.ReplaceAll(a.body, spelled, "")
		a.location = strings.ReplaceAll(a.location, spelled, "")
	}
	return a
}

// reply is what a search gives away: its answer, and how much was asked of the
// database for it, which is what its duration could tell.
type reply struct {
	status  int
	text    string
	queries int64
}

func (r reply) String() string {
	return fmt.Sprintf("%d, %d queries, %d characters", r.status, r.queries, utf8.RuneCountInString(r.text))
}

// searches asks for the words of the notes as everybody. Whoever asks for them hears
// the same, for the same work, as for words that stand nowhere.
func (d dealt) searches(t *testing.T, people map[string]*visitor) map[string]reply {
	t.Helper()
	out := map[string]reply{}
	for who, v := range people {
		ask := func(words string) reply {
			before := d.site.DB.Queries()
			a := v.search(words)
			return reply{a.status, a.text(), d.site.DB.Queries() - before}
		}
		ask("无处可寻的十五个字都不在这里") // warms what the server keeps of people and rooms
		nowhere := ask("无处可寻的十五个字都不在这里")
		for _, words := range append([]string{"九千八百", "七千六百"}, secrets...) {
			got := ask(words)
			if got != nowhere {
				t.Errorf("%s searches %q and gets %v, for words that stand nowhere %v", who, words, got, nowhere)
			}
			out[who+" "+words] = got
		}
	}
	return out
}

// everything is all text that an answer carries, packed files and papers included.
func (a answer) everything() []string {
	out := []string{unescape(a.body), a.location}
	for _, values := range a.header {
		out = append(out, values...)
	}
	switch {
	case strings.HasPrefix(a.body, "PK\x03\x04"):
		z, err := zip.NewReader(strings.NewReader(a.body), int64(len(a.body)))
		if err != nil {
			return append(out, secrets[0]) // what can't be read can't be vouched for
		}
		for _, f := range z.File {
			if raw, err := fs.ReadFile(z, f.Name); err == nil {
				out = append(out, answer{body: string(raw)}.everything()...)
			}
		}
	case strings.HasPrefix(a.body, "%PDF-"):
		cmd := exec.Command("pdftotext", "-raw", "-", "-")
		cmd.Stdin = strings.NewReader(a.body)
		if text, err := cmd.Output(); err == nil {
			out = append(out, blankMark.ReplaceAllString(string(text), ""))
		} else if os.Getenv("CI") != "" {
			out = append(out, secrets[0])
		}
	}
	return out
}

// tells looks for words spelled plainly or as JSON, an address or a calendar's folded line does.
func tells(texts []string, words string) bool {
	spelled, _ := json.Marshal(words)
	return slices.ContainsFunc(texts, func(text string) bool {
		text = strings.ReplaceAll(text, "\r\n ", "")
		return strings.Contains(text, words) || strings.Contains(text, string(spelled)) ||
			strings.Contains(text, url.QueryEscape(words)) || strings.Contains(text, url.PathEscape(words))
	})
}

// sealed looks for the notes in the bytes of the database and all files beside it.
func (s *site) sealed(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(s.Config.Data, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, words := range append([]string{aloud}, secrets...) {
			if bytes.Contains(raw, []byte(words)) {
				t.Errorf("%s holds %q in clear", filepath.Base(path), words)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// everybody signs in all who could come by the case: the staff, other mediators and
// liaisons, the residents of both sides by their phones, one side's agent, a stranger.
func (d dealt) everybody(t *testing.T) map[string]*visitor {
	t.Helper()
	out := map[string]*visitor{"anonymous": d.site.visitor()}
	for _, l := range seed.Logins {
		out[l.Login] = d.site.as(l.Login)
	}
	for _, login := range []string{"mediator2", "mediator3", "liaison2"} {
		out[login] = d.site.as(login)
	}
	for who, phone := range map[string]string{"asking": askingPhone, "answering": answeringPhone, "agent": agentPhone, "stranger": "13900000009"} {
		out[who] = d.site.byPhone(t, phone)
	}
	return out
}

var codeMark = regexp.MustCompile(`登录验证码 (\d{6})`)

// byPhone signs a resident in by the code that the phone gets.
func (s *site) byPhone(t *testing.T, phone string) *visitor {
	t.Helper()
	v := s.visitor()
	sent := v.submit(v.get("/login?as=resident"), "/login/phone", url.Values{"phone": {phone}})
	m := codeMark.FindStringSubmatch(v.get("/demo/outbox").text())
	if m == nil {
		t.Fatalf("no code for %s: %d %s", phone, sent.status, sent.text())
	}
	if a := v.submit(sent, "/login/code", url.Values{"phone": {phone}, "code": {m[1]}}); a.status != http.StatusSeeOther {
		t.Fatalf("%s can't sign in: %d %s", phone, a.status, a.text())
	}
	return v
}

// writeAlone fills in the record as two of its mediator's devices do: a common part,
// a note on each side, and one note twice, so that there is a difference to settle.
func (d *dealt) writeAlone(t *testing.T, v *visitor) {
	t.Helper()
	at := "/desk/sessions/" + d.session
	token := v.get(at + "/record").token()
	save := func(field, text string, version int) answer {
		return v.post(at+"/save", url.Values{"csrf": {token}, "field": {field}, "value": {text}, "version": {fmt.Sprint(version)}})
	}
	for field, text := range map[string]string{"evidence": aloud, "caucus~" + d.asking: alone, "caucus~" + d.answering: across} {
		if a := save(field, text, 0); a.status != http.StatusOK {
			t.Fatalf("%s isn't saved: %d %s", field, a.status, a.body)
		}
	}
	var clash struct{ Conflict string }
	a := save("caucus~"+d.asking, aloneElse, 0)
	if err := json.NewDecoder(strings.NewReader(a.body)).Decode(&clash); a.status != http.StatusConflict || err != nil {
		t.Fatalf("the second device's text makes no difference page: %d %s", a.status, a.body)
	}
	d.mine["rival"] = clash.Conflict[strings.LastIndex(clash.Conflict, "/")+1:]
}

// finish settles the difference and brings the record to its agreed end.
func (d *dealt) finish(t *testing.T) {
	t.Helper()
	ctx, p := t.Context(), d.site.Papers
	d.ok(t, p.Settle(ctx, d.mediator, d.record, d.mine["rival"], alone+"\n"+aloneElse, 1))
	for _, in := range []papers.Edit{{Name: "rights", Text: "已告知"}, {Name: "principles", Text: "已告知"}, {Name: "result", Text: "乙方修好水管"},
		{Name: "facts", PartyKey: d.asking, Text: "楼上漏水"}, {Name: "facts", PartyKey: d.answering, Text: "愿意修"}} {
		_, err := p.Save(ctx, d.mediator, d.record, in)
		d.ok(t, err)
	}
	for _, party := range []string{d.asking, d.answering} {
		d.ok(t, p.ReadBack(ctx, d.mediator, d.record, party, "宣读", true))
	}
	d.ok(t, p.Finish(ctx, d.mediator, d.record, papers.Finish{Outcome: papers.Agreed}))
}

// TestASuccessorReadsOnlyWhatASideHandsOver replaces the mediator to whom both sides
// spoke alone, walks all pages once more, and then has one side's word.
func TestASuccessorReadsOnlyWhatASideHandsOver(t *testing.T) {
	s := newSite(t, "")
	d := s.inSession(t)
	people := d.everybody(t)
	d.writeAlone(t, people["mediator"])
	ctx, key := t.Context(), d.mine["case"]
	d.ok(t, s.Docket.ReplaceFor(ctx, theClerk, key, d.asking, ""))
	c, _, err := s.Docket.InScope(ctx, s.DB, theClerk, key)
	d.ok(t, err)
	if c.MediatorID == 0 {
		var next int64
		d.ok(t, s.DB.Get(ctx, &next, `SELECT m.id FROM mediators m JOIN accounts a ON a.id = m.account_id WHERE a.login = 'mediator2'`))
		d.ok(t, s.Docket.Appoint(ctx, theClerk, key, c.Version, next, ""))
	}
	after := d.walk(t, people)
	after.want(t, "another's")
	at := "/desk/sessions/" + d.session
	if !after.reached["mediator2 /desk/sessions/:key"] || !after.reached["mediator2 /desk/sessions/:key/record"] {
		t.Error("the walk didn't get to the successor's pages")
	}
	v := people["mediator2"]
	brief := v.get(at)
	if n := strings.Count(brief.text(), "当事人同意移交"); n != 2 {
		t.Errorf("two sides spoke alone, %d are to be asked: %s", n, brief.text())
	}
	v.follow(v.post(at+"/handover", url.Values{"csrf": {brief.token()}, "party": {d.asking}}))
	given := d.walk(t, people)
	given.want(t, "handed over by one side", "mediator2 /desk/sessions/:key", "mediator2 /desk/sessions/:key/record")
	for _, page := range []string{at, at + "/record"} {
		if texts := v.get(page).everything(); !tells(texts, alone) || tells(texts, across) || tells(texts, aloneElse) {
			t.Errorf("%s doesn't show the one side's note alone", page)
		}
	}
}
