package people

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Member is a member of a committee (人民调解法 8, 9).
type Member struct {
	ID          int64  `db:"id"`
	CommitteeID int64  `db:"committee_id"`
	Name        string `db:"name"`
	Gender      string `db:"gender"`
	Post        string `db:"post"` // director, deputy, member
	TermStart   string `db:"term_start"`
	TermEnd     string `db:"term_end"` // its last day
	EndedOn     string `db:"ended_on"` // the last day in office, "" while in it
	Version     int64  `db:"version"`
}

// Posts are the offices in a committee (人民调解法 8), in the order shown.
var Posts = []string{"director", "deputy", "member"}

var postLabels = map[string]string{"director": "主任", "deputy": "副主任", "member": "委员"}

// PostLabel gives the office's Chinese name.
func PostLabel(post string) string { return postLabels[post] }

const memberColumns = `id, committee_id, name, gender, post, term_start, term_end, ended_on, version`

// Members lists a committee's members, those in office first, or of all committees with 0.
func (s *Service) Members(ctx context.Context, r db.Reader, committeeID int64) ([]Member, error) {
	var out []Member
	return out, r.Select(ctx, &out, `SELECT `+memberColumns+` FROM committee_members WHERE (? = 0 OR committee_id = ?)
		ORDER BY ended_on <> '', CASE post WHEN 'director' THEN 1 WHEN 'deputy' THEN 2 ELSE 3 END, id`, committeeID, committeeID)
}

// Member reads one member.
func (s *Service) Member(ctx context.Context, r db.Reader, id int64) (Member, error) {
	var m Member
	return m, r.Get(ctx, &m, `SELECT `+memberColumns+` FROM committee_members WHERE id = ?`, id)
}

// lastDay gives the last day of a term of three years (人民调解法 9).
func lastDay(start string) (string, error) {
	day, err := time.Parse(time.DateOnly, start)
	if err != nil {
		return "", fault.At("term_start", "请填写任期开始的日期")
	}
	return day.AddDate(3, 0, -1).Format(time.DateOnly), nil
}

// check fills the term's end, three years when none is given: who is elected in
// between serves a shorter one.
func (m *Member) check() error {
	m.Name, m.Post = NormName(m.Name), or(m.Post, "member")
	longest, err := lastDay(m.TermStart)
	f := fault.Form{}
	f.Check(m.Name != "" && utf8.RuneCountInString(m.Name) <= 40, "name", "请填写姓名，最多 40 字")
	f.Check(m.Gender == "女" || m.Gender == "男", "gender", "请选择性别")
	f.Check(PostLabel(m.Post) != "", "post", "请选择主任、副主任或委员")
	f.Check(err == nil, "term_start", fault.MessageOf(err))
	m.TermEnd = or(m.TermEnd, longest)
	if _, bad := time.Parse(time.DateOnly, m.TermEnd); err == nil {
		f.Check(bad == nil && m.TermEnd >= m.TermStart, "term_end", "任期届满的日期不能早于开始的日期")
		f.Check(m.TermEnd <= longest, "term_end", "任期最长三年（人民调解法第九条），最晚到 "+longest)
	}
	return f.Err()
}

// AddMember puts a member into office. It needs access.Settings.
func (s *Service) AddMember(ctx context.Context, who access.Actor, idem string, m Member) error {
	if err := m.check(); err != nil {
		return err
	}
	c, err := s.Committee(ctx, s.db, m.CommitteeID)
	if err != nil {
		return err
	}
	return s.adding(ctx, who, "committee.member", c.Code, idem, func(tx *db.Tx) error {
		if err := notTwice(ctx, tx, m); err != nil {
			return err
		}
		return insertMember(ctx, tx, m)
	})
}

func insertMember(ctx context.Context, tx *db.Tx, m Member) error {
	_, err := tx.Exec(ctx, `INSERT INTO committee_members (committee_id, name, gender, post, term_start, term_end) VALUES (?,?,?,?,?,?)`,
		m.CommitteeID, m.Name, m.Gender, m.Post, m.TermStart, m.TermEnd)
	return err
}

// notTwice refuses somebody who already holds an office in the committee.
func notTwice(ctx context.Context, tx *db.Tx, m Member) error {
	var there bool
	err := tx.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM committee_members WHERE committee_id = ? AND name = ? AND ended_on = '' AND id <> ?)`,
		m.CommitteeID, m.Name, m.ID)
	if err == nil && there {
		err = fault.At("name", "这位成员已经在任；换届或改任职务请用“连任或改任”")
	}
	return err
}

// memberSetting is a setting of a member, named on the trail by the committee's code alone.
func (s *Service) memberSetting(ctx context.Context, who access.Actor, action string, id int64, fn func(tx *db.Tx, m Member) error) error {
	m, err := s.Member(ctx, s.db, id)
	if err != nil {
		return err
	}
	c, err := s.Committee(ctx, s.db, m.CommitteeID)
	if err != nil {
		return err
	}
	return s.setting(ctx, who, action, c.Code, func(tx *db.Tx) error { return fn(tx, m) })
}

// EditMember corrects what was written of a member in office. It needs access.Settings.
func (s *Service) EditMember(ctx context.Context, who access.Actor, in Member) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.memberSetting(ctx, who, "committee.member-edit", in.ID, func(tx *db.Tx, m Member) error {
		in.CommitteeID = m.CommitteeID
		if err := notTwice(ctx, tx, in); err != nil {
			return err
		}
		return tx.Swap(ctx, `UPDATE committee_members SET name=?, gender=?, post=?, term_start=?, term_end=?, version=version+1
			WHERE id=? AND ended_on = '' AND version=?`, in.Name, in.Gender, in.Post, in.TermStart, in.TermEnd, in.ID, in.Version)
	})
}

// EndMember ends a member's office; day is its last. It needs access.Settings.
func (s *Service) EndMember(ctx context.Context, who access.Actor, id int64, day string, version int64) error {
	return s.memberSetting(ctx, who, "committee.member-end", id, func(tx *db.Tx, m Member) error {
		if _, err := time.Parse(time.DateOnly, day); err != nil || day < m.TermStart || day > tx.Day() {
			return fault.At("ended_on", "请填写离任的日期，不早于任期开始，不晚于今天")
		}
		return endMember(ctx, tx, id, day, version)
	})
}

func endMember(ctx context.Context, tx *db.Tx, id int64, day string, version int64) error {
	return tx.Swap(ctx, `UPDATE committee_members SET ended_on=?, version=version+1 WHERE id=? AND ended_on = '' AND version=?`, day, id, version)
}

// RestoreMember takes back that a member's office ended. It needs access.Settings.
func (s *Service) RestoreMember(ctx context.Context, who access.Actor, id, version int64) error {
	return s.memberSetting(ctx, who, "committee.member-restore", id, func(tx *db.Tx, m Member) error {
		if err := notTwice(ctx, tx, m); err != nil {
			return err
		}
		return tx.Swap(ctx, `UPDATE committee_members SET ended_on='', version=version+1 WHERE id=? AND ended_on <> '' AND version=?`, id, version)
	})
}

// ReelectMember ends a member's term the day before another begins, of three years and
// in the given post (人民调解法 9: 可以连选连任). It needs access.Settings.
func (s *Service) ReelectMember(ctx context.Context, who access.Actor, id int64, post, start string, version int64) error {
	f := fault.Form{}
	end, err := lastDay(start)
	f.Check(err == nil, "term_start", fault.MessageOf(err))
	f.Check(PostLabel(post) != "", "post", "请选择主任、副主任或委员")
	if err := f.Err(); err != nil {
		return err
	}
	return s.memberSetting(ctx, who, "committee.member-again", id, func(tx *db.Tx, m Member) error {
		if start <= m.TermStart {
			return fault.At("term_start", "新任期要晚于现在这一任开始的日期 "+m.TermStart)
		}
		if err := endMember(ctx, tx, id, dayBefore(start), version); err != nil {
			return err
		}
		m.Post, m.TermStart, m.TermEnd = post, start, end
		return insertMember(ctx, tx, m)
	})
}

func dayBefore(day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return d.AddDate(0, 0, -1).Format(time.DateOnly)
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
		out = append(out, fmt.Sprintf("委员应有三至九人，现有 %d 人（人民调解法第八条）", n))
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
		return []string{m.Name + "的任期已满，应改选或连任（人民调解法第九条）"}
	case m.TermEnd <= now.AddDate(0, 0, 60).Format(time.DateOnly):
		return []string{m.Name + "的任期到 " + m.TermEnd + " 届满（人民调解法第九条）"}
	}
	return nil
}
