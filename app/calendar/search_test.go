package calendar

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var someDay = MustDay("2026-05-12") // a Tuesday

// minutes makes a member of stretches in minutes of the window.
func newMember(win Window, id int64, kind Kind, open, taken [][2]int) member {
	m := member{id: id, kind: kind, open: newBitset(win.cells()), taken: newBitset(win.cells())}
	at := func(minute int) time.Time { return win.start().Add(time.Duration(minute) * time.Minute) }
	for _, o := range open {
		m.open.fill(win.ceil(at(o[0])), win.floor(at(o[1])))
	}
	for _, b := range taken {
		m.taken.fill(win.floor(at(b[0])), win.ceil(at(b[1])))
	}
	return m
}

// fitsAt says by single minutes what starts says by whole words.
func fitsAt(m member, open, taken [][2]int, start, length int) bool {
	inside := func(list [][2]int, minute int) bool {
		return slices.ContainsFunc(list, func(s [2]int) bool { return s[0] <= minute && minute < s[1] })
	}
	for i := start; i < start+length; i++ {
		if !inside(open, i) || inside(taken, i) {
			return false
		}
	}
	for i := start + length; i < start+length+int(m.kind.after()/time.Minute); i++ {
		if inside(taken, i) {
			return false
		}
	}
	return true
}

func TestSearchAgreesWithCounting(t *testing.T) {
	win := Window{someDay, 2}
	stretch := rapid.Custom(func(r *rapid.T) [2]int {
		from := rapid.IntRange(0, 2*288-2).Draw(r, "from")
		return [2]int{5 * from, 5 * rapid.IntRange(from+1, min(from+150, 2*288-1)).Draw(r, "to")}
	})
	rapid.Check(t, func(r *rapid.T) {
		length := 5 * rapid.IntRange(1, 96).Draw(r, "length")
		step := rapid.SampledFrom([]int{5, 15, 30, 90}).Draw(r, "step")
		type drawn struct {
			m           member
			open, taken [][2]int
		}
		var groups []group
		var naive [][]drawn
		for range rapid.IntRange(1, 3).Draw(r, "groups") {
			g := group{all: rapid.Bool().Draw(r, "all")}
			var ones []drawn
			for i := range rapid.IntRange(1, 3).Draw(r, "members") {
				open := rapid.SliceOfN(stretch, 0, 6).Draw(r, "open")
				taken := rapid.SliceOfN(stretch, 0, 4).Draw(r, "taken")
				kind := rapid.SampledFrom([]Kind{RoomKind, MediatorKind}).Draw(r, "kind")
				ones = append(ones, drawn{newMember(win, int64(i), kind, open, taken), open, taken})
				g.members = append(g.members, ones[i].m)
			}
			groups, naive = append(groups, g), append(naive, ones)
		}
		from, to := rapid.IntRange(0, 2*288).Draw(r, "from"), rapid.IntRange(0, 2*288).Draw(r, "to")
		f := search(ask{win: win, from: win.at(from), to: win.at(to), length: time.Duration(length) * time.Minute,
			step: time.Duration(step) * time.Minute, groups: groups})
		for c := range win.cells() {
			start := 5 * c
			want := c >= from && start+length <= 5*to && start%1440%step == 0 && start%1440+length <= 1440
			for i, g := range groups {
				one := func(o drawn) bool { return fitsAt(o.m, o.open, o.taken, start, length) }
				if g.all {
					want = want && !slices.ContainsFunc(naive[i], func(o drawn) bool { return !one(o) })
				} else {
					want = want && slices.ContainsFunc(naive[i], one)
				}
			}
			if f.starts.has(c) != want {
				r.Fatalf("start at minute %d: found %v, counted %v", start, f.starts.has(c), want)
			}
		}
		if (f.explain() == nil) == f.starts.empty() {
			r.Fatal("a reason is given when and only when nothing was found")
		}
	})
}

func TestRunsAcrossWords(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cells := rapid.IntRange(1, 300).Draw(r, "cells")
		b := newBitset(cells)
		for range rapid.IntRange(0, 5).Draw(r, "stretches") {
			from := rapid.IntRange(0, cells).Draw(r, "from")
			b.fill(from, rapid.IntRange(from, cells).Draw(r, "to"))
		}
		hole := rapid.IntRange(0, cells).Draw(r, "hole")
		b.clear(hole, min(cells, hole+1))
		n := rapid.IntRange(1, 200).Draw(r, "n")
		runs := b.runs(n)
		for i := range cells {
			want := true
			for j := i; j < i+n; j++ {
				want = want && j < cells && b.has(j)
			}
			if runs.has(i) != want {
				r.Fatalf("run of %d from %d of %v: %v", n, i, b, runs.has(i))
			}
		}
	})
}

func TestTheReasonNamesWhoIsMissing(t *testing.T) {
	win := Window{someDay, 5}
	morning, afternoon, night := [][2]int{{540, 720}}, [][2]int{{840, 1080}}, [][2]int{{0, 30}}
	named := func(label string, hours ...[][2]int) group {
		g := group{label: label}
		for i, h := range hours {
			g.members = append(g.members, newMember(win, int64(i+1), MediatorKind, h, nil))
		}
		return g
	}
	for name, c := range map[string]struct {
		groups []group
		want   string
	}{
		"one has no time": {
			[]group{named("法院联络员", night), named("调解室", morning), named("调解员", morning)},
			"5月12日至16日：法院联络员有空 0 段，调解室有空 4 段，调解员有空 4 段，法院联络员没有足够长的空闲，请换一段日期、换人或缩短时长；去掉法院联络员可得 4 段"},
		"two never meet": {
			[]group{named("法院联络员", morning), named("调解室", morning, afternoon), named("调解员", afternoon)},
			"5月12日至16日：法院联络员有空 4 段，调解室有空 10 段，调解员有空 6 段，法院联络员与调解员无共同时段；去掉法院联络员可得 6 段，去掉调解员可得 4 段"},
		"three never meet": {
			[]group{named("甲", [][2]int{{540, 690}}), named("乙", [][2]int{{600, 780}}), named("丙", [][2]int{{540, 660}, {690, 780}})},
			"5月12日至16日：甲有空 3 段，乙有空 4 段，丙有空 3 段，没有大家都有空的时段；去掉甲可得 1 段，去掉乙可得 2 段，去掉丙可得 1 段"},
		"alone": {[]group{named("调解室", night)}, "5月12日至16日：调解室有空 0 段，调解室没有足够长的空闲，请换一段日期、换人或缩短时长"},
	} {
		f := search(ask{win: win, from: win.start(), to: win.end(), length: 90 * time.Minute, step: 30 * time.Minute, groups: c.groups})
		if e := f.explain(); e == nil || e.String() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", name, e, c.want)
		}
	}
}

func TestTheTightestFitIsTaken(t *testing.T) {
	win := Window{someDay.Monday(), 7}
	day := func(from, to int) [][2]int { return [][2]int{{1440 + from, 1440 + to}} }
	whole, tight := day(540, 1080), day(540, 630)
	for name, c := range map[string]struct {
		members []member
		want    int64
	}{
		"least remainder":    {[]member{newMember(win, 1, RoomKind, whole, nil), newMember(win, 2, RoomKind, tight, nil)}, 2},
		"then least used":    {[]member{newMember(win, 1, RoomKind, tight, [][2]int{{0, 60}}), newMember(win, 2, RoomKind, tight, nil)}, 2},
		"then the lowest id": {[]member{newMember(win, 5, RoomKind, tight, nil), newMember(win, 3, RoomKind, tight, nil)}, 3},
		"a taken one isn't":  {[]member{newMember(win, 1, RoomKind, tight, day(600, 610)), newMember(win, 2, RoomKind, whole, nil)}, 2},
		"a gap between two":  {[]member{newMember(win, 1, RoomKind, whole, day(645, 1080)), newMember(win, 2, RoomKind, whole, nil)}, 1},
		"nobody":             {[]member{newMember(win, 1, RoomKind, day(600, 1080), nil)}, 0},
	} {
		f := search(ask{win: win, from: win.start(), to: win.end(), length: 90 * time.Minute, step: cell, groups: []group{{members: c.members}}})
		id, ok := f.best(0, (someDay).At(540))
		if id != c.want || ok != (c.want != 0) {
			t.Errorf("%s: %d, want %d", name, id, c.want)
		}
	}
}

func TestAWindowNamesItsDays(t *testing.T) {
	for days, want := range map[int]string{1: "5月12日", 3: "5月12日至14日", 30: "5月12日至6月10日"} {
		if got := (Window{someDay, days}).label(); got != want {
			t.Errorf("%d days: %s, want %s", days, got, want)
		}
	}
	if got := (Window{MustDay("2026-12-31"), 366}).label(); !strings.Contains(got, "至12月31日") {
		t.Error(got)
	}
}
