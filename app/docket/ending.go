package docket

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// checkEnding refuses an ending without lawful reason or without the notice of remedies (人民调解法26).
func checkEnding(e Ending, reasons []Word) error {
	form := fault.Form{}
	form.Check(Known(reasons, e.Reason), "reason", "请选择原因")
	form.Check(e.Reason != "other" || strings.TrimSpace(e.Words) != "", "words", "请写明具体原因")
	form.Check(len(e.Remedies) > 0, "remedies", "请至少告知一种其他救济途径")
	for _, code := range e.Remedies {
		form.Check(Known(Remedies, code), "remedies", "没有这种救济途径")
	}
	return form.Err()
}

// end closes the case with reason and notice. It releases what was booked and tells everybody.
func (a *act) end(ctx context.Context, v Verb, e Ending, partyID int64, words string) error {
	a.c.EndReason, a.c.Remedies = e.Reason, strings.Join(e.Remedies, ",")
	a.facts.Reasoned = a.c.EndReason != "" && a.c.Remedies != ""
	if err := a.s.putWords(ctx, a.tx, a.c.ID, partyID, WordsReason, e.Words); err != nil {
		return err
	}
	if err := a.dropSession(ctx, words); err != nil {
		return err
	}
	if err := a.do(ctx, v, true, words); err != nil {
		return err
	}
	return a.noticeRemedies(ctx, e)
}

// noticeRemedies keeps on record, per party, which other ways it was told of and how.
func (a *act) noticeRemedies(ctx context.Context, e Ending) error {
	parties, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	how := e.How
	if how == "" {
		how = "message"
	}
	for _, p := range parties {
		if p.Side != SideApplicant && p.InvitedAt.IsZero() && p.Consent == "waiting" {
			continue // has never heard of the case
		}
		_, err := a.tx.Exec(ctx, `INSERT INTO case_notices (case_id, party_id, kind, remedies, how, at) VALUES (?,?,'remedies',?,?,?)`,
			a.c.ID, p.ID, a.c.Remedies, how, db.At(a.tx.Now))
		if err != nil {
			return err
		}
		body := "调解申请 " + a.c.ApplyNo + "：" + a.c.State.Label() + "。您还可以：" + remediesText(e.Remedies) + "。需要帮助请到街道窗口。"
		if err := a.tellSide(ctx, p, "case.ended", body); err != nil {
			return err
		}
	}
	return nil
}

// refusedByParty ends the case at one party's clear word, from whatever open state (深圳条例21).
func (a *act) refusedByParty(ctx context.Context, partyID int64) error {
	e := Ending{Reason: "declined", Remedies: DefaultRemedies(a.c.TypeCode)}
	return a.end(ctx, VerbDecline, e, partyID, "一方当事人明确表示不接受调解，已告知其他救济途径")
}

// Decline is a party's clear refusal, possible at every moment and without a reason
// (人民调解法17, 23; 深圳条例21).
func (s *Service) Decline(ctx context.Context, pass Pass, words string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.enter(ctx, tx, pass)
		if err != nil {
			return err
		}
		return a.decline(ctx, pass.partyID, words)
	})
}

// DeclineFor writes down a party's refusal told to clerk or mediator.
func (s *Service) DeclineFor(ctx context.Context, who access.Actor, key, partyKey, words string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		return a.decline(ctx, p.ID, words)
	})
}

func (a *act) decline(ctx context.Context, partyID int64, words string) error {
	if err := a.s.putWords(ctx, a.tx, a.c.ID, partyID, WordsReason, strings.TrimSpace(words)); err != nil {
		return err
	}
	if err := a.refusedByParty(ctx, partyID); err != nil {
		return err
	}
	return a.record(ctx, "case.decline", nil)
}

// Withdraw takes the applicant's request back.
func (s *Service) Withdraw(ctx context.Context, pass Pass) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.enter(ctx, tx, pass)
		if err != nil {
			return err
		}
		return a.withdraw(ctx)
	})
}

// WithdrawFor writes down a withdrawal told at the window.
func (s *Service) WithdrawFor(ctx context.Context, who access.Actor, key string, version int64) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, version)
		if err != nil {
			return err
		}
		return a.withdraw(ctx)
	})
}

func (a *act) withdraw(ctx context.Context) error {
	e := Ending{Reason: "withdrew", Remedies: DefaultRemedies(a.c.TypeCode)}
	if err := a.end(ctx, VerbWithdraw, e, 0, "申请人撤回了申请"); err != nil {
		return err
	}
	return a.record(ctx, "case.withdraw", nil)
}

// EndCase ends mediation (终止) by mediator or clerk, with a lawful reason (深圳条例28)
// and the notice of remedies. Form fields: reason, words, remedies.
func (s *Service) EndCase(ctx context.Context, who access.Actor, key string, version int64, e Ending) error {
	if err := checkEnding(e, EndReasons); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, version)
		if err != nil {
			return err
		}
		return a.endNow(ctx, e)
	})
}

func (a *act) endNow(ctx context.Context, e Ending) error {
	if err := a.end(ctx, VerbEnd, e, 0, "调解终止："+LabelOf(EndReasons, e.Reason)+"，已告知其他救济途径"); err != nil {
		return err
	}
	return a.record(ctx, "case.end", map[string]any{"reason": e.Reason})
}

// RefuseCase declines to take the case (不予受理), with reason and notice. Form fields as EndCase.
func (s *Service) RefuseCase(ctx context.Context, who access.Actor, key string, version int64, e Ending) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	if err := checkEnding(e, RefuseReasons); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, version)
		if err != nil {
			return err
		}
		if err := a.end(ctx, VerbRefuse, e, 0, "不予受理："+LabelOf(RefuseReasons, e.Reason)+"，已告知其他救济途径"); err != nil {
			return err
		}
		return a.record(ctx, "case.refuse", map[string]any{"reason": e.Reason})
	})
}

// Suspend halts the case and its term: an appraisal, or suspected collusion (深圳条例85).
func (s *Service) Suspend(ctx context.Context, who access.Actor, key string, version int64, words string) error {
	if strings.TrimSpace(words) == "" {
		return fault.At("words", "请写明中止的原因")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, version)
		if err != nil {
			return err
		}
		if err := a.s.putWords(ctx, tx, a.c.ID, 0, WordsSuspend, words); err != nil {
			return err
		}
		if err := a.dropSession(ctx, "案件中止"); err != nil {
			return err
		}
		if err := pauseTerm(ctx, a.tx, a.c.ID, db.At(a.tx.Now), "中止"); err != nil {
			return err
		}
		if err := a.hold(ctx, HeldByClerk, StepReview, 0, 0); err != nil {
			return err
		}
		if err := a.do(ctx, VerbSuspend, true, "调解中止，期限停止计算"); err != nil {
			return err
		}
		return a.record(ctx, "case.suspend", nil)
	})
}

// Resume lets a suspended case go on; its term moves by the time it stood.
func (s *Service) Resume(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, version)
		if err != nil {
			return err
		}
		if err := a.resumeTerm(ctx); err != nil {
			return err
		}
		if a.facts.Begun, err = a.begun(ctx); err != nil {
			return err
		}
		holder, step := HeldByClerk, StepSchedule
		if a.facts.Begun {
			holder, step = HeldByMediator, StepNextSession
		}
		if err := a.hold(ctx, holder, step, 0, 0); err != nil {
			return err
		}
		if err := a.do(ctx, VerbResume, true, "调解恢复，期限继续计算"); err != nil {
			return err
		}
		return a.record(ctx, "case.resume", nil)
	})
}

// begun tells whether a session of the case was held.
func (a *act) begun(ctx context.Context) (bool, error) {
	var yes bool
	return yes, a.tx.Get(ctx, &yes, `SELECT EXISTS (SELECT 1 FROM case_events WHERE case_id = ? AND verb = ?)`, a.c.ID, VerbBegin)
}
