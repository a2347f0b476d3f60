package truetype

import "sort"

// charMap finds the glyph of a code point in one cmap subtable, reading the file's own bytes.
type charMap struct {
	format int
	sub    []byte
	n      int // segments (format 4) or groups (format 12)
}

// parseCharMap picks the fullest Unicode subtable: format 12 (all planes) before format 4.
func parseCharMap(cmap []byte) (charMap, error) {
	var best charMap
	n := int(u16(cmap, 2))
	for i := range n {
		if len(cmap) < 4+8*(i+1) {
			return best, bad("cmap is short")
		}
		e := cmap[4+8*i:]
		platform, off := u16(e, 0), uint64(u32(e, 4))
		if (platform != 0 && platform != 3) || off+4 > uint64(len(cmap)) {
			continue
		}
		if m, ok := readSubtable(cmap[off:]); ok && m.format > best.format {
			best = m
		}
	}
	if best.format == 0 {
		return best, bad("no Unicode cmap")
	}
	return best, nil
}

func readSubtable(sub []byte) (charMap, bool) {
	switch u16(sub, 0) {
	case 4:
		if len(sub) < 16 {
			return charMap{}, false
		}
		n := int(u16(sub, 6)) / 2
		return charMap{4, sub, n}, len(sub) >= 16+8*n
	case 12:
		if len(sub) < 16 {
			return charMap{}, false
		}
		n := uint64(u32(sub, 12))
		return charMap{12, sub, int(n)}, uint64(len(sub)) >= 16+12*n
	}
	return charMap{}, false
}

func (m charMap) lookup(c uint32) uint16 {
	if m.format == 12 {
		return m.lookup12(c)
	}
	return m.lookup4(c)
}

func (m charMap) lookup12(c uint32) uint16 {
	i := sort.Search(m.n, func(i int) bool { return u32(m.sub, 16+12*i+4) >= c })
	if i == m.n {
		return 0
	}
	g := m.sub[16+12*i:]
	if start := u32(g, 0); c >= start {
		return uint16(u32(g, 8) + c - start)
	}
	return 0
}

func (m charMap) lookup4(c uint32) uint16 {
	if c > 0xFFFF {
		return 0
	}
	ends, starts := m.sub[14:], m.sub[16+2*m.n:]
	deltas, ranges := m.sub[16+4*m.n:], m.sub[16+6*m.n:]
	i := sort.Search(m.n, func(i int) bool { return uint32(u16(ends, 2*i)) >= c })
	if i == m.n || uint32(u16(starts, 2*i)) > c {
		return 0
	}
	off := int(u16(ranges, 2*i))
	if off == 0 {
		return uint16(c) + u16(deltas, 2*i)
	}
	// idRangeOffset counts from its own place in the table.
	at := 2*i + off + 2*int(uint16(c)-u16(starts, 2*i))
	if at+2 > len(ranges) {
		return 0
	}
	if g := u16(ranges, at); g != 0 {
		return g + u16(deltas, 2*i)
	}
	return 0
}
