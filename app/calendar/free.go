package calendar

import (
	"context"
	"slices"
	"time"

	"tiaojie/db"
)

// subtract takes the holes out of the spans; both sorted, half-open.
func subtract(spans, holes []Span) []Span {
	var out []Span
	for _, s := range spans {
		for _, h := range holes {
			if !h.End.After(s.Start) || !h.Start.Before(s.End) {
				continue
			}
			if h.Start.After(s.Start) {
				out = append(out, Span{s.Start, h.Start})
			}
			s.Start = h.End
			if !s.Start.Before(s.End) {
				break
			}
		}
		if s.Start.Before(s.End) {
			out = append(out, s)
		}
	}
	return out
}

// union sorts spans and joins those that touch or overlap.
func union(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.Start.Compare(b.Start) })
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && !s.Start.After(out[n-1].End) {
			if s.End.After(out[n-1].End) {
				out[n-1].End = s.End
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// Intersect gives the times that are in both lists.
func Intersect(a, b []Span) []Span {
	var out []Span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		start, end := a[i].Start, a[i].End
		if b[j].Start.After(start) {
			start = b[j].Start
		}
		if b[j].End.Before(end) {
			end = b[j].End
		}
		if start.Before(end) {
			out = append(out, Span{start, end})
		}
		if a[i].End.Before(b[j].End) {
			i++
		} else {
			j++
		}
	}
	return out
}

// Slots cuts spans into starts at full steps of the local day, each followed by length of free time.
func Slots(spans []Span, length, step time.Duration) []Span {
	var out []Span
	for _, s := range spans {
		midnight := DayOf(s.Start).At(0)
		into := s.Start.Sub(midnight)
		at := midnight.Add((into + step - 1) / step * step)
		for ; !at.Add(length).After(s.End); at = at.Add(step) {
			out = append(out, Span{at, at.Add(length)})
		}
	}
	return out
}

func covered(spans []Span, want Span) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return !s.Start.After(want.Start) && !s.End.Before(want.End) })
}

// open gives the hours of each resource between two instants: weekly rules on
// working days, minus closed, plus open exceptions. Inactive resources have none.
func (s *Service) open(ctx context.Context, r db.Reader, ids []int64, from, to time.Time) (map[int64][]Span, error) {
	out := make(map[int64][]Span, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	days, err := s.Workdays(ctx, r)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	in := db.Marks(len(ids))
	var rules []Rule
	err = r.Select(ctx, &rules, `SELECT a.resource_id, a.weekday, a.from_min, a.to_min, a.on_holidays FROM availability_rules a
		JOIN resources x ON x.id = a.resource_id WHERE x.active AND a.resource_id IN (`+in+`)`, args...)
	if err != nil {
		return nil, err
	}
	var exceptions []Exception
	err = r.Select(ctx, &exceptions, `SELECT e.id, e.key, e.resource_id, e.kind, e.from_at, e.to_at, e.purpose, e.reason, e.created_by
		FROM availability_exceptions e JOIN resources x ON x.id = e.resource_id WHERE x.active AND e.resource_id IN (`+in+`)
		AND e.to_at > ? AND e.from_at < ? AND e.removed_at IS NULL ORDER BY e.from_at`, append(args, db.At(from), db.At(to))...)
	if err != nil {
		return nil, err
	}
	window := []Span{{from, to}}
	weekly, closed, extra := map[int64][]Span{}, map[int64][]Span{}, map[int64][]Span{}
	for _, rule := range rules {
		weekly[rule.ResourceID] = append(weekly[rule.ResourceID], rule.spans(days, from, to)...)
	}
	for _, e := range exceptions {
		span := Span{e.FromAt.Time, e.ToAt.Time}
		if e.Kind == "closed" {
			closed[e.ResourceID] = append(closed[e.ResourceID], span)
		} else {
			extra[e.ResourceID] = append(extra[e.ResourceID], span)
		}
	}
	for _, id := range ids {
		// A closed time wins over the week, an opened time over both.
		hours := union(append(subtract(union(weekly[id]), union(closed[id])), extra[id]...))
		if got := Intersect(hours, window); len(got) > 0 {
			out[id] = got
		}
	}
	return out, nil
}

// spans spells the rule out day by day. On an adjusted working day the hours of the
// weekday it stands for count; on a holiday none, unless the rule says so.
func (rule Rule) spans(days *Workdays, from, to time.Time) []Span {
	var out []Span
	for d := DayOf(from); !d.At(0).After(to); d++ {
		weekday := d.Weekday()
		if c, ok := days.Change(d); ok && c.Work {
			weekday = c.hoursOf()
		}
		if weekday != rule.Weekday || days.IsHoliday(d) && !rule.OnHolidays {
			continue
		}
		out = append(out, Span{d.At(rule.FromMin), d.At(rule.ToMin)})
	}
	return out
}

// Free gives the real free time of each resource: its hours minus what is booked.
// Holds that ran out don't count, whether or not anybody has released them.
func (s *Service) Free(ctx context.Context, r db.Reader, ids []int64, from, to time.Time) (map[int64][]Span, error) {
	open, err := s.open(ctx, r, ids, from, to)
	if err != nil {
		return nil, err
	}
	busy, err := s.busy(ctx, r, ids, from, to)
	if err != nil {
		return nil, err
	}
	for id, spans := range open {
		open[id] = subtract(spans, union(busy[id]))
	}
	return open, nil
}

// longest is the most that one booking may take (the database checks it).
const longest = 8 * time.Hour

func (s *Service) busy(ctx context.Context, r db.Reader, ids []int64, from, to time.Time) (map[int64][]Span, error) {
	args := make([]any, 0, len(ids)+4)
	for _, id := range ids {
		args = append(args, id)
	}
	var rows []struct {
		ID   int64   `db:"resource_id"`
		From db.Time `db:"busy_from"`
		To   db.Time `db:"busy_to"`
	}
	err := r.Select(ctx, &rows, `SELECT x.resource_id, x.busy_from, x.busy_to FROM booking_resources x JOIN bookings b ON b.id = x.booking_id
		WHERE x.resource_id IN (`+db.Marks(len(ids))+`) AND x.active AND x.busy_from > ? AND x.busy_from < ? AND x.busy_to > ?
		AND (b.expires_at IS NULL OR b.expires_at > ?)`,
		append(args, db.At(from.Add(-longest)), db.At(to), db.At(from), db.At(s.db.Now()))...)
	out := map[int64][]Span{}
	for _, row := range rows {
		out[row.ID] = append(out[row.ID], Span{row.From.Time, row.To.Time})
	}
	return out, err
}

// SessionLength is how long a mediation session is booked for.
const SessionLength = 90 * time.Minute

// NextFree gives the next free start of each resource within three weeks, for a
// session of the usual length. It is kept until the calendar changes or an hour has
// passed, so that the marketplace costs no search.
func (s *Service) NextFree(ctx context.Context, ids []int64) (map[int64]time.Time, error) {
	version, err := s.db.Version(ctx, "calendar", "workdays")
	if err != nil {
		return nil, err
	}
	now := s.db.Now()
	s.mu.Lock()
	if s.next == nil || s.nextAt != version || now.Sub(s.nextFrom) > 10*time.Minute || now.Before(s.nextFrom) {
		s.next, s.nextAt, s.nextFrom = map[int64]time.Time{}, version, now
	}
	cache := s.next
	var missing []int64
	for _, id := range ids {
		if _, ok := cache[id]; !ok {
			missing = append(missing, id)
		}
	}
	s.mu.Unlock()
	if len(missing) > 0 {
		if err := s.fillNext(ctx, cache, missing, now); err != nil {
			return nil, err
		}
	}
	out := make(map[int64]time.Time, len(ids))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if t := cache[id]; !t.IsZero() {
			out[id] = t
		}
	}
	return out, nil
}

// SlotStep is how far apart the starts on offer are.
const SlotStep = 30 * time.Minute

// NoticeTime is how long before its start a session can be asked for.
const NoticeTime = 4 * time.Hour

func (s *Service) fillNext(ctx context.Context, cache map[int64]time.Time, ids []int64, now time.Time) error {
	free, err := s.Free(ctx, s.db, ids, now.Add(NoticeTime), now.AddDate(0, 0, 21))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		cache[id] = time.Time{}
		if slots := Slots(free[id], SessionLength, SlotStep); len(slots) > 0 {
			cache[id] = slots[0].Start
		}
	}
	return nil
}
