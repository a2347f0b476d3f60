package docket

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Appoint settles who mediates (人民调解法19) when the parties' choices don't meet or they
// left it to the street. It is logged as 指定, or as 当事人选择 when every side had
// wished for this mediator. over is the reason for a mediator who has as many open cases
// as the cap allows, "" for none. Form fields: mediator, over.
func (s *Service) Appoint(ctx context.Context, who access.Actor, key string, version, mediatorID int64, over string) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, version)
		if err != nil {
			return err
		}
		if err := a.appointBy(ctx, mediatorID, over); err != nil {
			return err
		}
		return a.record(ctx, "case.appoint", map[string]any{"mediator": mediatorID})
	})
}

// appointBy is the clerk's appointment. A mediator in place stays: who wants another
// goes by Replace, which is a party's right.
func (a *act) appointBy(ctx context.Context, mediatorID int64, over string) error {
	if a.c.MediatorID != 0 {
		return fault.At("mediator", "已经有调解员了；要更换请先记录当事人的更换要求")
	}
	form := fault.Form{}
	if mediatorID == 0 {
		form.Add("mediator", "请选择一位调解员")
	} else if ms, err := a.s.out.Mediators(ctx, a.tx, []int64{mediatorID}); err != nil {
		return err
	} else if len(ms) == 0 || !ms[0].Listed {
		form.Add("mediator", "这位调解员现在不能接案，请另选一位")
	}
	if err := form.Err(); err != nil {
		return err
	}
	if err := a.withinCap(ctx, mediatorID, strings.TrimSpace(over)); err != nil {
		return err
	}
	method, words := "appointed", "街道指定了调解员"
	if id, _, err := a.settle(ctx); err != nil {
		return err
	} else if id == mediatorID {
		method, words = "chosen", "按当事人的选择确定了调解员"
	}
	if err := a.toMediator(ctx); err != nil {
		return err
	}
	return a.appoint(ctx, mediatorID, method, 0, words)
}

// toMediator gives the holder's clock anew after an appointment: to schedule is the next step.
func (a *act) toMediator(ctx context.Context) error {
	switch a.c.State {
	case Accepted:
		return a.hold(ctx, HeldByClerk, StepSchedule, 0, 0)
	case Mediating:
		return a.hold(ctx, HeldByClerk, StepNextSession, 0, 0)
	}
	return a.hold(ctx, HeldByClerk, StepAccept, 0, 0)
}

// Disclose keeps what the mediator tells of ties to the parties before the first session;
// "" means that there is nothing to disclose (深圳条例22).
func (s *Service) Disclose(ctx context.Context, who access.Actor, key, words string) error {
	words = strings.TrimSpace(words)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, 0)
		if err != nil {
			return err
		}
		a.facts.HasMediator = a.c.MediatorID != 0
		kind, public := "none", "调解员声明：与各方没有需要披露的关系"
		if words != "" {
			kind, public = "told", "调解员披露了与当事人的关系，当事人可以要求更换"
		}
		var id int64
		if err := tx.Get(ctx, &id, `SELECT id FROM case_mediators WHERE case_id = ? AND until IS NULL`, a.c.ID); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE case_mediators SET disclosed_at = ?, disclosure = ?, disclosed_sealed = ? WHERE id = ?`,
			db.At(tx.Now), kind, s.box.Seal(disclosurePlace(id), words), id)
		if err != nil {
			return err
		}
		if err := a.do(ctx, VerbDisclose, true, public); err != nil {
			return err
		}
		if kind == "told" {
			body := "调解申请 " + a.c.ApplyNo + "：调解员披露了可能影响公正的关系。您不需要理由就可以要求更换调解员。"
			if err := a.tellParties(ctx, "case.disclosed", body); err != nil {
				return err
			}
		}
		return a.record(ctx, "case.disclose", map[string]any{"kind": kind})
	})
}

// Replace takes the mediator off the case at one party's word. No approval and no reason
// is needed (深圳条例23: 一方当事人要求调解员回避的，调解员应当回避).
func (s *Service) Replace(ctx context.Context, pass Pass, words string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.enter(ctx, tx, pass)
		if err != nil {
			return err
		}
		return a.replace(ctx, pass.partyID, words)
	})
}

// ReplaceFor writes down a party's wish told to clerk or mediator.
func (s *Service) ReplaceFor(ctx context.Context, who access.Actor, key, partyKey, words string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		return a.replace(ctx, p.ID, words)
	})
}

func (a *act) replace(ctx context.Context, partyID int64, words string) error {
	a.facts.HasMediator = a.c.MediatorID != 0
	if _, err := Find(a.c.State, VerbReplace, a.hands, a.facts); err != nil {
		return err
	}
	if err := a.s.putWords(ctx, a.tx, a.c.ID, partyID, WordsReplace, strings.TrimSpace(words)); err != nil {
		return err
	}
	left := a.c.MediatorID
	if err := a.dropSession(ctx, "更换调解员"); err != nil {
		return err
	}
	if err := a.dismiss(ctx, "一方当事人要求更换"); err != nil {
		return err
	}
	if err := a.toClerk(ctx); err != nil {
		return err
	}
	if err := a.do(ctx, VerbReplace, true, "应一方当事人要求更换调解员"); err != nil {
		return err
	}
	if err := a.tellMediator(ctx, left, "case.replaced", "案件 "+a.c.No()+" 的一方当事人要求更换调解员，您不再承办此案。"); err != nil {
		return err
	}
	// The ranking goes on by itself; only without a next one the clerk must choose.
	next, err := a.nextRanked(ctx)
	if err != nil {
		return err
	}
	if next != 0 {
		err := a.asSystem(func() error { return a.appoint(ctx, next, "next", 0, "按当事人的排序递补了调解员") })
		if err != nil {
			return err
		}
	}
	if err := a.tellParties(ctx, "case.replaced", "调解申请 "+a.c.ApplyNo+"：已按要求更换调解员，新的时间会再通知您。"); err != nil {
		return err
	}
	return a.record(ctx, "case.replace", nil)
}

// toClerk puts the case on the clerk's desk with the clock that fits its state.
func (a *act) toClerk(ctx context.Context) error {
	switch a.c.State {
	case Consented:
		return a.hold(ctx, HeldByClerk, StepAccept, 0, 0)
	case Suspended:
		return a.hold(ctx, HeldByClerk, StepReview, 0, 0)
	case Mediating:
		return a.hold(ctx, HeldByClerk, StepNextSession, 0, 0)
	}
	return a.hold(ctx, HeldByClerk, StepSchedule, 0, 0)
}

func disclosurePlace(id int64) string { return "case_mediators.disclosed:" + itoa(id) }
