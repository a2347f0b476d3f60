package forms_test

import (
	"strings"
	"time"

	"tiaojie/app/papers/forms"
)

// long is about so many characters of a record, in sentences of different length.
func long(chars int) string {
	sentences := []string{
		"申请人陈述，二〇二六年六月以来，楼上住户的卫生间防水层破损，污水沿管道井渗入楼下三户，天花板、墙面、木地板和衣柜均不同程度受损；",
		"被申请人认为，房屋交付使用已满十二年，防水层自然老化，物业公司未按约定检修公共管道，也应当承担相应责任。",
		"经现场查看并询问施工单位（示例装饰工程有限公司），渗漏点共三处：一处在卫生间地漏，一处在淋浴间墙角，一处在公共立管接口。",
		"各方对修复费用的计算方式有争议：申请人主张8,600.50元，被申请人只认可5,000元。",
		"调解员向各方讲解相邻关系的有关规定，并提出“先堵漏、后修复、再分担”的方案。",
	}
	var b strings.Builder
	for i, n := 0, 0; n < chars; i++ {
		s := sentences[i%len(sentences)]
		b.WriteString(s)
		n += len([]rune(s))
		if i%4 == 3 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func person(name, sex, nation string, birth forms.Day, id, phone, address string) forms.Person {
	return forms.Person{Name: name, Sex: sex, Nation: nation, Birth: birth, ID: id, Phone: phone, Address: address, Job: "职员"}
}

func at(hour, minute int) time.Time {
	return time.Date(2026, 9, 1, hour, minute, 0, 0, time.FixedZone("CST", 8*3600))
}

// hardest is the case that is hardest to print: six parties with agents, a company, a minority
// name with dots, characters from Extension A and B, a record of ten thousand characters.
func hardest() forms.Case {
	agent := forms.Agent{
		Person:   person("欧阳䶮", "男", "汉族", "1979-12-31", "44030019791231003X", "13800000007", "示例市示例区示例路9号示例律师事务所"),
		Relation: "律师", Scopes: []forms.Scope{forms.ApplyOrEnd, forms.Evidence, forms.Concede, forms.SignPapers, forms.Receive},
		Special: "可以在赔偿总额人民币一万元以内承认、变更调解请求", From: "2026-09-01", On: "2026-08-30",
	}
	return forms.Case{
		Number:    "（2026）示民调字第001号",
		Committee: forms.Committee{Name: "示例市示例区示例街道人民调解委员会", Address: "示例市示例区示例路1号综治中心二楼", Phone: "0755-00000000"},
		Dispute:   "相邻损害赔偿纠纷", Summary: long(420),
		Claims: []string{"请求被申请人立即修复卫生间防水层和公共立管接口；", "请求赔偿天花板、墙面、木地板及衣柜损失人民币8600.50元；", "请求被申请人书面道歉。"},
		Source: forms.Applied, Detail: "当事人到示例街道公共法律服务工作站窗口申请",
		Registrar: "示例登记员", Recorder: "示例记录员", AppliedOn: "2026-08-28", AcceptedOn: "2026-08-30",
		Parties: []forms.Party{
			{Side: forms.Applicant, Person: person("张喆", "女", "汉族", "1980-09-01", "440300198009010000", "13800000001", "示例市示例区示例街道示例一社区示例花园3栋702"), Agents: []forms.Agent{agent},
				Served: forms.Served{Address: "示例市示例区示例街道示例一社区示例花园3栋702", Postcode: "518000", Receiver: "张喆", Phone: "13800000001", Electronic: "13800000001（短信）", On: "2026-08-30"}},
			{Side: forms.Applicant, Person: person("李彧", "男", "汉族", "1955-02-03", "440300195502030000", "13800000002", "示例花园3栋602")},
			{Side: forms.Applicant, Person: person("王㛃", "女", "回族", "1991-11-30", "440300199111300000", "13800000003", "示例花园3栋502")},
			{Side: forms.Respondent, Person: person("𠮷田龙", "男", "汉族", "1972-05-06", "440300197205060000", "13800000004", "示例花园3栋802")},
			{Side: forms.Respondent, Person: person("阿卜杜热合曼·买买提", "男", "维吾尔族", "1985-07-08", "440300198507080000", "13800000005", "示例花园3栋801")},
			{Side: forms.Respondent, Org: "示例市示例物业管理有限公司示例花园管理处", Code: "91440300MA5EXAMPLE", Person: forms.Person{Name: "赵示例", Job: "经理", Phone: "0755-00000001", Address: "示例市示例区示例路8号"},
				Agents: []forms.Agent{{Person: forms.Person{Name: "孙示例", Phone: "13800000006"}, Relation: "工作人员", Scopes: []forms.Scope{forms.Evidence, forms.SignPapers}}}},
		},
		Mediators: []forms.Mediator{{Name: "示例调解员甲", Kind: "专职", Chosen: true}, {Name: "示例调解员乙", Kind: "兼职"}},
		Guests:    []forms.Guest{{Name: "钱示例", Unit: "示例一社区居民委员会", Kind: "居民委员会委员", Reason: "熟悉房屋和住户情况，各方均信任", Phone: "13800000008", On: "2026-08-31"}},
		Refusal:   forms.Refusal{Reason: "该纠纷已由人民法院受理", On: "2026-08-29"},
		Term:      forms.Term{Days: 30, Rule: "《深圳经济特区矛盾纠纷多元化解条例》第二十五条", Due: "2026-09-29"},
		Notice:    forms.Notice{At: at(9, 0), Place: "示例街道综治中心第一调解室", On: "2026-08-30"},
		Recusal:   forms.Recusal{Party: "𠮷田龙", Mediator: "示例调解员丙", On: "2026-08-30", Successor: "示例调解员甲", DecidedOn: "2026-08-30"},
		Inquiries: []forms.Inquiry{{Start: at(8, 0), End: at(8, 40), Place: "示例花园管理处", Asked: person("周示例", "男", "汉族", "1968-01-01", "440300196801010000", "13800000009", "示例花园管理处"),
			Relation: "物业维修工", Present: "无", Investigators: "示例调解员甲", Recorder: "示例记录员",
			Talk: []forms.QA{{"渗漏是什么时候发现的？", "六月中旬，七楼张喆打电话报修，我当天就去看了。"}, {"查到的渗漏点有几处？", "三处，其中公共立管接口一处由我们管理处负责。" + long(120)}}}},
		Sessions: []forms.Session{{Start: at(9, 0), End: at(11, 45), Place: "示例街道综治中心第一调解室",
			Guests:    []forms.Guest{{Name: "钱示例", Kind: "居民委员会委员"}},
			Mediators: []forms.Mediator{{Name: "示例调解员甲"}, {Name: "示例调解员乙"}}, Recorder: "示例记录员",
			Present: []string{"张喆", "欧阳䶮", "李彧", "王㛃", "𠮷田龙", "阿卜杜热合曼·买买提", "孙示例"},
			Record: forms.Record{
				Rights:     "调解员已向各方当事人宣读并送达《当事人权利义务告知书》，各方表示清楚，对调解员没有回避要求。",
				Principles: "调解员告知本次调解遵循自愿、平等、合法的原则，不收取费用，不公开进行；介绍调解员、记录员和受邀参加人的身份，各方同意。",
				Statements: []forms.Statement{{"申请人张喆、李彧、王㛃", long(5200)}, {"被申请人𠮷田龙、阿卜杜热合曼·买买提", long(3300)}, {"被申请人示例市示例物业管理有限公司示例花园管理处", long(1500)}},
				Evidence:   "申请人出示现场照片十二张、维修报价单一份；被申请人对照片无异议，对报价单的单价有异议。",
				Risk:       "调解员提示：逾期不履行协议的法律后果，诉讼的时间、费用和举证风险。",
				Result:     "各方自愿达成协议，内容见《人民调解协议书》。",
				Remarks:    "王㛃要求将“全部修复”改为“恢复原状”，已当场改正并按指印。",
			},
			ReadBack: []forms.ReadBack{{Who: "张喆"}, {Who: "李彧", Aloud: true}, {Who: "王㛃", Correction: "补正一处"}, {Who: "𠮷田龙"}, {Who: "阿卜杜热合曼·买买提", Aloud: true}, {Who: "示例市示例物业管理有限公司示例花园管理处"}}}},
		Agreements: []forms.Agreement{
			{Number: "（2026）示民调字第001号-1", Facts: long(300), Disputed: "修复责任的分担比例、赔偿金额和支付方式。", Place: "示例花园3栋",
				Items: []string{"被申请人𠮷田龙、阿卜杜热合曼·买买提于2026年9月10日前完成各自卫生间防水层修复；", "示例市示例物业管理有限公司示例花园管理处于2026年9月8日前修复公共立管接口；", "被申请人共同赔偿申请人损失人民币8600.50元，分两期支付；", "各方就本纠纷再无其他争议。"},
				Open:  []string{"申请人李彧主张的衣柜损失，待鉴定后另行协商。"},
				Obligations: []forms.Obligation{
					{From: "𠮷田龙", To: "张喆", Amount: 300000, Due: "2026-09-10", How: "银行转账", Done: "2026-09-09"},
					{From: "阿卜杜热合曼·买买提", To: "李彧、王㛃", What: "修复防水层并赔偿", Amount: 560050, Due: "2026-10-10", How: "银行转账", Done: "2026-10-12"},
					{From: "示例市示例物业管理有限公司示例花园管理处", To: "三申请人", What: "修复公共立管接口，恢复原状", Due: "2026-09-08", How: "现场施工", Done: "2026-09-08"},
				},
				ReachedOn: "2026-09-01", SealedOn: "2026-09-01", EffectiveOn: "2026-09-01"},
			{Number: "（2026）示口调字第001号", Oral: true, Facts: "双方因晾晒衣物滴水发生争吵。", Disputed: "是否道歉。", Items: []string{"𠮷田龙当场向王㛃口头道歉，王㛃表示接受。"}, Place: "示例花园3栋大堂", ReachedOn: "2026-09-02", DoneAtOnce: true,
				Obligations: []forms.Obligation{{From: "𠮷田龙", To: "王㛃", What: "赔偿清洗费", Amount: 5000, Due: "2026-09-02", How: "现金"}}},
		},
		Extension:  forms.Extension{From: "2026-09-29", To: "2026-10-14", Reason: "等待渗漏原因鉴定结果", On: "2026-09-20"},
		End:        forms.End{Reason: forms.Expired, Detail: "各方对鉴定结论分歧较大", On: "2026-09-29"},
		Undisputed: forms.Undisputed{Facts: []string{"渗漏点共三处，位置见现场照片；", "2026年6月15日张喆首次向管理处报修。"}, On: "2026-09-29"},
		Court:      forms.Confirmation{Court: "示例市示例区人民法院", Due: "2026-10-08"},
		Referral: forms.Referral{Court: "示例市示例区人民法院", CaseNo: "（2026）示0000诉前调123号", Letter: "（2026）示委调字第7号", Judge: "示例联络员", Kind: "委派调解",
			Received: "2026-08-29", Accepted: "2026-08-30", Due: "2026-09-29", Materials: []forms.Enclosure{{Title: "委派调解函", Copies: 1, Pages: 1}, {Title: "起诉状副本", Copies: 6, Pages: 4}},
			Result: "各方自愿达成调解协议，并已申请司法确认。", Reported: "2026-09-02"},
		Risk: forms.Risk{Level: "橙", Signs: "被申请人扬言堵塞楼道，情绪激动。", People: "𠮷田龙等二人", Measures: "安排社区工作人员陪同，分头劝导，约定分开到场。",
			To: "示例派出所", By: "示例调解员甲", Method: "电话并书面", Contact: "0755-00000000", Receipt: "示例回执0001", At: at(12, 5)},
		Urges:   []forms.Urge{{Agreement: 0, Obligation: 1, AskedBy: "李彧", On: "2026-10-11", Until: "2026-10-18"}},
		Visits:  []forms.Visit{{Who: "张喆", Why: "协议约定的履行期限届满", Way: "电话", Performance: "三项义务均已履行，第二项迟延二日。", Satisfaction: "满意", Outcome: "纠纷已解决，未提起诉讼。", Faults: "未发现", Hidden: "未发现", Measures: "无需采取措施", Visitors: "示例调解员乙", On: "2026-11-10"}},
		Closing: forms.Closing{On: "2026-10-12", Filled: "2026-11-11", Result: "达成书面调解协议并履行完毕。", Reviewer: "示例主任", Amount: 860050, Performance: "已全部履行"},
		Dossier: forms.Dossier{To: "2026-09-01", Binder: "示例立卷人", Checker: "示例检查人", BoundOn: "2026-11-12", Checked: "2026-11-13", Keep: "30年", Pages: 46,
			Items:     []forms.Item{{"人民调解申请书", 1, 2, ""}, {"当事人权利义务告知书", 3, 5, ""}, {"当事人身份证明", 6, 11, "复印件"}, {"授权委托书", 12, 13, ""}, {"调查记录", 14, 15, ""}, {"证据材料", 16, 24, ""}, {"调解记录", 25, 38, ""}, {"调解协议书", 39, 42, ""}, {"履行凭证", 43, 44, ""}, {"回访记录", 45, 45, ""}, {"卷宗情况说明", 46, 46, ""}},
			Situation: long(300), Changes: []forms.Change{{"2026-11-12", "补充银行转账凭证一份", "立卷时漏附", "示例立卷人"}}},
	}
}
