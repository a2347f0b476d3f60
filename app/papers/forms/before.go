package forms

import (
	"fmt"

	"tiaojie/app/papers/doc"
)

// rights is the 当事人权利义务告知书, signed by all parties before the first session.
func rights(c *Case, _ int) doc.Document {
	d := c.paper("当事人权利义务告知书", doc.Record)
	blocks := append([]doc.Block{to("当事人姓名", c.allNames())}, fixed("rights")...)
	blocks = append(blocks,
		head("七、调解期限"),
		body(c.term()...),
		head("八、当事人确认"),
		body(doc.T("我（单位）已阅读或者听取宣读本告知书，理解其内容，自愿参加调解。对由"), doc.Say("人民调解员", c.mediators(), 8), doc.T("主持调解："+doc.Tick(false)+"同意　"+doc.Tick(false)+"要求更换。要求调解："+doc.Tick(false)+"公开　"+doc.Tick(false)+"不公开。")),
		doc.Signs{Items: c.partySigns()},
		c.seal(byHand("")),
	)
	d.Blocks = blocks
	return d
}

// mediationNotice calls one party to a session.
func mediationNotice(c *Case, i int) doc.Document {
	d := c.paper("调解通知书", doc.Letter)
	n := c.Notice
	bring := n.Bring
	if len(bring) == 0 {
		bring = []string{"身份证件；单位的，营业执照复印件和法定代表人身份证明", "与纠纷有关的证据材料", "委托代理人的，授权委托书和代理人身份证件"}
	}
	blocks := []doc.Block{
		to("当事人姓名", c.party(i).title()),
		body(append(append([]doc.Run{doc.T("本委员会受理的")}, c.matter()...), doc.T("，定于"), doc.Say("调解时间", clock(n.At), 10),
			doc.T("在"), doc.Say("调解地点", n.Place, 12), doc.T("进行调解，由人民调解员"), doc.Say("人民调解员", c.mediators(), 8), doc.T("主持。请准时到场。"))...),
		body(doc.T("请携带下列材料：")),
	}
	blocks = append(blocks, numbered("携带材料", bring)...)
	d.Blocks = append(blocks,
		body(doc.T("不能到场或者要求改期的，请提前告知。你（单位）有权选择或者接受调解员、要求调解员回避、要求调解公开或者不公开进行、随时要求终止调解（"+cite("rmtj-23", "sz-23")+"）。")),
		body(doc.T("联系电话："), doc.Say("委员会电话", c.Committee.Phone, 8), doc.T("。")),
		c.seal(dated("通知日期", n.On)),
		doc.Signs{Items: []doc.Sign{{Label: "签收人", Hint: pen, Dated: true}}},
	)
	return d
}

// recusalRequest is a party's word that a mediator should withdraw. No reason is needed.
func recusalRequest(c *Case, _ int) doc.Document {
	d := c.paper("回避申请书", doc.Letter)
	d.Org = ""
	r := c.Recusal
	reason := doc.Say("回避理由", r.Reason, 1)
	if r.Reason == "" {
		reason = doc.T("（法律不要求说明理由）")
	}
	d.Blocks = []doc.Block{
		to("人民调解委员会名称", c.Committee.Name),
		body(append(append([]doc.Run{doc.T("我（单位）是")}, c.matter()...), doc.T("的当事人，依据"+cite("sz-23")+"，要求人民调解员"),
			doc.Say("被申请回避的调解员", r.Mediator, 6), doc.T("回避。理由："), reason, doc.T("。"))...),
		doc.Signs{Items: []doc.Sign{{Label: "申请人", Name: r.Party, Hint: anyHand, Dated: true, Date: r.On.String()}}},
	}
	return d
}

// recusalDecision follows without examination: in Shenzhen one party's word is enough.
func recusalDecision(c *Case, _ int) doc.Document {
	d := c.paper("回避决定书", doc.Letter)
	r := c.Recusal
	d.Blocks = []doc.Block{
		to("当事人姓名", c.allNames()),
		body(append(append([]doc.Run{doc.T("在")}, c.matter()...), doc.T("调解中，当事人"), doc.Say("要求回避的当事人", r.Party, 6),
			doc.T("于"), doc.Say("要求回避的日期", r.On.String(), 8), doc.T("要求人民调解员"), doc.Say("被申请回避的调解员", r.Mediator, 6), doc.T("回避。"))...),
		body(doc.T("依据"+cite("sz-23")+"，一方当事人要求调解员回避的，调解员应当回避。本委员会决定："), doc.Say("被申请回避的调解员", r.Mediator, 6),
			doc.T("自即日起退出本案调解，改由人民调解员"), doc.Say("更换后的调解员", r.Successor, 6), doc.T("主持。当事人可以另行选择调解员。")),
		c.seal(dated("决定日期", r.DecidedOn)),
	}
	return d
}

// guestConsent is all parties' consent to one invited person.
func guestConsent(c *Case, i int) doc.Document {
	d := c.paper("邀请参与调解同意书", doc.Letter)
	g := at(c.Guests, i)
	d.Blocks = []doc.Block{
		body(append(append([]doc.Run{doc.T("为有利于")}, c.matter()...), doc.T("的调解，依据"+cite("rmtj-20")+"，本委员会拟邀请下列人员参与调解，征求各方当事人意见："))...),
		doc.Table{Cols: []int{4, 8, 4, 8}, Rows: []doc.Row{
			{Cells: []doc.Cell{doc.L("姓名"), doc.C(doc.Fact("被邀请人姓名", g.Name, 5)), doc.L("身份"), doc.C(doc.Fact("被邀请人身份", g.Kind, 5))}},
			{Cells: []doc.Cell{doc.L("单位"), doc.C(doc.Fact("被邀请人单位", g.Unit, 6)), doc.L("联系电话"), doc.C(doc.Fact("被邀请人电话", g.Phone, 6))}},
			{Cells: []doc.Cell{doc.L("邀请理由"), doc.C(doc.Fact("邀请理由", g.Reason, 16)).Span(3)}},
		}},
		body(doc.T("各方当事人同意上述人员参与本次调解。被邀请人应当遵守调解秩序，对调解中知悉的个人隐私、商业秘密保密。")),
		doc.Signs{Items: append(c.partySigns(), doc.Sign{Label: "被邀请人", Name: g.Name, Hint: pen, Dated: true})},
		c.seal(byHand(g.On)),
	}
	return d
}

var scopeNames = []string{"代为申请调解或者要求终止调解", "收集、提供证据", "选择或者接受调解员", "代为承认、变更、放弃请求（特别授权）", "参加调解并签署各类文书", "领取文书", "其他"}

// powerOfAttorney is the 授权委托书. Conceding must be given expressly.
func powerOfAttorney(c *Case, i int) doc.Document {
	d := c.paper("授权委托书", doc.Record)
	d.Org = ""
	m := at(c.agents(), i)
	blocks := []doc.Block{
		body(append([]doc.Run{doc.B("委托人：")}, append(m.Party.describe(c.AppliedOn), doc.T("。"))...)...),
		body(append([]doc.Run{doc.B("受托人：")}, append(m.Agent.describe(c.AppliedOn, "受托人"), doc.T("，与委托人的关系："), doc.Say("受托人与委托人的关系", m.Relation, 5), doc.T("。"))...)...),
		body(append(append([]doc.Run{doc.T("现委托上列受托人在")}, c.matter()...), doc.T("的人民调解中，作为委托人的代理人。代理权限（在所选项前画√）："))...),
	}
	for s, name := range scopeNames {
		text := fmt.Sprintf("%s%d. %s", doc.Tick(m.may(Scope(s))), s+1, name)
		runs := []doc.Run{doc.T(text)}
		if Scope(s) == Concede && m.may(Concede) {
			runs = append(runs, doc.T("，具体为："), doc.Fact("特别授权的具体内容", m.Special, 14))
		}
		blocks = append(blocks, body(runs...))
	}
	d.Blocks = append(blocks,
		body(doc.T("委托期限：自"), doc.Say("委托开始日期", m.From.String(), 8), doc.T("至"), doc.Say("委托结束日期", until(m.To), 8), doc.T("。未选第4项的，受托人无权代为承认、变更、放弃请求。")),
		doc.Signs{Items: []doc.Sign{
			{Label: "委托人", Name: m.Party.title(), Hint: anyHand, Dated: true, Date: m.On.String()},
			{Label: "受托人", Name: m.Agent.Name, Hint: pen, Dated: true, Date: m.On.String()},
		}},
		note("附：委托人、受托人身份证件复印件各一份；委托人是单位的，附营业执照复印件和法定代表人身份证明。"),
	)
	return d
}

// until writes the last day of a power; without one it runs to the end of the mediation.
func until(d Day) string {
	if d == "" {
		return "本次调解终结之日"
	}
	return d.String()
}

// servedAddress is the 送达地址确认书 of one party.
func servedAddress(c *Case, i int) doc.Document {
	d := c.paper("送达地址确认书", doc.Form)
	p := c.party(i)
	s := p.Served
	ticks := doc.T(doc.Tick(s.Electronic != "") + "同意电子送达　" + doc.Tick(s.Electronic == "" && s.Address != "") + "不同意电子送达")
	rows := []doc.Row{
		{Cells: []doc.Cell{doc.L("纠纷"), doc.C(c.matter()...).Span(3)}},
		{Cells: []doc.Cell{doc.L("当事人"), doc.C(doc.Fact("当事人姓名", p.title(), 8)), doc.L("证件号码"), doc.C(doc.Fact("证件号码", p.number(), 8))}},
		{Cells: []doc.Cell{doc.L("送达地址"), doc.C(doc.Fact("送达地址", s.Address, 16)).Span(3)}},
		{Cells: []doc.Cell{doc.L("收件人"), doc.C(doc.Fact("收件人", s.Receiver, 6)), doc.L("联系电话"), doc.C(doc.Fact("收件电话", s.Phone, 8))}},
		{Cells: []doc.Cell{doc.L("邮政编码"), doc.C(doc.T(s.Postcode)), doc.L("电子送达"), {Paras: []doc.Para{doc.P(doc.Plain, ticks), doc.P(doc.Plain, doc.T(s.Electronic))}}}},
		{Cells: []doc.Cell{doc.L("告知事项"), {Paras: asParas(fixed("address")), Cols: 3}}},
		{Cells: []doc.Cell{doc.L("当事人确认"), {Paras: []doc.Para{doc.P(doc.Body, doc.T("我（单位）已阅读（或者听取宣读）并理解告知事项，保证上列送达地址准确、有效。"))}, Cols: 3}}},
	}
	d.Blocks = []doc.Block{
		doc.Table{Cols: []int{4, 8, 4, 8}, Rows: rows},
		doc.Signs{Items: []doc.Sign{{Label: "当事人", Name: p.title(), Hint: anyHand, Dated: true, Date: s.On.String()}, {Label: "经办人", Hint: pen, Dated: true}}},
	}
	return d
}

// number is the party's identity number or credit code.
func (p Party) number() string {
	if p.Org != "" {
		return p.Code
	}
	return p.ID
}

// asParas takes paragraphs out of blocks, to stand in a cell.
func asParas(blocks []doc.Block) []doc.Para {
	var ps []doc.Para
	for _, b := range blocks {
		if p, ok := b.(doc.Para); ok {
			ps = append(ps, p)
		}
	}
	return ps
}
