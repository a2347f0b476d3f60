package quizformat

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Response is what a person answered. Positions count from 0 in the stored question,
// whatever order the page showed, so shuffling never touches grading.
type Response struct {
	Choice []int  `json:"choice,omitempty"` // single, judge: one; multi: any number
	Text   string `json:"text,omitempty"`   // blank, numeric, short
	Match  []int  `json:"match,omitempty"`  // for each of Lefts, a position in Rights, or -1
}

// Empty says that nothing was answered.
func (r Response) Empty() bool {
	return len(r.Choice) == 0 && strings.TrimSpace(r.Text) == "" && !slices.ContainsFunc(r.Match, func(i int) bool { return i >= 0 })
}

// Grade is the outcome of one answer. With Manual set a person has still to give the
// points; an empty answer needs nobody and earns 0.
type Grade struct {
	Points   int
	Max      int
	Manual   bool
	Feedback []string // of the chosen options or the matching answer
}

// Grade gives the points of a response when the paper gives at most max for the
// question. The rules stand in the package comment.
func (q Question) Grade(r Response, max int) Grade {
	g := Grade{Max: max}
	if r.Empty() {
		return g
	}
	switch q.Kind {
	case Single, Judge:
		q.gradeOne(r, &g)
	case Multi:
		q.gradeMulti(r, &g)
	case Blank, Numeric:
		q.gradeText(r, &g)
	case Match:
		g.Points = max * q.matched(r) / len(q.Lefts())
	case Short:
		g.Manual = true
	}
	return g
}

func (q Question) gradeOne(r Response, g *Grade) {
	if len(r.Choice) != 1 || r.Choice[0] < 0 || r.Choice[0] >= len(q.Options) {
		return
	}
	o := q.Options[r.Choice[0]]
	g.Points = g.Max * o.Percent / Full
	g.Feedback = feedback(o.Feedback)
}

func (q Question) gradeMulti(r Response, g *Grade) {
	right, wrong := 0, 0
	for i, o := range q.Options {
		if !slices.Contains(r.Choice, i) {
			continue
		}
		g.Feedback = append(g.Feedback, feedback(o.Feedback)...)
		if o.Right() {
			right++
		} else {
			wrong++
		}
	}
	all := 0
	for _, o := range q.Options {
		if o.Right() {
			all++
		}
	}
	if wrong == 0 && all > 0 {
		g.Points = g.Max * right / all
	}
}

func (q Question) gradeText(r Response, g *Grade) {
	best := Answer{}
	for _, a := range q.Answers {
		if a.Percent > best.Percent && q.accepts(a, r.Text) {
			best = a
		}
	}
	g.Points = g.Max * best.Percent / Full
	g.Feedback = feedback(best.Feedback)
}

func (q Question) accepts(a Answer, typed string) bool {
	if q.Kind == Blank {
		return fold(a.Text) == fold(typed)
	}
	got, err := ParseNumber(typed)
	if err != nil {
		return false
	}
	want, err := ParseNumber(a.Text)
	if err != nil {
		return false
	}
	by, err := ParseNumber(a.Tolerance)
	if err != nil {
		by, _ = ParseNumber("0")
	}
	return got.within(want, by)
}

func (q Question) matched(r Response) int {
	rights := q.Rights()
	n, at := 0, 0
	for _, p := range q.Pairs {
		if p.Left == "" {
			continue
		}
		if at < len(r.Match) && r.Match[at] >= 0 && r.Match[at] < len(rights) && rights[r.Match[at]] == p.Right {
			n++
		}
		at++
	}
	return n
}

func feedback(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// fold makes two typed answers equal that a reader would call the same: full and half
// width, capitals, spaces, the choice of separator, a full stop at the end.
func fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case strings.ContainsRune(",;、", r):
			return '、'
		}
		return r
	}, s)
	return strings.Trim(s, "。.、!?\"'“”‘’")
}
