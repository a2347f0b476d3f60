package school

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/school/exam"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// CertificateState is what became of a certificate.
type CertificateState string

// The states of a certificate. Whether one in force has run out is told by its day.
const (
	CertificateValid      CertificateState = "valid"
	CertificateRevoked    CertificateState = "revoked"
	CertificateSuperseded CertificateState = "superseded" // a newer one took its place
)

// Certificate (证书) says that a person passed. Names and validity are those of the day of issue.
type Certificate struct {
	ID            int64            `db:"id"`
	Key           string           `db:"key"`
	Serial        string           `db:"serial"`
	Token         string           `db:"token"` // of the public check page
	LearnerID     int64            `db:"learner_id"`
	ExamID        int64            `db:"exam_id"`
	AttemptID     int64            `db:"attempt_id"`
	IssuedOn      string           `db:"issued_on"`
	ValidTo       string           `db:"valid_to"` // last day, "" for no end
	Person        string           `db:"person_name"`
	Title         string           `db:"course_title"`
	State         CertificateState `db:"state"`
	RevokedReason string           `db:"revoked_reason"`
	RevokedBy     string           `db:"revoked_by"`
	RevokedOn     string           `db:"revoked_on"`
	Noticed       int              `db:"noticed"`
	Version       int64            `db:"version"`
}

const certificateColumns = `id, key, serial, token, learner_id, exam_id, attempt_id, issued_on, valid_to, person_name, course_title, state, revoked_reason, revoked_by, revoked_on, noticed, version`

// InForce tells whether the certificate counts on a day.
func (c Certificate) InForce(day string) bool {
	return c.State == CertificateValid && (c.ValidTo == "" || c.ValidTo >= day)
}

// Standing is the state in words, on a day.
func (c Certificate) Standing(day string) string {
	switch {
	case c.State == CertificateRevoked:
		return "已撤销"
	case c.State == CertificateSuperseded:
		return "已换新证"
	case !c.InForce(day):
		return "已过期"
	}
	return "有效"
}

// DaysLeft is how many days it counts after the day; -1 when it has run out, has no end or
// is not in force.
func (c Certificate) DaysLeft(day string) int {
	end, err := time.Parse(time.DateOnly, c.ValidTo)
	today, bad := time.Parse(time.DateOnly, day)
	if err != nil || bad != nil || !c.InForce(day) {
		return -1
	}
	return int(end.Sub(today) / (24 * time.Hour))
}

// renewable tells whether it may be earned anew: it counts no more, or not much longer.
func (c Certificate) renewable(day string) bool {
	left := c.DaysLeft(day)
	return !c.InForce(day) || c.ValidTo != "" && left <= NoticeDays[0]
}

// Masked is the holder's name as strangers see it: 张*安.
func (c Certificate) Masked() string {
	r := []rune(c.Person)
	switch len(r) {
	case 0, 1:
		return "*"
	case 2:
		return string(r[0]) + "*"
	}
	return string(r[0]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1])
}

func (s *Service) certificates(ctx context.Context, r db.Reader, rest string, args ...any) ([]Certificate, error) {
	var out []Certificate
	return out, r.Select(ctx, &out, `SELECT `+certificateColumns+` FROM certificates `+rest, args...)
}

var errNoCertificate = fault.New(fault.NotFound, "没有这份证书")

func (s *Service) certificateWhere(ctx context.Context, r db.Reader, where string, args ...any) (Certificate, error) {
	list, err := s.certificates(ctx, r, `WHERE `+where, args...)
	if err == nil && len(list) == 0 {
		err = errNoCertificate
	}
	if err != nil {
		return Certificate{}, err
	}
	return list[0], nil
}

// Condition is what a certificate needs beside the exam; missing says in Chinese what isn't
// there yet, "" when it is.
type Condition func(ctx context.Context, r db.Reader, x Exam, l Learner) (missing string, err error)

// Certify issues the certificate of an exam when the person has passed since the last one and
// every condition holds; otherwise it does nothing. Whoever fulfils a condition calls it again.
func (s *Service) Certify(ctx context.Context, tx *db.Tx, examID, learnerID int64) error {
	x, err := s.examWhere(ctx, tx, `id = ?`, examID)
	if err != nil || !x.Certify {
		return err
	}
	passed, err := s.attempts(ctx, tx, `WHERE exam_id = ? AND learner_id = ? AND verdict = ? AND id > (SELECT COALESCE(MAX(attempt_id), 0) FROM certificates
		WHERE exam_id = ? AND learner_id = ?) ORDER BY id DESC LIMIT 1`, examID, learnerID, exam.Passed, examID, learnerID)
	if err != nil || len(passed) == 0 {
		return err
	}
	l, err := find(ctx, tx, `id = ?`, learnerID)
	if err != nil {
		return err
	}
	for _, c := range s.Conditions {
		if missing, err := c(ctx, tx, x, l); err != nil || missing != "" {
			return err
		}
	}
	return s.issue(ctx, tx, x, l, passed[0])
}

// certifyAll issues the certificates of those who passed before the exam gave any.
func (s *Service) certifyAll(ctx context.Context, tx *db.Tx, examID int64) error {
	var passed []int64
	if err := tx.Select(ctx, &passed, `SELECT DISTINCT learner_id FROM exam_attempts WHERE exam_id = ? AND verdict = ? ORDER BY learner_id`, examID, exam.Passed); err != nil {
		return err
	}
	for _, id := range passed {
		if err := s.Certify(ctx, tx, examID, id); err != nil {
			return err
		}
	}
	return nil
}

// issue writes a certificate; one before it that still stood is superseded.
func (s *Service) issue(ctx context.Context, tx *db.Tx, x Exam, l Learner, a Attempt) error {
	if _, err := tx.Exec(ctx, `UPDATE certificates SET state = 'superseded', version = version + 1 WHERE exam_id = ? AND learner_id = ? AND state = 'valid'`, x.ID, l.ID); err != nil {
		return err
	}
	c := Certificate{Key: seal.NewKey(), Token: seal.NewKey() + seal.NewKey(), IssuedOn: tx.Day(), Person: l.Name, Title: x.Title}
	if x.ValidMonths > 0 {
		c.ValidTo = addMonths(c.IssuedOn, x.ValidMonths)
	}
	id, err := tx.Insert(ctx, `INSERT INTO certificates (key, serial, token, learner_id, exam_id, attempt_id, issued_on, valid_to, person_name, course_title) VALUES (?,?,?,?,?,?,?,?,?,?) RETURNING id`,
		c.Key, c.Key, c.Token, l.ID, x.ID, a.ID, c.IssuedOn, c.ValidTo, c.Person, c.Title)
	if err != nil {
		return err
	}
	c.Serial = fmt.Sprintf("PX%s-%06d", c.IssuedOn[:4], id) // the row's number: no two are equal, none is given again
	if _, err := tx.Exec(ctx, `UPDATE certificates SET serial = ? WHERE id = ?`, c.Serial, id); err != nil {
		return err
	}
	tx.Touch("school")
	if err := s.trail.Record(ctx, tx, access.System("培训学校"), "certificate.issue", audit.Ref{Kind: "certificate", Key: c.Serial}, nil); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, l, "certificate.issued", "certificate:"+c.Key, fmt.Sprintf("您通过了“%s”，证书编号 %s，可以在“我的考试”里查看和打印。", x.Title, c.Serial)); err != nil {
		return err
	}
	return s.refreshGate(ctx, tx, l)
}

// tell leaves a message in the inbox of a learner who has an account.
func (s *Service) tell(ctx context.Context, tx *db.Tx, l Learner, kind, dedup, body string) error {
	if l.AccountID == nil {
		return nil
	}
	return s.outbox.Send(ctx, tx, notify.Message{Kind: kind, Channel: notify.InApp, AccountID: *l.AccountID, ToName: l.Name, Body: body, Dedup: dedup})
}

// addMonths gives the same day of a later month, its last one where it has no such day.
func addMonths(day string, months int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	last := time.Date(t.Year(), t.Month()+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
	if t.Day() < last.Day() {
		last = time.Date(last.Year(), last.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return last.Format(time.DateOnly)
}

// Revoke takes a certificate back, with the reason, and tells its holder. It needs access.School.
func (s *Service) Revoke(ctx context.Context, who access.Actor, key, reason string, version int64) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > 200 {
		return fault.At("reason", "请写明理由，最多 200 字")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.certificateWhere(ctx, tx, `key = ?`, key)
		if err != nil {
			return err
		}
		if c.State != CertificateValid {
			return fault.Newf(fault.Conflict, "这份证书%s，不用再撤销", c.Standing(tx.Day()))
		}
		err = tx.Swap(ctx, `UPDATE certificates SET state = 'revoked', revoked_reason = ?, revoked_by = ?, revoked_on = ?, version = version + 1 WHERE id = ? AND state = 'valid' AND version = ?`,
			reason, who.Name, tx.Day(), c.ID, version)
		if err != nil {
			return err
		}
		tx.Touch("school")
		if err := s.trail.Record(ctx, tx, who, "certificate.revoke", audit.Ref{Kind: "certificate", Key: c.Serial}, nil); err != nil {
			return err
		}
		if err := s.uncomplete(ctx, tx, c.AttemptID, c.LearnerID, who.Name, "证书被撤销："+reason); err != nil {
			return err
		}
		l, err := find(ctx, tx, `id = ?`, c.LearnerID)
		if err != nil {
			return err
		}
		if err := s.tell(ctx, tx, l, "certificate.revoked", "certificate-revoked:"+c.Key, fmt.Sprintf("您的证书 %s（%s）已被撤销，理由：%s。重新通过考试后会发新证。", c.Serial, c.Title, reason)); err != nil {
			return err
		}
		return s.refreshGate(ctx, tx, l)
	})
}
