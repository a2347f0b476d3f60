package accord

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Urge is a letter that urges performance (督促履行函).
type Urge struct {
	ID      int64   `db:"id"`
	Key     string  `db:"key"`
	DutyID  int64   `db:"duty_id"`
	AskedBy int64   `db:"asked_by"` // the party who asked (深圳条例 27), 0 when the committee acts itself
	On      string  `db:"on_day"`
	Until   string  `db:"until"`
	By      string  `db:"by_name"`
	At      db.Time `db:"at"`
}

const urgeColumns = `id, key, duty_id, asked_by, on_day, until, by_name, at`

// Urge writes the letter for an obligation whose day is over and tells who owes it. askedBy is the key of the party
// who asked for it, or "". Form fields: until, asked_by.
func (s *Service) Urge(ctx context.Context, who access.Actor, dutyKey, askedBy, until, idem string) (key string, err error) {
	err = s.onDuty(ctx, who, dutyKey, VerbUrge, func(a *act, d *DutyRow) (string, any, error) {
		where, first, err := a.tx.Claim(ctx, idem)
		if err != nil || !first {
			key = where
			return "", nil, err
		}
		if d.Standing(a.tx.Day()) != Overdue {
			return "", nil, fault.New(fault.Conflict, "履行期限还没有过，不能发督促履行函")
		}
		u := Urge{Key: seal.NewKey(), On: a.tx.Day(), Until: until}
		if !isDay(until) || until <= u.On {
			return "", nil, fault.At("until", "请填写督促履行的最后一日，要在今天以后")
		}
		if askedBy != "" {
			ids, err := a.partyIDs(ctx)
			if err != nil {
				return "", nil, err
			}
			if u.AskedBy = ids[askedBy]; u.AskedBy == 0 || u.AskedBy == d.FromParty {
				return "", nil, fault.At("asked_by", "请选择提出请求的当事人")
			}
		}
		_, err = a.tx.Exec(ctx, `INSERT INTO duty_urges (key, duty_id, asked_by, on_day, until, by_name, at) VALUES (?,?,?,?,?,?,?)`,
			u.Key, d.ID, u.AskedBy, u.On, u.Until, who.Name, db.At(a.tx.Now))
		if err != nil {
			return "", nil, err
		}
		key = u.Key
		if err := a.tx.Fulfil(ctx, idem, key); err != nil {
			return "", nil, err
		}
		body := "调解申请 " + a.c.ApplyNo + "：请于 " + forms.Day(until).String() + " 前履行到期的约定，督促履行函随后送达。有困难请与我们联系。"
		return "duty.urge", map[string]string{"until": until}, s.cases.TellParty(ctx, a.tx, a.c, d.FromParty, "duty.urge", body, a.tx.Now)
	})
	return key, err
}

// UrgeDay proposes the day until which to urge.
func (s *Service) UrgeDay(ctx context.Context, r db.Reader, c docket.Case) (string, error) {
	rule, err := s.cases.RuleFor(ctx, r, docket.StepUrge, c)
	if err != nil {
		return "", err
	}
	days, err := s.cal.Workdays(ctx, r)
	if err != nil {
		return "", err
	}
	return days.AddNatural(calendar.DayOf(s.db.Now()), rule.Length).Day.String(), nil
}
