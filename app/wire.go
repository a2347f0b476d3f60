package app

import (
	"context"

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
