package doc

import "tiaojie/app/papers/doc/pdf"

// para sets a paragraph. keep is the height that must follow its last line on the same page: a
// heading keeps two lines of text, the last paragraph keeps the signatures, so that no page
// carries signatures alone.
func (s *setter) para(p Para, keep float64) {
	k := looks[p.Role]
	size, leading := s.m.body*k.scale, s.m.leading*max(k.scale, 0.85)
	indent := k.indent * size
	lines := breakLines(s.marks(p.Runs, size, k.bold), textWidth-indent, textWidth)
	if p.Role == Head {
		s.ensure(leading*float64(len(lines)) + keep)
		s.heads = append(s.heads, pdf.Mark{Title: oneLine(p.text()), Page: len(s.pages), Top: s.y})
	}
	breakAt := s.breakBefore(len(lines), leading, keep)
	for i, l := range lines {
		if i == breakAt && !s.top() {
			s.newPage()
		}
		s.ensure(leading)
		x, width := marginLeft, textWidth
		if i == 0 && k.align != centered && k.align != right {
			x, width = x+indent, width-indent
		}
		s.draw(l, x, width, size, leading, k.align, i == len(lines)-1)
	}
}

// breakBefore returns the line before which the page should end, or -1. It carries at least two
// lines along with what must be kept, and leaves no single first line behind.
func (s *setter) breakBefore(lines int, leading, keep float64) int {
	fit := int((s.room() + 0.01) / leading)
	if lines <= fit {
		if s.room()-float64(lines)*leading >= keep-0.01 {
			return -1
		}
		return carry(lines, lines-2)
	}
	onThis := fit
	if lines-onThis == 1 { // a lone last line on the next page
		onThis--
	}
	return carry(lines, onThis)
}

func carry(lines, at int) int {
	if at < 2 { // fewer than two lines would stay behind: take all along
		return 0
	}
	return min(at, lines-1)
}

// keep is the height that must stay with block i: three lines of text (or the head of a table) with a heading; with the last
// paragraph the signatures, seal and notes that follow, or the first two signatures when there are
// many.
func (s *setter) keep(i int) float64 {
	if p, ok := s.doc.Blocks[i].(Para); ok && p.Role == Head {
		return 3 * s.m.leading
	}
	height := 0.0
	for _, b := range s.doc.Blocks[i+1:] {
		switch b := b.(type) {
		case Signs:
			if len(b.Items) > 4 {
				return height + signsHeight(2)
			}
			height += signsHeight(len(b.Items))
		case Seal:
			height += s.sealHeight()
		case Para:
			if height == 0 || b.Role != Note && b.Role != Signed {
				return height
			}
			height += 2 * s.m.leading
		default:
			return height
		}
	}
	return height
}

// fields sets rows of label and underlined value.
func (s *setter) fields(f Fields) {
	cols := min(max(f.Cols, 1), 3)
	colWidth := (textWidth - float64(cols-1)*12) / float64(cols)
	for _, row := range fieldRows(f.Items, cols) {
		var sets []fieldSet
		height := 0.0
		for i, item := range row {
			width := colWidth
			if item.Wide || len(row) == 1 {
				width = textWidth
			}
			fs := s.fieldSet(item, f.Items, width)
			fs.x = marginLeft + float64(i)*(colWidth+12)
			height = max(height, float64(len(fs.value))*s.m.leading)
			sets = append(sets, fs)
		}
		s.ensure(min(height, 3*s.m.leading))
		s.drawFields(sets)
	}
}

// fieldRows fills rows from left to right; a wide field has a row to itself.
func fieldRows(items []Field, cols int) [][]Field {
	var rows [][]Field
	for i, it := range items {
		if last := len(rows) - 1; last >= 0 && !it.Wide && !items[i-1].Wide && len(rows[last]) < cols {
			rows[last] = append(rows[last], it)
			continue
		}
		rows = append(rows, []Field{it})
	}
	return rows
}

type fieldSet struct {
	label         []mark
	value         [][]mark
	x, labelWidth float64
	room          float64 // for the value
}

// fieldSet measures one field. Labels of a block are set equally wide,
// as wide as the widest of usual length.
func (s *setter) fieldSet(f Field, all []Field, width float64) fieldSet {
	size := s.m.body
	widest := 0.0
	for _, other := range all {
		if w := total(s.marks([]Run{other.label()}, size, false)); w <= 7.01*size { // a long one stands out alone
			widest = max(widest, w)
		}
	}
	label := s.marks([]Run{f.label()}, size, false)
	widest = max(min(widest, width/2), total(label))
	room := max(width-widest-4, 4*size)
	marks := s.marks(f.Value, size, false)
	for i := range marks {
		marks[i].line = false // the whole line is ruled below
		if marks[i].r == 0 {
			marks[i].width = min(marks[i].width, room)
		}
	}
	return fieldSet{label: label, value: breakLines(marks, room, room), labelWidth: widest, room: room}
}

func total(ms []mark) float64 {
	var w float64
	for _, m := range ms {
		w += m.width
	}
	return w
}

func (s *setter) drawFields(sets []fieldSet) {
	size, leading := s.m.body, s.m.leading
	if s.room() < leading {
		s.newPage()
	}
	start, page, low := s.y, len(s.pages), s.y
	for _, f := range sets {
		if len(s.pages) != page { // a neighbour ran over the page: go on below it
			start, page = s.y, len(s.pages)
		}
		s.y = start
		base := s.y + (leading-size)/2 + size*0.88
		s.spread(f.label, f.x, base, size, f.labelWidth)
		for _, l := range f.value {
			s.ensure(leading)
			x := f.x + f.labelWidth + 4
			base := s.y + (leading-size)/2 + size*0.88
			s.draw(l, x, f.room, size, leading, left, true)
			s.page().Line(x, base+size*0.25, x+f.room, base+size*0.25, 0.6)
		}
		low = s.lower(low, page)
	}
	s.y = low
}

// lower is the greater height reached, on the page the pen is on now.
func (s *setter) lower(low float64, page int) float64 {
	if len(s.pages) != page {
		return s.y
	}
	return max(low, s.y)
}

// spread sets a label over the given width: 「时　　间：」 as wide as 「被调查人：」.
func (s *setter) spread(l []mark, x, base, size, width float64) {
	n := len(l)
	if n < 3 {
		s.glyphs(l, x, base, size, 0)
		return
	}
	gap := (width - total(l)) / float64(n-2)
	s.glyphs(l[:n-1], x, base, size, gap)
	s.glyphs(l[n-1:], x+width-l[n-1].width, base, size, 0)
}
