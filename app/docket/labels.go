package docket

// The Chinese words of the docket, all in one place.

var stateLabels = map[State]string{
	None: "未申请", Applied: "已申请", Inviting: "邀请对方", Consented: "双方同意", Accepted: "已受理", Scheduled: "已排期",
	Mediating: "调解中", Suspended: "中止", Agreed: "达成协议", Ended: "已终止", Refused: "不予受理", Withdrawn: "已撤回",
}

// Label gives the state's Chinese name.
func (s State) Label() string { return stateLabels[s] }

var verbLabels = map[Verb]string{
	VerbApply: "申请调解", VerbInvite: "邀请对方", VerbConsent: "同意调解", VerbAccept: "受理", VerbRefuse: "不予受理",
	VerbAppoint: "确定调解员", VerbReplace: "更换调解员", VerbDisclose: "披露关系", VerbSchedule: "排期", VerbAnswer: "答复排期",
	VerbMove: "改期", VerbCancel: "取消排期", VerbAbsent: "登记未到场", VerbBegin: "开始调解", VerbAdjourn: "休会", VerbSuspend: "中止", VerbResume: "恢复",
	VerbAgree: "达成协议", VerbEnd: "终止", VerbDecline: "明确拒绝调解", VerbWithdraw: "撤回申请", VerbExpire: "期限届满",
}

// Label gives the verb's Chinese name.
func (v Verb) Label() string { return verbLabels[v] }

var handLabels = map[Hand]string{
	Applicant: "申请人", Party: "当事人", HandClerk: "窗口受理员", HandMediator: "本案调解员", HandLead: "本室负责人",
	HandLiaison: "法院联络员", HandLeader: "街道负责人", HandSystem: "系统",
}

// Label gives the hand's Chinese name.
func (h Hand) Label() string { return handLabels[h] }

var holderLabels = map[Holder]string{
	HeldByNobody: "已办结", HeldByParty: "当事人", HeldByClerk: "街道窗口", HeldByMediator: "调解员", HeldByLiaison: "法院联络员",
}

// Label says in whose hands the case lies.
func (h Holder) Label() string { return holderLabels[h] }

var guardWords = map[Guard]string{
	AllAgreed:    "还有当事人没有同意调解",
	Reasoned:     "请写明原因，并告知当事人其他救济途径（人民调解法第二十六条）",
	HasMediator:  "还没有确定调解员",
	ReadyToBegin: "请先确定调解员，并由调解员在调解前披露与当事人的关系（深圳条例第二十二条）",
	LiveSession:  "现在没有排好的调解时间",
	BegunBefore:  "还没有开过调解会",
	NeverBegun:   "已经开过调解会",
}

// Word is a coded choice of a form: the code is stored, the label shown.
type Word struct{ Code, Label string }

// EndReasons are the lawful reasons of ending (深圳条例28, 在线调解规则25).
var EndReasons = []Word{
	{"declined", "当事人明确不接受调解"}, {"withdrew", "申请人撤回申请"}, {"gap", "分歧较大，达不成协议"},
	{"hid_facts", "隐瞒重要事实、提供虚假情况或故意拖延"}, {"collusion", "疑似恶意串通损害他人或公共利益"},
	{"expired", "调解期限届满"}, {"unreachable", "无法联系当事人"}, {"other", "其他法定情形"},
}

// RefuseReasons are the reasons of not accepting (人民调解工作若干规定; checked at the window).
var RefuseReasons = []Word{
	{"special_organ", "依法只能由专门机关管辖处理"}, {"forbidden", "法律、法规禁止调解"},
	{"taken_elsewhere", "法院、公安机关或其他行政机关已经受理"}, {"not_civil", "不属于民间纠纷"},
	{"no_party", "没有明确的对方当事人"}, {"sham", "疑似虚假调解（深圳条例第八十五条）"}, {"other", "其他"},
}

// Remedies are the other ways that a notice names (人民调解法26).
var Remedies = []Word{
	{"arbitration", "申请仲裁"}, {"administrative", "请行政机关处理"}, {"court", "向人民法院起诉"},
	{"legal_aid", "申请法律援助"}, {"notary", "办理公证"}, {"labour_arbitration", "申请劳动争议仲裁（时效一年）"},
}

// Origins are how a case came (案件来源, 结案报告表).
var Origins = []Word{
	{"party", "当事人申请"}, {"committee", "人民调解委员会主动调解"}, {"police", "公安移交"},
	{"court_pre", "法院委派"}, {"court_ordinary", "法院委托（普通程序）"}, {"court_summary", "法院委托（简易程序）"},
	{"department", "政府部门指定"}, {"petition", "信访转来"},
}

// Channels are the ways by which a request reached the street.
var Channels = []Word{{"web", "网上"}, {"window", "窗口"}, {"phone", "电话"}, {"visit", "上门"}, {"grid", "网格"}, {"court", "法院"}}

// InviteChannels are the ways to ask the other side.
var InviteChannels = []Word{{"letter", "书面通知"}, {"sms", "短信"}, {"phone", "电话"}}

// Risks are the levels of danger that a dispute escalates (人民调解法25).
var Risks = []Word{{"green", "一般"}, {"yellow", "关注"}, {"orange", "较高"}, {"red", "高"}}

// Sides are the parties' places in a case.
var Sides = []Word{{"applicant", "申请人"}, {"respondent", "被申请人"}, {"third", "第三人"}}

// PartyKinds tells persons from organisations.
var PartyKinds = []Word{{"person", "自然人"}, {"organisation", "单位"}}

// Scopes are the powers that a party can give an agent (授权委托书).
var Scopes = []Word{
	{"apply", "代为申请调解或要求终止"}, {"evidence", "收集、提供证据"}, {"choose", "选择或接受调解员"},
	{"attend", "参加调解"}, {"receive", "领取文书"},
}

// SpecialScopes are the powers that hold only when the letter names them one by one.
var SpecialScopes = []Word{
	{"admit", "承认对方请求"}, {"change", "变更请求"}, {"waive", "放弃请求"},
	{"settle", "达成并签署调解协议"},
}

var sessionLabels = map[string]string{"asked": "待确认", "fixed": "已确定", "begun": "进行中", "done": "已结束", "cancelled": "已取消", "declined": "未接受"}

var answerLabels = map[string]string{"none": "不需要", "waiting": "待答复", "accepted": "已接受", "declined": "未接受", "silent": "未答复"}

// AnswerLabel names a mediator's or liaison's answer to a date.
func AnswerLabel(answer string) string { return answerLabels[answer] }

var consentLabels = map[string]string{"waiting": "等待答复", "agreed": "同意调解", "refused": "不同意调解"}

// ConsentLabel names a party's will.
func ConsentLabel(consent string) string { return consentLabels[consent] }

var conflictLabels = map[string]string{
	"household": "同一住址或家庭", "employer": "同一工作单位", "earlier_case": "曾在一方的案件中任职或参与",
	"office": "在本辖区任职", "tie": "已申报的关系", "self": "是本案当事人", "agent": "与一方的代理人有关系，或就是代理人",
}

// ConflictLabel names a kind of conflict.
func ConflictLabel(kind string) string { return conflictLabels[kind] }

// LabelOf finds the label of a code; an unknown code shows as itself.
func LabelOf(words []Word, code string) string {
	for _, w := range words {
		if w.Code == code {
			return w.Label
		}
	}
	return code
}

// Known tells whether the code is one of the words.
func Known(words []Word, code string) bool {
	for _, w := range words {
		if w.Code == code {
			return true
		}
	}
	return false
}
