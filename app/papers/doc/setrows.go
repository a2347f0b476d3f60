package doc

// drawGroup draws rows that belong together, on one page when they fit one. A single row that is
// too high is split between lines of its text; tied rows that are too high are untied first.
func (g *grid) drawGroup(from, to, head int) {
	s := g.s
	height := g.sum(from, to)
	full := pageHeight - marginTop - marginBottom - g.sum(0, head)
	if s.room() < height && height <= full && (to-from > 1 || s.room() < height/2 || s.room() < 4*s.m.cellLeading) {
		g.turn(head)
	}
	switch {
	case s.room() >= height:
		g.drawWhole(from, to)
	case to-from == 1:
		g.drawSplit(from, head)
	default:
		g.untie(from, to)
		for r := from; r < to; r++ {
			g.drawGroup(r, r+1, head)
		}
	}
}

// turn begins a new page and repeats the head of the table.
func (g *grid) turn(head int) {
	if g.s.top() {
		return
	}
	g.s.newPage()
	if head > 0 {
		g.drawWhole(0, head)
	}
}

// untie makes cells that cover several rows end with their first, and fills the rest with empty
// cells, so that the rows can stand on different pages.
func (g *grid) untie(from, to int) {
	for i := range g.cells {
		c := &g.cells[i]
		if c.row < from || c.row >= to || c.rows == 1 {
			continue
		}
		for r := c.row + 1; r < c.row+c.rows; r++ {
			g.cells = append(g.cells, placed{row: r, col: c.col, rows: 1, cols: c.cols})
			c = &g.cells[i]
		}
		c.rows = 1
		g.heights[c.row] = max(g.heights[c.row], g.needs(c))
	}
}

func (g *grid) drawWhole(from, to int) {
	s := g.s
	top := s.y
	for i := range g.cells {
		c := &g.cells[i]
		if c.row < from || c.row >= to {
			continue
		}
		y := top + g.sum(from, c.row)
		height := g.sum(c.row, min(c.row+c.rows, to))
		g.box(c, y, height)
		text := float64(len(c.lines)) * s.m.cellLeading
		s.y = y + padY
		if c.Lines < 3 || c.Label {
			s.y = y + (height-text)/2
		}
		g.text(c, c.lines)
	}
	s.y = top + g.sum(from, to)
}

// drawSplit fills the rest of the page with as many lines of each cell as fit, and goes on.
func (g *grid) drawSplit(row, head int) {
	s := g.s
	if s.room() < 3*s.m.cellLeading+2*padY {
		g.turn(head)
	}
	left := map[int][]cellLine{}
	for i := range g.cells {
		if g.cells[i].row == row {
			left[i] = g.cells[i].lines
		}
	}
	for {
		fit := max(int((s.room()-2*padY)/s.m.cellLeading), 1)
		top, most, more := s.y, 1, false
		for _, lines := range left {
			most = max(most, min(len(lines), fit))
			more = more || len(lines) > fit
		}
		height := float64(most)*s.m.cellLeading + 2*padY
		for i := range g.cells {
			if g.cells[i].row != row {
				continue
			}
			c, lines := &g.cells[i], left[i]
			now := lines[:min(len(lines), fit)]
			left[i] = lines[len(now):]
			g.box(c, top, height)
			s.y = top + padY
			g.text(c, now)
		}
		s.y = top + height
		if !more {
			return
		}
		g.turn(head)
	}
}

func (g *grid) box(c *placed, y, height float64) {
	p := g.s.page()
	l, r := g.edges[c.col], g.edges[c.col+c.cols]
	p.Line(l, y, r, y, rule)
	p.Line(l, y+height, r, y+height, rule)
	p.Line(l, y, l, y+height, rule)
	p.Line(r, y, r, y+height, rule)
}

func (g *grid) text(c *placed, lines []cellLine) {
	s := g.s
	for _, l := range lines {
		s.draw(l.marks, g.edges[c.col]+padX, g.width(c)-2*padX, s.m.cell, s.m.cellLeading, l.align, l.last)
	}
}
