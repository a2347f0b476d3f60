package doc

import (
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
)

// HTML writes the paper as one <article> for the print page. It carries class names only; their
// look is in static/src/css/sheet.css. Blanks are marked so that the page can point at them.
func HTML(w io.Writer, d Document) error {
	h := &htmlWriter{}
	h.put(`<article class="sheet sheet-%s" lang="zh-CN" data-paper="%s">`, measures[d.Size].class, esc(d.Code))
	h.put("\n<header class=\"sheet-masthead\">")
	h.line("p", "sheet-org", oneLine(d.Org))
	h.line("h1", "sheet-title", oneLine(d.Title))
	h.line("p", "sheet-number", oneLine(d.Number))
	h.put("</header>\n")
	for _, b := range d.Blocks {
		h.block(b)
		h.put("\n")
	}
	h.put("</article>\n")
	if h.err != nil {
		return h.err
	}
	_, err := io.WriteString(w, h.b.String())
	return err
}

type htmlWriter struct {
	b   strings.Builder
	err error
}

func esc(s string) string { return html.EscapeString(s) }

func (h *htmlWriter) put(format string, args ...any) { fmt.Fprintf(&h.b, format, args...) }

func (h *htmlWriter) line(tag, class, text string) {
	if text != "" {
		h.put(`<%s class="%s">%s</%s>`, tag, class, esc(text), tag)
	}
}

func (h *htmlWriter) block(block Block) {
	switch b := block.(type) {
	case Para:
		tag := "p"
		if b.Role == Head {
			tag = "h2"
		}
		h.put(`<%s class="sheet-%s">`, tag, looks[b.Role].class)
		h.runs(b.Runs)
		h.put("</%s>", tag)
	case Fields:
		h.fields(b)
	case Table:
		h.table(b)
	case Signs:
		h.put(`<div class="sheet-signs">`)
		for _, s := range b.Items {
			h.sign(s)
		}
		h.put("</div>")
	case Seal:
		h.put(`<div class="sheet-seal"><p>%s</p><p>`, esc(b.caption()))
		h.runs(b.Date)
		h.put("</p></div>")
	case Picture:
		h.put(`<figure class="sheet-picture">`)
		h.image(b.Data, oneLine(b.Caption))
		h.line("figcaption", "sheet-caption", oneLine(b.Caption))
		h.put("</figure>")
	case Space:
		h.put(`<div class="sheet-space sheet-space-%d"></div>`, min(max(b.Lines, 0), 20))
	case Break:
		h.put(`<hr class="sheet-break">`)
	}
}

func (h *htmlWriter) runs(runs []Run) {
	for _, r := range runs {
		switch {
		case r.Blank != "":
			h.put(`<span class="sheet-blank sheet-ems-%d" role="img" aria-label="待填：%s"></span>`, ems(r), esc(oneLine(r.Blank)))
			continue
		case r.Hand:
			h.put(`<span class="sheet-hand sheet-ems-%d"></span>`, ems(r))
			continue
		}
		text := strings.ReplaceAll(esc(clean(r.Text)), "\n", "<br>")
		if r.Line {
			text = `<u class="sheet-fact">` + text + "</u>"
		}
		if r.Bold {
			text = "<b>" + text + "</b>"
		}
		h.put("%s", text)
	}
}

// ems is the room of a gap as the number in its class name.
func ems(r Run) int { return min(max(r.Width, 2), 40) }

func (h *htmlWriter) fields(f Fields) {
	h.put(`<dl class="sheet-fields sheet-fields-%d">`, min(max(f.Cols, 1), 3))
	for _, it := range f.Items {
		class := "sheet-field"
		if it.Wide {
			class += " sheet-field-wide"
		}
		h.put(`<div class="%s"><dt>%s</dt><dd>`, class, esc(it.label().Text))
		h.runs(it.Value)
		h.put("</dd></div>")
	}
	h.put("</dl>")
}

func (h *htmlWriter) table(t Table) {
	h.put(`<table class="sheet-table" tabindex="0"><colgroup>`)
	for _, c := range t.Cols {
		h.put(`<col class="sheet-w-%d">`, c)
	}
	h.put("</colgroup>")
	head := min(max(t.Head, 0), len(t.Rows))
	h.rows("thead", t.Rows[:head])
	h.rows("tbody", t.Rows[head:])
	h.put("</table>")
}

func (h *htmlWriter) rows(part string, rows []Row) {
	if len(rows) == 0 {
		return
	}
	h.put("<%s>", part)
	for _, row := range rows {
		h.put("<tr>")
		for _, c := range row.Cells {
			h.cell(c, part == "thead")
		}
		h.put("</tr>")
	}
	h.put("</%s>", part)
}

func (h *htmlWriter) cell(c Cell, head bool) {
	tag, attrs := "td", ""
	if c.Label {
		tag = "th"
		if head {
			attrs = ` scope="col"`
		}
	}
	if c.Cols > 1 {
		attrs += fmt.Sprintf(` colspan="%d"`, c.Cols)
	}
	if c.Rows > 1 {
		attrs += fmt.Sprintf(` rowspan="%d"`, c.Rows)
	}
	if c.Lines > 1 {
		attrs += fmt.Sprintf(` class="sheet-tall-%d"`, min(c.Lines, 20))
	}
	h.put("<%s%s>", tag, attrs)
	for _, p := range c.Paras {
		h.put(`<p class="sheet-%s">`, looks[p.Role].class)
		h.runs(p.Runs)
		h.put("</p>")
	}
	h.put("</%s>", tag)
}

func (h *htmlWriter) sign(s Sign) {
	h.put(`<p class="sheet-sign"><span class="sheet-sign-who">%s</span><span class="sheet-sign-room">`, esc(s.caption()))
	if s.Image != nil {
		h.image(s.Image, "签名")
	}
	h.put("</span>")
	if day := s.day(); day != "" {
		class := "sheet-sign-day"
		if oneLine(s.Date) == "" {
			class += " sheet-sign-open"
		}
		h.put(`<span class="%s">%s</span>`, class, esc(day))
	}
	h.put("</p>")
}

func (h *htmlWriter) image(data []byte, alt string) {
	kind, _, _, err := pictureSize(data)
	if err != nil {
		h.err = err
		return
	}
	h.put(`<img src="data:image/%s;base64,%s" alt="%s">`, kind, base64.StdEncoding.EncodeToString(data), esc(alt))
}
