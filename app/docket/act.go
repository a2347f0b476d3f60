package docket

import (
	"context"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// act is one operation on one case inside its transaction: the case is locked, read
// once, changed in memory, and written back with its event, counters and clocks.
type act struct {
	s     *Service
	tx    *db.Tx
	who   access.Actor
	hands []Hand
	old   Case
	c     Case
	facts Facts

	together string // why somebody is called to two places at once
}

// lock reads the case for change. Raising the version first makes writers of one
// case wait for each other on PostgreSQL, as they do anyway on SQLite.
func lock(ctx context.Context, tx *db.Tx, where string, arg any) (Case, error) {
	var c Case
	err := tx.Get(ctx, &c, `UPDATE cases AS c SET version = version + 1 WHERE `+where+` RETURNING `+returned, arg)
	if fault.Is(err, fault.NotFound) {
		err = errNoCase
	}
	return c, err
}

// begin opens an act of a staff member (or the system) on a case in scope. version
// is the one that the form showed; 0 for acts that overwrite nothing.
func (s *Service) begin(ctx context.Context, tx *db.Tx, who access.Actor, key string, version int64) (*act, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return nil, err
	}
	c, err := lock(ctx, tx, `key = ?`, key)
	if err != nil {
		return nil, err
	}
	return s.beginLocked(ctx, tx, who, c, version)
}

// beginFor opens an act of a staff member for one party of the case.
func (s *Service) beginFor(ctx context.Context, tx *db.Tx, who access.Actor, key, partyKey string) (*act, PartyView, error) {
	a, err := s.begin(ctx, tx, who, key, 0)
	if err != nil {
		return nil, PartyView{}, err
	}
	p, err := partyByKey(ctx, tx, a.c.ID, partyKey)
	return a, p, err
}

func (s *Service) beginID(ctx context.Context, tx *db.Tx, who access.Actor, id int64) (*act, error) {
	c, err := lock(ctx, tx, `id = ?`, id)
	if err != nil {
		return nil, err
	}
	return s.beginLocked(ctx, tx, who, c, 0)
}

func (s *Service) beginLocked(ctx context.Context, tx *db.Tx, who access.Actor, c Case, version int64) (*act, error) {
	forLiaison := false
	if id := liaisonID(who); id != 0 {
		err := tx.Get(ctx, &forLiaison, `SELECT EXISTS (SELECT 1 FROM case_liaisons WHERE liaison_id = ? AND case_id = ?)`, id, c.ID)
		if err != nil {
			return nil, err
		}
	}
	hands := handsOf(who, c, forLiaison)
	if len(hands) == 0 {
		return nil, errNoCase
	}
	if version != 0 && version != c.Version-1 {
		return nil, errStale
	}
	return &act{s: s, tx: tx, who: who, hands: hands, old: c, c: c}, nil
}

var errStale = fault.New(fault.Conflict, "案件刚刚有了变化，请先看最新内容再操作")

// do carries out a verb: it asks the life cycle, writes the case and appends the event.
func (a *act) do(ctx context.Context, v Verb, public bool, words string) error {
	to, err := Find(a.c.State, v, a.hands, a.facts)
	if err != nil {
		return err
	}
	from := a.c.State
	a.c.State = to
	if from.Open() && !to.Open() {
		if err := a.close(ctx); err != nil {
			return err
		}
	}
	if err := a.save(ctx); err != nil {
		return err
	}
	return a.event(ctx, v, from, public, words)
}

// close takes the case out of everybody's hands.
func (a *act) close(ctx context.Context) error {
	a.c.ClosedAt, a.c.ClosedDay = db.At(a.tx.Now), a.tx.Day()
	a.c.Holder, a.c.HolderDue = HeldByNobody, db.Time{}
	return endClocks(ctx, a.tx, a.c.ID, "", "stopped")
}

// event appends a line to the history. words carry no personal data.
func (a *act) event(ctx context.Context, v Verb, from State, public bool, words string) error {
	return insertEvent(ctx, a.tx, Event{At: db.At(a.tx.Now), Verb: v, From: from, To: a.c.State, Hand: a.hand(v),
		AccountID: a.who.AccountID, Public: public, Words: words}, a.c.ID)
}

// hand tells as what the actor acts: the first of the hands that the verb allows.
func (a *act) hand(v Verb) Hand {
	for _, m := range Moves {
		if m.Verb != v {
			continue
		}
		for _, h := range a.hands {
			for _, by := range m.By {
				if h == by {
					return h
				}
			}
		}
	}
	return a.hands[0]
}

func insertEvent(ctx context.Context, tx *db.Tx, e Event, caseID int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO case_events (case_id, at, day, verb, from_state, to_state, hand, account_id, public, words)
		VALUES (?,?,?,?,?,?,?,?,?,?)`, caseID, e.At, e.At.Day(), e.Verb, e.From, e.To, e.Hand, e.AccountID, e.Public, e.Words)
	return err
}

// record writes the act's one row in the audit trail.
func (a *act) record(ctx context.Context, action string, detail any) error {
	return a.s.trail.Record(ctx, a.tx, a.who, action, audit.Ref{Kind: "case", Key: a.c.Key}, detail)
}

// save writes the changed case, its counters and, when what is searched changed, its index.
func (a *act) save(ctx context.Context) error {
	c := a.c
	_, err := a.tx.Exec(ctx, `UPDATE cases SET number = ?, state = ?, type_code = ?, main_type = ?, community_id = ?, committee_id = ?,
		room_id = ?, mediator_id = ?, title = ?, summary = ?, place = ?, accepted_at = ?, accepted_day = ?, due_on = ?, due_rule = ?,
		provisional = ?, closed_at = ?, closed_day = ?, end_reason = ?, remedies = ?, risk = ?, needs_liaison = ?, holder = ?,
		holder_due = ? WHERE id = ?`,
		c.Number, c.State, c.TypeCode, MainType(c.TypeCode), c.CommunityID, c.CommitteeID, c.RoomID, c.MediatorID, c.Title, c.Summary, c.Place,
		c.AcceptedAt, c.AcceptedDay, c.DueOn, c.DueRule, c.Provisional, c.ClosedAt, c.ClosedDay, c.EndReason, c.Remedies, c.Risk,
		c.NeedsLiaison, c.Holder, c.HolderDue, c.ID)
	if err != nil {
		return err
	}
	if err := recount(ctx, a.tx, &a.old, &c); err != nil {
		return err
	}
	if searched(a.old) != searched(c) {
		if err := reindex(ctx, a.tx, c); err != nil {
			return err
		}
	}
	a.old = c
	a.tx.Touch("cases")
	return nil
}

// hold puts the case into somebody's hands, with a clock by rule.
func (a *act) hold(ctx context.Context, h Holder, step Step, partyID, sessionID int64) error {
	if err := endClocks(ctx, a.tx, a.c.ID, StepTerm, "met"); err != nil {
		return err
	}
	if h == HeldByMediator && a.c.MediatorID == 0 {
		h = HeldByClerk // there is no mediator; somebody must appoint one
	}
	clock, err := a.s.startClock(ctx, a.tx, a.c, step, partyID, sessionID)
	if err != nil {
		return err
	}
	a.c.Holder, a.c.HolderDue = h, clock.DueAt
	return nil
}

// holdUntil puts the case into somebody's hands until an instant that no rule sets: a session's start.
func (a *act) holdUntil(ctx context.Context, h Holder, due time.Time) error {
	if err := endClocks(ctx, a.tx, a.c.ID, StepTerm, "met"); err != nil {
		return err
	}
	a.c.Holder, a.c.HolderDue = h, db.At(due)
	return nil
}
