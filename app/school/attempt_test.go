package school_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/school"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
)

// single is a question whose first option is right.
func single(id string, points int, tags string) string {
	return fmt.Sprintf("::: question id=%s kind=single points=%d tags=%s\n第 %s 题？\n- [x] 对的\n- [ ] 错的\n:::\n\n", id, points, tags, id)
}

const shortOne = "::: question id=s-1 kind=short points=4 tags=简答\n说说怎么听。\n= 先听完再开口\n:::\n\n"

// exam makes an exam and publishes it.
func (w *world) exam(x school.ExamRules) string {
	w.t.Helper()
	if x.Title == "" {
		x.Title = "岗前考试"
	}
	if x.PassPercent == 0 {
		x.PassPercent = 60
	}
	if x.Show == "" {
		x.Show = exam.ShowNever
	}
	key, err := w.CreateExam(w.t.Context(), trainer, idem(), x)
	w.must(err)
	w.must(w.MoveExam(w.t.Context(), trainer, key, "publish", 1))
	return key
}

// person is a mediator with an account, and how they act.
func (w *world) person(login, name string) (access.Actor, people.Mediator) {
	w.t.Helper()
	_, who := w.account(login, name, access.Mediator)
	in := people.MediatorInput{Name: name, RepKind: "npc", Employment: "part", LoadCap: 3, Types: []string{"family"}, Languages: []string{"普通话"}, JoinedOn: "2020-01-01", AccountID: who.AccountID}
	key, err := w.people.CreateMediator(w.t.Context(), clerk, idem(), in)
	w.must(err)
	m, err := w.people.Mediator(w.t.Context(), w.d, key)
	w.must(err)
	who.MediatorID = m.ID
	return who, m
}

func (w *world) start(who access.Actor, key string) string {
	w.t.Helper()
	a, err := w.Start(w.t.Context(), who, idem(), key)
	w.must(err)
	return a
}

// answer gives the right answer to the first n single questions of an attempt, the wrong one to the rest.
func (w *world) answer(who access.Actor, key string, n int) {
	w.t.Helper()
	sh, err := w.Work(w.t.Context(), who, key)
	w.must(err)
	for _, it := range sh.Items {
		in := quizformat.Response{Text: "先听"}
		if it.Question.Kind == quizformat.Single {
			in = quizformat.Response{Choice: []int{1}}
			if n--; n >= 0 {
				in.Choice[0] = 0
			}
		}
		w.must(w.SaveAnswer(w.t.Context(), who, key, it.Pos, in))
	}
}

func (w *world) sit(who access.Actor, key string, right int) school.Sheet {
	w.t.Helper()
	a := w.start(who, key)
	w.answer(who, a, right)
	w.must(w.HandIn(w.t.Context(), who, a))
	sh, err := w.Work(w.t.Context(), who, a)
	w.must(err)
	return sh
}

func ten(tags string) string {
	var b strings.Builder
	for i := range 10 {
		b.WriteString(single(fmt.Sprintf("q-%s-%d", map[string]string{"一": "a", "二": "b"}[tags], i), 1, tags))
	}
	return b.String()
}

// I5 and edge case 15: an attempt holds versions, whatever becomes of the question.
func TestEditingAQuestionNeverChangesAScore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(single("q-1", 2, "一") + single("q-2", 2, "一"))
		who, _ := w.person("wang", "王演和")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Codes: []string{"q-1", "q-2"}}}, Show: exam.ShowAfterPass})
		a := w.start(who, key)
		_, err := w.SaveQuestion(t.Context(), trainer, idem(), "q-1", strings.NewReplacer("[x]", "[ ]", "[ ] 错的", "[x] 错的").Replace(single("q-1", 2, "一")), 1, true)
		w.must(err)
		w.must(w.MoveQuestion(t.Context(), trainer, "q-2", "hide", 1))
		w.answer(who, a, 2)
		w.must(w.HandIn(t.Context(), who, a))
		sh, err := w.Work(t.Context(), who, a)
		w.must(err)
		if sh.Points != 4 || sh.MaxPoints != 4 || sh.Verdict != exam.Passed || sh.Items[0].Question.Options[0].Percent != 100 {
			t.Errorf("%d of %d, %s", sh.Points, sh.MaxPoints, sh.Verdict)
		}
		if err := w.d.Write(t.Context(), changeBody); err == nil {
			t.Error("a version was written over")
		}
		other, _ := w.person("lishi", "李示安")
		if _, err := w.Start(t.Context(), other, idem(), key); !fault.Is(err, fault.Conflict) {
			t.Errorf("a question out of use was asked: %v", err)
		}
	})
}

// Edge cases 15: late, twice, from two tabs.
func TestTheServerKeepsTheTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		who, _ := w.person("wang", "王演和")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Count: 5, Tags: []string{"一"}}}, Minutes: 30, MaxAttempts: 3})
		form := idem()
		a, err := w.Start(t.Context(), who, form, key)
		w.must(err)
		if again := w.start(who, key); again != a {
			t.Error("a second tab began a second attempt")
		}
		w.clock.Advance(29 * time.Minute)
		w.must(w.SaveAnswer(t.Context(), who, a, 1, quizformat.Response{Choice: []int{0}}))
		w.clock.Advance(time.Minute)
		if err := w.SaveAnswer(t.Context(), who, a, 2, quizformat.Response{Choice: []int{0}}); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "时间已经到了") {
			t.Errorf("an answer at the deadline: %v", err)
		}
		sh, err := w.Work(t.Context(), who, a)
		w.must(err)
		if sh.Points != 1 || !sh.ByTime || sh.Verdict != exam.Failed || !sh.SubmittedAt.Equal(sh.DeadlineAt.Time) || sh.Done() != 1 {
			t.Errorf("%+v", sh.Attempt)
		}
		w.must(w.HandIn(t.Context(), who, a)) // the other tab's button
		if again, err := w.Start(t.Context(), who, form, key); err != nil || again != a {
			t.Errorf("the first form sent again began a new attempt: %v", err)
		}
		if err := w.SaveAnswer(t.Context(), who, a, 1, quizformat.Response{Choice: []int{1}}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an answer after the handing-in: %v", err)
		}

		b := w.start(who, key)
		w.answer(who, b, 5)
		w.clock.Advance(31 * time.Minute) // the browser is closed
		if n, err := w.CloseDue(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d closed, %v", n, err)
		}
		if n, err := w.CloseDue(t.Context()); err != nil || n != 0 {
			t.Errorf("%d closed twice, %v", n, err)
		}
		sh, err = w.Work(t.Context(), who, b)
		w.must(err)
		if sh.Points != 5 || sh.Verdict != exam.Passed || !sh.ByTime {
			t.Errorf("what was saved doesn't count: %+v", sh.Attempt)
		}
		if _, err := w.Start(t.Context(), who, idem(), key); fault.MessageOf(err) != string(exam.AlreadyDone) {
			t.Errorf("%v", err)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'exam.submit'`); n != 2 {
			t.Errorf("%d handings-in in the trail, want 2", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM completions WHERE subject_kind = 'exam'`); n != 1 {
			t.Errorf("%d completions of a passed exam", n)
		}
	})
}

func TestTwoTabsAtOnceBeginOneAttempt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		who, _ := w.person("wang", "王演和")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Count: 2}}})
		var wg sync.WaitGroup
		got := make([]string, 8)
		for i := range got {
			wg.Go(func() {
				a, err := w.Start(t.Context(), who, idem(), key)
				if err != nil {
					t.Error(err)
				}
				got[i] = a
			})
		}
		wg.Wait()
		if n := w.count(`SELECT COUNT(*) FROM exam_attempts`); n != 1 {
			t.Errorf("%d attempts: %v", n, got)
		}
	})
}

func TestAnAttemptIsItsOwners(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		who, _ := w.person("wang", "王演和")
		other, _ := w.person("lishi", "李示安")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Count: 2}}})
		a := w.start(who, key)
		for what, err := range map[string]error{
			"read": second(w.Work(t.Context(), other, a)), "answer": w.SaveAnswer(t.Context(), other, a, 1, quizformat.Response{Choice: []int{0}}), "hand in": w.HandIn(t.Context(), other, a),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("somebody else may %s: %v", what, err)
			}
		}
		if err := w.SaveAnswer(t.Context(), who, a, 3, quizformat.Response{Choice: []int{0}}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a question that isn't on the paper: %v", err)
		}
	})
}

// Edge case 16, and only ready questions are drawn (I5).
func TestAPaperThatTheBankCantFillIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		_, err := w.ConfirmQuestions(t.Context(), trainer, idem(), "markdown", ten("二"), false)
		w.must(err)
		rules := school.ExamRules{Title: "小考", PassPercent: 60, Show: exam.ShowNever, Parts: []school.Part{{Count: 2}, {Count: 3, Tags: []string{"二"}}}}
		if _, err := w.CreateExam(t.Context(), trainer, idem(), rules); fault.FieldsOf(err)["parts"] != "第2部分要抽3题，题库里只有0题可抽" {
			t.Errorf("%v", err)
		}
		rules.Parts = []school.Part{{Count: 8}, {Count: 3, Tags: []string{"一"}}}
		if _, err := w.CreateExam(t.Context(), trainer, idem(), rules); fault.FieldsOf(err)["parts"] != "第1、2部分一共要抽11题，几部分合起来只有10题可抽" {
			t.Errorf("%v", err)
		}
		rules.Parts = []school.Part{{Codes: []string{"q-b-1"}}}
		if _, err := w.CreateExam(t.Context(), trainer, idem(), rules); !strings.Contains(fault.MessageOf(err), "q-b-1") {
			t.Errorf("%v", err)
		}
	})
}

// Edge case 17, and short answers that wait for a person.
func TestMarks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put("::: question id=m-1 kind=multi points=4 tags=多\n选两个\n- [x] 甲\n- [x] 乙\n- [ ] 丙\n:::\n\n" + shortOne)
		who, _ := w.person("wang", "王演和")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Codes: []string{"m-1", "s-1"}}}, PassPercent: 75, Certify: true})
		a := w.start(who, key)
		w.must(w.SaveAnswer(t.Context(), who, a, 1, quizformat.Response{Choice: []int{1}}))
		w.must(w.SaveAnswer(t.Context(), who, a, 2, quizformat.Response{Text: "先听完"}))
		w.must(w.HandIn(t.Context(), who, a))
		sh, err := w.MarkSheet(t.Context(), trainer, a)
		w.must(err)
		if sh.Points != 2 || sh.Waiting != 4 || sh.Verdict != exam.Pending {
			t.Fatalf("%+v", sh.Attempt)
		}
		if _, err := w.Start(t.Context(), who, idem(), key); fault.MessageOf(err) != string(exam.WaitForMarks) {
			t.Errorf("%v", err)
		}
		if err := w.GiveMarks(t.Context(), trainer, a, []school.Mark{{Pos: 2, Points: 5}}, sh.Version); !fault.Is(err, fault.Invalid) {
			t.Errorf("more than the question gives: %v", err)
		}
		own := access.Actor{AccountID: who.AccountID, Roles: []access.Role{access.Trainer}}
		if err := w.GiveMarks(t.Context(), own, a, []school.Mark{{Pos: 2, Points: 4}}, sh.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("the own paper: %v", err)
		}
		w.must(w.GiveMarks(t.Context(), trainer, a, []school.Mark{{Pos: 2, Points: 4, Remark: "好"}}, sh.Version))
		if err := w.GiveMarks(t.Context(), trainer, a, []school.Mark{{Pos: 2, Points: 0}}, sh.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("marked twice from one page: %v", err)
		}
		sh, err = w.Work(t.Context(), who, a)
		w.must(err)
		if sh.Points != 6 || sh.Verdict != exam.Passed || sh.Waiting != 0 {
			t.Errorf("%+v", sh.Attempt)
		}
		if certs, err := w.OwnCertificates(t.Context(), who); err != nil || len(certs) != 1 {
			t.Errorf("%v %v", certs, err)
		}
	})
}
