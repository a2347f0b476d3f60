package forms

import (
	"fmt"

	"tiaojie/app/papers/doc"
)

// party returns the party a paper is for, or an empty one.
func (c *Case) party(i int) Party { return at(c.Parties, i) }

// acceptance is the 受理通知书, one for each party.
func acceptance(c *Case, i int) doc.Document {
	d := c.paper("受理通知书", doc.Letter)
	blocks := []doc.Block{
		to("当事人姓名", c.party(i).title()),
		body(append(append([]doc.Run{doc.T("关于")}, c.matter()...), doc.T("，经审查并征得当事人同意，本委员会于"),
			doc.Say("受理日期", c.AcceptedOn.String(), 8), doc.T("受理，案号为"), doc.Say("案号", c.Number, 10), doc.T("。"))...),
		body(c.term()...),
		body(doc.T("一方当事人明确拒绝调解的，不再调解（" + cite("rmtj-17") + "）。调解不收取任何费用（" + see("rmtj-4") + "），也不妨碍当事人依法申请仲裁、行政处理或者提起诉讼（" + see("rmtj-3") + "）。")),
		body(doc.T("本案人民调解员："), doc.Say("人民调解员", c.mediators(), 8), doc.T("。当事人可以选择或者接受调解员；一方当事人要求调解员回避的，调解员应当回避。")),
		body(doc.T("联系电话："), doc.Say("委员会电话", c.Committee.Phone, 8), doc.T("。")),
		c.seal(dated("受理日期", c.AcceptedOn)),
	}
	d.Blocks = blocks
	return d
}

// term tells the time limit with its rule and its last day. Without a term of its own the
// Shenzhen rule of thirty days is told (条例 art. 25).
func (c *Case) term() []doc.Run {
	if c.Term.Days == 0 {
		return []doc.Run{doc.T("依据" + cite("sz-25") + "，除当事人另有约定或者法律另有规定外，调解期限为三十日；各方同意的，可以延长。")}
	}
	unit := "日"
	if c.Term.Working {
		unit = "个工作日"
	}
	return []doc.Run{
		doc.T("依据"), doc.Say("调解期限的依据", c.Term.Rule, 10),
		doc.T(fmt.Sprintf("，本案调解期限为%d%s，至", c.Term.Days, unit)), doc.Say("调解期限届满日", c.Term.Due.String(), 8),
		doc.T("届满。期限届满未达成调解协议，各方又未同意延长的，终止调解。"),
	}
}

// refusal is the 不予受理通知书.
func refusal(c *Case, _ int) doc.Document {
	d := c.paper("不予受理通知书", doc.Letter)
	d.Number, d.Header = "", ""
	d.Blocks = append([]doc.Block{
		to("申请人姓名", c.names(Applicant)),
		body(doc.T("你（单位）于"), doc.Say("申请日期", c.AppliedOn.String(), 8), doc.T("向本委员会提出的与"),
			doc.Say("被申请人姓名", c.names(Respondent), 6), doc.T("之间的"), doc.Say("纠纷类型", c.Dispute, 5), doc.T("调解申请收悉。经审查，因"),
			doc.Say("不予受理的理由", c.Refusal.Reason, 16), doc.T("，本委员会不予受理。")),
		body(doc.T("你（单位）可以通过下列途径维护自己的权利：")),
	}, c.remedies()...)
	d.Blocks = append(d.Blocks,
		c.seal(dated("不予受理日期", c.Refusal.On)),
		doc.Signs{Items: []doc.Sign{{Label: "签收人", Hint: pen, Dated: true}}})
	return d
}

// remedies are the other ways open to the parties, told whenever mediation does not help
// (人民调解法 art. 26). A labour dispute goes to arbitration first.
func (c *Case) remedies() []doc.Block {
	if c.Labour {
		return fixed("remedies-labour")
	}
	return append(fixed("remedies"), body(doc.T("向人民法院请求保护民事权利的诉讼时效期间一般为三年，法律另有规定的依照其规定（"+cite("mfd-188")+"）。")))
}
