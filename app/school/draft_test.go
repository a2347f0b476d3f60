package school_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/textbook"
	"tiaojie/db"
)

const testBook = `slug: demo
title: 演示教材
authors: [演示编写组]
organiser: 演示培训学校
licence: 内部资料
edition: 第1版
changelog:
  - {edition: 第1版, date: 2026-11-23, notes: [初版]}
order: [01-a.md, 02-b.md, 03-c.md]
`

func chapterMD(id, body string) string {
	return "---\nid: " + id + "\ntitle: 题目" + id + "\nminutes: 10\nobjectives: [会做]\nsteps: [record]\nlaws: [{name: 民法典, article: 第一条}]\n---\n\n" + body + "\n"
}

const asks = "\n\n::: question id=q-b-1 kind=judge points=1\n对吗\n- [x] 对\n- [ ] 错\n:::\n\n::: question id=q-b-2 kind=multi points=2\n哪些\n- [x] 甲\n- [x] 乙\n- [ ] 丙 {不是丙}\n:::\n"

// shelve prepares a book of three chapters, as the program brings one along.
func (w *world) shelve() {
	w.t.Helper()
	books := fstest.MapFS{}
	for name, text := range map[string]string{"book.yaml": testBook, "01-a.md": chapterMD("ch-a", "## 开头\n\n甲段第一句。\n\n甲段第二句，讲回避。"),
		"02-b.md": chapterMD("ch-b", "乙段。"+asks), "03-c.md": chapterMD("ch-c", "丙段。\n\n尾段。")} {
		books["demo/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	w.must(w.Prepare(w.t.Context(), books))
}

var (
	writer  = access.Actor{AccountID: 9101, Name: "教务甲", Roles: []access.Role{access.Trainer}}
	writer2 = access.Actor{AccountID: 9102, Name: "教务乙", Roles: []access.Role{access.Trainer}}
)

func (w *world) book() *school.Edition {
	w.t.Helper()
	e, err := w.Book(w.t.Context(), "demo")
	w.must(err)
	return e
}

func (w *world) draft() school.Draft {
	w.t.Helper()
	d, err := w.DraftOf(w.t.Context(), w.d, writer, "demo")
	w.must(err)
	return d
}

func (w *world) write(chapter, body string) {
	w.t.Helper()
	d := w.draft()
	c, err := d.Chapter(chapter)
	w.must(err)
	saved, err := w.SaveText(w.t.Context(), writer, "demo", chapter, body, c.Version)
	w.must(err)
	if saved.Rival != "" {
		w.t.Fatal("a clash with nobody")
	}
}

// release submits the draft and publishes it.
func (w *world) release(again ...string) {
	w.t.Helper()
	w.must(w.Submit(w.t.Context(), writer, "demo", school.EditionName(w.book().No+1), []string{"改了几处"}, w.draft().Version))
	_, err := w.Publish(w.t.Context(), writer2, "demo", again, "", w.draft().Version)
	w.must(err)
}

func TestTheShippedBookIsAFirstEditionOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.shelve()
		w.shelve()
		e := w.book()
		if e.No != 1 || e.Source != "file" || len(e.Book.Published()) != 3 || e.Since["ch-b"] != 1 {
			t.Fatalf("%+v", e)
		}
		list, err := w.Explaining(t.Context(), "record")
		if err != nil || len(list) != 3 {
			t.Errorf("chapters that explain the record: %d %v", len(list), err)
		}
		if _, err := w.Explaining(t.Context(), "confirm"); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

// A picture in the book's folder comes along with it.
func TestAShippedBookBringsItsPictures(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var raw bytes.Buffer
		w.must(png.Encode(&raw, image.NewGray(image.Rect(0, 0, 8, 8))))
		books := fstest.MapFS{"demo/book.yaml": {Data: []byte(strings.Replace(testBook, "01-a.md, 02-b.md, 03-c.md", "01-a.md", 1))},
			"demo/01-a.md": {Data: []byte(chapterMD("ch-a", "![茶桌](img/tea.png)"))}, "demo/img/tea.png": {Data: raw.Bytes()}}
		w.must(w.Prepare(t.Context(), books))
		if f, err := w.Image(t.Context(), "demo", "img/tea.png"); err != nil || f.Mime != "image/png" {
			t.Errorf("%+v %v", f, err)
		}
		w.must(w.StartDraft(t.Context(), writer, "demo"))
		if p, err := w.Prospect(t.Context(), writer, "demo"); err != nil || p.Problems.Failed() {
			t.Errorf("the draft doesn't know its picture: %v %v", p.Problems, err)
		}
	})
}

// A published text is refused any change by the database itself.
func TestNothingPublishedEverChanges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.shelve()
		for _, q := range []string{`UPDATE textbook_chapters SET md = 'x'`, `DELETE FROM textbook_chapters`, `UPDATE textbook_editions SET notes = 'x'`, `DELETE FROM textbook_editions`} {
			err := w.d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), q); return err })
			if err == nil {
				t.Errorf("the database takes: %s", q)
			}
		}
		before := w.book().Book.Hash
		w.must(w.StartDraft(t.Context(), writer, "demo"))
		w.write("ch-a", "全改了。")
		if w.book().Book.Hash != before {
			t.Error("readers see a draft")
		}
	})
}

func TestADraftIsReviewedAndPublished(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.shelve()
		if err := w.StartDraft(ctx, clerk, "demo"); !fault.Is(err, fault.Forbidden) {
			t.Error(err)
		}
		w.must(w.StartDraft(ctx, writer, "demo"))
		w.must(w.StartDraft(ctx, writer2, "demo")) // the same one
		w.write("ch-a", "## 开头\n\n甲段改过。")
		if err := w.Submit(ctx, writer, "demo", "第2版", nil, w.draft().Version); fault.FieldsOf(err)["notes"] == "" {
			t.Errorf("an edition without a word on what it changes: %v", err)
		}
		if err := w.Submit(ctx, writer, "demo", "第1版", []string{"改"}, w.draft().Version); fault.FieldsOf(err)["edition"] == "" {
			t.Errorf("two editions of one name: %v", err)
		}
		w.must(w.Submit(ctx, writer, "demo", "第2版", []string{"改了甲段"}, w.draft().Version))
		if _, err := w.SaveText(ctx, writer, "demo", "ch-a", "再改", w.draft().Chapters[0].Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("a draft is changed under review: %v", err)
		}
		w.must(w.Return(ctx, writer2, "demo", "第二段写清楚", w.draft().Version))
		if d := w.draft(); !d.Writing() || d.Returned != "第二段写清楚" {
			t.Errorf("%+v", d)
		}
		w.must(w.Submit(ctx, writer, "demo", "第2版", []string{"改了甲段"}, w.draft().Version))
		if _, err := w.Publish(ctx, writer, "demo", nil, "", w.draft().Version); fault.FieldsOf(err)["reviewer"] == "" {
			t.Errorf("published by who wrote it, read by nobody else: %v", err)
		}
		if _, err := w.Publish(ctx, writer2, "demo", nil, "", w.draft().Version-1); !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
		no, err := w.Publish(ctx, writer2, "demo", []string{"ch-a"}, "", w.draft().Version)
		if e := w.book(); err != nil || no != 2 || e.No != 2 || e.ReviewedBy != "教务乙" || e.Book.Changelog[0].Notes[0] != "改了甲段" || e.Since["ch-a"] != 2 || e.Since["ch-c"] != 1 {
			t.Errorf("%d %v %+v", no, err, e)
		}
		if _, err := w.DraftOf(ctx, w.d, writer, "demo"); !fault.Is(err, fault.NotFound) {
			t.Error("the draft is still there", err)
		}
	})
}

// Edge cases 66 and 67: scripts, odd links and pictures from elsewhere don't get through.
func TestADraftWithErrorsIsNotSubmitted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.shelve()
		w.must(w.StartDraft(t.Context(), writer, "demo"))
		for name, body := range map[string]string{
			"script": "<script>alert(1)</script>", "link": "[点](javascript:alert(1))", "escape": "![图](../../keys.json.png)", "missing": "![图](nothing.png)", "chapter": "[章](chapter:ch-x)",
		} {
			w.write("ch-a", "好的一段。\n\n"+body)
			err := w.Submit(t.Context(), writer, "demo", "第2版", []string{"改"}, w.draft().Version)
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s is submitted: %v", name, err)
			}
			p, err := w.Prospect(t.Context(), writer, "demo")
			w.must(err)
			if !p.Problems.Failed() || p.Where(p.Problems[0]) != "第1章《题目ch-a》正文第3行" {
				t.Errorf("%s: %v", name, p.Problems)
			}
			c, _ := w.draft().Chapters[0].Parsed()
			for _, x := range c.Render(textbook.Links{Image: func(s string) string { return "/i/" + s }}) {
				if strings.Contains(x.HTML, "script") || strings.Contains(x.HTML, "..") {
					t.Errorf("%s: the preview shows %s", name, x.HTML)
				}
			}
		}
		w.must(w.TakeOut(t.Context(), writer, "demo", "ch-a", true))
		w.must(w.Submit(t.Context(), writer, "demo", "第2版", []string{"删了甲章"}, w.draft().Version))
	})
}

// Edge case 65: two editors of one chapter.
func TestTwoEditorsOfAChapter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.shelve()
		w.must(w.StartDraft(ctx, writer, "demo"))
		w.write("ch-c", "一\n\n二\n\n三\n\n四")
		at := w.draft().Chapters[2].Version
		saved, err := w.SaveText(ctx, writer, "demo", "ch-c", "一改\n\n二\n\n三甲\n\n四", at)
		w.must(err)
		again, err := w.SaveText(ctx, writer, "demo", "ch-c", "一改\n\n二\n\n三甲\n\n四", at) // a try that arrived twice
		if err != nil || again.Rival != "" || again.Version != saved.Version {
			t.Fatalf("%+v %v", again, err)
		}
		late, err := w.SaveText(ctx, writer2, "demo", "ch-c", "一\n\n二\n\n三乙\n\n四改", at)
		w.must(err)
		if late.Rival == "" || w.draft().Chapters[2].Body != "一改\n\n二\n\n三甲\n\n四" {
			t.Fatal("the later save wins over the earlier")
		}
		if err := w.Submit(ctx, writer, "demo", "第2版", []string{"改"}, w.draft().Version); !fault.Is(err, fault.Invalid) {
			t.Errorf("submitted with a text that nobody merged: %v", err)
		}
		x, err := w.Clash(ctx, writer2, "demo", "ch-c", late.Rival)
		w.must(err)
		if x.Joined() != "一改\n\n二\n\n三甲\n\n三乙\n\n四改" || textbook.Conflicts(x.Regions) != 1 {
			t.Errorf("joined: %q", x.Joined())
		}
		if err := w.SettleText(ctx, writer2, "demo", "ch-c", late.Rival, "合", x.Chapter.Version-1); !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
		w.must(w.SettleText(ctx, writer2, "demo", "ch-c", late.Rival, "一改\n\n二\n\n三甲乙\n\n四改", x.Chapter.Version))
		if b := w.draft().Chapters[2].Body; b != "一改\n\n二\n\n三甲乙\n\n四改" {
			t.Errorf("%q", b)
		}
		if _, err := w.Clash(ctx, writer, "demo", "ch-c", late.Rival); !fault.Is(err, fault.NotFound) {
			t.Error("settled twice", err)
		}
		// What a chapter says of itself has a version of its own: it doesn't disturb who writes.
		f := school.ChapterFacts{Title: "丙", Minutes: 5, Laws: []string{"《人民调解法》第二十二条", "民法典第五百零九条"}}
		w.must(w.EditChapter(ctx, writer, "demo", "ch-c", f, 1))
		if err := w.EditChapter(ctx, writer2, "demo", "ch-c", f, 1); !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
		w.write("ch-c", "写完。")
	})
}

func TestANewBookFromNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		facts := school.BookFacts{Title: "接访", Organiser: "演示学校", Licence: "内部", Authors: []string{"演示组"}}
		if _, err := w.NewBook(ctx, writer, idem(), school.BookFacts{}); len(fault.FieldsOf(err)) != 4 {
			t.Error(err)
		}
		same := idem()
		slug, err := w.NewBook(ctx, writer, same, facts)
		w.must(err)
		if again, err := w.NewBook(ctx, writer, same, facts); err != nil || again != slug {
			t.Errorf("sent twice, made twice: %s %v", again, err)
		}
		if _, err := w.Book(ctx, slug); !fault.Is(err, fault.NotFound) {
			t.Error("readers see a book without an edition")
		}
		if err := w.Submit(ctx, writer, slug, "第1版", []string{"初版"}, 1); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		if _, err := w.NewChapter(ctx, writer, idem(), slug, school.ChapterFacts{Title: "一", Minutes: 5, Laws: []string{"没有写条"}}); fault.FieldsOf(err)["laws"] == "" {
			t.Error(err)
		}
		first, err := w.NewChapter(ctx, writer, idem(), slug, school.ChapterFacts{Title: "一", Minutes: 5, Objectives: []string{"会"}})
		w.must(err)
		second, err := w.NewChapter(ctx, writer, idem(), slug, school.ChapterFacts{Title: "二", Minutes: 5, Steps: []string{"risk"}})
		w.must(err)
		for _, c := range []string{first, second} {
			_, err := w.SaveText(ctx, writer, slug, c, "正文。", 1)
			w.must(err)
		}
		w.must(w.MoveChapter(ctx, writer, slug, second, false))
		w.must(w.MoveChapter(ctx, writer, slug, second, false)) // it is first already
		w.must(w.Submit(ctx, writer, slug, "第1版", []string{"初版"}, 1))
		_, err = w.Publish(ctx, writer, slug, nil, "教务乙", 2)
		w.must(err)
		e, err := w.Book(ctx, slug)
		w.must(err)
		if list := e.Book.Published(); len(list) != 2 || list[0].ID != second || list[0].Steps[0] != "risk" || e.ReviewedBy != "教务乙" {
			t.Errorf("%+v", list)
		}
		gone, err := w.NewBook(ctx, writer, idem(), facts)
		w.must(err)
		w.must(w.Discard(ctx, writer, gone, 1))
		if _, err := w.DraftOf(ctx, w.d, writer, gone); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if list, err := w.Shelf(ctx, writer); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
	})
}
