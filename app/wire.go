package app

import (
	"context"
	"slices"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// hooks let higher parts hear of changes in lower ones, inside the transaction.
func (a *App) hooks() {
	a.People.Files = a.Files
	a.People.RoomsOf = rooms.LedBy
	a.People.UsesAbove = a.usesOfCommunity
	a.People.MayList = a.School.MayList
	a.People.MediatorChanged = func(ctx context.Context, tx *db.Tx, m people.Mediator) error {
		if _, err := a.Calendar.Ensure(ctx, tx, calendar.MediatorKind, m.ID, m.Name, m.State == people.Listed); err != nil {
			return err
		}
		return a.School.MediatorChanged(ctx, tx, m)
	}
	a.People.AccountChanged = func(ctx context.Context, tx *db.Tx, acc people.Account) error {
		if err := a.School.AccountChanged(ctx, tx, acc); err != nil {
			return err
		}
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

// usesOfCommunity tells what cases and rooms hang on a community.
func (a *App) usesOfCommunity(ctx context.Context, r db.Reader, communityID int64) ([]people.Use, error) {
	rooms, err := a.Rooms.InCommunity(ctx, r, communityID)
	if err != nil {
		return nil, err
	}
	counts, err := a.Docket.Counts(ctx, r, docket.ScopeCommunity, strconv.FormatInt(communityID, 10))
	if err != nil {
		return nil, err
	}
	var open, closed int
	for state, n := range counts {
		if state.Open() {
			open += n
		} else {
			closed += n
		}
	}
	return []people.Use{
		{Name: "未结案件", Unit: "件", N: open, Note: "照常办理到结案"},
		{Name: "已结案件", Unit: "件", N: closed, Note: "案卷和统计仍归在这个社区"},
		{Name: "调解室", Unit: "间", N: rooms, Note: "请先把调解室改到别的社区，或办理撤销", Blocks: true},
	}, nil
}
