package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/people"
)

// Demo adds to a filled street what a visitor should find: some hundreds of cases
// of the past year, and a handful that were just asked for, answered and scheduled
// by the same acts that people do on the pages.
func Demo(ctx context.Context, s Services, street Street, history int) error {
	if err := Bulk(ctx, s, street, history, nil); err != nil {
		return err
	}
	d := &demo{Services: s, street: street, rng: rand.New(rand.NewPCG(3, 3))}
	mine, err := s.People.Mediators(ctx, s.DB, people.MediatorFilter{State: people.Listed})
	if err != nil {
		return err
	}
	for _, m := range mine {
		if m.AccountID != nil {
			d.mediators = append(d.mediators, m)
		}
	}
	for _, a := range street.Accounts {
		switch a.Login {
		case "clerk":
			d.clerk = access.Actor{AccountID: a.ID, Name: a.Name, Roles: []access.Role{access.Clerk}}
		case "liaison":
			d.liaison = access.Actor{AccountID: a.ID, Name: a.Name, Roles: []access.Role{access.Liaison}}
		}
	}
	for i := range 10 {
		if err := d.one(ctx, i); err != nil {
			return fmt.Errorf("demonstration case %d: %w", i, err)
		}
	}
	if err := d.exams(ctx); err != nil {
		return err
	}
	if err := d.agreements(ctx); err != nil {
		return err
	}
	if err := d.training(ctx); err != nil {
		return err
	}
	return d.classes(ctx)
}

type demo struct {
	Services
	street    Street
	rng       *rand.Rand
	mediators []people.Mediator
	clerk     access.Actor
	liaison   access.Actor
}

// one asks for mediation and goes as far with it as its number says: 0–1 just asked,
// 2–3 the other side invited, 4 agreed, 5 accepted, 6–9 with a date, 7–8 with the court's liaison.
func (d *demo) one(ctx context.Context, i int) error {
	story := Tell(d.rng)
	m := d.mediators[i%len(d.mediators)]
	a := docket.Application{TypeCode: story.Type, CommunityID: d.street.Communities[1+i%5], Place: story.Place, Summary: story.Summary,
		Words: story.Words, Privacy: "2026-11", Mediators: []int64{m.ID}, Parties: []docket.PartyInput{person(d.rng, docket.SideApplicant), other(d.rng, story)}}
	rec, err := d.Docket.Apply(ctx, access.Actor{Name: "居民"}, a, fmt.Sprintf("demo-apply-%032d", i))
	if err != nil || i < 2 {
		return err
	}
	file, err := d.Docket.Page(ctx, d.clerk, rec.CaseKey)
	if err != nil {
		return err
	}
	other := file.Parties[1]
	inv, err := d.Docket.Invite(ctx, d.clerk, rec.CaseKey, other.Key, "sms")
	if err != nil || i < 4 {
		return err
	}
	_, err = d.Docket.Respond(ctx, inv.Code, "127.0.0.1", docket.AnswerInput{Agree: true, Words: "可以坐下来谈，把情况说清楚。", Approve: []int64{m.ID}, Privacy: "2026-11"}, fmt.Sprintf("demo-answer-%032d", i))
	if err != nil || i < 5 {
		return err
	}
	if file, err = d.Docket.Page(ctx, d.clerk, rec.CaseKey); err != nil {
		return err
	}
	_, err = d.Docket.AcceptCase(ctx, d.clerk, rec.CaseKey, docket.Acceptance{CommitteeID: d.street.Committees[0].ID, RoomID: d.street.Rooms[i%len(d.street.Rooms)], Version: file.Case.Version})
	if err != nil || i < 6 {
		return err
	}
	return d.schedule(ctx, rec.CaseKey, m, i)
}

// schedule asks for the first time at which everybody needed is free, and for most of
// them lets the mediator accept and disclose. One of the two liaison's dates is accepted.
func (d *demo) schedule(ctx context.Context, key string, m people.Mediator, i int) error {
	file, err := d.Docket.Page(ctx, d.clerk, key)
	if err != nil {
		return err
	}
	room := d.street.Rooms[i%len(d.street.Rooms)]
	now := d.DB.Now()
	from, liaison := now.Add(time.Hour), int64(0)
	if i == 7 || i == 8 { // not this week, whose half days a visitor may want for a case of their own
		from, liaison = now.AddDate(0, 0, 7), d.liaison.AccountID
	}
	found, err := d.Docket.CommonSlots(ctx, d.clerk, key, docket.Search{From: from, To: now.AddDate(0, 0, 20), RoomID: room, LiaisonID: liaison})
	if err != nil || len(found.Slots) == 0 {
		return err
	}
	slot := found.Slots[0]
	ses, err := d.Docket.Schedule(ctx, d.clerk, key, docket.Plan{RoomID: room, LiaisonID: liaison, Start: slot.Start, End: slot.Start.Add(calendar.SessionLength), Version: file.Case.Version})
	if err != nil || i == 9 {
		return err
	}
	who := access.Actor{AccountID: *m.AccountID, MediatorID: m.ID, Name: m.Name, Roles: []access.Role{access.Mediator}}
	if err := d.Docket.AnswerSession(ctx, who, ses.Key, true, ""); err != nil {
		return err
	}
	if i == 8 {
		if err := d.Docket.AnswerSession(ctx, d.liaison, ses.Key, true, ""); err != nil {
			return err
		}
	}
	return d.Docket.Disclose(ctx, who, key, "")
}
