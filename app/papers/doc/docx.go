package doc

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// DOCX writes the paper for an office suite: named styles, real tables, page numbers as fields,
// so that a clerk can go on editing. It names the official typefaces (仿宋_GB2312, 方正小标宋简体)
// and what may stand in for them; the characters themselves are never checked against a font,
// because the clerk's machine brings its own.
func DOCX(w io.Writer, d Document) error {
	x := &docx{doc: d, m: measures[d.Size]}
	for i, b := range d.Blocks {
		x.block(b, i+1 < len(d.Blocks) && signing(d.Blocks[i+1]))
	}
	if x.err != nil {
		return x.err
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, part := range x.parts() {
		// A fixed day keeps the same paper the same bytes.
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate,
			Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if _, err := f.Write(part.data); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

type part struct {
	name string
	data []byte
}

// docx collects the body of one document.
type docx struct {
	doc    Document
	m      measure
	body   strings.Builder
	images []part
	err    error
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsWord  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	nsRel   = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relBase = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mime    = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// parts are the files of the package, in a fixed order.
func (x *docx) parts() []part {
	text := func(name, data string) part { return part{name, []byte(xmlHead + data)} }
	parts := []part{
		text("[Content_Types].xml", x.contentTypes()),
		text("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+
			`<Relationship Id="rId1" Type="`+relBase+`officeDocument" Target="word/document.xml"/>`+
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`),
		text("docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">`+
			`<dc:title>`+esc(x.doc.name())+`</dc:title><dc:creator>`+esc(oneLine(x.doc.Org))+`</dc:creator><dc:language>zh-CN</dc:language></cp:coreProperties>`),
		text("word/document.xml", x.document()),
		text("word/styles.xml", x.styles()),
		text("word/fontTable.xml", fontTable),
		text("word/settings.xml", `<w:settings `+nsWord+`><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>`+
			`<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`),
		text("word/_rels/document.xml.rels", x.relations()),
		text("word/header1.xml", x.header()),
		text("word/footer1.xml", x.footer()),
		text("word/footer2.xml", x.footer()),
	}
	return append(parts, x.images...)
}

func (x *docx) contentTypes() string {
	var b strings.Builder
	b.WriteString(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>`)
	for _, p := range []struct{ name, kind string }{{"document", "document.main"}, {"styles", "styles"}, {"fontTable", "fontTable"},
		{"settings", "settings"}, {"header1", "header"}, {"footer1", "footer"}, {"footer2", "footer"}} {
		fmt.Fprintf(&b, `<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>`, p.name, mime, p.kind)
	}
	b.WriteString("</Types>")
	return b.String()
}

func (x *docx) relations() string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i, p := range []struct{ kind, target string }{{"styles", "styles.xml"}, {"fontTable", "fontTable.xml"}, {"settings", "settings.xml"},
		{"header", "header1.xml"}, {"footer", "footer1.xml"}, {"footer", "footer2.xml"}} {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s%s" Target="%s"/>`, i+1, relBase, p.kind, p.target)
	}
	for i, img := range x.images {
		fmt.Fprintf(&b, `<Relationship Id="rIdImg%d" Type="%simage" Target="%s"/>`, i+1, relBase, strings.TrimPrefix(img.name, "word/"))
	}
	b.WriteString("</Relationships>")
	return b.String()
}

// twips are twentieths of a point, the unit of the format.
func twips(points float64) int { return int(points*20 + 0.5) }

func (x *docx) document() string {
	var b strings.Builder
	b.WriteString(`<w:document ` + nsWord + ` ` + nsRel + `><w:body>`)
	for _, l := range []struct{ style, text string }{{"org", x.doc.Org}, {"title", x.doc.Title}, {"number", x.doc.Number}} {
		if t := oneLine(l.text); t != "" {
			b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + l.style + `"/></w:pPr>` + runXML(t, "") + `</w:p>`)
		}
	}
	b.WriteString(x.body.String())
	b.WriteString(`<w:sectPr>`)
	if !x.doc.Bare {
		b.WriteString(`<w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/><w:footerReference w:type="first" r:id="rId6"/>`)
	}
	fmt.Fprintf(&b, `<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="850" w:gutter="0"/>`,
		twips(marginTop), twips(marginRight), twips(marginBottom), twips(marginLeft))
	b.WriteString(`<w:titlePg/></w:sectPr></w:body></w:document>`)
	return b.String()
}

func (x *docx) header() string {
	return `<w:hdr ` + nsWord + `><w:p><w:pPr><w:pStyle w:val="running"/><w:jc w:val="right"/></w:pPr>` +
		runXML(oneLine(x.doc.Header), "") + `</w:p></w:hdr>`
}

func (x *docx) footer() string {
	field := func(name string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + name +
			` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	return `<w:ftr ` + nsWord + `><w:p><w:pPr><w:pStyle w:val="running"/></w:pPr>` +
		runXML("第 ", "") + field("PAGE") + runXML(" 页 共 ", "") + field("NUMPAGES") + runXML(" 页", "") + `</w:p></w:ftr>`
}
