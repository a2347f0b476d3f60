package rooms

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Input is what the form of a room carries. Field names of errors are the form's.
type Input struct {
	Kind           Kind
	FullName       string
	ShortName      string
	CommitteeID    int64
	CommunityID    int64
	LeadMediatorID int64 // 0 for none
	Story          string
	Types          []string // dispute type codes
	Address        string
	Directions     string
	Phone          string
	Seats          int
	Facilities     string
	Version        int64 // of the room being edited
}

func (in Input) check() error {
	f := fault.Form{}
	f.Check(in.Kind.Label() != "", "kind", "请选择调解室的类别")
	f.Check(in.FullName != "", "full_name", "请填写全称")
	f.Check(utf8.RuneCountInString(in.FullName) <= 60, "full_name", "全称最多 60 个字")
	f.Check(in.ShortName != "", "short_name", "请填写简称，居民看到的就是它")
	f.Check(utf8.RuneCountInString(in.ShortName) <= 20, "short_name", "简称最多 20 个字")
	f.Check(in.CommitteeID != 0, "committee", "请选择所属调委会")
	f.Check(in.CommunityID != 0, "community", "请选择所在社区")
	f.Check(in.Address != "", "address", "请填写地址，居民要靠它找到这里")
	f.Check(in.Seats >= 2 && in.Seats <= 500, "seats", "座位数请填 2 到 500 之间的数")
	f.Check(utf8.RuneCountInString(in.Story) <= 4000, "story", "品牌故事最多 4000 字")
	return f.Err()
}

// Create registers a room as applied for (申报). It needs access.RoomAdmin.
func (s *Service) Create(ctx context.Context, who access.Actor, idem string, in Input) (key string, err error) {
	if err := who.Check(access.RoomAdmin); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		prior, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			key = prior
			return err
		}
		key = seal.NewKey()
		id, err := tx.Insert(ctx, `INSERT INTO rooms (key, kind, full_name, short_name, committee_id, community_id, lead_mediator_id,
			story, address, directions, phone, seats, facilities, state, created_at)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,'applied',?) RETURNING id`,
			key, in.Kind, in.FullName, in.ShortName, in.CommitteeID, in.CommunityID, ref(in.LeadMediatorID), in.Story,
			in.Address, in.Directions, in.Phone, in.Seats, in.Facilities, db.At(tx.Now))
		if err != nil {
			return nameTaken(err)
		}
		if err := s.setTypes(ctx, tx, id, in.Types); err != nil {
			return err
		}
		if err := s.noted(ctx, tx, who, id, key, VerbApply, "", Applied, "提出申报"); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	return key, err
}

// Edit changes a room's particulars. The clerk may change all; a room's own lead
// changes what visitors read and need: story, directions, phone, facilities, seats.
func (s *Service) Edit(ctx context.Context, who access.Actor, key string, in Input) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		room, err := s.Room(ctx, tx, key)
		if err != nil {
			return err
		}
		if !who.Can(access.RoomAdmin) {
			if !who.LeadsRoom(room.ID) {
				return fault.New(fault.NotFound, "没有找到这间调解室")
			}
			in = room.onlyVisitorText(in)
		}
		if err := in.check(); err != nil {
			return err
		}
		if room.State == Withdrawn {
			return fault.New(fault.Conflict, "这间调解室已撤销，不能再修改")
		}
		err = tx.Swap(ctx, `UPDATE rooms SET kind=?, full_name=?, short_name=?, committee_id=?, community_id=?, lead_mediator_id=?,
			story=?, address=?, directions=?, phone=?, seats=?, facilities=?, version=version+1 WHERE id=? AND version=?`,
			in.Kind, in.FullName, in.ShortName, in.CommitteeID, in.CommunityID, ref(in.LeadMediatorID), in.Story,
			in.Address, in.Directions, in.Phone, in.Seats, in.Facilities, room.ID, in.Version)
		if err != nil {
			return nameTaken(err)
		}
		if err := s.setTypes(ctx, tx, room.ID, in.Types); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, room.ID, key, VerbEdit, room.State, room.State, changed(room, in))
	})
}

// onlyVisitorText keeps what a room lead may not change as it is.
func (r Room) onlyVisitorText(in Input) Input {
	in.Kind, in.FullName, in.ShortName = r.Kind, r.FullName, r.ShortName
	in.CommitteeID, in.CommunityID, in.Address, in.Types = r.CommitteeID, r.CommunityID, r.Address, r.Types
	in.LeadMediatorID = 0
	if r.LeadMediatorID != nil {
		in.LeadMediatorID = *r.LeadMediatorID
	}
	return in
}

// changed names the fields that differ, for the record; not their contents.
func changed(r Room, in Input) string {
	var names []string
	add := func(name string, differs bool) {
		if differs {
			names = append(names, name)
		}
	}
	add("类别", r.Kind != in.Kind)
	add("全称", r.FullName != in.FullName)
	add("简称", r.ShortName != in.ShortName)
	add("所属调委会", r.CommitteeID != in.CommitteeID)
	add("所在社区", r.CommunityID != in.CommunityID)
	add("地址", r.Address != in.Address)
	add("交通指引", r.Directions != in.Directions)
	add("电话", r.Phone != in.Phone)
	add("座位", r.Seats != in.Seats)
	add("设施", r.Facilities != in.Facilities)
	add("品牌故事", r.Story != in.Story)
	types := slices.Compact(slices.Sorted(slices.Values(in.Types))) // a form sends them in the order it shows them
	add("擅长领域", !slices.Equal(slices.Sorted(slices.Values(r.Types)), types))
	add("负责人", ref(in.LeadMediatorID) == nil != (r.LeadMediatorID == nil) || r.LeadMediatorID != nil && *r.LeadMediatorID != in.LeadMediatorID)
	if len(names) == 0 {
		return "未作改动"
	}
	return "修改了" + strings.Join(names, "、")
}

func (s *Service) setTypes(ctx context.Context, tx *db.Tx, roomID int64, types []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM room_specialities WHERE room_id = ?`, roomID); err != nil {
		return err
	}
	for _, t := range types {
		_, err := tx.Exec(ctx, `INSERT INTO room_specialities (room_id, dispute_type) VALUES (?, ?) ON CONFLICT DO NOTHING`, roomID, t)
		if err != nil {
			return err
		}
	}
	return nil
}

// noted finishes every change of a room: its record, the trail, the calendar, the pages.
func (s *Service) noted(ctx context.Context, tx *db.Tx, who access.Actor, id int64, key string, v Verb, from, to State, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO room_events (room_id, at, day, actor, verb, from_state, to_state, note) VALUES (?,?,?,?,?,?,?,?)`,
		id, db.At(tx.Now), tx.Day(), who.Name, v, from, to, note)
	if err != nil {
		return err
	}
	tx.Touch("rooms", "market")
	if s.Hooks.Changed != nil {
		room, err := s.Room(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := s.Hooks.Changed(ctx, tx, room, room.State == Open); err != nil {
			return err
		}
	}
	return s.trail.Record(ctx, tx, who, "room."+string(v), audit.Ref{Kind: "room", Key: key}, map[string]string{"from": string(from), "to": string(to)})
}

func ref(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func nameTaken(err error) error {
	if fault.Is(err, fault.Conflict) && isUnique(err) {
		return fault.At("full_name", "已经有一间同名的调解室")
	}
	return err
}

func validDay(day string) bool {
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}
