package web

import (
	"bytes"
	"net/http"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/papers/doc"
	"tiaojie/app/school"
	"tiaojie/app/seal"
	"tiaojie/db"
	views "tiaojie/views/classes"
	"tiaojie/views/link"
	"tiaojie/views/ui"

	"github.com/a-h/templ"
)

func (s *Server) attendRoutes(g *registry) {
	g.get("/desk/school/classes/:class/screen", access.School, s.screen)
	g.get("/desk/school/classes/:class/now", access.School, s.screenNow, raw)
	g.get("/desk/school/classes/:class/sheet", access.School, s.signSheet)
	g.get("/learn/courses", access.Learn, func(c *Ctx) error { return s.learnCourses(c, c.newForm()) })
	g.post("/learn/courses/:class/join", access.Learn, s.classJoin)
	g.post("/learn/courses/:class/leave", access.Learn, s.classLeave)
	g.get("/learn/courses/:class/ics", access.Learn, s.ownClassICS, raw)
	g.get("/learn/attend", access.Learn, s.attendList)
	g.get("/learn/attend/:class", access.Learn, s.signPage)
	g.post("/learn/attend/:class", access.Learn, s.sign)
}

// todaysClasses is the trainer's morning: what runs today and who isn't there.
func (s *Server) todaysClasses(c *Ctx) (templ.Component, error) {
	now := s.DB.Now()
	d := views.TodayData{Now: now}
	today, err := s.School.Classes(c.ctx(), s.DB, school.ClassFilter{From: db.DayOf(now), To: db.DayOf(now)})
	if err != nil {
		return nil, err
	}
	for _, o := range today {
		seats, err := s.School.Seats(c.ctx(), s.DB, c.Who, o.ID)
		if err != nil {
			return nil, err
		}
		missing, _ := missingOf(seats, school.In)
		d.Today = append(d.Today, views.TodayClass{Offering: o, Missing: missing})
	}
	return views.TodayPanel(d), nil
}

// taughtClasses announces the coming classes to everybody.
func (s *Server) taughtClasses(c *Ctx) (templ.Component, error) {
	list, err := s.School.Announced(c.ctx(), s.DB)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return views.Announced(list), nil
}

// myClasses shows the next classes on one's own start page.
func (s *Server) myClasses(c *Ctx) (templ.Component, error) {
	d := views.LearnData{Now: s.DB.Now()}
	all, err := s.School.OwnClasses(c.ctx(), s.DB, c.Who, db.DayOf(d.Now))
	for _, x := range all {
		if !x.Over(d.Now) && x.Held != "withdrawn" {
			d.Mine = append(d.Mine, x)
		}
	}
	return views.NextClasses(d), err
}

// missingOf names who has not signed in, or out; who is on leave is not missed.
func missingOf(seats []school.Seat, p school.Phase) (missing []string, done int) {
	for _, x := range seats {
		at := x.InAt
		if p == school.Out {
			at = x.OutAt
		}
		switch {
		case !at.IsZero():
			done++
		case x.Excused == "" && (p == school.In || !x.InAt.IsZero()):
			missing = append(missing, x.Name)
		}
	}
	return missing, done
}

func phaseOf(text string) school.Phase {
	if text == string(school.Out) {
		return school.Out
	}
	return school.In
}

func (s *Server) screenData(c *Ctx) (views.ScreenData, error) {
	o, err := s.class(c)
	if err != nil {
		return views.ScreenData{}, err
	}
	d := views.ScreenData{Class: o, Phase: phaseOf(c.QueryParam("phase"))}
	seats, err := s.School.Seats(c.ctx(), s.DB, c.Who, o.ID)
	if err != nil {
		return d, err
	}
	d.Missing, d.Done = missingOf(seats, d.Phase)
	if err := s.School.Opens(o, d.Phase); err != nil {
		d.Closed = saying(err)
		return d, nil
	}
	codes, err := s.School.ScreenCodes(c.Who, o, d.Phase)
	if err != nil {
		return d, err
	}
	d.Digits = codes.Digits
	d.QR, err = qrSized(s.cfg.BaseURL+link.With(link.LearnSign(o.Key), "phase", string(d.Phase), "code", codes.Code), 600)
	return d, err
}

// saying is an error's sentence, also when it stands beside a field.
func saying(err error) string {
	for _, text := range fault.FieldsOf(err) {
		return text
	}
	return fault.MessageOf(err)
}

func (s *Server) screen(c *Ctx) error {
	d, err := s.screenData(c)
	if err != nil {
		return err
	}
	return c.Page(views.Screen(c.page(d.Class.Name()), d))
}

func (s *Server) screenNow(c *Ctx) error {
	d, err := s.screenData(c)
	if err != nil {
		return err
	}
	if c.QueryParam("part") == "people" {
		return c.Page(views.ScreenPeople(d))
	}
	return c.Page(views.ScreenCode(d))
}

// signSheet is the class on paper, to sign by hand.
func (s *Server) signSheet(c *Ctx) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	seats, err := s.School.Seats(c.ctx(), s.DB, c.Who, o.ID)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := doc.HTML(&buf, sheetOf(o, seats)); err != nil {
		return err
	}
	return c.Page(views.Sheet(c.page("签到表"), o, buf.String()))
}

func sheetOf(o school.Offering, seats []school.Seat) doc.Document {
	rows := []doc.Row{{Cells: []doc.Cell{doc.L("序号"), doc.L("姓名"), doc.L("单位"), doc.L("签到"), doc.L("签退")}}}
	for i, x := range seats {
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L(id(int64(i + 1))), doc.C(doc.T(x.Name)), doc.C(doc.T(x.Unit)), doc.C().Tall(2), doc.C()}})
	}
	for range 3 { // who comes without being on the list
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.C(), doc.C(), doc.C(), doc.C().Tall(2), doc.C()}})
	}
	return doc.Document{Code: "class-sheet", Title: "培训签到表", Blocks: []doc.Block{
		doc.Fields{Cols: 2, Items: []doc.Field{{Label: "课程", Value: []doc.Run{doc.T(o.Name())}, Wide: true}, {Label: "时间", Value: []doc.Run{doc.T(o.When())}},
			{Label: "地点", Value: []doc.Run{doc.T(o.Where())}}, {Label: "讲师", Value: []doc.Run{doc.T(or(o.Lecturer, "—"))}}, {Label: "应到", Value: []doc.Run{doc.T(id(int64(len(seats))) + " 人")}}}},
		doc.Table{Cols: []int{2, 5, 7, 5, 5}, Head: 1, Rows: rows},
	}}
}

func (s *Server) learnCourses(c *Ctx, f ui.Form) error {
	now := s.DB.Now()
	d := views.LearnData{Form: f, Now: now}
	me, err := s.School.Self(c.ctx(), s.DB, c.Who)
	if fault.Is(err, fault.NotFound) {
		d.NoPlace = true
		return c.Page(views.Learn(c.page("我的课程"), d))
	}
	if err != nil {
		return err
	}
	all, err := s.School.OwnClasses(c.ctx(), s.DB, c.Who, "")
	if err != nil {
		return err
	}
	for _, x := range all {
		switch {
		case now.Before(x.EndsAt.Add(time.Hour)) && x.Held != "withdrawn":
			d.Mine = append(d.Mine, x)
		case x.Held == "confirmed":
			d.Past = append(d.Past, x)
		}
	}
	if d.Open, err = s.School.Classes(c.ctx(), s.DB, school.ClassFilter{OpenTo: me.ID}); err != nil {
		return err
	}
	return c.Page(views.Learn(c.page("我的课程"), d))
}

func (s *Server) classJoin(c *Ctx) error {
	seated, err := s.School.SignUp(c.ctx(), c.Who, c.Param("class"))
	said := "已报名，时间已记进您的日程"
	if !seated {
		said = "名额已满，已排进候补，有人退出会自动递补并告诉您"
	}
	return s.learnDone(c, err, said)
}

func (s *Server) classLeave(c *Ctx) error {
	return s.learnDone(c, s.School.Withdraw(c.ctx(), c.Who, c.Param("class")), "已退出")
}

func (s *Server) learnDone(c *Ctx, err error, said string) error {
	return c.done(err, s.learnCourses, said, link.LearnCourses())
}

func (s *Server) ownClassICS(c *Ctx) error {
	me, err := s.School.Self(c.ctx(), s.DB, c.Who)
	if err != nil {
		return err
	}
	o, err := s.class(c)
	if err != nil {
		return err
	}
	if _, err := s.School.PlaceOf(c.ctx(), s.DB, o.ID, me.ID); err != nil {
		return err
	}
	return s.icsOf(c, o)
}

func (s *Server) attendList(c *Ctx) error {
	all, err := s.School.OwnClasses(c.ctx(), s.DB, c.Who, db.DayOf(s.DB.Now()))
	if err != nil {
		return err
	}
	var open []school.OwnClass
	for _, x := range all {
		if x.Held == "confirmed" && (s.School.Opens(x.Offering, school.In) == nil || s.School.Opens(x.Offering, school.Out) == nil) {
			open = append(open, x)
		}
	}
	return c.Page(views.Attend(c.page("签到"), open))
}

// signPage shows what a scanned code is for. It changes nothing: apps that look at
// addresses before people do would else sign them in.
func (s *Server) signPage(c *Ctx) error {
	return s.signForm(c, c.newForm(), c.QueryParam("phase"), c.QueryParam("code"))
}

func (s *Server) signForm(c *Ctx, f ui.Form, phase, code string) error {
	o, me, err := s.School.OwnClass(c.ctx(), s.DB, c.Who, c.Param("class"))
	if err != nil {
		return err
	}
	d := views.SignData{Form: f, Class: o, Phase: phaseOf(phase)}
	if d.Mark, err = s.School.OwnAttendance(c.ctx(), s.DB, o, me); err != nil {
		return err
	}
	if phase == "" && !d.Mark.InAt.IsZero() && s.School.Opens(o, school.Out) == nil {
		d.Phase = school.Out
	}
	if err := s.School.Opens(o, d.Phase); err != nil {
		d.Shut = saying(err)
		d.Form.Errors = nil // said once
	} else if code != "" {
		stands, err := s.School.CodeStands(o, school.Showing{Phase: d.Phase, Code: code})
		if err != nil {
			return err
		}
		if stands {
			d.Code = code
		}
		d.Stale = !stands && !f.Failed()
	}
	return c.Page(views.Sign(c.page(d.Phase.Label()), d))
}

const deviceCookie = "device"

// device is a mark of the browser, made with the first sign-in to a class.
func (c *Ctx) device() string {
	name := c.server.cookieName(deviceCookie)
	if d := c.cookie(name); len(d) == 16 {
		return d
	}
	d := seal.NewKey()
	c.SetCookie(&http.Cookie{Name: name, Value: d, Path: "/", MaxAge: 24 * 3600, HttpOnly: true, Secure: c.server.cfg.Secure, SameSite: http.SameSiteLaxMode})
	return d
}

func (s *Server) sign(c *Ctx) error {
	o, err := s.class(c)
	if err != nil {
		return err
	}
	in := school.Showing{Phase: school.Phase(c.Field("phase")), Code: c.Field("code"), Digits: c.Field("digits")}
	if s.School.Opens(o, in.Phase) == nil { // who comes too early keeps nothing of it
		in.Device = c.device()
	}
	if _, err := s.School.SignClass(c.ctx(), c.Who, o.Key, in); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.signForm(c, c.again(errs), string(in.Phase), in.Code) })
	}
	c.Tell("已" + in.Phase.Label())
	return c.Go(link.LearnCourses())
}
