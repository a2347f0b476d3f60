package rooms_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

func TestARoomsLeadRunsTheOwnRoomOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		mine, other := w.open("我的"), w.open("别的")
		me := lead(mine.ID)
		in := input(rooms.Brand, "改名")
		in.Version, in.Story, in.Directions, in.Seats = mine.Version, "一张旧茶桌。", "进门左转", 30
		in.Address, in.Types, in.LeadMediatorID, in.CommunityID = "别处", nil, 3, 2
		w.must(w.Edit(ctx, me, mine.Key, in))
		now := w.read(mine.Key)
		if now.Story != in.Story || now.Directions != in.Directions || now.Seats != 30 {
			t.Errorf("the lead's own words were not taken: %+v", now)
		}
		if now.Kind != mine.Kind || now.FullName != mine.FullName || now.Address != mine.Address || now.CommunityID != 1 ||
			!slices.Equal(now.Types, mine.Types) || now.LeadMediatorID != nil {
			t.Errorf("the lead changed what only the clerk may: %+v", now)
		}
		in.Version = other.Version
		duty := []rooms.Duty{{MediatorID: 1, Weekday: 1, FromMin: 540, ToMin: 720}}
		closed := calendar.Exception{Kind: "closed", FromAt: db.At(at(26, 0)), ToAt: db.At(at(27, 0)), Reason: "消杀"}
		for what, act := range map[string]func(key string, id int64) error{
			"edit":   func(key string, _ int64) error { in.Version = w.read(key).Version; return w.Edit(ctx, me, key, in) },
			"roster": func(key string, _ int64) error { return w.SetRoster(ctx, me, key, duty, w.read(key).Version) },
			"photo":  func(key string, _ int64) error { return w.RemovePhoto(ctx, me, key, "none") },
			"hours": func(_ string, id int64) error {
				_, err := w.cal.SetRules(ctx, me, calendar.RoomKind, id, []calendar.Rule{{Weekday: 1, FromMin: 540, ToMin: 720}})
				return err
			},
			"closing": func(_ string, id int64) error {
				_, _, err := w.cal.AddException(ctx, me, w.form(), calendar.RoomKind, id, closed)
				return err
			},
		} {
			wantFault(t, act(other.Key, other.ID), fault.NotFound, what+" of another's room")
			if what != "photo" {
				w.must(act(mine.Key, mine.ID))
			}
		}
		for _, err := range []error{
			w.Advance(ctx, me, mine.Key, rooms.Step{Verb: rooms.VerbRevoke, Note: "不干了", Version: w.read(mine.Key).Version}),
			w.SetLeads(ctx, me, mine.Key, []int64{50}, w.read(mine.Key).Version), w.SetRoster(ctx, leader, mine.Key, duty, w.read(mine.Key).Version),
		} {
			wantFault(t, err, fault.Forbidden, "what is the clerk's")
		}
		_, err := w.Create(ctx, me, w.form(), input(rooms.Plain, "新的"))
		wantFault(t, err, fault.Forbidden, "a lead applies for a room")
		_, err = w.Events(ctx, access.Actor{}, mine.ID)
		wantFault(t, err, fault.SignIn, "a visitor reads the record")
		list, err := w.List(ctx, w.d, me, rooms.Filter{Mine: true})
		if w.must(err); len(list) != 1 || list[0].Key != mine.Key {
			t.Errorf("the lead's rooms: %v", list)
		}
		if list, err = w.List(ctx, w.d, lead(), rooms.Filter{Mine: true}); err != nil || len(list) != 0 {
			t.Errorf("a lead without rooms sees %d, %v", len(list), err)
		}
		if moves := rooms.MovesOf(mine, me); len(moves) != 0 {
			t.Errorf("the lead is offered %v", moves)
		}
	})
}

func TestLeadsAreAccountsOfTheRoom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		hash, err := w.people.HashPassword(ctx, "Gut-Genug-77")
		w.must(err)
		var ids []int64
		for i := range 2 {
			w.must(w.d.Write(ctx, func(tx *db.Tx) error {
				a, err := w.people.InsertAccount(ctx, tx, people.NewAccount{Login: fmt.Sprint("lead", i), Name: "演示负责人", Roles: []access.Role{access.RoomLead}}, hash)
				ids = append(ids, a.ID)
				return err
			}))
		}
		a, b := w.open("甲"), w.open("乙")
		w.must(w.SetLeads(ctx, clerk, a.Key, ids, a.Version))
		w.must(w.SetLeads(ctx, clerk, b.Key, []int64{ids[0], ids[0]}, b.Version)) // as a form may send it
		wantFault(t, w.SetLeads(ctx, clerk, b.Key, nil, b.Version), fault.Conflict, "a stale form")
		for i, want := range [][]int64{{a.ID, b.ID}, {a.ID}} {
			if got, err := rooms.LedBy(ctx, w.d, ids[i]); err != nil || !slices.Equal(got, want) {
				t.Errorf("account %d leads %v, want %v, %v", i, got, want, err)
			}
		}
		w.must(w.SetLeads(ctx, clerk, a.Key, ids[1:], w.read(a.Key).Version))
		if got, err := rooms.LedBy(ctx, w.d, ids[0]); err != nil || !slices.Equal(got, []int64{b.ID}) {
			t.Errorf("after the change: %v, %v", got, err)
		}
		if got, err := w.LeadsOf(ctx, w.d, a.ID); err != nil || !slices.Equal(got, ids[1:]) {
			t.Errorf("the room's leads are %v, %v", got, err)
		}
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE accounts SET disabled_at = ? WHERE id = ?`, db.At(tx.Now), ids[1])
			return err
		}))
		c := w.open("丙")
		for what, id := range map[string]int64{"a closed account": ids[1], "nobody": ids[1] + 100} {
			wantFault(t, w.SetLeads(ctx, clerk, c.Key, []int64{id}, c.Version), fault.Invalid, what)
		}
		if n, err := w.Unled(ctx, w.d); err != nil || n != 1 {
			t.Errorf("%d rooms without a lead, %v", n, err)
		}
		if n, err := w.InCommunity(ctx, w.d, c.CommunityID); err != nil || n != 3 {
			t.Errorf("%d rooms in the community, %v", n, err)
		}
	})
}

func TestDutyDays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, b := w.open("甲"), w.open("乙")
		w.must(w.SetRoster(ctx, clerk, a.Key, []rooms.Duty{{MediatorID: 2, Weekday: 5, FromMin: 540, ToMin: 720}, {MediatorID: 1, Weekday: 2, FromMin: 840, ToMin: 1080},
			{MediatorID: 1, Weekday: 2, FromMin: 540, ToMin: 720}, {MediatorID: 2, Weekday: 2, FromMin: 540, ToMin: 720}}, a.Version))
		w.must(w.SetRoster(ctx, clerk, b.Key, []rooms.Duty{{MediatorID: 1, Weekday: 4, FromMin: 540, ToMin: 720}}, b.Version))
		spell := func(list []rooms.Duty) (out []string) {
			for _, x := range list {
				out = append(out, fmt.Sprintf("%d %s%d %d", x.RoomID, x.MediatorName, x.Weekday, x.FromMin))
			}
			return out
		}
		of, err := w.Roster(ctx, w.d, a.ID)
		w.must(err)
		if want := []string{"1 演示12 540", "1 演示22 540", "1 演示12 840", "1 演示25 540"}; !slices.Equal(spell(of), want) {
			t.Errorf("the room's week: %q", spell(of))
		}
		if of, err = w.RosterOf(ctx, w.d, 1); err != nil || !slices.Equal(spell(of), []string{"1 演示12 540", "1 演示12 840", "2 演示14 540"}) {
			t.Errorf("the mediator's week over all rooms: %q, %v", spell(of), err)
		}
		for what, duties := range map[string][]rooms.Duty{
			"overlapping turns":   {{MediatorID: 1, Weekday: 1, FromMin: 540, ToMin: 720}, {MediatorID: 1, Weekday: 1, FromMin: 660, ToMin: 800}},
			"a backward turn":     {{MediatorID: 1, Weekday: 1, FromMin: 720, ToMin: 540}},
			"an eighth weekday":   {{MediatorID: 1, Weekday: 8, FromMin: 540, ToMin: 720}},
			"a turn beyond 24:00": {{MediatorID: 1, Weekday: 1, FromMin: 1400, ToMin: 1500}},
		} {
			if err := w.SetRoster(ctx, clerk, a.Key, duties, w.read(a.Key).Version); fault.FieldsOf(err)["roster"] == "" {
				t.Errorf("%s: %v", what, err)
			}
		}
		if of, err = w.Roster(ctx, w.d, 0); err != nil || len(of) != 5 {
			t.Errorf("after refusals %d turns are left, %v", len(of), err)
		}
		w.must(w.SetRoster(ctx, clerk, a.Key, nil, w.read(a.Key).Version))
		if of, err = w.Roster(ctx, w.d, 0); err != nil || len(of) != 1 {
			t.Errorf("clearing one room leaves %d turns, %v", len(of), err)
		}
	})
}

// Two leads have one room's roster open; and two rooms want one mediator at one hour.
func TestDutyDaysOfTwoHands(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, b := w.open("甲"), w.open("乙")
		turn := func(from, to int) []rooms.Duty {
			return []rooms.Duty{{MediatorID: 1, Weekday: 3, FromMin: from, ToMin: to}}
		}
		w.must(w.SetRoster(ctx, clerk, a.Key, turn(540, 720), a.Version))
		wantFault(t, w.SetRoster(ctx, clerk, a.Key, nil, a.Version), fault.Conflict, "a roster from an old page")
		if of, err := w.Roster(ctx, w.d, a.ID); err != nil || len(of) != 1 {
			t.Errorf("the other's turns: %v, %v", of, err)
		}
		err := w.SetRoster(ctx, clerk, b.Key, turn(690, 800), b.Version)
		if got, want := fault.FieldsOf(err)["roster"], "同一时间不能在两间调解室值班：演示1周三 9:00–12:00在“"+a.ShortName+"”值班"; got != want {
			t.Errorf("on duty twice: %q, want %q", got, want)
		}
		w.must(w.SetRoster(ctx, clerk, b.Key, turn(720, 800), b.Version)) // one ends as the other begins
		// A room that is no more takes nobody's time.
		w.step(a.Key, rooms.Step{Verb: rooms.VerbRevoke, Note: "场地收回"})
		w.must(w.SetRoster(ctx, clerk, b.Key, turn(540, 720), w.read(b.Key).Version))

		c, d := w.open("丙"), w.open("丁")
		errs := make(chan error, 2)
		for _, r := range []rooms.Room{c, d} {
			go func() { errs <- w.SetRoster(ctx, clerk, r.Key, turn(900, 1000), r.Version) }()
		}
		one, two := <-errs, <-errs
		if (one == nil) == (two == nil) {
			t.Errorf("both rooms at once: %v and %v", one, two)
		}
	})
}

// freeHours adds up the free time of a local day.
func (w *world) freeHours(r rooms.Room, day int) time.Duration {
	w.t.Helper()
	const grain = 15 * time.Minute
	slots, _, err := w.cal.FreeSlots(w.t.Context(), w.d, calendar.Query{Needs: []calendar.Need{{IDs: []int64{w.resource(r)}}},
		From: at(day, 0), To: at(day, 24), Length: grain, Step: grain})
	w.must(err)
	return grain * time.Duration(len(slots))
}

func TestOpeningHoursAndTheirExceptions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.open("示例")
		me := lead(r.ID)
		put := func(kind string, day, from, to int) string {
			e := calendar.Exception{Kind: kind, FromAt: db.At(at(day, from)), ToAt: db.At(at(day, to)), Reason: "演示"}
			key, _, err := w.cal.AddException(t.Context(), me, w.form(), calendar.RoomKind, r.ID, e)
			w.must(err)
			return key
		}
		put("closed", 26, 10, 11)
		put("open", 28, 14, 16) // a Saturday
		evening := put("open", 27, 19, 21)
		for day, want := range map[int]time.Duration{25: 3 * time.Hour, 26: 2 * time.Hour, 27: 5 * time.Hour, 28: 2 * time.Hour, 29: 0} {
			if got := w.freeHours(r, day); got != want {
				t.Errorf("on the %dth %v are open, want %v", day, got, want)
			}
		}
		_, err := w.cal.RemoveException(t.Context(), me, calendar.RoomKind, r.ID, evening)
		if w.must(err); w.freeHours(r, 27) != 3*time.Hour {
			t.Errorf("the evening was taken back and %v are open", w.freeHours(r, 27))
		}
	})
}

func TestAClosedDayLosesNoBooking(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.open("示例")
		for _, hour := range []int{9, 11} {
			w.must(w.book(r, at(26, hour)))
		}
		w.must(w.book(r, at(27, 9)))
		closed := calendar.Exception{Kind: "closed", FromAt: db.At(at(26, 0)), ToAt: db.At(at(27, 0)), Reason: "停电"}
		_, hit, err := w.cal.AddException(t.Context(), lead(r.ID), w.form(), calendar.RoomKind, r.ID, closed)
		if w.must(err); len(hit) != 2 || !hit[0].StartsAt.Equal(at(26, 9)) || !hit[1].StartsAt.Equal(at(26, 11)) {
			t.Errorf("hit %v", hit)
		}
		if n := w.booked(r); n != 3 {
			t.Errorf("%d of 3 bookings are left", n)
		}
		wantFault(t, w.book(r, at(26, 10)), fault.Invalid, "a booking on the closed day")
	})
}

func TestARoomThatTakesNoSessionsKeepsItsBookings(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.open("示例")
		w.must(w.book(r, at(26, 9)))
		w.step(r.Key, rooms.Step{Verb: rooms.VerbRectify, Note: "整改"})
		if err := w.book(r, at(26, 11)); err == nil {
			t.Error("booked while it is put right")
		}
		if w.booked(r) != 1 || w.freeHours(r, 27) != 0 {
			t.Errorf("%d bookings, %v free", w.booked(r), w.freeHours(r, 27))
		}
		w.step(r.Key, rooms.Step{Verb: rooms.VerbRestore, Note: "好了"})
		w.must(w.book(r, at(26, 11)))
		if w.freeHours(r, 27) != 3*time.Hour {
			t.Errorf("restored, and %v are open", w.freeHours(r, 27))
		}
	})
}

func TestRoomsAreFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		plain := w.open("乙")
		in := input(rooms.Brand, "甲")
		in.CommunityID, in.Types = 2, []string{"family", "neighbour"}
		brand := w.create(in)
		for what, c := range map[string]struct {
			f    rooms.Filter
			want []string
		}{
			"all, branded ones first": {rooms.Filter{}, []string{brand.Key, plain.Key}},
			"by kind":                 {rooms.Filter{Kind: rooms.Brand}, []string{brand.Key}},
			"by community":            {rooms.Filter{CommunityID: 1}, []string{plain.Key}},
			"by type":                 {rooms.Filter{Type: "family"}, []string{brand.Key}},
			"by state":                {rooms.Filter{State: rooms.Applied}, []string{brand.Key}},
			"what residents see":      {rooms.Filter{Public: true}, []string{plain.Key}},
			"nothing fits both":       {rooms.Filter{Kind: rooms.Brand, CommunityID: 1}, nil},
		} {
			list, err := w.List(t.Context(), w.d, clerk, c.f)
			w.must(err)
			var got []string
			for _, r := range list {
				got = append(got, r.Key)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", what, got, c.want)
			}
		}
	})
}
