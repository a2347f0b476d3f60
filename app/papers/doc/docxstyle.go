package doc

import (
	"fmt"
	"slices"
	"strings"
)

// fontTable names the typefaces of official papers and what may take their place.
const fontTable = `<w:fonts ` + nsWord + `>` +
	`<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>` +
	`<w:font w:name="方正小标宋简体"><w:altName w:val="方正小标宋_GBK"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>` +
	`<w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>` +
	`<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`

// Chinese names of the styles, as they show in the office suite's list.
var styleNames = map[string]string{
	"body": "文书正文", "plain": "文书顶格", "head": "文书小标题", "center": "文书居中", "right": "文书居右",
	"ask": "文书问", "answer": "文书答", "note": "文书注", "large": "文书封面大字", "signed": "文书落款",
	"org": "文书机关", "title": "文书标题", "number": "文书编号", "sign": "文书签名", "seal": "文书盖章", "running": "文书页眉页脚",
	"cell": "文书表格文字", "label": "文书表格标题",
}

type styleSpec struct {
	id, font  string
	size      float64 // points
	leading   float64 // points
	atLeast   bool
	align     string
	indent    float64 // characters
	bold      bool
	next, out string // style that follows; outline level
}

func (x *docx) styles() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:styles %s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋_GB2312" w:cs="Times New Roman"/><w:sz w:val="%d"/><w:szCs w:val="%d"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`,
		nsWord, int(x.m.body*2), int(x.m.body*2))
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="100" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	for _, s := range x.styleSpecs() {
		b.WriteString(s.xml())
	}
	b.WriteString("</w:styles>")
	return b.String()
}

func (x *docx) styleSpecs() []styleSpec {
	m := x.m
	specs := []styleSpec{
		{id: "org", font: "方正小标宋简体", size: 16, leading: 26, align: "center", next: "title"},
		{id: "title", font: "方正小标宋简体", size: m.title, leading: m.title * 1.6, align: "center", next: "body", out: "0"},
		{id: "number", size: 12, leading: 20, align: "right", next: "body"},
		{id: "sign", size: min(m.body, signSize), leading: signLeading, atLeast: true},
		{id: "seal", size: m.body, leading: m.leading, align: "center"},
		{id: "running", size: 9, leading: 14, align: "center"},
		{id: "cell", size: m.cell, leading: m.cellLeading, atLeast: true},
		{id: "label", size: m.cell, leading: m.cellLeading, atLeast: true, align: "center"},
	}
	roles := make([]Role, 0, len(looks))
	for r := range looks {
		roles = append(roles, r)
	}
	slices.Sort(roles)
	for _, r := range roles {
		k := looks[r]
		s := styleSpec{id: k.class, size: m.body * k.scale, leading: m.leading * max(k.scale, 0.85), indent: k.indent, bold: k.bold, align: jc(k.align)}
		if r == Head {
			s.font, s.bold, s.next, s.out = "黑体", false, "body", "1"
		}
		specs = append(specs, s)
	}
	return specs
}

func jc(a align) string {
	return map[align]string{justified: "both", left: "left", centered: "center", right: "right"}[a]
}

func (s styleSpec) xml() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="normal"/>`, s.id, styleNames[s.id])
	if s.next != "" {
		fmt.Fprintf(&b, `<w:next w:val="%s"/>`, s.next)
	}
	b.WriteString(`<w:qFormat/><w:pPr>`)
	if s.out == "1" {
		b.WriteString(`<w:keepNext/>`)
	}
	rule := "exact"
	if s.atLeast {
		rule = "atLeast"
	}
	fmt.Fprintf(&b, `<w:spacing w:line="%d" w:lineRule="%s"/>`, twips(s.leading), rule)
	if s.indent > 0 {
		fmt.Fprintf(&b, `<w:ind w:firstLineChars="%d" w:firstLine="%d"/>`, int(s.indent*100), twips(s.indent*s.size))
	}
	if s.align != "" {
		fmt.Fprintf(&b, `<w:jc w:val="%s"/>`, s.align)
	}
	if s.out != "" {
		fmt.Fprintf(&b, `<w:outlineLvl w:val="%s"/>`, s.out)
	}
	b.WriteString(`</w:pPr><w:rPr>`)
	if s.font != "" {
		fmt.Fprintf(&b, `<w:rFonts w:eastAsia="%s"/>`, s.font)
	}
	if s.bold {
		b.WriteString(`<w:b/>`)
	}
	fmt.Fprintf(&b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, int(s.size*2+0.5), int(s.size*2+0.5))
	return b.String()
}
