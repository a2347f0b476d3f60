package forms

import "time"

// Refusal is why the committee does not take the case.
type Refusal struct {
	Reason string
	On     Day
}

// Term is the time the mediation may take, with the rule it follows.
type Term struct {
	Days    int
	Working bool // working days
	Rule    string
	Due     Day
}

// Notice calls the parties to a session.
type Notice struct {
	At    time.Time
	Place string
	Bring []string
	On    Day
}

// Recusal (回避): in Shenzhen one party's word is enough (条例 art. 23).
type Recusal struct {
	Party, Mediator, Reason string
	On                      Day
	Successor               string
	DecidedOn               Day
}

// Inquiry (调查) is one interview.
type Inquiry struct {
	Start, End              time.Time
	Place                   string
	Asked                   Person
	Relation                string // to the parties or the dispute
	Present                 string
	Investigators, Recorder string
	Talk                    []QA
}

// QA is a question and its answer.
type QA struct{ Ask, Answer string }

// Session (调解) is one meeting with its record in seven parts.
type Session struct {
	Start, End time.Time
	Place      string
	Open       bool
	Present    []string // parties and agents who came
	Guests     []Guest  // invited persons who came
	Mediators  []Mediator
	Recorder   string
	Record     Record
	ReadBack   []ReadBack
}

// Record holds the seven parts of a 调解记录 except the signatures, which are the seventh.
type Record struct {
	Rights     string      // 1 rights and duties told
	Principles string      // 2 principles, way, who takes part and as what
	Statements []Statement // 3 what each side says
	Evidence   string      // 4 evidence shown and answered
	Risk       string      // 5 risks told
	Result     string      // 6 agreement, or why not and what other ways are open
	Remarks    string      // corrections asked for when the record was read back
}

// Statement is what one side says happened and wants.
type Statement struct{ Who, Text string }

// ReadBack tells that a party has heard or read the record.
type ReadBack struct {
	Who        string
	Aloud      bool // read to the party; otherwise the party read it
	At         time.Time
	Correction string
}

// Agreement (调解协议). Several may come of one case (条例 art. 26).
type Agreement struct {
	Number      string
	Oral        bool
	Facts       string // 主要事实
	Disputed    string // 争议事项
	Items       []string
	Open        []string // what is not settled
	Obligations []Obligation
	Place       string
	ReachedOn   Day
	SealedOn    Day
	EffectiveOn Day
	DoneAtOnce  bool // performed on the spot
}

// Obligation (履行义务) is who owes what to whom, by when and how.
type Obligation struct {
	From, To, What, How string
	Amount              Fen
	Due                 Day
	Term                string // in words, for what has no day: on the spot, or some days after a condition
	Done                Day    // when it was performed
}

// Extension (延期) needs both sides (条例 art. 25).
type Extension struct {
	From, To Day
	Reason   string
	On       Day
}

// EndReason is why a mediation ended without agreement (条例 arts 25, 28).
type EndReason int

const (
	NoReason  EndReason = iota
	Withdrawn           // 撤回申请
	Declined            // 明确不接受调解
	Deceit              // 隐瞒重要事实、提供虚假情况或者故意拖延时间
	Collusion           // 可能存在恶意串通
	Expired             // 期限届满
	OtherEnd            // 其他
)

// End is the end of a mediation without agreement.
type End struct {
	Reason EndReason
	Detail string
	On     Day
}

// Undisputed facts are recorded with the parties' consent and may serve as evidence later
// (条例 art. 73).
type Undisputed struct {
	Facts []string
	On    Day
}

// Confirmation (司法确认) of one agreement.
type Confirmation struct {
	Court     string
	Agreement int // index in Agreements
	Due       Day
	Evidence  []Enclosure
}

// Enclosure is one paper of a pack.
type Enclosure struct {
	Title         string
	Copies, Pages int
	Note          string
}

// Referral (委派、委托调解) from a court.
type Referral struct {
	Court, CaseNo, Letter, Judge string
	Kind                         string // 委派调解, 委托调解
	Received, Accepted, Due      Day
	Materials                    []Enclosure
	Result, Reason               string
	Raised                       string // acts that raised the other side's cost
	Reported                     Day
}

// Risk is a report that a dispute may escalate (人民调解法 art. 25).
type Risk struct {
	Level, Signs, People, Measures   string
	To, By, Method, Contact, Receipt string
	At                               time.Time
}

// Urge (督促履行) concerns one obligation.
type Urge struct {
	Agreement, Obligation int
	AskedBy               string // the party who asked; empty when the committee acts itself
	On, Until             Day
}

// Visit (回访) after an agreement.
type Visit struct {
	Agreement          int
	Who, Why, Way      string
	Performance        string
	Satisfaction       string
	Outcome            string // what became of the dispute or of a court case
	Faults             string // signs that the mediation was wrong
	Hidden             string // escalation or hidden risks
	Measures, Visitors string
	On                 Day
}

// Closing (结案).
type Closing struct {
	On, Filled                Day
	Handler, Result, Reviewer string
	Amount                    Fen
	Performance               string
}

// Dossier (卷宗) is the bound case.
type Dossier struct {
	Name             string // 卷名; made from the parties when empty
	From, To         Day
	Binder, Checker  string
	BoundOn, Checked Day
	Keep             string // 保管期限
	Note             string
	Items            []Item
	Pages            int
	Situation        string
	Changes          []Change
}

// Item is one line of the contents.
type Item struct {
	Title    string
	From, To int // pages; 0 when not bound yet
	Note     string
}

// Change is a paper missing, corrected, added or removed.
type Change struct {
	On        Day
	What, Why string
	By        string
}
