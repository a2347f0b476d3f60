package web

// register adds the routes of every area; each area lists its own lines.
func (s *Server) register(g *registry) {
	s.siteRoutes(g)
	s.signInRoutes(g)
	s.accountRoutes(g)
	s.ownRoutes(g)
	s.inboxRoutes(g)
	s.caseRoutes(g)
	s.casePeopleRoutes(g)
	s.caseExportRoutes(g)
	s.absentRoutes(g)
	s.applyRoutes(g)
	s.marketRoutes(g)
	s.recordRoutes(g)
	s.accordRoutes(g)
	s.calendarRoutes(g)
	s.workdayRoutes(g)
	s.roomRoutes(g)
	s.rosterRoutes(g)
	s.settingRoutes(g)
	s.schoolRoutes(g)
	s.readerRoutes(g)
	s.draftRoutes(g)
	s.bankRoutes(g)
	s.examRoutes(g)
	s.learnExamRoutes(g)
}
