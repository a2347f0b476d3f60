package school_test

import (
	"fmt"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/quizformat"
	"tiaojie/content"
)

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.d.Get(w.t.Context(), &n, query, args...))
	return n
}

// put takes questions into the bank, ready to be asked.
func (w *world) put(text string) {
	w.t.Helper()
	_, err := w.ConfirmQuestions(w.t.Context(), trainer, idem(), "markdown", text, true)
	w.must(err)
}

func TestTheShippedQuestionsComeOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.must(w.PrepareBank(t.Context(), content.Textbooks))
		n := w.count(`SELECT COUNT(*) FROM questions WHERE source = 'xinren'`)
		if n < 100 {
			t.Fatalf("%d questions came with the book", n)
		}
		page, err := w.Bank(t.Context(), trainer, school.BankFilter{Source: "xinren", Limit: 1})
		w.must(err)
		old := page.Questions[0]
		text := quizformat.WriteMarkdown([]quizformat.Question{old.Question})
		text = strings.Replace(text, fmt.Sprintf("points=%d", old.Points), "points=9", 1)
		_, err = w.SaveQuestion(t.Context(), trainer, idem(), old.Code, text, old.No, true)
		w.must(err)
		w.must(w.PrepareBank(t.Context(), content.Textbooks))
		if got := w.count(`SELECT COUNT(*) FROM question_versions`); got != n+1 {
			t.Errorf("%d versions after a second preparation, want %d", got, n+1)
		}
		versions, err := w.Question(t.Context(), trainer, old.Code)
		w.must(err)
		if len(versions) != 2 || versions[0].Points != 9 || versions[0].State != school.QuestionReady || versions[1].Points != old.Points {
			t.Errorf("the trainer's version is lost: %+v", versions)
		}
		if _, err := w.Bank(t.Context(), clerk, school.BankFilter{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk reads the answers: %v", err)
		}
		tags, err := w.BankTags(t.Context())
		if err != nil || len(tags) == 0 {
			t.Fatalf("no tags to draw by: %v", err)
		}
		page, err = w.Bank(t.Context(), trainer, school.BankFilter{Tag: tags[0].Tag, Kind: quizformat.Judge, State: school.QuestionReady, Limit: 200})
		w.must(err)
		for _, v := range page.Questions {
			if v.Kind != quizformat.Judge {
				t.Errorf("%s is no judge question", v.Code)
			}
		}
	})
}

func aiken26() string {
	var b strings.Builder
	b.WriteString("下面哪一个是第二十六个字母？\r\n")
	for i := range 26 {
		fmt.Fprintf(&b, "%c. 选项%d\r\n", 'A'+i, i+1)
	}
	return b.String() + "答案：Z\r\n"
}

func TestAnImportWritesNothingUntilItIsConfirmed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		gift := "\ufeff// 说明\r\n::保密::笔录 \\{样式\\} 给谁看？{=依法有权查阅的人 ~邻居#不行}\r\n\r\n::坏::没有答案{\r\n\r\n::期限::三十日内共同申请司法确认。{TRUE}\r\n\r\n笔录 \\{样式\\} 给谁看？{=依法有权查阅的人 ~邻居#不行}\r\n"
		im, err := w.PreviewQuestions(t.Context(), trainer, "auto", gift)
		w.must(err)
		if im.Format != "gift" || len(im.Problems) == 0 || im.Problems[0].Line < 4 || im.Good() != 2 {
			t.Errorf("%s, %d good, %v", im.Format, im.Good(), im.Problems)
		}
		if !strings.Contains(im.Items[0].Stem, "{样式}") {
			t.Errorf("escaped braces: %q", im.Items[0].Stem)
		}
		if n := w.count(`SELECT COUNT(*) FROM questions`); n != 0 {
			t.Fatalf("a preview wrote %d questions", n)
		}
		key := idem()
		for range 2 { // the button pressed twice
			_, err = w.ConfirmQuestions(t.Context(), trainer, key, im.Format, gift, false)
			w.must(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM question_versions WHERE state = 'draft'`); n != 2 {
			t.Errorf("%d drafts, want 2", n)
		}
		text, err := w.ExportGIFT(t.Context(), trainer, school.BankFilter{})
		w.must(err)
		im, err = w.PreviewQuestions(t.Context(), trainer, "gift", text)
		w.must(err)
		if len(im.Items) != 2 || im.Good() != 0 {
			t.Errorf("what went out comes back as %d new of %d", im.Good(), len(im.Items))
		}
		im, err = w.PreviewQuestions(t.Context(), trainer, "auto", aiken26())
		w.must(err)
		if im.Format != "aiken" || im.Good() != 1 || im.Items[0].Solution(nil) != "Z" {
			t.Errorf("26 options: %+v", im)
		}
		if _, err := w.PreviewQuestions(t.Context(), trainer, "auto", "  "); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		if _, err := w.ConfirmQuestions(t.Context(), access.Actor{}, idem(), "gift", gift, true); !fault.Is(err, fault.SignIn) {
			t.Error(err)
		}
	})
}

func TestAnEditIsANewVersion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const text = "::: question kind=single points=2 tags=保密\n给谁看？\n- [x] 有权的人\n- [ ] 邻居\n:::"
		code, err := w.SaveQuestion(t.Context(), trainer, idem(), "", text, 0, true)
		w.must(err)
		if _, err := w.SaveQuestion(t.Context(), trainer, idem(), "", text, 0, true); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.FieldsOf(err)["text"], code) {
			t.Errorf("the same question twice: %v", err)
		}
		if _, err := w.SaveQuestion(t.Context(), trainer, idem(), code, text, 1, true); !fault.Is(err, fault.Invalid) {
			t.Errorf("nothing changed, and yet a version: %v", err)
		}
		_, err = w.SaveQuestion(t.Context(), trainer, idem(), code, strings.Replace(text, "邻居", "路人", 1), 1, false)
		w.must(err)
		if _, err := w.SaveQuestion(t.Context(), trainer, idem(), code, strings.Replace(text, "邻居", "亲戚", 1), 1, true); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second editor overwrote: %v", err)
		}
		bad := fault.FieldsOf(second(w.SaveQuestion(t.Context(), trainer, idem(), code, "::: question kind=single points=2\n给谁看？\n- [ ] 邻居\n- [ ] 路人\n:::", 2, true)))["text"]
		if !strings.Contains(bad, "第1行") || !strings.Contains(bad, "没有标出正确项") {
			t.Errorf("%q", bad)
		}
		if err := w.MoveQuestion(t.Context(), trainer, code, "ready", 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old version was moved: %v", err)
		}
		w.must(w.MoveQuestion(t.Context(), trainer, code, "ready", 2))
		w.must(w.MoveQuestion(t.Context(), trainer, code, "hide", 2))
		if n := w.count(`SELECT COUNT(*) FROM question_versions WHERE state = 'ready'`); n != 0 {
			t.Errorf("%d versions of a question taken out of use can be asked", n)
		}
	})
}
