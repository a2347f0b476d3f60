package school

import (
	"context"
	"slices"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
)

// The gate before the 调解超市: an exam can be required (上架前须通过). Nobody is newly listed
// without its certificate; those listed before have until the day that the trainer sets. What
// follows for a mediator is one date, the last day on which residents may choose them, which
// every read of mediators compares with today.

func (s *Service) gates(ctx context.Context, r db.Reader) ([]Exam, error) {
	return s.exams(ctx, r, `WHERE gate ORDER BY id`)
}

// valid maps exams to the last days of a person's certificates that stand.
func (s *Service) valid(ctx context.Context, r db.Reader, learnerID int64) (map[int64]string, error) {
	list, err := s.certificates(ctx, r, `WHERE learner_id = ? AND state = 'valid'`, learnerID)
	out := map[int64]string{}
	for _, c := range list {
		out[c.ExamID] = c.ValidTo
	}
	return out, err
}

// listedTo is the last day on which somebody with these certificates may be chosen, "" for
// no end: the first day on which a gate closes.
func listedTo(gates []Exam, valid map[int64]string) string {
	first := ""
	for _, g := range gates {
		to := dayBefore(g.GateFrom)
		if v, has := valid[g.ID]; has {
			if v == "" {
				continue
			}
			to = max(to, v)
		}
		if first == "" || to < first {
			first = to
		}
	}
	return first
}

func dayBefore(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "0001-01-01"
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// MayList refuses to list a mediator who lacks a certificate that the street requires.
func (s *Service) MayList(ctx context.Context, r db.Reader, mediatorID int64) error {
	gates, err := s.gates(ctx, r)
	if err != nil || len(gates) == 0 {
		return err
	}
	valid := map[int64]string{}
	l, err := find(ctx, r, `mediator_id = ?`, mediatorID)
	if err == nil {
		valid, err = s.valid(ctx, r, l.ID)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	today := db.DayOf(s.db.Now())
	var missing []string
	for _, g := range gates {
		if to, has := valid[g.ID]; !has || to != "" && to < today {
			missing = append(missing, "“"+g.Title+"”")
		}
	}
	if len(missing) > 0 {
		return fault.New(fault.Conflict, "还没有通过"+strings.Join(missing, "、")+"，或者证书已到期，不能上架")
	}
	return nil
}

// refreshGate computes anew until when a mediator may be chosen.
func (s *Service) refreshGate(ctx context.Context, tx *db.Tx, l Learner) error {
	if l.MediatorID == nil {
		return nil
	}
	gates, err := s.gates(ctx, tx)
	if err != nil {
		return err
	}
	var valid map[int64]string
	if len(gates) > 0 {
		if valid, err = s.valid(ctx, tx, l.ID); err != nil {
			return err
		}
	}
	return s.people.SetListedTo(ctx, tx, *l.MediatorID, listedTo(gates, valid))
}

// Unready lists the listed mediators who have no certificate of an exam that counts on a day.
func (s *Service) Unready(ctx context.Context, r db.Reader, x Exam, day string) ([]people.Mediator, error) {
	listed, err := s.people.Mediators(ctx, r, people.MediatorFilter{State: people.Listed})
	if err != nil {
		return nil, err
	}
	var have []int64
	err = r.Select(ctx, &have, `SELECT l.mediator_id FROM learners l JOIN certificates c ON c.learner_id = l.id
		WHERE l.mediator_id IS NOT NULL AND c.exam_id = ? AND c.state = 'valid' AND (c.valid_to = '' OR c.valid_to >= ?)`, x.ID, day)
	has := map[int64]bool{}
	for _, id := range have {
		has[id] = true
	}
	return slices.DeleteFunc(listed, func(m people.Mediator) bool { return has[m.ID] }), err
}

// SetGate makes an exam a condition of being listed, or ends that. from is the day from which
// it counts for those listed before, who are told. Errors: Conflict when the number of people
// concerned is not the one that was seen. It needs access.School.
func (s *Service) SetGate(ctx context.Context, who access.Actor, key string, on bool, from string, seen int, version int64) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		x, err := s.examWhere(ctx, tx, `key = ?`, key)
		if err != nil {
			return err
		}
		if !on {
			from = ""
		} else if err := s.checkGate(x, from, tx.Day()); err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE exams SET gate = ?, gate_from = ?, version = version + 1 WHERE id = ? AND version = ?`, on, from, x.ID, version); err != nil {
			return err
		}
		if on {
			if err := s.warn(ctx, tx, x, from, seen); err != nil {
				return err
			}
		}
		tx.Touch("school")
		if err := s.trail.Record(ctx, tx, who, "exam.gate", audit.Ref{Kind: "exam", Key: key}, map[string]any{"on": on, "from": from}); err != nil {
			return err
		}
		var mediators []Learner
		if err := tx.Select(ctx, &mediators, `SELECT `+LearnerColumns+` FROM learners WHERE mediator_id IS NOT NULL ORDER BY id`); err != nil {
			return err
		}
		for _, l := range mediators {
			if err := s.refreshGate(ctx, tx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) checkGate(x Exam, from, today string) error {
	f := fault.Form{}
	_, err := time.Parse(time.DateOnly, from)
	f.Check(err == nil, "from", "请填写日期")
	f.Check(err != nil || from >= today, "from", "不能早于今天")
	f.Check(x.Certify, "", "这场考试不发证书，不能作为上架条件；请先在考试设置里打开发证")
	f.Check(x.State == ExamOpen, "", "考试还没有发布，大家没有办法去考")
	return f.Err()
}

// warn tells the listed mediators who will not be shown from the day on.
func (s *Service) warn(ctx context.Context, tx *db.Tx, x Exam, from string, seen int) error {
	unready, err := s.Unready(ctx, tx, x, from)
	if err != nil {
		return err
	}
	if len(unready) != seen {
		return fault.Newf(fault.Conflict, "名单刚刚有变动，现在涉及 %d 人，请看过再确认", len(unready))
	}
	day, _ := time.Parse(time.DateOnly, from)
	for _, m := range unready {
		l, err := find(ctx, tx, `mediator_id = ?`, m.ID)
		if err != nil {
			return err
		}
		body := "街道规定，上架的调解员须通过“" + x.Title + "”。请在" + day.Format("2006年1月2日") + "前通过，当天起没有证书的会暂停接案。"
		if err := s.tell(ctx, tx, l, "exam.required", "exam-required:"+x.Key+":"+from+":"+m.Key, body); err != nil {
			return err
		}
	}
	return nil
}
