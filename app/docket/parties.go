package docket

import (
	"context"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Reveal opens a party's protected values for a reader who gives a reason; the look is
// on the trail (个人信息保护法51). Form field: reason.
func (s *Service) Reveal(ctx context.Context, who access.Actor, key, partyKey, reason string) (PartyFacts, error) {
	c, reason, err := s.mayReveal(ctx, who, key, reason)
	if err != nil {
		return PartyFacts{}, err
	}
	p, err := partyByKey(ctx, s.db, c.ID, partyKey)
	if err != nil {
		return PartyFacts{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a := &act{s: s, tx: tx, who: who, c: c}
		return a.record(ctx, "party.reveal", map[string]any{"party": p.Seq, "reason": reason})
	})
	if err != nil {
		return PartyFacts{}, err
	}
	return s.OpenParty(p)
}

// mayReveal lets those in whose work it lies look behind a mask, with a reason.
func (s *Service) mayReveal(ctx context.Context, who access.Actor, key, reason string) (Case, string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Case{}, "", fault.At("reason", "请写明查看的原因")
	}
	c, hands, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return c, "", err
	}
	if !who.Can(access.Reveal) && !slices.Contains(hands, HandMediator) {
		return c, "", fault.New(fault.Forbidden, "您的岗位不能查看完整信息")
	}
	return c, reason, nil
}
