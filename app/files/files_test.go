package files_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func store(t *testing.T) (*files.Store, string) {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return files.New(box, dir), dir
}

func photo(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// related is a document with one relationship out of itself.
func related(kind, mode string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{{"[Content_Types].xml", "<x/>"}, {"word/document.xml", "<x/>"}, {"word/_rels/settings.xml.rels",
		`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
			`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind + `" Target="http://198.51.100.1/t.dotm" ` + mode + `/></Relationships>`}} {
		w, _ := z.Create(part[0])
		_, _ = w.Write([]byte(part[1]))
	}
	_ = z.Close()
	return b.Bytes()
}

func docx(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range append([]string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"}, names...) {
		w, _ := z.Create(n)
		_, _ = w.Write([]byte("<x/>"))
	}
	_ = z.Close()
	return b.Bytes()
}

func TestOnlyHonestFilesComeIn(t *testing.T) {
	s, _ := store(t)
	var pic bytes.Buffer
	_ = png.Encode(&pic, image.NewGray(image.Rect(0, 0, 3, 3)))
	for name, c := range map[string]struct {
		raw []byte
		ok  bool
	}{
		"wall.jpg":         {photo(10, 10), true},
		"wall.JPEG":        {photo(10, 10), true},
		"wall.png":         {photo(10, 10), false}, // content says otherwise
		"bill.pdf":         {[]byte("%PDF-1.7\n…"), true},
		"bill.exe":         {[]byte("MZ"), false},
		"page.html":        {[]byte("<html>"), false},
		"icon.svg":         {[]byte("<svg/>"), false},
		"script.pdf":       {[]byte("<script>"), false},
		"letter.docx":      {docx(), true},
		"macro.docx":       {docx("word/vbaProject.bin"), false},
		"control.docx":     {docx("word/activeX/activeX1.bin"), false},
		"link.docx":        {related("hyperlink", `TargetMode="External"`), true}, // opens nothing by itself
		"style.docx":       {related("styles", ""), true},
		"template.docx":    {related("attachedTemplate", `TargetMode="External"`), false},
		"picture.docx":     {related("image", `TargetMode="external"`), false},
		"cut.jpg":          {photo(10, 10)[:40], false},
		"empty.jpg":        {nil, false},
		"pic.png":          {pic.Bytes(), true},
		"../../etc/p.jpg":  {photo(2, 2), true},
		"pic.png.jpg":      {pic.Bytes(), false},
		"polyglot.jpg.php": {photo(2, 2), false},
	} {
		_, err := s.Prepare(t.Context(), name, c.raw)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v, want accepted %v", name, err, c.ok)
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v is no message for a person", name, err)
		}
	}
}

func TestANameShowsItsOwnEnding(t *testing.T) {
	s, _ := store(t)
	f, err := s.Prepare(t.Context(), "收条\u202egpj.\r\nX\u2066.pdf", []byte("%PDF-1.7\n"))
	if err != nil || f.Name != "收条gpj.X.pdf" {
		t.Errorf("%q, %v", f.Name, err)
	}
}

func TestPhotosLoseHiddenParts(t *testing.T) {
	s, _ := store(t)
	hidden := append(photo(3000, 20), []byte("<script>alert(1)</script>GPS 22.7,114.2")...)
	f, err := s.Prepare(t.Context(), "a.jpg", hidden)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := s.Bytes(f)
	if err != nil || bytes.Contains(raw, []byte("GPS")) {
		t.Fatalf("the hidden part is still there (%v)", err)
	}
	if c, _, err := image.DecodeConfig(bytes.NewReader(raw)); err != nil || c.Width != 2560 {
		t.Errorf("width %d, %v; want 2560", c.Width, err)
	}
}

func TestBytesLieSealedAndChangesAreFound(t *testing.T) {
	s, dir := store(t)
	d, _ := dbtest.SQLite(t)
	f, err := s.Prepare(t.Context(), "bill.pdf", []byte("%PDF-1.7 canary-440307"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.Attach(t.Context(), tx, f, "case", "k", "甲") }); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, f.Key[:2], f.Key)
	raw, err := os.ReadFile(path)
	if err != nil || bytes.Contains(raw, []byte("canary")) {
		t.Fatalf("bytes lie in clear (%v)", err)
	}
	if n, bad, err := s.Check(t.Context(), d); n != 1 || len(bad) != 0 || err != nil {
		t.Fatalf("sound store: %d, %v, %v", n, bad, err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, bad, _ := s.Check(t.Context(), d); len(bad) != 1 {
		t.Error("a changed byte was not found")
	}
	if _, err := s.Bytes(f); err == nil {
		t.Error("a changed file was shown")
	}
}

func TestARemovedFileIsGone(t *testing.T) {
	s, dir := store(t)
	d, _ := dbtest.SQLite(t)
	f, err := s.Prepare(t.Context(), "bill.pdf", []byte("%PDF-1.7"))
	if err != nil {
		t.Fatal(err)
	}
	act := func(fn func(tx *db.Tx) error) error { return d.Write(t.Context(), fn) }
	if err := act(func(tx *db.Tx) error { return s.Attach(t.Context(), tx, f, "case", "k", "甲") }); err != nil {
		t.Fatal(err)
	}
	other := act(func(tx *db.Tx) error { return s.Remove(t.Context(), tx, "case", "other", f.Key) })
	if !fault.Is(other, fault.NotFound) {
		t.Errorf("removed through another case: %v", other)
	}
	if err := act(func(tx *db.Tx) error { return s.Remove(t.Context(), tx, "case", "k", f.Key) }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, f.Key[:2], f.Key)); !os.IsNotExist(err) {
		t.Error("the bytes are still on disk")
	}
}
