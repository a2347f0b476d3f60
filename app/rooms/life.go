package rooms

import (
	"context"
	"errors"
	"slices"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Step is what the form of a move carries; each move needs some of it.
type Step struct {
	Verb            Verb
	NamingAuthority string
	ApprovalNo      string
	ApprovedOn      string // local day
	PlaqueOn        string // local day
	Note            string
	Version         int64
}

// Advance makes one move of the room's life. Errors: Conflict when the room is not
// in a state for it, Invalid with the missing fields.
func (s *Service) Advance(ctx context.Context, who access.Actor, key string, in Step) error {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.Verb == in.Verb })
	if i < 0 {
		return fault.New(fault.NotFound, "没有这个操作")
	}
	m := Moves[i]
	if err := who.Check(m.Permission); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		room, err := s.Room(ctx, tx, key)
		if err != nil {
			return err
		}
		if !m.Allowed(room) {
			return fault.Newf(fault.Conflict, "调解室现在是“%s”，不能%s", room.State.Label(), m.Verb.Label())
		}
		if err := in.complete(m, tx.Day()); err != nil {
			return err
		}
		if err := s.carry(ctx, tx, room, m, in); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, room.ID, key, m.Verb, room.State, m.To, in.Note)
	})
}

func (in Step) complete(m Move, today string) error {
	f := fault.Form{}
	for _, need := range m.Needs {
		switch need {
		case "naming_authority":
			f.Check(in.NamingAuthority != "", need, "请填写命名机关")
		case "approval_no":
			f.Check(in.ApprovalNo != "", need, "请填写批准文号")
		case "approved_on":
			f.Check(validDay(in.ApprovedOn) && in.ApprovedOn <= today, need, "请填写批准日期，不能晚于今天")
		case "plaque_on":
			f.Check(validDay(in.PlaqueOn) && in.PlaqueOn <= today, need, "请填写挂牌日期，不能晚于今天")
		case "note":
			f.Check(in.Note != "", need, "请写明情况或理由，它会留在调解室的记录里")
		}
	}
	return f.Err()
}

// carry writes what the move changes. A plaque or a passed review sets the next
// yearly review.
func (s *Service) carry(ctx context.Context, tx *db.Tx, room Room, m Move, in Step) error {
	next := room
	next.State, next.StateReason = m.To, in.Note
	switch m.Verb {
	case VerbName:
		next.NamingAuthority, next.ApprovalNo, next.ApprovedOn = in.NamingAuthority, in.ApprovalNo, in.ApprovedOn
	case VerbHang:
		next.PlaqueOn = in.PlaqueOn
		next.ReviewDueOn = yearLater(in.PlaqueOn)
	case VerbOpen, VerbReview:
		next.ReviewDueOn = yearLater(tx.Day())
	}
	return tx.Swap(ctx, `UPDATE rooms SET state=?, state_reason=?, naming_authority=?, approval_no=?, approved_on=?, plaque_on=?,
		review_due_on=?, version=version+1 WHERE id=? AND state=? AND version=?`,
		next.State, next.StateReason, next.NamingAuthority, next.ApprovalNo, next.ApprovedOn, next.PlaqueOn, next.ReviewDueOn,
		room.ID, room.State, in.Version)
}

func yearLater(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(1, 0, 0).Format(time.DateOnly)
}

func isUnique(err error) bool { return errors.Is(err, db.ErrUnique) }
