package calendar

import (
	"math/bits"
	"time"
)

// cell is the grain of free and busy: every length, step and buffer counts in
// cells of five minutes, rounded up.
const cell = 5 * time.Minute

const cellsPerDay = int(24 * time.Hour / cell)

// Window is the stretch of whole local days a search looks at. Cell 0 is the first
// midnight. The zone has had one offset since 1991, so a day is always 288 cells.
type Window struct {
	First Day
	Days  int
}

// windowOf gives the window that holds the time from one instant to another.
func windowOf(from, to time.Time) Window {
	first := DayOf(from)
	return Window{First: first, Days: max(0, int(DayOf(to.Add(-time.Nanosecond))-first)+1)}
}

// holds tells whether the other window lies inside.
func (w Window) holds(o Window) bool {
	return w.First <= o.First && o.First+Day(o.Days) <= w.First+Day(w.Days)
}

func (w Window) cells() int { return w.Days * cellsPerDay }

func (w Window) start() time.Time { return w.First.At(0) }

func (w Window) end() time.Time { return (w.First + Day(w.Days)).At(0) }

// at gives the instant at which a cell begins, in UTC.
func (w Window) at(i int) time.Time { return w.start().Add(time.Duration(i) * cell) }

// floor and ceil turn an instant into a cell, clipped to the window.
func (w Window) floor(t time.Time) int { return w.clip(int(t.Sub(w.start()) / cell)) }

func (w Window) ceil(t time.Time) int { return w.clip(int((t.Sub(w.start()) + cell - 1) / cell)) }

func (w Window) clip(i int) int { return min(max(i, 0), w.cells()) }

func cellsUp(d time.Duration) int { return int((d + cell - 1) / cell) }

// bitset is a set of cells of one window.
type bitset []uint64

func newBitset(cells int) bitset { return make(bitset, (cells+63)/64) }

// has tells whether a cell is in the set.
func (b bitset) has(i int) bool { return i >= 0 && i>>6 < len(b) && b[i>>6]>>(i&63)&1 == 1 }

// fill adds the cells from ≤ i < to.
func (b bitset) fill(from, to int) {
	for i := from; i < to; {
		n := min(64-i&63, to-i)
		b[i>>6] |= (^uint64(0) >> (64 - n)) << (i & 63)
		i += n
	}
}

// clear takes the cells from ≤ i < to away.
func (b bitset) clear(from, to int) {
	for i := from; i < to; {
		n := min(64-i&63, to-i)
		b[i>>6] &^= (^uint64(0) >> (64 - n)) << (i & 63)
		i += n
	}
}

func (b bitset) clone() bitset { return append(bitset(nil), b...) }

func (b bitset) and(o bitset) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitset) andNot(o bitset) {
	for i := range b {
		b[i] &^= o[i]
	}
}

func (b bitset) or(o bitset) {
	for i := range b {
		b[i] |= o[i]
	}
}

// empty tells whether no cell is set.
func (b bitset) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// count gives the number of cells in the set.
func (b bitset) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// next gives the first cell of the set at or after i, -1 when there is none.
func (b bitset) next(i int) int {
	for k := max(i, 0) >> 6; k < len(b); k++ {
		w := b[k]
		if k == max(i, 0)>>6 {
			w &= ^uint64(0) << (max(i, 0) & 63)
		}
		if w != 0 {
			return k<<6 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// down moves every cell n places towards 0 (bit i takes bit i+n).
func (b bitset) down(n int) bitset {
	out := make(bitset, len(b))
	words, rest := n>>6, n&63
	for i := 0; i+words < len(b); i++ {
		out[i] = b[i+words] >> rest
		if rest > 0 && i+words+1 < len(b) {
			out[i] |= b[i+words+1] << (64 - rest)
		}
	}
	return out
}

// runs gives the cells from which n consecutive cells are set, by doubling: the
// set of runs of length a AND itself moved by s ≤ a is the set of runs of a+s.
func (b bitset) runs(n int) bitset {
	out := b.clone()
	for have := 1; have < n; {
		step := min(have, n-have)
		out.and(out.down(step))
		have += step
	}
	return out
}
