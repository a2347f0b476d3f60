package textbook

import (
	"slices"
	"strings"
)

// Merging of drafts: two people changed the same text since it was opened.

// RegionKind says who changed a part of the text.
type RegionKind string

// The kinds of regions.
const (
	Unchanged RegionKind = "unchanged"
	Mine      RegionKind = "mine"     // only I changed it
	Theirs    RegionKind = "theirs"   // only the other did
	Agreed    RegionKind = "agreed"   // both made the same change
	Conflict  RegionKind = "conflict" // both changed it, and differently
)

// Region is a run of lines in its three versions.
type Region struct {
	Kind               RegionKind
	Base, Mine, Theirs []string
}

// Merge compares a text as it was opened (base), as somebody else saved it meanwhile
// (theirs) and as I want to save it (mine), line by line. Changes that touch no common
// line merge by themselves; the rest are conflicts for a person to decide.
func Merge(base, theirs, mine string) []Region {
	b, t, m := strings.Split(base, "\n"), strings.Split(theirs, "\n"), strings.Split(mine, "\n")
	toT, toM := align(b, t), align(b, m)
	var out []Region
	bi, ti, mi := 0, 0, 0
	for bi < len(b) || ti < len(t) || mi < len(m) {
		same := 0
		for bi+same < len(b) && toT[bi+same] == ti+same && toM[bi+same] == mi+same {
			same++
		}
		be, te, me := bi+same, ti+same, mi+same
		if same > 0 {
			out = append(out, Region{Unchanged, b[bi:be], m[mi:me], t[ti:te]})
		} else {
			be, te, me = nextCommon(bi, len(b), len(t), len(m), toT, toM)
			out = append(out, changed(b[bi:be], t[ti:te], m[mi:me]))
		}
		bi, ti, mi = be, te, me
	}
	return out
}

// nextCommon finds the next base line that both others still have.
func nextCommon(from, nb, nt, nm int, toT, toM []int) (b, t, m int) {
	for i := from; i < nb; i++ {
		if toT[i] >= 0 && toM[i] >= 0 {
			return i, toT[i], toM[i]
		}
	}
	return nb, nt, nm
}

func changed(base, theirs, mine []string) Region {
	r := Region{Conflict, base, mine, theirs}
	switch {
	case slices.Equal(mine, theirs):
		r.Kind = Agreed
	case slices.Equal(base, theirs):
		r.Kind = Mine
	case slices.Equal(base, mine):
		r.Kind = Theirs
	}
	return r
}

// Conflicts counts what a person has to decide.
func Conflicts(regions []Region) int {
	n := 0
	for _, r := range regions {
		if r.Kind == Conflict {
			n++
		}
	}
	return n
}

// Merged is the text of both changes. decide gives the lines of each conflict, in order.
func Merged(regions []Region, decide func(Region) []string) string {
	var lines []string
	for _, r := range regions {
		switch r.Kind {
		case Conflict:
			lines = append(lines, decide(r)...)
		case Theirs:
			lines = append(lines, r.Theirs...)
		default:
			lines = append(lines, r.Mine...)
		}
	}
	return strings.Join(lines, "\n")
}

// maxAlign bounds the table of align, in cells of 4 bytes. Chapters of 2,000 changed lines
// still fit; beyond, the middle counts as changed throughout, which is correct and coarse.
const maxAlign = 4_000_000

// align gives for each line of a the line of b that it became, or -1: a longest common
// subsequence, found by the textbook's table after the common ends are cut off.
func align(a, b []string) []int {
	out := make([]int, len(a))
	for i := range out {
		out[i] = -1
	}
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		out[head] = head
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		out[len(a)-1-tail] = len(b) - 1 - tail
		tail++
	}
	alignMiddle(out, a, b, head, len(a)-tail, len(b)-tail)
	return out
}

func alignMiddle(out []int, a, b []string, from, aEnd, bEnd int) {
	rows, cols := aEnd-from, bEnd-from
	if rows == 0 || cols == 0 || rows > maxAlign/cols {
		return
	}
	length := make([]int32, (rows+1)*(cols+1))
	at := func(i, j int) *int32 { return &length[i*(cols+1)+j] }
	for i := rows - 1; i >= 0; i-- {
		for j := cols - 1; j >= 0; j-- {
			if a[from+i] == b[from+j] {
				*at(i, j) = *at(i+1, j+1) + 1
			} else {
				*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			}
		}
	}
	for i, j := 0, 0; i < rows && j < cols; {
		switch {
		case a[from+i] == b[from+j]:
			out[from+i] = from + j
			i, j = i+1, j+1
		case *at(i+1, j) >= *at(i, j+1):
			i++
		default:
			j++
		}
	}
}
