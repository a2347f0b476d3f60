package school

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Offering (班次) is a course held once, at a time and a place.
type Offering struct {
	ID         int64      `db:"id"`
	Key        string     `db:"key"`
	CourseKey  string     `db:"course_key"`
	CourseID   int64      `db:"course_id"`
	CourseCode string     `db:"course_code"`
	Kind       CourseKind `db:"kind"`
	Title      string     `db:"title"`
	Aims       string     `db:"aims"`
	EditionNo  int        `db:"edition_no"`
	Minutes    int        `db:"minutes"`
	BatchNo    string     `db:"batch_no"`
	LecturerID *int64     `db:"lecturer_id"`
	Lecturer   string     `db:"lecturer"`
	RoomID     *int64     `db:"room_id"`
	Room       string     `db:"room"`
	Place      string     `db:"place"`
	BookingID  int64      `db:"booking_id"`
	StartsAt   db.Time    `db:"starts_at"`
	EndsAt     db.Time    `db:"ends_at"`
	Day        string     `db:"day"`
	Capacity   int        `db:"capacity"`
	SelfSignup bool       `db:"self_signup"`
	Public     bool       `db:"public"`
	EarlyMin   int        `db:"early_min"`
	LateMin    int        `db:"late_min"`
	Secret     []byte     `db:"secret"`
	State      string     `db:"state"` // open, cancelled
	Reason     string     `db:"reason"`
	Version    int64      `db:"version"`
	Enrolled   int        `db:"enrolled"`
	Waiting    int        `db:"waiting"`
	SignedIn   int        `db:"signed_in"`
}

const offeringQuery = `SELECT o.id, o.key, c.key AS course_key, c.id AS course_id, c.code AS course_code, c.kind, e.title, e.aims, e.no AS edition_no, e.minutes, o.batch_no, o.lecturer_id,
	COALESCE(l.name, '') AS lecturer, o.room_id, COALESCE(r.short_name, '') AS room, o.place, o.booking_id, o.starts_at, o.ends_at, o.day, o.capacity,
	o.self_signup, o.public, o.early_min, o.late_min, o.secret, o.state, o.reason, o.version,
	(SELECT COUNT(*) FROM enrolments n WHERE n.offering_id = o.id AND n.state = 'confirmed') AS enrolled,
	(SELECT COUNT(*) FROM enrolments n WHERE n.offering_id = o.id AND n.state = 'waitlist') AS waiting,
	(SELECT COUNT(*) FROM attendance a JOIN enrolments n ON n.offering_id = a.offering_id AND n.learner_id = a.learner_id AND n.state = 'confirmed'
		WHERE a.offering_id = o.id AND a.in_at IS NOT NULL) AS signed_in
	FROM offerings o JOIN course_editions e ON e.id = o.edition_id JOIN courses c ON c.id = e.course_id
	LEFT JOIN lecturers l ON l.id = o.lecturer_id LEFT JOIN rooms r ON r.id = o.room_id`

// Name is how people call the class: 《…》第3期.
func (o Offering) Name() string { return "《" + o.Title + "》" + o.BatchNo }

// Where is the room or the other place.
func (o Offering) Where() string {
	if o.Room != "" && o.Place != "" {
		return o.Room + "（" + o.Place + "）"
	}
	return o.Room + o.Place
}

// When is day and time in words.
func (o Offering) When() string { return spell(o.StartsAt.Time, o.EndsAt.Time) }

func spell(from, to time.Time) string {
	return from.In(db.Shanghai).Format("1月2日15:04") + "–" + to.In(db.Shanghai).Format("15:04")
}

// Cancelled tells whether the class was called off.
func (o Offering) Cancelled() bool { return o.State == "cancelled" }

// Over tells whether the class has ended.
func (o Offering) Over(now time.Time) bool { return !now.Before(o.EndsAt.Time) }

// OfferingInput is what a trainer decides of a class. Form fields: batch_no, lecturer,
// room, place, day, starts, ends, capacity, early_min, late_min.
type OfferingInput struct {
	BatchNo     string
	LecturerKey string
	RoomID      int64 // 0: elsewhere, see Place
	Place       string
	Start, End  time.Time
	Capacity    int
	SelfSignup  bool
	Public      bool
	EarlyMin    int
	LateMin     int
	LeaveOut    []string // keys of learners who don't go along to a new time
	Version     int64
}

func (in OfferingInput) check() error {
	f := fault.Form{}
	f.Check(in.BatchNo != "" && utf8.RuneCountInString(in.BatchNo) <= 20, "batch_no", "请填写期次，例如“第3期”，最多 20 字")
	f.Check(in.RoomID != 0 || in.Place != "", "place", "请选择调解室，或写明在哪里上课")
	f.Check(utf8.RuneCountInString(in.Place) <= 60, "place", "地点最多 60 字")
	f.Check(in.RoomID != 0 || in.LecturerKey != "", "lecturer", "请选择讲师（不在调解室上课时，至少要有讲师）")
	f.Check(!in.Start.IsZero(), "starts", "请填写哪一天、几点开始")
	f.Check(in.End.After(in.Start), "ends", "结束要晚于开始")
	f.Check(in.Capacity >= 1 && in.Capacity <= 2000, "capacity", "名额请填 1 到 2000")
	f.Check(in.EarlyMin >= 0 && in.EarlyMin <= 240, "early_min", "请填 0 到 240 分钟")
	f.Check(in.LateMin >= 0 && in.LateMin <= 240, "late_min", "请填 0 到 240 分钟")
	return f.Err()
}

// ClassFilter narrows a list of classes; zero fields don't.
type ClassFilter struct {
	From, To  string // days, both included
	CourseID  int64
	LearnerID int64 // in which the person stands, or stood
	OpenTo    int64 // this person may sign up for
	Public    bool  // shown to everybody
	Latest    bool  // newest first
	Limit     int
}

// Classes lists classes by time.
func (s *Service) Classes(ctx context.Context, r db.Reader, f ClassFilter) ([]Offering, error) {
	where, args := []string{"1 = 1"}, []any{}
	add := func(on bool, cond string, arg ...any) {
		if on {
			where, args = append(where, cond), append(args, arg...)
		}
	}
	add(f.From != "", "o.day >= ?", f.From)
	add(f.To != "", "o.day <= ?", f.To)
	add(f.CourseID != 0, "c.id = ?", f.CourseID)
	add(f.LearnerID != 0, "o.id IN (SELECT offering_id FROM enrolments WHERE learner_id = ? AND state <> 'left_out')", f.LearnerID)
	add(f.OpenTo != 0, "o.self_signup AND o.state = 'open' AND o.starts_at > ? AND o.id NOT IN (SELECT offering_id FROM enrolments WHERE learner_id = ? AND state IN ('confirmed', 'waitlist'))",
		db.At(s.db.Now()), f.OpenTo)
	add(f.Public, "o.public AND o.state = 'open' AND o.ends_at > ?", db.At(s.db.Now()))
	order := " ORDER BY o.starts_at, o.id"
	if f.Latest {
		order = " ORDER BY o.starts_at DESC, o.id DESC"
	}
	if f.Limit <= 0 {
		f.Limit = 200
	}
	var out []Offering
	return out, r.Select(ctx, &out, offeringQuery+` WHERE `+strings.Join(where, " AND ")+order+` LIMIT ?`, append(args, f.Limit)...)
}

// Class finds a class by key.
func (s *Service) Class(ctx context.Context, r db.Reader, key string) (Offering, error) {
	var o Offering
	return o, r.Get(ctx, &o, offeringQuery+` WHERE o.key = ?`, key)
}

// lockedClass reads a class that nobody else may change until the transaction ends.
func (s *Service) lockedClass(ctx context.Context, tx *db.Tx, key string) (Offering, error) {
	var id int64
	if err := tx.Get(ctx, &id, `SELECT id FROM offerings WHERE key = ?`+tx.Locking(), key); err != nil {
		return Offering{}, err
	}
	return s.Class(ctx, tx, key)
}

// OpenClass announces a class of a course's newest edition and books room and lecturer. It needs access.School.
func (s *Service) OpenClass(ctx context.Context, who access.Actor, idem, courseKey string, in OfferingInput) (key string, err error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		at, first, err := tx.Claim(ctx, idem)
		if key = at; err != nil || !first {
			return err
		}
		c, err := s.Course(ctx, tx, courseKey)
		if err != nil {
			return err
		}
		if c.RetiredOn != "" {
			return fault.New(fault.Invalid, "课程已停开，不能再开班")
		}
		req, lecturer, err := s.asking(ctx, tx, c.Title, in)
		if err != nil {
			return err
		}
		b, err := s.calendar.Book(ctx, tx, req)
		if err != nil {
			return atTime(err)
		}
		key = seal.NewKey()
		_, err = tx.Exec(ctx, `INSERT INTO offerings (key, edition_id, batch_no, lecturer_id, room_id, place, booking_id, starts_at, ends_at, day, capacity,
			self_signup, public, early_min, late_min, secret, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			key, c.EditionID, in.BatchNo, lecturer, ref(in.RoomID), in.Place, b.ID, b.StartsAt, b.EndsAt, b.Day, in.Capacity, in.SelfSignup, in.Public,
			in.EarlyMin, in.LateMin, s.box.Seal("class:"+key, seal.NewToken()), db.At(tx.Now))
		if err != nil {
			return err
		}
		tx.Touch("courses")
		if err := s.trail.Record(ctx, tx, who, "class.open", audit.Ref{Kind: "class", Key: key}, map[string]any{"course": c.Code, "day": b.Day}); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	return key, err
}

func ref(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// atTime puts a refusal of the calendar beside the time of the form.
func atTime(err error) error {
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) {
		return fault.At("starts", fault.MessageOf(err))
	}
	return err
}

// asking is the booking of room and lecturer; the learners are added by those who move a class.
func (s *Service) asking(ctx context.Context, tx *db.Tx, title string, in OfferingInput) (calendar.Request, *int64, error) {
	req := calendar.Request{Kind: "class", Title: "培训：" + title + " " + in.BatchNo, Place: in.Place, Start: in.Start, End: in.End, Confirmed: true}
	if in.RoomID != 0 {
		var room struct {
			Name  string `db:"short_name"`
			Seats int    `db:"seats"`
		}
		err := tx.Get(ctx, &room, `SELECT short_name, seats FROM rooms WHERE id = ?`, in.RoomID)
		if fault.Is(err, fault.NotFound) {
			return req, nil, fault.At("room", "没有这间调解室")
		}
		if err != nil {
			return req, nil, err
		}
		if in.Capacity > room.Seats {
			return req, nil, fault.At("capacity", room.Name+"只有 "+strconv.Itoa(room.Seats)+" 个座位，请减少名额或换地方")
		}
		id, err := s.calendar.ResourceID(ctx, tx, calendar.RoomKind, in.RoomID)
		if err != nil {
			return req, nil, err
		}
		if id == 0 {
			return req, nil, fault.At("room", "这间调解室还不能预约")
		}
		req.Resources = append(req.Resources, id)
		if req.Place == "" {
			req.Place = room.Name
		} else {
			req.Place = room.Name + "（" + in.Place + "）"
		}
	}
	if in.LecturerKey == "" {
		return req, nil, nil
	}
	l, err := s.Lecturer(ctx, tx, in.LecturerKey)
	if err != nil {
		return req, nil, fault.At("lecturer", "没有这位讲师")
	}
	res, err := s.resourceOfLecturer(ctx, tx, l.ID)
	req.Resources, req.Called = append(req.Resources, res), append(req.Called, res)
	return req, &l.ID, err
}

// MoveClass changes a class: time, place, lecturer, size. A new time or place is booked
// with everybody in the class in one transaction and told to everybody. Who has something
// else then must be left out by name (LeaveOut). It needs access.School.
func (s *Service) MoveClass(ctx context.Context, who access.Actor, key string, in OfferingInput) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.alterClass(ctx, who, key, in.Version, "class.change", func(tx *db.Tx, o Offering) (any, error) {
		if o.Over(tx.Now) {
			return nil, fault.New(fault.Conflict, "这个班已经结束，不能再改")
		}
		if in.Capacity < o.Enrolled-len(in.LeaveOut) {
			return nil, fault.At("capacity", "已有 "+strconv.Itoa(o.Enrolled)+" 人在名单里，名额不能少于这个数；要减人请先在名单里移出")
		}
		req, lecturer, err := s.asking(ctx, tx, o.Title, in)
		if err != nil {
			return nil, err
		}
		retimed := !in.Start.Equal(o.StartsAt.Time) || !in.End.Equal(o.EndsAt.Time)
		moved := retimed || deref(lecturer) != deref(o.LecturerID) || in.RoomID != deref(o.RoomID) || in.Place != o.Place
		if retimed && o.SignedIn > 0 {
			return nil, fault.At("starts", "已有 "+strconv.Itoa(o.SignedIn)+" 人签到，不能再改时间；请取消这个班，另开一班")
		}
		if moved {
			if err := s.rebook(ctx, tx, who, o, in, req); err != nil {
				return nil, err
			}
		}
		_, err = tx.Exec(ctx, `UPDATE offerings SET batch_no=?, lecturer_id=?, room_id=?, place=?, starts_at=?, ends_at=?, day=?, capacity=?, self_signup=?,
			public=?, early_min=?, late_min=? WHERE id = ?`, in.BatchNo, lecturer, ref(in.RoomID), in.Place, db.At(in.Start), db.At(in.End), db.DayOf(in.Start),
			in.Capacity, in.SelfSignup, in.Public, in.EarlyMin, in.LateMin, o.ID)
		if err != nil {
			return nil, err
		}
		now, err := s.Class(ctx, tx, key)
		if err != nil {
			return nil, err
		}
		if moved {
			err = s.tellClass(ctx, tx, now, "class.moved", "培训"+now.Name()+"有变动，现在是 "+now.When()+"，地点："+now.Where()+"。原来是 "+o.When()+"，地点："+o.Where()+"。")
			if err != nil {
				return nil, err
			}
		}
		return map[string]any{"moved": moved, "left_out": len(in.LeaveOut)}, s.promote(ctx, tx, now)
	})
}

// rebook takes the new time for everybody who comes along.
func (s *Service) rebook(ctx context.Context, tx *db.Tx, who access.Actor, o Offering, in OfferingInput, req calendar.Request) error {
	for _, k := range in.LeaveOut {
		l, err := s.Learner(ctx, tx, k)
		if err != nil {
			return err
		}
		if err := s.setState(ctx, tx, who, o.ID, l.ID, "left_out", "改期后时间有冲突"); err != nil {
			return err
		}
		if err := s.tellLearner(ctx, tx, o, l, "class.left_out", "培训"+o.Name()+"改到了 "+spell(in.Start, in.End)+"，您那时另有安排，教务老师已把您移出名单，请留意以后的班次。"); err != nil {
			return err
		}
	}
	people, err := s.confirmed(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	for _, l := range people {
		id, err := s.resourceOf(ctx, tx, l)
		if err != nil {
			return err
		}
		req.Resources, req.Called = append(req.Resources, id), append(req.Called, id)
	}
	troubled, err := s.weigh(ctx, tx, people, in.Start, in.End, o.BookingID)
	if err != nil {
		return err
	}
	var names []string
	for _, c := range troubled {
		if c.Busy() {
			names = append(names, c.Learner.Name+"（"+c.Clashes[0].Say()+"）")
		}
	}
	if len(names) > 0 {
		return fault.At("leave_out", "这几位新时间另有安排，请勾选移出名单，或另选时间："+strings.Join(names, "；"))
	}
	return atTime(s.calendar.Reschedule(ctx, tx, o.BookingID, req))
}

// CancelClass calls a class off and tells everybody. Signatures given stay in the log but
// count nothing. It needs access.School.
func (s *Service) CancelClass(ctx context.Context, who access.Actor, key, reason string, version int64) error {
	if reason == "" || utf8.RuneCountInString(reason) > 200 {
		return fault.At("reason", "请写明取消的原因，最多 200 字")
	}
	return s.alterClass(ctx, who, key, version, "class.cancel", func(tx *db.Tx, o Offering) (any, error) {
		if o.Over(tx.Now) {
			return nil, fault.New(fault.Conflict, "这个班已经结束，不能再取消")
		}
		if _, err := tx.Exec(ctx, `UPDATE offerings SET state = 'cancelled', reason = ? WHERE id = ?`, reason, o.ID); err != nil {
			return nil, err
		}
		if err := s.calendar.Cancel(ctx, tx, o.BookingID, reason); err != nil {
			return nil, err
		}
		if err := s.discredit(ctx, tx, who, o, "班次取消："+reason); err != nil {
			return nil, err
		}
		return nil, s.tellClass(ctx, tx, o, "class.cancelled", "培训"+o.Name()+"（"+o.When()+"）取消了。原因："+reason)
	})
}

func (s *Service) alterClass(ctx context.Context, who access.Actor, key string, version int64, action string, act func(*db.Tx, Offering) (any, error)) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := s.lockedClass(ctx, tx, key)
		if err != nil {
			return err
		}
		if o.Cancelled() {
			return fault.New(fault.Conflict, "这个班已经取消了")
		}
		if err := tx.Swap(ctx, `UPDATE offerings SET version = version + 1 WHERE id = ? AND version = ?`, o.ID, version); err != nil {
			return err
		}
		detail, err := act(tx, o)
		if err != nil {
			return err
		}
		tx.Touch("courses")
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "class", Key: key}, detail)
	})
}

// ICSOfClass writes a class as a calendar file.
func (s *Service) ICSOfClass(ctx context.Context, o Offering) (string, error) {
	b, err := s.calendar.Booking(ctx, s.db, o.BookingID)
	if err != nil {
		return "", err
	}
	return calendar.ICS("培训班次", []calendar.Booking{b}), nil
}

func deref(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}
