package rota_test

import (
	"fmt"
	"math/rand/v2"

	"tiaojie/app/rota"
)

// messy makes a small task that uses everything a Rotation can say, feasible or not, for property tests.
func messy(seed uint64) *rota.Rotation {
	rng := rand.New(rand.NewPCG(seed, 3))
	r := &rota.Rotation{Gap: rng.IntN(3), Weights: rota.Weights{Min: 1 + rng.IntN(40), Load: rng.IntN(5), Move: 1 + rng.IntN(8), Away: rng.IntN(20)}}
	for b := range 3 + rng.IntN(7) {
		r.Blocks = append(r.Blocks, rota.Block{Name: fmt.Sprintf("第 %d 期", b+1), Closed: rng.IntN(8) == 0})
	}
	r.Past = rng.IntN(min(3, len(r.Blocks)))
	for k := range 2 + rng.IntN(5) {
		r.Sites = append(r.Sites, messySite(rng, r, k))
	}
	for u := range rng.IntN(4) {
		r.Units = append(r.Units, rota.Unit{Name: fmt.Sprintf("示例单位%d", u+1), MaxAway: rng.IntN(4)})
	}
	for i := range 1 + rng.IntN(9) {
		r.People = append(r.People, messyPerson(rng, r, i))
	}
	r.Base = messyCells(rng, r, len(r.People))
	r.Fixed = messyCells(rng, r, 2)
	return r
}

func messySite(rng *rand.Rand, r *rota.Rotation, k int) rota.Site {
	s := rota.Site{Name: fmt.Sprintf("示例岗位%d", k+1), Stage: k / 3}
	if k > 0 && rng.IntN(3) == 0 {
		s.Needs = []int{rng.IntN(k)}
	}
	seats := func() rota.Seats {
		n := rng.IntN(3)
		return rota.Seats{Min: rng.IntN(n + 1), Target: rng.IntN(3), Max: n + rng.IntN(2)}
	}
	s.Seats = seats()
	if rng.IntN(2) == 0 {
		for range r.Blocks {
			s.SeatsAt = append(s.SeatsAt, seats())
		}
	}
	return s
}

func messyPerson(rng *rand.Rand, r *rota.Rotation, i int) rota.Person {
	p := rota.Person{Name: fmt.Sprintf("学员%02d", i+1), Unit: rng.IntN(len(r.Units)+1) - 1, Count: rng.IntN(4), Weight: rng.IntN(3)}
	for k := range r.Sites {
		switch rng.IntN(5) {
		case 0, 1:
			p.May = append(p.May, k)
		case 2:
			p.Must = append(p.Must, k)
		case 3:
			if rng.IntN(3) == 0 {
				p.Done = append(p.Done, k)
			}
		}
	}
	for b := range r.Blocks {
		if rng.IntN(5) == 0 {
			p.Away = append(p.Away, rota.Absence{Block: b, Soft: rng.IntN(2) == 0})
		}
	}
	for range rng.IntN(5) {
		w := rota.Wish{Site: rng.IntN(len(r.Sites)+1) - 1, Block: rng.IntN(len(r.Blocks)+1) - 1, Rank: 1 + rng.IntN(5)}
		if w.Site != rota.Any || w.Block != rota.Any {
			p.Wishes = append(p.Wishes, w)
		}
	}
	return p
}

// messyCells draws up to n cells, no two of one person in one block.
func messyCells(rng *rand.Rand, r *rota.Rotation, n int) []rota.Placement {
	var out []rota.Placement
	taken := map[[2]int]bool{}
	for range n {
		c := rota.Placement{Person: rng.IntN(len(r.People)), Site: rng.IntN(len(r.Sites)), Block: rng.IntN(len(r.Blocks))}
		if key := [2]int{c.Person, c.Block}; !taken[key] {
			taken[key] = true
			out = append(out, c)
		}
	}
	return out
}
