package record

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Lines compares two texts line by line: what both have, what only the present one
// has, what only the other one has.
func Lines(current, rival string) []DiffLine {
	d := diffmatchpatch.New()
	a, b, lines := d.DiffLinesToChars(current+"\n", rival+"\n")
	kinds := map[diffmatchpatch.Operation]string{diffmatchpatch.DiffEqual: "same", diffmatchpatch.DiffDelete: "theirs", diffmatchpatch.DiffInsert: "mine"}
	var out []DiffLine
	for _, part := range d.DiffCharsToLines(d.DiffMain(a, b, false), lines) {
		for line := range strings.SplitSeq(strings.TrimSuffix(part.Text, "\n"), "\n") {
			out = append(out, DiffLine{Text: line, Kind: kinds[part.Type]})
		}
	}
	return out
}
