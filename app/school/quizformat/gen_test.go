package quizformat

import (
	"strings"

	"pgregory.net/rapid"
)

// nasty is made of what the formats give a meaning to.
var nasty = rapid.StringOfN(rapid.SampledFrom([]rune(`甲乙调解 ab19 ~=#{}:\%|[]<>*_-"'/$. `+"\n｛｝：，")), 0, 12, -1)

// text is a text with something in it to tell it from others, nasty at both ends.
func text(t *rapid.T, label string) string {
	return nasty.Draw(t, label) + rapid.StringMatching(`[甲乙丙丁a-z]{3}`).Draw(t, label) + nasty.Draw(t, label)
}

func maybe(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+"?") {
		return text(t, label)
	}
	return ""
}

// question draws a sound, normalized question of any kind.
func question(t *rapid.T) Question {
	q := Question{
		ID:          rapid.StringMatching(`q-[a-z0-9]{4,8}`).Draw(t, "id"),
		Title:       maybe(t, "title"),
		Category:    maybe(t, "category"),
		Kind:        rapid.SampledFrom(Kinds).Draw(t, "kind"),
		Points:      rapid.IntRange(1, MaxPoints).Draw(t, "points"),
		Stem:        text(t, "stem"),
		Explanation: maybe(t, "explanation"),
		Tags:        rapid.SliceOfN(rapid.StringMatching(`[a-z甲乙%=:{}]{1,5}`), 0, 3).Draw(t, "tags"),
	}
	fill(t, &q)
	q.Normalize()
	if bad := q.Check(); bad != nil {
		t.Skip(bad) // repeated options and the like
	}
	return q
}

func fill(t *rapid.T, q *Question) {
	n := rapid.IntRange(2, 5).Draw(t, "n")
	right := rapid.IntRange(0, n-1).Draw(t, "right")
	for i := range n {
		switch q.Kind {
		case Single:
			p := rapid.SampledFrom([]int{0, 0, 25, 50}).Draw(t, "percent")
			if i == right {
				p = Full
			}
			q.Options = append(q.Options, Option{text(t, "option"), p, maybe(t, "feedback")})
		case Multi:
			p := Full * rapid.IntRange(0, 1).Draw(t, "percent")
			if i == right {
				p = Full
			}
			q.Options = append(q.Options, Option{text(t, "option"), p, maybe(t, "feedback")})
		case Match:
			q.Pairs = append(q.Pairs, Pair{strings.ReplaceAll(text(t, "left"), "->", ""), text(t, "right")})
		case Blank, Short:
			q.Answers = append(q.Answers, Answer{Text: text(t, "answer"), Percent: percentOf(i), Feedback: maybe(t, "feedback")})
		case Numeric:
			q.Answers = append(q.Answers, Answer{
				Text:      rapid.StringMatching(`-?\d{1,9}(\.\d{1,4})?`).Draw(t, "number"),
				Tolerance: rapid.StringMatching(`(\d(\.\d{1,3})?)?`).Draw(t, "tolerance"),
				Percent:   percentOf(i), Feedback: maybe(t, "feedback"),
			})
		}
	}
	if q.Kind == Match && right == 0 {
		q.Pairs = append(q.Pairs, Pair{"", text(t, "distractor")})
	}
	if q.Kind == Judge {
		q.Options = []Option{{True, Full * (right % 2), maybe(t, "feedback")}, {False, Full * (1 - right%2), maybe(t, "feedback")}}
	}
}

func percentOf(i int) int { return Full - 50*(i%2) }
