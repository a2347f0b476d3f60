package calendar_test

import (
	"strings"
	"testing"

	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"

	ics "github.com/arran4/golang-ical"
)

func TestAFeedTellsTimesAndNothingElse(t *testing.T) {
	d, _, s := plain(t)
	id := resource(t, d, s, calendar.MediatorKind, 7)
	r := request(at(25, 9, 0), at(25, 10, 0), id)
	r.Title, r.Place = "调解(演示案件),请提前十分钟到场;带好身份证件和与纠纷有关的材料原件及复印件", "示例一社区调解室"
	b, err := book(t, d, s, r)
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.NewFeed(t.Context(), me, seal.NewKey(), calendar.MediatorKind, 7)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.RenderFeed(t.Context(), token)
	if err != nil || !strings.Contains(text, b.UID) {
		t.Fatalf("%v\n%s", err, text)
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 {
			t.Errorf("line of %d octets: %s", len(line), line)
		}
		if strings.ToValidUTF8(line, "?") != line {
			t.Errorf("a character was cut in two: %q", line)
		}
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.Cancel(t.Context(), tx, b.ID, "改日") }); err != nil {
		t.Fatal(err)
	}
	if text, _ = s.RenderFeed(t.Context(), token); !strings.Contains(text, "STATUS:CANCELLED") || !strings.Contains(text, "SEQUENCE:1") {
		t.Error("the cancelled entry is not in the feed as cancelled")
	}
	feeds, err := s.Feeds(t.Context(), me, calendar.MediatorKind, 7)
	if err != nil || len(feeds) != 1 {
		t.Fatal(feeds, err)
	}
	if err := s.RevokeFeed(t.Context(), me, calendar.MediatorKind, 7, feeds[0].Key); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RenderFeed(t.Context(), token); !fault.Is(err, fault.NotFound) {
		t.Errorf("a revoked link still works: %v", err)
	}
}

// feedOf subscribes to a mediator's time and reads the feed as a calendar program would.
func feedOf(t *testing.T, s *calendar.Service, token string) map[string]*ics.VEvent {
	t.Helper()
	text, err := s.RenderFeed(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	cal, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*ics.VEvent{}
	for _, e := range cal.Events() {
		out[e.Id()] = e
	}
	return out
}

func TestWhoIsReplacedSeesTheEntryCancelled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := service(t, d)
		mine, other := resource(t, d, s, calendar.MediatorKind, 7), resource(t, d, s, calendar.MediatorKind, 8)
		token, err := s.NewFeed(t.Context(), me, seal.NewKey(), calendar.MediatorKind, 7)
		if err != nil {
			t.Fatal(err)
		}
		r := request(at(25, 9, 0), at(25, 10, 0), mine)
		r.Title = "调解;第一次,带材料\n" + strings.Repeat("请提前到场", 20)
		b, err := book(t, d, s, r)
		if err != nil {
			t.Fatal(err)
		}
		status := func(want ics.ObjectStatus, sequence string) {
			t.Helper()
			e := feedOf(t, s, token)[b.UID]
			if e == nil {
				t.Fatal("the entry is gone")
			}
			if got := e.GetProperty(ics.ComponentPropertyStatus).Value; got != string(want) {
				t.Errorf("status %s, want %s", got, want)
			}
			if got := e.GetProperty(ics.ComponentPropertySequence).Value; got != sequence {
				t.Errorf("sequence %s, want %s", got, sequence)
			}
		}
		status(ics.ObjectStatusTentative, "0")
		if got := feedOf(t, s, token)[b.UID].GetProperty(ics.ComponentPropertySummary).Value; ics.FromText(got) != r.Title {
			t.Errorf("the title came through as %q", got)
		}
		move := func(r calendar.Request) {
			t.Helper()
			if err := act(t, d, func(tx *db.Tx) error { return s.Reschedule(t.Context(), tx, b.ID, r) }); err != nil {
				t.Fatal(err)
			}
		}
		move(request(at(25, 9, 0), at(25, 10, 0), other))
		status(ics.ObjectStatusCancelled, "1")
		if _, err := book(t, d, s, request(at(25, 9, 30), at(25, 10, 30), mine)); err != nil {
			t.Errorf("who was replaced is not free: %v", err)
		}
		move(request(at(26, 9, 0), at(26, 10, 0), mine))
		status(ics.ObjectStatusTentative, "2")
	})
}

func TestAFeedIsOnlyItsOwners(t *testing.T) {
	d, _, s := plain(t)
	resource(t, d, s, calendar.MediatorKind, 7)
	resource(t, d, s, calendar.MediatorKind, 8)
	if _, err := s.NewFeed(t.Context(), me, seal.NewKey(), calendar.MediatorKind, 8); !fault.Is(err, fault.NotFound) {
		t.Errorf("a link to another's time: %v", err)
	}
	if _, err := s.RenderFeed(t.Context(), "x"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an invented token: %v", err)
	}
}
