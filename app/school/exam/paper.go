package exam

import (
	"fmt"
	"strings"

	"tiaojie/app/school/quizformat"
)

// Slot is a part of a paper (试卷的一部分): one fixed question, or so many drawn at random.
type Slot struct {
	Version int64 // a fixed question version; 0 for a draw
	Draw    Draw
	Points  int // for each question; 0 takes the question's own
}

// Draw says which questions may be drawn and how many. An empty condition takes all.
type Draw struct {
	Count    int
	Tags     []string // the question has all of them
	Kinds    []quizformat.Kind
	Category string
}

// Candidate is a question version of the bank.
type Candidate struct {
	Version  int64 // immutable; what an attempt pins
	Question int64 // the question of which it is a version
	Ready    bool  // neither draft nor hidden
	Kind     quizformat.Kind
	Points   int
	Tags     []string
	Category string
}

// Item is a question on a paper.
type Item struct {
	Slot    int // position of the slot, from 0
	Version int64
	Points  int
}

// Shortage says that slots can't be filled: together they ask for more questions than the
// bank has for them.
type Shortage struct {
	Slots []int // positions from 0
	Asked int
	Found int
}

func (s *Shortage) Error() string {
	var parts []string
	for _, at := range s.Slots {
		parts = append(parts, fmt.Sprint(at+1))
	}
	if len(parts) == 1 {
		return fmt.Sprintf("第%s部分要抽%d题，题库里只有%d题可抽", parts[0], s.Asked, s.Found)
	}
	return fmt.Sprintf("第%s部分一共要抽%d题，几部分合起来只有%d题可抽", strings.Join(parts, "、"), s.Asked, s.Found)
}

// NotReady says that a fixed question can't be asked.
type NotReady struct{ Slot int }

func (e *NotReady) Error() string {
	return fmt.Sprintf("第%d部分的题不在题库里，或者还是草稿、已停用", e.Slot+1)
}

// Compose makes a paper: the fixed questions, and for each draw as many as it asks for, no
// question twice, and of each question its latest version that is ready. The same slots, bank and seed give the same paper. When a paper exists it
// is found, also where draws compete for the same questions; otherwise the error is a
// *Shortage or *NotReady, and nobody gets a shorter paper than another.
func Compose(slots []Slot, bank []Candidate, seed uint64) ([]Item, error) {
	d := newDrawing(slots, bank)
	for at, s := range slots {
		if s.Version == 0 {
			continue
		}
		c, ok := d.ready[s.Version]
		if !ok || d.fixed[c.Question] {
			return nil, &NotReady{at}
		}
		d.fixed[c.Question] = true
	}
	for at, s := range slots {
		pool := d.pool(at, seed)
		for range s.Draw.Count {
			if s.Version == 0 && !d.fill(at, pool, map[int64]bool{}) {
				return nil, d.shortage(at, seed)
			}
		}
	}
	return d.paper(seed), nil
}

// Total is the most that a paper gives.
func Total(items []Item) int {
	n := 0
	for _, i := range items {
		n += i.Points
	}
	return n
}
