package rota

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Relaxation is the smallest loosening of the rules that was found to make a plan possible.
type Relaxation struct {
	Rules []Rule // what had to be loosened, in the order tried: M1, H6, H7, H2 (by one person a cell)
	Plan  []Placement
	Uses  []Violation // exactly where the loosened rules are used, judged by the unloosened ones
	Text  string
}

type loosening struct {
	rule  Rule
	loose func(c *ruleCosts)
}

// relaxing is the order in which rules are given up: what is a wish of the house first, what protects the
// posts and the places last.
var relaxing = []loosening{
	{RuleMin, func(c *ruleCosts) { c.min = 0 }},
	{RuleGap, func(c *ruleCosts) { c.gap = loosePrice }},
	{RuleUnit, func(c *ruleCosts) { c.unit = loosePrice }},
	{RuleSeats, func(c *ruleCosts) { c.site = loosePrice }}, // the second person too many stays forbidden
}

// loosePrice keeps each use of a loosened rule dearer than any wish, so that few are used.
const loosePrice = points(100)

// Relax looks for the smallest loosening under which the plan's remaining hard violations go away: each
// rule by itself, in a fixed order, and if none is enough, one after the other together. It starts from
// the given plan; o.Steps bounds each attempt (default: a quarter of DefaultSteps). Nil: even all together
// don't help, or ctx has ended, or there is nothing to relax. People without any free block can't be helped
// by loosening; they stay 未安排 and don't count.
func (r *Rotation) Relax(ctx context.Context, plan []Placement, o Options) *Relaxation {
	if r.Evaluate(plan).Score.Hard == 0 {
		return nil
	}
	steps := o.Steps
	if steps == 0 {
		steps = max(1, r.DefaultSteps()/4)
	}
	for n := range relaxing {
		if x := r.relax(ctx, plan, relaxing[n:n+1], o.Seed, steps); x != nil {
			return x
		}
	}
	for n := 2; n <= len(relaxing); n++ {
		if x := r.relax(ctx, plan, relaxing[:n], o.Seed, steps); x != nil {
			return x
		}
	}
	return nil
}

func (r *Rotation) relax(ctx context.Context, plan []Placement, loosened []loosening, seed uint64, steps int) *Relaxation {
	rules := strictRules(r.weights())
	x := &Relaxation{}
	for _, l := range loosened {
		l.loose(&rules)
		x.Rules = append(x.Rules, l.rule)
	}
	m := newModel(r, rules)
	s := newState(m)
	floor := s.unavoidable()
	s.follow(plan)
	s.place()
	search := newSearch(s, seed)
	search.run(ctx, steps, true, floor, nil)
	if search.best.score.hard() > floor {
		return nil
	}
	x.Plan = search.best.placements(m)
	for _, v := range r.Evaluate(x.Plan).Violations {
		for _, rule := range x.Rules {
			if v.Rule == rule {
				x.Uses = append(x.Uses, v)
			}
		}
	}
	x.Text = r.relaxText(x)
	return x
}

// follow puts the tasks where a plan has them, as far as that can be.
func (s *state) follow(plan []Placement) {
	m := s.m
	for _, c := range plan {
		i, k, b := c.Person, int16(c.Site), int16(c.Block)
		if !s.open(i, k, b) {
			continue
		}
		for t := m.first[i]; t < m.first[i+1]; t++ {
			given := m.must[t] == k || m.must[t] == nowhere && slices.Contains(m.options[i], k)
			if s.block[t] == nowhere && given {
				s.put(t, k, b)
				break
			}
		}
	}
}

func (r *Rotation) relaxText(x *Relaxation) string {
	var titles, uses []string
	for _, rule := range x.Rules {
		titles = append(titles, relaxTitles[rule])
	}
	for _, v := range x.Uses {
		uses = append(uses, v.Text)
	}
	if len(uses) == 0 {
		return fmt.Sprintf("%s后可以全部排下", strings.Join(titles, "、"))
	}
	more := ""
	if len(uses) > listed {
		more = fmt.Sprintf("……共 %d 处", len(uses))
		uses = uses[:listed]
	}
	return fmt.Sprintf("%s后可以全部排下：%s%s", strings.Join(titles, "、"), strings.Join(uses, "；"), more)
}

var relaxTitles = map[Rule]string{
	RuleMin:   "不要求岗位最少人数",
	RuleGap:   "放宽间隔",
	RuleUnit:  "放宽单位同期外出上限",
	RuleSeats: "超员处各增加 1 个名额",
}
