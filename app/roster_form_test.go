package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tiaojie/app/rooms"
)

// TestTwoHandsOnOneRosterLoseNoTurn lets two people change a room's duty turns at once:
// the later one is told, keeps what was typed, and sees what the other did.
func TestTwoHandsOnOneRosterLoseNoTurn(t *testing.T) {
	s := newSite(t, "")
	one, two := s.as("clerk"), s.as("clerk")
	page := "/desk/rooms/" + s.street.RoomKeys[0]
	path := page + "/roster"
	free := s.street.Mediators[40]
	stored := func() []rooms.Duty {
		list, err := s.Rooms.Roster(t.Context(), s.DB, s.street.Rooms[0])
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	before := stored()
	first, second := one.get(page).filled(t, path), two.get(page).filled(t, path)
	if len(first["duty"]) != len(before) {
		t.Fatalf("%d turns in the form, %d stored", len(first["duty"]), len(before))
	}
	gone, dropped := first["duty"][0], second["duty"][1]
	added := with(first, "weekday", "6", "from_time", "09:00", "to_time", "12:00", "mediator", fmt.Sprint(free.ID))
	added["duty"] = first["duty"][1:]
	one.follow(one.post(path, added))
	mine := with(second, "weekday", "7", "from_time", "14:00", "to_time", "17:00", "mediator", fmt.Sprint(free.ID))
	mine["duty"] = append([]string{gone}, second["duty"][2:]...)
	late := two.post(path, mine)
	if late.status != http.StatusConflict || !strings.Contains(late.text(), "别人刚刚加的") || !strings.Contains(late.text(), "别人刚刚删除的") {
		t.Fatalf("%d %s", late.status, late.text())
	}
	again := late.filled(t, path)
	for name, want := range map[string]string{"weekday": "7", "from_time": "14:00", "to_time": "17:00", "mediator": fmt.Sprint(free.ID)} {
		if again.Get(name) != want {
			t.Errorf("%s holds %q, typed was %q", name, again.Get(name), want)
		}
	}
	two.follow(two.post(path, again))
	var days []int
	for _, d := range stored() {
		if d.MediatorID == free.ID {
			days = append(days, d.Weekday)
		}
	}
	spelled := strings.Join(two.get(page).filled(t, path)["duty"], " ")
	if len(days) != 2 || days[0] != 6 || days[1] != 7 || len(stored()) != len(before) || strings.Contains(spelled, gone) || strings.Contains(spelled, dropped) {
		t.Errorf("stored is %s, the new turns stand on %v; %s and %s were taken off", spelled, days, gone, dropped)
	}
	// The same hour in another room is refused by name.
	other := "/desk/rooms/" + s.street.RoomKeys[1]
	clash := with(one.get(other).filled(t, other+"/roster"), "weekday", "7", "from_time", "16:00", "to_time", "18:00", "mediator", fmt.Sprint(free.ID))
	if a := one.post(other+"/roster", clash); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), free.Name+"周日 14:00–17:00在") {
		t.Errorf("on duty in two rooms: %d %s", a.status, a.text())
	}
}
