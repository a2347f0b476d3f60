package school

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/db"
)

// CertificateFilter narrows the trainer's list; zero fields don't.
type CertificateFilter struct {
	Words    string // in the name or the serial
	Exam     string // key
	Standing string // valid, expiring (within 90 days), expired, revoked
	Before   int64
	Limit    int
}

// Certificates lists certificates, newest first, and the Before of the page after. It needs
// access.School.
func (s *Service) Certificates(ctx context.Context, who access.Actor, f CertificateFilter) (list []Certificate, next int64, err error) {
	if err := who.Check(access.School); err != nil {
		return nil, 0, err
	}
	today := s.db.Now()
	day, soon := db.DayOf(today), db.DayOf(today.AddDate(0, 0, NoticeDays[0]))
	where, args := `WHERE 1 = 1`, []any{}
	add := func(on bool, cond string, arg ...any) {
		if on {
			where, args = where+" AND "+cond, append(args, arg...)
		}
	}
	like := "%" + db.EscapeLike(strings.TrimSpace(f.Words)) + "%"
	add(f.Words != "", `(person_name LIKE ? ESCAPE '\' OR serial LIKE ? ESCAPE '\')`, like, like)
	add(f.Exam != "", `exam_id = (SELECT id FROM exams WHERE key = ?)`, f.Exam)
	add(f.Standing == "valid", `state = 'valid' AND (valid_to = '' OR valid_to >= ?)`, day)
	add(f.Standing == "expiring", `state = 'valid' AND valid_to <> '' AND valid_to >= ? AND valid_to <= ?`, day, soon)
	add(f.Standing == "expired", `state = 'valid' AND valid_to <> '' AND valid_to < ?`, day)
	add(f.Standing == "revoked", `state = 'revoked'`)
	add(f.Before != 0, `id < ?`, f.Before)
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	list, err = s.certificates(ctx, s.db, where+` ORDER BY id DESC LIMIT ?`, append(args, f.Limit+1)...)
	if len(list) > f.Limit {
		list = list[:f.Limit]
		next = list[f.Limit-1].ID
	}
	return list, next, err
}

// Certificate reads a certificate: for its holder and the trainer. Errors: NotFound to others.
func (s *Service) Certificate(ctx context.Context, who access.Actor, key string) (Certificate, error) {
	if who.Can(access.School) {
		return s.certificateWhere(ctx, s.db, `key = ?`, key)
	}
	l, err := s.Self(ctx, s.db, who)
	if err != nil {
		return Certificate{}, err
	}
	return s.certificateWhere(ctx, s.db, `key = ? AND learner_id = ?`, key, l.ID)
}

// OwnCertificates lists the actor's certificates, newest first.
func (s *Service) OwnCertificates(ctx context.Context, who access.Actor) ([]Certificate, error) {
	l, err := s.Self(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	return s.certificates(ctx, s.db, `WHERE learner_id = ? ORDER BY id DESC`, l.ID)
}

// Verify finds a certificate by the token printed on it; for everybody.
func (s *Service) Verify(ctx context.Context, token string) (Certificate, error) {
	return s.certificateWhere(ctx, s.db, `token = ?`, token)
}

// NoticeDays are how many days before its end a holder is told, the first one first.
var NoticeDays = []int{90, 60, 30, 7}

// RemindExpiring tells holders whose certificates run out, once at each of the NoticeDays:
// after a pause only at the newest that is still of use. It tells how many; the loop calls it.
func (s *Service) RemindExpiring(ctx context.Context) (int, error) {
	now := s.db.Now()
	day := db.DayOf(now)
	due, err := s.certificates(ctx, s.db, `WHERE state = 'valid' AND valid_to <> '' AND valid_to >= ? AND valid_to <= ? AND noticed > `+strconv.Itoa(NoticeDays[len(NoticeDays)-1])+` ORDER BY id`,
		day, db.DayOf(now.AddDate(0, 0, NoticeDays[0])))
	if err != nil {
		return 0, err
	}
	n := 0
	for _, c := range due {
		at, left := 0, c.DaysLeft(day)
		for _, d := range NoticeDays {
			if left <= d {
				at = d
			}
		}
		if at >= c.Noticed {
			continue
		}
		if err := s.remind(ctx, c, at, left); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Service) remind(ctx context.Context, c Certificate, at, left int) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Swap(ctx, `UPDATE certificates SET noticed = ? WHERE id = ? AND noticed > ?`, at, c.ID, at); err != nil {
			return err
		}
		l, err := find(ctx, tx, `id = ?`, c.LearnerID)
		if err != nil {
			return err
		}
		end, _ := time.Parse(time.DateOnly, c.ValidTo)
		when := fmt.Sprintf("还有 %d 天", left)
		if left == 0 {
			when = "就在今天"
		}
		body := fmt.Sprintf("您的证书 %s（%s）%s到期，%s，请在此前重新通过考试。", c.Serial, c.Title, end.Format("2006年1月2日"), when)
		if err := s.tell(ctx, tx, l, "certificate.expiring", fmt.Sprintf("certificate-expiring:%s:%d", c.Key, at), body); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, access.System("证书到期提醒"), "certificate.remind", audit.Ref{Kind: "certificate", Key: c.Serial}, at)
	})
}
