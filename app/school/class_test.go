package school_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/seal"
	"tiaojie/db"
)

func (w *world) course(code string, needs ...int64) school.Course {
	w.t.Helper()
	key, err := w.AddCourse(w.t.Context(), trainer, idem(), school.CourseInput{Code: code, Kind: "lecture", Title: "课" + code, Minutes: 90, Needs: needs})
	w.must(err)
	return w.courseOf(key)
}

func (w *world) courseOf(key string) school.Course {
	w.t.Helper()
	c, err := w.Course(w.t.Context(), w.d, key)
	w.must(err)
	return c
}

func (w *world) lecturer(name string) string {
	w.t.Helper()
	key, err := w.AddLecturer(w.t.Context(), trainer, idem(), school.LecturerInput{Name: name})
	w.must(err)
	return key
}

// nine is nine in the morning of the day after tomorrow.
func (w *world) nine() time.Time {
	day, _ := time.ParseInLocation(time.DateOnly, db.DayOf(w.clock.Now()), db.Shanghai)
	return day.AddDate(0, 0, 2).Add(9 * time.Hour)
}

func (w *world) input(lecturer string, capacity int) school.OfferingInput {
	return school.OfferingInput{BatchNo: "第1期", LecturerKey: lecturer, Place: "街道大会议室", Start: w.nine(), End: w.nine().Add(2 * time.Hour), Capacity: capacity,
		SelfSignup: true, EarlyMin: 30, LateMin: 10}
}

func (w *world) class(capacity int) school.Offering {
	w.t.Helper()
	n := seal.NewKey()[:8]
	key, err := w.OpenClass(w.t.Context(), trainer, idem(), w.course(n).Key, w.input(w.lecturer("讲师"+n), capacity))
	w.must(err)
	return w.classOf(key)
}

func (w *world) classOf(key string) school.Offering {
	w.t.Helper()
	o, err := w.Class(w.t.Context(), w.d, key)
	w.must(err)
	return o
}

// pupil makes a staff account that learns.
func (w *world) pupil(login string) (school.Learner, access.Actor) {
	w.t.Helper()
	_, who := w.account("staff"+login, "学员"+login, access.Clerk)
	l, err := w.Self(w.t.Context(), w.d, who)
	w.must(err)
	return l, who
}

// mediates makes the person a mediator with a mediation booked at a time.
func (w *world) mediates(l school.Learner, from, to time.Time) (resource int64) {
	w.t.Helper()
	ctx := w.t.Context()
	w.must(w.d.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO mediators (key, name, pinyin, initials, rep_kind, employment, state, created_at) SELECT 'm' || l.key, l.name, '', '', 'pro', 'full', 'dormant', 0 FROM learners l WHERE l.id = ?`, l.ID); err != nil {
			return err
		}
		var id int64
		if err := tx.Get(ctx, &id, `SELECT MAX(id) FROM mediators`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE learners SET mediator_id = ? WHERE id = ?`, id, l.ID); err != nil {
			return err
		}
		var err error
		if resource, err = w.cal.Ensure(ctx, tx, calendar.MediatorKind, id, l.Name, false); err != nil || from.IsZero() {
			return err
		}
		_, err = w.cal.Book(ctx, tx, calendar.Request{Kind: "mediation", Title: "调解 示例1号", Start: from, End: to, Resources: []int64{resource}, Called: []int64{resource}})
		return err
	}))
	return resource
}

func (w *world) seated(o school.Offering) map[string]string {
	w.t.Helper()
	list, err := w.Places(w.t.Context(), w.d, o.ID)
	w.must(err)
	out := map[string]string{}
	for _, p := range list {
		out[p.Name] = p.State
	}
	return out
}

func (w *world) enrol(o school.Offering, people ...school.Learner) (school.Enrolled, error) {
	var keys []string
	for _, l := range people {
		keys = append(keys, l.Key)
	}
	return w.Enrol(w.t.Context(), trainer, idem(), o.Key, keys, nil)
}

func refused(t *testing.T, err error, code fault.Code, words string) {
	t.Helper()
	said := ""
	if err != nil {
		said = fault.MessageOf(err) + fmt.Sprint(fault.FieldsOf(err))
	}
	if !fault.Is(err, code) || !strings.Contains(said, words) {
		t.Errorf("want %v with %q, got %v", code, words, err)
	}
}

func TestACourseHasEditionsThatStayAndNoCircle(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.course("A")
		b := w.course("B", a.ID)
		c := w.course("C", b.ID)
		err := w.ReviseCourse(ctx, trainer, a.Key, school.CourseInput{Title: "课A", Minutes: 90, Needs: []int64{c.ID}, Note: "要先学 C", Version: a.Version})
		refused(t, err, fault.Invalid, "《课A》 要先学 《课C》 要先学 《课B》 要先学 《课A》")
		if now := w.courseOf(a.Key); now.No != 1 || now.Version != a.Version {
			t.Errorf("a refused edition left something: %+v", now)
		}
		w.must(w.ReviseCourse(ctx, trainer, a.Key, school.CourseInput{Title: "课A（新）", Minutes: 120, Note: "补了民法典", Version: a.Version}))
		list, err := w.CourseEditions(ctx, w.d, a.ID)
		w.must(err)
		if len(list) != 2 || list[0].Title != "课A（新）" || list[1].Title != "课A" || list[1].Minutes != 90 {
			t.Errorf("%+v", list)
		}
		refused(t, w.ReviseCourse(ctx, trainer, a.Key, school.CourseInput{Title: "x", Note: "y", Version: a.Version}), fault.Conflict, "")
		for _, q := range []string{`UPDATE course_editions SET title = 'x'`, `DELETE FROM course_editions`} {
			err := w.d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err })
			if err == nil {
				t.Errorf("%s went through", q)
			}
		}
		w.must(w.RetireCourse(ctx, trainer, a.Key, 2))
		_, err = w.OpenClass(ctx, trainer, idem(), a.Key, w.input(w.lecturer("甲"), 5))
		refused(t, err, fault.Invalid, "停开")
		if _, err := w.AddCourse(ctx, clerk, idem(), school.CourseInput{Code: "D", Kind: "exam", Title: "x"}); !fault.Is(err, fault.Forbidden) {
			t.Error(err)
		}
	})
}

// I6: one calendar. A class and a mediation exclude each other, whichever comes first.
func TestAClassCantClashWithAMediation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.class(10)
		busy, _ := w.pupil("busy")
		free, _ := w.pupil("free")
		w.mediates(busy, w.nine().Add(time.Hour), w.nine().Add(3*time.Hour))
		resource := w.mediates(free, time.Time{}, time.Time{})
		people, err := w.Learners(ctx, w.d, trainer, school.LearnerFilter{Name: "学员"})
		w.must(err)
		list, err := w.Weigh(ctx, w.d, trainer, o, people)
		w.must(err)
		for _, c := range list {
			if says := c.Says(); c.Busy() != (c.Learner.ID == busy.ID) {
				t.Errorf("%s: %q", c.Learner.Name, says)
			} else if c.Busy() && (!strings.Contains(says, "10:00–12:00") || !strings.Contains(says, "调解 示例1号")) {
				t.Errorf("the clash doesn't say when and what: %q", says)
			}
		}
		_, err = w.enrol(o, free, busy)
		refused(t, err, fault.Invalid, "学员busy这个时间已有安排")
		if got := w.seated(o); len(got) != 0 {
			t.Errorf("half a list was saved: %v", got)
		}
		out, err := w.Enrol(ctx, trainer, idem(), o.Key, []string{free.Key}, []string{busy.Key})
		w.must(err)
		if got := w.seated(o); out.LeftOut != 1 || got["学员free"] != "confirmed" || got["学员busy"] != "left_out" {
			t.Errorf("%+v %v", out, got)
		}
		err = w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := w.cal.Book(ctx, tx, calendar.Request{Kind: "mediation", Title: "调解", Start: w.nine(), End: w.nine().Add(time.Hour), Resources: []int64{resource}, Called: []int64{resource}})
			return err
		})
		refused(t, err, fault.Conflict, "已有安排")

		// Moved to where the mediator sits in another session: named, and left out only by name.
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := w.cal.Book(ctx, tx, calendar.Request{Kind: "mediation", Title: "调解", Start: w.nine().Add(26 * time.Hour), End: w.nine().Add(27 * time.Hour), Resources: []int64{resource}, Called: []int64{resource}})
			return err
		}))
		third, _ := w.pupil("third")
		_, err = w.enrol(o, third)
		w.must(err)
		in := w.input("", 10)
		in.LecturerKey = w.lecturer("乙")
		in.Start, in.End, in.Version = w.nine().Add(25*time.Hour), w.nine().Add(28*time.Hour), o.Version
		refused(t, w.MoveClass(ctx, trainer, o.Key, in), fault.Invalid, "学员free（")
		in.LeaveOut = []string{free.Key}
		w.must(w.MoveClass(ctx, trainer, o.Key, in))
		if got := w.seated(o); got["学员free"] != "left_out" || got["学员third"] != "confirmed" {
			t.Error(got)
		}
		w.must(w.d.Write(ctx, func(tx *db.Tx) error { // the old time is free again
			_, err := w.cal.Book(ctx, tx, calendar.Request{Kind: "mediation", Title: "调解", Start: w.nine(), End: w.nine().Add(time.Hour), Resources: []int64{resource}, Called: []int64{resource}})
			return err
		}))
		ics, err := w.ICSOfClass(ctx, w.classOf(o.Key))
		if err != nil || !strings.Contains(ics, "SEQUENCE:1") {
			t.Errorf("%v\n%s", err, ics)
		}
	})
}

// Edge 20: who teaches a class is not its learner, learns in others, and can't do both at once.
func TestALecturerIsAlsoALearner(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		teacher, who := w.pupil("teach")
		lect, err := w.AddLecturer(ctx, trainer, idem(), school.LecturerInput{LearnerKey: teacher.Key})
		w.must(err)
		key, err := w.OpenClass(ctx, trainer, idem(), w.course("T").Key, w.input(lect, 5))
		w.must(err)
		_, err = w.enrol(w.classOf(key), teacher)
		refused(t, err, fault.Invalid, "是这个班的讲师")
		same := w.class(5)
		_, err = w.SignUp(ctx, who, same.Key)
		refused(t, err, fault.Conflict, "培训：课T")
		in := w.input(w.lecturer("丙"), 5)
		in.Start, in.End = in.Start.Add(5*time.Hour), in.End.Add(5*time.Hour)
		later, err := w.OpenClass(ctx, trainer, idem(), w.course("L").Key, in)
		w.must(err)
		if seated, err := w.SignUp(ctx, who, later); err != nil || !seated {
			t.Errorf("%v %v", seated, err)
		}
	})
}

// I4 and edge 13: never more in a class than it holds; the waiting list moves up with a withdrawal.
func TestCapacityAndTheWaitingList(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.class(2)
		a, whoA := w.pupil("a")
		b, _ := w.pupil("b")
		c, _ := w.pupil("c")
		d, whoD := w.pupil("d")
		out, err := w.enrol(o, a, b, c)
		if err != nil || out.Confirmed != 2 || out.Waiting != 1 {
			t.Fatalf("%+v %v", out, err)
		}
		if seated, err := w.SignUp(ctx, whoD, o.Key); err != nil || seated {
			t.Errorf("%v %v", seated, err)
		}
		in := w.input("", 1)
		in.LecturerKey, in.Version = w.lecturer("x"), o.Version
		refused(t, w.MoveClass(ctx, trainer, o.Key, in), fault.Invalid, "已有 2 人")
		for _, q := range []string{`UPDATE offerings SET capacity = 1`, `UPDATE enrolments SET state = 'confirmed'`} {
			if err := w.d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err }); err == nil {
				t.Errorf("%s went through", q)
			}
		}
		w.mediates(c, time.Time{}, time.Time{})
		w.must(w.Withdraw(ctx, whoA, o.Key))
		if got := w.seated(o); got["学员a"] != "withdrawn" || got["学员c"] != "confirmed" || got["学员d"] != "waitlist" {
			t.Error(got)
		}
		w.must(w.Remove(ctx, trainer, o.Key, b.Key, "调岗"))
		if got := w.seated(o); got["学员d"] != "confirmed" {
			t.Error(got)
		}
		page, err := w.outbox.Inbox(ctx, whoD, inbox)
		w.must(err)
		if len(page.Entries) == 0 || !strings.Contains(page.Entries[0].Body, "从候补转为正式学员") {
			t.Errorf("who moved up was not told: %+v", page.Entries)
		}
		w.must(w.CancelClass(ctx, trainer, o.Key, "讲师生病", w.classOf(o.Key).Version))
		page, err = w.outbox.Inbox(ctx, whoD, inbox)
		w.must(err)
		if !strings.Contains(page.Entries[0].Body, "讲师生病") {
			t.Errorf("who was in it was not told: %+v", page.Entries)
		}
		refused(t, w.Withdraw(ctx, whoD, o.Key), fault.Conflict, "取消")
		_ = d
	})
}

// Edge 14: withdrawals, sign-ups and a trainer's list at the same instant.
func TestTheLastSeatAtTheSameInstant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.class(3)
		var people []school.Learner
		var actors []access.Actor
		for i := range 10 {
			l, who := w.pupil(fmt.Sprint("p", i))
			people, actors = append(people, l), append(actors, who)
		}
		_, err := w.enrol(o, people[:5]...)
		w.must(err)
		var all sync.WaitGroup
		for i := range 2 {
			all.Go(func() { _ = w.Withdraw(ctx, actors[i], o.Key) })
		}
		for i := 5; i < 10; i++ {
			all.Go(func() {
				if i%2 == 0 {
					_, _ = w.SignUp(ctx, actors[i], o.Key)
				} else {
					_, _ = w.enrol(o, people[i])
				}
			})
		}
		all.Wait()
		if now := w.classOf(o.Key); now.Enrolled != 3 {
			t.Errorf("%d in a class of 3 with %d waiting", now.Enrolled, now.Waiting)
		}
		n := 0
		w.must(w.d.Get(ctx, &n, `SELECT COUNT(*) FROM booking_resources WHERE booking_id = ? AND active AND role <> 'lecturer'`, o.BookingID))
		if n != 3 {
			t.Errorf("%d people booked for a class of 3", n)
		}
	})
}
