package market_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/market"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

func join(names ...string) string { return strings.Join(names, " ") }

func TestFiltersCombine(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for what, c := range map[string]struct {
			f    market.Filter
			want string
		}{
			"nothing asked":                    {market.Filter{}, join(wang, zhang, li, shan)},
			"a type, and its sub-types":        {market.Filter{Type: "neighbour"}, join(zhang, li)},
			"a sub-type, and its whole type":   {market.Filter{Type: "neighbour-leak"}, join(zhang, li)},
			"another sub-type of it":           {market.Filter{Type: "neighbour-noise"}, zhang},
			"a type nobody takes":              {market.Filter{Type: "medical"}, ""},
			"a community":                      {market.Filter{Community: 2}, join(wang, li)},
			"a kind":                           {market.Filter{RepKind: "pro"}, join(zhang, shan)},
			"a language":                       {market.Filter{Language: "粤语"}, join(zhang, shan)},
			"language and type":                {market.Filter{Language: "粤语", Type: "labour"}, shan},
			"kind and community":               {market.Filter{RepKind: "npc", Community: 1}, ""},
			"free on Wednesday":                {market.Filter{Day: "2026-11-25"}, zhang},
			"type, community and day":          {market.Filter{Type: "neighbour", Community: 2, Day: "2026-11-26"}, li},
			"type and a day nobody of them is": {market.Filter{Type: "labour", Day: "2026-11-26"}, ""},
			"all at once": {market.Filter{Type: "neighbour", Community: 1, RepKind: "pro", Language: "粤语", Name: "zsa",
				Day: "2026-11-25", ByName: true}, zhang},
		} {
			if got := w.names(c.f); got != c.want {
				t.Errorf("%s: %q, want %q", what, got, c.want)
			}
		}
	})
}

func TestNamesAreFoundByCharactersAndLetters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for typed, want := range map[string]string{
			"张示安": zhang, "示安": zhang, "演": join(wang, shan), "zhangshian": zhang, "Zhang": zhang, "zhang shi": zhang, "zsa": zhang,
			"张　示安": zhang, "　王 演　": wang,
			"ZSA": zhang, "shanyan": shan, "danyan": "", "wyn": wang, "不在": "", "ning": "", "%": "", "_": "",
		} {
			if got := w.names(market.Filter{Name: typed}); got != want {
				t.Errorf("%q finds %q, want %q", typed, got, want)
			}
		}
	})
}

func TestOnlyWhoCanBeChosenIsShown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		hidden := func(name string) {
			t.Helper()
			m := w.of[name]
			if got := w.names(market.Filter{}); strings.Contains(got, name) {
				t.Errorf("%s is listed: %s", name, got)
			}
			if got := w.names(market.Filter{Name: name}); got != "" {
				t.Errorf("%s is found by name: %s", name, got)
			}
			if _, err := w.Profile(ctx, m.Key); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s has a page: %v", name, err)
			}
			if ids, err := w.Keys(ctx, []string{m.Key}); err != nil || len(ids) != 0 {
				t.Errorf("%s can be asked for: %v, %v", name, ids, err)
			}
			if cards, err := w.ByIDs(ctx, []int64{m.ID}); err != nil || len(cards) != 0 {
				t.Errorf("%s is read by id: %v", name, err)
			}
			got, err := w.Suggest(ctx, application("neighbour"), "邻里纠纷")
			w.must(err)
			for _, s := range got {
				if s.Name == name {
					t.Errorf("%s is suggested", name)
				}
			}
		}
		for _, name := range []string{"赵暂停", "赵未上", "赵类停"} {
			hidden(name)
		}
		// What the marketplace keeps in memory follows at once.
		w.move("赵暂停", "list")
		w.kind("psy", true)
		if got := w.names(market.Filter{Name: "赵"}); got != join("赵类停", "赵暂停") && got != join("赵暂停", "赵类停") {
			t.Errorf("listed again and switched on: %q", got)
		}
		w.move(zhang, "pause")
		hidden(zhang)
		w.kind("psy", false)
		hidden("赵类停")
		ids, err := w.Keys(ctx, []string{w.of[li].Key, "nobody", " " + w.of[wang].Key, w.of[li].Key})
		if w.must(err); !slices.Equal(ids, []int64{w.of[li].ID, w.of[wang].ID}) {
			t.Errorf("keys in the order of the wish: %v", ids)
		}
	})
}

// TestOrder shows who is free sooner first, or names in the order of their letters. A
// mediator's results are nowhere on a card, so they can't decide.
func TestOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if got := w.names(market.Filter{ByName: true}); got != join(li, shan, wang, zhang) {
			t.Errorf("by name: %s", got)
		}
		cards, err := w.List(t.Context(), market.Filter{})
		w.must(err)
		// Four hours are needed to tell everybody: this afternoon at 14:00 is the first.
		for i, want := range []struct {
			name string
			free string
		}{{wang, "2026-11-24 14:00"}, {zhang, "2026-11-25 09:00"}, {li, "2026-11-26 09:00"}, {shan, ""}} {
			got := ""
			if free := cards[i].NextFree; !free.IsZero() {
				got = free.In(db.Shanghai).Format("2006-01-02 15:04")
			}
			if cards[i].Name != want.name || got != want.free {
				t.Errorf("%d: %s at %q, want %s at %q", i, cards[i].Name, got, want.name, want.free)
			}
		}
		w.book(wang, at(24, 14, 0), at(24, 18, 0)) // now next Tuesday
		w.book(zhang, at(25, 9, 0), at(25, 10, 0)) // an hour later the same day
		if got := w.names(market.Filter{}); got != join(zhang, li, wang, shan) {
			t.Errorf("after bookings: %s", got)
		}
	})
}

func TestAFreeDayIsOneWithTimeForASession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wednesday := market.Filter{Day: "2026-11-25"}
		w.book(zhang, at(25, 9, 0), at(25, 10, 0))
		cards, err := w.List(t.Context(), wednesday)
		if w.must(err); len(cards) != 1 || !cards[0].NextFree.Equal(at(25, 10, 0)) {
			t.Errorf("on Wednesday: %+v", cards)
		}
		later, err := w.List(t.Context(), market.Filter{Day: "2026-12-02"})
		if w.must(err); len(later) != 1 || !later[0].NextFree.Equal(at(25, 9, 0).AddDate(0, 0, 7)) {
			t.Errorf("a week later the card shows that day's time: %+v", later)
		}
		w.book(zhang, at(25, 10, 0), at(25, 11, 0)) // an hour is left, too little
		for day, want := range map[string]string{"2026-11-25": "", "2026-11-23": "", "2020-01-01": "", "2026-11-28": "",
			"2099-12-30": zhang, "someday": join(wang, li, zhang, shan)} {
			if got := w.names(market.Filter{Day: day}); got != want {
				t.Errorf("%s: %q, want %q", day, got, want)
			}
		}
		w.clock.Set(at(24, 15, 0)) // the afternoon's last session begins 16:30, within the four hours
		if got := w.names(market.Filter{Day: "2026-11-24"}); got != "" {
			t.Errorf("too late for today, and %s is offered", got)
		}
	})
}

func TestAProfileShowsRealTimesAndRooms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.room("和邻室")
		w.must(w.rooms.SetRoster(t.Context(), clerk, r.Key, []rooms.Duty{{MediatorID: w.of[zhang].ID, Weekday: 3, FromMin: 540, ToMin: 720},
			{MediatorID: w.of[zhang].ID, Weekday: 5, FromMin: 540, ToMin: 720}}, r.Version))
		w.book(zhang, at(25, 9, 0), at(25, 10, 0))
		p, err := w.Profile(t.Context(), w.of[zhang].Key)
		w.must(err)
		var got []string
		for _, s := range p.Slots {
			got = append(got, s.Start.In(db.Shanghai).Format("02 15:04"))
		}
		if want := []string{"25 10:00", "25 10:30", "02 09:00", "02 09:30", "02 10:00", "02 10:30"}; !slices.Equal(got, want) {
			t.Errorf("times %v, want %v", got, want)
		}
		if !slices.Equal(p.Rooms, []string{"和邻室"}) || !p.NextFree.Equal(at(25, 10, 0)) {
			t.Errorf("rooms %v, next %v", p.Rooms, p.NextFree)
		}
		w.must(w.rooms.Advance(t.Context(), clerk, r.Key, rooms.Step{Verb: rooms.VerbRectify, Note: "整改", Version: r.Version + 1}))
		if p, err = w.Profile(t.Context(), w.of[zhang].Key); err != nil || len(p.Rooms) != 0 {
			t.Errorf("on duty in a room that takes nobody: %v, %v", p.Rooms, err)
		}
	})
}

func TestTimesOnOfferNeedAMediatorAndARoom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r := w.room("和邻室")
		starts := func(most int, names ...string) (out []string) {
			t.Helper()
			var ids []int64
			for _, n := range names {
				ids = append(ids, w.of[n].ID)
			}
			list, err := w.CommonTimes(ctx, ids, most)
			w.must(err)
			for _, s := range list {
				out = append(out, s.Start.In(db.Shanghai).Format("0102 15:04"))
			}
			return out
		}
		// Two days for the other side to answer: Wednesday the 25th is too soon.
		if got := starts(24, zhang); !slices.Equal(got, []string{"1202 09:00", "1202 10:30", "1209 09:00", "1209 10:30"}) {
			t.Errorf("for one: %v", got)
		}
		if got := starts(3, zhang, li); !slices.Equal(got, []string{"1126 10:30", "1202 09:00", "1202 10:30"}) {
			t.Errorf("for either of two: %v", got)
		}
		closed := calendar.Exception{Kind: "closed", FromAt: db.At(at(26, 0, 0)), ToAt: db.At(at(27, 0, 0)), Reason: "停电"}
		_, _, err := w.cal.AddException(ctx, clerk, w.form(), calendar.RoomKind, r.ID, closed)
		w.must(err)
		if got := starts(1, zhang, li); !slices.Equal(got, []string{"1202 09:00"}) {
			t.Errorf("without a room: %v", got)
		}
		if got := starts(24, "赵暂停"); len(got) != 0 {
			t.Errorf("for one who can't be chosen: %v", got)
		}
	})
}

// TestWhoHasAFullDeskIsShownAndNotProposed fills a mediator's desk to the cap.
func TestWhoHasAFullDeskIsShownAndNotProposed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		load := func(limit, open int) {
			t.Helper()
			w.must(w.d.Write(ctx, func(tx *db.Tx) error {
				tx.Touch("people", "cases")
				if _, err := tx.Exec(ctx, `UPDATE mediators SET load_cap = ? WHERE id = ?`, limit, w.of[zhang].ID); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `INSERT INTO case_counts (scope, scope_id, state, n) VALUES ('mediator', ?, 'accepted', ?)
					ON CONFLICT (scope, scope_id, state) DO UPDATE SET n = excluded.n`, fmt.Sprint(w.of[zhang].ID), open)
				return err
			}))
		}
		for _, c := range []struct {
			limit, open int
			full        bool
		}{{2, 1, false}, {2, 2, true}, {2, 3, true}, {0, 3, false}, {4, 3, false}} {
			load(c.limit, c.open)
			cards, err := w.ByIDs(ctx, []int64{w.of[zhang].ID})
			w.must(err)
			p, err := w.Profile(ctx, w.of[zhang].Key)
			w.must(err)
			names, _ := w.suggested(application("neighbour"), "邻里纠纷")
			if len(cards) != 1 || cards[0].Full != c.full || p.Full != c.full || slices.Contains(names, zhang) == c.full {
				t.Errorf("%d of %d: card %v, page %v, suggested %v", c.open, c.limit, cards[0].Full, p.Full, names)
			}
			order := w.names(market.Filter{})
			if strings.HasSuffix(order, zhang) != c.full {
				t.Errorf("%d of %d: shown as %s", c.open, c.limit, order)
			}
		}
	})
}
