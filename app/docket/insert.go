package docket

import (
	"context"

	"tiaojie/app/seal"
	"tiaojie/db"
)

// newCase is a case with everything that is written at its birth. Requests, walk-ins
// and bulk loading all go through insertCase.
type newCase struct {
	Case
	parties []newParty
	choices []int64 // ranked by the first applicant
	slots   []SlotInput
	story   string
	photos  []string
	hand    Hand
	account int64
}

type newParty struct {
	PartyView
	sealed sealed
	names  namePair
}

// insertCase writes a new case, its parties, choices, words, first event and index.
// Counters are left to the caller, who may gather many.
func (s *Service) insertCase(ctx context.Context, tx *db.Tx, n *newCase) error {
	c := &n.Case
	var err error
	c.ID, err = tx.Insert(ctx, `INSERT INTO cases (key, apply_no, number, state, type_code, main_type, community_id, committee_id,
		room_id, mediator_id, title, summary, place, origin, channel, registered_by, ask_street, privacy, applied_at, applied_day,
		accepted_at, accepted_day, due_on, due_rule, provisional, closed_at, closed_day, end_reason, remedies, risk, needs_liaison,
		holder, holder_due) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`,
		c.Key, c.ApplyNo, c.Number, c.State, c.TypeCode, MainType(c.TypeCode), c.CommunityID, c.CommitteeID, c.RoomID, c.MediatorID,
		c.Title, c.Summary, c.Place, c.Origin, c.Channel, c.RegisteredBy, c.AskStreet, c.Privacy, c.AppliedAt, c.AppliedDay,
		c.AcceptedAt, c.AcceptedDay, c.DueOn, c.DueRule, c.Provisional, c.ClosedAt, c.ClosedDay, c.EndReason, c.Remedies, c.Risk,
		c.NeedsLiaison, c.Holder, c.HolderDue)
	if err != nil {
		return err
	}
	names := make([]namePair, len(n.parties))
	for i := range n.parties {
		if err := insertParty(ctx, tx, c.ID, &n.parties[i]); err != nil {
			return err
		}
		names[i] = n.parties[i].names
	}
	if err := s.insertWishes(ctx, tx, n); err != nil {
		return err
	}
	err = insertEvent(ctx, tx, Event{At: c.AppliedAt, Verb: VerbApply, To: Applied, Hand: n.hand, AccountID: n.account,
		Public: true, Words: "收到调解申请"}, c.ID)
	if err != nil {
		return err
	}
	return tx.Index(ctx, "case_fts", c.ID, document(*c, names))
}

// insertWishes writes what the applicant said and wished: words, photos, mediators, times.
func (s *Service) insertWishes(ctx context.Context, tx *db.Tx, n *newCase) error {
	if len(n.parties) == 0 {
		return nil
	}
	first := n.parties[0].ID
	if err := s.putWordsAt(ctx, tx, n.AppliedAt, n.ID, first, WordsStory, n.story); err != nil {
		return err
	}
	for _, key := range n.photos {
		if _, err := tx.Exec(ctx, `INSERT INTO case_files (case_id, party_id, file_key, kind, at) VALUES (?,?,?,'photo',?)`,
			n.ID, first, key, n.AppliedAt); err != nil {
			return err
		}
	}
	for i, id := range n.choices {
		if err := putChoice(ctx, tx, n.ID, first, id, i+1, "ranked"); err != nil {
			return err
		}
	}
	return putSlots(ctx, tx, n.ID, first, n.slots)
}

func putChoice(ctx context.Context, tx *db.Tx, caseID, partyID, mediatorID int64, rank int, kind string) error {
	_, err := tx.Exec(ctx, `INSERT INTO case_choices (case_id, party_id, mediator_id, rank, kind) VALUES (?,?,?,?,?)
		ON CONFLICT (case_id, party_id, mediator_id) DO UPDATE SET rank = excluded.rank, kind = excluded.kind`,
		caseID, partyID, mediatorID, rank, kind)
	return err
}

func putSlots(ctx context.Context, tx *db.Tx, caseID, partyID int64, slots []SlotInput) error {
	for _, sl := range slots {
		_, err := tx.Exec(ctx, `INSERT INTO case_slots (case_id, party_id, starts_at, ends_at) VALUES (?,?,?,?)
			ON CONFLICT (case_id, party_id, starts_at) DO UPDATE SET ends_at = excluded.ends_at`,
			caseID, partyID, db.At(sl.Start), db.At(sl.End))
		if err != nil {
			return err
		}
	}
	return nil
}

func insertParty(ctx context.Context, tx *db.Tx, caseID int64, p *newParty) error {
	x := p.sealed
	p.CaseID = caseID
	var err error
	p.ID, err = tx.Insert(ctx, `INSERT INTO case_parties (key, case_id, seq, side, kind, name, pinyin, id_kind, phone_sealed,
		phone_index, idno_sealed, idno_index, address_sealed, address_index, employer_sealed, employer_index, household_sealed,
		household_index, details_sealed, statement_sealed, consent, consent_at, consent_how, consent_by, query_hash)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`,
		p.Key, caseID, p.Seq, p.Side, p.Kind, p.Name, p.Pinyin, p.IDKind, x.phone, x.phoneIx, x.idno, x.idnoIx, x.address,
		x.addressIx, x.employer, x.employerIx, x.household, x.householdIx, x.details, x.statement, p.Consent, p.ConsentAt,
		p.ConsentHow, p.ConsentBy, p.QueryHash)
	return err
}

// makeParty seals a party's input and gives it key and place.
func (s *Service) makeParty(in PartyInput, seq int) (newParty, error) {
	key := seal.NewKey()
	x, err := s.sealParty(key, in.Facts)
	if err != nil {
		return newParty{}, err
	}
	name, kind := in.Name, in.Kind
	if name == "" {
		name = unknownName
	}
	if kind == "" {
		kind = "person"
	}
	pinyin := ""
	if in.Name != "" {
		pinyin = s.out.Pinyin(in.Name)
	}
	return newParty{PartyView: PartyView{Key: key, Seq: seq, Side: in.Side, Kind: kind, Name: name, Pinyin: pinyin,
		IDKind: in.IDKind, Consent: "waiting"}, sealed: x, names: namePair{Name: name, Pinyin: pinyin}}, nil
}

// unknownName stands for a party whose name the applicant doesn't know.
const unknownName = "（不清楚）"
