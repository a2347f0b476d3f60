package docket

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

var errNoSession = fault.New(fault.NotFound, "没有找到这次调解安排")

// beginSession opens an act on the case of a session; version is the session's, 0 for none.
func (s *Service) beginSession(ctx context.Context, tx *db.Tx, who access.Actor, sessionKey string, version int64) (*act, Session, error) {
	var ses Session
	err := tx.Get(ctx, &ses, `SELECT `+sessionColumns+` FROM case_sessions WHERE key = ?`, sessionKey)
	if fault.Is(err, fault.NotFound) {
		return nil, ses, errNoSession
	}
	if err != nil {
		return nil, ses, err
	}
	a, err := s.beginID(ctx, tx, who, ses.CaseID)
	if fault.Is(err, fault.NotFound) {
		return nil, ses, errNoSession
	}
	if err != nil {
		return nil, ses, err
	}
	// Read again behind the case's lock: an answer may have come meanwhile.
	if err := tx.Get(ctx, &ses, `SELECT `+sessionColumns+` FROM case_sessions WHERE id = ?`, ses.ID); err != nil {
		return nil, ses, err
	}
	if version != 0 && version != ses.Version {
		return nil, ses, errStale
	}
	a.facts.LiveSession = ses.Live()
	return a, ses, nil
}

// AnswerSession is the mediator's or the liaison's yes or no to a date. A mediator's no
// passes the case to the next of the ranking; a liaison's gives it back to the clerk.
func (s *Service) AnswerSession(ctx context.Context, who access.Actor, sessionKey string, accept bool, reason string) error {
	reason = strings.TrimSpace(reason)
	if !accept && reason == "" {
		return fault.At("reason", "请写一句不能参加的原因，方便另行安排")
	}
	return s.retryWithoutBooking(ctx, func(tx *db.Tx, rebook bool) error {
		a, ses, err := s.beginSession(ctx, tx, who, sessionKey, 0)
		if err != nil {
			return err
		}
		if err := a.answerSession(ctx, ses, accept, reason, rebook); err != nil {
			return err
		}
		return a.record(ctx, "session.answer", map[string]any{"session": ses.Key, "accept": accept})
	})
}

func (a *act) answerSession(ctx context.Context, ses Session, accept bool, reason string, rebook bool) error {
	if _, err := Find(a.c.State, VerbAnswer, a.hands, a.facts); err != nil {
		return err
	}
	asMediator := ses.MediatorAnswer == "waiting" && slices.Contains(a.hands, HandMediator)
	asLiaison := ses.LiaisonAnswer == "waiting" && ses.LiaisonID == liaisonID(a.who) && ses.LiaisonID != 0
	switch {
	case !asMediator && !asLiaison:
		return fault.New(fault.Conflict, "这次安排不需要您答复，或已经答复过了")
	case asMediator && accept:
		return a.taken(ctx, ses, "mediator")
	case asMediator:
		return a.passOn(ctx, ses, "declined", reason, rebook)
	case accept:
		return a.taken(ctx, ses, "liaison")
	}
	return a.liaisonGone(ctx, ses, "declined", reason)
}

// taken notes a yes; when everybody asked has said it, the date is fixed.
func (a *act) taken(ctx context.Context, ses Session, by string) error {
	step, words := StepMediatorAnswer, "调解员接受了调解时间"
	if by == "liaison" {
		ses.LiaisonAnswer = "accepted"
		step, words = StepLiaisonAnswer, "法院联络员接受了调解时间"
	} else {
		ses.MediatorAnswer = "accepted"
	}
	_, err := a.tx.Exec(ctx, `UPDATE case_sessions SET mediator_answer = ?, liaison_answer = ?, version = version + 1 WHERE id = ?`,
		ses.MediatorAnswer, ses.LiaisonAnswer, ses.ID)
	if err != nil {
		return err
	}
	if err := endStep(ctx, a.tx, a.c.ID, step, "met"); err != nil {
		return err
	}
	if ses.MediatorAnswer != "waiting" && ses.LiaisonAnswer != "waiting" && ses.State == "asked" {
		if err := a.fix(ctx, &ses); err != nil {
			return err
		}
		words += "，时间已确定"
	} else if err := a.stillAsked(ctx, ses); err != nil {
		return err
	}
	return a.do(ctx, VerbAnswer, true, words)
}

// stillAsked puts the case into the hands of whoever has not answered yet.
func (a *act) stillAsked(ctx context.Context, ses Session) error {
	step, holder := StepMediatorAnswer, HeldByMediator
	if ses.MediatorAnswer != "waiting" {
		step, holder = StepLiaisonAnswer, HeldByLiaison
	}
	var due db.Time
	err := a.tx.Get(ctx, &due, `SELECT due_at FROM case_clocks WHERE case_id = ? AND step = ? AND ended_at IS NULL ORDER BY id DESC LIMIT 1`,
		a.c.ID, step)
	if fault.Is(err, fault.NotFound) {
		return nil // the clock ran out already; the case lies with the clerk
	}
	a.c.Holder, a.c.HolderDue = holder, due
	return err
}

// passOn takes the case from a mediator who declined or was silent to the next of the
// ranking, at the same time if that is free; without a next one the clerk must choose.
func (a *act) passOn(ctx context.Context, ses Session, how, reason string, rebook bool) error {
	left := a.c.MediatorID
	_, err := a.tx.Exec(ctx, `UPDATE case_sessions SET mediator_answer = ?, answered_at = ? WHERE id = ?`, how, db.At(a.tx.Now), ses.ID)
	if err != nil {
		return err
	}
	if err := a.dropAs(ctx, ses, "declined", "调解员"+AnswerLabel(how)); err != nil {
		return err
	}
	if err := a.dismiss(ctx, AnswerLabel(how)+" "+reason); err != nil {
		return err
	}
	from := a.c.State
	if from == Scheduled {
		a.c.State = Accepted // as VerbCancel: without a date the case waits to be scheduled
	}
	if err := a.toClerk(ctx); err != nil {
		return err
	}
	a.facts.LiveSession = true
	a.c.State = from
	if err := a.do(ctx, VerbCancel, true, "调解员"+AnswerLabel(how)+"，时间另行安排"); err != nil {
		return err
	}
	if how == "silent" {
		if err := a.tellMediator(ctx, left, "session.passed", "案件 "+a.c.No()+" 在期限内没有等到您的答复，已转给下一位调解员。"); err != nil {
			return err
		}
	}
	next, err := a.nextRanked(ctx)
	if err != nil || next == 0 {
		return err
	}
	return a.asSystem(func() error {
		if err := a.appoint(ctx, next, "next", 0, "按当事人的排序递补了调解员"); err != nil {
			return err
		}
		if !rebook || !ses.StartsAt.After(a.tx.Now) {
			return nil
		}
		p := Plan{RoomID: ses.RoomID, LiaisonID: ses.LiaisonID, Start: ses.StartsAt.Time, End: ses.EndsAt.Time}
		if _, err := a.schedule(ctx, p); err != nil {
			return rebookError{err}
		}
		return nil
	})
}

// asSystem carries out what follows by rule from somebody's act, whatever that person's own hands may do.
func (a *act) asSystem(fn func() error) error {
	hands := a.hands
	a.hands = []Hand{HandSystem}
	defer func() { a.hands = hands }()
	return fn()
}

// rebookError says that only the wish to keep the time failed.
type rebookError struct{ cause error }

func (e rebookError) Error() string { return "rebook: " + e.cause.Error() }
func (e rebookError) Unwrap() error { return e.cause }

// retryWithoutBooking runs an act that would like to book again; when the time is taken
// for the new mediator, the act is done without. A failed statement ends a
// transaction on PostgreSQL, so this needs a second one.
func (s *Service) retryWithoutBooking(ctx context.Context, fn func(tx *db.Tx, rebook bool) error) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error { return fn(tx, true) })
	if _, again := errors.AsType[rebookError](err); !again || fault.Is(err, fault.Internal) || fault.Is(err, fault.Unavailable) {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return fn(tx, false) })
}

// liaisonGone gives a date back to the clerk because the liaison won't come.
func (a *act) liaisonGone(ctx context.Context, ses Session, how, reason string) error {
	_, err := a.tx.Exec(ctx, `UPDATE case_sessions SET liaison_answer = ?, answered_at = ? WHERE id = ?`, how, db.At(a.tx.Now), ses.ID)
	if err != nil {
		return err
	}
	return a.cancel(ctx, ses, "declined", "法院联络员"+AnswerLabel(how)+" "+reason)
}

// cancel lets a date fall; the case waits to be scheduled again.
func (a *act) cancel(ctx context.Context, ses Session, state, why string) error {
	if err := a.dropAs(ctx, ses, state, why); err != nil {
		return err
	}
	return a.backToClerk(ctx, VerbCancel, "原定的调解时间取消，另行安排")
}

// backToClerk puts the case back to be scheduled again. The clerk's time runs by the state
// that the verb leads to, which do enters afterwards.
func (a *act) backToClerk(ctx context.Context, v Verb, words string) error {
	from := a.c.State
	to, err := Find(from, v, a.hands, a.facts)
	if err != nil {
		return err
	}
	a.c.State = to
	if err := a.toClerk(ctx); err != nil {
		return err
	}
	a.c.State = from
	return a.do(ctx, v, true, words)
}

// CancelSession lets a date fall. Form field: reason.
func (s *Service) CancelSession(ctx context.Context, who access.Actor, sessionKey string, version int64, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.At("reason", "请写明取消的原因")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, ses, err := s.beginSession(ctx, tx, who, sessionKey, version)
		if err != nil {
			return err
		}
		if ses.State == "begun" {
			return fault.New(fault.Conflict, "调解已经开始，不能取消；可以休会或终止")
		}
		if err := a.cancel(ctx, ses, "cancelled", reason); err != nil {
			return err
		}
		return a.record(ctx, "session.cancel", map[string]any{"session": ses.Key})
	})
}

// Reschedule moves a date; the booking keeps its identity, its sequence grows, and whoever
// must agree is asked anew. Form fields: start, liaison, reason.
func (s *Service) Reschedule(ctx context.Context, who access.Actor, sessionKey string, version int64, plan Plan) error {
	if err := who.Check(access.BookWrite); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, ses, err := s.beginSession(ctx, tx, who, sessionKey, version)
		if err != nil {
			return err
		}
		if err := a.reschedule(ctx, ses, plan); err != nil {
			return err
		}
		return a.record(ctx, "session.move", a.planned(ses.Key, plan))
	})
}

func (a *act) reschedule(ctx context.Context, ses Session, p Plan) error {
	if _, err := Find(a.c.State, VerbMove, a.hands, a.facts); err != nil {
		return err
	}
	if ses.State == "begun" {
		return fault.New(fault.Conflict, "调解已经开始，不能改期")
	}
	if err := a.checkPlan(p); err != nil {
		return err
	}
	want, err := a.want(ctx, &p, ses.BookingID)
	if err != nil {
		return err
	}
	if err := a.s.out.Bookings.Reschedule(ctx, a.tx, ses.BookingID, want); err != nil {
		return err
	}
	told := ses.State == "fixed"
	was := ses.StartsAt.Time
	ses.RoomID, ses.LiaisonID, ses.StartsAt, ses.EndsAt, ses.State = p.RoomID, p.LiaisonID, db.At(p.Start), db.At(p.End), "asked"
	ses.MediatorAnswer, ses.LiaisonAnswer = "waiting", "none"
	if slices.Contains(a.hands, HandMediator) {
		ses.MediatorAnswer = "accepted"
	}
	if p.LiaisonID != 0 {
		ses.LiaisonAnswer = "waiting"
	}
	if err := a.moveSession(ctx, ses); err != nil {
		return err
	}
	if err := a.s.outbox.Withdraw(ctx, a.tx, remindPrefix(ses.ID)); err != nil {
		return err
	}
	if told {
		body := "调解申请 " + a.c.ApplyNo + "：原定 " + when(was) + " 的调解改期，新的时间确认后再通知您。"
		if err := a.tellParties(ctx, "session.moved", body); err != nil {
			return err
		}
	}
	if p.RoomID != 0 {
		a.c.RoomID = p.RoomID
	}
	return a.ask(ctx, &ses, VerbMove, "调解改期，等待确认")
}

func (a *act) moveSession(ctx context.Context, ses Session) error {
	_, err := a.tx.Exec(ctx, `UPDATE case_sessions SET room_id = ?, liaison_id = ?, starts_at = ?, ends_at = ?, day = ?, state = 'asked',
		mediator_answer = ?, liaison_answer = ?, sequence = sequence + 1, version = version + 1 WHERE id = ?`, ses.RoomID, ses.LiaisonID,
		ses.StartsAt, ses.EndsAt, ses.StartsAt.Day(), ses.MediatorAnswer, ses.LiaisonAnswer, ses.ID)
	if err != nil || ses.LiaisonID == 0 {
		return err
	}
	_, err = a.tx.Exec(ctx, `INSERT INTO case_liaisons (liaison_id, case_id, since) VALUES (?,?,?) ON CONFLICT (liaison_id, case_id) DO NOTHING`,
		ses.LiaisonID, a.c.ID, db.At(a.tx.Now))
	return err
}
