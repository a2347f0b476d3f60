package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// Page collects what is drawn on one sheet. Lengths are points; the origin is the upper left
// corner and y grows downwards, as text is read.
type Page struct {
	width, height float64
	content       bytes.Buffer
	faces         []*Face
	pictures      []*Picture
	numbered      bool // carries a running number, set in a font every reader has
}

// NewPage begins a sheet of the given size (A4: 595.28 × 841.89).
func NewPage(width, height float64) *Page { return &Page{width: width, height: height} }

// Text sets a run of characters with its base line at y. Spacing is added after every character.
// Every character must be in the face (see Face.Has).
func (p *Page) Text(f *Face, size, x, y, spacing float64, text string) {
	if text == "" {
		return
	}
	if !slices.Contains(p.faces, f) {
		p.faces = append(p.faces, f)
	}
	fmt.Fprintf(&p.content, "BT /F%d %s Tf ", f.number, num(size))
	if spacing != 0 {
		fmt.Fprintf(&p.content, "%s Tc ", strconv.FormatFloat(spacing, 'f', 4, 64))
	}
	fmt.Fprintf(&p.content, "%s %s Td <", num(x), num(p.height-y))
	for _, r := range text {
		fmt.Fprintf(&p.content, "%04X", f.use(r))
	}
	p.content.WriteString("> Tj")
	if spacing != 0 {
		p.content.WriteString(" 0 Tc")
	}
	p.content.WriteString(" ET\n")
}

// Line draws a straight black line of the given thickness.
func (p *Page) Line(x1, y1, x2, y2, thickness float64) {
	fmt.Fprintf(&p.content, "%s w %s %s m %s %s l S\n", num(thickness), num(x1), num(p.height-y1), num(x2), num(p.height-y2))
}

// Picture draws an image into the box whose upper left corner is x, y.
func (p *Page) Picture(img *Picture, x, y, width, height float64) {
	if !slices.Contains(p.pictures, img) {
		p.pictures = append(p.pictures, img)
	}
	fmt.Fprintf(&p.content, "q %s 0 0 %s %s %s cm /I%d Do Q\n", num(width), num(height), num(x), num(p.height-y-height), int(img.ref))
}

// Add puts a finished sheet into the file and returns its page number, from 1.
func (w *Writer) Add(p *Page) int {
	content, page := w.alloc(), w.alloc()
	w.stream(content, "", p.content.Bytes())
	var b bytes.Buffer
	fmt.Fprintf(&b, "<< /Type /Page /Parent %s /MediaBox [0 0 %s %s] /Contents %s /Resources <<",
		w.pages, num(p.width), num(p.height), content)
	if len(p.faces) > 0 || p.numbered {
		b.WriteString(" /Font <<")
		if p.numbered {
			b.WriteString(" /PageNumber << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
		}
		for _, f := range p.faces {
			fmt.Fprintf(&b, " /F%d %s", f.number, f.ref)
		}
		b.WriteString(" >>")
	}
	if len(p.pictures) > 0 {
		b.WriteString(" /XObject <<")
		for _, img := range p.pictures {
			fmt.Fprintf(&b, " /I%d %s", int(img.ref), img.ref)
		}
		b.WriteString(" >>")
	}
	b.WriteString(" >> >>")
	w.object(page, b.Bytes())
	w.kids = append(w.kids, page)
	w.heights = append(w.heights, p.height)
	return len(w.kids)
}

// num writes a length with at most two decimals, which is finer than any printer.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	if s == "-0" {
		return "0"
	}
	return s
}
