package docket

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Search asks for times at which everybody needed is free.
type Search struct {
	From, To  time.Time
	Minutes   int   // length of the session; 0 is 90
	RoomID    int64 // 0: elsewhere; Any
	LiaisonID int64 // 0: none; Any
	Limit     int   // 0 is 20
	Together  bool  // also times at which somebody of the case has to be elsewhere
}

// SlotFinding is the answer: times, or the reason why there are none.
type SlotFinding struct {
	Slots []Span
	Why   string
}

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
	form.Check(q.Minutes >= 15 && q.Minutes <= 450, "minutes", "时长应在 15 分钟到 7 个半小时之间")
	if err := form.Err(); err != nil {
		return SlotFinding{}, err
	}
	ses, _, err := liveSession(ctx, s.db, c.ID)
	if err != nil {
		return SlotFinding{}, err
	}
	slots, err := slotsOf(ctx, s.db, c.ID)
	if err != nil {
		return SlotFinding{}, err
	}
	w := Want{CaseID: c.ID, CaseKey: c.Key, MediatorID: c.MediatorID, RoomID: q.RoomID, LiaisonID: q.LiaisonID}
	if w.PartyIDs, err = comingParties(ctx, s.db, c.ID); err != nil {
		return SlotFinding{}, err
	}
	if !q.Together {
		come, err := comers(ctx, s.db, c.ID, db.DayOf(s.db.Now()))
		if err != nil {
			return SlotFinding{}, err
		}
		w.Marks = allMarks(come)
	}
	return s.out.Bookings.Common(ctx, s.db, w, q, wishes(slots), ses.BookingID)
}

// wishes makes one group per party that named times.
func wishes(slots []Slot) []Wish {
	by := map[int64][]Span{}
	for _, sl := range slots {
		by[sl.PartyID] = append(by[sl.PartyID], Span{Start: sl.StartsAt.Time, End: sl.EndsAt.Time})
	}
	var out []Wish
	for i, id := range slices.Sorted(maps.Keys(by)) {
		out = append(out, Wish{fmt.Sprintf("第%d位当事人", i+1), by[id]})
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
