package forms

import (
	"strings"

	"tiaojie/app/papers/doc"
)

// inquiry is a 调查记录: the head, the talk as questions and answers, three signatures.
func inquiry(c *Case, i int) doc.Document {
	d := c.paper("人民调解调查记录", doc.Record)
	q := at(c.Inquiries, i)
	a := q.Asked
	blocks := []doc.Block{
		doc.Fields{Cols: 2, Items: []doc.Field{
			wide("时间", span(q.Start, q.End)), wide("地点", q.Place),
			field("调查人", q.Investigators), field("记录人", q.Recorder),
			wide("参加人", q.Present),
			field("被调查人", a.Name), field("性别", a.Sex), field("年龄", a.age(c.AppliedOn)), field("联系方式", a.Phone),
			wide("单位或住址", a.Address), wide("与当事人或者纠纷的关系", q.Relation),
		}},
		body(doc.T("（调查人向被调查人说明身份和来意，告知其应当如实陈述；涉及个人隐私、商业秘密的，依法保密。）")),
	}
	for _, t := range q.Talk {
		blocks = append(blocks, doc.P(doc.Ask, doc.T("问："+t.Ask)), doc.P(doc.Answer, doc.T("答："+t.Answer)))
	}
	if len(q.Talk) == 0 {
		blocks = append(blocks, doc.P(doc.Ask, doc.T("问："), doc.Fact("调查内容", "", 24)), doc.P(doc.Answer, doc.T("答："), doc.Hand(24)))
	}
	d.Blocks = append(blocks,
		body(doc.T("（以上记录已由被调查人阅读或者向其宣读，确认无误。）")),
		doc.Signs{Items: []doc.Sign{
			{Label: "被调查人", Name: a.Name, Hint: "签名或者按指印", Dated: true},
			{Label: "调查人", Name: q.Investigators, Hint: pen, Dated: true},
			{Label: "记录人", Name: q.Recorder, Hint: pen, Dated: true},
		}},
	)
	return d
}

// record is a 调解记录 in the seven parts the ministry's form asks for. 参加人 are invited persons
// only, never parties, mediators or the recorder.
func record(c *Case, i int) doc.Document {
	d := c.paper("人民调解记录", doc.Record)
	s := at(c.Sessions, i)
	r := s.Record
	blocks := []doc.Block{
		doc.Fields{Cols: 2, Items: []doc.Field{
			wide("时间", span(s.Start, s.End)), wide("地点", s.Place),
			{Label: "事由", Wide: true, Value: c.matter()},
			wide("当事人", strings.Join(s.Present, "、")),
			{Label: "参加人", Wide: true, Value: []doc.Run{doc.T(guestNames(s.Guests))}},
			wide("人民调解员", mediatorNames(s.Mediators)), field("记录人", s.Recorder),
			{Label: "调解方式", Value: []doc.Run{doc.T(doc.Tick(s.Open) + "公开　" + doc.Tick(!s.Open) + "不公开")}},
		}},
		head("一、告知权利和义务"),
	}
	blocks = append(blocks, texts("告知权利和义务的情况", r.Rights)...)
	blocks = append(blocks, head("二、告知调解原则、方式和参加人员身份"))
	blocks = append(blocks, texts("告知原则、方式和人员身份的情况", r.Principles)...)
	blocks = append(blocks, head("三、当事人陈述"))
	blocks = append(blocks, statements(r.Statements)...)
	blocks = append(blocks, head("四、证据的出示与质证"))
	blocks = append(blocks, texts("证据出示与质证的情况", r.Evidence)...)
	blocks = append(blocks, head("五、风险提示"))
	blocks = append(blocks, texts("风险提示", r.Risk)...)
	blocks = append(blocks, head("六、调解结果"))
	blocks = append(blocks, texts("调解结果（达成协议的内容，或者未达成的原因和其他途径）", r.Result)...)
	blocks = append(blocks, head("七、宣读与签名"))
	blocks = append(blocks, readBack(s.ReadBack)...)
	if r.Remarks != "" {
		blocks = append(blocks, texts("补正", "当事人补正："+r.Remarks)...)
	}
	signs := c.partySigns()
	for _, g := range s.Guests {
		signs = append(signs, doc.Sign{Label: "参加人", Name: g.Name, Hint: pen, Dated: true})
	}
	signs = append(append(signs, mediatorSigns(s.Mediators)...), doc.Sign{Label: "记录人", Name: s.Recorder, Hint: pen, Dated: true})
	d.Blocks = append(blocks, doc.Signs{Items: signs}, c.seal(byHand("")))
	return d
}

func guestNames(guests []Guest) string {
	var list []string
	for _, g := range guests {
		who := g.Name
		if g.Kind != "" {
			who += "（" + g.Kind + "）"
		}
		list = append(list, who)
	}
	if list == nil {
		return "无"
	}
	return strings.Join(list, "、")
}

func statements(list []Statement) []doc.Block {
	if len(list) == 0 {
		return texts("当事人陈述", "")
	}
	var blocks []doc.Block
	for _, s := range list {
		for i, p := range doc.Paras(doc.Body, s.Who+"的陈述", s.Text) {
			if i == 0 {
				p.Runs = append([]doc.Run{doc.B(s.Who + "：")}, p.Runs...)
			}
			blocks = append(blocks, p)
		}
	}
	return blocks
}

// readBack tells for each party that the record was read to it or by it.
func readBack(list []ReadBack) []doc.Block {
	if len(list) == 0 {
		return []doc.Block{body(doc.T("本记录已向当事人宣读（或者由当事人阅读）。当事人意见："), doc.Fact("宣读或者阅读的情况", "", 16))}
	}
	rows := []doc.Row{{Cells: []doc.Cell{doc.L("当事人"), doc.L("方式"), doc.L("意见或者补正")}}}
	for _, r := range list {
		way, opinion := "本人阅读", r.Correction
		if r.Aloud {
			way = "向其宣读"
		}
		if opinion == "" {
			opinion = "确认无误"
		}
		if !r.At.IsZero() {
			opinion += "（" + clock(r.At) + "）"
		}
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.C(doc.T(r.Who)), doc.C(doc.T(way)), doc.C(doc.T(opinion))}})
	}
	return []doc.Block{
		body(doc.T("本记录已交各方当事人阅读或者向其宣读：")),
		doc.Table{Cols: []int{8, 5, 11}, Head: 1, Rows: rows},
	}
}
