package web

import (
	"fmt"
	"strconv"
	"strings"

	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/views/link"
	"tiaojie/views/matrix"
	"tiaojie/views/ui"
)

func (s *Server) requirements(c *Ctx) error {
	list, err := s.School.Requirements(c.ctx(), c.Who)
	if err != nil {
		return err
	}
	names, _, err := s.unitNames(c)
	if err != nil {
		return err
	}
	return c.Page(matrix.Requirements(c.page("培训要求"), list, names, s.day()))
}

func (s *Server) requirement(c *Ctx) error {
	d := matrix.RequirementData{Day: s.day()}
	var err error
	if d.Requirement, err = s.School.Requirement(c.ctx(), c.Who, c.Param("requirement")); err != nil {
		return err
	}
	if d.Versions, err = s.School.RequirementVersions(c.ctx(), c.Who, d.Requirement.ID); err != nil {
		return err
	}
	if d.Units, _, err = s.unitNames(c); err != nil {
		return err
	}
	return c.Page(matrix.Requirement(c.page(d.Requirement.Title), d))
}

func (s *Server) coverage(c *Ctx) error {
	var d matrix.CoverageData
	var err error
	if d.Coverage, err = s.School.Coverage(c.ctx(), c.Who, c.Param("requirement"), c.QueryParam("end")); err != nil {
		return err
	}
	d.Cycles = d.Coverage.Requirement.Cycles(s.day())
	d.End = c.QueryParam("end")
	if d.Units, _, err = s.unitNames(c); err != nil {
		return err
	}
	return c.Page(matrix.Coverage(c.page("覆盖率"), d))
}

func (s *Server) requirementNew(c *Ctx) error {
	q, ok := school.PresetOf(c.QueryParam("preset"), s.day())
	if !ok {
		q = school.Requirement{SubjectKind: school.TitleSubject, Terms: school.Terms{Cycle: school.Once, FirstDueDays: 90, WindowDays: 30, ActiveFrom: s.day()}}
	}
	return s.requirementForm(c, matrix.EditData{Form: c.requirementFilled(q)})
}

func (s *Server) requirementEdit(c *Ctx) error {
	q, err := s.School.Requirement(c.ctx(), c.Who, c.Param("requirement"))
	if err != nil {
		return err
	}
	return s.requirementForm(c, matrix.EditData{Form: c.requirementFilled(q), Key: q.Key, Version: id(q.Version)})
}

func (s *Server) requirementForm(c *Ctx, d matrix.EditData) error {
	_, units, err := s.unitNames(c)
	if err != nil {
		return err
	}
	d.Units = units[1:]
	return c.Page(matrix.Edit(c.page("培训要求"), d))
}

func (c *Ctx) requirementFilled(q school.Requirement) ui.Form {
	f := c.filled("title", q.Title, "subject_kind", string(q.SubjectKind), "subject_key", q.SubjectKey, "tags", strings.ReplaceAll(q.Tags, " ", "、"),
		"joined_from", q.JoinedFrom, "joined_to", q.JoinedTo, "cycle", string(q.Cycle), "months", id(int64(q.Months)), "cal_from", q.CalFrom, "cal_to", q.CalTo,
		"first_due_days", strconv.Itoa(q.FirstDueDays), "window_days", strconv.Itoa(q.WindowDays), "grace_days", strconv.Itoa(q.GraceDays),
		"active_from", q.ActiveFrom, "active_to", q.ActiveTo, "basis", q.Basis)
	if q.MinMinutes > 0 {
		f.Values.Set("hours", school.Hours(q.MinMinutes))
	}
	f.Values["posts"], f.Values["units"] = strings.Fields(q.Posts), strings.Fields(q.Units)
	return f
}

func (c *Ctx) requirementInput() school.Requirement {
	var units []string
	for _, u := range c.Ints("units") {
		units = append(units, fmt.Sprint(u))
	}
	return school.Requirement{Title: c.Field("title"), SubjectKind: school.SubjectKind(c.Field("subject_kind")), SubjectKey: c.Field("subject_key"),
		Rule: school.Rule{Posts: strings.Join(c.Form()["posts"], " "), Units: strings.Join(units, " "), Tags: c.Field("tags"), JoinedFrom: c.Field("joined_from"), JoinedTo: c.Field("joined_to")},
		Terms: school.Terms{Cycle: school.Cycle(c.Field("cycle")), Months: c.whole("months", 0), CalFrom: c.Field("cal_from"), CalTo: c.Field("cal_to"),
			WindowDays: c.whole("window_days", 0), GraceDays: c.whole("grace_days", 0), FirstDueDays: c.whole("first_due_days", 0), MinMinutes: c.minutes("hours"),
			ActiveFrom: c.Field("active_from"), ActiveTo: c.Field("active_to")},
		Basis: c.Field("basis"), Version: c.Version()}
}

// requirementSave shows what saving would change, or saves. Nothing is saved unseen: a form
// that says neither is shown its preview.
func (s *Server) requirementSave(c *Ctx) error {
	key, q := c.Param("requirement"), c.requirementInput()
	again := func(errs map[string]string) error {
		d := matrix.EditData{Form: c.again(errs), Key: key, Version: c.Field("version")}
		if key != "" {
			now, err := s.School.Requirement(c.ctx(), c.Who, key)
			if err != nil {
				return err
			}
			if now.Version != c.Version() {
				d.Stored, d.Version = d.Form.Elsewise(c.requirementFilled(now), matrix.Fields), id(now.Version)
			}
		}
		if p, err := s.School.PreviewOf(c.ctx(), key, q); err == nil {
			d.Preview = &p
		} else if !fault.Is(err, fault.Invalid) {
			return err
		}
		return s.requirementForm(c, d)
	}
	if c.Field("do") != "save" {
		_, err := s.School.PreviewOf(c.ctx(), key, q)
		if err != nil {
			return c.Refused(err, again)
		}
		return again(nil)
	}
	key2, err := s.School.SaveRequirement(c.ctx(), c.Who, c.Idem(), key, q, c.Field("leavers"), c.Field("note"))
	if err != nil {
		return c.Refused(err, again)
	}
	c.Tell("已保存")
	return c.Go(link.DeskRequirement(key2))
}
