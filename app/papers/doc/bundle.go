package doc

import (
	"bytes"
	"crypto/sha256"
	"io"

	"tiaojie/app/papers/doc/pdf"
)

// Info is what a PDF reader shows about a whole file.
type Info = pdf.Info

// Bundle makes one PDF of many papers, each with its bookmark and its own page numbers. Finished
// pages leave memory as papers are added, so a hundred notices cost little more than one.
type Bundle struct {
	fonts    *Fonts
	lease    *lease
	pdf      *pdf.Writer
	faces    map[*cut]*pdf.Face
	pictures map[[32]byte]*pdf.Picture
	marks    []*pdf.Mark
	number   int // running number of the next page; 0 for none
	err      error
}

// NewBundle begins a file. Call Close, or the file is not complete.
func NewBundle(w io.Writer, fonts *Fonts, info Info) *Bundle {
	return &Bundle{
		fonts:    fonts,
		lease:    fonts.lease(),
		pdf:      pdf.NewWriter(w, info),
		faces:    map[*cut]*pdf.Face{},
		pictures: map[[32]byte]*pdf.Picture{},
	}
}

// Add sets a paper. It returns a *MissingError when no font has some of the characters and
// ErrPicture when a picture is broken; nothing was added then, and the bundle can go on without
// that paper. After any other error it cannot.
func (b *Bundle) Add(d Document) error {
	if b.err != nil {
		return b.err
	}
	if err := checkPictures(d); err != nil {
		return err
	}
	none, err := b.lease.missing(d)
	if err != nil {
		b.err = err
		return err
	}
	if len(none) > 0 {
		return &MissingError{none}
	}
	pages, heads, err := b.set(d)
	if err != nil {
		b.err = err
		return err
	}
	before := b.pdf.Pages()
	for _, p := range pages {
		if b.number > 0 {
			p.Stamp(b.number)
			b.number++
		}
		b.pdf.Add(p)
	}
	m := &pdf.Mark{Title: d.name(), Page: before + 1}
	for _, h := range heads {
		m.Marks = append(m.Marks, &pdf.Mark{Title: h.Title, Page: before + h.Page, Top: h.Top - 20})
	}
	b.marks = append(b.marks, m)
	return nil
}

// ErrForeign is returned by Append for a PDF that is encrypted or broken.
var ErrForeign = pdf.ErrForeign

// Append adds the pages of a finished PDF as they are, such as a frozen paper or an uploaded scan,
// under one bookmark. After ErrForeign nothing was added and the bundle can go on.
func (b *Bundle) Append(title string, file []byte) error {
	if b.err != nil {
		return b.err
	}
	before := b.pdf.Pages()
	n, err := b.pdf.Append(file, b.number)
	if err != nil {
		return err
	}
	if b.number > 0 {
		b.number += n
	}
	b.marks = append(b.marks, &pdf.Mark{Title: oneLine(title), Page: before + 1})
	return nil
}

// Number stamps the pages that follow with running numbers in the upper right corner, as the pages
// of a dossier are counted (页号); 0 ends it.
func (b *Bundle) Number(from int) { b.number = from }

// Pages tells how many pages the file has so far.
func (b *Bundle) Pages() int { return b.pdf.Pages() }

// Close completes the file. Bookmarks are left out of a file that is one paper of one or two
// pages: the reader would open a side bar for nothing.
func (b *Bundle) Close() error {
	if b.err != nil {
		return b.err
	}
	if len(b.marks) > 1 || b.pdf.Pages() > 2 {
		for _, m := range b.marks {
			b.pdf.Bookmark(m)
		}
	}
	return b.pdf.Close()
}

// PDF writes papers as one file, or nothing at all when one cannot be set.
func PDF(w io.Writer, fonts *Fonts, info Info, papers ...Document) error {
	var none []rune
	for _, d := range papers {
		m, err := fonts.Missing(d)
		if err != nil {
			return err
		}
		none = append(none, m...)
	}
	if len(none) > 0 {
		return &MissingError{distinct(none)}
	}
	var buf bytes.Buffer
	b := NewBundle(&buf, fonts, info)
	for _, d := range papers {
		if err := b.Add(d); err != nil {
			return err
		}
	}
	if err := b.Close(); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

func distinct(runes []rune) []rune {
	seen := map[rune]bool{}
	var out []rune
	for _, r := range runes {
		if !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	return out
}

// face is the embedded subset of a cut in this file.
func (b *Bundle) face(c *cut) *pdf.Face {
	f := b.faces[c]
	if f == nil {
		f = b.pdf.Face(b.lease.held[c])
		b.faces[c] = f
	}
	return f
}

// picture adds each image to the file once, however often it is drawn.
func (b *Bundle) picture(data []byte) (*pdf.Picture, error) {
	key := sha256.Sum256(data)
	if img := b.pictures[key]; img != nil {
		return img, nil
	}
	img, err := b.pdf.Picture(data)
	if err != nil {
		return nil, ErrPicture
	}
	b.pictures[key] = img
	return img, nil
}
