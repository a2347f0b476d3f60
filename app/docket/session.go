package docket

import (
	"context"
	"slices"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Schedule asks for a date: mediator, room, parties and liaison are booked in one
// transaction, and those who must agree get a clock. Form fields: start, liaison.
// Errors: Conflict when one of them is taken.
func (s *Service) Schedule(ctx context.Context, who access.Actor, key string, plan Plan) (Session, error) {
	if err := who.Check(access.BookWrite); err != nil {
		return Session{}, err
	}
	var out Session
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, plan.Version)
		if err != nil {
			return err
		}
		if out, err = a.schedule(ctx, plan); err != nil {
			return err
		}
		return a.record(ctx, "session.schedule", a.planned(out.Key, plan))
	})
	return out, err
}

// planned is what the trail keeps of a date: with the reason, when somebody was called to two places.
func (a *act) planned(sessionKey string, p Plan) map[string]any {
	out := map[string]any{"session": sessionKey, "start": p.Start.Unix()}
	if a.together != "" {
		out["together"] = a.together
	}
	return out
}

func (a *act) checkPlan(p Plan) error {
	form := fault.Form{}
	form.Check(p.End.After(p.Start), "start", "结束时间应晚于开始时间")
	form.Check(p.Start.After(a.tx.Now), "start", "这个时间已经过去了，请另选")
	form.Check(!a.c.NeedsLiaison || p.LiaisonID != 0, "liaison", "这个案件需要法院联络员，请选择一位")
	return form.Err()
}

func (a *act) schedule(ctx context.Context, p Plan) (Session, error) {
	a.facts.HasMediator = a.c.MediatorID != 0
	if _, err := Find(a.c.State, VerbSchedule, a.hands, a.facts); err != nil {
		return Session{}, err
	}
	if err := a.checkPlan(p); err != nil {
		return Session{}, err
	}
	if _, live, err := a.liveSession(ctx); err != nil || live {
		if err == nil {
			err = fault.New(fault.Conflict, "已经有一个排好的时间，请先改期或取消")
		}
		return Session{}, err
	}
	want, err := a.want(ctx, &p, 0)
	if err != nil {
		return Session{}, err
	}
	booking, err := a.s.out.Bookings.Book(ctx, a.tx, want)
	if err != nil {
		return Session{}, err
	}
	ses := Session{Key: seal.NewKey(), CaseID: a.c.ID, BookingID: booking, MediatorID: a.c.MediatorID, RoomID: p.RoomID,
		LiaisonID: p.LiaisonID, StartsAt: db.At(p.Start), EndsAt: db.At(p.End), Day: db.DayOf(p.Start), State: "asked",
		MediatorAnswer: "waiting", LiaisonAnswer: "none", Version: 1}
	if p.LiaisonID != 0 {
		ses.LiaisonAnswer = "waiting"
	}
	if slices.Contains(a.hands, HandMediator) {
		ses.MediatorAnswer = "accepted" // who asks for the date has taken it
	}
	if err := a.putSession(ctx, &ses); err != nil {
		return ses, err
	}
	if p.RoomID != 0 {
		a.c.RoomID = p.RoomID
	}
	return ses, a.ask(ctx, &ses, VerbSchedule, "已安排调解时间，等待确认")
}

// want names what the booking takes: the mediator, the room, the liaison and all
// parties. Any in the plan is settled on a room and a liaison.
func (a *act) want(ctx context.Context, p *Plan, moved int64) (Want, error) {
	w := Want{CaseID: a.c.ID, CaseKey: a.c.Key, Title: "调解 " + a.c.No(), MediatorID: a.c.MediatorID, RoomID: p.RoomID,
		LiaisonID: p.LiaisonID, Start: p.Start, End: p.End}
	var err error
	if w.PartyIDs, err = comingParties(ctx, a.tx, a.c.ID); err != nil {
		return w, err
	}
	if err := a.checkPersons(ctx, *p, &w); err != nil {
		return w, err
	}
	err = a.s.out.Bookings.Choose(ctx, a.tx, &w, moved)
	p.RoomID, p.LiaisonID = w.RoomID, w.LiaisonID
	return w, err
}

// comingParties lists the parties who come to the session: both sides, and a third who agreed to.
func comingParties(ctx context.Context, r db.Reader, caseID int64) ([]int64, error) {
	var ids []int64
	return ids, r.Select(ctx, &ids, `SELECT id FROM case_parties WHERE case_id = ? AND (side <> 'third' OR consent = 'agreed') ORDER BY id`, caseID)
}

func (a *act) putSession(ctx context.Context, ses *Session) error {
	var err error
	ses.ID, err = a.tx.Insert(ctx, `INSERT INTO case_sessions (key, case_id, booking_id, mediator_id, room_id, liaison_id, starts_at,
		ends_at, day, state, mediator_answer, liaison_answer) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`, ses.Key, ses.CaseID,
		ses.BookingID, ses.MediatorID, ses.RoomID, ses.LiaisonID, ses.StartsAt, ses.EndsAt, ses.Day, ses.State,
		ses.MediatorAnswer, ses.LiaisonAnswer)
	if err != nil || ses.LiaisonID == 0 {
		return err
	}
	_, err = a.tx.Exec(ctx, `INSERT INTO case_liaisons (liaison_id, case_id, since) VALUES (?,?,?) ON CONFLICT (liaison_id, case_id) DO NOTHING`,
		ses.LiaisonID, a.c.ID, db.At(a.tx.Now))
	return err
}

// ask starts the answer clocks of a date and says whose turn it is; with nobody left to ask it is fixed.
func (a *act) ask(ctx context.Context, ses *Session, v Verb, words string) error {
	if err := endClocks(ctx, a.tx, a.c.ID, StepTerm, "met"); err != nil {
		return err
	}
	if ses.LiaisonAnswer == "waiting" {
		k, err := a.s.startClock(ctx, a.tx, a.c, StepLiaisonAnswer, 0, ses.ID)
		if err != nil {
			return err
		}
		a.c.Holder, a.c.HolderDue = HeldByLiaison, k.DueAt
		if err := a.tellAccount(ctx, ses.LiaisonID, "法院联络员", "session.asked", "案件 "+a.c.No()+" 请您参加 "+when(ses.StartsAt.Time)+" 的调解，请答复。"); err != nil {
			return err
		}
	}
	if ses.MediatorAnswer == "waiting" {
		k, err := a.s.startClock(ctx, a.tx, a.c, StepMediatorAnswer, 0, ses.ID)
		if err != nil {
			return err
		}
		a.c.Holder, a.c.HolderDue = HeldByMediator, k.DueAt
		if err := a.tellMediator(ctx, ses.MediatorID, "session.asked", "案件 "+a.c.No()+" 请您主持 "+when(ses.StartsAt.Time)+" 的调解，请答复。"); err != nil {
			return err
		}
	}
	if ses.MediatorAnswer != "waiting" && ses.LiaisonAnswer != "waiting" {
		if err := a.fix(ctx, ses); err != nil {
			return err
		}
	}
	return a.do(ctx, v, true, words)
}

// fix makes a date firm and tells everybody.
func (a *act) fix(ctx context.Context, ses *Session) error {
	if err := a.s.out.Bookings.Accept(ctx, a.tx, ses.BookingID); err != nil {
		return err
	}
	ses.State = "fixed"
	_, err := a.tx.Exec(ctx, `UPDATE case_sessions SET state = 'fixed', answered_at = ?, version = version + 1 WHERE id = ?`, db.At(a.tx.Now), ses.ID)
	if err != nil {
		return err
	}
	if err := a.holdUntil(ctx, HeldByMediator, ses.StartsAt.Time); err != nil {
		return err
	}
	a.tx.Touch("calendar")
	body := "调解申请 " + a.c.ApplyNo + "：调解定在 " + when(ses.StartsAt.Time) + "。请带身份证件；来不了请提前告诉街道窗口。"
	return a.tellParties(ctx, "session.fixed", body)
}

// liveSession reads the date that stands; there is one at most.
func (a *act) liveSession(ctx context.Context) (Session, bool, error) {
	return liveSession(ctx, a.tx, a.c.ID)
}

func liveSession(ctx context.Context, r db.Reader, caseID int64) (Session, bool, error) {
	var ses Session
	err := r.Get(ctx, &ses, `SELECT `+sessionColumns+` FROM case_sessions WHERE case_id = ? AND state IN ('asked', 'fixed', 'begun')`, caseID)
	if fault.Is(err, fault.NotFound) {
		return ses, false, nil
	}
	return ses, err == nil, err
}

// dropSession lets the date fall that stands, if one does, and tells those who were to come.
func (a *act) dropSession(ctx context.Context, why string) error {
	ses, live, err := a.liveSession(ctx)
	if err != nil || !live {
		return err
	}
	if ses.State == "begun" {
		return a.held(ctx, ses, why)
	}
	return a.dropAs(ctx, ses, "cancelled", why)
}

func (a *act) dropAs(ctx context.Context, ses Session, state, why string) error {
	_, err := a.tx.Exec(ctx, `UPDATE case_sessions SET state = ?, reason = ?, version = version + 1 WHERE id = ?`, state, why, ses.ID)
	if err != nil {
		return err
	}
	if err := a.s.out.Bookings.Cancel(ctx, a.tx, ses.BookingID, why); err != nil {
		return err
	}
	if err := a.s.outbox.Withdraw(ctx, a.tx, remindPrefix(ses.ID)); err != nil {
		return err
	}
	a.tx.Touch("calendar")
	if ses.LiaisonID != 0 {
		if err := a.tellAccount(ctx, ses.LiaisonID, "法院联络员", "session.dropped", "案件 "+a.c.No()+" 原定 "+when(ses.StartsAt.Time)+" 的调解取消："+why); err != nil {
			return err
		}
	}
	if ses.State == "asked" {
		return nil // the parties were not told of it yet
	}
	return a.tellParties(ctx, "session.dropped", "调解申请 "+a.c.ApplyNo+"：原定 "+when(ses.StartsAt.Time)+" 的调解取消，新的时间会再通知您。")
}
