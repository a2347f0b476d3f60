package quizformat

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxSource is the largest text that is read, in bytes.
const MaxSource = 2 << 20

// Problem is something wrong at a line, counted from 1. A warning leaves its question
// usable; an error drops it.
type Problem struct {
	Line    int
	Warning bool
	Message string // Chinese, without the line
}

func (p Problem) String() string { return fmt.Sprintf("第%d行：%s", p.Line, p.Message) }

// Item is a question with the lines it stood on, first and last, counted from 1.
type Item struct {
	Question
	Line, End int
}

// Result is what a parser made of a text: the sound questions in order, and all problems
// in order of lines.
type Result struct {
	Items    []Item
	Problems []Problem

	ids map[string]bool
}

// Failed says whether any problem is an error.
func (r Result) Failed() bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return !p.Warning })
}

func (r *Result) fail(line int, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{Line: line, Message: fmt.Sprintf(format, args...)})
}

func (r *Result) warn(line int, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{Line: line, Warning: true, Message: fmt.Sprintf(format, args...)})
}

// keep normalizes and checks a question and takes it or reports why not.
func (r *Result) keep(q Question, line, end int) {
	q.Normalize()
	bad := q.Check()
	for _, m := range bad {
		r.fail(line, "%s", m)
	}
	if q.ID != "" && r.ids[q.ID] {
		r.fail(line, "编号“%s”重复", q.ID)
		return
	}
	if q.Kind == Multi && rightCount(q) == 1 && len(bad) == 0 {
		r.warn(line, "多选题只标了一个正确项")
	}
	if len(bad) == 0 {
		if r.ids == nil {
			r.ids = map[string]bool{}
		}
		r.ids[q.ID] = true
		r.Items = append(r.Items, Item{q, line, end})
	}
}

func rightCount(q Question) int {
	n := 0
	for _, o := range q.Options {
		if o.Right() {
			n++
		}
	}
	return n
}

func (r Result) sorted() Result {
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return a.Line - b.Line })
	return r
}

// source is a text cut into lines, without byte order mark and carriage returns.
// broken holds the lines (from 0) that aren't UTF-8.
type source struct {
	lines  []string
	broken map[int]bool
}

// open cuts a text into lines; ok is false, with a problem, when it is too large to read.
func (r *Result) open(text []byte) (source, bool) {
	if len(text) > MaxSource {
		r.fail(1, "文件超过%d MB，请分成几份", MaxSource>>20)
		return source{}, false
	}
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	s := source{broken: map[int]bool{}}
	clean := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text))
	for i, l := range strings.Split(clean, "\n") {
		if !utf8.ValidString(l) {
			s.broken[i] = true
			r.fail(i+1, "这一行不是UTF-8编码，请用记事本“另存为”并选UTF-8")
		}
		s.lines = append(s.lines, l)
	}
	return s, true
}

// damaged says whether any line from first to last (from 0, inclusive) isn't UTF-8.
func (s source) damaged(first, last int) bool {
	for i := first; i <= last; i++ {
		if s.broken[i] {
			return true
		}
	}
	return false
}
