package textbook

import (
	"bytes"
	"strings"
	"testing"

	"tiaojie/content"
)

// The books that ship must be whole: every problem, warnings too, is named here.
func TestShippedBooksLoadWithoutProblems(t *testing.T) {
	t.Parallel()
	slugs, err := Slugs(content.Textbooks)
	if err != nil || len(slugs) == 0 {
		t.Fatalf("no books: %v", err)
	}
	for _, slug := range slugs {
		b, ps := Load(content.Textbooks, slug)
		for _, p := range ps {
			t.Errorf("%s/%s", slug, p)
		}
		words := 0
		for _, c := range b.Chapters {
			words += c.Words
			if c.Minutes < c.ReadingMinutes() {
				t.Errorf("%s: %d minutes are planned, reading alone takes %d", c.File, c.Minutes, c.ReadingMinutes())
			}
			for _, p := range c.Render(Links{Chapter: func(id string) string { return "/learn/" + id }}) {
				if p.Asks && p.Question == nil {
					t.Errorf("%s: a question is lost on the page", c.File)
				}
			}
		}
		var paper bytes.Buffer
		if err := b.Print(&paper, PrintOptions{Answers: true}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(paper.String(), `<section class="chapter"`); got != len(b.Published()) {
			t.Errorf("%d of %d chapters on paper", got, len(b.Published()))
		}
		t.Logf("%s: %d chapters, %d words, %d bytes of print", slug, len(b.Chapters), words, paper.Len())
	}
}
