package rota

import "slices"

// place puts every unplaced task where it costs least at the moment, people with few free blocks first.
func (s *state) place() {
	m := s.m
	byRoom := make([][]int32, m.blocks+1)
	for i := range m.people {
		n := len(m.free[i])
		byRoom[n] = append(byRoom[n], int32(i))
	}
	for _, people := range byRoom {
		for _, i := range people {
			for t := m.first[i]; t < m.first[i+1]; t++ {
				if s.block[t] == nowhere {
					s.placeBest(t)
				}
			}
		}
	}
}

func (s *state) placeBest(t int32) {
	m := s.m
	i := m.person[t]
	sites := m.options[i]
	if m.must[t] != nowhere {
		sites = m.must[t : t+1]
	}
	best, site, block := hardPoint<<20, nowhere, nowhere
	for _, k := range sites {
		for _, b := range m.room[t] {
			cell := int(k)*m.blocks + int(b)
			if m.max[cell] == 0 || s.at[int(i)*m.blocks+int(b)] >= 0 {
				continue
			}
			if p := s.join(cell) + s.joinUnit(m.unit[i], b) + s.alone(t, k, b, -1); p < best {
				best, site, block = p, k, b
			}
		}
	}
	if block != nowhere {
		s.put(t, site, block)
	}
}

// resume puts the tasks where Base has them, as far as that is still possible.
func (s *state) resume() {
	for t := range s.m.person {
		if s.block[t] == nowhere && s.open(int(s.m.person[t]), s.m.site0[t], s.m.block0[t]) {
			s.put(int32(t), s.m.site0[t], s.m.block0[t])
		}
	}
}

// unavoidable counts the hard violations that no search can remove: those among fixed cells, and people
// with fewer free blocks than placements.
func (s *state) unavoidable() int64 {
	m := s.m
	hard := s.score.hard()
	for i := range m.people {
		open, room := 0, 0
		for t := m.first[i]; t < m.first[i+1]; t++ {
			if s.block[t] == nowhere {
				open++
			}
		}
		for _, b := range m.free[i] {
			if s.at[i*m.blocks+int(b)] < 0 {
				room++
			}
		}
		hard -= int64(min(open, room))
	}
	return hard
}

// open reports whether the search may put person i there.
func (s *state) open(i int, k, b int16) bool {
	m := s.m
	return b != nowhere && slices.Contains(m.free[i], b) &&
		s.at[i*m.blocks+int(b)] < 0 && m.max[int(k)*m.blocks+int(b)] > 0
}
