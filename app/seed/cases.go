package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"tiaojie/app/docket"
)

// weights say how often a loaded case is in a state.
var weights = []struct {
	state docket.State
	n     int
}{{docket.Agreed, 62}, {docket.Ended, 14}, {docket.Withdrawn, 4}, {docket.Refused, 3}, {docket.Mediating, 5}, {docket.Accepted, 3},
	{docket.Suspended, 1}, {docket.Consented, 2}, {docket.Inviting, 3}, {docket.Applied, 3}}

// maxOpen bounds the open cases of a big filling: a street that has a million cases
// behind it does not have a hundred thousand on its desks.
const maxOpen = 3000

// Bulk loads n cases with a believable past. progress is told the number done.
func Bulk(ctx context.Context, s Services, street Street, n int, progress func(done int)) error {
	const batch = 500
	l, err := s.Docket.NewLoader(ctx, system, batch)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(uint64(n), 11))
	now := s.DB.Now()
	span := 400 + n/400 // days of history: about what the street had in a year, more for more
	for i := range n {
		// Oldest first, so that newest ids are newest cases.
		age := time.Duration(float64(span) * float64(n-i) / float64(n) * 24 * float64(time.Hour))
		if err := l.Add(ctx, loadCase(r, street, now, now.Add(-age), i, n)); err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
		if progress != nil && l.Total() != 0 && (i+1)%batch == 0 {
			progress(l.Total())
		}
	}
	if err := l.Flush(ctx); err != nil {
		return err
	}
	if progress != nil {
		progress(l.Total())
	}
	return nil
}

func loadCase(r *rand.Rand, street Street, now, applied time.Time, i, n int) docket.LoadCase {
	story := Tell(r)
	age := now.Sub(applied)
	state := pickState(r, age, n-i)
	k := r.IntN(len(street.Committees))
	c := docket.LoadCase{State: state, AppliedAt: applied, Committee: street.Committees[k], RoomID: street.Rooms[r.IntN(len(street.Rooms))],
		Application: docket.Application{TypeCode: story.Type, CommunityID: street.Communities[r.IntN(len(street.Communities))], Place: story.Place,
			Summary: story.Summary, Words: story.Words, Channel: []string{"web", "web", "window", "phone", "grid"}[r.IntN(5)], Privacy: "2026-11",
			Parties: []docket.PartyInput{person(r, docket.SideApplicant), other(r, story)}}}
	m := street.Mediators[r.IntN(len(street.Mediators))]
	c.MediatorID = m.ID
	if r.IntN(3) > 0 {
		c.Mediators = []int64{m.ID}
	}
	c.AcceptedAt = applied.Add(time.Duration(20+r.IntN(60)) * time.Hour)
	c.ClosedAt = c.AcceptedAt.Add(time.Duration(3+r.IntN(24)) * 24 * time.Hour)
	c.HeldSince = now.Add(-time.Duration(r.IntN(50)) * time.Hour)
	switch state {
	case docket.Ended:
		c.EndReason, c.Remedies = []string{"gap", "declined", "expired"}[r.IntN(3)], []string{"court", "legal_aid"}
	case docket.Refused:
		c.EndReason, c.Remedies = "taken_elsewhere", []string{"court"}
	case docket.Mediating:
		if r.IntN(6) == 0 {
			c.Risk = []string{"yellow", "orange"}[r.IntN(2)]
		}
	}
	return c
}

// pickState draws a state that fits the age: what is older than the term is closed,
// what is new is mostly open.
func pickState(r *rand.Rand, age time.Duration, fromEnd int) docket.State {
	open := age < 25*24*time.Hour && fromEnd < maxOpen
	total := 0
	for _, w := range weights {
		if w.state.Open() == open {
			total += w.n
		}
	}
	k := r.IntN(total)
	for _, w := range weights {
		if w.state.Open() != open {
			continue
		}
		if k -= w.n; k < 0 {
			if early := w.state == docket.Mediating || w.state == docket.Suspended; early && age < 5*24*time.Hour {
				return docket.Inviting
			}
			return w.state
		}
	}
	return docket.Applied
}

func person(r *rand.Rand, side docket.Side) docket.PartyInput {
	n := r.IntN(1 << 20)
	return docket.PartyInput{Side: side, Kind: "person", Name: Name(400 + n), Facts: docket.PartyFacts{
		Phone: fmt.Sprintf("1990%07d", n), Address: fmt.Sprintf("示例花园 %d 栋 %d0%d 室", 1+n%30, 1+n%20, 1+n%6)}}
}

func other(r *rand.Rand, s Story) docket.PartyInput {
	p := person(r, docket.SideRespondent)
	if s.Organisation {
		p.Kind, p.Name = "organisation", details["firm"][r.IntN(len(details["firm"]))]
	}
	return p
}
