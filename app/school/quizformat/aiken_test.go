package quizformat

import (
	"fmt"
	"strings"
	"testing"
)

func TestAikenReadsWhatTeachersType(t *testing.T) {
	t.Parallel()
	r := ParseAiken(read(t, "all.aiken"))
	if got := problems(r); got != "第15行：这道题缺少“ANSWER: 字母”或“答案：字母”\n第20行：答案“AB”不是一个字母；Aiken 格式只收单选题" {
		t.Errorf("problems:\n%s", got)
	}
	var got []string
	for _, i := range r.Items {
		got = append(got, fmt.Sprintf("%d-%d %q %v", i.Line, i.End, i.Stem, i.Options))
	}
	if all := strings.Join(got, "\n"); all != `1-5 "民间纠纷由谁主持调解？" [{人民调解委员会 100 } {法院 0 } {派出所 0 }]
7-11 "题干第一行\n第二行" [{甲 0 } {乙 100 }]` {
		t.Errorf("questions:\n%s", all)
	}
}

func alphabet(n int, answer string) string {
	var b strings.Builder
	b.WriteString("选一个\n")
	for i := range n {
		fmt.Fprintf(&b, "%c. 第%d项\n", 'A'+i, i+1)
	}
	return b.String() + "ANSWER: " + answer + "\n"
}

func TestAikenTakes26Options(t *testing.T) {
	t.Parallel()
	r := ParseAiken([]byte(alphabet(26, "Z")))
	if len(r.Problems) > 0 || len(r.Items) != 1 || len(r.Items[0].Options) != 26 || !r.Items[0].Options[25].Right() {
		t.Errorf("%v", r)
	}
}

func TestAikenNamesTheLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"answer out of range": {alphabet(3, "D"), "第5行：答案“D”不在选项里"},
		"answer alone":        {"\nANSWER: A\n", "第2行：答案前面没有题目"},
		"a letter left out":   {"题\nA. 一\nC. 三\nANSWER: A", "第3行：选项字母 C 不连续，应是 B"},
		"no answer at the end": {"题\nA. 一\nB. 三\n\n",
			"第3行：缺少“ANSWER: 字母”或“答案：字母”"},
		"no stem":          {"A. 一\nB. 二\nANSWER: A", "第1行：没有题干"},
		"one option":       {"题\nA. 一\nANSWER: A", "第1行：要有2到26个选项，现在有1个"},
		"empty option":     {"题\nA. 一\nB.\nANSWER: A", "第1行：第2个选项是空的"},
		"27 options":       {alphabet(26, "")[:len(alphabet(26, ""))-len("ANSWER: \n")] + "A. 又来\nANSWER: A", "第28行：选项字母 A 不连续，没有第27个字母"},
		"answer no letter": {"题\nA. 一\nB. 二\n答案：1", "第4行：答案“1”不在选项里"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ParseAiken([]byte(c.text))
			if got := problems(r); got != c.want || len(r.Items) != 0 {
				t.Errorf("got\n%s\nwant\n%s\n%v", got, c.want, r.Items)
			}
		})
	}
}
