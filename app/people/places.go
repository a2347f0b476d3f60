package people

import (
	"context"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Community is a community of the street (社区); the street's own centre is one too.
type Community struct {
	ID        int64  `db:"id"`
	Code      string `db:"code"`
	Name      string `db:"name"`
	IsStreet  bool   `db:"is_street"` // the street's centre; there is one
	Address   string `db:"address"`
	Phone     string `db:"phone"`
	Seq       int    `db:"seq"`
	StoppedOn string `db:"stopped_on"` // "" while in use; what came before stays under it
	Version   int64  `db:"version"`
}

// Unit is a member unit or department (成员单位).
type Unit struct {
	ID          int64    `db:"id"`
	Code        string   `db:"code"`
	Name        string   `db:"name"`
	Kind        UnitKind `db:"kind"`
	CommunityID *int64   `db:"community_id"`
	CreditCode  string   `db:"credit_code"` // 统一社会信用代码, "" when not noted
	Seq         int      `db:"seq"`
	StoppedOn   string   `db:"stopped_on"`
	Version     int64    `db:"version"`
}

// UnitKind is what sort of unit it is.
type UnitKind string

// UnitKinds lists them in the order shown.
var UnitKinds = []UnitKind{"office", "station", "community", "company", "society", "other"}

var unitKindLabels = map[UnitKind]string{"office": "街道部门", "station": "派驻机构", "community": "社区工作站", "company": "企业",
	"society": "社会组织", "other": "其他"}

// Label gives the kind's Chinese name.
func (k UnitKind) Label() string { return unitKindLabels[k] }

const (
	communityColumns = `id, code, name, is_street, address, phone, seq, stopped_on, version`
	unitColumns      = `id, code, name, kind, community_id, credit_code, seq, stopped_on, version`
)

// Communities lists the communities in their order; those no longer in use stand last.
func (s *Service) Communities(ctx context.Context, r db.Reader) ([]Community, error) {
	var out []Community
	return out, r.Select(ctx, &out, `SELECT `+communityColumns+` FROM communities ORDER BY stopped_on <> '', is_street DESC, seq, id`)
}

// Community reads one community.
func (s *Service) Community(ctx context.Context, r db.Reader, id int64) (Community, error) {
	var c Community
	return c, r.Get(ctx, &c, `SELECT `+communityColumns+` FROM communities WHERE id = ?`, id)
}

// Units lists the member units in their order; those no longer in use stand last.
func (s *Service) Units(ctx context.Context, r db.Reader) ([]Unit, error) {
	var out []Unit
	return out, r.Select(ctx, &out, `SELECT `+unitColumns+` FROM units ORDER BY stopped_on <> '', seq, id`)
}

// Unit reads one member unit.
func (s *Service) Unit(ctx context.Context, r db.Reader, id int64) (Unit, error) {
	var u Unit
	return u, r.Get(ctx, &u, `SELECT `+unitColumns+` FROM units WHERE id = ?`, id)
}

func (c Community) check() error {
	f := named(c.Code, c.Name)
	f.Check(utf8.RuneCountInString(c.Address) <= 100, "address", "地址最多 100 字")
	f.Check(utf8.RuneCountInString(c.Phone) <= 40, "phone", "电话最多 40 字")
	f.Check(c.Seq >= 0 && c.Seq <= mostSeq, "seq", wrongSeq)
	return f.Err()
}

const (
	mostSeq     = 9999
	wrongSeq    = "排序请填 0 到 9999 之间的数"
	inCommunity = "这个编号已经有了，或已经有一个街道中心"
	inUnit      = "这个编号已经有了"
)

// AddCommunity adds a community. It needs access.Settings.
func (s *Service) AddCommunity(ctx context.Context, who access.Actor, idem string, c Community) error {
	if err := c.check(); err != nil {
		return err
	}
	return s.adding(ctx, who, "community.add", c.Code, idem, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO communities (code, name, is_street, address, phone, seq) VALUES (?,?,?,?,?,?)`,
			c.Code, c.Name, c.IsStreet, c.Address, c.Phone, c.Seq)
		return taken(err, inCommunity)
	})
}

// SaveCommunity changes a community; whether it is the street's centre stays. It needs access.Settings.
func (s *Service) SaveCommunity(ctx context.Context, who access.Actor, c Community) error {
	if err := c.check(); err != nil {
		return err
	}
	return s.setting(ctx, who, "community.save", c.Code, func(tx *db.Tx) error {
		return taken(tx.Swap(ctx, `UPDATE communities SET code=?, name=?, address=?, phone=?, seq=?, version=version+1 WHERE id=? AND version=?`,
			c.Code, c.Name, c.Address, c.Phone, c.Seq, c.ID, c.Version), inCommunity)
	})
}

// check brings the unit's credit code to one spelling and refuses what can't be taken.
func (s *Service) checkUnit(ctx context.Context, r db.Reader, u *Unit) error {
	f := named(u.Code, u.Name)
	f.Check(u.Kind.Label() != "", "kind", "请选择单位的类别")
	f.Check(u.Seq >= 0 && u.Seq <= mostSeq, "seq", wrongSeq)
	if u.CreditCode != "" {
		code, ok := NormCredit(u.CreditCode)
		f.Check(ok, "credit_code", "统一社会信用代码应为 18 位，最后一位是校验码，请核对")
		u.CreditCode = code
	}
	if u.CommunityID != nil {
		_, err := s.Community(ctx, r, *u.CommunityID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		f.Check(err == nil, "community", "没有这个社区，请重新选择")
	}
	return f.Err()
}

// AddUnit adds a member unit. It needs access.Settings.
func (s *Service) AddUnit(ctx context.Context, who access.Actor, idem string, u Unit) error {
	return s.adding(ctx, who, "unit.add", u.Code, idem, func(tx *db.Tx) error {
		if err := s.checkUnit(ctx, tx, &u); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO units (code, name, kind, community_id, credit_code, seq) VALUES (?,?,?,?,?,?)`,
			u.Code, u.Name, u.Kind, u.CommunityID, u.CreditCode, u.Seq)
		return taken(err, inUnit)
	})
}

// SaveUnit changes a member unit. It needs access.Settings.
func (s *Service) SaveUnit(ctx context.Context, who access.Actor, u Unit) error {
	return s.setting(ctx, who, "unit.save", u.Code, func(tx *db.Tx) error {
		if err := s.checkUnit(ctx, tx, &u); err != nil {
			return err
		}
		return taken(tx.Swap(ctx, `UPDATE units SET code=?, name=?, kind=?, community_id=?, credit_code=?, seq=?, version=version+1 WHERE id=? AND version=?`,
			u.Code, u.Name, u.Kind, u.CommunityID, u.CreditCode, u.Seq, u.ID, u.Version), inUnit)
	})
}
