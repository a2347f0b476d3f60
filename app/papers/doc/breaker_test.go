package doc

import (
	"testing"

	"pgregory.net/rapid"
)

func toMarks(s string, width float64) []mark {
	var ms []mark
	for _, r := range s {
		m := mark{r: r, width: width}
		if r < 0x80 {
			m.width = width / 2
		}
		if r == '\n' {
			m.width = 0
		}
		ms = append(ms, m)
	}
	return ms
}

func lineStrings(lines [][]mark) []string {
	var out []string
	for _, l := range lines {
		var s []rune
		for _, m := range l {
			s = append(s, m.r)
		}
		out = append(out, string(s))
	}
	return out
}

func TestBreakLines(t *testing.T) {
	cases := []struct {
		text  string
		width float64 // in characters of width 10
		want  []string
	}{
		{"", 5, []string{""}},
		{"调解协议书。", 5, []string{"调解协议", "书。"}},               // 。 does not begin a line
		{"甲乙丙丁《调解法》", 5, []string{"甲乙丙丁", "《调解法》"}},         // 《 does not end one
		{"共计8600.50元整", 4, []string{"共计", "8600.50", "元整"}}, // a number stays whole
		{"甲\n乙\n", 5, []string{"甲", "乙", ""}},
		{"甲 乙", 1, []string{"甲", "乙"}},
		{"。。。。。。", 3, []string{"。。。", "。。。"}}, // nothing but closing marks: the rule has to give
		{"abcdefghij", 3, []string{"abcdef", "ghij"}},
	}
	for _, c := range cases {
		got := lineStrings(breakLines(toMarks(c.text, 10), c.width*10, c.width*10))
		if len(got) != len(c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q: %q, want %q", c.text, got, c.want)
				break
			}
		}
	}
}

// Whatever the text: nothing but spaces and newlines is lost, no line is too wide, and no line
// begins with closing punctuation where another place to break was to be had.
func TestBreakLinesKeepsEverything(t *testing.T) {
	alphabet := rapid.SampledFrom([]rune("甲乙丙丁《》（）“”，。、；：！abc 0129.,\n——……"))
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(alphabet, 0, 80).Draw(t, "text"))
		chars := rapid.IntRange(2, 12).Draw(t, "chars")
		width := float64(chars) * 10
		lines := breakLines(toMarks(text, 10), width, width)
		var joined string
		for i, l := range lines {
			if w := total(l); w > width+0.01 && len(l) > 1 {
				t.Fatalf("line %q is %v wide, limit %v", lineStrings(lines)[i], w, width)
			}
			joined += lineStrings(lines)[i]
			if i > 0 && len(l) > 0 && noStart[l[0].r] && hadChoice(text, lineStrings(lines), i) {
				t.Fatalf("line %q begins with closing punctuation: %q", lineStrings(lines)[i], lineStrings(lines))
			}
		}
		if strip(joined) != strip(text) {
			t.Fatalf("%q became %q", text, joined)
		}
	})
}

// hadChoice tells whether the line before line i could have ended at an earlier place allowed by
// the rules, and whether line i began because of width and not of a newline.
func hadChoice(text string, lines []string, i int) bool {
	before := toMarks(lines[i-1], 10)
	for j := 1; j < len(before); j++ {
		if breakable(before, j) {
			return !newlineBefore(text, lines, i)
		}
	}
	return false
}

func newlineBefore(text string, lines []string, i int) bool {
	at := 0
	runes := []rune(text)
	for n, l := range lines[:i+1] {
		for at < len(runes) && (runes[at] == ' ' || runes[at] == '\n') && (l == "" || runes[at] != []rune(l)[0]) {
			if n == i && runes[at] == '\n' {
				return true
			}
			at++
		}
		at += len([]rune(l))
	}
	return false
}

func strip(s string) string {
	var out []rune
	for _, r := range s {
		if r != ' ' && r != '\n' {
			out = append(out, r)
		}
	}
	return string(out)
}
