package doc_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"

	"tiaojie/app/papers/doc"
)

// scrap puts one text into every place a paper has for text.
func scrap(s string) doc.Document {
	run := doc.Run{Text: s, Bold: len(s)%2 == 0, Line: len(s)%3 == 0}
	return doc.Document{
		Code: s, Title: s, Org: s, Number: s, Header: s, Size: doc.Size(len(s) % 3),
		Blocks: []doc.Block{
			doc.P(doc.Head, run), doc.P(doc.Role(len(s)%10), run, doc.Fact(s, s, len(s)), doc.Hand(len(s))),
			doc.Fields{Cols: len(s) % 4, Items: []doc.Field{{Label: s, Value: []doc.Run{run}}, {Label: s, Wide: true}, {Label: "空", Value: []doc.Run{doc.Fact(s, "", 90)}}}},
			doc.Table{Cols: []int{len(s) % 7, 3, 9}, Head: len(s) % 3, Rows: []doc.Row{
				{Cells: []doc.Cell{doc.L(s).Down(2), doc.C(run).Span(len(s) % 5)}},
				{Cells: []doc.Cell{{Paras: doc.Paras(doc.Body, s, s), Lines: len(s) % 9}, doc.L(s), doc.L(s).Down(9)}},
				{},
			}},
			doc.Signs{Items: []doc.Sign{{Label: s, Name: s, Hint: s, Dated: true, Date: s}, {}}},
			doc.Seal{Org: s, Date: []doc.Run{run}},
			doc.Space{Lines: len(s) % 4}, doc.Break{}, doc.P(doc.Note, run),
		},
	}
}

func seeds(f *testing.F) {
	for _, s := range []string{"", "调解", "张喆、李𠮷：\u200b\ufe0f<b>&\"'\x00\x1b", "\xff\xfe不是文字\xc0", "甲\r\n乙\u2028丙\t丁",
		"]]>&#0;</w:t>%d%s", "😀\U000F0000", strings.Repeat("，。", 40), strings.Repeat("abcdefgh", 20), strings.Repeat("很长的记录。\n", 30)} {
		f.Add(s)
	}
}

func FuzzPDF(f *testing.F) {
	seeds(f)
	fonts := doc.NewFonts()
	hold := doc.NewBundle(io.Discard, fonts, doc.Info{}) // keeps the usual fonts unpacked between runs
	if err := hold.Add(sample(doc.Form)); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		defer runtime.KeepAlive(hold)
		none, err := fonts.Missing(scrap(s))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := doc.PDF(&out, fonts, doc.Info{Title: s, Author: s}, scrap(s)); (err != nil) != (len(none) > 0) {
			t.Fatalf("missing %q, got %v", none, err)
		}
		if len(none) > 0 {
			if out.Len() > 0 {
				t.Fatal("something was written although characters are missing")
			}
			return
		}
		checkPDF(t, out.Bytes())
	})
}

func FuzzDOCX(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		var out bytes.Buffer
		if err := doc.DOCX(&out, scrap(s)); err != nil {
			t.Fatal(err)
		}
		if got, want := squeeze(docxText(t, out.Bytes())), squeeze(doc.Text(scrap(s))); got != want {
			t.Fatal(firstDifference(got, want))
		}
	})
}

func FuzzHTML(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		var out bytes.Buffer
		if err := doc.HTML(&out, scrap(s)); err != nil {
			t.Fatal(err)
		}
		if got, want := squeeze(htmlText(t, out.Bytes())), squeeze(doc.Text(scrap(s))); got != want {
			t.Fatal(firstDifference(got, want))
		}
	})
}
