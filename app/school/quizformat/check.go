package quizformat

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits keep a pasted book from becoming a question.
const (
	MaxPoints   = 100
	MaxOptions  = 26 // A–Z
	MaxAnswers  = 50
	MaxPairs    = 20
	maxTags     = 20
	maxStem     = 10_000 // characters, also of an explanation
	maxText     = 2_000  // characters of an option, answer or feedback
	maxCategory = 200
)

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// Check lists in Chinese what keeps the question from being asked; nil when it is sound.
// It expects a normalized question.
func (q Question) Check() []string {
	var out []string
	add := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(q.ID != "" && !idPattern.MatchString(q.ID), "编号“%s”只能用小写字母、数字和短横线，最长64个字符", clip(q.ID))
	add(q.Kind.Label() == "", "不认识的题型“%s”", clip(string(q.Kind)))
	add(q.Points < 1 || q.Points > MaxPoints, "分值要在1到%d之间", MaxPoints)
	add(q.Stem == "", "没有题干")
	add(long(q.Stem, maxStem) || long(q.Explanation, maxStem), "题干或解析超过%d字", maxStem)
	add(long(q.Title, maxCategory) || long(q.Category, maxCategory), "标题或分类超过%d字", maxCategory)
	add(len(q.Tags) > maxTags, "标签超过%d个", maxTags)
	if body := q.checkBody(); body != nil {
		return append(out, body...)
	}
	for _, t := range q.texts() {
		add(long(t, maxText), "“%s……”超过%d字", clip(t), maxText)
	}
	return out
}

func (q Question) checkBody() []string {
	var stray bool
	var out []string
	switch q.Kind {
	case Single, Multi, Judge:
		stray = len(q.Answers)+len(q.Pairs) > 0
		out = q.checkOptions()
	case Blank, Numeric, Short:
		stray = len(q.Options)+len(q.Pairs) > 0
		out = q.checkAnswers()
	case Match:
		stray = len(q.Options)+len(q.Answers) > 0
		out = q.checkPairs()
	}
	if stray {
		out = append(out, "答案的写法和题型“"+q.Kind.Label()+"”不符")
	}
	return out
}

func (q Question) checkOptions() []string {
	if n := len(q.Options); n < 2 || n > MaxOptions {
		return []string{fmt.Sprintf("要有2到%d个选项，现在有%d个", MaxOptions, n)}
	}
	var out []string
	right := 0
	var seen []string
	for i, o := range q.Options {
		switch {
		case o.Text == "":
			out = append(out, fmt.Sprintf("第%d个选项是空的", i+1))
		case slices.Contains(seen, o.Text):
			out = append(out, fmt.Sprintf("选项“%s”重复", clip(o.Text)))
		case o.Percent < 0 || o.Percent > Full:
			out = append(out, fmt.Sprintf("选项“%s”的得分比例要在0到100之间", clip(o.Text)))
		case q.Kind != Single && o.Percent != 0 && !o.Right():
			out = append(out, fmt.Sprintf("选项“%s”：%s的选项只分对错，不能写得分比例", clip(o.Text), q.Kind.Label()))
		}
		seen = append(seen, o.Text)
		if o.Right() {
			right++
		}
	}
	return append(out, q.checkRight(right)...)
}

func (q Question) checkRight(right int) []string {
	switch {
	case right == 0:
		return []string{"没有标出正确项"}
	case q.Kind == Single && right > 1:
		return []string{fmt.Sprintf("单选题标了%d个正确项，只能有1个", right)}
	case q.Kind == Judge && (len(q.Options) != 2 || q.Options[0].Text != True || q.Options[1].Text != False):
		return []string{"判断题的选项只能是“对”和“错”"}
	case q.Kind == Judge && right > 1:
		return []string{"判断题只能有1个正确项"}
	}
	return nil
}

func (q Question) checkAnswers() []string {
	var out []string
	n := len(q.Answers)
	if n == 0 && q.Kind != Short {
		out = append(out, "没有写答案")
	}
	if n > MaxAnswers {
		return []string{fmt.Sprintf("答案超过%d个", MaxAnswers)}
	}
	full := q.Kind == Short
	for _, a := range q.Answers {
		out = append(out, q.checkAnswer(a)...)
		full = full || a.Percent == Full
	}
	if n > 0 && !full {
		out = append(out, "没有得满分的答案")
	}
	return out
}

func (q Question) checkAnswer(a Answer) []string {
	switch {
	case a.Text == "":
		return []string{"有一个答案是空的"}
	case q.Kind == Short:
		return nil
	case a.Percent < 1 || a.Percent > Full:
		return []string{fmt.Sprintf("答案“%s”的得分比例要在1到100之间", clip(a.Text))}
	case q.Kind == Blank && strings.Contains(a.Text, "->"):
		return []string{fmt.Sprintf("填空题答案“%s”里不能有“->”，那是连线题的写法", clip(a.Text))}
	case q.Kind == Blank && fold(a.Text) == "":
		return []string{fmt.Sprintf("填空题答案“%s”只有标点", clip(a.Text))}
	case q.Kind == Numeric:
		return checkNumber(a)
	}
	return nil
}

func checkNumber(a Answer) []string {
	if _, err := ParseNumber(a.Text); err != nil {
		return []string{fmt.Sprintf("“%s”%s", clip(a.Text), err)}
	}
	if a.Tolerance == "" {
		return nil
	}
	t, err := ParseNumber(a.Tolerance)
	if err != nil {
		return []string{fmt.Sprintf("误差“%s”%s", clip(a.Tolerance), err)}
	}
	if t.Sign() < 0 {
		return []string{"误差不能是负数"}
	}
	return nil
}

func (q Question) checkPairs() []string {
	if n := len(q.Lefts()); n < 2 || len(q.Pairs) > MaxPairs {
		return []string{fmt.Sprintf("连线题要有2对以上，连同干扰项不超过%d项；现在有%d对", MaxPairs, n)}
	}
	var out []string
	var seen []string
	for _, p := range q.Pairs {
		switch {
		case p.Right == "":
			out = append(out, fmt.Sprintf("“%s”没有右边", clip(p.Left)))
		case strings.Contains(p.Left, "->"):
			out = append(out, fmt.Sprintf("左边“%s”里不能有“->”", clip(p.Left)))
		case p.Left != "" && slices.Contains(seen, p.Left):
			out = append(out, fmt.Sprintf("左边“%s”重复", clip(p.Left)))
		}
		seen = append(seen, p.Left)
	}
	return out
}

func (q Question) texts() []string {
	var out []string
	for _, o := range q.Options {
		out = append(out, o.Text, o.Feedback)
	}
	for _, a := range q.Answers {
		out = append(out, a.Text, a.Feedback)
	}
	for _, p := range q.Pairs {
		out = append(out, p.Left, p.Right)
	}
	return out
}

func long(s string, limit int) bool { return utf8.RuneCountInString(s) > limit }

// clip shortens a text that a message quotes.
func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20])
	}
	return s
}
