package forms

import (
	"fmt"

	"tiaojie/app/papers/doc"
)

var sourceNames = map[Source]string{Applied: "当事人申请", Own: "主动调解", Police: "公安移交", Courts: "审判机关委托", Official: "政府部门指定"}

// closing is the 结案报告表.
func closing(c *Case, _ int) doc.Document {
	d := c.paper("人民调解结案报告表", doc.Form)
	k := c.Closing
	money := "不涉及金额"
	if k.Amount > 0 {
		money = k.Amount.String()
	}
	source := doc.Ticks([]string{"当事人申请", "主动调解", "公安移交", "审判机关委托", "政府部门指定"}, sourceNames[c.Source])
	tall := func(label, value string, n int) doc.Row {
		return doc.Row{Cells: []doc.Cell{doc.L(label), {Paras: doc.Paras(doc.Body, label, value), Cols: 3, Lines: n}}}
	}
	pair := func(a, x, b, y string) doc.Row {
		return doc.Row{Cells: []doc.Cell{doc.L(a), doc.C(doc.Fact(a, x, 6)), doc.L(b), doc.C(doc.Fact(b, y, 6))}}
	}
	rows := []doc.Row{
		pair("卷号", c.Number, "填表时间", k.Filled.String()),
		pair("承办单位", c.Committee.Name, "承办人", k.handler(c)),
		pair("受案时间", c.AcceptedOn.String(), "结案时间", k.On.String()),
		{Cells: []doc.Cell{doc.L("案件来源"), doc.C(source).Span(3)}},
	}
	for _, p := range c.sides() {
		side := p.Side.String()
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L(side), {Cols: 3, Paras: []doc.Para{doc.P(doc.Plain,
			doc.Say(side+"姓名", p.title(), 5), doc.T("，地址："), doc.Say(p.who()+"的地址", p.Address, 8), doc.T("，电话："), doc.Say(p.who()+"的电话", p.Phone, 6))}}}})
	}
	rows = append(rows,
		tall("简要事实", c.Summary, 5), tall("调解结果", k.Result, 4),
		doc.Row{Cells: []doc.Cell{doc.L("协议金额"), doc.C(doc.T(money)), doc.L("履行情况"), doc.C(doc.Fact("履行情况", k.Performance, 6))}},
		doc.Row{Cells: []doc.Cell{doc.L("承办人意见"), doc.Cell{Cols: 3, Paras: approval()}}},
		doc.Row{Cells: []doc.Cell{doc.L("审核意见"), doc.Cell{Cols: 3, Paras: approval()}}},
	)
	d.Blocks = []doc.Block{doc.Table{Cols: []int{4, 8, 4, 8}, Rows: rows}}
	return d
}

// handler is the mediator who stands on the cover, unless another is named.
func (k Closing) handler(c *Case) string {
	if k.Handler != "" {
		return k.Handler
	}
	return c.mediators()
}

// approval is room for an opinion with a signature and a day.
func approval() []doc.Para {
	return []doc.Para{doc.P(doc.Plain, doc.T(" ")), doc.P(doc.Plain, doc.T(" ")),
		doc.P(doc.Right, doc.T("签名："), doc.Hand(6), doc.T("\u3000\u3000年\u3000\u3000月\u3000\u3000日"))}
}

// cover is the 卷宗封面.
func cover(c *Case, _ int) doc.Document {
	k := c.Dossier
	from, to := k.From, k.To
	if from == "" {
		from = c.AcceptedOn
	}
	days := []doc.Run{doc.Fact("调解起始日期", from.String(), 7), doc.T("至"), doc.Fact("调解结束日期", to.String(), 7)}
	return doc.Document{
		Size: doc.Letter, Bare: true,
		Blocks: []doc.Block{
			doc.Space{Lines: 2},
			doc.P(doc.Large, doc.Say("人民调解委员会名称", c.Committee.Name, 10)),
			doc.Space{Lines: 1},
			doc.P(doc.Large, doc.T("人 民 调 解 卷 宗")),
			doc.Space{Lines: 3},
			doc.Fields{Cols: 2, Items: []doc.Field{
				wide("卷名", c.Name()), wide("卷号", c.Number), wide("人民调解员", c.mediators()),
				{Label: "调解日期", Wide: true, Value: days},
				field("立卷人", k.Binder), field("立卷日期", k.BoundOn.String()),
				wide("保管期限", k.Keep), {Label: "备注", Wide: true, Value: []doc.Run{doc.T(k.Note)}},
			}},
		},
	}
}

// contents is the 卷内目录; its head comes back on every page.
func contents(c *Case, _ int) doc.Document {
	d := c.paper("卷内目录", doc.Form)
	rows := []doc.Row{{Cells: []doc.Cell{doc.L("序号"), doc.L("文书名称"), doc.L("页号"), doc.L("备注")}}}
	for i, it := range c.Dossier.Items {
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L(fmt.Sprint(i + 1)), doc.C(doc.T(it.Title)), doc.L(it.pages()), doc.C(doc.T(it.Note))}})
	}
	for len(rows) < 16 { // an empty line is ruled, so that nothing is written in later unseen
		rows = append(rows, doc.Row{Cells: []doc.Cell{doc.L(""), doc.C(), doc.L(""), doc.C()}})
	}
	d.Blocks = []doc.Block{doc.Table{Cols: []int{3, 12, 4, 5}, Head: 1, Rows: rows}}
	return d
}

func (it Item) pages() string {
	if it.To <= it.From {
		return count(it.From)
	}
	return fmt.Sprintf("%d—%d", it.From, it.To)
}

// situation is the 卷宗情况说明: the case in words, and every paper missing, corrected, added or
// removed. It is the only paper that grows after the dossier is filed.
func situation(c *Case, _ int) doc.Document {
	d := c.paper("卷宗情况说明", doc.Record)
	k := c.Dossier
	blocks := append([]doc.Block{head("一、案件和卷宗情况")}, texts("卷宗情况", k.Situation)...)
	blocks = append(blocks, head("二、文书缺少、补正、增加或者移出的情况"))
	if len(k.Changes) == 0 {
		blocks = append(blocks, body(doc.T("无。")))
	} else {
		rows := []doc.Row{{Cells: []doc.Cell{doc.L("日期"), doc.L("事项"), doc.L("原因"), doc.L("经办人")}}}
		for _, ch := range k.Changes {
			rows = append(rows, doc.Row{Cells: []doc.Cell{doc.C(doc.T(ch.On.String())), doc.C(doc.T(ch.What)), doc.C(doc.T(ch.Why)), doc.C(doc.T(ch.By))}})
		}
		blocks = append(blocks, doc.Table{Cols: []int{6, 7, 7, 4}, Head: 1, Rows: rows})
	}
	d.Blocks = append(blocks,
		doc.Signs{Items: []doc.Sign{{Label: "立卷人", Name: k.Binder, Hint: pen}}},
		doc.P(doc.Signed, dated("立卷日期", k.BoundOn)...))
	return d
}

// back is the 封底.
func back(c *Case, _ int) doc.Document {
	k := c.Dossier
	pages := doc.Fact("卷内页数", count(k.Pages), 4)
	return doc.Document{
		Size: doc.Letter, Bare: true,
		Blocks: []doc.Block{
			doc.Space{Lines: 12},
			doc.P(doc.Center, doc.T("本卷宗连同附件共 "), pages, doc.T(" 页，已装订完毕。")),
			doc.Space{Lines: 2},
			doc.Fields{Cols: 2, Items: []doc.Field{
				field("立卷人", k.Binder), field("立卷日期", k.BoundOn.String()),
				field("检查人", k.Checker), field("检查日期", k.Checked.String()),
			}},
		},
	}
}
