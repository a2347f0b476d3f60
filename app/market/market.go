// Package market is the 调解超市: residents look around, see who is free when, and
// choose. Mediators stand in order of their next free time or by name, never by
// success, and a suggestion says its reasons.
package market

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// Service answers what residents ask of the marketplace.
type Service struct {
	db       *db.DB
	people   *people.Service
	rooms    *rooms.Service
	calendar *calendar.Service
	docket   *docket.Service

	mu      sync.Mutex
	shelf   *shelf
	version string
}

// New makes the Service.
func New(d *db.DB, p *people.Service, r *rooms.Service, c *calendar.Service, k *docket.Service) *Service {
	return &Service{db: d, people: p, rooms: r, calendar: c, docket: k}
}

// Filter narrows the marketplace; zero fields don't.
type Filter struct {
	Type, RepKind, Language, Name string
	Community                     int64
	Day                           string // only who has free time on this local day
	ByName                        bool   // order by name, not by next free time
}

// Card is a mediator as the marketplace shows it.
type Card struct {
	people.Mediator
	NextFree time.Time // zero: nothing free within three weeks
	Rooms    []string  // rooms with duty days
	Full     bool      // as many open cases as the cap allows: nobody can choose them now
}

// shelf is what the cards are made of, read once per change.
type shelf struct {
	mediators []people.Mediator
	resource  map[int64]int64    // mediator → calendar resource
	rooms     map[int64][]string // mediator → rooms
	roomIDs   []int64            // calendar resources of all rooms
}

func (s *Service) look(ctx context.Context) (*shelf, error) {
	version, err := s.db.Version(ctx, "market", "people", "rooms")
	if err != nil {
		return nil, err
	}
	version += db.DayOf(s.db.Now()) // a mediator's last day may have been yesterday
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shelf != nil && s.version == version {
		return s.shelf, nil
	}
	sh := &shelf{rooms: map[int64][]string{}}
	if sh.mediators, err = s.people.Mediators(ctx, s.db, people.MediatorFilter{State: people.Listed, Enabled: true}); err != nil {
		return nil, err
	}
	sh.mediators = slices.DeleteFunc(sh.mediators, func(m people.Mediator) bool { return !m.Choosable() })
	ids := make([]int64, len(sh.mediators))
	for i, m := range sh.mediators {
		ids[i] = m.ID
	}
	if sh.resource, err = s.calendar.ResourceIDs(ctx, s.db, calendar.MediatorKind, ids); err != nil {
		return nil, err
	}
	if err := s.addRooms(ctx, sh); err != nil {
		return nil, err
	}
	s.shelf, s.version = sh, version
	return sh, nil
}

func (s *Service) addRooms(ctx context.Context, sh *shelf) error {
	open, err := s.rooms.List(ctx, s.db, systemActor, rooms.Filter{Public: true})
	if err != nil {
		return err
	}
	name := map[int64]string{}
	var ids []int64
	for _, r := range open {
		name[r.ID] = r.ShortName
		ids = append(ids, r.ID)
	}
	resources, err := s.calendar.ResourceIDs(ctx, s.db, calendar.RoomKind, ids)
	if err != nil {
		return err
	}
	sh.roomIDs = slices.Sorted(maps.Values(resources))
	duties, err := s.rooms.Roster(ctx, s.db, 0)
	for _, d := range duties {
		if n := name[d.RoomID]; n != "" && !slices.Contains(sh.rooms[d.MediatorID], n) {
			sh.rooms[d.MediatorID] = append(sh.rooms[d.MediatorID], n)
		}
	}
	return err
}

// List shows the mediators that fit the filter. Names match by characters, pinyin or
// initials; a sub-type of dispute also finds those who take its whole type.
func (s *Service) List(ctx context.Context, f Filter) ([]Card, error) {
	sh, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	load, err := s.docket.OpenByMediator(ctx)
	if err != nil {
		return nil, err
	}
	var cards []Card
	var resources []int64
	for _, m := range sh.mediators {
		if f.match(m) {
			cards = append(cards, Card{Mediator: m, Rooms: sh.rooms[m.ID], Full: full(m, load)})
			resources = append(resources, sh.resource[m.ID])
		}
	}
	next, err := s.calendar.NextFree(ctx, resources)
	if err != nil {
		return nil, err
	}
	for i := range cards {
		cards[i].NextFree = next[resources[i]]
	}
	if f.Day != "" {
		if cards, err = s.freeOn(ctx, sh, cards, f.Day); err != nil {
			return nil, err
		}
	}
	if !f.ByName {
		slices.SortStableFunc(cards, byNextFree)
	}
	return cards, nil
}

func full(m people.Mediator, load map[int64]int) bool {
	return m.LoadCap > 0 && load[m.ID] >= m.LoadCap
}

// byNextFree puts who is free sooner first; who has nothing free and who can't be chosen
// come last. Equals keep the order of their names.
func byNextFree(a, b Card) int {
	switch {
	case a.Full != b.Full:
		if a.Full {
			return 1
		}
		return -1
	case a.NextFree.IsZero() && b.NextFree.IsZero():
		return 0
	case a.NextFree.IsZero():
		return 1
	case b.NextFree.IsZero():
		return -1
	}
	return a.NextFree.Compare(b.NextFree)
}

func (f Filter) match(m people.Mediator) bool {
	parent, _, _ := strings.Cut(f.Type, "-")
	name := strings.ToLower(strings.Join(strings.Fields(f.Name), "")) // U+3000 between characters too
	return (f.Type == "" || slices.ContainsFunc(m.Types, func(t string) bool {
		own, _, _ := strings.Cut(t, "-")
		return t == f.Type || t == parent || f.Type == parent && own == parent
	})) &&
		(f.RepKind == "" || m.RepKind == f.RepKind) &&
		(f.Language == "" || slices.Contains(m.Languages, f.Language)) &&
		(f.Community == 0 || slices.Contains(m.Communities, f.Community)) &&
		(name == "" || strings.Contains(m.Name, name) || strings.HasPrefix(m.Pinyin, name) || strings.HasPrefix(m.Initials, name))
}

func (s *Service) freeOn(ctx context.Context, sh *shelf, cards []Card, day string) ([]Card, error) {
	d, err := calendar.ParseDay(day)
	if err != nil {
		return cards, nil // a filter that is no date filters nothing
	}
	ids := make([]int64, len(cards))
	for i, c := range cards {
		ids[i] = sh.resource[c.ID]
	}
	from := d.At(0)
	if now := s.db.Now().Add(calendar.NoticeTime); from.Before(now) {
		from = now
	}
	free, err := s.calendar.Openings(ctx, s.db, ids, from, (d + 1).At(0), calendar.SlotStep)
	if err != nil {
		return nil, err
	}
	var out []Card
	for i, c := range cards {
		if slots := free[ids[i]]; len(slots) > 0 {
			c.NextFree = slots[0].Start
			out = append(out, c)
		}
	}
	return out, nil
}

// Profile is a mediator's own page.
type Profile struct {
	Card
	Slots []calendar.Span // real free starts of the coming two weeks
}

// Profile reads a listed mediator with real free times. Errors: NotFound for one who
// is not in the marketplace.
func (s *Service) Profile(ctx context.Context, key string) (Profile, error) {
	sh, err := s.look(ctx)
	if err != nil {
		return Profile{}, err
	}
	i := slices.IndexFunc(sh.mediators, func(m people.Mediator) bool { return m.Key == key })
	if i < 0 {
		return Profile{}, errNoMediator
	}
	m := sh.mediators[i]
	load, err := s.docket.OpenByMediator(ctx)
	if err != nil {
		return Profile{}, err
	}
	p := Profile{Card: Card{Mediator: m, Rooms: sh.rooms[m.ID], Full: full(m, load)}}
	id := sh.resource[m.ID]
	now := s.db.Now()
	free, err := s.calendar.Openings(ctx, s.db, []int64{id}, now.Add(calendar.NoticeTime), now.AddDate(0, 0, 14), calendar.SlotStep)
	if err != nil {
		return p, err
	}
	p.Slots = free[id]
	if len(p.Slots) > 0 {
		p.NextFree = p.Slots[0].Start
	}
	return p, nil
}
