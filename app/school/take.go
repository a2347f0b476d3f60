package school

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/school/exam"
	"tiaojie/db"
)

// MyExam is an exam with where its reader stands.
type MyExam struct {
	Exam
	Attempts []Attempt // the reader's, oldest first
	Open     *Attempt  // begun and not handed in
	Refused  error     // why no attempt may begin now; nil when one may
	Cert     *Certificate
}

// Best is the attempt that counts, nil when none is over.
func (m MyExam) Best() *Attempt {
	var scores []exam.Score
	var of []int
	for i, a := range m.Attempts {
		if !a.SubmittedAt.IsZero() {
			scores, of = append(scores, exam.Score{Points: a.Points, Max: a.MaxPoints, Waiting: a.Waiting}), append(of, i)
		}
	}
	at := exam.Best(scores)
	if at < 0 {
		return nil
	}
	return &m.Attempts[of[at]]
}

// MyExams lists the exams that the actor can sit or has sat, newest first, with one query.
func (s *Service) MyExams(ctx context.Context, who access.Actor) ([]MyExam, error) {
	if err := who.Check(access.Learn); err != nil {
		return nil, err
	}
	const self = `(SELECT id FROM learners WHERE account_id = ?)`
	var list []Exam
	var attempts []Attempt
	var certs []Certificate
	err := s.db.Several(ctx,
		db.Part{Into: &list, From: `exams WHERE state = 'open' OR id IN (SELECT exam_id FROM exam_attempts WHERE learner_id = ` + self + `)`, Order: "-id", Args: []any{who.AccountID}},
		db.Part{Into: &attempts, From: `exam_attempts WHERE learner_id = ` + self, Args: []any{who.AccountID}},
		db.Part{Into: &certs, From: `certificates WHERE learner_id = ` + self, Args: []any{who.AccountID}})
	if err != nil {
		return nil, err
	}
	if err := unfold(list); err != nil {
		return nil, err
	}
	out := make([]MyExam, len(list))
	for i, x := range list {
		out[i] = s.mine(x, attempts, certs)
	}
	return out, nil
}

// MyExam reads one exam for the actor. Errors: NotFound for one that is not published.
func (s *Service) MyExam(ctx context.Context, who access.Actor, key string) (MyExam, error) {
	l, err := s.Self(ctx, s.db, who)
	if err != nil {
		return MyExam{}, err
	}
	x, err := s.examWhere(ctx, s.db, `key = ?`, key)
	if err == nil && x.State == ExamDraft {
		err = errNoExam
	}
	if err != nil {
		return MyExam{}, err
	}
	attempts, err := s.attempts(ctx, s.db, `WHERE exam_id = ? AND learner_id = ? ORDER BY id`, x.ID, l.ID)
	if err != nil {
		return MyExam{}, err
	}
	certs, err := s.certificates(ctx, s.db, `WHERE exam_id = ? AND learner_id = ? ORDER BY id`, x.ID, l.ID)
	return s.mine(x, attempts, certs), err
}

// mine puts an exam together with a person's attempts and certificates, oldest first.
func (s *Service) mine(x Exam, attempts []Attempt, certs []Certificate) MyExam {
	now := s.db.Now()
	m := MyExam{Exam: x}
	after := int64(0)
	for _, c := range certs {
		if c.ExamID != x.ID {
			continue
		}
		m.Cert, after = &c, 0
		if c.renewable(db.DayOf(now)) {
			after = c.AttemptID
		}
	}
	var past []exam.Past
	for _, a := range attempts {
		if a.ExamID != x.ID {
			continue
		}
		m.Attempts = append(m.Attempts, a)
		if a.Clock().Takes(now) {
			m.Open = &a
		}
		if a.ID > after {
			past = append(past, exam.Past{Attempt: a.Clock(), Verdict: a.Verdict})
		}
	}
	m.Refused = x.Rules().MayStart(now, past)
	if m.Refused == nil && x.State != ExamOpen {
		m.Refused = exam.Closed
	}
	return m
}

// ItemReport is what the answers say of a question version.
type ItemReport struct {
	QuestionVersion
	exam.ItemStat
}

// ItemReports analyses the questions of an exam over each person's first attempt, the worst
// first by place on the list of questions. It needs access.School.
func (s *Service) ItemReports(ctx context.Context, who access.Actor, x Exam) ([]ItemReport, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var rows []struct {
		Attempt int64 `db:"attempt_id"`
		Version int64 `db:"version_id"`
		Points  int   `db:"points"`
		Of      int   `db:"of_points"`
		Empty   bool  `db:"empty"`
	}
	err := s.db.Select(ctx, &rows, `SELECT x.attempt_id, x.version_id, x.points, x.of_points, x.saved_at IS NULL AS empty FROM exam_answers x
		JOIN exam_attempts a ON a.id = x.attempt_id WHERE a.exam_id = ? AND a.no = 1 AND a.submitted_at IS NOT NULL AND a.waiting = 0 ORDER BY x.attempt_id, x.pos`, x.ID)
	if err != nil {
		return nil, err
	}
	var sheets []exam.Sheet
	at := int64(0)
	for _, r := range rows {
		if r.Attempt != at {
			sheets, at = append(sheets, exam.Sheet{Points: map[int64]exam.Mark{}}), r.Attempt
		}
		sheets[len(sheets)-1].Points[r.Version] = exam.Mark{Points: r.Points, Max: r.Of, Empty: r.Empty}
	}
	list, err := s.versions(ctx, s.db, `WHERE v.id IN (SELECT x.version_id FROM exam_answers x JOIN exam_attempts a ON a.id = x.attempt_id WHERE a.exam_id = ?) ORDER BY q.code, v.no`, x.ID)
	out := make([]ItemReport, len(list))
	for i, v := range list {
		out[i] = ItemReport{v, exam.Analyse(v.ID, sheets)}
	}
	return out, err
}
