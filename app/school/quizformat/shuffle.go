package quizformat

import (
	"math/rand/v2"
	"strings"
)

// Order is a repeatable shuffle of n positions: same seed, same order, in every future
// version of the program, because attempts store only the seed. That is why it doesn't
// use rand.Perm, whose method Go may change.
func Order(seed uint64, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	src := rand.NewPCG(seed, 0x7469616f6a6965)
	for i := n - 1; i > 0; i-- {
		j := int(src.Uint64() % uint64(i+1)) // the bias of % is below 2⁻⁵⁰ at these sizes
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// OptionOrder is the order in which to show the options for a seed. Judge questions keep
// theirs, and so do options such as 以上都对, which speak of those above them.
func (q Question) OptionOrder(seed uint64) []int {
	var free, out []int
	for i, o := range q.Options {
		if !q.fixed(o) {
			free = append(free, i)
		}
	}
	mixed := Order(seed, len(free))
	for i, o := range q.Options {
		if q.fixed(o) {
			out = append(out, i)
			continue
		}
		out = append(out, free[mixed[0]])
		mixed = mixed[1:]
	}
	return out
}

func (q Question) fixed(o Option) bool {
	return q.Kind == Judge || strings.HasPrefix(o.Text, "以上") || strings.HasPrefix(o.Text, "上述")
}

// RightOrder is the order in which to show the right sides of a match question for a seed.
func (q Question) RightOrder(seed uint64) []int { return Order(seed, len(q.Rights())) }
