package forms

import (
	"fmt"
	"strings"

	"tiaojie/app/papers/doc"
)

// String is the side's name on papers.
func (s Side) String() string {
	switch s {
	case Respondent:
		return "被申请人"
	case Third:
		return "第三人"
	}
	return "申请人"
}

// title is the name a paper calls a party by.
func (p Party) title() string {
	if p.Org != "" {
		return p.Org
	}
	return p.Name
}

// who names a party in the list of blanks: by its side while its name is unknown.
func (p Party) who() string {
	if t := p.title(); t != "" {
		return t
	}
	return p.Side.String()
}

// age on a day, as text; "" when unknown.
func (p Person) age(on Day) string {
	if a := on.age(p.Birth); a >= 0 {
		return fmt.Sprintf("%d岁", a)
	}
	if p.Age > 0 {
		return fmt.Sprintf("%d岁", p.Age)
	}
	return ""
}

// names joins the titles of the parties of a side.
func (c *Case) names(side Side) string {
	var list []string
	for _, p := range c.Parties {
		if p.Side == side {
			list = append(list, p.title())
		}
	}
	return strings.Join(list, "、")
}

// allNames joins the titles of all parties.
func (c *Case) allNames() string {
	var list []string
	for _, p := range c.Parties {
		list = append(list, p.title())
	}
	return strings.Join(list, "、")
}

// matter is the case in one phrase, 「张三与李四之间的邻里纠纷」, in runs so that what is missing is
// listed.
func (c *Case) matter() []doc.Run {
	return []doc.Run{
		doc.Say("申请人姓名", c.names(Applicant), 6), doc.T("与"),
		doc.Say("被申请人姓名", c.names(Respondent), 6), doc.T("之间的"), doc.Say("纠纷类型", c.Dispute, 5),
	}
}

// Name is the dossier's name (卷名), parties and type of dispute: 「张三与李四邻里纠纷」.
func (c *Case) Name() string {
	if c.Dossier.Name != "" {
		return c.Dossier.Name
	}
	a, r := c.names(Applicant), c.names(Respondent)
	if a == "" || r == "" {
		return a + r + c.Dispute
	}
	return a + "与" + r + c.Dispute
}

// mediators joins the mediators' names, the presiding one first.
func (c *Case) mediators() string { return mediatorNames(c.Mediators) }

func mediatorNames(mediators []Mediator) string {
	var list []string
	for _, m := range mediators {
		list = append(list, m.Name)
	}
	return strings.Join(list, "、")
}

// describe names a person in full, as agreements and court papers do.
func (p Person) describe(on Day, side string) []doc.Run {
	who := side + p.Name
	runs := []doc.Run{doc.Say(who+"的姓名", p.Name, 5)}
	add := func(name, prefix, value string, width int) {
		runs = append(runs, doc.T("，"+prefix), doc.Say(who+"的"+name, value, width))
	}
	add("性别", "", p.Sex, 2)
	add("民族", "", p.Nation, 3)
	if d := p.Birth.String(); d != "" {
		runs = append(runs, doc.T("，"+d+"出生"))
	} else {
		add("年龄", "", p.age(on), 3)
	}
	add("住址", "住", p.Address, 12)
	kind := p.IDKind
	if kind == "" {
		kind = "居民身份证"
	}
	add("证件号码", kind+"号码", p.ID, 10)
	add("联系电话", "联系电话", p.Phone, 7)
	return runs
}

// describe names a party in full; an organisation by its code and legal representative.
func (p Party) describe(on Day) []doc.Run {
	side := p.Side.String()
	if p.Org == "" {
		return p.Person.describe(on, side)
	}
	who := p.Org
	return []doc.Run{
		doc.T(p.Org + "，统一社会信用代码"), doc.Say(who+"的统一社会信用代码", p.Code, 10),
		doc.T("，住所地"), doc.Say(who+"的住所地", p.Address, 12),
		doc.T("，法定代表人"), doc.Say(who+"的法定代表人", p.Name, 5),
		doc.T("（职务："), doc.Say(who+"的法定代表人职务", p.Job, 4), doc.T("）"),
		doc.T("，联系电话"), doc.Say(who+"的联系电话", p.Phone, 7),
	}
}

// introduce lists the parties in full, each with its agents, one paragraph each.
func (c *Case) introduce(label func(Party) string) []doc.Block {
	var blocks []doc.Block
	for _, p := range c.Parties {
		runs := append([]doc.Run{doc.B(label(p) + "：")}, p.describe(c.AppliedOn)...)
		blocks = append(blocks, body(append(runs, doc.T("。"))...))
		for _, a := range p.Agents {
			blocks = append(blocks, body(
				doc.B("委托代理人："), doc.Say(p.title()+"的代理人", a.Name, 5), doc.T("，"),
				doc.Say(a.Name+"与委托人的关系", a.Relation, 5), doc.T("，联系电话"), doc.Say(a.Name+"的联系电话", a.Phone, 7), doc.T("。")))
		}
	}
	if blocks == nil {
		blocks = []doc.Block{body(doc.B("申请人："), doc.Fact("申请人", "", 24)), body(doc.B("被申请人："), doc.Fact("被申请人", "", 24))}
	}
	return blocks
}

func (a Agent) may(s Scope) bool {
	for _, x := range a.Scopes {
		if x == s {
			return true
		}
	}
	return false
}
