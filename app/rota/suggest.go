package rota

import "slices"

// suggested is how many ways out are offered for one violation.
const suggested = 3

// Suggest gives the best ways to ease one violation of a plan by a single step: sending one person to
// another block or, where sites are chosen, another site; two placements of one person changing places; or
// two people changing blocks at one site. Every candidate is scored exactly; at most one is given for each
// placement that moves first. Empty: no single step helps, and Relax is the next thing to ask.
func (r *Rotation) Suggest(plan []Placement, v Violation) []Option {
	d := r.desk(plan)
	var found []candidate
	for _, t := range d.concerned(v) {
		best := candidate{change: d.bar(v)}
		d.ways(t, v, func(hops []hop) {
			if change, ok := d.try(hops, nil); ok && better(change, best.change) {
				best = candidate{change, slices.Clone(hops)}
			}
		})
		if best.hops != nil {
			found = append(found, best)
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return compareCost(a.change.plain(), b.change.plain()) })
	var out []Option
	for _, c := range found[:min(suggested, len(found))] {
		o, _ := d.option(c.hops)
		out = append(out, o)
	}
	return out
}

type candidate struct {
	change points
	hops   []hop
}

// bar is what a step has to beat: for a hard rule one violation less at whatever cost, for the others any
// gain at all.
func (d *desk) bar(v Violation) points {
	if v.Rule.Hard() {
		return 1<<31 - 1 - hardPoint
	}
	return 0
}

// concerned lists the tasks whose moving could ease a violation.
func (d *desk) concerned(v Violation) []int32 {
	m := d.m
	var out []int32
	for t := range m.person {
		if m.fixed[t] || d.block[t] != nowhere && int(d.block[t]) < m.r.Past {
			continue
		}
		if d.concerns(int32(t), v) {
			out = append(out, int32(t))
		}
	}
	return out
}

func (d *desk) concerns(t int32, v Violation) bool {
	i, k, b := int(d.m.person[t]), int(d.site[t]), int(d.block[t])
	switch v.Rule {
	case RuleSeats:
		return k == v.Site && b == v.Block
	case RuleUnit:
		return b == v.Block && int(d.m.unit[i]) == v.Unit
	case RuleMin:
		return k == v.Site && b != v.Block || b == int(nowhere) && slices.Contains(d.sites(t), int16(v.Site))
	case RuleUnplaced:
		return i == v.People[0] && b == int(nowhere)
	default:
		return slices.Contains(v.People, i)
	}
}

// ways tries every single step that moves task t first.
func (d *desk) ways(t int32, v Violation, try func([]hop)) {
	m := d.m
	for _, k := range d.sites(t) {
		if v.Rule == RuleMin && int(k) != v.Site {
			continue
		}
		for b := m.r.Past; b < m.blocks; b++ {
			if v.Rule == RuleMin && b != v.Block || k == d.site[t] && b == int(d.block[t]) {
				continue
			}
			if d.block[t] != nowhere || d.at[int(m.person[t])*m.blocks+b] < 0 {
				try(d.swapped(t, k, int16(b)))
			}
			if d.block[t] != nowhere && k == d.site[t] {
				d.trades(t, k, int16(b), try)
			}
		}
	}
}

// trades tries changing blocks with each other person who is at the site in block b.
func (d *desk) trades(t int32, k, b int16, try func([]hop)) {
	for _, o := range slices.Clone(d.cells[int(k)*d.m.blocks+int(b)]) {
		if d.m.person[o] != d.m.person[t] && !d.m.fixed[o] {
			try([]hop{{t, k, b}, {o, k, d.block[t]}})
		}
	}
}
