package school

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/db"
)

// end closes an attempt and grades it: handed in now, or at its deadline when its time ran out.
func (s *Service) end(ctx context.Context, tx *db.Tx, who access.Actor, a Attempt, byTime bool) error {
	items, err := s.items(ctx, tx, a)
	if err != nil {
		return err
	}
	var score exam.Score
	for _, it := range items {
		g := it.Question.Grade(it.Response, it.OfPoints)
		score.Add(g)
		if _, err := tx.Exec(ctx, `UPDATE exam_answers SET points = ?, manual = ? WHERE attempt_id = ? AND pos = ?`, g.Points, g.Manual, a.ID, it.Pos); err != nil {
			return err
		}
	}
	at := db.At(tx.Now)
	if byTime {
		at = a.DeadlineAt
	}
	a.SubmittedAt, a.ByTime, a.Points, a.MaxPoints, a.Waiting, a.Verdict = at, byTime, score.Points, score.Max, score.Waiting, score.Verdict(a.PassPercent)
	err = tx.Swap(ctx, `UPDATE exam_attempts SET submitted_at = ?, by_time = ?, points = ?, max_points = ?, waiting = ?, verdict = ?, version = version + 1 WHERE id = ? AND submitted_at IS NULL AND version = ?`,
		a.SubmittedAt, a.ByTime, a.Points, a.MaxPoints, a.Waiting, a.Verdict, a.ID, a.Version)
	if err != nil {
		return err
	}
	tx.Touch("school")
	if err := s.trail.Record(ctx, tx, who, "exam.submit", audit.Ref{Kind: "attempt", Key: a.Key}, map[string]any{"by_time": byTime, "verdict": a.Verdict}); err != nil {
		return err
	}
	return s.judged(ctx, tx, a)
}

// judged follows up a verdict: who passed has completed the exam, and gets the certificate.
func (s *Service) judged(ctx context.Context, tx *db.Tx, a Attempt) error {
	if a.Verdict != exam.Passed {
		return nil
	}
	x, err := s.examWhere(ctx, tx, `id = ?`, a.ExamID)
	if err != nil {
		return err
	}
	percent := a.Points * 100 / a.MaxPoints
	if _, err := s.Complete(ctx, tx, a.LearnerID, x.subject(), a.SubmittedAt.Day(), 0, &percent, Evidence{Kind: "attempt", Ref: a.Key}); err != nil {
		return err
	}
	return s.Certify(ctx, tx, a.ExamID, a.LearnerID)
}

// subject is what somebody completes by passing.
func (x Exam) subject() Subject { return Subject{Kind: ExamSubject, Key: x.Key, Title: x.Title} }

// uncomplete voids what was completed by an attempt.
func (s *Service) uncomplete(ctx context.Context, tx *db.Tx, attemptID, learnerID int64, by, reason string) error {
	var ref string
	if err := tx.Get(ctx, &ref, `SELECT key FROM exam_attempts WHERE id = ?`, attemptID); err != nil {
		return err
	}
	var done []Completion
	if err := tx.Select(ctx, &done, `SELECT `+completionColumns+` FROM completions WHERE learner_id = ? AND subject_kind = ? AND voided_at IS NULL`, learnerID, ExamSubject); err != nil {
		return err
	}
	for _, c := range done {
		if c.Grounds().Ref == ref {
			if err := s.Void(ctx, tx, c.ID, by, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

// Result is an attempt in a trainer's list.
type Result struct {
	Attempt
	Name string `db:"name"`
	Post string `db:"post"`
}

// Results lists the attempts at an exam, newest first, those to be marked alone with
// waiting. It needs access.School.
func (s *Service) Results(ctx context.Context, who access.Actor, x Exam, waiting bool, before int64) ([]Result, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	where, args := `WHERE a.exam_id = ?`, []any{x.ID}
	if waiting {
		where += ` AND a.waiting > 0 AND a.submitted_at IS NOT NULL`
	}
	if before != 0 {
		where, args = where+` AND a.id < ?`, append(args, before)
	}
	var out []Result
	return out, s.db.Select(ctx, &out, `SELECT a.`+strings.ReplaceAll(attemptColumns, ", ", ", a.")+`, l.name, l.post FROM exam_attempts a
		JOIN learners l ON l.id = a.learner_id `+where+` ORDER BY a.id DESC LIMIT `+resultLimit, args...)
}

// Waiting is how much there is to do at an exam.
type Waiting struct {
	Key   string `db:"key"`
	Title string `db:"title"`
	N     int    `db:"n"`
}

// ToMark lists the exams with papers that wait for marks. It needs access.School.
func (s *Service) ToMark(ctx context.Context, who access.Actor) ([]Waiting, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var out []Waiting
	return out, s.db.Select(ctx, &out, `SELECT x.key, x.title, COUNT(*) AS n FROM exam_attempts a JOIN exams x ON x.id = a.exam_id
		WHERE a.waiting > 0 AND a.submitted_at IS NOT NULL GROUP BY x.key, x.title ORDER BY n DESC, x.key`)
}

// ResultLimit is how many attempts a page of results has.
const (
	ResultLimit = 100
	resultLimit = "100"
)

// MarkSheet reads an ended attempt to be marked or looked at. It needs access.School.
func (s *Service) MarkSheet(ctx context.Context, who access.Actor, key string) (Sheet, error) {
	if err := who.Check(access.School); err != nil {
		return Sheet{}, err
	}
	list, err := s.attempts(ctx, s.db, `WHERE key = ? AND submitted_at IS NOT NULL`, key)
	if err == nil && len(list) == 0 {
		err = errNoAttempt
	}
	if err != nil {
		return Sheet{}, err
	}
	l, err := find(ctx, s.db, `id = ?`, list[0].LearnerID)
	if err != nil {
		return Sheet{}, err
	}
	return s.sheet(ctx, s.db, list[0], l.Name)
}

// Mark is what a person gives for the answer at a position.
type Mark struct {
	Pos    int
	Points int
	Remark string
}

// GiveMarks marks answers by hand. A mark given may be given anew, until the attempt is
// passed: a certificate stands on it. Nobody marks the own attempt. It needs access.School.
func (s *Service) GiveMarks(ctx context.Context, who access.Actor, key string, marks []Mark, version int64) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		list, err := s.attempts(ctx, tx, `WHERE key = ? AND submitted_at IS NOT NULL`+tx.Locking(), key)
		if err == nil && len(list) == 0 {
			err = errNoAttempt
		}
		if err != nil {
			return err
		}
		a := list[0]
		if l, err := find(ctx, tx, `id = ?`, a.LearnerID); err != nil {
			return err
		} else if l.AccountID != nil && *l.AccountID == who.AccountID {
			return fault.New(fault.Conflict, "自己的卷子请别人来批")
		}
		if a.Verdict == exam.Passed {
			return fault.New(fault.Conflict, "这份卷子已经通过，不再改分")
		}
		items, err := s.items(ctx, tx, a)
		if err != nil {
			return err
		}
		if a, err = s.mark(ctx, tx, who, a, items, marks); err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE exam_attempts SET points = ?, waiting = ?, verdict = ?, version = version + 1 WHERE id = ? AND version = ?`, a.Points, a.Waiting, a.Verdict, a.ID, version)
		if err != nil {
			return err
		}
		tx.Touch("school")
		if err := s.trail.Record(ctx, tx, who, "exam.mark", audit.Ref{Kind: "attempt", Key: a.Key}, map[string]any{"marks": len(marks), "verdict": a.Verdict}); err != nil {
			return err
		}
		return s.judged(ctx, tx, a)
	})
}

// mark writes the marks and adds the attempt up anew.
func (s *Service) mark(ctx context.Context, tx *db.Tx, who access.Actor, a Attempt, items []SheetItem, marks []Mark) (Attempt, error) {
	given := map[int]Mark{}
	for _, m := range marks {
		given[m.Pos] = m
	}
	f := fault.Form{}
	var score exam.Score
	for _, it := range items {
		g := quizformat.Grade{Points: it.Points, Max: it.OfPoints, Manual: it.Manual}
		m, ok := given[it.Pos]
		if ok && it.Question.Kind.Manual() && !it.Response.Empty() {
			field := MarkField(it.Pos)
			m.Remark = strings.TrimSpace(m.Remark)
			f.Check(m.Points >= 0 && m.Points <= it.OfPoints, field, "请填 0 到满分之间的整数")
			f.Check(utf8.RuneCountInString(m.Remark) <= 300, field, "评语最多 300 字")
			g.Points, g.Manual = m.Points, false
			if _, err := tx.Exec(ctx, `UPDATE exam_answers SET points = ?, manual = ?, remark = ?, graded_by = ? WHERE attempt_id = ? AND pos = ?`, m.Points, false, m.Remark, who.Name, a.ID, it.Pos); err != nil {
				return a, err
			}
		}
		score.Add(g)
	}
	a.Points, a.Waiting, a.Verdict = score.Points, score.Waiting, score.Verdict(a.PassPercent)
	return a, f.Err()
}

// MarkField names the form field of the points at a position.
func MarkField(pos int) string { return "p" + strconv.Itoa(pos) }
