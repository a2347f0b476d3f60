package ui

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

// page renders a component for questions by selector.
func page(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var out strings.Builder
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func refused() Form {
	return Refused(url.Values{"phone": {`1"><b>`}, "kind": {"b"}, "need": {"x", "z"}, "secret": {"hunter2"}},
		map[string]string{"phone": "请检查手机号", "need": "请选一项", "": "请稍后再试"}, "token", "once")
}

var three = []Option{{Value: "x", Label: "甲"}, {Value: "y", Label: "乙"}, {Value: "z", Label: "丙"}}

// A refused field keeps what was typed, as text, and says what is wrong to everybody.
func TestRefusedField(t *testing.T) {
	doc := page(t, Field(refused(), Input{Name: "phone", Label: "手机号", Hint: "11 位"}))
	in := doc.Find("input#f-phone")
	if v := in.AttrOr("value", ""); v != `1"><b>` {
		t.Errorf("value %q", v)
	}
	if doc.Find("b").Length() != 0 {
		t.Error("typed text became markup")
	}
	if in.AttrOr("aria-invalid", "") != "true" {
		t.Error("not marked as invalid")
	}
	for id := range strings.FieldsSeq(in.AttrOr("aria-describedby", "")) {
		if doc.Find("#"+id).Length() != 1 {
			t.Errorf("described by #%s, which is not there", id)
		}
	}
	if doc.Find("label").AttrOr("for", "") != "f-phone" {
		t.Error("label without its field")
	}
	if !strings.Contains(doc.Find("#f-phone-error").Text(), "请检查手机号") {
		t.Error("the refusal is not beside the field")
	}
}

func TestPasswordIsNeverShownAgain(t *testing.T) {
	doc := page(t, Field(refused(), Input{Name: "secret", Label: "密码", Type: "password"}))
	if v, there := doc.Find("input").Attr("value"); there {
		t.Errorf("password %q in the page", v)
	}
}

func TestChoicesAreKept(t *testing.T) {
	f := refused()
	checked := page(t, Checks(f, Input{Name: "need", Label: "照顾"}, three)).Find("input:checked, input[checked]")
	if checked.Length() != 2 || checked.First().AttrOr("value", "") != "x" || checked.Last().AttrOr("value", "") != "z" {
		t.Errorf("%d boxes ticked", checked.Length())
	}
	f.Values.Set("kind", "y")
	if got := page(t, Radios(f, Input{Name: "kind", Label: "类"}, three)).Find("input[checked]").AttrOr("value", ""); got != "y" {
		t.Errorf("radio %q", got)
	}
	if got := page(t, Select(f, Input{Name: "kind", Label: "类"}, three)).Find("option[selected]").AttrOr("value", ""); got != "y" {
		t.Errorf("option %q", got)
	}
	days := []SlotDay{{Date: "11月26日", Slots: []Slot{{Value: "x"}, {Value: "y", Taken: true}}}}
	f.Values.Set("slot", "x")
	slots := page(t, Slots(f, Input{Name: "slot", Label: "时间"}, days))
	if slots.Find("input[checked]").AttrOr("value", "") != "x" || slots.Find("input[disabled]").AttrOr("value", "") != "y" {
		t.Error("slots lost the choice or offer a taken one")
	}
}

// The summary lists the refusals in the order of the page and each link has a target.
func TestErrorSummary(t *testing.T) {
	f := refused()
	doc := page(t, templ.Join(ErrorSummary(f, "need", "phone"),
		Checks(f, Input{Name: "need", Label: "照顾"}, three), Field(f, Input{Name: "phone", Label: "手机号"})))
	if doc.Find("[role=alert]").Length() != 1 {
		t.Fatal("no alert")
	}
	var said []string
	doc.Find(".errors li").Each(func(_ int, li *goquery.Selection) { said = append(said, li.Text()) })
	if got := strings.Join(said, "|"); got != "请选一项|请检查手机号|请稍后再试" {
		t.Errorf("order: %s", got)
	}
	doc.Find(".errors a").Each(func(_ int, a *goquery.Selection) {
		if doc.Find(a.AttrOr("href", "#none")).Length() != 1 {
			t.Errorf("%s leads nowhere", a.Text())
		}
	})
	if page(t, ErrorSummary(New("", ""))).Find(".errors").Length() != 0 {
		t.Error("a summary without refusals")
	}
}

func TestFormCarriesItsTokens(t *testing.T) {
	doc := page(t, FormTag(refused(), "/apply", nil))
	if doc.Find("form[method=post] input[name=csrf]").AttrOr("value", "") != "token" ||
		doc.Find("form input[name=idem]").AttrOr("value", "") != "once" {
		t.Error("tokens missing")
	}
}

// An address that is a script is not followed.
func TestLinksRefuseScripts(t *testing.T) {
	doc := page(t, LinkButton("走", "javascript:alert(1)", Plain))
	if href := doc.Find("a").AttrOr("href", ""); strings.HasPrefix(href, "javascript:") {
		t.Errorf("href %q", href)
	}
}

func TestSealReadsFromTheRight(t *testing.T) {
	if got := page(t, Seal("人民调解", "")).Find(".seal span").Text(); got != "人调民解" {
		t.Errorf("grid order %q", got)
	}
}
