package doc

import (
	"fmt"
	"strings"
)

const tableProps = `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/>%s<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`

const ruled = `<w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:left w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:right w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tblBorders>`

// table writes a ruled table. A cell over several rows is one that restarts a vertical merge and
// empty ones that go on with it, so the grid that place finds decides what each row holds.
func (x *docx) table(t Table) {
	widths, cells := place(t)
	edges := columnEdges(widths)
	x.put(tableProps, twips(textWidth), ruled)
	for i := range widths {
		x.put(`<w:gridCol w:w="%d"/>`, twips(edges[i+1]-edges[i]))
	}
	x.put(`</w:tblGrid>`)
	for r := range t.Rows {
		x.row(t, r, cells, edges)
	}
	x.put(`</w:tbl>`)
	x.put(`<w:p><w:pPr><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>`) // two tables must not touch
}

func (x *docx) row(t Table, r int, cells []placed, edges []float64) {
	lines, long := 1, false
	for _, c := range cells {
		if c.row == r && c.rows == 1 {
			lines = max(lines, c.Lines)
			long = long || c.length() > 200
		}
	}
	x.put(`<w:tr><w:trPr>`)
	if !long {
		x.put(`<w:cantSplit/>`)
	}
	x.put(`<w:trHeight w:val="%d" w:hRule="atLeast"/>`, twips(float64(lines)*x.m.cellLeading+2*padY))
	if r < t.Head {
		x.put(`<w:tblHeader/>`)
	}
	x.put(`</w:trPr>`)
	for col := 0; col < len(edges)-1; {
		c := cellAt(cells, r, col)
		if c == nil { // the row leaves out what nothing covers
			x.cell(placed{cols: 1, rows: 1}, edges[col+1]-edges[col], "")
			col++
			continue
		}
		merge := ""
		if c.rows > 1 {
			merge = `<w:vMerge/>`
			if c.row == r {
				merge = `<w:vMerge w:val="restart"/>`
			}
		}
		shown := *c
		if c.row != r {
			shown.Paras = nil
		}
		x.cell(shown, edges[col+c.cols]-edges[col], merge)
		col += c.cols
	}
	x.put(`</w:tr>`)
}

// cellAt finds the cell that covers a place of the grid, which begins in that column.
func cellAt(cells []placed, row, col int) *placed {
	for i := range cells {
		c := &cells[i]
		if c.col == col && c.row <= row && row < c.row+c.rows {
			return c
		}
	}
	return nil
}

func (c placed) length() int {
	n := 0
	for _, p := range c.Paras {
		n += len([]rune(p.text()))
	}
	return n
}

func (x *docx) cell(c placed, width float64, merge string) {
	x.put(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twips(width))
	if c.cols > 1 {
		x.put(`<w:gridSpan w:val="%d"/>`, c.cols)
	}
	x.put("%s", merge)
	if c.Lines < 3 || c.Label {
		x.put(`<w:vAlign w:val="center"/>`)
	}
	x.put(`</w:tcPr>`)
	for _, p := range c.Paras {
		k := looks[p.Role]
		style, extra := "cell", ""
		if c.Label {
			style, k.align = "label", centered
		}
		if k.align == justified { // a narrow cell would be torn apart
			k.align = left
		}
		if k.indent > 0 {
			extra = fmt.Sprintf(`<w:ind w:firstLineChars="%d" w:firstLine="%d"/>`, int(k.indent*100), twips(k.indent*x.m.cell))
		}
		x.para(style, extra+`<w:jc w:val="`+jc(k.align)+`"/>`, unruled(p.Runs))
	}
	if len(c.Paras) == 0 {
		x.para("cell", "", nil)
	}
	x.put(`</w:tc>`)
}

// fields are a table without rules, the value cells ruled below.
func (x *docx) fields(f Fields) {
	cols := min(max(f.Cols, 1), 3)
	label := 0.0
	for _, it := range f.Items {
		if w := wide(it.label().Text); w <= 7 {
			label = max(label, w*x.m.body)
		}
	}
	pair := textWidth / float64(cols)
	label = min(label+4, pair/2)
	x.put(tableProps, twips(textWidth), "")
	x.put("%s</w:tblGrid>", strings.Repeat(fmt.Sprintf(`<w:gridCol w:w="%d"/><w:gridCol w:w="%d"/>`, twips(label), twips(pair-label)), cols))
	for _, row := range fieldRows(f.Items, cols) {
		x.put(`<w:tr>`)
		for i, it := range row {
			span, gap := 1, 0
			if i > 0 {
				gap = 160
			}
			if i == len(row)-1 {
				span = 2*(cols-i) - 1
			}
			x.put(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:tcMar><w:left w:w="%d" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tcMar></w:tcPr>`, twips(label), gap)
			x.para("plain", `<w:jc w:val="distribute"/>`, []Run{it.label()})
			x.put(`</w:tc><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twips(pair*float64(span+1)/2-label))
			if span > 1 {
				x.put(`<w:gridSpan w:val="%d"/>`, span)
			}
			x.put(`<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tcBorders></w:tcPr>`)
			x.para("plain", "", unruled(it.Value))
			x.put(`</w:tc>`)
		}
		x.put(`</w:tr>`)
	}
	x.put(`</w:tbl>`)
	x.put(`<w:p><w:pPr><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>`)
}

// unruled drops what would draw a second line in a cell that is ruled anyway.
func unruled(runs []Run) []Run {
	var out []Run
	for _, r := range runs {
		if r.Blank == "" && !r.Hand {
			r.Line = false
			out = append(out, r)
		}
	}
	return out
}
