package school

import (
	"tiaojie/app/school"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func bookAction(d BookFormData) string {
	if d.Slug == "" {
		return link.DeskBooks() + "/new"
	}
	return link.DeskBookDo(d.Slug, "facts")
}

func editions(list []school.Edition) []ui.Event {
	out := make([]ui.Event, len(list))
	for i, e := range list {
		who := e.PublishedBy + "发布"
		if e.ReviewedBy != "" {
			who = e.SubmittedBy + "送审，" + e.ReviewedBy + "审读，" + who
		}
		out[i] = ui.Event{Title: "第" + n64(e.No) + "次发布", When: ui.LongDay(e.PublishedAt.Time), Who: who, Note: e.Notes, State: ui.Done}
	}
	out[0].State = ui.Now
	return out
}

// bodyOf is the text in the box: what was typed when it was refused, else what is stored.
func bodyOf(d ChapterFormData) string {
	if d.Form.Failed() && d.Form.Value("body") != "" {
		return d.Form.Value("body")
	}
	return d.Chapter.Body
}

// snippet is a text that one touch puts into a chapter.
type snippet struct{ Title, Text string }

var snippets = []snippet{
	{"标题", "## 标题"},
	{"一个案子", "## 一个案子\n\n甲和乙……"},
	{"清单", "## 清单\n\n- [ ] 第一件\n- [ ] 第二件"},
	{"单选题", "::: question id=q- kind=single points=2\n题干\n- [x] 对的一项\n- [ ] 错的一项 {为什么错}\n> 解析:……\n:::"},
	{"判断题", "::: question id=q- kind=judge points=1\n题干\n- [x] 对\n- [ ] 错\n> 解析:……\n:::"},
}

// questionHelp shows the seven kinds of questions as they are written.
const questionHelp = `::: question id=q-1 kind=single points=2
题干
- [x] 对的一项
- [ ] 错的一项 {选了它会看到的话}
> 解析:为什么
:::

::: question id=q-2 kind=multi points=3
题干
- [x] 对的一项
- [x] 也对的一项
- [ ] 错的一项
:::

::: question id=q-3 kind=judge points=1
题干
- [ ] 对
- [x] 错
:::

::: question id=q-4 kind=blank points=1
调解不成的，应当____调解。
= 终止
:::

::: question id=q-5 kind=numeric points=2
题干
= 4760 ± 0
:::

::: question id=q-6 kind=match points=2
题干
- 左边一 -> 右边一
- 左边二 -> 右边二
:::

::: question id=q-7 kind=short points=5
题干
= 参考答案
:::`
