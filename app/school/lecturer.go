package school

import (
	"context"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Lecturer (讲师) is one of the street's own people, or somebody invited.
type Lecturer struct {
	ID        int64  `db:"id"`
	Key       string `db:"key"`
	LearnerID *int64 `db:"learner_id"` // nil for an invited one
	Name      string `db:"name"`
	Title     string `db:"title"`
	Org       string `db:"org"`
	Topics    string `db:"topics"`
	Bio       string `db:"bio"`
	ConsentOn string `db:"consent_on"` // the day of the consent to be shown, "" without
	RetiredOn string `db:"retired_on"`
	Version   int64  `db:"version"`
}

const lecturerColumns = `id, key, learner_id, name, title, org, topics, bio, consent_on, retired_on, version`

// LecturerInput is what a trainer writes of a lecturer. Form fields: learner, name,
// title, org, topics, bio, consent.
type LecturerInput struct {
	LearnerKey string // of the roster, "" for somebody invited
	Name       string
	Title      string
	Org        string
	Topics     string
	Bio        string
	Consent    bool // agreed that name, title and bio are shown to the public
	Version    int64
}

// Lecturers lists those who teach by name, then the former ones.
func (s *Service) Lecturers(ctx context.Context, r db.Reader) ([]Lecturer, error) {
	var out []Lecturer
	return out, r.Select(ctx, &out, `SELECT `+lecturerColumns+` FROM lecturers ORDER BY retired_on <> '', name, id`)
}

// Lecturer finds a lecturer by key.
func (s *Service) Lecturer(ctx context.Context, r db.Reader, key string) (Lecturer, error) {
	var l Lecturer
	return l, r.Get(ctx, &l, `SELECT `+lecturerColumns+` FROM lecturers WHERE key = ?`, key)
}

func (in LecturerInput) check() error {
	f := fault.Form{}
	f.Check(in.LearnerKey != "" || in.Name != "", "name", "请填写姓名，或从培训名册里选一位")
	for _, x := range []struct {
		name, text string
		most       int
	}{{"name", in.Name, 40}, {"title", in.Title, 60}, {"org", in.Org, 60}, {"topics", in.Topics, 200}, {"bio", in.Bio, 1000}} {
		f.Check(utf8.RuneCountInString(x.text) <= x.most, x.name, "写得太长了，请精简")
	}
	return f.Err()
}

// AddLecturer adds somebody who teaches. It needs access.School.
func (s *Service) AddLecturer(ctx context.Context, who access.Actor, idem string, in LecturerInput) (key string, err error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		at, first, err := tx.Claim(ctx, idem)
		if key = at; err != nil || !first {
			return err
		}
		var learner *int64
		if in.LearnerKey != "" {
			l, err := s.Learner(ctx, tx, in.LearnerKey)
			if err != nil {
				return fault.At("learner", "培训名册里没有这个人")
			}
			var n int
			if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM lecturers WHERE learner_id = ?`, l.ID); err != nil {
				return err
			}
			if n > 0 {
				return fault.At("learner", l.Name+"已经是讲师了")
			}
			learner, in.Name = &l.ID, l.Name
		}
		key = seal.NewKey()
		_, err = tx.Exec(ctx, `INSERT INTO lecturers (key, learner_id, name, title, org, topics, bio, consent_on, created_at) VALUES (?,?,?,?,?,?,?,?,?)`,
			key, learner, in.Name, in.Title, in.Org, in.Topics, in.Bio, consented("", in.Consent, tx.Day()), db.At(tx.Now))
		if err != nil {
			return err
		}
		tx.Touch("courses")
		if err := s.trail.Record(ctx, tx, who, "lecturer.add", audit.Ref{Kind: "lecturer", Key: key}, nil); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	return key, err
}

// consented keeps the day of a consent that goes on.
func consented(before string, on bool, today string) string {
	switch {
	case !on:
		return ""
	case before != "":
		return before
	}
	return today
}

// SaveLecturer changes what is written of a lecturer; withdrawing the consent hides it at
// once. It needs access.School.
func (s *Service) SaveLecturer(ctx context.Context, who access.Actor, key string, in LecturerInput) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.alterLecturer(ctx, who, key, in.Version, "lecturer.save", func(tx *db.Tx, l Lecturer) error {
		if l.LearnerID != nil {
			in.Name = l.Name // as on the roster
		}
		_, err := tx.Exec(ctx, `UPDATE lecturers SET name=?, title=?, org=?, topics=?, bio=?, consent_on=? WHERE id = ?`,
			in.Name, in.Title, in.Org, in.Topics, in.Bio, consented(l.ConsentOn, in.Consent, tx.Day()), l.ID)
		return err
	})
}

// RetireLecturer ends or, with on false, takes up again somebody's teaching. It needs access.School.
func (s *Service) RetireLecturer(ctx context.Context, who access.Actor, key string, version int64, on bool) error {
	return s.alterLecturer(ctx, who, key, version, "lecturer.retire", func(tx *db.Tx, l Lecturer) error {
		day := ""
		if on {
			day = tx.Day()
		}
		_, err := tx.Exec(ctx, `UPDATE lecturers SET retired_on = ? WHERE id = ?`, day, l.ID)
		return err
	})
}

func (s *Service) alterLecturer(ctx context.Context, who access.Actor, key string, version int64, action string, act func(*db.Tx, Lecturer) error) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		l, err := s.Lecturer(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE lecturers SET version = version + 1 WHERE id = ? AND version = ?`, l.ID, version); err != nil {
			return err
		}
		if err := act(tx, l); err != nil {
			return err
		}
		tx.Touch("courses")
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "lecturer", Key: key}, nil)
	})
}

// resourceOfLecturer is what a lecturer takes of the calendar: one's own people have one
// time, whether they teach, learn or mediate.
func (s *Service) resourceOfLecturer(ctx context.Context, tx *db.Tx, id int64) (int64, error) {
	var l Lecturer
	if err := tx.Get(ctx, &l, `SELECT `+lecturerColumns+` FROM lecturers WHERE id = ?`, id); err != nil {
		return 0, err
	}
	if l.LearnerID == nil {
		return s.calendar.Ensure(ctx, tx, calendar.LecturerKind, l.ID, l.Name, true)
	}
	person, err := find(ctx, tx, `id = ?`, *l.LearnerID)
	if err != nil {
		return 0, err
	}
	return s.resourceOf(ctx, tx, person)
}

// resourceOf is a person's place in the calendar: a mediator's and a liaison's own one,
// so that a class can't stand beside a mediation; everybody else has one as a learner.
func (s *Service) resourceOf(ctx context.Context, tx *db.Tx, l Learner) (int64, error) {
	id, err := s.timeOf(ctx, tx, l)
	if err != nil || id != 0 {
		return id, err
	}
	return s.calendar.Ensure(ctx, tx, calendar.LearnerKind, l.ID, l.Name, true)
}

// timeOf finds a person's place in the calendar, 0 when nothing was ever booked.
func (s *Service) timeOf(ctx context.Context, r db.Reader, l Learner) (int64, error) {
	if l.MediatorID != nil {
		if id, err := s.calendar.ResourceID(ctx, r, calendar.MediatorKind, *l.MediatorID); err != nil || id != 0 {
			return id, err
		}
	}
	if l.AccountID != nil {
		if id, err := s.calendar.ResourceID(ctx, r, calendar.LiaisonKind, *l.AccountID); err != nil || id != 0 {
			return id, err
		}
	}
	return s.calendar.ResourceID(ctx, r, calendar.LearnerKind, l.ID)
}
