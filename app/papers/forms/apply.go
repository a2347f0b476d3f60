package forms

import (
	"tiaojie/app/papers/doc"
)

// partyCols is the grid that rows about people stand in: a side label, then up to four pairs.
var partyCols = []int{2, 3, 4, 2, 2, 2, 3, 2, 4}

// partyRows are the rows of one party in an application.
func (p Party) rows(on Day) []doc.Row {
	who := p.who()
	v := func(name, value string) doc.Cell { return doc.C(doc.Fact(who+"的"+name, value, 3)) }
	side := doc.L(p.Side.String())
	var rows []doc.Row
	if p.Org != "" {
		rows = []doc.Row{
			{Cells: []doc.Cell{side, doc.L("名称"), doc.C(doc.T(p.Org)).Span(2), doc.L("统一社会信用代码").Span(2), v("统一社会信用代码", p.Code).Span(3)}},
			{Cells: []doc.Cell{doc.L("法定代表人"), v("法定代表人", p.Name), doc.L("职务"), v("法定代表人职务", p.Job).Span(2), doc.L("联系方式"), v("联系方式", p.Phone).Span(2)}},
			{Cells: []doc.Cell{doc.L("地址"), v("地址", p.Address).Span(7)}},
		}
	} else {
		rows = []doc.Row{
			{Cells: []doc.Cell{side, doc.L("姓名"), v("姓名", p.Name), doc.L("性别"), v("性别", p.Sex), doc.L("民族"), v("民族", p.Nation), doc.L("年龄"), v("年龄", p.age(on))}},
			{Cells: []doc.Cell{doc.L("职业或职务"), v("职业或职务", p.Job), doc.L("联系方式").Span(2), v("联系方式", p.Phone).Span(4)}},
			{Cells: []doc.Cell{doc.L("单位或住址"), v("单位或住址", p.Address).Span(7)}},
		}
	}
	for _, a := range p.Agents {
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L("委托代理人"), v("代理人", a.Name), doc.L("关系"), v("代理人关系", a.Relation).Span(2), doc.L("电话"), v("代理人电话", a.Phone).Span(2)}})
	}
	rows[0].Cells[0] = side.Down(len(rows))
	return rows
}

// sides returns the parties, or one empty party of each side when none is known.
func (c *Case) sides() []Party {
	if len(c.Parties) > 0 {
		return c.Parties
	}
	return []Party{{Side: Applicant}, {Side: Respondent}}
}

// application is the 人民调解申请书.
func application(c *Case, _ int) doc.Document {
	d := c.paper("人民调解申请书", doc.Form)
	d.Org = ""
	var rows []doc.Row
	for _, p := range c.sides() {
		rows = append(rows, p.rows(c.AppliedOn)...)
	}
	rows = append(rows,
		doc.Row{Cells: []doc.Cell{doc.L("纠纷简要情况"), {Paras: doc.Paras(doc.Body, "纠纷简要情况", c.Summary), Cols: 8, Lines: 8}}},
		doc.Row{Cells: []doc.Cell{doc.L("当事人申请事项"), {Paras: doc.Paras(doc.Plain, "申请事项", lines(c.Claims)), Cols: 8, Lines: 4}}},
	)
	d.Blocks = []doc.Block{
		doc.Table{Cols: partyCols, Rows: rows},
		body(doc.T("人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请"),
			doc.Say("人民调解委员会名称", c.Committee.Name, 10), doc.T("进行调解。")),
		doc.Signs{Items: c.applicants()},
		doc.P(doc.Signed, byHand(c.AppliedOn)...),
	}
	return d
}

func (c *Case) applicants() []doc.Sign {
	var signs []doc.Sign
	for _, s := range c.partySigns(Applicant) {
		s.Dated = false
		signs = append(signs, s)
	}
	return signs
}

// applicationReceipt proves the day of the request, which interrupts limitation.
func applicationReceipt(c *Case, _ int) doc.Document {
	d := c.paper("人民调解申请收件凭证", doc.Letter)
	d.Blocks = []doc.Block{
		to("申请人姓名", c.names(Applicant)),
		body(doc.T("你（单位）就与"), doc.Say("被申请人姓名", c.names(Respondent), 6), doc.T("之间的"),
			doc.Say("纠纷类型", c.Dispute, 5), doc.T("，于"), doc.Say("申请日期", c.AppliedOn.String(), 8), doc.T("向本委员会提出的调解申请已收到。")),
		body(doc.T("依据" + cite("ss-12") + "，当事人向人民调解委员会提出保护相应民事权利的请求，诉讼时效从提出请求之日起中断。本凭证请妥善保存。")),
		body(doc.T("本委员会将对申请进行审查，并告知是否受理。人民调解不收取任何费用。")),
		body(doc.T("联系电话："), doc.Say("委员会电话", c.Committee.Phone, 8), doc.T("。地址："), doc.Say("委员会地址", c.Committee.Address, 12), doc.T("。")),
		c.seal(dated("申请日期", c.AppliedOn)),
	}
	return d
}

// register is the 受理登记表, filled by the committee.
func register(c *Case, _ int) doc.Document {
	d := c.paper("人民调解受理登记表", doc.Form)
	source := doc.T(doc.Tick(c.Source == Applied) + "①当事人申请　" + doc.Tick(c.Source == Own) + "②人民调解委员会主动调解　" +
		doc.Tick(c.Source > Own) + "③接受委托移送")
	rows := []doc.Row{
		{Cells: []doc.Cell{doc.L("受理日期"), doc.C(doc.Fact("受理日期", c.AcceptedOn.String(), 6)), doc.L("纠纷类型"), doc.C(doc.Fact("纠纷类型", c.Dispute, 5))}},
		{Cells: []doc.Cell{doc.L("案件来源"), {Paras: []doc.Para{doc.P(doc.Plain, source), doc.P(doc.Plain, doc.T("具体来源："), doc.Fact("具体来源", c.Detail, 12))}, Cols: 3}}},
		{Cells: []doc.Cell{doc.L("当事人意愿"), doc.C(append([]doc.Run{doc.T("经当事人同意，调解")}, append(c.matter(), doc.T("。"))...)...).Span(3)}},
	}
	for _, p := range c.sides() {
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L(p.Side.String()), doc.C(doc.Fact(p.Side.String(), p.title(), 6)), doc.L("联系方式"), doc.C(doc.Fact(p.who()+"的联系方式", p.Phone, 6))}})
	}
	rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L("纠纷简要情况"), {Paras: doc.Paras(doc.Body, "纠纷简要情况", c.Summary), Cols: 3, Lines: 10}}})
	signs := c.partySigns()
	for i := range signs {
		signs[i].Dated = false
	}
	signs = append(signs, doc.Sign{Label: "登记人", Name: c.Registrar, Hint: pen})
	d.Blocks = []doc.Block{
		doc.Table{Cols: []int{4, 8, 4, 8}, Rows: rows},
		doc.Signs{Items: signs},
		c.seal(dated("受理日期", c.AcceptedOn)),
		note("备注：此表由人民调解委员会填写。"),
	}
	return d
}
