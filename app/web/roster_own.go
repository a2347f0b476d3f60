package web

import (
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/people"
	"tiaojie/views/link"
	"tiaojie/views/roster"
	"tiaojie/views/ui"
)

// ownProfile leads a mediator to the own file.
func (s *Server) ownProfile(c *Ctx) error {
	m, err := s.People.MediatorByID(c.ctx(), s.DB, c.Who.MediatorID)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "您的账号还没有关联调解员资料，请系统管理员在账号里关联")
	}
	if err != nil {
		return err
	}
	return c.Go(link.DeskMediator(m.Key))
}

func (s *Server) ownProfileForm(c *Ctx) error {
	m, err := s.myProfile(c)
	if err != nil {
		return err
	}
	return s.ownProfilePage(c, c.ownProfileFilled(m), m, nil)
}

func (c *Ctx) ownProfileFilled(m people.Mediator) ui.Form {
	f := c.filled("story", m.Story)
	f.Values["languages"] = m.Languages
	return f
}

// myProfile reads the mediator of the address, who must be the one that asks.
func (s *Server) myProfile(c *Ctx) (people.Mediator, error) {
	m, err := s.People.Mediator(c.ctx(), s.DB, c.Param("key"))
	if err == nil && c.Who.MediatorID != m.ID {
		err = fault.New(fault.NotFound, "没有找到这位调解员")
	}
	return m, err
}

// ownProfilePage shows the form; stored is what somebody else saved while it was open.
func (s *Server) ownProfilePage(c *Ctx, f ui.Form, m people.Mediator, stored *ui.Form) error {
	phone, err := s.People.PhoneOf(c.ctx(), s.DB, m.ID)
	if err != nil {
		return err
	}
	return c.Page(roster.Own(c.page("修改我的资料"), roster.OwnData{Form: f, Mediator: m, Phone: or(people.MaskPhone(phone), "空"), Stored: stored}))
}

func (s *Server) ownProfileSave(c *Ctx) error {
	err := s.People.EditOwnProfile(c.ctx(), c.Who, c.Param("key"), people.OwnProfile{Phone: c.Field("phone"), Story: c.Field("story"),
		Languages: c.Form()["languages"], Version: c.Version()})
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			m, err := s.myProfile(c)
			if err != nil {
				return err
			}
			if m.Version == c.Version() {
				return s.ownProfilePage(c, c.again(errs), m, nil)
			}
			stored := c.ownProfileFilled(m)
			return s.ownProfilePage(c, c.again(errs), m, &stored)
		})
	}
	c.Tell("资料已保存")
	return c.Go(link.DeskMediator(c.Param("key")))
}

func (s *Server) gradeAward(c *Ctx) error {
	paper, err := s.gradePaperSent(c)
	if err == nil {
		g := people.Grade{Grade: c.Field("grade"), Issuer: c.Field("issuer"), CertNo: c.Field("cert_no"), OnDay: c.Field("on_day"), ValidTo: c.Field("valid_to")}
		err = s.People.AwardGrade(c.ctx(), c.Who, c.Idem(), c.Param("key"), g, paper)
	}
	return s.mediatorDone(c, err, "评定已记入")
}

// gradePaperSent takes in the paper of the form, nil when none came with it.
func (s *Server) gradePaperSent(c *Ctx) (*files.File, error) {
	form := c.Request().MultipartForm
	if form == nil || len(form.File["paper"]) == 0 {
		return nil, nil
	}
	f, err := s.readFile(c, form.File["paper"][0], "paper")
	if err != nil {
		return nil, err
	}
	return &f, nil
}

// gradePaper gives a grading's paper to the mediator and the roster's keeper.
func (s *Server) gradePaper(c *Ctx) error {
	f, err := s.People.GradePaperOf(c.ctx(), c.Who, c.Param("key"), c.Param("file"))
	if err != nil {
		return err
	}
	return s.send(c, f)
}
