package docket

import "slices"

// State is where a case stands (案件状态).
type State string

const (
	None      State = ""          // before the request
	Applied   State = "applied"   // 已申请: asked for, nobody has looked yet
	Inviting  State = "inviting"  // 邀请对方: the other side has been asked
	Consented State = "consented" // 双方同意: every side wants mediation
	Accepted  State = "accepted"  // 已受理: docket number given, term runs
	Scheduled State = "scheduled" // 已排期: a date is asked for or fixed
	Mediating State = "mediating" // 调解中: the first session began
	Suspended State = "suspended" // 中止: appraisal, or suspected collusion (深圳条例85)
	Agreed    State = "agreed"    // 达成协议
	Ended     State = "ended"     // 已终止: with reason and remedies notice (人民调解法26)
	Refused   State = "refused"   // 不予受理
	Withdrawn State = "withdrawn" // 已撤回: by the applicant
)

// States lists the states in the order of the usual way.
var States = []State{Applied, Inviting, Consented, Accepted, Scheduled, Mediating, Suspended, Agreed, Ended, Refused, Withdrawn}

// Open tells whether mediation is still to come or under way.
func (s State) Open() bool {
	return s != None && !slices.Contains([]State{Agreed, Ended, Refused, Withdrawn}, s)
}

// Verb names what is done to a case.
type Verb string

const (
	VerbApply    Verb = "apply"    // ask for mediation, by oneself or at the window
	VerbInvite   Verb = "invite"   // ask the other side
	VerbConsent  Verb = "consent"  // the last side says yes
	VerbAccept   Verb = "accept"   // 受理
	VerbRefuse   Verb = "refuse"   // 不予受理
	VerbAppoint  Verb = "appoint"  // settle who mediates
	VerbReplace  Verb = "replace"  // the mediator withdraws at a party's word (深圳条例23)
	VerbDisclose Verb = "disclose" // the mediator tells of ties, or that there are none
	VerbSchedule Verb = "schedule" // ask for a date
	VerbAnswer   Verb = "answer"   // mediator or liaison takes the date
	VerbMove     Verb = "move"     // another time for the same booking
	VerbCancel   Verb = "cancel"   // the date falls away
	VerbAbsent   Verb = "absent"   // 登记未到场
	VerbBegin    Verb = "begin"    // a session begins
	VerbAdjourn  Verb = "adjourn"  // it ends with a next one to come
	VerbSuspend  Verb = "suspend"  // 中止, the term stands still
	VerbResume   Verb = "resume"   // 恢复
	VerbAgree    Verb = "agree"    // 达成协议
	VerbEnd      Verb = "end"      // 终止
	VerbDecline  Verb = "decline"  // a party clearly refuses mediation
	VerbWithdraw Verb = "withdraw" // the applicant takes the request back
	VerbExpire   Verb = "expire"   // the term ran out
)

// Verbs lists the verbs in the order of the usual way.
var Verbs = []Verb{VerbApply, VerbInvite, VerbConsent, VerbAccept, VerbRefuse, VerbAppoint, VerbReplace, VerbDisclose,
	VerbSchedule, VerbAnswer, VerbMove, VerbCancel, VerbAbsent, VerbBegin, VerbAdjourn, VerbSuspend, VerbResume, VerbAgree, VerbEnd,
	VerbDecline, VerbWithdraw, VerbExpire}

// Hand is who acts, seen from the case: a role counts only where it touches this case.
type Hand string

const (
	Applicant    Hand = "applicant" // 申请人, also a Party
	Party        Hand = "party"     // any party, by code or signed in
	HandClerk    Hand = "clerk"
	HandMediator Hand = "mediator" // the case's own mediator
	HandLead     Hand = "room_lead"
	HandLiaison  Hand = "liaison"
	HandLeader   Hand = "leader"
	HandSystem   Hand = "system"
)

// Hands lists the hands in the order of the golden file.
var Hands = []Hand{Applicant, Party, HandClerk, HandMediator, HandLead, HandLiaison, HandLeader, HandSystem}

// Holder says in whose hands a case lies now.
type Holder string

const (
	HeldByNobody   Holder = "" // closed
	HeldByParty    Holder = "party"
	HeldByClerk    Holder = "clerk"
	HeldByMediator Holder = "mediator"
	HeldByLiaison  Holder = "liaison"
)
