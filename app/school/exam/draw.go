package exam

import (
	"maps"
	"slices"

	"tiaojie/app/school/quizformat"
)

// drawing fills slots as a matching between places and questions: a slot that finds all its
// questions taken may take one whose slot finds another (an augmenting path).
type drawing struct {
	slots []Slot
	ready map[int64]Candidate // version → candidate, for fixed slots
	open  []Candidate         // the latest ready version of each question, by question
	owner map[int64]int       // question → slot that drew it
	fixed map[int64]bool      // questions that stand on the paper anyway
}

func newDrawing(slots []Slot, bank []Candidate) drawing {
	d := drawing{slots: slots, ready: map[int64]Candidate{}, owner: map[int64]int{}, fixed: map[int64]bool{}}
	latest := map[int64]Candidate{}
	for _, c := range bank {
		if !c.Ready {
			continue
		}
		d.ready[c.Version] = c
		if c.Version > latest[c.Question].Version {
			latest[c.Question] = c
		}
	}
	for _, question := range slices.Sorted(maps.Keys(latest)) {
		d.open = append(d.open, latest[question])
	}
	return d
}

// pool is what a slot may draw, in an order that depends on the seed and the slot.
func (d *drawing) pool(at int, seed uint64) []Candidate {
	var fits []Candidate
	for _, c := range d.open {
		if !d.fixed[c.Question] && d.slots[at].Draw.takes(c) {
			fits = append(fits, c)
		}
	}
	out := make([]Candidate, len(fits))
	for i, j := range quizformat.Order(mix(seed, at), len(fits)) {
		out[i] = fits[j]
	}
	return out
}

func (w Draw) takes(c Candidate) bool {
	for _, t := range w.Tags {
		if !slices.Contains(c.Tags, t) {
			return false
		}
	}
	return (len(w.Kinds) == 0 || slices.Contains(w.Kinds, c.Kind)) && (w.Category == "" || w.Category == c.Category)
}

// fill gives a slot one question more. asked holds the questions that this search has tried.
func (d *drawing) fill(at int, pool []Candidate, asked map[int64]bool) bool {
	for _, c := range pool {
		if _, taken := d.owner[c.Question]; !taken && !asked[c.Question] {
			d.owner[c.Question] = at
			return true
		}
	}
	for _, c := range pool {
		holder, taken := d.owner[c.Question]
		if !taken || holder == at || asked[c.Question] {
			continue
		}
		asked[c.Question] = true
		if d.fill(holder, d.pool(holder, 0), asked) {
			d.owner[c.Question] = at
			return true
		}
	}
	return false
}

// shortage names the slots that together ask for too much: those that the failed one
// reaches by taking questions from each other.
func (d *drawing) shortage(at int, seed uint64) *Shortage {
	slots := []int{at}
	questions := map[int64]bool{}
	for i := 0; i < len(slots); i++ {
		for _, c := range d.pool(slots[i], seed) {
			questions[c.Question] = true
			if holder, taken := d.owner[c.Question]; taken && !slices.Contains(slots, holder) {
				slots = append(slots, holder)
			}
		}
	}
	slices.Sort(slots)
	s := &Shortage{Slots: slots, Found: len(questions)}
	for _, i := range slots {
		s.Asked += d.slots[i].Draw.Count
	}
	return s
}

// paper lists what was chosen, slot by slot; within a slot in the order of its pool, so
// that the bank's order doesn't show through.
func (d *drawing) paper(seed uint64) []Item {
	var out []Item
	for at, s := range d.slots {
		if s.Version != 0 {
			out = append(out, s.item(at, d.ready[s.Version]))
			continue
		}
		for _, c := range d.pool(at, seed) {
			if holder, taken := d.owner[c.Question]; taken && holder == at {
				out = append(out, s.item(at, c))
			}
		}
	}
	return out
}

func (s Slot) item(at int, c Candidate) Item {
	points := s.Points
	if points == 0 {
		points = c.Points
	}
	return Item{Slot: at, Version: c.Version, Points: points}
}

// mix makes a seed of its own for each part of a paper (the finalizer of SplitMix64), so
// that two parts with equal pools aren't shuffled alike.
func mix(seed uint64, part int) uint64 {
	z := seed + 0x9e3779b97f4a7c15*uint64(part+1)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// ItemSeed is the seed for the order of the options of the question at a place of a paper.
func ItemSeed(seed uint64, place int) uint64 { return mix(^seed, place) }

// Arrange shuffles a paper's questions by the seed. Slots mix: don't use it where parts
// have headings of their own.
func Arrange(items []Item, seed uint64) []Item {
	out := make([]Item, len(items))
	for i, j := range quizformat.Order(mix(seed, -2), len(items)) {
		out[i] = items[j]
	}
	return out
}
