package accord_test

import (
	"slices"
	"strings"
	"testing"

	"tiaojie/app/accord"
	"tiaojie/content"

	"encoding/csv"
)

// What a court would refuse is named, each by its rule; what is clear passes.
func TestClarity(t *testing.T) {
	a, b := "key-a", "key-b"
	pay := accord.Duty{Key: "d", From: a, To: b, Kind: accord.Pay, What: "维修费", Amount: 860000, When: accord.ByDay, Due: "2026-12-31", How: "转账"}
	with := func(change func(*accord.Duty)) []accord.Duty {
		d := pay
		change(&d)
		return []accord.Duty{d}
	}
	item := func(text string) []accord.Item { return []accord.Item{{Key: "i", Text: text}} }
	clear := accord.Body{Facts: "楼上漏水泡坏了天花板，双方协商不成。", Settled: []string{"p"}, Items: item("甲方赔偿乙方维修费，数额和日期见履行义务。"), Duties: []accord.Duty{pay}}
	for _, c := range []struct {
		name, rule string
		stop       bool
		edit       func(*accord.Body)
	}{
		{"clear", "", false, func(*accord.Body) {}},
		{"no amount", "amount", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.Amount = 0 }) }},
		{"no day", "day", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.Due = "" }) }},
		{"day before the agreement", "day-past", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.Due = "2026-11-01" }) }},
		{"no payer", "payer", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.From = "" }) }},
		{"no payee", "payee", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.To = "" }) }},
		{"a stranger pays", "payer", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.From = "nobody" }) }},
		{"to oneself", "same", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.To = a }) }},
		{"no way", "how", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.How = " " }) }},
		{"no act", "act", true, func(x *accord.Body) {
			x.Duties = with(func(d *accord.Duty) { d.Kind, d.What, d.Amount = accord.Do, "修", 0 })
		}},
		{"no condition", "condition", true, func(x *accord.Body) {
			x.Duties = with(func(d *accord.Duty) { d.When, d.Due, d.Days = accord.After, "", 7 })
		}},
		{"no days after", "condition-days", true, func(x *accord.Body) {
			x.Duties = with(func(d *accord.Duty) { d.When, d.Due, d.Condition = accord.After, "", "收到医院票据" })
		}},
		{"condition and days", "", false, func(x *accord.Body) {
			x.Duties = with(func(d *accord.Duty) { d.When, d.Due, d.Condition, d.Days = accord.After, "", "收到医院票据", 7 })
		}},
		{"vague time", "vague", true, func(x *accord.Body) { x.Duties = with(func(d *accord.Duty) { d.How = "有钱的时候再付" }) }},
		{"vague sum", "vague", true, func(x *accord.Body) { x.Items = item("甲方给予乙方适当补偿。") }},
		{"blank left", "blank", true, func(x *accord.Body) { x.Items = item("【谁】赔偿乙方维修费。") }},
		{"divorce", "outside", true, func(x *accord.Body) { x.Items = item("双方自愿离婚，孩子由甲方抚养。") }},
		{"parentage", "outside", true, func(x *accord.Body) { x.Items = item("双方确认亲子关系成立。") }},
		{"title to property", "outside", false, func(x *accord.Body) { x.Items = item("房屋所有权归甲方。") }},
		{"criminal", "outside", true, func(x *accord.Body) { x.Items = item("甲方赔偿后，乙方不追究刑事责任。") }},
		{"no court", "outside", true, func(x *accord.Body) { x.Items = item("乙方今后不得起诉甲方。") }},
		{"a fee", "outside", true, func(x *accord.Body) { x.Items = item("调解费由甲方承担。") }},
		{"no facts", "facts", true, func(x *accord.Body) { x.Facts = "漏水" }},
		{"nothing settled", "issue-settled", true, func(x *accord.Body) { x.Settled = nil }},
		{"point without clause", "issue-item", true, func(x *accord.Body) { x.Items[0].Issue = "another" }},
		{"no clause", "item-none", true, func(x *accord.Body) { x.Items = nil }},
		{"no obligation", "duty-none", true, func(x *accord.Body) { x.Duties = nil }},
	} {
		body := clear
		body.Items = slices.Clone(clear.Items)
		c.edit(&body)
		found := accord.CheckBody(body, accord.Written, "2026-11-24", map[string]string{a: "甲", b: "乙"}, []accord.Issue{{Key: "p", Text: "维修费"}})
		if c.rule == "" {
			if len(found) > 0 {
				t.Errorf("%s: found %+v", c.name, found)
			}
			continue
		}
		i := slices.IndexFunc(found, func(f accord.Finding) bool { return f.Rule == c.rule })
		if i < 0 {
			t.Errorf("%s: %s is not found in %+v", c.name, c.rule, found)
			continue
		}
		if found[i].Stop != c.stop || found[i].Basis == "" || found[i].At == "" {
			t.Errorf("%s: %+v, want stop %v with place and basis", c.name, found[i], c.stop)
		}
	}
}

// Every type of the monthly report has clauses of its own, with names that are not used twice.
func TestClauseLibrary(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(string(content.Disputes))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	types, seen := 0, map[string]string{}
	for _, r := range rows[1:] {
		if r[1] != "" {
			continue
		}
		types++
		own := 0
		for _, c := range accord.Clauses(r[0]) {
			if strings.HasPrefix(c.Code, r[0]+"-") {
				own++
			}
			if c.Title == "" || c.Text == "" || c.Version == "" {
				t.Errorf("%s is incomplete: %+v", c.Code, c)
			}
			if text, twice := seen[c.Code]; twice && text != c.Text {
				t.Errorf("%s stands twice", c.Code)
			}
			seen[c.Code] = c.Text
		}
		if own < 4 {
			t.Errorf("%s has %d clauses of its own", r[0], own)
		}
	}
	if types != 15 {
		t.Errorf("%d types of the report, want 15", types)
	}
}
