package docket

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/db"
)

// The case page is two queries: the case with its parties, and everything that hangs
// on it by number. With the sign-in that makes three reads.

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
	WHERE c.key = ?`

// Beside names a list of another domain that the page reads together with the docket's own.
type Beside func(Case) db.Part

// Page reads the case page for a reader in scope: case, parties (sealed values unopened),
// mediators, dates, clocks and the latest history, what the check for conflicts found, and
// for those who work on the case its dossier. Anything else is NotFound.
func (s *Service) Page(ctx context.Context, who access.Actor, key string, beside ...Beside) (File, error) {
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
	slices.SortFunc(f.Parties, func(a, b PartyView) int { return cmp.Compare(a.Seq, b.Seq) })
	f.Offers = Offers(f.Case.State, f.Hands)
	return f, s.readLists(ctx, who, &f, beside)
}

// readLists reads what hangs on the case.
func (s *Service) readLists(ctx context.Context, who access.Actor, f *File, beside []Beside) (err error) {
	var agents []sealedAgent
	parts := pageParts(who, f, &agents)
	for _, part := range beside {
		parts = append(parts, part(f.Case))
	}
	if err := s.db.Several(ctx, parts...); err != nil {
		return err
	}
	slices.SortFunc(f.Choices, byWish)
	for i := range f.Statements {
		if err := s.openStatement(&f.Statements[i]); err != nil {
			return err
		}
	}
	f.Agents, err = s.openAgents(agents)
	return err
}

// pageParts are the docket's lists of a case: of its events the latest 60, the rest is History's.
func pageParts(who access.Actor, f *File, agents *[]sealedAgent) []db.Part {
	id := []any{f.Case.ID}
	parts := []db.Part{
		{Into: &f.Clocks, From: `case_clocks WHERE case_id = ?`, Args: id},
		{Into: &f.Sessions, From: `case_sessions WHERE case_id = ?`, Args: id},
		{Into: &f.Mediators, From: `case_mediators WHERE case_id = ?`, Args: id},
		{Into: &f.Events, From: `(SELECT * FROM case_events WHERE case_id = ? ORDER BY id DESC LIMIT 60) AS e`, Args: id},
		conflictsPart(who, f),
	}
	// A room lead plans dates and doesn't read statements.
	if len(f.Hands) == 1 && f.Hands[0] == HandLead {
		return parts
	}
	return append(parts,
		db.Part{Into: &f.Statements, From: `case_words WHERE case_id = ?`, Args: id},
		db.Part{Into: &f.Choices, From: `case_choices WHERE case_id = ?`, Order: "rank", Args: id},
		db.Part{Into: &f.Slots, From: `case_slots WHERE case_id = ?`, Order: "starts_at", Args: id},
		db.Part{Into: &f.Files, From: `case_files WHERE case_id = ?`, Args: id},
		db.Part{Into: agents, From: `case_agents WHERE case_id = ?`, Args: id})
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

// Dossier is what those who work on the case read of it: sealed words opened, wishes,
// agents, photos. A room lead's is empty.
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

// FileKeys selects the keys of a case's uploaded files but agents' letters, for the store that describes them.
func FileKeys(c Case) (query string, args []any) {
	return `SELECT file_key FROM case_files WHERE case_id = ? AND kind <> 'letter'`, []any{c.ID}
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
