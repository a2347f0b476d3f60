package textbook

import (
	"regexp"
	"sort"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"tiaojie/app/school/quizformat"
)

// Markdown as textbooks use it: GFM with Chinese line breaks, no raw HTML, ticks instead
// of dead checkboxes, question blocks cut out. Tables align by attribute, because the
// pages' policy forbids inline style.
var screen = newMarkdown()

// paper is the same with links as numbered notes.
var paper = newMarkdown(util.Prioritized(noteRenderer{}, 100))

func newMarkdown(more ...util.PrioritizedValue) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.Linkify, extension.Strikethrough, extension.TaskList, extension.CJK,
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		),
		goldmark.WithParserOptions(parser.WithBlockParsers(util.Prioritized(questionParser{}, 50))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(append(more, util.Prioritized(tickRenderer{}, 100))...)),
	)
}

// policy is the last gate before a page: whatever the renderer let through, only this is left.
var policy = func() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireNoFollowOnLinks(false)
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(tick|note)$`)).OnElements("span", "sup")
	return p
}()

var noTags = bluemonday.StrictPolicy()

// document is a parsed text with the starts of its lines.
type document struct {
	src    []byte
	root   ast.Node
	starts []int
}

func parse(src string) document {
	d := document{src: []byte(src), starts: []int{0}}
	for i, b := range d.src {
		if b == '\n' {
			d.starts = append(d.starts, i+1)
		}
	}
	d.root = screen.Parser().Parse(text.NewReader(d.src))
	return d
}

// line is where a node begins, from 1.
func (d document) line(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if at := n.Pos(); at >= 0 {
			return sort.SearchInts(d.starts, at+1)
		}
	}
	return 1
}

// kindQuestion is the place of a question block in the text.
var kindQuestion = ast.NewNodeKind("Question")

type questionNode struct{ ast.BaseBlock }

func (n *questionNode) Kind() ast.NodeKind            { return kindQuestion }
func (n *questionNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// questionParser swallows a question block, so that its options don't become a list.
type questionParser struct{}

func (questionParser) Trigger() []byte { return []byte{':'} }

func (questionParser) Open(_ ast.Node, r text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, _ := r.PeekLine()
	if r.LineOffset() != 0 || !quizformat.Opens(strings.TrimRight(string(line), "\n")) {
		return nil, parser.NoChildren
	}
	r.AdvanceToEOL()
	return &questionNode{}, parser.NoChildren
}

func (questionParser) Continue(_ ast.Node, r text.Reader, _ parser.Context) parser.State {
	line, _ := r.PeekLine()
	l := strings.TrimRight(string(line), "\n")
	if quizformat.Opens(l) {
		return parser.Close
	}
	r.AdvanceToEOL()
	if quizformat.Closes(l) {
		return parser.Close
	}
	return parser.Continue | parser.NoChildren
}

func (questionParser) Close(ast.Node, text.Reader, parser.Context) {}
func (questionParser) CanInterruptParagraph() bool                 { return true }
func (questionParser) CanAcceptIndentedLine() bool                 { return false }

// tickRenderer writes a task list's boxes as signs that print well.
type tickRenderer struct{}

func (tickRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(extast.KindTaskCheckBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			sign := "☐"
			if n.(*extast.TaskCheckBox).IsChecked {
				sign = "☑"
			}
			_, _ = w.WriteString(`<span class="tick">` + sign + `</span> `)
		}
		return ast.WalkContinue, nil
	})
	reg.Register(kindQuestion, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkSkipChildren, nil
	})
}
