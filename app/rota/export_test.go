package rota

// Walk lets a test follow the search step by step.
type Walk struct{ *search }

// NewWalk starts a search at a constant temperature that accepts much.
func NewWalk(r *Rotation, seed uint64) *Walk {
	s := newState(newModel(r, strictRules(r.weights())))
	s.m.narrow(s)
	s.resume()
	s.place()
	w := &Walk{newSearch(s, seed)}
	w.stop = func() bool { return false }
	w.hardPrice, w.heat = hardAtFirst, 40<<16
	return w
}

// Step tries n changes.
func (w *Walk) Step(n int) {
	for range n {
		if len(w.tasks) > 0 {
			w.step()
		}
	}
}

// Polish re-seats every site exactly.
func (w *Walk) Polish() {
	w.best = snapshot{}
	w.keep()
	w.polishAll(1)
}

// Score is the running score, kept by deltas alone.
func (w *Walk) Score() Cost { return w.score.plain() }

// Placements is the plan at this moment.
func (w *Walk) Placements() []Placement {
	now := snapshot{site: w.site, block: w.block}
	return now.placements(w.m)
}
