package pdf

import (
	"bytes"
	"fmt"
)

// Mark is a bookmark: a title that leads to a page, with further marks beneath it.
type Mark struct {
	Title string
	Page  int     // from 1
	Top   float64 // distance from the upper edge, points
	Marks []*Mark

	ref Ref
}

// Bookmark adds a mark at the top level. Marks may be added to it until Close.
func (w *Writer) Bookmark(m *Mark) { w.outline = append(w.outline, m) }

// bookmarks writes the outline and returns its root, or 0 when there is none.
func (w *Writer) bookmarks() Ref {
	if len(w.outline) == 0 {
		return 0
	}
	root := w.alloc()
	w.number(w.outline)
	w.marks(root, w.outline)
	w.object(root, fmt.Appendf(nil, "<< /Type /Outlines /First %s /Last %s /Count %d >>",
		w.outline[0].ref, w.outline[len(w.outline)-1].ref, len(w.outline)))
	return root
}

func (w *Writer) number(marks []*Mark) {
	for _, m := range marks {
		m.ref = w.alloc()
		w.number(m.Marks)
	}
}

// marks writes one level. Lower levels are closed at first (negative count): a dossier has many.
func (w *Writer) marks(parent Ref, marks []*Mark) {
	for i, m := range marks {
		var b bytes.Buffer
		fmt.Fprintf(&b, "<< /Title %s /Parent %s", textString(m.Title), parent)
		if page := min(max(m.Page, 1), len(w.kids)); page > 0 {
			fmt.Fprintf(&b, " /Dest [%s /XYZ 0 %s null]", w.kids[page-1], num(w.heights[page-1]-m.Top))
		}
		if i > 0 {
			fmt.Fprintf(&b, " /Prev %s", marks[i-1].ref)
		}
		if i+1 < len(marks) {
			fmt.Fprintf(&b, " /Next %s", marks[i+1].ref)
		}
		if n := len(m.Marks); n > 0 {
			fmt.Fprintf(&b, " /First %s /Last %s /Count -%d", m.Marks[0].ref, m.Marks[n-1].ref, n)
		}
		b.WriteString(" >>")
		w.object(m.ref, b.Bytes())
		w.marks(m.ref, m.Marks)
	}
}
