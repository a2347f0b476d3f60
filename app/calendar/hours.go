package calendar

import (
	"context"
	"slices"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Rule is one stretch of weekly hours.
type Rule struct {
	ResourceID int64 `db:"resource_id"`
	Weekday    int   `db:"weekday"`  // 1 Monday … 7 Sunday
	FromMin    int   `db:"from_min"` // minutes of the local day
	ToMin      int   `db:"to_min"`
	OnHolidays bool  `db:"on_holidays"`
}

// Exception deviates from the weekly hours.
type Exception struct {
	ID         int64   `db:"id"`
	Key        string  `db:"key"`
	ResourceID int64   `db:"resource_id"`
	Kind       string  `db:"kind"` // closed or open
	FromAt     db.Time `db:"from_at"`
	ToAt       db.Time `db:"to_at"`
	Purpose    string  `db:"purpose"` // a court slot's: see Purposes
	Reason     string  `db:"reason"`
	CreatedBy  string  `db:"created_by"`
}

// Purposes are what a liaison's slot is for (law.md 2.3).
var Purposes = []struct{ Code, Label string }{{"guide", "指导调解"}, {"confirm", "司法确认"}, {"trial", "巡回审判、速裁"}, {"teach", "普法"}}

// PurposeLabel gives a purpose in words.
func PurposeLabel(code string) string {
	for _, p := range Purposes {
		if p.Code == code {
			return p.Label
		}
	}
	return ""
}

// CheckRules refuses hours that end before they begin or overlap on one day.
func CheckRules(rules []Rule) error {
	sorted := slices.Clone(rules)
	slices.SortFunc(sorted, func(a, b Rule) int { return (a.Weekday-b.Weekday)*2000 + a.FromMin - b.FromMin })
	for i, r := range sorted {
		if r.Weekday < 1 || r.Weekday > 7 || r.FromMin < 0 || r.ToMin > 24*60 || r.FromMin >= r.ToMin {
			return fault.At("hours", "开始时间要早于结束时间")
		}
		if i > 0 && sorted[i-1].Weekday == r.Weekday && sorted[i-1].ToMin > r.FromMin {
			return fault.At("hours", WeekdayLabel(r.Weekday)+"的时间段有重叠")
		}
	}
	return nil
}

// SetRules replaces a resource's weekly hours. Bookings made before stay; those
// that now fall outside are returned, to be looked at.
func (s *Service) SetRules(ctx context.Context, who access.Actor, kind Kind, refID int64, rules []Rule) ([]Entry, error) {
	if err := mayKeep(who, kind, refID); err != nil {
		return nil, err
	}
	if err := CheckRules(rules); err != nil {
		return nil, err
	}
	var hit []Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.known(ctx, tx, kind, refID)
		if err != nil {
			return err
		}
		if err := s.PutRules(ctx, tx, id, rules); err != nil {
			return err
		}
		if hit, err = s.outside(ctx, tx, id, tx.Now, tx.Now.AddDate(1, 0, 0)); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "hours.set", audit.Ref{Kind: string(kind)}, rules)
	})
	return hit, err
}

// PutRules replaces the weekly hours in the caller's transaction.
func (s *Service) PutRules(ctx context.Context, tx *db.Tx, resourceID int64, rules []Rule) error {
	if _, err := tx.Exec(ctx, `DELETE FROM availability_rules WHERE resource_id = ?`, resourceID); err != nil {
		return err
	}
	for _, r := range rules {
		_, err := tx.Exec(ctx, `INSERT INTO availability_rules (resource_id, weekday, from_min, to_min, on_holidays) VALUES (?,?,?,?,?)`,
			resourceID, r.Weekday, r.FromMin, r.ToMin, r.OnHolidays)
		if err != nil {
			return err
		}
	}
	tx.Touch("calendar", "hours", "market", "rooms")
	return nil
}

func (s *Service) known(ctx context.Context, r db.Reader, kind Kind, refID int64) (int64, error) {
	id, err := s.ResourceID(ctx, r, kind, refID)
	if err == nil && id == 0 {
		err = fault.New(fault.NotFound, "没有找到这份日程")
	}
	return id, err
}

// RulesOf reads the weekly hours of a resource.
func (s *Service) RulesOf(ctx context.Context, r db.Reader, kind Kind, refID int64) ([]Rule, error) {
	var out []Rule
	return out, r.Select(ctx, &out, `SELECT a.resource_id, a.weekday, a.from_min, a.to_min, a.on_holidays FROM availability_rules a
		JOIN resources x ON x.id = a.resource_id WHERE x.kind = ? AND x.ref_id = ? ORDER BY a.weekday, a.from_min`, kind, refID)
}

// HoursByRef reads the weekly hours of all resources of a kind, by what they stand for.
func (s *Service) HoursByRef(ctx context.Context, r db.Reader, kind Kind) (map[int64][]Rule, error) {
	var rows []struct {
		Rule
		Ref int64 `db:"ref_id"`
	}
	err := r.Select(ctx, &rows, `SELECT a.resource_id, a.weekday, a.from_min, a.to_min, a.on_holidays, x.ref_id FROM availability_rules a
		JOIN resources x ON x.id = a.resource_id WHERE x.kind = ? ORDER BY x.ref_id, a.weekday, a.from_min`, kind)
	out := map[int64][]Rule{}
	for _, row := range rows {
		out[row.Ref] = append(out[row.Ref], row.Rule)
	}
	return out, err
}

// AddException adds leave, a closed day, an extra day or a court slot, and lists the
// bookings it hits: they stay until somebody moves them, nothing is lost. A form that
// comes twice (idem) makes one exception and gives the same answer.
func (s *Service) AddException(ctx context.Context, who access.Actor, idem string, kind Kind, refID int64, e Exception) (string, []Entry, error) {
	if err := mayKeep(who, kind, refID); err != nil {
		return "", nil, err
	}
	f := fault.Form{}
	f.Check(e.Kind == "closed" || e.Kind == "open", "kind", "请选择停用还是开放")
	f.Check(e.ToAt.After(e.FromAt.Time), "to", "结束时间要晚于开始时间")
	f.Check(e.ToAt.Sub(e.FromAt.Time) <= 366*24*time.Hour, "to", "一次最多一年")
	f.Check(e.Kind != "closed" || e.Reason != "", "reason", "请写明原因")
	if err := f.Err(); err != nil {
		return "", nil, err
	}
	var key string
	var hit []Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.known(ctx, tx, kind, refID)
		if err != nil {
			return err
		}
		if e.Kind == "closed" {
			if hit, err = s.agenda(ctx, tx, []int64{id}, e.FromAt.Time, e.ToAt.Time); err != nil {
				return err
			}
		}
		known, first, err := tx.Claim(ctx, idem)
		if key = known; err != nil || !first {
			return err
		}
		e.ResourceID = id
		if key, err = s.PutException(ctx, tx, who, e); err != nil {
			return err
		}
		if err := tx.Fulfil(ctx, idem, key); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "hours."+e.Kind, audit.Ref{Kind: string(kind), Key: key}, len(hit))
	})
	return key, hit, err
}

// PutException adds an exception in the caller's transaction.
func (s *Service) PutException(ctx context.Context, tx *db.Tx, who access.Actor, e Exception) (string, error) {
	key := seal.NewKey()
	_, err := tx.Exec(ctx, `INSERT INTO availability_exceptions (key, resource_id, kind, from_at, to_at, purpose, reason, created_by, created_at)
		VALUES (?,?,?,?,?,?,?,?,?)`, key, e.ResourceID, e.Kind, e.FromAt, e.ToAt, e.Purpose, e.Reason, who.Name, db.At(tx.Now))
	tx.Touch("calendar", "hours", "market", "rooms")
	return key, err
}

// RemoveException takes an exception back. When it was an opened time, the bookings
// made in it stay and are listed.
func (s *Service) RemoveException(ctx context.Context, who access.Actor, kind Kind, refID int64, key string) ([]Entry, error) {
	if err := mayKeep(who, kind, refID); err != nil {
		return nil, err
	}
	var hit []Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.known(ctx, tx, kind, refID)
		if err != nil {
			return err
		}
		var e Exception
		err = tx.Get(ctx, &e, `SELECT id, key, resource_id, kind, from_at, to_at, purpose, reason, created_by FROM availability_exceptions
			WHERE key = ? AND resource_id = ?`, key, id)
		if err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE availability_exceptions SET removed_at = ? WHERE id = ? AND removed_at IS NULL`, db.At(tx.Now), e.ID)
		if err != nil {
			return err
		}
		if e.Kind == "open" {
			if hit, err = s.outside(ctx, tx, id, e.FromAt.Time, e.ToAt.Time); err != nil {
				return err
			}
		}
		tx.Touch("calendar", "hours", "market", "rooms")
		return s.trail.Record(ctx, tx, who, "hours.remove", audit.Ref{Kind: string(kind), Key: key}, len(hit))
	})
	return hit, err
}

// ExceptionsOf reads the exceptions of a resource that end after an instant, soonest first.
func (s *Service) ExceptionsOf(ctx context.Context, r db.Reader, kind Kind, refID int64, after time.Time) ([]Exception, error) {
	var out []Exception
	return out, r.Select(ctx, &out, `SELECT e.id, e.key, e.resource_id, e.kind, e.from_at, e.to_at, e.purpose, e.reason, e.created_by
		FROM availability_exceptions e JOIN resources x ON x.id = e.resource_id
		WHERE x.kind = ? AND x.ref_id = ? AND e.to_at > ? AND e.removed_at IS NULL ORDER BY e.from_at LIMIT 500`, kind, refID, db.At(after))
}

// outside lists the coming bookings of a resource between two instants that its hours
// don't cover any more.
func (s *Service) outside(ctx context.Context, tx *db.Tx, resourceID int64, from, to time.Time) ([]Entry, error) {
	if from.Before(tx.Now) {
		from = tx.Now
	}
	coming, err := s.agenda(ctx, tx, []int64{resourceID}, from, to)
	if err != nil || len(coming) == 0 {
		return nil, err
	}
	win := windowOf(coming[0].StartsAt.Time, to.AddDate(0, 0, 1)) // the last one may reach beyond
	open, err := s.readHours(ctx, tx, []int64{resourceID}, win)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, b := range coming {
		if !open[resourceID].covers(win, Span{b.StartsAt.Time, b.EndsAt.Time}) {
			out = append(out, b)
		}
	}
	return out, nil
}
