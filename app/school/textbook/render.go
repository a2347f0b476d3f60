package textbook

import (
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"

	"tiaojie/app/school/quizformat"
)

// Links turns a chapter's targets into addresses. A nil function leaves a link dead or
// an image out.
type Links struct {
	Chapter func(id string) string   // address of a chapter
	Image   func(path string) string // address of an image of the book
}

// Piece is a part of a rendered chapter, in reading order: a block of text, or the
// place of a question. Question is nil where a draft's question couldn't be read. The
// pieces that have a Hash are Chapter.Blocks, in order; a rule between paragraphs has none.
type Piece struct {
	Block
	HTML     string // clean; empty for a question
	Asks     bool
	Question *quizformat.Item
}

// Render makes the pieces of a chapter's page. The HTML holds no script, style, raw
// HTML or foreign image, whatever the text says.
func (c Chapter) Render(l Links) []Piece {
	d := parse(c.body())
	number(d, c.ID)
	resolve(d, l)
	var out []Piece
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == kindQuestion {
			out = append(out, Piece{Asks: true, Question: c.questionAt(d.line(n))})
			continue
		}
		markup := strings.TrimSpace(html1(screen, d, n))
		if markup == "" {
			continue
		}
		p := Piece{HTML: markup}
		if text := seen(markup); text != "" {
			p.Block = newBlock(text)
		}
		out = append(out, p)
	}
	return out
}

func (c Chapter) questionAt(line int) *quizformat.Item {
	for i, q := range c.Questions {
		if q.Line == line {
			return &c.Questions[i]
		}
	}
	return nil
}

// RenderText makes clean HTML of a short Markdown text: a question's stem or explanation.
func RenderText(markdown string) string {
	d := parse(markdown)
	resolve(d, Links{})
	var b strings.Builder
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		b.WriteString(html1(screen, d, n))
	}
	return strings.TrimSpace(b.String())
}

// resolve puts addresses in the place of targets. What has no address is dropped, but
// for a link's words.
func resolve(d document, l Links) {
	var links []*ast.Link
	var images []*ast.Image
	_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Link:
			if entering {
				links = append(links, n)
			}
		case *ast.Image:
			if entering {
				images = append(images, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range links {
		if to := l.address(string(n.Destination)); to != "" {
			n.Destination = []byte(to)
		} else {
			unwrap(n)
		}
	}
	for _, n := range images {
		if to := l.picture(string(n.Destination)); to != "" {
			n.Destination = []byte(to)
		} else {
			n.Parent().RemoveChild(n.Parent(), n)
		}
	}
}

// unwrap puts a link's words in its place.
func unwrap(n ast.Node) {
	for k := n.FirstChild(); k != nil; k = n.FirstChild() {
		n.Parent().InsertBefore(n.Parent(), n, k)
	}
	n.Parent().RemoveChild(n.Parent(), n)
}

func (l Links) address(target string) string {
	id, ok := strings.CutPrefix(target, chapterScheme)
	if !ok {
		if u, err := url.Parse(target); err == nil && (u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto" || u.Scheme == "tel") {
			return target
		}
		return ""
	}
	id, heading, deep := strings.Cut(id, "#")
	if l.Chapter == nil || !slugPattern.MatchString(id) {
		return ""
	}
	to := l.Chapter(id)
	if deep && to != "" {
		to += "#" + id + "-" + heading
	}
	return to
}

func (l Links) picture(target string) string {
	name, err := url.PathUnescape(target)
	clean := path.Clean(name)
	if err != nil || l.Image == nil || strings.ContainsAny(name, `\:`) || path.IsAbs(name) || strings.HasPrefix(clean, "..") || !imagePattern.MatchString(clean) {
		return ""
	}
	return l.Image(clean)
}
