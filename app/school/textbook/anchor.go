package textbook

import "strings"

// Anchor is what a reader's note (批注) holds on to: the block it was made on, and the
// words it marks, which may be empty for the whole block.
type Anchor struct {
	Hash  string // Block.Hash
	Index int    // position of the block in its chapter, to choose among equal ones
	Quote string
}

// AnchorState says what became of a note's place in another edition.
type AnchorState string

// The states of an anchor.
const (
	Kept    AnchorState = "kept"    // the block is unchanged
	Moved   AnchorState = "moved"   // the words stand in a changed block
	Altered AnchorState = "altered" // 原文已改: neither is there any more
)

// Label is the Chinese word for the reader; empty for a kept anchor.
func (s AnchorState) Label() string {
	switch s {
	case Moved:
		return "原文有改动"
	case Altered:
		return "原文已改"
	}
	return ""
}

// Reanchor finds the place of a note among the blocks of an edition: the same block, else
// the block nearest to the old position that still holds the words. An altered anchor has
// index -1; the note is kept and shown at the chapter's end with its quote.
func Reanchor(a Anchor, blocks []Block) (index int, state AnchorState) {
	if i := nearest(a.Index, blocks, func(b Block) bool { return b.Hash == a.Hash }); i >= 0 {
		return i, Kept
	}
	words := squeeze(a.Quote)
	if words == "" {
		return -1, Altered
	}
	if i := nearest(a.Index, blocks, func(b Block) bool { return strings.Contains(squeeze(b.Text), words) }); i >= 0 {
		return i, Moved
	}
	return -1, Altered
}

// nearest is the fitting block closest to a position, the earlier of two; -1 when none fits.
func nearest(at int, blocks []Block, fits func(Block) bool) int {
	best := -1
	for i, b := range blocks {
		if fits(b) && (best < 0 || distance(i, at) < distance(best, at)) {
			best = i
		}
	}
	return best
}

func distance(a, b int) int { return max(a-b, b-a) }
