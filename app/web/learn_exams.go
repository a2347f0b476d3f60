package web

import (
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/db"
	views "tiaojie/views/exam"
	"tiaojie/views/link"
	"tiaojie/views/ui"

	"github.com/a-h/templ"
)

func (s *Server) learnExamRoutes(g *registry) {
	g.get("/learn/exams", access.Learn, s.ownExams)
	g.get("/learn/exams/:exam", access.Learn, func(c *Ctx) error { return s.startPage(c, c.newForm()) })
	g.post("/learn/exams/:exam/start", access.Learn, s.examStart)
	g.get("/learn/exams/:exam/:attempt", access.Learn, s.attemptPage)
	g.post("/learn/exams/:exam/:attempt", access.Learn, s.attemptSave)
	g.post("/learn/exams/:exam/:attempt/submit", access.Learn, s.attemptSubmit)
	g.get("/learn/certificates", access.Learn, s.ownCertificates)
	g.get("/learn/certificates/:certificate", access.Learn, s.certificatePrint)
	g.get("/desk/school/certificates", access.School, s.certificateList)
	g.get("/desk/school/certificates/:certificate", access.School, func(c *Ctx) error { return s.certificatePage(c, c.newForm()) })
	g.post("/desk/school/certificates/:certificate/revoke", access.School, s.certificateRevoke)
	g.get("/v/:token", access.Public, s.certificateVerify)
}

func (s *Server) ownExams(c *Ctx) error {
	list, err := s.School.MyExams(c.ctx(), c.Who)
	if err != nil {
		return err
	}
	return c.Page(views.Mine(c.page("我的考试"), views.MineData{Exams: list, Today: db.DayOf(s.DB.Now())}))
}

func (s *Server) startPage(c *Ctx, f ui.Form) error {
	x, err := s.School.MyExam(c.ctx(), c.Who, c.Param("exam"))
	if err != nil {
		return err
	}
	return c.Page(views.Start(c.page(x.Title), views.StartData{Form: f, Exam: x, Now: s.DB.Now()}))
}

func (s *Server) examStart(c *Ctx) error {
	key, err := s.School.Start(c.ctx(), c.Who, c.Idem(), c.Param("exam"))
	return c.done(err, s.startPage, "", link.LearnPaper(c.Param("exam"), key))
}

// work reads the own attempt of the address, which must be at the exam of the address.
func (s *Server) work(c *Ctx) (school.Sheet, error) {
	sh, err := s.School.Work(c.ctx(), c.Who, c.Param("attempt"))
	if err == nil && sh.Exam.Key != c.Param("exam") {
		err = fault.New(fault.NotFound, "没有这次作答")
	}
	return sh, err
}

func (s *Server) attemptPage(c *Ctx) error {
	sh, err := s.work(c)
	if err != nil {
		return err
	}
	switch sh.State {
	case exam.Expired:
		return c.Page(views.Collecting(c.page("时间到了"), views.ResultData{Sheet: sh}))
	case exam.Submitted:
		return s.resultPage(c, sh)
	}
	return s.takePage(c, sh, c.newForm(), c.QueryParam("q"))
}

// takePage shows the question at a position, the first one without an answer by itself, and
// after the last one the end.
func (s *Server) takePage(c *Ctx, sh school.Sheet, f ui.Form, at string) error {
	d := views.TakeData{Form: f, Sheet: sh, Now: s.DB.Now()}
	pos, err := strconv.Atoi(at)
	for i, it := range sh.Items {
		if err == nil && it.Pos == pos || at == "" && it.Response.Empty() {
			d.Item = &sh.Items[i]
			break
		}
	}
	if d.Item == nil {
		return c.Page(views.End(c.page("交卷"), d))
	}
	if !f.Failed() {
		answerInto(f, *d.Item)
	}
	return c.Page(views.Take(c.page("第 "+strconv.Itoa(d.Item.Pos)+" 题"), d))
}

func answerInto(f ui.Form, it school.SheetItem) {
	for _, i := range it.Response.Choice {
		f.Values.Add("a", strconv.Itoa(i))
	}
	for i, m := range it.Response.Match {
		f.Values.Set("m"+strconv.Itoa(i), strconv.Itoa(m))
	}
	f.Values.Set("text", it.Response.Text)
}

// response reads the posted answer to a question.
func (c *Ctx) response(q quizformat.Question) quizformat.Response {
	var out quizformat.Response
	switch q.Kind {
	case quizformat.Single, quizformat.Judge, quizformat.Multi:
		for _, n := range c.Ints("a") {
			out.Choice = append(out.Choice, int(n))
		}
	case quizformat.Match:
		for i := range q.Lefts() {
			n, err := strconv.Atoi(c.Field("m" + strconv.Itoa(i)))
			if err != nil {
				n = -1
			}
			out.Match = append(out.Match, n)
		}
	default:
		out.Text = c.Field("text")
	}
	return out
}

func (s *Server) attemptSave(c *Ctx) error {
	sh, err := s.work(c)
	if err != nil {
		return err
	}
	pos := int(c.Int("pos"))
	if pos < 1 || pos > len(sh.Items) {
		return fault.New(fault.NotFound, "没有这道题")
	}
	err = s.School.SaveAnswer(c.ctx(), c.Who, sh.Key, pos, c.response(sh.Items[pos-1].Question))
	if fault.Is(err, fault.Conflict) { // too late: the paper's page says what became of it
		c.Tell(fault.MessageOf(err))
		return c.Go(link.LearnPaper(sh.Exam.Key, sh.Key))
	}
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.takePage(c, sh, c.again(errs), strconv.Itoa(pos)) })
	}
	at := link.LearnPaper(sh.Exam.Key, sh.Key)
	switch c.Field("go") {
	case "prev":
		return c.Go(link.With(at, "q", strconv.Itoa(max(1, pos-1))))
	case "end":
		return c.Go(link.With(at, "q", "end"))
	}
	if pos == len(sh.Items) {
		return c.Go(link.With(at, "q", "end"))
	}
	return c.Go(link.With(at, "q", strconv.Itoa(pos+1)))
}

func (s *Server) attemptSubmit(c *Ctx) error {
	sh, err := s.work(c)
	if err == nil {
		err = s.School.HandIn(c.ctx(), c.Who, sh.Key)
	}
	if err != nil {
		return err
	}
	return c.Go(link.LearnPaper(sh.Exam.Key, sh.Key))
}

func (s *Server) resultPage(c *Ctx, sh school.Sheet) error {
	d := views.ResultData{Sheet: sh, Shows: sh.Exam.Rules().ShowsAnswers(s.DB.Now(), sh.Verdict)}
	mine, err := s.School.MyExam(c.ctx(), c.Who, sh.Exam.Key)
	if err != nil {
		return err
	}
	if mine.Cert != nil && mine.Cert.AttemptID == sh.ID {
		d.Cert = mine.Cert
	}
	return c.Page(views.Result(c.page(sh.Exam.Title), d))
}

func (s *Server) ownCertificates(c *Ctx) error {
	list, err := s.School.OwnCertificates(c.ctx(), c.Who)
	if err != nil {
		return err
	}
	return c.Page(views.Own(c.page("我的证书"), views.CertificatesData{List: list, Today: db.DayOf(s.DB.Now())}))
}

func (s *Server) certificatePrint(c *Ctx) error {
	cert, err := s.School.Certificate(c.ctx(), c.Who, c.Param("certificate"))
	if err != nil {
		return err
	}
	d := views.CertificateData{Cert: cert, Today: db.DayOf(s.DB.Now()), URL: s.cfg.BaseURL + link.Verify(cert.Token), Org: s.cfg.Street + "人民调解培训学校"}
	if d.QR, err = qrImage(d.URL); err != nil {
		return err
	}
	return c.Page(views.Print(c.page("证书 "+cert.Serial), d))
}

func (s *Server) certificateList(c *Ctx) error {
	d := views.CertificatesData{Form: c.queryForm(), Today: db.DayOf(s.DB.Now()), Exams: []ui.Option{{Label: "不限"}}}
	exams, err := s.School.Exams(c.ctx(), c.Who)
	if err != nil {
		return err
	}
	for _, x := range exams {
		d.Exams = append(d.Exams, ui.Option{Value: x.Key, Label: x.Title})
	}
	list, next, err := s.School.Certificates(c.ctx(), c.Who, school.CertificateFilter{Words: c.QueryParam("q"), Exam: c.QueryParam("exam"), Standing: c.QueryParam("state"), Before: c.QueryInt("before")})
	if err != nil {
		return err
	}
	d.List = list
	if next != 0 {
		d.Next = c.withQuery("before", id(next))
	}
	return c.Page(views.Certificates(c.page("证书"), d))
}

func (s *Server) certificatePage(c *Ctx, f ui.Form) error {
	cert, err := s.School.Certificate(c.ctx(), c.Who, c.Param("certificate"))
	if err != nil {
		return err
	}
	return c.Page(views.DeskCertificate(c.page(cert.Serial), views.CertificateData{Form: f, Cert: cert, Today: db.DayOf(s.DB.Now())}))
}

func (s *Server) certificateRevoke(c *Ctx) error {
	err := s.School.Revoke(c.ctx(), c.Who, c.Param("certificate"), c.Field("reason"), c.Version())
	return c.done(err, s.certificatePage, "已撤销，并告知了本人", link.DeskCertificate(c.Param("certificate")))
}

// certificateVerify tells anybody whether a certificate stands.
func (s *Server) certificateVerify(c *Ctx) error {
	cert, err := s.School.Verify(c.ctx(), c.Param("token"))
	if err != nil {
		return err
	}
	return c.Page(views.Verify(c.page("证书核验"), views.CertificateData{Cert: cert, Today: db.DayOf(s.DB.Now())}))
}

// examsPanel shows on one's own start page what is to be sat, and the certificates.
func (s *Server) examsPanel(c *Ctx) (templ.Component, error) {
	list, err := s.School.MyExams(c.ctx(), c.Who)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return views.MinePanel(views.MineData{Exams: list, Today: db.DayOf(s.DB.Now())}), nil
}

// markingPanel shows the trainer the papers that wait.
func (s *Server) markingPanel(c *Ctx) (templ.Component, error) {
	list, err := s.School.ToMark(c.ctx(), c.Who)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return views.MarkingPanel(list), nil
}
