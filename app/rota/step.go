package rota

// step tries one random change.
func (s *search) step() {
	m := s.m
	t := s.tasks[s.dice.below(len(s.tasks))]
	i := m.person[t]
	room := m.room[t]
	if len(room) == 0 {
		return
	}
	b := room[s.dice.below(len(room))]
	switch {
	case s.block[t] == nowhere || m.must[t] == nowhere && s.dice.below(4) == 0:
		s.tryPlace(t, b)
	case b == s.block[t] || m.max[int(s.site[t])*m.blocks+int(b)] == 0:
	case s.at[int(i)*m.blocks+int(b)] >= 0:
		s.tryTurn(t, s.at[int(i)*m.blocks+int(b)])
	default:
		s.tryShift(t, b)
	}
}

func (s *search) tryTurn(t, o int32) {
	m := s.m
	if m.fixed[o] || s.site[o] == s.site[t] || !s.isRoom[int(o)*m.blocks+int(s.block[t])] || m.max[int(s.site[o])*m.blocks+int(s.block[t])] == 0 {
		return
	}
	if d := s.turnDelta(t, o); s.accepts(d) {
		s.turn(t, o, d)
	}
}

// tryShift moves a task to a free block, or into a place there that somebody else gives up for it.
func (s *search) tryShift(t int32, b int16) {
	m := s.m
	cell := int(s.site[t])*m.blocks + int(b)
	others := s.cells[cell]
	chance := 2
	if s.load[cell] >= m.max[cell] {
		chance = 7
	}
	if len(others) > 0 && s.dice.below(8) < chance {
		o := others[s.dice.below(len(others))]
		back := int(s.block[t])
		if m.fixed[o] || !s.isRoom[int(o)*m.blocks+back] || s.at[int(m.person[o])*m.blocks+back] >= 0 {
			return
		}
		if d := s.tradeDelta(t, o); s.accepts(d) {
			s.trade(t, o, d)
		}
		return
	}
	if d := s.shiftDelta(t, b); s.accepts(d) {
		s.shift(t, b, d)
	}
}

// tryPlace gives a task a place it has not, or a chosen task another site.
func (s *search) tryPlace(t int32, b int16) {
	m := s.m
	i := m.person[t]
	k := m.must[t]
	if k == nowhere {
		options := m.options[i]
		if len(options) == 0 {
			return
		}
		k = options[s.dice.below(len(options))]
	}
	if m.max[int(k)*m.blocks+int(b)] == 0 {
		return
	}
	if o := s.at[int(i)*m.blocks+int(b)]; o >= 0 && o != t {
		return
	}
	wasSite, wasBlock, before := s.site[t], s.block[t], s.score
	if wasBlock != nowhere {
		s.take(t)
	}
	s.put(t, k, b)
	if s.accepts(s.score - before) {
		return
	}
	s.take(t)
	if wasBlock != nowhere {
		s.put(t, wasSite, wasBlock)
	}
}
