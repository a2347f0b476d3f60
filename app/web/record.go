package web

import (
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/views/link"
	"tiaojie/views/record"
	"tiaojie/views/ui"
)

func (s *Server) recordRoutes(g *registry) {
	g.get("/desk/sessions", access.CaseWork, s.today)
	g.get("/desk/sessions/:key", access.CaseWork, s.brief)
	g.post("/desk/sessions/:key/disclose", access.CaseWork, s.recordDisclose)
	g.post("/desk/sessions/:key/handover", access.CaseWork, s.recordHandOver)
	g.get("/desk/sessions/:key/table", access.CaseWork, s.table)
	g.post("/desk/sessions/:key/seen", access.CaseWork, s.tableSeen)
	g.post("/desk/sessions/:key/invite", access.CaseWork, s.tableInvite)
	g.post("/desk/sessions/:key/tell", access.CaseWork, s.tableTell)
	g.post("/desk/sessions/:key/start", access.CaseWork, s.recordStart)
	g.get("/desk/sessions/:key/record", access.CaseWork, s.recordForm)
	g.post("/desk/sessions/:key/record", access.CaseWork, s.recordSaveAll)
	g.post("/desk/sessions/:key/save", access.CaseWork, s.recordSave, raw)
	g.get("/desk/sessions/:key/diff/:rival", access.CaseWork, s.recordDiff)
	g.post("/desk/sessions/:key/diff/:rival", access.CaseWork, s.recordSettle)
	g.get("/desk/sessions/:key/proposals", access.CaseWork, s.proposals)
	g.post("/desk/sessions/:key/propose", access.CaseWork, s.propose)
	g.post("/desk/sessions/:key/propose-answer", access.CaseWork, s.proposalAnswer)
	g.post("/desk/sessions/:key/take-back", access.CaseWork, s.proposalTakeBack)
	g.get("/desk/sessions/:key/finish", access.CaseWork, s.finishForm)
	g.post("/desk/sessions/:key/read", access.CaseWork, s.readBack)
	g.post("/desk/sessions/:key/finish", access.CaseWork, s.finish)
	g.get("/desk/sessions/:key/print", access.CaseWork, s.recordPrintOwn)
	g.get("/records/:key", access.CaseRead, s.recordPrint)
}

func (s *Server) today(c *Ctx) error {
	day := dayOf(c.QueryParam("day"))
	if day.IsZero() {
		day = calendar.DayOf(s.DB.Now()).At(0)
	}
	list, err := s.Docket.Agenda(c.ctx(), c.Who, day, day.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d := record.TodayData{Day: db.DayOf(day), Prev: link.With(link.DeskSessions(), "day", db.DayOf(day.AddDate(0, 0, -1))),
		Next: link.With(link.DeskSessions(), "day", db.DayOf(day.AddDate(0, 0, 1)))}
	for _, a := range list {
		if a.MediatorID != c.Who.MediatorID {
			continue
		}
		d.Items = append(d.Items, record.TodayItem{Session: a.Session, Title: a.Title, No: noOf(a), Room: names.Rooms[a.RoomID]})
	}
	if len(d.Items) == 0 {
		coming, err := s.Docket.Agenda(c.ctx(), c.Who, s.DB.Now(), s.DB.Now().AddDate(0, 0, 30))
		if err != nil {
			return err
		}
		for _, a := range coming {
			if a.MediatorID == c.Who.MediatorID {
				d.Coming = append(d.Coming, record.TodayItem{Session: a.Session, Title: a.Title, No: noOf(a), Room: names.Rooms[a.RoomID]})
			}
		}
	}
	return c.Page(record.Today(c.page("今日调解"), d))
}

func noOf(a docket.AgendaRow) string {
	if a.Number != nil {
		return *a.Number
	}
	return a.ApplyNo
}

// sessionOf is the session that the address names, when it is in the reader's hands.
func (s *Server) sessionOf(c *Ctx) (docket.Session, error) {
	return s.Docket.SessionByKey(c.ctx(), s.DB, c.Who, c.Param("key"))
}

// recordOf is that session with its record, which is made when there is none yet.
func (s *Server) recordOf(c *Ctx) (docket.Session, papers.Record, error) {
	ses, err := s.sessionOf(c)
	if err != nil {
		return ses, papers.Record{}, err
	}
	rec, err := s.Papers.Prepare(c.ctx(), c.Who, ses.Key)
	return ses, rec, err
}

// sheetOf opens the record of a session; looking writes nothing.
func (s *Server) sheetOf(c *Ctx, f ui.Form) (record.Frame, error) {
	ses, err := s.sessionOf(c)
	if err != nil {
		return record.Frame{}, err
	}
	fr := record.Frame{Session: ses, Form: f}
	if fr.Sheet, err = s.Papers.Look(c.ctx(), c.Who, ses); err != nil {
		return fr, err
	}
	if key := fr.Sheet.Record.Key; key != "" {
		if fr.Rivals, err = s.Papers.Rivals(c.ctx(), c.Who, key); err != nil {
			return fr, err
		}
	}
	if fr.Case, _, err = s.Docket.InScopeID(c.ctx(), s.DB, c.Who, ses.CaseID); err != nil {
		return fr, err
	}
	names, err := s.names(c.ctx())
	fr.Room = names.Rooms[ses.RoomID]
	return fr, err
}

func (s *Server) brief(c *Ctx) error { return s.briefPage(c, c.newForm()) }

func (s *Server) briefPage(c *Ctx, f ui.Form) error {
	fr, err := s.sheetOf(c, f)
	if err != nil {
		return err
	}
	file, err := s.Docket.Page(c.ctx(), c.Who, fr.Case.Key)
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, fr.Case.ID)
	d := record.BriefData{Frame: fr, Risk: fr.Case.Risk}
	for _, g := range file.Agents {
		if g.Acts(db.DayOf(s.DB.Now())) {
			d.Agents = append(d.Agents, g)
		}
	}
	for _, m := range file.Mediators {
		if m.Until.IsZero() {
			d.Disclosure = m.Disclosure
		}
	}
	for _, p := range file.Parties {
		facts, err := s.Docket.OpenParty(p)
		if err != nil {
			return err
		}
		story := record.Story{Party: p, Phone: people.MaskPhone(facts.Phone)}
		for _, w := range file.Statements {
			if w.PartyID == p.ID {
				story.Words = strings.TrimSpace(story.Words + "\n" + w.Text)
			}
		}
		d.Stories = append(d.Stories, story)
	}
	for _, k := range file.Conflicts {
		if k.MediatorID == c.Who.MediatorID {
			d.Conflicts = append(d.Conflicts, k.Conflict)
		}
	}
	if d.Handovers, err = s.Papers.Handovers(c.ctx(), c.Who, fr.Case); err != nil {
		return err
	}
	if d.Earlier, err = s.Docket.EarlierCases(c.ctx(), c.Who, fr.Case.Key); err != nil {
		return err
	}
	return c.Page(record.Brief(c.page("案情"), d))
}

// recordDo runs one act on the record and returns to a part of the session.
func (s *Server) recordDo(c *Ctx, part string, act func(key string) error, again func(ui.Form) error) error {
	ses, rec, err := s.recordOf(c)
	if err != nil {
		return err
	}
	if err := act(rec.Key); err != nil {
		return c.Refused(err, func(errs map[string]string) error { return again(c.again(errs)) })
	}
	if part == "" {
		return c.Go(link.Session(ses.Key))
	}
	return c.Go(link.SessionDo(ses.Key, part))
}

func (s *Server) recordDisclose(c *Ctx) error {
	return s.recordDo(c, "", func(string) error {
		words, err := c.disclosureWords()
		if err != nil {
			return err
		}
		ses, err := s.sessionOf(c)
		if err != nil {
			return err
		}
		k, _, err := s.Docket.InScopeID(c.ctx(), s.DB, c.Who, ses.CaseID)
		if err != nil {
			return err
		}
		return s.Docket.Disclose(c.ctx(), c.Who, k.Key, words)
	}, func(f ui.Form) error { return s.briefPage(c, f) })
}

// recordHandOver notes that a side lets the new mediator read what it told the former one.
func (s *Server) recordHandOver(c *Ctx) error {
	if err := s.Papers.HandOver(c.ctx(), c.Who, c.Param("key"), c.Field("party"), c.Field("off") == ""); err != nil {
		return err
	}
	return c.Go(link.Session(c.Param("key")))
}

func (s *Server) table(c *Ctx) error { return s.tablePage(c, c.newForm()) }

func (s *Server) tablePage(c *Ctx, f ui.Form) error {
	fr, err := s.sheetOf(c, f)
	if err != nil {
		return err
	}
	return c.Page(record.Table(c.page("到场与告知"), fr))
}

func (s *Server) onTable(c *Ctx, act func(key string) error) error {
	return s.recordDo(c, "table", act, func(f ui.Form) error { return s.tablePage(c, f) })
}

func (s *Server) tableSeen(c *Ctx) error {
	return s.onTable(c, func(key string) error {
		return s.Papers.Seen(c.ctx(), c.Who, key, c.Field("person"), c.Field("present"), c.Field("document"))
	})
}

func (s *Server) tableInvite(c *Ctx) error {
	return s.onTable(c, func(key string) error {
		return s.Papers.Invite(c.ctx(), c.Who, key, c.Field("name"), c.Field("relation"), c.Field("consented") != "")
	})
}

func (s *Server) tableTell(c *Ctx) error {
	return s.onTable(c, func(key string) error {
		return s.Papers.Tell(c.ctx(), c.Who, key, c.Field("kind"), c.Field("person"), c.Field("off") == "")
	})
}

func (s *Server) recordStart(c *Ctx) error {
	return s.recordDo(c, "record", func(key string) error { return s.Papers.Start(c.ctx(), c.Who, key) },
		func(f ui.Form) error { return s.tablePage(c, f) })
}

func (s *Server) proposals(c *Ctx) error { return s.proposalsPage(c, c.newForm()) }

func (s *Server) proposalsPage(c *Ctx, f ui.Form) error {
	fr, err := s.sheetOf(c, f)
	if err != nil {
		return err
	}
	return c.Page(record.Proposals(c.page("方案"), fr))
}

func (s *Server) onProposals(c *Ctx, act func(key string) error) error {
	return s.recordDo(c, "proposals", act, func(f ui.Form) error { return s.proposalsPage(c, f) })
}

func (s *Server) propose(c *Ctx) error {
	return s.onProposals(c, func(key string) error {
		return s.Papers.Propose(c.ctx(), c.Who, key, c.Idem(), c.Field("from"), c.Field("text"), c.Field("due_on"))
	})
}

func (s *Server) proposalAnswer(c *Ctx) error {
	return s.onProposals(c, func(key string) error {
		return s.Papers.Answer(c.ctx(), c.Who, key, c.Field("proposal"), c.Field("party"), c.Field("answer"))
	})
}

func (s *Server) proposalTakeBack(c *Ctx) error {
	return s.onProposals(c, func(key string) error { return s.Papers.WithdrawProposal(c.ctx(), c.Who, key, c.Field("proposal")) })
}

func (s *Server) finishForm(c *Ctx) error { return s.finishPage(c, c.newForm()) }

func (s *Server) finishPage(c *Ctx, f ui.Form) error {
	fr, err := s.sheetOf(c, f)
	if err != nil {
		return err
	}
	d := record.FinishData{Frame: fr}
	now := s.DB.Now()
	found, err := s.Docket.CommonSlots(c.ctx(), c.Who, fr.Case.Key, docket.Search{From: now.Add(24 * time.Hour), To: now.AddDate(0, 0, 28),
		RoomID: fr.Session.RoomID, Limit: 16})
	if err != nil {
		return err
	}
	d.Slots, d.Why = slotDays(found.Slots, 16), found.Why
	return c.Page(record.Finish(c.page("结果"), d))
}

func (s *Server) readBack(c *Ctx) error {
	return s.recordDo(c, "finish", func(key string) error {
		return s.Papers.ReadBack(c.ctx(), c.Who, key, c.Field("person"), c.Field("how"), true)
	}, func(f ui.Form) error { return s.finishPage(c, f) })
}

func (s *Server) finish(c *Ctx) error {
	return s.recordDo(c, "finish", func(key string) error {
		in := papers.Finish{Outcome: papers.Outcome(c.Field("outcome")), Ending: c.ending()}
		if in.Outcome == papers.Adjourned {
			plan, err := c.plan()
			if err != nil {
				return err
			}
			ses, err := s.sessionOf(c)
			if err != nil {
				return err
			}
			plan.RoomID, plan.Version = ses.RoomID, 0
			in.Next = &plan
		}
		if err := s.Papers.Finish(c.ctx(), c.Who, key, in); err != nil {
			return err
		}
		c.Tell("这次调解已结束，笔录已固定")
		return nil
	}, func(f ui.Form) error { return s.finishPage(c, f) })
}

func (s *Server) recordPrintOwn(c *Ctx) error {
	fr, err := s.sheetOf(c, c.newForm())
	if err != nil {
		return err
	}
	if !fr.Sheet.Record.Begun() {
		return fault.New(fault.NotFound, "这次调解还没有开始，没有笔录可打印")
	}
	return c.Go(link.Record(fr.Sheet.Record.Key))
}

// recordPrint is the record as a paper, without the private parts.
func (s *Server) recordPrint(c *Ctx) error {
	caseKey, err := s.Press.CaseOfRecord(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	return s.casePaperPage(c, caseKey, "record", c.Param("key"), c.newForm())
}
