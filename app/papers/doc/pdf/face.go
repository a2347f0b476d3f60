package pdf

import (
	"bytes"
	"fmt"
	"unicode/utf16"

	"tiaojie/app/papers/doc/truetype"
)

// Face is a font in one file. It remembers the characters that were set and embeds only those.
type Face struct {
	font   *truetype.Font
	ref    Ref
	number int
	code   map[rune]uint16
	runes  []rune
}

// Face adds a font to the file.
func (w *Writer) Face(font *truetype.Font) *Face {
	f := &Face{font: font, ref: w.alloc(), number: len(w.faces) + 1, code: map[rune]uint16{}}
	w.faces = append(w.faces, f)
	return f
}

// use gives a character its two-byte code. Each character has its own code even where two share
// a glyph, so that copying text out gives back what was put in.
func (f *Face) use(r rune) uint16 {
	c, ok := f.code[r]
	if !ok {
		f.runes = append(f.runes, r)
		c = uint16(len(f.runes)) // code 0 is the missing glyph
		f.code[r] = c
	}
	return c
}

func (f *Face) finish(w *Writer) {
	glyphs := make([]uint16, 1, len(f.runes)+1)
	var widths bytes.Buffer
	for _, r := range f.runes {
		g := f.font.Glyph(r)
		glyphs = append(glyphs, g)
		fmt.Fprintf(&widths, " %d", f.font.Advance(g))
	}
	descendant, descriptor, file, unicode := w.alloc(), w.alloc(), w.alloc(), w.alloc()
	cut := f.font.Subset(glyphs)
	w.stream(file, fmt.Sprintf(" /Length1 %d", len(cut)), cut)
	w.stream(unicode, "", f.toUnicode())

	name := fmt.Sprintf("AAAAA%c+Song%d", 'A'+(f.number-1)%26, f.number)
	box := f.font.Bounds()
	w.object(descriptor, fmt.Appendf(nil,
		"<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight 730 /StemV 80 /FontFile2 %s >>",
		name, box[0], box[1], box[2], box[3], f.font.Ascent(), f.font.Descent(), file))
	w.object(descendant, fmt.Appendf(nil,
		"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %s /CIDToGIDMap /Identity /DW 1000 /W [ 1 [%s ] ] >>",
		name, descriptor, widths.Bytes()))
	w.object(f.ref, fmt.Appendf(nil,
		"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [ %s ] /ToUnicode %s >>",
		name, descendant, unicode))
}

// toUnicode maps codes back to characters. Those beyond the basic plane are surrogate pairs, and a
// block holds at most 100 entries, as the CMap specification says.
func (f *Face) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for start := 0; start < len(f.runes); start += 100 {
		block := f.runes[start:min(start+100, len(f.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, r := range block {
			fmt.Fprintf(&b, "<%04X> <", start+i+1)
			for _, u := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
