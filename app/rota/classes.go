package rota

import (
	"context"
	"slices"
)

// Classes is one planning task of 集中轮训: everyone attends one of several batches (班次, 期) of the same
// class. Unlike a Rotation it is solved exactly.
type Classes struct {
	Title   string // what is attended, as it stands in sentences
	Batches []Batch
	Units   []Unit // MaxAway: most people of the unit in one batch
	People  []Trainee

	Past    int    // leading batches that have been held: what Base holds there stands
	Fixed   []Seat // locked by hand
	Base    []Seat // what people have been told, see Rotation.Base
	Weights Weights
}

// Batch is one run of the class.
type Batch struct {
	Name  string
	Seats Seats
}

// Trainee is a person who has to attend.
type Trainee struct {
	Name    string
	Unit    int // index in Classes.Units, or -1
	Choices []Choice
	Weight  int // multiplies the ranks' cost; 0 counts as 1
}

// Choice is a batch the person can attend, with a rank from 1 (gladly) to 5 (as a last resort); 0 counts
// as Neutral. A batch without a Choice is out of the question.
type Choice struct{ Batch, Rank int }

// Seat is a person's place in a batch.
type Seat struct{ Person, Batch int }

// ClassPlan is a solved Classes.
type ClassPlan struct {
	Seats     []Seat // ordered by person
	Unplaced  []int  // people without a seat (未安排)
	Shortages []Shortage
	Report    *Report
	Complete  bool // false: the context ended the work early, and the plan is only partly filled
}

// Rotation states the task as a Rotation with the batches as blocks of a single site, so that all that can
// be asked about a Rotation's plan (Evaluate, Alternatives, Suggest, CheckSwap, Diff) can be asked here.
func (c *Classes) Rotation() *Rotation {
	r := &Rotation{Units: c.Units, Past: c.Past, Weights: c.Weights, Fixed: c.Placements(c.Fixed), Base: c.Placements(c.Base)}
	site := Site{Name: c.Title}
	for _, b := range c.Batches {
		r.Blocks = append(r.Blocks, Block{Name: b.Name})
		site.SeatsAt = append(site.SeatsAt, b.Seats)
	}
	r.Sites = []Site{site}
	for _, p := range c.People {
		r.People = append(r.People, c.person(p))
	}
	return r
}

func (c *Classes) person(p Trainee) Person {
	out := Person{Name: p.Name, Unit: p.Unit, Weight: p.Weight, Count: 1, Must: []int{0}}
	can := make([]bool, len(c.Batches))
	for _, choice := range p.Choices {
		if within(choice.Batch, len(can)) {
			can[choice.Batch] = true
		}
		if choice.Rank != 0 {
			out.Wishes = append(out.Wishes, Wish{Site: Any, Block: choice.Batch, Rank: choice.Rank})
		}
	}
	for b, ok := range can {
		if !ok {
			out.Away = append(out.Away, Absence{Block: b})
		}
	}
	return out
}

// Placements gives seats as cells of Rotation.
func (c *Classes) Placements(seats []Seat) []Placement {
	var out []Placement
	for _, s := range seats {
		out = append(out, Placement{Person: s.Person, Block: s.Batch})
	}
	return out
}

// Solve places as many people as can be placed without breaking a hard rule, and among all such plans
// finds one of least cost: a min-cost flow, exact. Locked seats and those of past batches stay. Whoever is
// left over is in Unplaced, and Shortages says why. The error is a mistake in the task (see
// Rotation.Check).
func (c *Classes) Solve(ctx context.Context) (*ClassPlan, error) {
	r := c.Rotation()
	if err := r.Check(); err != nil {
		return nil, err
	}
	m := newModel(r, strictRules(r.weights()))
	s := newState(m)
	var tasks []int32
	for t := range m.person {
		if s.block[t] == nowhere {
			tasks = append(tasks, int32(t))
		}
	}
	g := newSiteNet(s, 0, tasks, netRules{strict: true})
	g.run(g.source, g.sink, func() bool { return ctx.Err() != nil })
	plan := &ClassPlan{Complete: ctx.Err() == nil}
	var cells []Placement
	for n, t := range tasks {
		if b := g.blockOf(n); b != nowhere {
			s.put(t, 0, b)
		} else {
			plan.Unplaced = append(plan.Unplaced, int(m.person[t]))
		}
	}
	for t, b := range s.block {
		if b != nowhere {
			cells = append(cells, Placement{Person: int(m.person[t]), Block: int(b)})
		}
	}
	slices.SortFunc(cells, ComparePlacements)
	for _, cell := range cells {
		plan.Seats = append(plan.Seats, Seat{cell.Person, cell.Block})
	}
	plan.Report = r.Evaluate(cells)
	if plan.Complete {
		plan.Shortages = g.shortages(r, s)
	}
	return plan, nil
}
