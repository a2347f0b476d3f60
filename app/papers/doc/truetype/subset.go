package truetype

import (
	"encoding/binary"
	"slices"
)

// Flags of one part of a composite glyph (TrueType specification, glyf table).
const (
	argsAreWords   = 1 << 0
	hasScale       = 1 << 3
	moreComponents = 1 << 5
	hasXYScale     = 1 << 6
	hasTwoByTwo    = 1 << 7
)

// Subset writes a font that holds the given glyphs under the numbers 0, 1, 2 … in their order.
// Glyph 0 (the missing-glyph box) should come first. Parts of composite glyphs are appended.
// The result has no cmap: a PDF addresses glyphs by number.
func (f *Font) Subset(glyphs []uint16) []byte {
	order := slices.Clone(glyphs)
	number := map[uint16]uint16{}
	for i := len(order) - 1; i >= 0; i-- {
		number[order[i]] = uint16(i)
	}
	var glyf, loca, hmtx []byte
	for i := 0; i < len(order); i++ { // order grows while parts are found
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		outline := slices.Clone(f.outline(order[i]))
		eachComponent(outline, func(at int) {
			part := u16(outline, at)
			to, ok := number[part]
			if !ok {
				to = uint16(len(order))
				number[part] = to
				order = append(order, part)
			}
			binary.BigEndian.PutUint16(outline[at:], to)
		})
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = append(hmtx, f.metric(order[i])...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	head := slices.Clone(f.tables["head"])
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	hhea := slices.Clone(f.tables["hhea"])
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(order)))
	maxp := slices.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(order)))
	out := map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf}
	for _, tag := range []string{"cvt ", "fpgm", "prep"} { // hinted fonts break without these
		if t := f.tables[tag]; len(t) > 0 {
			out[tag] = t
		}
	}
	return assemble(out)
}

// metric returns the advance and left bearing of a glyph as hmtx stores them.
func (f *Font) metric(glyph uint16) []byte {
	hmtx, g := f.tables["hmtx"], int(glyph)
	if g < f.metrics {
		return hmtx[4*g : 4*g+4]
	}
	m := append([]byte{}, hmtx[4*f.metrics-4:4*f.metrics-2]...)
	if at := 4*f.metrics + 2*(g-f.metrics); at+2 <= len(hmtx) {
		return append(m, hmtx[at:at+2]...)
	}
	return append(m, 0, 0)
}

// eachComponent calls visit with the place of every part's glyph number in a composite outline.
func eachComponent(outline []byte, visit func(at int)) {
	if len(outline) < 10 || int16(u16(outline, 0)) >= 0 {
		return
	}
	for at := 10; at+4 <= len(outline); {
		flags := u16(outline, at)
		visit(at + 2)
		if flags&moreComponents == 0 {
			return
		}
		at += 4 + componentArgs(flags)
	}
}

func componentArgs(flags uint16) int {
	size := 2
	if flags&argsAreWords != 0 {
		size = 4
	}
	switch {
	case flags&hasScale != 0:
		size += 2
	case flags&hasXYScale != 0:
		size += 4
	case flags&hasTwoByTwo != 0:
		size += 8
	}
	return size
}

// assemble writes a font file from its tables, in tag order, each padded to four bytes.
func assemble(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	for tag := range tables {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	n, power := len(tags), 0
	for 2<<power <= n {
		power++
	}
	search := 16 << power
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, search, power, 16*n - search} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	var body []byte
	start := 12 + 16*n
	for _, tag := range tags {
		t := tables[tag]
		out = append(out, tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t))
		out = binary.BigEndian.AppendUint32(out, uint32(start+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t)))
		body = append(body, t...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(out, body...)
}

func checksum(t []byte) uint32 {
	var sum uint32
	for len(t) >= 4 {
		sum += u32(t, 0)
		t = t[4:]
	}
	var last [4]byte
	copy(last[:], t)
	return sum + u32(last[:], 0)
}
