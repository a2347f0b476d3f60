package school

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Learner (受训人员) is a person on the school's roster.
type Learner struct {
	ID         int64  `db:"id"`
	Key        string `db:"key"`
	AccountID  *int64 `db:"account_id"`
	MediatorID *int64 `db:"mediator_id"`
	Name       string `db:"name"`
	Pinyin     string `db:"pinyin"` // whole and initials, "zhangxiaoming zxm"
	UnitID     *int64 `db:"unit_id"`
	Post       string `db:"post"`
	Tags       string `db:"tags"` // words that rules can ask for, separated by spaces
	JoinedOn   string `db:"joined_on"`
	LeftOn     string `db:"left_on"`  // "" while on the roster
	MovedOn    string `db:"moved_on"` // the day of the last change of unit or post, or of coming back; "" for none
	Version    int64  `db:"version"`
}

// OnRoster tells whether the person is to be trained on the day.
func (l Learner) OnRoster(day string) bool {
	return l.JoinedOn <= day && (l.LeftOn == "" || l.LeftOn > day)
}

// LearnerColumns are read into a Learner.
const LearnerColumns = `id, key, account_id, mediator_id, name, pinyin, unit_id, post, tags, joined_on, left_on, moved_on, version`

// Posts are the kinds of post (岗位类别) that requirements tell apart: mediators by their
// employment, the street's other staff, its leaders.
var Posts = []struct{ Code, Label string }{{"full", "专职调解员"}, {"part", "兼职调解员"}, {"invited", "特邀调解员"}, {"staff", "工作人员"}, {"leader", "负责人"}}

// PostLabel gives a post in words, "" for an unknown code.
func PostLabel(code string) string {
	for _, p := range Posts {
		if p.Code == code {
			return p.Label
		}
	}
	return ""
}

// Self finds the actor on the roster; fault.NotFound when the account is on none.
func (s *Service) Self(ctx context.Context, r db.Reader, who access.Actor) (Learner, error) {
	if err := who.Check(access.Learn); err != nil {
		return Learner{}, err
	}
	return find(ctx, r, `account_id = ?`, who.AccountID)
}

// Learner finds a person of the roster by key.
func (s *Service) Learner(ctx context.Context, r db.Reader, key string) (Learner, error) {
	return find(ctx, r, `key = ?`, key)
}

func find(ctx context.Context, r db.Reader, where string, arg any) (Learner, error) {
	var l Learner
	err := r.Get(ctx, &l, `SELECT `+LearnerColumns+` FROM learners WHERE `+where, arg)
	if fault.Is(err, fault.NotFound) {
		return Learner{}, fault.New(fault.NotFound, "培训名册里没有这个人")
	}
	return l, err
}

// AccountChanged keeps the roster's row of a staff account that learns: made with the
// account, renamed with it, off the roster while the account is closed.
func (s *Service) AccountChanged(ctx context.Context, tx *db.Tx, a people.Account) error {
	learns := a.DisabledAt.IsZero() && access.Actor{AccountID: a.ID, Roles: a.Roles}.Can(access.Learn)
	l, err := find(ctx, tx, `account_id = ?`, a.ID)
	switch {
	case fault.Is(err, fault.NotFound) && learns:
		post := "staff"
		if slices.Contains(a.Roles, access.Leader) {
			post = "leader"
		}
		return s.add(ctx, tx, Learner{AccountID: &a.ID, Name: a.Name, Pinyin: a.Pinyin, UnitID: a.UnitID, Post: post, JoinedOn: tx.Day()})
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	}
	l.Name, l.Pinyin, l.LeftOn = a.Name, a.Pinyin, leaving(l.LeftOn, learns, tx.Day())
	if a.UnitID != nil {
		l.UnitID = a.UnitID
	}
	return s.keep(ctx, tx, l)
}

// MediatorChanged keeps the roster's row of a mediator. A mediator who gets an account
// goes on with the mediator's row; the account's own, if it had one, leaves the roster
// with what it holds.
func (s *Service) MediatorChanged(ctx context.Context, tx *db.Tx, m people.Mediator) error {
	l, err := find(ctx, tx, `mediator_id = ?`, m.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	known := err == nil
	var own Learner
	hasOwn := false
	if m.AccountID != nil {
		own, err = find(ctx, tx, `account_id = ?`, *m.AccountID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		hasOwn = err == nil
	}
	switch {
	case !known && hasOwn:
		l, known = own, true
	case known && hasOwn && own.ID != l.ID:
		tx.Touch("school", learnerTopic)
		if _, err := tx.Exec(ctx, `UPDATE learners SET account_id = NULL, left_on = ?, version = version + 1 WHERE id = ?`, tx.Day(), own.ID); err != nil {
			return err
		}
	}
	l.MediatorID, l.AccountID, l.Name, l.Pinyin, l.Post = &m.ID, m.AccountID, m.Name, m.Pinyin+" "+m.Initials, m.Employment
	if m.UnitID != nil {
		l.UnitID = m.UnitID
	}
	if known {
		if err := s.keep(ctx, tx, l); err != nil {
			return err
		}
		return s.refreshGate(ctx, tx, l)
	}
	l.JoinedOn = m.JoinedOn
	if l.JoinedOn == "" {
		l.JoinedOn = tx.Day()
	}
	if err := s.add(ctx, tx, l); err != nil {
		return err
	}
	return s.refreshGate(ctx, tx, l)
}

// leaving keeps the day on which somebody left, or sets and clears it.
func leaving(left string, stays bool, today string) string {
	switch {
	case stays:
		return ""
	case left == "":
		return today
	}
	return left
}

func (s *Service) add(ctx context.Context, tx *db.Tx, l Learner) error {
	tx.Touch("school", learnerTopic)
	_, err := tx.Exec(ctx, `INSERT INTO learners (key, account_id, mediator_id, name, pinyin, unit_id, post, tags, joined_on, left_on, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		seal.NewKey(), l.AccountID, l.MediatorID, l.Name, l.Pinyin, l.UnitID, l.Post, l.Tags, l.JoinedOn, l.LeftOn, db.At(tx.Now))
	return err
}

// keep writes what changed; a call that changes nothing writes nothing.
func (s *Service) keep(ctx context.Context, tx *db.Tx, l Learner) error {
	old, err := find(ctx, tx, `id = ?`, l.ID)
	if err != nil || same(old, l) {
		return err
	}
	if !samePlace(old, l) {
		l.MovedOn = tx.Day()
	}
	tx.Touch("school", learnerTopic)
	_, err = tx.Exec(ctx, `UPDATE learners SET account_id = ?, mediator_id = ?, name = ?, pinyin = ?, unit_id = ?, post = ?, tags = ?, joined_on = ?, left_on = ?, moved_on = ?,
		version = version + 1 WHERE id = ?`, l.AccountID, l.MediatorID, l.Name, l.Pinyin, l.UnitID, l.Post, l.Tags, l.JoinedOn, l.LeftOn, l.MovedOn, l.ID)
	return err
}

// samePlace tells whether somebody is where they were: no other unit or post, and not back
// after having left.
func samePlace(old, l Learner) bool {
	return sameID(old.UnitID, l.UnitID) && old.Post == l.Post && (old.LeftOn == "" || l.LeftOn != "")
}

func sameID(x, y *int64) bool { return x == nil && y == nil || x != nil && y != nil && *x == *y }

func same(a, b Learner) bool {
	if !sameID(a.AccountID, b.AccountID) || !sameID(a.MediatorID, b.MediatorID) || !sameID(a.UnitID, b.UnitID) {
		return false
	}
	a.AccountID, a.MediatorID, a.UnitID, b.AccountID, b.MediatorID, b.UnitID = nil, nil, nil, nil, nil, nil
	return a == b
}
