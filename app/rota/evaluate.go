package rota

import (
	"cmp"
	"fmt"
	"slices"
)

// Evaluate counts a whole plan from nothing: every rule, every violation with its subjects, every goal. The
// plan may be in conflict in any way as long as its indices exist.
func (r *Rotation) Evaluate(plan []Placement) *Report {
	e := &evaluation{
		r: r, byPerson: make([][]Placement, len(r.People)), told: make([][]Placement, len(r.People)),
		byCell: map[[2]int][]int{}, byUnit: map[[2]int][]int{},
	}
	e.Burden = make([]int, len(r.People))
	for _, c := range r.Base {
		e.told[c.Person] = append(e.told[c.Person], c)
	}
	for _, c := range plan {
		e.byPerson[c.Person] = append(e.byPerson[c.Person], c)
		e.byCell[[2]int{c.Site, c.Block}] = append(e.byCell[[2]int{c.Site, c.Block}], c.Person)
		if u := r.People[c.Person].Unit; u >= 0 {
			e.byUnit[[2]int{u, c.Block}] = append(e.byUnit[[2]int{u, c.Block}], c.Person)
		}
	}
	e.countSites()
	e.countUnits()
	for i := range r.People {
		slices.SortFunc(e.byPerson[i], func(a, b Placement) int {
			return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.Site, b.Site))
		})
		e.countPerson(i)
		e.countOwed(i)
		e.countGoals(i)
	}
	e.countLocks()
	w := r.weights()
	e.Score.Soft = e.Score.Short*w.Min + e.Score.Wishes + e.Score.Load*w.Load + e.Score.Moved*w.Move + e.Score.Away*w.Away
	slices.SortStableFunc(e.Violations, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(slices.Index(Rules, a.Rule), slices.Index(Rules, b.Rule)),
			cmp.Compare(a.Block, b.Block), cmp.Compare(a.Site, b.Site), slices.Compare(a.People, b.People))
	})
	return &e.Report
}

type evaluation struct {
	Report
	r        *Rotation
	byPerson [][]Placement
	told     [][]Placement    // by person: the cells of Base
	byCell   map[[2]int][]int // (site, block) → people
	byUnit   map[[2]int][]int // (unit, block) → people
}

func (e *evaluation) add(v Violation) {
	if v.Rule.Hard() {
		e.Score.Hard += v.Excess
	}
	if v.Text == "" {
		v.Text = e.r.sentence(v)
	}
	e.Violations = append(e.Violations, v)
}

func (e *evaluation) countSites() {
	for k := range e.r.Sites {
		for b := e.r.Past; b < len(e.r.Blocks); b++ {
			if e.r.Blocks[b].Closed {
				continue
			}
			seats, people := e.r.seats(k, b), e.byCell[[2]int{k, b}]
			slices.Sort(people)
			if over := len(people) - seats.Max; over > 0 {
				e.add(Violation{Rule: RuleSeats, People: people, Site: k, Block: b, Unit: Any, Excess: over})
			}
			if short := seats.Min - len(people); short > 0 {
				e.Score.Short += short
				e.add(Violation{Rule: RuleMin, People: people, Site: k, Block: b, Unit: Any, Excess: short})
			}
			if seats.Target > 0 {
				e.Score.Load += max(0, len(people)-seats.Target)
			}
		}
	}
}

func (e *evaluation) countUnits() {
	for u, unit := range e.r.Units {
		for b := e.r.Past; b < len(e.r.Blocks); b++ {
			people := e.byUnit[[2]int{u, b}]
			slices.Sort(people)
			if over := len(people) - unit.MaxAway; unit.MaxAway > 0 && over > 0 {
				e.add(Violation{Rule: RuleUnit, People: people, Site: Any, Block: b, Unit: u, Excess: over})
			}
		}
	}
}

// countPerson judges one person's placements among themselves. What lies wholly in the past is history.
func (e *evaluation) countPerson(i int) {
	cells := e.byPerson[i]
	for n, c := range cells {
		if c.Block < e.r.Past {
			continue
		}
		e.countCell(c)
		for _, o := range cells[:n] {
			e.countPair(o, c)
		}
		for _, need := range e.r.Sites[c.Site].Needs {
			known := slices.Contains(e.r.People[i].Done, need) ||
				slices.ContainsFunc(cells, func(o Placement) bool { return o.Site == need })
			if !known {
				e.person(RuleOrder, c, fmt.Sprintf("%s 去「%s」之前要先到过「%s」，计划里没有",
					e.r.personName(i), e.r.siteName(c.Site), e.r.siteName(need)))
			}
		}
	}
}

func (e *evaluation) person(rule Rule, c Placement, text string) {
	e.add(Violation{Rule: rule, People: []int{c.Person}, Site: c.Site, Block: c.Block, Unit: Any, Excess: 1, Text: text})
}

// countCell judges a placement by itself.
func (e *evaluation) countCell(c Placement) {
	p := &e.r.People[c.Person]
	if e.r.Blocks[c.Block].Closed || p.absent(c.Block) {
		e.person(RuleAbsent, c, "")
	}
	switch {
	case p.welcome(c.Site):
	case slices.Contains(p.Done, c.Site):
		e.person(RuleRepeat, c, "")
	default:
		e.person(RuleList, c, "")
	}
}

// countPair judges two placements of one person, the first in time before the second.
func (e *evaluation) countPair(a, b Placement) {
	who := e.r.personName(a.Person)
	if a.Site == b.Site {
		e.person(RuleRepeat, b, "")
	}
	if a.Block == b.Block {
		e.person(RuleOnePlace, b, "")
		return
	}
	if b.Block-a.Block <= e.r.Gap {
		e.person(RuleGap, b, fmt.Sprintf("%s 在%s和%s之间要空 %d 期", who, e.r.blockName(a.Block), e.r.blockName(b.Block), e.r.Gap))
	}
	if e.r.leads(b.Site, a.Site) {
		e.person(RuleOrder, b, fmt.Sprintf("%s 要先到「%s」再到「%s」，现在一个在%s、一个在%s",
			who, e.r.siteName(b.Site), e.r.siteName(a.Site), e.r.blockName(b.Block), e.r.blockName(a.Block)))
	}
}

// leads reports whether everyone has to visit site k before site l.
func (r *Rotation) leads(k, l int) bool {
	return r.Sites[k].Stage < r.Sites[l].Stage || slices.Contains(r.Sites[l].Needs, k)
}

func (e *evaluation) countOwed(i int) {
	p := &e.r.People[i]
	missing := 0
	for _, k := range p.obliged() {
		if !slices.ContainsFunc(e.byPerson[i], func(c Placement) bool { return c.Site == k }) {
			missing++
			e.add(Violation{Rule: RuleUnplaced, People: []int{i}, Site: k, Block: Any, Unit: Any, Excess: 1})
		}
	}
	if rest := p.owed() - len(e.byPerson[i]) - missing; rest > 0 {
		e.add(Violation{Rule: RuleUnplaced, People: []int{i}, Site: Any, Block: Any, Unit: Any, Excess: rest})
	}
}

func (e *evaluation) countGoals(i int) {
	r, p := e.r, &e.r.People[i]
	ranks := wishRanks(p, len(r.Sites), len(r.Blocks))
	for _, c := range e.byPerson[i] {
		rank := int(ranks[c.Site*len(r.Blocks)+c.Block])
		e.Burden[i] += max(1, p.Weight) * rank * rank
		if c.Block >= r.Past && slices.Contains(p.Away, Absence{Block: c.Block, Soft: true}) {
			e.Score.Away++
		}
	}
	e.Score.Wishes += e.Burden[i]
	if told := e.told[i]; len(told) > 0 {
		for _, c := range e.byPerson[i] {
			if !slices.Contains(told, c) {
				e.Score.Moved++
			}
		}
	}
}

// countLocks reports fixed cells that are not in the plan.
func (e *evaluation) countLocks() {
	for _, c := range e.r.held() {
		if !slices.Contains(e.byPerson[c.Person], c) {
			e.person(RuleLock, c, "")
		}
	}
}

// held are all cells that may not change: the locked ones and the past of Base, each once.
func (r *Rotation) held() []Placement {
	var out []Placement
	seen := map[Placement]bool{}
	add := func(c Placement) {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	for _, c := range r.Base {
		if c.Block < r.Past {
			add(c)
		}
	}
	for _, c := range r.Fixed {
		add(c)
	}
	return out
}
