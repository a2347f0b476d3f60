package accord

import "tiaojie/app/docket"

// The Chinese words of agreements, all in one place.

var stateLabels = map[State]string{Draft: "起草中", Signing: "待签署", Effective: "已生效", Performed: "履行完毕", Replaced: "已由新协议代替", Voided: "已作废"}

// Label gives the state's Chinese name.
func (s State) Label() string { return stateLabels[s] }

var verbLabels = map[Verb]string{VerbWrite: "修改", VerbFix: "定稿", VerbRecall: "退回修改", VerbVoid: "作废", VerbSign: "登记签署", VerbUnsign: "撤销签署登记",
	VerbScan: "上传签署件", VerbPerform: "登记履行", VerbUrge: "督促履行"}

// Label gives the verb's Chinese name.
func (v Verb) Label() string { return verbLabels[v] }

var formLabels = map[Form]string{Written: "书面协议", Oral: "口头协议"}

// Label gives the form's Chinese name.
func (f Form) Label() string { return formLabels[f] }

// Kinds are the kinds of obligation.
var Kinds = []docket.Word{{Code: Pay, Label: "付款"}, {Code: Do, Label: "做一件事"}}

// Whens are the ways in which an obligation falls due.
var Whens = []docket.Word{{Code: ByDay, Label: "到某一天为止"}, {Code: Once, Label: "签订时当场履行完毕"}, {Code: After, Label: "某个条件成就之后几日内"}}

var signKinds = map[string]string{SignParty: "当事人", SignMediator: "人民调解员", SignSeal: "人民调解委员会印章"}

// KindLabel names what a line of the signing list is.
func (g Sign) KindLabel() string { return signKinds[g.Kind] }

var standings = map[Standing]string{Waiting: "待履行", Conditional: "等条件成就", Soon: "即将到期", Today: "今天到期", Overdue: "逾期未履行", OnTime: "按期履行", Late: "逾期后履行", Gone: "已由新协议代替"}

// Label says how an obligation stands.
func (s Standing) Label() string { return standings[s] }

// VisitWays are how a visit is made.
var VisitWays = []docket.Word{{Code: "上门", Label: "上门"}, {Code: "电话", Label: "电话"}, {Code: "到窗口", Label: "到窗口"}, {Code: "视频", Label: "视频"}}

// Contents are the words for how well a party is content.
var Contents = []docket.Word{{Code: "满意", Label: "满意"}, {Code: "基本满意", Label: "基本满意"}, {Code: "不满意", Label: "不满意"}, {Code: "未表态", Label: "未表态"}}

var reminderWords = map[string]string{"before": "到期前", "on": "当天", "after": "逾期后"}

// ReminderLabel names a reminder.
func ReminderLabel(kind string) string { return reminderWords[kind] }
