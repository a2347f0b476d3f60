package doc_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"tiaojie/app/papers/doc"
)

// signed is a paper with a signature drawn on a screen and a scan.
func signed(img []byte) doc.Document {
	return doc.Document{Title: "协议书", Blocks: []doc.Block{
		doc.Signs{Items: []doc.Sign{{Label: "当事人", Image: img, Dated: true, Date: "2026年9月1日"}}},
		doc.Picture{Data: img, Caption: "身份证明"},
	}}
}

func TestSignaturesAndScansAreInEveryRendering(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3000, 40))
	img.Set(1, 1, color.White)
	var b, p, x, h bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	d := signed(b.Bytes())
	if err := errors.Join(doc.PDF(&p, doc.NewFonts(), doc.Info{}, d), doc.DOCX(&x, d), doc.HTML(&h, d)); err != nil {
		t.Fatal(err)
	}
	checkPDF(t, p.Bytes())
	if n := bytes.Count(p.Bytes(), []byte("/Subtype /Image")); n != 1 {
		t.Errorf("the PDF holds the picture %d times", n)
	}
	if n := strings.Count(h.String(), base64.StdEncoding.EncodeToString(b.Bytes())); n != 2 {
		t.Errorf("the page shows the picture %d times", n)
	}
	z, err := zip.NewReader(bytes.NewReader(x.Bytes()), int64(x.Len()))
	if err != nil {
		t.Fatal(err)
	}
	media := 0
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			media++
		}
	}
	if media != 2 || !strings.Contains(docxText(t, x.Bytes()), "身份证明") {
		t.Errorf("the DOCX holds %d pictures", media)
	}
}

func TestABrokenPictureStopsEveryRendering(t *testing.T) {
	d := signed([]byte("not a picture"))
	var out bytes.Buffer
	for name, err := range map[string]error{"PDF": doc.PDF(&out, doc.NewFonts(), doc.Info{}, d), "DOCX": doc.DOCX(&out, d), "HTML": doc.HTML(&out, d)} {
		if !errors.Is(err, doc.ErrPicture) || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, out.Len())
		}
	}
}
