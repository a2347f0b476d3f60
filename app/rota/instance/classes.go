package instance

import (
	"fmt"
	"math/rand/v2"

	"tiaojie/app/rota"
)

// ClassSize describes a made-up 集中轮训.
type ClassSize struct {
	People, Units, Batches int
	Slack                  int // percent of seats beyond what the planted plan fills
	Seed                   uint64
}

// String names a size in a table.
func (s ClassSize) String() string {
	return fmt.Sprintf("%d×%d+%d%%", s.People, s.Batches, s.Slack)
}

// StreetClasses are the sizes the batch planner is measured on: 560 staff and 2,709 volunteers of 21 units.
func StreetClasses(slack int, seed uint64) []ClassSize {
	var out []ClassSize
	for _, d := range [][2]int{{560, 8}, {560, 16}, {560, 26}, {560, 52}, {2709, 52}} {
		out = append(out, ClassSize{People: d[0], Units: 21, Batches: d[1], Slack: slack, Seed: seed})
	}
	return out
}

// Classes makes a task and the plan that was planted in it. Three batches in four suit a person, with
// random ranks; each batch has the planted plan's seats plus Slack percent, a target of the even share and
// half of it as minimum; each unit's cap is the planted plan's busiest batch.
func Classes(s ClassSize) (*rota.Classes, []rota.Seat) {
	rng := rand.New(rand.NewPCG(s.Seed, 11))
	c := &rota.Classes{Title: "示例集中轮训"}
	load, away := make([]int, s.Batches), table(s.Units, s.Batches)
	var planted []rota.Seat
	for i := range s.People {
		p := rota.Trainee{Name: fmt.Sprintf("学员%04d", i+1), Unit: rng.IntN(s.Units)}
		home := rng.IntN(s.Batches)
		for b := range s.Batches {
			if b == home || rng.IntN(4) > 0 {
				p.Choices = append(p.Choices, rota.Choice{Batch: b, Rank: 1 + rng.IntN(5)})
			}
		}
		load[home]++
		away[p.Unit][home]++
		c.People = append(c.People, p)
		planted = append(planted, rota.Seat{Person: i, Batch: home})
	}
	even := (s.People + s.Batches - 1) / s.Batches
	for b := range s.Batches {
		seats := rota.Seats{Max: load[b], Min: min(even/2, load[b]), Target: even}
		c.Batches = append(c.Batches, rota.Batch{Name: fmt.Sprintf("第 %d 期", b+1), Seats: seats})
	}
	for range s.People * s.Slack / 100 {
		c.Batches[rng.IntN(s.Batches)].Seats.Max++
	}
	for u := range s.Units {
		limit := 1
		for _, n := range away[u] {
			limit = max(limit, n)
		}
		c.Units = append(c.Units, rota.Unit{Name: fmt.Sprintf("示例单位%02d", u+1), MaxAway: limit})
	}
	return c, planted
}
