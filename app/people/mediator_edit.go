package people

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// MediatorInput is what the form of a mediator carries. An empty Phone keeps the one
// on record; empty Pinyin and Initials are made from the name.
type MediatorInput struct {
	Name, Pinyin, Initials, Gender string
	RepKind, Employment            string
	CourtInvited                   bool
	AccountID, UnitID              int64
	Phone                          string
	Grade, Story, JoinedOn         string
	LoadCap                        int
	Types, Languages               []string
	Communities                    []int64
	Version                        int64
}

var letters = regexp.MustCompile(`^[\p{L}\d]*$`)

// tidy brings the input to one spelling and refuses what can be seen to be wrong
// without asking the database.
func (in *MediatorInput) tidy() fault.Form {
	f := fault.Form{}
	in.Name = NormName(in.Name)
	f.Check(in.Name != "" && utf8.RuneCountInString(in.Name) <= 40, "name", "请填写姓名，最多 40 字")
	full, initials := Pinyin(in.Name)
	in.Pinyin, in.Initials = or(squeezed(in.Pinyin), full), or(squeezed(in.Initials), initials)
	f.Check(letters.MatchString(in.Pinyin) && len(in.Pinyin) <= 120, "pinyin", "拼音只用字母")
	f.Check(letters.MatchString(in.Initials) && len(in.Initials) <= 40, "initials", "首字母只用字母")
	f.Check(slices.Contains([]string{"", "女", "男"}, in.Gender), "gender", "请选择性别")
	f.Check(employmentLabels[in.Employment] != "", "employment", "请选择专职、兼职或特邀")
	f.Check(GradeLabel(in.Grade) != "", "grade", "请选择等级")
	f.Check(in.LoadCap >= 0 && in.LoadCap <= 200, "load_cap", "同时办理的案件数请填 0 到 200")
	f.Check(in.JoinedOn == "" || isDay(in.JoinedOn), "joined_on", "日期写成 2026-01-31 这样")
	f.Check(len(in.Types) > 0, "types", "请至少选一类擅长的纠纷")
	checkProfile(f, in.Story, in.Languages, &in.Phone)
	return f
}

// checkProfile checks what the clerk and the mediator may both write, and brings the phone
// to one spelling.
func checkProfile(f fault.Form, story string, languages []string, phone *string) {
	f.Check(utf8.RuneCountInString(story) <= 2000, "story", "介绍最多 2000 字")
	for _, l := range languages {
		f.Check(l != "" && utf8.RuneCountInString(l) <= 12, "languages", "语言名称最多 12 字")
	}
	if *phone != "" {
		norm, ok := NormPhone(*phone)
		f.Check(ok, "phone", "手机号好像不对，请核对")
		*phone = norm
	}
}

func squeezed(text string) string { return strings.ToLower(strings.ReplaceAll(tidy(text), " ", "")) }

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// checkMediator refuses what can't be taken, each problem beside its field. kind is
// the mediator's present kind, which may stay although it was switched off since.
func (s *Service) checkMediator(ctx context.Context, r db.Reader, in *MediatorInput, kind string) error {
	f := in.tidy()
	var known struct {
		Kind    bool  `db:"kind"`
		Types   int   `db:"types"`
		Places  int   `db:"places"`
		Unit    bool  `db:"unit"`
		Account int64 `db:"account"`
	}
	types, places := distinct(in.Types), distinct(in.Communities)
	args := append([]any{in.RepKind, kind}, types...)
	args = append(append(args, places...), in.UnitID, in.AccountID, access.Mediator)
	err := r.Get(ctx, &known, `SELECT EXISTS (SELECT 1 FROM rep_kinds WHERE code = ? AND (enabled OR code = ?)) AS kind,
		(SELECT COUNT(*) FROM dispute_types WHERE code IN (`+db.Marks(len(types))+`)) AS types,
		(SELECT COUNT(*) FROM communities WHERE id IN (`+db.Marks(len(places))+`)) AS places,
		EXISTS (SELECT 1 FROM units WHERE id = ?) AS unit,
		COALESCE((SELECT account_id FROM account_roles WHERE account_id = ? AND role = ?), 0) AS account`, args...)
	if err != nil {
		return err
	}
	f.Check(known.Kind, "rep_kind", "请选择代表类别；待街道确认的类别还不能使用")
	f.Check(known.Types == len(types), "types", "有一类纠纷不认得，请重新选择")
	f.Check(known.Places == len(places), "communities", "有一个社区不认得，请重新选择")
	f.Check(known.Unit || in.UnitID == 0, "unit", "请重新选择单位")
	f.Check(known.Account == in.AccountID, "account", "这个账号没有调解员角色")
	return f.Err()
}

// distinct gives the different values as query arguments.
func distinct[T comparable](list []T) []any {
	seen, out := map[T]bool{}, []any{}
	for _, v := range list {
		if !seen[v] {
			seen[v], out = true, append(out, v)
		}
	}
	return out
}

// CreateMediator adds a mediator, not yet listed. It needs access.RosterRun.
func (s *Service) CreateMediator(ctx context.Context, who access.Actor, idem string, in MediatorInput) (key string, err error) {
	if err := who.Check(access.RosterRun); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		prior, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			key = prior
			return err
		}
		m, err := s.InsertMediator(ctx, tx, in)
		if err != nil {
			return err
		}
		key = m.Key
		if err := s.noted(ctx, tx, who, m, "create", "", "登记入册"); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	if err != nil {
		return "", err
	}
	return key, nil
}

// InsertMediator adds a mediator in the caller's transaction: for imports and seeding.
func (s *Service) InsertMediator(ctx context.Context, tx *db.Tx, in MediatorInput) (Mediator, error) {
	if err := s.checkMediator(ctx, tx, &in, ""); err != nil {
		return Mediator{}, err
	}
	key := seal.NewKey()
	id, err := tx.Insert(ctx, `INSERT INTO mediators (key, account_id, name, pinyin, initials, gender, rep_kind, employment, court_invited,
		unit_id, phone_sealed, phone_index, grade, story, load_cap, state, joined_on, created_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'dormant',?,?) RETURNING id`, key, nullable(in.AccountID), in.Name, in.Pinyin, in.Initials,
		in.Gender, in.RepKind, in.Employment, in.CourtInvited, nullable(in.UnitID), s.box.Seal("mediators.phone:"+key, in.Phone),
		s.box.Blind("phone", in.Phone), in.Grade, in.Story, in.LoadCap, in.JoinedOn, db.At(tx.Now))
	if err != nil {
		return Mediator{}, accountTaken(err)
	}
	if in.Grade != "" {
		if err := insertGrade(ctx, tx, id, Grade{Grade: in.Grade, Issuer: registered, OnDay: tx.Day()}); err != nil {
			return Mediator{}, err
		}
	}
	if err := putLists(ctx, tx, id, in); err != nil {
		return Mediator{}, err
	}
	return s.Mediator(ctx, tx, key)
}

func accountTaken(err error) error {
	if isUnique(err) {
		return fault.At("account", "这个账号已经关联了另一位调解员")
	}
	return err
}

func putLists(ctx context.Context, tx *db.Tx, id int64, in MediatorInput) error {
	for _, q := range []struct {
		table, column string
		values        []any
	}{
		{"mediator_types", "dispute_type", distinct(in.Types)}, {"mediator_languages", "language", distinct(in.Languages)},
		{"mediator_communities", "community_id", distinct(in.Communities)},
	} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+q.table+` WHERE mediator_id = ?`, id); err != nil {
			return err
		}
		for _, v := range q.values {
			if _, err := tx.Exec(ctx, `INSERT INTO `+q.table+` (mediator_id, `+q.column+`) VALUES (?, ?)`, id, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// EditMediator changes a mediator's particulars. A new story ends the consent to
// publication: what is published, the mediator has seen. It needs access.RosterRun.
func (s *Service) EditMediator(ctx context.Context, who access.Actor, key string, in MediatorInput) error {
	if err := who.Check(access.RosterRun); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := s.checkMediator(ctx, tx, &in, m.RepKind); err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE mediators SET account_id=?, name=?, pinyin=?, initials=?, gender=?, rep_kind=?, employment=?, court_invited=?,
			unit_id=?, grade=?, story=?, load_cap=?, joined_on=?, version=version+1 WHERE id=? AND version=?`, nullable(in.AccountID), in.Name,
			in.Pinyin, in.Initials, in.Gender, in.RepKind, in.Employment, in.CourtInvited, nullable(in.UnitID), in.Grade, in.Story,
			in.LoadCap, in.JoinedOn, m.ID, in.Version)
		if err != nil {
			return accountTaken(err)
		}
		if err := s.putRest(ctx, tx, who, m, in); err != nil {
			return err
		}
		if m, err = s.Mediator(ctx, tx, key); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, m, "edit", m.State, "修改资料")
	})
}

// putRest writes what follows from the changed row: phone, grade, lists, consent.
func (s *Service) putRest(ctx context.Context, tx *db.Tx, who access.Actor, m Mediator, in MediatorInput) error {
	if in.Phone != "" {
		_, err := tx.Exec(ctx, `UPDATE mediators SET phone_sealed=?, phone_index=? WHERE id=?`,
			s.box.Seal("mediators.phone:"+m.Key, in.Phone), s.box.Blind("phone", in.Phone), m.ID)
		if err != nil {
			return err
		}
	}
	if in.Grade != m.Grade {
		if err := insertGrade(ctx, tx, m.ID, Grade{Grade: in.Grade, Issuer: registered, OnDay: tx.Day()}); err != nil {
			return err
		}
	}
	if in.Story != m.Story {
		if err := s.unpublish(ctx, tx, who, m, "介绍有改动，等本人同意后再公开"); err != nil {
			return err
		}
	}
	return putLists(ctx, tx, m.ID, in)
}
