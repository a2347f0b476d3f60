package rota

// siteNet is the question "who goes to one site in which block", all else in the plan standing, as a flow:
// source → task → (unit, block) → block → sink. The arcs of a (unit, block) carry the unit's away cap,
// those of a block its seats, one arc for each run of seats that cost the same.
type siteNet struct {
	network
	source, sink int32
	site         int16
	tasks        []int32
	node0        int32 // node of task n is node0 + n
	block0       int32 // node of block b is block0 + b
	choices      [][]choiceArc
	units        []unitNode
	seats        []seatArc
}

type choiceArc struct {
	arc   int32
	block int16
}

type unitNode struct {
	node, arc   int32
	unit, block int
	room        int32
}

type seatArc struct {
	arc   int32
	block int
	room  int32
}

// netRules choose between the net's uses.
type netRules struct {
	// strict forbids what breaks a hard rule, so that tasks may stay without a block; otherwise each hard
	// violation costs hardPrice and every task finds its place.
	strict    bool
	hardPrice int64
	// may, if set, says which blocks task n may take; otherwise those that are free.
	may func(n int, b int16) bool
}

// newSiteNet builds the net for tasks of site k that have been taken out of the plan, one for a person.
func newSiteNet(s *state, k int16, tasks []int32, rules netRules) *siteNet {
	m := s.m
	g := &siteNet{site: k, tasks: tasks, choices: make([][]choiceArc, len(tasks))}
	g.grow(len(tasks)*(m.blocks+1) + 8*m.blocks)
	g.source, g.sink = g.node(1), g.node(1)
	g.node0, g.block0 = g.node(len(tasks)), g.node(m.blocks)
	known := make([]int32, m.own*m.blocks) // (unit, block) → 1 + index in units
	for n, t := range tasks {
		g.arc(g.source, g.node0+int32(n), 1, 0)
		i := int(m.person[t])
		for _, b := range m.free[i] {
			if !s.open(i, k, b) || rules.may != nil && !rules.may(n, b) {
				continue
			}
			alone := s.alone(t, k, b, -1)
			if rules.strict && alone.hard() > 0 {
				continue
			}
			via := g.via(s, int(m.unit[i])*m.blocks+int(b), known, rules)
			g.choices[n] = append(g.choices[n], choiceArc{
				g.arc(g.node0+int32(n), via, 1, int32(alone.scaled(rules.hardPrice))), b,
			})
		}
	}
	for b := range m.blocks {
		g.addSeats(s, b, int32(len(tasks)), rules)
	}
	g.freeze()
	return g
}

// via gives the node of a (unit, block), with its arc to the block.
func (g *siteNet) via(s *state, at int, known []int32, rules netRules) int32 {
	if known[at] > 0 {
		return g.units[known[at]-1].node
	}
	u := unitNode{node: g.node(1), unit: at / s.m.blocks, block: at % s.m.blocks, room: max(0, s.m.cap[at]-s.away[at])}
	to := g.block0 + int32(u.block)
	u.arc = g.arc(u.node, to, u.room, 0)
	if !rules.strict {
		g.arc(u.node, to, unlimited, int32(s.m.rules.unit.scaled(rules.hardPrice)))
	}
	g.units = append(g.units, u)
	known[at] = int32(len(g.units))
	return u.node
}

// addSeats adds a block's arcs to the sink. Seats below the minimum earn; a constant keeps costs from
// being negative.
func (g *siteNet) addSeats(s *state, b int, most int32, rules netRules) {
	cell := int(g.site)*s.m.blocks + b
	offset := s.m.rules.min.scaled(rules.hardPrice)
	load, end := s.load[cell], s.load[cell]+most
	if rules.strict {
		end = max(load, min(end, s.m.max[cell]))
	}
	for load < end {
		cost := s.seat(cell, load)
		run := load + 1
		for run < end && s.seat(cell, run) == cost {
			run++
		}
		arc := g.arc(g.block0+int32(b), g.sink, run-load, int32(cost.scaled(rules.hardPrice)+offset))
		g.seats = append(g.seats, seatArc{arc, b, run - load})
		load = run
	}
}

// blockOf gives the block that the flow found for task n, or nowhere.
func (g *siteNet) blockOf(n int) int16 {
	for _, c := range g.choices[n] {
		if g.used(c.arc) > 0 {
			return c.block
		}
	}
	return nowhere
}
