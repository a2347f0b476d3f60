package forms

import (
	"fmt"

	"tiaojie/app/papers/doc"
)

// riskReport reports that a dispute may escalate (人民调解法 art. 25). It goes to the police or
// another department and stays with few readers.
func riskReport(c *Case, _ int) doc.Document {
	d := c.paper("矛盾纠纷风险报告", doc.Form)
	r := c.Risk
	tall := func(label, value string, n int) doc.Row {
		return doc.Row{Cells: []doc.Cell{doc.L(label), {Paras: doc.Paras(doc.Body, label, value), Cols: 3, Lines: n}}}
	}
	d.Blocks = []doc.Block{
		to("接收报告的单位", r.To),
		body(doc.T("本委员会在调解下列纠纷中发现可能激化的情形，依据" + cite("rmtj-25") + "，报告如下：")),
		doc.Table{Cols: []int{4, 8, 4, 8}, Rows: []doc.Row{
			{Cells: []doc.Cell{doc.L("纠纷"), doc.C(c.matter()...).Span(3)}},
			{Cells: []doc.Cell{doc.L("风险等级"), doc.C(doc.Ticks([]string{"红", "橙", "黄", "绿"}, r.Level)), doc.L("报告时间"), doc.C(doc.Fact("报告时间", clock(r.At), 6))}},
			tall("涉及人员", r.People, 3),
			tall("纠纷简要情况", c.Summary, 4),
			tall("风险表现", r.Signs, 4),
			tall("已采取的措施", r.Measures, 4),
			{Cells: []doc.Cell{doc.L("报告人"), doc.C(doc.Fact("报告人", r.By, 5)), doc.L("联系电话"), doc.C(doc.Fact("报告人电话", r.Contact, 6))}},
			{Cells: []doc.Cell{doc.L("报告方式"), doc.C(doc.Fact("报告方式", r.Method, 5)), doc.L("接收回执"), doc.C(doc.T(r.Receipt))}},
		}},
		c.seal(byHand("")),
		doc.Signs{Items: []doc.Sign{{Label: "接收人", Hint: pen, Dated: true}}},
		note("本报告涉及个人隐私，仅供职责范围内的人员处置风险使用，不得向无关人员提供。"),
	}
	return d
}

// urge is the 督促履行函 to who has not performed (人民调解法 art. 31, 条例 art. 27).
func urge(c *Case, i int) doc.Document {
	d := c.paper("督促履行函", doc.Letter)
	u := at(c.Urges, i)
	a := at(c.Agreements, u.Agreement)
	o := at(a.Obligations, u.Obligation)
	why := doc.T("经本委员会了解，")
	if u.AskedBy != "" {
		why = doc.T(u.AskedBy + "请求本委员会督促履行。")
	}
	blocks := []doc.Block{
		to("义务人姓名", o.From),
		body(append(append([]doc.Run{doc.T("本委员会主持调解的")}, c.matter()...), doc.T("，各方于"), doc.Say("达成协议日期", a.ReachedOn.String(), 8), doc.T("达成调解协议（编号"),
			doc.Say("调解协议编号", a.Number, 8), doc.T("）。依照协议，你（单位）应当于"), doc.Say("履行期限", o.Due.String(), 8), doc.T("前向"), doc.Say("权利人姓名", o.To, 5),
			doc.T("履行："), doc.Say("履行内容", o.content(), 10), doc.T("。"))...),
		body(why, doc.T("截至本函发出之日，上列义务尚未履行完毕。调解协议具有法律约束力，依据"+cite("rmtj-31")+"、"+cite("sz-27")+"，请你（单位）于"),
			doc.Say("督促的履行期限", u.Until.String(), 8), doc.T("前履行，并将履行凭证交本委员会。")),
		body(doc.T("逾期不履行的，对方当事人可以依法向人民法院提起诉讼（" + see("rmtj-32") + "）；协议已经司法确认的，可以申请强制执行（" + see("rmtj-33") + "）。")),
		body(doc.T("履行确有困难的，请及时与本委员会联系。联系电话："), doc.Say("委员会电话", c.Committee.Phone, 8), doc.T("。")),
	}
	if c.Labour {
		blocks = append(blocks, body(doc.T("因支付拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金事项达成调解协议，在协议约定期限内不履行的，劳动者可以持调解协议书依法向人民法院申请支付令（"+cite("ld-16")+"）。")))
	}
	d.Blocks = append(blocks, c.seal(dated("督促日期", u.On)), doc.Signs{Items: []doc.Sign{{Label: "签收人", Hint: pen, Dated: true}}})
	return d
}

// performed proves that everything agreed was done, as the police and others ask for it.
func performed(c *Case, _ int) doc.Document {
	d := c.paper("调解协议履行完毕证明", doc.Letter)
	a := c.confirmed()
	rows := []doc.Row{{Cells: []doc.Cell{doc.L("序号"), doc.L("义务人"), doc.L("履行内容"), doc.L("履行日期")}}}
	var last Day
	for i, o := range a.Obligations {
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L(fmt.Sprint(i + 1)), doc.C(doc.T(o.From)), doc.C(doc.T(o.content())),
			doc.C(doc.Say(fmt.Sprintf("第%d项履行日期", i+1), o.Done.String(), 5))}})
		last = max(last, o.Done)
	}
	d.Blocks = []doc.Block{
		body(append(c.matter(), doc.T("，经本委员会主持调解，各方于"), doc.Say("达成协议日期", a.ReachedOn.String(), 8), doc.T("达成调解协议（编号"), doc.Say("调解协议编号", a.Number, 8),
			doc.T("）。经核实，协议约定的义务已经履行完毕，情况如下："))...),
		doc.Table{Cols: []int{3, 5, 9, 7}, Head: 1, Rows: rows},
		body(doc.T("特此证明。")),
		doc.Signs{Items: append(c.partySigns(), c.mediatorSigns()...)},
		c.seal(byHand("")),
	}
	return d
}

// visit is a 回访记录.
func visit(c *Case, i int) doc.Document {
	d := c.paper("人民调解回访记录", doc.Form)
	v := at(c.Visits, i)
	tall := func(label, value string, n int) doc.Row {
		return doc.Row{Cells: []doc.Cell{doc.L(label), {Paras: doc.Paras(doc.Body, label, value), Cols: 3, Lines: n}}}
	}
	d.Blocks = []doc.Block{
		doc.Table{Cols: []int{4, 8, 4, 8}, Rows: []doc.Row{
			{Cells: []doc.Cell{doc.L("当事人"), doc.C(doc.Fact("被回访当事人", v.Who, 6)), doc.L("调解协议编号"), doc.C(doc.Fact("调解协议编号", at(c.Agreements, v.Agreement).Number, 6))}},
			{Cells: []doc.Cell{doc.L("回访事由"), doc.C(doc.Fact("回访事由", v.Why, 6)), doc.L("回访方式"), doc.C(doc.Fact("回访方式", v.Way, 5))}},
			tall("协议履行情况", v.Performance, 4),
			tall("当事人满意程度", v.Satisfaction, 2),
			tall("纠纷或者诉讼结果", v.Outcome, 3),
			tall("调解有无不当", v.Faults, 3),
			tall("有无激化或者隐患", v.Hidden, 3),
			tall("采取的措施", v.Measures, 3),
		}},
		doc.Signs{Items: []doc.Sign{{Label: "回访人", Name: v.Visitors, Hint: pen}, {Label: "被回访人", Name: v.Who, Hint: anyHand}}},
		doc.P(doc.Signed, dated("回访日期", v.On)...),
	}
	return d
}
