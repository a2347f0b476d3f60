package rooms

var kindLabels = map[Kind]string{Brand: "品牌调解室", Feature: "特色品牌调解室", Studio: "个人调解工作室",
	Stationed: "派驻调解工作室", Plain: "普通调解室"}

// Label gives the kind's Chinese name.
func (k Kind) Label() string { return kindLabels[k] }

var stateLabels = map[State]string{Applied: "申报中", Named: "已命名", Open: "已挂牌", Rectifying: "整改中", Withdrawn: "已撤销"}

// Label gives the state's Chinese name; a plain room has no plaque and is simply open.
func (s State) Label() string { return stateLabels[s] }

var verbLabels = map[Verb]string{VerbApply: "申报", VerbName: "命名", VerbHang: "挂牌", VerbOpen: "启用", VerbReview: "年度复核",
	VerbRectify: "责令整改", VerbRestore: "整改完成", VerbRefuse: "不予命名", VerbRevoke: "撤销", VerbEdit: "修改资料"}

// Label gives the step's Chinese name.
func (v Verb) Label() string { return verbLabels[v] }

// WeekdayLabels are the short names of the days, Monday first.
var WeekdayLabels = []string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"}
