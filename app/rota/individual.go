package rota

import "math/bits"

// individual answers exactly, for one person, what the rules that concern that person alone (H1, H3–H6)
// leave possible: a walk over the blocks with the set of tasks already placed.
type individual struct {
	m      *model
	gap    int
	tasks  []int32  // those not fixed
	before []uint32 // by task: the tasks that have to come earlier
	can    [][]bool // (task, block): possible next to the fixed cells
	reach  [][]bool // (block, set): placeable in earlier blocks
	finish [][]bool // (block, set): the rest is placeable from here on
}

// manageable bounds the sets of tasks an individual is worked out for: 2^12.
const manageable = 12

// newIndividual prepares person i with the given gap. It answers nil when the person has too many tasks
// for the walk.
func newIndividual(s *state, i, gap int) *individual {
	m := s.m
	d := &individual{m: m, gap: gap}
	for t := m.first[i]; t < m.first[i+1]; t++ {
		if !m.fixed[t] {
			d.tasks = append(d.tasks, t)
		}
	}
	if len(d.tasks) > manageable {
		return nil
	}
	for _, t := range d.tasks {
		d.before = append(d.before, d.leaders(t))
		d.can = append(d.can, s.possible(t, gap))
	}
	d.walk()
	return d
}

// narrow leaves each task only the blocks it has in some complete plan of its person that keeps the rules
// for that person alone. Many people with absences have few such plans, and a search that wanders through
// the others gets lost. People who have none, or too many tasks to tell, keep all their free blocks. The
// state holds the fixed cells and nothing else.
func (m *model) narrow(s *state) {
	for i := range m.people {
		d := newIndividual(s, i, m.r.Gap)
		if d == nil || len(d.tasks) == 0 || d.most() < len(d.tasks) {
			continue
		}
		for n, t := range d.tasks {
			m.room[t] = nil
			for b, ok := range d.usable(n) {
				if ok {
					m.room[t] = append(m.room[t], int16(b))
				}
			}
		}
	}
}

// leaders are the person's other tasks that the rules put before task t. Chosen sites are not known yet
// and bind nothing.
func (d *individual) leaders(t int32) uint32 {
	var set uint32
	for n, o := range d.tasks {
		if d.m.must[o] != nowhere && d.m.must[t] != nowhere && d.m.r.leads(int(d.m.must[o]), int(d.m.must[t])) {
			set |= 1 << n
		}
	}
	return set
}

// possible marks the blocks in which task t would break no rule with the person's fixed cells.
func (s *state) possible(t int32, gap int) []bool {
	m := s.m
	i := int(m.person[t])
	sites := m.options[i]
	if m.must[t] != nowhere {
		sites = m.must[t : t+1]
	}
	out := make([]bool, m.blocks)
	for _, k := range sites {
		for _, b := range m.free[i] {
			out[b] = out[b] || s.open(i, k, b) && s.agrees(i, k, b, gap)
		}
	}
	return out
}

// agrees reports whether (k, b) keeps gap and order with every cell the person already has.
func (s *state) agrees(i int, k, b int16, gap int) bool {
	m := s.m
	for o := m.first[i]; o < m.first[i+1]; o++ {
		if s.block[o] == nowhere {
			continue
		}
		apart := int(b - s.block[o])
		first, second := int(s.site[o]), int(k)
		if apart < 0 {
			first, second = second, first
		}
		if max(apart, -apart) <= gap || first == second || m.r.leads(second, first) {
			return false
		}
	}
	return true
}

func (d *individual) walk() {
	sets := 1 << len(d.tasks)
	d.reach, d.finish = make([][]bool, d.m.blocks+1), make([][]bool, d.m.blocks+1)
	for b := range d.reach {
		d.reach[b], d.finish[b] = make([]bool, sets), make([]bool, sets)
	}
	d.reach[0][0] = true
	for b := range d.m.blocks {
		for set, ok := range d.reach[b] {
			if !ok {
				continue
			}
			d.reach[b+1][set] = true
			d.each(set, b, func(n int) bool {
				d.reach[d.after(b)][set|1<<n] = true
				return true
			})
		}
	}
	d.finish[d.m.blocks][sets-1] = true
	for b := d.m.blocks - 1; b >= 0; b-- {
		for set := range sets {
			d.finish[b][set] = d.finish[b+1][set]
			d.each(set, b, func(n int) bool {
				d.finish[b][set] = d.finish[b][set] || d.finish[d.after(b)][set|1<<n]
				return !d.finish[b][set]
			})
		}
	}
}

// after is the first block in which the next placement may follow one in block b.
func (d *individual) after(b int) int { return min(b+d.gap+1, d.m.blocks) }

// each calls f for the tasks that may be placed in block b after those of set, while f answers true.
func (d *individual) each(set, b int, f func(n int) bool) {
	for n := range d.tasks {
		if set&(1<<n) == 0 && d.can[n][b] && uint32(set)&d.before[n] == d.before[n] {
			if !f(n) {
				return
			}
		}
	}
}

// most is the largest number of tasks that can be placed.
func (d *individual) most() int {
	best := 0
	for set, ok := range d.reach[d.m.blocks] {
		if ok {
			best = max(best, bits.OnesCount(uint(set)))
		}
	}
	return best
}

// usable marks the blocks in which task n stands in some complete plan of the person.
func (d *individual) usable(n int) []bool {
	out := make([]bool, d.m.blocks)
	for b := range out {
		for set, ok := range d.reach[b] {
			fits := ok && set&(1<<n) == 0 && d.can[n][b] && uint32(set)&d.before[n] == d.before[n]
			if fits && d.finish[d.after(b)][set|1<<n] {
				out[b] = true
				break
			}
		}
	}
	return out
}
