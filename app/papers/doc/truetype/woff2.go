package truetype

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/andybalholm/brotli"
)

// maxFont bounds an unpacked font: the largest in use have 30 MB.
const maxFont = 64 << 20

// knownTags are the tables a WOFF2 directory names by number, as far as any of them is used here.
var knownTags = []string{"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca", "prep"}

// cursor reads big-endian values; reading beyond the end sets short and gives zeros.
type cursor struct {
	data  []byte
	short bool
}

func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.data) {
		c.short, c.data = true, nil
		return make([]byte, min(max(n, 0), 8))
	}
	b := c.data[:n]
	c.data = c.data[n:]
	return b
}

func (c *cursor) u8() int  { return int(c.take(1)[0]) }
func (c *cursor) u16() int { return int(u16(c.take(2), 0)) }
func (c *cursor) u32() int { return int(u32(c.take(4), 0)) }

// base128 reads a number of up to five bytes, seven bits each (WOFF2 §4.1).
func (c *cursor) base128() int {
	v := 0
	for range 5 {
		b := c.u8()
		v = v<<7 | b&0x7f
		if b&0x80 == 0 {
			return v
		}
	}
	c.short = true
	return 0
}

// short255 reads a number that mostly takes one byte (255UInt16, WOFF2 §4.1).
func (c *cursor) short255() int {
	switch b := c.u8(); b {
	case 253:
		return c.u16()
	case 254:
		return 506 + c.u8()
	case 255:
		return 253 + c.u8()
	default:
		return b
	}
}

// unpackWOFF2 reads the tables of a WOFF2 file and turns the packed outlines back into glyf and
// loca. Only the transform of outlines is known, which is the only one font tools write by default.
func unpackWOFF2(data []byte) (map[string][]byte, error) {
	c := &cursor{data: data}
	c.take(12)
	n := c.u16()
	c.take(6)
	packed := c.u32()
	c.take(24)
	type entry struct {
		tag    string
		length int
		glyphs bool // outlines are packed
	}
	var list []entry
	total := 0
	for range n {
		flags := c.u8()
		e := entry{tag: "?"}
		if i := flags & 63; i < len(knownTags) {
			e.tag = knownTags[i]
		} else if i == 63 {
			e.tag = string(c.take(4))
		}
		e.length = c.base128()
		if (e.tag == "glyf" || e.tag == "loca") == (flags>>6 == 0) {
			e.length, e.glyphs = c.base128(), true
		}
		if e.glyphs && e.tag != "glyf" && e.tag != "loca" {
			return nil, bad("table %s is transformed", e.tag)
		}
		total += e.length
		list = append(list, e)
	}
	body := c.take(packed)
	if c.short || total > maxFont {
		return nil, bad("WOFF2 directory")
	}
	plain := make([]byte, total)
	if _, err := io.ReadFull(brotli.NewReader(bytes.NewReader(body)), plain); err != nil {
		return nil, bad("WOFF2 data")
	}
	tables := map[string][]byte{}
	rest := &cursor{data: plain}
	for _, e := range list {
		t := rest.take(e.length)
		if e.tag == "glyf" && e.glyphs {
			glyf, loca, err := rebuild(t)
			if err != nil {
				return nil, err
			}
			tables["glyf"], tables["loca"] = glyf, loca
		} else if !e.glyphs {
			tables[e.tag] = bytes.Clone(t) // not to keep the rest of the data alive
		}
	}
	if head := tables["head"]; len(head) >= 54 {
		head = bytes.Clone(head)
		binary.BigEndian.PutUint16(head[50:], 1) // loca was rebuilt in the long form
		tables["head"] = head
	}
	return tables, nil
}
