package textbook

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is something wrong in a book's file. A warning doesn't keep the book from
// being published; an error does.
type Problem struct {
	File    string
	Line    int // from 1
	Warning bool
	Message string // Chinese
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d：%s", p.File, p.Line, p.Message) }

// Problems gathers the problems of a book or chapter.
type Problems []Problem

// Failed says whether any of them is an error.
func (ps Problems) Failed() bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return !p.Warning })
}

func (ps *Problems) fail(file string, line int, format string, args ...any) {
	*ps = append(*ps, Problem{File: file, Line: max(line, 1), Message: fmt.Sprintf(format, args...)})
}

func (ps *Problems) warn(file string, line int, format string, args ...any) {
	*ps = append(*ps, Problem{File: file, Line: max(line, 1), Warning: true, Message: fmt.Sprintf(format, args...)})
}

// sort orders by file and line.
func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
}
