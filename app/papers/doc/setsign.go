package doc

const (
	signSize    = 12.0  // a caption, a signature and a day fit one line
	signLeading = 32.0  // room for a hand or a thumb
	signRoom    = 100.0 // least width for a signature
)

func signsHeight(n int) float64 { return 12 + signLeading*float64(n) }

func (s *setter) sealHeight() float64 { return 3.5 * s.m.leading }

// signs sets the places for signatures, their left edges in line, on the right of the page where
// the captions leave room for it. keep is the height of what must follow on the same page.
func (s *setter) signs(b Signs, keep float64) {
	size := min(s.m.body, signSize)
	widest, dates := 0.0, 0.0
	for _, it := range b.Items {
		widest = max(widest, total(s.marks([]Run{T(it.caption())}, size, false)))
		if it.Dated {
			dates = 8.5 * size
		}
	}
	width := min(widest+signRoom+dates, textWidth)
	width = max(width, textWidth*0.55)
	s.y += 12
	for i, it := range b.Items {
		if i == max(len(b.Items)-2, 0) { // the last two go with the seal
			s.ensure(float64(len(b.Items)-i)*signLeading + keep)
		}
		s.sign(it, pageWidth-marginRight-width, width, dates, size)
	}
}

func (s *setter) sign(it Sign, x, width, dates, size float64) {
	room := width - signRoom - dates
	lines := breakLines(s.marks([]Run{T(it.caption())}, size, false), room+1, room+1)
	if len(lines) > 1 {
		lines = breakLines(s.marks([]Run{T(it.twoLines())}, size, false), width, room+1)
	}
	s.ensure(signLeading + float64(len(lines)-1)*size*1.5)
	for _, l := range lines[:len(lines)-1] {
		s.draw(l, x, width, size, size*1.5, left, true)
	}
	last := lines[len(lines)-1]
	top := s.y
	s.draw(last, x, width, size, signLeading, left, true)
	base := top + (signLeading-size)/2 + size*0.88
	from, to := x+total(last)+2, x+width-dates
	s.page().Line(from, base+3, to-6, base+3, 0.6)
	if it.Image != nil {
		s.fit(it.Image, from+4, top+1, to-from-14, base+2-top)
	}
	if day := it.day(); day != "" {
		ms := s.marks([]Run{T(day)}, size, false)
		s.glyphs(ms, x+width-total(ms), base, size, 0)
	}
}

// fit draws an image as large as the box allows, at its lower left corner.
func (s *setter) fit(data []byte, x, y, width, height float64) {
	img, err := s.bundle.picture(data)
	if err != nil {
		s.err = err
		return
	}
	scale := min(width/float64(img.Width), height/float64(img.Height))
	w, h := float64(img.Width)*scale, float64(img.Height)*scale
	s.page().Picture(img, x, y+height-h, w, h)
}

// seal sets the committee's name, the mark of the seal's place and the day, around one axis on
// the right, so that the seal covers both as it should.
func (s *setter) seal(b Seal) {
	s.ensure(s.sealHeight())
	s.y += s.m.leading * 0.6
	size := s.m.body
	caption := s.marks([]Run{T(b.caption())}, size, false)
	day := s.marks(b.Date, size, false)
	width := min(max(total(caption), total(day)), textWidth)
	x := marginLeft + max(textWidth-width-size, 0)
	for _, l := range breakLines(caption, width+0.5, width+0.5) {
		s.draw(l, x, width, size, s.m.leading, centered, true)
	}
	for i := range day {
		if day[i].r == 0 {
			day[i].width = min(day[i].width, width)
		}
	}
	for _, l := range breakLines(day, width+0.5, width+0.5) {
		s.draw(l, x, width, size, s.m.leading, centered, true)
	}
}

// picture sets an image as wide as the text at most, and on one page.
func (s *setter) picture(b Picture) {
	img, err := s.bundle.picture(b.Data)
	if err != nil {
		s.err = err
		return
	}
	caption := oneLine(b.Caption)
	var below float64
	if caption != "" {
		below = s.m.leading
	}
	w, h := float64(img.Width)*0.75, float64(img.Height)*0.75 // 96 pixels to the inch
	if w > textWidth {
		w, h = textWidth, h*textWidth/w
	}
	if most := pageHeight - marginTop - marginBottom - below; h > most {
		w, h = w*most/h, most
	}
	s.ensure(h + below)
	s.page().Picture(img, marginLeft+(textWidth-w)/2, s.y, w, h)
	s.y += h
	if caption != "" {
		s.para(P(Center, T(caption)), 0)
	}
}
