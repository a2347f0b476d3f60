package pdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"regexp"
	"strings"
	"testing"

	"tiaojie/app/papers/doc/pdf"
	"tiaojie/app/papers/doc/truetype"
	"tiaojie/content/fonts"
)

func font(t *testing.T, name string) *truetype.Font {
	t.Helper()
	data, err := fonts.Files.ReadFile(name + ".woff2")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := truetype.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

var stream = regexp.MustCompile(`(?s)/FlateDecode >>\nstream\n(.*?)\nendstream`)

// unpacked is the file with its streams readable.
func unpacked(t *testing.T, data []byte) string {
	t.Helper()
	return string(stream.ReplaceAllFunc(data, func(m []byte) []byte {
		z, err := zlib.NewReader(bytes.NewReader(stream.FindSubmatch(m)[1]))
		if err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}))
}

// Text beyond the basic plane must map back to surrogate pairs, or 𠮷 is lost when copied.
func TestTextMapsBackToCharacters(t *testing.T) {
	var out bytes.Buffer
	w := pdf.NewWriter(&out, pdf.Info{Title: "书"})
	page := pdf.NewPage(595, 842)
	page.Text(w.Face(font(t, "ming")), 12, 72, 72, 0, "𠮷☑𠮷")
	w.Add(page)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := unpacked(t, out.Bytes())
	for _, want := range []string{"<0001> <D842DFB7>", "<0002> <2611>", "<000100020001> Tj", "/Title <FEFF4E66>"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in the file", want)
		}
	}
}

func TestBookmarksNest(t *testing.T) {
	var out bytes.Buffer
	w := pdf.NewWriter(&out, pdf.Info{})
	for range 3 {
		w.Add(pdf.NewPage(595, 842))
	}
	w.Bookmark(&pdf.Mark{Title: "甲", Page: 1, Marks: []*pdf.Mark{{Title: "乙", Page: 2, Top: 100}, {Title: "丙", Page: 99}}})
	w.Bookmark(&pdf.Mark{Title: "丁", Page: 3})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	pages := regexp.MustCompile(`/Kids \[ (\d+ 0 R) (\d+ 0 R) (\d+ 0 R) \]`).FindStringSubmatch(text)
	for title, want := range map[string]string{"甲": pages[1] + " /XYZ 0 842", "乙": pages[2] + " /XYZ 0 742", "丙": pages[3] + " /XYZ 0 842", "丁": pages[3] + " /XYZ 0 842"} {
		if !regexp.MustCompile(`<FEFF` + fmt.Sprintf("%04X", []rune(title)[0]) + `> /Parent \d+ 0 R /Dest \[` + want).MatchString(text) {
			t.Errorf("%s does not lead to %s", title, want)
		}
	}
	if !strings.Contains(text, "/Count -2") {
		t.Error("the first mark has no two marks beneath it")
	}
}

func TestPictures(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	img.Set(0, 0, color.NRGBA{0, 0, 0, 255}) // the other pixel is transparent
	var asPNG, asJPEG, out bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, img), jpeg.Encode(&asJPEG, img, nil)); err != nil {
		t.Fatal(err)
	}
	w := pdf.NewWriter(&out, pdf.Info{})
	page := pdf.NewPage(595, 842)
	for _, data := range [][]byte{asPNG.Bytes(), asJPEG.Bytes()} {
		p, err := w.Picture(data)
		if err != nil {
			t.Fatal(err)
		}
		page.Picture(p, 10, 10, 20, 10)
	}
	if _, err := w.Picture([]byte("GIF89a")); !errors.Is(err, pdf.ErrPicture) {
		t.Errorf("a GIF gave %v", err)
	}
	w.Add(page)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := unpacked(t, out.Bytes())
	if !strings.Contains(text, "\x00\x00\x00\xff\xff\xff") {
		t.Error("the transparent pixel is not white")
	}
	if !bytes.Contains(out.Bytes(), asJPEG.Bytes()) {
		t.Error("the JPEG was not kept as it is")
	}
}
