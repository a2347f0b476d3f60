package school

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Attendance (考勤) is a person's attendance of a class as it stands.
type Attendance struct {
	InAt    db.Time `db:"in_at"`
	OutAt   db.Time `db:"out_at"`
	Excused string  `db:"excused"` // leave, absent
	Flag    string  `db:"flag"`    // what a trainer should look at
	Version int64   `db:"version"` // 0: nothing yet
}

const attendanceColumns = `in_at, out_at, excused, flag, version`

// Stands says in a word how somebody attends, as of now.
func (a Attendance) Stands(o Offering, now time.Time) string {
	switch {
	case a.Excused == "leave":
		return "请假"
	case a.Excused == "absent":
		return "缺课"
	case a.InAt.IsZero() && o.Over(now):
		return "缺课"
	case a.InAt.IsZero():
		return "未签到"
	case a.OutAt.IsZero() && o.Over(now):
		return "没有签退"
	case !a.OutAt.IsZero() && a.OutAt.Before(o.EndsAt.Add(-outBefore)):
		return "早退"
	case a.InAt.After(o.StartsAt.Add(time.Duration(o.LateMin) * time.Minute)):
		return "迟到"
	case !a.OutAt.IsZero():
		return "已签退"
	}
	return "已签到"
}

// Minutes is how long somebody was there; without a sign-out nothing is certain and nothing counts.
func (a Attendance) Minutes(o Offering) int {
	if a.InAt.IsZero() || a.OutAt.IsZero() || a.Excused != "" || o.Cancelled() {
		return 0
	}
	from, to := a.InAt.Time, a.OutAt.Time
	if from.Before(o.StartsAt.Time) {
		from = o.StartsAt.Time
	}
	if to.After(o.EndsAt.Time) {
		to = o.EndsAt.Time
	}
	return max(0, int(to.Sub(from).Minutes()))
}

// Attended tells whether it was enough of the class.
func (a Attendance) Attended(o Offering) bool {
	return a.Minutes(o)*100 >= finishShare*int(o.EndsAt.Sub(o.StartsAt.Time).Minutes())
}

// Showing is what somebody shows to sign in or out.
type Showing struct {
	Phase  Phase
	Code   string // from the picture
	Digits string // typed, when there is no code
	Device string // a mark of the browser, "" for an unknown one
}

// OwnClass finds a class in which the actor has a seat; fault.NotFound for all others.
func (s *Service) OwnClass(ctx context.Context, r db.Reader, who access.Actor, key string) (Offering, Learner, error) {
	me, err := s.Self(ctx, r, who)
	if err != nil {
		return Offering{}, me, err
	}
	o, err := s.Class(ctx, r, key)
	if err != nil {
		return o, me, err
	}
	p, err := s.PlaceOf(ctx, r, o.ID, me.ID)
	if fault.Is(err, fault.NotFound) || err == nil && p.State != "confirmed" {
		return o, me, fault.New(fault.NotFound, "您不在这个班的名单里，请找教务老师")
	}
	return o, me, err
}

// Opens refuses a phase that isn't open, and says when it is. It changes nothing.
func (s *Service) Opens(o Offering, p Phase) error {
	now := s.db.Now()
	from, to := o.Window(p)
	switch {
	case o.Cancelled():
		return fault.New(fault.Conflict, "这个班已经取消："+o.Reason)
	case now.Before(from) && db.DayOf(now) == db.DayOf(from):
		return fault.At("code", from.In(db.Shanghai).Format("15:04")+" 开始"+p.Label()+"，到时再来就行")
	case now.Before(from):
		return fault.At("code", from.In(db.Shanghai).Format("1月2日15:04")+" 开始"+p.Label()+"，到时再来就行")
	case now.After(to):
		return fault.At("code", p.Label()+"时间已过，请找教务老师补记")
	}
	return nil
}

// SignClass signs the actor in or out with what the hall's screen shows. Only the server's
// clock counts. The same act twice is one.
func (s *Service) SignClass(ctx context.Context, who access.Actor, key string, in Showing) (Attendance, error) {
	o, _, err := s.OwnClass(ctx, s.db, who, key)
	if err != nil {
		return Attendance{}, err
	}
	if in.Phase != In && in.Phase != Out {
		return Attendance{}, fault.At("code", "请重新扫一扫屏幕上的码")
	}
	if err := s.Opens(o, in.Phase); err != nil {
		return Attendance{}, err
	}
	how, wrong := "qr", fault.At("code", "这个码已经换了，请重新扫一扫屏幕上的码，或输入屏幕上的六位数字")
	if in.Code == "" {
		how, wrong = "code", fault.At("digits", "数字不对。屏幕上的数字每分钟换一次，请照着现在的输入")
		if err := s.people.Limit(ctx, "class.digits:"+strconv.FormatInt(who.AccountID, 10), time.Minute, digitTries, "试的次数太多，请等一分钟，或扫屏幕上的二维码"); err != nil {
			return Attendance{}, err
		}
	}
	if ok, err := s.CodeStands(o, in); err != nil || !ok {
		if err == nil {
			err = wrong
		}
		return Attendance{}, err
	}
	var now Attendance
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := s.lockedClass(ctx, tx, key)
		if err != nil {
			return err
		}
		_, me, err := s.OwnClass(ctx, tx, who, key) // may have been taken out since
		if err != nil {
			return err
		}
		before, err := s.attendance(ctx, tx, o.ID, me.ID)
		if err != nil {
			return err
		}
		now = before
		switch {
		case in.Phase == In && !before.InAt.IsZero():
			return nil
		case in.Phase == In:
			now.InAt, now.Excused = db.At(tx.Now), ""
		case before.InAt.IsZero():
			return fault.At("code", "您还没有签到，请找教务老师补记")
		case !before.OutAt.IsZero() && tx.Now.Sub(before.OutAt.Time) < digitStep:
			return nil
		default:
			now.OutAt = db.At(tx.Now)
		}
		if now.Flag == "" {
			if now.Flag, err = s.shared(ctx, tx, o, me, in.Device); err != nil {
				return err
			}
		}
		if err := s.keepAttendance(ctx, tx, o, me, before, now); err != nil {
			return err
		}
		now.Version = before.Version + 1
		return s.logged(ctx, tx, who, o, me, how, "class.sign-"+string(in.Phase), before, now, "", in.Device)
	})
	return now, err
}

// shared finds another person who signed on the same device shortly before, flags both,
// and says so. It refuses nobody: families and rooms share telephones.
func (s *Service) shared(ctx context.Context, tx *db.Tx, o Offering, me Learner, device string) (string, error) {
	if device == "" {
		return "", nil
	}
	var other Learner
	err := tx.Get(ctx, &other, `SELECT `+LearnerColumns+` FROM learners WHERE id = (SELECT learner_id FROM attendance_log WHERE device = ? AND at > ? AND learner_id <> ?
		AND offering_id = ? ORDER BY id DESC LIMIT 1)`, s.box.HashToken("device", device), db.At(tx.Now.Add(-sameDevice)), me.ID, o.ID)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE attendance SET flag = ?, version = version + 1 WHERE offering_id = ? AND learner_id = ? AND flag = ''`, flagOf(me.Name), o.ID, other.ID)
	return flagOf(other.Name), err
}

func flagOf(name string) string { return "与" + name + "在同一台手机上签的" }

func (s *Service) attendance(ctx context.Context, r db.Reader, offeringID, learnerID int64) (Attendance, error) {
	var a Attendance
	err := r.Get(ctx, &a, `SELECT `+attendanceColumns+` FROM attendance WHERE offering_id = ? AND learner_id = ?`, offeringID, learnerID)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return a, err
}

// keepAttendance writes by compare-and-set: of two who mark at once, the second is told.
func (s *Service) keepAttendance(ctx context.Context, tx *db.Tx, o Offering, l Learner, before, now Attendance) error {
	tx.Touch("courses")
	if before.Version == 0 {
		n, err := tx.Exec(ctx, `INSERT INTO attendance (offering_id, learner_id, in_at, out_at, excused, flag) VALUES (?,?,?,?,?,?)
			ON CONFLICT (offering_id, learner_id) DO NOTHING`, o.ID, l.ID, now.InAt, now.OutAt, now.Excused, now.Flag)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, l.Name+"的考勤刚刚有人记过，请先看现在的内容")
		}
		return err
	}
	return tx.Swap(ctx, `UPDATE attendance SET in_at = ?, out_at = ?, excused = ?, flag = ?, version = version + 1 WHERE offering_id = ? AND learner_id = ? AND version = ?`,
		now.InAt, now.OutAt, now.Excused, now.Flag, o.ID, l.ID, before.Version)
}

// words is an attendance as the log keeps it.
func (a Attendance) words() string {
	clock := func(t db.Time) string {
		if t.IsZero() {
			return "—"
		}
		return t.In(db.Shanghai).Format("15:04:05")
	}
	out := "签到 " + clock(a.InAt) + "，签退 " + clock(a.OutAt)
	switch a.Excused {
	case "leave":
		out += "，请假"
	case "absent":
		out += "，缺课"
	}
	return out
}

func (s *Service) logged(ctx context.Context, tx *db.Tx, who access.Actor, o Offering, l Learner, how, action string, before, now Attendance, reason, device string) error {
	if err := s.credit(ctx, tx, who, o, l, now); err != nil {
		return err
	}
	if device != "" {
		device = s.box.HashToken("device", device)
	}
	_, err := tx.Exec(ctx, `INSERT INTO attendance_log (offering_id, learner_id, at, how, before, after, reason, device, actor) VALUES (?,?,?,?,?,?,?,?,?)`,
		o.ID, l.ID, db.At(tx.Now), how, before.words(), now.words(), reason, device, who.Name)
	if err != nil {
		return err
	}
	return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "class", Key: o.Key}, map[string]string{"learner": l.Key, "how": how})
}

// Marking is what a trainer writes of somebody's attendance. Form fields: in, out, excused, reason.
type Marking struct {
	In, Out time.Time // zero for none
	Excused string    // leave, absent
	Reason  string
	Version int64 // of the attendance that was shown, 0 when there was none
}

// MarkAttendance writes somebody's attendance by hand; the person is told. It needs access.School.
func (s *Service) MarkAttendance(ctx context.Context, who access.Actor, key, learnerKey string, in Marking) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	f := fault.Form{}
	f.Check(in.Reason != "" && utf8.RuneCountInString(in.Reason) <= 200, "reason", "请写明为什么补记，最多 200 字")
	f.Check(in.Excused == "" || in.Excused == "leave" || in.Excused == "absent", "excused", "没有这一项")
	f.Check(in.Excused == "" || in.In.IsZero() && in.Out.IsZero(), "excused", "请假或缺课就不要再填签到、签退时间")
	f.Check(in.Out.IsZero() || !in.In.IsZero(), "in", "有签退就要有签到时间")
	f.Check(in.Out.IsZero() || in.Out.After(in.In), "out", "签退要晚于签到")
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := s.lockedClass(ctx, tx, key)
		if err != nil {
			return err
		}
		if o.Cancelled() {
			return fault.New(fault.Conflict, "这个班已经取消，不再记考勤")
		}
		if in.In.After(tx.Now) || in.Out.After(tx.Now) {
			return fault.At("in", "时间还没到，不能先记")
		}
		l, err := s.Learner(ctx, tx, learnerKey)
		if err != nil {
			return err
		}
		if p, err := s.PlaceOf(ctx, tx, o.ID, l.ID); err != nil || p.State != "confirmed" {
			return fault.New(fault.NotFound, l.Name+"不在这个班的名单里")
		}
		before, err := s.attendance(ctx, tx, o.ID, l.ID)
		if err != nil {
			return err
		}
		if before.Version != in.Version {
			return fault.New(fault.Conflict, l.Name+"的考勤刚刚有人记过（"+before.words()+"），请先看现在的内容")
		}
		now := Attendance{InAt: db.At(in.In), OutAt: db.At(in.Out), Excused: in.Excused, Flag: before.Flag}
		if err := s.keepAttendance(ctx, tx, o, l, before, now); err != nil {
			return err
		}
		if err := s.logged(ctx, tx, who, o, l, "manual", "class.mark", before, now, in.Reason, ""); err != nil {
			return err
		}
		return s.tellLearner(ctx, tx, o, l, "class.marked", who.Name+"为您补记了培训"+o.Name()+"的考勤："+now.words()+"。原因："+in.Reason)
	})
}

// Seat is a person of a class with the attendance.
type Seat struct {
	Learner
	Attendance
	Unit string `db:"unit"`
}

// Seats lists a class by name with everybody's attendance. It needs access.School.
func (s *Service) Seats(ctx context.Context, r db.Reader, who access.Actor, offeringID int64) ([]Seat, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var rows []struct {
		ID   int64  `db:"id"`
		Key  string `db:"key"`
		Name string `db:"name"`
		Unit string `db:"unit"`
		Post string `db:"post"`
		Acc  *int64 `db:"account_id"`
		Attendance
	}
	err := r.Select(ctx, &rows, `SELECT l.id, l.key, l.name, COALESCE(u.name, '') AS unit, l.post, l.account_id, a.in_at, a.out_at, COALESCE(a.excused, '') AS excused,
		COALESCE(a.flag, '') AS flag, COALESCE(a.version, 0) AS version
		FROM enrolments n JOIN learners l ON l.id = n.learner_id LEFT JOIN units u ON u.id = l.unit_id
		LEFT JOIN attendance a ON a.offering_id = n.offering_id AND a.learner_id = n.learner_id
		WHERE n.offering_id = ? AND n.state = 'confirmed' ORDER BY l.pinyin, l.id`, offeringID)
	out := make([]Seat, len(rows))
	for i, x := range rows {
		out[i] = Seat{Learner{ID: x.ID, Key: x.Key, Name: x.Name, Post: x.Post, AccountID: x.Acc}, x.Attendance, x.Unit}
	}
	return out, err
}

// LogLine is one line of how a class's attendance came about.
type LogLine struct {
	At     db.Time `db:"at"`
	Name   string  `db:"name"`
	How    string  `db:"how"`
	Before string  `db:"before"`
	After  string  `db:"after"`
	Reason string  `db:"reason"`
	Actor  string  `db:"actor"`
}

// AttendanceLog lists how a class's attendance came about, newest first. It needs access.School.
func (s *Service) AttendanceLog(ctx context.Context, r db.Reader, who access.Actor, offeringID int64) ([]LogLine, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var out []LogLine
	return out, r.Select(ctx, &out, `SELECT g.at, l.name, g.how, g.before, g.after, g.reason, g.actor FROM attendance_log g JOIN learners l ON l.id = g.learner_id
		WHERE g.offering_id = ? ORDER BY g.id DESC LIMIT 500`, offeringID)
}

// OwnAttendance is the actor's attendance of a class.
func (s *Service) OwnAttendance(ctx context.Context, r db.Reader, o Offering, me Learner) (Attendance, error) {
	return s.attendance(ctx, r, o.ID, me.ID)
}
