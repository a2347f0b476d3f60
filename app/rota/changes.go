package rota

// The three changes that the search tries most. Each has a delta, which only reads, and a do.

// shiftDelta scores moving task t to block b, at the same site; b has to be free for the person.
func (s *state) shiftDelta(t int32, b int16) points {
	m := s.m
	k, was, u := s.site[t], s.block[t], m.unit[m.person[t]]
	row := int(k) * m.blocks
	return s.leave(row+int(was)) + s.join(row+int(b)) +
		s.leaveUnit(u, was) + s.joinUnit(u, b) +
		s.alone(t, k, b, -1) - s.alone(t, k, was, -1)
}

func (s *state) shift(t int32, b int16, delta points) {
	m := s.m
	i, k, was := int(m.person[t]), int(s.site[t]), int(s.block[t])
	u := int(m.unit[i])
	s.at[i*m.blocks+was], s.at[i*m.blocks+int(b)] = -1, t
	s.away[u*m.blocks+was]--
	s.away[u*m.blocks+int(b)]++
	s.recell(t, k*m.blocks+was, k*m.blocks+int(b))
	s.block[t] = b
	s.score += delta
}

// recell moves a task from one cell's list to another's.
func (s *state) recell(t int32, from, to int) {
	list := s.cells[from]
	last := list[len(list)-1]
	list[s.slot[t]], s.slot[last] = last, s.slot[t]
	s.cells[from] = list[:len(list)-1]
	s.slot[t] = int32(len(s.cells[to]))
	s.cells[to] = append(s.cells[to], t)
	s.load[from]--
	s.load[to]++
}

// turnDelta scores exchanging the blocks of two tasks of one person at different sites.
func (s *state) turnDelta(t, o int32) points {
	m := s.m
	k, l, b, c := s.site[t], s.site[o], s.block[t], s.block[o]
	kr, lr := int(k)*m.blocks, int(l)*m.blocks
	return s.leave(kr+int(b)) + s.join(kr+int(c)) + s.leave(lr+int(c)) + s.join(lr+int(b)) +
		s.alone(t, k, c, o) + s.alone(o, l, b, t) + m.between(k, c, l, b) -
		s.alone(t, k, b, o) - s.alone(o, l, c, t) - m.between(k, b, l, c)
}

func (s *state) turn(t, o int32, delta points) {
	m := s.m
	i, k, l := int(m.person[t]), int(s.site[t]), int(s.site[o])
	b, c := s.block[t], s.block[o]
	s.recell(t, k*m.blocks+int(b), k*m.blocks+int(c))
	s.recell(o, l*m.blocks+int(c), l*m.blocks+int(b))
	s.at[i*m.blocks+int(b)], s.at[i*m.blocks+int(c)] = o, t
	s.block[t], s.block[o] = c, b
	s.score += delta
}

// tradeDelta scores exchanging the blocks of two people's tasks at one site. Each has to be free in the
// other's block.
func (s *state) tradeDelta(t, o int32) points {
	m := s.m
	k, b, c := s.site[t], s.block[t], s.block[o]
	p := s.alone(t, k, c, -1) + s.alone(o, k, b, -1) - s.alone(t, k, b, -1) - s.alone(o, k, c, -1)
	if u, v := m.unit[m.person[t]], m.unit[m.person[o]]; u != v {
		p += s.leaveUnit(u, b) + s.joinUnit(u, c) + s.leaveUnit(v, c) + s.joinUnit(v, b)
	}
	return p
}

func (s *state) trade(t, o int32, delta points) {
	m := s.m
	i, j := int(m.person[t]), int(m.person[o])
	b, c := int(s.block[t]), int(s.block[o])
	row := int(s.site[t]) * m.blocks
	s.at[i*m.blocks+b], s.at[i*m.blocks+c] = -1, t
	s.at[j*m.blocks+c], s.at[j*m.blocks+b] = -1, o
	u, v := int(m.unit[i])*m.blocks, int(m.unit[j])*m.blocks
	s.away[u+b]--
	s.away[u+c]++
	s.away[v+c]--
	s.away[v+b]++
	s.cells[row+b][s.slot[t]], s.cells[row+c][s.slot[o]] = o, t
	s.slot[t], s.slot[o] = s.slot[o], s.slot[t]
	s.block[t], s.block[o] = int16(c), int16(b)
	s.score += delta
}
