package web

import (
	"slices"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/school"
	views "tiaojie/views/classes"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) courseRoutes(g *registry) {
	g.get("/desk/school/courses", access.School, s.courseList)
	g.get("/desk/school/courses/new", access.School, func(c *Ctx) error { return s.courseForm(c, c.newForm(), school.Course{}, nil) })
	g.post("/desk/school/courses/new", access.School, s.courseAdd)
	g.get("/desk/school/courses/:course", access.School, func(c *Ctx) error { return s.coursePage(c, c.newForm()) })
	g.get("/desk/school/courses/:course/revise", access.School, s.courseEdit)
	g.post("/desk/school/courses/:course/revise", access.School, s.courseRevise)
	g.post("/desk/school/courses/:course/retire", access.School, s.courseRetire)
	g.post("/desk/school/courses/:course/resume", access.School, s.courseResume)
	g.get("/desk/school/courses/:course/open", access.School, s.classNew)
	g.post("/desk/school/courses/:course/open", access.School, s.classOpen)
	g.get("/desk/school/lecturers", access.School, s.lecturerList)
	g.get("/desk/school/lecturers/new", access.School, func(c *Ctx) error { return s.lecturerForm(c, c.newForm(), school.Lecturer{}, nil) })
	g.post("/desk/school/lecturers/new", access.School, s.lecturerAdd)
	g.get("/desk/school/lecturers/:lecturer", access.School, s.lecturerEdit)
	g.post("/desk/school/lecturers/:lecturer", access.School, s.lecturerSave)
	g.post("/desk/school/lecturers/:lecturer/retire", access.School, func(c *Ctx) error { return s.lecturerRetire(c, true) })
	g.post("/desk/school/lecturers/:lecturer/resume", access.School, func(c *Ctx) error { return s.lecturerRetire(c, false) })
	s.classRoutes(g)
	s.attendRoutes(g)
}

func (s *Server) courseList(c *Ctx) error {
	list, err := s.School.Courses(c.ctx(), s.DB)
	if err != nil {
		return err
	}
	return c.Page(views.Courses(c.page("课程"), list))
}

func (s *Server) coursePage(c *Ctx, f ui.Form) error {
	course, err := s.School.Course(c.ctx(), s.DB, c.Param("course"))
	if err != nil {
		return err
	}
	d := views.CourseData{Form: f, Course: course, Now: s.DB.Now()}
	if d.Needs, err = s.School.Prereqs(c.ctx(), s.DB, course.ID); err != nil {
		return err
	}
	if d.Editions, err = s.School.CourseEditions(c.ctx(), s.DB, course.ID); err != nil {
		return err
	}
	if d.Classes, err = s.School.Classes(c.ctx(), s.DB, school.ClassFilter{CourseID: course.ID, Latest: true}); err != nil {
		return err
	}
	return c.Page(views.Course(c.page(course.Title), d))
}

func (s *Server) courseForm(c *Ctx, f ui.Form, course school.Course, stored *ui.Form) error {
	d := views.EditCourseData{Form: f, Course: course, Stored: stored}
	all, err := s.School.Courses(c.ctx(), s.DB)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID != course.ID && (o.RetiredOn == "" || f.Has("needs", id(o.ID))) {
			d.Others = append(d.Others, ui.Option{Value: id(o.ID), Label: o.Title, Hint: o.Code})
		}
	}
	title := "新增课程"
	if course.ID != 0 {
		title = "修订课程"
	}
	return c.Page(views.EditCourse(c.page(title), d))
}

func (c *Ctx) courseInput() school.CourseInput {
	in := school.CourseInput{Code: c.Field("code"), Kind: school.CourseKind(c.Field("kind")), Title: c.Field("title"), Aims: c.Field("aims"),
		Minutes: c.whole("minutes", 0), Needs: c.Ints("needs"), Note: c.Field("note"), Version: c.Version()}
	return in
}

func (s *Server) courseAdd(c *Ctx) error {
	key, err := s.School.AddCourse(c.ctx(), c.Who, c.Idem(), c.courseInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.courseForm(c, c.again(errs), school.Course{}, nil) })
	}
	c.Tell("已新增课程，可以开班了")
	return c.Go(link.DeskCourse(key))
}

// courseFilled is the form as it is stored.
func (s *Server) courseFilled(c *Ctx, course school.Course) (ui.Form, error) {
	f := c.filled("title", course.Title, "aims", course.Aims, "minutes", strconv.Itoa(course.Minutes))
	needs, err := s.School.Prereqs(c.ctx(), s.DB, course.ID)
	for _, n := range needs {
		f.Values.Add("needs", id(n.ID))
	}
	return f, err
}

func (s *Server) courseEdit(c *Ctx) error {
	course, err := s.School.Course(c.ctx(), s.DB, c.Param("course"))
	if err != nil {
		return err
	}
	f, err := s.courseFilled(c, course)
	if err != nil {
		return err
	}
	return s.courseForm(c, f, course, nil)
}

func (s *Server) courseRevise(c *Ctx) error {
	err := s.School.ReviseCourse(c.ctx(), c.Who, c.Param("course"), c.courseInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			course, err := s.School.Course(c.ctx(), s.DB, c.Param("course"))
			if err != nil {
				return err
			}
			stored, err := s.courseFilled(c, course)
			if err != nil {
				return err
			}
			return s.courseForm(c, c.again(errs), course, c.since(course.Version, stored))
		})
	}
	c.Tell("新版已发布")
	return c.Go(link.DeskCourse(c.Param("course")))
}

func (s *Server) courseRetire(c *Ctx) error {
	return s.courseDone(c, s.School.RetireCourse(c.ctx(), c.Who, c.Param("course"), c.Version()), "已停开，可以随时恢复")
}

func (s *Server) courseResume(c *Ctx) error {
	return s.courseDone(c, s.School.ResumeCourse(c.ctx(), c.Who, c.Param("course"), c.Version()), "已恢复")
}

func (s *Server) courseDone(c *Ctx, err error, said string) error {
	return c.done(err, s.coursePage, said, link.DeskCourse(c.Param("course")))
}

func (s *Server) lecturerList(c *Ctx) error {
	list, err := s.School.Lecturers(c.ctx(), s.DB)
	if err != nil {
		return err
	}
	return c.Page(views.Lecturers(c.page("讲师"), list))
}

func (s *Server) lecturerForm(c *Ctx, f ui.Form, l school.Lecturer, stored *ui.Form) error {
	d := views.LecturerData{Form: f, Lecturer: l, Stored: stored}
	if l.ID == 0 {
		people, err := s.School.Learners(c.ctx(), s.DB, c.Who, school.LearnerFilter{})
		if err != nil {
			return err
		}
		d.Roster = []ui.Option{{Label: "不是，外请的"}}
		for _, p := range people {
			d.Roster = append(d.Roster, ui.Option{Value: p.Key, Label: p.Name + "（" + school.PostLabel(p.Post) + "）"})
		}
	}
	return c.Page(views.EditLecturer(c.page(or(l.Name, "新增讲师")), d))
}

func (c *Ctx) lecturerInput() school.LecturerInput {
	return school.LecturerInput{LearnerKey: c.Field("learner"), Name: c.Field("name"), Title: c.Field("title"), Org: c.Field("org"), Topics: c.Field("topics"),
		Bio: c.Field("bio"), Consent: c.Field("consent") == "yes", Version: c.Version()}
}

func (s *Server) lecturerAdd(c *Ctx) error {
	if _, err := s.School.AddLecturer(c.ctx(), c.Who, c.Idem(), c.lecturerInput()); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.lecturerForm(c, c.again(errs), school.Lecturer{}, nil) })
	}
	c.Tell("已新增讲师")
	return c.Go(link.DeskLecturers())
}

func (c *Ctx) lecturerFilled(l school.Lecturer) ui.Form {
	f := c.filled("name", l.Name, "title", l.Title, "org", l.Org, "topics", l.Topics, "bio", l.Bio)
	if l.ConsentOn != "" {
		f.Values.Set("consent", "yes")
	}
	return f
}

func (s *Server) lecturerEdit(c *Ctx) error {
	l, err := s.School.Lecturer(c.ctx(), s.DB, c.Param("lecturer"))
	if err != nil {
		return err
	}
	return s.lecturerForm(c, c.lecturerFilled(l), l, nil)
}

func (s *Server) lecturerSave(c *Ctx) error {
	return s.lecturerDone(c, s.School.SaveLecturer(c.ctx(), c.Who, c.Param("lecturer"), c.lecturerInput()), "已保存")
}

func (s *Server) lecturerRetire(c *Ctx, on bool) error {
	said := "已恢复授课"
	if on {
		said = "以后开班不再列出"
	}
	err := s.School.RetireLecturer(c.ctx(), c.Who, c.Param("lecturer"), c.Version(), on)
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			l, err := s.School.Lecturer(c.ctx(), s.DB, c.Param("lecturer"))
			if err != nil {
				return err
			}
			f := c.lecturerFilled(l)
			f.Errors = errs
			return s.lecturerForm(c, f, l, nil)
		})
	}
	c.Tell(said)
	return c.Go(link.DeskLecturers())
}

func (s *Server) lecturerDone(c *Ctx, err error, said string) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			l, err := s.School.Lecturer(c.ctx(), s.DB, c.Param("lecturer"))
			if err != nil {
				return err
			}
			return s.lecturerForm(c, c.again(errs), l, c.since(l.Version, c.lecturerFilled(l)))
		})
	}
	c.Tell(said)
	return c.Go(link.DeskLecturers())
}

// lecturerOptions lists who teaches, and the one to keep.
func (s *Server) lecturerOptions(c *Ctx, keep *int64) ([]ui.Option, error) {
	list, err := s.School.Lecturers(c.ctx(), s.DB)
	out := []ui.Option{{Label: "没有讲师"}}
	for _, l := range list {
		if l.RetiredOn == "" || keep != nil && *keep == l.ID {
			out = append(out, ui.Option{Value: l.Key, Label: l.Name})
		}
	}
	return out, err
}

func (s *Server) lecturerKey(c *Ctx, lecturerID *int64) (string, error) {
	if lecturerID == nil {
		return "", nil
	}
	list, err := s.School.Lecturers(c.ctx(), s.DB)
	i := slices.IndexFunc(list, func(l school.Lecturer) bool { return l.ID == *lecturerID })
	if err != nil || i < 0 {
		return "", err
	}
	return list[i].Key, nil
}
