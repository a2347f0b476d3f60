package rota

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Shortage names the people, blocks and units behind places that can't be given: the people of a minimum
// cut, who between them have only Have places where Need are wanted.
type Shortage struct {
	Site       int
	People     []int // all who compete for the places; len(People) is Need
	Blocks     []int // blocks that are full for them
	Units      []UnitBlock
	Need, Have int
	Fixes      []Fix // tried out, best first
	Text       string
}

// UnitBlock is a unit whose away cap is used up in a block.
type UnitBlock struct{ Unit, Block, Room int }

// Fix is one way to ease a Shortage, with the number of people it was found to help.
type Fix struct {
	Block, Unit int // the block that gets seats, or the unit whose cap is raised; the other is Any
	Amount      int // seats, or people of the unit at once
	Helps       int
	Text        string
}

// shortages explains who was left over by a full run of a strict net. Groups that don't compete with each
// other are told apart.
func (g *siteNet) shortages(r *Rotation, s *state) []Shortage {
	var left []int32
	for n := range g.tasks {
		if g.blockOf(n) == nowhere {
			left = append(left, g.node0+int32(n))
		}
	}
	if len(left) == 0 {
		return nil
	}
	seen := g.reach(left, g.source, g.sink)
	group := g.components(seen)
	var roots []int32
	for _, v := range left {
		if root := group(v); !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
	}
	var out []Shortage
	for _, root := range roots {
		inside := func(v int32) bool { return seen[v] && group(v) == root }
		x := g.shortage(s, inside)
		x.Fixes = g.fixes(r, x)
		x.Text = r.shortageText(x)
		out = append(out, x)
	}
	return out
}

// components tells apart the parts of the reached set that share no residual arc.
func (g *siteNet) components(seen []bool) func(v int32) int32 {
	parent := make([]int32, g.nodes)
	for v := range parent {
		parent[v] = int32(v)
	}
	find := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	for e := range g.to {
		v, w := g.to[e^1], g.to[e]
		ends := v == g.source || v == g.sink || w == g.source || w == g.sink
		if g.cap[e] > 0 && seen[v] && seen[w] && !ends {
			parent[find(v)] = find(w)
		}
	}
	return find
}

// shortage reads one group off the cut: its people, its full blocks and its used-up unit caps.
func (g *siteNet) shortage(s *state, inside func(v int32) bool) Shortage {
	x := Shortage{Site: int(g.site)}
	for n, t := range g.tasks {
		if inside(g.node0 + int32(n)) {
			x.People = append(x.People, int(s.m.person[t]))
		}
	}
	x.Need = len(x.People)
	for _, u := range g.units {
		if inside(u.node) && !inside(g.block0+int32(u.block)) {
			x.Units = append(x.Units, UnitBlock{u.unit, u.block, int(u.room)})
			x.Have += int(u.room)
		}
	}
	for _, a := range g.seats {
		if inside(g.block0 + int32(a.block)) {
			x.Have += int(a.room)
		}
	}
	for b := range s.m.blocks {
		if inside(g.block0 + int32(b)) {
			x.Blocks = append(x.Blocks, b)
		}
	}
	slices.SortFunc(x.Units, func(a, b UnitBlock) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Block, b.Block))
	})
	return x
}

// fixesOffered is how many fixes a shortage carries at most, fixesTried how many are tried.
const fixesOffered, fixesTried = 3, 12

// fixes tries more seats in each full block, and a higher cap for each unit, on a copy of the net.
func (g *siteNet) fixes(r *Rotation, x Shortage) []Fix {
	short := x.Need - x.Have
	var out []Fix
	for _, b := range x.Blocks {
		out = append(out, Fix{Block: b, Unit: Any, Amount: short})
	}
	for n, u := range x.Units {
		if n == 0 || x.Units[n-1].Unit != u.Unit {
			blocks := 0
			for _, o := range x.Units {
				if o.Unit == u.Unit {
					blocks++
				}
			}
			out = append(out, Fix{Block: Any, Unit: u.Unit, Amount: (short + blocks - 1) / blocks})
		}
	}
	out = out[:min(fixesTried, len(out))]
	for n := range out {
		out[n].Helps = g.helps(out[n])
	}
	out = slices.DeleteFunc(out, func(f Fix) bool { return f.Helps == 0 })
	slices.SortStableFunc(out, func(a, b Fix) int { return cmp.Compare(b.Helps, a.Helps) })
	out = out[:min(fixesOffered, len(out))]
	for n := range out {
		out[n].Text = r.fixText(out[n], short)
	}
	return out
}

// helps counts how many more people a fix gives a place.
func (g *siteNet) helps(f Fix) int {
	trial := g.network.cleared()
	if f.Unit == Any {
		trial.arc(g.block0+int32(f.Block), g.sink, int32(f.Amount), 0)
	} else {
		for _, u := range g.units {
			if u.unit == f.Unit {
				trial.arc(u.node, g.block0+int32(u.block), int32(f.Amount), 0)
			}
		}
	}
	trial.freeze()
	more, _ := trial.run(g.source, g.sink, func() bool { return false })
	return int(more)
}

func (r *Rotation) fixText(f Fix, short int) string {
	text := ""
	if f.Unit == Any {
		text = fmt.Sprintf("%s增加 %d 个名额", r.Blocks[f.Block].Name, f.Amount)
	} else {
		limit := r.Units[f.Unit].MaxAway
		text = fmt.Sprintf("把%s同期外出上限由 %d 人放宽到 %d 人", r.Units[f.Unit].Name, limit, limit+f.Amount)
	}
	if f.Helps < short {
		text += fmt.Sprintf("（可多安排 %d 人）", f.Helps)
	}
	return text
}

// shortageText is what the trainer reads: 这 14 人只能在第 3 期、第 5 期…
func (r *Rotation) shortageText(x Shortage) string {
	who := r.peopleWords(x.People)
	site := r.Sites[x.Site].Name
	if len(x.Blocks) == 0 && len(x.Units) == 0 {
		return fmt.Sprintf("%s 没有可以去「%s」的期次", who, site)
	}
	var limits []string
	if len(x.Blocks) > 0 {
		seats := x.Have
		for _, u := range x.Units {
			seats -= u.Room
		}
		limits = append(limits, fmt.Sprintf("%s共剩 %d 个名额", r.blockWords(x.Blocks), seats))
	}
	limits = append(limits, r.unitLimits(x.Units)...)
	text := fmt.Sprintf("%s 要去「%s」，能去的期次里%s，差 %d 个", who, site, strings.Join(limits, "，"), x.Need-x.Have)
	if len(x.Fixes) > 0 {
		var ways []string
		for _, f := range x.Fixes {
			ways = append(ways, f.Text)
		}
		text += "。可以：" + strings.Join(ways, "，或")
	}
	return text
}

// unitLimits says for each unit what its cap leaves.
func (r *Rotation) unitLimits(units []UnitBlock) []string {
	var out []string
	for n := 0; n < len(units); {
		u, room := units[n].Unit, 0
		var blocks []int
		for ; n < len(units) && units[n].Unit == u; n++ {
			room += units[n].Room
			blocks = append(blocks, units[n].Block)
		}
		out = append(out, fmt.Sprintf("%s同期最多外出 %d 人、在%s只能再去 %d 人次",
			r.Units[u].Name, r.Units[u].MaxAway, r.blockWords(blocks), room))
	}
	return out
}
