package pdf

import (
	"bytes"
	"fmt"
	"strconv"
)

// sheet is a page of a file that is read, with what it inherits.
type sheet struct {
	page      dict
	inherited dict
}

// sheets lists the pages of the file in order.
func (f *file) sheets() []sheet {
	var list []sheet
	seen := map[int]bool{}
	var walk func(o any, inherited dict, depth int)
	walk = func(o any, inherited dict, depth int) {
		if l, ok := o.(link); ok {
			if seen[l.n] {
				return
			}
			seen[l.n] = true
		}
		d := f.dict(o)
		if d == nil || depth > maxDepth || len(list) >= maxSheets {
			return
		}
		own := dict{}
		for _, k := range []name{"Resources", "MediaBox", "CropBox", "Rotate"} {
			if v := d[k]; v != nil {
				own[k] = v
			} else if v := inherited[k]; v != nil {
				own[k] = v
			}
		}
		kids, branch := f.resolve(d["Kids"]).(array)
		if !branch {
			list = append(list, sheet{d, own})
			return
		}
		for _, k := range kids {
			walk(k, own, depth+1)
		}
	}
	walk(f.dict(f.trailer["Root"])["Pages"], nil, 0)
	return list
}

// copier takes objects over into a file, each once, under new numbers.
type copier struct {
	w    *Writer
	from *file
	refs map[int]Ref
	todo []int
}

func (c *copier) to(l link) Ref {
	if r, ok := c.refs[l.n]; ok {
		return r
	}
	if c.from.object(l.n) == nil {
		c.refs[l.n] = 0
		return 0
	}
	r := c.w.alloc()
	c.refs[l.n] = r
	c.todo = append(c.todo, l.n)
	return r
}

// flush writes what has been referred to, and what that refers to.
func (c *copier) flush() {
	for len(c.todo) > 0 {
		n := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		var b bytes.Buffer
		if s, ok := c.from.object(n).(stream); ok {
			d := dict{}
			for k, v := range s.dict {
				d[k] = v
			}
			d["Length"] = token(strconv.Itoa(len(s.data)))
			render(&b, d, c.to)
			b.WriteString("\nstream\n")
			b.Write(s.data)
			b.WriteString("\nendstream")
		} else {
			render(&b, c.from.object(n), c.to)
		}
		c.w.object(c.refs[n], b.Bytes())
	}
}

// Append takes over the pages of another PDF as they look, without its links, forms and bookmarks.
// With a number above 0 each page is stamped with a running number in its upper right corner. It
// returns how many pages were added; after ErrForeign nothing was.
func (w *Writer) Append(data []byte, number int) (int, error) {
	f, err := open(data)
	if err != nil {
		return 0, err
	}
	list := f.sheets()
	if len(list) == 0 {
		return 0, ErrForeign
	}
	c := &copier{w: w, from: f, refs: map[int]Ref{}}
	for i, s := range list {
		page := dict{"Type": name("Page"), "Parent": w.pages, "Contents": s.page["Contents"]}
		for k, v := range s.inherited {
			page[k] = v
		}
		box := f.box(page)
		page["MediaBox"] = array{token(num(box[0])), token(num(box[1])), token(num(box[2])), token(num(box[3]))}
		delete(page, "CropBox")
		if page["Resources"] == nil {
			page["Resources"] = dict{}
		}
		if number > 0 {
			c.stamp(page, box, number+i)
		}
		ref := w.alloc()
		var b bytes.Buffer
		render(&b, page, c.to)
		w.object(ref, b.Bytes())
		w.kids = append(w.kids, ref)
		w.heights = append(w.heights, box[3])
	}
	c.flush()
	return len(list), nil
}

// box is the visible part of a page; A4 where the file does not say.
func (f *file) box(page dict) [4]float64 {
	for _, k := range []name{"CropBox", "MediaBox"} {
		a, _ := f.resolve(page[k]).(array)
		var box [4]float64
		good := len(a) == 4
		for i := 0; good && i < 4; i++ {
			t, _ := f.resolve(a[i]).(token)
			v, err := strconv.ParseFloat(string(t), 64)
			good = err == nil && v > -20000 && v < 20000
			box[i] = v
		}
		if box[0] > box[2] {
			box[0], box[2] = box[2], box[0]
		}
		if box[1] > box[3] {
			box[1], box[3] = box[3], box[1]
		}
		if good && box[2]-box[0] >= 10 && box[3]-box[1] >= 10 {
			return box
		}
	}
	return [4]float64{0, 0, 595.28, 841.89}
}

// stamp draws a number over the upper right corner as the page is seen, however it is turned.
func (c *copier) stamp(page dict, box [4]float64, number int) {
	turn, _ := integer(c.from.resolve(page["Rotate"]))
	width, height := box[2]-box[0], box[3]-box[1]
	m := [6]float64{1, 0, 0, 1, box[0], box[1]}
	switch turn % 360 {
	case 90:
		m, width, height = [6]float64{0, 1, -1, 0, box[2], box[1]}, height, width
	case 180:
		m = [6]float64{-1, 0, 0, -1, box[2], box[3]}
	case 270:
		m, width, height = [6]float64{0, -1, 1, 0, box[0], box[3]}, height, width
	}
	before, after := c.w.alloc(), c.w.alloc()
	c.w.stream(before, "", []byte("q\n"))
	c.w.stream(after, "", fmt.Appendf(nil, "\nQ q %s %s %s %s %s %s cm BT /PageNumber 11 Tf %s %s Td (%d) Tj ET Q\n",
		num(m[0]), num(m[1]), num(m[2]), num(m[3]), num(m[4]), num(m[5]), num(width-stampRight), num(height-stampTop), number))

	contents := array{before}
	if a, ok := c.from.resolve(page["Contents"]).(array); ok {
		contents = append(contents, a...)
	} else if page["Contents"] != nil {
		contents = append(contents, page["Contents"])
	}
	page["Contents"] = append(contents, after)

	resources, fonts := dict{}, dict{}
	for k, v := range c.from.dict(page["Resources"]) {
		resources[k] = v
	}
	for k, v := range c.from.dict(resources["Font"]) {
		fonts[k] = v
	}
	fonts["PageNumber"] = dict{"Type": name("Font"), "Subtype": name("Type1"), "BaseFont": name("Helvetica")}
	resources["Font"] = fonts
	page["Resources"] = resources
}

// The place of a running number, from the right and the upper edge, in points.
const (
	stampRight = 52.0
	stampTop   = 34.0
)

// Stamp writes a running number where Append does.
func (p *Page) Stamp(number int) {
	p.numbered = true
	fmt.Fprintf(&p.content, "BT /PageNumber 11 Tf %s %s Td (%d) Tj ET\n", num(p.width-stampRight), num(p.height-stampTop), number)
}
