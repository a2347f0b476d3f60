package quizformat

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// ParseGIFT reads a text in Moodle's GIFT format. Questions stand apart by blank lines, so
// one that lacks a closing brace doesn't swallow the next. Where Moodle and this program
// grade differently (several weights in a multiple choice) a warning says so.
func ParseGIFT(text []byte) Result {
	var r Result
	src, ok := r.open(text)
	if !ok {
		return r
	}
	category := ""
	for i := 0; i < len(src.lines); i++ {
		if strings.TrimSpace(src.lines[i]) == "" {
			continue
		}
		first := i
		for i+1 < len(src.lines) && strings.TrimSpace(src.lines[i+1]) != "" {
			i++
		}
		r.gift(src, first, i, &category)
	}
	return r.sorted()
}

// giftReader holds what is known of one question while it is read.
type giftReader struct {
	r        *Result
	q        Question
	ok       bool
	line     int // of the question
	html     bool
	numbered bool // the reference answers of a short question come from a note
}

func (g *giftReader) fail(line int, format string, args ...any) {
	g.ok = false
	g.r.fail(line, format, args...)
}

// gift reads the lines first to last (from 0), which hold one question, a category or comments.
func (r *Result) gift(src source, first, last int, category *string) {
	g := giftReader{r: r, ok: true, line: first + 1, q: Question{Points: 1}}
	lines := make([]string, 0, last-first+1)
	content := -1
	for i := first; i <= last; i++ {
		line := src.lines[i]
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(trimmed, "//"):
			g.comment(trimmed[2:], i+1)
			line = ""
		case content < 0 && strings.HasPrefix(strings.ToUpper(trimmed), "$CATEGORY:"):
			*category = trimmed[len("$CATEGORY:"):]
			line = ""
		case content < 0:
			content = i
		}
		lines = append(lines, line)
	}
	if content < 0 {
		return
	}
	if src.damaged(first, last) {
		return
	}
	g.line = content + 1
	g.q.Category = *category
	g.question(giftSigns(lines[content-first:], content+1))
	if g.ok {
		r.keep(g.q, g.line, last+1)
	}
}

func (g *giftReader) comment(text string, line int) {
	for _, n := range notes(text) {
		switch n.key {
		case "id":
			g.q.ID = inline(n.value)
			if !idPattern.MatchString(g.q.ID) {
				g.r.warn(line, "编号“%s”不合规则，已略去", clip(g.q.ID))
				g.q.ID = ""
			}
		case "tag":
			g.q.Tags = append(g.q.Tags, n.value)
		case "points":
			if p, err := strconv.Atoi(n.value); err == nil {
				g.q.Points = p
			}
		case "answer":
			g.q.Answers = append(g.q.Answers, Answer{Text: n.value})
			g.numbered = true
		}
	}
}

var wideBraces = map[rune]rune{'｛': '{', '｝': '}'}
var wideMarks = map[rune]rune{'＝': '=', '～': '~', '＃': '#'}

func (g *giftReader) question(s signs) {
	s = s.trim()
	if s.is(0, ':') && s.is(1, ':') {
		if end := s[2:].find("::"); end >= 0 {
			g.q.Title = s[2 : 2+end].text()
			s = s[end+4:]
		}
	}
	wide := false
	if s.index('{', 0) < 0 && s.index('｛', 0) >= 0 {
		g.r.warn(s[s.index('｛', 0)].line, "用了全角花括号，已按半角读")
		s.replace(wideBraces)
		wide = true
	}
	open := s.index('{', 0)
	closing := s.index('}', 0)
	switch {
	case open < 0 && closing < 0:
		g.ok = false
		g.r.warn(g.line, "没有花括号里的答案，当作说明文字，不导入")
		return
	case closing < 0:
		g.fail(s[open].line, "左花括号“{”没有配对的“}”（题目中间不能有空行；要写花括号本身，前面加反斜杠）")
		return
	case open < 0 || closing < open:
		g.fail(s[closing].line, "右花括号“}”前面没有配对的“{”")
		return
	}
	if again := s.index('{', open+1); again >= 0 {
		g.fail(s[again].line, "一道题只能有一对花括号；要写花括号本身，前面加反斜杠")
		return
	}
	g.stem(s[:open], s[closing+1:])
	g.body(s[open+1:closing].trim(), wide)
}

// stem joins what stands before and after the answers; in between, a blank to fill in.
func (g *giftReader) stem(before, after signs) {
	text := before.text()
	if m := formatPattern.FindStringSubmatch(text); m != nil {
		text = strings.TrimSpace(text[len(m[0]):])
		g.html = m[1] == "html"
	}
	if tail := after.text(); tail != "" {
		if !strings.HasSuffix(text, "__") {
			text += "____"
		}
		text += tail
	}
	if g.html {
		g.r.warn(g.line, "题干是HTML，只保留了文字")
		text = fromHTML(text)
	}
	g.q.Stem = text
}

var (
	breakPattern = regexp.MustCompile(`(?i)<br\s*/?>|</(p|div|li|tr|h[1-6])>`)
	tagPattern   = regexp.MustCompile(`<[^<>]*>`)
)

// fromHTML keeps the words of a little HTML.
func fromHTML(s string) string {
	s = breakPattern.ReplaceAllString(strings.ReplaceAll(s, "\n", " "), "\n")
	return strings.TrimSpace(html.UnescapeString(tagPattern.ReplaceAllString(s, "")))
}

// value gives the text of an option or answer without its format mark.
func (g *giftReader) value(s signs) string {
	text := s.text()
	isHTML := g.html
	if m := formatPattern.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		isHTML = m[1] == "html"
	}
	if isHTML {
		text = fromHTML(text)
	}
	return text
}
