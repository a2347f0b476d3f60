package doc_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"tiaojie/app/papers/doc"
)

// squeeze drops white space, which renderings may place as they like.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// firstDifference shows where two texts part, with a little of each.
func firstDifference(got, want string) string {
	g, w := []rune(got), []rune(want)
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	show := func(r []rune) string { return string(r[max(i-10, 0):min(i+20, len(r))]) }
	return fmt.Sprintf("at character %d: got %q, want %q", i, show(g), show(w))
}

// docxText reads a DOCX as an office suite does: every part must be well-formed XML.
func docxText(t testing.TB, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		dec, inText := xml.NewDecoder(r), false
		for {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			switch e := tok.(type) {
			case xml.StartElement:
				inText = e.Name.Local == "t" && f.Name == "word/document.xml"
			case xml.EndElement:
				inText = false
			case xml.CharData:
				if inText {
					text.Write(e)
				}
			}
		}
		r.Close()
	}
	return text.String()
}

func htmlText(t testing.TB, data []byte) string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
			}
		}
		if n.Type == html.ElementNode && n.Data == "script" {
			t.Error("a script came out of a text")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return text.String()
}

var (
	startXref = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	entry     = regexp.MustCompile(`(\d{10}) 00000 n \n`)
	object    = regexp.MustCompile(`(?s)^(\d+) 0 obj\n(<<.*?>>)(\nstream\n)?`)
	length    = regexp.MustCompile(`/Length (\d+)`)
)

// checkPDF follows the table of objects: each must be where it says, each stream as long as it
// says and unpack.
func checkPDF(t testing.TB, data []byte) {
	t.Helper()
	m := startXref.FindSubmatch(data)
	if !bytes.HasPrefix(data, []byte("%PDF-1.7\n")) || m == nil {
		t.Fatal("no PDF")
	}
	at, _ := strconv.Atoi(string(m[1]))
	table := data[at:]
	for i, e := range entry.FindAllSubmatch(table, -1) {
		at, _ := strconv.Atoi(string(e[1]))
		head := object.FindSubmatch(data[at:])
		if head == nil || string(head[1]) != strconv.Itoa(i+1) {
			t.Fatalf("object %d is not at %d", i+1, at)
		}
		if len(head[3]) == 0 || !bytes.Contains(head[2], []byte("/FlateDecode")) {
			continue
		}
		n, _ := strconv.Atoi(string(length.FindSubmatch(head[2])[1]))
		start := at + len(head[0])
		z, err := zlib.NewReader(bytes.NewReader(data[start : start+n]))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, z); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(data[start+n:], []byte("\nendstream")) {
			t.Fatalf("stream %d has another length", i+1)
		}
	}
}

func TestRenderingsSayTheSame(t *testing.T) {
	for _, size := range []doc.Size{doc.Letter, doc.Record, doc.Form} {
		d := sample(size)
		want := squeeze(doc.Text(d))
		var d1, h bytes.Buffer
		if err := doc.DOCX(&d1, d); err != nil {
			t.Fatal(err)
		}
		if got := squeeze(docxText(t, d1.Bytes())); got != want {
			t.Errorf("DOCX: %s", firstDifference(got, want))
		}
		if err := doc.HTML(&h, d); err != nil {
			t.Fatal(err)
		}
		if got := squeeze(htmlText(t, h.Bytes())); got != want {
			t.Errorf("HTML: %s", firstDifference(got, want))
		}
	}
}

func TestSamePaperSameBytes(t *testing.T) {
	render := func() (out [3]string) {
		for i, f := range []func(io.Writer) error{
			func(w io.Writer) error { return doc.PDF(w, doc.NewFonts(), doc.Info{Title: "样"}, sample(doc.Record)) },
			func(w io.Writer) error { return doc.DOCX(w, sample(doc.Record)) },
			func(w io.Writer) error { return doc.HTML(w, sample(doc.Record)) },
		} {
			var b bytes.Buffer
			if err := f(&b); err != nil {
				t.Fatal(err)
			}
			out[i] = b.String()
		}
		return out
	}
	if render() != render() {
		t.Error("two renderings of one paper differ")
	}
}

func TestBlanks(t *testing.T) {
	got := doc.Blanks(sample(doc.Form))
	want := []string{"调解地点", "是否公开", "李𠮷的电话"}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("blanks %q, want %q", got, want)
	}
}
