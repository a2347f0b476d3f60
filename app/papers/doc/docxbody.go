package doc

import (
	"fmt"
	"strings"
)

func (x *docx) put(format string, args ...any) { fmt.Fprintf(&x.body, format, args...) }

// block writes one block. A paragraph before signatures is kept on their page.
func (x *docx) block(block Block, beforeSigns bool) {
	switch b := block.(type) {
	case Para:
		keep := ""
		if beforeSigns {
			keep = `<w:keepNext/>`
		}
		x.para(looks[b.Role].class, keep, b.Runs)
	case Fields:
		x.fields(b)
	case Table:
		x.table(b)
	case Signs:
		x.signs(b)
	case Seal:
		left := fmt.Sprintf(`<w:ind w:left="%d"/>`, twips(max(textWidth-(wide(b.caption())+2)*x.m.body, 0)))
		x.put(`<w:p><w:pPr><w:pStyle w:val="seal"/><w:keepNext/><w:spacing w:before="240"/>%s</w:pPr>%s</w:p>`, left, runXML(b.caption(), ""))
		x.para("seal", left, b.Date)
	case Picture:
		x.put(`<w:p><w:pPr><w:pStyle w:val="cell"/><w:jc w:val="center"/></w:pPr>`)
		x.image(b.Data, textWidth, pageHeight-marginTop-marginBottom-2*x.m.leading, oneLine(b.Caption))
		x.put(`</w:p>`)
		if c := oneLine(b.Caption); c != "" {
			x.para("center", "", []Run{T(c)})
		}
	case Space:
		for range min(max(b.Lines, 0), 60) {
			x.para("plain", "", nil)
		}
	case Break:
		x.put(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
	}
}

// signing tells whether a block is where people sign or seal.
func signing(b Block) bool {
	switch b.(type) {
	case Signs, Seal:
		return true
	}
	return false
}

func (x *docx) para(style, extra string, runs []Run) {
	x.put(`<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>`, style, extra)
	x.runs(runs)
	x.put(`</w:p>`)
}

func (x *docx) runs(runs []Run) {
	for _, r := range runs {
		props := ""
		if r.Bold {
			props = `<w:b/>`
		}
		if r.Blank != "" || r.Hand {
			x.put("%s", runXML(strings.Repeat("\u3000", ems(r)), `<w:u w:val="single"/>`))
			continue
		}
		if r.Line {
			props += `<w:u w:val="single"/>`
		}
		x.put("%s", runXML(clean(r.Text), props))
	}
}

// runXML is one run of text; newlines become line breaks.
func runXML(text, props string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("<w:r>")
	if props != "" {
		b.WriteString("<w:rPr>" + props + "</w:rPr>")
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		if line != "" {
			b.WriteString(`<w:t xml:space="preserve">` + esc(line) + `</w:t>`)
		}
	}
	b.WriteString("</w:r>")
	return b.String()
}

// signs are lines with a ruled tab as room for the hand, and the day at the right edge.
func (x *docx) signs(b Signs) {
	size := min(x.m.body, signSize)
	widest, dates := 0.0, 0.0
	for _, it := range b.Items {
		widest = max(widest, wide(it.caption())*size)
		if it.Dated {
			dates = 8.5 * size
		}
	}
	left := textWidth - max(min(widest+signRoom+dates, textWidth), textWidth*0.55)
	for _, it := range b.Items {
		x.put(`<w:p><w:pPr><w:pStyle w:val="sign"/><w:keepNext/><w:tabs><w:tab w:val="left" w:pos="%d"/><w:tab w:val="right" w:pos="%d"/></w:tabs><w:ind w:left="%d"/></w:pPr>`,
			twips(textWidth-dates), twips(textWidth), twips(left))
		caption := it.caption()
		if wide(caption)*size > textWidth-left-signRoom-dates+1 {
			caption = it.twoLines()
		}
		x.put("%s", runXML(caption, ""))
		if it.Image != nil {
			x.image(it.Image, signRoom, signLeading-4, "签名")
		}
		x.put(`<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:tab/></w:r>`)
		if it.Dated {
			day := oneLine(it.Date)
			if day == "" {
				day = openDay
			}
			x.put(`<w:r><w:tab/></w:r>%s`, runXML(day, ""))
		}
		x.put(`</w:p>`)
	}
}

// wide estimates the width of a text in characters: everything below U+2E80 counts half.
func wide(s string) float64 {
	var w float64
	for _, r := range s {
		if r < 0x2e80 && r != '\u2014' && r != '\u2026' {
			w += 0.56
		} else {
			w++
		}
	}
	return w
}

// image puts a picture into the line, no larger than the box (points).
func (x *docx) image(data []byte, width, height float64, alt string) {
	kind, w, h, err := pictureSize(data)
	if err != nil {
		x.err = err
		return
	}
	n := len(x.images) + 1
	x.images = append(x.images, part{fmt.Sprintf("word/media/image%d.%s", n, kind), data})
	scale := min(width/float64(w), height/float64(h), 0.75)
	const emu = 12700 // per point
	cx, cy := int(float64(w)*scale*emu), int(float64(h)*scale*emu)
	x.put(`<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="图片%d" descr="%s"/>`,
		cx, cy, n, n, esc(alt))
	x.put(`<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="%d" name="图片%d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdImg%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`,
		n, n, n)
	x.put(`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, cx, cy)
}
