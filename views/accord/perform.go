package accord

import (
	"tiaojie/app/papers/forms"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// facts are what was agreed about the obligation.
func (d DutyData) facts() []ui.Fact {
	x, r := d.Words, d.Row
	out := []ui.Fact{{Name: "谁给谁", Text: d.Name(x.From) + " → " + d.Name(x.To)}, {Name: "内容", Text: x.Content()}, {Name: "履行方式", Text: x.How}}
	if r.DueOn != "" {
		out = append(out, ui.Fact{Name: "到期", Text: day(r.DueOn)})
	} else {
		out = append(out, ui.Fact{Name: "到期", Text: x.Term()})
	}
	if r.MetOn != "" {
		out = append(out, ui.Fact{Name: "条件成就", Text: day(r.MetOn) + "，" + x.Term()})
	}
	if r.Amount > 0 {
		out = append(out, ui.Fact{Name: "已付", Text: yuan(r.Paid)}, ui.Fact{Name: "还差", Text: yuan(r.Left())})
	}
	if r.DoneOn != "" {
		out = append(out, ui.Fact{Name: "履行完毕", Text: day(r.DoneOn)})
	}
	return out
}

func (d DutyData) left() forms.Fen { return forms.Fen(d.Row.Left()) }

// askers are who may ask for a letter: every party but the one that owes, and the committee itself.
func (d DutyData) askers() []ui.Option {
	out := []ui.Option{{Label: "调委会主动督促"}}
	for _, p := range d.Parties {
		if p.Key != d.Words.From {
			out = append(out, ui.Option{Value: p.Key, Label: p.Name + "请求督促"})
		}
	}
	return out
}

func (d VisitData) facts() []ui.Fact {
	w := d.Visit.Words
	out := []ui.Fact{{Name: "被回访人", Text: w.Who}, {Name: "方式", Text: w.Way}, {Name: "日期", Text: day(d.Visit.On)}, {Name: "协议履行情况", Text: w.Performance},
		{Name: "满意程度", Text: w.Satisfaction}, {Name: "纠纷或者诉讼结果", Text: w.Outcome}, {Name: "调解有无不当", Text: w.Faults},
		{Name: "有无激化或者隐患", Text: w.Hidden}, {Name: "采取的措施", Text: w.Measures}, {Name: "回访人", Text: d.Visit.By}}
	if d.Visit.State != "made" {
		out = []ui.Fact{{Name: "回访日期", Text: dueWords(d.Visit.DueOn, d.Today)}, {Name: "情况", Text: "还没有回访"}}
	}
	return out
}

// form begins with the parties and what the rows already tell of performance.
func (d VisitData) form() ui.Form {
	who := ""
	for _, p := range d.Parties {
		if who != "" {
			who += "、"
		}
		who += p.Name
	}
	told := ""
	for _, r := range d.Duties {
		x, _ := d.Body.Duty(r.Key)
		told += x.Named() + "：" + r.Standing(d.Today).Label() + "。"
	}
	return row(d.Form, "act", "visit", "who", who, "on", d.Today, "performance", told)
}

func (d DueData) tabs() []ui.Tab {
	tab := func(label string, within int) ui.Tab {
		href := link.DeskDue()
		if within > 0 {
			href = link.With(href, "within", count(within))
		}
		return ui.Tab{Label: label, Href: href, Current: d.Within == within}
	}
	return []ui.Tab{tab("今天和逾期", 0), tab("七天以内", 7), tab("三十天以内", 30)}
}
