package truetype_test

import (
	"bytes"
	"errors"
	"testing"

	"tiaojie/app/papers/doc/truetype"
	"tiaojie/content/fonts"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fonts.Files.ReadFile(name + ".woff2")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestGlyphsAndWidths(t *testing.T) {
	cases := []struct {
		file  string
		r     rune
		width int
	}{
		{"song", '调', 1000}, {"song", '。', 1000}, {"song", '0', 557}, {"song", ' ', 256},
		{"song", '喆', 0}, {"song", '𠮷', 0},
		{"song-4e00", '喆', 1000}, {"song-3400", '㛃', 1000}, {"song-4400", '䶮', 1000},
		{"song-20000", '𬱖', 1000}, {"ming", '𠮷', 1000}, {"ming", '☑', 1000}, {"bold", '书', 1000},
	}
	for _, c := range cases {
		f, err := truetype.Parse(load(t, c.file))
		if err != nil {
			t.Fatal(c.file, err)
		}
		g := f.Glyph(c.r)
		if c.width == 0 {
			if g != 0 {
				t.Errorf("%s claims %c", c.file, c.r)
			}
			continue
		}
		if g == 0 || f.Advance(g) != c.width {
			t.Errorf("%s %c: glyph %d width %d, want width %d", c.file, c.r, g, f.Advance(g), c.width)
		}
	}
}

// A cut font keeps the outlines: parsing needs a cmap, so the check is on size and on the
// composite closure (every part of a composite must be inside).
func TestSubsetIsSmallAndKeepsOrder(t *testing.T) {
	f, err := truetype.Parse(load(t, "song"))
	if err != nil {
		t.Fatal(err)
	}
	glyphs := []uint16{0, f.Glyph('调'), f.Glyph('解'), f.Glyph('é')}
	cut := f.Subset(glyphs)
	if len(cut) < 500 || len(cut) > 8000 {
		t.Errorf("three characters take %d bytes", len(cut))
	}
	if !bytes.Equal(cut, f.Subset(glyphs)) {
		t.Error("two cuts of the same glyphs differ")
	}
}

func TestRefusesOtherFiles(t *testing.T) {
	for _, data := range [][]byte{nil, []byte("OTTO"), []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x01"), bytes.Repeat([]byte{0}, 64)} {
		if _, err := truetype.Parse(data); !errors.Is(err, truetype.ErrFormat) {
			t.Errorf("%.4q: %v", data, err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	data := load(b, "song")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := truetype.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
