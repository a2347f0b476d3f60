package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/rooms"
	"tiaojie/db"
	views "tiaojie/views/agenda"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) calendarRoutes(g *registry) {
	g.get("/calendar", access.BookRead, s.week)
	g.get("/calendar/:file", access.Public, s.sessionICS, raw)
	g.get("/feeds/:file", access.Public, s.feed, raw)
	g.get("/desk/court", access.CourtDesk, s.court)
	g.post("/desk/court/slot", access.CourtDesk, s.courtSlot)
	g.post("/desk/court/slot/:key/remove", access.CourtDesk, s.courtSlotRemove)
	s.hoursRoutes(g, "/desk/time", access.StaffOnly, s.ownTime)
	s.hoursRoutes(g, "/desk/mediators/:key/time", access.RosterRun, s.mediatorTime)
	s.hoursRoutes(g, "/desk/rooms/:key/time", access.RoomRun, s.roomTime)
}

// owner names whose hours a page is about.
type owner struct {
	kind calendar.Kind
	ref  int64
	name string
	base string
	back string
}

type findOwner func(c *Ctx) (owner, error)

// hoursRoutes are the pages of weekly hours and exceptions, the same for a person's
// own time, a mediator's and a room's.
func (s *Server) hoursRoutes(g *registry, base string, p access.Permission, find findOwner) {
	g.get(base, p, func(c *Ctx) error { return s.hoursPage(c, find, c.newForm(), nil, "") })
	g.post(base+"/hours", p, func(c *Ctx) error { return s.setHours(c, find) })
	g.post(base+"/exception", p, func(c *Ctx) error { return s.addException(c, find) })
	g.post(base+"/exception/:ex/remove", p, func(c *Ctx) error { return s.removeException(c, find) })
	g.post(base+"/feed", p, func(c *Ctx) error { return s.newFeed(c, find) })
	g.post(base+"/feed/:feed/revoke", p, func(c *Ctx) error { return s.revokeFeed(c, find) })
}

func (s *Server) ownTime(c *Ctx) (owner, error) {
	o := owner{base: link.OwnTime(), back: link.Desk(), name: c.Who.Name}
	switch {
	case c.Who.MediatorID != 0:
		o.kind, o.ref = calendar.MediatorKind, c.Who.MediatorID
	case c.Who.Has(access.Liaison):
		o.kind, o.ref = calendar.LiaisonKind, c.Who.AccountID
	default:
		return o, fault.New(fault.NotFound, "您没有自己的日程")
	}
	return o, nil
}

func (s *Server) mediatorTime(c *Ctx) (owner, error) {
	m, err := s.People.Mediator(c.ctx(), s.DB, c.Param("key"))
	return owner{calendar.MediatorKind, m.ID, m.Name, link.DeskMediator(m.Key) + "/time", link.DeskMediator(m.Key)}, err
}

func (s *Server) roomTime(c *Ctx) (owner, error) {
	r, err := s.Rooms.Room(c.ctx(), s.DB, c.Param("key"))
	if err == nil && !c.Who.Can(access.RoomAdmin) && !c.Who.LeadsRoom(r.ID) {
		err = fault.New(fault.NotFound, "没有找到这间调解室")
	}
	return owner{calendar.RoomKind, r.ID, r.ShortName, link.DeskRoom(r.Key) + "/time", link.DeskRoom(r.Key)}, err
}

func (s *Server) hoursPage(c *Ctx, find findOwner, f ui.Form, hit []calendar.Entry, feedURL string) error {
	o, err := find(c)
	if err != nil {
		return err
	}
	d := views.OwnData{Form: f, Name: o.name, Base: o.base, Back: o.back, Hit: hit, FeedURL: feedURL, Liaison: o.kind == calendar.LiaisonKind}
	if d.Rules, err = s.Calendar.RulesOf(c.ctx(), s.DB, o.kind, o.ref); err != nil {
		return err
	}
	if d.Exceptions, err = s.Calendar.ExceptionsOf(c.ctx(), s.DB, o.kind, o.ref, s.DB.Now()); err != nil {
		return err
	}
	if d.Feeds, err = s.Calendar.Feeds(c.ctx(), c.Who, o.kind, o.ref); err != nil {
		return err
	}
	return c.Page(views.Own(c.page(o.name+"的时间"), d))
}

// hoursOf reads the form of weekly hours: ticked half days, kept odd ones, a new one.
func hoursOf(c *Ctx) ([]calendar.Rule, error) {
	var out []calendar.Rule
	for _, v := range c.Form()["turn"] {
		day, turn, _ := strings.Cut(v, ".")
		d, err1 := strconv.Atoi(day)
		t, err2 := strconv.Atoi(turn)
		if err1 == nil && err2 == nil && t >= 0 && t < len(views.Turns) {
			out = append(out, calendar.Rule{Weekday: d, FromMin: views.Turns[t].From, ToMin: views.Turns[t].To})
		}
	}
	for _, v := range c.Form()["odd"] {
		p := strings.Split(v, ".")
		if len(p) != 3 {
			continue
		}
		d, _ := strconv.Atoi(p[0])
		from, _ := strconv.Atoi(p[1])
		to, _ := strconv.Atoi(p[2])
		out = append(out, calendar.Rule{Weekday: d, FromMin: from, ToMin: to})
	}
	if d := int(c.Int("weekday")); d != 0 {
		from, ok1 := clock(c.Field("from_time"))
		to, ok2 := clock(c.Field("to_time"))
		if !ok1 || !ok2 {
			return nil, fault.At("hours", "请填写从几点到几点")
		}
		out = append(out, calendar.Rule{Weekday: d, FromMin: from, ToMin: to})
	}
	return out, nil
}

// clock reads 14:30 as a minute of the day.
func clock(text string) (int, bool) {
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}

func (s *Server) setHours(c *Ctx, find findOwner) error {
	o, err := find(c)
	if err != nil {
		return err
	}
	rules, err := hoursOf(c)
	var hit []calendar.Entry
	if err == nil {
		hit, err = s.Calendar.SetRules(c.ctx(), c.Who, o.kind, o.ref, rules)
	}
	return s.hoursDone(c, find, o, hit, err, "每周时间已保存")
}

func (s *Server) hoursDone(c *Ctx, find findOwner, o owner, hit []calendar.Entry, err error, said string) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.hoursPage(c, find, c.again(errs), nil, "") })
	}
	if len(hit) > 0 { // shown at once: a redirect would lose the list
		return s.hoursPage(c, find, c.newForm(), hit, "")
	}
	c.Tell(said)
	return c.Go(o.base)
}

// exceptionOf reads days and hours of an exception; without hours it takes whole days.
func exceptionOf(c *Ctx) (calendar.Exception, error) {
	from := dayOf(c.Field("from"))
	if from.IsZero() {
		return calendar.Exception{}, fault.At("from", "请填写日期")
	}
	to := dayOf(or(c.Field("to"), c.Field("from")))
	if to.IsZero() {
		return calendar.Exception{}, fault.At("to", "日期不对")
	}
	to = to.AddDate(0, 0, 1)
	if a, ok := clock(c.Field("from_time")); ok {
		from = from.Add(time.Duration(a) * time.Minute)
	}
	if b, ok := clock(c.Field("to_time")); ok {
		to = to.AddDate(0, 0, -1).Add(time.Duration(b) * time.Minute)
	}
	return calendar.Exception{Kind: or(c.Field("kind"), "closed"), FromAt: db.At(from), ToAt: db.At(to), Reason: c.Field("reason"), Purpose: c.Field("purpose")}, nil
}

func (s *Server) addException(c *Ctx, find findOwner) error {
	o, err := find(c)
	if err != nil {
		return err
	}
	e, err := exceptionOf(c)
	var hit []calendar.Entry
	if err == nil {
		_, hit, err = s.Calendar.AddException(c.ctx(), c.Who, c.Idem(), o.kind, o.ref, e)
	}
	return s.hoursDone(c, find, o, hit, err, "已登记")
}

func (s *Server) removeException(c *Ctx, find findOwner) error {
	o, err := find(c)
	if err != nil {
		return err
	}
	hit, err := s.Calendar.RemoveException(c.ctx(), c.Who, o.kind, o.ref, c.Param("ex"))
	return s.hoursDone(c, find, o, hit, err, "已取消")
}

func (s *Server) newFeed(c *Ctx, find findOwner) error {
	o, err := find(c)
	if err != nil {
		return err
	}
	token, err := s.Calendar.NewFeed(c.ctx(), c.Who, c.Idem(), o.kind, o.ref)
	if err != nil {
		return err
	}
	if token == "" { // the form came twice; the address was shown the first time
		return c.Go(o.base)
	}
	return s.hoursPage(c, find, c.newForm(), nil, s.cfg.BaseURL+link.Feed(token))
}

func (s *Server) revokeFeed(c *Ctx, find findOwner) error {
	o, err := find(c)
	if err != nil {
		return err
	}
	return s.hoursDone(c, find, o, nil, s.Calendar.RevokeFeed(c.ctx(), c.Who, o.kind, o.ref, c.Param("feed")), "订阅已停用")
}

func (s *Server) feed(c *Ctx) error {
	token, ok := strings.CutSuffix(c.Param("file"), ".ics")
	if !ok {
		return fault.New(fault.NotFound, "没有这个日历")
	}
	if err := s.feedOpen(c, token); err != nil {
		return err
	}
	text, err := s.Calendar.RenderFeed(c.ctx(), token)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=900")
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(text))
}

// feedOpen refuses the link of somebody whose account is disabled: it needs no sign-in, so
// that nothing else would end it.
func (s *Server) feedOpen(c *Ctx, token string) error {
	kind, ref, err := s.Calendar.FeedOwner(c.ctx(), token)
	if err != nil {
		return err
	}
	var account, mediator int64
	switch kind {
	case calendar.LiaisonKind:
		account = ref
	case calendar.MediatorKind:
		mediator = ref
	}
	closed, err := s.People.Closed(c.ctx(), s.DB, account, mediator)
	if err == nil && closed {
		err = fault.New(fault.NotFound, "没有这个日历")
	}
	return err
}

// sessionICS is one session as a calendar file. Its key is unguessable, and it tells
// the time and the place only.
func (s *Server) sessionICS(c *Ctx) error {
	key, ok := strings.CutSuffix(c.Param("file"), ".ics")
	if !ok {
		return fault.New(fault.NotFound, "没有这个日历")
	}
	booking, err := s.Docket.BookingOf(c.ctx(), key)
	if err != nil {
		return err
	}
	text, err := s.Calendar.ICSOf(c.ctx(), booking)
	if err != nil {
		return err
	}
	return c.Download("调解.ics", "text/calendar; charset=utf-8", []byte(text))
}

func (s *Server) week(c *Ctx) error {
	day, err := calendar.ParseDay(c.QueryParam("from"))
	if err != nil {
		day = calendar.DayOf(s.DB.Now())
	}
	monday := day.Monday()
	list, err := s.Rooms.List(c.ctx(), s.DB, c.Who, rooms.Filter{Public: true})
	if err != nil {
		return err
	}
	entries, err := s.Calendar.BookedBetween(c.ctx(), c.Who, monday, monday+6)
	if err != nil {
		return err
	}
	d := views.WeekData{Title: monday.Label() + " 至 " + (monday + 6).Label(), Prev: link.With(link.Calendar(), "from", (monday - 7).String()),
		Next: link.With(link.Calendar(), "from", (monday + 7).String())}
	for i := range 7 {
		d.Days = append(d.Days, monday+calendar.Day(i))
	}
	for _, r := range list {
		if !c.Who.Can(access.BookWrite) && !c.Who.Can(access.CaseRead) && !c.Who.Can(access.School) {
			continue
		}
		row, err := s.roomWeek(c, r, monday, entries)
		if err != nil {
			return err
		}
		d.Rooms = append(d.Rooms, row)
	}
	return c.Page(views.Week(c.page("排期"), d))
}

func (s *Server) roomWeek(c *Ctx, r rooms.Room, monday calendar.Day, entries []calendar.Entry) (views.RoomWeek, error) {
	row := views.RoomWeek{Name: r.ShortName, Href: link.Room(r.Key), Days: make([][]views.Cell, 7), Closed: make([]string, 7)}
	if c.Who.Can(access.RoomRead) {
		row.Href = link.DeskRoom(r.Key)
	}
	res, err := s.Calendar.ResourceID(c.ctx(), s.DB, calendar.RoomKind, r.ID)
	if err != nil {
		return row, err
	}
	who := map[int64]string{}
	for _, e := range entries {
		if e.Role != "room" {
			who[e.ID] += e.Resource + " "
		}
	}
	for _, e := range entries {
		if e.ResourceID != res {
			continue
		}
		day := int(calendar.DayOf(e.StartsAt.Time) - monday)
		row.Days[day] = append(row.Days[day], views.Cell{From: e.StartsAt.Time, To: e.EndsAt.Time, Title: e.Title, Who: who[e.ID], Status: e.Status})
	}
	exceptions, err := s.Calendar.ExceptionsOf(c.ctx(), s.DB, calendar.RoomKind, r.ID, monday.At(0))
	for _, e := range exceptions {
		for i := range 7 {
			day := monday + calendar.Day(i)
			if e.Kind == "closed" && e.FromAt.Before((day + 1).At(0)) && e.ToAt.After(day.At(0)) {
				row.Closed[i] = "停用：" + e.Reason
			}
		}
	}
	return row, err
}

func (s *Server) court(c *Ctx) error { return s.courtPage(c, c.newForm()) }

func (s *Server) courtPage(c *Ctx, f ui.Form) error {
	now := s.DB.Now()
	list, err := s.Docket.Agenda(c.ctx(), c.Who, now.Add(-4*time.Hour), now.AddDate(0, 3, 0))
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d := views.CourtData{Form: f, Rooms: names.Rooms, Busy: map[string]int{}}
	if d.Slots, err = s.Calendar.ExceptionsOf(c.ctx(), s.DB, calendar.LiaisonKind, c.Who.AccountID, now); err != nil {
		return err
	}
	for _, r := range list {
		if r.LiaisonID != c.Who.AccountID {
			continue
		}
		if r.LiaisonAnswer == "waiting" {
			d.Waiting = append(d.Waiting, r)
		} else {
			d.Coming = append(d.Coming, r)
		}
		for _, e := range d.Slots {
			if !r.StartsAt.Before(e.FromAt.Time) && r.StartsAt.Before(e.ToAt.Time) {
				d.Busy[e.Key]++
			}
		}
	}
	return c.Page(views.Court(c.page("法院联络"), d))
}

func (s *Server) courtSlot(c *Ctx) error {
	e, err := exceptionOf(c)
	if err == nil && (c.Field("from_time") == "" || c.Field("to_time") == "") {
		err = fault.At("from_time", "请填写从几点到几点")
	}
	if err == nil {
		e.Kind, e.Reason = "open", "驻街道工作站"
		_, _, err = s.Calendar.AddException(c.ctx(), c.Who, c.Idem(), calendar.LiaisonKind, c.Who.AccountID, e)
	}
	return s.courtDone(c, err, "时段已公布")
}

func (s *Server) courtDone(c *Ctx, err error, said string) error {
	return c.done(err, s.courtPage, said, link.DeskCourt())
}

func (s *Server) courtSlotRemove(c *Ctx) error {
	hit, err := s.Calendar.RemoveException(c.ctx(), c.Who, calendar.LiaisonKind, c.Who.AccountID, c.Param("key"))
	said := "时段已撤回"
	if len(hit) > 0 {
		said = fmt.Sprintf("时段已撤回；其中已约的 %d 场还在，去不了的请答复“不能出席”", len(hit))
	}
	return s.courtDone(c, err, said)
}
