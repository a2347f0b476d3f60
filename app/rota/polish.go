package rota

// polish moves the people of one site between blocks in the best possible way while the rest of the plan
// stands: an exact min-cost flow, where annealing tries one or two people at a time. Hard violations are
// priced, not forbidden, so the plan as it is stays within reach and the score never gets worse.
func (s *search) polish(k int16) {
	tasks := s.movable(k)
	if len(tasks) == 0 {
		return
	}
	was := make([]int16, len(tasks))
	for n, t := range tasks {
		was[n] = s.block[t]
		s.take(t)
	}
	g := newSiteNet(s.state, k, tasks, netRules{hardPrice: s.hardPrice})
	g.run(g.source, g.sink, func() bool { return false })
	for n, t := range tasks {
		b := g.blockOf(n)
		if b == nowhere {
			b = was[n]
		}
		s.put(t, k, b)
	}
}

// polishAll takes the best plan so far and goes over the sites until nothing gets better, at most rounds
// times. It reports false when it was stopped.
func (s *search) polishAll(rounds int) bool {
	s.restore()
	for range rounds {
		before := s.score
		for k := range s.m.sites {
			if s.stop() {
				return false
			}
			s.polish(int16(k))
		}
		s.keep()
		if s.score == before {
			break
		}
	}
	return true
}

// movable lists the tasks at a site that are not fixed, one for each person.
func (s *search) movable(k int16) []int32 {
	var out []int32
	last := int32(-1)
	for _, t := range s.tasks {
		if s.site[t] == k && s.block[t] != nowhere && s.m.person[t] != last {
			out = append(out, t)
			last = s.m.person[t]
		}
	}
	return out
}
