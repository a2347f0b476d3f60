package rota

import (
	"fmt"
	"slices"
)

// Finding is something in a task that can't work, or will be hard, known before any search.
type Finding struct {
	Rule       Rule
	Blocker    bool // no plan can keep all hard rules while this stands
	People     []int
	Site, Unit int // Any where it doesn't apply
	Blocks     []int
	Need, Have int // what is wanted and what there is, in people or placements
	Text       string
	Fix        string
}

// Precheck looks for what can't work: locked cells that break a rule, people without room for what they are
// owed, sites and units without enough places. For each site the people it is for are matched exactly with
// the blocks each can use, so stages, prerequisites, gaps and absences are taken into account. No finding
// does not promise a plan. Sites and totals are looked at only as far as no person-level finding explains them.
func (r *Rotation) Precheck() ([]Finding, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	m := newModel(r, strictRules(r.weights()))
	c := &precheck{r: r, m: m, s: newState(m), usable: make([][]bool, len(m.person))}
	c.locks()
	for i := range r.People {
		c.person(i)
	}
	c.total()
	for k := range r.Sites {
		c.site(k)
	}
	for u := range r.Units {
		c.unit(u)
	}
	return c.found, nil
}

type precheck struct {
	r      *Rotation
	m      *model
	s      *state
	usable [][]bool // by task: the blocks of its person's complete plans
	found  []Finding
}

func (c *precheck) add(f Finding) { c.found = append(c.found, f) }

// locks judges the fixed cells alone. What they still need before them may yet be planned.
func (c *precheck) locks() {
	held := c.r.held()
	for _, v := range c.r.Evaluate(held).Violations {
		if !v.Rule.Hard() || v.Rule == RuleUnplaced || v.Rule == RuleOrder && !c.reversed(held, v) {
			continue
		}
		f := Finding{Rule: v.Rule, Blocker: true, People: v.People, Site: v.Site, Unit: v.Unit, Need: v.Excess,
			Text: "锁定的格有冲突：" + v.Text, Fix: "解除其中一格的锁定"}
		if v.Block != Any {
			f.Blocks = []int{v.Block}
		}
		c.add(f)
	}
}

// reversed reports whether a violation of the order lies between two of the cells.
func (c *precheck) reversed(held []Placement, v Violation) bool {
	return slices.ContainsFunc(held, func(p Placement) bool {
		return p.Person == v.People[0] && p.Block < v.Block && c.r.leads(v.Site, p.Site)
	})
}

// person compares what a person is owed with the most that fits, and notes which blocks each task can use.
func (c *precheck) person(i int) {
	m, p := c.m, &c.r.People[i]
	open := 0
	for t := m.first[i]; t < m.first[i+1]; t++ {
		if !m.fixed[t] {
			open++
			c.usable[t] = c.s.possible(t, c.r.Gap)
		}
	}
	if open == 0 || c.choices(i) {
		return
	}
	d := newIndividual(c.s, i, c.r.Gap)
	if d == nil {
		return
	}
	if most := d.most(); most < open {
		c.add(Finding{Rule: RuleUnplaced, Blocker: true, People: []int{i}, Site: Any, Unit: Any, Need: open, Have: most,
			Text: c.personText(p, open, most), Fix: c.personFix(i, d, open, most)})
		return
	}
	for n, t := range d.tasks {
		c.usable[t] = d.usable(n)
	}
}

// choices reports a person with fewer sites to go to than placements owed.
func (c *precheck) choices(i int) bool {
	p := &c.r.People[i]
	free := 0
	for t := c.m.first[i]; t < c.m.first[i+1]; t++ {
		if c.m.must[t] == nowhere {
			free++
		}
	}
	have := 0
	for _, k := range c.m.options[i] {
		if !c.s.visits(int32(i), k) {
			have++
		}
	}
	if free <= have {
		return false
	}
	c.add(Finding{Rule: RuleUnplaced, Blocker: true, People: []int{i}, Site: Any, Unit: Any, Need: free, Have: have,
		Text: fmt.Sprintf("%s 还要选 %d 个岗位，可选的只有 %d 个", p.Name, free, have), Fix: "增加可去的岗位，或减少岗位数"})
	return true
}

func (c *precheck) personText(p *Person, open, most int) string {
	if most == 0 {
		return fmt.Sprintf("%s 需要 %d 个岗位，没有一期可用", p.Name, open)
	}
	why := "按请假、先后和已定的格"
	if c.r.Gap > 0 {
		why = fmt.Sprintf("按请假、先后、已定的格和间隔 %d 期", c.r.Gap)
	}
	return fmt.Sprintf("%s 需要 %d 个岗位，%s最多排 %d 个", p.Name, open, why, most)
}

// personFix looks for the largest smaller gap that would do; else fewer placements or absences.
func (c *precheck) personFix(i int, d *individual, open, most int) string {
	for gap := d.gap - 1; gap >= 0; gap-- {
		if newIndividual(c.s, i, gap).most() == open {
			return fmt.Sprintf("间隔减到 %d 期即可排下，或减少 %d 个岗位", gap, open-most)
		}
	}
	return fmt.Sprintf("减少 %d 个岗位，或调整请假", open-most)
}

// total compares all placements with all seats.
func (c *precheck) total() {
	need, have := 0, 0
	for t := range c.m.person {
		if !c.m.fixed[t] {
			need++
		}
	}
	for k := range c.m.sites {
		have += c.room(k)
	}
	if need > have {
		c.add(Finding{Rule: RuleSeats, Blocker: true, Site: Any, Unit: Any, Need: need, Have: have,
			Text: fmt.Sprintf("全部岗位共需要 %d 人次，只能容 %d 人次，差 %d 人次", need, have, need-have),
			Fix:  "增加名额或期数，或减少每人的岗位数"})
	}
}

// room is what a site can still take in the blocks to come.
func (c *precheck) room(k int) int {
	sum := 0
	for b := c.r.Past; b < c.m.blocks; b++ {
		at := k*c.m.blocks + b
		if !c.r.Blocks[b].Closed {
			sum += int(max(0, c.m.max[at]-c.s.load[at]))
		}
	}
	return sum
}

// site compares who has to go to a site with its seats: first in sum, then person by person.
func (c *precheck) site(k int) {
	var tasks []int32
	for t := range c.m.person {
		if !c.m.fixed[t] && int(c.m.must[t]) == k && slices.Contains(c.usable[t], true) {
			tasks = append(tasks, int32(t))
		}
	}
	c.least(k, len(tasks))
	if have := c.room(k); len(tasks) > have {
		c.add(c.siteTotal(k, len(tasks), have))
		return
	}
	g := newSiteNet(c.s, int16(k), tasks, netRules{strict: true, may: func(n int, b int16) bool {
		return c.usable[tasks[n]][b]
	}})
	g.run(g.source, g.sink, func() bool { return false })
	for _, x := range g.shortages(c.r, c.s) {
		fix := ""
		if len(x.Fixes) > 0 {
			fix = x.Fixes[0].Text
		}
		rule, unit := RuleSeats, Any
		if len(x.Blocks) == 0 && len(x.Units) > 0 {
			rule, unit = RuleUnit, x.Units[0].Unit
		}
		c.add(Finding{Rule: rule, Blocker: true, People: x.People, Site: k, Unit: unit, Blocks: x.Blocks,
			Need: x.Need, Have: x.Have, Text: x.Text, Fix: fix})
	}
}

func (c *precheck) siteTotal(k, need, have int) Finding {
	open := 0
	for b := c.r.Past; b < c.m.blocks; b++ {
		if !c.r.Blocks[b].Closed {
			open++
		}
	}
	fix := "开放期次"
	if open > 0 {
		fix = fmt.Sprintf("每期增加 %d 个名额，或少派 %d 人", (need-have+open-1)/open, need-have)
	}
	return Finding{Rule: RuleSeats, Blocker: true, Site: k, Unit: Any, Need: need, Have: have,
		Text: fmt.Sprintf("「%s」需要 %d 人次，可容 %d 人次，差 %d 人次", c.r.Sites[k].Name, need, have, need-have), Fix: fix}
}

// least warns of minimums that can't all be met. Not a blocker: M1 is only reported.
func (c *precheck) least(k, coming int) {
	for t := range c.m.person {
		if c.m.must[t] == nowhere && slices.Contains(c.m.options[c.m.person[t]], int16(k)) {
			coming++
		}
	}
	least := 0
	for b := c.r.Past; b < c.m.blocks; b++ {
		at := k*c.m.blocks + b
		least += int(max(0, c.m.min[at]-c.s.load[at]))
	}
	if least > coming {
		c.add(Finding{Rule: RuleMin, Site: k, Unit: Any, Need: least, Have: coming,
			Text: fmt.Sprintf("「%s」各期最少人数合计还要 %d 人次，能来的只有 %d 人次", c.r.Sites[k].Name, least, coming),
			Fix:  "降低最少人数，或多派人"})
	}
}

// unit compares what a unit's people are owed with how many may be away, block by block.
func (c *precheck) unit(u int) {
	unit := c.r.Units[u]
	if unit.MaxAway == 0 {
		return
	}
	need := 0
	free := make([]int, c.m.blocks)
	var people []int
	for i := range c.r.People {
		if c.r.People[i].Unit != u {
			continue
		}
		open := 0
		for t := c.m.first[i]; t < c.m.first[i+1]; t++ {
			if !c.m.fixed[t] {
				open++
			}
		}
		if open > 0 {
			people = append(people, i)
		}
		need += min(open, len(c.m.free[i]))
		for _, b := range c.m.free[i] {
			free[b]++
		}
	}
	have := c.unitRoom(u, unit.MaxAway, free)
	if need <= have {
		return
	}
	fix := "减少每人的岗位数，或增加期数"
	for n := unit.MaxAway + 1; n <= len(people); n++ {
		if c.unitRoom(u, n, free) >= need {
			fix = fmt.Sprintf("把上限放宽到 %d 人", n)
			break
		}
	}
	c.add(Finding{Rule: RuleUnit, Blocker: true, People: people, Site: Any, Unit: u, Need: need, Have: have,
		Text: fmt.Sprintf("%s共需外出 %d 人次，每期最多 %d 人，总共只能 %d 人次，差 %d 人次", unit.Name, need, unit.MaxAway, have, need-have),
		Fix:  fix})
}

// unitRoom is how many more placements a unit's people can have with a cap of limit.
func (c *precheck) unitRoom(u, limit int, free []int) int {
	sum := 0
	for b := c.r.Past; b < c.m.blocks; b++ {
		away := int(c.s.away[u*c.m.blocks+b])
		sum += max(0, min(limit-away, free[b]))
	}
	return sum
}
