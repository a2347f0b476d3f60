package forms_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
	content "tiaojie/content/forms"
)

// text is what the i-th paper of a kind says for a case, on one line.
func text(t *testing.T, code string, c forms.Case, i int) string {
	t.Helper()
	f, ok := forms.Find(code)
	if !ok {
		t.Fatalf("no form %q", code)
	}
	return squeeze(doc.Text(f.Build(c, i)))
}

var article = regexp.MustCompile(`《[^》]+》(第[一二三四五六七八九十百]+条(?:、第[一二三四五六七八九十百]+条)*)`)

// No paper and no basis cites what is not in the list of read statutes.
func TestOnlyReadLawIsCited(t *testing.T) {
	file, err := content.Files.Open("citations.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	inner := strings.NewReplacer("《", "〈", "》", "〉")
	for _, r := range rows[1:] {
		for _, law := range r[1:3] {
			known["《"+inner.Replace(law)+"》"+r[3]] = true
		}
	}
	seen := 0
	check := func(where, text string) {
		for _, m := range article.FindAllStringSubmatch(text, -1) {
			law := strings.TrimSuffix(m[0], m[1])
			for _, a := range strings.Split(m[1], "、") {
				seen++
				if !known[law+a] {
					t.Errorf("%s cites %s%s, which is not in citations.csv", where, law, a)
				}
			}
		}
		for _, never := range []string{"司发通", "[K]", "治安管理处罚法"} {
			if strings.Contains(text, never) {
				t.Errorf("%s prints %s, for which no text was read", where, never)
			}
		}
	}
	labour := hardest()
	labour.Labour, labour.PaperOnly = true, true
	for _, c := range []forms.Case{hardest(), labour, {}} {
		for _, d := range papers(c) {
			check(d.Code, doc.Text(d))
		}
	}
	for _, f := range forms.All {
		if f.Basis == "" {
			t.Errorf("%s has no basis", f.Code)
		}
		check(f.Code+" (basis)", f.Basis)
	}
	if seen < 100 {
		t.Errorf("only %d citations were found: the test looks for the wrong thing", seen)
	}
}

func TestCodesAreUniqueAndFound(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range forms.All {
		if seen[f.Code] {
			t.Errorf("two forms are called %s", f.Code)
		}
		seen[f.Code] = true
		if d := f.Build(forms.Case{}, 0); d.Code != f.Code || d.Name != f.Title {
			t.Errorf("%s builds %s %s", f.Code, d.Code, d.Name)
		}
	}
	if _, ok := forms.Find("none"); ok {
		t.Error("found a form that is not there")
	}
}

// A paper can be printed before anything is known, to be filled by hand; what is missing is listed.
func TestEmptyCasePrintsAndListsItsBlanks(t *testing.T) {
	fonts := doc.NewFonts()
	for _, f := range forms.All {
		d := f.Build(forms.Case{}, 0)
		if none, err := fonts.Missing(d); err != nil || len(none) > 0 {
			t.Errorf("%s: %q %v", f.Code, none, err)
		}
		if f.Code != "contents" && len(doc.Blanks(d)) == 0 {
			t.Errorf("%s has no blanks although nothing is known", f.Code)
		}
		for _, b := range doc.Blanks(d) {
			if strings.TrimSpace(b) != b || b == "" || strings.HasPrefix(b, "的") {
				t.Errorf("%s: a blank is called %q", f.Code, b)
			}
		}
	}
}

// The papers' own words use full-width punctuation, as Chinese papers do.
func TestPunctuationIsFullWidth(t *testing.T) {
	for _, f := range forms.All {
		r := []rune(doc.Text(f.Build(forms.Case{}, 0)))
		for i := 1; i < len(r)-1; i++ {
			if strings.ContainsRune(",;:?!()", r[i]) && (unicode.Is(unicode.Han, r[i-1]) || unicode.Is(unicode.Han, r[i+1])) {
				t.Errorf("%s: half-width mark in %q", f.Code, string(r[max(i-8, 0):min(i+8, len(r))]))
			}
		}
	}
}

// One fact, one home: changing it once changes every paper.
func TestAFactIsTypedOnce(t *testing.T) {
	c := hardest()
	c.Committee.Name, c.Dispute, c.Parties[1].Name = "另一示例人民调解委员会", "另一类纠纷", "另一人"
	c.Number = "（2027）另号"
	for _, d := range papers(c) {
		said := doc.Text(d) + d.Header
		for _, old := range []string{hardest().Committee.Name, hardest().Dispute, hardest().Number} {
			if strings.Contains(strings.ReplaceAll(said, hardest().Number+"-1", ""), old) {
				t.Errorf("%s still says %s", d.Code, old)
			}
		}
	}
	if !strings.Contains(text(t, "agreement", c, 0), "另一人，男") {
		t.Error("the agreement does not name the party anew")
	}
}
