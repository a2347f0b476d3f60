package quizformat

import (
	"fmt"
	"strings"
)

// Letter names an option by its place on the page: A for 0.
func Letter(place int) string { return string(rune('A' + place)) }

// Solution says the right answer in one line, with the letters that options (single,
// multi) or right sides (match) have on a page that shows them in the given order. A nil
// order is the stored one. For a short question it is the reference answer, if any.
func (q Question) Solution(order []int) string {
	switch q.Kind {
	case Single, Multi:
		return q.rightLetters(order)
	case Judge:
		if q.Options[0].Right() {
			return True
		}
		return False
	case Match:
		return q.matchLetters(order)
	}
	var out []string
	for _, a := range q.Answers {
		text := a.Text
		if a.Tolerance != "" {
			text += " ± " + a.Tolerance
		}
		if a.Percent != Full {
			text += fmt.Sprintf("（得%d%%）", a.Percent)
		}
		out = append(out, text)
	}
	if q.Kind == Short {
		return strings.Join(out, "\n")
	}
	return strings.Join(out, " 或 ")
}

func (q Question) rightLetters(order []int) string {
	var out []string
	for place, i := range orderOr(order, len(q.Options)) {
		if q.Options[i].Right() {
			out = append(out, Letter(place))
		}
	}
	return strings.Join(out, "、")
}

func (q Question) matchLetters(order []int) string {
	rights := q.Rights()
	place := map[string]string{}
	for at, i := range orderOr(order, len(rights)) {
		place[rights[i]] = Letter(at)
	}
	var out []string
	for _, p := range q.Pairs {
		if p.Left != "" {
			out = append(out, fmt.Sprintf("%d—%s", len(out)+1, place[p.Right]))
		}
	}
	return strings.Join(out, "，")
}

func orderOr(order []int, n int) []int {
	if order != nil {
		return order
	}
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
