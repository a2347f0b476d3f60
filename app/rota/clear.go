package rota

import "slices"

// Clear takes placements out of a plan until it breaks no hard rule any more, except that what was taken
// out is now 未安排, so that the rest can be published and the list dealt with by hand. Each time it takes
// the placement whose going mends most. Past and locked cells stay, and what they break among themselves.
func (r *Rotation) Clear(plan []Placement) (kept, cleared []Placement) {
	kept, cleared = r.oneABlock(plan)
	for {
		c, ok := r.worst(kept)
		if !ok {
			slices.SortFunc(cleared, ComparePlacements)
			return kept, cleared
		}
		kept = slices.DeleteFunc(kept, func(o Placement) bool { return o == c })
		cleared = append(cleared, c)
	}
}

// oneABlock sets aside what a person has besides another cell of the same block.
func (r *Rotation) oneABlock(plan []Placement) (kept, cleared []Placement) {
	held := r.held()
	sorted := slices.Clone(plan)
	slices.SortFunc(sorted, ComparePlacements)
	taken := map[[2]int]bool{}
	for _, locked := range []bool{true, false} {
		for _, c := range sorted {
			if slices.Contains(held, c) != locked {
				continue
			}
			if key := [2]int{c.Person, c.Block}; !taken[key] || locked {
				taken[key] = true
				kept = append(kept, c)
			} else {
				cleared = append(cleared, c)
			}
		}
	}
	slices.SortFunc(kept, ComparePlacements)
	return kept, cleared
}

// worst finds the cell to take out next.
func (r *Rotation) worst(plan []Placement) (Placement, bool) {
	d := r.desk(plan)
	best, found := hardPoint<<8, int32(-1)
	for _, v := range r.Evaluate(plan).Violations {
		if !v.Rule.Hard() || v.Rule == RuleUnplaced || v.Rule == RuleLock {
			continue
		}
		for _, t := range d.concerned(v) {
			if d.block[t] == nowhere {
				continue
			}
			change, ok := d.try([]hop{{t, d.site[t], nowhere}}, nil)
			// Besides what mends as much as it costs, the cell itself may always go: others may have to
			// follow it.
			itself := int(d.site[t]) == v.Site && int(d.block[t]) == v.Block
			if ok && (change.hard() <= 0 || itself) && better(change, best) {
				best, found = change, t
			}
		}
	}
	if found < 0 {
		return Placement{}, false
	}
	return d.cell(found), true
}
