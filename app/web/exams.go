package web

import (
	"strconv"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/db"
	views "tiaojie/views/exam"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) examRoutes(g *registry) {
	g.get("/desk/school/exams", access.School, s.examList)
	g.get("/desk/school/exams/new", access.School, s.examNew)
	g.post("/desk/school/exams/new", access.School, s.examCreate)
	g.get("/desk/school/exams/:exam", access.School, func(c *Ctx) error { return s.examPage(c, c.newForm()) })
	g.get("/desk/school/exams/:exam/edit", access.School, s.examEdit)
	g.post("/desk/school/exams/:exam/edit", access.School, s.examSave)
	g.post("/desk/school/exams/:exam/move", access.School, s.examMove)
	g.get("/desk/school/exams/:exam/gate", access.School, func(c *Ctx) error { return s.gatePage(c, c.newForm(), c.QueryParam("day")) })
	g.post("/desk/school/exams/:exam/gate", access.School, s.gateSet)
	g.get("/desk/school/exams/:exam/stats", access.School, s.examStats)
	g.get("/desk/school/exams/:exam/papers/:attempt", access.School, func(c *Ctx) error { return s.paperPage(c, c.newForm()) })
	g.post("/desk/school/exams/:exam/papers/:attempt", access.School, s.paperMark)
}

func (s *Server) examList(c *Ctx) error {
	list, err := s.School.Exams(c.ctx(), c.Who)
	if err != nil {
		return err
	}
	return c.Page(views.Exams(c.page("考试"), views.ExamsData{Exams: list}))
}

func (s *Server) examPage(c *Ctx, f ui.Form) error {
	x, err := s.School.Exam(c.ctx(), c.Who, c.Param("exam"))
	if err != nil {
		return err
	}
	d := views.ExamData{Form: f, Exam: x, Waiting: c.QueryParam("show") == "waiting", Today: db.DayOf(s.DB.Now())}
	if d.Results, err = s.School.Results(c.ctx(), c.Who, x, d.Waiting, c.QueryInt("before")); err != nil {
		return err
	}
	if n := len(d.Results); n == school.ResultLimit {
		d.More = c.withQuery("before", id(d.Results[n-1].ID))
	}
	return c.Page(views.Exam(c.page(x.Title), d))
}

// drawRows is how many draws a new exam's form offers.
const drawRows = 4

func (s *Server) examForm(c *Ctx, f ui.Form, key string, rows int) error {
	tags, err := s.School.BankTags(c.ctx())
	if err != nil {
		return err
	}
	title := "新建考试"
	if key != "" {
		title = "修改考试"
	}
	return c.Page(views.ExamEdit(c.page(title), views.ExamEditData{Form: f, Key: key, Tags: tags, Rows: max(rows, drawRows)}))
}

func (s *Server) examNew(c *Ctx) error {
	return s.examForm(c, c.filled("pass", "60", "minutes", "45", "attempts", "3", "show", string(exam.ShowAfterPass), "months", "24", "certify", "yes", "version", "0"), "", 0)
}

func (s *Server) examEdit(c *Ctx) error {
	x, err := s.School.Exam(c.ctx(), c.Who, c.Param("exam"))
	if err != nil {
		return err
	}
	f, rows := c.examFilled(x)
	return s.examForm(c, f, x.Key, rows+2)
}

func (c *Ctx) examFilled(x school.Exam) (ui.Form, int) {
	f := c.filled("title", x.Title, "notes", x.Notes, "pass", strconv.Itoa(x.PassPercent), "minutes", strconv.Itoa(x.Minutes), "attempts", strconv.Itoa(x.MaxAttempts),
		"opens", x.OpensOn, "closes", x.ClosesOn, "show", string(x.Show), "months", strconv.Itoa(x.ValidMonths), "version", id(x.Version))
	if x.Certify {
		f.Values.Set("certify", "yes")
	}
	rows := 0
	for _, p := range x.Parts {
		if len(p.Codes) > 0 {
			f.Values.Set("parts", strings.Join(p.Codes, " "))
			f.Values.Set("parts_points", id(int64(p.Points)))
			continue
		}
		n := strconv.Itoa(rows)
		f.Values.Set("count"+n, strconv.Itoa(p.Count))
		f.Values.Set("kind"+n, string(p.Kind))
		f.Values.Set("tags"+n, strings.Join(p.Tags, " "))
		f.Values.Set("points"+n, id(int64(p.Points)))
		rows++
	}
	return f, rows
}

// mostRows bounds the draws that a form can carry.
const mostRows = 40

func (c *Ctx) examRules() (school.ExamRules, int) {
	x := school.ExamRules{Title: c.Field("title"), Notes: c.Field("notes"), PassPercent: c.whole("pass", 0), Minutes: c.whole("minutes", 0), MaxAttempts: c.whole("attempts", 0),
		OpensOn: c.Field("opens"), ClosesOn: c.Field("closes"), Show: exam.Show(c.Field("show")), Certify: c.Field("certify") == "yes", ValidMonths: c.whole("months", 0), Version: c.Version()}
	words := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，、;；\r\n\t", r) })
	}
	if codes := words(c.Field("parts")); len(codes) > 0 {
		x.Parts = append(x.Parts, school.Part{Codes: codes, Points: c.whole("parts_points", 0)})
	}
	rows := 0
	for i := range mostRows {
		n := strconv.Itoa(i)
		if !c.Form().Has("count" + n) {
			break
		}
		rows++
		if c.Field("count"+n) == "" || c.Field("count"+n) == "0" {
			continue
		}
		x.Parts = append(x.Parts, school.Part{Count: c.whole("count"+n, 0), Kind: quizformat.Kind(c.Field("kind" + n)), Tags: words(c.Field("tags" + n)), Points: c.whole("points"+n, 0)})
	}
	return x, rows
}

func (s *Server) examCreate(c *Ctx) error {
	x, rows := c.examRules()
	key, err := s.School.CreateExam(c.ctx(), c.Who, c.Idem(), x)
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.examForm(c, c.again(errs), "", rows) })
	}
	c.Tell("已保存，核对后点“发布”，大家就能考了")
	return c.Go(link.DeskExam(key))
}

func (s *Server) examSave(c *Ctx) error {
	x, rows := c.examRules()
	err := s.School.EditExam(c.ctx(), c.Who, c.Param("exam"), x)
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			f := c.again(errs)
			if fault.Is(err, fault.Conflict) {
				now, err := s.School.Exam(c.ctx(), c.Who, c.Param("exam"))
				if err != nil {
					return err
				}
				f.Values.Set("version", id(now.Version))
				f.Errors = map[string]string{"": "别人刚刚改过这场考试。您填的都还在，核对后再点保存，就以您填的为准"}
			}
			return s.examForm(c, f, c.Param("exam"), rows)
		})
	}
	c.Tell("已保存")
	return c.Go(link.DeskExam(c.Param("exam")))
}

// examDone ends an act on an exam's page.
func (s *Server) examDone(c *Ctx, err error, said string) error {
	return c.done(err, s.examPage, said, link.DeskExam(c.Param("exam")))
}

func (s *Server) examMove(c *Ctx) error {
	return s.examDone(c, s.School.MoveExam(c.ctx(), c.Who, c.Param("exam"), c.Field("verb"), c.Version()), "已办理")
}

// gateAhead is how long those listed before usually get.
const gateAhead = 30

func (s *Server) gatePage(c *Ctx, f ui.Form, from string) error {
	x, err := s.School.Exam(c.ctx(), c.Who, c.Param("exam"))
	if err != nil {
		return err
	}
	d := views.GateData{Form: f, Exam: x, From: from}
	if _, err := time.Parse(time.DateOnly, d.From); err != nil {
		d.From = db.DayOf(s.DB.Now().AddDate(0, 0, gateAhead))
	}
	unready, err := s.School.Unready(c.ctx(), s.DB, x, d.From)
	if err != nil {
		return err
	}
	for _, m := range unready {
		d.Unready = append(d.Unready, m.Name)
	}
	return c.Page(views.Gate(c.page("上架条件"), d))
}

func (s *Server) gateSet(c *Ctx) error {
	on := c.Field("on") == "1"
	var err error
	if on && c.Field("agree") != "yes" {
		err = fault.At("agree", "请看过名单后勾选确认")
	} else {
		err = s.School.SetGate(c.ctx(), c.Who, c.Param("exam"), on, c.Field("from"), int(c.Int("seen")), c.Version())
	}
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			f := c.again(errs)
			f.Values.Del("agree") // to another list
			return s.gatePage(c, f, c.Field("from"))
		})
	}
	said := "已取消上架条件"
	if on {
		said = "已设为上架条件，并通知了名单上的人"
	}
	return s.examDone(c, nil, said)
}

func (s *Server) examStats(c *Ctx) error {
	x, err := s.School.Exam(c.ctx(), c.Who, c.Param("exam"))
	if err != nil {
		return err
	}
	items, err := s.School.ItemReports(c.ctx(), c.Who, x)
	if err != nil {
		return err
	}
	return c.Page(views.Stats(c.page("题目分析"), views.StatsData{Exam: x, Items: items}))
}

// paper reads the paper of the address, which must be of the exam of the address.
func (s *Server) paper(c *Ctx) (school.Sheet, error) {
	sh, err := s.School.MarkSheet(c.ctx(), c.Who, c.Param("attempt"))
	if err == nil && sh.Exam.Key != c.Param("exam") {
		err = fault.New(fault.NotFound, "没有这份卷子")
	}
	return sh, err
}

func (s *Server) paperPage(c *Ctx, f ui.Form) error {
	sh, err := s.paper(c)
	if err != nil {
		return err
	}
	if !f.Failed() {
		for _, it := range sh.Items {
			if it.Question.Kind.Manual() && !it.Manual {
				f.Values.Set(school.MarkField(it.Pos), strconv.Itoa(it.Points))
				f.Values.Set("r"+strconv.Itoa(it.Pos), it.Remark)
			}
		}
	}
	return c.Page(views.Paper(c.page(sh.Name+"的卷子"), views.PaperData{Form: f, Sheet: sh}))
}

func (s *Server) paperMark(c *Ctx) error {
	sh, err := s.paper(c)
	if err != nil {
		return err
	}
	var marks []school.Mark
	for _, it := range sh.Items {
		field := school.MarkField(it.Pos)
		if c.Field(field) != "" {
			marks = append(marks, school.Mark{Pos: it.Pos, Points: c.whole(field, 0), Remark: c.Field("r" + strconv.Itoa(it.Pos))})
		}
	}
	err = s.School.GiveMarks(c.ctx(), c.Who, sh.Key, marks, c.Version())
	return c.done(err, s.paperPage, "已记下批改", link.DeskPaper(sh.Exam.Key, sh.Key))
}
