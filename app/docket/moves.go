package docket

import (
	"slices"

	"tiaojie/app/fault"
)

// Guard names a condition on a move beyond state and hand.
type Guard string

const (
	Always       Guard = ""
	AllAgreed    Guard = "all-agreed"     // every applicant and respondent has consented (人民调解法17)
	Reasoned     Guard = "reasoned"       // reason and remedies notice are given (人民调解法26)
	HasMediator  Guard = "has-mediator"   // somebody is appointed
	ReadyToBegin Guard = "ready-to-begin" // a mediator, and the disclosure is made (深圳条例22)
	LiveSession  Guard = "live-session"   // a date is asked for or fixed
	BegunBefore  Guard = "begun-before"   // a session was held
	NeverBegun   Guard = "never-begun"
)

// Move is one allowed step in the life of a case. The service asks it whether, the
// pages which buttons, the tests print all of it.
type Move struct {
	Verb  Verb
	From  []State
	To    State // Same keeps the state
	By    []Hand
	Guard Guard
}

// Same as Move.To keeps the case in its state.
const Same State = "="

var (
	beforeAcceptance = []State{Applied, Inviting, Consented}
	afterAcceptance  = []State{Accepted, Scheduled, Mediating, Suspended}
	openStates       = slices.Concat(beforeAcceptance, afterAcceptance)
	office           = []Hand{HandClerk, HandSystem}
	mediation        = []Hand{HandMediator, HandClerk, HandSystem}
	planning         = []Hand{HandClerk, HandMediator, HandLead, HandSystem}
)

// Moves is the life cycle of a case.
var Moves = []Move{
	{VerbApply, []State{None}, Applied, []Hand{Applicant, HandClerk, HandSystem}, Always},
	{VerbInvite, []State{Applied}, Inviting, office, Always},
	{VerbInvite, []State{Inviting}, Same, office, Always},
	{VerbConsent, []State{Applied, Inviting}, Consented, []Hand{Party, HandClerk, HandSystem}, AllAgreed},
	{VerbAccept, []State{Consented}, Accepted, office, AllAgreed},
	{VerbRefuse, beforeAcceptance, Refused, office, Reasoned},
	{VerbAppoint, []State{Consented, Accepted, Mediating}, Same, []Hand{Party, HandClerk, HandSystem}, Always},
	{VerbReplace, []State{Consented, Accepted, Mediating, Suspended}, Same, []Hand{Party, HandClerk, HandMediator, HandSystem}, HasMediator},
	{VerbReplace, []State{Scheduled}, Accepted, []Hand{Party, HandClerk, HandMediator, HandSystem}, HasMediator},
	{VerbDisclose, slices.Concat([]State{Consented}, afterAcceptance), Same, []Hand{HandMediator}, HasMediator},
	{VerbSchedule, []State{Accepted}, Scheduled, planning, HasMediator},
	{VerbSchedule, []State{Mediating}, Same, planning, HasMediator},
	{VerbAnswer, []State{Scheduled, Mediating}, Same, []Hand{HandMediator, HandLiaison, HandClerk, HandSystem}, LiveSession},
	{VerbMove, []State{Scheduled, Mediating}, Same, planning, LiveSession},
	{VerbCancel, []State{Scheduled}, Accepted, append(planning, HandLiaison), LiveSession},
	{VerbCancel, []State{Mediating}, Same, append(planning, HandLiaison), LiveSession},
	{VerbAbsent, []State{Scheduled}, Accepted, mediation, LiveSession},
	{VerbAbsent, []State{Mediating}, Same, mediation, LiveSession},
	{VerbBegin, []State{Scheduled, Mediating}, Mediating, mediation, ReadyToBegin},
	{VerbAdjourn, []State{Mediating}, Same, mediation, Always},
	{VerbSuspend, []State{Accepted, Scheduled, Mediating}, Suspended, mediation, Always},
	{VerbResume, []State{Suspended}, Mediating, mediation, BegunBefore},
	{VerbResume, []State{Suspended}, Accepted, mediation, NeverBegun},
	{VerbAgree, []State{Mediating}, Agreed, mediation, ReadyToBegin},
	{VerbEnd, openStates, Ended, mediation, Reasoned},
	{VerbDecline, openStates, Ended, []Hand{Party, HandClerk, HandMediator, HandSystem}, Reasoned},
	{VerbWithdraw, openStates, Withdrawn, []Hand{Applicant, HandClerk, HandSystem}, Always},
	{VerbExpire, []State{Accepted, Scheduled, Mediating}, Ended, []Hand{HandSystem}, Reasoned},
}

// Facts is what guards ask about a case.
type Facts struct {
	AllAgreed, Reasoned, HasMediator, Disclosed, LiveSession, Begun bool
}

func (f Facts) pass(g Guard) bool {
	switch g {
	case AllAgreed:
		return f.AllAgreed
	case Reasoned:
		return f.Reasoned
	case HasMediator:
		return f.HasMediator
	case ReadyToBegin:
		return f.HasMediator && f.Disclosed
	case LiveSession:
		return f.LiveSession
	case BegunBefore:
		return f.Begun
	case NeverBegun:
		return !f.Begun
	}
	return true
}

// Find gives the target of a verb from a state for somebody with these hands.
// Errors: Conflict when the state has no such move, Forbidden when the hands lack
// it, Invalid when only the guard stands in the way.
func Find(s State, v Verb, hands []Hand, f Facts) (State, error) {
	var guard Guard
	known, allowed := false, false
	for _, m := range Moves {
		if m.Verb != v || !slices.Contains(m.From, s) {
			continue
		}
		known = true
		if !slices.ContainsFunc(hands, func(h Hand) bool { return slices.Contains(m.By, h) }) {
			continue
		}
		allowed = true
		if f.pass(m.Guard) {
			if m.To == Same {
				return s, nil
			}
			return m.To, nil
		}
		guard = m.Guard
	}
	switch {
	case !known:
		return s, fault.Newf(fault.Conflict, "案件现在是「%s」，不能%s", s.Label(), v.Label())
	case !allowed:
		return s, fault.Newf(fault.Forbidden, "您不能替这个案件%s", v.Label())
	}
	return s, fault.New(fault.Invalid, guardWords[guard])
}

// Offers lists the verbs that the hands may do in the state; guards are not asked,
// so that a page can show a step and say what is still missing.
func Offers(s State, hands []Hand) []Verb {
	var out []Verb
	for _, m := range Moves {
		if slices.Contains(m.From, s) && !slices.Contains(out, m.Verb) &&
			slices.ContainsFunc(hands, func(h Hand) bool { return slices.Contains(m.By, h) }) {
			out = append(out, m.Verb)
		}
	}
	return out
}
