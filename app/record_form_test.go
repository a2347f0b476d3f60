package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/papers"
	"tiaojie/db"

	"github.com/PuerkitoBio/goquery"
)

// TestARecordClosedMeanwhileGivesTheTypedTextsBack saves the record without scripts
// after another device has finished the session.
func TestARecordClosedMeanwhileGivesTheTypedTextsBack(t *testing.T) {
	s := newSite(t, "")
	d := s.inSession(t)
	v, path := s.as("mediator"), "/desk/sessions/"+d.session+"/record"
	form := with(v.get(path).filled(t, path), "evidence", "第一行\r\n第二行", "facts~"+d.asking, "楼上漏水三次")
	for name, text := range map[string]string{"rights": "已告知", "principles": "已告知", "result": "下次再谈"} {
		_, err := s.Papers.Save(t.Context(), d.mediator, d.record, papers.Edit{Name: name, Text: text})
		d.ok(t, err)
	}
	d.ok(t, s.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE records SET state = 'closed', outcome = 'ended', closed_at = ? WHERE key = ?`, db.At(tx.Now), d.record)
		return err
	}))
	a := v.post(path, form)
	a.keeps(t, path, http.StatusConflict, form, "笔录不能再改")
	if !strings.Contains(a.text(), "上面是您写的，没有存上") {
		t.Errorf("nothing tells that the text isn't stored: %s", a.text())
	}
	if n := s.count(t, `SELECT COUNT(*) FROM record_parts WHERE name IN ('evidence', 'facts')`); n != 0 {
		t.Errorf("%d parts were stored", n)
	}
}

// TestASummaryOfRefusalsLeadsSomewhere follows each link of the summaries of a session.
func TestASummaryOfRefusalsLeadsSomewhere(t *testing.T) {
	s := newSite(t, "")
	d := s.inSession(t)
	v, at := s.as("mediator"), "/desk/sessions/"+d.session
	end := v.get(at+"/finish").filled(t, at+"/finish")
	for field, want := range map[string]struct {
		form  url.Values
		links int
	}{
		"nothing written": {with(end, "outcome", "agreed"), 5},
		"no outcome":      {end, 1},
		"no next date":    {with(end, "outcome", "adjourned"), 1},
		"no reason":       {with(end, "outcome", "ended"), 2},
	} {
		if n := v.summary(t, at+"/finish", v.post(at+"/finish", want.form)); n != want.links {
			t.Errorf("%s: %d lines in the summary, want %d", field, n, want.links)
		}
	}
	long := with(v.get(at+"/record").filled(t, at+"/record"), "facts~"+d.asking, strings.Repeat("长", 30_000))
	if n := v.summary(t, at+"/record", v.post(at+"/record", long)); n != 1 {
		t.Errorf("a text that is too long: %d lines in the summary", n)
	}
}

// summary counts the links of a page's summary and holds each to an element that is there.
func (v *visitor) summary(t *testing.T, page string, a answer) (n int) {
	t.Helper()
	ids := func(a answer) (out []string) {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find("[id]").Each(func(_ int, x *goquery.Selection) { out = append(out, x.AttrOr("id", "")) })
		return out
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	doc.Find(".errors a").Each(func(_ int, x *goquery.Selection) {
		n++
		path, id, _ := strings.Cut(x.AttrOr("href", ""), "#")
		target := a
		if path != "" {
			target = v.get(path)
		}
		if !slices.Contains(ids(target), id) {
			t.Errorf("%s: “%s” leads to %s#%s, which is nowhere", page, x.Text(), path, id)
		}
	})
	return n
}
