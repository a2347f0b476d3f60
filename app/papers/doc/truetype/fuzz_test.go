package truetype

import (
	"bytes"
	"testing"

	"tiaojie/content/fonts"
)

// plain is one of the embedded fonts, unpacked into an ordinary TrueType file.
func plain(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fonts.Files.ReadFile(name + ".woff2")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := unpackWOFF2(data)
	if err != nil {
		t.Fatal(err)
	}
	return assemble(tables)
}

// Packed or plain, a font says the same: widths and outlines of what papers are made of.
func TestPackedFontEqualsPlain(t *testing.T) {
	data, err := fonts.Files.ReadFile("song.woff2")
	if err != nil {
		t.Fatal(err)
	}
	a, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse(plain(t, "song"))
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(0x20); r < 0x10000; r++ {
		if a.Glyph(r) != b.Glyph(r) || !bytes.Equal(a.outline(a.Glyph(r)), b.outline(b.Glyph(r))) {
			t.Fatalf("%c differs", r)
		}
	}
}

// FuzzParse damages a font at one place: reading it must end in an error or in a usable font.
func FuzzParse(f *testing.F) {
	sound := plain(f, "song-f900")
	f.Add(uint32(0), []byte("true"))
	f.Add(uint32(12), []byte("cmap\x00\x00\x00\x00\xff\xff\xff\xff"))
	f.Add(uint32(len(sound)-8), []byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		data := bytes.Clone(sound)
		copy(data[int(at)%len(data):], patch)
		font, err := Parse(data)
		if err != nil {
			return
		}
		g := font.Glyph('金')
		font.Advance(g)
		font.Subset([]uint16{0, g, 65535})
	})
}

// FuzzWOFF2 reads damaged packed fonts, and damaged outlines as they are packed inside them.
func FuzzWOFF2(f *testing.F) {
	sound, err := fonts.Files.ReadFile("song-f900.woff2")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(48), []byte("\x3f\x3f"))
	f.Add(uint32(4), append(make([]byte, 36), 0xff, 0xff, 0, 0, 0, 2, 0x01, 0x00))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		data := bytes.Clone(sound)
		copy(data[int(at)%len(data):], patch)
		_, _ = Parse(data)
		if glyf, loca, err := rebuild(patch); err == nil && int(u32(loca, len(loca)-4)) != len(glyf) {
			t.Fatalf("outlines end at %d, the offsets say %d", len(glyf), u32(loca, len(loca)-4))
		}
	})
}
