package app_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestTheMarketplaceShowsAFewAtATime follows 「再看」 until everybody is shown: each list
// begins as the one before, and says how many there are.
func TestTheMarketplaceShowsAFewAtATime(t *testing.T) {
	s := newSite(t, "")
	v := s.visitor()
	look := func(path string) (names []string, more, text string) {
		t.Helper()
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(v.get(path).body))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find("[data-testid=mediator-card] h3").Each(func(_ int, x *goquery.Selection) { names = append(names, x.Text()) })
		doc.Find("a").Each(func(_ int, x *goquery.Selection) {
			if strings.HasPrefix(strings.TrimSpace(x.Text()), "再看") {
				more = x.AttrOr("href", "")
			}
		})
		return names, more, doc.Text()
	}
	all := s.count(t, `SELECT COUNT(*) FROM mediators WHERE state = 'listed'`)
	path, before, pages := "/mediators?order=name", []string{}, 0
	for path != "" {
		names, more, text := look(path)
		if pages++; len(names) != min(all, 12*pages) || strings.Join(names[:len(before)], " ") != strings.Join(before, " ") {
			t.Fatalf("page %d shows %d: %v, after %v", pages, len(names), names, before)
		}
		if !strings.Contains(text, "共 "+strconv.Itoa(all)+" 位") {
			t.Errorf("page %d doesn't say that there are %d", pages, all)
		}
		if more != "" && !strings.Contains(more, "order=name") {
			t.Errorf("%s loses the order", more)
		}
		before, path = names, more
	}
	if pages < 3 {
		t.Errorf("%d mediators on %d pages", all, pages)
	}
	for _, odd := range []string{"/mediators?more=-3", "/mediators?more=x", "/mediators?more=99999999999999999999"} {
		if names, _, _ := look(odd); len(names) < 12 {
			t.Errorf("%s shows %d", odd, len(names))
		}
	}
	if names, more, text := look("/mediators?name=nobody"); len(names) != 0 || more != "" || strings.Contains(text, "共 0 位") {
		t.Errorf("nobody found: %v, %q", names, more)
	}
}
