package web

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/db"
	views "tiaojie/views/classes"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) classRoutes(g *registry) {
	g.get("/desk/school/classes", access.School, s.classList)
	g.get("/desk/school/classes/:class", access.School, func(c *Ctx) error { return s.classPage(c, c.newForm()) })
	g.get("/desk/school/classes/:class/edit", access.School, s.classEdit)
	g.post("/desk/school/classes/:class/edit", access.School, s.classSave)
	g.get("/desk/school/classes/:class/cancel", access.School, func(c *Ctx) error { return s.classCancelPage(c, c.newForm()) })
	g.post("/desk/school/classes/:class/cancel", access.School, s.classCancel)
	g.get("/desk/school/classes/:class/enrol", access.School, s.enrolForm)
	g.post("/desk/school/classes/:class/enrol", access.School, s.enrol)
	g.get("/desk/school/classes/:class/people/:learner", access.School, func(c *Ctx) error { return s.seatPage(c, nil) })
	g.post("/desk/school/classes/:class/people/:learner/mark", access.School, s.seatMark)
	g.post("/desk/school/classes/:class/people/:learner/remove", access.School, s.seatRemove)
	g.get("/desk/school/classes/:class/ics", access.School, s.classICS, raw)
}

func (s *Server) class(c *Ctx) (school.Offering, error) {
	return s.School.Class(c.ctx(), s.DB, c.Param("class"))
}

func (s *Server) classList(c *Ctx) error {
	past := c.QueryParam("when") == "past"
	now := s.DB.Now()
	f := school.ClassFilter{From: db.DayOf(now)}
	if past {
		f = school.ClassFilter{To: db.DayOf(now.Add(-24 * time.Hour)), Latest: true}
	}
	list, err := s.School.Classes(c.ctx(), s.DB, f)
	if err != nil {
		return err
	}
	d := views.ListData{Classes: list, Now: now, Past: past, Tabs: []ui.Tab{{Label: "今天和以后", Href: link.DeskClasses(), Current: !past},
		{Label: "以前", Href: link.With(link.DeskClasses(), "when", "past"), Current: past}}}
	return c.Page(views.Classes(c.page("班次"), d))
}

func (s *Server) classPage(c *Ctx, f ui.Form) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	d := views.ClassData{Form: f, Class: o, Now: s.DB.Now()}
	if d.Seats, err = s.School.Seats(c.ctx(), s.DB, c.Who, o.ID); err != nil {
		return err
	}
	if d.Places, err = s.School.Places(c.ctx(), s.DB, o.ID); err != nil {
		return err
	}
	if d.Log, err = s.School.AttendanceLog(c.ctx(), s.DB, c.Who, o.ID); err != nil {
		return err
	}
	return c.Page(views.Class(c.page(o.Name()), d))
}

func (s *Server) classNew(c *Ctx) error {
	course, err := s.School.Course(c.ctx(), s.DB, c.Param("course"))
	if err != nil {
		return err
	}
	n, err := s.School.Classes(c.ctx(), s.DB, school.ClassFilter{CourseID: course.ID})
	if err != nil {
		return err
	}
	f := c.filled("batch_no", fmt.Sprintf("第%d期", len(n)+1), "capacity", "40", "early_min", "30", "late_min", "10", "shown", "self")
	return s.classForm(c, f, course, school.Offering{}, nil, nil)
}

func (s *Server) classForm(c *Ctx, f ui.Form, course school.Course, o school.Offering, troubles []school.Candidate, stored *ui.Form) error {
	d := views.EditClassData{Form: f, Course: course, Class: o, Troubles: troubles, Stored: stored}
	var err error
	if d.Lecturers, err = s.lecturerOptions(c, o.LecturerID); err != nil {
		return err
	}
	if d.Rooms, err = s.roomOptions(c.ctx(), "不在调解室"); err != nil {
		return err
	}
	title := "开班"
	if o.ID != 0 {
		title = "修改班次"
	}
	return c.Page(views.EditClass(c.page(title), d))
}

func (c *Ctx) classInput() school.OfferingInput {
	in := school.OfferingInput{BatchNo: c.Field("batch_no"), LecturerKey: c.Field("lecturer"), RoomID: c.Int("room"), Place: c.Field("place"), Capacity: c.whole("capacity", 0),
		SelfSignup: slices.Contains(c.Form()["shown"], "self"), Public: slices.Contains(c.Form()["shown"], "public"), EarlyMin: c.whole("early_min", 0),
		LateMin: c.whole("late_min", 0), LeaveOut: c.Form()["leave_out"], Version: c.Version()}
	in.Start, in.End = onDay(c.Field("day"), c.Field("starts")), onDay(c.Field("day"), c.Field("ends"))
	return in
}

// onDay is a time of a day as typed; the zero time when either is missing.
func onDay(day, at string) time.Time {
	d := dayOf(day)
	m, ok := clock(at)
	if d.IsZero() || !ok {
		return time.Time{}
	}
	return d.Add(time.Duration(m) * time.Minute)
}

func (s *Server) classOpen(c *Ctx) error {
	key, err := s.School.OpenClass(c.ctx(), c.Who, c.Idem(), c.Param("course"), c.classInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			course, err := s.School.Course(c.ctx(), s.DB, c.Param("course"))
			if err != nil {
				return err
			}
			return s.classForm(c, c.again(errs), course, school.Offering{}, nil, nil)
		})
	}
	c.Tell("已开班，接着加学员吧")
	return c.Go(link.DeskClass(key))
}

// classFilled is the form as it is stored.
func (s *Server) classFilled(c *Ctx, o school.Offering) (ui.Form, error) {
	lecturer, err := s.lecturerKey(c, o.LecturerID)
	f := c.filled("batch_no", o.BatchNo, "day", o.Day, "starts", ui.Clock(o.StartsAt.Time), "ends", ui.Clock(o.EndsAt.Time), "room", id(deref(o.RoomID)), "place", o.Place,
		"lecturer", lecturer, "capacity", strconv.Itoa(o.Capacity), "early_min", strconv.Itoa(o.EarlyMin), "late_min", strconv.Itoa(o.LateMin))
	if o.SelfSignup {
		f.Values.Add("shown", "self")
	}
	if o.Public {
		f.Values.Add("shown", "public")
	}
	return f, err
}

func (s *Server) classEdit(c *Ctx) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	f, err := s.classFilled(c, o)
	if err != nil {
		return err
	}
	return s.classForm(c, f, school.Course{Key: o.CourseKey, Title: o.Title}, o, nil, nil)
}

func (s *Server) classSave(c *Ctx) error {
	in := c.classInput()
	err := s.School.MoveClass(c.ctx(), c.Who, c.Param("class"), in)
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			o, err := s.class(c)
			if err != nil {
				return err
			}
			var troubles []school.Candidate
			if errs["leave_out"] != "" || len(in.LeaveOut) > 0 {
				if troubles, err = s.School.MoveTroubles(c.ctx(), c.Who, o, in.Start, in.End); err != nil {
					return err
				}
			}
			stored, err := s.classFilled(c, o)
			if err != nil {
				return err
			}
			return s.classForm(c, c.again(errs), school.Course{Key: o.CourseKey, Title: o.Title}, o, troubles, c.since(o.Version, stored))
		})
	}
	c.Tell("已保存，有变动的都已告知")
	return c.Go(link.DeskClass(c.Param("class")))
}

func (s *Server) classCancelPage(c *Ctx, f ui.Form) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	return c.Page(views.Cancel(c.page("取消班次"), f, o))
}

func (s *Server) classCancel(c *Ctx) error {
	err := s.School.CancelClass(c.ctx(), c.Who, c.Param("class"), c.Field("reason"), c.Version())
	return c.done(err, s.classCancelPage, "已取消，并告知名单里的人", link.DeskClass(c.Param("class")))
}

func (s *Server) classICS(c *Ctx) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	return s.icsOf(c, o)
}

func (s *Server) icsOf(c *Ctx, o school.Offering) error {
	body, err := s.School.ICSOfClass(c.ctx(), o)
	if err != nil {
		return err
	}
	return c.Download(o.Title+o.BatchNo+".ics", "text/calendar; charset=utf-8", []byte(body))
}

func (s *Server) enrolForm(c *Ctx) error {
	return s.enrolPage(c, c.queryForm(), c.newForm(), nil)
}

// enrolPage lists who fits the filters; ticked is nil when the list is shown for the first time.
func (s *Server) enrolPage(c *Ctx, filters, post ui.Form, ticked []string) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	d := views.EnrolData{Form: filters, Post: post, Class: o, Posts: []ui.Option{{Label: "不限"}}, Ticks: map[string]bool{}}
	if d.Units, err = s.unitOptions(c, nil); err != nil {
		return err
	}
	d.Units[0].Label = "不限"
	for _, p := range school.Posts {
		d.Posts = append(d.Posts, ui.Option{Value: p.Code, Label: p.Label})
	}
	unit, _ := strconv.ParseInt(filters.Value("unit"), 10, 64)
	f := school.LearnerFilter{UnitID: unit, Post: filters.Value("post"), Name: filters.Value("name")}
	d.Asked, d.Bulk = f != school.LearnerFilter{}, f.UnitID != 0 || f.Post != ""
	if d.Asked {
		people, err := s.School.Learners(c.ctx(), s.DB, c.Who, f)
		if err != nil {
			return err
		}
		if d.List, err = s.School.Weigh(c.ctx(), s.DB, c.Who, o, people); err != nil {
			return err
		}
	}
	for _, x := range d.List {
		d.Ticks[x.Learner.Key] = ticked == nil && d.Bulk && x.Free() || slices.Contains(ticked, x.Learner.Key)
	}
	return c.Page(views.Enrol(c.page("加学员"), d))
}

func (s *Server) enrol(c *Ctx) error {
	filters, take := c.newForm(), c.Form()["take"]
	for _, k := range []string{"unit", "post", "name"} {
		filters.Values.Set(k, c.Field(k))
	}
	var leaveOut []string
	if f := (school.LearnerFilter{UnitID: c.Int("unit"), Post: c.Field("post"), Name: c.Field("name")}); f.UnitID != 0 || f.Post != "" {
		people, err := s.School.Learners(c.ctx(), s.DB, c.Who, f)
		if err != nil {
			return err
		}
		for _, p := range people {
			if !slices.Contains(take, p.Key) {
				leaveOut = append(leaveOut, p.Key)
			}
		}
	}
	out, err := s.School.Enrol(c.ctx(), c.Who, c.Idem(), c.Param("class"), take, leaveOut)
	if err != nil {
		if take == nil {
			take = []string{}
		}
		return c.Refused(err, func(errs map[string]string) error { return s.enrolPage(c, filters, c.again(errs), take) })
	}
	c.Tell(fmt.Sprintf("列入 %d 人，候补 %d 人，因冲突未列入 %d 人", out.Confirmed, out.Waiting, out.LeftOut))
	return c.Go(link.DeskClass(c.Param("class")))
}

func (s *Server) seatPage(c *Ctx, refused *ui.Form) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	l, err := s.School.Learner(c.ctx(), s.DB, c.Param("learner"))
	if err != nil {
		return err
	}
	d := views.SeatData{Class: o, Now: s.DB.Now()}
	if d.Place, err = s.School.PlaceOf(c.ctx(), s.DB, o.ID, l.ID); err != nil {
		return err
	}
	if d.Mark, err = s.School.OwnAttendance(c.ctx(), s.DB, o, l); err != nil {
		return err
	}
	if refused != nil {
		d.Form = *refused
	} else {
		d.Form = c.filled("excused", d.Mark.Excused)
		if !d.Mark.InAt.IsZero() {
			d.Form.Values.Set("in", ui.Clock(d.Mark.InAt.Time))
		}
		if !d.Mark.OutAt.IsZero() {
			d.Form.Values.Set("out", ui.Clock(d.Mark.OutAt.Time))
		}
	}
	return c.Page(views.Seat(c.page(l.Name), d))
}

func (s *Server) seatMark(c *Ctx) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	in := school.Marking{In: onDay(o.Day, c.Field("in")), Out: onDay(o.Day, c.Field("out")), Excused: c.Field("excused"), Reason: c.Field("reason"), Version: c.Version()}
	err = s.School.MarkAttendance(c.ctx(), c.Who, o.Key, c.Param("learner"), in)
	return s.seatDone(c, err, "已记下，并告诉本人")
}

func (s *Server) seatRemove(c *Ctx) error {
	err := s.School.Remove(c.ctx(), c.Who, c.Param("class"), c.Param("learner"), c.Field("why"))
	if reason := fault.FieldsOf(err)["reason"]; reason != "" {
		err = fault.At("why", reason)
	}
	return s.seatDone(c, err, "已移出名单")
}

func (s *Server) seatDone(c *Ctx, err error, said string) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			f := c.again(errs)
			return s.seatPage(c, &f)
		})
	}
	c.Tell(said)
	return c.Go(link.DeskClass(c.Param("class")))
}
