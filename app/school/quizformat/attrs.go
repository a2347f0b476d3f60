package quizformat

import "strings"

// attribute is one name=value of a block's first line.
type attribute struct{ key, value string }

// attributes reads name=value pairs; a value with spaces stands in double quotes, with
// \" and \\ inside. bad is the text that doesn't fit.
func attributes(s string) (out []attribute, bad string) {
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		key, rest, ok := strings.Cut(s, "=")
		if !ok || key == "" || strings.ContainsAny(key, " \t\"") {
			return out, s
		}
		value, tail, ok := attributeValue(rest)
		if !ok {
			return out, s
		}
		out = append(out, attribute{key, value})
		s = tail
	}
	return out, ""
}

func attributeValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		if i := strings.IndexAny(s, " \t"); i >= 0 {
			return s[:i], s[i:], true
		}
		return s, "", true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:], true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
