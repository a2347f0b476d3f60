package quizformat

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// sound holds any result to what every parser promises, and writes what it kept.
func sound(t *testing.T, text []byte, r Result) {
	t.Helper()
	lines := 1 + bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("\r"))
	for _, p := range r.Problems {
		if p.Line < 1 || p.Line > lines || p.Message == "" {
			t.Fatalf("problem without a line of the text: %v", p)
		}
	}
	var qs []Question
	for _, i := range r.Items {
		if bad := i.Check(); bad != nil {
			t.Fatalf("kept an unsound question: %v", bad)
		}
		if i.Line < 1 || i.Line > i.End || i.End > lines {
			t.Fatalf("question at lines %d–%d of %d", i.Line, i.End, lines)
		}
		qs = append(qs, i.Question)
	}
	gift, md := WriteGIFT(qs), WriteMarkdown(qs)
	same(t, gift, ParseGIFT([]byte(gift)), qs)
	same(t, md, ParseMarkdown([]byte(md)), qs)
}

func seed(f *testing.F, pattern string) {
	f.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(paths) == 0 {
		f.Fatalf("no seeds %s: %v", pattern, err)
	}
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		for block := range bytes.SplitSeq(raw, []byte("\n\n")) {
			f.Add(block)
		}
	}
	f.Add([]byte("\xff\xfe\x00"))
}

func FuzzGIFT(f *testing.F) {
	seed(f, "*.gift")
	f.Fuzz(func(t *testing.T, text []byte) { sound(t, text, ParseGIFT(text)) })
}

func FuzzAiken(f *testing.F) {
	seed(f, "*.aiken")
	f.Fuzz(func(t *testing.T, text []byte) { sound(t, text, ParseAiken(text)) })
}

func FuzzMarkdown(f *testing.F) {
	seed(f, "*.md")
	f.Fuzz(func(t *testing.T, text []byte) { sound(t, text, ParseMarkdown(text)) })
}
