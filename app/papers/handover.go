package papers

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// What a side says alone (单独沟通) is told to the person who mediates, not to the office.
// After a replacement (深圳条例 23) the successor reads it only with that side's word.

// alone says whose private parts of a record a mediator may read.
type alone struct {
	all     bool
	parties []string // keys of those who agreed
}

func (a alone) may(party string) bool { return a.all || slices.Contains(a.parties, party) }

// aloneOf tells what of a record's private parts the mediator of the case may read.
func (s *Service) aloneOf(ctx context.Context, r db.Reader, who access.Actor, rec Record) (alone, error) {
	a := alone{all: who.MediatorID != 0 && who.MediatorID == rec.told}
	if a.all {
		return a, nil
	}
	return a, r.Select(ctx, &a.parties, `SELECT party_key FROM record_handovers WHERE case_id = ? AND mediator_id = ?`, rec.CaseID, who.MediatorID)
}

// ownNotes refuses who would write or settle a private part of another mediator's session.
func (rec Record) ownNotes(who access.Actor, part Part) error {
	if part.Private && who.MediatorID != rec.told {
		return fault.New(fault.NotFound, "这是前任调解员的单独沟通记录，不能改")
	}
	return nil
}

// Handover is what one side told former mediators of the case alone.
type Handover struct {
	PartyKey string
	Name     string
	At       db.Time // when the side agreed that the successor reads it; zero: it did not
	By       string  // who noted that
	Notes    []Note  // none before the side agreed
}

// Note is one private part, with the session that it is of.
type Note struct {
	Seq  int
	By   string
	At   db.Time
	Text string
}

// Handovers lists what was told to former mediators alone, for the one who has the case now.
func (s *Service) Handovers(ctx context.Context, who access.Actor, c docket.Case) ([]Handover, error) {
	if who.MediatorID == 0 || who.MediatorID != c.MediatorID {
		return nil, nil
	}
	var parts []struct {
		Field
		RecordKey string `db:"record_key"`
		Seq       int    `db:"seq"`
		Name      string `db:"who_name"`
	}
	err := s.db.Select(ctx, &parts, `SELECT f.name, f.party_key, f.text_sealed, f.version, f.edited_by, f.edited_at, r.key AS record_key, r.seq,
		p.name AS who_name FROM records r JOIN case_sessions t ON t.id = r.session_id JOIN record_parts f ON f.record_id = r.id AND f.name = 'caucus'
		JOIN record_people p ON p.record_id = r.id AND p.key = f.party_key WHERE r.case_id = ? AND t.mediator_id <> ? ORDER BY r.seq, f.id`, c.ID, who.MediatorID)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	var words []struct {
		Party string  `db:"party_key"`
		At    db.Time `db:"at"`
		By    string  `db:"by_name"`
	}
	err = s.db.Select(ctx, &words, `SELECT party_key, at, by_name FROM record_handovers WHERE case_id = ? AND mediator_id = ?`, c.ID, who.MediatorID)
	if err != nil {
		return nil, err
	}
	var out []Handover
	for _, f := range parts {
		i := slices.IndexFunc(out, func(h Handover) bool { return h.PartyKey == f.PartyKey })
		if i < 0 {
			i, out = len(out), append(out, Handover{PartyKey: f.PartyKey, Name: f.Name})
			for _, w := range words {
				if w.Party == f.PartyKey {
					out[i].At, out[i].By = w.At, w.By
				}
			}
		}
		if out[i].At.IsZero() {
			continue // not opened without the side's word
		}
		text, err := s.box.Open(s.fieldPlace(f.RecordKey, f.Field.Name, f.PartyKey, f.Version), f.Sealed)
		if err != nil {
			return nil, err
		}
		out[i].Notes = append(out[i].Notes, Note{Seq: f.Seq, By: f.EditedBy, At: f.EditedAt, Text: text})
	}
	return out, nil
}

// HandOver notes that a side lets the case's present mediator read what it told the
// former ones alone, or takes that back.
func (s *Service) HandOver(ctx context.Context, who access.Actor, sessionKey, partyKey string, on bool) error {
	if err := who.Check(access.CaseWork); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		ses, err := s.cases.SessionByKey(ctx, tx, who, sessionKey)
		if err != nil {
			return err
		}
		c, _, err := s.cases.InScopeID(ctx, tx, who, ses.CaseID)
		if err != nil {
			return err
		}
		parties, _, err := s.cases.PeopleOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(parties, func(p docket.PartyView) bool { return p.Key == partyKey })
		if who.MediatorID == 0 || who.MediatorID != c.MediatorID || !known {
			return errNoRecord
		}
		action, text := "record.handover", `INSERT INTO record_handovers (at, by_name, case_id, party_key, mediator_id) VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING`
		args := []any{db.At(tx.Now), who.Name, c.ID, partyKey, who.MediatorID}
		if !on {
			action, text, args = "record.handover-back", `DELETE FROM record_handovers WHERE case_id = ? AND party_key = ? AND mediator_id = ?`, args[2:]
		}
		if n, err := tx.Exec(ctx, text, args...); err != nil || n == 0 {
			return err
		}
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "case", Key: c.Key}, map[string]string{"party": partyKey})
	})
}
