package textbook

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func diff(old, new *Book) string {
	var out []string
	for _, d := range Compare(old, new) {
		out = append(out, fmt.Sprintf("%s %s %d→%d +%d-%d/%d", d.ID, d.Change, d.From, d.To, d.Fresh, d.Gone, d.Blocks))
	}
	return strings.Join(out, "; ")
}

func swapped(yaml string) string {
	return strings.Replace(yaml, "  - 01-a.md\n  - 02-b.md\n", "  - 02-b.md\n  - 01-a.md\n", 1)
}

func TestCompareEditions(t *testing.T) {
	t.Parallel()
	old := load(t, nil)
	b := func(body string) map[string]string { return map[string]string{"02-b.md": chapterMD("ch-b", body)} }
	for name, c := range map[string]struct {
		change map[string]string
		want   string
		again  string
	}{
		"nothing": {nil, "ch-a same 1→1 +0-0/3; ch-b same 2→2 +0-0/2", "[]"},
		"a reordered chapter keeps progress": {map[string]string{"book.yaml": swapped(bookYAML)},
			"ch-b reordered 2→1 +0-0/2; ch-a reordered 1→2 +0-0/3", "[]"},
		"spaces, bold, a question": {b("乙段，\n见[**前一章**](chapter:ch-a)。\n\n完。"), "ch-a same 1→1 +0-0/3; ch-b same 2→2 +0-0/2", "[]"},
		"a changed sentence":       {b("乙段改了。\n\n完。"), "ch-a same 1→1 +0-0/3; ch-b edited 2→2 +1-1/2", "[ch-b]"},
		"paragraphs changed about": {b("完。\n\n乙段，见[前一章](chapter:ch-a#1)。"), "ch-a same 1→1 +0-0/3; ch-b edited 2→2 +0-0/2", "[ch-b]"},
		"a law added": {map[string]string{"02-b.md": strings.Replace(chapterMD("ch-b", "乙段，见[前一章](chapter:ch-a#1)。\n\n完。"), "minutes:", "laws: [{name: 民法典, article: 第一条}]\nminutes:", 1)},
			"ch-a same 1→1 +0-0/3; ch-b edited 2→2 +0-0/2", "[ch-b]"},
		"a deleted chapter": {map[string]string{"book.yaml": strings.Replace(bookYAML, "  - 02-b.md\n", "", 1), "02-b.md": ""},
			"ch-a same 1→1 +0-0/3; ch-b removed 2→0 +0-2/0", "[]"},
		"a new chapter in front": {map[string]string{"book.yaml": strings.Replace(bookYAML, "order:\n", "order:\n  - 00-z.md\n", 1), "00-z.md": chapterMD("ch-z", "新")},
			"ch-z added 0→1 +1-0/1; ch-a same 1→2 +0-0/3; ch-b same 2→3 +0-0/2", "[ch-z]"},
		"a chapter taken back to draft": {map[string]string{"02-b.md": strings.Replace(chapterMD("ch-b", "乙"), "minutes:", "draft: true\nminutes:", 1)},
			"ch-a same 1→1 +0-0/3; ch-b removed 2→0 +0-2/0", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := load(t, c.change)
			if got := diff(old, next); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if got := fmt.Sprint(ReadAgain(Compare(old, next))); got != c.again {
				t.Errorf("read again %s, want %s", got, c.again)
			}
		})
	}
}

func TestADeletedChapterLeavesDeadLinksNamed(t *testing.T) {
	t.Parallel()
	_, ps := Load(shelf(map[string]string{"book.yaml": strings.Replace(bookYAML, "  - 01-a.md\n", "", 1), "01-a.md": ""}), "demo")
	if got := list(ps); got != "02-b.md:7：链接到不存在的章“ch-a”" {
		t.Error(got)
	}
}

func TestReanchor(t *testing.T) {
	t.Parallel()
	old := chapter(t, "调解不收费，一分也不收。\n\n自愿。\n\n自愿。\n\n不收费要写在墙上。").Blocks
	note := func(i int, quote string) Anchor { return Anchor{old[i].Hash, i, quote} }
	for name, c := range map[string]struct {
		body  string
		note  Anchor
		index int
		state AnchorState
	}{
		"unchanged":                    {"调解不收费，\n一分也不收。", note(0, "一分也不收"), 0, Kept},
		"moved down, unchanged":        {"新\n\n新\n\n调解不收费，一分也不收。", note(0, ""), 2, Kept},
		"of equal blocks the nearest":  {"自愿。\n\n新\n\n自愿。", note(2, ""), 2, Kept},
		"the words in a changed block": {"新\n\n调解是不收费的，一分也 不收。", note(0, "一分也不收"), 1, Moved},
		"of several the nearest":       {"不收费一\n\n新\n\n新\n\n不收费二", note(3, "不收费"), 3, Moved},
		"neither":                      {"调解收不收费？", note(0, "一分也不收"), -1, Altered},
		"a note on the whole block":    {"调解不收费。", note(0, ""), -1, Altered},
		"the words now inside bold":    {"调解**不收**费。", note(0, "不收费"), 0, Moved},
		"an empty chapter":             {"", note(0, "不收费"), -1, Altered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if i, s := Reanchor(c.note, chapter(t, c.body).Blocks); i != c.index || s != c.state {
				t.Errorf("%d %s, want %d %s", i, s, c.index, c.state)
			}
		})
	}
	if Altered.Label() != "原文已改" {
		t.Error(Altered.Label())
	}
}

func shape(rs []Region) string {
	var out []string
	for _, r := range rs {
		out = append(out, fmt.Sprintf("%s[%s|%s|%s]", r.Kind, strings.Join(r.Base, ","), strings.Join(r.Theirs, ","), strings.Join(r.Mine, ",")))
	}
	return strings.Join(out, " ")
}

func TestTwoEditors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ base, theirs, mine, want string }{
		"nobody":                 {"一\n二", "一\n二", "一\n二", "unchanged[一,二|一,二|一,二]"},
		"each another line":      {"一\n二\n三\n四\n五", "一改\n二\n三\n四\n五", "一\n二\n三\n四\n五改", "theirs[一|一改|一] unchanged[二,三,四|二,三,四|二,三,四] mine[五|五|五改]"},
		"the same line":          {"一\n二\n三", "一\n二甲\n三", "一\n二乙\n三", "unchanged[一|一|一] conflict[二|二甲|二乙] unchanged[三|三|三]"},
		"the same change":        {"一\n二", "一\n改", "一\n改", "unchanged[一|一|一] agreed[二|改|改]"},
		"one deletes, one edits": {"一\n二\n三", "一\n三", "一\n二改\n三", "unchanged[一|一|一] conflict[二||二改] unchanged[三|三|三]"},
		"both add at the end":    {"一", "一\n甲", "一\n乙", "unchanged[一|一|一] conflict[|甲|乙]"},
		"I add, they cut":        {"一\n二\n三", "三", "一\n二\n三\n四", "theirs[一,二||一,二] unchanged[三|三|三] mine[||四]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := shape(Merge(c.base, c.theirs, c.mine)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

var draftText = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"甲", "乙", "丙", ""}), 1, 8).Draw(t, "lines"), "\n")
})

// Nothing of the three texts is lost between the regions, and a change by one alone wins.
func TestMergeLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, theirs, mine := draftText.Draw(t, "base"), draftText.Draw(t, "theirs"), draftText.Draw(t, "mine")
		rs := Merge(base, theirs, mine)
		var b, th, m []string
		for _, r := range rs {
			b, th, m = append(b, r.Base...), append(th, r.Theirs...), append(m, r.Mine...)
		}
		for i, pair := range [][2]string{{strings.Join(b, "\n"), base}, {strings.Join(th, "\n"), theirs}, {strings.Join(m, "\n"), mine}} {
			if pair[0] != pair[1] {
				t.Fatalf("version %d came back as %q, was %q", i, pair[0], pair[1])
			}
		}
		if got := Merged(Merge(base, base, mine), nil); got != mine {
			t.Fatalf("my change alone gave %q", got)
		}
		if got := Merged(Merge(base, theirs, base), nil); got != theirs {
			t.Fatalf("their change alone gave %q", got)
		}
		if Conflicts(rs) == 0 && Conflicts(Merge(base, mine, theirs)) > 0 {
			t.Fatal("whether there is a conflict depends on who asks")
		}
	})
}

func TestALongChangedMiddleStillMerges(t *testing.T) {
	t.Parallel()
	lines := func(word string) string {
		var b strings.Builder
		for i := range 3000 {
			fmt.Fprintf(&b, "%s%d\n", word, i)
		}
		return b.String()
	}
	base, mine := "头\n"+lines("旧")+"尾", "头\n"+lines("新")+"尾"
	if got := Merged(Merge(base, base+"\n续", mine), nil); got != mine+"\n续" {
		t.Errorf("%d lines came out", strings.Count(got, "\n"))
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	b := load(t, map[string]string{"02-b.md": chapterMD("ch-b", `见[前一章](chapter:ch-a#1)、[官网](https://example.gov.cn/)，再见[前一章](chapter:ch-a#1)。

::: question id=q-1 kind=single points=2
选<哪个>
- [ ] 甲
- [x] 乙 & 丙
> 解析：**乙**
:::

::: question id=q-2 kind=match points=4
连
- 左 -> 右
- 左二 -> 右二
- 左三 -> 右三
:::
`)})
	var whole, plain, one bytes.Buffer
	if err := b.Print(&whole, PrintOptions{Answers: true, Web: "https://example.gov.cn/learn"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<h1>演示教材</h1>", "第1版　2026-11-23", "网上版：https://example.gov.cn/learn", `<section class="chapter" id="ch-a">`, "<h1>第2章　题目ch-b</h1>",
		`<p>见前一章<sup class="note">1</sup>、官网<sup class="note">2</sup>，再见前一章<sup class="note">1</sup>。</p>`,
		`<li>见第1章《题目ch-a》“开头”</li><li>https://example.gov.cn/</li></ol>`,
		"1.（单选题，2分）", "<li>乙 &amp; 丙</li>", `<p class="solution">B</p><p><strong>乙</strong></p>`,
	} {
		if !strings.Contains(whole.String(), want) {
			t.Errorf("no %s in\n%s", want, whole.String())
		}
	}
	if err := b.Print(&plain, PrintOptions{}); err != nil || strings.Contains(plain.String(), "solution") || strings.Contains(plain.String(), "<strong>乙") {
		t.Errorf("%v: answers in\n%s", err, plain.String())
	}
	ok, err := b.PrintChapter(&one, "ch-b", PrintOptions{})
	if !ok || err != nil || strings.Contains(one.String(), "cover") || strings.Count(one.String(), "<section") != 1 || !strings.Contains(one.String(), "第2章") {
		t.Errorf("%v %v\n%s", ok, err, one.String())
	}
	if ok, _ := b.PrintChapter(&one, "ch-x", PrintOptions{}); ok {
		t.Error("a chapter that isn't there was printed")
	}
}

// On paper a match question must not give its answer away.
func TestPrintedMatchIsMixed(t *testing.T) {
	t.Parallel()
	for n := 2; n < 12; n++ {
		md := "::: question id=q-1 kind=match\n连\n"
		for i := range n {
			md += fmt.Sprintf("- 左%d -> 右%d\n", i, i)
		}
		q := newPrintQuestion(chapter(t, md+":::").Questions[0].Question, 1)
		if slices.IsSorted(q.Choices) {
			t.Errorf("%d pairs in order: %v", n, q.Choices)
		}
	}
}

// 300 pages: 60 chapters of 3,500 characters with their questions, in one print.
func TestPrintOfABigBook(t *testing.T) {
	t.Parallel()
	yaml := strings.Replace(bookYAML, "  - 01-a.md\n  - 02-b.md\n", "", 1)
	files := map[string]string{"01-a.md": "", "02-b.md": ""}
	for i := 1; i <= 60; i++ {
		name := fmt.Sprintf("%02d-c.md", i)
		yaml += "  - " + name + "\n"
		body := strings.Repeat("## 小标题\n\n"+strings.Repeat("人民调解是说服疏导。", 70)+"见[第一章](chapter:c-1)。\n\n", 5)
		files[name] = chapterMD(fmt.Sprintf("c-%d", i), body+fmt.Sprintf("::: question id=q-%d kind=judge\n对吗\n- [x] 对\n- [ ] 错\n:::\n", i))
	}
	files["book.yaml"] = yaml
	b := load(t, files)
	var out bytes.Buffer
	if err := b.Print(&out, PrintOptions{Answers: true}); err != nil {
		t.Fatal(err)
	}
	for what, n := range map[string]int{`<section class="chapter"`: 60, "<h2 id=": 300, `<sup class="note">1</sup>`: 300, `class="question"`: 60, `class="solution"`: 60} {
		if got := strings.Count(out.String(), what); got != n {
			t.Errorf("%d of %s, want %d", got, what, n)
		}
	}
}
