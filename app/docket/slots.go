package docket

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Search asks for times at which everybody needed is free.
type Search struct {
	From, To  time.Time
	Minutes   int   // length of the session; 0 is 90
	RoomID    int64 // 0: elsewhere
	LiaisonID int64 // 0: none
	Limit     int   // 0 is 20
}

// SlotFinding is the answer: times, or the reason why there are none.
type SlotFinding struct {
	Slots []Span
	Why   string
}

// slotStep is the grid on which sessions begin, from the full hour.
const slotStep = 30 * time.Minute

// maxSearch bounds how far ahead a search looks.
const maxSearch = 62 * 24 * time.Hour

// CommonSlots finds the common times of the parties (where they named any), the mediator,
// the room and the liaison, earliest first. When there are none it says which of them have
// no time in common and what leaving one out would give. Form fields: from, minutes.
func (s *Service) CommonSlots(ctx context.Context, who access.Actor, key string, q Search) (SlotFinding, error) {
	if err := who.Check(access.BookRead); err != nil {
		return SlotFinding{}, err
	}
	c, _, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return SlotFinding{}, err
	}
	if c.MediatorID == 0 {
		return SlotFinding{}, fault.New(fault.Invalid, guardWords[HasMediator])
	}
	if q.Minutes == 0 {
		q.Minutes = 90
	}
	if q.Limit == 0 {
		q.Limit = 20
	}
	if now := s.db.Now(); q.From.Before(now) {
		q.From = now
	}
	form := fault.Form{}
	form.Check(q.To.After(q.From) && q.To.Sub(q.From) <= maxSearch, "from", "请选择两个月以内的日期范围")
	form.Check(q.Minutes >= 15 && q.Minutes <= 480, "minutes", "时长应在 15 分钟到 8 小时之间")
	if err := form.Err(); err != nil {
		return SlotFinding{}, err
	}
	groups, err := s.groups(ctx, c, q)
	if err != nil {
		return SlotFinding{}, err
	}
	return find(groups, time.Duration(q.Minutes)*time.Minute, q.Limit), nil
}

// group is somebody whose time is needed, with the times that are free.
type group struct {
	name string
	free []Span
}

func (s *Service) groups(ctx context.Context, c Case, q Search) ([]group, error) {
	w := Want{CaseID: c.ID, CaseKey: c.Key, MediatorID: c.MediatorID, RoomID: q.RoomID, LiaisonID: q.LiaisonID}
	free, err := s.out.Bookings.Free(ctx, s.db, w, q.From, q.To)
	if err != nil {
		return nil, err
	}
	groups := []group{{"调解员", free.Mediator}}
	if q.RoomID != 0 {
		groups = append(groups, group{"调解室", free.Room})
	}
	if q.LiaisonID != 0 {
		groups = append(groups, group{"法院联络员", free.Liaison})
	}
	slots, err := slotsOf(ctx, s.db, c.ID)
	if err != nil {
		return nil, err
	}
	return append(groups, wishes(slots, q)...), nil
}

// wishes makes one group per party that named times.
func wishes(slots []Slot, q Search) []group {
	by := map[int64][]Span{}
	var order []int64
	for _, sl := range slots {
		if by[sl.PartyID] == nil {
			order = append(order, sl.PartyID)
		}
		by[sl.PartyID] = append(by[sl.PartyID], Span{later(sl.StartsAt.Time, q.From), earlier(sl.EndsAt.Time, q.To)})
	}
	slices.Sort(order)
	var out []group
	for i, id := range order {
		out = append(out, group{fmt.Sprintf("第%d位当事人", i+1), by[id]})
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// find intersects the groups and lists the starts that fit; without any it explains.
func find(groups []group, length time.Duration, limit int) SlotFinding {
	common := groups[0].free
	for _, g := range groups[1:] {
		common = intersect(common, g.free)
	}
	if slots := starts(common, length, limit); len(slots) > 0 {
		return SlotFinding{Slots: slots}
	}
	return SlotFinding{Why: explain(groups, length)}
}

// starts lists the beginnings on the grid from which the length fits.
func starts(free []Span, length time.Duration, limit int) []Span {
	var out []Span
	for _, f := range free {
		at := f.Start.Truncate(slotStep)
		if at.Before(f.Start) {
			at = at.Add(slotStep)
		}
		for ; !at.Add(length).After(f.End); at = at.Add(slotStep) {
			if len(out) == limit {
				return out
			}
			out = append(out, Span{at, at.Add(length)})
		}
	}
	return out
}

// intersect gives the times in both lists; each is sorted first.
func intersect(a, b []Span) []Span {
	a, b = sorted(a), sorted(b)
	var out []Span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		from, to := later(a[i].Start, b[j].Start), earlier(a[i].End, b[j].End)
		if from.Before(to) {
			out = append(out, Span{from, to})
		}
		if a[i].End.Before(b[j].End) {
			i++
		} else {
			j++
		}
	}
	return out
}

func sorted(in []Span) []Span {
	out := slices.DeleteFunc(slices.Clone(in), func(s Span) bool { return !s.Start.Before(s.End) })
	slices.SortFunc(out, func(a, b Span) int { return a.Start.Compare(b.Start) })
	merged := out[:0]
	for _, s := range out {
		if n := len(merged); n > 0 && !s.Start.After(merged[n-1].End) {
			merged[n-1].End = later(merged[n-1].End, s.End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// explain says who has how much time, which two have none in common, and what leaving
// one out would give.
func explain(groups []group, length time.Duration) string {
	const many = 1000
	count := func(free []Span) int { return len(starts(sorted(free), length, many)) }
	var have []string
	for _, g := range groups {
		n := count(g.free)
		if n == 0 {
			return g.name + "在这段时间里没有足够长的空闲，请换一段日期、换人或缩短时长"
		}
		have = append(have, fmt.Sprintf("%s有 %d 个可选开始时间", g.name, n))
	}
	text := strings.Join(have, "，") + "，没有共同时段"
	if a, b, ok := apart(groups, count); ok {
		text += "；" + a + "与" + b + "的时间完全错开"
	}
	for i, g := range groups {
		rest := slices.Delete(slices.Clone(groups), i, i+1)
		if len(rest) == 0 {
			continue
		}
		common := rest[0].free
		for _, r := range rest[1:] {
			common = intersect(common, r.free)
		}
		if n := count(common); n > 0 {
			text += fmt.Sprintf("；去掉%s可得 %d 个", g.name, n)
		}
	}
	return text
}

// apart names the first two that have no time in common.
func apart(groups []group, count func([]Span) int) (a, b string, ok bool) {
	for i := range groups {
		for j := i + 1; j < len(groups); j++ {
			if count(intersect(groups[i].free, groups[j].free)) == 0 {
				return groups[i].name, groups[j].name, true
			}
		}
	}
	return "", "", false
}

// OfferSlots keeps times that a party names later, by code or signed in. Form field: slots.
func (s *Service) OfferSlots(ctx context.Context, pass Pass, slots []SlotInput) error {
	form := fault.Form{}
	form.Check(len(slots) > 0, "slots", "请至少选一个时间段")
	checkSlots(form, slots, s.db.Now())
	if err := form.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.enter(ctx, tx, pass)
		if err != nil {
			return err
		}
		if !a.c.State.Open() {
			return fault.Newf(fault.Conflict, "案件现在是「%s」，不能再选时间", a.c.State.Label())
		}
		if _, err := tx.Exec(ctx, `DELETE FROM case_slots WHERE case_id = ? AND party_id = ?`, a.c.ID, pass.partyID); err != nil {
			return err
		}
		if err := putSlots(ctx, tx, a.c.ID, pass.partyID, slots); err != nil {
			return err
		}
		tx.Touch("cases")
		return a.record(ctx, "case.slots", map[string]any{"n": len(slots)})
	})
}
