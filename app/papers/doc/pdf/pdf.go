// Package pdf writes PDF 1.7 files page by page: text in embedded subset fonts that can be copied
// and searched in every script, lines, pictures and nested bookmarks.
//
// It stands in place of a library because those at hand lose characters beyond the basic plane
// when text is copied out (𠮷 in a person's name), carry whole width tables, or know one level of
// bookmarks only. The same calls give the same bytes: no clock, no random number.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"unicode/utf16"
)

// Ref is the number of an object in the file.
type Ref int

func (r Ref) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

// Info is what a reader shows about the whole file.
type Info struct {
	Title   string
	Author  string // the organisation that issues the papers
	Created string // "20261123093000Z" (UTC), or empty
}

// Writer writes one file. Errors of the underlying writer are kept and returned by Close.
type Writer struct {
	out     io.Writer
	sum     hash.Hash
	at      int64
	offsets []int64 // by object number; 0 = not written yet
	err     error

	catalog, pages, info Ref
	kids                 []Ref
	heights              []float64 // of the pages, for the places bookmarks lead to
	faces                []*Face
	outline              []*Mark
}

// NewWriter begins a file. Nothing is complete until Close.
func NewWriter(out io.Writer, info Info) *Writer {
	w := &Writer{out: out, sum: sha256.New(), offsets: make([]int64, 1)}
	w.write([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	w.catalog, w.pages = w.alloc(), w.alloc()
	w.info = w.alloc()
	var d bytes.Buffer
	fmt.Fprintf(&d, "<< /Title %s /Producer %s", textString(info.Title), textString("tiaojie"))
	if info.Author != "" {
		fmt.Fprintf(&d, " /Author %s", textString(info.Author))
	}
	if info.Created != "" {
		fmt.Fprintf(&d, " /CreationDate (D:%s)", info.Created)
	}
	d.WriteString(" >>")
	w.object(w.info, d.Bytes())
	return w
}

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.out.Write(b)
	w.sum.Write(b[:n])
	w.at += int64(n)
	w.err = err
}

// alloc reserves an object number, so that objects may refer to what is written later.
func (w *Writer) alloc() Ref {
	w.offsets = append(w.offsets, 0)
	return Ref(len(w.offsets) - 1)
}

func (w *Writer) object(ref Ref, body []byte) {
	w.offsets[ref] = w.at
	w.write(fmt.Appendf(nil, "%d 0 obj\n", int(ref)))
	w.write(body)
	w.write([]byte("\nendobj\n"))
}

// stream writes compressed data with further dictionary entries.
func (w *Writer) stream(ref Ref, entries string, data []byte) {
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	zw.Write(data) // a bytes.Buffer takes everything
	zw.Close()
	w.raw(ref, entries+" /Filter /FlateDecode", z.Bytes())
}

// raw writes data that is stored as it is.
func (w *Writer) raw(ref Ref, entries string, data []byte) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<< /Length %d%s >>\nstream\n", len(data), entries)
	b.Write(data)
	b.WriteString("\nendstream")
	w.object(ref, b.Bytes())
}

// Pages tells how many pages have been added.
func (w *Writer) Pages() int { return len(w.kids) }

// Close writes fonts, bookmarks and the table of objects, and returns the first error met.
func (w *Writer) Close() error {
	if len(w.kids) == 0 {
		w.Add(NewPage(595.28, 841.89)) // a file without pages does not open
	}
	for _, f := range w.faces {
		f.finish(w)
	}
	outlines := w.bookmarks()
	var b bytes.Buffer
	b.WriteString("<< /Type /Pages /Kids [")
	for _, k := range w.kids {
		fmt.Fprintf(&b, " %s", k)
	}
	fmt.Fprintf(&b, " ] /Count %d >>", len(w.kids))
	w.object(w.pages, b.Bytes())

	catalog := fmt.Sprintf("<< /Type /Catalog /Pages %s /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>", w.pages)
	if outlines != 0 {
		catalog += fmt.Sprintf(" /Outlines %s /PageMode /UseOutlines", outlines)
	}
	w.object(w.catalog, []byte(catalog+" >>"))
	w.trailer()
	return w.err
}

func (w *Writer) trailer() {
	start := w.at
	var b bytes.Buffer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets))
	for _, at := range w.offsets[1:] {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	id := w.sum.Sum(nil)[:16]
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %s /Info %s /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(w.offsets), w.catalog, w.info, id, id, start)
	w.write(b.Bytes())
}

// textString encodes a title or bookmark as UTF-16 with a byte order mark, in hexadecimal.
func textString(s string) string {
	var b bytes.Buffer
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteByte('>')
	return b.String()
}
