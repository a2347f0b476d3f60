package calendar

import (
	"context"
	"time"
)

// nextFree remembers the next free start of each resource; the zero time for none.
type nextFree struct {
	version string
	from    time.Time
	at      map[int64]time.Time
}

// nextDays is how far ahead the next free time is looked for.
const nextDays = 21

// nextAge is how long it stays known: notice time moves on with the clock.
const nextAge = 10 * time.Minute

// NextFree gives the next free start of each resource within three weeks, for a
// session of the usual length; those without one are left out. It is kept until the
// calendar changes or ten minutes have passed, so that the marketplace costs no search.
func (s *Service) NextFree(ctx context.Context, ids []int64) (map[int64]time.Time, error) {
	version, err := s.db.Version(ctx, "calendar", "hours", "workdays")
	if err != nil {
		return nil, err
	}
	now := s.db.Now()
	s.mu.Lock()
	if s.next.version != version || now.Sub(s.next.from) > nextAge || now.Before(s.next.from) || len(s.next.at) > mostKept {
		s.next = nextFree{version, now, map[int64]time.Time{}}
	}
	known := s.next.at
	out := make(map[int64]time.Time, len(ids))
	var missing []int64
	for _, id := range ids {
		if t, ok := known[id]; !ok {
			missing = append(missing, id)
		} else if !t.IsZero() {
			out[id] = t
		}
	}
	s.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	starts, err := s.firstStarts(ctx, missing, now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range missing {
		t, ok := starts[id]
		if known[id] = t; ok {
			out[id] = t
		}
	}
	return out, nil
}

func (s *Service) firstStarts(ctx context.Context, ids []int64, now time.Time) (map[int64]time.Time, error) {
	from, to := now.Add(NoticeTime), now.AddDate(0, 0, nextDays)
	win, members, err := s.members(ctx, s.db, ids, from, to, 0)
	if err != nil {
		return nil, err
	}
	allowed := ask{win: win, from: from, to: to, length: SessionLength, step: SlotStep}.permitted()
	out := make(map[int64]time.Time, len(members))
	for id, m := range members {
		starts := m.starts(SessionLength)
		starts.and(allowed)
		if c := starts.next(0); c >= 0 {
			out[id] = win.at(c)
		}
	}
	return out, nil
}
