package school

import (
	"context"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/db"
)

// remindBatch bounds how many people one run of the loop tells.
const remindBatch = 200

var reminder = access.System("培训提醒")

// due is a cell of somebody who can be told.
type due struct {
	q    Requirement
	l    Learner
	c    Cell
	word string
}

// allTold tells whether a run over this very board had nobody left to tell, so that the
// loop doesn't ask each minute.
func (k *boardKeeper) allTold(b *board, day string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.told == b && k.toldOn == day
}

func (k *boardKeeper) reminded(b *board, day string, all bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if all {
		k.told, k.toldOn = b, day
	}
}

// untold leaves out who was told of that due day.
func (s *Service) untold(ctx context.Context, list []due) ([]due, error) {
	if len(list) == 0 {
		return nil, nil
	}
	first := slices.MinFunc(list, func(a, b due) int { return strings.Compare(a.c.DueOn, b.c.DueOn) }).c.DueOn
	type one struct {
		Requirement int64  `db:"requirement_id"`
		Learner     int64  `db:"learner_id"`
		Due         string `db:"until_on"`
		Word        string `db:"reason"`
	}
	var told []one
	err := s.db.Select(ctx, &told, `SELECT requirement_id, learner_id, until_on, reason FROM requirement_acts WHERE kind = 'remind' AND until_on <> '' AND until_on >= ?`, first)
	if err != nil {
		return nil, err
	}
	known := make(map[one]bool, len(told))
	for _, t := range told {
		known[t] = true
	}
	return slices.DeleteFunc(list, func(d due) bool { return known[one{d.q.ID, d.l.ID, d.c.DueOn, d.word}] }), nil
}

// Remind tells people what is due soon or late, once each for a due day, and gives how many
// messages were written. The server calls it; a second runner or a restart repeats nothing.
func (s *Service) Remind(ctx context.Context) (int, error) {
	b, err := s.board(ctx)
	if err != nil {
		return 0, err
	}
	day := db.DayOf(s.db.Now())
	cells := b.today(day)
	if s.boards.allTold(b, day) {
		return 0, nil
	}
	var list []due
	for i, l := range b.people {
		if l.AccountID == nil {
			continue
		}
		for k, q := range b.requirements {
			c := cells[i][k]
			word := ""
			switch c.State {
			case DueSoon:
				word = "到期前提醒"
			case Late:
				word = "逾期提醒"
			default:
				continue
			}
			list = append(list, due{q, l, c, word})
		}
	}
	list, err = s.untold(ctx, list)
	if err != nil || len(list) == 0 {
		s.boards.reminded(b, day, err == nil)
		return 0, err
	}
	list = list[:min(len(list), remindBatch)]
	n := 0
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n = 0
		for _, d := range list {
			fresh, err := tx.Exec(ctx, `INSERT INTO requirement_acts (requirement_id, learner_id, kind, on_day, until_on, reason, by_name, at)
				VALUES (?,?,'remind',?,?,?,?,?) ON CONFLICT DO NOTHING`, d.q.ID, d.l.ID, tx.Day(), d.c.DueOn, d.word, bySystem, db.At(tx.Now))
			if err != nil {
				return err
			}
			if fresh == 0 {
				continue
			}
			n++
			key := "school.due:" + d.q.Key + ":" + d.l.Key + ":" + d.c.DueOn + ":" + string(d.c.State)
			if err := s.tellDue(ctx, tx, d.q, d.l, d.c, key); err != nil {
				return err
			}
		}
		if n == 0 {
			return nil
		}
		return s.trail.Record(ctx, tx, reminder, "requirement.remind", audit.Ref{Kind: "requirement"}, n)
	})
	return n, err
}
