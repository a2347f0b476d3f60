package docket

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// The case page is two queries: the case with its parties, and everything that hangs
// on it by number. With the sign-in that makes three indexed reads.

// pageHead is the case with one of its parties; a case has few, so one query reads both.
type pageHead struct {
	scoped
	Party PartyView `db:"p"`
}

// partyAliased is partyColumns with names that lead into pageHead.Party.
var partyAliased = func() string {
	var out []string
	for _, col := range strings.Split(partyColumns, ",") {
		col = strings.TrimSpace(col)
		out = append(out, col+` AS "`+col+`"`)
	}
	return strings.Join(out, ", ")
}()

var pageHeadQuery = `SELECT ` + scopedColumns + `, ` + partyAliased + ` FROM cases c JOIN case_parties p ON p.case_id = c.id
	WHERE c.key = ? ORDER BY p.seq`

// pagePart is a line of the second query; part tells what its columns mean.
type pagePart struct {
	Part string  `db:"part"`
	ID   int64   `db:"id"`
	A    int64   `db:"a"`
	B    int64   `db:"b"`
	C    int64   `db:"c"`
	D    int64   `db:"d"`
	E    int64   `db:"e"`
	F    int64   `db:"f"`
	S    string  `db:"s"`
	T    string  `db:"t"`
	U    string  `db:"u"`
	V    string  `db:"v"`
	W    string  `db:"w"`
	At1  db.Time `db:"at1"`
	At2  db.Time `db:"at2"`
	At3  db.Time `db:"at3"`
	At4  db.Time `db:"at4"`
	Flag bool    `db:"flag"`
}

// pagePartsQuery reads the latest 60 events; the rest is History's.
const pagePartsQuery = `SELECT 'clock' AS part, id, party_id AS a, session_id AS b, rule_id AS c, length AS d, 0 AS e, 0 AS f,
		step AS s, rule_name AS t, unit AS u, due_on AS v, end_how AS w, started_at AS at1, due_at AS at2, paused_at AS at3,
		ended_at AS at4, provisional AS flag FROM case_clocks WHERE case_id = ?
	UNION ALL SELECT 'session', id, booking_id, mediator_id, room_id, liaison_id, sequence, version, key, state, mediator_answer,
		liaison_answer, reason, starts_at, ends_at, answered_at, CAST(NULL AS BIGINT), FALSE FROM case_sessions WHERE case_id = ?
	UNION ALL SELECT 'mediator', id, mediator_id, by_party_id, by_account_id, 0, 0, 0, method, end_reason, disclosure, '', '',
		since, until, disclosed_at, CAST(NULL AS BIGINT), FALSE FROM case_mediators WHERE case_id = ?
	UNION ALL SELECT * FROM (SELECT 'event', id, account_id, 0, 0, 0, 0, 0, verb, from_state, to_state, hand, words, at,
		CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), public FROM case_events WHERE case_id = ? ORDER BY id DESC LIMIT 60) AS e
	ORDER BY 1, 2`

// Page reads the case page for a reader in scope: case, parties (sealed values unopened),
// mediators, dates, clocks and the latest history. Anything else is NotFound.
func (s *Service) Page(ctx context.Context, who access.Actor, key string) (File, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return File{}, err
	}
	var heads []pageHead
	if err := s.db.Select(ctx, &heads, pageHeadQuery, liaisonID(who), key); err != nil {
		return File{}, err
	}
	if len(heads) == 0 {
		return File{}, errNoCase
	}
	f := File{Case: heads[0].Case, Hands: handsOf(who, heads[0].Case, heads[0].ForLiaison)}
	if len(f.Hands) == 0 {
		return File{}, errNoCase
	}
	for _, h := range heads {
		f.Parties = append(f.Parties, h.Party)
	}
	f.Offers = Offers(f.Case.State, f.Hands)
	return f, s.fillParts(ctx, &f)
}

func (s *Service) fillParts(ctx context.Context, f *File) error {
	var parts []pagePart
	id := f.Case.ID
	if err := s.db.Select(ctx, &parts, pagePartsQuery, id, id, id, id); err != nil {
		return err
	}
	for _, p := range parts {
		switch p.Part {
		case "clock":
			f.Clocks = append(f.Clocks, Clock{ID: p.ID, CaseID: id, PartyID: p.A, SessionID: p.B, RuleID: p.C, Length: int(p.D),
				Step: Step(p.S), RuleName: p.T, Unit: Unit(p.U), DueOn: p.V, EndHow: p.W, StartedAt: p.At1, DueAt: p.At2,
				PausedAt: p.At3, EndedAt: p.At4, Provisional: p.Flag})
		case "session":
			f.Sessions = append(f.Sessions, Session{ID: p.ID, CaseID: id, BookingID: p.A, MediatorID: p.B, RoomID: p.C, LiaisonID: p.D,
				Sequence: p.E, Version: p.F, Key: p.S, State: p.T, MediatorAnswer: p.U, LiaisonAnswer: p.V, Reason: p.W,
				StartsAt: p.At1, EndsAt: p.At2, AnsweredAt: p.At3, Day: p.At1.Day()})
		case "mediator":
			f.Mediators = append(f.Mediators, Appointment{ID: p.ID, CaseID: id, MediatorID: p.A, ByPartyID: p.B, ByAccountID: p.C,
				Method: p.S, EndReason: p.T, Disclosure: p.U, Since: p.At1, Until: p.At2, DisclosedAt: p.At3})
		case "event":
			f.Events = append(f.Events, Event{ID: p.ID, AccountID: p.A, Verb: Verb(p.S), From: State(p.T), To: State(p.U),
				Hand: Hand(p.V), Words: p.W, At: p.At1, Public: p.Flag})
		}
	}
	return nil
}

// History reads events of a case older than the given one, newest first.
func (s *Service) History(ctx context.Context, who access.Actor, key string, before int64) ([]Event, error) {
	c, _, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1 << 62
	}
	var out []Event
	return out, s.db.Select(ctx, &out, `SELECT id, at, verb, from_state, to_state, hand, account_id, public, words FROM case_events
		WHERE case_id = ? AND id < ? ORDER BY id DESC LIMIT 100`, c.ID, before)
}

// Dossier is what lies behind the page: sealed words opened, wishes, agents, photos.
type Dossier struct {
	Statements []Statement
	Choices    []Choice
	Slots      []Slot
	Agents     []Agent
	Files      []CaseFile
}

// CaseFile is an uploaded file of the case.
type CaseFile struct {
	PartyID int64   `db:"party_id"`
	FileKey string  `db:"file_key"`
	Kind    string  `db:"kind"`
	At      db.Time `db:"at"`
}

// Dossier opens the words of a case for those who work on it: the clerk, its mediator,
// its liaison and the leader. A room lead plans dates and doesn't read statements.
func (s *Service) Dossier(ctx context.Context, who access.Actor, key string) (Dossier, error) {
	c, hands, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return Dossier{}, err
	}
	return s.dossier(ctx, c.ID, hands)
}

// DossierOf is Dossier for a file just read by Page, which found the reader's hands.
func (s *Service) DossierOf(ctx context.Context, f File) (Dossier, error) {
	return s.dossier(ctx, f.Case.ID, f.Hands)
}

func (s *Service) dossier(ctx context.Context, caseID int64, hands []Hand) (d Dossier, err error) {
	if len(hands) == 0 || len(hands) == 1 && hands[0] == HandLead {
		return d, fault.New(fault.Forbidden, "各方的陈述只有承办人员可以看")
	}
	if d.Statements, err = s.statements(ctx, s.db, caseID); err != nil {
		return d, err
	}
	if d.Choices, err = choicesOf(ctx, s.db, caseID); err != nil {
		return d, err
	}
	if d.Slots, err = slotsOf(ctx, s.db, caseID); err != nil {
		return d, err
	}
	if err = s.db.Select(ctx, &d.Files, `SELECT party_id, file_key, kind, at FROM case_files WHERE case_id = ? ORDER BY id`, caseID); err != nil {
		return d, err
	}
	d.Agents, err = s.agents(ctx, s.db, caseID)
	return d, err
}

// FileInScope tells whether the reader may open an uploaded file of a case.
func (s *Service) FileInScope(ctx context.Context, who access.Actor, fileKey string) error {
	var caseID int64
	err := s.db.Get(ctx, &caseID, `SELECT case_id FROM case_files WHERE file_key = ?`, fileKey)
	if err != nil {
		return err
	}
	_, _, err = s.InScopeID(ctx, s.db, who, caseID)
	return err
}
