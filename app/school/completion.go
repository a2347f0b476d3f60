package school

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"

	"golang.org/x/text/width"
)

// SubjectKind tells what was learned, or is to be learned.
type SubjectKind string

const (
	AnySubject    SubjectKind = "any"    // whatever it is: hours of a year
	CourseSubject SubjectKind = "course" // Key is the course's code
	ExamSubject   SubjectKind = "exam"   // Key is the exam's key
	BookSubject   SubjectKind = "book"   // Key is the textbook's slug
	TitleSubject  SubjectKind = "title"  // Key is a title in words, brought to one spelling
)

// Subject names what is learned: by kind and key, so that no part of the school waits for another.
type Subject struct {
	Kind  SubjectKind
	Key   string
	Title string // as it was called then; not part of its identity
}

// Titled is the subject of a training known by its title alone.
func Titled(title string) Subject {
	title = strings.Join(strings.Fields(title), " ")
	return Subject{Kind: TitleSubject, Key: spelling(title), Title: title}
}

// spelling brings a title to one spelling: width, capitals and blanks don't matter.
func spelling(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(title))
}

// Evidence is on what a completion rests: an offering attended, an attempt passed, a file taken in.
type Evidence struct {
	Kind string `json:"kind"` // offering, attempt, book, manual, import
	Ref  string `json:"ref,omitempty"`
	Note string `json:"note,omitempty"`
	By   string `json:"-"` // who wrote it down; "" is the system
}

// Completion (完成记录) is one subject completed by one person. It is added, and may be voided.
type Completion struct {
	ID          int64       `db:"id"`
	Key         string      `db:"key"`
	LearnerID   int64       `db:"learner_id"`
	SubjectKind SubjectKind `db:"subject_kind"`
	SubjectKey  string      `db:"subject_key"`
	Title       string      `db:"title"`
	DoneOn      string      `db:"done_on"`
	Minutes     int         `db:"minutes"`
	Score       *int        `db:"score"`
	Evidence    string      `db:"evidence"`
	By          string      `db:"by_name"`
	At          db.Time     `db:"at"`
	VoidedAt    db.Time     `db:"voided_at"`
	VoidedBy    string      `db:"voided_by"`
	VoidReason  string      `db:"void_reason"`
}

const completionColumns = `id, key, learner_id, subject_kind, subject_key, title, done_on, minutes, score, evidence, by_name, at, voided_at, voided_by, void_reason`

// Grounds reads the evidence.
func (c Completion) Grounds() Evidence {
	var e Evidence
	if err := json.Unmarshal([]byte(c.Evidence), &e); err != nil {
		return Evidence{Note: c.Evidence}
	}
	return e
}

// RequirementTopic changes with requirements, what was decided for a person, and completions.
const RequirementTopic = "requirements"

// Complete writes down that somebody completed a subject, in the caller's transaction, and
// gives the row's id. The caller has checked who may say so, and writes the audit line. score
// is in per cent, nil for none.
func (s *Service) Complete(ctx context.Context, tx *db.Tx, learnerID int64, sub Subject, on string, minutes int, score *int, e Evidence) (int64, error) {
	if sub.Kind == AnySubject || sub.Key == "" {
		return 0, fault.New(fault.Invalid, "没有写明完成了什么")
	}
	if on > tx.Day() {
		return 0, fault.At("done_on", "完成日期不能在今天之后")
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return 0, err
	}
	by := e.By
	if by == "" {
		by = bySystem
	}
	tx.Touch(RequirementTopic)
	return tx.Insert(ctx, `INSERT INTO completions (key, learner_id, subject_kind, subject_key, title, done_on, minutes, score, evidence, by_name, at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?) RETURNING id`, seal.NewKey(), learnerID, sub.Kind, sub.Key, sub.Title, on, minutes, score, string(raw), by, db.At(tx.Now))
}

// bySystem stands where no person acted.
const bySystem = "系统"

// Void takes a completion out of what counts, with the reason; the row stays. It is written
// in the caller's transaction, whose audit line is the caller's.
func (s *Service) Void(ctx context.Context, tx *db.Tx, id int64, by, reason string) error {
	tx.Touch(RequirementTopic)
	return tx.Swap(ctx, `UPDATE completions SET voided_at = ?, voided_by = ?, void_reason = ? WHERE id = ? AND voided_at IS NULL`, db.At(tx.Now), by, reason, id)
}

// VoidCompletion voids a completion as the trainer. It needs access.School.
func (s *Service) VoidCompletion(ctx context.Context, who access.Actor, key, reason string) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var c Completion
		if err := tx.Get(ctx, &c, `SELECT `+completionColumns+` FROM completions WHERE key = ?`, key); err != nil {
			return err
		}
		if err := s.Void(ctx, tx, c.ID, who.Name, reason); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "completion.void", audit.Ref{Kind: "completion", Key: key}, map[string]string{"reason": reason})
	})
}

func reasonOf(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > 100 {
		return "", fault.At("reason", "请写明理由，最多 100 字")
	}
	return text, nil
}

// RecordDone writes down a training that left no trace here: one held elsewhere, on paper. It
// counts for the requirement that it is recorded under. It needs access.School.
func (s *Service) RecordDone(ctx context.Context, who access.Actor, idem string, q Requirement, l Learner, title, on string, minutes int, note string) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	sub := q.Subject()
	if sub.Kind == AnySubject {
		sub = Titled(title)
	}
	f := fault.Form{}
	f.Check(sub.Key != "" && utf8.RuneCountInString(sub.Title) <= 60, "title", "请写明是什么培训，最多 60 字")
	f.Check(dayOK(on) && on >= "1980-01-01", "done_on", "请填完成的日期")
	f.Check(!dayOK(on) || on <= db.DayOf(s.db.Now()), "done_on", "完成日期不能在今天之后")
	f.Check(minutes >= 0 && minutes <= 60_000, "hours", "学时请写 0 到 1000 的数字")
	note = strings.TrimSpace(note)
	f.Check(note != "" && utf8.RuneCountInString(note) <= 100, "note", "请写明依据，如证书编号、签到表，最多 100 字")
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		if _, err := s.Complete(ctx, tx, l.ID, sub, on, minutes, nil, Evidence{Kind: "manual", Note: note, By: who.Name}); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "completion.record", audit.Ref{Kind: "learner", Key: l.Key}, map[string]any{"subject": sub.Title, "on": on, "minutes": minutes})
	})
}
