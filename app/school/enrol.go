package school

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/db"
)

// Place (报名) is a person's place in a class.
type Place struct {
	Learner
	State     string  `db:"state"` // confirmed, waitlist, withdrawn, left_out
	Place     int     `db:"place"` // in the waiting list
	Source    string  `db:"source"`
	Reason    string  `db:"reason"`
	ChangedBy string  `db:"changed_by"`
	ChangedAt db.Time `db:"changed_at"`
}

var placeColumns = `l.` + strings.ReplaceAll(LearnerColumns, ", ", ", l.") + `, n.state, n.place, n.source, n.reason, n.changed_by, n.changed_at`

// Places lists everybody who was ever named in a class: the class, the waiting list in
// its order, who withdrew and who was left out.
func (s *Service) Places(ctx context.Context, r db.Reader, offeringID int64) ([]Place, error) {
	var out []Place
	return out, r.Select(ctx, &out, `SELECT `+placeColumns+` FROM enrolments n JOIN learners l ON l.id = n.learner_id WHERE n.offering_id = ?
		ORDER BY CASE n.state WHEN 'confirmed' THEN 1 WHEN 'waitlist' THEN 2 WHEN 'left_out' THEN 3 ELSE 4 END, n.place, l.pinyin, l.id`, offeringID)
}

// PlaceOf is a person's place in a class; fault.NotFound for none.
func (s *Service) PlaceOf(ctx context.Context, r db.Reader, offeringID, learnerID int64) (Place, error) {
	var p Place
	err := r.Get(ctx, &p, `SELECT `+placeColumns+` FROM enrolments n JOIN learners l ON l.id = n.learner_id WHERE n.offering_id = ? AND n.learner_id = ?`, offeringID, learnerID)
	return p, err
}

func (s *Service) confirmed(ctx context.Context, r db.Reader, offeringID int64) ([]Learner, error) {
	var out []Learner
	return out, r.Select(ctx, &out, `SELECT `+LearnerColumns+` FROM learners WHERE id IN
		(SELECT learner_id FROM enrolments WHERE offering_id = ? AND state = 'confirmed') ORDER BY pinyin, id`, offeringID)
}

// Enrolled tells what came of a list.
type Enrolled struct{ Confirmed, Waiting, LeftOut int }

// Enrol puts a list of people into a class: all who fit, the rest to the waiting list.
// Those left out for a reason are kept by name with it. Somebody with another booking refuses
// the whole list by name. It needs access.School.
func (s *Service) Enrol(ctx context.Context, who access.Actor, idem, key string, take, leaveOut []string) (out Enrolled, err error) {
	if err := who.Check(access.School); err != nil {
		return out, err
	}
	if len(take)+len(leaveOut) == 0 {
		return out, fault.At("take", "请至少勾选一位")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out = Enrolled{}
		came, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			_, _ = fmt.Sscan(came, &out.Confirmed, &out.Waiting, &out.LeftOut) // what came of it the first time
			return err
		}
		o, err := s.joinable(ctx, tx, key)
		if err != nil {
			return err
		}
		people, err := s.byKeys(ctx, tx, take)
		if err != nil {
			return err
		}
		list, err := s.weighed(ctx, tx, o, people)
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.State == "confirmed" || c.State == "waitlist" {
				continue
			}
			in, err := s.admit(ctx, tx, who, &o, c, "manual")
			if err != nil {
				return err
			}
			if in {
				out.Confirmed++
			} else {
				out.Waiting++
			}
		}
		if out.LeftOut, err = s.leaveOut(ctx, tx, who, o, leaveOut); err != nil {
			return err
		}
		tx.Touch("courses")
		if err := tx.Fulfil(ctx, idem, fmt.Sprint(out.Confirmed, out.Waiting, out.LeftOut)); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "class.enrol", audit.Ref{Kind: "class", Key: key},
			map[string]int{"confirmed": out.Confirmed, "waitlist": out.Waiting, "left_out": out.LeftOut})
	})
	return out, err
}

func (s *Service) byKeys(ctx context.Context, r db.Reader, keys []string) ([]Learner, error) {
	var out []Learner
	for _, k := range keys {
		l, err := s.Learner(ctx, r, k)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

func (s *Service) leaveOut(ctx context.Context, tx *db.Tx, who access.Actor, o Offering, keys []string) (n int, err error) {
	people, err := s.byKeys(ctx, tx, keys)
	if err != nil {
		return 0, err
	}
	list, err := s.weighed(ctx, tx, o, people)
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		if c.In() || c.Free() {
			continue // nothing stood against it: simply not chosen
		}
		if err := s.setState(ctx, tx, who, o.ID, c.Learner.ID, "left_out", c.Says()); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// joinable is a class that people can still be put into, locked.
func (s *Service) joinable(ctx context.Context, tx *db.Tx, key string) (Offering, error) {
	o, err := s.lockedClass(ctx, tx, key)
	switch {
	case err != nil:
		return o, err
	case o.Cancelled():
		return o, fault.New(fault.Conflict, "这个班已经取消了")
	case o.Over(tx.Now):
		return o, fault.New(fault.Conflict, "这个班已经结束了")
	}
	return o, nil
}

// admit gives a person a seat, or the last place of the waiting list.
func (s *Service) admit(ctx context.Context, tx *db.Tx, who access.Actor, o *Offering, c Candidate, source string) (seated bool, err error) {
	if c.State == "lecturer" {
		return false, fault.At("take", c.Learner.Name+"是这个班的讲师，不用再列入学员")
	}
	if c.Busy() {
		return false, fault.At("take", c.Learner.Name+"这个时间已有安排："+c.Says())
	}
	if o.Enrolled >= o.Capacity {
		if err := s.setState(ctx, tx, who, o.ID, c.Learner.ID, "waitlist", ""); err != nil {
			return false, err
		}
		_, err = tx.Exec(ctx, `UPDATE enrolments SET source = ?, place = 1 + (SELECT MAX(place) FROM enrolments WHERE offering_id = ?) WHERE offering_id = ? AND learner_id = ?`,
			source, o.ID, o.ID, c.Learner.ID)
		if err != nil {
			return false, err
		}
		return false, s.tellLearner(ctx, tx, *o, c.Learner, "class.waitlist", "培训"+o.Name()+"名额已满，您排在候补名单里。有人退出时按顺序递补，会再告诉您。")
	}
	if err := s.seat(ctx, tx, who, *o, c.Learner); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `UPDATE enrolments SET source = ? WHERE offering_id = ? AND learner_id = ?`, source, o.ID, c.Learner.ID); err != nil {
		return false, err
	}
	o.Enrolled++
	return true, s.tellLearner(ctx, tx, *o, c.Learner, "class.enrolled", "您已列入培训"+o.Name()+"："+o.When()+"，地点："+o.Where()+"。")
}

func (s *Service) seat(ctx context.Context, tx *db.Tx, who access.Actor, o Offering, l Learner) error {
	id, err := s.resourceOf(ctx, tx, l)
	if err != nil {
		return err
	}
	if err := s.calendar.Join(ctx, tx, o.BookingID, id); err != nil {
		return err
	}
	return s.setState(ctx, tx, who, o.ID, l.ID, "confirmed", "")
}

func (s *Service) setState(ctx context.Context, tx *db.Tx, who access.Actor, offeringID, learnerID int64, state, reason string) error {
	_, err := tx.Exec(ctx, `INSERT INTO enrolments (offering_id, learner_id, state, source, reason, changed_by, changed_at) VALUES (?,?,?,'manual',?,?,?)
		ON CONFLICT (offering_id, learner_id) DO UPDATE SET state = excluded.state, place = 0, reason = excluded.reason, changed_by = excluded.changed_by,
		changed_at = excluded.changed_at`, offeringID, learnerID, state, reason, who.Name, db.At(tx.Now))
	return err
}

// SignUp puts oneself into a class, or on its waiting list (the answer tells which).
func (s *Service) SignUp(ctx context.Context, who access.Actor, key string) (seated bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		me, err := s.Self(ctx, tx, who)
		if err != nil {
			return err
		}
		o, err := s.joinable(ctx, tx, key)
		if err != nil {
			return err
		}
		if !o.SelfSignup || !tx.Now.Before(o.StartsAt.Time) {
			return fault.New(fault.Invalid, "这个班不能自己报名了，请联系教务老师")
		}
		list, err := s.weighed(ctx, tx, o, []Learner{me})
		if err != nil {
			return err
		}
		switch c := list[0]; {
		case c.State == "confirmed" || c.State == "waitlist":
			seated = c.State == "confirmed"
			return nil
		case c.Busy():
			return fault.New(fault.Conflict, "您这个时间已有安排："+c.Says())
		case len(c.Missing) > 0:
			return fault.New(fault.Invalid, "还不能报名："+c.Says()+"。确有需要请联系教务老师")
		default:
			if seated, err = s.admit(ctx, tx, who, &o, c, "self"); err != nil {
				return err
			}
		}
		tx.Touch("courses")
		return s.trail.Record(ctx, tx, who, "class.signup", audit.Ref{Kind: "class", Key: key}, nil)
	})
	return seated, err
}

// Withdraw takes oneself out of a class that has not begun.
func (s *Service) Withdraw(ctx context.Context, who access.Actor, key string) error {
	return s.withdraw(ctx, who, key, "自己退出", func(tx *db.Tx, o Offering) (Learner, error) {
		if !tx.Now.Before(o.StartsAt.Time) {
			return Learner{}, fault.New(fault.Invalid, "已经开课，不能再退出；有事请向教务老师请假")
		}
		return s.Self(ctx, tx, who)
	})
}

// Remove takes somebody out of a class. It needs access.School.
func (s *Service) Remove(ctx context.Context, who access.Actor, key, learnerKey, reason string) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	if reason == "" {
		return fault.At("reason", "请写明移出的原因")
	}
	return s.withdraw(ctx, who, key, reason, func(tx *db.Tx, o Offering) (Learner, error) {
		l, err := s.Learner(ctx, tx, learnerKey)
		if err != nil {
			return l, err
		}
		return l, s.tellLearner(ctx, tx, o, l, "class.removed", "教务老师已把您移出培训"+o.Name()+"的名单。原因："+reason)
	})
}

func (s *Service) withdraw(ctx context.Context, who access.Actor, key, reason string, find func(*db.Tx, Offering) (Learner, error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := s.joinable(ctx, tx, key)
		if err != nil {
			return err
		}
		l, err := find(tx, o)
		if err != nil {
			return err
		}
		p, err := s.PlaceOf(ctx, tx, o.ID, l.ID)
		if err != nil {
			return err
		}
		var signed int
		if err := tx.Get(ctx, &signed, `SELECT COUNT(*) FROM attendance WHERE offering_id = ? AND learner_id = ?`, o.ID, l.ID); err != nil {
			return err
		}
		switch {
		case p.State != "confirmed" && p.State != "waitlist":
			return nil // done already
		case signed > 0:
			return fault.New(fault.Conflict, l.Name+"已有考勤记录，不能再移出名单")
		}
		if err := s.setState(ctx, tx, who, o.ID, l.ID, "withdrawn", reason); err != nil {
			return err
		}
		if p.State == "confirmed" {
			at, err := s.timesOf(ctx, tx, []Learner{l})
			if err != nil {
				return err
			}
			if err := s.calendar.Part(ctx, tx, o.BookingID, at[l.ID]); err != nil {
				return err
			}
			o.Enrolled--
			if err := s.promote(ctx, tx, o); err != nil {
				return err
			}
		}
		tx.Touch("courses")
		return s.trail.Record(ctx, tx, who, "class.withdraw", audit.Ref{Kind: "class", Key: key}, reason)
	})
}

// promote fills free seats from the waiting list in its order, in the transaction that
// freed them. Who has something else by now keeps the place and is told.
func (s *Service) promote(ctx context.Context, tx *db.Tx, o Offering) error {
	if o.Enrolled >= o.Capacity || !tx.Now.Before(o.StartsAt.Time) {
		return nil
	}
	var waiting []Learner
	err := tx.Select(ctx, &waiting, `SELECT l.`+strings.ReplaceAll(LearnerColumns, ", ", ", l.")+` FROM enrolments n JOIN learners l ON l.id = n.learner_id
		WHERE n.offering_id = ? AND n.state = 'waitlist' ORDER BY n.place, n.id`, o.ID)
	if err != nil {
		return err
	}
	for _, l := range waiting {
		if o.Enrolled >= o.Capacity {
			return nil
		}
		list, err := s.weigh(ctx, tx, []Learner{l}, o.StartsAt.Time, o.EndsAt.Time, o.BookingID)
		if err != nil {
			return err
		}
		if list[0].Busy() {
			err = s.tellLearner(ctx, tx, o, l, "class.passed", "培训"+o.Name()+"有了空名额，但您那时已有安排（"+list[0].Says()+"），名额给了下一位，您仍在候补名单里。")
			if err != nil {
				return err
			}
			continue
		}
		if err := s.seat(ctx, tx, access.System("候补递补"), o, l); err != nil {
			return err
		}
		o.Enrolled++
		if err := s.tellLearner(ctx, tx, o, l, "class.promoted", "培训"+o.Name()+"有人退出，您已从候补转为正式学员："+o.When()+"，地点："+o.Where()+"。"); err != nil {
			return err
		}
	}
	return nil
}

// tellLearner writes to a person's inbox; who has no account is named on the trainer's page instead.
func (s *Service) tellLearner(ctx context.Context, tx *db.Tx, o Offering, l Learner, kind, body string) error {
	if l.AccountID == nil {
		return nil
	}
	return s.outbox.Send(ctx, tx, notify.Message{Kind: kind, Channel: notify.InApp, AccountID: *l.AccountID, ToName: l.Name, Body: body,
		Dedup: kind + ":" + o.Key + ":" + l.Key + ":" + strconv.FormatInt(tx.Now.Unix(), 10)})
}

// tellClass writes to everybody who is in a class, waits for it or teaches it.
func (s *Service) tellClass(ctx context.Context, tx *db.Tx, o Offering, kind, body string) error {
	var people []Learner
	err := tx.Select(ctx, &people, `SELECT `+LearnerColumns+` FROM learners WHERE id IN (SELECT learner_id FROM enrolments WHERE offering_id = ? AND state IN ('confirmed', 'waitlist'))
		OR id = (SELECT learner_id FROM lecturers WHERE id = ?) ORDER BY id`, o.ID, deref(o.LecturerID))
	if err != nil {
		return err
	}
	for _, l := range people {
		if err := s.tellLearner(ctx, tx, o, l, kind, body); err != nil {
			return err
		}
	}
	return nil
}
