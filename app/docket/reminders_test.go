package docket_test

import (
	"strings"
	"testing"
	"time"

	"tiaojie/app/docket"
	"tiaojie/app/notify"
	"tiaojie/db"
)

// fixed brings a case to a date that the mediator took, so many hours from now.
func (w *world) fixed(hours int) (docket.Receipt, docket.Session) {
	w.t.Helper()
	r := w.accepted(w.application())
	plan := w.plan(hours)
	plan.LiaisonID = liaisonAccount
	ses, err := w.Schedule(w.t.Context(), clerk(), r.CaseKey, plan)
	w.must(err)
	w.must(w.AnswerSession(w.t.Context(), mediator(1), ses.Key, true, ""))
	w.must(w.AnswerSession(w.t.Context(), liaison(liaisonAccount), ses.Key, true, ""))
	return r, ses
}

// remind lets the reminders run twice, as two servers or a restart would.
func (w *world) remind() int {
	w.t.Helper()
	n, err := w.SendReminders(w.t.Context())
	w.must(err)
	again := docket.New(w.d, w.box, w.trail, w.outbox, docket.Neighbours(w.people, w.rooms, w.cal, "http://127.0.0.1"))
	more, err := again.SendReminders(w.t.Context())
	if w.must(err); more != 0 {
		w.t.Fatalf("after a restart %d more were reminded", more)
	}
	return n
}

func (w *world) reminders(key string) (out []notify.Entry) {
	w.t.Helper()
	all, err := w.outbox.ListAll(w.t.Context(), notify.Filter{CaseKey: key, Limit: 200})
	w.must(err)
	for _, m := range all {
		if m.Kind == "session.remind" && m.DeadAt.IsZero() {
			out = append(out, m)
		}
	}
	return out
}

func TestEverybodyIsRemindedTwiceAndOnce(t *testing.T) {
	each(t, func(w *world) {
		r, _ := w.fixed(52) // Thursday 14:00 when it is Tuesday 10:00
		if n := w.remind(); n != 0 {
			t.Fatalf("%d reminded two days before", n)
		}
		w.clock.Advance(28 * time.Hour)
		if n := w.remind(); n != 1 {
			t.Fatalf("%d sessions reminded a day before", n)
		}
		got := w.reminders(r.CaseKey)
		if len(got) != 4 { // both sides, the mediator, the liaison
			t.Fatalf("%d messages a day before", len(got))
		}
		for _, m := range got {
			if strings.Contains(m.Body, "漏水") || strings.Contains(m.Body, "李四") {
				t.Errorf("a reminder tells of the dispute: %s", m.Body)
			}
			if m.Channel == notify.SMS {
				for _, word := range []string{r.ApplyNo, "14:00", "演示调解室", "演示路 1 号", "身份证件", "授权委托书", "改期"} {
					if !strings.Contains(m.Body, word) {
						t.Errorf("%q is missing in %s", word, m.Body)
					}
				}
			}
		}
		w.clock.Advance(22 * time.Hour)
		if n := w.remind(); n != 1 || len(w.reminders(r.CaseKey)) != 8 {
			t.Fatalf("two hours before: %d sessions, %d messages", n, len(w.reminders(r.CaseKey)))
		}
		w.clock.Advance(3 * time.Hour)
		if n := w.remind(); n != 0 {
			t.Fatalf("%d reminded of what began", n)
		}
	})
}

func TestAMovedDateRemindsOfTheNewTimeOnly(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r, ses := w.fixed(52)
		w.clock.Advance(28 * time.Hour)
		w.remind()
		w.must(w.Reschedule(ctx, clerk(), ses.Key, 0, w.plan(72)))
		for _, m := range w.reminders(r.CaseKey) {
			if m.SentAt.IsZero() { // what lies in a desk's inbox has arrived
				t.Fatalf("an unsent reminder of the old time stays: %s", m.Body)
			}
		}
		was := len(w.reminders(r.CaseKey))
		w.must(w.AnswerSession(ctx, mediator(1), ses.Key, true, ""))
		w.clock.Advance(22 * time.Hour) // when the old date would have been near
		if n := w.remind(); n != 0 {
			t.Fatal("reminded of the old time")
		}
		w.clock.Advance(26 * time.Hour)
		if n := w.remind(); n != 1 {
			t.Fatalf("%d reminders of the new time", n)
		}
		w.must(w.CancelSession(ctx, clerk(), ses.Key, 0, "停电"))
		w.clock.Advance(23 * time.Hour)
		if n := w.remind(); n != 0 || len(w.reminders(r.CaseKey)) != was {
			t.Fatalf("a cancelled date reminds: %d", n)
		}
	})
}

func TestALateReminderIsTheUsefulOne(t *testing.T) {
	each(t, func(w *world) {
		r, _ := w.fixed(52)
		w.clock.Advance(51 * time.Hour) // the server stood still over the first one
		if n := w.remind(); n != 1 || len(w.reminders(r.CaseKey)) != 4 {
			t.Fatalf("after a standstill %d sessions, %d messages", n, len(w.reminders(r.CaseKey)))
		}
	})
}

func TestAFreshDateNeedsNoReminderADayBefore(t *testing.T) {
	each(t, func(w *world) {
		r, _ := w.fixed(9) // today at 19:00: everybody has just been told
		if n := w.remind(); n != 0 {
			t.Fatalf("%d reminded of what was told a moment ago", n)
		}
		w.clock.Advance(7*time.Hour + time.Minute)
		if n := w.remind(); n != 1 || len(w.reminders(r.CaseKey)) != 4 {
			t.Fatalf("two hours before: %d", n)
		}
	})
}

func TestNobodyIsRemindedAtNight(t *testing.T) {
	each(t, func(w *world) {
		_, ses := w.fixed(47) // Thursday 9:00
		w.clock.Advance(24 * time.Hour)
		w.remind() // Wednesday 10:00
		w.clock.Advance(21*time.Hour + 30*time.Minute)
		if n := w.remind(); n != 0 { // 7:30: due, but too early
			t.Fatalf("%d reminded at 7:30 of %s", n, ses.StartsAt.In(db.Shanghai))
		}
		w.clock.Advance(30 * time.Minute)
		if n := w.remind(); n != 1 {
			t.Fatalf("%d reminded at 8:00", n)
		}
	})
}

func TestWhoHasNoPhoneIsMadeKnownByTheWindow(t *testing.T) {
	each(t, func(w *world) {
		a := w.application()
		a.Parties[0].Facts.Phone = ""
		r := w.accepted(a)
		ses, err := w.Schedule(t.Context(), clerk(), r.CaseKey, w.plan(52))
		w.must(err)
		w.must(w.AnswerSession(t.Context(), mediator(1), ses.Key, true, ""))
		w.clock.Advance(28 * time.Hour)
		w.remind()
		calls := 0
		for _, m := range w.reminders(r.CaseKey) {
			if m.Channel == notify.Phone && m.To == "演示路1号101" {
				calls++
			}
		}
		if calls != 1 {
			t.Fatalf("%d entries on the window's list", calls)
		}
	})
}
