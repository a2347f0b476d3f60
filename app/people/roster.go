package people

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// MediatorFilter narrows a list of mediators; zero fields don't.
type MediatorFilter struct {
	Type, RepKind, Language, Name string
	Community                     int64
	IDs                           []int64
	State                         MediatorState
	Enabled                       bool // only kinds that are switched on
}

// Mediator reads one mediator with all lists.
func (s *Service) Mediator(ctx context.Context, r db.Reader, key string) (Mediator, error) {
	return s.mediatorWhere(ctx, r, `m.key = ?`, key)
}

// MediatorByID reads one mediator with all lists.
func (s *Service) MediatorByID(ctx context.Context, r db.Reader, id int64) (Mediator, error) {
	return s.mediatorWhere(ctx, r, `m.id = ?`, id)
}

func (s *Service) mediatorWhere(ctx context.Context, r db.Reader, where string, arg any) (Mediator, error) {
	var m Mediator
	if err := r.Get(ctx, &m, `SELECT `+mediatorColumns+mediatorTables+`WHERE `+where, arg); err != nil {
		return m, err
	}
	list := []Mediator{m}
	err := s.addLists(ctx, r, list)
	return list[0], err
}

// Mediators lists mediators by pinyin in a fixed number of queries.
func (s *Service) Mediators(ctx context.Context, r db.Reader, f MediatorFilter) ([]Mediator, error) {
	where, args := []string{"1 = 1"}, []any{}
	add := func(on bool, cond string, arg ...any) {
		if on {
			where, args = append(where, cond), append(args, arg...)
		}
	}
	add(f.State != "", "m.state = ?", f.State)
	add(f.Enabled, "k.enabled")
	add(f.RepKind != "", "m.rep_kind = ?", f.RepKind)
	add(f.Type != "", `EXISTS (SELECT 1 FROM mediator_types t JOIN dispute_types d ON d.code = t.dispute_type
		WHERE t.mediator_id = m.id AND (d.code = ? OR d.code = (SELECT parent FROM dispute_types WHERE code = ?) OR d.parent = ?))`, f.Type, f.Type, f.Type)
	add(f.Language != "", `EXISTS (SELECT 1 FROM mediator_languages l WHERE l.mediator_id = m.id AND l.language = ?)`, f.Language)
	add(f.Community != 0, `EXISTS (SELECT 1 FROM mediator_communities c WHERE c.mediator_id = m.id AND c.community_id = ?)`, f.Community)
	if f.Name != "" {
		like := db.EscapeLike(strings.ToLower(strings.ReplaceAll(f.Name, " ", "")))
		add(true, `(m.name LIKE ? ESCAPE '\' OR m.pinyin LIKE ? ESCAPE '\' OR m.initials LIKE ? ESCAPE '\')`, "%"+like+"%", like+"%", like+"%")
	}
	if f.IDs != nil {
		ids := make([]any, len(f.IDs))
		for i, id := range f.IDs {
			ids[i] = id
		}
		add(true, "m.id IN ("+db.Marks(len(ids))+")", ids...)
	}
	var out []Mediator
	err := r.Select(ctx, &out, `SELECT `+mediatorColumns+mediatorTables+`WHERE `+strings.Join(where, " AND ")+` ORDER BY m.pinyin, m.id`, args...)
	if err != nil {
		return nil, err
	}
	return out, s.addLists(ctx, r, out)
}

// addLists fills types, languages and communities of all mediators with one query.
func (s *Service) addLists(ctx context.Context, r db.Reader, list []Mediator) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[int64]*Mediator, len(list))
	ids := make([]any, 0, 3*len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
		ids = append(ids, list[i].ID)
	}
	in := db.Marks(len(list))
	args := append(append(append([]any{}, ids...), ids...), ids...)
	var rows []struct {
		ID    int64  `db:"mediator_id"`
		Kind  string `db:"kind"`
		Value string `db:"value"`
		Num   int64  `db:"num"`
	}
	err := r.Select(ctx, &rows, `SELECT mediator_id, 't' AS kind, dispute_type AS value, 0 AS num FROM mediator_types WHERE mediator_id IN (`+in+`)
		UNION ALL SELECT mediator_id, 'l', language, 0 FROM mediator_languages WHERE mediator_id IN (`+in+`)
		UNION ALL SELECT mediator_id, 'c', '', community_id FROM mediator_communities WHERE mediator_id IN (`+in+`) ORDER BY 1, 2, 3, 4`, args...)
	for _, row := range rows {
		m := at[row.ID]
		switch row.Kind {
		case "t":
			m.Types = append(m.Types, row.Value)
		case "l":
			m.Languages = append(m.Languages, row.Value)
		default:
			m.Communities = append(m.Communities, row.Num)
		}
	}
	return err
}

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

// tieColumns says in which column of a party a tie's value is looked for.
var tieColumns = map[string]string{"employer": "employer", "property": "employer", "household": "address", "person": "phone"}

// Ties lists a mediator's present ties, opened: for the mediator and the roster's keeper.
func (s *Service) Ties(ctx context.Context, who access.Actor, mediatorID int64) ([]Tie, error) {
	if who.MediatorID != mediatorID {
		if err := who.Check(access.RosterRun); err != nil {
			return nil, err
		}
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
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	var out []Tie
	err := r.Select(ctx, &out, `SELECT id, key, mediator_id, kind, words, community_id, value_sealed, value_index, ended_at FROM mediator_ties
		WHERE mediator_id IN (`+db.Marks(len(args))+`) AND ended_at IS NULL ORDER BY mediator_id, id`, args...)
	return out, err
}

// AddTie declares a tie. norm brings a value to the spelling that parties' values have.
func (s *Service) AddTie(ctx context.Context, who access.Actor, key string, t Tie, norm func(string) string) error {
	f := fault.Form{}
	known := false
	for _, k := range TieKinds {
		if k.Code == t.Kind {
			known = true
			f.Check(k.Value == "" || t.Value != "", "value", "请填写"+k.Value)
		}
	}
	f.Check(known, "kind", "请选择是哪种关系")
	f.Check(t.Words != "", "words", "请用一句话说明,例如:某小区业委会委员")
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.own(ctx, tx, who, key)
		if err != nil {
			return err
		}
		tie := seal.NewKey()
		value := t.Value
		if phone, ok := NormPhone(value); ok && t.Kind == "person" {
			value = phone
		} else if norm != nil {
			value = norm(value)
		}
		column := tieColumns[t.Kind]
		if id, ok := NormID(t.Value); ok && t.Kind == "person" {
			value, column = id, "idno"
		}
		_, err = tx.Exec(ctx, `INSERT INTO mediator_ties (key, mediator_id, kind, words, community_id, value_sealed, value_index) VALUES (?,?,?,?,?,?,?)`,
			tie, m.ID, t.Kind, t.Words, t.CommunityID, s.box.Seal("mediator_ties.value:"+tie, t.Value), s.box.Blind(column, value))
		if err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "mediator.tie", audit.Ref{Kind: "mediator", Key: key}, map[string]string{"kind": t.Kind})
	})
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
		return s.trail.Record(ctx, tx, who, "mediator.tie-end", audit.Ref{Kind: "mediator", Key: key}, nil)
	})
}

// own reads a mediator that the actor may keep: oneself, or any for the roster's keeper.
func (s *Service) own(ctx context.Context, r db.Reader, who access.Actor, key string) (Mediator, error) {
	m, err := s.Mediator(ctx, r, key)
	if err == nil && who.MediatorID != m.ID && !who.Can(access.RosterRun) {
		err = fault.New(fault.NotFound, "没有找到这位调解员")
	}
	return m, err
}

// PhoneOf gives a mediator's phone, for messages.
func (s *Service) PhoneOf(ctx context.Context, r db.Reader, mediatorID int64) (string, error) {
	var row struct {
		Key    string `db:"key"`
		Sealed []byte `db:"phone_sealed"`
	}
	if err := r.Get(ctx, &row, `SELECT key, phone_sealed FROM mediators WHERE id = ?`, mediatorID); err != nil {
		return "", err
	}
	return s.box.Open("mediators.phone:"+row.Key, row.Sealed)
}
