package quizformat

import (
	"fmt"
	"strings"
	"testing"
)

func TestGIFTReadsEveryForm(t *testing.T) {
	t.Parallel()
	r := ParseGIFT(read(t, "all.gift"))
	if got := problems(r); got != strings.TrimSpace(`
第40行：用了全角花括号，已按半角读
第42行：没有花括号里的答案，当作说明文字，不导入
第44行：左花括号“{”没有配对的“}”（题目中间不能有空行；要写花括号本身，前面加反斜杠）
第46行：题干是HTML，只保留了文字`) {
		t.Errorf("problems:\n%s", got)
	}
	var got []string
	for _, i := range r.Items {
		got = append(got, fmt.Sprintf("%d %s|%s|%s|%v%v%v|%s", i.Line, i.Kind, i.Title, i.Stem, i.Options, i.Answers, i.Pairs, i.Explanation))
	}
	if all := strings.Join(got, "\n"); all != strings.TrimSpace(string(read(t, "all.gift.golden"))) {
		t.Errorf("questions:\n%s", all)
	}
	first := r.Items[0]
	if first.ID != "q-demo-1" || first.Points != 2 || first.Tags[0] != "笔录" || first.Category != "岗前/笔录" {
		t.Errorf("%+v", first)
	}
}

func TestGIFTNamesTheLineAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ bad, want string }{
		"no closing brace":    {"题{\n=对\n~错", "第1行：左花括号“{”没有配对的“}”（题目中间不能有空行；要写花括号本身，前面加反斜杠）"},
		"no opening brace":    {"第一行\n题=对}", "第2行：右花括号“}”前面没有配对的“{”"},
		"two pairs of braces": {"题{=甲}\n又{=乙}", "第2行：一道题只能有一对花括号；要写花括号本身，前面加反斜杠"},
		"no mark":             {"题{对的 =x}", "第1行：“对的 =x”看不懂：每个答案以“=”或“~”开头"},
		"no right option":     {"题{~甲 ~乙}", "第1行：没有标出正确项"},
		"pair without an arrow": {"题{\n=甲->一\n=乙->二\n=丙\n}",
			"第4行：“丙”没有“->”，连线题每项写“=左边 -> 右边”"},
		"not a number":       {"题{#三十}", "第1行：“三十”不是数字；只填数字，不带单位，小数最多9位"},
		"uneven weights":     {"题{~%30%甲 ~%70%乙 ~丙}", "第1行：多选题各项权重不同，导入后各正确项按相同比例计分"},
		"negative in single": {"题{=甲\n~%-50%乙}", "第2行：单选题没有倒扣分，已按0分读"},
		"wildcard":           {"题{=甲*}", "第1行：“*”按星号本身读，不作通配符"},
		"bad id":             {"// [id:题 1]\n题{T}", "第1行：编号“题 1”不合规则，已略去"},
		"not in UTF-8":       {"\xb5\xf7\xbd\xe2{T}", "第1行：这一行不是UTF-8编码，请用记事本“另存为”并选UTF-8"},
		"wrong answers only": {"题{=%0%甲#不对\n=乙}", "第1行：填空题0分的答案只用来写反馈，已略去"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ParseGIFT([]byte(c.bad + "\n\n// [id:q-good]\n好题{F}\n"))
			if got := problems(r); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if n := len(r.Items); n == 0 || r.Items[n-1].ID != "q-good" {
				t.Errorf("the good question after it was lost: %v", r.Items)
			}
		})
	}
}

// Escaped braces, full-width braces, a byte order mark and Windows line ends in one file.
func TestGIFTFromWindowsWithEscapes(t *testing.T) {
	t.Parallel()
	file := "\uFEFF// 说明\r\n\r\n集合 \\{1\\} 里有几个数？{=1 ~\\{2\\}#不是 \\~2}\r\n\r\n全角｛＝甲 ～乙＃再想想｝\r\n"
	r := ParseGIFT([]byte(file))
	if r.Failed() || len(r.Items) != 2 {
		t.Fatalf("%v", r)
	}
	if got := fmt.Sprintf("%s %v", r.Items[0].Stem, r.Items[0].Options); got != "集合 {1} 里有几个数？ [{1 100 } {{2} 0 不是 ~2}]" {
		t.Error(got)
	}
	if got := fmt.Sprint(r.Items[1].Options, r.Problems); got != "[{甲 100 } {乙 0 再想想}] [第5行：用了全角花括号，已按半角读]" {
		t.Error(got)
	}
}

// Moodle adds up the weights: right ones must make 100, and a wrong one nothing.
func TestGIFTWeightsForMoodle(t *testing.T) {
	t.Parallel()
	q := one(t, "::: question kind=multi\n题\n- [x] 甲\n- [x] 乙\n- [x] 丙\n- [ ] 丁\n:::")
	got := WriteGIFT([]Question{q})
	for _, want := range []string{"~%33.33333%甲", "~%33.33333%丙", "~%-100%丁"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestGIFTRefusesAnIDTwice(t *testing.T) {
	t.Parallel()
	r := ParseGIFT([]byte("// [id:q-1]\n甲{T}\n\n// [id:q-1]\n乙{F}\n"))
	if got := problems(r); got != "第5行：编号“q-1”重复" || len(r.Items) != 1 || r.Items[0].Stem != "甲" {
		t.Errorf("%s %v", got, r.Items)
	}
}
