package school

import (
	"context"
	"encoding/json"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/school/textbook"
	"tiaojie/db"
)

// Answered (自测) is the latest answer to a question of a chapter.
type Answered struct {
	ID         int64  `db:"id"`
	QuestionID string `db:"question_id"`
	Question   string `db:"question"` // Hash of what was asked
	Response   string `db:"response"`
	Points     int64  `db:"points"`
	OfPoints   int64  `db:"of_points"`
	Tries      int64  `db:"tries"`
}

// To tells whether the answer is to this very question; a changed one is asked anew.
func (a Answered) To(q quizformat.Question) bool { return a.ID != 0 && a.Question == q.Hash() }

// Given is what was answered.
func (a Answered) Given() quizformat.Response {
	var r quizformat.Response
	_ = json.Unmarshal([]byte(a.Response), &r) // written by Answer
	return r
}

// selfCheckPercent is how much of a chapter's exercises has to be right for the chapter to count as learnt.
const selfCheckPercent = 60

// Answer checks an answer to one of the chapter's questions and keeps it, instead of an
// earlier one. Who has answered all questions and got 60% right has learnt the chapter.
func (s *Service) Answer(ctx context.Context, who access.Actor, slug, chapter string, no int64, question string, given quizformat.Response) error {
	p, err := s.readerAt(ctx, who, slug, chapter, no)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(p.chapter.Questions, func(q quizformat.Item) bool { return q.ID == question })
	if at < 0 {
		return fault.New(fault.NotFound, "这一章没有这道题")
	}
	q := p.chapter.Questions[at].Question
	if given.Empty() {
		return fault.At(question, "还没有作答")
	}
	if len(given.Text) > 4000 {
		return fault.At(question, "写得太长了，请在1000字以内")
	}
	raw, err := json.Marshal(given)
	if err != nil {
		return err
	}
	g := q.Grade(given, q.Points)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := p.open(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO textbook_answers (learner_id, textbook_id, chapter_id, question_id, question, response, points, of_points, at)
			VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (learner_id, textbook_id, question_id) DO UPDATE SET chapter_id = excluded.chapter_id, question = excluded.question,
			response = excluded.response, points = excluded.points, of_points = excluded.of_points, at = excluded.at, tries = textbook_answers.tries + 1`,
			p.learner.ID, p.edition.TextbookID, p.chapter.ID, q.ID, q.Hash(), string(raw), g.Points, q.Points, db.At(tx.Now)); err != nil {
			return err
		}
		var all []Answered
		if err := tx.Select(ctx, &all, `SELECT id, question_id, question, response, points, of_points, tries FROM textbook_answers
			WHERE learner_id = ? AND textbook_id = ? AND chapter_id = ?`, p.learner.ID, p.edition.TextbookID, p.chapter.ID); err != nil {
			return err
		}
		how := ""
		if learnt(p.chapter, all) {
			how = "quiz"
		}
		return s.keepReading(ctx, tx, who, p, &r, how)
	})
}

// learnt tells whether all questions that need no person to grade them are answered, and enough of them right.
func learnt(c textbook.Chapter, answers []Answered) bool {
	points, of := 0, 0
	for _, q := range c.Questions {
		if q.Kind.Manual() {
			continue
		}
		at := slices.IndexFunc(answers, func(a Answered) bool { return a.QuestionID == q.ID && a.To(q.Question) })
		if at < 0 {
			return false
		}
		points, of = points+int(answers[at].Points), of+q.Points
	}
	return of > 0 && points*100 >= selfCheckPercent*of
}
