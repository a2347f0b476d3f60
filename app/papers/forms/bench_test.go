package forms_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
)

// dossier is a bound case of at least forty pages.
func dossier() []doc.Document {
	c := hardest()
	var list []doc.Document
	for _, code := range []string{"cover", "contents", "application", "register", "rights", "mandate", "inquiry", "record", "agreement", "confirmation", "visit", "closing", "situation", "back"} {
		f, _ := forms.Find(code)
		for i := range f.Count(c) {
			list = append(list, f.Build(c, i))
		}
	}
	return list
}

// BenchmarkDossier sets a dossier of 40 pages. The claim is: below one second.
func BenchmarkDossier(b *testing.B) {
	fonts, pages := doc.NewFonts(), 0
	b.ReportAllocs()
	for b.Loop() {
		bundle := doc.NewBundle(io.Discard, fonts, doc.Info{Title: "卷宗"})
		for _, d := range dossier() {
			if err := bundle.Add(d); err != nil {
				b.Fatal(err)
			}
		}
		if err := bundle.Close(); err != nil {
			b.Fatal(err)
		}
		pages = bundle.Pages()
	}
	b.ReportMetric(float64(pages), "pages")
}

// frozen are the papers of a dossier with the bytes they were printed with.
func frozen(t testing.TB, fonts *doc.Fonts) (list []doc.Document, files [][]byte) {
	t.Helper()
	list = dossier()
	for _, d := range list {
		var out bytes.Buffer
		if err := doc.PDF(&out, fonts, doc.Info{Title: d.Name}, d); err != nil {
			t.Fatal(err)
		}
		files = append(files, out.Bytes())
	}
	return list, files
}

// A dossier binds the papers as they were printed, with bookmarks and running page numbers.
func TestDossierIsOnePDF(t *testing.T) {
	var out bytes.Buffer
	list, files := frozen(t, doc.NewFonts())
	bundle := doc.NewBundle(&out, doc.NewFonts(), doc.Info{Title: "卷宗"})
	bundle.Number(1)
	for i, f := range files {
		if err := bundle.Append(list[i].Name, f); err != nil {
			t.Fatal(list[i].Code, err)
		}
	}
	if err := bundle.Close(); err != nil {
		t.Fatal(err)
	}
	if bundle.Pages() < 40 {
		t.Errorf("%d pages; the claims speak of 40", bundle.Pages())
	}
	if n := bytes.Count(out.Bytes(), []byte("/Dest [")); n != len(list) {
		t.Errorf("%d bookmarks for %d papers", n, len(list))
	}
	var want []string
	for _, f := range files {
		want = append(want, sheets(copied(t, f))...)
	}
	got := sheets(copied(t, out.Bytes()))
	if len(got) != len(want) {
		t.Fatalf("%d pages bound, the papers have %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i]+fmt.Sprint(i+1) {
			t.Errorf("page %d: %s", i+1, difference(got[i], want[i]+fmt.Sprint(i+1)))
		}
	}
}

// sheets splits copied text into pages.
func sheets(text string) []string {
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i := range pages {
		pages[i] = squeeze(pages[i])
	}
	return pages
}

// BenchmarkBinding joins frozen papers into a dossier.
func BenchmarkBinding(b *testing.B) {
	list, files := frozen(b, doc.NewFonts())
	fonts := doc.NewFonts()
	b.ReportAllocs()
	for b.Loop() {
		bundle := doc.NewBundle(io.Discard, fonts, doc.Info{Title: "卷宗"})
		bundle.Number(1)
		for i, f := range files {
			if err := bundle.Append(list[i].Name, f); err != nil {
				b.Fatal(err)
			}
		}
		if err := bundle.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// heap is what is alive, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A hundred notices printed at once stay within 24 MiB beyond what was alive before, fonts
// included, and what is kept hardly grows with their number: finished pages are not held.
func TestHundredNoticesStayWithinMemory(t *testing.T) {
	const bound, growth = 24 << 20, 2 << 20
	f, _ := forms.Find("mediation-notice")
	c := hardest()
	before := heap()
	bundle := doc.NewBundle(io.Discard, doc.NewFonts(), doc.Info{Title: "调解通知书"})
	var early, peak uint64
	for i := range 100 {
		c.Parties[0].Name = fmt.Sprintf("示例当事人%c", '一'+rune(i))
		if err := bundle.Add(f.Build(c, 0)); err != nil {
			t.Fatal(err)
		}
		if i%10 == 9 {
			now := heap()
			peak = max(peak, now)
			if early == 0 {
				early = now
			}
		}
	}
	late := heap()
	if err := bundle.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("before %d KiB, after ten %d, after a hundred %d, %d pages", before>>10, early>>10, late>>10, bundle.Pages())
	if peak > before+bound {
		t.Errorf("%d MiB are alive, bound %d", (peak-before)>>20, bound>>20)
	}
	if late > early+growth {
		t.Errorf("ninety more notices keep %d KiB", (late-early)>>10)
	}
}
