package docket

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tiaojie/app/notify"
	"tiaojie/db"
)

// Messages to parties name the number and what happens next, never the dispute or
// the other side: a phone is read over a shoulder.

// partiesOf reads the parties of a case in their order.
func partiesOf(ctx context.Context, r db.Reader, caseID int64) ([]PartyView, error) {
	var ps []PartyView
	return ps, r.Select(ctx, &ps, `SELECT `+partyColumns+` FROM case_parties p WHERE p.case_id = ? ORDER BY p.seq`, caseID)
}

// tellParty writes to a party: to its phone, else by letter; who left neither is told at the window.
func (s *Service) tellParty(ctx context.Context, tx *db.Tx, c Case, p PartyView, kind, body string) error {
	return s.tellPartyAt(ctx, tx, c, p, kind, body, time.Time{})
}

// tellParties writes to every party that asked for or agreed to mediation.
func (a *act) tellParties(ctx context.Context, kind, body string) error {
	ps, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	for _, p := range ps {
		if p.Side != SideApplicant && p.Consent != "agreed" && p.InvitedAt.IsZero() {
			continue // has never heard of the case
		}
		if err := a.tellSide(ctx, p, kind, body); err != nil {
			return err
		}
	}
	return nil
}

// tellSide writes to a party and to those who act for it: never a word more than to the party.
func (a *act) tellSide(ctx context.Context, p PartyView, kind, body string) error {
	if err := a.s.tellParty(ctx, a.tx, a.c, p, kind, body); err != nil {
		return err
	}
	agents, err := a.s.actingFor(ctx, a.tx, p)
	if err != nil {
		return err
	}
	for _, g := range agents {
		m := notify.Message{Kind: kind, Channel: notify.SMS, CaseKey: a.c.Key, ToName: g.Name, To: g.Phone, Body: "【街道调解】" + body}
		if err := a.s.outbox.Send(ctx, a.tx, m); err != nil {
			return err
		}
	}
	return nil
}

// actingFor reads the agents of a party who can be reached by a phone of their own.
func (s *Service) actingFor(ctx context.Context, tx *db.Tx, p PartyView) ([]Agent, error) {
	list, err := s.agents(ctx, tx, p.CaseID)
	if err != nil {
		return nil, err
	}
	f, err := s.OpenParty(p)
	return slices.DeleteFunc(list, func(g Agent) bool {
		return g.PartyID != p.ID || !g.Acts(tx.Day()) || g.Phone == "" || g.Phone == f.Phone
	}), err
}

// tellMediator leaves a message at the mediator's account; one without an account is called by the clerk.
func (a *act) tellMediator(ctx context.Context, mediatorID int64, kind, body string) error {
	if mediatorID == 0 {
		return nil
	}
	ms, err := a.s.out.Mediators(ctx, a.tx, []int64{mediatorID})
	if err != nil || len(ms) == 0 {
		return err
	}
	return a.tellAccount(ctx, ms[0].AccountID, ms[0].Name, kind, body)
}

// tellAccount leaves a message at a staff account.
func (a *act) tellAccount(ctx context.Context, accountID int64, name, kind, body string) error {
	m := notify.Message{Kind: kind, Channel: notify.InApp, AccountID: accountID, CaseKey: a.c.Key, ToName: name, Body: body}
	if accountID == 0 {
		m.Channel, m.To = notify.Phone, name
	}
	return a.s.outbox.Send(ctx, a.tx, m)
}

// when writes an instant as people say it: 11月26日 周四 14:30.
func when(t time.Time) string {
	local := t.In(db.Shanghai)
	return fmt.Sprintf("%d月%d日 周%s %02d:%02d", local.Month(), local.Day(),
		[]string{"日", "一", "二", "三", "四", "五", "六"}[local.Weekday()], local.Hour(), local.Minute())
}

// remediesText names the remedies in a sentence.
func remediesText(codes []string) string {
	text := ""
	for i, code := range codes {
		if i > 0 {
			text += "、"
		}
		text += LabelOf(Remedies, code)
	}
	return text
}
