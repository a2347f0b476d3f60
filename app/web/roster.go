package web

import (
	"bytes"
	"io"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/views/link"
	"tiaojie/views/roster"
	"tiaojie/views/ui"
)

func (s *Server) rosterRoutes(g *registry) {
	g.get("/desk/mediators", access.RosterRun, s.rosterList)
	g.post("/desk/mediators/export", access.Export, s.rosterExport)
	g.get("/desk/mediators/import", access.RosterRun, s.rosterImport)
	g.post("/desk/mediators/import", access.RosterRun, s.rosterPreview, uploads)
	g.post("/desk/mediators/import/confirm", access.RosterRun, s.rosterConfirm)
	g.get("/desk/mediators/new", access.RosterRun, s.mediatorNew)
	g.post("/desk/mediators/new", access.RosterRun, s.mediatorCreate)
	g.get("/desk/mediators/:key", access.StaffOnly, s.mediatorFile)
	g.get("/desk/mediators/:key/edit", access.RosterRun, s.mediatorEdit)
	g.post("/desk/mediators/:key/edit", access.RosterRun, s.mediatorSave)
	g.post("/desk/mediators/:key/move", access.StaffOnly, s.mediatorMove)
	g.post("/desk/mediators/:key/publish", access.OwnTime, s.mediatorPublish)
	g.post("/desk/mediators/:key/photo", access.StaffOnly, s.mediatorPhotoSet, uploads)
	g.get("/desk/profile", access.OwnTime, s.ownProfile)
	g.get("/desk/mediators/:key/own", access.OwnTime, s.ownProfileForm)
	g.post("/desk/mediators/:key/own", access.OwnTime, s.ownProfileSave)
	g.post("/desk/mediators/:key/grades", access.RosterRun, s.gradeAward, uploads)
	g.get("/desk/mediators/:key/grades/:file", access.StaffOnly, s.gradePaper)
	g.post("/desk/mediators/:key/ties", access.StaffOnly, s.tieAdd)
	g.post("/desk/mediators/:key/ties/:tie/end", access.StaffOnly, s.tieEnd)
}

func (s *Server) rosterList(c *Ctx) error { return s.rosterPage(c, c.newForm()) }

// rosterPage lists mediators; f is the form of the export on it.
func (s *Server) rosterPage(c *Ctx, f ui.Form) error {
	d := roster.ListData{Form: c.queryForm(), Export: f, Load: map[int64]int{}}
	var err error
	d.Mediators, err = s.People.Mediators(c.ctx(), s.DB, people.MediatorFilter{Name: c.QueryParam("name"), RepKind: c.QueryParam("kind"), State: people.MediatorState(c.QueryParam("state"))})
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d.Types = names.Types
	if d.Kinds, err = s.kindOptions(c, c.QueryParam("kind")); err != nil {
		return err
	}
	if d.Load, err = s.Docket.OpenByMediator(c.ctx()); err != nil {
		return err
	}
	return c.Page(roster.List(c.page("调解员名册"), d))
}

func (s *Server) rosterExport(c *Ctx) error {
	var b bytes.Buffer
	if err := s.People.ExportRoster(c.ctx(), c.Who, c.Field("reason"), &b); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.rosterPage(c, c.again(errs)) })
	}
	return c.Download("调解员名册.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
}

func (s *Server) rosterImport(c *Ctx) error {
	return c.Page(roster.Import(c.page("导入名册"), roster.ImportData{Form: c.newForm()}))
}

func (s *Server) rosterPreview(c *Ctx) error {
	again := func(errs map[string]string) error {
		return c.Page(roster.Import(c.page("导入名册"), roster.ImportData{Form: c.again(errs)}))
	}
	form := c.Request().MultipartForm
	if form == nil || len(form.File["file"]) == 0 {
		return c.Refused(fault.At("file", "请选择文件"), again)
	}
	h := form.File["file"][0]
	r, err := h.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, files.MaxBytes))
	if err != nil {
		return err
	}
	im, err := s.People.PreviewRoster(c.ctx(), c.Who, h.Filename, raw)
	if err != nil {
		return c.Refused(err, again)
	}
	return c.Page(roster.Import(c.page("导入名册"), roster.ImportData{Form: c.newForm(), Import: &im}))
}

func (s *Server) rosterConfirm(c *Ctx) error {
	n, err := s.People.ConfirmRoster(c.ctx(), c.Who, c.Field("token"))
	if err != nil {
		return err
	}
	c.Tell("已导入 " + or(id(int64(n)), "0") + " 人，上架前请核对资料")
	return c.Go(link.DeskMediators() + "?state=dormant")
}

func (s *Server) mediatorFile(c *Ctx) error { return s.mediatorPage(c, c.newForm()) }

func (s *Server) mediatorPage(c *Ctx, f ui.Form) error {
	m, err := s.People.Mediator(c.ctx(), s.DB, c.Param("key"))
	if err != nil {
		return err
	}
	d := roster.FileData{Form: f, Mediator: m, Own: c.Who.MediatorID == m.ID, Manage: c.Who.Can(access.RosterRun)}
	if !d.Own && !d.Manage {
		return fault.New(fault.NotFound, "没有找到这位调解员")
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d.Types = names.Types
	if d.Communities, err = s.communityOptions(c, "不涉及"); err != nil {
		return err
	}
	if d.Events, err = s.People.MediatorEvents(c.ctx(), c.Who, m.ID); err != nil {
		return err
	}
	if d.Grades, err = s.People.GradesOf(c.ctx(), c.Who, m.ID); err != nil {
		return err
	}
	if d.Ties, err = s.People.Ties(c.ctx(), c.Who, m.ID); err != nil {
		return err
	}
	phone, err := s.People.PhoneOf(c.ctx(), s.DB, m.ID)
	if err != nil {
		return err
	}
	d.Phone = people.MaskPhone(phone)
	res, err := s.Calendar.ResourceID(c.ctx(), s.DB, calendar.MediatorKind, m.ID)
	if err != nil {
		return err
	}
	now := s.DB.Now()
	d.Today = db.DayOf(now)
	if d.Coming, err = s.Calendar.Agenda(c.ctx(), c.Who, []int64{res}, now, now.AddDate(0, 0, 14)); err != nil {
		return err
	}
	return c.Page(roster.File(c.page(m.Name), d))
}

func (s *Server) mediatorNew(c *Ctx) error {
	f := c.newForm()
	f.Values.Set("employment", "part")
	f.Values.Set("load_cap", "8")
	f.Values.Set("languages", "普通话")
	return s.mediatorForm(c, f, people.Mediator{}, nil)
}

// mediatorForm shows the form; stored is what somebody else saved while it was open.
func (s *Server) mediatorForm(c *Ctx, f ui.Form, m people.Mediator, stored *ui.Form) error {
	d := roster.EditData{Form: f, Mediator: m, Stored: stored}
	var err error
	if d.Kinds, err = s.kindOptions(c, m.RepKind); err != nil {
		return err
	}
	d.Kinds[0].Label = "请选择"
	if d.Types, err = s.typeOptions(c, "", false); err != nil {
		return err
	}
	if d.Communities, err = s.communityOptions(c, "", m.Communities...); err != nil {
		return err
	}
	d.Communities = d.Communities[1:]
	if d.Units, err = s.unitOptions(c, m.UnitID); err != nil {
		return err
	}
	accounts, err := s.People.AccountsWith(c.ctx(), s.DB, access.Mediator)
	if err != nil {
		return err
	}
	d.Accounts = []ui.Option{{Label: "没有账号"}}
	for _, a := range accounts {
		d.Accounts = append(d.Accounts, ui.Option{Value: id(a.ID), Label: a.Name + " " + a.Login})
	}
	return c.Page(roster.Edit(c.page("调解员资料"), d))
}

func (c *Ctx) mediatorInput() people.MediatorInput {
	return people.MediatorInput{Name: c.Field("name"), Pinyin: c.Field("pinyin"), Initials: c.Field("initials"), Gender: c.Field("gender"), RepKind: c.Field("rep_kind"),
		Employment: c.Field("employment"), CourtInvited: c.Field("court_invited") != "", AccountID: c.Int("account"), UnitID: c.Int("unit"), Phone: c.Field("phone"),
		Grade: c.Field("grade"), Story: c.Field("story"), JoinedOn: c.Field("joined_on"), LoadCap: int(c.Int("load_cap")), Types: c.Form()["types"],
		Languages: c.Form()["languages"], Communities: c.Ints("communities"), Version: c.Version()}
}

func (s *Server) mediatorCreate(c *Ctx) error {
	key, err := s.People.CreateMediator(c.ctx(), c.Who, c.Idem(), c.mediatorInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.mediatorForm(c, c.again(errs), people.Mediator{}, nil) })
	}
	c.Tell("已登记，核对后可以上架")
	return c.Go(link.DeskMediator(key))
}

func (s *Server) mediatorEdit(c *Ctx) error {
	m, err := s.People.Mediator(c.ctx(), s.DB, c.Param("key"))
	if err != nil {
		return err
	}
	return s.mediatorForm(c, c.mediatorFilled(m), m, nil)
}

func (c *Ctx) mediatorFilled(m people.Mediator) ui.Form {
	f := c.filled("name", m.Name, "pinyin", m.Pinyin, "initials", m.Initials, "gender", m.Gender, "rep_kind", m.RepKind, "employment", m.Employment,
		"grade", m.Grade, "story", m.Story, "load_cap", or(id(int64(m.LoadCap)), "0"), "joined_on", m.JoinedOn)
	if m.CourtInvited {
		f.Values.Set("court_invited", "yes")
	}
	if m.AccountID != nil {
		f.Values.Set("account", id(*m.AccountID))
	}
	if m.UnitID != nil {
		f.Values.Set("unit", id(*m.UnitID))
	}
	f.Values["types"], f.Values["languages"] = m.Types, m.Languages
	for _, p := range m.Communities {
		f.Values.Add("communities", id(p))
	}
	return f
}

func (s *Server) mediatorSave(c *Ctx) error {
	err := s.People.EditMediator(c.ctx(), c.Who, c.Param("key"), c.mediatorInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			m, err := s.People.Mediator(c.ctx(), s.DB, c.Param("key"))
			if err != nil {
				return err
			}
			if m.Version == c.Version() {
				return s.mediatorForm(c, c.again(errs), m, nil)
			}
			stored := c.mediatorFilled(m)
			return s.mediatorForm(c, c.again(errs), m, &stored)
		})
	}
	c.Tell("资料已保存")
	return c.Go(link.DeskMediator(c.Param("key")))
}

func (s *Server) mediatorDone(c *Ctx, err error, said string) error {
	return c.done(err, s.mediatorPage, said, link.DeskMediator(c.Param("key")))
}

func (s *Server) mediatorMove(c *Ctx) error {
	return s.mediatorDone(c, s.People.MoveMediator(c.ctx(), c.Who, c.Param("key"), c.Field("verb"), c.Field("reason"), c.Version()), "已办理")
}

func (s *Server) mediatorPublish(c *Ctx) error {
	on := c.Field("on") == "1"
	said := "已撤回，照片、介绍和等级不再显示"
	if on {
		said = "已公开"
	}
	return s.mediatorDone(c, s.People.Publish(c.ctx(), c.Who, c.Param("key"), PrivacyVersion, on), said)
}

func (s *Server) mediatorPhotoSet(c *Ctx) error {
	form := c.Request().MultipartForm
	if form == nil || len(form.File["photo"]) == 0 {
		return s.mediatorDone(c, fault.At("photo", "请选择照片"), "")
	}
	f, err := s.readFile(c, form.File["photo"][0], "photo")
	if err == nil && !strings.HasPrefix(f.Mime, "image/") {
		err = fault.At("photo", "只能上传 jpg 或 png 图片")
	}
	if err == nil {
		err = s.DB.Write(c.ctx(), func(tx *db.Tx) error {
			if err := s.Files.Attach(c.ctx(), tx, f, "mediator", c.Param("key"), c.Who.Name); err != nil {
				return err
			}
			return s.People.SetPhoto(c.ctx(), tx, c.Who, c.Param("key"), f.Key)
		})
	}
	return s.mediatorDone(c, err, "照片已更换")
}

func (s *Server) tieAdd(c *Ctx) error {
	t := people.Tie{Kind: c.Field("kind"), Words: c.Field("words"), Value: c.Field("value"), CommunityID: c.Int("community")}
	return s.mediatorDone(c, s.People.AddTie(c.ctx(), c.Who, c.Idem(), c.Param("key"), t), "已申报")
}

func (s *Server) tieEnd(c *Ctx) error {
	return s.mediatorDone(c, s.People.EndTie(c.ctx(), c.Who, c.Param("key"), c.Param("tie")), "已记下")
}
