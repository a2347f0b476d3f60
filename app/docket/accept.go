package docket

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Kinds of docket numbers (law.md 3.14): written and oral cases may be counted apart.
const (
	KindWritten = "民调"
	KindOral    = "口调"
)

// AcceptCase takes the case (受理): every side has consented, the docket number is
// given and the term starts by rule, all in one transaction. Form fields: committee, kind, type, mediator.
func (s *Service) AcceptCase(ctx context.Context, who access.Actor, key string, in Acceptance) (number string, err error) {
	if err := who.Check(access.CaseTake); err != nil {
		return "", err
	}
	if in.Kind == "" {
		in.Kind = KindWritten
	}
	form := fault.Form{}
	form.Check(in.CommitteeID != 0, "committee", "请选择由哪个人民调解委员会受理")
	form.Check(in.Kind == KindWritten || in.Kind == KindOral, "kind", "请选择案号种类")
	if err := form.Err(); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, in.Version)
		if err != nil {
			return err
		}
		if err := a.accept(ctx, in); err != nil {
			return err
		}
		number = *a.c.Number
		return a.record(ctx, "case.accept", map[string]any{"number": number})
	})
	return number, err
}

func (a *act) accept(ctx context.Context, in Acceptance) error {
	if err := a.review(ctx, in); err != nil {
		return err
	}
	a.c.CommitteeID, a.c.RoomID, a.c.NeedsLiaison = in.CommitteeID, in.RoomID, a.c.NeedsLiaison || in.NeedsLiaison
	a.c.AcceptedAt, a.c.AcceptedDay = db.At(a.tx.Now), a.tx.Day()
	number, err := a.s.takeNumber(ctx, a.tx, in.CommitteeID, in.Kind, a.c.ID)
	if err != nil {
		return err
	}
	a.c.Number = &number
	if err := a.hold(ctx, HeldByClerk, StepSchedule, 0, 0); err != nil {
		return err
	}
	term, err := a.s.startClock(ctx, a.tx, a.c, StepTerm, 0, 0)
	if err != nil {
		return err
	}
	a.c.DueOn, a.c.DueRule, a.c.Provisional = term.DueOn, term.RuleName, term.Provisional
	if err := a.do(ctx, VerbAccept, true, "已受理，案号 "+number); err != nil {
		return err
	}
	if in.MediatorID != 0 && in.MediatorID != a.c.MediatorID {
		if err := a.appointBy(ctx, in.MediatorID, in.Over); err != nil {
			return err
		}
	}
	return a.tellParties(ctx, "case.accepted", "调解申请 "+a.c.ApplyNo+" 已受理，案号 "+number+"。接下来会约定调解时间。")
}

// review checks what stands in the way of acceptance and takes the clerk's corrections.
func (a *act) review(ctx context.Context, in Acceptance) error {
	parties, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	a.facts.AllAgreed = !slices.ContainsFunc(parties, func(p PartyView) bool { return p.Must() && p.Consent != "agreed" })
	if in.TypeCode == "" || in.TypeCode == a.c.TypeCode {
		return nil
	}
	_, ok, err := a.s.out.TypeName(ctx, a.tx, in.TypeCode)
	if err == nil && !ok {
		err = fault.At("type", "请选择是哪一类纠纷")
	}
	a.c.TypeCode = in.TypeCode
	return err
}

// takeNumber gives the next docket number of the committee, kind and year. The series
// row is locked until the commit, so there are no gaps; a number is never given twice.
func (s *Service) takeNumber(ctx context.Context, tx *db.Tx, committeeID int64, kind string, caseID int64) (string, error) {
	com, err := s.out.Committee(ctx, tx, committeeID)
	if err != nil {
		return "", err
	}
	n, err := nextNumber(ctx, tx, com, kind, tx.Day())
	if err != nil {
		return "", err
	}
	return n.number, n.keep(ctx, tx, caseID, tx.Now)
}

// docketNumber is a number taken from its series.
type docketNumber struct {
	committee int64
	kind      string
	year      int
	seq       int64
	number    string
}

func nextNumber(ctx context.Context, tx *db.Tx, com Committee, kind, day string) (docketNumber, error) {
	n := docketNumber{committee: com.ID, kind: kind}
	var err error
	if n.year, err = strconv.Atoi(day[:4]); err != nil {
		return n, err
	}
	err = tx.Get(ctx, &n.seq, `INSERT INTO number_series (committee_id, kind, year, last) VALUES (?,?,?,1)
		ON CONFLICT (committee_id, kind, year) DO UPDATE SET last = number_series.last + 1 RETURNING last`, com.ID, kind, n.year)
	n.number = Number(n.year, com.Org, kind, n.seq)
	return n, err
}

func (n docketNumber) keep(ctx context.Context, tx *db.Tx, caseID int64, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO docket_numbers (committee_id, kind, year, seq, number, case_id, at) VALUES (?,?,?,?,?,?,?)`,
		n.committee, n.kind, n.year, n.seq, n.number, caseID, db.At(at))
	return err
}

// Number spells a docket number: (2026)演示民调字第001号.
func Number(year int, org, kind string, seq int64) string {
	return fmt.Sprintf("(%d)%s%s字第%03d号", year, org, kind, seq)
}

// VoidNumber marks a docket number as void with a reason; the number stays taken, and the
// case gets the next one of its series (law.md 3.14).
func (s *Service) VoidNumber(ctx context.Context, who access.Actor, key string, version int64, reason string) (string, error) {
	if err := who.Check(access.CaseTake); err != nil {
		return "", err
	}
	if reason == "" {
		return "", fault.At("reason", "请写明作废的原因")
	}
	var number string
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, version)
		if err != nil {
			return err
		}
		if a.c.Number == nil {
			return fault.New(fault.Conflict, "这个案件还没有案号")
		}
		old := *a.c.Number
		var row struct {
			CommitteeID int64  `db:"committee_id"`
			Kind        string `db:"kind"`
		}
		err = tx.Get(ctx, &row, `UPDATE docket_numbers SET void_at = ?, void_reason = ? WHERE number = ? AND void_at IS NULL
			RETURNING committee_id, kind`, db.At(tx.Now), reason, old)
		if err != nil {
			return err
		}
		if number, err = s.takeNumber(ctx, tx, row.CommitteeID, row.Kind, a.c.ID); err != nil {
			return err
		}
		a.c.Number = &number
		if err := a.save(ctx); err != nil {
			return err
		}
		if err := a.event(ctx, VerbAccept, a.c.State, true, "案号 "+old+" 作废，改用 "+number); err != nil {
			return err
		}
		return a.record(ctx, "case.renumber", map[string]any{"old": old, "new": number, "reason": reason})
	})
	return number, err
}
