package web

import (
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
	"tiaojie/views/cases"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) casePeopleRoutes(g *registry) {
	g.get("/cases/:key/party/new", access.CaseTake, func(c *Ctx) error { return s.partyNewPage(c, c.filled("side", "third", "kind", "person")) })
	g.post("/cases/:key/party/new", access.CaseTake, s.partyAdd)
	g.get("/cases/:key/party/:party", access.CaseRead, func(c *Ctx) error { return s.partyPage(c, cases.PartyData{Form: c.newForm()}) })
	g.post("/cases/:key/party/:party/change", access.CaseTake, s.partyChange)
	g.post("/cases/:key/party/:party/remove", access.CaseTake, s.partyRemove)
	g.post("/cases/:key/party/:party/reveal", access.CaseRead, s.partyReveal)
	g.post("/cases/:key/party/:party/agents", access.CaseTake, s.agentAdd, uploads)
	g.post("/cases/:key/party/:party/agents/end", access.CaseTake, s.agentEnd)
	g.post("/cases/:key/party/:party/agents/reveal", access.CaseRead, s.agentReveal)
}

// partyPage shows a party; d carries a refused form or what was just opened.
func (s *Server) partyPage(c *Ctx, d cases.PartyData) error {
	var err error
	if d.PartyFile, err = s.Docket.PartyFile(c.ctx(), c.Who, c.Param("key"), c.Param("party")); err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, d.Case.ID)
	d.Clerk, d.Day = c.Who.Can(access.CaseTake), db.DayOf(s.DB.Now())
	d.Reveal = c.Who.Can(access.Reveal) || slices.Contains(d.Hands, docket.HandMediator)
	d.Letters = map[string]string{}
	for _, g := range d.Agents {
		if g.FileKey == "" {
			continue
		}
		f, err := s.Files.Find(c.ctx(), s.DB, g.FileKey)
		if err != nil {
			return err
		}
		d.Letters[g.FileKey] = f.Name
	}
	return c.Page(cases.PartyPage(c.page(d.Party.Name), d))
}

// partyDone ends an act on a party: back to its page, or the page with the refused form.
func (s *Server) partyDone(c *Ctx, act string, err error, said string) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return s.partyPage(c, cases.PartyData{Form: c.again(errs), Act: act, Letter: c.Field("photos")})
		})
	}
	c.Tell(said)
	return c.Go(link.Party(c.Param("key"), c.Param("party")))
}

func (s *Server) partyChange(c *Ctx) error {
	return s.partyDone(c, "change", s.Docket.ChangeParty(c.ctx(), c.Who, c.Param("key"), c.Param("party"), docket.PartyChange{
		Name: c.Field("name"), Phone: c.Field("phone"), IDNo: c.Field("idno"), Address: c.Field("address"), Clear: c.Form()["clear"],
		Reason: c.Field("reason"), Version: c.Version()}), "已更正，原来的内容留在更正记录里")
}

func (s *Server) partyRemove(c *Ctx) error {
	err := s.Docket.RemoveParty(c.ctx(), c.Who, c.Param("key"), c.Param("party"), c.Version(), c.Field("reason"))
	if err != nil {
		return s.partyDone(c, "remove", err, "")
	}
	c.Tell("已移除误录的当事人")
	return c.Go(link.Case(c.Param("key")))
}

func (s *Server) partyReveal(c *Ctx) error {
	if _, err := s.Docket.Reveal(c.ctx(), c.Who, c.Param("key"), c.Param("party"), c.Field("reason")); err != nil {
		return s.partyDone(c, "reveal", err, "")
	}
	return s.partyPage(c, cases.PartyData{Form: c.newForm(), Opened: true})
}

// agentAdd takes the letter in first, so that a form refused for another field keeps it.
func (s *Server) agentAdd(c *Ctx) error {
	err := s.takePhotos(c)
	var letters []string
	if err == nil {
		letters, err = s.ownUploads(c, c.Form()["photos"])
	}
	in := docket.AgentInput{Name: c.Field("agent_name"), Relation: c.Field("relation"), Phone: c.Field("agent_phone"), IDNo: c.Field("agent_idno"),
		Level: c.Field("level"), Scopes: c.Form()["scopes"], GrantedOn: c.Field("granted_on"), UntilOn: c.Field("until_on")}
	if len(letters) > 0 {
		in.FileKey = letters[0]
	}
	if err == nil {
		err = s.Docket.AddAgent(c.ctx(), c.Who, c.Param("key"), c.Param("party"), in, c.Idem())
	} else if len(fault.FieldsOf(err)) == 0 {
		err = fault.At("photo", fault.MessageOf(err))
	}
	return s.partyDone(c, "agent", err, "已登记代理人")
}

func (s *Server) agentEnd(c *Ctx) error {
	return s.partyDone(c, "", s.Docket.EndAgent(c.ctx(), c.Who, c.Param("key"), c.Field("agent")), "已解除代理")
}

func (s *Server) agentReveal(c *Ctx) error {
	if _, err := s.Docket.RevealAgent(c.ctx(), c.Who, c.Param("key"), c.Field("agent"), c.Field("reason")); err != nil {
		return s.partyDone(c, "agent-reveal", err, "")
	}
	return s.partyPage(c, cases.PartyData{Form: c.newForm(), AgentKey: c.Field("agent")})
}

func (s *Server) partyNewPage(c *Ctx, f ui.Form) error {
	k, _, err := s.Docket.InScope(c.ctx(), s.DB, c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	return c.Page(cases.PartyNew(c.page("增加当事人"), cases.NewPartyData{Case: k, Form: f}))
}

func (s *Server) partyAdd(c *Ctx) error {
	err := s.Docket.AddParty(c.ctx(), c.Who, c.Param("key"), docket.Newcomer{Side: docket.Side(c.Field("side")), Kind: c.Field("kind"),
		Name: c.Field("name"), Phone: c.Field("phone"), IDNo: c.Field("idno"), Address: c.Field("address"), Agrees: c.Field("agrees") != "",
		How: c.Field("how"), Reason: c.Field("reason")}, c.Idem())
	return c.done(err, s.partyNewPage, "已增加当事人", link.Case(c.Param("key")))
}
