package people

import (
	"context"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
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
	NotedAt    db.Time `db:"noted_at"`
}

// registered is the issuer of a grade that came with the roster, without its paper.
const registered = "名册登记"

// AwardGrade records a grading, which becomes the mediator's grade unless a later one
// is on record. It needs access.RosterRun.
func (s *Service) AwardGrade(ctx context.Context, who access.Actor, idem, key string, g Grade) error {
	if err := who.Check(access.RosterRun); err != nil {
		return err
	}
	f := fault.Form{}
	f.Check(GradeLabel(g.Grade) != "", "grade", "请选择等级")
	f.Check(g.Issuer != "" && utf8.RuneCountInString(g.Issuer) <= 60, "issuer", "请填写评定单位，最多 60 字")
	f.Check(utf8.RuneCountInString(g.CertNo) <= 40, "cert_no", "证书编号最多 40 字")
	f.Check(isDay(g.OnDay), "on_day", "请填写评定日期")
	f.Check(g.ValidTo == "" || isDay(g.ValidTo) && g.ValidTo >= g.OnDay, "valid_to", "有效期应在评定日期之后")
	if err := f.Err(); err != nil {
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
		if err := insertGrade(ctx, tx, m.ID, g); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE mediators SET version = version + 1, grade =
			(SELECT grade FROM mediator_grades WHERE mediator_id = mediators.id ORDER BY on_day DESC, id DESC LIMIT 1) WHERE id = ?`, m.ID)
		if err != nil {
			return err
		}
		return s.noted(ctx, tx, who, m, "grade", m.State, "评定为"+GradeLabel(g.Grade)+"，"+g.Issuer)
	})
}

func insertGrade(ctx context.Context, tx *db.Tx, mediatorID int64, g Grade) error {
	_, err := tx.Exec(ctx, `INSERT INTO mediator_grades (mediator_id, grade, issuer, cert_no, on_day, valid_to, noted_at) VALUES (?,?,?,?,?,?,?)`,
		mediatorID, g.Grade, g.Issuer, g.CertNo, g.OnDay, g.ValidTo, db.At(tx.Now))
	return err
}

// GradesOf reads a mediator's gradings, newest first: for the mediator and the roster's keeper.
func (s *Service) GradesOf(ctx context.Context, who access.Actor, mediatorID int64) ([]Grade, error) {
	if err := ownOr(who, mediatorID); err != nil {
		return nil, err
	}
	var out []Grade
	return out, s.db.Select(ctx, &out, `SELECT id, mediator_id, grade, issuer, cert_no, on_day, valid_to, noted_at FROM mediator_grades
		WHERE mediator_id = ? ORDER BY on_day DESC, id DESC`, mediatorID)
}
