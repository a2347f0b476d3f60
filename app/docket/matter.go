package docket

import (
	"context"
	"errors"

	"tiaojie/db"
)

// Matter is what the papers of a case say of it: parties and agents with their sealed values
// opened, who mediated when, the dates, the term.
type Matter struct {
	Case       Case
	Parties    []PartyMatter
	Mediators  []Appointment
	Sessions   []Session
	Statements []Statement
	Term       *Clock  // the term of mediation, nil before acceptance
	TermBasis  string  // the law its rule rests on
	NoticeOn   string  // the day on which the latest date was set
	TakenBy    int64   // account that accepted, else registered the case; 0 for nobody
	ReplacedAt db.Time // when a party last asked for another mediator
}

// PartyMatter is a party with what is known of it and those who act for it now.
type PartyMatter struct {
	PartyView
	Facts  PartyFacts
	Agents []AgentMatter
}

// Known is the party's name, "" while nobody knows it.
func (p PartyMatter) Known() string {
	if p.Name == unknownName {
		return ""
	}
	return p.Name
}

// AgentMatter is an agent with phone and identity number opened.
type AgentMatter struct {
	Agent
	IDNo string
}

// Matter reads a case for its papers. The caller has checked that the reader may see what is
// sealed; private talks are no part of it, for they belong to records.
func (s *Service) Matter(ctx context.Context, r db.Reader, c Case) (Matter, error) {
	m := Matter{Case: c, TakenBy: c.RegisteredBy}
	if err := s.matterPeople(ctx, r, &m); err != nil {
		return m, err
	}
	err := r.Select(ctx, &m.Mediators, `SELECT id, case_id, mediator_id, method, by_party_id, by_account_id, since, until, end_reason,
		disclosed_at, disclosure FROM case_mediators WHERE case_id = ? ORDER BY id`, c.ID)
	if err != nil {
		return m, err
	}
	if err := r.Select(ctx, &m.Sessions, `SELECT `+sessionColumns+` FROM case_sessions WHERE case_id = ? ORDER BY id`, c.ID); err != nil {
		return m, err
	}
	err = r.Select(ctx, &m.Statements, `SELECT key, party_id, kind, at, sealed FROM case_words WHERE case_id = ? ORDER BY id`, c.ID)
	for i := range m.Statements {
		err = errors.Join(err, s.openStatement(&m.Statements[i]))
	}
	if err != nil {
		return m, err
	}
	if err := s.matterTerm(ctx, r, &m); err != nil {
		return m, err
	}
	return m, s.matterEvents(ctx, r, &m)
}

func (s *Service) matterPeople(ctx context.Context, r db.Reader, m *Matter) error {
	var parties []PartyView
	if err := r.Select(ctx, &parties, `SELECT `+partyColumns+` FROM case_parties p WHERE p.case_id = ? ORDER BY p.seq`, m.Case.ID); err != nil {
		return err
	}
	at := map[int64]int{}
	for i, p := range parties {
		facts, err := s.OpenParty(p)
		if err != nil {
			return err
		}
		m.Parties = append(m.Parties, PartyMatter{PartyView: p, Facts: facts})
		at[p.ID] = i
	}
	return s.matterAgents(ctx, r, m, at)
}

// matterAgents gives each party those who act for it now; at finds a party by its id.
func (s *Service) matterAgents(ctx context.Context, r db.Reader, m *Matter, at map[int64]int) error {
	var rows []struct {
		Agent
		PhoneSealed []byte `db:"phone_sealed"`
		IDNoSealed  []byte `db:"idno_sealed"`
	}
	err := r.Select(ctx, &rows, `SELECT id, key, case_id, party_id, name, relation, scopes, granted_on, until_on, file_key, ended_at, phone_sealed, idno_sealed
		FROM case_agents WHERE case_id = ? AND ended_at IS NULL AND (until_on = '' OR until_on >= ?) ORDER BY id`, m.Case.ID, db.DayOf(s.db.Now()))
	if err != nil {
		return err
	}
	for _, row := range rows {
		a := AgentMatter{Agent: row.Agent}
		if a.Phone, err = s.box.Open("case_agents.phone:"+row.Key, row.PhoneSealed); err != nil {
			return err
		}
		if a.IDNo, err = s.box.Open("case_agents.idno:"+row.Key, row.IDNoSealed); err != nil {
			return err
		}
		p := &m.Parties[at[row.PartyID]]
		p.Agents = append(p.Agents, a)
	}
	return nil
}

func (s *Service) matterTerm(ctx context.Context, r db.Reader, m *Matter) error {
	var clocks []Clock
	err := r.Select(ctx, &clocks, `SELECT id, case_id, party_id, session_id, step, rule_id, rule_name, unit, length, started_at, due_at,
		due_on, provisional, paused_at, ended_at, end_how FROM case_clocks WHERE case_id = ? AND step = ? ORDER BY id DESC LIMIT 1`, m.Case.ID, StepTerm)
	if err != nil || len(clocks) == 0 {
		return err
	}
	m.Term = &clocks[0]
	return r.Get(ctx, &m.TermBasis, `SELECT basis FROM deadline_rules WHERE id = ?`, m.Term.RuleID)
}

// matterEvents finds in the history when the date was set, and who took the case.
func (s *Service) matterEvents(ctx context.Context, r db.Reader, m *Matter) error {
	var events []Event
	err := r.Select(ctx, &events, `SELECT id, at, verb, from_state, to_state, hand, account_id, public, words FROM case_events
		WHERE case_id = ? AND verb IN (?, ?, ?, ?, ?) ORDER BY id`, m.Case.ID, VerbAccept, VerbSchedule, VerbMove, VerbAnswer, VerbReplace)
	for _, e := range events {
		switch e.Verb {
		case VerbAccept:
			if e.AccountID != 0 {
				m.TakenBy = e.AccountID
			}
		case VerbReplace:
			m.ReplacedAt = e.At
		default:
			m.NoticeOn = e.At.Day()
		}
	}
	return err
}
