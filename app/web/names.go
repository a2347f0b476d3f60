package web

import (
	"context"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
	"tiaojie/views/cases"
	"tiaojie/views/ui"
)

// directory keeps the words for ids that every list needs. It is read again when
// people or rooms changed, so that a list page costs no joins.
type directory struct {
	version string
	names   cases.Names
	rooms   []rooms.Room
	listed  []people.Mediator
	types   []people.DisputeType
	places  []people.Community
	kinds   []people.RepKind
	bodies  []people.Committee
	court   []people.Account // the court's liaisons
}

// names gives the directory as it stands.
func (s *Server) names(ctx context.Context) (cases.Names, error) {
	d, err := s.look(ctx)
	if err != nil {
		return cases.Names{}, err
	}
	return d.names, nil
}

func (s *Server) look(ctx context.Context) (*directory, error) {
	version, err := s.DB.Version(ctx, "people", "rooms", "market")
	if err != nil {
		return nil, err
	}
	version += db.DayOf(s.DB.Now()) // a mediator's last day may have been yesterday
	s.dir.Lock()
	defer s.dir.Unlock()
	if s.known != nil && s.known.version == version {
		return s.known, nil
	}
	d := &directory{version: version, names: cases.Names{Types: map[string]string{}, Communities: map[int64]string{},
		Mediators: map[int64]string{}, Rooms: map[int64]string{}}}
	if err := s.readStreet(ctx, d); err != nil {
		return nil, err
	}
	all, err := s.People.Mediators(ctx, s.DB, people.MediatorFilter{})
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		d.names.Mediators[m.ID] = m.Name
		if m.Choosable() {
			d.listed = append(d.listed, m)
		}
	}
	if d.rooms, err = s.Rooms.List(ctx, s.DB, access.System("目录"), rooms.Filter{}); err != nil {
		return nil, err
	}
	for _, r := range d.rooms {
		d.names.Rooms[r.ID] = r.ShortName
	}
	s.known = d
	return d, nil
}

// readStreet reads what the street is divided into.
func (s *Server) readStreet(ctx context.Context, d *directory) (err error) {
	if d.types, err = s.People.DisputeTypes(ctx, s.DB); err != nil {
		return err
	}
	for _, t := range d.types {
		d.names.Types[t.Code] = t.Name
	}
	if d.places, err = s.People.Communities(ctx, s.DB); err != nil {
		return err
	}
	for _, p := range d.places {
		d.names.Communities[p.ID] = p.Name
	}
	if d.kinds, err = s.People.RepKinds(ctx, s.DB); err != nil {
		return err
	}
	if d.bodies, err = s.People.Committees(ctx, s.DB); err != nil {
		return err
	}
	d.court, err = s.People.AccountsWith(ctx, s.DB, access.Liaison)
	return err
}

// roomOptions lists the rooms that take sessions, after an empty first choice.
func (s *Server) roomOptions(ctx context.Context, none string) ([]ui.Option, error) {
	d, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: none}}
	for _, r := range d.rooms {
		if r.State == rooms.Open {
			out = append(out, ui.Option{Value: id(r.ID), Label: r.ShortName})
		}
	}
	return out, nil
}

// mediatorOptions lists the mediators who can be chosen, after an empty first choice.
func (s *Server) mediatorOptions(ctx context.Context, none string) ([]ui.Option, error) {
	d, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: none}}
	for _, m := range d.listed {
		out = append(out, ui.Option{Value: id(m.ID), Label: m.Name, Group: m.RepName})
	}
	return out, nil
}

// liaisonOptions lists the court liaisons, after an empty first choice.
func (s *Server) liaisonOptions(ctx context.Context) ([]ui.Option, error) {
	d, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: "不需要"}}
	for _, a := range d.court {
		out = append(out, ui.Option{Value: id(a.ID), Label: a.Name})
	}
	return out, nil
}

func (s *Server) committeeOptions(ctx context.Context) ([]ui.Option, error) {
	d, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	for _, c := range d.bodies {
		out = append(out, ui.Option{Value: id(c.ID), Label: c.Name})
	}
	return out, nil
}

// slotValue spells a span for a form, and parseSlot reads it: unix seconds.
func slotValue(start, end time.Time) string { return id(start.Unix()) + "-" + id(end.Unix()) }
