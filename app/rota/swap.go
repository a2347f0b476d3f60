package rota

import (
	"fmt"
	"slices"
)

// Swap is what two people have agreed on, or one of them offers.
type Swap struct {
	From Placement
	// To is the other side: a placement to exchange for. For a give-away (转让) only To.Person counts and
	// Give is true: that person takes over From.
	To   Placement
	Give bool
}

// Verdict is the answer to a Swap.
type Verdict struct {
	Plan    []Placement // the plan after the swap; nil when refused
	Refused []string    // why not, in sentences; empty: it may be done
	Owed    []Violation // what the plan still owes the giver afterwards (未安排), for the trainer to settle
	Change  Cost        // what it does to the plan's score
}

// CheckSwap judges a swap against the plan as it is now: both cells must still be as the swap says, neither
// past nor locked, and afterwards no hard rule may be broken more than before. A give-away leaves the giver
// with a placement owed, which is reported and not refused. Call it again in the transaction that applies
// the swap: of two swaps that touch one cell the second is refused.
func (r *Rotation) CheckSwap(plan []Placement, s Swap) Verdict {
	if text := r.untouchable(plan, s); text != "" {
		return Verdict{Refused: []string{text}}
	}
	after := slices.DeleteFunc(slices.Clone(plan), func(c Placement) bool {
		return c == s.From || !s.Give && c == s.To
	})
	after = append(after, Placement{s.To.Person, s.From.Site, s.From.Block})
	if !s.Give {
		after = append(after, Placement{s.From.Person, s.To.Site, s.To.Block})
	}
	slices.SortFunc(after, ComparePlacements)
	return r.compareVerdict(r.Evaluate(plan), r.Evaluate(after), after, s)
}

// untouchable refuses what can't even be tried.
func (r *Rotation) untouchable(plan []Placement, s Swap) string {
	cells := []Placement{s.From}
	if !s.Give {
		cells = append(cells, s.To)
	}
	if !within(s.To.Person, len(r.People)) || s.To.Person == s.From.Person {
		return "要有另一个人参与"
	}
	held := r.held()
	for _, c := range cells {
		switch {
		case !slices.Contains(plan, c):
			return "这一格已经变动，请重新查看后再提出"
		case c.Block < r.Past:
			return fmt.Sprintf("%s已经过去，不能再换", r.Blocks[c.Block].Name)
		case slices.Contains(held, c):
			return fmt.Sprintf("%s 在%s的安排已锁定，不能换", r.People[c.Person].Name, r.Blocks[c.Block].Name)
		}
	}
	return ""
}

func (r *Rotation) compareVerdict(before, after *Report, plan []Placement, s Swap) Verdict {
	v := Verdict{Change: Cost{after.Score.Hard - before.Score.Hard, after.Score.Soft - before.Score.Soft}}
	for _, bad := range after.Violations {
		if !bad.Rule.Hard() || !worse(bad, before) {
			continue
		}
		if s.Give && bad.Rule == RuleUnplaced && bad.People[0] == s.From.Person {
			v.Owed = append(v.Owed, bad)
			continue
		}
		v.Refused = append(v.Refused, bad.Text)
	}
	if len(v.Refused) == 0 {
		v.Plan = plan
	}
	return v
}

// worse reports whether a violation is new or goes further than before.
func worse(v Violation, before *Report) bool {
	return !slices.ContainsFunc(before.Violations, func(o Violation) bool {
		if o.Rule != v.Rule || o.Site != v.Site || o.Block != v.Block || o.Unit != v.Unit || o.Excess < v.Excess {
			return false
		}
		shared := v.Rule == RuleSeats || v.Rule == RuleUnit // whose people may differ
		return shared || slices.Equal(o.People, v.People) && o.Text == v.Text
	})
}

// Apply carries out moves on a plan. It reports false, and changes nothing, if a cell is no longer as a
// move says, is past or locked, or the person already stands somewhere in the target block.
func (r *Rotation) Apply(plan []Placement, moves []Move) ([]Placement, bool) {
	out, held := slices.Clone(plan), r.held()
	for _, m := range moves {
		if m.From.Block == Any {
			continue
		}
		at := slices.Index(out, m.From)
		if at < 0 || m.From.Block < r.Past || slices.Contains(held, m.From) {
			return plan, false
		}
		out = slices.Delete(out, at, at+1)
	}
	for _, m := range moves {
		taken := slices.ContainsFunc(out, func(c Placement) bool {
			return c.Person == m.To.Person && c.Block == m.To.Block
		})
		if taken || m.To.Block < r.Past || !r.exists(m.To) {
			return plan, false
		}
		out = append(out, m.To)
	}
	slices.SortFunc(out, ComparePlacements)
	return out, true
}
