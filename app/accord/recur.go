package accord

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Link notes that a case is an earlier dispute come back (纠纷再次发生). The earlier case counts as re-opened, once,
// however often it comes back.
func (s *Service) Link(ctx context.Context, who access.Actor, caseKey, earlierKey string) error {
	return s.onCase(ctx, who, caseKey, "case.recurs", func(tx *db.Tx, c docket.Case) (bool, error) {
		old, _, err := s.cases.InScope(ctx, tx, who, earlierKey)
		if err != nil {
			return false, err
		}
		if old.AppliedAt.After(c.AppliedAt.Time) || old.ID == c.ID {
			return false, fault.At("earlier", "只能关联在这件之前申请的案件")
		}
		n, err := tx.Exec(ctx, `INSERT INTO case_recurrences (case_id, earlier_id, by_name, at) VALUES (?,?,?,?) ON CONFLICT (case_id) DO NOTHING`,
			c.ID, old.ID, who.Name, db.At(tx.Now))
		if err == nil && n == 0 {
			return false, fault.New(fault.Conflict, "这个案件已经关联了以前的案件")
		}
		if err != nil {
			return false, err
		}
		return true, s.countReopened(ctx, tx, old, 1)
	})
}

// Unlink takes a wrong link back.
func (s *Service) Unlink(ctx context.Context, who access.Actor, caseKey string) error {
	return s.onCase(ctx, who, caseKey, "case.recurs-not", func(tx *db.Tx, c docket.Case) (bool, error) {
		var earlier int64
		if err := tx.Get(ctx, &earlier, `DELETE FROM case_recurrences WHERE case_id = ? RETURNING earlier_id`, c.ID); err != nil {
			return false, err
		}
		old, _, err := s.cases.InScopeID(ctx, tx, access.System("关联"), earlier)
		if err != nil {
			return false, err
		}
		return true, s.countReopened(ctx, tx, old, -1)
	})
}

// countReopened counts the earlier case when this link is its only one.
func (s *Service) countReopened(ctx context.Context, tx *db.Tx, old docket.Case, n int64) error {
	var links int
	if err := tx.Get(ctx, &links, `SELECT COUNT(*) FROM case_recurrences WHERE earlier_id = ?`, old.ID); err != nil {
		return err
	}
	if n > 0 && links != 1 || n < 0 && links != 0 {
		return nil
	}
	return bump(ctx, tx, old, CountReopened, n)
}

// Recurrence is how a case hangs together with others.
type Recurrence struct {
	Earlier *docket.Case  // the case it comes from
	Later   []docket.Case // the cases that came of it
}

func (s *Service) recurrence(ctx context.Context, r db.Reader, who access.Actor, caseID int64) (Recurrence, error) {
	var rows []struct {
		Case    int64 `db:"case_id"`
		Earlier int64 `db:"earlier_id"`
	}
	err := r.Select(ctx, &rows, `SELECT case_id, earlier_id FROM case_recurrences WHERE case_id = ? UNION SELECT case_id, earlier_id FROM case_recurrences WHERE earlier_id = ? ORDER BY 1`, caseID, caseID)
	var out Recurrence
	for _, row := range rows {
		other := row.Case
		if row.Case == caseID {
			other = row.Earlier
		}
		c, _, err := s.cases.InScopeID(ctx, r, who, other)
		if fault.Is(err, fault.NotFound) {
			continue // not the reader's
		}
		if err != nil {
			return out, err
		}
		if row.Case == caseID {
			out.Earlier = &c
		} else {
			out.Later = append(out.Later, c)
		}
	}
	return out, err
}
