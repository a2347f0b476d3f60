package pdf

import (
	"bytes"
	"fmt"
	"slices"
)

// The objects of a file that is read. Numbers and keywords keep their own spelling.
type (
	name  string          // /Name
	text  []byte          // (string) or <hex>, with its brackets
	token string          // number, true, false, null
	array []any           // [ … ]
	dict  map[name]any    // << … >>
	link  struct{ n int } // reference to object n
)

// stream is a dictionary with data as stored in the file.
type stream struct {
	dict
	data []byte
}

// lexer reads objects from bytes. Depth is bounded, so that no file can exhaust the stack.
type lexer struct {
	data  []byte
	pos   int
	depth int
}

const maxDepth = 64

func space(c byte) bool { return c == 0 || c == 9 || c == 10 || c == 12 || c == 13 || c == 32 }

func delimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) skip() {
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case space(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != 10 && l.data[l.pos] != 13 {
				l.pos++
			}
		default:
			return
		}
	}
}

// word reads up to the next space or delimiter.
func (l *lexer) word() string {
	start := l.pos
	for l.pos < len(l.data) && !space(l.data[l.pos]) && !delimiter(l.data[l.pos]) {
		l.pos++
	}
	return string(l.data[start:l.pos])
}

// next reads one object. At the end of the data, and for what is no object, ok is false.
func (l *lexer) next() (any, bool) {
	l.skip()
	if l.pos >= len(l.data) || l.depth > maxDepth {
		return nil, false
	}
	switch c := l.data[l.pos]; {
	case c == '/':
		l.pos++
		return name(l.word()), true
	case c == '(':
		return l.literal()
	case bytes.HasPrefix(l.data[l.pos:], []byte("<<")):
		return l.dictionary()
	case c == '<':
		end := bytes.IndexByte(l.data[l.pos:], '>')
		if end < 0 {
			return nil, false
		}
		t := text(l.data[l.pos : l.pos+end+1])
		l.pos += end + 1
		return t, true
	case c == '[':
		return l.list()
	case delimiter(c):
		return nil, false
	}
	return l.number()
}

// number reads a number, a keyword, or a reference, which begins as a number.
func (l *lexer) number() (any, bool) {
	w := l.word()
	n, ok := whole(w)
	if !ok {
		return token(w), w != ""
	}
	after := l.pos
	l.skip()
	if _, ok := whole(l.word()); ok {
		l.skip()
		if l.word() == "R" {
			return link{n}, true
		}
	}
	l.pos = after
	return token(w), true
}

func whole(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// literal reads a (string) with its nested brackets.
func (l *lexer) literal() (any, bool) {
	start, open := l.pos, 0
	for ; l.pos < len(l.data); l.pos++ {
		switch l.data[l.pos] {
		case '\\':
			l.pos++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.pos++
				return text(l.data[start:l.pos]), true
			}
		}
	}
	return nil, false
}

func (l *lexer) list() (any, bool) {
	l.pos++
	l.depth++
	defer func() { l.depth-- }()
	a := array{}
	for {
		l.skip()
		if l.pos < len(l.data) && l.data[l.pos] == ']' {
			l.pos++
			return a, true
		}
		o, ok := l.next()
		if !ok {
			return nil, false
		}
		a = append(a, o)
	}
}

func (l *lexer) dictionary() (any, bool) {
	l.pos += 2
	l.depth++
	defer func() { l.depth-- }()
	d := dict{}
	for {
		l.skip()
		if bytes.HasPrefix(l.data[l.pos:], []byte(">>")) {
			l.pos += 2
			return d, true
		}
		key, ok := l.next()
		k, isName := key.(name)
		if !ok || !isName {
			return nil, false
		}
		v, ok := l.next()
		if !ok {
			return nil, false
		}
		d[k] = v
	}
}

// render writes an object; references are passed through to, which gives their new numbers.
// Dictionaries are written in the order of their keys, so that the same file gives the same bytes.
func render(b *bytes.Buffer, o any, to func(link) Ref) {
	switch o := o.(type) {
	case name:
		b.WriteString("/" + string(o))
	case text:
		b.Write(o)
	case token:
		b.WriteString(string(o))
	case link:
		if r := to(o); r != 0 {
			b.WriteString(r.String())
		} else {
			b.WriteString("null")
		}
	case Ref:
		b.WriteString(o.String())
	case array:
		b.WriteString("[")
		for _, x := range o {
			b.WriteByte(' ')
			render(b, x, to)
		}
		b.WriteString(" ]")
	case dict:
		b.WriteString("<<")
		keys := make([]name, 0, len(o))
		for k := range o {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			fmt.Fprintf(b, " /%s ", string(k))
			render(b, o[k], to)
		}
		b.WriteString(" >>")
	default:
		b.WriteString("null")
	}
}
