package school

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Attempt is one attempt at an exam (一次作答), under the rules it was begun with.
type Attempt struct {
	ID          int64        `db:"id"`
	Key         string       `db:"key"`
	ExamID      int64        `db:"exam_id"`
	LearnerID   int64        `db:"learner_id"`
	No          int          `db:"no"`
	Seed        int64        `db:"seed"`
	PassPercent int          `db:"pass_percent"`
	StartedAt   db.Time      `db:"started_at"`
	DeadlineAt  db.Time      `db:"deadline_at"`
	SubmittedAt db.Time      `db:"submitted_at"`
	ByTime      bool         `db:"by_time"`
	Points      int          `db:"points"`
	MaxPoints   int          `db:"max_points"`
	Waiting     int          `db:"waiting"` // the most that unmarked answers can bring
	Verdict     exam.Verdict `db:"verdict"`
	Version     int64        `db:"version"`
}

const attemptColumns = `id, key, exam_id, learner_id, no, seed, pass_percent, started_at, deadline_at, submitted_at, by_time, points, max_points, waiting, verdict, version`

// Clock is what the rules of time see of the attempt.
func (a Attempt) Clock() exam.Attempt {
	return exam.Attempt{Started: a.StartedAt.Time, Deadline: a.DeadlineAt.Time, Submitted: a.SubmittedAt.Time}
}

// Sheet is an attempt with its questions and answers.
type Sheet struct {
	Attempt
	Exam  Exam
	Name  string // who answers
	State exam.State
	Items []SheetItem
}

// Done counts the questions that have an answer.
func (sh Sheet) Done() int {
	n := 0
	for _, it := range sh.Items {
		if !it.Response.Empty() {
			n++
		}
	}
	return n
}

// SheetItem is a question of an attempt with its answer.
type SheetItem struct {
	Pos       int     `db:"pos"`
	VersionID int64   `db:"version_id"`
	OfPoints  int     `db:"of_points"`
	Answer    string  `db:"response"`
	Points    int     `db:"points"`
	Manual    bool    `db:"manual"` // a person has still to mark it
	Remark    string  `db:"remark"`
	GradedBy  string  `db:"graded_by"`
	SavedAt   db.Time `db:"saved_at"`
	Body      string  `db:"body"`

	Question quizformat.Question `db:"-"`
	Response quizformat.Response `db:"-"`
	Order    []int               `db:"-"` // of options or right sides, as this paper shows them
}

var errNoAttempt = fault.New(fault.NotFound, "没有这次作答")

func (s *Service) attempts(ctx context.Context, r db.Reader, rest string, args ...any) ([]Attempt, error) {
	var out []Attempt
	return out, r.Select(ctx, &out, `SELECT `+attemptColumns+` FROM exam_attempts `+rest, args...)
}

// ownAttempt finds an attempt of the actor; somebody else's is NotFound. lock ends the
// query of a transaction that changes it.
func (s *Service) ownAttempt(ctx context.Context, r db.Reader, who access.Actor, key, lock string) (Attempt, Learner, error) {
	l, err := s.Self(ctx, r, who)
	if err != nil {
		return Attempt{}, l, err
	}
	list, err := s.attempts(ctx, r, `WHERE key = ? AND learner_id = ?`+lock, key, l.ID)
	if err == nil && len(list) == 0 {
		err = errNoAttempt
	}
	if err != nil {
		return Attempt{}, l, err
	}
	return list[0], l, nil
}

// Work reads one's own attempt with its questions. Looking at it changes nothing, also when
// its time is over. Errors: NotFound for somebody else's.
func (s *Service) Work(ctx context.Context, who access.Actor, key string) (Sheet, error) {
	a, l, err := s.ownAttempt(ctx, s.db, who, key, "")
	if err != nil {
		return Sheet{}, err
	}
	return s.sheet(ctx, s.db, a, l.Name)
}

func (s *Service) sheet(ctx context.Context, r db.Reader, a Attempt, name string) (Sheet, error) {
	sh := Sheet{Attempt: a, Name: name, State: a.Clock().State(s.db.Now())}
	var err error
	if sh.Exam, err = s.examWhere(ctx, r, `id = ?`, a.ExamID); err != nil {
		return sh, err
	}
	sh.Items, err = s.items(ctx, r, a)
	return sh, err
}

func (s *Service) items(ctx context.Context, r db.Reader, a Attempt) ([]SheetItem, error) {
	var out []SheetItem
	err := r.Select(ctx, &out, `SELECT x.pos, x.version_id, x.of_points, x.response, x.points, x.manual, x.remark, x.graded_by, x.saved_at, v.body
		FROM exam_answers x JOIN question_versions v ON v.id = x.version_id WHERE x.attempt_id = ? ORDER BY x.pos`, a.ID)
	if err != nil {
		return nil, err
	}
	for i := range out {
		it := &out[i]
		if err := json.Unmarshal([]byte(it.Body), &it.Question); err != nil {
			return nil, err
		}
		if it.Answer != "" {
			if err := json.Unmarshal([]byte(it.Answer), &it.Response); err != nil {
				return nil, err
			}
		}
		seed := exam.ItemSeed(uint64(a.Seed), it.Pos)
		switch it.Question.Kind {
		case quizformat.Single, quizformat.Multi, quizformat.Judge:
			it.Order = it.Question.OptionOrder(seed)
		case quizformat.Match:
			it.Order = it.Question.RightOrder(seed)
		}
	}
	return out, nil
}

// Start begins an attempt and gives its key; while one is open, or for the same form sent
// again, it gives that one. Errors: Conflict with the reason for which none may begin.
func (s *Service) Start(ctx context.Context, who access.Actor, idem, examKey string) (string, error) {
	key := seal.NewKey()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		l, err := s.Self(ctx, tx, who)
		if err != nil {
			return err
		}
		x, err := s.examWhere(ctx, tx, `key = ?`, examKey)
		if err == nil && x.State == ExamDraft {
			err = errNoExam
		}
		if err != nil {
			return err
		}
		led, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			key = led
			return err
		}
		open, err := s.attempts(ctx, tx, `WHERE exam_id = ? AND learner_id = ? AND submitted_at IS NULL`, x.ID, l.ID)
		if err != nil {
			return err
		}
		if len(open) == 1 && open[0].Clock().Takes(tx.Now) {
			key = open[0].Key
			return tx.Fulfil(ctx, idem, key)
		}
		if len(open) == 1 { // its time ran out and the loop hasn't come yet
			if err := s.end(ctx, tx, who, open[0], true); err != nil {
				return err
			}
		}
		if err := s.begin(ctx, tx, who, x, l, key); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	if errors.Is(err, db.ErrUnique) || errors.Is(err, exam.AlreadyOpen) { // two tabs at once: the other one's attempt is this one's too
		return s.openAttempt(ctx, who, examKey)
	}
	return key, err
}

func (s *Service) openAttempt(ctx context.Context, who access.Actor, examKey string) (key string, err error) {
	l, err := s.Self(ctx, s.db, who)
	if err != nil {
		return "", err
	}
	err = s.db.Get(ctx, &key, `SELECT a.key FROM exam_attempts a JOIN exams x ON x.id = a.exam_id WHERE x.key = ? AND a.learner_id = ? AND a.submitted_at IS NULL`, examKey, l.ID)
	return key, err
}

func (s *Service) begin(ctx context.Context, tx *db.Tx, who access.Actor, x Exam, l Learner, key string) error {
	if !l.OnRoster(tx.Day()) {
		return fault.New(fault.Conflict, "您现在不在培训名册上，请找培训学校")
	}
	past, last, err := s.past(ctx, tx, x, l)
	if err != nil {
		return err
	}
	if x.State != ExamOpen {
		return fault.New(fault.Conflict, string(exam.Closed))
	}
	if refused := x.Rules().MayStart(tx.Now, past); refused != nil {
		return fault.Wrap(refused, fault.Conflict, refused.Error())
	}
	seed := rand.Int64()
	items, err := s.compose(ctx, tx, x.Parts, uint64(seed))
	if err != nil {
		return fault.Wrap(err, fault.Conflict, "题库里的题不够出这份卷子，请告诉培训学校")
	}
	clock := x.Rules().Start(tx.Now)
	id, err := tx.Insert(ctx, `INSERT INTO exam_attempts (key, exam_id, learner_id, no, seed, pass_percent, started_at, deadline_at, max_points) VALUES (?,?,?,?,?,?,?,?,?) RETURNING id`,
		key, x.ID, l.ID, last+1, seed, x.PassPercent, db.At(clock.Started), db.At(clock.Deadline), exam.Total(items))
	if err != nil {
		return err
	}
	for pos, it := range items {
		if _, err := tx.Exec(ctx, `INSERT INTO exam_answers (attempt_id, pos, version_id, of_points) VALUES (?,?,?,?)`, id, pos+1, it.Version, it.Points); err != nil {
			return err
		}
	}
	return s.trail.Record(ctx, tx, who, "exam.start", audit.Ref{Kind: "exam", Key: x.Key}, map[string]int{"no": last + 1})
}

// past gives the attempts that count against a new one: those since the certificate that has
// to be earned anew, all when there is none; and the number of the last attempt.
func (s *Service) past(ctx context.Context, r db.Reader, x Exam, l Learner) (past []exam.Past, last int, err error) {
	list, err := s.attempts(ctx, r, `WHERE exam_id = ? AND learner_id = ? ORDER BY no`, x.ID, l.ID)
	if err != nil {
		return nil, 0, err
	}
	var certs []Certificate
	if certs, err = s.certificates(ctx, r, `WHERE exam_id = ? AND learner_id = ? ORDER BY id DESC LIMIT 1`, x.ID, l.ID); err != nil {
		return nil, 0, err
	}
	after := int64(0)
	if len(certs) == 1 && certs[0].renewable(db.DayOf(s.db.Now())) {
		after = certs[0].AttemptID
	}
	for _, a := range list {
		last = a.No
		if a.ID > after {
			past = append(past, exam.Past{Attempt: a.Clock(), Verdict: a.Verdict})
		}
	}
	return past, last, nil
}

var errTimeUp = fault.New(fault.Conflict, "时间已经到了，到时间前存下的答案已经交卷")
var errHandedIn = fault.New(fault.Conflict, "这份卷子已经交了，不能再改")

// SaveAnswer keeps the answer to the question at a position. The deadline is the server's:
// an answer that comes later is not taken, and the attempt ends with what was kept. What is
// saved last counts, from whichever tab.
func (s *Service) SaveAnswer(ctx context.Context, who access.Actor, key string, pos int, in quizformat.Response) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	late := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, _, err := s.ownAttempt(ctx, tx, who, key, tx.Locking())
		if err != nil {
			return err
		}
		if late, err = s.closedTo(ctx, tx, who, a); err != nil || late {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE exam_answers SET response = ?, saved_at = ? WHERE attempt_id = ? AND pos = ?`, string(raw), db.At(tx.Now), a.ID, pos)
		if err == nil && n == 0 {
			err = errNoAttempt
		}
		return err
	})
	if err == nil && late {
		err = errTimeUp
	}
	return err
}

// closedTo tells whether an answer comes after the time, and ends the attempt then.
func (s *Service) closedTo(ctx context.Context, tx *db.Tx, who access.Actor, a Attempt) (late bool, err error) {
	switch a.Clock().State(tx.Now) {
	case exam.Submitted:
		return false, errHandedIn
	case exam.Expired:
		return true, s.end(ctx, tx, who, a, true)
	}
	return false, nil
}

// HandIn ends one's own attempt. A second handing-in, from another tab or by a repeated
// click, changes nothing and is no error.
func (s *Service) HandIn(ctx context.Context, who access.Actor, key string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, _, err := s.ownAttempt(ctx, tx, who, key, tx.Locking())
		if err != nil || !a.SubmittedAt.IsZero() {
			return err
		}
		return s.end(ctx, tx, who, a, !a.Clock().Takes(tx.Now))
	})
}

// CloseDue hands in the attempts whose time ran out and tells how many; the server's loop
// calls it every minute.
func (s *Service) CloseDue(ctx context.Context) (int, error) {
	due, err := s.attempts(ctx, s.db, `WHERE submitted_at IS NULL AND deadline_at <= ? ORDER BY id LIMIT 200`, db.At(s.db.Now()))
	if err != nil {
		return 0, err
	}
	for i, a := range due {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			now, err := s.attempts(ctx, tx, `WHERE id = ? AND submitted_at IS NULL`+tx.Locking(), a.ID)
			if err != nil || len(now) == 0 {
				return err
			}
			return s.end(ctx, tx, access.System("到时收卷"), now[0], true)
		})
		if err != nil {
			return i, err
		}
	}
	return len(due), nil
}
