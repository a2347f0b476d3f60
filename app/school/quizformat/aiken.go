package quizformat

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

var (
	aikenOption = regexp.MustCompile(`^([A-Za-zＡ-Ｚａ-ｚ])\s*[.)．）、](.*)$`)
	aikenAnswer = regexp.MustCompile(`^(?i:ANSWER|答案|正确答案)\s*[:：]\s*(.*)$`)
)

// ParseAiken reads a text in Aiken format: a stem, options "A. …" or "A) …", then
// "ANSWER: B". Full-width letters and signs, "A、" and "答案：" are taken too, and a stem
// of several lines. Aiken knows single choice only.
func ParseAiken(text []byte) Result {
	var r Result
	src, ok := r.open(text)
	if !ok {
		return r
	}
	a := aikenReader{r: &r, src: src}
	for i, line := range src.lines {
		a.line(strings.TrimSpace(line), i)
	}
	if a.begun() {
		r.fail(a.lastLine+1, "缺少“ANSWER: 字母”或“答案：字母”")
	}
	return r.sorted()
}

// aikenReader gathers the lines of the question at hand.
type aikenReader struct {
	r        *Result
	src      source
	stem     []string
	options  []Option
	first    int // from 0
	lastLine int // from 0, last line that was not blank
	broken   bool
}

func (a *aikenReader) begun() bool { return len(a.stem)+len(a.options) > 0 }

func (a *aikenReader) line(t string, i int) {
	if t == "" {
		return
	}
	if !a.begun() {
		a.first = i
	}
	if m := aikenAnswer.FindStringSubmatch(t); m != nil {
		a.answer(m[1], i)
		return
	}
	// A letter out of turn in a stem is no option: "U. S. 法院……"
	if m := aikenOption.FindStringSubmatch(t); m != nil && (len(a.options) > 0 || position(m[1]) == 0) {
		a.option(position(m[1]), m[2], i)
		a.lastLine = i
		return
	}
	if len(a.options) > 0 {
		a.r.fail(a.lastLine+1, "这道题缺少“ANSWER: 字母”或“答案：字母”")
		a.reset()
		a.first = i
	}
	a.stem = append(a.stem, t)
	a.lastLine = i
}

func (a *aikenReader) option(at int, text string, i int) {
	if at != len(a.options) {
		want := "没有第27个字母"
		if len(a.options) < MaxOptions {
			want = "应是 " + string(rune('A'+len(a.options)))
		}
		a.r.fail(i+1, "选项字母 %c 不连续，%s", 'A'+at, want)
		a.broken = true
	}
	a.options = append(a.options, Option{Text: text})
}

func (a *aikenReader) answer(letters string, i int) {
	defer a.reset()
	letters = inline(norm.NFKC.String(letters))
	at := position(letters)
	switch {
	case !a.begun():
		a.r.fail(i+1, "答案前面没有题目")
		return
	case len([]rune(letters)) > 1:
		a.r.fail(i+1, "答案“%s”不是一个字母；Aiken 格式只收单选题", clip(letters))
		return
	case at < 0 || at >= len(a.options):
		a.r.fail(i+1, "答案“%s”不在选项里", clip(letters))
		return
	case a.broken || a.src.damaged(a.first, i):
		return
	}
	a.options[at].Percent = Full
	a.r.keep(Question{Kind: Single, Points: 1, Stem: strings.Join(a.stem, "\n"), Options: a.options}, a.first+1, i+1)
}

func (a *aikenReader) reset() { a.stem, a.options, a.broken = nil, nil, false }

// position is 0 for A, 25 for Z, whatever the width or case; -1 for anything else.
func position(letter string) int {
	s := strings.ToUpper(norm.NFKC.String(letter))
	if len(s) != 1 || s[0] < 'A' || s[0] > 'Z' {
		return -1
	}
	return int(s[0] - 'A')
}
