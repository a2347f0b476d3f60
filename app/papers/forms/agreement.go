package forms

import (
	"fmt"

	"tiaojie/app/papers/doc"
)

// agreement is the 人民调解协议书 with what 人民调解法 art. 29 asks for: the parties, the facts and
// what is disputed, what was agreed, how and by when it is performed.
func agreement(c *Case, i int) doc.Document {
	a := at(c.ofKind(false), i)
	d := c.paper("人民调解协议书", doc.Record)
	if a.Number != "" {
		d.Number, d.Header = a.Number, a.Number+" 人民调解协议书"
	}
	blocks := c.introduce(func(p Party) string { return "当事人（" + p.Side.String() + "）" })
	blocks = append(blocks, head("一、纠纷主要事实"))
	blocks = append(blocks, texts("纠纷主要事实", a.Facts)...)
	blocks = append(blocks, head("二、争议事项"))
	blocks = append(blocks, texts("争议事项", a.Disputed)...)
	blocks = append(blocks, head("三、协议内容"), body(doc.T("经人民调解员"), doc.Say("人民调解员", c.mediators(), 8), doc.T("主持调解，各方当事人自愿达成如下协议：")))
	blocks = append(blocks, numbered("协议内容", a.Items)...)
	blocks = append(blocks, head("四、履行方式、地点和期限"), obligations(a.Obligations))
	if a.Place != "" {
		blocks = append(blocks, body(doc.T("履行地点："+a.Place+"。")))
	}
	if len(a.Open) > 0 {
		blocks = append(blocks, head("五、尚未达成一致的事项"))
		blocks = append(blocks, numbered("未达成一致的事项", a.Open)...)
		blocks = append(blocks, body(doc.T("上列事项不影响本协议已达成部分的效力（"+cite("sz-26")+"），各方可以继续调解或者依法通过其他途径解决。")))
	}
	blocks = append(blocks, c.force()...)
	if c.PaperOnly {
		blocks = append(blocks, body(doc.T("本协议涉及人身关系，依据"+cite("dzqm-3")+"，须在纸质文本上签名。")))
	}
	signs := append(append(c.partySigns(), c.mediatorSigns()...), doc.Sign{Label: "记录人", Name: c.Recorder, Hint: pen, Dated: true})
	d.Blocks = append(blocks, doc.Signs{Items: signs}, c.seal(byHand(a.SealedOn)))
	return d
}

// force tells when the agreement takes effect and what may be done about it. Copies are one for
// each party and one for the committee (人民调解法 art. 29).
func (c *Case) force() []doc.Block {
	copies := doc.Say("份数", "", 3)
	if n := len(c.Parties); n > 0 {
		copies = doc.T(fmt.Sprintf("%d", n+1))
	}
	return []doc.Block{
		body(doc.T("本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效（" + cite("rmtj-29") + "），具有法律约束力，当事人应当按照约定履行（" + see("rmtj-31") + "）。")),
		body(doc.T("一方不履行的，对方可以请求本委员会督促履行（" + cite("sz-27") + "）；就履行或者协议内容发生争议的，可以向人民法院提起诉讼（" + see("rmtj-32") + "）。各方可以自协议生效之日起三十日内共同向人民法院申请司法确认（" + see("rmtj-33") + "）。")),
		body(doc.T("本协议一式"), copies, doc.T("份，各方当事人各持一份，人民调解委员会留存一份。")),
	}
}

// obligations is the table of who owes what to whom, by when and how.
func obligations(list []Obligation) doc.Block {
	rows := []doc.Row{{Cells: []doc.Cell{doc.L("序号"), doc.L("义务人"), doc.L("权利人"), doc.L("内容或者金额"), doc.L("履行期限"), doc.L("履行方式")}}}
	if len(list) == 0 {
		list = []Obligation{{}}
	}
	for i, o := range list {
		n := fmt.Sprintf("第%d项", i+1)
		rows = append(rows, doc.Row{Cells: []doc.Cell{
			doc.L(fmt.Sprint(i + 1)), doc.C(doc.Say(n+"义务人", o.From, 3)), doc.C(doc.Say(n+"权利人", o.To, 3)),
			doc.C(doc.Say(n+"履行内容", o.content(), 6)), doc.C(doc.Say(n+"履行期限", o.term(), 4)), doc.C(doc.Say(n+"履行方式", o.How, 4)),
		}})
	}
	return doc.Table{Cols: []int{2, 4, 4, 5, 6, 3}, Head: 1, Rows: rows}
}

// content is what is owed: the act, the amount in figures and capitals, or both.
func (o Obligation) content() string {
	switch {
	case o.Amount == 0:
		return o.What
	case o.What == "":
		return o.Amount.Full()
	}
	return o.What + "，" + o.Amount.Full()
}

// term is when it is due, in words.
func (o Obligation) term() string {
	if o.Term == "" {
		return o.Due.String()
	}
	return o.Term
}

// oralAgreement is the 口头协议登记表, for parties who find a written agreement unnecessary
// (人民调解法 art. 28). It is in force the day it is reached (art. 30).
func oralAgreement(c *Case, i int) doc.Document {
	a := at(c.ofKind(true), i)
	d := c.paper("人民调解口头协议登记表", doc.Form)
	if a.Number != "" {
		d.Number, d.Header = a.Number, a.Number+" 人民调解口头协议登记表"
	}
	var amount Fen
	var content []string
	for _, o := range a.Obligations {
		amount += o.Amount
	}
	content = append(content, a.Items...)
	for _, o := range a.Obligations {
		content = append(content, o.sentence())
	}
	money := "不涉及金额"
	if amount > 0 {
		money = amount.Full()
	}
	var rows []doc.Row
	for _, p := range c.sides() {
		rows = append(rows, p.rows(c.AppliedOn)...)
	}
	cell := func(name, text string, tall int) doc.Cell {
		return doc.Cell{Paras: doc.Paras(doc.Plain, name, text), Cols: 7, Lines: tall}
	}
	rows = append(rows,
		doc.Row{Cells: []doc.Cell{doc.L("纠纷主要事实、争议事项").Span(2), cell("纠纷主要事实", a.Facts+"\n"+a.Disputed, 5)}},
		doc.Row{Cells: []doc.Cell{doc.L("协议内容").Span(2), cell("协议内容", lines(content), 5)}},
		doc.Row{Cells: []doc.Cell{doc.L("调解地点").Span(2), doc.C(doc.Fact("调解地点", a.Place, 6)).Span(3), doc.L("达成日期").Span(2), doc.C(doc.Fact("达成协议日期", a.ReachedOn.String(), 5)).Span(2)}},
		doc.Row{Cells: []doc.Cell{doc.L("涉及金额").Span(2), doc.C(doc.T(money)).Span(7)}},
		doc.Row{Cells: []doc.Cell{doc.L("履行情况").Span(2), doc.C(doc.T(doc.Tick(a.DoneAtOnce) + "当场履行完毕　" + doc.Tick(!a.DoneAtOnce) + "按约定期限履行")).Span(7)}},
	)
	d.Blocks = []doc.Block{
		doc.Table{Cols: partyCols, Rows: rows},
		note("当事人认为无需制作调解协议书，采取口头协议方式，由人民调解员记录协议内容（" + cite("rmtj-28") + "）；口头协议自各方当事人达成协议之日起生效（" + see("rmtj-30") + "）。"),
		doc.Signs{Items: append(c.partySigns(), c.mediatorSigns()...)},
		c.seal(byHand(a.ReachedOn)),
	}
	return d
}

// sentence tells an obligation in words.
func (o Obligation) sentence() string {
	s := o.From + "向" + o.To + "履行：" + o.content()
	if d := o.term(); d != "" {
		s += "，期限" + d
	}
	if o.How != "" {
		s += "，方式：" + o.How
	}
	return s
}
