package quizformat

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	openPattern   = regexp.MustCompile(`^:::\s*question(\s|$)`)
	closePattern  = regexp.MustCompile(`^:::\s*$`)
	fencePattern  = regexp.MustCompile("^ {0,3}(```+|~~~+)")
	optionPattern = regexp.MustCompile(`^[-*]\s+[\[［]\s*([^\]］]*?)\s*[\]］](.*)$`)
	sharePattern  = regexp.MustCompile(`^(\d{1,3})\s*[%％]$`)
	answerPattern = regexp.MustCompile(`^=\s*(?:\[\s*(\d{1,3})\s*[%％]\s*\])?(.*)$`)
)

// ParseMarkdown reads the question blocks of a Markdown text and passes over everything
// else, code fences included.
func ParseMarkdown(text []byte) Result {
	var r Result
	src, ok := r.open(text)
	if !ok {
		return r
	}
	fence := ""
	for i := 0; i < len(src.lines); i++ {
		line := src.lines[i]
		if fence != "" || !openPattern.MatchString(line) {
			fence = inFence(fence, line)
			continue
		}
		i = r.block(src, i)
	}
	return r.sorted()
}

// inFence follows code fences: it gives the fence that is open after the line.
func inFence(open, line string) string {
	m := fencePattern.FindStringSubmatch(line)
	switch {
	case m == nil:
		return open
	case open == "":
		return m[1]
	case strings.HasPrefix(m[1], open) && strings.TrimSpace(line) == m[1]:
		return ""
	}
	return open
}

// block reads the question that opens at line first and gives the last line it used.
func (r *Result) block(src source, first int) int {
	last := first
	for last+1 < len(src.lines) && !closePattern.MatchString(src.lines[last+1]) && !openPattern.MatchString(src.lines[last+1]) {
		last++
	}
	end := last + 1
	b := blockReader{r: r, ok: !src.damaged(first, last)}
	if end >= len(src.lines) || !closePattern.MatchString(src.lines[end]) {
		b.fail(first+1, "这道题没有用单独一行“:::”结束")
		end = last
	}
	b.header(src.lines[first], first+1)
	if b.ok {
		for i := first + 1; i <= last; i++ {
			b.line(src.lines[i], i+1)
		}
		b.q.Stem = strings.Join(b.stem, "\n")
		b.q.Explanation = strings.Join(b.explanation, "\n")
	}
	if b.ok {
		r.keep(b.q, first+1, end+1)
	}
	return end
}

// blockReader holds the state between the lines of one block.
type blockReader struct {
	r                 *Result
	q                 Question
	ok                bool
	stem, explanation []string
	answered          bool // an answer line was seen
	explained         bool
}

func (b *blockReader) fail(line int, format string, args ...any) {
	b.ok = false
	b.r.fail(line, format, args...)
}

func (b *blockReader) header(line string, no int) {
	attrs, bad := attributes(strings.TrimPrefix(strings.TrimSpace(strings.TrimPrefix(line, ":::")), "question"))
	if bad != "" {
		b.fail(no, "“%s”的写法不对，应是 名称=值", clip(bad))
		return
	}
	b.q.Points = 1
	for _, a := range attrs {
		switch a.key {
		case "id":
			b.q.ID = a.value
		case "kind":
			b.q.Kind = Kind(a.value)
		case "points":
			n, err := strconv.Atoi(a.value)
			if err != nil {
				b.fail(no, "分值“%s”不是整数", clip(a.value))
			}
			b.q.Points = n
		case "tags":
			b.q.Tags = []string{a.value}
		case "title":
			b.q.Title = a.value
		case "category":
			b.q.Category = a.value
		default:
			b.r.warn(no, "不认识“%s”，已略去", clip(a.key))
		}
	}
	switch {
	case b.q.Kind == "":
		b.fail(no, "没有写题型，如 kind=single")
	case b.q.Kind.Label() == "":
		b.fail(no, "不认识的题型“%s”", clip(string(b.q.Kind)))
	}
}

// line reads one line after the header: stem, then answers, then explanation.
func (b *blockReader) line(line string, no int) {
	t := strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(t, ">"):
		b.explain(strings.TrimPrefix(t[1:], " "))
	case b.explained && t != "":
		b.fail(no, "解析之后不能再有内容；解析的每一行都以“>”开头")
	case marks(b.q.Kind, t):
		b.answered = true
		b.answer(t, no)
	case b.answered && t != "":
		b.fail(no, "“%s”看不懂：%s", clip(t), answerHint(b.q.Kind))
	case !b.answered:
		b.stem = append(b.stem, unguard(b.q.Kind, line))
	}
}

func (b *blockReader) explain(text string) {
	if !b.explained {
		for _, prefix := range []string{"解析:", "解析："} {
			if rest, ok := strings.CutPrefix(text, prefix); ok {
				text = rest
				break
			}
		}
	}
	b.explained = true
	b.explanation = append(b.explanation, text)
}

func (b *blockReader) answer(t string, no int) {
	switch b.q.Kind {
	case Single, Multi, Judge:
		b.option(t, no)
	case Match:
		b.pair(t)
	default:
		b.accepted(t, no)
	}
}

func (b *blockReader) option(t string, no int) {
	m := optionPattern.FindStringSubmatch(t)
	if m == nil {
		b.fail(no, "“%s”看不懂：%s", clip(t), answerHint(b.q.Kind))
		return
	}
	o := Option{}
	switch share := sharePattern.FindStringSubmatch(m[1]); {
	case share != nil:
		o.Percent, _ = strconv.Atoi(share[1])
	case m[1] == "":
	case strings.Contains("xX√✓", m[1]):
		o.Percent = Full
	default:
		b.fail(no, "方括号里只能是 x、空格或得分比例，现在是“%s”", clip(m[1]))
	}
	o.Text, o.Feedback = b.feedback(m[2], no)
	b.q.Options = append(b.q.Options, o)
}

func (b *blockReader) pair(t string) {
	body := strings.TrimSpace(t[1:])
	arrow := "->"
	if !strings.Contains(body, arrow) {
		arrow = "→"
	}
	left, right, _ := strings.Cut(body, arrow)
	b.q.Pairs = append(b.q.Pairs, Pair{plain(left), plain(right)})
}

func (b *blockReader) accepted(t string, no int) {
	m := answerPattern.FindStringSubmatch(t)
	percent := Full
	if m[1] != "" {
		percent, _ = strconv.Atoi(m[1])
	}
	if b.q.Kind == Short {
		b.q.Answers = append(b.q.Answers, Answer{Text: plain(m[2])})
		return
	}
	for _, part := range splitPlain(m[2], '|') {
		a := Answer{Percent: percent}
		a.Text, a.Feedback = b.feedback(part, no)
		if b.q.Kind == Numeric {
			a.Text, a.Tolerance = numberRange(a.Text)
		}
		b.q.Answers = append(b.q.Answers, a)
	}
}

// numberRange takes "30 ± 0.5", "30 +- 0.5" and "29.5..30.5" apart into the number and
// its tolerance. What isn't a range comes back as it is, for Check to judge.
func numberRange(s string) (number, tolerance string) {
	for _, sign := range []string{"±", "+/-", "+-"} {
		if n, by, ok := strings.Cut(s, sign); ok {
			return strings.TrimSpace(n), strings.TrimSpace(by)
		}
	}
	if from, to, ok := strings.Cut(s, ".."); ok {
		low, err1 := ParseNumber(from)
		high, err2 := ParseNumber(to)
		if err1 == nil && err2 == nil {
			mid, half := middle(low, high)
			return mid.String(), half.String()
		}
	}
	return s, ""
}

// marks says whether a trimmed line begins an answer of the kind.
func marks(k Kind, t string) bool {
	switch k {
	case Single, Multi, Judge:
		return optionPattern.MatchString(t)
	case Match:
		return (strings.HasPrefix(t, "- ") || strings.HasPrefix(t, "* ")) && (strings.Contains(t, "->") || strings.Contains(t, "→"))
	}
	return strings.HasPrefix(t, "=") && !strings.HasPrefix(t, "==")
}

func answerHint(k Kind) string {
	switch k {
	case Match:
		return "连线题每行写“- 左边 -> 右边”"
	case Blank, Numeric, Short:
		return "答案每行以“= ”开头"
	}
	return "选项写“- [x] 正确项”或“- [ ] 干扰项”"
}

// Opens says whether a line begins a question block, Closes whether it ends one. A reader
// of the text around the blocks cuts them out by these.
func Opens(line string) bool { return openPattern.MatchString(line) }

// Closes is described at Opens.
func Closes(line string) bool { return closePattern.MatchString(line) }
