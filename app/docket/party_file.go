package docket

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
)

// PartyFile is a party with its agents and the record of corrections.
type PartyFile struct {
	Case      Case
	Hands     []Hand
	Party     PartyView
	Facts     PartyFacts // in clear: pages mask it
	Agents    []Agent
	History   []PartyHistory
	Removable bool
}

// PartyFile reads a party's page for those who work on the case.
func (s *Service) PartyFile(ctx context.Context, who access.Actor, key, partyKey string) (PartyFile, error) {
	var f PartyFile
	var err error
	if f.Case, f.Hands, err = s.InScope(ctx, s.db, who, key); err != nil {
		return f, err
	}
	if len(f.Hands) == 1 && f.Hands[0] == HandLead {
		return f, fault.New(fault.Forbidden, "当事人的资料只有承办人员可以看")
	}
	all, err := partiesOf(ctx, s.db, f.Case.ID)
	if err != nil {
		return f, err
	}
	i := slices.IndexFunc(all, func(p PartyView) bool { return p.Key == partyKey })
	if i < 0 {
		return f, fault.New(fault.NotFound, "没有找到这位当事人")
	}
	f.Party = all[i]
	if f.Facts, err = s.OpenParty(f.Party); err != nil {
		return f, err
	}
	agents, err := s.agents(ctx, s.db, f.Case.ID)
	if err != nil {
		return f, err
	}
	f.Agents = slices.DeleteFunc(agents, func(g Agent) bool { return g.PartyID != f.Party.ID })
	var dates bool
	if err := s.db.Get(ctx, &dates, `SELECT EXISTS (SELECT 1 FROM case_sessions WHERE case_id = ?)`, f.Case.ID); err != nil {
		return f, err
	}
	f.Removable = Removable(f.Case, f.Party, all, dates)
	f.History, err = s.partyHistory(ctx, f.Case.ID, f.Party.ID)
	return f, err
}

func (s *Service) partyHistory(ctx context.Context, caseID, partyID int64) ([]PartyHistory, error) {
	var out []PartyHistory
	err := s.db.Select(ctx, &out, `SELECT key, party_id, at, by_name, what, fields, reason_sealed, old_sealed FROM case_party_changes
		WHERE case_id = ? AND party_id = ? ORDER BY id DESC`, caseID, partyID)
	if err != nil {
		return nil, err
	}
	masks := map[string]func(string) string{"phone": people.MaskPhone, "idno": people.MaskID, "address": people.MaskAddress,
		"name": func(n string) string { return n }}
	for i := range out {
		h := &out[i]
		if h.Why, err = s.box.Open("case_party_changes.reason:"+h.Key, h.Reason); err != nil {
			return nil, err
		}
		raw, err := s.box.Open("case_party_changes.old:"+h.Key, h.Old)
		if err != nil {
			return nil, err
		}
		old := map[string]string{}
		if err := json.Unmarshal([]byte(raw), &old); err != nil {
			return nil, err
		}
		for _, w := range PartyFields {
			if value, had := old[w.Code]; had && h.What == "change" {
				h.Was = append(h.Was, Word{w.Label, cmp.Or(masks[w.Code](value), "（没有）")})
			}
		}
	}
	return out, nil
}
