package quizformat

import (
	"regexp"
	"strings"
	"unicode"
)

// sign is a character of a GIFT text with its line (from 1); taken says that a
// backslash took its meaning.
type sign struct {
	letter
	line int
}

type signs []sign

const giftSpecial = `~=#{}:\`

// giftSigns resolves the backslashes of some lines. As in Moodle, \n is a line break.
func giftSigns(lines []string, first int) signs {
	var out signs
	for n, l := range lines {
		in := []rune(l)
		for i := 0; i < len(in); i++ {
			s := sign{letter{in[i], false}, first + n}
			if in[i] == '\\' && i+1 < len(in) && (strings.ContainsRune(giftSpecial, in[i+1]) || in[i+1] == 'n') {
				i++
				s.letter = letter{in[i], true}
				if in[i] == 'n' {
					s.r = '\n'
				}
			}
			out = append(out, s)
		}
		out = append(out, sign{letter{'\n', false}, first + n})
	}
	return out
}

// is says whether position i holds an untaken r.
func (s signs) is(i int, r rune) bool {
	return i >= 0 && i < len(s) && s[i].r == r && !s[i].taken
}

// index finds the first untaken r from position i on; -1 when there is none.
func (s signs) index(r rune, i int) int {
	for ; i < len(s); i++ {
		if s.is(i, r) {
			return i
		}
	}
	return -1
}

// find looks for a run of untaken characters.
func (s signs) find(run string) int {
	want := []rune(run)
	for i := 0; i+len(want) <= len(s); i++ {
		at := 0
		for at < len(want) && s.is(i+at, want[at]) {
			at++
		}
		if at == len(want) {
			return i
		}
	}
	return -1
}

// findLast is find from the end.
func (s signs) findLast(run string) int {
	last := -1
	for from := 0; ; {
		i := s[from:].find(run)
		if i < 0 {
			return last
		}
		last = from + i
		from = last + 1
	}
}

func (s signs) text() string {
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(c.r)
	}
	return strings.TrimSpace(b.String())
}

func (s signs) trim() signs {
	for len(s) > 0 && unicode.IsSpace(s[0].r) {
		s = s[1:]
	}
	for len(s) > 0 && unicode.IsSpace(s[len(s)-1].r) {
		s = s[:len(s)-1]
	}
	return s
}

func (s signs) line(otherwise int) int {
	if len(s) > 0 {
		return s[0].line
	}
	return otherwise
}

// replace turns untaken full-width characters into the ASCII ones that GIFT means.
func (s signs) replace(pairs map[rune]rune) {
	for i := range s {
		if to, ok := pairs[s[i].r]; ok && !s[i].taken {
			s[i].r = to
		}
	}
}

var (
	weightPattern = regexp.MustCompile(`^%\s*(-?)(\d{1,3})(?:\.\d*)?\s*%`)
	formatPattern = regexp.MustCompile(`^\[(markdown|html|plain|moodle|moodle_auto_format)\]`)
	noteOpening   = regexp.MustCompile(`\[([a-z]+):`)
)

// notes reads the [name:value] parts of a comment; \] and \\ stand for ] and \, \n for a line break.
func notes(comment string) []attribute {
	var out []attribute
	for {
		m := noteOpening.FindStringSubmatchIndex(comment)
		if m == nil {
			return out
		}
		key := comment[m[2]:m[3]]
		value, rest, ok := noteValue(comment[m[1]:])
		if !ok {
			return out
		}
		out = append(out, attribute{key, value})
		comment = rest
	}
}

func noteValue(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			if s[i] == 'n' {
				b.WriteByte('\n')
			} else {
				b.WriteByte(s[i])
			}
		case s[i] == ']':
			return b.String(), s[i+1:], true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

func note(key, value string) string {
	return "[" + key + ":" + strings.NewReplacer(`\`, `\\`, "]", `\]`, "\n", `\n`).Replace(value) + "]"
}
