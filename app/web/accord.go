package web

import (
	"bytes"
	"encoding/base64"
	"mime/multipart"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/papers"
	"tiaojie/app/papers/forms"
	views "tiaojie/views/accord"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

func (s *Server) accordRoutes(g *registry) {
	g.get("/cases/:key/agreements", access.CaseRead, s.caseAgreements)
	g.post("/cases/:key/issue", access.CaseRead, s.issueAdd)
	g.post("/cases/:key/issue-drop", access.CaseRead, s.issueDrop)
	g.post("/cases/:key/agreement", access.CaseRead, s.agreementNew)
	g.post("/cases/:key/recurs", access.CaseRead, s.caseRecurs)
	g.post("/cases/:key/recurs-not", access.CaseRead, s.caseRecursNot)
	g.get("/agreements/:key", access.CaseRead, s.agreement)
	g.post("/agreements/:key/text", access.CaseRead, s.agreementText)
	g.post("/agreements/:key/item", access.CaseRead, s.itemAdd)
	g.post("/agreements/:key/item-change", access.CaseRead, s.itemChange)
	g.post("/agreements/:key/item-drop", access.CaseRead, s.itemDrop)
	g.post("/agreements/:key/duty", access.CaseRead, s.dutyAdd)
	g.post("/agreements/:key/duty-change", access.CaseRead, s.dutyChange)
	g.post("/agreements/:key/duty-drop", access.CaseRead, s.dutyDrop)
	g.post("/agreements/:key/fix", access.CaseRead, s.agreementFix)
	g.post("/agreements/:key/recall", access.CaseRead, s.agreementRecall)
	g.post("/agreements/:key/void", access.CaseRead, s.agreementVoid)
	g.post("/agreements/:key/sign", access.CaseRead, s.signPaper)
	g.post("/agreements/:key/unsign", access.CaseRead, s.signUndo)
	g.get("/agreements/:key/sign/:line", access.CaseRead, s.signPad)
	g.post("/agreements/:key/sign/:line", access.CaseRead, s.signTablet)
	g.post("/agreements/:key/scan", access.CaseRead, s.agreementScan, uploads)
	g.post("/agreements/:key/visit", access.CaseRead, s.visitPlan)
	g.get("/agreements/:key/print", access.CaseRead, s.agreementPrint)
	g.get("/agreements/:key/files/:file", access.CaseRead, s.agreementFile, raw)
	s.performRoutes(g)
}

func (s *Server) caseAgreements(c *Ctx) error { return s.caseAgreementsPage(c, c.newForm()) }

func (s *Server) caseAgreementsPage(c *Ctx, f ui.Form) error {
	v, err := s.Accord.OfCase(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, v.Case.ID)
	return c.Page(views.Case(c.page("协议与履行"), views.CaseData{CaseView: v, Form: f}))
}

// onCaseAgreements ends an act on the agreements of a case.
func (s *Server) onCaseAgreements(c *Ctx, err error, said string) error {
	return c.done(err, s.caseAgreementsPage, said, link.CaseAgreements(c.Param("key")))
}

func (s *Server) issueAdd(c *Ctx) error {
	return s.onCaseAgreements(c, s.Accord.AddIssue(c.ctx(), c.Who, c.Param("key"), c.Field("issue"), c.Idem()), "已加入争议事项")
}

func (s *Server) issueDrop(c *Ctx) error {
	return s.onCaseAgreements(c, s.Accord.DropIssue(c.ctx(), c.Who, c.Param("key"), c.Field("key")), "已删除")
}

func (s *Server) caseRecurs(c *Ctx) error {
	return s.onCaseAgreements(c, s.Accord.Link(c.ctx(), c.Who, c.Param("key"), c.Field("earlier")), "已关联以前的案件")
}

func (s *Server) caseRecursNot(c *Ctx) error {
	return s.onCaseAgreements(c, s.Accord.Unlink(c.ctx(), c.Who, c.Param("key")), "已取消关联")
}

func (s *Server) agreementNew(c *Ctx) error {
	in := accord.NewDraft{Form: accord.Form(c.Field("form")), Replaces: c.Field("replaces"), Copies: c.Field("copies")}
	if in.Replaces == "" && in.Copies == "" {
		var err error
		if in.Items, err = s.accepted(c); err != nil {
			return err
		}
	}
	key, err := s.Accord.NewAgreement(c.ctx(), c.Who, c.Param("key"), in, c.Idem())
	if err != nil {
		return s.onCaseAgreements(c, err, "")
	}
	return c.Go(link.Agreement(key))
}

// accepted are the offers that every party took in the case's sessions; only its mediator's record tells them.
func (s *Server) accepted(c *Ctx) ([]string, error) {
	k, _, err := s.Docket.InScope(c.ctx(), s.DB, c.Who, c.Param("key"))
	if err != nil || c.Who.MediatorID == 0 || c.Who.MediatorID != k.MediatorID {
		return nil, err
	}
	list, err := s.Papers.OfCase(c.ctx(), s.DB, k.ID)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range list {
		sheet, err := s.Papers.Work(c.ctx(), c.Who, r.Key)
		if err != nil {
			return nil, err
		}
		for _, p := range sheet.Proposals {
			if p.State == "accepted" {
				out = append(out, p.Text)
			}
		}
	}
	return out, nil
}

func (s *Server) agreement(c *Ctx) error {
	return s.agreementPage(c, c.newForm(), c.QueryParam("part"))
}

func (s *Server) agreementPage(c *Ctx, f ui.Form, part string) error {
	v, err := s.Accord.Open(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	s.Docket.NoteRead(c.Who, v.Case.ID)
	d := views.AgreementData{View: v, Form: f, Part: views.PartOf(part), Clauses: accord.Clauses(v.Case.TypeCode)}
	switch {
	case v.State == accord.Draft && accord.Acts(v.Hands):
		return c.Page(views.Draft(c.page("制作协议"), d))
	case v.State == accord.Draft:
		d.Agreement = v.Text()
	case v.State == accord.Signing:
		return c.Page(views.Signing(c.page("签署协议"), d))
	}
	return c.Page(views.Force(c.page("调解协议"), d))
}

// onAgreement ends an act on an agreement: back to a part of it, or the part with the refused form.
func (s *Server) onAgreement(c *Ctx, err error, part, next, said string) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.agreementPage(c, c.again(errs), part) })
	}
	if said != "" {
		c.Tell(said)
	}
	return c.Go(link.With(link.Agreement(c.Param("key")), "part", next))
}

func (s *Server) agreementText(c *Ctx) error {
	err := s.Accord.SaveText(c.ctx(), c.Who, c.Param("key"), c.Version(), accord.Text{Facts: strings.ReplaceAll(c.Field("facts"), "\r\n", "\n"),
		Place: c.Field("place"), ReachedOn: c.Field("reached_on"), Personal: c.Field("personal") != "", Settled: c.Form()["settled"]})
	return s.onAgreement(c, err, "text", "items", "已保存")
}

func (s *Server) itemAdd(c *Ctx) error {
	err := s.Accord.AddItem(c.ctx(), c.Who, c.Param("key"), 0, c.Idem(), c.Field("clause"), c.Field("issue"), c.Field("text"))
	return s.onAgreement(c, err, "items", "items", "已加入")
}

func (s *Server) itemChange(c *Ctx) error {
	item := c.Field("item")
	err := s.Accord.ChangeItem(c.ctx(), c.Who, c.Param("key"), c.Version(), item, c.Field("issue"), c.Field("text-"+item))
	return s.onAgreement(c, err, "items", "items", "已保存")
}

func (s *Server) itemDrop(c *Ctx) error {
	return s.onAgreement(c, s.Accord.DropItem(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Field("item")), "items", "items", "已删除")
}

func (c *Ctx) duty() accord.DutyInput {
	return accord.DutyInput{From: c.Field("from"), To: c.Field("to"), Kind: c.Field("kind"), What: c.Field("what"), Yuan: c.Field("yuan"),
		When: c.Field("when"), Due: c.Field("due"), Condition: c.Field("condition"), How: c.Field("how"), Days: int(c.Int("days")),
		Parts: int(c.Int("parts")), Every: c.Field("every")}
}

func (s *Server) dutyAdd(c *Ctx) error {
	err := s.Accord.AddDuty(c.ctx(), c.Who, c.Param("key"), 0, c.Idem(), c.duty())
	return s.onAgreement(c, err, "duties", "duties", "已加入")
}

func (s *Server) dutyChange(c *Ctx) error {
	err := s.Accord.ChangeDuty(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Field("duty"), c.duty())
	return s.onAgreement(c, err, "duties", "duties", "已保存")
}

func (s *Server) dutyDrop(c *Ctx) error {
	return s.onAgreement(c, s.Accord.DropDuty(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Field("duty")), "duties", "duties", "已删除")
}

func (s *Server) agreementFix(c *Ctx) error {
	err := s.Accord.Fix(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Field("accept") != "")
	return s.onAgreement(c, err, "check", "", "已定稿")
}

func (s *Server) agreementRecall(c *Ctx) error {
	return s.onAgreement(c, s.Accord.Recall(c.ctx(), c.Who, c.Param("key"), 0), "", "text", "已退回，可以修改")
}

func (s *Server) agreementVoid(c *Ctx) error {
	return s.onAgreement(c, s.Accord.Void(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Field("void_reason")), "check", "", "已作废")
}

func (s *Server) signPaper(c *Ctx) error {
	err := s.Accord.Sign(c.ctx(), c.Who, c.Param("key"), accord.SignInput{Line: c.Field("line"), Way: accord.Paper, On: c.Field("on"),
		IDSeen: known(c.Field("id_seen")), Agent: c.Field("agent")})
	return s.onAgreement(c, err, "", "", "已登记")
}

// known keeps a document's name only if it is one of the list.
func known(document string) string {
	for _, n := range papers.IDDocuments {
		if n == document {
			return n
		}
	}
	return ""
}

func (s *Server) signUndo(c *Ctx) error {
	return s.onAgreement(c, s.Accord.Unsign(c.ctx(), c.Who, c.Param("key"), c.Field("line")), "", "", "已撤销这条登记")
}

func (s *Server) signPad(c *Ctx) error { return s.signPadPage(c, c.newForm()) }

func (s *Server) signPadPage(c *Ctx, f ui.Form) error {
	v, err := s.Accord.Open(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	d := views.AgreementData{View: v, Form: f}
	for _, g := range v.Signs {
		if g.Key == c.Param("line") && g.Way == "" && g.Kind != accord.SignSeal && !v.PaperOnly && v.May(accord.VerbSign) {
			d.Line = g
		}
	}
	if d.Line.Key == "" {
		return fault.New(fault.NotFound, "这里不能手写签名，请回到协议页")
	}
	return c.Page(views.SignPad(c.page("签名"), d))
}

func (s *Server) signTablet(c *Ctx) error {
	again := func(errs map[string]string) error { return s.signPadPage(c, c.again(errs)) }
	in := accord.SignInput{Line: c.Param("line"), Way: accord.Tablet, IDSeen: known(c.Field("id_seen")), Agent: c.Field("agent"), Hash: c.Field("hash")}
	var err error
	if in.Picture, err = s.drawn(c); err != nil {
		return c.Refused(err, again)
	}
	if err := s.Accord.Sign(c.ctx(), c.Who, c.Param("key"), in); err != nil {
		return c.Refused(err, again)
	}
	c.Tell("已签名")
	return c.Go(link.Agreement(c.Param("key")))
}

// drawn reads the picture that the signature pad made, nil when nothing was drawn.
func (s *Server) drawn(c *Ctx) (*files.File, error) {
	text, ok := strings.CutPrefix(c.Field("signature"), "data:image/png;base64,")
	if !ok {
		return nil, nil
	}
	png, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !bytes.HasPrefix(png, []byte("\x89PNG")) {
		return nil, fault.At("signature", "签名没有传完整，请重写一次")
	}
	f, err := s.Files.Prepare(c.ctx(), "签名.png", png)
	return &f, err
}

func (s *Server) agreementScan(c *Ctx) error {
	list, err := s.received(c, "scan")
	if err == nil {
		err = s.Accord.AttachScan(c.ctx(), c.Who, c.Param("key"), c.Idem(), list)
	}
	return s.onAgreement(c, err, "", "", "已上传")
}

// received takes in the files of a form field, cleaned and sealed, belonging to nothing yet.
func (s *Server) received(c *Ctx, field string) ([]files.File, error) {
	form := c.Request().MultipartForm
	if form == nil {
		return nil, nil
	}
	var list []*multipart.FileHeader
	for _, h := range form.File[field] {
		if h.Size > 0 {
			list = append(list, h)
		}
	}
	if len(list) > maxUploads {
		return nil, fault.At(field, "一次最多上传 9 个")
	}
	var out []files.File
	for _, h := range list {
		f, err := s.readFile(c, h, field)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (s *Server) agreementFile(c *Ctx) error {
	f, err := s.Accord.FileOf(c.ctx(), c.Who, c.Param("key"), c.Param("file"))
	if err != nil {
		return err
	}
	return s.send(c, f)
}

func (s *Server) agreementPrint(c *Ctx) error {
	v, err := s.Accord.Open(c.ctx(), c.Who, c.Param("key"))
	if err != nil {
		return err
	}
	a := v.Text()
	d := views.PaperData{Form: "agreement", Back: link.Agreement(v.Key), Draft: v.State == accord.Draft}
	if a.Form == accord.Oral {
		d.Form = "oral-agreement"
	}
	return s.accordPaper(c, d, v, accord.Papers{PaperOnly: a.PaperOnly, Agreements: []forms.Agreement{accord.AgreementFacts(a, v.Duties)}})
}

// accordPaper shows a paper of an agreement: in full to who works on the case. A fixed text
// keeps the mediator, the committee and the kind of dispute that it was fixed with.
func (s *Server) accordPaper(c *Ctx, d views.PaperData, v accord.View, p accord.Papers) error {
	var err error
	if d.Case, err = s.Press.Filled(c.ctx(), v.Case, accord.Acts(v.Hands)); err != nil {
		return err
	}
	p.Fill(&d.Case)
	if v.State != accord.Draft {
		d.Case.Mediators, d.Case.Committee.Name, d.Case.Dispute = []forms.Mediator{{Name: v.Body.Mediator}}, v.Body.Committee, v.Body.Dispute
	}
	return c.Page(views.Print(c.page("打印"), d))
}
