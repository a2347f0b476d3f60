package doc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes any text fit for paper: bytes that are no UTF-8, control characters, marks of
// writing direction, variation selectors and code points that no file format carries are dropped;
// line endings become one newline, a tab a space.
func clean(s string) string {
	if fine(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(s[i:]); n > 1 {
				b.WriteRune(r) // a replacement character somebody really typed
			}
		case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x2028 || r == 0x2029:
			b.WriteByte('\n')
		case r == '\t':
			b.WriteByte(' ')
		case dropped(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fine tells quickly that nothing has to be changed, which is the rule.
func fine(s string) bool {
	for _, r := range s {
		if r != '\n' && (r < ' ' || r == utf8.RuneError || r >= 0x7f && (r == 0x2028 || r == 0x2029 || dropped(r))) {
			return false
		}
	}
	return true
}

func dropped(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) ||
		r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}

// oneLine is clean without line breaks, for titles and captions.
func oneLine(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(clean(s), "\n", " "))
}
