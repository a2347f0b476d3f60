package calendar

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Workdays gives the table in force: the notices that the program carries, and
// those entered since; the newest of a year counts. Cached until the calendar changes.
func (s *Service) Workdays(ctx context.Context, r db.Reader) (*Workdays, error) {
	version, err := s.db.Version(ctx, "workdays")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	if s.days != nil && s.daysAt == version {
		defer s.mu.Unlock()
		return s.days, nil
	}
	s.mu.Unlock()
	notices, err := s.Notices(ctx, r)
	if err != nil {
		return nil, err
	}
	w := NewWorkdays(notices...)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.days, s.daysAt = w, version
	return w, nil
}

// Notices lists the notice in force of each year that has one, oldest year first: the
// last one entered, else the one that the program carries.
func (s *Service) Notices(ctx context.Context, r db.Reader) ([]Notice, error) {
	var rows []struct {
		Year   int    `db:"year"`
		Source string `db:"source"`
		Body   string `db:"body"`
	}
	if err := r.Select(ctx, &rows, `SELECT year, source, body FROM workday_notices ORDER BY id`); err != nil {
		return nil, err
	}
	last := map[int]Notice{}
	for _, n := range BuiltinNotices() {
		last[n.Year] = n
	}
	for _, row := range rows {
		n, err := ParseNotice(row.Year, row.Source, row.Body)
		if err != nil {
			return nil, err
		}
		last[n.Year] = n
	}
	return slices.SortedFunc(maps.Values(last), func(a, b Notice) int { return a.Year - b.Year }), nil
}

// DayHit is a day of rest on which sessions had been booked before it became one.
type DayHit struct {
	Day      Day `db:"day"`
	Bookings int `db:"n"`
}

// EnterNotice adds or corrects a year's arrangement of days off, and tells on which
// new days of rest sessions are booked: they stay until somebody moves them. It needs
// access.Settings. Form fields: year, source, body.
func (s *Service) EnterNotice(ctx context.Context, who access.Actor, year int, source, body string) ([]DayHit, error) {
	if err := who.Check(access.Settings); err != nil {
		return nil, err
	}
	form := fault.Form{}
	now := DayOf(s.db.Now()).Year()
	form.Check(year >= now-1 && year <= now+2, "year", "请填写今年或明年")
	form.Check(source != "", "source", "请写明是哪个通知")
	n, err := ParseNotice(year, source, body)
	if err != nil {
		form.Add("body", err.Error())
	}
	form.Check(err != nil || len(n.Days) > 0, "body", "请逐行写出放假和调休的日期")
	if err := form.Err(); err != nil {
		return nil, err
	}
	before, err := s.Workdays(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var hits []DayHit
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		same, err := entered(ctx, tx, year, source, body)
		if err != nil || same {
			return err // a form that came twice makes one version
		}
		_, err = tx.Exec(ctx, `INSERT INTO workday_notices (year, source, body, entered_by, entered_at) VALUES (?,?,?,?,?)`,
			year, source, body, who.Name, db.At(tx.Now))
		if err != nil {
			return err
		}
		if hits, err = s.newRest(ctx, tx, before, n); err != nil {
			return err
		}
		tx.Touch("workdays", "calendar")
		return s.trail.Record(ctx, tx, who, "workdays.enter", audit.Ref{Kind: "workdays", Key: strconv.Itoa(year)}, source)
	})
	return hits, err
}

// entered tells whether exactly this is what was entered last for the year.
func entered(ctx context.Context, tx *db.Tx, year int, source, body string) (bool, error) {
	var n int
	err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM workday_notices WHERE id = (SELECT MAX(id) FROM workday_notices WHERE year = ?)
		AND source = ? AND body = ?`, year, source, body)
	return n > 0, err
}

// newRest counts the coming bookings on days that the notice makes days of rest.
func (s *Service) newRest(ctx context.Context, tx *db.Tx, before *Workdays, n Notice) ([]DayHit, error) {
	args := []any{}
	for _, c := range n.Days {
		if !c.Work && before.IsWorking(c.Day) && c.Day >= DayOf(tx.Now) {
			args = append(args, c.Day)
		}
	}
	var hits []DayHit
	return hits, tx.Select(ctx, &hits, `SELECT day, COUNT(*) AS n FROM bookings WHERE day IN (`+db.Marks(len(args))+`)
		AND status IN ('pending', 'confirmed') GROUP BY day ORDER BY day`, args...)
}
