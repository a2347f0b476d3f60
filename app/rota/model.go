package rota

import "math"

// points is a score in one number: hard violations in the upper half, medium and soft cost in the lower.
// Sums and differences of points are exact, so a change of plan is scored without a recount.
type points int64

const hardPoint points = 1 << 32

func (p points) cost() int64 { return int64(int32(p)) }
func (p points) hard() int64 { return (int64(p) - p.cost()) >> 32 }

// scaled is the number the search compares: hard violations at the given price plus the cost.
func (p points) scaled(hardPrice int64) int64 { return p.hard()*hardPrice + p.cost() }

// unlimited stands for no capacity limit; loads never come near it.
const unlimited = int32(math.MaxInt32 / 2)

// nowhere is the block of a task that is not placed (未安排), and the site of one not yet chosen.
const nowhere = int16(-1)

// model is a Rotation as flat arrays. A task is one placement owed to one person; its site is given (must)
// or chosen among the person's options.
type model struct {
	r                          *Rotation
	people, sites, blocks, own int // own: units + 1, the last for people without a unit

	first  []int32 // tasks of person i: first[i] ≤ t < first[i+1]
	person []int32
	must   []int16 // the given site of a task, or nowhere
	fixed  []bool  // locked or past: never moved
	site0  []int16 // where fixed tasks stand, and where Base has the others
	block0 []int16

	unit    []int32   // by person
	options [][]int16 // by person: sites a chosen task may take
	free    [][]int16 // by person: blocks that are neither past, closed nor hard absences
	room    [][]int16 // by task: the free blocks the search tries, see narrow

	price       []uint32 // (person, site, block) → soft cost, hard violations in the top two bits
	order       []uint8  // (site, site) → row of pair
	pair        []points
	needs       bool // some site has Needs
	min, target []int32
	max         []int32
	cap         []int32 // (unit, block)
	weights     Weights
	rules       ruleCosts
	dropped     int // locks that can't stand because another lock has their block
}

// ruleCosts is what one violation of each rule weighs in points. Relaxing a rule means lowering its entry
// from a hard point to a soft cost.
type ruleCosts struct {
	site, siteMore, unit, gap, order, repeat points
	min                                      points
	unplaced                                 points
}

func strictRules(w Weights) ruleCosts {
	return ruleCosts{hardPoint, hardPoint, hardPoint, hardPoint, hardPoint, hardPoint, points(w.Min), hardPoint}
}

// Rows of the pair table: how two sites of one person relate.
const (
	anyOrder  = iota
	mustLead  // the first has to come before the second
	mustTrail // the second before the first
	sameSite
	orderRows
)

// newModel compiles a task for solving: fixed cells are tasks that stay, Base is a hint for the rest.
func newModel(r *Rotation, rules ruleCosts) *model {
	m := compile(r, rules)
	m.compilePeople()
	return m
}

// newModelOf compiles a task together with a whole plan, for judging changes to that plan.
func newModelOf(r *Rotation, plan []Placement) *model {
	m := compile(r, strictRules(r.weights()))
	m.compilePlan(plan)
	return m
}

func compile(r *Rotation, rules ruleCosts) *model {
	m := &model{
		r: r, people: len(r.People), sites: len(r.Sites), blocks: len(r.Blocks), own: len(r.Units) + 1,
		weights: r.weights(), rules: rules,
	}
	m.compileBlocks()
	m.compileOrder()
	m.compilePrices()
	return m
}

func (m *model) compileBlocks() {
	cells := m.sites * m.blocks
	m.min, m.target, m.max = make([]int32, cells), make([]int32, cells), make([]int32, cells)
	for k := range m.sites {
		for b := range m.blocks {
			at := k*m.blocks + b
			m.target[at], m.max[at] = unlimited, unlimited
			if b < m.r.Past {
				continue // what is over is not judged
			}
			if m.r.Blocks[b].Closed {
				continue // whoever is placed here breaks H3, not H2
			}
			s := m.r.seats(k, b)
			m.min[at], m.max[at] = int32(s.Min), int32(s.Max)
			if s.Target > 0 {
				m.target[at] = int32(s.Target)
			}
		}
	}
	m.cap = make([]int32, m.own*m.blocks)
	for i := range m.cap {
		u, b := i/m.blocks, i%m.blocks
		m.cap[i] = unlimited
		if u < len(m.r.Units) && m.r.Units[u].MaxAway > 0 && b >= m.r.Past {
			m.cap[i] = int32(m.r.Units[u].MaxAway)
		}
	}
}

func (m *model) compileOrder() {
	m.order = make([]uint8, m.sites*m.sites)
	for k, s := range m.r.Sites {
		for l, other := range m.r.Sites {
			switch {
			case k == l:
				m.order[k*m.sites+l] = sameSite
			case s.Stage < other.Stage:
				m.order[k*m.sites+l] = mustLead
			case s.Stage > other.Stage:
				m.order[k*m.sites+l] = mustTrail
			}
		}
	}
	for k, s := range m.r.Sites {
		for _, need := range s.Needs {
			m.needs = true
			m.order[need*m.sites+k], m.order[k*m.sites+need] = mustLead, mustTrail
		}
	}
	width := 2*m.blocks + 1
	m.pair = make([]points, orderRows*width)
	for row := range orderRows {
		for d := -m.blocks; d <= m.blocks; d++ {
			m.pair[row*width+d+m.blocks] = m.pairCost(row, d)
		}
	}
}

// pairCost is what two placements of one person cost when the second lies d blocks after the first.
func (m *model) pairCost(row, d int) points {
	var p points
	if max(d, -d) <= m.r.Gap {
		p += m.rules.gap
	}
	if row == mustLead && d < 0 || row == mustTrail && d > 0 {
		p += m.rules.order
	}
	if row == sameSite {
		p += m.rules.repeat
	}
	return p
}

// between is the cost of two placements of one person. Two past ones are history and cost nothing.
func (m *model) between(k1, b1, k2, b2 int16) points {
	if int(max(b1, b2)) < m.r.Past {
		return 0
	}
	row := int(m.order[int(k1)*m.sites+int(k2)])
	return m.pair[row*(2*m.blocks+1)+int(b2-b1)+m.blocks]
}

// hardPrice is one hard violation in a price entry.
const hardPrice = uint32(1) << 30

// priced is the cost of one person standing in one cell, whatever else is in the plan.
func (m *model) priced(i int32, k, b int16) points {
	v := m.price[(int(i)*m.sites+int(k))*m.blocks+int(b)]
	return points(v&(hardPrice-1)) + points(v>>30)<<32
}

func (m *model) compilePrices() {
	size := m.sites * m.blocks
	m.price = make([]uint32, m.people*size)
	for i := range m.people {
		m.pricePerson(&m.r.People[i], m.price[i*size:(i+1)*size])
	}
	m.priceMoves()
}

func (m *model) pricePerson(p *Person, out []uint32) {
	weight := uint32(max(1, p.Weight))
	for cell, rank := range wishRanks(p, m.sites, m.blocks) {
		out[cell] = weight * uint32(rank) * uint32(rank)
	}
	softly := make([]bool, m.blocks)
	for _, a := range p.Away {
		softly[a.Block] = softly[a.Block] || a.Soft
	}
	for b := m.r.Past; b < m.blocks; b++ {
		var extra uint32
		if m.r.Blocks[b].Closed || p.absent(b) {
			extra += hardPrice
		}
		if softly[b] {
			extra += uint32(m.weights.Away)
		}
		for k := range m.sites {
			out[k*m.blocks+b] += extra
			if !p.welcome(k) {
				out[k*m.blocks+b] += hardPrice
			}
		}
	}
}

// wishRanks gives the rank of each (site, block) for one person, by the reading of Person.Wishes.
func wishRanks(p *Person, sites, blocks int) []uint8 {
	ranks := make([]uint8, sites*blocks)
	bySite, byBlock := make([]int, sites), make([]int, blocks)
	for _, w := range p.Wishes {
		switch {
		case w.Site != Any && w.Block != Any:
			ranks[w.Site*blocks+w.Block] = uint8(w.Rank)
		case w.Site != Any:
			bySite[w.Site] = max(bySite[w.Site], w.Rank)
		case w.Block != Any:
			byBlock[w.Block] = max(byBlock[w.Block], w.Rank)
		}
	}
	for cell := range ranks {
		if ranks[cell] > 0 {
			continue
		}
		rank := max(bySite[cell/blocks], byBlock[cell%blocks])
		if rank == 0 {
			rank = Neutral
		}
		ranks[cell] = uint8(rank)
	}
	return ranks
}

// priceMoves adds Weights.Move to every cell of a person in Base that is not one of the person's own.
func (m *model) priceMoves() {
	stays := make(map[Placement]bool, len(m.r.Base))
	known := make([]bool, m.people)
	for _, c := range m.r.Base {
		stays[c], known[c.Person] = true, true
	}
	for i := range m.people {
		if !known[i] {
			continue
		}
		for k := range m.sites {
			for b := range m.blocks {
				if !stays[Placement{i, k, b}] {
					m.price[(i*m.sites+k)*m.blocks+b] += uint32(m.weights.Move)
				}
			}
		}
	}
}
