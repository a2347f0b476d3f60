package doc

import "slices"

const (
	padX = 5.0 // between a cell's rule and its text
	padY = 4.0
	rule = 0.6 // thickness of table rules
)

// placed is a cell with its place in the grid and its text broken into lines.
type placed struct {
	Cell
	row, col, rows, cols int
	lines                []cellLine
}

type cellLine struct {
	marks []mark
	align align
	last  bool
}

// grid is a table laid out: where each cell is and how high each row must be.
type grid struct {
	s       *setter
	edges   []float64 // left edges of the columns, and the right edge of the last
	cells   []placed
	heights []float64
}

func (s *setter) table(t Table) {
	widths, cells := place(t)
	g := &grid{s: s, edges: columnEdges(widths), cells: cells, heights: make([]float64, len(t.Rows))}
	for i := range g.cells {
		g.measure(&g.cells[i])
	}
	g.rowHeights()
	s.y += 4
	if n := min(t.Head+1, len(t.Rows)); n > 0 { // the head is not left alone at the foot of a page
		s.ensure(min(g.sum(0, n), pageHeight/3))
	}
	for from := 0; from < len(t.Rows); {
		to := g.group(from)
		g.drawGroup(from, to, min(t.Head, from))
		from = to
	}
	s.y += 4
}

func columnEdges(cols []int) []float64 {
	sum := 0
	for _, c := range cols {
		sum += max(c, 1)
	}
	edges := []float64{marginLeft}
	at := 0
	for _, c := range cols {
		at += max(c, 1)
		edges = append(edges, marginLeft+textWidth*float64(at)/float64(sum))
	}
	return edges
}

// place gives each cell its column, stepping over what cells above it cover. A row with more cells
// than the table has columns gets further columns: nothing a paper says may be lost.
func place(t Table) ([]int, []placed) {
	widths := slices.Clone(t.Cols)
	covered := make([]int, len(widths)) // by column: rows still covered from above
	var cells []placed
	for r, row := range t.Rows {
		col, first := 0, len(cells)
		for _, c := range row.Cells {
			for col < len(covered) && covered[col] > 0 {
				col++
			}
			if col == len(covered) {
				covered, widths = append(covered, 0), append(widths, 3)
			}
			p := placed{Cell: c, row: r, col: col, rows: min(max(c.Rows, 1), len(t.Rows)-r), cols: 1}
			for p.cols < c.Cols && col+p.cols < len(covered) && covered[col+p.cols] == 0 {
				p.cols++
			}
			cells = append(cells, p)
			col += p.cols
		}
		for i := range covered {
			covered[i] = max(covered[i]-1, 0)
		}
		for _, p := range cells[first:] {
			for c := p.col; c < p.col+p.cols; c++ {
				covered[c] = max(covered[c], p.rows-1)
			}
		}
	}
	return widths, cells
}

func (g *grid) width(c *placed) float64 { return g.edges[c.col+c.cols] - g.edges[c.col] }

func (g *grid) measure(c *placed) {
	width := g.width(c) - 2*padX
	size := g.s.m.cell
	for _, p := range c.Paras {
		k := looks[p.Role]
		if c.Label {
			k.align = centered
		}
		indent := min(k.indent*size, width/2)
		ms := g.s.marks(p.Runs, size, k.bold)
		if c.Label && width < 2.6*size && total(ms) > width {
			ms = upright(ms)
		}
		for i := range ms {
			ms[i].line = false // the cell is ruled as it is
			if ms[i].r == 0 {
				ms[i].width = min(ms[i].width, width)
			}
		}
		if indent > 0 {
			ms = append([]mark{{width: indent}}, ms...)
		}
		lines := breakLines(ms, width, width)
		for i, l := range lines {
			c.lines = append(c.lines, cellLine{l, k.align, i == len(lines)-1})
		}
	}
}

// upright sets a caption in a narrow column one character to the line, 「申／请／人」.
func upright(ms []mark) []mark {
	var out []mark
	for i, m := range ms {
		if i > 0 {
			out = append(out, mark{r: '\n'})
		}
		out = append(out, m)
	}
	return out
}

func (g *grid) needs(c *placed) float64 {
	return float64(max(len(c.lines), c.Lines, 1))*g.s.m.cellLeading + 2*padY
}

func (g *grid) rowHeights() {
	for i := range g.cells {
		if c := &g.cells[i]; c.rows == 1 {
			g.heights[c.row] = max(g.heights[c.row], g.needs(c))
		}
	}
	for i, h := range g.heights {
		g.heights[i] = max(h, g.s.m.cellLeading+2*padY)
	}
	for i := range g.cells {
		if c := &g.cells[i]; c.rows > 1 {
			if lack := g.needs(c) - g.sum(c.row, c.row+c.rows); lack > 0 {
				g.heights[c.row+c.rows-1] += lack
			}
		}
	}
}

func (g *grid) sum(from, to int) float64 {
	var h float64
	for _, x := range g.heights[from:to] {
		h += x
	}
	return h
}

// group returns the row after the rows that cells tie to row from.
func (g *grid) group(from int) int {
	to := from + 1
	for i := range g.cells {
		if c := &g.cells[i]; c.row < to && c.row >= from {
			to = max(to, c.row+c.rows)
		}
	}
	return to
}
