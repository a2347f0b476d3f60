package accord

import (
	"context"
	"slices"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// act is one operation on one agreement inside its transaction: the row is locked by raising its version, which
// makes two last signatures wait for each other.
type act struct {
	s     *Service
	tx    *db.Tx
	who   access.Actor
	hands []docket.Hand
	a     Agreement
	c     docket.Case
}

var errStale = fault.New(fault.Conflict, "协议刚刚有了变化，请先看最新内容再操作")

// act runs one verb on an agreement. version is the one that the form showed, 0 for acts that overwrite nothing.
func (s *Service) act(ctx context.Context, who access.Actor, key string, version int64, v Verb, fn func(a *act) (action string, detail any, err error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return s.do(ctx, tx, who, `key = ?`, key, version, v, fn)
	})
}

func (s *Service) do(ctx context.Context, tx *db.Tx, who access.Actor, where string, arg any, version int64, v Verb, fn func(a *act) (string, any, error)) error {
	a := &act{s: s, tx: tx, who: who}
	err := tx.Get(ctx, &a.a, `UPDATE agreements SET version = version + 1 WHERE `+where+` RETURNING `+columns, arg)
	if fault.Is(err, fault.NotFound) {
		return errNone
	}
	if err != nil {
		return err
	}
	if a.c, a.hands, err = s.scope(ctx, tx, who, a.a.CaseID); err != nil {
		return err
	}
	if err := may(v, a.a.State, a.hands); err != nil {
		return err
	}
	if version != 0 && version != a.a.Version-1 {
		return errStale
	}
	if err := s.openBody(&a.a); err != nil {
		return err
	}
	action, detail, err := fn(a)
	if err != nil || action == "" {
		return err
	}
	tx.Touch("cases")
	return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "agreement", Key: a.a.Key}, detail)
}

// scope reads the case for somebody who may read its agreements; for anybody else there is none.
func (s *Service) scope(ctx context.Context, r db.Reader, who access.Actor, caseID int64) (docket.Case, []docket.Hand, error) {
	c, hands, err := s.cases.InScopeID(ctx, r, who, caseID)
	if err == nil && !Reads(hands) {
		err = errNone
	}
	if fault.Is(err, fault.NotFound) {
		err = errNone
	}
	return c, hands, err
}

func (s *Service) openBody(a *Agreement) error {
	text, err := s.box.Open(bodyPlace(a.Key), a.Sealed)
	if err != nil {
		return err
	}
	a.Body, err = decode(text)
	return err
}

// saveBody stores the draft's text.
func (a *act) saveBody(ctx context.Context) error {
	text, err := a.a.Body.encode()
	if err != nil {
		return err
	}
	_, err = a.tx.Exec(ctx, `UPDATE agreements SET body_sealed = ?, reached_on = ?, paper_only = ? WHERE id = ?`,
		a.s.box.Seal(bodyPlace(a.a.Key), text), a.a.ReachedOn, a.a.PaperOnly, a.a.ID)
	return err
}

// parties reads the parties of the case and their agents.
func (a *act) parties(ctx context.Context) ([]docket.PartyView, []docket.Agent, error) {
	ps, agents, err := a.s.cases.PeopleOf(ctx, a.tx, a.c.ID)
	return concerned(ps, a.a.Body), agents, err
}

// concerned leaves out third parties that neither agreed to mediate nor owe or get anything.
func concerned(ps []docket.PartyView, b Body) []docket.PartyView {
	return slices.DeleteFunc(slices.Clone(ps), func(p docket.PartyView) bool {
		named := slices.ContainsFunc(b.Duties, func(d Duty) bool { return d.From == p.Key || d.To == p.Key })
		return !p.Must() && p.Consent != "agreed" && !named
	})
}

func itoa(n int) string { return strconv.Itoa(n) }
