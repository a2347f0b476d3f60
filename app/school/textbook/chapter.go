package textbook

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"tiaojie/app/school/quizformat"
)

// MaxChapter is the largest chapter that is read, in bytes.
const MaxChapter = 1 << 20

// Chapter is one chapter (章) as read. Its text stays Markdown; Render makes pages of it.
type Chapter struct {
	Front
	File      string
	Source    string // the whole file with plain line ends, as a draft is edited
	Hash      string // SHA-256 of Source, hexadecimal
	Blocks    []Block
	Headings  []Heading
	Questions []quizformat.Item // lines count in the file
	Words     int               // Chinese characters, and words of letters or digits
	refs      []ref
}

// Heading is a heading inside a chapter. Its ID is the chapter's with a running number.
type Heading struct {
	ID    string
	Level int // 2–6
	Text  string
}

// Block is a paragraph, list, table, quotation or heading of a chapter: what a note hangs on.
type Block struct {
	Hash string // of the text without spaces, 16 hexadecimal digits
	Text string // as a reader sees it
}

// ref is a link or image with its line, to be checked against the whole book.
type ref struct {
	image  bool
	target string
	line   int
}

// ParseChapter reads a chapter's file or a draft of one. The chapter comes back even
// with problems, as far as it can be read, so that a draft can be previewed.
func ParseChapter(file string, source []byte) (Chapter, Problems) {
	var ps Problems
	text := clean(source)
	sum := sha256.Sum256([]byte(text))
	c := Chapter{File: file, Source: text, Hash: hex.EncodeToString(sum[:])}
	switch {
	case len(source) > MaxChapter:
		ps.fail(file, 1, "一章超过%d KB", MaxChapter>>10)
		c.Source = ""
		return c, ps
	case !utf8.ValidString(text):
		ps.fail(file, 1+strings.Count(validPrefix(text), "\n"), "不是UTF-8编码")
		text = strings.ToValidUTF8(text, "\uFFFD")
		c.Source = text
	}
	if front, first, ok := frontMatter(text); !ok {
		ps.fail(file, 1, "开头没有两行“---”之间的说明（id、title、minutes……）")
	} else if decode(&ps, file, first, []byte(front), &c.Front) {
		c.Front.check(&ps, file, 1)
	}
	c.readQuestions(&ps)
	c.readBody(&ps)
	ps.sort()
	return c, ps
}

// clean drops a byte order mark and carriage returns, so that an editor's habits don't
// make a new version.
func clean(source []byte) string {
	s := strings.TrimPrefix(string(source), "\uFEFF")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

func validPrefix(s string) string {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return s[:i]
			}
		}
	}
	return s
}

const fence = "---\n"

// frontMatter gives the text between the two lines "---" and the line where it begins.
func frontMatter(text string) (front string, first int, ok bool) {
	rest, ok := strings.CutPrefix(text, fence)
	if !ok {
		return "", 0, false
	}
	front, _, ok = strings.Cut("\n"+rest, "\n"+fence)
	return strings.TrimPrefix(front, "\n"), 2, ok
}

// body is the chapter's text with the front matter blanked out, line by line: what is
// found in it has the file's line numbers.
func (c Chapter) body() string {
	front, _, ok := frontMatter(c.Source)
	if !ok {
		return c.Source
	}
	head := fence + front
	if front != "" {
		head += "\n"
	}
	head += fence
	return strings.Repeat("\n", strings.Count(head, "\n")) + c.Source[len(head):]
}

func (c *Chapter) readQuestions(ps *Problems) {
	r := quizformat.ParseMarkdown([]byte(c.body()))
	c.Questions = r.Items
	for _, p := range r.Problems {
		*ps = append(*ps, Problem{File: c.File, Line: p.Line, Warning: p.Warning, Message: p.Message})
	}
	for _, q := range r.Items {
		if q.ID == "" {
			ps.fail(c.File, q.Line, "教材里的题要有编号，如 id=q-%s-01", c.ID)
		}
	}
}
