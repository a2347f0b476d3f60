package exam

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// sheets makes n attempts at a paper of item 1 and nine others; item and rest give the
// points of the i-th, out of 1 and out of 9.
func sheets(n int, item, rest func(i int) int) []Sheet {
	var out []Sheet
	for i := range n {
		s := Sheet{map[int64]Mark{1: {Points: item(i), Max: 1, Empty: i == 0}}}
		for q := range 9 {
			p := 0
			if q < rest(i) {
				p = 1
			}
			s.Points[int64(q+2)] = Mark{Points: p, Max: 1}
		}
		out = append(out, s)
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestAnalyse(t *testing.T) {
	t.Parallel()
	good := func(i int) int { return min(1, i/20) } // the better half is right
	bad := func(i int) int { return 1 - good(i) }
	rest := func(i int) int { return i * 9 / 39 }
	s := Analyse(1, sheets(40, good, rest))
	if s.Attempts != 40 || s.Empty != 1 || !near(s.Difficulty, 0.5) || !near(s.Discrimination, 1) || s.Correlation < 0.8 || s.Advice() != "" {
		t.Errorf("a good item: %+v %s", s, s.Advice())
	}
	s = Analyse(1, sheets(40, bad, rest))
	if !near(s.Discrimination, -1) || s.Correlation > -0.8 || s.Advice() != "成绩好的反而答错，先核对答案标得对不对" {
		t.Errorf("a wrong key: %+v %s", s, s.Advice())
	}
	s = Analyse(1, sheets(40, func(int) int { return 1 }, rest))
	if !near(s.Difficulty, 1) || s.Correlation != 0 || s.Advice() != "几乎人人答对，可以换一道" {
		t.Errorf("an easy item: %+v %s", s, s.Advice())
	}
	s = Analyse(1, sheets(40, func(i int) int { return i % 2 }, rest))
	if s.Advice() != "分不出会与不会，看看干扰项" {
		t.Errorf("a guess: %+v %s", s, s.Advice())
	}
}

func TestFewAttemptsShowNoFigures(t *testing.T) {
	t.Parallel()
	one := func(int) int { return 1 }
	for n, want := range map[int]ItemStat{
		0: {}, 9: {Attempts: 9, Empty: 1}, 10: {Attempts: 10, Empty: 1, Difficulty: 1, HasDifficulty: true},
		29: {Attempts: 29, Empty: 1, Difficulty: 1, HasDifficulty: true},
		30: {Attempts: 30, Empty: 1, Difficulty: 1, HasDifficulty: true, Discriminates: true},
	} {
		if got := Analyse(1, sheets(n, one, one)); got != want {
			t.Errorf("%d attempts: %+v", n, got)
		}
	}
	if got := Analyse(77, sheets(40, one, one)); got.Attempts != 0 {
		t.Errorf("a question that nobody had: %+v", got)
	}
}

// Figures must not depend on the order in which the sheets come, ties at the edge or not.
func TestAnalyseIsTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		marks := rapid.SliceOfN(rapid.IntRange(0, 1), 30, 60).Draw(t, "item")
		rest := rapid.SliceOfN(rapid.IntRange(0, 9), len(marks), len(marks)).Draw(t, "rest")
		in := sheets(len(marks), func(i int) int { return marks[i] }, func(i int) int { return rest[i] })
		a := Analyse(1, in)
		b := Analyse(1, rapid.Permutation(slices.Clone(in)).Draw(t, "order"))
		if !near(a.Difficulty, b.Difficulty) || !near(a.Discrimination, b.Discrimination) || !near(a.Correlation, b.Correlation) {
			t.Fatalf("%+v\n%+v", a, b)
		}
		if math.Abs(a.Discrimination) > 1+1e-9 || math.Abs(a.Correlation) > 1+1e-9 || a.Difficulty < 0 || a.Difficulty > 1 {
			t.Fatalf("out of range: %+v", a)
		}
	})
}
