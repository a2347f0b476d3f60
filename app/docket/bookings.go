package docket

import (
	"context"
	"time"

	"tiaojie/app/calendar"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// bookings puts sessions into the one calendar.
type bookings struct {
	rooms *rooms.Service
	cal   *calendar.Service
}

func (b bookings) request(ctx context.Context, tx *db.Tx, w Want) (calendar.Request, error) {
	cal := b.cal
	in := calendar.Request{Kind: "mediation", CaseID: w.CaseID, Title: w.Title, Start: w.Start, End: w.End}
	add := func(kind calendar.Kind, ref int64) error {
		id, err := cal.ResourceID(ctx, tx, kind, ref)
		if err == nil && id == 0 {
			id, err = cal.Ensure(ctx, tx, kind, ref, kind.Label(), true)
		}
		in.Resources = append(in.Resources, id)
		return err
	}
	if err := add(calendar.MediatorKind, w.MediatorID); err != nil {
		return in, err
	}
	if w.RoomID != 0 {
		if err := add(calendar.RoomKind, w.RoomID); err != nil {
			return in, err
		}
		room, err := b.rooms.RoomByID(ctx, tx, w.RoomID)
		if err != nil {
			return in, err
		}
		in.Place = room.ShortName + "," + room.Address
	}
	if w.LiaisonID != 0 {
		if err := add(calendar.LiaisonKind, w.LiaisonID); err != nil {
			return in, err
		}
	}
	for _, party := range w.PartyIDs {
		if err := add(calendar.PartyKind, party); err != nil {
			return in, err
		}
	}
	return in, nil
}

func (b bookings) Book(ctx context.Context, tx *db.Tx, w Want) (int64, error) {
	in, err := b.request(ctx, tx, w)
	if err != nil {
		return 0, err
	}
	got, err := b.cal.Book(ctx, tx, in)
	return got.ID, err
}

func (b bookings) Reschedule(ctx context.Context, tx *db.Tx, id int64, w Want) error {
	in, err := b.request(ctx, tx, w)
	if err != nil {
		return err
	}
	return b.cal.Reschedule(ctx, tx, id, in)
}

func (b bookings) Cancel(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	return b.cal.Cancel(ctx, tx, id, reason)
}

func (b bookings) Accept(ctx context.Context, tx *db.Tx, id int64) error {
	return b.cal.Confirm(ctx, tx, id)
}

func (b bookings) Done(ctx context.Context, tx *db.Tx, id int64) error {
	return b.cal.Done(ctx, tx, id)
}

func (b bookings) Free(ctx context.Context, r db.Reader, w Want, from, to time.Time) (Free, error) {
	var out Free
	for _, x := range []struct {
		kind calendar.Kind
		ref  int64
		into *[]Span
	}{{calendar.MediatorKind, w.MediatorID, &out.Mediator}, {calendar.RoomKind, w.RoomID, &out.Room}, {calendar.LiaisonKind, w.LiaisonID, &out.Liaison}} {
		if x.ref == 0 {
			continue
		}
		id, err := b.cal.ResourceID(ctx, r, x.kind, x.ref)
		if err != nil {
			return out, err
		}
		free, err := b.cal.Free(ctx, r, []int64{id}, from, to)
		if err != nil {
			return out, err
		}
		for _, s := range free[id] {
			*x.into = append(*x.into, Span{Start: s.Start, End: s.End})
		}
	}
	return out, nil
}
