package textbook

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"tiaojie/app/school/quizformat"
)

// PrintOptions says what a printed book or chapter holds besides the text.
type PrintOptions struct {
	Answers bool                     // answers and explanations at the end
	Image   func(path string) string // address of an image; nil leaves images out
	Web     string                   // address of the web edition, printed on the cover; may be empty
}

//go:embed print.html
var printHTML string

var printTemplate = template.Must(template.New("print").Parse(printHTML))

// printBook and the types below are what print.html reads.
type printBook struct {
	*Book
	Whole    bool
	Options  PrintOptions
	Chapters []printChapter
}

type printChapter struct {
	Chapter
	No     int
	Pieces []printPiece
	Notes  []string
	Asked  []printQuestion
}

type printPiece struct {
	HTML     template.HTML
	Question *printQuestion
}

type printQuestion struct {
	quizformat.Question
	No          int
	KindLabel   string
	Stem        template.HTML
	Explanation template.HTML
	Choices     []string // options, or the right sides of a match question
	Solution    string
	Line        bool // leave a line to write on
	Space       bool // leave room to write in
}

// Print writes the published chapters as one HTML fragment for paper: cover, contents, a
// section per chapter. Links become numbered notes at the chapter's end, because paper
// can't be clicked.
func (b *Book) Print(w io.Writer, o PrintOptions) error {
	p := printBook{Book: b, Whole: true, Options: o}
	for i, c := range b.Published() {
		p.Chapters = append(p.Chapters, b.printChapter(c, i+1, o))
	}
	return printTemplate.Execute(w, p)
}

// PrintChapter writes one published chapter in the same way; false when the book has none
// of that id.
func (b *Book) PrintChapter(w io.Writer, id string, o PrintOptions) (bool, error) {
	for i, c := range b.Published() {
		if c.ID == id {
			return true, printTemplate.Execute(w, printBook{Book: b, Options: o, Chapters: []printChapter{b.printChapter(c, i+1, o)}})
		}
	}
	return false, nil
}

func (b *Book) printChapter(c Chapter, no int, o PrintOptions) printChapter {
	out := printChapter{Chapter: c, No: no}
	d := parse(c.body())
	number(d, c.ID)
	out.Notes = b.takeNotes(d)
	resolve(d, Links{Image: o.Image, Chapter: func(id string) string { return "#" + id }})
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != kindQuestion {
			out.Pieces = append(out.Pieces, printPiece{HTML: template.HTML(html1(paper, d, n))}) // cleaned by html1
			continue
		}
		if item := c.questionAt(d.line(n)); item != nil {
			q := newPrintQuestion(item.Question, len(out.Asked)+1)
			out.Asked = append(out.Asked, q)
			out.Pieces = append(out.Pieces, printPiece{Question: &q})
		}
	}
	return out
}

func newPrintQuestion(q quizformat.Question, no int) printQuestion {
	p := printQuestion{
		Question: q, No: no, KindLabel: q.Kind.Label(),
		Stem:        template.HTML(RenderText(q.Stem)), // cleaned by RenderText
		Explanation: template.HTML(RenderText(q.Explanation)),
	}
	var order []int
	switch q.Kind {
	case quizformat.Single, quizformat.Multi:
		for _, o := range q.Options {
			p.Choices = append(p.Choices, o.Text)
		}
	case quizformat.Match:
		order = mixed(q)
		for _, i := range order {
			p.Choices = append(p.Choices, q.Rights()[i])
		}
	case quizformat.Short:
		p.Space = true
	default:
		p.Line = q.Kind != quizformat.Judge
	}
	p.Solution = q.Solution(order)
	return p
}

// mixed is a fixed order in which the right sides don't all stand beside their left ones.
func mixed(q quizformat.Question) []int {
	for seed := uint64(1); ; seed++ {
		if order := q.RightOrder(seed); len(order) < 2 || !slices.IsSorted(order) {
			return order
		}
	}
}

// takeNotes numbers the links of a chapter and gives the notes' texts. The same target
// keeps its number.
func (b *Book) takeNotes(d document) []string {
	var notes []string
	numbers := map[string]int{}
	_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		l, ok := n.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		text := b.noteText(string(l.Destination))
		if text == "" {
			return ast.WalkContinue, nil
		}
		if numbers[text] == 0 {
			notes = append(notes, text)
			numbers[text] = len(notes)
		}
		l.SetAttributeString(noteAttribute, numbers[text])
		return ast.WalkContinue, nil
	})
	return notes
}

func (b *Book) noteText(target string) string {
	id, ok := strings.CutPrefix(target, chapterScheme)
	if !ok {
		return Links{}.address(target)
	}
	id, heading, _ := strings.Cut(id, "#")
	for i, c := range b.Published() {
		if c.ID != id {
			continue
		}
		for _, h := range c.Headings {
			if h.ID == id+"-"+heading {
				return fmt.Sprintf("见第%d章《%s》“%s”", i+1, c.Title, h.Text)
			}
		}
		return fmt.Sprintf("见第%d章《%s》", i+1, c.Title)
	}
	return ""
}

const noteAttribute = "note"

// noteRenderer writes a link as its words and the number of its note.
type noteRenderer struct{}

func (noteRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if no, ok := n.AttributeString(noteAttribute); ok && !entering {
			_, _ = fmt.Fprintf(w, `<sup class="note">%d</sup>`, no)
		}
		return ast.WalkContinue, nil
	})
	reg.Register(ast.KindAutoLink, func(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.Write(util.EscapeHTML(n.(*ast.AutoLink).Label(src)))
		}
		return ast.WalkContinue, nil
	})
}
