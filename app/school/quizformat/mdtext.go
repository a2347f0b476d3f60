package quizformat

import "strings"

// Escapes inside answer lines, and the guard of stem lines.

// letter is a character of an answer line; taken says that a backslash took its meaning.
type letter struct {
	r     rune
	taken bool
}

const special = `{}|\[｛｝`

// letters resolves the backslashes of an answer line. A backslash before any other
// character is itself, so that LaTeX and paths survive.
func letters(s string) []letter {
	var out []letter
	in := []rune(s)
	for i := 0; i < len(in); i++ {
		if in[i] == '\\' && i+1 < len(in) && strings.ContainsRune(special, in[i+1]) {
			i++
			out = append(out, letter{in[i], true})
			continue
		}
		out = append(out, letter{in[i], false})
	}
	return out
}

func word(ls []letter) string {
	var b strings.Builder
	for _, l := range ls {
		b.WriteRune(l.r)
	}
	return strings.TrimSpace(b.String())
}

// plain resolves the backslashes of a text without feedback.
func plain(s string) string { return word(letters(s)) }

// escape is the inverse of plain.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// splitPlain cuts at a separator that no backslash precedes; the parts keep their backslashes.
func splitPlain(s string, sep byte) []string {
	var out []string
	from := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == sep:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

// feedback takes "文字 {反馈}" apart at the braces that close the line.
func (b *blockReader) feedback(s string, no int) (text, fb string) {
	ls := letters(strings.TrimSpace(s))
	n := len(ls)
	if n == 0 || ls[n-1].taken || !closes(ls[n-1].r) {
		return word(ls), ""
	}
	depth := 0
	for i := n - 1; i >= 0; i-- {
		switch l := ls[i]; {
		case l.taken:
		case closes(l.r):
			depth++
		case l.r == '{' || l.r == '｛':
			depth--
		}
		if depth == 0 {
			if ls[n-1].r == '｝' || ls[i].r == '｛' {
				b.r.warn(no, "反馈用了全角花括号，已按半角读")
			}
			return word(ls[:i]), word(ls[i+1 : n-1])
		}
	}
	b.fail(no, "花括号不成对；要写花括号本身，前面加反斜杠")
	return "", ""
}

func closes(r rune) bool { return r == '}' || r == '｝' }

// guard puts a backslash before a stem line that would be read as an answer, an
// explanation or the end; unguard takes one away.
func guard(k Kind, line string) string {
	t := strings.TrimSpace(line)
	if !guarded(k, strings.TrimLeft(t, `\`)) {
		return line
	}
	return strings.Replace(line, t, `\`+t, 1)
}

func unguard(k Kind, line string) string {
	t := strings.TrimSpace(line)
	if !strings.HasPrefix(t, `\`) || !guarded(k, strings.TrimLeft(t, `\`)) {
		return line
	}
	return strings.Replace(line, `\`, "", 1)
}

func guarded(k Kind, t string) bool {
	return strings.HasPrefix(t, ">") || strings.HasPrefix(t, ":::") || marks(k, t)
}
