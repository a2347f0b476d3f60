package rota

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// Difference is how two plans differ for one person.
type Difference struct {
	Person      int
	Gone, Added []Placement // cells only in the first, only in the second plan
}

// Diff compares two plans person by person; people whose cells are the same don't appear.
func Diff(a, b []Placement) []Difference {
	var out []Difference
	at := map[int]int{}
	of := func(person int) *Difference {
		n, ok := at[person]
		if !ok {
			n = len(out)
			at[person] = n
			out = append(out, Difference{Person: person})
		}
		return &out[n]
	}
	for _, c := range without(a, b) {
		d := of(c.Person)
		d.Gone = append(d.Gone, c)
	}
	for _, c := range without(b, a) {
		d := of(c.Person)
		d.Added = append(d.Added, c)
	}
	slices.SortFunc(out, func(x, y Difference) int { return x.Person - y.Person })
	return out
}

// without lists, in order, the cells of a that are not in b.
func without(a, b []Placement) []Placement {
	known := make(map[Placement]bool, len(b))
	for _, c := range b {
		known[c] = true
	}
	var out []Placement
	for _, c := range a {
		if !known[c] {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, ComparePlacements)
	return out
}

// Fingerprint identifies a task by its content. A plan whose task has another fingerprint by now is stale
// (已过时): the input has changed since it was solved.
func (r *Rotation) Fingerprint() string {
	raw, err := json.Marshal(r)
	if err != nil {
		panic(err) // numbers and strings can't fail
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
