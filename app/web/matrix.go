package web

import (
	"bytes"
	"math"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/school"
	"tiaojie/db"
	"tiaojie/views/link"
	"tiaojie/views/matrix"
	"tiaojie/views/ui"

	"github.com/a-h/templ"
)

func (s *Server) matrixRoutes(g *registry) {
	g.get("/desk/school/matrix", access.School, s.matrix)
	g.post("/desk/school/matrix/act", access.School, s.matrixAct)
	g.post("/desk/school/matrix/export", access.School, s.matrixExport)
	g.get("/desk/school/matrix/:requirement/:learner", access.School, s.cell)
	g.post("/desk/school/matrix/:requirement/:learner/act", access.School, s.cellAct)
	g.post("/desk/school/matrix/:requirement/:learner/done", access.School, s.cellDone)
	g.post("/desk/school/matrix/:requirement/:learner/void", access.School, s.cellVoid)
	g.get("/desk/school/requirements", access.School, s.requirements)
	g.get("/desk/school/requirements/new", access.School, s.requirementNew)
	g.post("/desk/school/requirements/new", access.School, s.requirementSave)
	g.get("/desk/school/requirements/:requirement", access.School, s.requirement)
	g.get("/desk/school/requirements/:requirement/edit", access.School, s.requirementEdit)
	g.post("/desk/school/requirements/:requirement/edit", access.School, s.requirementSave)
	g.get("/desk/school/requirements/:requirement/coverage", access.School, s.coverage)
}

// day is today's local date.
func (s *Server) day() string { return db.DayOf(s.DB.Now()) }

// unitNames names all units, and lists those in use to choose from.
func (s *Server) unitNames(c *Ctx) (map[int64]string, []ui.Option, error) {
	units, err := s.People.Units(c.ctx(), s.DB)
	names, options := map[int64]string{}, []ui.Option{{Label: "不限"}}
	for _, u := range units {
		names[u.ID] = u.Name
		if u.StoppedOn == "" {
			options = append(options, ui.Option{Value: id(u.ID), Label: u.Name})
		}
	}
	return names, options, err
}

func (c *Ctx) matrixFilter() school.MatrixFilter {
	return school.MatrixFilter{Name: c.QueryParam("name"), Unit: c.QueryInt("unit"), Post: c.QueryParam("post"), Requirement: c.QueryParam("only"),
		State: school.State(c.QueryParam("state")), Page: int(c.QueryInt("page"))}
}

func (s *Server) matrix(c *Ctx) error {
	f := c.newForm()
	f.Values.Set("kind", "remind")
	return s.matrixPage(c, f, c.exportForm())
}

func (c *Ctx) exportForm() ui.Form { return c.filled("format", "xlsx") }

// query is the address's query with its mark, "" for none.
func (c *Ctx) query() string {
	if q := c.Request().URL.RawQuery; q != "" {
		return "?" + q
	}
	return ""
}

func (s *Server) matrixPage(c *Ctx, f, export ui.Form) error {
	d := matrix.Data{Filter: c.queryForm(), Query: c.query(), Form: f, Export: export}
	var err error
	if d.Matrix, err = s.School.Matrix(c.ctx(), c.Who, c.matrixFilter()); err != nil {
		return err
	}
	if d.All = d.Matrix.Requirements; c.QueryParam("only") != "" {
		if d.All, err = s.School.Requirements(c.ctx(), c.Who); err != nil {
			return err
		}
	}
	if d.Units, d.UnitOf, err = s.unitNames(c); err != nil {
		return err
	}
	return c.Page(matrix.Page(c.page("轮训矩阵"), d))
}

func (c *Ctx) deed() school.Deed {
	return school.Deed{Kind: c.Field("kind"), Requirement: c.Field("requirement"), Learners: c.Form()["learners"], Reason: c.Field("reason"), UntilOn: c.Field("until_on")}
}

// outcome tells what a deed did.
func outcome(o school.Outcome) string {
	text := "已办理 " + strconv.Itoa(o.Done) + " 人"
	if o.Skipped > 0 {
		text += "；" + strconv.Itoa(o.Skipped) + " 人不适用，没有改动"
	}
	if o.Unheard > 0 {
		text += "；" + strconv.Itoa(o.Unheard) + " 人没有账号，请另行通知"
	}
	return text
}

func (s *Server) matrixAct(c *Ctx) error {
	out, err := s.School.Do(c.ctx(), c.Who, c.Idem(), c.deed())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.matrixPage(c, c.again(errs), c.exportForm()) })
	}
	c.Tell(outcome(out))
	return c.Go(link.DeskMatrix() + c.query())
}

func (s *Server) matrixExport(c *Ctx) error {
	var b bytes.Buffer
	kind, mime := "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if c.Field("format") == "csv" {
		kind, mime = "csv", "text/csv; charset=utf-8"
	}
	if err := s.School.ExportMatrix(c.ctx(), c.Who, c.matrixFilter(), kind, c.Field("export_reason"), &b); err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return s.matrixPage(c, c.newForm(), c.again(moved(errs, "reason", "export_reason")))
		})
	}
	return c.Download("轮训矩阵."+kind, mime, b.Bytes())
}

// moved gives refusals with one of them under another field's name.
func moved(errs map[string]string, from, to string) map[string]string {
	if text, ok := errs[from]; ok {
		delete(errs, from)
		errs[to] = text
	}
	return errs
}

func (s *Server) cell(c *Ctx) error {
	f := c.newForm()
	f.Values.Set("kind", "remind")
	return s.cellPage(c, f)
}

func (s *Server) cellPage(c *Ctx, f ui.Form) error {
	d := matrix.CellData{Form: f}
	var err error
	if d.File, err = s.School.CellFile(c.ctx(), c.Who, c.Param("requirement"), c.Param("learner")); err != nil {
		return err
	}
	names, _, err := s.unitNames(c)
	if err != nil {
		return err
	}
	if u := d.File.Learner.UnitID; u != nil {
		d.Unit = names[*u]
	}
	return c.Page(matrix.Cell(c.page(d.File.Learner.Name), d))
}

func (s *Server) cellAfter(c *Ctx, err error, said string) error {
	return c.done(err, s.cellPage, said, link.DeskCell(c.Param("requirement"), c.Param("learner")))
}

func (s *Server) cellAct(c *Ctx) error {
	d := c.deed()
	d.Requirement, d.Learners = c.Param("requirement"), []string{c.Param("learner")}
	out, err := s.School.Do(c.ctx(), c.Who, c.Idem(), d)
	return s.cellAfter(c, err, outcome(out))
}

func (s *Server) cellDone(c *Ctx) error {
	f, err := s.School.CellFile(c.ctx(), c.Who, c.Param("requirement"), c.Param("learner"))
	if err != nil {
		return err
	}
	return s.cellAfter(c, s.School.RecordDone(c.ctx(), c.Who, c.Idem(), f.Requirement, f.Learner, c.Field("title"), c.Field("done_on"), c.minutes("hours"), c.Field("note")), "已登记")
}

func (s *Server) cellVoid(c *Ctx) error {
	err := s.School.VoidCompletion(c.ctx(), c.Who, c.Field("completion"), c.Field("void_reason"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return s.cellPage(c, c.again(moved(errs, "reason", "void_reason")))
		})
	}
	return s.cellAfter(c, nil, "已作废")
}

// minutes reads 学时 as minutes; -1 when it is no number.
func (c *Ctx) minutes(name string) int {
	text := c.Field(name)
	if text == "" {
		return 0
	}
	hours, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(hours) || hours < 0 || hours > 10_000 {
		return -1
	}
	return int(math.Round(hours * school.MinutesPerHour))
}

func (s *Server) trainingProgress(c *Ctx) (templ.Component, error) {
	m, err := s.School.Matrix(c.ctx(), c.Who, school.MatrixFilter{})
	if err != nil || len(m.Requirements) == 0 {
		return nil, err
	}
	return matrix.Progress(m), nil
}

func (s *Server) ownTraining(c *Ctx) (templ.Component, error) {
	list, err := s.School.Own(c.ctx(), c.Who)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return matrix.Own(list), nil
}
