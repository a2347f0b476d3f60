package papers

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

var errNoRecord = fault.New(fault.NotFound, "没有找到这份笔录")

// forWork reads a record for the mediator who holds the case. Nobody else works on
// it, and to nobody else is it known to exist.
func (s *Service) forWork(ctx context.Context, r db.Reader, who access.Actor, key string) (Record, error) {
	var row struct {
		Record
		MediatorID int64 `db:"mediator_id"`
		Told       int64 `db:"told"`
	}
	err := r.Get(ctx, &row, `SELECT r.id, r.key, r.case_id, r.session_id, r.seq, r.state, r.outcome, r.openness, r.started_at,
		r.closed_at, r.end_reason, r.remedies, r.version, c.mediator_id, t.mediator_id AS told
		FROM records r JOIN cases c ON c.id = r.case_id JOIN case_sessions t ON t.id = r.session_id WHERE r.key = ?`, key)
	if err != nil {
		return Record{}, err
	}
	if !who.IsSystem() && (who.MediatorID == 0 || who.MediatorID != row.MediatorID || !who.Can(access.CaseWork)) {
		return Record{}, errNoRecord
	}
	row.told = row.Told
	return row.Record, nil
}

// Prepare makes the record of a session, or gives the one there is: with the
// parties, their agents and the mediator at the table. It is the mediator's first
// look at the brief.
func (s *Service) Prepare(ctx context.Context, who access.Actor, sessionKey string) (Record, error) {
	if err := who.Check(access.CaseWork); err != nil {
		return Record{}, err
	}
	var rec Record
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		ses, err := s.cases.SessionByKey(ctx, tx, who, sessionKey)
		if err != nil {
			return err
		}
		err = tx.Get(ctx, &rec, `SELECT `+recordColumns+` FROM records WHERE session_id = ?`, ses.ID)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if !ses.Live() {
			return fault.New(fault.Conflict, "这次调解已取消或已结束，不能开始笔录")
		}
		if rec, err = s.insert(ctx, tx, ses); err != nil {
			return err
		}
		if err := s.seat(ctx, tx, who, rec); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "record.prepare", audit.Ref{Kind: "record", Key: rec.Key}, nil)
	})
	return rec, err
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, ses docket.Session) (Record, error) {
	var rec Record
	err := tx.Get(ctx, &rec, `INSERT INTO records (key, case_id, session_id, seq, state)
		SELECT ?, ?, ?, COALESCE((SELECT seq FROM records WHERE case_id = ? ORDER BY seq DESC LIMIT 1), 0) + 1, 'prepared'
		RETURNING `+recordColumns, seal.NewKey(), ses.CaseID, ses.ID, ses.CaseID)
	return rec, err
}

// seat puts everybody on the list who is expected: parties, agents, the mediator.
func (s *Service) seat(ctx context.Context, tx *db.Tx, who access.Actor, rec Record) error {
	list, err := s.expected(ctx, tx, who, rec.CaseID)
	if err != nil {
		return err
	}
	for _, p := range list {
		_, err := tx.Exec(ctx, `INSERT INTO record_people (record_id, key, kind, party_key, name, relation, present, consented)
			VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (record_id, key) DO UPDATE SET name = excluded.name WHERE record_people.kind <> 'mediator'`,
			rec.ID, p.Key, p.Kind, p.PartyKey, p.Name, p.Relation, p.Present, p.Consented)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) expected(ctx context.Context, r db.Reader, who access.Actor, caseID int64) ([]Person, error) {
	parties, agents, err := s.cases.PeopleOf(ctx, r, caseID)
	if err != nil {
		return nil, err
	}
	out := []Person{{Key: "mediator", Kind: "mediator", Name: who.Name, Relation: "调解员", Present: "yes", Consented: true}}
	partyKey := map[int64]string{}
	for _, p := range parties {
		partyKey[p.ID] = p.Key
		out = append(out, Person{Key: p.Key, Kind: "party", PartyKey: p.Key, Name: p.Name, Relation: p.Side.Label(), Consented: true})
	}
	for _, a := range agents {
		out = append(out, Person{Key: a.Key, Kind: "agent", PartyKey: partyKey[a.PartyID], Name: a.Name, Relation: "委托代理人", Consented: true})
	}
	return out, nil
}

// Look opens a session's record for its mediator, private parts included. Before the
// first act there is none: then it is what it will be, and nothing is written.
func (s *Service) Look(ctx context.Context, who access.Actor, ses docket.Session) (Sheet, error) {
	var key string
	err := s.db.Get(ctx, &key, `SELECT key FROM records WHERE session_id = ?`, ses.ID)
	if err == nil {
		sh, err := s.Work(ctx, who, key)
		if err != nil || sh.Record.State == Closed {
			return sh, err
		}
		now, err := s.expected(ctx, s.db, who, ses.CaseID)
		sh.People = joined(sh.People, now)
		return sh, err
	}
	if !fault.Is(err, fault.NotFound) {
		return Sheet{}, err
	}
	c, _, err := s.cases.InScopeID(ctx, s.db, who, ses.CaseID)
	if err != nil {
		return Sheet{}, err
	}
	if who.MediatorID == 0 || who.MediatorID != c.MediatorID || !who.Can(access.CaseWork) {
		return Sheet{}, errNoRecord
	}
	sh := Sheet{Record: Record{CaseID: ses.CaseID, SessionID: ses.ID, State: Prepared, Openness: "closed"}}
	earlier, err := s.OfCase(ctx, s.db, ses.CaseID)
	if err != nil {
		return sh, err
	}
	sh.Record.Seq = len(earlier) + 1
	sh.People, err = s.expected(ctx, s.db, who, ses.CaseID)
	return sh, err
}

// joined is the list with those who came into the case since it was made, and without agents
// who left it and never came.
func joined(list, now []Person) []Person {
	at := func(list []Person, key string) int {
		return slices.IndexFunc(list, func(p Person) bool { return p.Key == key })
	}
	out := slices.DeleteFunc(slices.Clone(list), func(p Person) bool { return p.Kind == "agent" && p.Present == "" && at(now, p.Key) < 0 })
	for _, p := range now {
		if i := at(out, p.Key); i < 0 {
			out = append(out, p)
		} else if p.Kind != "mediator" {
			out[i].Name = p.Name
		}
	}
	return out
}

func (s *Service) isParty(ctx context.Context, r db.Reader, recordID int64, partyKey string) error {
	var n int
	err := r.Get(ctx, &n, `SELECT COUNT(*) FROM record_people WHERE record_id = ? AND key = ? AND kind = 'party'`, recordID, partyKey)
	if err == nil && n == 0 {
		return errNoRecord
	}
	return err
}

// Sheet is a record opened for work or for print.
type Sheet struct {
	Record    Record
	People    []Person
	Ticks     []Tick
	Fields    []Field
	Proposals []Proposal
	Mark      string // fingerprint of the text as it stands
	alone     alone
}

// MayReadAlone tells whether the reader may see what a party said alone.
func (sh Sheet) MayReadAlone(partyKey string) bool { return sh.alone.may(partyKey) }

// Former tells whether the record is of a session that another mediator held.
func (sh Sheet) Former() bool { return sh.Record.Key != "" && !sh.alone.all }

// Field gives a part's text and version; a part not yet written is empty with version 0.
func (sh Sheet) Field(name, partyKey string) Field {
	for _, f := range sh.Fields {
		if f.Name == name && f.PartyKey == partyKey {
			return f
		}
	}
	return Field{Name: name, PartyKey: partyKey}
}

// Tick finds what a person was told or confirmed.
func (sh Sheet) Tick(kind, personKey string) (Tick, bool) {
	for _, t := range sh.Ticks {
		if t.Kind == kind && t.PersonKey == personKey {
			return t, true
		}
	}
	return Tick{}, false
}

// Parties lists the parties among the people.
func (sh Sheet) Parties() []Person {
	var out []Person
	for _, p := range sh.People {
		if p.Kind == "party" {
			out = append(out, p)
		}
	}
	return out
}

// Represented tells whether a party is at the table, in person or by an agent.
func (sh Sheet) Represented(partyKey string) bool {
	for _, p := range sh.People {
		if p.PartyKey == partyKey && (p.Kind == "party" || p.Kind == "agent") && p.Here() {
			return true
		}
	}
	return false
}

// Work opens a record for its mediator, private parts included: those told to this one,
// and of former mediators those that a side handed over.
func (s *Service) Work(ctx context.Context, who access.Actor, key string) (Sheet, error) {
	rec, err := s.forWork(ctx, s.db, who, key)
	if err != nil {
		return Sheet{}, err
	}
	may, err := s.aloneOf(ctx, s.db, who, rec)
	if err != nil {
		return Sheet{}, err
	}
	return s.sheet(ctx, s.db, rec, may)
}

// sheet reads a record. What one side said alone is read only as far as may allows, and for no
// paper: what is not in memory can't be printed.
func (s *Service) sheet(ctx context.Context, r db.Reader, rec Record, may alone) (Sheet, error) {
	sh := Sheet{Record: rec, alone: may}
	err := r.Select(ctx, &sh.People, `SELECT id, record_id, key, kind, party_key, name, relation, present, id_seen, id_seen_by, consented, marked_at
		FROM record_people WHERE record_id = ? ORDER BY id`, rec.ID)
	if err != nil {
		return sh, err
	}
	err = r.Select(ctx, &sh.Ticks, `SELECT kind, person_key, at, by_name, note, record_mark FROM record_ticks WHERE record_id = ? ORDER BY at`, rec.ID)
	if err != nil {
		return sh, err
	}
	if sh.Fields, err = s.fields(ctx, r, rec, may); err != nil {
		return sh, err
	}
	if sh.Proposals, err = s.proposals(ctx, r, rec); err != nil {
		return sh, err
	}
	sh.Mark = mark(sh.Fields)
	return sh, nil
}

// Listed reads a case's records, oldest first, together with other lists.
func Listed(into *[]Record, caseID int64) db.Part {
	return db.Part{Into: into, From: `records WHERE case_id = ?`, Order: "seq", Args: []any{caseID}}
}

// OfCase lists a case's records, oldest first.
func (s *Service) OfCase(ctx context.Context, r db.Reader, caseID int64) ([]Record, error) {
	var out []Record
	err := r.Select(ctx, &out, `SELECT `+recordColumns+` FROM records WHERE case_id = ? ORDER BY seq`, caseID)
	return out, err
}
