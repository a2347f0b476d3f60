package rooms

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
)

// runs finds a room for who runs it: the clerk all, a lead the own ones. Another's is NotFound.
func (s *Service) runs(ctx context.Context, r db.Reader, who access.Actor, key string) (Room, error) {
	if err := who.Check(access.RoomRun); err != nil {
		return Room{}, err
	}
	room, err := s.Room(ctx, r, key)
	if err != nil || who.Can(access.RoomAdmin) || who.LeadsRoom(room.ID) || who.IsSystem() {
		return room, err
	}
	return Room{}, fault.New(fault.NotFound, "没有找到这间调解室")
}

// alter runs one change of a room by who runs it, and puts the note on the room's record.
func (s *Service) alter(ctx context.Context, who access.Actor, key, note string, act func(*db.Tx, Room) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		room, err := s.runs(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if err := act(tx, room); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, room.ID, key, VerbEdit, room.State, room.State, note)
	})
}

// SetRoster replaces a room's duty turns, as of the room's version that was on the page.
// A mediator sits in one room at a time. Form field of errors: roster.
func (s *Service) SetRoster(ctx context.Context, who access.Actor, key string, duties []Duty, version int64) error {
	if err := checkDuties(duties); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		room, err := s.runs(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE rooms SET version = version + 1 WHERE id = ? AND version = ?`, room.ID, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM room_roster WHERE room_id = ?`, room.ID); err != nil {
			return err
		}
		for _, d := range duties {
			_, err := tx.Exec(ctx, `INSERT INTO room_roster (room_id, mediator_id, weekday, from_min, to_min) VALUES (?,?,?,?,?)`,
				room.ID, d.MediatorID, d.Weekday, d.FromMin, d.ToMin)
			if err != nil {
				return err
			}
		}
		if err := s.noted(ctx, tx, who, room.ID, key, VerbEdit, room.State, room.State, "调整了值班表"); err != nil {
			return err
		}
		// The trail's head is held from here on, so no other room's roster can slip in between.
		return s.nowhereElse(ctx, tx, room.ID)
	})
}

// nowhereElse refuses turns of mediators who are on duty in another room at that hour.
func (s *Service) nowhereElse(ctx context.Context, tx *db.Tx, roomID int64) error {
	var clash []struct {
		Name    string `db:"name"`
		Room    string `db:"room"`
		Weekday int    `db:"weekday"`
		FromMin int    `db:"from_min"`
		ToMin   int    `db:"to_min"`
	}
	err := tx.Select(ctx, &clash, `SELECT m.name, r.short_name AS room, o.weekday, o.from_min, o.to_min FROM room_roster d
		JOIN room_roster o ON o.mediator_id = d.mediator_id AND o.weekday = d.weekday AND o.room_id <> d.room_id AND o.from_min < d.to_min AND d.from_min < o.to_min
		JOIN rooms r ON r.id = o.room_id AND r.state <> 'withdrawn' JOIN mediators m ON m.id = d.mediator_id
		WHERE d.room_id = ? ORDER BY o.weekday, o.from_min, m.name`, roomID)
	if err != nil || len(clash) == 0 {
		return err
	}
	var words []string
	for _, x := range clash {
		words = append(words, fmt.Sprintf("%s%s %s–%s在“%s”值班", x.Name, WeekdayLabels[x.Weekday-1], hour(x.FromMin), hour(x.ToMin), x.Room))
	}
	return fault.At("roster", "同一时间不能在两间调解室值班："+strings.Join(words, "；"))
}

// hour writes a minute of the day.
func hour(m int) string { return fmt.Sprintf("%d:%02d", m/60, m%60) }

func checkDuties(duties []Duty) error {
	sorted := slices.Clone(duties)
	slices.SortFunc(sorted, func(a, b Duty) int {
		return int(a.MediatorID-b.MediatorID)*1e6 + (a.Weekday-b.Weekday)*2000 + a.FromMin - b.FromMin
	})
	for i, d := range sorted {
		if d.Weekday < 1 || d.Weekday > 7 || d.FromMin < 0 || d.ToMin > 24*60 || d.FromMin >= d.ToMin {
			return fault.At("roster", "值班的开始时间要早于结束时间")
		}
		if i > 0 && sorted[i-1].MediatorID == d.MediatorID && sorted[i-1].Weekday == d.Weekday && sorted[i-1].ToMin > d.FromMin {
			return fault.At("roster", "同一位调解员在"+WeekdayLabels[d.Weekday-1]+"的值班时间有重叠")
		}
	}
	return nil
}

// SetLeads says which accounts run the room: open ones that hold the office of a lead.
// It needs access.RoomAdmin. Form field: leads.
func (s *Service) SetLeads(ctx context.Context, who access.Actor, key string, accountIDs []int64, version int64) error {
	if err := who.Check(access.RoomAdmin); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		room, err := s.Room(ctx, tx, key)
		if err != nil {
			return err
		}
		accountIDs = slices.Compact(slices.Sorted(slices.Values(accountIDs)))
		if ok, err := people.HoldRole(ctx, tx, access.RoomLead, accountIDs); err != nil {
			return err
		} else if !ok {
			return fault.At("leads", "只能选择在用的、有“调解室负责人”角色的账号，请重新选择")
		}
		if err := tx.Swap(ctx, `UPDATE rooms SET version = version + 1 WHERE id = ? AND version = ?`, room.ID, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM room_leads WHERE room_id = ?`, room.ID); err != nil {
			return err
		}
		for _, id := range accountIDs {
			if _, err := tx.Exec(ctx, `INSERT INTO room_leads (room_id, account_id) VALUES (?, ?)`, room.ID, id); err != nil {
				return err
			}
		}
		tx.Touch("signins") // their rights changed
		return s.noted(ctx, tx, who, room.ID, key, VerbEdit, room.State, room.State, "调整了负责人账号")
	})
}

// LeadsOf gives the accounts that run a room.
func (s *Service) LeadsOf(ctx context.Context, r db.Reader, roomID int64) ([]int64, error) {
	var ids []int64
	return ids, r.Select(ctx, &ids, `SELECT account_id FROM room_leads WHERE room_id = ? ORDER BY account_id`, roomID)
}

// LedBy gives the rooms that an account runs; people puts them into the actor.
func LedBy(ctx context.Context, r db.Reader, accountID int64) ([]int64, error) {
	var ids []int64
	err := r.Select(ctx, &ids, `SELECT room_id FROM room_leads WHERE account_id = ? ORDER BY room_id`, accountID)
	return ids, err
}
