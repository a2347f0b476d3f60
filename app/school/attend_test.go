package school_test

import (
	"fmt"
	"testing"
	"time"

	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/school"
	"tiaojie/db"
)

var inbox = notify.Inbox{}

// at puts the clock so long after the class begins.
func (w *world) at(o school.Offering, after time.Duration) { w.clock.Set(o.StartsAt.Add(after)) }

func (w *world) codes(o school.Offering, p school.Phase) school.Codes {
	w.t.Helper()
	c, err := w.ScreenCodes(trainer, o, p)
	w.must(err)
	return c
}

// Edge 10: the code of the picture counts for 45 seconds, of this class and phase alone;
// too early leaves nothing behind.
func TestTheCodeOnTheScreen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o, other := w.class(5), w.class(5)
		l, who := w.pupil("a")
		_, out := w.pupil("out")
		_, err := w.enrol(o, l)
		w.must(err)
		sign := func(code string) (school.Attendance, error) {
			return w.SignClass(ctx, who, o.Key, school.Showing{Phase: school.In, Code: code, Device: "d1"})
		}
		w.at(o, -31*time.Minute)
		_, err = sign(w.codes(o, school.In).Code)
		refused(t, err, fault.Invalid, "08:30 开始签到")
		if n := w.rows("attendance") + w.rows("attendance_log") + w.rows("throttles"); n != 0 {
			t.Errorf("who came too early left %d rows", n)
		}
		w.at(o, -5*time.Minute)
		code := w.codes(o, school.In).Code
		_, err = sign(w.codes(other, school.In).Code)
		refused(t, err, fault.Invalid, "换了")
		_, err = sign(w.codes(o, school.Out).Code)
		refused(t, err, fault.Invalid, "换了")
		_, err = w.SignClass(ctx, out, o.Key, school.Showing{Phase: school.In, Code: code})
		refused(t, err, fault.NotFound, "不在这个班的名单里")
		w.at(o, -5*time.Minute+45*time.Second)
		_, err = sign(code)
		refused(t, err, fault.Invalid, "换了")
		w.at(o, -5*time.Minute+44*time.Second)
		first, err := sign(code) // a valid scan after the failed ones
		w.must(err)
		w.at(o, -4*time.Minute)
		again, err := sign(w.codes(o, school.In).Code)
		if err != nil || !again.InAt.Equal(first.InAt.Time) || w.rows("attendance_log") != 1 {
			t.Errorf("a second scan changed something: %v %v %v", first, again, err)
		}
	})
}

func (w *world) rows(table string) (n int) {
	w.t.Helper()
	w.must(w.d.Get(w.t.Context(), &n, `SELECT COUNT(*) FROM `+table))
	return n
}

func TestTheDigitsAreGuessedFiveTimesAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		o := w.class(5)
		l, who := w.pupil("a")
		_, err := w.enrol(o, l)
		w.must(err)
		w.at(o, 0)
		right := w.codes(o, school.In).Digits
		try := func(digits string) error {
			_, err := w.SignClass(t.Context(), who, o.Key, school.Showing{Phase: school.In, Digits: digits})
			return err
		}
		wrong := fmt.Sprintf("%06d", (int(right[5]-'0')+1)%10)
		for range 5 {
			refused(t, try(wrong), fault.Invalid, "数字不对")
		}
		refused(t, try(right), fault.TooMany, "等一分钟")
		w.at(o, time.Minute)
		w.must(try(right)) // read in its last second
		w.at(o, 3*time.Minute)
		if w.codes(o, school.In).Digits == right {
			t.Error("the digits stay")
		}
	})
}

// Two people with one telephone are both marked, and both in.
func TestTwoAccountsOnOneDeviceAreFlagged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		o := w.class(5)
		a, whoA := w.pupil("a")
		b, whoB := w.pupil("b")
		c, whoC := w.pupil("c")
		_, err := w.enrol(o, a, b, c)
		w.must(err)
		w.at(o, -10*time.Minute)
		_, err = w.SignClass(t.Context(), whoA, o.Key, school.Showing{Phase: school.In, Code: w.codes(o, school.In).Code, Device: "phone"})
		w.must(err)
		w.at(o, -time.Minute)
		_, err = w.SignClass(t.Context(), whoB, o.Key, school.Showing{Phase: school.In, Code: w.codes(o, school.In).Code, Device: "phone"})
		w.must(err)
		w.at(o, 10*time.Minute)
		_, err = w.SignClass(t.Context(), whoC, o.Key, school.Showing{Phase: school.In, Code: w.codes(o, school.In).Code, Device: "phone"})
		w.must(err)
		seats, err := w.Seats(t.Context(), w.d, trainer, o.ID)
		w.must(err)
		flags := map[string]string{}
		for _, x := range seats {
			flags[x.Name] = x.Flag
		}
		if flags["学员a"] != "与学员b在同一台手机上签的" || flags["学员b"] != "与学员a在同一台手机上签的" || flags["学员c"] != "" {
			t.Error(flags)
		}
	})
}

// Edges 9, 11 and I1: two trainers at once, no sign-out, a log that only grows.
func TestAttendanceByHand(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.class(5)
		l, who := w.pupil("a")
		_, err := w.enrol(o, l)
		w.must(err)
		w.at(o, 12*time.Minute)
		a, err := w.SignClass(ctx, who, o.Key, school.Showing{Phase: school.In, Code: w.codes(o, school.In).Code})
		w.must(err)
		if got := a.Stands(o, w.clock.Now()); got != "迟到" {
			t.Error(got)
		}
		_, err = w.SignClass(ctx, who, o.Key, school.Showing{Phase: school.Out, Code: w.codes(o, school.Out).Code})
		refused(t, err, fault.Invalid, "10:45 开始签退")
		w.at(o, 4*time.Hour)
		if a.Minutes(o) != 0 || a.Attended(o) || a.Stands(o, w.clock.Now()) != "没有签退" {
			t.Errorf("without a sign-out %d minutes count: %s", a.Minutes(o), a.Stands(o, w.clock.Now()))
		}
		in := school.Marking{In: a.InAt.Time, Out: o.EndsAt.Time, Reason: "散会时屏幕已关，全程在场", Version: a.Version}
		w.must(w.MarkAttendance(ctx, trainer, o.Key, l.Key, in))
		refused(t, w.MarkAttendance(ctx, trainer, o.Key, l.Key, in), fault.Conflict, "刚刚有人记过")
		in.Reason, in.Version = "", 2
		refused(t, w.MarkAttendance(ctx, trainer, o.Key, l.Key, in), fault.Invalid, "为什么")
		seats, err := w.Seats(ctx, w.d, trainer, o.ID)
		w.must(err)
		if got := seats[0].Minutes(o); got != 108 || !seats[0].Attended(o) {
			t.Errorf("%d minutes", got)
		}
		done := func() (n int) {
			w.must(w.d.Get(ctx, &n, `SELECT COUNT(*) FROM completions WHERE learner_id = ? AND subject_key = ? AND minutes = 90 AND voided_at IS NULL`, l.ID, o.CourseCode))
			return n
		}
		if done() != 1 {
			t.Error("who attended has not completed the course")
		}
		in.Out, in.Reason = o.StartsAt.Add(time.Hour), "其实中途走了"
		w.must(w.MarkAttendance(ctx, trainer, o.Key, l.Key, in))
		if done() != 0 || w.rows("completions") != 1 {
			t.Error("a correction left the completion, or took the row away")
		}
		log, err := w.AttendanceLog(ctx, w.d, trainer, o.ID)
		w.must(err)
		if len(log) != 3 || log[1].Actor != "教务" || log[1].Before != "签到 09:12:00，签退 —" || log[2].Actor != "学员a" {
			t.Errorf("%+v", log)
		}
		page, err := w.outbox.Inbox(ctx, who, inbox)
		w.must(err)
		if page.Entries[0].Kind != "class.marked" {
			t.Errorf("marked unseen: %+v", page.Entries[0])
		}
		for _, q := range []string{`UPDATE attendance_log SET reason = 'x'`, `DELETE FROM attendance_log`} {
			if err := w.d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err }); err == nil {
				t.Errorf("%s went through", q)
			}
		}
	})
}

// Edge 12: signed in, the class stays where it is; called off, nothing counts.
func TestAClassAfterSomebodySignedIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.class(5)
		l, who := w.pupil("a")
		_, err := w.enrol(o, l)
		w.must(err)
		w.at(o, -time.Minute)
		a, err := w.SignClass(ctx, who, o.Key, school.Showing{Phase: school.In, Code: w.codes(o, school.In).Code})
		w.must(err)
		in := w.input("", 5)
		in.LecturerKey, in.Version = w.lecturer("x"), o.Version
		in.Start, in.End = o.StartsAt.Add(time.Hour), o.EndsAt.Add(time.Hour)
		refused(t, w.MoveClass(ctx, trainer, o.Key, in), fault.Invalid, "已有 1 人签到")
		refused(t, w.Remove(ctx, trainer, o.Key, l.Key, "x"), fault.Conflict, "考勤记录")
		w.must(w.CancelClass(ctx, trainer, o.Key, "停电", o.Version))
		o = w.classOf(o.Key)
		a.OutAt = o.EndsAt
		if a.Minutes(o) != 0 || w.rows("attendance_log") != 1 {
			t.Error("what was signed is gone, or counts")
		}
		_, err = w.SignClass(ctx, who, o.Key, school.Showing{Phase: school.Out, Code: w.codes(o, school.Out).Code})
		refused(t, err, fault.Conflict, "停电")
	})
}

// A course that needs another is open to who attended that one; the trainer may overrule.
func TestWhatMustBeDoneBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first := w.class(5)
		key, err := w.OpenClass(ctx, trainer, idem(), w.course("N", first.CourseID).Key, func() school.OfferingInput {
			in := w.input(w.lecturer("n"), 5)
			in.Start, in.End = in.Start.Add(24*time.Hour), in.End.Add(24*time.Hour)
			return in
		}())
		w.must(err)
		l, who := w.pupil("a")
		_, err = w.SignUp(ctx, who, key)
		refused(t, err, fault.Invalid, "还没有学完")
		_, err = w.enrol(first, l)
		w.must(err)
		w.at(first, 3*time.Hour)
		w.must(w.MarkAttendance(ctx, trainer, first.Key, l.Key, school.Marking{In: first.StartsAt.Time, Out: first.EndsAt.Time, Reason: "纸质签到表"}))
		if seated, err := w.SignUp(ctx, who, key); err != nil || !seated {
			t.Errorf("%v %v", seated, err)
		}
	})
}
