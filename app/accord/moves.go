package accord

import (
	"slices"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
)

// State is where an agreement stands (协议状态).
type State string

const (
	Draft     State = "draft"     // 起草中
	Signing   State = "signing"   // 待签署: the text is fixed
	Effective State = "effective" // 已生效, being performed
	Performed State = "performed" // 履行完毕
	Replaced  State = "replaced"  // 已由新协议代替
	Voided    State = "void"      // 已作废, never in force
)

// States lists the states in the order of the usual way.
var States = []State{Draft, Signing, Effective, Performed, Replaced, Voided}

// Verb names what is done to an agreement.
type Verb string

const (
	VerbWrite   Verb = "write"   // change the draft
	VerbFix     Verb = "fix"     // 定稿; an oral agreement is in force with it
	VerbRecall  Verb = "recall"  // back to the draft, while nobody has signed
	VerbVoid    Verb = "void"    // 作废
	VerbSign    Verb = "sign"    // a signature or the seal
	VerbUnsign  Verb = "unsign"  // a signature that was noted by mistake
	VerbScan    Verb = "scan"    // attach the signed paper
	VerbPerform Verb = "perform" // receipts and what follows from them
	VerbUrge    Verb = "urge"    // 督促
)

// Verbs lists them in the order of the usual way.
var Verbs = []Verb{VerbWrite, VerbFix, VerbRecall, VerbVoid, VerbSign, VerbUnsign, VerbScan, VerbPerform, VerbUrge}

// Move lets a verb be done in some states. Where it leads is told by what is done: a last signature leads to
// force, a last receipt to 履行完毕.
type Move struct {
	Verb Verb
	In   []State
	By   []docket.Hand
}

var office = []docket.Hand{docket.HandMediator, docket.HandClerk, docket.HandSystem}

// Moves is the life cycle of an agreement.
var Moves = []Move{
	{VerbWrite, []State{Draft}, office},
	{VerbFix, []State{Draft}, office},
	{VerbRecall, []State{Signing}, office},
	{VerbVoid, []State{Draft, Signing}, office},
	{VerbSign, []State{Signing}, office},
	{VerbUnsign, []State{Signing}, office},
	{VerbScan, []State{Signing, Effective, Performed}, office},
	{VerbPerform, []State{Effective, Performed}, office},
	{VerbUrge, []State{Effective}, office},
}

// may tells whether the hands may do the verb in the state.
// Errors: Forbidden when the hands lack it, Conflict when the state has no such move.
func may(v Verb, s State, hands []docket.Hand) error {
	for _, m := range Moves {
		if m.Verb != v {
			continue
		}
		if !slices.ContainsFunc(hands, func(h docket.Hand) bool { return slices.Contains(m.By, h) }) {
			return fault.New(fault.Forbidden, "只有本案调解员和窗口受理员可以办理协议")
		}
		if slices.Contains(m.In, s) {
			return nil
		}
	}
	if v == VerbWrite && s != Voided {
		return fault.New(fault.Conflict, "协议已经定稿，内容不能再改；需要改动请另做一份新协议")
	}
	return fault.Newf(fault.Conflict, "这份协议现在是「%s」，不能%s", s.Label(), v.Label())
}

// readers are who may read the words of an agreement; a room's lead plans dates and reads none.
var readers = []docket.Hand{docket.HandMediator, docket.HandClerk, docket.HandLiaison, docket.HandLeader, docket.HandSystem}

// Reads tells whether the hands may read the words of agreements.
func Reads(hands []docket.Hand) bool {
	return slices.ContainsFunc(hands, func(h docket.Hand) bool { return slices.Contains(readers, h) })
}

// Acts tells whether the hands may change agreements at all.
func Acts(hands []docket.Hand) bool {
	return slices.ContainsFunc(hands, func(h docket.Hand) bool { return slices.Contains(office, h) })
}
