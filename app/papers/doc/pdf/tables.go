package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"strconv"
)

// tables follows the chain of cross-reference tables from the newest to the oldest.
func (f *file) tables() bool {
	at := bytes.LastIndex(f.data, []byte("startxref"))
	if at < 0 {
		return false
	}
	l := &lexer{data: f.data, pos: at + len("startxref")}
	l.skip()
	next, ok := whole(l.word())
	seen := map[int]bool{}
	for ok && !seen[next] && next < len(f.data) {
		seen[next] = true
		var t dict
		if bytes.HasPrefix(f.data[next:], []byte("xref")) {
			t = f.classic(next + 4)
		} else {
			t = f.packedTable(next)
		}
		if t == nil {
			return false
		}
		for k, v := range t {
			if _, newer := f.trailer[k]; !newer {
				f.trailer[k] = v
			}
		}
		if extra, has := integer(t["XRefStm"]); has && extra < len(f.data) && !seen[extra] {
			seen[extra] = true
			f.packedTable(extra)
		}
		next, ok = integer(t["Prev"])
	}
	return len(f.places) > 0
}

// classic reads a table of lines of twenty bytes and the trailer after it.
func (f *file) classic(pos int) dict {
	l := &lexer{data: f.data, pos: pos}
	for {
		l.skip()
		w := l.word()
		if w == "trailer" {
			o, _ := l.next()
			d, _ := o.(dict)
			return d
		}
		first, ok1 := whole(w)
		l.skip()
		n, ok2 := whole(l.word())
		if !ok1 || !ok2 || n > len(f.data)/16 {
			return nil
		}
		for i := range n {
			l.skip()
			offset, ok := strconv.Atoi(l.word())
			l.skip()
			l.word()
			l.skip()
			if kind := l.word(); kind == "n" && ok == nil {
				f.add(first+i, place{offset: offset})
			}
		}
	}
}

func (f *file) add(n int, p place) {
	if _, newer := f.places[n]; !newer {
		f.places[n] = p
	}
}

// packedTable reads a cross-reference stream (PDF 1.5).
func (f *file) packedTable(pos int) dict {
	s, ok := f.objectAt(pos, -1).(stream)
	if !ok {
		return nil
	}
	rows, err := unpack(s)
	w, _ := s.dict["W"].(array)
	if err != nil || len(w) != 3 {
		return nil
	}
	var width [3]int
	for i := range w {
		width[i], _ = integer(w[i])
		if width[i] > 8 {
			return nil
		}
	}
	size, _ := integer(s.dict["Size"])
	index, ok := s.dict["Index"].(array)
	if !ok {
		index = array{token("0"), token(strconv.Itoa(size))}
	}
	row := width[0] + width[1] + width[2]
	for i := 0; i+1 < len(index) && row > 0; i += 2 {
		first, _ := integer(index[i])
		n, _ := integer(index[i+1])
		for j := 0; j < n && len(rows) >= row; j++ {
			f.entry(first+j, rows[:row], width)
			rows = rows[row:]
		}
	}
	return s.dict
}

func (f *file) entry(n int, row []byte, width [3]int) {
	number := func(b []byte) (v int) {
		for _, c := range b {
			v = v<<8 | int(c)
		}
		return v
	}
	kind := 1
	if width[0] > 0 {
		kind = number(row[:width[0]])
	}
	second := number(row[width[0] : width[0]+width[1]])
	third := number(row[width[0]+width[1]:])
	switch kind {
	case 1:
		f.add(n, place{offset: second})
	case 2:
		f.add(n, place{packed: second, index: third})
	}
}

// unpack undoes FlateDecode with a PNG predictor, which is all that tables and packs use.
func unpack(s stream) ([]byte, error) {
	filter := s.dict["Filter"]
	if a, ok := filter.(array); ok && len(a) == 1 {
		filter = a[0]
	}
	if filter == nil {
		return s.data, nil
	}
	if filter != name("FlateDecode") {
		return nil, ErrForeign
	}
	z, err := zlib.NewReader(bytes.NewReader(s.data))
	if err != nil {
		return nil, ErrForeign
	}
	data, err := io.ReadAll(io.LimitReader(z, maxUnpacked))
	if err != nil && len(data) == 0 {
		return nil, ErrForeign
	}
	parms := s.dict["DecodeParms"]
	if a, ok := parms.(array); ok && len(a) == 1 {
		parms = a[0]
	}
	d, _ := parms.(dict)
	if p, _ := integer(d["Predictor"]); p < 10 {
		return data, nil
	}
	columns, ok := integer(d["Columns"])
	if !ok || columns < 1 || columns > 1<<16 {
		columns = 1
	}
	return unpredict(data, columns)
}

// unpredict undoes the PNG filters None, Sub and Up for one byte per pixel.
func unpredict(data []byte, columns int) ([]byte, error) {
	var out []byte
	above := make([]byte, columns)
	for len(data) > columns {
		kind, row := data[0], bytes.Clone(data[1:columns+1])
		for i := range row {
			switch kind {
			case 1:
				if i > 0 {
					row[i] += row[i-1]
				}
			case 2:
				row[i] += above[i]
			case 0:
			default:
				return nil, ErrForeign
			}
		}
		out, above, data = append(out, row...), row, data[columns+1:]
	}
	return out, nil
}
