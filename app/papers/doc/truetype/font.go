// Package truetype reads TrueType fonts as far as setting text needs: which glyph a character has,
// how wide it is, and how to cut a font down to the glyphs one document uses.
package truetype

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrFormat is wrapped by every error about a font file that cannot be read.
var ErrFormat = errors.New("truetype: unreadable font")

// Font is one parsed font file. It may refer to the bytes it was parsed from and is
// safe for concurrent use.
type Font struct {
	tables  map[string][]byte
	cmap    charMap
	upem    int
	glyphs  int
	metrics int // number of full entries in hmtx
	long    bool
	bounds  [4]int // xMin yMin xMax yMax, font units
	ascent  int
	descent int
}

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// need lists each table that must be there and its least length.
var need = map[string]int{"head": 54, "hhea": 36, "maxp": 6, "hmtx": 4, "loca": 4, "glyf": 1, "cmap": 4}

// Parse reads the directory and the fixed tables of a TrueType file with glyf outlines, plain or
// packed as WOFF2.
// Collections (TTC) and CFF outlines are refused with ErrFormat.
func Parse(data []byte) (*Font, error) {
	f := &Font{}
	var err error
	if bytes.HasPrefix(data, []byte("wOF2")) {
		f.tables, err = unpackWOFF2(data)
	} else {
		f.tables, err = directory(data)
	}
	if err != nil {
		return nil, err
	}
	for tag, least := range need {
		if len(f.tables[tag]) < least {
			return nil, bad("table %s is missing or short", tag)
		}
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.upem = int(u16(head, 18))
	f.long = u16(head, 50) == 1
	for i := range f.bounds {
		f.bounds[i] = int(int16(u16(head, 36+2*i)))
	}
	f.ascent, f.descent = int(int16(u16(hhea, 4))), int(int16(u16(hhea, 6)))
	f.metrics = int(u16(hhea, 34))
	f.glyphs = int(u16(f.tables["maxp"], 4))
	if f.upem == 0 || f.metrics == 0 || len(f.tables["hmtx"]) < 4*f.metrics {
		return nil, bad("metrics")
	}
	if len(f.tables["loca"]) < f.locaSize(f.glyphs+1) {
		return nil, bad("loca is short")
	}
	f.cmap, err = parseCharMap(f.tables["cmap"])
	return f, err
}

func directory(data []byte) (map[string][]byte, error) {
	if len(data) < 12 || (u32(data, 0) != 0x00010000 && string(data[:4]) != "true") {
		return nil, bad("not a TrueType file with glyf outlines")
	}
	n := int(u16(data, 4))
	if len(data) < 12+16*n {
		return nil, bad("directory is short")
	}
	tables := map[string][]byte{}
	for i := range n {
		e := data[12+16*i:]
		off, size := uint64(u32(e, 8)), uint64(u32(e, 12))
		if off+size > uint64(len(data)) {
			return nil, bad("table %q lies outside the file", e[:4])
		}
		tables[string(e[:4])] = data[off : off+size : off+size]
	}
	return tables, nil
}

// Glyph returns the glyph of a character, or 0 when the font has none.
func (f *Font) Glyph(r rune) uint16 {
	g := f.cmap.lookup(uint32(r))
	if int(g) >= f.glyphs {
		return 0
	}
	return g
}

// Advance returns how far a glyph moves the pen, in thousandths of the type size.
func (f *Font) Advance(glyph uint16) int {
	i := min(int(glyph), f.metrics-1)
	return (int(u16(f.tables["hmtx"], 4*i))*1000 + f.upem/2) / f.upem
}

// Ascent and the other vertical measures are in thousandths of the type size.
func (f *Font) Ascent() int { return f.ascent * 1000 / f.upem }

// Descent is negative below the base line.
func (f *Font) Descent() int { return f.descent * 1000 / f.upem }

// Bounds is the box that holds every glyph: left, bottom, right, top.
func (f *Font) Bounds() [4]int {
	b := f.bounds
	for i := range b {
		b[i] = b[i] * 1000 / f.upem
	}
	return b
}

func (f *Font) locaSize(n int) int {
	if f.long {
		return 4 * n
	}
	return 2 * n
}

// outline returns the glyf bytes of a glyph; an empty glyph (a space) has none.
func (f *Font) outline(glyph uint16) []byte {
	if int(glyph) >= f.glyphs {
		return nil
	}
	loca, g := f.tables["loca"], int(glyph)
	var from, to uint64
	if f.long {
		from, to = uint64(u32(loca, 4*g)), uint64(u32(loca, 4*g+4))
	} else {
		from, to = 2*uint64(u16(loca, 2*g)), 2*uint64(u16(loca, 2*g+2))
	}
	glyf := f.tables["glyf"]
	if from >= to || to > uint64(len(glyf)) {
		return nil
	}
	return glyf[from:to]
}

func u16(b []byte, i int) uint16 { return binary.BigEndian.Uint16(b[i:]) }
func u32(b []byte, i int) uint32 { return binary.BigEndian.Uint32(b[i:]) }
