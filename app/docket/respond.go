package docket

import (
	"context"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// AnswerReceipt is what the other side takes away: its own number and code for the track page.
type AnswerReceipt struct {
	ApplyNo   string
	QueryCode string
	State     State
	Next      []string
}

// DefaultRemedies is what a notice names when nobody chose: suit, legal aid, and the
// authority in charge (人民调解法26); labour disputes add arbitration.
func DefaultRemedies(typeCode string) []string {
	out := []string{"court", "administrative", "arbitration", "legal_aid"}
	if isType(typeCode, "labour") {
		out = append([]string{"labour_arbitration"}, out...)
	}
	return out
}

// Respond takes the other side's answer by its code. A refusal ends mediation at once, with
// the notice of other remedies (人民调解法17、26). The same idemKey is carried out once.
// Form fields: words, mediators, slots, phone, privacy.
func (s *Service) Respond(ctx context.Context, code, ip string, in AnswerInput, idemKey string) (AnswerReceipt, error) {
	pass, err := s.PassByInvite(ctx, access.Actor{IP: ip}, code, ip)
	if err != nil {
		return AnswerReceipt{}, err
	}
	if err := s.checkAnswer(ctx, &in, true); err != nil {
		return AnswerReceipt{}, err
	}
	var out AnswerReceipt
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, first, err := tx.Claim(ctx, idemKey)
		if err != nil {
			return err
		}
		a, err := s.enter(ctx, tx, pass)
		if err != nil {
			return err
		}
		if first {
			if err := a.answer(ctx, pass.partyID, in, "web", s.queryHash(a.c.ApplyNo, s.queryCode(idemKey))); err != nil {
				return err
			}
			if err := tx.Fulfil(ctx, idemKey, "answer:"+a.c.Key); err != nil {
				return err
			}
		}
		out = AnswerReceipt{ApplyNo: a.c.ApplyNo, QueryCode: group4(s.queryCode(idemKey)), State: a.c.State, Next: nextLines(a.c)}
		return nil
	})
	return out, err
}

// RecordConsent writes down an answer that a party gave at the window or on the phone.
func (s *Service) RecordConsent(ctx context.Context, who access.Actor, key, partyKey string, in AnswerInput, how string) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	if err := s.checkAnswer(ctx, &in, false); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		return a.answer(ctx, p.ID, in, how, "")
	})
}

func (s *Service) checkAnswer(ctx context.Context, in *AnswerInput, online bool) error {
	form := fault.Form{}
	in.Words = strings.TrimSpace(in.Words)
	form.Check(len([]rune(in.Words)) <= maxWords, "words", "请写得短一些，其余可以当面说")
	form.Check(!online || !in.Agree || in.Privacy != "", "privacy", "请阅读并同意个人信息告知书")
	if in.Phone != "" {
		phone, ok := s.out.NormPhone(in.Phone)
		form.Check(ok, "phone", "这个电话号码不对，请核对")
		in.Phone = phone
	}
	if in.Agree {
		checkSlots(form, in.Slots, s.db.Now())
		if in.Name != 0 {
			if err := s.checkMediators(ctx, s.db, form, []int64{in.Name}); err != nil {
				return err
			}
		}
	}
	return form.Err()
}

// answer carries a party's yes or no into the case.
func (a *act) answer(ctx context.Context, partyID int64, in AnswerInput, how, queryHash string) error {
	if err := a.s.putWords(ctx, a.tx, a.c.ID, partyID, WordsAnswer, in.Words); err != nil {
		return err
	}
	consent := "agreed"
	if !in.Agree {
		consent = "refused"
	}
	// An answer stands: a changed mind is a refusal (Decline) or a talk with the clerk.
	err := a.tx.Swap(ctx, `UPDATE case_parties SET consent = ?, consent_at = ?, consent_how = ?, consent_by = ?,
		query_hash = CASE WHEN ? = '' THEN query_hash ELSE ? END, version = version + 1 WHERE id = ? AND consent = 'waiting'`,
		consent, db.At(a.tx.Now), how, a.who.AccountID, queryHash, queryHash, partyID)
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "这份邀请已经答复过了")
	}
	if err != nil {
		return err
	}
	var side Side
	if err := a.tx.Get(ctx, &side, `SELECT side FROM case_parties WHERE id = ?`, partyID); err != nil {
		return err
	}
	if side == SideThird {
		return a.thirdAnswered(ctx, partyID, in, consent)
	}
	if !in.Agree {
		if err := a.refusedByParty(ctx, partyID); err != nil {
			return err
		}
		return a.record(ctx, "case.answer", map[string]any{"consent": consent})
	}
	if err := a.takeWishes(ctx, partyID, in); err != nil {
		return err
	}
	return a.record(ctx, "case.answer", map[string]any{"consent": consent})
}

// thirdAnswered notes a third party's word. Mediation goes on with or without it: only the sides
// must agree, and a third one may be asked at any time.
func (a *act) thirdAnswered(ctx context.Context, partyID int64, in AnswerInput, consent string) error {
	if !a.c.State.Open() {
		return errClosedCase
	}
	if in.Agree {
		if err := a.learnPhone(ctx, partyID, in.Phone); err != nil {
			return err
		}
		if err := putSlots(ctx, a.tx, a.c.ID, partyID, in.Slots); err != nil {
			return err
		}
	}
	if err := a.save(ctx); err != nil {
		return err
	}
	words := "第三人同意参加调解"
	if !in.Agree {
		words = "第三人不参加调解"
	}
	if err := a.event(ctx, "third", a.c.State, true, words); err != nil {
		return err
	}
	return a.record(ctx, "case.answer", map[string]any{"consent": consent, "third": true})
}

// takeWishes stores what an agreeing party wants and moves on when everybody has agreed.
func (a *act) takeWishes(ctx context.Context, partyID int64, in AnswerInput) error {
	if err := a.learnPhone(ctx, partyID, in.Phone); err != nil {
		return err
	}
	choices, err := choicesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	for _, ch := range choices {
		if ch.Kind == "ranked" && ch.PartyID != partyID && (in.AnyOne || slices.Contains(in.Approve, ch.MediatorID)) {
			if err := putChoice(ctx, a.tx, a.c.ID, partyID, ch.MediatorID, ch.Rank, "approved"); err != nil {
				return err
			}
		}
	}
	if in.Name != 0 {
		if err := putChoice(ctx, a.tx, a.c.ID, partyID, in.Name, maxRanked+1, "named"); err != nil {
			return err
		}
	}
	if err := putSlots(ctx, a.tx, a.c.ID, partyID, in.Slots); err != nil {
		return err
	}
	if err := a.recheckChoices(ctx); err != nil {
		return err
	}
	parties, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	a.facts.AllAgreed = !slices.ContainsFunc(parties, func(p PartyView) bool { return p.Must() && p.Consent != "agreed" })
	if a.facts.AllAgreed {
		return a.consented(ctx)
	}
	if err := a.save(ctx); err != nil {
		return err
	}
	return a.event(ctx, VerbConsent, a.c.State, true, "一方同意调解，还在等其他方")
}

// learnPhone keeps the number at which an answering party can be reached.
func (a *act) learnPhone(ctx context.Context, partyID int64, phone string) error {
	if phone == "" {
		return nil
	}
	var key string
	if err := a.tx.Get(ctx, &key, `SELECT key FROM case_parties WHERE id = ?`, partyID); err != nil {
		return err
	}
	_, err := a.tx.Exec(ctx, `UPDATE case_parties SET phone_sealed = ?, phone_index = ? WHERE id = ?`,
		a.s.box.Seal(partyPlace("phone", key), phone), a.s.box.Blind("phone", phone), partyID)
	return err
}

// recheckChoices runs the conflict check for everybody chosen: new names, new phones.
func (a *act) recheckChoices(ctx context.Context) error {
	var ids []int64
	err := a.tx.Select(ctx, &ids, `SELECT DISTINCT mediator_id FROM case_choices WHERE case_id = ? ORDER BY mediator_id`, a.c.ID)
	if err != nil {
		return err
	}
	return a.s.findConflicts(ctx, a.tx, a.c.ID, ids)
}

// Choose lets an applicant take the mediator whom the other side named; Choose with 0 leaves
// it to the street. Silence does the same, by a clock.
func (s *Service) Choose(ctx context.Context, pass Pass, mediatorID int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.enter(ctx, tx, pass)
		if err != nil {
			return err
		}
		if a.c.State != Consented || a.c.MediatorID != 0 {
			return fault.New(fault.Conflict, "调解员已经确定，或案件已经往前走了")
		}
		if mediatorID != 0 {
			if err := a.chooseNamed(ctx, pass.partyID, mediatorID); err != nil {
				return err
			}
		}
		if err := a.hold(ctx, HeldByClerk, StepAccept, 0, 0); err != nil {
			return err
		}
		id, _, err := a.settle(ctx)
		if err != nil {
			return err
		}
		if id != 0 {
			err = a.appoint(ctx, id, "chosen", pass.partyID, "当事人共同选定了调解员")
		} else if err = a.save(ctx); err == nil {
			err = a.event(ctx, VerbAppoint, a.c.State, true, "当事人请街道指定调解员")
		}
		if err != nil {
			return err
		}
		return a.record(ctx, "case.choose", nil)
	})
}

// chooseNamed notes the party's word for a mediator whom another party ranked or named.
func (a *act) chooseNamed(ctx context.Context, partyID, mediatorID int64) error {
	choices, err := choicesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(choices, func(c Choice) bool { return c.MediatorID == mediatorID && c.PartyID != partyID }) {
		return fault.At("mediator", "请从对方提出的人选里选择")
	}
	if err := putChoice(ctx, a.tx, a.c.ID, partyID, mediatorID, maxRanked+1, "approved"); err != nil {
		return err
	}
	return a.recheckChoices(ctx)
}
