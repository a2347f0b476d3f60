package school_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/school"
	"tiaojie/db"
)

func changeBody(tx *db.Tx) error {
	_, err := tx.Exec(context.Background(), `UPDATE question_versions SET body = '{}' WHERE id = 1`)
	return err
}

func (w *world) certs(who access.Actor) []school.Certificate {
	w.t.Helper()
	list, err := w.OwnCertificates(w.t.Context(), who)
	w.must(err)
	return list
}

// I2: whole numbers, nothing rounded up.
func TestACertificateNeedsThePassMark(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		who, _ := w.person("wang", "王演和")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Count: 10}}, PassPercent: 60, Certify: true, ValidMonths: 12})
		w.sit(who, key, 5)
		if len(w.certs(who)) != 0 {
			t.Fatal("a certificate for 50%")
		}
		w.Conditions = []school.Condition{func(context.Context, db.Reader, school.Exam, school.Learner) (string, error) {
			return "还差听课", nil
		}}
		w.sit(who, key, 6)
		if len(w.certs(who)) != 0 {
			t.Fatal("a certificate without what else it needs")
		}
		w.Conditions = nil
		l, err := w.Self(t.Context(), w.d, who)
		w.must(err)
		x, err := w.Exam(t.Context(), trainer, key)
		w.must(err)
		for range 2 {
			w.must(w.d.Write(t.Context(), func(tx *db.Tx) error { return w.Certify(t.Context(), tx, x.ID, l.ID) }))
		}
		certs := w.certs(who)
		if len(certs) != 1 || certs[0].Person != "王演和" || certs[0].ValidTo != "2027-11-24" || certs[0].Masked() != "王*和" {
			t.Fatalf("%+v", certs)
		}
		// What is printed stays, whatever the exam is called or lasts later.
		x.Title, x.ValidMonths = "新名称", 1
		w.must(w.EditExam(t.Context(), trainer, key, x.ExamRules))
		if c, err := w.Verify(t.Context(), certs[0].Token); err != nil || c.Title != "岗前考试" || c.ValidTo != "2027-11-24" {
			t.Errorf("%+v %v", c, err)
		}
		if _, err := w.Verify(t.Context(), "nothing"); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		other, _ := w.person("lishi", "李示安")
		if _, err := w.Certificate(t.Context(), other, certs[0].Key); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's certificate: %v", err)
		}
	})
}

// Edge case 8.
func TestARevokedCertificateIsEarnedAnewUnderANewSerial(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		who, _ := w.person("wang", "王演和")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Count: 10}}, MaxAttempts: 1, Certify: true, ValidMonths: 24})
		w.sit(who, key, 9)
		old := w.certs(who)[0]
		if err := w.Revoke(t.Context(), trainer, old.Key, " ", old.Version); !fault.Is(err, fault.Invalid) {
			t.Errorf("revoked without a reason: %v", err)
		}
		if _, err := w.Start(t.Context(), who, idem(), key); !fault.Is(err, fault.Conflict) {
			t.Errorf("passed, and sits again: %v", err)
		}
		w.must(w.Revoke(t.Context(), trainer, old.Key, "替考", old.Version))
		if err := w.Revoke(t.Context(), trainer, old.Key, "替考", old.Version+1); !fault.Is(err, fault.Conflict) {
			t.Errorf("revoked twice: %v", err)
		}
		if n := w.count(`SELECT COUNT(*) FROM completions WHERE voided_at IS NULL`); n != 0 {
			t.Errorf("%d completions stand on a revoked certificate", n)
		}
		w.sit(who, key, 8)
		certs := w.certs(who)
		if len(certs) != 2 || certs[0].Serial == old.Serial || certs[0].Token == old.Token || certs[0].State != school.CertificateValid || certs[1].Standing("2026-11-24") != "已撤销" {
			t.Errorf("%+v", certs)
		}
	})
}

func TestHoldersAreToldOnceAtEachMark(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		who, _ := w.person("wang", "王演和")
		key := w.exam(school.ExamRules{Parts: []school.Part{{Count: 10}}, MaxAttempts: 1, Certify: true, ValidMonths: 12})
		w.sit(who, key, 9)
		end := time.Date(2027, 11, 24, 2, 0, 0, 0, time.UTC)
		told := func(days int) int {
			t.Helper()
			w.clock.Set(end.AddDate(0, 0, -days))
			n, err := w.RemindExpiring(t.Context())
			w.must(err)
			again, err := w.RemindExpiring(t.Context())
			if err != nil || again != 0 {
				t.Errorf("%d days before: told again %d, %v", days, again, err)
			}
			return n
		}
		for _, c := range []struct{ days, want int }{{91, 0}, {90, 1}, {61, 0}, {20, 1}, {7, 1}, {1, 0}, {0, 0}, {-1, 0}} { // 60 and 30 passed unseen: one word for both
			if got := told(c.days); got != c.want {
				t.Errorf("%d days before the end %d messages, want %d", c.days, got, c.want)
			}
		}
		box, err := w.outbox.Inbox(t.Context(), who, notify.Inbox{})
		w.must(err)
		if len(box.Entries) != 4 || !strings.Contains(box.Entries[0].Body, "还有 7 天") {
			t.Errorf("%d messages", len(box.Entries))
		}
		if c := w.certs(who)[0]; c.Standing("2027-11-25") != "已过期" || c.Standing("2027-11-24") != "有效" {
			t.Error(c.Standing("2027-11-25"), c.Standing("2027-11-24"))
		}
		w.sit(who, key, 10)
		certs := w.certs(who)
		if len(certs) != 2 || certs[0].ValidTo != "2028-11-25" || certs[1].State != school.CertificateSuperseded {
			t.Errorf("%+v", certs)
		}
	})
}

func (w *world) move(m people.Mediator, verb string) error {
	w.t.Helper()
	now, err := w.people.Mediator(w.t.Context(), w.d, m.Key)
	w.must(err)
	return w.people.MoveMediator(w.t.Context(), clerk, m.Key, verb, "演示", now.Version)
}

func (w *world) choosable(m people.Mediator) bool {
	w.t.Helper()
	now, err := w.people.Mediator(w.t.Context(), w.d, m.Key)
	w.must(err)
	return now.Choosable()
}

// I7: the gate before the marketplace.
func TestTheGate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(ten("一"))
		w.people.MayList = w.MayList
		before, mBefore := w.person("wang", "王演和") // listed before the rule
		_, mNever := w.person("zhao", "赵示康")
		later, mLater := w.person("lishi", "李示安")
		w.must(w.move(mBefore, "list"))
		w.must(w.move(mNever, "list"))
		key := w.exam(school.ExamRules{Parts: []school.Part{{Count: 10}}, Certify: true, ValidMonths: 12})
		x, err := w.Exam(t.Context(), trainer, key)
		w.must(err)
		if err := w.SetGate(t.Context(), trainer, key, true, "2026-12-24", 1, x.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("switched on unseen: %v", err)
		}
		if err := w.SetGate(t.Context(), trainer, key, true, "2026-11-23", 2, x.Version); fault.FieldsOf(err)["from"] == "" {
			t.Errorf("in the past: %v", err)
		}
		w.must(w.SetGate(t.Context(), trainer, key, true, "2026-12-24", 2, x.Version))
		if err := w.move(mLater, "list"); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "岗前考试") {
			t.Errorf("listed without the training: %v", err)
		}
		if !w.choosable(mBefore) || !w.choosable(mNever) {
			t.Error("who was listed before the rule vanished at once")
		}
		w.sit(later, key, 8)
		w.must(w.move(mLater, "list"))
		w.sit(before, key, 8)
		w.clock.Set(time.Date(2026, 12, 24, 2, 0, 0, 0, time.UTC))
		if w.choosable(mNever) || !w.choosable(mBefore) || !w.choosable(mLater) {
			t.Error("on the day the rule counts, before any loop ran")
		}
		if n, err := w.people.LapseListings(t.Context()); err != nil || n != 1 {
			t.Errorf("%d paused, %v", n, err)
		}
		if n, err := w.people.LapseListings(t.Context()); err != nil || n != 0 {
			t.Errorf("%d paused again, %v", n, err)
		}
		if err := w.move(mNever, "list"); !fault.Is(err, fault.Conflict) {
			t.Errorf("back without the training: %v", err)
		}
		// A certificate that is revoked closes the gate at once, one that runs out on its day.
		c := w.certs(before)[0]
		w.must(w.Revoke(t.Context(), trainer, c.Key, "替考", c.Version))
		if w.choosable(mBefore) {
			t.Error("revoked, and still to be chosen")
		}
		w.clock.Set(time.Date(2027, 11, 24, 2, 0, 0, 0, time.UTC))
		if !w.choosable(mLater) {
			t.Error("gone on the last day")
		}
		w.clock.Set(time.Date(2027, 11, 25, 2, 0, 0, 0, time.UTC))
		if w.choosable(mLater) {
			t.Error("run out, and still to be chosen")
		}
		if n, err := w.people.LapseListings(t.Context()); err != nil || n != 2 {
			t.Errorf("%d paused, %v", n, err)
		}
		box, err := w.outbox.Inbox(t.Context(), later, notify.Inbox{})
		w.must(err)
		if len(box.Entries) == 0 || !strings.Contains(box.Entries[0].Body, "已暂停接案") {
			t.Errorf("nobody told: %+v", box.Entries)
		}
		w.sit(later, key, 8)
		w.must(w.move(mLater, "list"))
		if !w.choosable(mLater) {
			t.Error("earned anew and listed, and not to be chosen")
		}
		x, err = w.Exam(t.Context(), trainer, key)
		w.must(err)
		if err := w.MoveExam(t.Context(), trainer, key, "close", x.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("the required exam was closed: %v", err)
		}
		w.must(w.SetGate(t.Context(), trainer, key, false, "", 0, x.Version))
		w.must(w.move(mNever, "list"))
		if !w.choosable(mNever) {
			t.Error("no rule, and still shut out")
		}
	})
}
