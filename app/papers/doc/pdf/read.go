package pdf

import (
	"bytes"
	"errors"
	"regexp"
)

// ErrForeign is returned for a file whose pages cannot be taken over: it is no PDF, is encrypted,
// or is damaged beyond repair.
var ErrForeign = errors.New("pdf: pages cannot be taken over")

const (
	maxUnpacked = 64 << 20 // of one packed stream of objects
	maxSheets   = 5000     // of one file
)

// place is where an object stands: at an offset, or as the i-th in a packed stream.
type place struct {
	offset int
	packed int // number of the stream; 0 for none
	index  int
}

// file is a PDF that is read.
type file struct {
	data    []byte
	places  map[int]place
	read    map[int]any
	packs   map[int][]any
	trailer dict
}

// open reads the table of objects; when it is broken, the objects are looked for one by one.
func open(data []byte) (*file, error) {
	f := &file{data: data, places: map[int]place{}, read: map[int]any{}, packs: map[int][]any{}, trailer: dict{}}
	if !bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return nil, ErrForeign
	}
	if !f.tables() || f.root() == nil {
		f.rescue()
	}
	if f.trailer["Encrypt"] != nil || f.root() == nil {
		return nil, ErrForeign
	}
	return f, nil
}

func (f *file) root() dict { return f.dict(f.dict(f.trailer["Root"])["Pages"]) }

var beginning = regexp.MustCompile(`(?:^|[\r\n\s])(\d{1,9})\s+\d{1,5}\s+obj\b`)

// rescue finds the objects of a file whose table is broken; of two with one number the later counts.
func (f *file) rescue() {
	f.places, f.read = map[int]place{}, map[int]any{}
	for _, m := range beginning.FindAllSubmatchIndex(f.data, -1) {
		n, _ := whole(string(f.data[m[2]:m[3]]))
		f.places[n] = place{offset: m[2]}
	}
	for n := range f.places {
		d := f.dict(link{n})
		if d["Type"] == name("Catalog") {
			f.trailer["Root"] = link{n}
		}
		if d["Type"] == name("XRef") && d["Encrypt"] != nil {
			f.trailer["Encrypt"] = d["Encrypt"]
		}
	}
}

// objectAt reads 「n g obj …」. With want ≥ 0 the number must agree.
func (f *file) objectAt(pos, want int) any {
	if pos < 0 || pos >= len(f.data) {
		return nil
	}
	l := &lexer{data: f.data, pos: pos}
	l.skip()
	n, ok := whole(l.word())
	l.skip()
	l.word()
	l.skip()
	if !ok || l.word() != "obj" || want >= 0 && n != want {
		return nil
	}
	o, ok := l.next()
	d, isDict := o.(dict)
	l.skip()
	if !ok || !isDict || !bytes.HasPrefix(f.data[l.pos:], []byte("stream")) {
		return o
	}
	start := l.pos + len("stream")
	if start < len(f.data) && f.data[start] == '\r' {
		start++
	}
	if start < len(f.data) && f.data[start] == '\n' {
		start++
	}
	return stream{d, f.streamData(d, start)}
}

// streamData trusts the length only when the stream really ends there.
func (f *file) streamData(d dict, start int) []byte {
	if start > len(f.data) {
		return nil
	}
	if n, ok := integer(f.resolve(d["Length"])); ok && start+n <= len(f.data) {
		rest := &lexer{data: f.data, pos: start + n}
		rest.skip()
		if bytes.HasPrefix(f.data[rest.pos:], []byte("endstream")) {
			return f.data[start : start+n]
		}
	}
	end := bytes.Index(f.data[start:], []byte("endstream"))
	if end < 0 {
		return nil
	}
	return bytes.TrimRight(f.data[start:start+end], "\r\n")
}

// resolve follows references to what they stand for.
func (f *file) resolve(o any) any {
	for range maxDepth {
		l, ok := o.(link)
		if !ok {
			return o
		}
		o = f.object(l.n)
	}
	return nil
}

func (f *file) object(n int) any {
	if o, ok := f.read[n]; ok {
		return o
	}
	f.read[n] = nil // an object that needs itself is nothing
	p, ok := f.places[n]
	if !ok {
		return nil
	}
	var o any
	if p.packed == 0 {
		o = f.objectAt(p.offset, n)
	} else if list := f.pack(p.packed); p.index < len(list) {
		o = list[p.index]
	}
	f.read[n] = o
	return o
}

// pack reads the objects of an object stream.
func (f *file) pack(n int) []any {
	if list, ok := f.packs[n]; ok {
		return list
	}
	f.packs[n] = nil
	s, ok := f.object(n).(stream)
	if !ok {
		return nil
	}
	data, err := unpack(s)
	first, _ := integer(s.dict["First"])
	count, _ := integer(s.dict["N"])
	if err != nil || first > len(data) {
		return nil
	}
	head := &lexer{data: data[:first]}
	var list []any
	for range count {
		head.skip()
		head.word()
		head.skip()
		at, ok := whole(head.word())
		if !ok || first+at > len(data) {
			break
		}
		o, _ := (&lexer{data: data[first+at:]}).next()
		list = append(list, o)
	}
	f.packs[n] = list
	return list
}

func (f *file) dict(o any) dict {
	switch o := f.resolve(o).(type) {
	case dict:
		return o
	case stream:
		return o.dict
	}
	return nil
}

func integer(o any) (int, bool) {
	t, ok := o.(token)
	if !ok {
		return 0, false
	}
	return whole(string(t))
}
