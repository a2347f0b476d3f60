package accord

import (
	"tiaojie/app/accord"
	"tiaojie/views/ui"
)

// summary leads from a refusal to its field: a page holds several like forms, and each has ids of its own.
func (d AgreementData) summary() ui.Form {
	at := map[string]string{"check": "#main", "form": "#main"}
	put := func(key string, names ...string) {
		for _, n := range names {
			at[n] = "#f-" + n + "-" + key
		}
	}
	if key := d.Form.Value("duty"); key != "" {
		put(key, "from", "to", "kind", "yuan", "what", "when", "due", "condition", "days", "how")
	}
	if key := d.Form.Value("item"); key != "" {
		put(key, "issue")
	}
	if key := d.Form.Value("line"); key != "" && d.Line.Key == "" {
		put(key, "on", "agent")
		at["id_seen"] = "#f-id-" + key
	}
	return d.Form.Elsewhere(at)
}

func (d DutyData) summary() ui.Form {
	return d.Form.Elsewhere(map[string]string{"void_reason": "#f-void-" + d.Form.Value("receipt")})
}

// meanwhile tells what somebody else stored while the refused form was open.
func (d AgreementData) meanwhile() []ui.Fact {
	if !d.Form.Failed() || d.Form.Value("version") == "" || d.Form.Value("version") == num(d.Version) {
		return nil
	}
	b := d.Body
	if x, ok := b.Duty(d.Form.Value("duty")); ok {
		stored := ui.Filled("", "", "from", x.From, "to", x.To, "kind", x.Kind, "what", x.What, "yuan", accord.YuanText(x.Amount),
			"when", x.When, "due", x.Due, "condition", x.Condition, "days", count(x.Days), "how", x.How)
		return d.Form.Elsewise(stored, []ui.Kept{{Name: "from", Label: "由谁履行", Options: d.parties("")}, {Name: "to", Label: "向谁履行", Options: d.parties("")},
			{Name: "kind", Label: "是什么", Options: optionsOf(accord.Kinds)}, {Name: "yuan", Label: "金额（元）"}, {Name: "what", Label: "款项或者要做的事"},
			{Name: "when", Label: "什么时候履行", Options: optionsOf(accord.Whens)}, {Name: "due", Label: "到哪一天"}, {Name: "condition", Label: "条件"},
			{Name: "days", Label: "条件成就后几日内"}, {Name: "how", Label: "怎么履行"}})
	}
	if it, ok := b.Item(d.Form.Value("item")); ok {
		name := "text-" + it.Key
		return d.Form.Elsewise(ui.Filled("", "", name, it.Text, "issue", it.Issue), []ui.Kept{{Name: name, Label: "条款内容"}, {Name: "issue", Label: "解决哪一项争议", Options: d.issueOptions()}})
	}
	if d.Form.Value("part") != "text" {
		return nil
	}
	stored := settledForm(ui.Filled("", "", "facts", b.Facts, "place", b.Place, "reached_on", d.ReachedOn), d)
	return d.Form.Elsewise(stored, []ui.Kept{{Name: "facts", Label: "主要事实"}, {Name: "settled", Label: "谈成了哪几项", Options: d.settleOptions()},
		{Name: "reached_on", Label: "达成协议的日期"}, {Name: "place", Label: "履行地点"}, {Name: "personal", Label: "只在纸上签名", Options: []ui.Option{{Value: "yes", Label: "是"}}}})
}
