package calendar

import (
	"fmt"
	"strings"
)

// Explain says why a search found nothing.
type Explain struct {
	Window  Window
	Groups  []GroupCount // how many starts each need has by itself, in search order
	Empty   string       // the first need that has none at all
	Pair    [2]string    // else the first two needs that never coincide
	Without []GroupCount // what leaving out one need would open, where it opens anything
}

// GroupCount is a number of possible starts beside a need's label.
type GroupCount struct {
	Label  string
	Starts int
}

// explain gives the reason when nothing was found, nil when something was.
func (f *found) explain() *Explain {
	if !f.starts.empty() {
		return nil
	}
	e := &Explain{Window: f.win}
	for i, g := range f.groups {
		e.Groups = append(e.Groups, GroupCount{g.label, f.unions[i].count()})
		if f.unions[i].empty() && e.Empty == "" {
			e.Empty = g.label
		}
		if n := f.without(i); n > 0 && len(f.groups) > 1 {
			e.Without = append(e.Without, GroupCount{g.label, n})
		}
	}
	if e.Empty == "" {
		e.Pair = f.firstPair()
	}
	return e
}

func (f *found) without(skip int) int {
	rest := f.allowed.clone()
	for i, u := range f.unions {
		if i != skip {
			rest.and(u)
		}
	}
	return rest.count()
}

func (f *found) firstPair() [2]string {
	for i := range f.unions {
		for j := i + 1; j < len(f.unions); j++ {
			both := f.unions[i].clone()
			both.and(f.unions[j])
			if both.empty() {
				return [2]string{f.groups[i].label, f.groups[j].label}
			}
		}
	}
	return [2]string{}
}

// String says it in one Chinese sentence with its numbers.
func (e *Explain) String() string {
	var counts, advice []string
	for _, g := range e.Groups {
		counts = append(counts, fmt.Sprintf("%s有空 %d 段", g.Label, g.Starts))
	}
	for _, g := range e.Without {
		advice = append(advice, fmt.Sprintf("去掉%s可得 %d 段", g.Label, g.Starts))
	}
	reason := "没有大家都有空的时段"
	switch {
	case e.Empty != "":
		reason = e.Empty + "没有足够长的空闲，请换一段日期、换人或缩短时长"
	case e.Pair[0] != "":
		reason = e.Pair[0] + "与" + e.Pair[1] + "无共同时段"
	}
	text := e.Window.label() + "：" + strings.Join(append(counts, reason), "，")
	if len(advice) > 0 {
		text += "；" + strings.Join(advice, "，")
	}
	return text
}

// label gives the window's days in words: 5月12日至16日.
func (w Window) label() string {
	last := w.First + Day(max(w.Days, 1)-1)
	_, m1, d1 := w.First.Date()
	_, m2, d2 := last.Date()
	switch {
	case w.Days <= 1:
		return fmt.Sprintf("%d月%d日", m1, d1)
	case m1 == m2 && w.First.Year() == last.Year():
		return fmt.Sprintf("%d月%d日至%d日", m1, d1, d2)
	}
	return fmt.Sprintf("%d月%d日至%d月%d日", m1, d1, m2, d2)
}
