package docket

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// These functions belong to the recording of sessions: app/papers calls them in its own
// transaction, after its own permission check, and writes the one audit row of the act.

// Begin starts the session: a mediator must be there and have disclosed (深圳条例22).
// On the first session the case becomes 调解中.
func (s *Service) Begin(ctx context.Context, tx *db.Tx, who access.Actor, sessionKey string) (Case, Session, error) {
	a, ses, err := s.beginSession(ctx, tx, who, sessionKey, 0)
	if err != nil {
		return Case{}, ses, err
	}
	if ses.State != "asked" && ses.State != "fixed" {
		return a.c, ses, fault.New(fault.Conflict, "这次调解已经开始或已经取消")
	}
	a.facts.HasMediator = a.c.MediatorID != 0
	if a.facts.Disclosed, err = a.disclosed(ctx); err != nil {
		return a.c, ses, err
	}
	if ses.State == "asked" { // who comes and begins has accepted
		if err := s.out.Bookings.Accept(ctx, tx, ses.BookingID); err != nil {
			return a.c, ses, err
		}
	}
	ses.State = "begun"
	if _, err := tx.Exec(ctx, `UPDATE case_sessions SET state = 'begun', version = version + 1 WHERE id = ?`, ses.ID); err != nil {
		return a.c, ses, err
	}
	if err := a.hold(ctx, HeldByMediator, StepNextSession, 0, ses.ID); err != nil {
		return a.c, ses, err
	}
	tx.Touch("calendar")
	return a.c, ses, a.do(ctx, VerbBegin, true, "开始调解")
}

// Adjourn ends the session with mediation to go on; next, when given, asks for the next date at once.
func (s *Service) Adjourn(ctx context.Context, tx *db.Tx, who access.Actor, sessionKey string, next *Plan) (Case, Session, error) {
	a, ses, err := s.beginSession(ctx, tx, who, sessionKey, 0)
	if err != nil {
		return Case{}, ses, err
	}
	if err := a.finishSession(ctx, &ses); err != nil {
		return a.c, ses, err
	}
	if err := a.hold(ctx, HeldByMediator, StepNextSession, 0, 0); err != nil {
		return a.c, ses, err
	}
	if err := a.do(ctx, VerbAdjourn, true, "本次调解结束，另约时间继续"); err != nil {
		return a.c, ses, err
	}
	if next == nil {
		return a.c, ses, nil
	}
	_, err = a.schedule(ctx, *next)
	return a.c, ses, err
}

// Agree records that the parties came to an agreement in this session (达成协议). Its
// papers, signatures and force belong to app/papers.
func (s *Service) Agree(ctx context.Context, tx *db.Tx, who access.Actor, sessionKey string) (Case, error) {
	a, ses, err := s.beginSession(ctx, tx, who, sessionKey, 0)
	if err != nil {
		return Case{}, err
	}
	if err := a.finishSession(ctx, &ses); err != nil {
		return a.c, err
	}
	a.facts.HasMediator = a.c.MediatorID != 0
	if a.facts.Disclosed, err = a.disclosed(ctx); err != nil {
		return a.c, err
	}
	if err := endStep(ctx, tx, a.c.ID, StepTerm, "met"); err != nil {
		return a.c, err
	}
	if err := a.do(ctx, VerbAgree, true, "各方达成调解协议"); err != nil {
		return a.c, err
	}
	return a.c, a.tellParties(ctx, "case.agreed", "调解申请 "+a.c.ApplyNo+"：各方达成了调解协议，请按约定签署和履行。")
}

// End ends mediation in or after a session with lawful reason and remedies (人民调解法26).
func (s *Service) End(ctx context.Context, tx *db.Tx, who access.Actor, caseID int64, e Ending) (Case, error) {
	if err := checkEnding(e, EndReasons); err != nil {
		return Case{}, err
	}
	a, err := s.beginID(ctx, tx, who, caseID)
	if err != nil {
		return Case{}, err
	}
	return a.c, a.end(ctx, VerbEnd, e, 0, "调解终止："+LabelOf(EndReasons, e.Reason)+"，已告知其他救济途径")
}

// finishSession closes a session that began.
func (a *act) finishSession(ctx context.Context, ses *Session) error {
	if ses.State != "begun" {
		return fault.New(fault.Conflict, "这次调解还没有开始，或已经结束")
	}
	ses.State = "done"
	return a.held(ctx, *ses, "")
}

// held closes a session that took place, and its booking with it.
func (a *act) held(ctx context.Context, ses Session, why string) error {
	a.tx.Touch("calendar")
	_, err := a.tx.Exec(ctx, `UPDATE case_sessions SET state = 'done', reason = ?, version = version + 1 WHERE id = ?`, why, ses.ID)
	if err != nil {
		return err
	}
	return a.s.out.Bookings.Done(ctx, a.tx, ses.BookingID)
}
