package rota

import (
	"cmp"
	"context"
	"slices"
)

// Options steer a search. The same Rotation and Options give the same plan, byte for byte.
type Options struct {
	Seed uint64
	// Steps bounds the search, in tried changes; 0 means DefaultSteps.
	Steps int
	// Progress, if set, is called now and then from the solving goroutine. It must not block.
	Progress func(Progress)
}

// Progress is how far a search has come.
type Progress struct {
	Done, Steps int
	Best        Cost // of the best plan so far
}

// Plan is a solved Rotation.
type Plan struct {
	Placements []Placement // ordered by person, then block
	Report     *Report
	Steps      int  // changes tried
	Complete   bool // false: the context ended the search early, and this is the best plan until then
}

// DefaultSteps is the search effort for a task of this size: enough that more changes little, one to two
// seconds for 560 people. A plan made from a Base needs a third of it.
func (r *Rotation) DefaultSteps() int {
	owed := 0
	for i := range r.People {
		owed += r.People[i].owed()
	}
	steps := min(max(owed*20_000, 100_000), 8_000_000)
	if len(r.Base) > 0 {
		steps /= 3
	}
	return steps
}

// Solve looks for the best plan: a greedy start, or Base where there is one, then simulated annealing in
// two stretches, the second with hard rules ten times as dear. Past and locked cells are kept as they are.
// The plan may break hard rules if none is found that keeps them; the report then says which. The error is
// a mistake in the task itself (see Check). When ctx ends, the best plan so far is returned with Complete
// false and no error.
func (r *Rotation) Solve(ctx context.Context, o Options) (*Plan, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	m := newModel(r, strictRules(r.weights()))
	s := newState(m)
	floor := s.unavoidable()
	m.narrow(s)
	s.resume()
	s.place()
	steps := cmp.Or(o.Steps, r.DefaultSteps())
	search := newSearch(s, o.Seed)
	complete := search.run(ctx, steps, len(r.Base) > 0, floor, o.Progress)
	plan := search.best.placements(m)
	return &Plan{plan, r.Evaluate(plan), search.progress.Done, complete}, nil
}

// Prices and temperatures of the search, in squared ranks. A hard violation costs some times the first
// temperature: much dearer, and the search can't cross from one good plan to another; in the end ten times
// as dear, so that no wish is worth a violation. From a told plan the search starts lukewarm, so as not to
// lose what it came with. A first temperature of 30 finds no more feasible plans and dearer ones.
const (
	hardAtFirst, hardAtLast = 60, 600
	hot, lukewarm           = 10.0, 3.0
	cool, mild, cold        = 0.4, 1.0, 0.2
	polishRounds            = 6
	reheats                 = 2 // further rounds of lukewarm search while avoidable hard violations remain
)

// run searches for steps changes, and longer while more hard violations remain than floor, which can't be
// helped. It reports false if ctx ended it. The best plan is in s.best.
func (s *search) run(ctx context.Context, steps int, resumed bool, floor int64, report func(Progress)) bool {
	s.stop = func() bool { return ctx.Err() != nil }
	s.report = func(p Progress) {
		if report != nil {
			report(p)
		}
	}
	s.progress.Steps = steps
	s.keep()
	if len(s.tasks) == 0 {
		return true
	}
	start := hot
	if resumed {
		start = lukewarm
	}
	last := steps / 5
	going := s.cool(cooling{steps - last, hardAtFirst, start, cool}) &&
		s.cool(cooling{last, hardAtLast, mild, cold}) &&
		s.polishAll(polishRounds)
	for n := 0; n < reheats && going && s.best.score.hard() > floor; n++ {
		going = s.cool(cooling{last, hardAtFirst, lukewarm, cool}) &&
			s.cool(cooling{last, hardAtLast, mild, cold}) &&
			s.polishAll(polishRounds)
	}
	return going
}

func (p *snapshot) placements(m *model) []Placement {
	out := make([]Placement, 0, len(p.site))
	for t, b := range p.block {
		if b != nowhere {
			out = append(out, Placement{int(m.person[t]), int(p.site[t]), int(b)})
		}
	}
	slices.SortFunc(out, ComparePlacements)
	return out
}

// ComparePlacements orders a plan by person, block and site.
func ComparePlacements(a, b Placement) int {
	return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Block, b.Block), cmp.Compare(a.Site, b.Site))
}
