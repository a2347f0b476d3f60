package textbook

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Book is a textbook as read: one edition of it.
type Book struct {
	Meta
	Chapters []Chapter // in the book's order, drafts included
	Hash     string    // SHA-256 over the meta file and all chapters, hexadecimal
}

// Source is a file of a book that comes from elsewhere than a file system, a draft in
// the database for example.
type Source struct {
	Name string
	Text []byte
}

// Slugs lists the books in a file system of books.
func Slugs(books fs.FS) ([]string, error) {
	found, err := fs.Glob(books, "*/"+bookFile)
	if err != nil {
		return nil, err
	}
	for i, f := range found {
		found[i] = path.Dir(f)
	}
	return found, nil
}

// Load reads the book in folder slug of a file system of books. The book comes back even
// with problems, as far as it can be read; publish it only when none Failed.
func Load(books fs.FS, slug string) (*Book, Problems) {
	var ps Problems
	if !slugPattern.MatchString(slug) {
		ps.fail(bookFile, 1, "没有教材“%s”", slug)
		return &Book{}, ps
	}
	files, err := fs.Sub(books, slug)
	if err != nil {
		ps.fail(bookFile, 1, "打不开教材目录“%s”", slug)
		return &Book{}, ps
	}
	meta, err := fs.ReadFile(files, bookFile)
	if err != nil {
		ps.fail(bookFile, 1, "没有 book.yaml")
		return &Book{}, ps
	}
	names, err := fs.Glob(files, "*.md")
	if err != nil { // the pattern is a constant
		panic(err)
	}
	var chapters []Source
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			ps.fail(name, 1, "读不出这个文件")
			continue
		}
		chapters = append(chapters, Source{name, raw})
	}
	exists := func(image string) bool {
		info, err := fs.Stat(files, image)
		return !errors.Is(err, fs.ErrNotExist) && err == nil && info.Mode().IsRegular()
	}
	b, more := Assemble(slug, meta, chapters, exists)
	ps = append(ps, more...)
	ps.sort()
	return b, ps
}

// Assemble makes a book of its meta file and its chapters' files, and checks what
// concerns the whole: order, ids, links, images.
func Assemble(slug string, meta []byte, chapters []Source, imageExists func(path string) bool) (*Book, Problems) {
	var ps Problems
	b := &Book{}
	if !decode(&ps, bookFile, 1, []byte(clean(meta)), &b.Meta) {
		return b, ps // without the order nothing else can be judged
	}
	b.Meta.check(&ps, slug)
	sum := sha256.New()
	sum.Write([]byte(clean(meta)))
	for _, s := range b.inOrder(&ps, chapters) {
		c, more := ParseChapter(s.Name, s.Text)
		ps = append(ps, more...)
		b.Chapters = append(b.Chapters, c)
		sum.Write([]byte("\n" + c.File + " " + c.Hash))
	}
	b.Hash = hex.EncodeToString(sum.Sum(nil))
	b.checkIDs(&ps)
	b.checkRefs(&ps, imageExists)
	ps.sort()
	return b, ps
}

// inOrder gives the chapters' files in the book's order and reports those that are
// missing, listed twice or not listed.
func (b *Book) inOrder(ps *Problems, files []Source) []Source {
	byName := map[string]Source{}
	for _, s := range files {
		byName[s.Name] = s
	}
	listed := map[string]bool{}
	var out []Source
	for _, e := range b.Order {
		s, ok := byName[e.File]
		switch {
		case !filePattern.MatchString(e.File):
			ps.fail(bookFile, e.Line, "章的文件名“%s”应是“01-名称.md”的样子，放在教材目录里", e.File)
		case listed[e.File]:
			ps.fail(bookFile, e.Line, "“%s”列了两次", e.File)
		case !ok:
			ps.fail(bookFile, e.Line, "没有文件“%s”", e.File)
		default:
			out = append(out, s)
		}
		listed[e.File] = true
	}
	for _, s := range files {
		if !listed[s.Name] && !strings.EqualFold(s.Name, "README.md") {
			ps.fail(s.Name, 1, "没有列在 book.yaml 的 order 里")
		}
	}
	return out
}

func (b *Book) checkIDs(ps *Problems) {
	chapters, questions := map[string]string{}, map[string]string{}
	for _, c := range b.Chapters {
		if other, taken := chapters[c.ID]; taken && c.ID != "" {
			ps.fail(c.File, 1, "章的id“%s”和 %s 重复", c.ID, other)
		}
		chapters[c.ID] = c.File
		for _, q := range c.Questions {
			if other, taken := questions[q.ID]; taken && q.ID != "" {
				ps.fail(c.File, q.Line, "题的编号“%s”和 %s 重复", q.ID, other)
			}
			questions[q.ID] = c.File
		}
	}
}

func (b *Book) checkRefs(ps *Problems, imageExists func(string) bool) {
	for _, c := range b.Chapters {
		for _, r := range c.refs {
			switch {
			case r.image && !imageExists(r.target):
				ps.fail(c.File, r.line, "没有图片“%s”", r.target)
			case !r.image:
				b.checkLink(ps, c, r)
			}
		}
	}
}

func (b *Book) checkLink(ps *Problems, from Chapter, r ref) {
	id, heading, deep := strings.Cut(strings.TrimPrefix(r.target, chapterScheme), "#")
	to, ok := b.Chapter(id)
	if !ok {
		ps.fail(from.File, r.line, "链接到不存在的章“%s”", id)
		return
	}
	if deep {
		if n, err := strconv.Atoi(heading); err != nil || n < 1 || n > len(to.Headings) {
			ps.fail(from.File, r.line, "章“%s”没有第“%s”个标题", id, heading)
		}
	}
	if to.Draft && !from.Draft {
		ps.warn(from.File, r.line, "链接到还没有发布的章“%s”", id)
	}
}

// Chapter finds a chapter by its id.
func (b *Book) Chapter(id string) (Chapter, bool) {
	for _, c := range b.Chapters {
		if c.ID == id {
			return c, true
		}
	}
	return Chapter{}, false
}

// Published gives the chapters that readers see, in order.
func (b *Book) Published() []Chapter {
	var out []Chapter
	for _, c := range b.Chapters {
		if !c.Draft {
			out = append(out, c)
		}
	}
	return out
}
