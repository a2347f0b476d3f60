package school

import (
	"slices"
	"strings"
)

// Hit is a place in a book that a search found.
type Hit struct {
	ChapterID, ChapterTitle string
	No                      int // of the chapter, from 1
	Block                   int // -1: title, objectives or laws of the chapter
	Before, Match, After    string
}

// mostHits bounds the list; who gets more searches for more words.
const mostHits = 60

// Search finds the blocks of an edition that hold all the words of a query, in order of
// reading. A word may be of two Chinese characters or of one. more says that there are more.
func (e *Edition) Search(query string) (hits []Hit, more bool) {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil, false
	}
	for i, c := range e.Book.Published() {
		about := append([]string{c.Title}, c.Objectives...)
		for _, l := range c.Laws {
			about = append(about, "《"+l.Name+"》"+l.Article)
		}
		texts := []string{strings.Join(about, "；")}
		for _, b := range c.Blocks {
			texts = append(texts, b.Text)
		}
		for at, text := range texts {
			h, ok := findWords(text, words)
			if !ok {
				continue
			}
			if len(hits) == mostHits {
				return hits, true
			}
			h.ChapterID, h.ChapterTitle, h.No, h.Block = c.ID, c.Title, i+1, at-1
			hits = append(hits, h)
		}
	}
	return hits, false
}

// around is how many characters stand before and after what was found.
const around = 28

func findWords(text string, words []string) (Hit, bool) {
	text = strings.Join(strings.Fields(text), " ")
	lower := []rune(strings.ToLower(text))
	runes := []rune(text)
	if len(lower) != len(runes) { // a letter whose small form is longer
		lower = runes
	}
	first, size := -1, 0
	for _, w := range words {
		at := indexRunes(lower, []rune(w))
		if at < 0 {
			return Hit{}, false
		}
		if first < 0 || at < first {
			first, size = at, len([]rune(w))
		}
	}
	h := Hit{Before: string(runes[max(0, first-around):first]), Match: string(runes[first : first+size]),
		After: string(runes[first+size : min(len(runes), first+size+2*around)])}
	if first > around {
		h.Before = "…" + h.Before
	}
	if first+size+2*around < len(runes) {
		h.After += "…"
	}
	return h, true
}

func indexRunes(text, word []rune) int {
	for i := 0; i+len(word) <= len(text); i++ {
		if slices.Equal(text[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// joinLines joins a list for storing, a line for each.
func joinLines(list []string) string { return strings.Join(list, "\n") }

// SplitLines splits a stored or typed list, without blank lines.
func SplitLines(text string) []string {
	var out []string
	for l := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
