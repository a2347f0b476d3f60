package school_test

import (
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/school/textbook"
)

// reader makes a clerk who is on the roster.
func (w *world) reader(login string) access.Actor {
	_, who := w.account("reader-"+login, "读者"+login, access.Clerk)
	return who
}

func (w *world) open(who access.Actor) school.OpenedBook {
	w.t.Helper()
	d, err := w.OpenBook(w.t.Context(), who, w.book())
	w.must(err)
	return d
}

func TestReadingIsCountedByTheServer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.shelve()
		who := w.reader("a")
		beat := func(block int) school.Reading {
			t.Helper()
			r, err := w.Beat(ctx, who, "demo", "ch-a", 1, block)
			w.must(err)
			return r
		}
		if r := beat(0); r.Seconds != 15 || r.DoneNo != 0 {
			t.Errorf("the first sign counts %d s", r.Seconds)
		}
		if r := beat(0); r.Seconds != 15 {
			t.Errorf("a second page open at once counts twice: %d s", r.Seconds)
		}
		w.clock.Advance(time.Hour)
		if r := beat(1); r.Seconds != 35 || r.DoneNo != 0 {
			t.Errorf("an hour of silence counts %d s", r.Seconds-15)
		}
		if r := beat(2); r.DoneNo != 1 || r.DoneHow != "read" {
			t.Errorf("24 s are needed, and the last block was seen: %+v", r)
		}
		for range 20 {
			w.clock.Advance(15 * time.Second)
			beat(0)
		}
		if r := beat(0); r.Seconds != 60+20 {
			t.Errorf("one block counts for more than a minute: %+v", r)
		}
		if _, err := w.Beat(ctx, who, "demo", "ch-a", 1, 3); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		if _, err := w.Beat(ctx, who, "demo", "ch-x", 1, 0); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if _, err := w.Beat(ctx, access.Actor{AccountID: 1 << 40, Roles: []access.Role{access.Clerk}}, "demo", "ch-a", 1, 0); !fault.Is(err, fault.NotFound) {
			t.Error("somebody on no roster makes progress", err)
		}
		d := w.open(who)
		if done, all := d.Chapters(); done != 1 || all != 3 {
			t.Errorf("%d of %d", done, all)
		}
		if c, _, ok := d.Next(); !ok || c.ID != "ch-b" {
			t.Errorf("goes on at %s", c.ID)
		}
		w.clock.Advance(time.Minute)
		_, err := w.Beat(ctx, who, "demo", "ch-c", 1, 1)
		w.must(err)
		if c, block, _ := w.open(who).Next(); c.ID != "ch-c" || block != 1 {
			t.Errorf("goes on at %s %d, not where the reading stopped", c.ID, block)
		}
	})
}

func TestReadingWithoutScripts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.shelve()
		who, other := w.reader("a"), w.reader("b")
		mark := w.Opened(who, "demo", "ch-a", w.clock.Now())
		w.clock.Advance(10 * time.Second)
		r, left, err := w.Finish(ctx, who, "demo", "ch-a", 1, mark)
		if err != nil || r.DoneNo != 0 || left != 14*time.Second {
			t.Fatalf("read within 10 s: %+v %v %v", r, left, err)
		}
		w.clock.Advance(10 * time.Second)
		if r, _, err = w.Finish(ctx, who, "demo", "ch-a", 1, mark); err != nil || r.Seconds != 20 || r.DoneNo != 0 {
			t.Errorf("the same seconds count twice: %+v %v", r, err)
		}
		w.clock.Advance(10 * time.Second)
		if r, left, err = w.Finish(ctx, who, "demo", "ch-a", 1, mark); err != nil || r.DoneNo != 1 || left != 0 {
			t.Errorf("%+v %v %v", r, left, err)
		}
		for name, mark := range map[string]string{"somebody else's": mark, "none": "", "made up": "1.abc"} {
			if r, _, err := w.Finish(ctx, other, "demo", "ch-a", 1, mark); err != nil || r.Seconds != 0 || r.DoneNo != 0 {
				t.Errorf("%s mark counts: %+v %v", name, r, err)
			}
		}
	})
}

func TestTheExercisesTeachTheChapter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.shelve()
		who := w.reader("a")
		say := func(q string, choice ...int) error {
			return w.Answer(ctx, who, "demo", "ch-b", 1, q, quizformat.Response{Choice: choice})
		}
		if err := say("q-b-1"); fault.FieldsOf(err)["q-b-1"] == "" {
			t.Error(err)
		}
		if err := say("q-a-1", 0); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		w.must(say("q-b-2", 0, 2))
		w.must(say("q-b-1", 0))
		if d := w.open(who); d.Readings["ch-b"].DoneNo != 0 || d.Answers["q-b-2"].Points != 0 {
			t.Errorf("a third of the points is enough: %+v", d)
		}
		w.must(say("q-b-2", 0, 1))
		d := w.open(who)
		if r := d.Readings["ch-b"]; r.DoneNo != 1 || r.DoneHow != "quiz" {
			t.Errorf("%+v", r)
		}
		a, q := d.Answers["q-b-2"], w.book().Book.Chapters[1].Questions[1].Question
		if a.Tries != 2 || a.Points != 2 || !a.To(q) || len(a.Given().Choice) != 2 {
			t.Errorf("%+v", a)
		}
		q.Stem = "哪些不是"
		if a.To(q) {
			t.Error("an answer stays with a question that was changed")
		}
	})
}

// Edge cases 63 and 64: a new edition keeps what was read, unless the text changed.
func TestProgressThroughEditions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.shelve()
		who := w.reader("a")
		for _, c := range []string{"ch-a", "ch-b", "ch-c"} {
			mark := w.Opened(who, "demo", c, w.clock.Now())
			w.clock.Advance(time.Minute)
			_, _, err := w.Finish(ctx, who, "demo", c, 1, mark)
			w.must(err)
		}
		w.must(w.StartDraft(ctx, writer, "demo"))
		w.must(w.MoveChapter(ctx, writer, "demo", "ch-c", false))
		w.must(w.TakeOut(ctx, writer, "demo", "ch-b", true))
		w.write("ch-a", "## 开头\n\n甲段全改。\n\n甲段第二句，讲回避。")
		p, err := w.Prospect(ctx, writer, "demo")
		w.must(err)
		if !p.Again("ch-a") || p.Again("ch-c") {
			t.Errorf("%+v", p.Changes)
		}
		w.release("ch-a")
		d := w.open(who)
		if done, all := d.Chapters(); done != 1 || all != 2 || len(d.Progress.Again()) != 1 {
			t.Errorf("%d of %d, again %v", done, all, d.Progress.Again())
		}
		if list, err := w.ToReadAgain(ctx, writer, w.book()); err != nil || len(list) != 1 || list[0].Chapters != 1 {
			t.Errorf("%+v %v", list, err)
		}
		if _, err := w.Beat(ctx, who, "demo", "ch-c", 1, 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("a page of the old edition counts: %v", err)
		}
		if _, err := w.Beat(ctx, who, "demo", "ch-b", 2, 0); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if e, err := w.LastWith(ctx, "demo", "ch-b"); err != nil || e.No != 1 {
			t.Errorf("the text that was taken out is lost: %v", err)
		}
		if r, err := w.Beat(ctx, who, "demo", "ch-a", 2, 0); err != nil || r.Seconds > 20 || r.DoneNo != 1 {
			t.Errorf("the changed text isn't read anew: %+v %v", r, err)
		}
		// A slip of the pen: the writer asks nobody to read again.
		w.must(w.StartDraft(ctx, writer, "demo"))
		w.write("ch-c", "丙段！\n\n尾段。")
		w.release()
		if done, _ := w.open(who).Chapters(); done != 1 {
			t.Errorf("%d chapters are read", done)
		}
	})
}

func TestNotesFindTheirPlaceInANewEdition(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.shelve()
		who, other := w.reader("a"), w.reader("b")
		add := func(block int, quote, text string) error {
			return w.AddNote(ctx, who, idem(), "demo", "ch-a", 1, block, quote, text)
		}
		w.must(add(0, "", "标题"))
		w.must(add(1, "", "整段"))
		w.must(add(2, "讲回避", "几个字"))
		if err := add(2, "不在里面", "x"); fault.FieldsOf(err)["quote"] == "" {
			t.Error(err)
		}
		if err := add(2, "", ""); fault.FieldsOf(err)["note"] == "" {
			t.Error(err)
		}
		var sealed []byte
		w.must(w.d.Get(ctx, &sealed, `SELECT note_sealed FROM textbook_notes ORDER BY id LIMIT 1`))
		if strings.Contains(string(sealed), "标题") {
			t.Error("a note lies open")
		}
		w.must(w.StartDraft(ctx, writer, "demo"))
		w.write("ch-a", "新加的一段。\n\n## 开头\n\n甲段全改。\n\n甲段第二句改了，也讲回避的事。")
		w.release("ch-a")
		d := w.open(who)
		at, loose := school.Placed(d.Notes, w.book().Book.Chapters[0])
		if len(at[1]) != 1 || at[1][0].State != textbook.Kept || len(at[3]) != 1 || at[3][0].State != textbook.Moved || at[3][0].Text != "几个字" {
			t.Errorf("%+v", at)
		}
		if len(loose) != 1 || loose[0].State.Label() != "原文已改" || loose[0].Text != "整段" {
			t.Errorf("%+v", loose)
		}
		if n := len(w.open(other).Notes); n != 0 {
			t.Errorf("another reads %d of the notes", n)
		}
		k := d.Notes[0].Key
		for _, err := range []error{w.EditNote(ctx, other, k, "x", 1), w.RemoveNote(ctx, other, k)} {
			if !fault.Is(err, fault.NotFound) {
				t.Error("another's note:", err)
			}
		}
		w.must(w.EditNote(ctx, who, k, "改过", 1))
		if err := w.EditNote(ctx, who, k, "又改", 1); !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
		w.must(w.RemoveNote(ctx, who, k))
		if n := len(w.open(who).Notes); n != 2 {
			t.Error(n)
		}
	})
}

func TestSearchFindsTwoCharacters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.shelve()
		e := w.book()
		for query, want := range map[string]string{"回避": "ch-a 2", "第二句 回避": "ch-a 2", "民法典 题目CH-C": "ch-c -1", "丙": "ch-c 0", "没有这个": "", " ": ""} {
			hits, more := e.Search(query)
			got := ""
			if len(hits) > 0 {
				got = hits[0].ChapterID + " " + map[int]string{-1: "-1", 0: "0", 2: "2"}[hits[0].Block]
			}
			if got != want || more {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
		if h, _ := e.Search("回避"); h[0].Match != "回避" || !strings.HasSuffix(h[0].Before, "讲") {
			t.Errorf("%+v", h)
		}
	})
}
