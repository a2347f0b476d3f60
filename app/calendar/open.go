package calendar

import (
	"context"
	"time"

	"tiaojie/db"
)

// openHours are the hours of one active resource, spelled out.
type openHours struct {
	kind Kind
	open bitset
}

// keptHours remembers hours between searches: they change seldom, bookings often.
type keptHours struct {
	version string
	win     Window
	of      map[int64]openHours
}

// keptDays is how far ahead, from this week's Monday, hours are kept.
const keptDays = 42

// mostKept bounds the memory: 1.5 KiB for each resource.
const mostKept = 8000

// hours gives the hours of the active resources among the ids, in a window that holds
// the one asked for. Outside transactions they come from memory while nobody changed
// hours or workdays.
func (s *Service) hours(ctx context.Context, r db.Reader, ids []int64, win Window) (Window, map[int64]openHours, error) {
	keep := Window{DayOf(s.db.Now()).Monday(), keptDays}
	if _, plain := r.(*db.DB); !plain || !keep.holds(win) {
		out, err := s.readHours(ctx, r, ids, win)
		return win, out, err
	}
	version, err := s.db.Version(ctx, "hours", "workdays")
	if err != nil {
		return win, nil, err
	}
	s.mu.Lock()
	if s.kept.version != version || s.kept.win != keep || len(s.kept.of) > mostKept {
		s.kept = keptHours{version, keep, map[int64]openHours{}}
	}
	kept := s.kept.of
	out := make(map[int64]openHours, len(ids))
	var missing []int64
	for _, id := range ids {
		if h, ok := kept[id]; ok {
			out[id] = h
		} else {
			missing = append(missing, id)
		}
	}
	s.mu.Unlock()
	if len(missing) > 0 {
		read, err := s.readHours(ctx, r, missing, keep)
		if err != nil {
			return keep, nil, err
		}
		s.mu.Lock()
		for _, id := range missing {
			out[id], kept[id] = read[id], read[id] // an inactive one is kept as such
		}
		s.mu.Unlock()
	}
	for id, h := range out {
		if h.open == nil {
			delete(out, id)
		}
	}
	return keep, out, nil
}

// readHours computes the hours: weekly rules on the days they count, minus closed
// times, plus opened ones. An opened time wins over closing and holidays. People who
// come to a session without hours of their own (parties, learners) are always open.
func (s *Service) readHours(ctx context.Context, r db.Reader, ids []int64, win Window) (map[int64]openHours, error) {
	days, err := s.Workdays(ctx, r)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(ids), len(ids)+2)
	for i, id := range ids {
		args[i] = id
	}
	in := `(` + db.Marks(len(ids)) + `)`
	var resources []Resource
	if err := r.Select(ctx, &resources, `SELECT id, kind, ref_id, name, active FROM resources WHERE active AND id IN `+in, args...); err != nil {
		return nil, err
	}
	var rules []Rule
	if err := r.Select(ctx, &rules, `SELECT resource_id, weekday, from_min, to_min, on_holidays FROM availability_rules WHERE resource_id IN `+in, args...); err != nil {
		return nil, err
	}
	var exceptions []Exception
	err = r.Select(ctx, &exceptions, `SELECT resource_id, kind, from_at, to_at FROM availability_exceptions
		WHERE resource_id IN `+in+` AND to_at > ? AND from_at < ? AND removed_at IS NULL`, append(args, db.At(win.start()), db.At(win.end()))...)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]openHours, len(resources))
	for _, res := range resources {
		h := openHours{res.Kind, newBitset(win.cells())}
		if !res.Kind.hasHours() {
			h.open.fill(0, win.cells())
		}
		out[res.ID] = h
	}
	sorts := days.sorts(win)
	for _, rule := range rules {
		rule.fill(out[rule.ResourceID].open, sorts)
	}
	for _, e := range exceptions {
		if open := out[e.ResourceID].open; open != nil && e.Kind == "closed" {
			open.clear(win.floor(e.FromAt.Time), win.ceil(e.ToAt.Time))
		}
	}
	for _, e := range exceptions {
		if open := out[e.ResourceID].open; open != nil && e.Kind == "open" {
			open.fill(win.ceil(e.FromAt.Time), win.floor(e.ToAt.Time))
		}
	}
	return out, nil
}

// daySort is what weekly rules need to know of a day.
type daySort struct {
	weekday, as int // as: the weekday whose hours an adjusted working day takes too
	holiday     bool
}

func (w *Workdays) sorts(win Window) []daySort {
	out := make([]daySort, win.Days)
	for i := range out {
		d := win.First + Day(i)
		out[i] = daySort{weekday: d.Weekday(), as: d.Weekday(), holiday: w.IsHoliday(d)}
		if c, ok := w.Change(d); ok && c.Work {
			out[i].as = c.hoursOf()
		}
	}
	return out
}

// fill spells the rule out over the days of a window. On an adjusted working day the
// hours of the weekday it stands for count too; on a holiday none, unless the rule says so.
func (rule Rule) fill(open bitset, days []daySort) {
	if open == nil {
		return
	}
	from, to := cellsUp(time.Duration(rule.FromMin)*time.Minute), int(time.Duration(rule.ToMin)*time.Minute/cell)
	for i, d := range days {
		if (d.weekday == rule.Weekday || d.as == rule.Weekday) && (!d.holiday || rule.OnHolidays) {
			open.fill(i*cellsPerDay+from, i*cellsPerDay+to)
		}
	}
}

// covers tells whether the hours hold the whole span.
func (h openHours) covers(win Window, span Span) bool {
	if h.open == nil || span.Start.Before(win.start()) || span.End.After(win.end()) {
		return false
	}
	from, to := win.floor(span.Start), win.ceil(span.End)
	for c := from; c < to; c++ {
		if !h.open.has(c) {
			return false
		}
	}
	return true
}
