package truetype

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// packedOutlines are the streams that WOFF2 splits a glyf table into (WOFF2 §5.1).
type packedOutlines struct {
	contours, points, flags, glyphs, composites, boxes, programs cursor
	boxed                                                        []byte // bit by glyph: has a box of its own

	dots   []point // room used again for every glyph
	xs, ys []byte
}

// rebuild turns a transformed glyf table back into outlines and their offsets (long form).
func rebuild(data []byte) (glyf, loca []byte, err error) {
	c := &cursor{data: data}
	c.take(4)
	n := c.u16()
	c.take(2)
	var sizes [7]int
	for i := range sizes {
		sizes[i] = c.u32()
	}
	p := &packedOutlines{}
	for i, to := range []*cursor{&p.contours, &p.points, &p.flags, &p.glyphs, &p.composites, &p.boxes, &p.programs} {
		to.data = c.take(sizes[i])
	}
	p.boxed = p.boxes.take((n + 31) / 32 * 4)
	if c.short || p.boxes.short {
		return nil, nil, bad("packed outlines are short")
	}
	glyf = make([]byte, 0, 2*len(data)) // outlines take less packed
	for i := range n {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = p.glyph(glyf, i)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		if len(glyf) > maxFont {
			return nil, nil, bad("outlines are too large")
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	for _, s := range []*cursor{&p.contours, &p.points, &p.flags, &p.glyphs, &p.composites, &p.boxes, &p.programs} {
		if s.short {
			return nil, nil, bad("packed outlines are short")
		}
	}
	return bytes.Clone(glyf), loca, nil // without the room left for growth
}

func (p *packedOutlines) glyph(out []byte, i int) []byte {
	contours := int(int16(p.contours.u16()))
	own := p.boxed[i/8]&(0x80>>(i%8)) != 0
	switch {
	case contours == 0:
		return out
	case contours < 0:
		out = append16(out, -1)
		out = append(out, p.boxes.take(8)...)
		return p.composite(out)
	}
	return p.simple(out, contours, own)
}

// composite copies the parts of a glyph and its program.
func (p *packedOutlines) composite(out []byte) []byte {
	program := false
	for more := true; more && !p.composites.short; {
		flags := uint16(p.composites.u16())
		out = append16(out, int(flags))
		out = append(out, p.composites.take(2+componentArgs(flags))...)
		more = flags&moreComponents != 0
		program = program || flags&0x100 != 0
	}
	if program {
		n := p.glyphs.short255()
		out = append16(out, n)
		out = append(out, p.programs.take(n)...)
	}
	return out
}

type point struct {
	x, y int
	on   bool
}

func (p *packedOutlines) simple(out []byte, contours int, own bool) []byte {
	var ends []int
	total := 0
	for range contours {
		total += p.points.short255()
		if p.points.short || total > 1<<16 {
			p.points.short = true
			return out
		}
		ends = append(ends, total-1)
	}
	points := slices.Grow(p.dots[:0], total)[:total]
	p.dots = points
	x, y := 0, 0
	for i := range points {
		dx, dy, on := p.step()
		x, y = x+dx, y+dy
		points[i] = point{x, y, on}
	}
	program := p.programs.take(p.glyphs.short255())

	out = append16(out, contours)
	if own {
		out = append(out, p.boxes.take(8)...)
	} else {
		out = appendBox(out, points)
	}
	for _, e := range ends {
		out = append16(out, e)
	}
	out = append16(out, len(program))
	out = append(out, program...)
	return p.appendPoints(out, points)
}

// step reads how far the next point is from the last (WOFF2 §5.2, triplet encoding).
func (p *packedOutlines) step() (dx, dy int, on bool) {
	f := p.flags.u8()
	on, f = f&0x80 == 0, f&0x7f
	g := &p.glyphs
	sign := func(bit, v int) int {
		if bit&1 == 0 {
			return -v
		}
		return v
	}
	switch {
	case f < 10:
		return 0, sign(f, f&14<<7+g.u8()), on
	case f < 20:
		return sign(f, (f-10)&14<<7+g.u8()), 0, on
	case f < 84:
		a, b := f-20, g.u8()
		return sign(f, 1+a&0x30+b>>4), sign(f>>1, 1+a&0x0c<<2+b&0x0f), on
	case f < 120:
		a, b, c := f-84, g.u8(), g.u8()
		return sign(f, 1+a/12<<8+b), sign(f>>1, 1+a%12>>2<<8+c), on
	case f < 124:
		a, b, c := g.u8(), g.u8(), g.u8()
		return sign(f, a<<4+b>>4), sign(f>>1, b&0x0f<<8+c), on
	}
	return sign(f, g.u16()), sign(f>>1, g.u16()), on
}

func append16(out []byte, v int) []byte { return binary.BigEndian.AppendUint16(out, uint16(v)) }

func appendBox(out []byte, points []point) []byte {
	if len(points) == 0 {
		return append(out, make([]byte, 8)...)
	}
	lo, hi := points[0], points[0]
	for _, p := range points {
		lo.x, lo.y = min(lo.x, p.x), min(lo.y, p.y)
		hi.x, hi.y = max(hi.x, p.x), max(hi.y, p.y)
	}
	for _, v := range []int{lo.x, lo.y, hi.x, hi.y} {
		out = append16(out, v)
	}
	return out
}

// appendPoints writes flags and coordinates as glyf has them: a flag byte for each point, then the
// steps in x, then in y, each absent, one byte with its sign in the flag, or two bytes.
func (p *packedOutlines) appendPoints(out []byte, points []point) []byte {
	xs, ys := p.xs[:0], p.ys[:0]
	last := point{}
	for _, at := range points {
		flag := byte(0)
		if at.on {
			flag = 1
		}
		var bits byte
		xs, bits = appendStep(xs, at.x-last.x)
		flag |= bits << 1
		ys, bits = appendStep(ys, at.y-last.y)
		flag |= bits << 2
		out, last = append(out, flag), at
	}
	p.xs, p.ys = xs, ys
	return append(append(out, xs...), ys...)
}

// appendStep returns the bits 「short」 (1) and 「same or positive」 (8) of one axis.
func appendStep(out []byte, d int) ([]byte, byte) {
	switch {
	case d == 0:
		return out, 8
	case d > 0 && d < 256:
		return append(out, byte(d)), 1 | 8
	case d < 0 && d > -256:
		return append(out, byte(-d)), 1
	}
	return append16(out, d), 0
}
