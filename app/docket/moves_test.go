package docket_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everything passes every guard but the contradictory one.
var everything = docket.Facts{AllAgreed: true, Reasoned: true, HasMediator: true, Disclosed: true, LiveSession: true, Begun: true}

// handsWith gives the hands that somebody of this kind has: an applicant is a party too.
func handsWith(h docket.Hand) []docket.Hand {
	if h == docket.Applicant {
		return []docket.Hand{docket.Applicant, docket.Party}
	}
	return []docket.Hand{h}
}

func TestMovesGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("state × verb: target by hand, every guard passed (- not possible for this hand)\n")
	for _, from := range append([]docket.State{docket.None}, docket.States...) {
		for _, v := range docket.Verbs {
			cells, any := []string{}, false
			for _, h := range docket.Hands {
				to, err := docket.Find(from, v, handsWith(h), everything)
				if err != nil {
					cells = append(cells, "-")
					continue
				}
				any = true
				cells = append(cells, string(h)+"→"+string(to))
			}
			if any {
				fmt.Fprintf(&b, "%-10s %-9s %s\n", from.Label(), v, strings.Join(cells, " "))
			} else {
				fmt.Fprintf(&b, "%-10s %-9s nobody\n", from.Label(), v)
			}
		}
	}
	const path = "testdata/moves.golden"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the life cycle changed; if it should, run with -update and read the difference:\n%s", b.String())
	}
}

func TestEveryOpenStateCanEndLawfully(t *testing.T) {
	reached := map[docket.State]bool{docket.None: true}
	for queue := []docket.State{docket.None}; len(queue) > 0; queue = queue[1:] {
		for _, v := range docket.Verbs {
			for _, begun := range []bool{true, false} {
				f := everything
				f.Begun = begun
				to, err := docket.Find(queue[0], v, docket.Hands, f)
				if err == nil && !reached[to] {
					reached[to] = true
					queue = append(queue, to)
				}
			}
		}
	}
	for _, s := range docket.States {
		if !reached[s] {
			t.Errorf("%s can never be reached", s)
		}
		if !s.Open() {
			continue
		}
		// 人民调解法17, 深圳条例21: one party's clear refusal ends it, whatever else is missing.
		to, err := docket.Find(s, docket.VerbDecline, handsWith(docket.Party), docket.Facts{Reasoned: true})
		if err != nil || to != docket.Ended {
			t.Errorf("%s: a party's refusal gives %s, %v", s, to, err)
		}
		to, err = docket.Find(s, docket.VerbWithdraw, handsWith(docket.Applicant), docket.Facts{})
		if err != nil || to != docket.Withdrawn {
			t.Errorf("%s: the applicant's withdrawal gives %s, %v", s, to, err)
		}
	}
}

func TestNothingEndsWithoutReasonAndNotice(t *testing.T) {
	silent := everything
	silent.Reasoned = false
	for _, s := range docket.States {
		for _, v := range docket.Verbs {
			to, err := docket.Find(s, v, docket.Hands, silent)
			if err == nil && to != s && (to == docket.Ended || to == docket.Refused) {
				t.Errorf("%s %s reaches %s without a reason and the notice of remedies", s, v, to)
			}
			if !s.Open() && err == nil {
				t.Errorf("%s is closed, yet %s moves it to %s", s, v, to)
			}
		}
	}
}

func TestRefusalsTellWhy(t *testing.T) {
	for _, c := range []struct {
		from  docket.State
		verb  docket.Verb
		hand  docket.Hand
		facts docket.Facts
		code  fault.Code
	}{
		{docket.Ended, docket.VerbSchedule, docket.HandClerk, everything, fault.Conflict},
		{docket.Applied, docket.VerbInvite, docket.Party, everything, fault.Forbidden},
		{docket.Applied, docket.VerbAccept, docket.HandClerk, everything, fault.Conflict},
		{docket.Consented, docket.VerbAccept, docket.HandClerk, docket.Facts{}, fault.Invalid},
		{docket.Scheduled, docket.VerbBegin, docket.HandMediator, docket.Facts{HasMediator: true}, fault.Invalid},
		{docket.Mediating, docket.VerbAgree, docket.HandLiaison, everything, fault.Forbidden},
	} {
		_, err := docket.Find(c.from, c.verb, []docket.Hand{c.hand}, c.facts)
		if !fault.Is(err, c.code) || fault.MessageOf(err) == "" {
			t.Errorf("%s %s by %s: %v, want %s", c.from, c.verb, c.hand, err, c.code)
		}
	}
}

func TestEveryNameHasALabel(t *testing.T) {
	for _, s := range docket.States {
		if s.Label() == "" {
			t.Errorf("state %s has no label", s)
		}
	}
	for _, v := range docket.Verbs {
		if v.Label() == "" {
			t.Errorf("verb %s has no label", v)
		}
		if !slices.ContainsFunc(docket.Moves, func(m docket.Move) bool { return m.Verb == v }) {
			t.Errorf("no move uses %s", v)
		}
	}
	for _, h := range docket.Hands {
		if h.Label() == "" {
			t.Errorf("hand %s has no label", h)
		}
	}
}
