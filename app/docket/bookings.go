package docket

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
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
		if n := w.persons(); room.Seats < n {
			return in, fault.At("room", fmt.Sprintf("“%s”只有 %d 个座位，这次至少有 %d 人，请换一间", room.ShortName, room.Seats, n))
		}
		in.Place = room.ShortName + "，" + room.Address
	}
	if w.LiaisonID != 0 {
		if err := add(calendar.LiaisonKind, w.LiaisonID); err != nil {
			return in, err
		}
	}
	persons, err := b.persons(ctx, tx, w.Marks)
	in.Resources = append(in.Resources, persons...)
	return in, err
}

// persons gives the resources of marks, made where they are new.
func (b bookings) persons(ctx context.Context, tx *db.Tx, marks []string) ([]int64, error) {
	var out []int64
	for _, mark := range marks {
		if _, err := tx.Exec(ctx, `INSERT INTO person_marks (mark) VALUES (?) ON CONFLICT (mark) DO NOTHING`, mark); err != nil {
			return nil, err
		}
		var ref int64
		if err := tx.Get(ctx, &ref, `SELECT id FROM person_marks WHERE mark = ?`, mark); err != nil {
			return nil, err
		}
		id, err := b.cal.Ensure(ctx, tx, calendar.PartyKind, ref, calendar.PartyKind.Label(), true)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

func (b bookings) Persons(ctx context.Context, tx *db.Tx, id int64, marks []string) error {
	ids, err := b.persons(ctx, tx, marks)
	if err != nil {
		return err
	}
	return b.cal.Retake(ctx, tx, id, calendar.PartyKind, ids)
}

// known gives the resources of the marks that were ever booked.
func (b bookings) known(ctx context.Context, r db.Reader, marks []string) ([]int64, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	args := make([]any, len(marks))
	for i, m := range marks {
		args[i] = m
	}
	var refs []int64
	err := r.Select(ctx, &refs, `SELECT id FROM person_marks WHERE mark IN (`+db.Marks(len(marks))+`) ORDER BY id`, args...)
	if err != nil || len(refs) == 0 {
		return nil, err
	}
	ids, err := b.cal.ResourceIDs(ctx, r, calendar.PartyKind, refs)
	return slices.Sorted(maps.Values(ids)), err
}

func (b bookings) Place(ctx context.Context, r db.Reader, roomID int64) (Place, error) {
	room, err := b.rooms.RoomByID(ctx, r, roomID)
	return Place{Name: room.ShortName, Address: room.Address, Directions: room.Directions, Phone: room.Phone}, err
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

// Choose settles Any on the room and the liaison that fit best at the want's time;
// ignore is the booking that is being moved, 0 for none.
func (b bookings) Choose(ctx context.Context, tx *db.Tx, w *Want, ignore int64) error {
	for kind, ref := range map[calendar.Kind]*int64{calendar.LiaisonKind: &w.LiaisonID, calendar.RoomKind: &w.RoomID} {
		if *ref != Any {
			continue
		}
		ids, refs, err := b.candidates(ctx, tx, kind, *ref, *w)
		if err != nil {
			return err
		}
		q := calendar.Query{Needs: []calendar.Need{{Label: kind.Label(), IDs: ids}}, Length: w.End.Sub(w.Start), Ignore: ignore}
		id, err := b.cal.Choose(ctx, tx, q, 0, w.Start)
		if err != nil {
			return err
		}
		*ref = refs[id]
	}
	return nil
}

// Common finds the times between q.From and q.To at which everybody is free whom the
// want names, the scarcest first, and that suit the parties' wishes.
func (b bookings) Common(ctx context.Context, r db.Reader, w Want, q Search, wishes []Wish, ignore int64) (SlotFinding, error) {
	find := calendar.Query{From: q.From, To: q.To, Length: time.Duration(q.Minutes) * time.Minute, Ignore: ignore, Limit: q.Limit}
	for _, x := range []struct {
		kind calendar.Kind
		ref  int64
	}{{calendar.LiaisonKind, w.LiaisonID}, {calendar.RoomKind, w.RoomID}, {calendar.MediatorKind, w.MediatorID}} {
		if x.ref == 0 {
			continue
		}
		ids, _, err := b.candidates(ctx, r, x.kind, x.ref, w)
		if err != nil {
			return SlotFinding{}, err
		}
		find.Needs = append(find.Needs, calendar.Need{Label: x.kind.Label(), IDs: ids})
	}
	persons, err := b.known(ctx, r, w.Marks)
	if err != nil {
		return SlotFinding{}, err
	}
	if len(persons) > 0 {
		find.Needs = append(find.Needs, calendar.Need{Label: calendar.PartyKind.Label(), IDs: persons, All: true})
	}
	for _, wish := range wishes {
		find.Needs = append(find.Needs, calendar.Need{Label: wish.Who, Wishes: wish.Times})
	}
	slots, why, err := b.cal.FreeSlots(ctx, r, find)
	if err != nil || why == nil {
		return SlotFinding{Slots: slots}, err
	}
	return SlotFinding{Why: why.String()}, nil
}

// candidates gives the resources that a reference stands for, and what each of them
// is: one, or for Any all that can be booked, rooms only with seats for everybody.
func (b bookings) candidates(ctx context.Context, r db.Reader, kind calendar.Kind, ref int64, w Want) (ids []int64, refs map[int64]int64, err error) {
	if ref != Any {
		id, err := b.cal.ResourceID(ctx, r, kind, ref)
		return []int64{id}, map[int64]int64{id: ref}, err
	}
	all, err := b.cal.Bookable(ctx, r, kind)
	if err != nil {
		return nil, nil, err
	}
	small := map[int64]bool{}
	if kind == calendar.RoomKind {
		list, err := b.rooms.List(ctx, r, access.System("docket"), rooms.Filter{})
		if err != nil {
			return nil, nil, err
		}
		for _, room := range list {
			small[room.ID] = room.Seats < w.persons()
		}
	}
	refs = make(map[int64]int64, len(all))
	for _, x := range all {
		if !small[x.RefID] {
			ids, refs[x.ID] = append(ids, x.ID), x.RefID
		}
	}
	return ids, refs, nil
}

// persons counts who sits at the table.
func (w Want) persons() int {
	n := 1 + len(w.PartyIDs)
	if w.LiaisonID != 0 {
		n++
	}
	return n
}
