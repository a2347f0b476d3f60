package docket

import (
	"context"
	"time"

	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/db"
)

// These functions belong to what comes after a session: app/accord calls them in its own transaction.

// RuleFor gives the deadline rule in force for a step of the case.
func (s *Service) RuleFor(ctx context.Context, r db.Reader, step Step, c Case) (Rule, error) {
	return ruleFor(ctx, r, step, c.TypeCode, c.Origin)
}

// Described gives the words for a case's type of dispute, its mediator and its committee; what is not set is "".
func (s *Service) Described(ctx context.Context, r db.Reader, c Case) (dispute, mediator, committee string, err error) {
	if dispute, _, err = s.out.TypeName(ctx, r, c.TypeCode); err != nil {
		return "", "", "", err
	}
	dispute = disputeName(dispute)
	if c.MediatorID != 0 {
		ms, err := s.out.Mediators(ctx, r, []int64{c.MediatorID})
		if err != nil {
			return "", "", "", err
		}
		for _, m := range ms {
			mediator = m.Name
		}
	}
	if c.CommitteeID != 0 {
		k, err := s.out.Committee(ctx, r, c.CommitteeID)
		if err != nil {
			return "", "", "", err
		}
		committee = k.Name
	}
	return dispute, mediator, committee, nil
}

// TellParty writes to one party of the case, not before an instant; zero is at once.
func (s *Service) TellParty(ctx context.Context, tx *db.Tx, c Case, partyID int64, kind, body string, notBefore time.Time) error {
	ps, err := partiesOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, p := range ps {
		if p.ID == partyID {
			return s.tellPartyAt(ctx, tx, c, p, kind, body, notBefore)
		}
	}
	return fault.New(fault.NotFound, "没有找到这位当事人")
}

// TellMediator leaves a message for the case's mediator.
func (s *Service) TellMediator(ctx context.Context, tx *db.Tx, c Case, kind, body string) error {
	return (&act{s: s, tx: tx, c: c}).tellMediator(ctx, c.MediatorID, kind, body)
}

// tellPartyAt is tellParty for a message that waits for its hour.
func (s *Service) tellPartyAt(ctx context.Context, tx *db.Tx, c Case, p PartyView, kind, body string, notBefore time.Time) error {
	f, err := s.OpenParty(p)
	if err != nil {
		return err
	}
	m := notify.Message{Kind: kind, Channel: notify.SMS, CaseKey: c.Key, ToName: p.Name, To: f.Phone, NotBefore: notBefore,
		Body: "【街道调解】" + body}
	if f.Phone == "" {
		m.Channel, m.To = notify.Letter, f.Address
	}
	if m.To == "" {
		return nil
	}
	return s.outbox.Send(ctx, tx, m)
}
