package forms_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
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

func TestDossierIsOnePDF(t *testing.T) {
	var out bytes.Buffer
	bundle := doc.NewBundle(&out, doc.NewFonts(), doc.Info{Title: "卷宗"})
	list := dossier()
	for _, d := range list {
		if err := bundle.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := bundle.Close(); err != nil {
		t.Fatal(err)
	}
	if bundle.Pages() < 40 {
		t.Errorf("%d pages; the claims speak of 40", bundle.Pages())
	}
	if n := bytes.Count(out.Bytes(), []byte("/Dest [")); n < len(list) {
		t.Errorf("%d bookmarks for %d papers", n, len(list))
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
