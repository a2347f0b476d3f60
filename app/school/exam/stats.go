package exam

import (
	"cmp"
	"math"
	"slices"
)

// Item statistics (题目分析) tell a bad question from a bad answer. Use each person's first
// attempt only: who sees a question twice no longer says how hard it is.

// The smallest numbers of attempts for which figures are shown.
const (
	MinForDifficulty     = 10
	MinForDiscrimination = 30
)

// groupPercent is Kelley's 27%: the best and worst groups that tell most about an item.
const groupPercent = 27

// Sheet is one attempt at a paper: points and maximum of each question version on it.
type Sheet struct {
	Points map[int64]Mark
}

// Mark is what one answer earned.
type Mark struct {
	Points, Max int
	Empty       bool
}

// ItemStat is what many attempts say of a question version.
type ItemStat struct {
	Attempts       int
	Empty          int     // left unanswered
	Difficulty     float64 // p: mean share of the points, 0–1; low is hard
	HasDifficulty  bool
	Discrimination float64 // D: share in the best group minus share in the worst, −1 to 1
	Correlation    float64 // r of the item with the rest of the paper, −1 to 1
	Discriminates  bool    // both figures are there
}

// Analyse gives the statistics of a question version over the sheets that hold it.
func Analyse(version int64, sheets []Sheet) ItemStat {
	var rows []row
	s := ItemStat{}
	for _, sheet := range sheets {
		m, ok := sheet.Points[version]
		if !ok || m.Max <= 0 {
			continue
		}
		rows = append(rows, row{item: share(m.Points, m.Max), rest: sheet.restOf(version)})
		if m.Empty {
			s.Empty++
		}
	}
	s.Attempts = len(rows)
	if s.Attempts >= MinForDifficulty {
		s.HasDifficulty = true
		s.Difficulty = mean(rows, func(r row) float64 { return r.item })
	}
	if s.Attempts >= MinForDiscrimination {
		s.Discriminates = true
		s.Discrimination, s.Correlation = discrimination(rows), correlation(rows)
	}
	return s
}

// row is one answer beside the rest of its paper, both as shares of their points. The rest
// leaves the item out: else a short paper's item would correlate with itself.
type row struct{ item, rest float64 }

func (s Sheet) restOf(version int64) float64 {
	points, most := 0, 0
	for v, m := range s.Points {
		if v != version {
			points += m.Points
			most += m.Max
		}
	}
	return share(points, most)
}

func share(points, most int) float64 {
	if most <= 0 {
		return 0
	}
	return float64(points) / float64(most)
}

func mean(rows []row, of func(row) float64) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += of(r)
	}
	return sum / float64(len(rows))
}

// discrimination compares the best and worst 27% by the rest of the paper. Who stands
// equal at a group's edge counts by share, so that the order of the sheets doesn't matter.
func discrimination(rows []row) float64 {
	byRest := slices.SortedFunc(slices.Values(rows), func(a, b row) int { return cmp.Compare(a.rest, b.rest) })
	size := len(rows) * groupPercent / 100
	low := edge(byRest, size)
	slices.Reverse(byRest)
	return edge(byRest, size) - low
}

// edge is the mean of the first size rows, ties at the end averaged.
func edge(rows []row, size int) float64 {
	bound := rows[size-1].rest
	inside, sum := 0, 0.0
	tied, tiedSum := 0, 0.0
	for _, r := range rows {
		switch {
		case r.rest == bound:
			tied++
			tiedSum += r.item
		case inside+tied < size:
			inside++
			sum += r.item
		}
	}
	return (sum + tiedSum*float64(size-inside)/float64(tied)) / float64(size)
}

// correlation is Pearson's r; 0 when either side is the same for everybody.
func correlation(rows []row) float64 {
	mi, mr := mean(rows, func(r row) float64 { return r.item }), mean(rows, func(r row) float64 { return r.rest })
	var ii, rr, ir float64
	for _, r := range rows {
		ii += (r.item - mi) * (r.item - mi)
		rr += (r.rest - mr) * (r.rest - mr)
		ir += (r.item - mi) * (r.rest - mr)
	}
	if ii < 1e-12 || rr < 1e-12 {
		return 0
	}
	return ir / math.Sqrt(ii*rr)
}

// Advice is what a trainer should look at, in Chinese; empty when nothing stands out. The
// bounds are those commonly used for classroom tests (Ebel: D below 0.2 is poor).
func (s ItemStat) Advice() string {
	switch {
	case s.Discriminates && s.Discrimination < 0:
		return "成绩好的反而答错，先核对答案标得对不对"
	case s.HasDifficulty && s.Difficulty > 0.95:
		return "几乎人人答对，可以换一道"
	case s.HasDifficulty && s.Difficulty < 0.25:
		return "多数人答错，看看题意清不清楚、教材讲没讲到"
	case s.Discriminates && s.Discrimination < 0.2:
		return "分不出会与不会，看看干扰项"
	}
	return ""
}
