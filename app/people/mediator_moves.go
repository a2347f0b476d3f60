package people

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// MediatorMove is one lawful step of a mediator's listing.
type MediatorMove struct {
	Verb   string
	Label  string
	From   []MediatorState
	To     MediatorState
	Reason bool // a reason is needed and kept
	Own    bool // the mediator may do it too, not only the roster's keeper
}

// MediatorMoves is the life of a listing.
var MediatorMoves = []MediatorMove{
	{Verb: "list", Label: "上架", From: []MediatorState{Dormant, Paused}, To: Listed},
	{Verb: "pause", Label: "暂停接案", From: []MediatorState{Listed}, To: Paused, Reason: true, Own: true},
	{Verb: "retire", Label: "下架", From: []MediatorState{Listed, Paused}, To: Dormant, Reason: true},
}

// MovesOf gives the steps that somebody may take with a mediator now.
func MovesOf(m Mediator, who access.Actor) []MediatorMove {
	var out []MediatorMove
	for _, move := range MediatorMoves {
		if slices.Contains(move.From, m.State) && move.by(m, who) {
			out = append(out, move)
		}
	}
	return out
}

func (move MediatorMove) by(m Mediator, who access.Actor) bool {
	return who.Can(access.RosterRun) || move.Own && who.MediatorID == m.ID && m.ID != 0
}

// MoveMediator lists, pauses or retires a mediator. Listing passes the training
// gate; a mediator may pause oneself. It needs access.RosterRun or being the mediator.
func (s *Service) MoveMediator(ctx context.Context, who access.Actor, key, verb, reason string, version int64) error {
	i := slices.IndexFunc(MediatorMoves, func(m MediatorMove) bool { return m.Verb == verb })
	if i < 0 {
		return fault.New(fault.NotFound, "没有这个操作")
	}
	move := MediatorMoves[i]
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if !move.by(m, who) {
			return who.Check(access.RosterRun)
		}
		if !slices.Contains(move.From, m.State) {
			return fault.Newf(fault.Conflict, "%s现在是“%s”，不能%s", m.Name, m.State.Label(), move.Label)
		}
		if move.Reason && reason == "" {
			return fault.At("reason", "请写明理由")
		}
		if move.To == Listed {
			if err := s.mayList(ctx, tx, m); err != nil {
				return err
			}
		}
		err = tx.Swap(ctx, `UPDATE mediators SET state=?, state_reason=?, version=version+1 WHERE id=? AND state=? AND version=?`, move.To, reason, m.ID, m.State, version)
		if err != nil {
			return err
		}
		from := m.State
		m.State = move.To
		return s.noted(ctx, tx, who, m, verb, from, reason)
	})
}

// mayList is the gate before the marketplace: the kind is in use, the training is passed.
func (s *Service) mayList(ctx context.Context, tx *db.Tx, m Mediator) error {
	var on bool
	if err := tx.Get(ctx, &on, `SELECT enabled FROM rep_kinds WHERE code = ?`, m.RepKind); err != nil {
		return err
	}
	if !on {
		return fault.Newf(fault.Conflict, "“%s”还没有启用，不能上架", m.RepName)
	}
	if s.MayList != nil {
		return s.MayList(ctx, tx, m.ID)
	}
	return nil
}

// noted finishes every change of a mediator: the record, the trail, the calendar, the
// pages. m is the mediator after the change.
func (s *Service) noted(ctx context.Context, tx *db.Tx, who access.Actor, m Mediator, verb string, from MediatorState, note string) error {
	if err := s.recorded(ctx, tx, who, m, verb, from, note); err != nil {
		return err
	}
	return s.trail.Record(ctx, tx, who, "mediator."+verb, audit.Ref{Kind: "mediator", Key: m.Key}, map[string]string{"from": string(from), "to": string(m.State)})
}

// recorded is noted without the trail, for acts on many mediators at once.
func (s *Service) recorded(ctx context.Context, tx *db.Tx, who access.Actor, m Mediator, verb string, from MediatorState, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO mediator_events (mediator_id, at, day, actor, verb, from_state, to_state, note) VALUES (?,?,?,?,?,?,?,?)`,
		m.ID, db.At(tx.Now), tx.Day(), who.Name, verb, from, m.State, note)
	if err != nil {
		return err
	}
	tx.Touch("market", "people", "signins")
	if s.MediatorChanged != nil {
		return s.MediatorChanged(ctx, tx, m)
	}
	return nil
}

// MediatorEvent is one entry of a mediator's record.
type MediatorEvent struct {
	At   db.Time       `db:"at"`
	By   string        `db:"actor"`
	Verb string        `db:"verb"`
	From MediatorState `db:"from_state"`
	To   MediatorState `db:"to_state"`
	Note string        `db:"note"`
}

// MediatorEvents reads the record, newest first: for the mediator and the roster's keeper.
func (s *Service) MediatorEvents(ctx context.Context, who access.Actor, mediatorID int64) ([]MediatorEvent, error) {
	if err := ownOr(who, mediatorID); err != nil {
		return nil, err
	}
	var out []MediatorEvent
	return out, s.db.Select(ctx, &out, `SELECT at, actor, verb, from_state, to_state, note FROM mediator_events WHERE mediator_id = ? ORDER BY id DESC LIMIT 100`, mediatorID)
}

// ownOr refuses all but the mediator and the roster's keeper.
func ownOr(who access.Actor, mediatorID int64) error {
	if who.MediatorID == mediatorID && mediatorID != 0 {
		return nil
	}
	return who.Check(access.RosterRun)
}
