package textbook

import "slices"

// ChapterChange says what an edition did to a chapter.
type ChapterChange string

// The changes of a chapter between two editions.
const (
	Same      ChapterChange = "same"
	Reordered ChapterChange = "reordered" // other place, same text
	Edited    ChapterChange = "edited"    // the text a reader sees changed, or the laws it rests on
	Added     ChapterChange = "added"
	Removed   ChapterChange = "removed"
)

var changeLabels = map[ChapterChange]string{Same: "未改", Reordered: "调整顺序", Edited: "有修改", Added: "新增", Removed: "删除"}

// Label is the Chinese word.
func (c ChapterChange) Label() string { return changeLabels[c] }

// ChapterDiff compares one chapter of two editions, by its id.
type ChapterDiff struct {
	ID, Title string // the newer title
	Change    ChapterChange
	From, To  int // places from 1 among the published chapters; 0 where it isn't there
	Fresh     int // blocks that the old edition doesn't have
	Gone      int // blocks that the new edition doesn't have
	Blocks    int // blocks of the new edition
}

// Compare says chapter by chapter what a new edition changed, in the new order, removed
// chapters last. Spaces, formatting and questions don't count as changes of the text.
func Compare(old, new *Book) []ChapterDiff {
	before, after := old.Published(), new.Published()
	var out []ChapterDiff
	for i, c := range after {
		d := ChapterDiff{ID: c.ID, Title: c.Title, To: i + 1, Blocks: len(c.Blocks), Change: Added, Fresh: len(c.Blocks)}
		if at := slices.IndexFunc(before, func(o Chapter) bool { return o.ID == c.ID }); at >= 0 {
			d.From = at + 1
			d.compare(before[at], c)
		}
		out = append(out, d)
	}
	markReordered(out)
	for i, c := range before {
		if !slices.ContainsFunc(after, func(n Chapter) bool { return n.ID == c.ID }) {
			out = append(out, ChapterDiff{ID: c.ID, Title: c.Title, Change: Removed, From: i + 1, Gone: len(c.Blocks)})
		}
	}
	return out
}

func (d *ChapterDiff) compare(old, new Chapter) {
	d.Fresh, d.Gone = missing(new.Blocks, old.Blocks), missing(old.Blocks, new.Blocks)
	d.Change = Same
	if d.Fresh+d.Gone > 0 || !slices.Equal(old.Laws, new.Laws) || !slices.Equal(hashes(old.Blocks), hashes(new.Blocks)) {
		d.Change = Edited
	}
}

// missing counts the blocks of a that b lacks.
func missing(a, b []Block) int {
	have := map[string]int{}
	for _, x := range b {
		have[x.Hash]++
	}
	n := 0
	for _, x := range a {
		if have[x.Hash] == 0 {
			n++
			continue
		}
		have[x.Hash]--
	}
	return n
}

func hashes(blocks []Block) []string {
	var out []string
	for _, b := range blocks {
		out = append(out, b.Hash)
	}
	return out
}

// markReordered looks at the order of the chapters that both editions have: an added
// chapter before them moves nobody.
func markReordered(ds []ChapterDiff) {
	var from []int
	for _, d := range ds {
		if d.From > 0 {
			from = append(from, d.From)
		}
	}
	sorted := slices.Sorted(slices.Values(from))
	at := 0
	for i, d := range ds {
		if d.From == 0 {
			continue
		}
		if d.Change == Same && d.From != sorted[at] {
			ds[i].Change = Reordered
		}
		at++
	}
}

// ReadAgain lists the chapters that who finished the old edition has to read for the new
// one: edited and added ones. Progress in all others is kept.
func ReadAgain(ds []ChapterDiff) []string {
	var out []string
	for _, d := range ds {
		if d.Change == Edited || d.Change == Added {
			out = append(out, d.ID)
		}
	}
	return out
}
