package people

import (
	"context"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/db"
)

// Committee is a people's mediation committee (人民调解委员会). In Guangdong
// committees have no levels (广东实施办法 8): none stands above another.
type Committee struct {
	ID          int64  `db:"id"`
	Code        string `db:"code"`
	Name        string `db:"name"`
	Org         string `db:"org"` // stands in docket numbers
	Kind        string `db:"kind"`
	CommunityID *int64 `db:"community_id"`
	Address     string `db:"address"`
	Phone       string `db:"phone"`
	SealText    string `db:"seal_text"` // the words of its seal, "" for its full name
	Version     int64  `db:"version"`
}

// Seal gives the words of the committee's seal.
func (c Committee) Seal() string { return or(c.SealText, c.Name) }

const committeeColumns = `id, code, name, org, kind, community_id, address, phone, seal_text, version`

// Committees lists the mediation committees.
func (s *Service) Committees(ctx context.Context, r db.Reader) ([]Committee, error) {
	var out []Committee
	return out, r.Select(ctx, &out, `SELECT `+committeeColumns+` FROM committees ORDER BY id`)
}

// Committee reads one committee.
func (s *Service) Committee(ctx context.Context, r db.Reader, id int64) (Committee, error) {
	var c Committee
	return c, r.Get(ctx, &c, `SELECT `+committeeColumns+` FROM committees WHERE id = ?`, id)
}

const inCommittee = "这个编号或案号简称已经有了"

func (c Committee) check() error {
	f := named(c.Code, c.Name)
	f.Check(c.Org != "" && utf8.RuneCountInString(c.Org) <= 8, "org", "请填写案号里的简称，最多 8 个字")
	f.Check(utf8.RuneCountInString(c.SealText) <= 40, "seal_text", "印章文字最多 40 字")
	f.Check(utf8.RuneCountInString(c.Address) <= 100, "address", "地址最多 100 字")
	f.Check(utf8.RuneCountInString(c.Phone) <= 40, "phone", "电话最多 40 字")
	return f.Err()
}

// AddCommittee adds a committee. It needs access.Settings.
func (s *Service) AddCommittee(ctx context.Context, who access.Actor, idem string, c Committee) error {
	if err := c.check(); err != nil {
		return err
	}
	return s.adding(ctx, who, "committee.add", c.Code, idem, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO committees (code, name, org, kind, community_id, address, phone, seal_text) VALUES (?,?,?,?,?,?,?,?)`,
			c.Code, c.Name, c.Org, or(c.Kind, "street"), c.CommunityID, c.Address, c.Phone, c.SealText)
		return taken(err, inCommittee)
	})
}

// SaveCommittee changes a committee. Its org stands in every docket number given
// later. It needs access.Settings.
func (s *Service) SaveCommittee(ctx context.Context, who access.Actor, c Committee) error {
	if err := c.check(); err != nil {
		return err
	}
	return s.setting(ctx, who, "committee.save", c.Code, func(tx *db.Tx) error {
		return taken(tx.Swap(ctx, `UPDATE committees SET code=?, name=?, org=?, community_id=?, address=?, phone=?, seal_text=?, version=version+1
			WHERE id=? AND version=?`, c.Code, c.Name, c.Org, c.CommunityID, c.Address, c.Phone, c.SealText, c.ID, c.Version), inCommittee)
	})
}
