package web

import (
	"strings"

	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/views/apply"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) inviteEnter(c *Ctx) error {
	return c.Page(apply.Enter(c.page("答复调解邀请"), c.newForm()))
}

func (s *Server) inviteOpen(c *Ctx) error {
	code := strings.ToLower(strings.ReplaceAll(c.Field("code"), " ", ""))
	if code == "" {
		return c.Refused(fault.At("code", "请输入邀请码"), func(errs map[string]string) error {
			return c.Page(apply.Enter(c.page("答复调解邀请"), c.again(errs)))
		})
	}
	return c.Go(link.Invite(code))
}

func (s *Server) invite(c *Ctx) error { return s.invitePage(c, c.newForm()) }

func (s *Server) invitePage(c *Ctx, f ui.Form) error {
	v, err := s.Docket.InviteByCode(c.ctx(), c.Param("code"), c.Who.IP)
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d := apply.InviteData{Form: f, Code: c.Param("code"), View: v, TypeName: names.Types[v.TypeCode]}
	switch {
	case v.Consent == "agreed":
		d.Closed = "您已经答复：愿意调解"
	case v.Consent == "refused":
		d.Closed = "您已经答复：不愿意调解"
	case !v.State.Open():
		d.Closed = "这件事已经结束，不需要答复了"
	}
	if d.Ranked, err = s.Market.ByIDs(c.ctx(), v.Ranked); err != nil {
		return err
	}
	if d.All, err = s.mediatorKeys(c, "不另选"); err != nil {
		return err
	}
	d.Slots, err = s.inviteSlots(c, v)
	if err != nil {
		return err
	}
	return c.Page(apply.Invite(c.page("调解邀请"), d))
}

// inviteSlots offers the applicant's times first, else times when the mediators are free.
func (s *Server) inviteSlots(c *Ctx, v docket.InviteView) ([]ui.SlotDay, error) {
	var spans []calendar.Span
	for _, x := range v.Slots {
		spans = append(spans, calendar.Span{Start: x.Start, End: x.End})
	}
	more, err := s.Market.CommonTimes(c.ctx(), v.Ranked, 15)
	for _, m := range more {
		known := false
		for _, x := range spans {
			known = known || x.Start.Equal(m.Start)
		}
		if !known {
			spans = append(spans, m)
		}
	}
	return slotDays(spans, 20), err
}

func (s *Server) inviteAnswer(c *Ctx) error {
	again := func(errs map[string]string) error { return s.invitePage(c, c.again(errs)) }
	agree := c.Field("agree")
	if agree == "" {
		return c.Refused(fault.At("agree", "请选择愿意还是不愿意"), again)
	}
	in := docket.AnswerInput{Agree: agree == "yes", Words: c.Field("words"), Phone: c.Field("phone")}
	var err error
	if in.Approve, err = s.Market.Keys(c.ctx(), c.Form()["mediators"]); err != nil {
		return err
	}
	if named, err := s.Market.Keys(c.ctx(), []string{c.Field("name")}); err != nil {
		return err
	} else if len(named) == 1 {
		in.Name = named[0]
	}
	in.AnyOne = len(in.Approve) == 0 && in.Name == 0
	for _, v := range c.Form()["slots"] {
		if start, end, err := parseSlot(v); err == nil {
			in.Slots = append(in.Slots, docket.SlotInput{Start: start, End: end})
		}
	}
	if c.Field("privacy") != "" || !in.Agree { // who refuses gives us nothing to keep
		in.Privacy = PrivacyVersion
	}
	rec, err := s.Docket.Respond(c.ctx(), c.Param("code"), c.Who.IP, in, c.Idem())
	if err != nil {
		return c.Refused(err, again)
	}
	return c.Page(apply.Answered(c.page("已收到您的答复"), apply.AnsweredData{Receipt: rec, Agreed: in.Agree}))
}

func (s *Server) trackForm(c *Ctx) error {
	f := c.newForm()
	f.Values.Set("number", c.QueryParam("number"))
	return s.trackPage(c, f, nil, "")
}

func (s *Server) trackPage(c *Ctx, f ui.Form, t *docket.Tracking, code string) error {
	d := apply.TrackData{Form: f, Tracking: t, Code: code}
	var err error
	if c.Who.ResidentID != 0 && t == nil {
		if d.Mine, err = s.Docket.MyCases(c.ctx(), c.Who); err != nil {
			return err
		}
	}
	if t != nil {
		names, err := s.names(c.ctx())
		if err != nil {
			return err
		}
		d.Mediator = names.Mediators[t.MediatorID]
		if d.Accord, err = s.Accord.Public(c.ctx(), t.CaseID); err != nil {
			return err
		}
		if t.Session != nil && t.Session.RoomID != 0 {
			room, err := s.Rooms.RoomByID(c.ctx(), s.DB, t.Session.RoomID)
			if err != nil {
				return err
			}
			d.Room = room.ShortName + "," + room.Address
		}
	}
	return c.Page(apply.Track(c.page("查进度"), d))
}

func (s *Server) track(c *Ctx) error {
	number, code := c.Field("number"), c.Field("code")
	t, err := s.Docket.Track(c.ctx(), number, code, c.Who.IP)
	if err != nil {
		return s.trackRefused(c, err)
	}
	return s.trackPage(c, c.newForm(), &t, code)
}

// trackRefused gives one answer for a wrong number, a wrong code and no such case.
func (s *Server) trackRefused(c *Ctx, err error) error {
	if fault.Is(err, fault.NotFound) {
		err = fault.At("code", "编号或查询码不对，请核对回执")
	}
	return c.Refused(err, func(errs map[string]string) error { return s.trackPage(c, c.again(errs), nil, "") })
}

func (s *Server) trackMine(c *Ctx) error {
	pass, err := s.Docket.PassOfResident(c.ctx(), c.Who, c.Field("number"))
	if err != nil {
		return err
	}
	t, err := s.Docket.TrackPass(c.ctx(), pass)
	if err != nil {
		return err
	}
	return s.trackPage(c, c.newForm(), &t, "")
}

// partyAct carries out a party's own word, proved by number and code.
func (s *Server) partyAct(c *Ctx, act func(docket.Pass) error) error {
	pass, err := s.Docket.PassByCode(c.ctx(), c.Who, c.Field("number"), c.Field("code"), c.Who.IP)
	if err != nil {
		return s.trackRefused(c, err)
	}
	if err := act(pass); err != nil {
		return err
	}
	t, err := s.Docket.TrackPass(c.ctx(), pass)
	if err != nil {
		return err
	}
	return s.trackPage(c, c.newForm(), &t, c.Field("code"))
}

func (s *Server) trackReplace(c *Ctx) error {
	return s.partyAct(c, func(p docket.Pass) error { return s.Docket.Replace(c.ctx(), p, c.Field("words")) })
}

func (s *Server) trackDecline(c *Ctx) error {
	return s.partyAct(c, func(p docket.Pass) error { return s.Docket.Decline(c.ctx(), p, c.Field("words")) })
}

// mediatorKeys lists the mediators by their public keys, for residents.
func (s *Server) mediatorKeys(c *Ctx, none string) ([]ui.Option, error) {
	d, err := s.look(c.ctx())
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: none}}
	for _, m := range d.listed {
		out = append(out, ui.Option{Value: m.Key, Label: m.Name, Group: m.RepName})
	}
	return out, nil
}
