package rota

import "slices"

// state is a plan in the making with everything a change is scored by. All changes go through put and
// take, so that score is always the score of the plan.
type state struct {
	m     *model
	site  []int16
	block []int16
	at    []int32 // (person, block) → task, or -1
	load  []int32 // (site, block) → people there
	away  []int32 // (unit, block) → people away
	cells [][]int32
	slot  []int32 // index of a placed task in its cell's list
	score points
}

func newState(m *model) *state {
	s := &state{
		m:    m,
		site: make([]int16, len(m.person)), block: make([]int16, len(m.person)),
		at:   make([]int32, m.people*m.blocks),
		load: make([]int32, m.sites*m.blocks), away: make([]int32, m.own*m.blocks),
		cells: make([][]int32, m.sites*m.blocks), slot: make([]int32, len(m.person)),
	}
	for i := range s.at {
		s.at[i] = -1
	}
	s.score = points(m.dropped) * hardPoint
	for at := range m.min {
		s.score += points(m.min[at]) * m.rules.min
	}
	for t := range s.site {
		s.site[t], s.block[t] = m.must[t], nowhere
		s.score += m.rules.unplaced
	}
	for i := range m.people {
		s.score += s.missing(int32(i))
	}
	for t, fixed := range m.fixed {
		if fixed {
			s.put(int32(t), m.site0[t], m.block0[t])
		}
	}
	return s
}

// join is the cost of one more person in a cell (site, block); leave is minus the cost of the last one.
func (s *state) join(cell int) points { return s.seat(cell, s.load[cell]) }

func (s *state) leave(cell int) points { return -s.seat(cell, s.load[cell]-1) }

// seat is the cost of the person who comes when load others are there.
func (s *state) seat(cell int, load int32) points {
	m := s.m
	var p points
	if load < m.min[cell] {
		p -= m.rules.min
	}
	if load >= m.target[cell] {
		p += points(m.weights.Load)
	}
	if load >= m.max[cell] {
		if load == m.max[cell] {
			p += m.rules.site
		} else {
			p += m.rules.siteMore
		}
	}
	return p
}

// joinUnit and leaveUnit are the same for a unit's people away in a block.
func (s *state) joinUnit(u int32, b int16) points {
	at := int(u)*s.m.blocks + int(b)
	if s.away[at] >= s.m.cap[at] {
		return s.m.rules.unit
	}
	return 0
}

func (s *state) leaveUnit(u int32, b int16) points {
	at := int(u)*s.m.blocks + int(b)
	if s.away[at] > s.m.cap[at] {
		return -s.m.rules.unit
	}
	return 0
}

// alone is what task t costs at (k, b) by the person's wishes and other placements, those of skip left out.
func (s *state) alone(t int32, k, b int16, skip int32) points {
	m := s.m
	i := m.person[t]
	p := m.priced(i, k, b)
	for o := m.first[i]; o < m.first[i+1]; o++ {
		if o != t && o != skip && s.block[o] != nowhere {
			p += m.between(k, b, s.site[o], s.block[o])
		}
	}
	return p
}

// missing is the cost of the person's placements whose needed sites are nowhere in the plan or before it.
func (s *state) missing(i int32) points {
	m := s.m
	if !m.needs {
		return 0
	}
	var p points
	for t := m.first[i]; t < m.first[i+1]; t++ {
		if s.block[t] == nowhere || int(s.block[t]) < m.r.Past {
			continue
		}
		for _, need := range m.r.Sites[s.site[t]].Needs {
			if !s.visits(i, int16(need)) && !slices.Contains(m.r.People[i].Done, need) {
				p += m.rules.order
			}
		}
	}
	return p
}

// visits reports whether the person is placed at the site.
func (s *state) visits(i int32, k int16) bool {
	for t := s.m.first[i]; t < s.m.first[i+1]; t++ {
		if s.site[t] == k && s.block[t] != nowhere {
			return true
		}
	}
	return false
}

// put places an unplaced task and take removes a placed one. The block has to be free for the person.
func (s *state) put(t int32, k, b int16) {
	m := s.m
	i := m.person[t]
	cell := int(k)*m.blocks + int(b)
	lacking := s.missing(i)
	s.score += s.join(cell) + s.joinUnit(m.unit[i], b) + s.alone(t, k, b, -1) - m.rules.unplaced
	s.site[t], s.block[t] = k, b
	s.score += s.missing(i) - lacking
	s.at[int(i)*m.blocks+int(b)] = t
	s.load[cell]++
	s.away[int(m.unit[i])*m.blocks+int(b)]++
	s.slot[t] = int32(len(s.cells[cell]))
	s.cells[cell] = append(s.cells[cell], t)
}

func (s *state) take(t int32) {
	m := s.m
	i, k, b := m.person[t], s.site[t], s.block[t]
	cell := int(k)*m.blocks + int(b)
	s.score += s.leave(cell) + s.leaveUnit(m.unit[i], b) - s.alone(t, k, b, -1) + m.rules.unplaced
	lacking := s.missing(i)
	s.block[t] = nowhere
	if m.must[t] == nowhere {
		s.site[t] = nowhere
	}
	s.score += s.missing(i) - lacking
	s.at[int(i)*m.blocks+int(b)] = -1
	s.load[cell]--
	s.away[int(m.unit[i])*m.blocks+int(b)]--
	list := s.cells[cell]
	last := list[len(list)-1]
	list[s.slot[t]], s.slot[last] = last, s.slot[t]
	s.cells[cell] = list[:len(list)-1]
}
