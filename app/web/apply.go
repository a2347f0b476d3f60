package web

import (
	"io"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/db"
	"tiaojie/views/apply"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) applyRoutes(g *registry) {
	g.get("/apply", access.Public, s.applyForm)
	g.post("/apply", access.Public, s.applyStep, uploads)
	g.get("/i", access.Public, s.inviteEnter)
	g.post("/i", access.Public, s.inviteOpen)
	g.get("/i/:code", access.Public, s.invite)
	g.post("/i/:code", access.Public, s.inviteAnswer)
	g.get("/track", access.Public, s.trackForm)
	g.post("/track", access.Public, s.track)
	g.post("/track/mine", access.AsPerson, s.trackMine)
	g.post("/track/replace", access.Public, s.trackReplace)
	g.post("/track/decline", access.Public, s.trackDecline)
}

func (s *Server) applyForm(c *Ctx) error {
	f := c.newForm()
	f.Values.Set("other_kind", "person")
	if key := c.QueryParam("mediator"); key != "" {
		f.Values.Set("mediators", key)
	}
	return s.applyPage(c, f, 0)
}

// applyStep checks the screen that was sent and shows the next one; nothing is stored
// until the last. A refusal shows the screen that the refused field stands on.
func (s *Server) applyStep(c *Ctx) error {
	step := int(c.Int("step"))
	if step < 0 || step > 3 {
		step = 0
	}
	if c.Field("go") == "back" {
		return s.applyPage(c, c.again(nil), max(0, step-1))
	}
	if err := s.takePhotos(c); err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return s.applyPage(c, c.again(map[string]string{"photo": first(errs)}), 0)
		})
	}
	a, err := s.application(c)
	if err != nil {
		return err
	}
	if step == 3 && c.Field("go") == "send" {
		return s.applySend(c, a)
	}
	errs := fault.FieldsOf(s.Docket.CheckApplication(c.ctx(), a))
	for at := range step + 1 {
		if mine := only(errs, apply.Fields[at]); len(mine) > 0 {
			return c.Refused(&fault.Error{Code: fault.Invalid, Fields: mine}, func(e map[string]string) error {
				return s.applyPage(c, c.again(e), at)
			})
		}
	}
	return s.applyPage(c, c.again(nil), step+1)
}

func first(errs map[string]string) string {
	for _, m := range errs {
		return m
	}
	return ""
}

// only keeps the messages of the named fields.
func only(errs map[string]string, names []string) map[string]string {
	out := map[string]string{}
	for name, m := range errs {
		if slices.Contains(names, name) {
			out[name] = m
		}
	}
	return out
}

// maxUploads bounds the files of one form.
const maxUploads = 9

// takePhotos stores uploaded files, sealed and belonging to nothing yet, and notes
// their keys in the form.
func (s *Server) takePhotos(c *Ctx) error {
	form := c.Request().MultipartForm
	if form == nil {
		return nil
	}
	if len(form.File["photo"])+len(c.Form()["photos"]) > maxUploads {
		return fault.At("photo", "最多上传 9 个")
	}
	for _, h := range form.File["photo"] {
		if !c.Who.Staff() {
			if err := s.People.TakeUpload(c.ctx(), c.Who.IP); err != nil {
				return err
			}
		}
		f, err := s.takeFile(c, h)
		if err != nil {
			return err
		}
		c.Form().Add("photos", f.Key+" "+f.Name)
	}
	return nil
}

// takeFile stores a file of a form that a visitor fills in over several pages.
func (s *Server) takeFile(c *Ctx, h *multipart.FileHeader) (files.File, error) {
	f, err := s.readFile(c, h, "photo")
	if err != nil {
		return f, err
	}
	return f, s.keepUpload(c, f)
}

// readFile takes an uploaded file in, cleaned and sealed, belonging to nothing yet. What is
// refused is said beside the field that it came in.
func (s *Server) readFile(c *Ctx, h *multipart.FileHeader, field string) (files.File, error) {
	if h.Size > files.MaxBytes {
		return files.File{}, fault.At(field, "文件超过 20 MB，请压缩或分几次上传")
	}
	r, err := h.Open()
	if err != nil {
		return files.File{}, err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, files.MaxBytes+1))
	if err != nil {
		return files.File{}, err
	}
	f, err := s.Files.Prepare(c.ctx(), h.Filename, raw)
	if fault.Is(err, fault.Invalid) {
		err = fault.At(field, fault.MessageOf(err))
	}
	return f, err
}

// keepUpload notes whose form the file belongs to.
func (s *Server) keepUpload(c *Ctx, f files.File) error {
	return s.DB.Write(c.ctx(), func(tx *db.Tx) error {
		return s.Files.Attach(c.ctx(), tx, f, files.UploadKind, s.uploader(c), "申请人")
	})
}

func (s *Server) uploader(c *Ctx) string { return s.box.HashToken("upload", c.visitor()) }

// ownUploads keeps the keys of files that this very visitor uploaded; a key from
// anywhere else is left out.
func (s *Server) ownUploads(c *Ctx, carried []string) ([]string, error) {
	if len(carried) == 0 {
		return nil, nil
	}
	mine, err := s.Files.Of(c.ctx(), s.DB, files.UploadKind, s.uploader(c))
	var out []string
	for _, f := range mine {
		if slices.ContainsFunc(carried, func(p string) bool { return strings.HasPrefix(p, f.Key+" ") }) {
			out = append(out, f.Key)
		}
	}
	return out, err
}

// application builds the request from all screens.
func (s *Server) application(c *Ctx) (docket.Application, error) {
	f := c.Form()
	ids, err := s.Market.Keys(c.ctx(), f["mediators"])
	if err != nil {
		return docket.Application{}, err
	}
	a := docket.Application{TypeCode: c.Field("type"), CommunityID: c.Int("community"), Place: c.Field("place"), Words: c.Field("words"),
		Mediators: ids, AskStreet: c.Field("ask") != "" || len(ids) == 0, Parties: parties(f)}
	if a.Photos, err = s.ownUploads(c, f["photos"]); err != nil {
		return a, err
	}
	for _, v := range f["slots"] {
		start, end, err := parseSlot(v)
		if err == nil {
			a.Slots = append(a.Slots, docket.SlotInput{Start: start, End: end})
		}
	}
	if c.Field("privacy") != "" {
		a.Privacy = PrivacyVersion
	}
	return a, nil
}

// parties reads the two sides of the form.
func parties(f url.Values) []docket.PartyInput {
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	me := docket.PartyInput{Side: docket.SideApplicant, Kind: or(get("me_kind"), "person"), Name: get("me_name"), Agrees: true,
		Facts: docket.PartyFacts{Phone: get("me_phone"), Address: get("me_address"), Employer: get("me_employer"), IDNo: get("me_idno")}}
	other := docket.PartyInput{Side: docket.SideRespondent, Kind: or(get("other_kind"), "person"), Name: get("other_name"), Unknown: get("other_unknown") != "",
		Agrees: get("other_agrees") != "", Facts: docket.PartyFacts{Phone: get("other_phone"), Address: get("other_address"), Employer: get("other_employer")}}
	return []docket.PartyInput{me, other}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (s *Server) applyPage(c *Ctx, f ui.Form, step int) error {
	d := apply.FormData{Form: f, Step: step}
	var err error
	switch step {
	case 0:
		if d.Types, err = s.typeOptions(c, "", true); err != nil {
			return err
		}
		if d.Communities, err = s.communityOptions(c, "不清楚"); err != nil {
			return err
		}
		for _, p := range f.Values["photos"] {
			key, name, _ := strings.Cut(p, " ")
			d.Photos = append(d.Photos, apply.Photo{Key: key, Name: name})
		}
	case 2:
		err = s.fillChoose(c, &d)
	case 3:
		err = s.fillCheck(c, &d)
	}
	if err != nil {
		return err
	}
	return c.Page(apply.Form(c.page("申请调解："+apply.Steps[step]), d))
}

func (s *Server) fillChoose(c *Ctx, d *apply.FormData) error {
	a, err := s.application(c)
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	if d.Suggested, err = s.Market.Suggest(c.ctx(), a, names.Types[a.TypeCode]); err != nil {
		return err
	}
	if d.Chosen, err = s.Market.ByIDs(c.ctx(), a.Mediators); err != nil {
		return err
	}
	if d.All, err = s.mediatorKeys(c, "不选"); err != nil {
		return err
	}
	times, err := s.Market.CommonTimes(c.ctx(), a.Mediators, 24)
	d.Slots = slotDays(times, 24)
	return err
}

func (s *Server) fillCheck(c *Ctx, d *apply.FormData) error {
	a, err := s.application(c)
	if err != nil {
		return err
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	var chosen []string
	for _, m := range a.Mediators {
		chosen = append(chosen, names.Mediators[m])
	}
	var times []string
	for _, t := range a.Slots {
		times = append(times, ui.Span(t.Start, t.End))
	}
	me, other := a.Parties[0], a.Parties[1]
	d.Check = []ui.Fact{{Name: "类型", Text: names.Types[a.TypeCode]}, {Name: "经过", Text: a.Words}, {Name: "地点", Text: or(a.Place, "没有填写")},
		{Name: "照片或材料", Text: or(id(int64(len(a.Photos))), "0") + " 个"}, {Name: "您", Text: me.Name + " " + me.Facts.Phone},
		{Name: "对方", Text: or(other.Name, "不清楚") + " " + other.Facts.Phone}, {Name: "调解员", Text: or(strings.Join(chosen, "、"), "请街道安排")},
		{Name: "时间", Text: or(strings.Join(times, ";"), "都可以，等通知")}}
	return nil
}

func (s *Server) applySend(c *Ctx, a docket.Application) error {
	rec, err := s.Docket.Apply(c.ctx(), c.Who, a, c.Idem())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			at := 3
			for i, names := range apply.Fields {
				if len(only(errs, names)) > 0 {
					at = i
					break
				}
			}
			return s.applyPage(c, c.again(errs), at)
		})
	}
	qr, err := qrImage(s.cfg.BaseURL + link.With(link.Track(), "number", rec.ApplyNo))
	if err != nil {
		return err
	}
	return c.Page(apply.Receipt(c.page("申请已收到"), apply.ReceiptData{Receipt: rec, QR: qr, Street: s.cfg.Street, When: ui.DayTime(rec.AppliedAt)}))
}
