package forms

import "tiaojie/app/papers/doc"

// extension is both sides' consent to more time (条例 art. 25).
func extension(c *Case, _ int) doc.Document {
	d := c.paper("延长调解期限同意书", doc.Letter)
	e := c.Extension
	d.Blocks = []doc.Block{
		body(append(append([]doc.Run{doc.T("本委员会调解的")}, c.matter()...), doc.T("，调解期限原至"), doc.Say("原届满日", e.From.String(), 8), doc.T("届满。因"),
			doc.Say("延长的理由", e.Reason, 14), doc.T("，依据"+cite("sz-25")+"，各方当事人同意将调解期限延长至"), doc.Say("延长后的届满日", e.To.String(), 8), doc.T("。"))...),
		body(doc.T("延长期限内，任何一方仍可以随时要求终止调解，并依法通过仲裁、行政、司法等途径维护自己的权利。")),
		doc.Signs{Items: append(c.partySigns(), c.mediatorSigns()...)},
		c.seal(byHand(e.On)),
	}
	return d
}

// endReasons are the grounds on which a mediation ends; the wording follows 条例 arts 25 and 28.
var endReasons = map[EndReason]struct{ text, key string }{
	Withdrawn: {"申请人撤回调解申请", "sz-28"},
	Declined:  {"当事人明确表示不接受调解", "sz-28"},
	Deceit:    {"当事人隐瞒重要事实、提供虚假情况或者故意拖延时间", "sz-28"},
	Collusion: {"当事人之间可能存在恶意串通，损害社会公共利益或者他人合法权益的情形", "sz-28"},
	Expired:   {"调解期限届满，未达成调解协议，各方未同意延长", "sz-25"},
	OtherEnd:  {"依法应当终止调解的其他情形", "sz-28"},
}

// ending tells the parties that the mediation has ended and which other ways are open: without it
// no case may be closed as failed (人民调解法 art. 26).
func ending(c *Case, _ int) doc.Document {
	d := c.paper("终止调解告知书", doc.Letter)
	e := c.End
	reason, basis := doc.Say("终止的理由", "", 16), cite("rmtj-26")
	if r, ok := endReasons[e.Reason]; ok {
		text := r.text
		if e.Detail != "" {
			text += "（" + e.Detail + "）"
		}
		reason, basis = doc.T(text), cite(r.key)+"、"+cite("rmtj-26")
	}
	blocks := []doc.Block{
		to("当事人姓名", c.allNames()),
		body(append(append([]doc.Run{doc.T("本委员会调解的")}, c.matter()...), doc.T("，因"), reason,
			doc.T("，依据"+basis+"，自"), doc.Say("终止日期", e.On.String(), 8), doc.T("起终止调解。"))...),
		body(doc.T("当事人可以通过下列途径维护自己的权利：")),
	}
	blocks = append(blocks, c.remedies()...)
	d.Blocks = append(blocks,
		body(doc.T("各方当事人在调解中为达成协议所作的让步，不构成对事实的承认；经各方同意，可以对无争议的事实另行书面记载（"+cite("sz-73")+"）。")),
		c.seal(dated("终止日期", e.On)),
		doc.Signs{Items: c.partySigns()},
		note("签收表示已收到本告知书，不表示放弃任何权利。"),
	)
	return d
}

// undisputed records facts nobody disputes; with all parties' signatures they may serve as evidence
// later, everything else said in mediation may not (条例 art. 73).
func undisputed(c *Case, _ int) doc.Document {
	d := c.paper("无争议事实记载", doc.Record)
	blocks := c.introduce(func(p Party) string { return p.Side.String() })
	blocks = append(blocks, body(append(append([]doc.Run{doc.T("在本委员会主持的")}, c.matter()...),
		doc.T("调解中，各方当事人未达成调解协议，但对下列事实没有争议，依据"+cite("sz-73")+"，同意以书面形式记载并签名确认："))...))
	blocks = append(blocks, numbered("无争议的事实", c.Undisputed.Facts)...)
	d.Blocks = append(blocks,
		body(doc.T("各方知悉：经签名确认的上列事实，在其后的仲裁、诉讼等程序中可以作为证据使用。当事人为达成调解协议作出妥协而提及的其他事实，不在本记载范围之内。")),
		doc.Signs{Items: append(c.partySigns(), c.mediatorSigns()...)},
		c.seal(byHand(c.Undisputed.On)),
	)
	return d
}
