package doc

import (
	"fmt"

	"tiaojie/app/papers/doc/pdf"
)

// setter sets one document onto sheets, from top to bottom.
type setter struct {
	doc    Document
	m      measure
	bundle *Bundle
	pages  []*pdf.Page
	y      float64 // where the next thing goes, from the upper edge
	heads  []pdf.Mark
	err    error
}

// set lays out a whole document. Page numbers are drawn last, when their count is known.
func (b *Bundle) set(d Document) ([]*pdf.Page, []pdf.Mark, error) {
	s := &setter{doc: d, m: measures[d.Size], bundle: b}
	s.newPage()
	s.masthead()
	for i, block := range d.Blocks {
		s.block(block, i)
	}
	s.running()
	return s.pages, s.heads, s.err
}

func (s *setter) block(block Block, i int) {
	switch b := block.(type) {
	case Para:
		s.para(b, s.keep(i))
	case Fields:
		s.fields(b)
	case Table:
		s.table(b)
	case Signs:
		s.signs(b, s.keep(i))
	case Seal:
		s.seal(b)
	case Picture:
		s.picture(b)
	case Space:
		s.y += float64(b.Lines) * s.m.leading
	case Break:
		s.newPage()
	}
}

func (s *setter) page() *pdf.Page { return s.pages[len(s.pages)-1] }

func (s *setter) room() float64 { return pageHeight - marginBottom - s.y }

func (s *setter) top() bool { return s.y <= marginTop+0.01 }

func (s *setter) newPage() {
	s.pages = append(s.pages, pdf.NewPage(pageWidth, pageHeight))
	s.y = marginTop
}

// ensure begins a new page unless so much height is left.
func (s *setter) ensure(height float64) {
	if s.room() < height-0.01 && !s.top() {
		s.newPage()
	}
}

// masthead sets the issuing committee, the title and the number.
func (s *setter) masthead() {
	if org := oneLine(s.doc.Org); org != "" {
		s.centered(org, 16, 26)
	}
	s.centered(oneLine(s.doc.Title), s.m.title, s.m.title*1.6)
	if n := oneLine(s.doc.Number); n != "" {
		for _, l := range breakLines(s.marks([]Run{T(n)}, 12, false), textWidth, textWidth) {
			s.draw(l, marginLeft, textWidth, 12, 20, right, true)
		}
	}
	s.y += 8
}

func (s *setter) centered(text string, size, leading float64) {
	if text == "" {
		return
	}
	for _, l := range breakLines(s.marks([]Run{T(text)}, size, true), textWidth, textWidth) {
		s.ensure(leading)
		s.draw(l, marginLeft, textWidth, size, leading, centered, true)
	}
}

// running draws what stands on every page: the header from the second on, the page number.
func (s *setter) running() {
	header := oneLine(s.doc.Header)
	for i, p := range s.pages {
		one := &setter{doc: s.doc, m: s.m, bundle: s.bundle, pages: []*pdf.Page{p}}
		if header != "" && i > 0 {
			one.y = 48
			l := breakLines(one.marks([]Run{T(header)}, 9, false), textWidth, textWidth)
			one.draw(l[0], marginLeft, textWidth, 9, 12, right, true)
		}
		if !s.doc.Bare {
			one.y = pageHeight - 54
			text := fmt.Sprintf("第 %d 页 共 %d 页", i+1, len(s.pages))
			one.draw(one.marks([]Run{T(text)}, 10, false), marginLeft, textWidth, 10, 14, centered, true)
		}
		if s.err == nil {
			s.err = one.err
		}
	}
}

// marks turns runs into measured characters. A gap is as wide as it says, a line at most.
func (s *setter) marks(runs []Run, size float64, bold bool) []mark {
	var ms []mark
	for _, r := range runs {
		if r.Blank != "" || r.Hand {
			width := min(float64(max(r.Width, 2))*size, textWidth)
			ms = append(ms, mark{width: width, line: true})
			continue
		}
		b := bold || r.Bold
		for _, c := range clean(r.Text) {
			m := mark{r: c, bold: b, line: r.Line}
			if c != '\n' {
				g, err := s.bundle.lease.find(c, b)
				if err != nil {
					s.err = err
				}
				m.cut, m.width = g.cut, g.width*size
			}
			ms = append(ms, m)
		}
	}
	return ms
}

// draw sets one line at the pen's height and moves the pen down. Lines but the last of a
// paragraph are stretched to the right edge, as long as that does not tear the words apart.
func (s *setter) draw(l []mark, x, width, size, leading float64, a align, last bool) {
	base := s.y + (leading-size)/2 + size*0.88
	s.y += leading
	var natural float64
	for _, m := range l {
		natural += m.width
	}
	spacing, slack := 0.0, width-natural
	switch {
	case a == centered:
		x += slack / 2
	case a == right:
		x += slack
	case a == justified && !last && len(l) > 1:
		if gap := slack / float64(len(l)-1); gap > 0 && gap < size*0.08 || gap < 0 {
			spacing = gap
		}
	}
	s.glyphs(l, x, base, size, spacing)
}

// glyphs draws characters from x on, each stretch of one font at once, and the lines below.
func (s *setter) glyphs(l []mark, x, base, size, spacing float64) {
	for i := 0; i < len(l); {
		from, j, text := x, i, []rune(nil)
		for ; j < len(l) && l[j].cut == l[i].cut && l[j].line == l[i].line; j++ {
			x += l[j].width + spacing
			if l[j].r != 0 && l[j].cut != nil {
				text = append(text, l[j].r)
			}
		}
		if l[i].cut != nil {
			s.page().Text(s.bundle.face(l[i].cut), size, from, base, spacing, string(text))
		}
		if l[i].line {
			s.page().Line(from, base+size*0.2, x-spacing, base+size*0.2, 0.6)
		}
		i = j
	}
}
