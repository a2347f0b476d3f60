package doc

import "strings"

// Blanks names the facts a paper still lacks, each once, in reading order. Places meant for
// handwriting are not among them.
func Blanks(d Document) []string {
	var names []string
	add := func(r Run) {
		if r.Blank != "" && !contains(names, r.Blank) {
			names = append(names, r.Blank)
		}
	}
	for _, b := range d.Blocks {
		eachPara(b, func(p Para) {
			for _, r := range p.Runs {
				add(r)
			}
		})
	}
	return names
}

// Text is what the paper says, in reading order, one line per paragraph, without page numbers and
// running heads. It is what a reader of any rendering must find.
func Text(d Document) string {
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			b.WriteString(s)
			b.WriteByte('\n')
		}
	}
	line(oneLine(d.Org))
	line(oneLine(d.Title))
	line(oneLine(d.Number))
	for _, block := range d.Blocks {
		eachPara(block, func(p Para) { line(p.text()) })
	}
	return b.String()
}

func (d Document) name() string {
	if n := oneLine(d.Name); n != "" {
		return n
	}
	return oneLine(d.Title)
}

func (p Para) text() string {
	var b strings.Builder
	for _, r := range p.Runs {
		b.WriteString(clean(r.Text))
	}
	return b.String()
}

// eachPara visits every piece of text of a block in the order it is read.
func eachPara(block Block, visit func(Para)) {
	switch b := block.(type) {
	case Para:
		visit(b)
	case Fields:
		for _, f := range b.Items {
			visit(P(Plain, f.label()))
			visit(P(Plain, f.Value...))
		}
	case Table:
		for _, row := range b.Rows {
			for _, c := range row.Cells {
				for _, p := range c.Paras {
					visit(p)
				}
			}
		}
	case Signs:
		for _, s := range b.Items {
			visit(P(Plain, T(s.caption())))
			visit(P(Plain, T(s.day())))
		}
	case Seal:
		visit(P(Center, T(b.caption())))
		visit(P(Center, b.Date...))
	case Picture:
		visit(P(Center, T(oneLine(b.Caption))))
	}
}

func (f Field) label() Run { return T(oneLine(f.Label) + "：") }

// caption is the text before a signature: 「申请人（张三）（签名、盖章或按指印）：」.
func (s Sign) caption() string { return strings.ReplaceAll(s.twoLines(), "\n", "") }

// twoLines is the caption broken before the hint, for names that leave no room beside it.
func (s Sign) twoLines() string {
	text := oneLine(s.Label)
	if n := oneLine(s.Name); n != "" {
		text += "（" + n + "）"
	}
	if h := oneLine(s.Hint); h != "" {
		text += "\n（" + h + "）"
	}
	return text + "："
}

// openDay is the pattern of a day to be filled by hand.
const openDay = "\u3000\u3000年\u3000月\u3000日"

// day is the date after a signature, or its empty pattern.
func (s Sign) day() string {
	if !s.Dated {
		return ""
	}
	if d := oneLine(s.Date); d != "" {
		return d
	}
	return openDay
}

func (s Seal) caption() string { return oneLine(s.Org) + "（盖章）" }
