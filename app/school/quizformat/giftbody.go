package quizformat

import (
	"strconv"
	"strings"
)

// body decides the kind by the marks in the answer part, in Moodle's order, and reads it.
func (g *giftReader) body(s signs, wide bool) {
	if wide && s.index('=', 0) < 0 && s.index('~', 0) < 0 && s.index('#', 0) < 0 {
		s.replace(wideMarks)
	}
	if at := s.findLast("####"); at >= 0 {
		g.q.Explanation = g.value(s[at+4:])
		s = s[:at].trim()
	}
	switch {
	case len(s) == 0:
		g.q.Kind = Short
		return
	case s.is(0, '#'):
		g.q.Kind = Numeric
		g.numbers(s[1:].trim())
	case s.index('~', 0) >= 0:
		g.choices(s)
	case s.is(0, '=') && hasArrow(s):
		g.q.Kind = Match
		g.pairs(s)
	case g.judge(s):
	default:
		g.q.Kind = Blank
		g.blanks(s)
	}
	if g.numbered {
		g.q.Answers = dropReferences(g.q)
	}
}

// hasArrow looks for an arrow in any answer, but not in its feedback.
func hasArrow(s signs) bool {
	answer := true
	for i := range s {
		switch {
		case s.is(i, '='):
			answer = true
		case s.is(i, '#'):
			answer = false
		case answer && s.is(i, '-') && s.is(i+1, '>'):
			return true
		}
	}
	return false
}

// dropReferences takes away reference answers that stood in a note of a question that isn't short.
func dropReferences(q Question) []Answer {
	var out []Answer
	for _, a := range q.Answers {
		if a.Percent != 0 {
			out = append(out, a)
		}
	}
	return out
}

// entry is one answer: its mark (= or ~), its weight and what follows.
type entry struct {
	mark     rune
	percent  int
	weighted bool
	text     signs
	feedback signs
	line     int
}

// entries cuts the answer part at its marks.
func (g *giftReader) entries(s signs, marks string) []entry {
	var out []entry
	if len(s) > 0 && (s[0].taken || !strings.ContainsRune(marks, s[0].r)) {
		g.fail(s[0].line, "“%s”看不懂：每个答案以“=”或“~”开头", clip(s.text()))
		return nil
	}
	for from := 0; from < len(s); {
		to := from + 1
		for to < len(s) && (s[to].taken || !strings.ContainsRune(marks, s[to].r)) {
			to++
		}
		out = append(out, newEntry(s[from].r, s[from+1:to].trim(), s[from].line))
		from = to
	}
	return out
}

func newEntry(mark rune, s signs, line int) entry {
	e := entry{mark: mark, line: line}
	if mark == '=' {
		e.percent = Full
	}
	if m := weightPattern.FindStringSubmatch(s.text()); m != nil && s.is(0, '%') {
		e.percent, _ = strconv.Atoi(m[1] + m[2])
		e.weighted = true
		s = s[len([]rune(m[0])):].trim()
	}
	if at := s.index('#', 0); at >= 0 {
		e.feedback = s[at+1:].trim()
		s = s[:at].trim()
	}
	e.text = s
	return e
}

func (g *giftReader) choices(s signs) {
	list := g.entries(s, "=~")
	g.q.Kind = Multi
	for _, e := range list {
		if e.mark == '=' {
			g.q.Kind = Single
		}
	}
	if g.q.Kind == Multi {
		g.multi(list)
		return
	}
	for _, e := range list {
		if e.percent < 0 {
			g.r.warn(e.line, "单选题没有倒扣分，已按0分读")
			e.percent = 0
		}
		g.q.Options = append(g.q.Options, Option{g.value(e.text), e.percent, g.value(e.feedback)})
	}
}

// multi takes an option of positive weight for right. Unequal weights are lost: here
// every right option counts the same.
func (g *giftReader) multi(list []entry) {
	weight := 0
	uneven := false
	for _, e := range list {
		o := Option{Text: g.value(e.text), Feedback: g.value(e.feedback)}
		if e.percent > 0 {
			uneven = uneven || (weight > 0 && e.percent != weight)
			weight = e.percent
			o.Percent = Full
		}
		g.q.Options = append(g.q.Options, o)
	}
	if uneven {
		g.r.warn(g.line, "多选题各项权重不同，导入后各正确项按相同比例计分")
	}
}

func (g *giftReader) pairs(s signs) {
	for _, e := range g.entries(s, "=") {
		arrow := e.text.find("->")
		if arrow < 0 {
			g.fail(e.line, "“%s”没有“->”，连线题每项写“=左边 -> 右边”", clip(e.text.text()))
			continue
		}
		if len(e.feedback) > 0 || e.weighted {
			g.r.warn(e.line, "连线题没有逐项反馈和权重，已略去")
		}
		g.q.Pairs = append(g.q.Pairs, Pair{g.value(e.text[:arrow]), g.value(e.text[arrow+2:])})
	}
}

var judgeMarks = map[string]bool{"T": true, "TRUE": true, "对": true, "正确": true, "F": false, "FALSE": false, "错": false, "错误": false}

// judge reads {T#feedback when wrong#feedback when right}.
func (g *giftReader) judge(s signs) bool {
	parts := []signs{nil, nil, nil}
	rest := s
	for i := range parts {
		at := rest.index('#', 0)
		if at < 0 || i == len(parts)-1 {
			parts[i] = rest
			break
		}
		parts[i], rest = rest[:at], rest[at+1:]
	}
	truth, ok := judgeMarks[strings.ToUpper(parts[0].text())]
	if !ok {
		return false
	}
	wrong, right := g.value(parts[1]), g.value(parts[2])
	g.q.Kind = Judge
	g.q.Options = []Option{{True, Full, right}, {False, 0, wrong}}
	if !truth {
		g.q.Options = []Option{{True, 0, wrong}, {False, Full, right}}
	}
	return true
}

func (g *giftReader) blanks(s signs) {
	for _, e := range g.entries(s, "=") {
		if e.percent <= 0 {
			g.r.warn(e.line, "填空题0分的答案只用来写反馈，已略去")
			continue
		}
		if e.text.index('*', 0) >= 0 {
			g.r.warn(e.line, "“*”按星号本身读，不作通配符")
		}
		g.q.Answers = append(g.q.Answers, Answer{Text: g.value(e.text), Percent: e.percent, Feedback: g.value(e.feedback)})
	}
}

func (g *giftReader) numbers(s signs) {
	list := []entry{newEntry('=', s, s.line(g.line))}
	if s.is(0, '=') || s.is(0, '~') {
		list = g.entries(s, "=~")
	}
	for _, e := range list {
		if e.mark == '~' || e.percent <= 0 {
			g.r.warn(e.line, "数值题答错时的反馈已略去")
			continue
		}
		a := Answer{Percent: e.percent, Feedback: g.value(e.feedback)}
		text := strings.Replace(e.text.text(), "：", ":", 1)
		if n, by, ok := strings.Cut(text, ":"); ok {
			a.Text, a.Tolerance = strings.TrimSpace(n), strings.TrimSpace(by)
		} else {
			a.Text, a.Tolerance = numberRange(text)
		}
		g.q.Answers = append(g.q.Answers, a)
	}
}
