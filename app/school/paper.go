package school

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Part is a part of an exam's paper: named questions, or so many drawn at random. A named
// question is asked in the latest version that can be.
type Part struct {
	Codes    []string        `json:"codes,omitempty"`
	Count    int             `json:"count,omitempty"`
	Tags     []string        `json:"tags,omitempty"`
	Kind     quizformat.Kind `json:"kind,omitempty"`
	Category string          `json:"category,omitempty"`
	Points   int             `json:"points,omitempty"` // for each question; 0 takes the question's own
}

// Size is how many questions the part has.
func (p Part) Size() int {
	if len(p.Codes) > 0 {
		return len(p.Codes)
	}
	return p.Count
}

// ExamState is where an exam stands.
type ExamState string

// The states of an exam.
const (
	ExamDraft  ExamState = "draft"  // 准备中
	ExamOpen   ExamState = "open"   // 已发布
	ExamClosed ExamState = "closed" // 已停考
)

var examStateLabels = map[ExamState]string{ExamDraft: "准备中", ExamOpen: "已发布", ExamClosed: "已停考"}

// Label is the Chinese word.
func (s ExamState) Label() string { return examStateLabels[s] }

// ExamRules are what a trainer sets of an exam.
type ExamRules struct {
	Title       string    `db:"title"`
	Notes       string    `db:"notes"`
	PassPercent int       `db:"pass_percent"`
	Minutes     int       `db:"minutes"`      // 0: no limit
	MaxAttempts int       `db:"max_attempts"` // 0: no limit
	OpensOn     string    `db:"opens_on"`
	ClosesOn    string    `db:"closes_on"` // the last day
	Show        exam.Show `db:"show_answers"`
	Certify     bool      `db:"certify"`
	ValidMonths int       `db:"valid_months"` // of a certificate; 0: no end
	Parts       []Part    `db:"-"`
	Version     int64     `db:"version"`
}

// Exam (考试) is an exam of the school.
type Exam struct {
	ID  int64  `db:"id"`
	Key string `db:"key"`
	ExamRules
	Slots    string    `db:"slots"`
	Gate     bool      `db:"gate"`      // 上架前须通过
	GateFrom string    `db:"gate_from"` // the day from which it counts for those listed before
	State    ExamState `db:"state"`
}

const examColumns = `id, key, title, notes, pass_percent, minutes, max_attempts, opens_on, closes_on, show_answers, certify, valid_months, version, slots, gate, gate_from, state`

// Rules are those for the clock and the verdict.
func (x ExamRules) Rules() exam.Rules {
	r := exam.Rules{Minutes: x.Minutes, MaxAttempts: x.MaxAttempts, PassPercent: x.PassPercent, Show: x.Show}
	if t, err := time.ParseInLocation(time.DateOnly, x.OpensOn, db.Shanghai); err == nil {
		r.OpensAt = t
	}
	if t, err := time.ParseInLocation(time.DateOnly, x.ClosesOn, db.Shanghai); err == nil {
		r.ClosesAt = t.AddDate(0, 0, 1)
	}
	return r
}

// Size is how many questions a paper has.
func (x ExamRules) Size() int {
	n := 0
	for _, p := range x.Parts {
		n += p.Size()
	}
	return n
}

func (s *Service) exams(ctx context.Context, r db.Reader, rest string, args ...any) ([]Exam, error) {
	var out []Exam
	if err := r.Select(ctx, &out, `SELECT `+examColumns+` FROM exams `+rest, args...); err != nil {
		return nil, err
	}
	return out, unfold(out)
}

// unfold reads the parts of papers.
func unfold(list []Exam) error {
	for i := range list {
		if err := json.Unmarshal([]byte(list[i].Slots), &list[i].Parts); err != nil {
			return err
		}
	}
	return nil
}

var errNoExam = fault.New(fault.NotFound, "没有这场考试")

func (s *Service) examWhere(ctx context.Context, r db.Reader, where string, arg any) (Exam, error) {
	list, err := s.exams(ctx, r, `WHERE `+where, arg)
	if err == nil && len(list) == 0 {
		err = errNoExam
	}
	if err != nil {
		return Exam{}, err
	}
	return list[0], nil
}

// Exams lists all exams, newest first. It needs access.School.
func (s *Service) Exams(ctx context.Context, who access.Actor) ([]Exam, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	return s.exams(ctx, s.db, `ORDER BY id DESC`)
}

// Exam reads an exam. It needs access.School.
func (s *Service) Exam(ctx context.Context, who access.Actor, key string) (Exam, error) {
	if err := who.Check(access.School); err != nil {
		return Exam{}, err
	}
	return s.examWhere(ctx, s.db, `key = ?`, key)
}

// mostQuestions bounds a paper.
const mostQuestions = 200

func (x *ExamRules) check() error {
	x.Title, x.Notes = strings.TrimSpace(x.Title), strings.TrimSpace(x.Notes)
	isDay := func(text string) bool { _, err := time.Parse(time.DateOnly, text); return err == nil }
	f := fault.Form{}
	f.Check(x.Title != "" && utf8.RuneCountInString(x.Title) <= 60, "title", "请填写名称，最多 60 字")
	f.Check(utf8.RuneCountInString(x.Notes) <= 1000, "notes", "说明最多 1000 字")
	f.Check(x.PassPercent >= 1 && x.PassPercent <= 100, "pass", "及格线请填 1 到 100 之间的整数")
	f.Check(x.Minutes >= 0 && x.Minutes <= 600, "minutes", "时长请填 0 到 600 分钟，0 表示不限时")
	f.Check(x.MaxAttempts >= 0 && x.MaxAttempts <= 99, "attempts", "次数请填 0 到 99，0 表示不限次数")
	f.Check(x.OpensOn == "" || isDay(x.OpensOn), "opens", "请填写日期")
	f.Check(x.ClosesOn == "" || isDay(x.ClosesOn), "closes", "请填写日期")
	f.Check(x.OpensOn == "" || x.ClosesOn == "" || x.OpensOn <= x.ClosesOn, "closes", "最后一天不能早于第一天")
	f.Check(slices.Contains([]exam.Show{exam.ShowNever, exam.ShowAfterPass, exam.ShowAfterClose}, x.Show), "show", "请选择什么时候给看答案")
	f.Check(x.Show != exam.ShowAfterClose || x.ClosesOn != "", "closes", "选了“考试结束后给看”，请填写最后一天")
	f.Check(x.ValidMonths >= 0 && x.ValidMonths <= 120, "months", "有效期请填 0 到 120 个月，0 表示长期")
	f.Check(x.Size() > 0, "parts", "请至少指定一道题，或写明抽几道")
	f.Check(x.Size() <= mostQuestions, "parts", "一份卷子最多 200 题")
	for _, p := range x.Parts {
		f.Check(p.Points >= 0 && p.Points <= 100, "parts", "每题分值请填 0 到 100，0 表示用题目自己的分值")
		f.Check(p.Count >= 0 && p.Count <= mostQuestions, "parts", "抽题数请填 0 到 200")
	}
	return f.Err()
}

// CreateExam makes an exam that is not published yet and gives its key. It needs access.School.
func (s *Service) CreateExam(ctx context.Context, who access.Actor, idem string, x ExamRules) (string, error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	if err := x.check(); err != nil {
		return "", err
	}
	key := seal.NewKey()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		led, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			key = led
			return err
		}
		if _, err := s.compose(ctx, tx, x.Parts, 1); err != nil {
			return err
		}
		slots, err := json.Marshal(x.Parts)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO exams (key, title, notes, slots, pass_percent, minutes, max_attempts, opens_on, closes_on, show_answers, certify, valid_months, created_at)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, key, x.Title, x.Notes, string(slots), x.PassPercent, x.Minutes, x.MaxAttempts, x.OpensOn, x.ClosesOn, x.Show, x.Certify, x.ValidMonths, db.At(tx.Now))
		if err != nil {
			return err
		}
		tx.Touch("school")
		if err := s.trail.Record(ctx, tx, who, "exam.create", audit.Ref{Kind: "exam", Key: key}, nil); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	return key, err
}

// EditExam changes an exam. Attempts that were begun keep the rules they were begun under.
// It needs access.School.
func (s *Service) EditExam(ctx context.Context, who access.Actor, key string, x ExamRules) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	if err := x.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.examWhere(ctx, tx, `key = ?`, key)
		if err != nil {
			return err
		}
		if old.Gate && !x.Certify {
			return fault.At("certify", "这场考试是上架条件，不能不发证书；请先取消上架条件")
		}
		if _, err := s.compose(ctx, tx, x.Parts, 1); err != nil {
			return err
		}
		slots, err := json.Marshal(x.Parts)
		if err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE exams SET title=?, notes=?, slots=?, pass_percent=?, minutes=?, max_attempts=?, opens_on=?, closes_on=?, show_answers=?, certify=?, valid_months=?, version=version+1
			WHERE id=? AND version=?`, x.Title, x.Notes, string(slots), x.PassPercent, x.Minutes, x.MaxAttempts, x.OpensOn, x.ClosesOn, x.Show, x.Certify, x.ValidMonths, old.ID, x.Version)
		if err != nil {
			return err
		}
		tx.Touch("school")
		if err := s.trail.Record(ctx, tx, who, "exam.edit", audit.Ref{Kind: "exam", Key: key}, map[string]int{"pass": x.PassPercent, "minutes": x.Minutes}); err != nil {
			return err
		}
		if !old.Certify && x.Certify {
			return s.certifyAll(ctx, tx, old.ID)
		}
		return nil
	})
}

// ExamMove is one lawful step of an exam.
type ExamMove struct {
	Verb, Label string
	From        []ExamState
	To          ExamState
}

// ExamMoves is the life of an exam. Closing takes no new attempts; running ones end in their time.
var ExamMoves = []ExamMove{
	{"publish", "发布", []ExamState{ExamDraft, ExamClosed}, ExamOpen},
	{"close", "停考", []ExamState{ExamOpen}, ExamClosed},
}

// Moves gives the steps that can be taken now.
func (x Exam) Moves() []ExamMove {
	return slices.DeleteFunc(slices.Clone(ExamMoves), func(m ExamMove) bool { return !slices.Contains(m.From, x.State) })
}

// MoveExam publishes an exam, when a paper can be made, or closes it. It needs access.School.
func (s *Service) MoveExam(ctx context.Context, who access.Actor, key, verb string, version int64) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	i := slices.IndexFunc(ExamMoves, func(m ExamMove) bool { return m.Verb == verb })
	if i < 0 {
		return fault.New(fault.NotFound, "没有这个操作")
	}
	move := ExamMoves[i]
	return s.db.Write(ctx, func(tx *db.Tx) error {
		x, err := s.examWhere(ctx, tx, `key = ?`, key)
		if err != nil {
			return err
		}
		if !slices.Contains(move.From, x.State) {
			return fault.Newf(fault.Conflict, "这场考试现在是“%s”，不能%s", x.State.Label(), move.Label)
		}
		if move.To == ExamOpen {
			if _, err := s.compose(ctx, tx, x.Parts, 1); err != nil {
				return err
			}
		} else if x.Gate {
			return fault.New(fault.Conflict, "这场考试是上架条件，停考后没有人能取得证书；请先取消上架条件")
		}
		if err := tx.Swap(ctx, `UPDATE exams SET state=?, version=version+1 WHERE id=? AND state=? AND version=?`, move.To, x.ID, x.State, version); err != nil {
			return err
		}
		tx.Touch("school")
		return s.trail.Record(ctx, tx, who, "exam."+verb, audit.Ref{Kind: "exam", Key: key}, nil)
	})
}

// compose makes a paper of the bank as it is now.
func (s *Service) compose(ctx context.Context, tx *db.Tx, parts []Part, seed uint64) ([]exam.Item, error) {
	bank, err := s.candidates(ctx, tx)
	if err != nil {
		return nil, err
	}
	ready := map[string]int64{} // code → latest version that can be asked
	var rows []struct {
		Code string `db:"code"`
		ID   int64  `db:"id"`
	}
	if err := tx.Select(ctx, &rows, `SELECT q.code, MAX(v.id) AS id`+versionTables+`WHERE v.state = 'ready' GROUP BY q.code`); err != nil {
		return nil, err
	}
	for _, r := range rows {
		ready[r.Code] = r.ID
	}
	var slots []exam.Slot
	var of []int // slot → part
	for i, p := range parts {
		for _, code := range p.Codes {
			if ready[code] == 0 {
				return nil, fault.Newf(fault.Invalid, "第%d部分：题号 %s 不在题库里，或者还是草稿、已停用", i+1, code)
			}
			slots, of = append(slots, exam.Slot{Version: ready[code], Points: p.Points}), append(of, i)
		}
		if len(p.Codes) == 0 {
			d := exam.Draw{Count: p.Count, Tags: p.Tags, Category: p.Category}
			if p.Kind != "" {
				d.Kinds = []quizformat.Kind{p.Kind}
			}
			slots, of = append(slots, exam.Slot{Draw: d, Points: p.Points}), append(of, i)
		}
	}
	items, err := exam.Compose(slots, bank, seed)
	return items, partFault(err, of)
}

// partFault tells of a paper that can't be made, by the parts that the trainer wrote.
func partFault(err error, of []int) error {
	if short, ok := errors.AsType[*exam.Shortage](err); ok {
		told := exam.Shortage{Asked: short.Asked, Found: short.Found}
		for _, at := range short.Slots {
			if !slices.Contains(told.Slots, of[at]) {
				told.Slots = append(told.Slots, of[at])
			}
		}
		return fault.At("parts", told.Error())
	}
	if not, ok := errors.AsType[*exam.NotReady](err); ok {
		return fault.Newf(fault.Invalid, "第%d部分：同一道题写了两次，或者不能用", of[not.Slot]+1)
	}
	return err
}
