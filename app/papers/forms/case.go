// Package forms turns the facts of a mediated case into its papers (人民调解文书). It knows no
// database: a caller fills a Case, picks a Form from All and gets a doc.Document.
package forms

// Case (调解案件) holds every fact the papers of one case need, each once. Zero values become
// blanks that doc.Blanks lists, so a paper can also be printed to be filled by hand.
type Case struct {
	Number    string // 案号, 卷号
	Committee Committee
	Dispute   string // the type of dispute, 「邻里纠纷」
	Labour    bool   // a labour dispute: arbitration comes before court
	PaperOnly bool   // family, adoption, inheritance: signed on paper only
	Summary   string // 纠纷简要情况
	Claims    []string
	Source    Source
	Detail    string // where exactly the case came from

	Parties   []Party
	Mediators []Mediator // the first presides
	Guests    []Guest
	Registrar string // 登记人
	Recorder  string // 记录人

	AppliedOn  Day
	AcceptedOn Day
	Refusal    Refusal
	Term       Term
	Notice     Notice
	Recusal    Recusal
	Inquiries  []Inquiry
	Sessions   []Session
	Agreements []Agreement
	Extension  Extension
	End        End
	Undisputed Undisputed
	Court      Confirmation
	Referral   Referral
	Risk       Risk
	Urges      []Urge
	Visits     []Visit
	Closing    Closing
	Dossier    Dossier
}

// Source is how a case reached the committee, in the classes of the monthly report.
type Source int

const (
	Unknown  Source = iota
	Applied         // 当事人申请
	Own             // 调委会主动调解 (人民调解法 art. 17)
	Police          // 公安移交
	Courts          // 审判机关委派、委托
	Official        // 政府部门指定、移送
)

// Committee (人民调解委员会) is who mediates.
type Committee struct {
	Name, Address, Phone string
}

// Person is a natural person as papers name one.
type Person struct {
	Name    string
	Sex     string
	Nation  string // 民族
	Birth   Day
	Age     int // used when Birth is unknown
	IDKind  string
	ID      string
	Job     string // 职业或职务
	Phone   string
	Address string // 单位或住址
}

// Side is which side a party stands on.
type Side int

const (
	Applicant  Side = iota // 申请人
	Respondent             // 被申请人
	Third                  // 第三人
)

// Party (当事人) is a person, or an organisation with the person who represents it.
type Party struct {
	Side   Side
	Person        // the party; for an organisation its legal representative (Job is the office)
	Org    string // name of the organisation; empty for a person
	Code   string // 统一社会信用代码
	Agents []Agent
	Served Served
}

// Agent (委托代理人) acts for a party within written scopes.
type Agent struct {
	Person
	Relation string // 律师, 近亲属, 工作人员 …
	Scopes   []Scope
	Special  string // what exactly may be admitted, changed or waived
	From, To Day
	On       Day // when the power was given
}

// Scope is one thing an agent may do.
type Scope int

const (
	ApplyOrEnd Scope = iota // 代为申请调解或者要求终止调解
	Evidence                // 收集、提供证据
	Choose                  // 选择或者接受调解员
	Concede                 // 代为承认、变更、放弃请求: only if given expressly (特别授权)
	SignPapers              // 参加调解并签署各类文书
	Receive                 // 领取文书
	OtherActs               // 其他
)

// Served is where a party wants papers sent (送达地址).
type Served struct {
	Address, Postcode, Receiver, Phone string
	Electronic                         string // number or mailbox for electronic service
	On                                 Day
}

// Mediator (人民调解员) of the case.
type Mediator struct {
	Name   string
	Kind   string // 专职, 兼职, 特邀
	Chosen bool   // chosen by the parties; otherwise appointed (人民调解法 art. 19)
}

// Guest is somebody invited to take part with all parties' consent (人民调解法 art. 20).
type Guest struct {
	Name, Unit, Kind, Reason, Phone string
	On                              Day
}
