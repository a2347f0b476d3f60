package doc

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tiaojie/content/fonts"
)

func TestEveryFontLoads(t *testing.T) {
	f := NewFonts()
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	entries, err := fonts.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(f.stretches) + 3; got != len(entries) {
		t.Errorf("%d fonts are used, %d are embedded", got, len(entries))
	}
}

// A rare name must print. The first five are the ones clerks complain about; the rest are from
// the table of standard characters, the compatibility block and Extension B.
func TestRareNamesHaveGlyphs(t *testing.T) {
	none, err := NewFonts().Missing(Document{Title: "喆彧㛃䶮𠮷𠀀𪚥龘龍𬱖𫖯祥郎〇·①☑☐㎡"})
	if err != nil || len(none) > 0 {
		t.Errorf("missing %q, %v", none, err)
	}
}

func TestMissingGlyphsStopBeforeAnythingIsWritten(t *testing.T) {
	d := Document{Title: "调解书", Blocks: []Block{P(Body, T("张😀，李\U000F0000，王😀"))}}
	var out bytes.Buffer
	err := PDF(&out, NewFonts(), Info{}, Document{Title: "无误"}, d)
	var missing *MissingError
	if !errors.As(err, &missing) || string(missing.Runes) != "😀\U000F0000" {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "😀（U+1F600）") {
		t.Errorf("the message does not name the character: %v", err)
	}
	if out.Len() > 0 {
		t.Errorf("%d bytes were written", out.Len())
	}
}

func TestBundleGoesOnWithoutAPaperThatLacksGlyphs(t *testing.T) {
	var out bytes.Buffer
	b := NewBundle(&out, NewFonts(), Info{})
	for _, title := range []string{"甲", "😀", "乙"} {
		err := b.Add(Document{Title: title})
		if missing := (*MissingError)(nil); (title == "😀") != errors.As(err, &missing) {
			t.Errorf("%s: %v", title, err)
		}
	}
	if err := b.Close(); err != nil || b.Pages() != 2 {
		t.Errorf("%d pages, %v", b.Pages(), err)
	}
}

// An operator's own font is asked last.
func TestExtraFont(t *testing.T) {
	data, err := fonts.Files.ReadFile("song-f900.woff2")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "own.ttf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewFonts(path).Check(); err != nil {
		t.Error(err)
	}
	if err := NewFonts(path + ".none").Check(); err == nil {
		t.Error("a font that is not there passed the check")
	}
}

// An idle server holds no outlines: they go with the paper they were loaded for.
func TestFontsLeaveMemory(t *testing.T) {
	f := NewFonts()
	if err := PDF(io.Discard, f, Info{}, Document{Title: "调解书"}); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.GC()
	if f.bold.font.Value() != nil {
		t.Error("the font is still in memory after the paper was printed")
	}
}
