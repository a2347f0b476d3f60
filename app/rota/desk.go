package rota

import (
	"cmp"
	"slices"
)

// desk is a given plan laid out for judging changes to it.
type desk struct{ *state }

func (r *Rotation) desk(plan []Placement) *desk {
	m := newModelOf(r, plan)
	s := newState(m)
	for t, fixed := range m.fixed {
		if !fixed && m.block0[t] != nowhere {
			s.put(int32(t), m.site0[t], m.block0[t])
		}
	}
	return &desk{s}
}

// find gives the task that stands in a cell.
func (d *desk) find(c Placement) (int32, bool) {
	for t := d.m.first[c.Person]; t < d.m.first[c.Person+1]; t++ {
		if int(d.site[t]) == c.Site && int(d.block[t]) == c.Block {
			return t, true
		}
	}
	return 0, false
}

// hop sends a task, placed or not, to a cell, or to nowhere.
type hop struct {
	t    int32
	k, b int16
}

// try scores some hops done together and leaves the plan as it was. It reports false if one of them is
// out of the question: a fixed task, a past block, two cells of a person in one block.
func (d *desk) try(hops []hop, look func()) (points, bool) {
	before := d.score
	back := make([]hop, len(hops))
	for n, h := range hops {
		if d.m.fixed[h.t] || h.b != nowhere && int(h.b) < d.m.r.Past {
			return 0, false
		}
		back[n] = hop{h.t, d.site[h.t], d.block[h.t]}
	}
	d.lift(back)
	change, ok := points(0), d.land(hops)
	if ok {
		change = d.score - before
		if look != nil {
			look()
		}
	}
	d.lift(hops)
	d.land(back)
	return change, ok
}

func (d *desk) lift(hops []hop) {
	for _, h := range hops {
		if d.block[h.t] != nowhere {
			d.take(h.t)
		}
	}
}

// land puts the tasks down; hops to nowhere leave theirs unplaced.
func (d *desk) land(hops []hop) bool {
	for _, h := range hops {
		if h.b == nowhere {
			continue
		}
		if d.at[int(d.m.person[h.t])*d.m.blocks+int(h.b)] >= 0 {
			return false
		}
		d.put(h.t, h.k, h.b)
	}
	return true
}

// Move takes one placement from a cell to another. A block of Any in From means that it was 未安排.
type Move struct{ From, To Placement }

// Option is one way to change a plan by hand.
type Option struct {
	Moves   []Move
	Change  Cost     // exactly what it does to the plan's score; negative is better
	Reasons []Reason // what the change consists of, hard rules first
	Refused string   // why it can't be chosen, or empty; Change is then 0
}

// Reason is the part of a change that one rule accounts for.
type Reason struct {
	Rule   Rule
	Change Cost
	Text   string
}

// option works out a change in full.
func (d *desk) option(hops []hop) (Option, bool) {
	var o Option
	scope := d.scope(hops)
	before := d.tally(scope)
	var after tally
	change, ok := d.try(hops, func() { after = d.tally(scope) })
	if !ok {
		return o, false
	}
	o.Change = change.plain()
	for _, h := range hops {
		o.Moves = append(o.Moves, Move{d.cell(h.t), Placement{int(d.m.person[h.t]), int(h.k), int(h.b)}})
	}
	for n, rule := range Rules {
		if part := after[n] - before[n]; part != 0 {
			c := part.plain()
			o.Reasons = append(o.Reasons, Reason{rule, c, reasonText(rule, c, d.m.weights)})
		}
	}
	return o, true
}

// cell is where a task stands, with Any for what it has not.
func (d *desk) cell(t int32) Placement {
	return Placement{int(d.m.person[t]), int(d.site[t]), int(d.block[t])}
}

// swapped gives the hops that send t to (k, b), changing places with the person's own task there if any.
func (d *desk) swapped(t int32, k, b int16) []hop {
	o := d.at[int(d.m.person[t])*d.m.blocks+int(b)]
	if o < 0 || o == t {
		return []hop{{t, k, b}}
	}
	return []hop{{t, k, b}, {o, d.site[o], d.block[t]}}
}

// sites are those a task may stand at.
func (d *desk) sites(t int32) []int16 {
	if d.m.must[t] != nowhere {
		return d.m.must[t : t+1]
	}
	return d.m.options[d.m.person[t]]
}

// Alternatives lists every other place one cell of a plan could have, best first, each with its exact
// cost and reasons. Where the person already stands somewhere in the target block the two change places.
// It answers nil for a cell that is not in the plan.
func (r *Rotation) Alternatives(plan []Placement, cell Placement) []Option {
	d := r.desk(plan)
	t, ok := d.find(cell)
	if !ok {
		return nil
	}
	var out []Option
	for _, k := range d.sites(t) {
		for b := r.Past; b < len(r.Blocks); b++ {
			if k == d.site[t] && b == cell.Block {
				continue
			}
			out = append(out, d.alternative(t, k, int16(b)))
		}
	}
	slices.SortStableFunc(out, func(a, b Option) int {
		return cmp.Or(cmp.Compare(len(a.Refused), len(b.Refused)), compareCost(a.Change, b.Change))
	})
	return out
}

func compareCost(a, b Cost) int {
	return cmp.Or(cmp.Compare(a.Hard, b.Hard), cmp.Compare(a.Soft, b.Soft))
}

func (d *desk) alternative(t int32, k, b int16) Option {
	hops := d.swapped(t, k, b)
	refused := ""
	switch {
	case int(d.block[t]) < d.m.r.Past:
		refused = "这一格已经过去"
	case d.m.fixed[t]:
		refused = "这一格已锁定"
	case len(hops) == 2 && d.m.fixed[hops[1].t]:
		refused = "本人在该期的安排已锁定"
	default:
		o, _ := d.option(hops)
		return o
	}
	return Option{Moves: []Move{{d.cell(t), Placement{int(d.m.person[t]), int(k), int(b)}}}, Refused: refused}
}
