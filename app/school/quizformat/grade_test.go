package quizformat

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func one(t testing.TB, md string) Question {
	t.Helper()
	r := ParseMarkdown([]byte(md))
	if r.Failed() || len(r.Items) != 1 {
		t.Fatalf("%d questions, %v", len(r.Items), r.Problems)
	}
	return r.Items[0].Question
}

const (
	multiMD  = "::: question kind=multi points=3\n应告知？\n- [x] 回避 {要告知}\n- [x] 终止\n- [x] 不收费\n- [x] 保密\n- [ ] 必须签字 {不能强迫}\n:::"
	matchMD  = "::: question kind=match points=5\n连\n- 甲 -> 一\n- 乙 -> 二\n- 丙 -> 一\n- -> 三\n:::"
	blankMD  = "::: question kind=blank points=3\n填\n= 三至九、三 | ABC Def\n=[50%] 三 {只答了一半}\n:::"
	moneyMD  = "::: question kind=numeric points=2\n多少元\n= 3372.80 ± 0.005\n=[50%] 3400 ± 50\n:::"
	singleMD = "::: question kind=single points=3\n选\n- [x] 对的\n- [50%] 半对\n- [ ] 错的\n:::"
	shortMD  = "::: question kind=short points=4\n写\n= 参考\n:::"
)

func TestGrade(t *testing.T) {
	t.Parallel()
	choice := func(at ...int) Response { return Response{Choice: at} }
	typed := func(s string) Response { return Response{Text: s} }
	for name, c := range map[string]struct {
		md   string
		r    Response
		max  int
		want int
	}{
		"single right":                       {singleMD, choice(0), 3, 3},
		"half of 3 is 1":                     {singleMD, choice(1), 3, 1},
		"single wrong":                       {singleMD, choice(2), 3, 0},
		"two choices in a single":            {singleMD, choice(0, 1), 3, 0},
		"a choice that isn't there":          {singleMD, choice(7), 3, 0},
		"multi all":                          {multiMD, choice(0, 1, 2, 3), 3, 3},
		"multi 3 of 4 of 3 points":           {multiMD, choice(0, 1, 2), 3, 2},
		"multi 2 of 4 of 3 points":           {multiMD, choice(3, 0), 3, 1},
		"multi 1 of 4 of 3 points":           {multiMD, choice(0), 3, 0},
		"multi the same twice":               {multiMD, choice(0, 0, 0, 0), 4, 1},
		"multi with a wrong one":             {multiMD, choice(0, 1, 2, 3, 4), 3, 0},
		"multi nothing":                      {multiMD, choice(), 3, 0},
		"match all, two lefts share a right": {matchMD, Response{Match: []int{0, 1, 0}}, 5, 5},
		"match 2 of 3 of 5 points":           {matchMD, Response{Match: []int{0, 1, 2}}, 5, 3},
		"match with gaps":                    {matchMD, Response{Match: []int{-1, 1}}, 5, 1},
		"match beyond the list":              {matchMD, Response{Match: []int{0, 9, -7, 0}}, 5, 1},
		"blank exact":                        {blankMD, typed("三至九、三"), 3, 3},
		"blank other separator, spaces":      {blankMD, typed(" 三至九， 三。"), 3, 3},
		"blank capitals and full width":      {blankMD, typed("ａｂｃ dEF"), 3, 3},
		"blank half of 3":                    {blankMD, typed("三"), 3, 1},
		"blank wrong":                        {blankMD, typed("三至九"), 3, 0},
		"number":                             {moneyMD, typed("3372.8"), 2, 2},
		"number at the bound":                {moneyMD, typed("3372.805"), 2, 2},
		"number beyond the bound":            {moneyMD, typed("3372.8051"), 2, 1},
		"number with commas, full width":     {moneyMD, typed("３，３７２．８０"), 2, 2},
		"number far off":                     {moneyMD, typed("3300"), 2, 0},
		"number with a unit":                 {moneyMD, typed("3372.8元"), 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := one(t, c.md).Grade(c.r, c.max)
			if g.Points != c.want || g.Max != c.max || g.Manual {
				t.Errorf("%+v, want %d of %d", g, c.want, c.max)
			}
		})
	}
}

func TestGradeShowsFeedbackOfWhatWasChosen(t *testing.T) {
	t.Parallel()
	if got := one(t, multiMD).Grade(Response{Choice: []int{4, 0}}, 3).Feedback; strings.Join(got, "|") != "要告知|不能强迫" {
		t.Errorf("multi: %q", got)
	}
	if got := one(t, blankMD).Grade(Response{Text: "三"}, 3).Feedback; len(got) != 1 || got[0] != "只答了一半" {
		t.Errorf("blank: %q", got)
	}
}

func TestAPersonGradesShortAnswersUnlessEmpty(t *testing.T) {
	t.Parallel()
	q := one(t, shortMD)
	if g := q.Grade(Response{Text: "写了"}, 4); !g.Manual || g.Points != 0 {
		t.Errorf("written: %+v", g)
	}
	if g := q.Grade(Response{Text: " \n"}, 4); g.Manual || g.Points != 0 {
		t.Errorf("empty: %+v", g)
	}
}

// Whatever is answered, points stay between 0 and max, and the right answer earns all.
func TestGradeStaysInBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := question(t)
		top := rapid.IntRange(1, MaxPoints).Draw(t, "max")
		if g := q.Grade(perfect(q), top); g.Points != top && !g.Manual {
			t.Fatalf("the right answer earned %d of %d: %#v", g.Points, top, q)
		}
		r := Response{
			Choice: rapid.SliceOf(rapid.IntRange(-2, 8)).Draw(t, "choice"),
			Match:  rapid.SliceOf(rapid.IntRange(-2, 8)).Draw(t, "match"),
			Text:   rapid.String().Draw(t, "text"),
		}
		if g := q.Grade(r, top); g.Points < 0 || g.Points > top {
			t.Fatalf("%d of %d", g.Points, top)
		}
	})
}

func perfect(q Question) Response {
	var r Response
	for i, o := range q.Options {
		if o.Right() {
			r.Choice = append(r.Choice, i)
		}
	}
	for _, p := range q.Pairs {
		if p.Left == "" {
			continue
		}
		for at, right := range q.Rights() {
			if right == p.Right {
				r.Match = append(r.Match, at)
			}
		}
	}
	if len(q.Answers) > 0 {
		r.Text = q.Answers[0].Text
	}
	return r
}

func TestParseNumberRefusesWhatWouldBeGuesswork(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "三", "1e9", "1,00", "1.2.3", "0x10", "1234567890123456", "1.1234567890", "--1", "30天"} {
		if n, err := ParseNumber(s); err == nil {
			t.Errorf("%q was read as %s", s, n)
		}
	}
	for s, want := range map[string]string{"007.50": "7.5", "-0": "0", "１，２３４．５": "1234.5", "−3": "-3", " 1 000": "1000"} {
		if n, err := ParseNumber(s); err != nil || n.String() != want {
			t.Errorf("%q: %v %v, want %s", s, n, err, want)
		}
	}
}
