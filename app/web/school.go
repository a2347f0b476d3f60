package web

import (
	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/views/link"
	views "tiaojie/views/school"
	"tiaojie/views/ui"

	"github.com/a-h/templ"
)

// schoolPanel is one topic's part of a page of the school; nil when there is nothing to show.
type schoolPanel func(c *Ctx) (templ.Component, error)

// The school's three start pages are made of parts: each topic adds its own line here,
// and shows nothing until there is something.
func (s *Server) taught() []schoolPanel { return []schoolPanel{s.taughtClasses, s.taughtBooks} }

func (s *Server) learning() []schoolPanel {
	return []schoolPanel{s.ownTraining, s.myClasses, s.myBooks, s.examsPanel}
}

func (s *Server) training() []schoolPanel {
	return []schoolPanel{s.todaysClasses, s.trainingProgress, s.markingPanel}
}

// schoolDoors lead from the trainer's desk to each topic.
var schoolDoors = []ui.Door{
	{Icon: "clipboard-list", Title: "轮训矩阵", Note: "谁到了哪一步，布置、提醒、免修", Href: link.DeskMatrix()},
	{Icon: "circle-check", Title: "培训要求", Note: "谁要学什么、多久一次", Href: link.DeskRequirements()},
	{Icon: "calendar", Title: "班次", Note: "名单、改期、签到", Href: link.DeskClasses()},
	{Icon: "graduation-cap", Title: "课程", Note: "开班、修订、先修课", Href: link.DeskCourses()},
	{Icon: "users", Title: "讲师", Note: "自己的人和外请专家", Href: link.DeskLecturers()},
	{Icon: "book-open", Title: "教材", Note: "写草稿、送审、发布", Href: link.DeskBooks()},
	{Icon: "clipboard-list", Title: "题库", Note: "写题、导入、启用和停用", Href: link.DeskBank()},
	{Icon: "pencil", Title: "考试", Note: "出卷、发布、批改、上架条件", Href: link.DeskExams()},
	{Icon: "shield-check", Title: "证书", Note: "查证、撤销、看谁快到期", Href: link.DeskCertificates()},
}

func (s *Server) schoolRoutes(g *registry) {
	g.get("/school", access.Public, s.schoolPublic)
	g.get("/learn", access.Learn, s.learnHome)
	g.get("/desk/school", access.School, s.schoolDesk)
}

func parts(c *Ctx, list []schoolPanel) ([]ui.Component, error) {
	var out []ui.Component
	for _, make := range list {
		part, err := make(c)
		if err != nil {
			return nil, err
		}
		if part != nil {
			out = append(out, part)
		}
	}
	return out, nil
}

func (s *Server) schoolPublic(c *Ctx) error {
	list, err := parts(c, s.taught())
	if err != nil {
		return err
	}
	return c.Page(views.Public(c.page("人民调解培训学校"), views.PublicData{Parts: list}))
}

func (s *Server) learnHome(c *Ctx) error {
	list, err := parts(c, s.learning())
	if err != nil {
		return err
	}
	_, err = s.School.Self(c.ctx(), s.DB, c.Who)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return c.Page(views.Home(c.page("我的学习"), views.HomeData{Panels: list, Enrolled: err == nil}))
}

func (s *Server) schoolDesk(c *Ctx) error {
	list, err := parts(c, s.training())
	if err != nil {
		return err
	}
	return c.Page(views.Desk(c.page("培训学校"), views.DeskData{Panels: list, Doors: schoolDoors}))
}

func (s *Server) taughtBooks(c *Ctx) (templ.Component, error) {
	list, err := s.School.Books(c.ctx())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return views.TaughtBooks(list), nil
}

func (s *Server) myBooks(c *Ctx) (templ.Component, error) {
	list, err := s.School.MyBooks(c.ctx(), c.Who)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return views.MyBooks(list), nil
}
