package people

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/content"
	"tiaojie/db"
)

// Community is a community of the street (社区); the street's own centre is one too.
type Community struct {
	ID       int64  `db:"id"`
	Code     string `db:"code"`
	Name     string `db:"name"`
	IsStreet bool   `db:"is_street"` // the street's centre; there is one
	Address  string `db:"address"`
	Phone    string `db:"phone"`
	Seq      int    `db:"seq"`
	Version  int64  `db:"version"`
}

// Unit is a member unit or department (成员单位).
type Unit struct {
	ID      int64  `db:"id"`
	Code    string `db:"code"`
	Name    string `db:"name"`
	Seq     int    `db:"seq"`
	Version int64  `db:"version"`
}

// RepKind is one of 一专七代表.
type RepKind struct {
	Code      string `db:"code"`
	Name      string `db:"name"`
	Confirmed bool   `db:"confirmed"`
	Enabled   bool   `db:"enabled"`
	Seq       int    `db:"seq"`
	Version   int64  `db:"version"`
}

// DisputeType is a kind of dispute: one of the 15 of the reports, or a local sub-type of one.
type DisputeType struct {
	Code       string `db:"code"`
	Parent     string `db:"parent"` // "" for one of the report's own
	Name       string `db:"name"`
	ReportCode string `db:"report_code"`
	Hint       string `db:"hint"`
	Enabled    bool   `db:"enabled"`
	Seq        int    `db:"seq"`
}

// Main tells whether it is one of the report's own types.
func (t DisputeType) Main() bool { return t.Parent == "" }

// unnamed is how a kind that the street has not named yet is called.
const unnamed = "待街道确认"

// repKinds are the four confirmed by the street's own publication, and four that it
// has not named: they stay off until it does.
var repKinds = []RepKind{
	{Code: "pro", Name: "品牌调解员", Confirmed: true, Enabled: true}, {Code: "npc", Name: "人大代表", Confirmed: true, Enabled: true},
	{Code: "trade", Name: "行业代表", Confirmed: true, Enabled: true}, {Code: "psy", Name: "心理咨询师代表", Confirmed: true, Enabled: true},
	{Code: "tbd1", Name: unnamed + "（一）"}, {Code: "tbd2", Name: unnamed + "（二）"}, {Code: "tbd3", Name: unnamed + "（三）"}, {Code: "tbd4", Name: unnamed + "（四）"},
}

// Prepare fills the code tables of a fresh installation. What is there stays.
func (s *Service) Prepare(ctx context.Context) error {
	types, err := csv.NewReader(bytes.NewReader(content.Disputes)).ReadAll()
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for i, k := range repKinds {
			_, err := tx.Exec(ctx, `INSERT INTO rep_kinds (code, name, confirmed, enabled, seq) VALUES (?,?,?,?,?) ON CONFLICT (code) DO NOTHING`,
				k.Code, k.Name, k.Confirmed, k.Enabled, i+1)
			if err != nil {
				return err
			}
		}
		for i, t := range types[1:] {
			_, err := tx.Exec(ctx, `INSERT INTO dispute_types (code, parent, report_code, name, hint, seq) VALUES (?,?,?,?,?,?) ON CONFLICT (code) DO NOTHING`,
				t[0], t[1], t[2], t[3], t[4], i+1)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Communities lists the communities in their order.
func (s *Service) Communities(ctx context.Context, r db.Reader) ([]Community, error) {
	var out []Community
	return out, r.Select(ctx, &out, `SELECT id, code, name, is_street, address, phone, seq, version FROM communities ORDER BY is_street DESC, seq, id`)
}

// Units lists the member units in their order.
func (s *Service) Units(ctx context.Context, r db.Reader) ([]Unit, error) {
	var out []Unit
	return out, r.Select(ctx, &out, `SELECT id, code, name, seq, version FROM units ORDER BY seq, id`)
}

// RepKinds lists the kinds of representatives, also those that are off.
func (s *Service) RepKinds(ctx context.Context, r db.Reader) ([]RepKind, error) {
	var out []RepKind
	return out, r.Select(ctx, &out, `SELECT code, name, confirmed, enabled, seq, version FROM rep_kinds ORDER BY seq`)
}

// DisputeTypes lists the enabled types, the report's own first.
func (s *Service) DisputeTypes(ctx context.Context, r db.Reader) ([]DisputeType, error) {
	var out []DisputeType
	return out, r.Select(ctx, &out, `SELECT code, parent, name, report_code, hint, enabled, seq FROM dispute_types WHERE enabled ORDER BY seq`)
}

// TypeName names a type; ok is false for an unknown or disabled one.
func (s *Service) TypeName(ctx context.Context, r db.Reader, code string) (name string, ok bool, err error) {
	err = r.Get(ctx, &name, `SELECT name FROM dispute_types WHERE code = ? AND enabled`, code)
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	return name, err == nil, err
}

// ConfirmRepKind names a kind after the street decided, and switches it on or off;
// with the first true name an unconfirmed one is confirmed. It needs access.Settings.
func (s *Service) ConfirmRepKind(ctx context.Context, who access.Actor, code, name string, enabled bool, version int64) error {
	name = NormName(name)
	f := fault.Form{}
	f.Check(name != "" && utf8.RuneCountInString(name) <= 20, "name", "请填写街道确认的名称，最多 20 字")
	f.Check(!strings.Contains(name, unnamed), "name", "请填写街道确认的名称")
	if err := f.Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "rep_kind.confirm", code, func(tx *db.Tx) error {
		var there bool
		if err := tx.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM rep_kinds WHERE name = ? AND code <> ?)`, name, code); err != nil {
			return err
		}
		if there {
			return fault.At("name", "已经有这个类别了")
		}
		return tx.Swap(ctx, `UPDATE rep_kinds SET name=?, confirmed=TRUE, enabled=?, version=version+1 WHERE code=? AND version=?`, name, enabled, code, version)
	})
}

// SaveCommunity adds a community (ID 0) or changes one. It needs access.Settings.
func (s *Service) SaveCommunity(ctx context.Context, who access.Actor, c Community) error {
	if err := named(c.Code, c.Name).Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "community.save", c.Code, func(tx *db.Tx) error {
		if c.ID == 0 {
			_, err := tx.Exec(ctx, `INSERT INTO communities (code, name, is_street, address, phone, seq) VALUES (?,?,?,?,?,?)`,
				c.Code, c.Name, c.IsStreet, c.Address, c.Phone, c.Seq)
			return taken(err, inCommunity)
		}
		return taken(tx.Swap(ctx, `UPDATE communities SET code=?, name=?, is_street=?, address=?, phone=?, seq=?, version=version+1 WHERE id=? AND version=?`,
			c.Code, c.Name, c.IsStreet, c.Address, c.Phone, c.Seq, c.ID, c.Version), inCommunity)
	})
}

// SaveUnit adds a member unit (ID 0) or changes one. It needs access.Settings.
func (s *Service) SaveUnit(ctx context.Context, who access.Actor, u Unit) error {
	if err := named(u.Code, u.Name).Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "unit.save", u.Code, func(tx *db.Tx) error {
		if u.ID == 0 {
			_, err := tx.Exec(ctx, `INSERT INTO units (code, name, seq) VALUES (?,?,?)`, u.Code, u.Name, u.Seq)
			return taken(err, "这个编号已经有了")
		}
		return taken(tx.Swap(ctx, `UPDATE units SET code=?, name=?, seq=?, version=version+1 WHERE id=? AND version=?`, u.Code, u.Name, u.Seq, u.ID, u.Version), "这个编号已经有了")
	})
}

// named holds what every row of the street has: a code and a name.
func named(code, name string) fault.Form {
	f := fault.Form{}
	f.Check(code != "" && utf8.RuneCountInString(code) <= 20, "code", "请填写编号，最多 20 字")
	f.Check(name != "" && utf8.RuneCountInString(name) <= 60, "name", "请填写名称，最多 60 字")
	return f
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

const inCommunity = "这个编号已经有了，或已经有一个街道中心"

// taken says what stands in the way when a unique index refuses.
func taken(err error, message string) error {
	if isUnique(err) {
		return fault.At("code", message)
	}
	return err
}

// setting runs one change of the street's data, by the 系统管理员.
func (s *Service) setting(ctx context.Context, who access.Actor, action, ref string, fn func(tx *db.Tx) error) error {
	if err := who.Check(access.Settings); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		tx.Touch("people", "market")
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "setting", Key: ref}, nil)
	})
}
