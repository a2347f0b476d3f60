package rota

import (
	"math"
	"math/rand/v2"
)

// dice is the search's only source of chance: the same seed gives the same throws everywhere.
type dice struct{ pcg rand.PCG }

func newDice(seed uint64) *dice { return &dice{*rand.NewPCG(seed, 0x9e3779b97f4a7c15)} }

// below gives a number in [0, n).
func (d *dice) below(n int) int { return int((d.pcg.Uint64() >> 32) * uint64(n) >> 32) }

// patience holds -ln((i+½)/len) in 16 bit fixed point: temperature × a random entry is how much worse a
// change may be, by Metropolis' rule, in whole numbers.
var patience = func() (out [4096]int64) {
	for i := range out {
		out[i] = int64(math.Round(-math.Log((float64(i)+0.5)/float64(len(out))) * (1 << 16)))
	}
	return out
}()

// cooling is one stretch of the search: the temperature falls geometrically from one value to the other.
type cooling struct {
	steps     int
	hardPrice int64
	from, to  float64
}

// burst is how many steps pass between looks at the context, the temperature and the best plan so far.
const burst = 2048

// search is a run of simulated annealing over one state.
type search struct {
	*state
	dice      *dice
	tasks     []int32 // those that may move
	isRoom    []bool  // (task, block)
	hardPrice int64
	heat      int64 // temperature, 16 bit fixed point
	best      snapshot
	stop      func() bool
	report    func(Progress)
	progress  Progress
}

func newSearch(s *state, seed uint64) *search {
	m := s.m
	out := &search{state: s, dice: newDice(seed), isRoom: make([]bool, len(m.person)*m.blocks)}
	for t, fixed := range m.fixed {
		if !fixed {
			out.tasks = append(out.tasks, int32(t))
		}
	}
	for t, blocks := range m.room {
		for _, b := range blocks {
			out.isRoom[t*m.blocks+int(b)] = true
		}
	}
	return out
}

// snapshot is a plan kept aside.
type snapshot struct {
	site, block []int16
	score       points
}

// better compares scores the way a reader does: fewer hard violations first, then the cost.
func better(a, b points) bool {
	if a.hard() != b.hard() {
		return a.hard() < b.hard()
	}
	return a.cost() < b.cost()
}

func (s *search) keep() {
	if s.best.site != nil && !better(s.score, s.best.score) {
		return
	}
	s.best.site = append(s.best.site[:0], s.site...)
	s.best.block = append(s.best.block[:0], s.block...)
	s.best.score = s.score
}

// restore goes back to the best plan.
func (s *search) restore() {
	for _, t := range s.tasks {
		if s.block[t] != nowhere {
			s.take(t)
		}
	}
	for _, t := range s.tasks {
		if b := s.best.block[t]; b != nowhere {
			s.put(t, s.best.site[t], b)
		}
	}
}

// cool runs one stretch and reports false when it was stopped.
func (s *search) cool(c cooling) bool {
	s.hardPrice = c.hardPrice
	bursts := max(1, c.steps/burst)
	for n := range bursts {
		if s.stop() {
			return false
		}
		share := float64(n) / float64(bursts)
		s.heat = int64(c.from * math.Pow(c.to/c.from, share) * (1 << 16))
		for range burst {
			s.step()
		}
		s.keep()
		s.progress.Done += burst
		s.progress.Best = s.best.score.plain()
		s.report(s.progress)
	}
	return true
}

// accepts throws for a change of the score.
func (s *search) accepts(delta points) bool {
	worse := delta.scaled(s.hardPrice)
	if worse <= 0 {
		return true
	}
	return worse <= s.heat*patience[s.dice.pcg.Uint64()>>52]>>32
}
