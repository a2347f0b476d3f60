package forms_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
)

// out is where TestEveryPaperPrints leaves the papers to be looked at.
var out = flag.String("out", "", "directory to keep the printed papers in")

// papers are all papers of a case, those printed several times once for each.
func papers(c forms.Case) []doc.Document {
	var list []doc.Document
	for _, f := range forms.All {
		for i := range max(f.Count(c), 1) {
			list = append(list, f.Build(c, i))
		}
	}
	return list
}

func TestEveryPaperPrints(t *testing.T) {
	dir := *out
	if dir == "" {
		dir = t.TempDir()
	}
	fonts := doc.NewFonts()
	for i, d := range papers(hardest()) {
		name := filepath.Join(dir, fmt.Sprintf("%02d-%s", i, d.Code))
		for ext, write := range map[string]func(*os.File) error{
			".pdf":  func(f *os.File) error { return doc.PDF(f, fonts, doc.Info{Title: d.Name}, d) },
			".docx": func(f *os.File) error { return doc.DOCX(f, d) },
			".html": func(f *os.File) error { return doc.HTML(f, d) },
		} {
			f, err := os.Create(name + ext)
			if err != nil {
				t.Fatal(err)
			}
			if err := write(f); err != nil {
				t.Errorf("%s%s: %v", d.Code, ext, err)
			}
			f.Close()
		}
		if b := doc.Blanks(d); len(b) > 0 {
			t.Logf("%s: blanks %q", d.Code, b)
		}
	}
}
