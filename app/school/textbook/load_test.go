package textbook

import (
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	b, ps := Load(shelf(nil), "demo")
	if len(ps) > 0 {
		t.Fatal(list(ps))
	}
	if b.Title != "演示教材" || len(b.Chapters) != 2 || b.Chapters[1].ID != "ch-b" || len(b.Hash) != 64 {
		t.Errorf("%+v", b)
	}
	if q := b.Chapters[1].Questions; len(q) != 1 || q[0].Line != 9 || q[0].End != 13 {
		t.Errorf("questions %+v", q)
	}
	if h := b.Chapters[0].Headings; len(h) != 1 || h[0] != (Heading{"ch-a-1", 2, "开头"}) {
		t.Errorf("headings %+v", h)
	}
}

func TestLoadNamesFileAndLine(t *testing.T) {
	t.Parallel()
	order := func(lines string) string { return strings.Replace(bookYAML, "  - 02-b.md\n", lines, 1) }
	for name, c := range map[string]struct {
		change map[string]string
		want   string
	}{
		"no book":             {map[string]string{"book.yaml": ""}, "book.yaml:1：没有 book.yaml"},
		"missing file":        {map[string]string{"book.yaml": order("  - 02-b.md\n  - 03-c.md\n")}, "book.yaml:13：没有文件“03-c.md”"},
		"not listed":          {map[string]string{"09-x.md": "文字"}, "09-x.md:1：没有列在 book.yaml 的 order 里"},
		"listed twice":        {map[string]string{"book.yaml": order("  - 02-b.md\n  - 01-a.md\n")}, "book.yaml:13：“01-a.md”列了两次"},
		"out of the folder":   {map[string]string{"book.yaml": order("  - 02-b.md\n  - ../x/01-a.md\n")}, "book.yaml:13：章的文件名“../x/01-a.md”应是“01-名称.md”的样子，放在教材目录里"},
		"other folder":        {map[string]string{"book.yaml": strings.Replace(bookYAML, "slug: demo", "slug: other", 1)}, "book.yaml:1：slug“other”和目录名“demo”不同"},
		"unknown name":        {map[string]string{"book.yaml": strings.Replace(bookYAML, "licence:", "license:", 1)}, "book.yaml:5：YAML写法不对：field license not found in type textbook.Meta"},
		"broken YAML":         {map[string]string{"book.yaml": "slug: demo\ntitle: [没完\n"}, "book.yaml:1：YAML写法不对（这一行附近）：did not find expected ',' or ']'"},
		"no front matter":     {map[string]string{"01-a.md": "## 开头\n"}, "01-a.md:1：开头没有两行“---”之间的说明（id、title、minutes……）\n02-b.md:7：链接到不存在的章“ch-a”"},
		"front matter typo":   {map[string]string{"01-a.md": strings.Replace(chapterMD("ch-a", "## 一"), "minutes:", "minute:", 1)}, "01-a.md:4：YAML写法不对：field minute not found in type textbook.Front"},
		"no minutes":          {map[string]string{"01-a.md": strings.Replace(chapterMD("ch-a", "## 一"), "minutes: 10", "minutes: 0", 1)}, "01-a.md:1：学习时长 minutes 要在1到600分钟之间"},
		"law without article": {map[string]string{"01-a.md": strings.Replace(chapterMD("ch-a", "## 一"), "minutes: 10", "minutes: 9\nlaws: [{name: 人民调解法}]", 1)}, "01-a.md:1：法条“人民调解法”要同时写 name 和 article"},
		"duplicate id":        {map[string]string{"02-b.md": chapterMD("ch-a", "乙")}, "02-b.md:1：章的id“ch-a”和 01-a.md 重复"},
		"dead link":           {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n看[这里](chapter:ch-z)。")}, "01-a.md:9：链接到不存在的章“ch-z”"},
		"dead heading":        {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n看[这里](chapter:ch-a#2)。")}, "01-a.md:9：章“ch-a”没有第“2”个标题"},
		"link to a draft":     {map[string]string{"01-a.md": strings.Replace(chapterMD("ch-a", "## 一"), "minutes:", "draft: true\nminutes:", 1)}, "02-b.md:7：链接到还没有发布的章“ch-a”"},
		"missing image":       {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n![流程](img/a.png)")}, "01-a.md:9：没有图片“img/a.png”"},
		"image out of folder": {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n![流程](img/../../secret.png)")}, "01-a.md:9：图片路径“img/../../secret.png”越出了教材目录"},
		"image out, encoded":  {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n![流程](%2e%2e/secret.png)")}, "01-a.md:9：图片路径“%2e%2e/secret.png”越出了教材目录"},
		"image from afar":     {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n![流程](https://example.com/a.png)")}, "01-a.md:9：图片“https://example.com/a.png”要放在教材目录里，用相对路径"},
		"image of no kind":    {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n![流程](a.svg)")}, "01-a.md:9：图片“a.svg”只能是 png、jpg、webp 或 gif"},
		"image without words": {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n![](a.png)"), "a.png": "x"}, "01-a.md:9：图片“a.png”没有文字说明，听书的人不知道是什么"},
		"raw HTML":            {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n<div>\n字\n</div>\n\n字<b>粗</b>")}, "01-a.md:9：不能直接写HTML，这一段不会显示\n01-a.md:13：不能直接写HTML；要写尖括号本身，前面加反斜杠\n01-a.md:13：不能直接写HTML；要写尖括号本身，前面加反斜杠"},
		"script link":         {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n[点](javascript:alert(1))")}, "01-a.md:9：不能链接到“javascript:alert(1)”：只能是 chapter:章id 或 https 网址"},
		"first-level heading": {map[string]string{"01-a.md": chapterMD("ch-a", "# 一")}, "01-a.md:7：正文的标题从“##”开始，一级标题是章的 title"},
		"bold that fails":     {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n他说**“好。”**然后走了。")}, "01-a.md:9：这一段有没生效的“**”：加粗的符号紧挨着标点时，外侧要空一格"},
		"question":            {map[string]string{"02-b.md": chapterMD("ch-b", "乙\n\n::: question id=q-1 kind=single\n题\n- [ ] 甲\n- [ ] 乙\n:::")}, "02-b.md:9：没有标出正确项"},
		"question without id": {map[string]string{"02-b.md": chapterMD("ch-b", "::: question kind=judge\n题\n- [x] 对\n- [ ] 错\n:::")}, "02-b.md:7：教材里的题要有编号，如 id=q-ch-b-01"},
		"question id twice":   {map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n::: question id=q-b-1 kind=judge\n题\n- [x] 对\n- [ ] 错\n:::")}, "02-b.md:9：题的编号“q-b-1”和 01-a.md 重复"},
		"not in UTF-8":        {map[string]string{"02-b.md": chapterMD("ch-b", "好\n\xb5\xf7\xbd\xe2")}, "02-b.md:8：不是UTF-8编码"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, ps := Load(shelf(c.change), "demo"); list(ps) != c.want {
				t.Errorf("got\n%s\nwant\n%s", list(ps), c.want)
			}
		})
	}
}

func TestLoadTakesNoPathForASlug(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"..", "demo/../demo", "", "Demo", "/demo"} {
		if _, ps := Load(shelf(nil), slug); !ps.Failed() {
			t.Errorf("%q was loaded", slug)
		}
	}
}

func TestWindowsEditorsMakeNoNewVersion(t *testing.T) {
	t.Parallel()
	text := chapterMD("ch-a", "## 一\n\n甲")
	unix, _ := ParseChapter("01-a.md", []byte(text))
	windows, ps := ParseChapter("01-a.md", []byte("\uFEFF"+strings.ReplaceAll(text, "\n", "\r\n")))
	if len(ps) > 0 || windows.Hash != unix.Hash || windows.Title != unix.Title {
		t.Errorf("%v %s %s", ps, windows.Hash, unix.Hash)
	}
}

func TestWordsAndMinutes(t *testing.T) {
	t.Parallel()
	c := chapter(t, "## 民法典\n\n第1165条,GB/T 33847，好。\n\n| 项目 | 数 |\n|---|---|\n| 工资 | 8,000 |\n\n::: question id=q-1 kind=judge\n题目不算字数\n- [x] 对\n- [ ] 错\n:::")
	// 民法典3 第条2 1165 1 GB T 33847 3 好1 项目数3 工资2 8 000 2
	if c.Words != 17 || c.ReadingMinutes() != 1 {
		t.Errorf("%d words, %d minutes", c.Words, c.ReadingMinutes())
	}
	if long := chapter(t, strings.Repeat("字", 251)); long.ReadingMinutes() != 2 {
		t.Errorf("251 characters take %d minutes", long.ReadingMinutes())
	}
}
