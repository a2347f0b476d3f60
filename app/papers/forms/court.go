package forms

import (
	"fmt"

	"tiaojie/app/papers/doc"
)

// confirmed is the agreement the parties want confirmed.
func (c *Case) confirmed() Agreement { return at(c.Agreements, c.Court.Agreement) }

// confirmation is the 司法确认申请书, made by all parties together within thirty days
// (人民调解法 art. 33, 民事诉讼法 art. 205).
func confirmation(c *Case, _ int) doc.Document {
	d := c.paper("司法确认申请书", doc.Record)
	d.Org, d.Number, d.Header = "", "", "司法确认申请书"
	a := c.confirmed()
	blocks := c.introduce(func(Party) string { return "申请人" })
	blocks = append(blocks,
		head("请求事项"),
		body(doc.T("请求依法确认"), doc.Say("人民调解委员会名称", c.Committee.Name, 10), doc.T("主持达成的编号为"),
			doc.Say("调解协议编号", a.Number, 8), doc.T("的调解协议有效。")),
		head("事实与理由"),
		body(append(append([]doc.Run{doc.T("申请人之间因")}, doc.Say("纠纷类型", c.Dispute, 5)), doc.T("，经"), doc.Say("人民调解委员会名称", c.Committee.Name, 10),
			doc.T("主持调解，自愿达成调解协议，协议于"), doc.Say("协议生效日期", a.EffectiveOn.String(), 8), doc.T("生效。"))...),
	)
	blocks = append(blocks, texts("纠纷主要事实", a.Facts)...)
	blocks = append(blocks, body(doc.T("协议主要内容如下：")))
	blocks = append(blocks, numbered("协议内容", a.Items)...)
	blocks = append(blocks,
		body(doc.T("依据"+cite("rmtj-33", "mss-205")+"，申请人自协议生效之日起三十日内共同提出申请，请求人民法院依法裁定。申请期间届满日："),
			doc.Say("司法确认期间届满日", c.Court.Due.String(), 8), doc.T("。")),
		head("申请人承诺"))
	blocks = append(blocks, fixed("confirmation")...)
	d.Blocks = append(blocks,
		doc.P(doc.Body, doc.T("此致")),
		doc.P(doc.Plain, doc.Say("受理司法确认的人民法院", c.Court.Court, 10)),
		doc.Signs{Items: applying(c.partySigns())},
		note("附：调解协议书等材料，见《司法确认申请材料清单》。"),
	)
	return d
}

// applying calls every party an applicant: before the court there is no other side.
func applying(signs []doc.Sign) []doc.Sign {
	for i := range signs {
		if signs[i].Label == "当事人" {
			signs[i].Label = "申请人"
		}
	}
	return signs
}

// usual are the materials a court asks for (民诉法解释 art. 354). Page numbers come with the pack.
var usual = []Enclosure{
	{Title: "司法确认申请书", Note: "各方共同签名"},
	{Title: "人民调解协议书", Note: "原件"},
	{Title: "主持调解情况证明", Note: "由人民调解委员会出具"},
	{Title: "与调解协议相关的财产权利证明等材料", Note: "如有"},
	{Title: "各方当事人的身份、住所、联系方式等基本信息和身份证明"},
	{Title: "授权委托书和代理人身份证明", Note: "委托代理人的"},
	{Title: "送达地址确认书"},
}

// confirmationList is the packing list of the application.
func confirmationList(c *Case, _ int) doc.Document {
	d := c.paper("司法确认申请材料清单", doc.Form)
	list := c.Court.Evidence
	if len(list) == 0 {
		list = usual
	}
	d.Blocks = []doc.Block{
		doc.Fields{Cols: 2, Items: []doc.Field{
			{Label: "纠纷", Wide: true, Value: c.matter()},
			field("协议编号", c.confirmed().Number), field("协议生效日期", c.confirmed().EffectiveOn.String()),
			field("提交法院", c.Court.Court), field("期间届满日", c.Court.Due.String()),
		}},
		enclosures(list),
		note("依据" + cite("msjs-354") + "。"),
		doc.Signs{Items: []doc.Sign{{Label: "提交人", Hint: pen, Dated: true}, {Label: "接收人", Hint: pen, Dated: true}}},
	}
	return d
}

func enclosures(list []Enclosure) doc.Block {
	rows := []doc.Row{{Cells: []doc.Cell{doc.L("序号"), doc.L("材料名称"), doc.L("份数"), doc.L("页数"), doc.L("备注")}}}
	for i, e := range list {
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L(fmt.Sprint(i + 1)), doc.C(doc.T(e.Title)), doc.L(count(e.Copies)), doc.L(count(e.Pages)), doc.C(doc.T(e.Note))}})
	}
	return doc.Table{Cols: []int{2, 11, 2, 2, 7}, Head: 1, Rows: rows}
}

// mediationProof is the proof that the committee conducted the mediation.
func mediationProof(c *Case, _ int) doc.Document {
	d := c.paper("主持调解情况证明", doc.Letter)
	a := c.confirmed()
	d.Blocks = []doc.Block{
		to("受理司法确认的人民法院", c.Court.Court),
		body(append(append([]doc.Run{doc.T("本委员会于"), doc.Say("受理日期", c.AcceptedOn.String(), 8), doc.T("受理")}, c.matter()...),
			doc.T("，案号"), doc.Say("案号", c.Number, 9), doc.T("，由人民调解员"), doc.Say("人民调解员", c.mediators(), 8), doc.T(fmt.Sprintf("主持调解，共调解%d次。", len(c.Sessions))))...),
		body(doc.T("调解在各方当事人自愿、平等的基础上进行，未收取任何费用。各方当事人自愿达成编号为"), doc.Say("调解协议编号", a.Number, 9),
			doc.T("的调解协议，由各方当事人签名、盖章或者按指印，人民调解员签名并加盖本委员会印章，于"), doc.Say("协议生效日期", a.EffectiveOn.String(), 8), doc.T("生效。")),
		body(doc.T("特此证明（" + cite("msjs-354") + "）。")),
		c.seal(byHand("")),
	}
	return d
}

// referralReceipt is signed when the court's papers arrive; the term begins with it
// (特邀调解规定 art. 27).
func referralReceipt(c *Case, _ int) doc.Document {
	d := c.paper("委派（委托）调解接收单", doc.Form)
	r := c.Referral
	kind := doc.Ticks([]string{"委派调解", "委托调解"}, r.Kind)
	d.Blocks = []doc.Block{
		doc.Table{Cols: []int{4, 8, 4, 8}, Rows: []doc.Row{
			{Cells: []doc.Cell{doc.L("委派（委托）法院"), doc.C(doc.Fact("委派法院", r.Court, 8)), doc.L("法院案号"), doc.C(doc.Fact("法院案号", r.CaseNo, 8))}},
			{Cells: []doc.Cell{doc.L("类别"), doc.C(kind), doc.L("函件文号"), doc.C(doc.Fact("函件文号", r.Letter, 8))}},
			{Cells: []doc.Cell{doc.L("当事人"), doc.C(c.matter()...).Span(3)}},
			{Cells: []doc.Cell{doc.L("法院联系人"), doc.C(doc.Fact("法院联系人", r.Judge, 6)), doc.L("收到日期"), doc.C(doc.Fact("收到日期", r.Received.String(), 6))}},
			{Cells: []doc.Cell{doc.L("签字接收日期"), doc.C(doc.Fact("签字接收日期", r.Accepted.String(), 6)), doc.L("调解期限届满日"), doc.C(doc.Fact("调解期限届满日", r.Due.String(), 6))}},
		}},
		body(doc.T("接收的材料：")),
		enclosures(r.Materials),
		note("调解期限自调解员签字接收法院移交材料之日起计算（" + cite("ty-27") + "）。"),
		doc.Signs{Items: append(c.mediatorSigns(), doc.Sign{Label: "移交人", Hint: pen, Dated: true})},
		c.seal(dated("签字接收日期", r.Accepted)),
	}
	return d
}

// referralReport tells the court the result; a failed case goes back with the reason.
func referralReport(c *Case, _ int) doc.Document {
	d := c.paper("委派（委托）调解结果报告", doc.Letter)
	r := c.Referral
	blocks := []doc.Block{
		to("委派法院", r.Court),
		body(append(append([]doc.Run{doc.T("贵院"), doc.Say("函件文号", r.Letter, 8), doc.T("委派（委托）本委员会调解的")}, c.matter()...),
			doc.T("（案号"), doc.Say("法院案号", r.CaseNo, 8), doc.T("），本委员会于"), doc.Say("签字接收日期", r.Accepted.String(), 8), doc.T("接收。依据"+cite("ty-26")+"，现将调解结果报告如下："))...),
		head("一、纠纷基本情况"),
	}
	blocks = append(blocks, texts("纠纷简要情况", c.Summary)...)
	blocks = append(blocks, head("二、调解结果"))
	blocks = append(blocks, texts("调解结果", r.Result)...)
	if len(c.Agreements) == 0 {
		blocks = append(blocks, head("三、未达成协议的原因"))
		blocks = append(blocks, texts("未达成协议的原因", r.Reason)...)
		if r.Raised != "" {
			blocks = append(blocks, head("四、加重对方当事人程序负担的行为"))
			blocks = append(blocks, texts("加重负担的行为", r.Raised)...)
		}
		blocks = append(blocks, body(doc.T("随本报告退回贵院移交的材料（"+cite("zx-21")+"）。")))
	}
	d.Blocks = append(blocks,
		doc.Signs{Items: c.mediatorSigns()},
		c.seal(dated("报告日期", r.Reported)))
	return d
}
