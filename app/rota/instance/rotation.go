// Package instance makes planning tasks of known feasibility for the tests and benchmarks of rota. Names
// in them are plainly made up.
package instance

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"tiaojie/app/rota"
)

// Size describes a made-up 跟岗轮训.
type Size struct {
	People, Units         int
	Blocks, Sites, Visits int // Visits: placements owed to each person
	Gap                   int
	Absent                int // percent of (person, block) pairs that are hard absences
	Slack                 int // percent of seats beyond what the planted plan fills
	Chosen                int // how many of the visits are chosen among all sites rather than given
	Seed                  uint64
}

// Street are the four sizes the planner is measured on, 560 people of 21 units each, at the given slack.
func Street(slack int, seed uint64) []Size {
	base := Size{People: 560, Units: 21, Absent: 15, Slack: slack, Seed: seed}
	var out []Size
	for _, d := range [][4]int{{8, 7, 3, 0}, {12, 7, 4, 1}, {26, 12, 6, 1}, {52, 20, 8, 2}} {
		s := base
		s.Blocks, s.Sites, s.Visits, s.Gap = d[0], d[1], d[2], d[3]
		out = append(out, s)
	}
	return out
}

// String names a size in a table: people × blocks/sites/visits and slack.
func (s Size) String() string {
	return fmt.Sprintf("%d×%d/%d/%d+%d%%", s.People, s.Blocks, s.Sites, s.Visits, s.Slack)
}

// Rotation makes a task and the plan that was planted in it. The planted plan breaks no hard rule: each
// site has exactly its seats plus Slack percent, handed out at random over the blocks, and each unit's
// cap is the planted plan's busiest block. The first half of the sites is stage 1, the rest stage 2.
func Rotation(s Size) (*rota.Rotation, []rota.Placement) {
	rng := rand.New(rand.NewPCG(s.Seed, 7))
	r := &rota.Rotation{Gap: s.Gap}
	for b := range s.Blocks {
		r.Blocks = append(r.Blocks, rota.Block{Name: fmt.Sprintf("第 %d 期", b+1)})
	}
	for k := range s.Sites {
		stage := 1
		if k >= (s.Sites+1)/2 {
			stage = 2
		}
		r.Sites = append(r.Sites, rota.Site{Name: fmt.Sprintf("示例岗位%02d", k+1), Stage: stage})
	}
	for u := range s.Units {
		r.Units = append(r.Units, rota.Unit{Name: fmt.Sprintf("示例单位%02d", u+1)})
	}
	var planted []rota.Placement
	for i := range s.People {
		p, cells := person(rng, s, r, i)
		r.People = append(r.People, p)
		planted = append(planted, cells...)
	}
	seat(rng, s, r, planted)
	return r, planted
}

// person draws absences until a plan fits between them, then forgets part of the plan as choice.
func person(rng *rand.Rand, s Size, r *rota.Rotation, i int) (rota.Person, []rota.Placement) {
	p := rota.Person{Name: fmt.Sprintf("学员%04d", i+1), Unit: rng.IntN(s.Units), Count: s.Visits}
	var blocks []int
	for blocks == nil {
		p.Away = nil
		var free []int
		for b := range s.Blocks {
			if rng.IntN(100) < s.Absent {
				p.Away = append(p.Away, rota.Absence{Block: b})
			} else {
				free = append(free, b)
			}
		}
		blocks = spaced(rng, free, s.Visits, s.Gap)
	}
	sites := rng.Perm(s.Sites)[:s.Visits]
	slices.SortStableFunc(sites, func(a, b int) int { return r.Sites[a].Stage - r.Sites[b].Stage })
	var cells []rota.Placement
	for n, k := range sites {
		cells = append(cells, rota.Placement{Person: i, Site: k, Block: blocks[n]})
	}
	p.Must = slices.Clone(sites)
	if s.Chosen > 0 {
		rng.Shuffle(len(p.Must), func(a, b int) { p.Must[a], p.Must[b] = p.Must[b], p.Must[a] })
		p.Must = p.Must[s.Chosen:]
		for k := range s.Sites {
			p.May = append(p.May, k)
		}
	}
	slices.Sort(p.Must)
	p.Wishes = wishes(rng, s)
	return p, cells
}

// spaced picks n of the free blocks at random with gap empty ones between, or nil.
func spaced(rng *rand.Rand, free []int, n, gap int) []int {
	for range 40 {
		var out []int
		for _, at := range rng.Perm(len(free)) {
			b := free[at]
			if len(out) < n && !slices.ContainsFunc(out, func(o int) bool { return max(o-b, b-o) <= gap }) {
				out = append(out, b)
			}
		}
		if len(out) == n {
			slices.Sort(out)
			return out
		}
	}
	return nil
}

// wishes ranks every block: 1 and 5 for a tenth each, 2 and 4 for a fifth each.
func wishes(rng *rand.Rand, s Size) []rota.Wish {
	ranks := [10]int{1, 2, 2, 3, 3, 3, 3, 4, 4, 5}
	var out []rota.Wish
	for b := range s.Blocks {
		if rank := ranks[rng.IntN(10)]; rank != rota.Neutral {
			out = append(out, rota.Wish{Site: rota.Any, Block: b, Rank: rank})
		}
	}
	return out
}

// seat gives sites and units the room that the planted plan uses, and the slack.
func seat(rng *rand.Rand, s Size, r *rota.Rotation, planted []rota.Placement) {
	load, away := table(s.Sites, s.Blocks), table(s.Units, s.Blocks)
	total := make([]int, s.Sites)
	for _, c := range planted {
		load[c.Site][c.Block]++
		away[r.People[c.Person].Unit][c.Block]++
		total[c.Site]++
	}
	for k := range r.Sites {
		seats := make([]rota.Seats, s.Blocks)
		for b := range seats {
			seats[b] = rota.Seats{Min: load[k][b] / 2, Target: (total[k] + s.Blocks - 1) / s.Blocks, Max: load[k][b]}
		}
		for range (total[k]*s.Slack + 99) / 100 {
			seats[rng.IntN(s.Blocks)].Max++
		}
		r.Sites[k].SeatsAt = seats
	}
	for u := range r.Units {
		r.Units[u].MaxAway = max(1, slices.Max(away[u]))
	}
}

func table(rows, columns int) [][]int {
	out := make([][]int, rows)
	for i := range out {
		out[i] = make([]int, columns)
	}
	return out
}
