package textbook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
)

// readBody finds blocks, headings, links and images, and what is wrong with them.
func (c *Chapter) readBody(ps *Problems) {
	d := parse(c.body())
	number(d, c.ID)
	asked := 0
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == kindQuestion {
			asked++
			continue
		}
		b := newBlock(seen(html1(screen, d, n)))
		if b.Text == "" {
			continue
		}
		c.Blocks = append(c.Blocks, b)
		c.Words += countWords(b.Text)
		if h, ok := n.(*ast.Heading); ok {
			c.Headings = append(c.Headings, Heading{headingID(h), h.Level, b.Text})
		}
		if strings.Contains(b.Text, "**") {
			ps.warn(c.File, d.line(n), "这一段有没生效的“**”：加粗的符号紧挨着标点时，外侧要空一格")
		}
	}
	_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			c.inspect(ps, d, n)
		}
		return ast.WalkContinue, nil
	})
}

// html1 renders one node and cleans it.
func html1(md goldmark.Markdown, d document, n ast.Node) string {
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, d.src, n); err != nil { // a Buffer takes everything
		panic(err)
	}
	return policy.Sanitize(out.String())
}

var pictures = regexp.MustCompile(`<img [^>]*?alt="([^"]*)"[^>]*>`)

// seen is the text of cleaned HTML as a reader sees it, or hears it: an image is its alt text.
func seen(markup string) string {
	return strings.TrimSpace(html.UnescapeString(noTags.Sanitize(pictures.ReplaceAllString(markup, "$1"))))
}

func newBlock(text string) Block {
	sum := sha256.Sum256([]byte(squeeze(text)))
	return Block{Hash: hex.EncodeToString(sum[:8]), Text: text}
}

// squeeze drops spaces: a line broken elsewhere is the same text.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// number gives every heading its id.
func number(d document, chapter string) {
	at := 0
	_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Kind() == ast.KindHeading {
			at++
			n.SetAttributeString("id", []byte(chapter+"-"+strconv.Itoa(at)))
		}
		return ast.WalkContinue, nil
	})
}

func headingID(n ast.Node) string {
	id, _ := n.AttributeString("id")
	raw, _ := id.([]byte)
	return string(raw)
}

func (c *Chapter) inspect(ps *Problems, d document, n ast.Node) {
	line := d.line(n)
	switch n := n.(type) {
	case *ast.Heading:
		if n.Level == 1 {
			ps.fail(c.File, line, "正文的标题从“##”开始，一级标题是章的 title")
		}
	case *ast.HTMLBlock:
		if first := n.Lines().At(0); !bytes.HasPrefix(bytes.TrimSpace(first.Value(d.src)), []byte("<!--")) {
			ps.fail(c.File, line, "不能直接写HTML，这一段不会显示")
		}
	case *ast.RawHTML:
		ps.fail(c.File, line, "不能直接写HTML；要写尖括号本身，前面加反斜杠")
	case *ast.Link:
		c.link(ps, string(n.Destination), line)
	case *ast.AutoLink:
		c.link(ps, string(n.URL(d.src)), line)
	case *ast.Image:
		c.image(ps, string(n.Destination), seen(html1(screen, d, n)) == "", line)
	}
}

const chapterScheme = "chapter:"

func (c *Chapter) link(ps *Problems, target string, line int) {
	u, err := url.Parse(target)
	switch {
	case strings.HasPrefix(target, chapterScheme):
		c.refs = append(c.refs, ref{target: target, line: line})
	case strings.HasPrefix(target, "mailto:"), strings.Contains(target, "@") && !strings.Contains(target, ":"):
	case err != nil || !slices.Contains([]string{"https", "http", "tel"}, u.Scheme):
		ps.fail(c.File, line, "不能链接到“%s”：只能是 chapter:章id 或 https 网址", target)
	case u.Scheme == "http":
		ps.warn(c.File, line, "“%s”不是加密的https网址", target)
	}
}

var imagePattern = regexp.MustCompile(`(?i)\.(png|jpe?g|webp|gif)$`)

func (c *Chapter) image(ps *Problems, target string, silent bool, line int) {
	name, err := url.PathUnescape(target)
	clean := path.Clean(name)
	switch {
	case err != nil || strings.ContainsAny(name, `\:`) || strings.HasPrefix(name, "/"):
		ps.fail(c.File, line, "图片“%s”要放在教材目录里，用相对路径", target)
		return
	case clean == ".." || strings.HasPrefix(clean, "../"):
		ps.fail(c.File, line, "图片路径“%s”越出了教材目录", target)
		return
	case !imagePattern.MatchString(clean):
		ps.fail(c.File, line, "图片“%s”只能是 png、jpg、webp 或 gif", target)
		return
	}
	if silent {
		ps.fail(c.File, line, "图片“%s”没有文字说明，听书的人不知道是什么", target)
	}
	c.refs = append(c.refs, ref{image: true, target: clean, line: line})
}
