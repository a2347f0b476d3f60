package app

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// hooks let higher parts hear of changes in lower ones, inside the transaction.
func (a *App) hooks() {
	a.People.RoomsOf = rooms.LedBy
	a.People.MediatorChanged = func(ctx context.Context, tx *db.Tx, m people.Mediator) error {
		_, err := a.Calendar.Ensure(ctx, tx, calendar.MediatorKind, m.ID, m.Name, m.State == people.Listed)
		return err
	}
	a.People.AccountChanged = func(ctx context.Context, tx *db.Tx, acc people.Account) error {
		serves := slices.Contains(acc.Roles, access.Liaison) && acc.DisabledAt.IsZero()
		if id, err := a.Calendar.ResourceID(ctx, tx, calendar.LiaisonKind, acc.ID); err != nil || id == 0 && !serves {
			return err
		}
		_, err := a.Calendar.Ensure(ctx, tx, calendar.LiaisonKind, acc.ID, acc.Name, serves)
		return err
	}
	a.Rooms.Hooks.Changed = func(ctx context.Context, tx *db.Tx, room rooms.Room, bookable bool) error {
		_, err := a.Calendar.Ensure(ctx, tx, calendar.RoomKind, room.ID, room.ShortName, bookable)
		return err
	}
}
