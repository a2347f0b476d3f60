package calendar

import (
	"cmp"
	"slices"
	"time"
)

// member is one resource as the search sees it.
type member struct {
	id    int64
	kind  Kind
	open  bitset // hours in which it may work; shared, never changed
	taken bitset // cells already busy, with the time after each booking
}

// starts gives the cells at which a session of a length may begin for the member.
// The time a room needs after a session must be unbooked but may lie outside its
// hours: it can be cleaned after closing.
func (m member) starts(length time.Duration) bitset {
	n, after := cellsUp(length), cellsUp(m.kind.after())
	out := m.open.clone()
	out.andNot(m.taken)
	out = out.runs(n)
	if after > 0 {
		unbooked := make(bitset, len(out))
		for i := range unbooked {
			unbooked[i] = ^m.taken[i]
		}
		out.and(unbooked.runs(n + after))
	}
	return out
}

// group is one thing a session needs: any one of its members, or all of them.
type group struct {
	label   string
	all     bool
	members []member
}

// ask is a search for starts.
type ask struct {
	win      Window
	from, to time.Time     // the session lies between
	length   time.Duration // of the session
	step     time.Duration // between possible starts, counted from midnight
	groups   []group
}

// found is the result of a search.
type found struct {
	ask
	allowed bitset     // starts that step, midnight and range permit
	fits    [][]bitset // per group and member
	unions  []bitset   // per group
	starts  bitset
}

// search finds every start at which one member of each any-group and all members of
// each all-group are free. It works on sets of five-minute cells, so that its cost is
// a few hundred machine words per member, whatever the number of bookings.
func search(a ask) *found {
	f := &found{ask: a, allowed: a.permitted()}
	f.starts = f.allowed.clone()
	for _, g := range a.groups {
		union := newBitset(a.win.cells())
		if g.all {
			union.fill(0, a.win.cells())
		}
		var fits []bitset
		for _, m := range g.members {
			fit := m.starts(a.length)
			fits = append(fits, fit)
			if g.all {
				union.and(fit)
			} else {
				union.or(fit)
			}
		}
		union.and(f.allowed)
		f.starts.and(union)
		f.fits, f.unions = append(f.fits, fits), append(f.unions, union)
	}
	return f
}

// permitted gives the starts that step, midnight and range permit.
func (a ask) permitted() bitset {
	b := newBitset(a.win.cells())
	first, last := a.win.ceil(a.from), a.win.floor(a.to)-cellsUp(a.length)
	step, n := max(1, cellsUp(a.step)), cellsUp(a.length)
	for day := range a.win.Days {
		for i := 0; i+n <= cellsPerDay; i += step {
			if c := day*cellsPerDay + i; c >= first && c <= last {
				b.fill(c, c+1)
			}
		}
	}
	return b
}

// spans lists the sessions found, earliest first, at most limit (0 for all).
func (f *found) spans(starts bitset, limit int) []Span {
	var out []Span
	for c := starts.next(0); c >= 0 && (limit == 0 || len(out) < limit); c = starts.next(c + 1) {
		at := f.win.at(c)
		out = append(out, Span{at, at.Add(f.length)})
	}
	return out
}

// best picks the member of a group for a start: the one whose free stretch around the
// session leaves the least remainder, then the least used in that week, then the
// lowest id. It keeps long stretches whole for long sessions. ok is false when none is free.
func (f *found) best(g int, start time.Time) (id int64, ok bool) {
	c := f.win.floor(start)
	week := f.win.floor(DayOf(start).Monday().At(0))
	type rank struct {
		gap, used int
		id        int64
	}
	var ranks []rank
	for i, m := range f.groups[g].members {
		if f.fits[g][i].has(c) {
			ranks = append(ranks, rank{m.stretch(c), m.used(week, week+7*cellsPerDay), m.id})
		}
	}
	if len(ranks) == 0 {
		return 0, false
	}
	least := slices.MinFunc(ranks, func(a, b rank) int {
		return cmp.Or(a.gap-b.gap, a.used-b.used, cmp.Compare(a.id, b.id))
	})
	return least.id, true
}

// stretch gives the length of the open, unbooked run of cells around a cell.
func (m member) stretch(c int) int {
	free := func(i int) bool { return m.open.has(i) && !m.taken.has(i) }
	from, to := c, c
	for free(from - 1) {
		from--
	}
	for free(to) {
		to++
	}
	return to - from
}

func (m member) used(from, to int) (n int) {
	for c := m.taken.next(from); c >= 0 && c < to; c = m.taken.next(c + 1) {
		n++
	}
	return n
}
