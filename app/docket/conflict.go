package docket

import (
	"cmp"
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/db"
)

// Levels of a conflict: a note is worth knowing, a warning is to be disclosed, a bar
// keeps the mediator from the case (深圳条例22、23; 特邀调解规定15).
const (
	LevelNote = "note"
	LevelWarn = "warn"
	LevelBar  = "bar"
)

// ApplicationFacts gives the marks of an application that isn't stored yet.
func (s *Service) ApplicationFacts(a Application) CaseFacts {
	f := CaseFacts{CommunityID: a.CommunityID}
	for _, p := range a.Parties {
		phone, idno := p.Facts.Phone, p.Facts.IDNo
		if n, ok := s.out.NormPhone(phone); ok {
			phone = n
		}
		if n, ok := s.out.NormIDNo(idno); ok {
			idno = n
		}
		f.Parties = append(f.Parties, PartyMark{Side: p.Side, Phone: s.box.Blind("phone", phone), IDNo: s.box.Blind("idno", idno),
			Address: s.box.Blind("address", people.NormAddress(p.Facts.Address)), Employer: s.box.Blind("employer", people.NormOrg(p.Facts.Employer)),
			Household: s.box.Blind("address", people.NormAddress(p.Facts.Household))})
	}
	return f
}

// FactsOf gives the marks of a stored case.
func FactsOf(c Case, parties []PartyView) CaseFacts {
	f := CaseFacts{CaseID: c.ID, CommunityID: c.CommunityID}
	for _, p := range parties {
		f.Parties = append(f.Parties, PartyMark{PartyID: p.ID, Side: p.Side, Phone: p.PhoneIndex, IDNo: p.IDNoIndex,
			Address: p.AddressIndex, Employer: p.EmployerIndex, Household: p.HouseIndex})
	}
	return f
}

// Conflicts looks for reasons why the mediators may not seem neutral: a declared tie to
// a party's person, household, address or employer; an office held in the community;
// an earlier part in a case of a party. Values are compared by blind index.
func (s *Service) Conflicts(ctx context.Context, r db.Reader, f CaseFacts, mediatorIDs []int64) (map[int64][]Conflict, error) {
	out := map[int64][]Conflict{}
	if len(mediatorIDs) == 0 {
		return out, nil
	}
	ties, err := s.out.Ties(ctx, r, mediatorIDs)
	if err != nil {
		return nil, err
	}
	for _, t := range ties {
		out[t.MediatorID] = append(out[t.MediatorID], tieConflicts(t, f)...)
	}
	ms, err := s.out.Mediators(ctx, r, mediatorIDs)
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		own := Tie{MediatorID: m.ID, Kind: "self", Words: ConflictLabel("self"), Index: s.box.Blind("phone", m.Phone)}
		out[m.ID] = append(out[m.ID], tieConflicts(own, f)...)
	}
	for _, p := range f.Parties {
		if p.Agent {
			continue // an agent's other cases are its trade
		}
		earlier, err := earlierParts(ctx, r, f.CaseID, p, mediatorIDs)
		if err != nil {
			return nil, err
		}
		for _, c := range earlier {
			out[c.MediatorID] = append(out[c.MediatorID], c)
		}
	}
	return out, nil
}

// tieConflicts compares one declared tie with the parties. Blind indexes of different
// columns never meet, so the tie's one value can be held against each.
func tieConflicts(t Tie, f CaseFacts) []Conflict {
	var out []Conflict
	add := func(party int64, kind, level string) {
		out = append(out, Conflict{MediatorID: t.MediatorID, PartyID: party, Kind: kind, Level: level, Words: cmp.Or(t.Words, ConflictLabel(kind))})
	}
	agent := func(p PartyMark) bool { return p.Agent && (same(t.Index, p.Phone) || same(t.Index, p.IDNo)) }
	if t.Kind == "office" && t.CommunityID != 0 && t.CommunityID == f.CommunityID {
		add(0, "office", LevelNote)
	}
	for _, p := range f.Parties {
		switch {
		case agent(p):
			add(p.PartyID, "agent", LevelBar)
		case t.Kind == "self" && same(t.Index, p.Phone):
			add(p.PartyID, "self", LevelBar)
		case same(t.Index, p.Phone), same(t.Index, p.IDNo):
			add(p.PartyID, "tie", LevelBar)
		case same(t.Index, p.Household), same(t.Index, p.Address):
			add(p.PartyID, "household", LevelBar)
		case same(t.Index, p.Employer):
			add(p.PartyID, "employer", LevelWarn)
		}
	}
	return out
}

// same tells whether two blind indexes are of one value; unknown values are of none.
func same(a, b string) bool { return a != "" && a == b }

// earlierParts finds the mediators who had a part in another case of the party. Each
// way of knowing the party again is an indexed look-up.
func earlierParts(ctx context.Context, r db.Reader, caseID int64, p PartyMark, mediators []int64) ([]Conflict, error) {
	args := []any{}
	query := ""
	for _, by := range []struct{ column, index string }{{"phone_index", p.Phone}, {"idno_index", p.IDNo}} {
		if by.index == "" {
			continue
		}
		if query != "" {
			query += " UNION "
		}
		query += `SELECT m.mediator_id FROM case_parties p JOIN case_mediators m ON m.case_id = p.case_id
			WHERE p.` + by.column + ` = ? AND p.` + by.column + ` <> '' AND p.case_id <> ?`
		args = append(args, by.index, caseID)
	}
	if query == "" {
		return nil, nil
	}
	var ids []int64
	if err := r.Select(ctx, &ids, query, args...); err != nil {
		return nil, err
	}
	var out []Conflict
	for _, id := range ids {
		if slices.Contains(mediators, id) {
			out = append(out, Conflict{MediatorID: id, PartyID: p.PartyID, Kind: "earlier_case", Level: LevelWarn,
				Words: "曾参与一方当事人的其他案件"})
		}
	}
	return out, nil
}

// findConflicts runs the check for mediators of a stored case and keeps what it found.
func (s *Service) findConflicts(ctx context.Context, tx *db.Tx, caseID int64, mediators []int64) error {
	if len(mediators) == 0 {
		return nil
	}
	c := Case{ID: caseID}
	if err := tx.Get(ctx, &c.CommunityID, `SELECT community_id FROM cases WHERE id = ?`, caseID); err != nil {
		return err
	}
	parties, err := partiesOf(ctx, tx, caseID)
	if err != nil {
		return err
	}
	agents, err := sealedAgents(ctx, tx, caseID)
	if err != nil {
		return err
	}
	facts := FactsOf(c, parties)
	for _, g := range agents {
		if g.Acts(tx.Day()) { // a tie to who acts for a party counts as one to the party (特邀调解规定15)
			facts.Parties = append(facts.Parties, PartyMark{PartyID: g.PartyID, Agent: true, Phone: g.PhoneIx, IDNo: g.IDNoIx})
		}
	}
	found, err := s.Conflicts(ctx, tx, facts, mediators)
	if err != nil {
		return err
	}
	for _, id := range mediators {
		if _, err := tx.Exec(ctx, `DELETE FROM case_conflicts WHERE case_id = ? AND mediator_id = ?`, caseID, id); err != nil {
			return err
		}
		for _, f := range found[id] {
			_, err := tx.Exec(ctx, `INSERT INTO case_conflicts (case_id, mediator_id, party_id, kind, level, words, found_at)
				VALUES (?,?,?,?,?,?,?)`, caseID, id, f.PartyID, f.Kind, f.Level, f.Words, db.At(tx.Now))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ConflictFound is a stored finding of the check.
type ConflictFound struct {
	Conflict
	FoundAt db.Time `db:"found_at"`
}

// conflictsPart reads what the check found when the choice became final: all for clerk
// and leader, for a mediator what concerns them.
func conflictsPart(who access.Actor, f *File) db.Part {
	p := db.Part{Into: &f.Conflicts, From: `case_conflicts WHERE case_id = ?`, Args: []any{f.Case.ID}}
	if !slices.Contains(f.Hands, HandClerk) && !slices.Contains(f.Hands, HandLeader) {
		p.From, p.Args = p.From+` AND mediator_id = ?`, append(p.Args, who.MediatorID)
	}
	return p
}

// barred tells which of the mediators the stored check keeps from the case.
func barred(ctx context.Context, tx *db.Tx, caseID int64) (map[int64]bool, error) {
	var ids []int64
	err := tx.Select(ctx, &ids, `SELECT mediator_id FROM case_conflicts WHERE case_id = ? AND level = 'bar'`, caseID)
	out := map[int64]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}
