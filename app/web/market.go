package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/market"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	views "tiaojie/views/market"
	"tiaojie/views/ui"
)

func (s *Server) marketRoutes(g *registry) {
	g.get("/mediators", access.Public, s.marketList)
	g.get("/mediators/:key", access.Public, s.marketProfile)
	g.get("/mediators/:key/photo", access.Public, s.mediatorPhoto, raw)
	g.get("/rooms", access.Public, s.roomsList)
	g.get("/rooms/:key", access.Public, s.roomPage)
	g.get("/rooms/:key/photos/:file", access.Public, s.roomPhoto, raw)
}

// cardsAtOnce is how many mediators the marketplace shows before 「再看」: a few screens of a phone.
const cardsAtOnce = 12

func (s *Server) marketList(c *Ctx) error {
	d := views.ListData{Form: c.queryForm()}
	byName := c.QueryParam("order") == "name"
	var err error
	d.Cards, err = s.Market.List(c.ctx(), market.Filter{Type: c.QueryParam("type"), RepKind: c.QueryParam("kind"), Language: c.QueryParam("language"),
		Name: c.QueryParam("name"), Community: c.QueryInt("community"), Day: c.QueryParam("day"), ByName: byName})
	if err != nil {
		return err
	}
	d.Found = len(d.Cards)
	if shown := int(max(cardsAtOnce, min(c.QueryInt("more"), int64(d.Found)))); shown < d.Found {
		d.Cards, d.Next = d.Cards[:shown], min(cardsAtOnce, d.Found-shown)
		d.More = c.withQuery("more", strconv.Itoa(shown+d.Next)) + "#card-" + strconv.Itoa(shown+1)
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d.TypeNames = names.Types
	if d.Types, err = s.typeOptions(c, "不限", false); err != nil {
		return err
	}
	if d.Communities, err = s.communityOptions(c, "不限"); err != nil {
		return err
	}
	if d.Kinds, err = s.kindOptions(c); err != nil {
		return err
	}
	d.Languages = []ui.Option{{Label: "不限"}}
	for _, l := range people.Languages {
		d.Languages = append(d.Languages, ui.Option{Value: l, Label: l})
	}
	d.Order = []ui.Tab{{Label: "最快有空", Href: c.withQuery("order", ""), Current: !byName}, {Label: "按姓名", Href: c.withQuery("order", "name"), Current: byName}}
	return c.Page(views.List(c.page("调解超市"), d))
}

// kindOptions lists the kinds of representatives that are confirmed and switched on,
// and those to keep, which stand in what is changed or looked for.
func (s *Server) kindOptions(c *Ctx, keep ...string) ([]ui.Option, error) {
	d, err := s.look(c.ctx())
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: "不限"}}
	for _, k := range d.kinds {
		if k.Enabled {
			out = append(out, ui.Option{Value: k.Code, Label: k.Name})
		} else if slices.Contains(keep, k.Code) {
			out = append(out, ui.Option{Value: k.Code, Label: k.Name + "（已停用）"})
		}
	}
	return out, nil
}

func (s *Server) marketProfile(c *Ctx) error {
	p, err := s.Market.Profile(c.ctx(), c.Param("key"))
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	d := views.ProfileData{Profile: p, TypeNames: names.Types, Slots: slotDays(p.Slots, 60)}
	for _, id := range p.Communities {
		d.Communities = append(d.Communities, names.Communities[id])
	}
	return c.Page(views.Profile(c.page(p.Name), d))
}

// mediatorPhoto shows a portrait only while its owner agrees to publication.
func (s *Server) mediatorPhoto(c *Ctx) error {
	m, err := s.People.Mediator(c.ctx(), s.DB, c.Param("key"))
	if err != nil {
		return err
	}
	own := c.Who.MediatorID == m.ID || c.Who.Can(access.RosterRun)
	if m.PhotoKey == "" || !own && (!m.Published() || !m.Choosable()) {
		return fault.New(fault.NotFound, "没有照片")
	}
	return s.picture(c, m.PhotoKey)
}

// picture answers with a stored image, to be shown inside a page.
func (s *Server) picture(c *Ctx, fileKey string) error {
	f, err := s.Files.Find(c.ctx(), s.DB, fileKey)
	if err != nil {
		return err
	}
	body, err := s.Files.Bytes(f)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Response().Header().Set("Cache-Control", "private, max-age=300")
	return c.Blob(http.StatusOK, f.Mime, body)
}

func (s *Server) roomsList(c *Ctx) error {
	f := rooms.Filter{Public: true, Kind: rooms.Kind(c.QueryParam("kind")), CommunityID: c.QueryInt("community"), Type: c.QueryParam("type")}
	list, err := s.Rooms.List(c.ctx(), s.DB, c.Who, f)
	if err != nil {
		return err
	}
	d := views.RoomsData{Form: c.queryForm(), Kinds: []ui.Option{{Label: "不限"}}}
	for _, k := range rooms.Kinds {
		d.Kinds = append(d.Kinds, ui.Option{Value: string(k), Label: k.Label()})
	}
	if d.Types, err = s.typeOptions(c, "不限", true); err != nil {
		return err
	}
	if d.Communities, err = s.communityOptions(c, "不限"); err != nil {
		return err
	}
	if d.Rooms, err = s.roomCards(c, list); err != nil {
		return err
	}
	return c.Page(views.Rooms(c.page("调解室"), d))
}

func (s *Server) roomCards(c *Ctx, list []rooms.Room) ([]views.RoomCard, error) {
	names, err := s.names(c.ctx())
	if err != nil {
		return nil, err
	}
	refs := make([]int64, len(list))
	for i, r := range list {
		refs[i] = r.ID
	}
	res, err := s.Calendar.ResourceIDs(c.ctx(), s.DB, calendar.RoomKind, refs)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, id := range res {
		ids = append(ids, id)
	}
	next, err := s.Calendar.NextFree(c.ctx(), ids)
	if err != nil {
		return nil, err
	}
	hours, err := s.Calendar.HoursByRef(c.ctx(), s.DB, calendar.RoomKind)
	if err != nil {
		return nil, err
	}
	out := make([]views.RoomCard, len(list))
	for i, r := range list {
		out[i] = views.RoomCard{Room: r, Free: next[res[r.ID]]}
		for _, t := range r.Types {
			out[i].Types = append(out[i].Types, names.Types[t])
		}
		if h := views.Hours(hours[r.ID]); len(h) > 0 {
			out[i].Hours = h[0]
			for _, more := range h[1:] {
				out[i].Hours += ";" + more
			}
		}
	}
	return out, nil
}

func (s *Server) roomPage(c *Ctx) error {
	r, err := s.Rooms.Public(c.ctx(), c.Param("key"))
	if err != nil {
		return err
	}
	d := views.RoomData{Room: r}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	for _, t := range r.Types {
		d.Types = append(d.Types, names.Types[t])
	}
	rules, err := s.Calendar.RulesOf(c.ctx(), s.DB, calendar.RoomKind, r.ID)
	if err != nil {
		return err
	}
	d.Hours = views.Hours(rules)
	if d.Duties, err = s.Rooms.Roster(c.ctx(), s.DB, r.ID); err != nil {
		return err
	}
	if d.Photos, err = s.Rooms.Photos(c.ctx(), r.Key); err != nil {
		return err
	}
	if d.Slots, err = s.freeDays(c, calendar.RoomKind, r.ID, 30); err != nil {
		return err
	}
	return c.Page(views.Room(c.page(r.ShortName), d))
}

// freeDays offers the free starts of the coming two weeks.
func (s *Server) freeDays(c *Ctx, kind calendar.Kind, ref int64, most int) ([]ui.SlotDay, error) {
	id, err := s.Calendar.ResourceID(c.ctx(), s.DB, kind, ref)
	if err != nil || id == 0 {
		return nil, err
	}
	now := s.DB.Now()
	free, err := s.Calendar.Openings(c.ctx(), s.DB, []int64{id}, now.Add(calendar.NoticeTime), now.AddDate(0, 0, 14), 90*time.Minute)
	return slotDays(free[id], most), err
}

func (s *Server) roomPhoto(c *Ctx) error {
	r, err := s.Rooms.Room(c.ctx(), s.DB, c.Param("key"))
	if err != nil {
		return err
	}
	if r.State != rooms.Open && !c.Who.Can(access.RoomRead) {
		return fault.New(fault.NotFound, "没有照片")
	}
	photos, err := s.Rooms.Photos(c.ctx(), r.Key)
	if err != nil {
		return err
	}
	for _, p := range photos {
		if p.Key == c.Param("file") {
			return s.picture(c, p.Key)
		}
	}
	return fault.New(fault.NotFound, "没有照片")
}
