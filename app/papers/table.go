package papers

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// act runs one change of a record by its mediator, in one of the states.
func (s *Service) act(ctx context.Context, who access.Actor, key string, in []State, fn func(tx *db.Tx, rec Record) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		rec, err := s.forWork(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if !slices.Contains(in, rec.State) {
			return fault.New(fault.Conflict, "这次调解已经结束，不能再改")
		}
		return fn(tx, rec)
	})
}

var open = []State{Prepared, Running}

// Seen notes who is present and by which document identity was seen; the number is
// never stored here.
func (s *Service) Seen(ctx context.Context, who access.Actor, key, personKey, present, document string) error {
	if !slices.Contains([]string{"", "yes", "remote", "no"}, present) {
		return fault.At("present", "请选择是否到场")
	}
	if document != "" && !slices.Contains(IDDocuments, document) {
		return fault.At("document", "请选择核对的证件")
	}
	return s.act(ctx, who, key, open, func(tx *db.Tx, rec Record) error {
		by := ""
		if document != "" {
			by = who.Name
		}
		// Who came into the case after the list was made, an agent say, gets a seat now.
		if err := s.seat(ctx, tx, who, rec); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE record_people SET present=?, id_seen=?, id_seen_by=?, marked_at=? WHERE record_id=? AND key=?`,
			present, document, by, db.At(tx.Now), rec.ID, personKey)
		if err == nil && n == 0 {
			return errNoRecord
		}
		return err
	})
}

// Invite adds a person whom the parties want at the table: a relative, neighbour,
// expert or representative. All parties must have agreed (人民调解法 20).
func (s *Service) Invite(ctx context.Context, who access.Actor, key, name, relation string, allAgreed bool) error {
	f := fault.Form{}
	f.Check(name != "" && utf8.RuneCountInString(name) <= 40, "name", "请填写受邀人的姓名")
	f.Check(relation != "" && utf8.RuneCountInString(relation) <= 40, "relation", "请写明身份，如邻居、亲属、人大代表")
	f.Check(allAgreed, "consented", "须各方当事人都同意才能邀请（人民调解法第二十条）")
	if err := f.Err(); err != nil {
		return err
	}
	return s.act(ctx, who, key, open, func(tx *db.Tx, rec Record) error {
		_, err := tx.Exec(ctx, `INSERT INTO record_people (record_id, key, kind, name, relation, present, consented, marked_at) VALUES (?,?,?,?,?,'yes',TRUE,?)`,
			rec.ID, seal.NewKey(), "invited", name, relation, db.At(tx.Now))
		return err
	})
}

// Tell ticks that a person was told the rights, or heard the disclosure.
func (s *Service) Tell(ctx context.Context, who access.Actor, key, kind, personKey string, on bool) error {
	if kind != "rights" && kind != "disclosure" {
		return errNoRecord
	}
	return s.act(ctx, who, key, open, func(tx *db.Tx, rec Record) error {
		return s.tick(ctx, tx, who, rec, kind, personKey, on, "")
	})
}

// ReadBack ticks that the record was read to a party, or by the party, as it stands
// now. A later change of the text makes the tick void.
func (s *Service) ReadBack(ctx context.Context, who access.Actor, key, personKey, how string, on bool) error {
	if !slices.Contains([]string{"宣读", "阅读"}, how) && on {
		return fault.At("how", "请选择是宣读给当事人听，还是当事人自己看")
	}
	return s.act(ctx, who, key, []State{Running}, func(tx *db.Tx, rec Record) error {
		return s.tick(ctx, tx, who, rec, "readback", personKey, on, how)
	})
}

func (s *Service) tick(ctx context.Context, tx *db.Tx, who access.Actor, rec Record, kind, personKey string, on bool, note string) error {
	if err := s.isParty(ctx, tx, rec.ID, personKey); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM record_ticks WHERE record_id=? AND kind=? AND person_key=?`, rec.ID, kind, personKey); err != nil || !on {
		return err
	}
	text := ""
	if kind == "readback" {
		fields, err := s.fields(ctx, tx, rec, alone{})
		if err != nil {
			return err
		}
		text = mark(fields)
	}
	_, err := tx.Exec(ctx, `INSERT INTO record_ticks (record_id, kind, person_key, at, by_name, note, record_mark) VALUES (?,?,?,?,?,?,?)`,
		rec.ID, kind, personKey, db.At(tx.Now), who.Name, note, text)
	return err
}

// SetOpenness makes the session open only when nobody wants it closed (人民调解法 23).
func (s *Service) SetOpenness(ctx context.Context, who access.Actor, key string, wide bool) error {
	return s.act(ctx, who, key, open, func(tx *db.Tx, rec Record) error {
		value := "closed"
		if wide {
			value = "open"
		}
		_, err := tx.Exec(ctx, `UPDATE records SET openness=?, version=version+1 WHERE id=?`, value, rec.ID)
		return err
	})
}

// Propose puts an offer on the table. from is a party's key, or "mediator".
func (s *Service) Propose(ctx context.Context, who access.Actor, key, idem, from, text, dueOn string) error {
	f := fault.Form{}
	f.Check(text != "" && utf8.RuneCountInString(text) <= 2000, "text", "请写下方案的内容，最多 2000 字")
	if dueOn != "" {
		_, err := time.Parse(time.DateOnly, dueOn)
		f.Check(err == nil, "due_on", "日期请写成 2026-12-31 的样子")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.act(ctx, who, key, []State{Running}, func(tx *db.Tx, rec Record) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		if from != "mediator" {
			if err := s.isParty(ctx, tx, rec.ID, from); err != nil {
				return err
			}
		}
		pkey := seal.NewKey()
		_, err := tx.Exec(ctx, `INSERT INTO record_proposals (record_id, key, seq, from_key, text_sealed, due_on, state, created_at)
			SELECT ?, ?, COALESCE((SELECT seq FROM record_proposals WHERE record_id = ? ORDER BY seq DESC LIMIT 1), 0) + 1, ?, ?, ?, 'open', ?`,
			rec.ID, pkey, rec.ID, from, s.box.Seal("record_proposals.text:"+pkey, text), dueOn, db.At(tx.Now))
		return err
	})
}

// Answer notes what a party says to an offer. All yes makes it accepted, one no rejected.
func (s *Service) Answer(ctx context.Context, who access.Actor, key, proposalKey, partyKey, answer string) error {
	if !slices.Contains([]string{"yes", "no", "thinking"}, answer) {
		return fault.At("answer", "请选择同意、不同意或再考虑")
	}
	return s.act(ctx, who, key, []State{Running}, func(tx *db.Tx, rec Record) error {
		if err := s.isParty(ctx, tx, rec.ID, partyKey); err != nil {
			return err
		}
		var id int64
		if err := tx.Get(ctx, &id, `SELECT id FROM record_proposals WHERE key = ? AND record_id = ? AND state <> 'withdrawn'`, proposalKey, rec.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO record_answers (proposal_id, party_key, answer, at) VALUES (?,?,?,?)
			ON CONFLICT (proposal_id, party_key) DO UPDATE SET answer = excluded.answer, at = excluded.at`, id, partyKey, answer, db.At(tx.Now))
		if err != nil {
			return err
		}
		return s.settleProposal(ctx, tx, rec, id)
	})
}

func (s *Service) settleProposal(ctx context.Context, tx *db.Tx, rec Record, id int64) error {
	var n struct {
		Parties int `db:"parties"`
		Yes     int `db:"yes"`
		No      int `db:"no"`
	}
	err := tx.Get(ctx, &n, `SELECT (SELECT COUNT(*) FROM record_people WHERE record_id = ? AND kind = 'party') AS parties,
		(SELECT COUNT(*) FROM record_answers WHERE proposal_id = ? AND answer = 'yes') AS yes,
		(SELECT COUNT(*) FROM record_answers WHERE proposal_id = ? AND answer = 'no') AS no`, rec.ID, id, id)
	if err != nil {
		return err
	}
	state := "open"
	switch {
	case n.No > 0:
		state = "rejected"
	case n.Yes == n.Parties:
		state = "accepted"
	}
	_, err = tx.Exec(ctx, `UPDATE record_proposals SET state=?, version=version+1 WHERE id=?`, state, id)
	return err
}

// WithdrawProposal takes an offer off the table; it stays on the list as withdrawn.
func (s *Service) WithdrawProposal(ctx context.Context, who access.Actor, key, proposalKey string) error {
	return s.act(ctx, who, key, []State{Running}, func(tx *db.Tx, rec Record) error {
		return tx.Swap(ctx, `UPDATE record_proposals SET state='withdrawn', version=version+1 WHERE key=? AND record_id=? AND state<>'withdrawn'`, proposalKey, rec.ID)
	})
}

func (s *Service) proposals(ctx context.Context, r db.Reader, rec Record) ([]Proposal, error) {
	var out []Proposal
	err := r.Select(ctx, &out, `SELECT id, record_id, key, seq, from_key, text_sealed, due_on, state, created_at, version
		FROM record_proposals WHERE record_id = ? ORDER BY seq`, rec.ID)
	if err != nil {
		return nil, err
	}
	at := map[int64]*Proposal{}
	for i := range out {
		p := &out[i]
		p.Answers = map[string]string{}
		at[p.ID] = p
		if p.Text, err = s.box.Open("record_proposals.text:"+p.Key, p.Sealed); err != nil {
			return nil, err
		}
	}
	var answers []struct {
		ID       int64  `db:"proposal_id"`
		PartyKey string `db:"party_key"`
		Answer   string `db:"answer"`
	}
	err = r.Select(ctx, &answers, `SELECT a.proposal_id, a.party_key, a.answer FROM record_answers a
		JOIN record_proposals p ON p.id = a.proposal_id WHERE p.record_id = ?`, rec.ID)
	for _, a := range answers {
		at[a.ID].Answers[a.PartyKey] = a.Answer
	}
	return out, err
}
