package seed

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/school"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
)

// exams publishes an exam for new mediators, drawn from the textbook's questions, and a short
// one with answers in words. One mediator has passed, one has failed, one waits for marks.
func (d *demo) exams(ctx context.Context) error {
	who := map[string]access.Actor{}
	for _, a := range d.street.Accounts {
		who[a.Login] = access.Actor{AccountID: a.ID, Name: a.Name, Roles: a.Roles}
	}
	trainer := who["trainer"]
	first, err := d.exam(ctx, trainer, "demo-exam-first-0000000000000001", school.ExamRules{Title: "新任调解员岗前考试", Notes: "题目都出自《新任人民调解员入门》。答题时可以翻书。",
		PassPercent: 60, Minutes: 60, MaxAttempts: 3, Show: exam.ShowAfterPass, Certify: true, ValidMonths: 24,
		Parts: []school.Part{{Count: 10, Kind: quizformat.Single}, {Count: 6, Kind: quizformat.Multi}, {Count: 6, Kind: quizformat.Judge}, {Count: 3, Kind: quizformat.Match}, {Count: 3, Kind: quizformat.Numeric}}})
	if err != nil {
		return err
	}
	second, err := d.exam(ctx, trainer, "demo-exam-second-000000000000001", school.ExamRules{Title: "笔录和保密小测", PassPercent: 80, Minutes: 30, Show: exam.ShowNever,
		Parts: []school.Part{{Count: 2, Tags: []string{"笔录"}, Kind: quizformat.Single}, {Count: 2, Kind: quizformat.Short}}})
	if err != nil {
		return err
	}
	for i, sat := range []struct {
		exam, login string
		right       int // of ten questions
	}{{first, "mediator", 10}, {first, "mediator2", 3}, {first, "mediator3", 8}, {second, "mediator2", 10}} {
		if err := d.sit(ctx, who[sat.login], sat.exam, strings.Repeat("0", 30)+string(rune('a'+i)), sat.right); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) exam(ctx context.Context, trainer access.Actor, idem string, x school.ExamRules) (string, error) {
	key, err := d.School.CreateExam(ctx, trainer, idem, x)
	if err != nil {
		return "", err
	}
	return key, d.School.MoveExam(ctx, trainer, key, "publish", 1)
}

// sit answers an exam, as many of ten questions right as it is told.
func (d *demo) sit(ctx context.Context, who access.Actor, exam, idem string, right int) error {
	key, err := d.School.Start(ctx, who, idem, exam)
	if err != nil {
		return err
	}
	sh, err := d.School.Work(ctx, who, key)
	if err != nil {
		return err
	}
	for _, it := range sh.Items {
		if it.Pos%10 >= right {
			continue
		}
		if err := d.School.SaveAnswer(ctx, who, key, it.Pos, rightAnswer(it.Question)); err != nil {
			return err
		}
	}
	return d.School.HandIn(ctx, who, key)
}

// rightAnswer answers a question as its author meant it.
func rightAnswer(q quizformat.Question) quizformat.Response {
	var out quizformat.Response
	for i, o := range q.Options {
		if o.Right() {
			out.Choice = append(out.Choice, i)
		}
	}
	rights := q.Rights()
	for _, p := range q.Pairs {
		for i, r := range rights {
			if p.Left != "" && p.Right == r {
				out.Match = append(out.Match, i)
			}
		}
	}
	switch {
	case q.Kind == quizformat.Short:
		out.Text = "先把双方的话听完，再一条一条写下来，念给他们听。"
	case len(q.Answers) > 0:
		out.Text = q.Answers[0].Text
	}
	return out
}
