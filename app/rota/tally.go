package rota

import (
	"fmt"
	"slices"
)

// tally is a score split by rule, in the order of Rules.
type tally [15]points

func (y *tally) add(rule Rule, p points) { y[slices.Index(Rules, rule)] += p }

// scope is the part of a plan that a change can touch.
type scope struct {
	people []int32
	cells  []int // (site, block)
	units  []int // (unit, block)
}

func (d *desk) scope(hops []hop) scope {
	var out scope
	include := func(t int32, k, b int16) {
		i := d.m.person[t]
		out.people = insert(out.people, i)
		if b != nowhere {
			out.cells = insert(out.cells, int(k)*d.m.blocks+int(b))
			out.units = insert(out.units, int(d.m.unit[i])*d.m.blocks+int(b))
		}
	}
	for _, h := range hops {
		include(h.t, d.site[h.t], d.block[h.t])
		include(h.t, h.k, h.b)
	}
	return out
}

func insert[T comparable](list []T, x T) []T {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// tally counts the scope of a plan by rule.
func (d *desk) tally(sc scope) tally {
	var y tally
	m := d.m
	for _, i := range sc.people {
		d.tallyPerson(i, &y)
	}
	for _, at := range sc.cells {
		load := d.load[at]
		y.add(RuleSeats, points(max(0, load-m.max[at]))*m.rules.site)
		y.add(RuleMin, points(max(0, m.min[at]-load))*m.rules.min)
		y.add(RuleLoad, points(max(0, load-m.target[at]))*points(m.weights.Load))
	}
	for _, at := range sc.units {
		y.add(RuleUnit, points(max(0, d.away[at]-m.cap[at]))*m.rules.unit)
	}
	return y
}

func (d *desk) tallyPerson(i int32, y *tally) {
	m := d.m
	p := &m.r.People[i]
	ranks := wishRanks(p, m.sites, m.blocks)
	for t := m.first[i]; t < m.first[i+1]; t++ {
		k, b := d.site[t], d.block[t]
		if b == nowhere {
			y.add(RuleUnplaced, m.rules.unplaced)
			continue
		}
		rank := points(ranks[int(k)*m.blocks+int(b)])
		wish := points(max(1, p.Weight)) * rank * rank
		y.add(RuleWish, wish)
		d.tallyCell(t, d.m.priced(i, k, b)-wish, y)
		for o := m.first[i]; o < t; o++ {
			if d.block[o] != nowhere {
				d.tallyPair(o, t, y)
			}
		}
	}
	y.add(RuleOrder, d.missing(i))
}

// tallyCell splits what is left of a cell's price after the wish.
func (d *desk) tallyCell(t int32, rest points, y *tally) {
	r, b := d.m.r, int(d.block[t])
	p := &r.People[d.m.person[t]]
	if b >= r.Past {
		if r.Blocks[b].Closed || p.absent(b) {
			y.add(RuleAbsent, hardPoint)
			rest -= hardPoint
		}
		if slices.Contains(p.Away, Absence{Block: b, Soft: true}) {
			y.add(RuleAway, points(d.m.weights.Away))
			rest -= points(d.m.weights.Away)
		}
	}
	y.add(RuleMove, points(rest.cost()))
	if rest.hard() > 0 {
		rule := RuleList
		if slices.Contains(p.Done, int(d.site[t])) {
			rule = RuleRepeat
		}
		y.add(rule, points(rest.hard())*hardPoint)
	}
}

func (d *desk) tallyPair(o, t int32, y *tally) {
	m := d.m
	gap := m.between(d.site[o], d.block[o], d.site[t], d.block[t])
	if gap == 0 {
		return
	}
	if d.site[o] == d.site[t] {
		y.add(RuleRepeat, m.rules.repeat)
		gap -= m.rules.repeat
	}
	if apart := d.block[o] - d.block[t]; int(max(apart, -apart)) <= m.r.Gap {
		y.add(RuleGap, m.rules.gap)
		gap -= m.rules.gap
	}
	y.add(RuleOrder, gap)
}

// reasonText says what a part of a change means for one rule: 超员 1 人, 更合本人意愿（4 分）.
func reasonText(rule Rule, c Cost, w Weights) string {
	n := c.Hard
	switch rule {
	case RuleMin:
		n = c.Soft / max(1, w.Min)
	case RuleLoad:
		n = c.Soft / max(1, w.Load)
	case RuleMove:
		n = c.Soft / max(1, w.Move)
	case RuleAway:
		n = c.Soft / max(1, w.Away)
	case RuleWish:
		n = c.Soft
	}
	words := reasonWords[rule]
	if n < 0 {
		return fmt.Sprintf(words.better, -n)
	}
	return fmt.Sprintf(words.worse, n)
}

var reasonWords = map[Rule]struct{ worse, better string }{
	RuleUnplaced: {"多 %d 个未安排", "安排上 %d 个"},
	RuleSeats:    {"超员 %d 人", "少超员 %d 人"},
	RuleAbsent:   {"占用 %d 个请假或停训的期次", "让出 %d 个请假或停训的期次"},
	RuleRepeat:   {"多 %d 处重复岗位", "少 %d 处重复岗位"},
	RuleOrder:    {"%d 处先后颠倒", "理顺 %d 处先后"},
	RuleGap:      {"%d 处间隔不足", "消除 %d 处间隔不足"},
	RuleUnit:     {"单位同期外出超 %d 人", "单位同期外出少超 %d 人"},
	RuleList:     {"%d 处不可去的岗位", "少 %d 处不可去的岗位"},
	RuleMin:      {"岗位最少人数缺 %d 人", "补上岗位最少人数 %d 人"},
	RuleWish:     {"离本人意愿更远（%d 分）", "更合本人意愿（%d 分）"},
	RuleLoad:     {"超出均衡人数 %d 人", "少超均衡人数 %d 人"},
	RuleMove:     {"改动已通知的安排 %d 格", "恢复已通知的安排 %d 格"},
	RuleAway:     {"占用 %d 个不便的期次", "让出 %d 个不便的期次"},
}
