package rota

import (
	"fmt"
	"strings"
)

// Mistake is what is wrong with a task before any planning: a circle among the prerequisites, an index
// that doesn't exist, a number out of range. Its text is Chinese, for the trainer, and names no person.
type Mistake struct{ Text string }

func (m *Mistake) Error() string { return m.Text }

func mistake(format string, args ...any) error { return &Mistake{fmt.Sprintf(format, args...)} }

// Check refuses a task that has no meaning. What is meaningful but can't work is Precheck's business. The
// error is a *Mistake.
func (r *Rotation) Check() error {
	if len(r.Blocks) > 2000 || len(r.Sites) > 2000 {
		return mistake("期数和岗位数都不能超过 2000")
	}
	if r.Past < 0 || r.Past > len(r.Blocks) || r.Gap < 0 {
		return mistake("已过期数或间隔不在范围内")
	}
	for k := range r.Sites {
		if err := r.checkSite(k); err != nil {
			return err
		}
	}
	for i := range r.People {
		if err := r.checkPerson(&r.People[i]); err != nil {
			return err
		}
	}
	for _, list := range [][]Placement{r.Fixed, r.Base} {
		for _, c := range list {
			if !r.exists(c) {
				return mistake("锁定或原计划中有不存在的人、岗位或期次")
			}
		}
	}
	return r.checkCircle()
}

func (r *Rotation) exists(c Placement) bool {
	return within(c.Person, len(r.People)) && within(c.Site, len(r.Sites)) && within(c.Block, len(r.Blocks))
}

func within(i, n int) bool { return 0 <= i && i < n }

func (r *Rotation) checkSite(k int) error {
	s := &r.Sites[k]
	if len(s.SeatsAt) > 0 && len(s.SeatsAt) != len(r.Blocks) {
		return mistake("「%s」的逐期名额有 %d 项，应为 %d 项", s.Name, len(s.SeatsAt), len(r.Blocks))
	}
	for _, seats := range append(s.SeatsAt, s.Seats) {
		if seats.Min < 0 || seats.Target < 0 || seats.Max < seats.Min {
			return mistake("「%s」的名额不对：最少 %d 人、最多 %d 人", s.Name, seats.Min, seats.Max)
		}
	}
	for _, need := range s.Needs {
		if !within(need, len(r.Sites)) {
			return mistake("「%s」要求先到的岗位不存在", s.Name)
		}
		if r.Sites[need].Stage > s.Stage {
			return mistake("「%s」要求先到「%s」，但后者排在更后的阶段", s.Name, r.Sites[need].Name)
		}
	}
	return nil
}

func (r *Rotation) checkPerson(p *Person) error {
	if p.Unit < -1 || p.Unit >= len(r.Units) {
		return mistake("有人的单位不存在")
	}
	if p.Count < 0 || p.Weight < 0 || p.Weight > 1000 {
		return mistake("有人的岗位数或权重不在范围内")
	}
	for _, list := range [][]int{p.Must, p.May, p.Done} {
		for _, k := range list {
			if !within(k, len(r.Sites)) {
				return mistake("有人的岗位不存在")
			}
		}
	}
	for _, a := range p.Away {
		if !within(a.Block, len(r.Blocks)) {
			return mistake("有人的请假期次不存在")
		}
	}
	for _, w := range p.Wishes {
		siteOK := w.Site == Any || within(w.Site, len(r.Sites))
		blockOK := w.Block == Any || within(w.Block, len(r.Blocks))
		if !siteOK || !blockOK || w.Rank < 1 || w.Rank > 5 {
			return mistake("有人的意愿不在 1 至 5 之间，或指向不存在的岗位、期次")
		}
	}
	return nil
}

// checkCircle follows Site.Needs and names a circle if there is one.
func (r *Rotation) checkCircle() error {
	const walking, walked = 1, 2
	mark := make([]int, len(r.Sites))
	var path []int
	var walk func(k int) error
	walk = func(k int) error {
		path = append(path, k)
		if mark[k] == walking {
			return mistake("先修关系成环：%s", r.circle(path))
		}
		if mark[k] == walked {
			path = path[:len(path)-1]
			return nil
		}
		mark[k] = walking
		for _, need := range r.Sites[k].Needs {
			if err := walk(need); err != nil {
				return err
			}
		}
		mark[k] = walked
		path = path[:len(path)-1]
		return nil
	}
	for k := range r.Sites {
		if err := walk(k); err != nil {
			return err
		}
	}
	return nil
}

// circle names the closing part of a path that ends where it has been before.
func (r *Rotation) circle(path []int) string {
	last := path[len(path)-1]
	var names []string
	for _, k := range path {
		if k == last || len(names) > 0 {
			names = append(names, r.Sites[k].Name)
		}
	}
	return strings.Join(names, " → ")
}
