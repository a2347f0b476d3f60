package exam

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tiaojie/app/school/quizformat"
)

// bank makes ready questions 1…n with the tags that tags gives for each.
func bank(n int, tags func(i int) []string) []Candidate {
	var out []Candidate
	for i := 1; i <= n; i++ {
		out = append(out, Candidate{Version: int64(100 + i), Question: int64(i), Ready: true, Kind: quizformat.Single, Points: 2, Tags: tags(i)})
	}
	return out
}

func untagged(int) []string { return nil }

func versions(items []Item) []int64 {
	var out []int64
	for _, i := range items {
		out = append(out, i.Version)
	}
	return out
}

func TestComposeFixedAndDrawn(t *testing.T) {
	t.Parallel()
	slots := []Slot{{Version: 103}, {Draw: Draw{Count: 4}, Points: 5}}
	items, err := Compose(slots, bank(5, untagged), 7)
	if err != nil {
		t.Fatal(err)
	}
	got := versions(items)
	if got[0] != 103 || items[0].Points != 2 || items[1].Points != 5 || Total(items) != 22 {
		t.Errorf("%+v", items)
	}
	slices.Sort(got)
	if fmt.Sprint(got) != "[101 102 103 104 105]" {
		t.Errorf("the fixed question was drawn again, or one is missing: %v", got)
	}
}

// Attempts store the seed's paper, but trainers expect a seed to reproduce it.
func TestSameSeedSamePaperWhateverTheBanksOrder(t *testing.T) {
	t.Parallel()
	slots := []Slot{{Draw: Draw{Count: 3}}, {Draw: Draw{Count: 3}}}
	b := bank(40, untagged)
	first, err := Compose(slots, b, 20261124)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(versions(first)); got != "[105 124 102 127 115 104]" {
		t.Error(got)
	}
	slices.Reverse(b)
	again, _ := Compose(slots, b, 20261124)
	other, _ := Compose(slots, b, 20261125)
	if !slices.Equal(first, again) || slices.Equal(first, other) {
		t.Errorf("%v\n%v\n%v", first, again, other)
	}
}

func TestOnlyTheLatestReadyVersionIsDrawn(t *testing.T) {
	t.Parallel()
	b := []Candidate{
		{Version: 1, Question: 1, Ready: true}, {Version: 5, Question: 1, Ready: true}, {Version: 9, Question: 1},
		{Version: 2, Question: 2}, {Version: 3, Question: 3, Ready: true},
	}
	items, err := Compose([]Slot{{Draw: Draw{Count: 2}}}, b, 1)
	got := versions(items)
	slices.Sort(got)
	if err != nil || fmt.Sprint(got) != "[3 5]" {
		t.Errorf("%v %v", got, err)
	}
	if items, err := Compose([]Slot{{Version: 1}}, b, 1); err != nil || items[0].Version != 1 {
		t.Errorf("a fixed older version: %v %v", items, err)
	}
	for _, fixed := range []int64{2, 9, 77} {
		var not *NotReady
		if _, err := Compose([]Slot{{Version: fixed}}, b, 1); !errors.As(err, &not) {
			t.Errorf("version %d was put on a paper: %v", fixed, err)
		}
	}
	var not *NotReady
	if _, err := Compose([]Slot{{Version: 1}, {Version: 5}}, b, 1); !errors.As(err, &not) || not.Slot != 1 {
		t.Errorf("two versions of one question: %v", err)
	}
}

func TestASmallerPoolThanAskedIsNamed(t *testing.T) {
	t.Parallel()
	tags := func(i int) []string {
		if i <= 3 {
			return []string{"笔录"}
		}
		return []string{"协议"}
	}
	both := func(i int) []string { return []string{"笔录", "协议"} }
	for name, c := range map[string]struct {
		slots []Slot
		bank  []Candidate
		want  string
	}{
		"one part": {[]Slot{{Draw: Draw{Count: 2, Tags: []string{"协议"}}}, {Draw: Draw{Count: 5, Tags: []string{"笔录"}}}}, bank(9, tags), "第2部分要抽5题，题库里只有3题可抽"},
		"two parts of one pool": {[]Slot{{Draw: Draw{Count: 4, Tags: []string{"笔录"}}}, {Draw: Draw{Count: 1, Kinds: []quizformat.Kind{quizformat.Judge}}},
			{Draw: Draw{Count: 3, Tags: []string{"协议"}}}}, append(bank(6, both), Candidate{Version: 1, Question: 99, Ready: true, Kind: quizformat.Judge}),
			"第1、3部分一共要抽7题，几部分合起来只有6题可抽"},
		"the fixed one is gone": {[]Slot{{Version: 101}, {Draw: Draw{Count: 3, Tags: []string{"笔录"}}}}, bank(9, tags), "第2部分要抽3题，题库里只有2题可抽"},
		"empty bank":            {[]Slot{{Draw: Draw{Count: 1}}}, nil, "第1部分要抽1题，题库里只有0题可抽"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(20) {
				items, err := Compose(c.slots, c.bank, seed)
				if err == nil || err.Error() != c.want || items != nil {
					t.Fatalf("seed %d: %v %v, want %s", seed, items, err, c.want)
				}
			}
		})
	}
}

// A general part drawn first must not use up what a narrow part needs.
func TestCompetingPartsFindAPaperThatExists(t *testing.T) {
	t.Parallel()
	b := bank(4, func(i int) []string {
		if i <= 2 {
			return []string{"窄"}
		}
		return nil
	})
	for seed := range uint64(50) {
		if _, err := Compose([]Slot{{Draw: Draw{Count: 2}}, {Draw: Draw{Count: 2, Tags: []string{"窄"}}}}, b, seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// On small random papers Compose succeeds exactly when trying everything does.
func TestComposeAgreesWithTryingEverything(t *testing.T) {
	t.Parallel()
	words := []string{"a", "b", "c"}
	rapid.Check(t, func(t *rapid.T) {
		var b []Candidate
		for i := range rapid.IntRange(0, 6).Draw(t, "bank") {
			b = append(b, Candidate{Version: int64(i + 1), Question: int64(i + 1), Points: 1, Ready: rapid.Bool().Draw(t, "ready"),
				Tags: rapid.SliceOfNDistinct(rapid.SampledFrom(words), 0, 3, rapid.ID).Draw(t, "tags")})
		}
		var slots []Slot
		for range rapid.IntRange(1, 3).Draw(t, "slots") {
			slots = append(slots, Slot{Draw: Draw{Count: rapid.IntRange(0, 3).Draw(t, "count"),
				Tags: rapid.SliceOfNDistinct(rapid.SampledFrom(words), 0, 2, rapid.ID).Draw(t, "asks")}})
		}
		items, err := Compose(slots, b, rapid.Uint64().Draw(t, "seed"))
		if (err == nil) != possible(slots, b, map[int64]bool{}) {
			t.Fatalf("Compose says %v", err)
		}
		var short *Shortage
		if errors.As(err, &short) && short.Asked <= short.Found {
			t.Fatalf("a shortage of %d by %d", short.Asked, short.Found)
		}
		if err == nil {
			fits(t, slots, b, items)
		}
	})
}

func fits(t *rapid.T, slots []Slot, b []Candidate, items []Item) {
	count := make([]int, len(slots))
	seen := map[int64]bool{}
	for _, i := range items {
		c := b[i.Version-1]
		if seen[c.Question] || !c.Ready || !slots[i.Slot].Draw.takes(c) {
			t.Fatalf("%+v may not stand there: %+v", i, c)
		}
		seen[c.Question] = true
		count[i.Slot]++
	}
	for at, s := range slots {
		if count[at] != s.Draw.Count {
			t.Fatalf("part %d has %d of %d questions", at, count[at], s.Draw.Count)
		}
	}
}

func possible(slots []Slot, b []Candidate, used map[int64]bool) bool {
	slots = slices.Clone(slots)
	for len(slots) > 0 && slots[0].Draw.Count == 0 {
		slots = slots[1:]
	}
	if len(slots) == 0 {
		return true
	}
	slots[0].Draw.Count--
	for _, c := range b {
		if c.Ready && !used[c.Question] && slots[0].Draw.takes(c) {
			used[c.Question] = true
			ok := possible(slots, b, used)
			delete(used, c.Question)
			if ok {
				return true
			}
		}
	}
	return false
}

func TestEveryQuestionHasItsChance(t *testing.T) {
	t.Parallel()
	drawn := map[int64]int{}
	for seed := range uint64(2000) {
		items, err := Compose([]Slot{{Draw: Draw{Count: 5}}}, bank(20, untagged), seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			drawn[i.Version]++
		}
	}
	for v := int64(101); v <= 120; v++ {
		if n := drawn[v]; n < 400 || n > 600 {
			t.Errorf("question %d was drawn %d times, 500 expected", v, n)
		}
	}
}

func TestArrangeKeepsAllAndIsRepeatable(t *testing.T) {
	t.Parallel()
	items, _ := Compose([]Slot{{Draw: Draw{Count: 10}}}, bank(10, untagged), 1)
	a, b := Arrange(items, 3), Arrange(items, 3)
	if !slices.Equal(a, b) || slices.Equal(a, items) {
		t.Errorf("%v\n%v", a, b)
	}
	got := versions(a)
	slices.Sort(got)
	want := versions(items)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if ItemSeed(1, 0) == ItemSeed(1, 1) || ItemSeed(1, 0) == ItemSeed(2, 0) {
		t.Error("options of different questions would be shuffled alike")
	}
}
