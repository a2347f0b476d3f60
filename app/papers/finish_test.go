package papers_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// sitting is a table whose session began as it should: both sides seen and told.
type sitting struct {
	table
	d *db.DB
}

func eachSitting(t *testing.T, f func(t *testing.T, w sitting)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		w := sitting{newTable(t, d), d}
		w.exec(`UPDATE records SET state = 'prepared', started_at = NULL WHERE key = ?`, w.rec.Key)
		f(t, w)
	})
}

func (w sitting) exec(query string, args ...any) {
	w.t.Helper()
	err := w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), query, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w sitting) parties() []string { return []string{w.asking, w.answered} }

func (w sitting) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// begin seats and tells both sides and starts.
func (w sitting) begin() {
	w.t.Helper()
	for _, p := range w.parties() {
		w.ok(w.Seen(w.t.Context(), her, w.rec.Key, p, "yes", "居民身份证"))
		for _, kind := range []string{"rights", "disclosure"} {
			w.ok(w.Tell(w.t.Context(), her, w.rec.Key, kind, p, true))
		}
	}
	w.ok(w.Start(w.t.Context(), her, w.rec.Key))
}

func (w sitting) write(name, party, text string) {
	w.t.Helper()
	var version int64
	if f := must(w.Work(w.t.Context(), her, w.rec.Key))(w.t).Field(name, party); f.Version != 0 {
		version = f.Version
	}
	must(w.Save(w.t.Context(), her, w.rec.Key, papers.Edit{Name: name, PartyKey: party, Text: text, Version: version}))(w.t)
}

// complete writes all that the paper needs and reads it back to both sides.
func (w sitting) complete() {
	w.t.Helper()
	for name, text := range map[string]string{"rights": "已告知", "principles": "已告知", "result": "乙方三十日内修好水管"} {
		w.write(name, "", text)
	}
	for _, p := range w.parties() {
		w.write("facts", p, "陈述")
	}
	w.readBack()
}

func (w sitting) readBack() {
	w.t.Helper()
	for _, p := range w.parties() {
		w.ok(w.ReadBack(w.t.Context(), her, w.rec.Key, p, "宣读", true))
	}
}

var agreed = papers.Finish{Outcome: papers.Agreed}

// refused finishes and wants exactly these fields to be refused, and nothing changed.
func (w sitting) refused(in papers.Finish, why string, fields ...string) map[string]string {
	w.t.Helper()
	err := w.Finish(w.t.Context(), her, w.rec.Key, in)
	got := fault.FieldsOf(err)
	if names := slices.Sorted(maps.Keys(got)); !fault.Is(err, fault.Invalid) || !slices.Equal(names, fields) {
		w.t.Errorf("%s: refused are %q (%v), want %q", why, names, err, fields)
	}
	w.still(why)
	return got
}

// still holds record, session, case and calendar to where a running session has them.
func (w sitting) still(why string) {
	w.t.Helper()
	w.stand(why, "running begun mediating", 1)
}

func (w sitting) stand(why, want string, dates int) {
	w.t.Helper()
	var at struct {
		Record   string `db:"record"`
		Session  string `db:"session"`
		Case     string `db:"case_state"`
		Sessions int    `db:"sessions"`
	}
	err := w.d.Get(w.t.Context(), &at, `SELECT r.state AS record, s.state AS session, c.state AS case_state,
		(SELECT COUNT(*) FROM case_sessions x WHERE x.case_id = c.id) AS sessions
		FROM records r JOIN case_sessions s ON s.id = r.session_id JOIN cases c ON c.id = r.case_id WHERE r.key = ?`, w.rec.Key)
	if err != nil {
		w.t.Fatal(err)
	}
	if got := at.Record + " " + at.Session + " " + at.Case; got != want || at.Sessions != dates {
		w.t.Errorf("%s: record, session and case are %q with %d dates, want %q with %d", why, got, at.Sessions, want, dates)
	}
}

func TestNobodyIsMediatedUntold(t *testing.T) {
	eachSitting(t, func(t *testing.T, w sitting) {
		ctx := t.Context()
		start := func(why string, fields ...string) {
			t.Helper()
			err := w.Start(ctx, her, w.rec.Key)
			if got := slices.Sorted(maps.Keys(fault.FieldsOf(err))); !slices.Equal(got, fields) {
				t.Errorf("%s: starting is refused for %q (%v), want %q", why, got, err, fields)
			}
		}
		start("nobody is there", "present")
		for _, p := range w.parties() {
			w.ok(w.Seen(ctx, her, w.rec.Key, p, "yes", ""))
		}
		start("nobody is told or looked at", "disclosure", "id_seen", "rights")
		for _, p := range w.parties() {
			w.ok(w.Seen(ctx, her, w.rec.Key, p, "yes", "护照"))
			w.ok(w.Tell(ctx, her, w.rec.Key, "rights", p, true))
		}
		start("the disclosure is missing", "disclosure")
		w.ok(w.Tell(ctx, her, w.rec.Key, "disclosure", w.asking, true))
		start("one side hasn't heard the disclosure", "disclosure")
		w.begin()
		w.complete()
		for _, kind := range []string{"rights", "disclosure"} { // a tick set by mistake and taken back
			w.ok(w.Tell(ctx, her, w.rec.Key, kind, w.answered, false))
			got := w.refused(agreed, kind+" was taken back", map[string]string{"rights": "told", "disclosure": "disclosure"}[kind])
			if !strings.Contains(strings.Join(slices.Collect(maps.Values(got)), ""), "李四") {
				t.Errorf("%q doesn't say who wasn't told", got)
			}
			w.ok(w.Tell(ctx, her, w.rec.Key, kind, w.answered, true))
		}
		w.ok(w.Finish(ctx, her, w.rec.Key, agreed))
	})
}

func TestReadingBackCountsOnlyForTheTextThatWasRead(t *testing.T) {
	eachSitting(t, func(t *testing.T, w sitting) {
		w.begin()
		w.complete()
		w.write("evidence", "", "读完之后补了一句")
		got := w.refused(agreed, "edited after reading", "readback")
		for _, name := range []string{"张三", "李四"} {
			if !strings.Contains(got["readback"], name) {
				t.Errorf("the refusal doesn't name %s: %q", name, got["readback"])
			}
		}
		w.ok(w.ReadBack(t.Context(), her, w.rec.Key, w.asking, "阅读", true))
		if got := w.refused(agreed, "read to one side only", "readback"); !strings.Contains(got["readback"], "李四") || strings.Contains(got["readback"], "张三") {
			t.Errorf("read to one side only: %q", got["readback"])
		}
		w.ok(w.ReadBack(t.Context(), her, w.rec.Key, w.answered, "宣读", true))
		w.write("caucus", w.asking, "私下又说了一句") // is not part of what was read
		w.ok(w.Finish(t.Context(), her, w.rec.Key, agreed))
		if _, err := w.Save(t.Context(), her, w.rec.Key, papers.Edit{Name: "evidence", Text: "结束后再改", Version: 1}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a fixed record is edited: %v", err)
		}
	})
}

func TestFinishingNamesAllThatIsMissing(t *testing.T) {
	eachSitting(t, func(t *testing.T, w sitting) {
		ctx := t.Context()
		w.begin()
		got := w.refused(agreed, "nothing written", "facts", "principles", "readback", "result", "rights")
		for _, field := range []string{"facts", "readback"} {
			if !strings.Contains(got[field], "张三") || !strings.Contains(got[field], "李四") {
				t.Errorf("%s names not both sides: %q", field, got[field])
			}
		}
		w.refused(papers.Finish{Outcome: papers.Adjourned, Next: w.next(7)}, "nothing written, to go on later", "facts", "principles", "readback", "rights")
		w.refused(papers.Finish{Outcome: "x"}, "no outcome", "outcome")
		w.complete()
		w.ok(w.Seen(ctx, her, w.rec.Key, w.answered, "no", ""))
		w.refused(agreed, "an agreement with one side away", "present")
		w.ok(w.Seen(ctx, her, w.rec.Key, w.answered, "yes", "居民身份证"))
		rival := must(w.Save(ctx, her, w.rec.Key, papers.Edit{Name: "result", Text: "另一台的话", Version: 9}))(t)
		w.refused(agreed, "two texts of one part", "outcome")
		w.ok(w.Settle(ctx, her, w.rec.Key, rival.Rival, "两份合起来", rival.Version))
		w.readBack()
		if err := w.Finish(ctx, other, w.rec.Key, agreed); !fault.Is(err, fault.NotFound) {
			t.Errorf("another mediator finishes: %v", err)
		}
		w.ok(w.Finish(ctx, her, w.rec.Key, agreed))
		w.stand("agreed", "closed done agreed", 1)
		if err := w.Finish(ctx, her, w.rec.Key, agreed); !fault.Is(err, fault.Conflict) {
			t.Errorf("finished twice: %v", err)
		}
	})
}

func TestEndingTellsOfOtherWays(t *testing.T) {
	eachSitting(t, func(t *testing.T, w sitting) {
		w.begin()
		w.complete()
		end := func(reason, words string, remedies ...string) papers.Finish {
			return papers.Finish{Outcome: papers.Ended, Ending: docket.Ending{Reason: reason, Words: words, Remedies: remedies, How: "oral"}}
		}
		w.refused(end("", ""), "neither reason nor remedies", "reason", "remedies")
		w.refused(end("gap", ""), "no other way told", "remedies")
		w.refused(end("gap", "", "court", "x"), "a way that there is not", "remedies")
		w.refused(end("tired", "", "court"), "no lawful reason", "reason")
		w.refused(end("other", " ", "court"), "another reason without words", "words")
		w.ok(w.Finish(t.Context(), her, w.rec.Key, end("gap", "", "court", "legal_aid")))
		rec := must(w.OfCase(t.Context(), w.d, w.rec.CaseID))(t)[0]
		if rec.State != papers.Closed || rec.EndReason != "gap" || rec.Remedies != "court,legal_aid" {
			t.Errorf("the record says %+v", rec)
		}
		var c struct {
			State    docket.State `db:"state"`
			Remedies string       `db:"remedies"`
		}
		if err := w.d.Get(t.Context(), &c, `SELECT state, remedies FROM cases WHERE id = ?`, w.rec.CaseID); err != nil || c.State.Open() || c.Remedies != rec.Remedies {
			t.Errorf("the case says %+v (%v)", c, err)
		}
	})
}

// next is a plan so many days from now.
func (w sitting) next(days int) *docket.Plan {
	start := w.d.Now().Add(time.Duration(days) * 24 * time.Hour)
	return &docket.Plan{RoomID: 1, Start: start, End: start.Add(90 * time.Minute)}
}

func TestAdjourningBooksTheNextDateOrNothing(t *testing.T) {
	eachSitting(t, func(t *testing.T, w sitting) {
		ctx := t.Context()
		w.begin()
		w.complete()
		w.refused(papers.Finish{Outcome: papers.Adjourned}, "no next date", "slot")
		w.refused(papers.Finish{Outcome: papers.Adjourned, Next: w.next(-1)}, "a date that is past", "start")

		box := must(seal.New(seal.NewKeyring()))(t)
		cal := calendar.New(w.d, box, audit.New(box))
		room := must(cal.ResourceID(ctx, w.d, calendar.RoomKind, 1))(t)
		taken := w.next(7)
		must(0, w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := cal.Book(ctx, tx, calendar.Request{Kind: "mediation", Title: "别的调解", Start: taken.Start, End: taken.End, Resources: []int64{room}, Confirmed: true})
			return err
		}))(t)
		if err := w.Finish(ctx, her, w.rec.Key, papers.Finish{Outcome: papers.Adjourned, Next: taken}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a taken room is booked: %v", err)
		}
		w.still("the next date is taken") // neither the record nor the session ended half-way
		if err := w.Finish(ctx, access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}, w.rec.Key, papers.Finish{Outcome: papers.Adjourned, Next: w.next(8)}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the clerk adjourns: %v", err)
		}
		w.ok(w.Finish(ctx, her, w.rec.Key, papers.Finish{Outcome: papers.Adjourned, Next: w.next(8)}))
		var ses docket.Session
		err := w.d.Get(ctx, &ses.StartsAt, `SELECT starts_at FROM case_sessions WHERE case_id = ? AND id <> ? AND state IN ('asked', 'fixed')`, w.rec.CaseID, w.rec.SessionID)
		if err != nil || !ses.StartsAt.Equal(w.next(8).Start) {
			t.Errorf("the next date is %v (%v), want %v", ses.StartsAt, err, w.next(8).Start)
		}
		w.stand("adjourned", "closed done mediating", 2)
	})
}
