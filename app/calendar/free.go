package calendar

import (
	"context"
	"time"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// SessionLength is how long a mediation session is booked for.
const SessionLength = 90 * time.Minute

// SlotStep is how far apart the starts on offer are, counted from midnight.
const SlotStep = 30 * time.Minute

// NoticeTime is how long before its start a session can be asked for.
const NoticeTime = 4 * time.Hour

// Need is one thing a session needs: any one of the resources (a room), or all of
// them, or, without resources, the times that somebody named.
type Need struct {
	Label  string // as the explanation names it: 调解员
	IDs    []int64
	All    bool
	Wishes []Span
}

// Query asks for common times. Needs stand in search order, the scarcest first:
// liaison, room, mediator, parties.
type Query struct {
	Needs    []Need
	From, To time.Time
	Length   time.Duration // 0: SessionLength
	Step     time.Duration // 0: SlotStep
	Ignore   int64         // a booking that is being moved: its own time counts as free
	Limit    int           // 0: all
}

// longestSearch bounds how far apart From and To of a query may be.
const longestSearch = 100 * 24 * time.Hour

// FreeSlots finds the times at which everything needed is free, earliest first; when
// there are none, it says why. Errors: Invalid when From and To are no range or too far apart.
func (s *Service) FreeSlots(ctx context.Context, r db.Reader, q Query) ([]Span, *Explain, error) {
	f, err := s.find(ctx, r, q)
	if err != nil {
		return nil, nil, err
	}
	return f.spans(f.starts, q.Limit), f.explain(), nil
}

// Choose picks the resource of one need (by its place in q.Needs) for a session at an
// instant: best fit first, then the least used of that week. Errors: Conflict when none
// of them is free then.
func (s *Service) Choose(ctx context.Context, r db.Reader, q Query, need int, start time.Time) (int64, error) {
	day := DayOf(start).Monday() // the whole week, to see who is used least
	q.From, q.To, q.Step = day.At(0), (day + 7).At(0), cell
	f, err := s.find(ctx, r, q)
	if err != nil {
		return 0, err
	}
	id, ok := f.best(need, start)
	if !ok {
		return 0, fault.New(fault.Conflict, "这个时间没有空闲的"+q.Needs[need].Label+"，请另选")
	}
	return id, nil
}

func (s *Service) find(ctx context.Context, r db.Reader, q Query) (*found, error) {
	if !q.To.After(q.From) || q.To.Sub(q.From) > longestSearch {
		return nil, fault.At("from", "请选择三个月以内的日期范围")
	}
	if q.Length == 0 {
		q.Length = SessionLength
	}
	if q.Step == 0 {
		q.Step = SlotStep
	}
	var ids []int64
	for _, n := range q.Needs {
		ids = append(ids, n.IDs...)
	}
	win, members, err := s.members(ctx, r, ids, q.From, q.To, q.Ignore)
	if err != nil {
		return nil, err
	}
	a := ask{win: win, from: q.From, to: q.To, length: q.Length, step: q.Step}
	for _, n := range q.Needs {
		a.groups = append(a.groups, n.group(win, members))
	}
	return search(a), nil
}

func (n Need) group(win Window, members map[int64]member) group {
	g := group{label: n.Label, all: n.All}
	if len(n.IDs) == 0 {
		wish := member{open: newBitset(win.cells()), taken: newBitset(win.cells())}
		for _, w := range n.Wishes {
			wish.open.fill(win.ceil(w.Start), win.floor(w.End))
		}
		g.members = []member{wish}
	}
	for _, id := range n.IDs {
		if m, ok := members[id]; ok {
			g.members = append(g.members, m)
		} else if n.All { // an inactive one is never free
			g.members = append(g.members, member{id: id, open: newBitset(win.cells()), taken: newBitset(win.cells())})
		}
	}
	return g
}

// Openings gives, for each resource, the sessions of the usual length that it could
// take between two instants, earliest first.
func (s *Service) Openings(ctx context.Context, r db.Reader, ids []int64, from, to time.Time, step time.Duration) (map[int64][]Span, error) {
	win, members, err := s.members(ctx, r, ids, from, to, 0)
	if err != nil {
		return nil, err
	}
	f := &found{ask: ask{win: win, from: from, to: to, length: SessionLength, step: step}}
	allowed := f.permitted()
	out := make(map[int64][]Span, len(members))
	for id, m := range members {
		starts := m.starts(SessionLength)
		starts.and(allowed)
		if list := f.spans(starts, 0); len(list) > 0 {
			out[id] = list
		}
	}
	return out, nil
}

// members reads hours and bookings of the active resources among the ids.
func (s *Service) members(ctx context.Context, r db.Reader, ids []int64, from, to time.Time, ignore int64) (Window, map[int64]member, error) {
	win, open, err := s.hours(ctx, r, ids, windowOf(from, to))
	if err != nil {
		return win, nil, err
	}
	members := make(map[int64]member, len(open))
	for id, h := range open {
		members[id] = member{id: id, kind: h.kind, open: h.open, taken: newBitset(win.cells())}
	}
	busy, err := s.busy(ctx, r, ids, from, to, ignore)
	for _, b := range busy {
		if m, ok := members[b.ID]; ok {
			m.taken.fill(win.floor(b.From.Time), win.ceil(b.To.Time))
		}
	}
	return win, members, err
}

// longest is the most that one booking may take (the database checks it).
const longest = 8 * time.Hour

type busyRow struct {
	ID   int64   `db:"resource_id"`
	From db.Time `db:"busy_from"`
	To   db.Time `db:"busy_to"`
}

// busy reads what is booked of the resources. Holds that ran out don't count, whether
// or not anybody has released them.
func (s *Service) busy(ctx context.Context, r db.Reader, ids []int64, from, to time.Time, ignore int64) ([]busyRow, error) {
	args := make([]any, 0, len(ids)+5)
	for _, id := range ids {
		args = append(args, id)
	}
	var rows []busyRow
	return rows, r.Select(ctx, &rows, `SELECT x.resource_id, x.busy_from, x.busy_to FROM booking_resources x JOIN bookings b ON b.id = x.booking_id
		WHERE x.resource_id IN (`+db.Marks(len(ids))+`) AND x.active AND x.busy_from > ? AND x.busy_from < ? AND x.busy_to > ?
		AND (b.expires_at IS NULL OR b.expires_at > ?) AND b.id <> ?`,
		append(args, db.At(from.Add(-longest)), db.At(to.Add(Cleaning)), db.At(from), db.At(s.db.Now()), ignore)...)
}
