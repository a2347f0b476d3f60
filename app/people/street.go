package people

import (
	"bytes"
	"context"
	"encoding/csv"
	"time"
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
	IsStreet bool   `db:"is_street"`
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
	Version     int64  `db:"version"`
}

// Member is a member of a committee (人民调解法 8, 9).
type Member struct {
	ID          int64  `db:"id"`
	CommitteeID int64  `db:"committee_id"`
	Name        string `db:"name"`
	Gender      string `db:"gender"`
	Post        string `db:"post"` // director, deputy, member
	TermStart   string `db:"term_start"`
	TermEnd     string `db:"term_end"`
	EndedOn     string `db:"ended_on"`
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

// repKinds are the four confirmed by the street's own publication, and four that it
// has not named: they stay off until it does.
var repKinds = []RepKind{
	{Code: "pro", Name: "品牌调解员", Confirmed: true, Enabled: true}, {Code: "npc", Name: "人大代表", Confirmed: true, Enabled: true},
	{Code: "trade", Name: "行业代表", Confirmed: true, Enabled: true}, {Code: "psy", Name: "心理咨询师代表", Confirmed: true, Enabled: true},
	{Code: "tbd1", Name: "待街道确认(一)"}, {Code: "tbd2", Name: "待街道确认(二)"}, {Code: "tbd3", Name: "待街道确认(三)"}, {Code: "tbd4", Name: "待街道确认(四)"},
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

// Committees lists the mediation committees.
func (s *Service) Committees(ctx context.Context, r db.Reader) ([]Committee, error) {
	var out []Committee
	return out, r.Select(ctx, &out, `SELECT id, code, name, org, kind, community_id, address, phone, version FROM committees ORDER BY id`)
}

// Committee reads one committee.
func (s *Service) Committee(ctx context.Context, r db.Reader, id int64) (Committee, error) {
	var c Committee
	return c, r.Get(ctx, &c, `SELECT id, code, name, org, kind, community_id, address, phone, version FROM committees WHERE id = ?`, id)
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

// ConfirmRepKind names one of the unconfirmed kinds after the street decided, and
// switches it on or off. It needs access.Settings.
func (s *Service) ConfirmRepKind(ctx context.Context, who access.Actor, code, name string, enabled bool, version int64) error {
	if name == "" || utf8.RuneCountInString(name) > 20 {
		return fault.At("name", "请填写街道确认的名称,最多 20 字")
	}
	return s.setting(ctx, who, "rep_kind.confirm", code, func(tx *db.Tx) error {
		return tx.Swap(ctx, `UPDATE rep_kinds SET name=?, confirmed=TRUE, enabled=?, version=version+1 WHERE code=? AND version=?`, name, enabled, code, version)
	})
}

// SaveCommunity adds a community (ID 0) or changes one. It needs access.Settings.
func (s *Service) SaveCommunity(ctx context.Context, who access.Actor, c Community) error {
	f := fault.Form{}
	f.Check(c.Code != "", "code", "请填写编号")
	f.Check(c.Name != "", "name", "请填写名称")
	if err := f.Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "community.save", c.Code, func(tx *db.Tx) error {
		if c.ID == 0 {
			_, err := tx.Exec(ctx, `INSERT INTO communities (code, name, is_street, address, phone, seq) VALUES (?,?,?,?,?,?)`,
				c.Code, c.Name, c.IsStreet, c.Address, c.Phone, c.Seq)
			return codeTaken(err)
		}
		return codeTaken(tx.Swap(ctx, `UPDATE communities SET code=?, name=?, is_street=?, address=?, phone=?, seq=?, version=version+1 WHERE id=? AND version=?`,
			c.Code, c.Name, c.IsStreet, c.Address, c.Phone, c.Seq, c.ID, c.Version))
	})
}

// SaveUnit adds a member unit (ID 0) or changes one. It needs access.Settings.
func (s *Service) SaveUnit(ctx context.Context, who access.Actor, u Unit) error {
	f := fault.Form{}
	f.Check(u.Code != "", "code", "请填写编号")
	f.Check(u.Name != "", "name", "请填写名称")
	if err := f.Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "unit.save", u.Code, func(tx *db.Tx) error {
		if u.ID == 0 {
			_, err := tx.Exec(ctx, `INSERT INTO units (code, name, seq) VALUES (?,?,?)`, u.Code, u.Name, u.Seq)
			return codeTaken(err)
		}
		return codeTaken(tx.Swap(ctx, `UPDATE units SET code=?, name=?, seq=?, version=version+1 WHERE id=? AND version=?`, u.Code, u.Name, u.Seq, u.ID, u.Version))
	})
}

// SaveCommittee adds a committee (ID 0) or changes one. Its org stands in every
// docket number given later. It needs access.Settings.
func (s *Service) SaveCommittee(ctx context.Context, who access.Actor, c Committee) error {
	f := fault.Form{}
	f.Check(c.Code != "", "code", "请填写编号")
	f.Check(c.Name != "", "name", "请填写全称")
	f.Check(c.Org != "" && utf8.RuneCountInString(c.Org) <= 8, "org", "请填写案号里的简称,最多 8 个字")
	if err := f.Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "committee.save", c.Code, func(tx *db.Tx) error {
		if c.ID == 0 {
			_, err := tx.Exec(ctx, `INSERT INTO committees (code, name, org, kind, community_id, address, phone) VALUES (?,?,?,?,?,?,?)`,
				c.Code, c.Name, c.Org, or(c.Kind, "street"), c.CommunityID, c.Address, c.Phone)
			return codeTaken(err)
		}
		return codeTaken(tx.Swap(ctx, `UPDATE committees SET code=?, name=?, org=?, community_id=?, address=?, phone=?, version=version+1 WHERE id=? AND version=?`,
			c.Code, c.Name, c.Org, c.CommunityID, c.Address, c.Phone, c.ID, c.Version))
	})
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func codeTaken(err error) error {
	if isUnique(err) {
		return fault.At("code", "编号或简称已经有了")
	}
	return err
}

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

// Members lists a committee's members, those in office first.
func (s *Service) Members(ctx context.Context, r db.Reader, committeeID int64) ([]Member, error) {
	var out []Member
	return out, r.Select(ctx, &out, `SELECT id, committee_id, name, gender, post, term_start, term_end, ended_on FROM committee_members
		WHERE committee_id = ? ORDER BY ended_on <> '', CASE post WHEN 'director' THEN 1 WHEN 'deputy' THEN 2 ELSE 3 END, id`, committeeID)
}

// AddMember puts a member into office for three years (人民调解法 9). It needs access.Settings.
func (s *Service) AddMember(ctx context.Context, who access.Actor, m Member) error {
	start, err := time.Parse(time.DateOnly, m.TermStart)
	f := fault.Form{}
	f.Check(m.Name != "", "name", "请填写姓名")
	f.Check(m.Gender == "女" || m.Gender == "男", "gender", "请选择性别")
	f.Check(err == nil, "term_start", "请填写任期开始的日期")
	if err := f.Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "committee.member", m.Name, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO committee_members (committee_id, name, gender, post, term_start, term_end) VALUES (?,?,?,?,?,?)`,
			m.CommitteeID, m.Name, m.Gender, or(m.Post, "member"), m.TermStart, start.AddDate(3, 0, -1).Format(time.DateOnly))
		return err
	})
}

// EndMember ends a member's office. It needs access.Settings.
func (s *Service) EndMember(ctx context.Context, who access.Actor, id int64) error {
	return s.setting(ctx, who, "committee.member-end", "", func(tx *db.Tx) error {
		return tx.Swap(ctx, `UPDATE committee_members SET ended_on = ? WHERE id = ? AND ended_on = ''`, tx.Day(), id)
	})
}

// CommitteeWarnings says what a committee lacks (人民调解法 8): three to nine members,
// one director, at least one woman; and whose term ends within 60 days (art. 9).
func CommitteeWarnings(members []Member, today string) []string {
	var n, women, directors int
	var out []string
	now, _ := time.Parse(time.DateOnly, today)
	soon := now.AddDate(0, 0, 60).Format(time.DateOnly)
	for _, m := range members {
		if m.EndedOn != "" {
			continue
		}
		n++
		if m.Gender == "女" {
			women++
		}
		if m.Post == "director" {
			directors++
		}
		if m.TermEnd < today {
			out = append(out, m.Name+"的任期已满,应改选或连任")
		} else if m.TermEnd <= soon {
			out = append(out, m.Name+"的任期到 "+m.TermEnd+" 届满")
		}
	}
	if n < 3 || n > 9 {
		out = append(out, "委员应有三至九人(人民调解法第八条)")
	}
	if directors != 1 {
		out = append(out, "应设主任一人(人民调解法第八条)")
	}
	if women == 0 {
		out = append(out, "委员中应有妇女成员(人民调解法第八条)")
	}
	return out
}
