package docket

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// scoped is a case with what tells a liaison's scope, read in one go.
type scoped struct {
	Case
	ForLiaison bool `db:"for_liaison"`
}

const scopedColumns = caseColumns + `, EXISTS (SELECT 1 FROM case_liaisons l WHERE l.liaison_id = ? AND l.case_id = c.id) AS for_liaison`

// InScope reads a case that the staff member may see, with what the reader is to it.
// A case outside the reader's scope is NotFound, like one that isn't there.
func (s *Service) InScope(ctx context.Context, r db.Reader, who access.Actor, key string) (Case, []Hand, error) {
	return inScope(ctx, r, who, `c.key = ?`, key)
}

// InScopeID is InScope by the case's id, for the domains that keep it.
func (s *Service) InScopeID(ctx context.Context, r db.Reader, who access.Actor, id int64) (Case, []Hand, error) {
	return inScope(ctx, r, who, `c.id = ?`, id)
}

func inScope(ctx context.Context, r db.Reader, who access.Actor, where string, arg any) (Case, []Hand, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return Case{}, nil, err
	}
	var c scoped
	err := r.Get(ctx, &c, `SELECT `+scopedColumns+` FROM cases c WHERE `+where, liaisonID(who), arg)
	if fault.Is(err, fault.NotFound) {
		return Case{}, nil, errNoCase
	}
	if err != nil {
		return Case{}, nil, err
	}
	hands := handsOf(who, c.Case, c.ForLiaison)
	if len(hands) == 0 {
		return Case{}, nil, errNoCase
	}
	return c.Case, hands, nil
}

// handsOf tells what the actor is to the case; nothing means that it's not the actor's case.
func handsOf(who access.Actor, c Case, forLiaison bool) []Hand {
	var hands []Hand
	add := func(is bool, h Hand) {
		if is {
			hands = append(hands, h)
		}
	}
	add(who.IsSystem(), HandSystem)
	if who.IsSystem() {
		return hands
	}
	add(who.Can(access.CaseTake), HandClerk)
	add(who.Can(access.CaseLead), HandLeader)
	add(who.MediatorID != 0 && who.MediatorID == c.MediatorID && who.Can(access.CaseWork), HandMediator)
	add(c.RoomID != 0 && who.LeadsRoom(c.RoomID), HandLead)
	add(forLiaison && who.Has(access.Liaison), HandLiaison)
	return hands
}

// liaisonID is the id by which a liaison is booked: the staff account. Nobody else gets one.
func liaisonID(who access.Actor) int64 {
	if who.Has(access.Liaison) {
		return who.AccountID
	}
	return 0
}
