package quizformat

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHashIsTheContentAlone(t *testing.T) {
	t.Parallel()
	base := one(t, singleMD)
	const golden = "6cfa7372c087164b6ae30acdee5344a57baf4559173b080ca2f61c8e044b37e5"
	if got := base.Hash(); got != golden {
		t.Errorf("hash %s: stored versions would all look new", got)
	}
	label := base
	label.ID, label.Title, label.Category, label.Tags = "q-other", "别的标题", "别处", []string{"别的"}
	label.Stem = "  " + label.Stem + "\r\n"
	if label.Hash() != base.Hash() {
		t.Error("labels or white space changed the hash")
	}
	for name, change := range map[string]func(*Question){
		"stem": func(q *Question) { q.Stem += "了" }, "points": func(q *Question) { q.Points++ },
		"right": func(q *Question) { q.Options[1].Percent = 40 }, "order": func(q *Question) { slices.Reverse(q.Options) },
		"explanation": func(q *Question) { q.Explanation = "有" }, "feedback": func(q *Question) { q.Options[0].Feedback = "有" },
	} {
		q := base.clone()
		change(&q)
		if q.Hash() == base.Hash() {
			t.Errorf("another %s has the same hash", name)
		}
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Question){
		"编号":         func(q *Question) { q.ID = "Q 1" },
		"分值":         func(q *Question) { q.Points = 0 },
		"没有题干":       func(q *Question) { q.Stem = "" },
		"不认识的题型":     func(q *Question) { q.Kind = "essay" },
		"没有标出正确项":    func(q *Question) { q.Options[0].Percent = 0 },
		"标了2个正确项":    func(q *Question) { q.Options[1].Percent = Full },
		"重复":         func(q *Question) { q.Options[1].Text = q.Options[0].Text },
		"第2个选项是空的":   func(q *Question) { q.Options[1].Text = "" },
		"现在有1个":      func(q *Question) { q.Options = q.Options[:1] },
		"0到100之间":    func(q *Question) { q.Options[2].Percent = 101 },
		"只分对错":       func(q *Question) { q.Kind = Multi },
		"只能是“对”和“错”": func(q *Question) { q.Kind = Judge; q.Options[1].Percent = 0 },
		"和题型“单选题”不符": func(q *Question) { q.Answers = []Answer{{Text: "x"}} },
		"没有写答案":      func(q *Question) { q.Kind, q.Options = Blank, nil },
		"没有得满分的答案":   func(q *Question) { q.Kind, q.Options, q.Answers = Blank, nil, []Answer{{Text: "x", Percent: 50}} },
		"不是数字":       func(q *Question) { q.Kind, q.Options, q.Answers = Numeric, nil, []Answer{{Text: "x", Percent: Full}} },
		"误差不能是负数": func(q *Question) {
			q.Kind, q.Options, q.Answers = Numeric, nil, []Answer{{Text: "1", Tolerance: "-1", Percent: Full}}
		},
		"连线题要有2对以上": func(q *Question) { q.Kind, q.Options, q.Pairs = Match, nil, []Pair{{"甲", "一"}} },
		"左边“甲”重复":   func(q *Question) { q.Kind, q.Options, q.Pairs = Match, nil, []Pair{{"甲", "一"}, {"甲", "二"}} },
		"超过2000字":   func(q *Question) { q.Options[2].Feedback = strings.Repeat("长", 2001) },
	} {
		q := one(t, singleMD)
		change(&q)
		if got := strings.Join(q.Check(), "；"); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

// Attempts store the seed alone: a changed order would show old attempts wrongly.
func TestOrderNeverChanges(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(Order(1, 6), Order(2, 6), Order(20261124, 6)); got != "[5 4 1 0 2 3] [4 2 1 5 3 0] [5 4 0 2 3 1]" {
		t.Error(got)
	}
}

func TestOrderIsAPermutation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed, n := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 60).Draw(t, "n")
		got := Order(seed, n)
		if !slices.Equal(got, Order(seed, n)) {
			t.Fatal("same seed, another order")
		}
		slices.Sort(got)
		for i, v := range got {
			if i != v {
				t.Fatalf("position %d is missing", i)
			}
		}
	})
}

func TestOrderReachesEveryPlace(t *testing.T) {
	t.Parallel()
	var count [4][4]int
	for seed := range uint64(4000) {
		for at, v := range Order(seed, 4) {
			count[v][at]++
		}
	}
	for v := range count {
		for at, n := range count[v] {
			if n < 850 || n > 1150 {
				t.Errorf("%d stands at %d in %d of 4000 orders", v, at, n)
			}
		}
	}
}

func TestOptionsThatSpeakOfTheOthersStayLast(t *testing.T) {
	t.Parallel()
	q := one(t, "::: question kind=single\n选\n- [ ] 一\n- [ ] 二\n- [x] 以上都对\n:::")
	judge := one(t, "::: question kind=judge\n对吗\n- [x] 对\n- [ ] 错\n:::")
	moved := false
	for seed := range uint64(20) {
		got := q.OptionOrder(seed)
		moved = moved || got[0] == 1
		if got[2] != 2 || !slices.Equal(judge.OptionOrder(seed), []int{0, 1}) {
			t.Fatalf("seed %d: %v", seed, got)
		}
	}
	if !moved {
		t.Error("nothing was ever shuffled")
	}
}

func TestSolutionNamesThePlacesOnThePage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		md    string
		order []int
		want  string
	}{
		{multiMD, nil, "A、B、C、D"},
		{multiMD, []int{4, 3, 2, 1, 0}, "B、C、D、E"},
		{matchMD, nil, "1—A，2—B，3—A"},
		{matchMD, []int{2, 0, 1}, "1—B，2—C，3—B"},
		{blankMD, nil, "三至九、三 或 ABC Def 或 三（得50%）"},
		{moneyMD, nil, "3372.8 ± 0.005 或 3400 ± 50（得50%）"},
		{"::: question kind=judge\n题\n- [ ] 对\n- [x] 错\n:::", nil, "错"},
		{"::: question kind=short\n题\n= 一\n= 二\n:::", nil, "一\n二"},
	} {
		if got := one(t, c.md).Solution(c.order); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
