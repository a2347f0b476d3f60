package people

import (
	"context"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Tie is a relation that matters for conflicts: an office held, an employer, a
// household, a relative, a property company. Value is what is compared.
type Tie struct {
	ID          int64   `db:"id"`
	Key         string  `db:"key"`
	MediatorID  int64   `db:"mediator_id"`
	Kind        string  `db:"kind"`
	Words       string  `db:"words"`
	CommunityID int64   `db:"community_id"`
	Sealed      []byte  `db:"value_sealed"`
	Index       string  `db:"value_index"`
	EndedAt     db.Time `db:"ended_at"`
	Value       string  `db:"-"`
}

// TieKinds are the kinds of ties with what their value is.
var TieKinds = []struct{ Code, Label, Value string }{
	{"office", "担任的职务", ""}, {"employer", "工作单位", "单位名称"}, {"household", "家庭住址", "住址"},
	{"person", "近亲属", "亲属的手机号或证件号"}, {"property", "有利害关系的单位", "单位名称"},
}

// tieIndex gives the blind index of a tie's value, of the column of a party that it
// would meet in. Errors: Invalid beside value.
func (s *Service) tieIndex(t Tie) (string, error) {
	switch t.Kind {
	case "employer", "property":
		return s.box.Blind("employer", NormOrg(t.Value)), nil
	case "household":
		return s.box.Blind("address", NormAddress(t.Value)), nil
	case "person":
		if id, ok := NormID(t.Value); ok {
			return s.box.Blind("idno", id), nil
		}
		if phone, ok := NormPhone(t.Value); ok {
			return s.box.Blind("phone", phone), nil
		}
		return "", fault.At("value", "请填写亲属的手机号或身份证号")
	}
	return "", nil
}

// Ties lists a mediator's present ties, opened: for the mediator and the roster's keeper.
func (s *Service) Ties(ctx context.Context, who access.Actor, mediatorID int64) ([]Tie, error) {
	if err := ownOr(who, mediatorID); err != nil {
		return nil, err
	}
	out, err := s.TiesOf(ctx, s.db, []int64{mediatorID})
	for i := range out {
		if out[i].Value, err = s.box.Open("mediator_ties.value:"+out[i].Key, out[i].Sealed); err != nil {
			return nil, err
		}
	}
	return out, err
}

// TiesOf gives the present ties of several mediators, sealed: for the conflict check.
func (s *Service) TiesOf(ctx context.Context, r db.Reader, ids []int64) ([]Tie, error) {
	args := padded(ids)
	var out []Tie
	err := r.Select(ctx, &out, `SELECT id, key, mediator_id, kind, words, community_id, value_sealed, value_index, ended_at FROM mediator_ties
		WHERE mediator_id IN (`+db.Marks(len(args))+`) AND ended_at IS NULL ORDER BY mediator_id, id`, args...)
	return out, err
}

// AddTie declares a tie: by the mediator, or by the roster's keeper on the mediator's word.
func (s *Service) AddTie(ctx context.Context, who access.Actor, idem, key string, t Tie) error {
	if err := t.check(); err != nil {
		return err
	}
	index, err := s.tieIndex(t)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		m, err := s.own(ctx, tx, who, key)
		if err != nil {
			return err
		}
		tie := seal.NewKey()
		_, err = tx.Exec(ctx, `INSERT INTO mediator_ties (key, mediator_id, kind, words, community_id, value_sealed, value_index) VALUES (?,?,?,?,?,?,?)`,
			tie, m.ID, t.Kind, t.Words, t.CommunityID, s.box.Seal("mediator_ties.value:"+tie, t.Value), index)
		if err != nil {
			return err
		}
		tx.Touch("people")
		return s.trail.Record(ctx, tx, who, "mediator.tie", audit.Ref{Kind: "mediator", Key: key}, map[string]string{"kind": t.Kind})
	})
}

func (t Tie) check() error {
	f := fault.Form{}
	known := false
	for _, k := range TieKinds {
		if k.Code == t.Kind {
			known = true
			f.Check(k.Value == "" || t.Value != "", "value", "请填写"+k.Value)
		}
	}
	f.Check(known, "kind", "请选择是哪种关系")
	f.Check(t.Words != "" && utf8.RuneCountInString(t.Words) <= 100, "words", "请用一句话说明，例如：某小区业委会委员")
	f.Check(utf8.RuneCountInString(t.Value) <= 200, "value", "请写在 200 字以内")
	return f.Err()
}

// EndTie ends a declared tie; it stays on record.
func (s *Service) EndTie(ctx context.Context, who access.Actor, key, tieKey string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.own(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE mediator_ties SET ended_at=? WHERE key=? AND mediator_id=? AND ended_at IS NULL`, db.At(tx.Now), tieKey, m.ID); err != nil {
			return err
		}
		tx.Touch("people")
		return s.trail.Record(ctx, tx, who, "mediator.tie-end", audit.Ref{Kind: "mediator", Key: key}, nil)
	})
}
