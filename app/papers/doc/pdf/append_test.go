package pdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tiaojie/app/papers/doc/pdf"
)

// own is a file of this package: n pages, each saying its number.
func own(t *testing.T, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := pdf.NewWriter(&out, pdf.Info{Title: "原件"})
	face := w.Face(font(t, "song"))
	for i := range n {
		p := pdf.NewPage(595, 842)
		p.Text(face, 20, 72, 400, 0, fmt.Sprintf("原件第%d页", i+1))
		w.Add(p)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func deflate(data string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(data))
	z.Close()
	return b.String()
}

// packed is a file as scanners write it today: objects in a stream, a table in a stream with a
// predictor, a page that is turned and inherits its size.
func packed() []byte {
	var b bytes.Buffer
	offsets := map[int]int{}
	b.WriteString("%PDF-1.5\n")
	put := func(n int, body string) { offsets[n] = b.Len(); fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, body) }
	inner := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400] /Rotate 90 >>",
		"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Annots [<< /Type /Annot /Subtype /Link /Dest [3 0 R /Fit] >>] >>"}
	var head, objects strings.Builder
	for i, o := range inner {
		fmt.Fprintf(&head, "%d %d ", i+1, objects.Len())
		objects.WriteString(o + " ")
	}
	pack := deflate(head.String() + objects.String())
	put(4, fmt.Sprintf("<< /Type /ObjStm /N 3 /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", head.Len(), len(pack), pack))
	put(5, "<< /Length 47 >>\nstream\nBT /F1 24 Tf 50 200 Td (packed scan) Tj ET     \nendstream")
	rows := [][4]int{{0, 0, 0, 255}, {2, 0, 4, 0}, {2, 0, 4, 1}, {2, 0, 4, 2}, {1, offsets[4] >> 8, offsets[4] & 255, 0}, {1, offsets[5] >> 8, offsets[5] & 255, 0}, {1, b.Len() >> 8, b.Len() & 255, 0}}
	var table, above = strings.Builder{}, [4]int{}
	for _, r := range rows { // PNG filter Up
		table.WriteByte(2)
		for i := range r {
			table.WriteByte(byte(r[i] - above[i]))
		}
		above = r
	}
	start, data := b.Len(), deflate(table.String())
	put(6, fmt.Sprintf("<< /Type /XRef /Size 7 /Root 1 0 R /W [1 2 1] /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >> /Length %d >>\nstream\n%s\nendstream", len(data), data))
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

func join(t *testing.T, number int, parts ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := pdf.NewWriter(&out, pdf.Info{Title: "卷宗"})
	for _, p := range parts {
		n, err := w.Append(p, number)
		if err != nil {
			t.Fatal(err)
		}
		if number > 0 {
			number += n
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read copies the text out with an outside program, page by page.
func read(t *testing.T, data []byte) []string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("pdftotext is not installed")
		}
		t.Skip("pdftotext is not installed")
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var warnings bytes.Buffer
	cmd := exec.Command(program, "-raw", file, "-")
	cmd.Stderr = &warnings
	text, err := cmd.Output()
	if err != nil || warnings.Len() > 0 {
		t.Fatalf("%v %s", err, warnings.String())
	}
	pages := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
	for i := range pages {
		pages[i] = strings.Join(strings.Fields(pages[i]), " ")
	}
	return pages
}

func TestAppendTakesPagesOver(t *testing.T) {
	broken := regexp.MustCompile(`startxref\n\d+`).ReplaceAll(own(t, 1), []byte("startxref\n7"))
	got := read(t, join(t, 5, own(t, 2), packed(), broken))
	want := []string{"原件第1页 5", "原件第2页 6", "packed scan 7", "原件第1页 8"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("pages say %q, want %q", got, want)
	}
	if got := read(t, join(t, 0, join(t, 3, packed()))); len(got) != 1 || got[0] != "packed scan 3" {
		t.Errorf("a joined file joined again says %q", got)
	}
	if !bytes.Equal(join(t, 1, packed(), own(t, 1)), join(t, 1, packed(), own(t, 1))) {
		t.Error("the same parts give different bytes")
	}
	if bytes.Contains(join(t, 0, packed()), []byte("/Annots")) {
		t.Error("links into the old file were kept")
	}
}

func TestAppendRefusesWhatItCannotTake(t *testing.T) {
	locked := bytes.Replace(own(t, 1), []byte("/Info"), []byte("/Encrypt << >> /Info"), 1)
	for what, data := range map[string][]byte{"nothing": nil, "a text": []byte("原件"), "a bare head": []byte("%PDF-1.7\n"), "a locked file": locked} {
		var out bytes.Buffer
		w := pdf.NewWriter(&out, pdf.Info{})
		before := out.Len()
		if n, err := w.Append(data, 1); !errors.Is(err, pdf.ErrForeign) || n != 0 || out.Len() != before {
			t.Errorf("%s: %d pages, %v, %d bytes written", what, n, err, out.Len()-before)
		}
	}
}

// FuzzAppend damages a file at one place; taking it over must end, and leave a file that is whole.
func FuzzAppend(f *testing.F) {
	sound := packed()
	f.Add(uint16(0), []byte(""))
	f.Add(uint16(200), []byte("[[[[[[["))
	f.Add(uint16(len(sound)-20), []byte("9 9 9"))
	f.Add(uint16(15), []byte("<< /Kids [2 0 R] /Pages 1 0 R >>"))
	f.Fuzz(func(t *testing.T, at uint16, patch []byte) {
		data := bytes.Clone(sound)
		copy(data[int(at)%len(data):], patch)
		var out bytes.Buffer
		w := pdf.NewWriter(&out, pdf.Info{})
		if _, err := w.Append(data, 1); err != nil {
			return
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again := pdf.NewWriter(&bytes.Buffer{}, pdf.Info{})
		if _, err := again.Append(out.Bytes(), 0); err != nil {
			t.Fatalf("the joined file cannot be read again: %v", err)
		}
	})
}
