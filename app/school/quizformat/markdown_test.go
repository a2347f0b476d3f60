package quizformat

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func problems(r Result) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.String())
	}
	return strings.Join(out, "\n")
}

func TestMarkdownReadsEveryKind(t *testing.T) {
	t.Parallel()
	r := ParseMarkdown(read(t, "all.md"))
	if got := problems(r); got != "第57行：这道题没有用单独一行“:::”结束" {
		t.Errorf("problems:\n%s", got)
	}
	if len(r.Items) != 7 {
		t.Fatalf("%d questions", len(r.Items))
	}
	first := r.Items[0]
	if first.Line != 3 || first.End != 14 || first.ID != "q-demo-0101" || first.Title != "有 空格" || len(first.Tags) != 2 {
		t.Errorf("%+v", first)
	}
	if !strings.HasSuffix(first.Stem, "- 题干里的清单\n- [x] 题干里像选项的一行") {
		t.Errorf("stem %q", first.Stem)
	}
	if fmt.Sprint(first.Options) != "[{正确项 100 反馈 {花括号}} {一半 50 } {干扰项 0 }]" {
		t.Errorf("options %v", first.Options)
	}
	if first.Explanation != "第一行(人民调解法第二十二条)\n\n第二段" {
		t.Errorf("explanation %q", first.Explanation)
	}
	if got := fmt.Sprint(r.Items[3].Answers, r.Items[5].Answers, r.Items[6].Answers); got !=
		"[{三十  100 } {30  100 也对} {二十九  50 }] [{3372.8 0.005 100 } {1.5 0.5 100 }] [{参考：一 | 二  100 }]" {
		t.Errorf("answers %s", got)
	}
	if got := fmt.Sprint(r.Items[4].Pairs); got != "[{左 右} {左二 右二} { 干扰}]" {
		t.Errorf("pairs %s", got)
	}
}

func TestMarkdownNamesTheLineAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	good := "\n::: question id=q-good kind=judge\n好题\n- [x] 对\n- [ ] 错\n:::\n"
	for name, c := range map[string]struct{ bad, want string }{
		"no kind":            {"::: question id=q-1\n题\n:::", "第1行：没有写题型，如 kind=single"},
		"unknown kind":       {"::: question kind=essay\n题\n:::", "第1行：不认识的题型“essay”"},
		"points no number":   {"::: question kind=judge points=两\n题\n- [x] 对\n- [ ] 错\n:::", "第1行：分值“两”不是整数"},
		"broken attribute":   {"::: question kind=judge title=\"没完\n题\n:::", "第1行：“title=\"没完”的写法不对，应是 名称=值"},
		"unknown attribute":  {"::: question kind=judge level=3\n题\n- [x] 对\n- [ ] 错\n:::", "第1行：不认识“level”，已略去"},
		"bad option mark":    {"::: question kind=single\n题\n- [x] 甲\n- [?] 乙\n:::", "第4行：方括号里只能是 x、空格或得分比例，现在是“?”"},
		"stray line":         {"::: question kind=single\n题\n- [x] 甲\n乙\n- [ ] 丙\n:::", "第4行：“乙”看不懂：选项写“- [x] 正确项”或“- [ ] 干扰项”"},
		"after explanation":  {"::: question kind=single\n题\n- [x] 甲\n- [ ] 丙\n> 解析\n丁\n:::", "第6行：解析之后不能再有内容；解析的每一行都以“>”开头"},
		"two right":          {"::: question kind=single\n题\n- [x] 甲\n- [x] 丙\n:::", "第1行：单选题标了2个正确项，只能有1个"},
		"open braces":        {"::: question kind=single\n题\n- [x] 甲 反馈}\n- [ ] 丙\n:::", "第3行：花括号不成对；要写花括号本身，前面加反斜杠"},
		"full-width braces":  {"::: question kind=single\n题\n- [x] 甲 ｛好｝\n- [ ] 丙\n:::", "第3行：反馈用了全角花括号，已按半角读"},
		"not closed":         {"::: question kind=single\n题\n- [x] 甲\n- [ ] 丙\n", "第1行：这道题没有用单独一行“:::”结束"},
		"answer no number":   {"::: question kind=numeric\n题\n= 三十\n:::", "第1行：“三十”不是数字；只填数字，不带单位，小数最多9位"},
		"one of several":     {"::: question kind=multi\n题\n- [x] 甲\n- [ ] 丙\n:::", "第1行：多选题只标了一个正确项"},
		"one pair":           {"::: question kind=match\n题\n- 甲 -> 一\n:::", "第1行：连线题要有2对以上，连同干扰项不超过20项；现在有1对"},
		"not in UTF-8":       {"::: question kind=judge\n\xb5\xf7\xbd\xe2\n- [x] 对\n- [ ] 错\n:::", "第2行：这一行不是UTF-8编码，请用记事本“另存为”并选UTF-8"},
		"line of the second": {"正文\n\n::: question kind=judge\n- [x] 对\n- [ ] 错\n:::", "第3行：没有题干"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ParseMarkdown([]byte(c.bad + good))
			if got := problems(r); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if n := len(r.Items); n == 0 || r.Items[n-1].ID != "q-good" {
				t.Errorf("the good question after it was lost: %v", r.Items)
			}
		})
	}
}

func TestFullWidthFeedbackIsFeedback(t *testing.T) {
	t.Parallel()
	q := one(t, "::: question kind=single\n题\n- [x] 甲 ｛好｝\n- [ ] 乙 \\｛不是反馈\\｝\n:::")
	if got := fmt.Sprint(q.Options); got != "[{甲 100 好} {乙 ｛不是反馈｝ 0 }]" {
		t.Error(got)
	}
}

func TestTooLargeATextIsRefused(t *testing.T) {
	t.Parallel()
	big := make([]byte, MaxSource+1)
	for name, parse := range map[string]func([]byte) Result{"markdown": ParseMarkdown, "gift": ParseGIFT, "aiken": ParseAiken} {
		if r := parse(big); !r.Failed() || r.Problems[0].Line != 1 {
			t.Errorf("%s: %v", name, r.Problems)
		}
	}
}

func TestMarkdownRefusesAnIDTwice(t *testing.T) {
	t.Parallel()
	block := "::: question id=q-1 kind=judge\n题\n- [x] 对\n- [ ] 错\n:::\n"
	r := ParseMarkdown([]byte(block + block))
	if got := problems(r); got != "第6行：编号“q-1”重复" || len(r.Items) != 1 {
		t.Errorf("%s %v", got, r.Items)
	}
}
