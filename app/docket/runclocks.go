package docket

import (
	"context"
	"errors"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// clockBatch bounds one run; the rest comes a minute later.
const clockBatch = 200

// clockRunner is the actor of what clocks do.
var clockRunner = access.System("期限")

// RunClocks carries out what the clocks that ran out demand, and tells how many did. The
// server calls it each minute. It is idempotent: a clock is ended in the transaction of
// its consequence, so a crash or a second runner repeats nothing.
func (s *Service) RunClocks(ctx context.Context) (int, error) {
	var due []Clock
	err := s.db.Select(ctx, &due, `SELECT `+clockColumns+` FROM case_clocks WHERE ended_at IS NULL AND paused_at IS NULL
		AND due_at <= ? ORDER BY due_at, id LIMIT ?`, db.At(s.db.Now()), clockBatch)
	if err != nil {
		return 0, err
	}
	n := 0
	var failures []error
	for _, k := range due {
		// One case that can't be moved must not stop the others.
		ran, err := s.runClock(ctx, k.ID, k.CaseID)
		if err != nil {
			failures = append(failures, err)
		}
		if ran {
			n++
		}
	}
	return n, errors.Join(failures...)
}

func (s *Service) runClock(ctx context.Context, id, caseID int64) (ran bool, err error) {
	err = s.retryWithoutBooking(ctx, func(tx *db.Tx, rebook bool) error {
		ran = false
		a, err := s.beginID(ctx, tx, clockRunner, caseID)
		if err != nil {
			return err
		}
		var k Clock
		err = tx.Get(ctx, &k, `UPDATE case_clocks SET ended_at = ?, end_how = 'missed' WHERE id = ? AND ended_at IS NULL AND paused_at IS NULL
			AND due_at <= ? RETURNING `+clockColumns, db.At(tx.Now), id, db.At(tx.Now))
		if fault.Is(err, fault.NotFound) {
			return nil // met meanwhile, or another runner was quicker
		}
		if err != nil {
			return err
		}
		ran = true
		if err := a.missed(ctx, k, rebook); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, clockRunner, "clock.missed", audit.Ref{Kind: "case", Key: a.c.Key}, map[string]any{"step": k.Step})
	})
	return ran, err
}

// missed is what follows when a step was not done in time.
func (a *act) missed(ctx context.Context, k Clock, rebook bool) error {
	switch k.Step {
	case StepAnswer:
		return a.toDesk(ctx, StepSilence, "对方还没有答复，已转窗口跟进")
	case StepChoose:
		return a.toDesk(ctx, StepAccept, "各方没有在期限内选定调解员，由街道指定")
	case StepMediatorAnswer, StepLiaisonAnswer:
		return a.unanswered(ctx, k, rebook)
	case StepTerm:
		e := Ending{Reason: "expired", Remedies: DefaultRemedies(a.c.TypeCode)}
		return a.end(ctx, VerbExpire, e, 0, "调解期限届满，调解终止，已告知其他救济途径（深圳条例第二十五条）")
	}
	// The office's own deadlines: the case stays where it lies, late on every desk that shows it.
	if err := a.save(ctx); err != nil {
		return err
	}
	return a.event(ctx, "late", a.c.State, false, "超过内部办理时限："+k.RuleName)
}

// toDesk gives the case to the clerk, with a new clock.
func (a *act) toDesk(ctx context.Context, step Step, words string) error {
	if err := a.hold(ctx, HeldByClerk, step, 0, 0); err != nil {
		return err
	}
	if err := a.save(ctx); err != nil {
		return err
	}
	return a.event(ctx, "silent", a.c.State, true, words)
}

// unanswered handles the silence of a mediator or liaison about a date.
func (a *act) unanswered(ctx context.Context, k Clock, rebook bool) error {
	ses, live, err := a.liveSession(ctx)
	if err != nil {
		return err
	}
	if !live || ses.ID != k.SessionID || ses.State != "asked" {
		return a.save(ctx)
	}
	a.facts.LiveSession = true
	if k.Step == StepMediatorAnswer {
		return a.passOn(ctx, ses, "silent", "", rebook)
	}
	return a.liaisonGone(ctx, ses, "silent", "")
}
