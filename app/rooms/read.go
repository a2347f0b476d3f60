package rooms

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/db"
)

const roomColumns = `r.id, r.key, r.kind, r.full_name, r.short_name, r.committee_id, r.community_id, r.lead_mediator_id, r.story,
	r.naming_authority, r.approval_no, r.approved_on, r.plaque_on, r.address, r.directions, r.phone, r.seats,
	r.facilities, r.state, r.state_reason, r.review_due_on, r.created_at, r.version,
	c.name AS community, k.name AS committee, COALESCE(m.name, '') AS lead_name, COALESCE(m.key, '') AS lead_key`

const roomTables = ` FROM rooms r JOIN communities c ON c.id = r.community_id JOIN committees k ON k.id = r.committee_id
	LEFT JOIN mediators m ON m.id = r.lead_mediator_id `

// Room reads one room by its public key.
func (s *Service) Room(ctx context.Context, r db.Reader, key string) (Room, error) {
	var room Room
	if err := r.Get(ctx, &room, `SELECT `+roomColumns+roomTables+`WHERE r.key = ?`, key); err != nil {
		return room, err
	}
	err := r.Select(ctx, &room.Types, `SELECT dispute_type FROM room_specialities WHERE room_id = ? ORDER BY dispute_type`, room.ID)
	return room, err
}

// RoomByID reads one room by its id.
func (s *Service) RoomByID(ctx context.Context, r db.Reader, id int64) (Room, error) {
	var key string
	if err := r.Get(ctx, &key, `SELECT key FROM rooms WHERE id = ?`, id); err != nil {
		return Room{}, err
	}
	return s.Room(ctx, r, key)
}

// InCommunity counts a community's rooms, but for those withdrawn.
func (s *Service) InCommunity(ctx context.Context, r db.Reader, communityID int64) (n int, err error) {
	return n, r.Get(ctx, &n, `SELECT COUNT(*) FROM rooms WHERE community_id = ? AND state <> ?`, communityID, Withdrawn)
}

// Unled counts the rooms in use that no account is the lead of.
func (s *Service) Unled(ctx context.Context, r db.Reader) (n int, err error) {
	return n, r.Get(ctx, &n, `SELECT COUNT(*) FROM rooms r WHERE r.state <> ? AND NOT EXISTS (SELECT 1 FROM room_leads l WHERE l.room_id = r.id)`, Withdrawn)
}

// Filter narrows a list of rooms; zero fields don't.
type Filter struct {
	Kind        Kind
	CommunityID int64
	Type        string // dispute type code
	State       State
	Public      bool // only what residents may see: rooms that take sessions
	Mine        bool // only rooms the actor runs
}

// List reads the rooms, branded ones first, then by name.
func (s *Service) List(ctx context.Context, r db.Reader, who access.Actor, f Filter) ([]Room, error) {
	where, args := []string{"1 = 1"}, []any{}
	add := func(on bool, cond string, arg ...any) {
		if on {
			where, args = append(where, cond), append(args, arg...)
		}
	}
	add(f.Kind != "", "r.kind = ?", f.Kind)
	add(f.CommunityID != 0, "r.community_id = ?", f.CommunityID)
	add(f.State != "", "r.state = ?", f.State)
	add(f.Public, "r.state = 'open'")
	add(f.Type != "", "EXISTS (SELECT 1 FROM room_specialities t WHERE t.room_id = r.id AND t.dispute_type = ?)", f.Type)
	if f.Mine {
		ids := make([]any, len(who.RoomIDs))
		for i, id := range who.RoomIDs {
			ids[i] = id
		}
		add(true, "r.id IN ("+db.Marks(len(ids))+")", ids...)
	}
	var out []Room
	err := r.Select(ctx, &out, `SELECT `+roomColumns+roomTables+`WHERE `+strings.Join(where, " AND ")+`
		ORDER BY CASE r.kind WHEN 'brand' THEN 1 WHEN 'feature' THEN 2 WHEN 'studio' THEN 3 WHEN 'stationed' THEN 4 ELSE 5 END, r.full_name`, args...)
	if err != nil {
		return nil, err
	}
	return out, s.addTypes(ctx, r, out)
}

// addTypes fills the dispute types of all rooms with one query.
func (s *Service) addTypes(ctx context.Context, r db.Reader, rooms []Room) error {
	var all []struct {
		RoomID int64  `db:"room_id"`
		Type   string `db:"dispute_type"`
	}
	if err := r.Select(ctx, &all, `SELECT room_id, dispute_type FROM room_specialities ORDER BY room_id, dispute_type`); err != nil {
		return err
	}
	at := map[int64]int{}
	for i := range rooms {
		at[rooms[i].ID] = i
	}
	for _, t := range all {
		if i, ok := at[t.RoomID]; ok {
			rooms[i].Types = append(rooms[i].Types, t.Type)
		}
	}
	return nil
}

// Public reads a room for residents: one that takes sessions.
func (s *Service) Public(ctx context.Context, key string) (Room, error) {
	room, err := s.Room(ctx, s.db, key)
	if err == nil && room.State != Open {
		err = fault.New(fault.NotFound, "没有找到这间调解室，或它已停用")
	}
	return room, err
}

// Roster reads the duty turns of one room, or of all rooms with roomID 0.
func (s *Service) Roster(ctx context.Context, r db.Reader, roomID int64) ([]Duty, error) {
	var out []Duty
	err := r.Select(ctx, &out, `SELECT d.id, d.room_id, d.mediator_id, m.name AS mediator_name, m.key AS mediator_key, d.weekday,
		d.from_min, d.to_min FROM room_roster d JOIN mediators m ON m.id = d.mediator_id
		WHERE (? = 0 OR d.room_id = ?) ORDER BY d.weekday, d.from_min, m.name`, roomID, roomID)
	return out, err
}

// RosterOf reads the duty turns of one mediator over all rooms.
func (s *Service) RosterOf(ctx context.Context, r db.Reader, mediatorID int64) ([]Duty, error) {
	var out []Duty
	err := r.Select(ctx, &out, `SELECT d.id, d.room_id, d.mediator_id, m.name AS mediator_name, m.key AS mediator_key, d.weekday,
		d.from_min, d.to_min FROM room_roster d JOIN mediators m ON m.id = d.mediator_id
		WHERE d.mediator_id = ? ORDER BY d.weekday, d.from_min`, mediatorID)
	return out, err
}

// Events reads a room's record, newest first. The desk's view: access.RoomRead.
func (s *Service) Events(ctx context.Context, who access.Actor, roomID int64) ([]Event, error) {
	if err := who.Check(access.RoomRead); err != nil {
		return nil, err
	}
	var out []Event
	err := s.db.Select(ctx, &out, `SELECT id, at, day, actor, verb, from_state, to_state, note FROM room_events WHERE room_id = ? ORDER BY id DESC LIMIT 200`, roomID)
	return out, err
}

// Photos lists a room's pictures.
func (s *Service) Photos(ctx context.Context, key string) ([]files.File, error) {
	return s.files.Of(ctx, s.db, "room", key)
}

// AddPhoto puts a prepared picture on the room's page.
func (s *Service) AddPhoto(ctx context.Context, who access.Actor, key string, f files.File) error {
	return s.alter(ctx, who, key, "添加了照片", func(tx *db.Tx, _ Room) error {
		return s.files.Attach(ctx, tx, f, "room", key, who.Name)
	})
}

// RemovePhoto takes a picture off the room's page.
func (s *Service) RemovePhoto(ctx context.Context, who access.Actor, key, fileKey string) error {
	return s.alter(ctx, who, key, "删除了照片", func(tx *db.Tx, _ Room) error {
		return s.files.Remove(ctx, tx, "room", key, fileKey)
	})
}
