package record

import (
	"tiaojie/app/docket"
	"tiaojie/app/papers"
	"tiaojie/views/ui"
)

// steps names for each page of a session the step by which the textbooks explain it.
var steps = map[string]string{"案情": "brief", "到场与告知": "disclose", "笔录": "record", "方案": "proposals", "结果": "agreement"}

// Module is a text that a mediator puts into the record with one touch.
type Module struct{ Title, Text string }

// modules gives the texts offered for a part of the record.
func modules(part string) []Module { return textModules[part] }

var textModules = map[string][]Module{
	"rights": {
		{"告知权利义务", "已告知各方当事人：有权选择或者接受人民调解员，接受、拒绝调解或者要求终止调解，要求调解公开或者不公开进行，自主表达意愿、自愿达成调解协议；应当如实陈述纠纷事实，遵守调解现场秩序、尊重人民调解员，尊重对方行使权利。各方表示清楚。"},
		{"不申请回避", "调解员已说明与各方有无利害关系，各方均不要求更换调解员。"},
	},
	"principles": {
		{"原则和方式", "调解遵循自愿、平等原则，不违背法律、法规和国家政策，尊重当事人依法通过仲裁、行政、司法途径维护权利。调解不收取任何费用，本次不公开进行。"},
		{"面对面", "本次采用面对面调解。"},
		{"先分后合", "本次先分别沟通，再共同商谈。"},
	},
	"evidence": {
		{"各方无异议", "上述材料经各方查看，均无异议。"},
		{"有异议", "对上述材料，一方提出异议，理由是："},
	},
	"risk": {
		{"时效", "已告知：申请调解之日起诉讼时效中断；劳动争议申请仲裁的时效为一年。"},
		{"不履行的后果", "已告知：调解协议有法律约束力，一方不履行的，另一方可以向人民法院起诉；双方可以自协议生效之日起三十日内共同申请司法确认，经确认后可以申请强制执行。"},
	},
	"result": {
		{"付款条款", "甲方于____年__月__日前，以转账方式向乙方支付人民币____元（大写：____），收款账户由乙方当场提供。"},
		{"未达成", "各方对____分歧较大，未能达成协议。已告知可以依法申请仲裁、请行政机关处理或向人民法院起诉，符合条件的可以申请法律援助。"},
	},
}

func presentWord(x papers.Person) string {
	return map[string]string{"yes": "到场", "remote": "电话或视频", "no": "未到"}[x.Present]
}

func proposers(sh papers.Sheet) []ui.Option {
	out := []ui.Option{{Value: "mediator", Label: "调解员"}}
	for _, p := range sh.Parties() {
		out = append(out, ui.Option{Value: p.Key, Label: p.Name})
	}
	return out
}

func proposerName(sh papers.Sheet, key string) string {
	if key == "mediator" {
		return "调解员提出"
	}
	return partyName(sh, key) + "提出"
}

func proposalTone(state string) ui.Tone {
	switch state {
	case "accepted":
		return ui.Finished
	case "open":
		return ui.Act
	}
	return ui.None
}

func words(list []docket.Word) []ui.Option {
	return append([]ui.Option{{Value: "", Label: "请选择"}}, wordsOf(list)...)
}

func wordsOf(list []docket.Word) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, w := range list {
		out[i] = ui.Option{Value: w.Code, Label: w.Label}
	}
	return out
}
