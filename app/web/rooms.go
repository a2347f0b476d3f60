package web

import (
	"slices"
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/rooms"
	"tiaojie/db"
	"tiaojie/views/link"
	"tiaojie/views/market"
	views "tiaojie/views/rooms"
	"tiaojie/views/ui"
)

func (s *Server) roomRoutes(g *registry) {
	g.get("/desk/rooms", access.RoomRead, s.deskRooms)
	g.get("/desk/rooms/new", access.RoomAdmin, s.roomNew)
	g.post("/desk/rooms/new", access.RoomAdmin, s.roomCreate)
	g.get("/desk/rooms/:key", access.RoomRead, s.deskRoom)
	g.get("/desk/rooms/:key/edit", access.RoomRun, s.roomEdit)
	g.post("/desk/rooms/:key/edit", access.RoomRun, s.roomSave)
	g.post("/desk/rooms/:key/move", access.RoomAdmin, s.roomMove)
	g.post("/desk/rooms/:key/roster", access.RoomRun, s.roomRoster)
	g.post("/desk/rooms/:key/leads", access.RoomAdmin, s.roomLeads)
	g.post("/desk/rooms/:key/photos", access.RoomRun, s.roomPhotoAdd, uploads)
	g.post("/desk/rooms/:key/photos/:file/remove", access.RoomRun, s.roomPhotoRemove)
}

// allRooms tells whether the person sees all rooms at the desk; a lead sees the own ones.
func allRooms(who access.Actor) bool {
	return who.Can(access.RoomAdmin) || who.Can(access.CaseLead) || who.Can(access.School) || who.Can(access.CaseWork)
}

func (s *Server) deskRooms(c *Ctx) error {
	list, err := s.Rooms.List(c.ctx(), s.DB, c.Who, rooms.Filter{Mine: !allRooms(c.Who)})
	if err != nil {
		return err
	}
	return c.Page(views.List(c.page("调解室"), views.ListData{Rooms: list, Today: db.DayOf(s.DB.Now())}))
}

func (s *Server) seenRoom(c *Ctx) (rooms.Room, error) {
	r, err := s.Rooms.Room(c.ctx(), s.DB, c.Param("key"))
	if err == nil && !allRooms(c.Who) && !c.Who.LeadsRoom(r.ID) {
		err = fault.New(fault.NotFound, "没有找到这间调解室")
	}
	return r, err
}

func (s *Server) deskRoom(c *Ctx) error { return s.deskRoomPage(c, c.newForm()) }

func (s *Server) deskRoomPage(c *Ctx, f ui.Form) error {
	r, err := s.seenRoom(c)
	if err != nil {
		return err
	}
	d := views.RoomData{Form: f, Room: r, Moves: rooms.MovesOf(r, c.Who), Opened: c.Field("verb"),
		MayAll: c.Who.Can(access.RoomAdmin), MayEdit: c.Who.Can(access.RoomAdmin) || c.Who.LeadsRoom(r.ID)}
	duties, err := s.Rooms.Roster(c.ctx(), s.DB, r.ID)
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d.Duties = views.Turns(duties)
	if f.Failed() && strings.HasSuffix(c.route.Path, "/roster") {
		d.Duties = views.TurnsAgain(duties, c.duties("was"), c.duties("duty"), func(id int64) string { return names.Mediators[id] })
	}
	today := calendar.DayOf(s.DB.Now())
	for _, x := range duties {
		if x.Weekday == today.Weekday() {
			d.OnDuty = append(d.OnDuty, x)
		}
	}
	res, err := s.Calendar.ResourceID(c.ctx(), s.DB, calendar.RoomKind, r.ID)
	if err != nil {
		return err
	}
	if c.Who.Can(access.BookRead) {
		if d.Today, err = s.Calendar.Agenda(c.ctx(), c.Who, []int64{res}, today.At(0), (today + 1).At(0)); err != nil {
			return err
		}
	}
	if d.Free, err = s.freeDays(c, calendar.RoomKind, r.ID, 20); err != nil {
		return err
	}
	if d.Events, err = s.Rooms.Events(c.ctx(), c.Who, r.ID); err != nil {
		return err
	}
	if d.Photos, err = s.Rooms.Photos(c.ctx(), r.Key); err != nil {
		return err
	}
	if d.Mediators, err = s.mediatorOptions(c.ctx(), "请选择"); err != nil {
		return err
	}
	if err := s.addLeads(c, &d); err != nil {
		return err
	}
	rules, err := s.Calendar.RulesOf(c.ctx(), s.DB, calendar.RoomKind, r.ID)
	if err != nil {
		return err
	}
	d.Hours = market.Hours(rules)
	return c.Page(views.Room(c.page(r.ShortName), d))
}

// addLeads adds the accounts that run the room, and for the clerk those that could.
func (s *Server) addLeads(c *Ctx, d *views.RoomData) error {
	ids, err := s.Rooms.LeadsOf(c.ctx(), s.DB, d.Room.ID)
	if err != nil {
		return err
	}
	could, err := s.People.AccountsWith(c.ctx(), s.DB, access.RoomLead)
	stored := c.newForm()
	for _, a := range could {
		d.Leads = append(d.Leads, ui.Option{Value: id(a.ID), Label: a.Name, Hint: a.Login})
		if slices.Contains(ids, a.ID) {
			d.LedBy = append(d.LedBy, a.Name)
			if !strings.HasSuffix(c.route.Path, "/leads") { // else what the clerk ticked
				d.Form.Values.Add("leads", id(a.ID))
			}
			stored.Values.Add("leads", id(a.ID))
		}
	}
	if d.Form.Failed() && strings.HasSuffix(c.route.Path, "/leads") && d.Room.Version != c.Version() {
		d.Meanwhile = d.Form.Elsewise(stored, []ui.Kept{{Name: "leads", Label: "负责人账号", Options: d.Leads}})
	}
	return err
}

func (s *Server) roomLeads(c *Ctx) error {
	return s.roomDone(c, s.Rooms.SetLeads(c.ctx(), c.Who, c.Param("key"), c.Ints("leads"), c.Version()), "负责人账号已保存")
}

func (s *Server) roomNew(c *Ctx) error {
	f := c.newForm()
	f.Values.Set("kind", string(rooms.Plain))
	return s.roomForm(c, f, rooms.Room{}, nil)
}

// roomForm shows the form; stored is what somebody else saved while it was open.
func (s *Server) roomForm(c *Ctx, f ui.Form, r rooms.Room, stored *ui.Form) error {
	d := views.EditData{Form: f, Room: r, MayAll: c.Who.Can(access.RoomAdmin), Stored: stored}
	var err error
	if d.Types, err = s.typeOptions(c, "", false); err != nil {
		return err
	}
	if d.Committees, err = s.committeeOptions(c.ctx()); err != nil {
		return err
	}
	if d.Communities, err = s.communityOptions(c, "请选择", r.CommunityID); err != nil {
		return err
	}
	if d.Mediators, err = s.mediatorOptions(c.ctx(), "暂不指定"); err != nil {
		return err
	}
	return c.Page(views.Edit(c.page("调解室资料"), d))
}

func (c *Ctx) roomInput() rooms.Input {
	return rooms.Input{Kind: rooms.Kind(c.Field("kind")), FullName: c.Field("full_name"), ShortName: c.Field("short_name"), CommitteeID: c.Int("committee"),
		CommunityID: c.Int("community"), LeadMediatorID: c.Int("lead"), Story: c.Field("story"), Types: c.Form()["types"], Address: c.Field("address"),
		Directions: c.Field("directions"), Phone: c.Field("phone"), Seats: int(c.Int("seats")), Facilities: c.Field("facilities"), Version: c.Version()}
}

func (s *Server) roomCreate(c *Ctx) error {
	key, err := s.Rooms.Create(c.ctx(), c.Who, c.Idem(), c.roomInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.roomForm(c, c.again(errs), rooms.Room{}, nil) })
	}
	c.Tell("已提出申报")
	return c.Go(link.DeskRoom(key))
}

func (s *Server) roomEdit(c *Ctx) error {
	r, err := s.ownRoom(c)
	if err != nil {
		return err
	}
	return s.roomForm(c, c.roomFilled(r), r, nil)
}

func (c *Ctx) roomFilled(r rooms.Room) ui.Form {
	f := c.filled("kind", string(r.Kind), "full_name", r.FullName, "short_name", r.ShortName, "committee", id(r.CommitteeID), "community", id(r.CommunityID),
		"address", r.Address, "directions", r.Directions, "phone", r.Phone, "seats", strconv.Itoa(r.Seats), "facilities", r.Facilities, "story", r.Story)
	if r.LeadMediatorID != nil {
		f.Values.Set("lead", id(*r.LeadMediatorID))
	}
	f.Values["types"] = r.Types
	return f
}

func (s *Server) ownRoom(c *Ctx) (rooms.Room, error) {
	r, err := s.Rooms.Room(c.ctx(), s.DB, c.Param("key"))
	if err == nil && !c.Who.Can(access.RoomAdmin) && !c.Who.LeadsRoom(r.ID) {
		err = fault.New(fault.NotFound, "没有找到这间调解室")
	}
	return r, err
}

func (s *Server) roomSave(c *Ctx) error {
	err := s.Rooms.Edit(c.ctx(), c.Who, c.Param("key"), c.roomInput())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			r, err := s.ownRoom(c)
			if err != nil {
				return err
			}
			if r.Version == c.Version() {
				return s.roomForm(c, c.again(errs), r, nil)
			}
			stored := c.roomFilled(r)
			return s.roomForm(c, c.again(errs), r, &stored)
		})
	}
	c.Tell("资料已保存")
	return c.Go(link.DeskRoom(c.Param("key")))
}

func (s *Server) roomDone(c *Ctx, err error, said string) error {
	return c.done(err, s.deskRoomPage, said, link.DeskRoom(c.Param("key")))
}

func (s *Server) roomMove(c *Ctx) error {
	in := rooms.Step{Verb: rooms.Verb(c.Field("verb")), NamingAuthority: c.Field("naming_authority"), ApprovalNo: c.Field("approval_no"),
		ApprovedOn: c.Field("approved_on"), PlaqueOn: c.Field("plaque_on"), Note: c.Field("note"), Version: c.Version()}
	return s.roomDone(c, s.Rooms.Advance(c.ctx(), c.Who, c.Param("key"), in), "已办理："+in.Verb.Label())
}

// duties reads turns as the roster's form spells them.
func (c *Ctx) duties(name string) (out []rooms.Duty) {
	for _, v := range c.Form()[name] {
		p := strings.Split(v, ".")
		if len(p) != 4 {
			continue
		}
		mediator, _ := strconv.ParseInt(p[0], 10, 64)
		day, _ := strconv.Atoi(p[1])
		from, _ := strconv.Atoi(p[2])
		to, _ := strconv.Atoi(p[3])
		out = append(out, rooms.Duty{MediatorID: mediator, Weekday: day, FromMin: from, ToMin: to})
	}
	return out
}

func (s *Server) roomRoster(c *Ctx) error {
	duties := c.duties("duty")
	if day := int(c.Int("weekday")); day != 0 {
		from, ok1 := clock(c.Field("from_time"))
		to, ok2 := clock(c.Field("to_time"))
		if !ok1 || !ok2 || c.Int("mediator") == 0 {
			return s.roomDone(c, fault.At("roster", "请填写时间并选择调解员"), "")
		}
		duties = append(duties, rooms.Duty{MediatorID: c.Int("mediator"), Weekday: day, FromMin: from, ToMin: to})
	}
	return s.roomDone(c, s.Rooms.SetRoster(c.ctx(), c.Who, c.Param("key"), duties, c.Version()), "值班表已保存")
}

func (s *Server) roomPhotoAdd(c *Ctx) error {
	form := c.Request().MultipartForm
	if form == nil || len(form.File["photo"]) == 0 {
		return s.roomDone(c, fault.At("photo", "请选择照片"), "")
	}
	f, err := s.readFile(c, form.File["photo"][0], "photo")
	if err == nil && !strings.HasPrefix(f.Mime, "image/") {
		err = fault.At("photo", "只能上传 jpg 或 png 图片")
	}
	if err == nil {
		err = s.Rooms.AddPhoto(c.ctx(), c.Who, c.Param("key"), f)
	}
	return s.roomDone(c, err, "照片已添加")
}

func (s *Server) roomPhotoRemove(c *Ctx) error {
	return s.roomDone(c, s.Rooms.RemovePhoto(c.ctx(), c.Who, c.Param("key"), c.Param("file")), "照片已删除")
}
