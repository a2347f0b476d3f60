package doc

import "strings"

// Run is a stretch of text of one kind inside a paragraph.
type Run struct {
	Text  string
	Bold  bool
	Line  bool   // underlined, as a value filled into a line
	Blank string // the name of a fact that is missing; Text is empty then
	Width int    // characters of room a blank, or a place for handwriting, takes
	Hand  bool   // room to be filled by hand on paper: not a missing fact
}

// T is plain text.
func T(text string) Run { return Run{Text: text} }

// B is bold text.
func B(text string) Run { return Run{Text: text, Bold: true} }

// Fact is a value on a line; when it is empty, room of the given width is left and the name
// appears among the document's Blanks.
func Fact(name, value string, width int) Run {
	if clean(value) == "" {
		return Run{Blank: name, Width: width}
	}
	return Run{Text: value, Line: true}
}

// Say is a fact in running text, without a line below it, but listed when missing.
func Say(name, value string, width int) Run {
	r := Fact(name, value, width)
	r.Line = false
	return r
}

// Hand is room for handwriting.
func Hand(width int) Run { return Run{Hand: true, Width: width} }

// Ticks are boxes before each choice, ticked where chosen.
func Ticks(choices []string, chosen ...string) Run {
	var b strings.Builder
	for i, c := range choices {
		if i > 0 {
			b.WriteString(" ")
		}
		b.WriteString(Tick(contains(chosen, c)))
		b.WriteString(c)
	}
	return T(b.String())
}

// Tick is a box, ticked or empty.
func Tick(on bool) string {
	if on {
		return "☑"
	}
	return "☐"
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// P is a paragraph of the given role.
func P(role Role, runs ...Run) Para { return Para{Role: role, Runs: runs} }

// Paras makes one paragraph of each line of a longer text; empty lines are left out.
// A text without any gives one paragraph with the named blank.
func Paras(role Role, name, text string) []Para {
	var ps []Para
	for line := range strings.Lines(clean(text)) {
		if line = strings.TrimSpace(line); line != "" {
			ps = append(ps, P(role, T(line)))
		}
	}
	if ps == nil {
		ps = []Para{P(role, Run{Blank: name, Width: 20})}
	}
	return ps
}

// L is a caption cell.
func L(text string) Cell { return Cell{Paras: []Para{P(Center, T(text))}, Label: true} }

// C is a cell with one paragraph.
func C(runs ...Run) Cell { return Cell{Paras: []Para{P(Plain, runs...)}} }

// Span makes the cell cover several columns.
func (c Cell) Span(cols int) Cell { c.Cols = cols; return c }

// Down makes the cell cover several rows.
func (c Cell) Down(rows int) Cell { c.Rows = rows; return c }

// Tall gives the cell a least height in lines.
func (c Cell) Tall(lines int) Cell { c.Lines = lines; return c }
