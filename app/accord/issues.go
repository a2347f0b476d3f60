package accord

import (
	"context"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Issue is one disputed point of a case (争议事项).
type Issue struct {
	ID        int64   `db:"id"`
	Key       string  `db:"key"`
	CaseID    int64   `db:"case_id"`
	Seq       int     `db:"seq"`
	Sealed    []byte  `db:"text_sealed"`
	SettledBy *int64  `db:"settled_by"` // the agreement in force that settles it
	DroppedAt db.Time `db:"dropped_at"`
	Text      string  `db:"-"`
}

// issues opens the points of a case that still count.
func (s *Service) issues(ctx context.Context, r db.Reader, caseID int64) ([]Issue, error) {
	var out []Issue
	err := r.Select(ctx, &out, `SELECT id, key, case_id, seq, text_sealed, settled_by, dropped_at FROM case_issues
		WHERE case_id = ? AND dropped_at IS NULL ORDER BY seq`, caseID)
	for i := range out {
		if out[i].Text, err = s.box.Open("case_issues.text:"+out[i].Key, out[i].Sealed); err != nil {
			return nil, err
		}
	}
	return out, err
}

// onCase runs an act on a case whose agreements the actor may change.
func (s *Service) onCase(ctx context.Context, who access.Actor, caseKey, action string, fn func(tx *db.Tx, c docket.Case) (done bool, err error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, hands, err := s.cases.InScope(ctx, tx, who, caseKey)
		if err != nil {
			return err
		}
		if !Acts(hands) {
			return fault.New(fault.Forbidden, "只有本案调解员和窗口受理员可以办理协议")
		}
		done, err := fn(tx, c)
		if err != nil || !done {
			return err
		}
		tx.Touch("cases")
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "case", Key: c.Key}, nil)
	})
}

// AddIssue writes down a disputed point. Drafts settle it until somebody says otherwise.
func (s *Service) AddIssue(ctx context.Context, who access.Actor, caseKey, text, idem string) error {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 2 || n > 300 {
		return fault.At("issue", "请写明争议的是什么，2 到 300 字")
	}
	return s.onCase(ctx, who, caseKey, "issue.add", func(tx *db.Tx, c docket.Case) (bool, error) {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return false, err
		}
		if err := begun(c); err != nil {
			return false, err
		}
		key := seal.NewKey()
		_, err := tx.Exec(ctx, `INSERT INTO case_issues (key, case_id, seq, text_sealed)
			SELECT ?, ?, COALESCE((SELECT seq FROM case_issues WHERE case_id = ? ORDER BY seq DESC LIMIT 1), 0) + 1, ?`,
			key, c.ID, c.ID, s.box.Seal("case_issues.text:"+key, text))
		if err != nil {
			return false, err
		}
		return true, s.settleInDrafts(ctx, tx, c.ID, key)
	})
}

// settleInDrafts ticks a new point in the drafts of the case.
func (s *Service) settleInDrafts(ctx context.Context, tx *db.Tx, caseID int64, issue string) error {
	var drafts []Agreement
	err := tx.Select(ctx, &drafts, `UPDATE agreements SET version = version + 1 WHERE case_id = ? AND state = 'draft' RETURNING `+columns, caseID)
	if err != nil {
		return err
	}
	for _, a := range drafts {
		if err := s.openBody(&a); err != nil {
			return err
		}
		a.Body.Settled = append(a.Body.Settled, issue)
		if err := (&act{s: s, tx: tx, a: a}).saveBody(ctx); err != nil {
			return err
		}
	}
	return nil
}

// DropIssue takes a point off the list that was written by mistake. What an agreement settled stays.
func (s *Service) DropIssue(ctx context.Context, who access.Actor, caseKey, issueKey string) error {
	return s.onCase(ctx, who, caseKey, "issue.drop", func(tx *db.Tx, c docket.Case) (bool, error) {
		n, err := tx.Exec(ctx, `UPDATE case_issues SET dropped_at = ? WHERE key = ? AND case_id = ? AND settled_by IS NULL AND dropped_at IS NULL`,
			db.At(tx.Now), issueKey, c.ID)
		if err == nil && n == 0 {
			return false, fault.New(fault.Conflict, "这一项已经由生效的协议解决，不能删除")
		}
		return true, err
	})
}

// begun refuses agreements of a case in which nobody has mediated yet, or which ended without one.
func begun(c docket.Case) error {
	if c.State == docket.Mediating || c.State == docket.Agreed {
		return nil
	}
	return fault.Newf(fault.Conflict, "案件现在是「%s」，只有调解中或者已达成协议的案件可以做协议", c.State.Label())
}
