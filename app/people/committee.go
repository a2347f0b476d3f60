package people

import (
	"context"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
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

// Member is a member of a committee (人民调解法 8, 9).
type Member struct {
	ID          int64  `db:"id"`
	CommitteeID int64  `db:"committee_id"`
	Name        string `db:"name"`
	Gender      string `db:"gender"`
	Post        string `db:"post"` // director, deputy, member
	TermStart   string `db:"term_start"`
	TermEnd     string `db:"term_end"` // its last day
	EndedOn     string `db:"ended_on"` // "" while in office
}

// posts are the offices in a committee (人民调解法 8).
var posts = map[string]string{"director": "主任", "deputy": "副主任", "member": "委员"}

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

// SaveCommittee adds a committee (ID 0) or changes one. Its org stands in every
// docket number given later. It needs access.Settings.
func (s *Service) SaveCommittee(ctx context.Context, who access.Actor, c Committee) error {
	f := named(c.Code, c.Name)
	f.Check(c.Org != "" && utf8.RuneCountInString(c.Org) <= 8, "org", "请填写案号里的简称，最多 8 个字")
	f.Check(utf8.RuneCountInString(c.SealText) <= 40, "seal_text", "印章文字最多 40 字")
	if err := f.Err(); err != nil {
		return err
	}
	return s.setting(ctx, who, "committee.save", c.Code, func(tx *db.Tx) error {
		if c.ID == 0 {
			_, err := tx.Exec(ctx, `INSERT INTO committees (code, name, org, kind, community_id, address, phone, seal_text) VALUES (?,?,?,?,?,?,?,?)`,
				c.Code, c.Name, c.Org, or(c.Kind, "street"), c.CommunityID, c.Address, c.Phone, c.SealText)
			return taken(err, inCommittee)
		}
		return taken(tx.Swap(ctx, `UPDATE committees SET code=?, name=?, org=?, community_id=?, address=?, phone=?, seal_text=?, version=version+1
			WHERE id=? AND version=?`, c.Code, c.Name, c.Org, c.CommunityID, c.Address, c.Phone, c.SealText, c.ID, c.Version), inCommittee)
	})
}

const memberColumns = `id, committee_id, name, gender, post, term_start, term_end, ended_on`

// Members lists a committee's members, those in office first.
func (s *Service) Members(ctx context.Context, r db.Reader, committeeID int64) ([]Member, error) {
	var out []Member
	return out, r.Select(ctx, &out, `SELECT `+memberColumns+` FROM committee_members
		WHERE committee_id = ? ORDER BY ended_on <> '', CASE post WHEN 'director' THEN 1 WHEN 'deputy' THEN 2 ELSE 3 END, id`, committeeID)
}

// term gives the last day of a term of three years (人民调解法 9).
func term(start string) (end string, err error) {
	day, err := time.Parse(time.DateOnly, start)
	if err != nil {
		return "", fault.At("term_start", "请填写任期开始的日期")
	}
	return day.AddDate(3, 0, -1).Format(time.DateOnly), nil
}

// AddMember puts a member into office for three years (人民调解法 9). It needs access.Settings.
func (s *Service) AddMember(ctx context.Context, who access.Actor, idem string, m Member) error {
	m.Name, m.Post = NormName(m.Name), or(m.Post, "member")
	end, err := term(m.TermStart)
	f := fault.Form{}
	f.Check(m.Name != "" && utf8.RuneCountInString(m.Name) <= 40, "name", "请填写姓名，最多 40 字")
	f.Check(m.Gender == "女" || m.Gender == "男", "gender", "请选择性别")
	f.Check(posts[m.Post] != "", "post", "请选择主任、副主任或委员")
	f.Check(err == nil, "term_start", fault.MessageOf(err))
	if err := f.Err(); err != nil {
		return err
	}
	return s.memberSetting(ctx, who, "committee.member", m.CommitteeID, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		return s.insertMember(ctx, tx, m, end)
	})
}

func (s *Service) insertMember(ctx context.Context, tx *db.Tx, m Member, end string) error {
	_, err := tx.Exec(ctx, `INSERT INTO committee_members (committee_id, name, gender, post, term_start, term_end) VALUES (?,?,?,?,?,?)`,
		m.CommitteeID, m.Name, m.Gender, m.Post, m.TermStart, end)
	return err
}

// memberSetting is a setting of a committee, named on the trail by its code alone.
func (s *Service) memberSetting(ctx context.Context, who access.Actor, action string, committeeID int64, fn func(tx *db.Tx) error) error {
	c, err := s.Committee(ctx, s.db, committeeID)
	if err != nil {
		return err
	}
	return s.setting(ctx, who, action, c.Code, fn)
}

func (s *Service) member(ctx context.Context, r db.Reader, id int64) (Member, error) {
	var m Member
	return m, r.Get(ctx, &m, `SELECT `+memberColumns+` FROM committee_members WHERE id = ?`, id)
}

// EndMember ends a member's office. It needs access.Settings.
func (s *Service) EndMember(ctx context.Context, who access.Actor, id int64) error {
	m, err := s.member(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.memberSetting(ctx, who, "committee.member-end", m.CommitteeID, func(tx *db.Tx) error { return endMember(ctx, tx, id) })
}

func endMember(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Swap(ctx, `UPDATE committee_members SET ended_on = ? WHERE id = ? AND ended_on = ''`, tx.Day(), id)
}

// ReelectMember ends a member's term and begins another, in the given post, on the
// given day (人民调解法 9: 可以连选连任). It needs access.Settings.
func (s *Service) ReelectMember(ctx context.Context, who access.Actor, id int64, post, start string) error {
	end, err := term(start)
	if err != nil {
		return err
	}
	if posts[post] == "" {
		return fault.At("post", "请选择主任、副主任或委员")
	}
	m, err := s.member(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.memberSetting(ctx, who, "committee.member-again", m.CommitteeID, func(tx *db.Tx) error {
		if err := endMember(ctx, tx, id); err != nil {
			return err
		}
		m.Post, m.TermStart = post, start
		return s.insertMember(ctx, tx, m, end)
	})
}

// CommitteeWarnings says what a committee lacks (人民调解法 8): three to nine members,
// one director, at least one woman; and whose term ends within 60 days (art. 9).
func CommitteeWarnings(members []Member, today string) []string {
	var n, women, directors int
	var out []string
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
		out = append(out, termWarning(m, today)...)
	}
	if n < 3 || n > 9 {
		out = append(out, "委员应有三至九人（人民调解法第八条）")
	}
	if directors != 1 {
		out = append(out, "应设主任一人（人民调解法第八条）")
	}
	if women == 0 {
		out = append(out, "委员中应有妇女成员（人民调解法第八条）")
	}
	return out
}

func termWarning(m Member, today string) []string {
	now, err := time.Parse(time.DateOnly, today)
	switch {
	case err != nil:
		return nil
	case m.TermEnd < today:
		return []string{m.Name + "的任期已满，应改选或连任"}
	case m.TermEnd <= now.AddDate(0, 0, 60).Format(time.DateOnly):
		return []string{m.Name + "的任期到 " + m.TermEnd + " 届满"}
	}
	return nil
}
