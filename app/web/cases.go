package web

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/docket"
	"tiaojie/app/files"
	"tiaojie/app/papers"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/views/cases"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) caseRoutes(g *registry) {
	g.get("/desk", access.StaffOnly, s.desk)
	g.get("/cases", access.CaseRead, s.caseList, unchangedWith("cases", "people", "rooms", "market"))
	g.get("/cases/new", access.CaseTake, s.caseNew)
	g.post("/cases/new", access.CaseTake, s.caseRegister, uploads)
	g.get("/cases/:key", access.CaseRead, s.caseFile)
	g.get("/cases/:key/files/:file", access.CaseRead, s.casePhoto, raw)
	g.post("/cases/:key/reveal", access.CaseRead, s.caseReveal)
	g.post("/cases/:key/invite", access.CaseTake, s.caseInvite)
	g.post("/cases/:key/consent", access.CaseTake, s.caseConsent)
	g.post("/cases/:key/accept", access.CaseTake, s.caseAccept)
	g.post("/cases/:key/refuse", access.CaseTake, s.caseRefuse)
	g.post("/cases/:key/appoint", access.CaseTake, s.caseAppoint)
	g.post("/cases/:key/disclose", access.CaseWork, s.caseDisclose)
	g.post("/cases/:key/schedule", access.BookWrite, s.caseSchedule)
	g.post("/cases/:key/replace", access.CaseRead, s.caseReplace)
	g.post("/cases/:key/decline", access.CaseRead, s.caseDecline)
	g.post("/cases/:key/withdraw", access.CaseTake, s.caseWithdraw)
	g.post("/cases/:key/suspend", access.CaseRead, s.caseSuspend)
	g.post("/cases/:key/resume", access.CaseRead, s.caseResume)
	g.post("/cases/:key/end", access.CaseRead, s.caseEnd)
	g.post("/desk/sessions/:key/answer", access.BookRead, s.sessionAnswer)
	g.post("/desk/sessions/:key/move", access.BookWrite, s.sessionMove)
	g.post("/desk/sessions/:key/cancel", access.BookRead, s.sessionCancel)
}

func (s *Server) desk(c *Ctx) error {
	d := cases.DeskData{Now: s.DB.Now(), Today: ui.LongDay(s.DB.Now())}
	if !c.Who.Can(access.CaseRead) {
		return c.Page(cases.Desk(c.page("工作台"), d))
	}
	var err error
	if d.Names, err = s.names(c.ctx()); err != nil {
		return err
	}
	if name := c.QueryParam("queue"); name != "" {
		l, err := s.Docket.Queue(c.ctx(), c.Who, name, c.QueryParam("after"))
		if err != nil {
			return err
		}
		d.Queues = []docket.Queue{{Name: name, Listing: l}}
	} else if d.Queues, err = s.Docket.Desk(c.ctx(), c.Who); err != nil {
		return err
	}
	if d.Agenda, err = s.Docket.Agenda(c.ctx(), c.Who, d.Now.Add(-12*time.Hour), d.Now.AddDate(0, 0, 3)); err != nil {
		return err
	}
	if d.Due, err = s.Accord.Due(c.ctx(), c.Who, 0, 20); err != nil {
		return err
	}
	return c.Page(cases.Desk(c.page("工作台"), d))
}

func (s *Server) caseList(c *Ctx) error {
	d := cases.ListData{Form: c.queryForm(), Filter: s.caseFilter(c.QueryParams()), Now: s.DB.Now()}
	var err error
	if d.Listing, err = s.Docket.List(c.ctx(), c.Who, d.Filter, c.QueryParam("after")); err != nil {
		return err
	}
	if d.Names, err = s.names(c.ctx()); err != nil {
		return err
	}
	if d.Listing.Next != "" {
		d.Next = c.withQuery("after", d.Listing.Next)
	}
	if c.QueryParam("after") != "" {
		d.First = c.withQuery("after", "")
	}
	if d.Types, err = s.typeOptions(c, "全部类型", false); err != nil {
		return err
	}
	if d.Places, err = s.everyCommunity(c, "全部社区"); err != nil {
		return err
	}
	if c.Who.Can(access.CaseOut) {
		if d.Export = link.CaseExport(); c.Request().URL.RawQuery != "" {
			d.Export += "?" + c.Request().URL.RawQuery
		}
	}
	for _, t := range []struct{ label, query string }{{"全部", ""}, {"办理中", "?state=open"}, {"我的", "?mine=1"}, {"期限已到", "?due=today"}} {
		d.Saved = append(d.Saved, ui.Tab{Label: t.label, Href: link.Cases() + t.query, Current: c.Request().URL.RawQuery == strings.TrimPrefix(t.query, "?")})
	}
	return c.Page(cases.List(c.page("案件"), d))
}

func (s *Server) caseFile(c *Ctx) error { return s.casePage(c, c.newForm(), nil, nil) }

// casePage shows a case; f carries a refused form, revealed what was just opened.
func (s *Server) casePage(c *Ctx, f ui.Form, revealed map[string]docket.PartyFacts, inv *docket.Invitation) error {
	key := c.Param("key")
	d := cases.FileData{Form: f, Now: s.DB.Now(), Revealed: revealed, Opened: c.QueryParam("open"), Slot: c.queryForm()}
	if f.Failed() { // the refused form stands open; for a date, with what is free now
		if d.Opened = path.Base(c.route.Path); d.Opened == "schedule" || d.Opened == "move" {
			d.Opened, d.Slot = "schedule", f
		}
	}
	var photos []files.File
	file, err := s.Docket.Page(c.ctx(), c.Who, key,
		func(k docket.Case) db.Part { return papers.Listed(&d.Records, k.ID) },
		func(k docket.Case) db.Part { return accord.Listed(&d.Agreements, k.ID) },
		func(k docket.Case) db.Part {
			keys, args := docket.FileKeys(k)
			return files.Named(&photos, keys, args)
		})
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, file.Case.ID)
	if d.File = file; len(file.Files) > 0 { // a room's lead has none
		for _, p := range photos {
			d.Photos = append(d.Photos, cases.Photo{Key: p.Key, Name: p.Name})
		}
	}
	if err := s.fillCase(c, &d); err != nil {
		return err
	}
	if inv != nil {
		d.InviteCode, d.InviteAddress, d.InviteText = inv.Code, inv.Address, inv.Text
		if d.InviteQR, err = qrImage(inv.Address); err != nil {
			return err
		}
	}
	return c.Page(cases.File(c.page(file.Case.Title), d))
}

func (s *Server) fillCase(c *Ctx, d *cases.FileData) error {
	ctx, file := c.ctx(), d.File
	var err error
	if d.Names, err = s.names(ctx); err != nil {
		return err
	}
	for _, p := range file.Parties {
		facts, err := s.Docket.OpenParty(p)
		if err != nil {
			return err
		}
		d.Parties = append(d.Parties, cases.Party{View: p, Phone: people.MaskPhone(facts.Phone), Address: people.MaskAddress(facts.Address)})
	}
	d.Words, d.Choices, d.Agents = file.Statements, file.Choices, file.Agents
	for _, k := range file.Conflicts {
		d.Conflicts = append(d.Conflicts, k.Conflict)
	}
	return s.fillChoices(c, d)
}

// fillChoices reads what the forms of the page offer; nothing for readers without acts.
func (s *Server) fillChoices(c *Ctx, d *cases.FileData) (err error) {
	ctx := c.ctx()
	if !c.Who.Can(access.BookWrite) {
		return nil
	}
	if d.Rooms, err = s.roomOptions(ctx, "请选择"); err != nil {
		return err
	}
	if d.Mediators, err = s.mediatorOptions(ctx, "请选择"); err != nil {
		return err
	}
	if d.Committees, err = s.committeeOptions(ctx); err != nil {
		return err
	}
	if d.Liaisons, err = s.liaisonOptions(ctx); err != nil {
		return err
	}
	if len(d.Liaisons) > 1 {
		d.Liaisons = slices.Insert(d.Liaisons, 1, ui.Option{Value: id(docket.Any), Label: "任一有空的"})
	}
	d.SessionRooms = append([]ui.Option{{Value: id(docket.Any), Label: "任一空闲调解室"}, {Value: "0", Label: "不用调解室（上门、线上）"}}, d.Rooms[1:]...)
	if d.Slot.Value("room") == "" {
		d.Slot.Values.Set("room", id(cmp.Or(d.File.Case.RoomID, docket.Any)))
	}
	if d.Slot.Value("liaison") == "" && d.File.Case.NeedsLiaison {
		d.Slot.Values.Set("liaison", id(docket.Any))
	}
	if d.Opened == "schedule" && d.File.Case.MediatorID != 0 {
		return s.fillSlots(c, d)
	}
	return nil
}

func (s *Server) fillSlots(c *Ctx, d *cases.FileData) error {
	from := dayOf(c.QueryParam("from"))
	if now := s.DB.Now(); from.Before(now) {
		from = now
	}
	room, _ := strconv.ParseInt(d.Slot.Value("room"), 10, 64) // what is no number is none
	liaison, _ := strconv.ParseInt(d.Slot.Value("liaison"), 10, 64)
	found, err := s.Docket.CommonSlots(c.ctx(), c.Who, d.File.Case.Key, docket.Search{From: from, To: from.AddDate(0, 0, 28),
		RoomID: room, LiaisonID: liaison, Limit: 40, Together: d.Slot.Value("busy") != ""})
	if err != nil {
		return err
	}
	if d.Busy, err = s.Docket.BusyTimes(c.ctx(), c.Who, d.File.Case.Key, from, from.AddDate(0, 0, 28)); err != nil {
		return err
	}
	d.Slots, d.SlotWhy = slotDays(found.Slots, 40), found.Why
	return nil
}

func (s *Server) casePhoto(c *Ctx) error {
	if err := s.Docket.FileInScope(c.ctx(), c.Who, c.Param("file")); err != nil {
		return err
	}
	f, err := s.Files.Find(c.ctx(), s.DB, c.Param("file"))
	if err != nil {
		return err
	}
	return s.send(c, f)
}

// send answers with a stored file to keep. Who may read it was asked before.
func (s *Server) send(c *Ctx, f files.File) error {
	body, err := s.Files.Bytes(f)
	if err != nil {
		return err
	}
	return c.Download(f.Name, f.Mime, body)
}

// caseDone ends an act on a case: back to the case, or the case with the refused form.
func (s *Server) caseDone(c *Ctx, err error, said string) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.casePage(c, c.again(errs), nil, nil) })
	}
	c.Tell(said)
	return c.Go(link.Case(c.Param("key")))
}

func (c *Ctx) ending() docket.Ending {
	return docket.Ending{Reason: c.Field("reason"), Words: c.Field("words"), Remedies: c.Form()["remedies"], How: "oral"}
}

func (c *Ctx) plan() (docket.Plan, error) {
	start, end, err := parseSlot(c.Field("slot"))
	return docket.Plan{RoomID: c.Int("room"), LiaisonID: c.Int("liaison"), Start: start, End: end, Together: c.Field("together"), Version: c.Version()}, err
}
