package school

import (
	"tiaojie/app/school"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/school/textbook"
	"tiaojie/views/link"
	"tiaojie/views/ui"

	"github.com/a-h/templ"
)

// nextAt is where to go on reading: at the block that was read last, once it was begun.
func nextAt(slug string, c textbook.Chapter, block int, p school.Progress) string {
	if _, known := p.Readings[c.ID]; !known || block == 0 {
		return link.LearnChapter(slug, c.ID)
	}
	return link.LearnBlock(slug, c.ID, block)
}

func chapterTitle(d BookData, id string) string {
	if c, _, ok := d.Edition.Chapter(id); ok {
		return c.Title
	}
	return "已删去的一章"
}

// beatAttrs let the page say that it is being read.
func beatAttrs(d ReaderData) templ.Attributes {
	if !d.acts() {
		return nil
	}
	return templ.Attributes{"data-reading": link.LearnDo(d.Edition.Slug, d.Chapter.ID, "beat"), "data-edition": n64(d.Edition.No)}
}

func choices(q quizformat.Question) []ui.Option {
	out := make([]ui.Option, len(q.Options))
	for i, o := range q.Options {
		out[i] = ui.Option{Value: n(i), Label: o.Text}
	}
	return out
}

func rights(q quizformat.Question) []ui.Option {
	out := []ui.Option{{Value: "", Label: "请选择"}}
	for _, i := range rightOrder(q) {
		out = append(out, ui.Option{Value: n(i), Label: q.Rights()[i]})
	}
	return out
}

func rightOf(q quizformat.Question, left string) string {
	for _, p := range q.Pairs {
		if p.Left == left {
			return p.Right
		}
	}
	return ""
}

func rightAt(q quizformat.Question, i int) string {
	if all := q.Rights(); i >= 0 && i < len(all) {
		return all[i]
	}
	return "没有选"
}
