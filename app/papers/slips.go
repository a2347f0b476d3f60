package papers

import (
	"strconv"

	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
	"tiaojie/app/people"
	"tiaojie/db"
)

var shanghai = db.Shanghai

// Kinds are the slips that a case can have, in the order in which a case meets them. What another
// part of the product keeps (parties, dates, records, agreements) is never asked for here.
var Kinds = []Kind{
	{Code: "matter", Title: "案情与请求", Form: "application", Per: forms.PerCase, Asks: []Ask{
		{Name: "summary", Label: "纠纷简要情况", Type: Text, Hint: "写进申请书、受理登记表和结案报告表。不填就用申请人的原话", Covers: []string{"纠纷简要情况", "简要事实"}},
		{Name: "claims", Label: "申请事项", Type: Items, Hint: "一行一项", Covers: []string{"申请事项"}},
		{Name: "detail", Label: "案件的具体来源", Hint: "如：派出所口头移交、社区网格员走访发现", Covers: []string{"具体来源"}},
		{Name: "recorder", Label: "记录人", Hint: "在笔录和协议上签名的记录人", Covers: []string{"记录人"}},
	}, put: func(c *forms.Case, _ int, v Values) {
		c.Summary = firstOf(v["summary"], c.Summary)
		c.Claims = listed(v["claims"])
		c.Detail = firstOf(v["detail"], c.Detail)
		c.Recorder = firstOf(v["recorder"], c.Recorder)
		for i := range c.Sessions {
			c.Sessions[i].Recorder = firstOf(c.Sessions[i].Recorder, c.Recorder)
		}
	}},
	{Code: "person", Title: "当事人资料", Form: "application", Per: forms.PerParty, only: func(p forms.Party) bool { return p.Org == "" }, Asks: []Ask{
		{Name: "sex", Label: "性别", Type: Pick, Choices: []string{"男", "女"}, Hint: "登记了身份证号的不用填", Covers: []string{"*的性别"}},
		{Name: "birth", Label: "出生日期", Type: OnDay, Hint: "登记了身份证号的不用填", Covers: []string{"*的年龄"}},
		{Name: "nation", Label: "民族", Covers: []string{"*的民族"}},
		{Name: "job", Label: "职业或职务", Covers: []string{"*的职业或职务"}},
	}, put: func(c *forms.Case, i int, v Values) {
		p := &c.Parties[i]
		p.Sex, p.Birth = firstOf(p.Sex, v["sex"]), forms.Day(firstOf(string(p.Birth), v["birth"]))
		p.Nation, p.Job = firstOf(v["nation"], p.Nation), firstOf(v["job"], p.Job)
	}},
	{Code: "organisation", Title: "单位资料", Form: "application", Per: forms.PerParty, only: func(p forms.Party) bool { return p.Org != "" }, Asks: []Ask{
		{Name: "code", Label: "统一社会信用代码", Covers: []string{"*的统一社会信用代码"}},
		{Name: "rep", Label: "法定代表人", Covers: []string{"*的法定代表人"}},
		{Name: "post", Label: "法定代表人的职务", Covers: []string{"*的法定代表人职务"}},
	}, check: func(f fault.Form, v Values) {
		if v["code"] != "" {
			code, ok := people.NormCredit(v["code"])
			f.Check(ok, "code", "这个统一社会信用代码不对，请核对")
			v["code"] = code
		}
	}, put: func(c *forms.Case, i int, v Values) {
		p := &c.Parties[i]
		p.Code, p.Name, p.Job = firstOf(v["code"], p.Code), firstOf(v["rep"], p.Name), firstOf(v["post"], p.Job)
	}},
	{Code: "served", Title: "送达地址", Form: "served", Per: forms.PerParty, Asks: []Ask{
		{Name: "address", Label: "送达地址", Hint: "写到门牌号，能收到邮件的地址。不填就用当事人信息里的住址", Covers: []string{"送达地址"}},
		{Name: "receiver", Label: "收件人", Hint: "不填就是当事人本人", Covers: []string{"收件人"}},
		{Name: "phone", Label: "收件电话", Hint: "不填就用当事人信息里的电话", Covers: []string{"收件电话"}},
		{Name: "postcode", Label: "邮政编码"},
		{Name: "electronic", Label: "电子送达的号码或邮箱", Hint: "当事人同意电子送达才填"},
		{Name: "on", Label: "确认日期", Type: OnDay, Need: true},
	}, put: func(c *forms.Case, i int, v Values) {
		p := &c.Parties[i]
		p.Served = forms.Served{Address: firstOf(v["address"], p.Served.Address, p.Address), Postcode: v["postcode"], Receiver: firstOf(v["receiver"], p.Name),
			Phone: firstOf(v["phone"], p.Phone), Electronic: v["electronic"], On: forms.Day(v["on"])}
	}},
	{Code: "mandate", Title: "委托的具体内容", Form: "mandate", Per: forms.PerAgent, Asks: []Ask{
		{Name: "sex", Label: "代理人性别", Type: Pick, Choices: []string{"男", "女"}, Covers: []string{"*的性别"}},
		{Name: "nation", Label: "代理人民族", Covers: []string{"*的民族"}},
		{Name: "birth", Label: "代理人出生日期", Type: OnDay, Covers: []string{"*的年龄"}},
		{Name: "address", Label: "代理人住址或律师事务所地址", Covers: []string{"*的住址"}},
		{Name: "special", Label: "特别授权的具体内容", Type: Text, Hint: "如：可以在一万元以内承认、变更请求。没有特别授权的不填", Covers: []string{"特别授权的具体内容"}},
	}, put: putMandate},
	{Code: "guest", Title: "邀请参与人", Form: "guest-consent", Per: forms.PerGuest, Asks: []Ask{
		{Name: "unit", Label: "单位", Covers: []string{"被邀请人单位"}},
		{Name: "phone", Label: "联系电话", Covers: []string{"被邀请人电话"}},
		{Name: "reason", Label: "邀请的理由", Need: true, Covers: []string{"邀请理由"}},
		{Name: "on", Label: "征得同意的日期", Type: OnDay},
	}, put: func(c *forms.Case, i int, v Values) {
		g := &c.Guests[i]
		g.Unit, g.Phone, g.Reason, g.On = v["unit"], v["phone"], v["reason"], forms.Day(v["on"])
	}},
	{Code: "inquiry", Title: "调查记录", Form: "inquiry", Per: forms.PerInquiry, Asks: []Ask{
		{Name: "day", Label: "调查日期", Type: OnDay, Need: true, Covers: []string{"时间"}},
		{Name: "from", Label: "开始时间", Type: OnTime, Need: true},
		{Name: "to", Label: "结束时间", Type: OnTime},
		{Name: "place", Label: "地点", Need: true, Covers: []string{"地点"}},
		{Name: "investigators", Label: "调查人", Need: true, Covers: []string{"调查人"}},
		{Name: "recorder", Label: "记录人", Covers: []string{"记录人"}},
		{Name: "present", Label: "其他在场人", Hint: "没有写“无”", Covers: []string{"参加人"}},
		{Name: "asked", Label: "被调查人", Need: true, Covers: []string{"被调查人"}},
		{Name: "sex", Label: "被调查人性别", Type: Pick, Choices: []string{"男", "女"}, Covers: []string{"性别"}},
		{Name: "age", Label: "被调查人年龄", Type: Whole, Covers: []string{"年龄"}},
		{Name: "phone", Label: "被调查人联系方式", Covers: []string{"联系方式"}},
		{Name: "address", Label: "被调查人单位或住址", Covers: []string{"单位或住址"}},
		{Name: "relation", Label: "与当事人或者纠纷的关系", Need: true, Covers: []string{"与当事人或者纠纷的关系"}},
		{Name: "talk", Label: "问答记录", Type: Talk, Need: true, Hint: "一问一答分行写，每行以“问：”或“答：”开头", Covers: []string{"调查内容"}},
	}, check: func(f fault.Form, v Values) {
		f.Check(v["to"] == "" || v["from"] == "" || v["to"] > v["from"], "to", "结束时间应晚于开始时间")
	}, put: putInquiry},
	{Code: "extension", Title: "延长调解期限", Form: "extension", Per: forms.PerCase, Asks: []Ask{
		{Name: "reason", Label: "延长的理由", Need: true, Covers: []string{"延长的理由"}},
		{Name: "to", Label: "延长到哪天", Type: OnDay, Need: true, Covers: []string{"延长后的届满日"}},
		{Name: "on", Label: "各方同意的日期", Type: OnDay},
	}, put: func(c *forms.Case, _ int, v Values) {
		c.Extension.Reason, c.Extension.To, c.Extension.On = v["reason"], forms.Day(v["to"]), forms.Day(v["on"])
	}},
	{Code: "undisputed", Title: "无争议事实", Form: "undisputed", Per: forms.PerCase, Asks: []Ask{
		{Name: "facts", Label: "各方都没有争议的事实", Type: Items, Need: true, Hint: "一行一项。只写各方同意记载的；为了谈成作出的让步不写（深圳条例第七十三条）", Covers: []string{"无争议的事实"}},
		{Name: "on", Label: "记载日期", Type: OnDay},
	}, put: func(c *forms.Case, _ int, v Values) {
		c.Undisputed = forms.Undisputed{Facts: listed(v["facts"]), On: forms.Day(v["on"])}
	}},
	{Code: "closing", Title: "结案报告", Form: "closing", Per: forms.PerCase, Asks: []Ask{
		{Name: "on", Label: "结案日期", Type: OnDay, Hint: "达成协议的，是履行完毕的日期", Covers: []string{"结案时间"}},
		{Name: "filled", Label: "填表日期", Type: OnDay, Need: true, Covers: []string{"填表时间"}},
		{Name: "result", Label: "调解结果", Type: Text, Need: true, Covers: []string{"调解结果"}},
		{Name: "performance", Label: "履行情况", Covers: []string{"履行情况"}},
	}, start: func(f *Facts, _ int) Values {
		return Values{"on": string(f.Paper.Closing.On), "result": f.Paper.Closing.Result, "performance": f.Paper.Closing.Performance}
	}, put: func(c *forms.Case, _ int, v Values) {
		k := &c.Closing
		k.On, k.Filled, k.Result = forms.Day(firstOf(v["on"], string(k.On))), forms.Day(v["filled"]), firstOf(v["result"], k.Result)
		k.Performance = firstOf(v["performance"], k.Performance)
	}},
	{Code: "dossier", Title: "立卷登记", Form: "cover", Per: forms.PerCase, Asks: []Ask{
		{Name: "keep", Label: "保管期限", Type: Pick, Choices: []string{"永久", "30年", "10年"}, Need: true, Covers: []string{"保管期限"}},
		{Name: "to", Label: "调解结束日期", Type: OnDay, Covers: []string{"调解结束日期"}},
		{Name: "binder", Label: "立卷人", Need: true, Covers: []string{"立卷人"}},
		{Name: "bound", Label: "立卷日期", Type: OnDay, Need: true, Covers: []string{"立卷日期"}},
		{Name: "pages", Label: "卷内页数", Type: Whole, Covers: []string{"卷内页数"}},
		{Name: "checker", Label: "检查人", Covers: []string{"检查人"}},
		{Name: "checked", Label: "检查日期", Type: OnDay, Covers: []string{"检查日期"}},
		{Name: "situation", Label: "案件和卷宗情况", Type: Text, Hint: "案件经过、卷内材料是否齐全", Covers: []string{"卷宗情况"}},
		{Name: "note", Label: "封面备注"},
	}, start: func(f *Facts, _ int) Values { return Values{"to": string(f.Paper.Dossier.To)} },
		put: func(c *forms.Case, _ int, v Values) {
			d := &c.Dossier
			d.Keep, d.Binder, d.Checker, d.Situation, d.Note = v["keep"], v["binder"], v["checker"], v["situation"], v["note"]
			d.To, d.BoundOn, d.Checked = forms.Day(firstOf(v["to"], string(d.To))), forms.Day(v["bound"]), forms.Day(v["checked"])
			d.Pages, _ = strconv.Atoi(v["pages"])
		}},
}

// putMandate goes over the agents as the papers count them: party by party.
func putMandate(c *forms.Case, i int, v Values) {
	for p := range c.Parties {
		agents := c.Parties[p].Agents
		if i >= len(agents) {
			i -= len(agents)
			continue
		}
		a := &agents[i]
		a.Sex, a.Birth = firstOf(a.Sex, v["sex"]), forms.Day(firstOf(string(a.Birth), v["birth"]))
		a.Nation, a.Address = v["nation"], v["address"]
		if v["special"] != "" {
			a.Special = v["special"]
		}
		return
	}
}

func putInquiry(c *forms.Case, _ int, v Values) {
	talk, _ := parseTalk(v["talk"])
	age, _ := strconv.Atoi(v["age"])
	c.Inquiries = append(c.Inquiries, forms.Inquiry{Start: moment(v["day"], v["from"]), End: moment(v["day"], v["to"]), Place: v["place"],
		Asked:    forms.Person{Name: v["asked"], Sex: v["sex"], Age: age, Phone: v["phone"], Address: v["address"]},
		Relation: v["relation"], Present: v["present"], Investigators: v["investigators"], Recorder: v["recorder"], Talk: talk})
}
