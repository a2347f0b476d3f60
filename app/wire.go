package app

import (
	"context"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// outside gives the docket its neighbours.
func (a *App) outside() docket.Outside {
	return docket.Outside{
		Mediators: a.mediatorInfos, Ties: a.ties, ResidentPhone: a.People.ResidentPhone, TypeName: a.People.TypeName,
		Committee: func(ctx context.Context, r db.Reader, id int64) (docket.Committee, error) {
			c, err := a.People.Committee(ctx, r, id)
			return docket.Committee{ID: c.ID, Name: c.Name, Org: c.Org}, err
		},
		NormPhone: people.NormPhone, NormIDNo: people.NormID,
		Pinyin: func(name string) string { full, initials := people.Pinyin(name); return full + " " + initials },
		Days: func(ctx context.Context, r db.Reader) (docket.DayCounter, error) {
			w, err := a.Calendar.Workdays(ctx, r)
			return dayCounter{w}, err
		},
		Bookings: bookings{a}, BaseURL: a.Config.BaseURL,
	}
}

// dayCounter speaks the docket's days: text instead of calendar.Day.
type dayCounter struct{ w *calendar.Workdays }

func (d dayCounter) Natural(from string, n int) (string, bool) {
	due := d.w.AddNatural(calendar.MustDay(from), n)
	return due.Day.String(), due.Provisional
}

func (d dayCounter) Working(from string, n int) (string, bool) {
	due := d.w.AddWorking(calendar.MustDay(from), n)
	return due.Day.String(), due.Provisional
}

func (a *App) mediatorInfos(ctx context.Context, r db.Reader, ids []int64) ([]docket.MediatorInfo, error) {
	list, err := a.People.Mediators(ctx, r, people.MediatorFilter{IDs: ids})
	out := make([]docket.MediatorInfo, len(list))
	for i, m := range list {
		out[i] = docket.MediatorInfo{ID: m.ID, Name: m.Name, Listed: m.State == people.Listed}
		if m.AccountID != nil {
			out[i].AccountID = *m.AccountID
		}
	}
	return out, err
}

// ties puts each declared tie into the column of a party that it would meet in.
func (a *App) ties(ctx context.Context, r db.Reader, ids []int64) ([]docket.Tie, error) {
	list, err := a.People.TiesOf(ctx, r, ids)
	var out []docket.Tie
	for _, t := range list {
		x := docket.Tie{MediatorID: t.MediatorID, Kind: t.Kind, Words: t.Words, CommunityID: t.CommunityID}
		switch t.Kind {
		case "employer", "property":
			x.Kind, x.EmployerIndex = "employer", t.Index
		case "household":
			x.AddressIndex = t.Index
		case "person": // a phone or an identity number; a value has one index only
			x.PhoneIndex, x.IDNoIndex = t.Index, t.Index
		}
		out = append(out, x)
	}
	return out, err
}

// cleaning is how long a room is busy after a session.
const cleaning = 15 * time.Minute

// bookings puts the docket's sessions into the calendar.
type bookings struct{ a *App }

func (b bookings) request(ctx context.Context, tx *db.Tx, w docket.Want) (calendar.Request, error) {
	cal := b.a.Calendar
	in := calendar.Request{Kind: "mediation", CaseID: w.CaseID, Title: w.Title, Start: w.Start, End: w.End}
	add := func(kind calendar.Kind, ref int64, role string, after time.Duration, anyHours bool) error {
		id, err := cal.ResourceID(ctx, tx, kind, ref)
		if err == nil && id == 0 {
			id, err = cal.Ensure(ctx, tx, kind, ref, role, true)
		}
		in.Parts = append(in.Parts, calendar.Part{ResourceID: id, Role: role, After: after, AnyHours: anyHours})
		return err
	}
	if err := add(calendar.MediatorKind, w.MediatorID, "mediator", 0, false); err != nil {
		return in, err
	}
	if w.RoomID != 0 {
		if err := add(calendar.RoomKind, w.RoomID, "room", cleaning, false); err != nil {
			return in, err
		}
		room, err := b.a.Rooms.RoomByID(ctx, tx, w.RoomID)
		if err != nil {
			return in, err
		}
		in.Place = room.ShortName + "," + room.Address
	}
	if w.LiaisonID != 0 {
		if err := add(calendar.LiaisonKind, w.LiaisonID, "liaison", 0, false); err != nil {
			return in, err
		}
	}
	for _, party := range w.PartyIDs {
		if err := add(calendar.PartyKind, party, "party", 0, true); err != nil {
			return in, err
		}
	}
	return in, nil
}

func (b bookings) Book(ctx context.Context, tx *db.Tx, w docket.Want) (int64, error) {
	in, err := b.request(ctx, tx, w)
	if err != nil {
		return 0, err
	}
	got, err := b.a.Calendar.Book(ctx, tx, in)
	return got.ID, err
}

func (b bookings) Reschedule(ctx context.Context, tx *db.Tx, id int64, w docket.Want) error {
	in, err := b.request(ctx, tx, w)
	if err != nil {
		return err
	}
	return b.a.Calendar.Reschedule(ctx, tx, id, in)
}

func (b bookings) Cancel(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	return b.a.Calendar.Cancel(ctx, tx, id, reason)
}

func (b bookings) Accept(ctx context.Context, tx *db.Tx, id int64) error {
	return b.a.Calendar.Confirm(ctx, tx, id)
}

func (b bookings) Free(ctx context.Context, r db.Reader, w docket.Want, from, to time.Time) (docket.Free, error) {
	var out docket.Free
	for _, x := range []struct {
		kind calendar.Kind
		ref  int64
		into *[]docket.Span
	}{{calendar.MediatorKind, w.MediatorID, &out.Mediator}, {calendar.RoomKind, w.RoomID, &out.Room}, {calendar.LiaisonKind, w.LiaisonID, &out.Liaison}} {
		if x.ref == 0 {
			continue
		}
		id, err := b.a.Calendar.ResourceID(ctx, r, x.kind, x.ref)
		if err != nil {
			return out, err
		}
		free, err := b.a.Calendar.Free(ctx, r, []int64{id}, from, to)
		if err != nil {
			return out, err
		}
		for _, s := range free[id] {
			*x.into = append(*x.into, docket.Span{Start: s.Start, End: s.End})
		}
	}
	return out, nil
}

// hooks let higher parts hear of changes in lower ones, inside the transaction.
func (a *App) hooks() {
	a.People.RoomsOf = rooms.LedBy
	a.People.MediatorChanged = func(ctx context.Context, tx *db.Tx, m people.Mediator) error {
		_, err := a.Calendar.Ensure(ctx, tx, calendar.MediatorKind, m.ID, m.Name, m.State == people.Listed)
		return err
	}
	a.People.AccountChanged = func(ctx context.Context, tx *db.Tx, acc people.Account) error {
		for _, r := range acc.Roles {
			if r == access.Liaison {
				_, err := a.Calendar.Ensure(ctx, tx, calendar.LiaisonKind, acc.ID, acc.Name, true)
				return err
			}
		}
		return nil
	}
	a.Rooms.Hooks.Changed = func(ctx context.Context, tx *db.Tx, room rooms.Room, bookable bool) error {
		_, err := a.Calendar.Ensure(ctx, tx, calendar.RoomKind, room.ID, room.ShortName, bookable)
		return err
	}
}

func (d dayCounter) WorkingBetween(from, to string) int {
	return d.w.WorkingBetween(calendar.MustDay(from), calendar.MustDay(to))
}
