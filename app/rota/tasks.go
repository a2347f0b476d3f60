package rota

import "slices"

// compilePeople lists every person's tasks: the fixed cells, then what is still owed, with Base as a hint
// where it may stand.
func (m *model) compilePeople() {
	fixed, base := m.fixedCells(), m.byPerson(m.r.Base)
	m.eachPerson(func(i int) {
		for _, c := range fixed[i] {
			m.addTask(i, int16(c.Site), true, int16(c.Site), int16(c.Block))
		}
		m.addOwed(i, base[i])
	})
}

// compilePlan lists the tasks that a given plan fulfils, then those it leaves open. Of two cells of a
// person in one block only the first is taken: the other has to be cleared by hand.
func (m *model) compilePlan(plan []Placement) {
	given := m.byPerson(plan)
	held := map[Placement]bool{}
	for _, c := range m.r.held() {
		held[c] = true
		if !slices.Contains(given[c.Person], c) {
			m.dropped++
		}
	}
	m.eachPerson(func(i int) {
		first := len(m.person)
		for _, c := range given[i] {
			if slices.Contains(m.block0[first:], int16(c.Block)) {
				continue
			}
			must := int16(c.Site)
			if slices.Contains(m.options[i], must) && !held[c] {
				must = nowhere
			}
			m.addTask(i, must, held[c], int16(c.Site), int16(c.Block))
		}
		m.addOwed(i, nil)
	})
}

func (m *model) eachPerson(add func(i int)) {
	m.first = make([]int32, 1, m.people+1)
	m.unit = make([]int32, m.people)
	m.options, m.free = make([][]int16, m.people), make([][]int16, m.people)
	for i := range m.r.People {
		p := &m.r.People[i]
		m.unit[i] = int32(p.Unit)
		if p.Unit < 0 {
			m.unit[i] = int32(m.own - 1)
		}
		m.options[i] = p.choices()
		m.free[i] = m.freeBlocks(p)
		add(i)
		m.first = append(m.first, int32(len(m.person)))
	}
}

func (m *model) byPerson(plan []Placement) [][]Placement {
	out := make([][]Placement, m.people)
	for _, c := range plan {
		out[c.Person] = append(out[c.Person], c)
	}
	return out
}

// fixedCells gives each person's locked and past cells. Of two in one block the first stands; the others
// count as changed locks.
func (m *model) fixedCells() [][]Placement {
	out := make([][]Placement, m.people)
	for _, c := range m.r.held() {
		if slices.ContainsFunc(out[c.Person], func(o Placement) bool { return o.Block == c.Block }) {
			m.dropped++
			continue
		}
		out[c.Person] = append(out[c.Person], c)
	}
	return out
}

// choices are the sites the person may be sent to beyond the obligatory ones.
func (p *Person) choices() []int16 {
	var out []int16
	for _, k := range p.May {
		if !slices.Contains(p.Must, k) && !slices.Contains(p.Done, k) && !slices.Contains(out, int16(k)) {
			out = append(out, int16(k))
		}
	}
	return out
}

// obliged are the sites the person still has to visit.
func (p *Person) obliged() []int {
	var out []int
	for _, k := range p.Must {
		if !slices.Contains(p.Done, k) && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// owed is how many placements the plan owes the person.
func (p *Person) owed() int { return max(p.Count, len(p.obliged())) }

func (m *model) freeBlocks(p *Person) []int16 {
	var out []int16
	for b := m.r.Past; b < m.blocks; b++ {
		if !m.r.Blocks[b].Closed && !p.absent(b) {
			out = append(out, int16(b))
		}
	}
	return out
}

// absent reports a hard absence.
func (p *Person) absent(block int) bool {
	return slices.ContainsFunc(p.Away, func(a Absence) bool { return a.Block == block && !a.Soft })
}

// addOwed adds the tasks that person i is still owed after those already added.
func (m *model) addOwed(i int, base []Placement) {
	p := &m.r.People[i]
	first := int(m.first[i])
	taken := slices.Clone(m.site0[first:])
	for _, k := range p.obliged() {
		if !slices.Contains(taken, int16(k)) {
			m.addTask(i, int16(k), false, int16(k), hint(base, k))
			taken = append(taken, int16(k))
		}
	}
	for len(m.person)-first < p.owed() {
		site, block := nowhere, nowhere
		for _, c := range base {
			if k := int16(c.Site); !slices.Contains(taken, k) && slices.Contains(m.options[i], k) {
				site, block = k, int16(c.Block)
				break
			}
		}
		m.addTask(i, nowhere, false, site, block)
		taken = append(taken, site)
	}
}

// hint is the block in which a plan has the site, or nowhere.
func hint(plan []Placement, site int) int16 {
	for _, c := range plan {
		if c.Site == site {
			return int16(c.Block)
		}
	}
	return nowhere
}

func (m *model) addTask(i int, must int16, fixed bool, site, block int16) {
	m.room = append(m.room, m.free[i])
	m.person = append(m.person, int32(i))
	m.must = append(m.must, must)
	m.fixed = append(m.fixed, fixed)
	m.site0 = append(m.site0, site)
	m.block0 = append(m.block0, block)
}

// welcome reports whether the person may be sent to the site at all.
func (p *Person) welcome(site int) bool {
	return !slices.Contains(p.Done, site) && (slices.Contains(p.Must, site) || slices.Contains(p.May, site))
}
