package doc

import "unicode"

// Line breaking follows the Chinese prohibition rules (避头尾): closing punctuation never begins a
// line, opening punctuation never ends one, and words and numbers in Latin letters stay whole.

// noStart are the characters that must not begin a line.
var noStart = set("\u3002\uff0c\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u300d\u300f\u3011\u3015\u3009\u201d\u2019\u2026\u2014\u00b7\uff05\u2030\u2103\u3005\uff0e\uff3d\uff5d\uff5e,.;:?!)]}%")

// noEnd are the characters that must not end a line.
var noEnd = set("\u2610\u2611\uff08\u300a\u300c\u300e\u3010\u3014\u3008\u201c\u2018\uff3b\uff5b\uffe5([{$#")

func set(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		m[r] = true
	}
	return m
}

// mark is one character on its way into a line, or a gap (r = 0) left blank.
type mark struct {
	r     rune
	cut   *cut
	width float64 // points
	bold  bool
	line  bool // underlined
}

// breakable tells whether a line may end before marks[j]. Spaces at the break vanish, so what
// counts are the characters that become neighbours of the edge.
func breakable(marks []mark, j int) bool {
	before, after := j-1, j
	for before > 0 && marks[before].r == ' ' {
		before--
	}
	for after < len(marks)-1 && marks[after].r == ' ' {
		after++
	}
	a, b := marks[before].r, marks[after].r
	if noStart[b] || noEnd[a] {
		return false
	}
	return after-before > 1 || !(latin(a) && latin(b))
}

func latin(r rune) bool {
	return r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r > ' ' && r < 0x7f)
}

// breakLines cuts marks into lines no wider than first (the first line) and rest (the others).
// A newline among the marks ends a line. There is always at least one line.
func breakLines(marks []mark, first, rest float64) [][]mark {
	var lines [][]mark
	width := first
	for start := 0; start < len(marks); {
		end, next := lineEnd(marks, start, width)
		lines = append(lines, marks[start:end])
		start, width = next, rest
		if start == len(marks) && end < start && marks[start-1].r == '\n' {
			lines = append(lines, nil) // text that ends in a newline
		}
	}
	if lines == nil {
		lines = [][]mark{nil}
	}
	return lines
}

// lineEnd returns where the line that begins at start ends and where the next one begins.
func lineEnd(marks []mark, start int, width float64) (end, next int) {
	var w float64
	i := start
	for ; i < len(marks) && marks[i].r != '\n'; i++ {
		w += marks[i].width
		if w > width+0.01 && i > start && marks[i].r != ' ' {
			i = backUp(marks, start, i)
			break
		}
	}
	end, next = i, i
	for end > start && marks[end-1].r == ' ' {
		end--
	}
	if next < len(marks) && marks[next].r == '\n' {
		return end, next + 1
	}
	for next < len(marks) && marks[next].r == ' ' {
		next++
	}
	return end, next
}

// backUp finds the last place at or before over where the line may end. When the rules leave none
// (one endless word), it cuts at the last place that at least spares closing punctuation.
func backUp(marks []mark, start, over int) int {
	for j := over; j > start; j-- {
		if breakable(marks, j) {
			return j
		}
	}
	for j := over; j > start; j-- {
		if !noStart[marks[j].r] {
			return j
		}
	}
	return over
}
