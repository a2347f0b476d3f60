package exam

import "tiaojie/app/school/quizformat"

// Verdict is the outcome of an attempt.
type Verdict string

// The verdicts.
const (
	Passed  Verdict = "passed"  // 通过
	Failed  Verdict = "failed"  // 未通过
	Pending Verdict = "pending" // 待批改
)

var verdictLabels = map[Verdict]string{Passed: "通过", Failed: "未通过", Pending: "待批改"}

// Label is the Chinese word.
func (v Verdict) Label() string { return verdictLabels[v] }

// Score adds up an attempt.
type Score struct {
	Points  int // given so far
	Max     int // of the whole paper
	Waiting int // the most that answers not yet graded by a person can bring
}

// Add counts one question's grade in.
func (s *Score) Add(g quizformat.Grade) {
	s.Points += g.Points
	s.Max += g.Max
	if g.Manual {
		s.Waiting += g.Max
	}
}

// Verdict compares in whole numbers, points × 100 ≥ percent × max, so that 59.9% never
// passes for 60%. It speaks before the last answer is graded when that can't change it.
func (s Score) Verdict(passPercent int) Verdict {
	switch {
	case s.Max <= 0:
		return Failed
	case s.Points*100 >= passPercent*s.Max:
		return Passed
	case (s.Points+s.Waiting)*100 >= passPercent*s.Max:
		return Pending
	}
	return Failed
}

// Best is the score that counts of several attempts: the most points out of max, the
// first of equals; -1 of none. Papers of different size compare by share.
func Best(scores []Score) int {
	best := -1
	for i, s := range scores {
		if s.Max <= 0 {
			continue
		}
		if best < 0 || s.Points*scores[best].Max > scores[best].Points*s.Max {
			best = i
		}
	}
	return best
}
