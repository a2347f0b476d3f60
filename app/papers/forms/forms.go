package forms

import "tiaojie/app/papers/doc"

// Per says what a paper is printed once for.
type Per int

const (
	PerCase Per = iota
	PerParty
	PerAgent
	PerGuest
	PerInquiry
	PerSession
	PerWritten // per written agreement
	PerOral    // per oral agreement
	PerUrge
	PerVisit
)

// Form is one kind of paper.
type Form struct {
	Code  string // stable; names the paper in addresses and records
	Title string
	Basis string // the law it rests on, and what is only practice
	Per   Per
	build func(c *Case, i int) doc.Document
}

// Build makes the i-th paper of its kind for a case. Beyond what the case has it makes a paper to
// be filled by hand, all its facts among the blanks.
func (f Form) Build(c Case, i int) doc.Document {
	d := f.build(&c, i)
	d.Code, d.Name = f.Code, f.Title
	return d
}

// Count tells how many papers of the kind a case has facts for; one at least for a paper that is
// printed once for the case.
func (f Form) Count(c Case) int {
	switch f.Per {
	case PerParty:
		return len(c.Parties)
	case PerAgent:
		return len(c.agents())
	case PerGuest:
		return len(c.Guests)
	case PerInquiry:
		return len(c.Inquiries)
	case PerSession:
		return len(c.Sessions)
	case PerWritten:
		return len(c.ofKind(false))
	case PerOral:
		return len(c.ofKind(true))
	case PerUrge:
		return len(c.Urges)
	case PerVisit:
		return len(c.Visits)
	}
	return 1
}

// Find returns the form of a code.
func Find(code string) (Form, bool) {
	for _, f := range All {
		if f.Code == code {
			return f, true
		}
	}
	return Form{}, false
}

// ofKind lists the written or the oral agreements.
func (c *Case) ofKind(oral bool) []Agreement {
	var list []Agreement
	for _, a := range c.Agreements {
		if a.Oral == oral {
			list = append(list, a)
		}
	}
	return list
}

// mandate is an agent with the party it acts for.
type mandate struct {
	Party
	Agent
}

func (c *Case) agents() []mandate {
	var list []mandate
	for _, p := range c.Parties {
		for _, a := range p.Agents {
			list = append(list, mandate{p, a})
		}
	}
	return list
}

const (
	moj    = "司法部人民调解文书格式"
	design = "格式为本系统设计"
)

// All are the papers in the order a case meets them.
var All = []Form{
	{"application", "人民调解申请书", moj + "；" + cite("rmtj-17"), PerCase, application},
	{"application-receipt", "人民调解申请收件凭证", cite("ss-12") + "；" + design, PerCase, applicationReceipt},
	{"register", "人民调解受理登记表", moj + "；" + cite("rmtj-27"), PerCase, register},
	{"acceptance", "受理通知书", cite("rmtj-17", "sz-25") + "；" + design, PerParty, acceptance},
	{"refusal", "不予受理通知书", cite("rmtj-26") + "；" + design, PerCase, refusal},
	{"rights", "当事人权利义务告知书", cite("rmtj-23", "rmtj-24", "sz-23") + "；" + design, PerCase, rights},
	{"mediation-notice", "调解通知书", cite("rmtj-22") + "；" + design, PerParty, mediationNotice},
	{"recusal-request", "回避申请书", cite("sz-23") + "；" + design, PerCase, recusalRequest},
	{"recusal-decision", "回避决定书", cite("sz-22", "sz-23") + "；" + design, PerCase, recusalDecision},
	{"guest-consent", "邀请参与调解同意书", cite("rmtj-20") + "；" + design, PerGuest, guestConsent},
	{"mandate", "授权委托书", design, PerAgent, powerOfAttorney},
	{"served", "送达地址确认书", cite("sz-74") + "；" + design, PerParty, servedAddress},
	{"inquiry", "人民调解调查记录", moj + "；" + cite("rmtj-27"), PerInquiry, inquiry},
	{"record", "人民调解记录", moj + "；" + cite("rmtj-27"), PerSession, record},
	{"extension", "延长调解期限同意书", cite("sz-25") + "；" + design, PerCase, extension},
	{"agreement", "人民调解协议书", moj + "；" + cite("rmtj-28", "rmtj-29"), PerWritten, agreement},
	{"oral-agreement", "人民调解口头协议登记表", moj + "；" + cite("rmtj-28", "rmtj-30"), PerOral, oralAgreement},
	{"ending", "终止调解告知书", cite("rmtj-26", "sz-28") + "；书面形式为本系统设计", PerCase, ending},
	{"undisputed", "无争议事实记载", cite("sz-73") + "；" + design, PerCase, undisputed},
	{"confirmation", "司法确认申请书", cite("rmtj-33", "mss-205", "msjs-353"), PerCase, confirmation},
	{"confirmation-list", "司法确认申请材料清单", cite("msjs-354") + "；" + design, PerCase, confirmationList},
	{"mediation-proof", "主持调解情况证明", cite("msjs-354") + "；" + design, PerCase, mediationProof},
	{"referral-receipt", "委派（委托）调解接收单", cite("ty-27", "zx-12") + "；" + design, PerCase, referralReceipt},
	{"referral-report", "委派（委托）调解结果报告", cite("ty-26", "zx-21") + "；" + design, PerCase, referralReport},
	{"risk", "矛盾纠纷风险报告", cite("rmtj-25") + "；" + design, PerCase, riskReport},
	{"urge", "督促履行函", cite("rmtj-31", "sz-27") + "；" + design, PerUrge, urge},
	{"performed", "调解协议履行完毕证明", cite("rmtj-31") + "；" + design, PerCase, performed},
	{"visit", "人民调解回访记录", moj + "；" + cite("rmtj-31"), PerVisit, visit},
	{"closing", "人民调解结案报告表", "各地通行格式；" + cite("rmtj-27"), PerCase, closing},
	{"cover", "人民调解卷宗封面", moj + "；" + cite("rmtj-27"), PerCase, cover},
	{"contents", "卷内目录", moj + "；" + cite("rmtj-27"), PerCase, contents},
	{"situation", "卷宗情况说明", moj + "；" + cite("rmtj-27"), PerCase, situation},
	{"back", "卷宗封底", moj, PerCase, back},
}
