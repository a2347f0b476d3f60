package quizformat

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// same holds what a parser read against what was written.
func same(t interface {
	Helper()
	Fatalf(string, ...any)
}, written string, got Result, want []Question) {
	t.Helper()
	if got.Failed() || len(got.Items) != len(want) {
		t.Fatalf("%d of %d questions came back, problems %v, from:\n%s", len(got.Items), len(want), got.Problems, written)
	}
	for i, q := range want {
		if back := got.Items[i].Question; !reflect.DeepEqual(back, q) {
			t.Fatalf("came back changed\n got %#v\nwant %#v\nfrom:\n%s", back, q, written)
		}
		if got.Items[i].Hash() != q.Hash() {
			t.Fatalf("the hash changed")
		}
	}
}

func draw(t *rapid.T) []Question {
	var out []Question
	seen := map[string]bool{}
	for range rapid.IntRange(1, 3).Draw(t, "questions") {
		if q := question(t); !seen[q.ID] {
			seen[q.ID] = true
			out = append(out, q)
		}
	}
	return out
}

func TestGIFTComesBackEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		qs := draw(t)
		written := WriteGIFT(qs)
		same(t, written, ParseGIFT([]byte(written)), qs)
	})
}

func TestMarkdownComesBackEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		qs := draw(t)
		written := WriteMarkdown(qs)
		same(t, written, ParseMarkdown([]byte(written)), qs)
	})
}

func TestCarriageReturnsAndByteOrderMarkChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		qs := draw(t)
		windows := func(s string) []byte { return []byte("\uFEFF" + strings.ReplaceAll(s, "\n", "\r\n")) }
		same(t, "GIFT", ParseGIFT(windows(WriteGIFT(qs))), qs)
		same(t, "Markdown", ParseMarkdown(windows(WriteMarkdown(qs))), qs)
	})
}

func TestNormalizeTwiceIsNormalizeOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := Question{Kind: rapid.SampledFrom(Kinds).Draw(t, "kind"), Stem: rapid.String().Draw(t, "stem"),
			Category: courseRoot + nasty.Draw(t, "category"), Tags: []string{rapid.String().Draw(t, "tags")}}
		fill(t, &q)
		q.Normalize()
		once := q.clone()
		q.Normalize()
		if !reflect.DeepEqual(once, q.clone()) {
			t.Fatalf("once %#v\ntwice %#v", once, q)
		}
	})
}
