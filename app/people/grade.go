package people

import (
	"context"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/db"
)

// Grade is one grading of a mediator (等级评定): who gave it, by which paper, for how long.
type Grade struct {
	ID         int64   `db:"id"`
	MediatorID int64   `db:"mediator_id"`
	Grade      string  `db:"grade"` // a code of Grades
	Issuer     string  `db:"issuer"`
	CertNo     string  `db:"cert_no"`
	OnDay      string  `db:"on_day"`
	ValidTo    string  `db:"valid_to"` // last day, "" for no end
	FileKey    string  `db:"file_key"` // the paper as stored, "" for none
	NotedAt    db.Time `db:"noted_at"`
}

// registered is the issuer of a grade that came with the roster, without its paper.
const registered = "名册登记"

// GradePaper is what the files of gradings belong to, by the mediator's key.
const GradePaper = "mediator-grade"

// newestGrade is the grade that a mediator holds by the gradings: the newest one still
// valid, a paper before what the roster says without one.
const newestGrade = `COALESCE((SELECT g.grade FROM mediator_grades g WHERE g.mediator_id = mediators.id AND (g.valid_to = '' OR g.valid_to >= ?)
	ORDER BY CASE WHEN g.issuer = '` + registered + `' THEN 1 ELSE 0 END, g.on_day DESC, g.id DESC LIMIT 1), '')`

// check refuses what can be seen to be wrong; today is the last day a grading can be of.
func (g *Grade) check(today string) error {
	g.Issuer, g.CertNo = tidy(g.Issuer), tidy(g.CertNo)
	f := fault.Form{}
	f.Check(GradeLabel(g.Grade) != "", "grade", "请选择等级")
	f.Check(g.Issuer != "" && utf8.RuneCountInString(g.Issuer) <= 60, "issuer", "请填写评定单位，最多 60 字")
	f.Check(utf8.RuneCountInString(g.CertNo) <= 40, "cert_no", "证书编号最多 40 字")
	f.Check(isDay(g.OnDay), "on_day", "请填写评定日期")
	f.Check(!isDay(g.OnDay) || g.OnDay <= today, "on_day", "评定日期不能晚于今天")
	f.Check(g.ValidTo == "" || isDay(g.ValidTo) && g.ValidTo >= g.OnDay, "valid_to", "有效期应在评定日期之后")
	return f.Err()
}

// Papered tells whether a paper was shown for it; else the roster only says so.
func (g Grade) Papered() bool { return g.Issuer != registered }

// AwardGrade records a grading, which becomes the mediator's grade unless a later one
// is on record or it is past its time. paper is its certificate as prepared, nil for
// none. It needs access.RosterRun.
func (s *Service) AwardGrade(ctx context.Context, who access.Actor, idem, key string, g Grade, paper *files.File) error {
	if err := who.Check(access.RosterRun); err != nil {
		return err
	}
	if err := g.check(db.DayOf(s.db.Now())); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if paper != nil {
			if err := s.Files.Attach(ctx, tx, *paper, GradePaper, m.Key, who.Name); err != nil {
				return err
			}
			g.FileKey = paper.Key
		}
		if err := insertGrade(ctx, tx, m.ID, g); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, `UPDATE mediators SET version = version + 1, grade = `+newestGrade+` WHERE id = ?`, tx.Day(), m.ID); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, m, "grade", m.State, "评定为"+GradeLabel(g.Grade)+"，"+g.Issuer)
	})
}

// LapseGrades takes off the grades whose time is over and gives the number; daily.
func (s *Service) LapseGrades(ctx context.Context) (n int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var ids []int64
		err := tx.Select(ctx, &ids, `SELECT id FROM mediators WHERE EXISTS (SELECT 1 FROM mediator_grades x WHERE x.mediator_id = mediators.id
			AND x.valid_to <> '' AND x.valid_to < ?) AND grade <> `+newestGrade+` ORDER BY id`, tx.Day(), tx.Day())
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := tx.Exec(ctx, `UPDATE mediators SET version = version + 1, grade = `+newestGrade+` WHERE id = ?`, tx.Day(), id); err != nil {
				return err
			}
			m, err := s.MediatorByID(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := s.noted(ctx, tx, access.System("定时任务"), m, "grade-lapse", m.State, "等级有效期已过，现为"+GradeLabel(m.Grade)); err != nil {
				return err
			}
		}
		n = len(ids)
		return nil
	})
	return n, err
}

// yearsForFirst is how long somebody mediates before the first grade.
const yearsForFirst = 2

// FirstGrading gives the day from which a mediator without a grade can apply for 四级,
// "" where no rule gives a day: for higher grades each round of gradings sets its own
// (中华全国人民调解员协会《关于开展人民调解员等级评定工作的意见》).
func (m Mediator) FirstGrading() string {
	joined, err := time.Parse(time.DateOnly, m.JoinedOn)
	if err != nil || m.Grade != "" {
		return ""
	}
	return joined.AddDate(yearsForFirst, 0, 0).Format(time.DateOnly)
}

func insertGrade(ctx context.Context, tx *db.Tx, mediatorID int64, g Grade) error {
	_, err := tx.Exec(ctx, `INSERT INTO mediator_grades (mediator_id, grade, issuer, cert_no, on_day, valid_to, file_key, noted_at) VALUES (?,?,?,?,?,?,?,?)`,
		mediatorID, g.Grade, g.Issuer, g.CertNo, g.OnDay, g.ValidTo, g.FileKey, db.At(tx.Now))
	return err
}

// GradesOf reads a mediator's gradings, newest first: for the mediator and the roster's keeper.
func (s *Service) GradesOf(ctx context.Context, who access.Actor, mediatorID int64) ([]Grade, error) {
	if err := ownOr(who, mediatorID); err != nil {
		return nil, err
	}
	var out []Grade
	return out, s.db.Select(ctx, &out, `SELECT id, mediator_id, grade, issuer, cert_no, on_day, valid_to, file_key, noted_at FROM mediator_grades
		WHERE mediator_id = ? ORDER BY on_day DESC, id DESC`, mediatorID)
}

// GradePaperOf finds the stored paper of one of a mediator's gradings, for the mediator
// and the roster's keeper. Errors: NotFound, to others too.
func (s *Service) GradePaperOf(ctx context.Context, who access.Actor, key, fileKey string) (files.File, error) {
	m, err := s.own(ctx, s.db, who, key)
	if err != nil {
		return files.File{}, err
	}
	f, err := s.Files.Find(ctx, s.db, fileKey)
	if err == nil && (f.RefKind != GradePaper || f.RefKey != m.Key) {
		err = fault.New(fault.NotFound, "没有找到这份证明")
	}
	return f, err
}
