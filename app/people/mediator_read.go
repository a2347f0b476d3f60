package people

import (
	"context"
	"slices"
	"strings"

	"tiaojie/db"
)

const mediatorColumns = `m.id, m.key, m.account_id, m.name, m.pinyin, m.initials, m.gender, m.rep_kind, m.employment, m.court_invited,
	m.unit_id, m.grade, m.story, m.photo_key, m.publish_at, m.publish_version, m.load_cap, m.state, m.state_reason, m.joined_on, m.listed_to, m.version,
	k.name AS rep_name, k.enabled AS rep_enabled`

const mediatorTables = ` FROM mediators m JOIN rep_kinds k ON k.code = m.rep_kind `

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
		like := db.EscapeLike(squeezed(f.Name))
		add(true, `(LOWER(m.name) LIKE ? ESCAPE '\' OR m.pinyin LIKE ? ESCAPE '\' OR m.initials LIKE ? ESCAPE '\')`, "%"+like+"%", like+"%", like+"%")
	}
	if f.IDs != nil {
		ids := padded(f.IDs)
		add(true, "m.id IN ("+db.Marks(len(ids))+")", ids...)
	}
	var out []Mediator
	err := r.Select(ctx, &out, `SELECT `+mediatorColumns+mediatorTables+`WHERE `+strings.Join(where, " AND ")+` ORDER BY m.pinyin, m.id`, args...)
	if err != nil {
		return nil, err
	}
	return out, s.addLists(ctx, r, out)
}

// mostIDs is how many ids one query takes; engines bound their parameters at 32,766.
const mostIDs = 8192

// padded gives ids as query arguments, the last repeated up to a power of two, so that
// lists of any length share a few prepared statements.
func padded(ids []int64) []any {
	if len(ids) == 0 {
		return nil
	}
	n := 1
	for n < len(ids) {
		n *= 2
	}
	out := make([]any, n)
	for i := range out {
		out[i] = ids[min(i, len(ids)-1)]
	}
	return out
}

// addLists fills what doesn't stand in the row itself: types, languages and communities of
// all mediators, with one query for each 8,192 of them, and whose last day is over.
func (s *Service) addLists(ctx context.Context, r db.Reader, list []Mediator) error {
	at := make(map[int64]*Mediator, len(list))
	today := db.DayOf(s.db.Now())
	ids := make([]int64, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
		list[i].Lapsed = list[i].ListedTo != "" && list[i].ListedTo < today
	}
	for part := range slices.Chunk(ids, mostIDs) {
		if err := addListsOf(ctx, r, at, padded(part)); err != nil {
			return err
		}
	}
	return nil
}

func addListsOf(ctx context.Context, r db.Reader, at map[int64]*Mediator, ids []any) error {
	in := db.Marks(len(ids))
	args := slices.Concat(ids, ids, ids)
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
