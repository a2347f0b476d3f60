package docket

import (
	"cmp"
	"context"
	"slices"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// consented moves the case on once every side wants mediation, and settles the
// mediator when the sides' choices meet.
func (a *act) consented(ctx context.Context) error {
	settled, deadlock, err := a.settle(ctx)
	if err != nil {
		return err
	}
	switch {
	case settled == 0 && deadlock:
		err = a.hold(ctx, HeldByParty, StepChoose, 0, 0)
	default:
		err = a.hold(ctx, HeldByClerk, StepAccept, 0, 0)
	}
	if err != nil {
		return err
	}
	words := "各方都同意调解"
	if deadlock {
		words += "，调解员还要再商量"
	}
	if err := a.do(ctx, VerbConsent, true, words); err != nil {
		return err
	}
	if settled != 0 {
		return a.appoint(ctx, settled, "chosen", 0, "当事人共同选定了调解员")
	}
	return nil
}

// settle finds the mediator on whom all sides agree: the first of the applicant's
// ranking that every other side approved. deadlock says that a side named another.
func (a *act) settle(ctx context.Context) (mediator int64, deadlock bool, err error) {
	choices, err := choicesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return 0, false, err
	}
	parties, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return 0, false, err
	}
	bar, err := barred(ctx, a.tx, a.c.ID)
	if err != nil {
		return 0, false, err
	}
	id, deadlock := meet(choices, parties, bar)
	return id, deadlock, nil
}

// meet is settle's rule: pure, so that it can be tried on every constellation.
func meet(choices []Choice, parties []PartyView, bar map[int64]bool) (mediator int64, deadlock bool) {
	wanted := map[int64]map[int64]bool{} // mediator → parties that want them
	var order []int64
	for _, c := range choices {
		if !c.DeclinedAt.IsZero() || bar[c.MediatorID] {
			continue
		}
		if wanted[c.MediatorID] == nil {
			wanted[c.MediatorID] = map[int64]bool{}
			order = append(order, c.MediatorID)
		}
		wanted[c.MediatorID][c.PartyID] = true
		deadlock = deadlock || c.Kind == "named"
	}
	// Applicants who joined the first one's request without an own ranking go along with it.
	spoke := map[int64]bool{}
	for _, c := range choices {
		spoke[c.PartyID] = true
	}
	for _, id := range order {
		all := true
		for _, p := range parties {
			if p.Must() && (spoke[p.ID] || p.Side == SideRespondent) && !wanted[id][p.ID] {
				all = false
			}
		}
		if all {
			return id, false
		}
	}
	return 0, deadlock
}

// choicesOf reads the choices in the order of wish: by rank, the applicant's before the others'.
func choicesOf(ctx context.Context, r db.Reader, caseID int64) ([]Choice, error) {
	var cs []Choice
	return cs, r.Select(ctx, &cs, `SELECT party_id, mediator_id, rank, kind, declined_at FROM case_choices WHERE case_id = ?
		ORDER BY rank, party_id, mediator_id`, caseID)
}

func byWish(a, b Choice) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.PartyID, b.PartyID), cmp.Compare(a.MediatorID, b.MediatorID))
}

// appoint makes the mediator the case's own, with the conflict check's findings kept.
func (a *act) appoint(ctx context.Context, mediator int64, method string, party int64, words string) error {
	if err := a.s.findConflicts(ctx, a.tx, a.c.ID, []int64{mediator}); err != nil {
		return err
	}
	bar, err := barred(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	if bar[mediator] {
		return fault.At("mediator", "这位调解员与当事人有应当回避的关系，请另选一位")
	}
	_, err = a.tx.Exec(ctx, `INSERT INTO case_mediators (case_id, mediator_id, method, by_party_id, by_account_id, since) VALUES (?,?,?,?,?,?)`,
		a.c.ID, mediator, method, party, a.who.AccountID, db.At(a.tx.Now))
	if err != nil {
		return err
	}
	a.c.MediatorID = mediator
	if err := a.do(ctx, VerbAppoint, true, words); err != nil {
		return err
	}
	return a.tellMediator(ctx, mediator, "case.appointed", "您被选为调解员，案件 "+a.c.No()+"。请先看利益冲突提示，并在第一次调解前披露。")
}

// dismiss ends the current mediator's time on the case.
func (a *act) dismiss(ctx context.Context, why string) error {
	_, err := a.tx.Exec(ctx, `UPDATE case_mediators SET until = ?, end_reason = ? WHERE case_id = ? AND until IS NULL`,
		db.At(a.tx.Now), why, a.c.ID)
	if err != nil {
		return err
	}
	_, err = a.tx.Exec(ctx, `UPDATE case_choices SET declined_at = ? WHERE case_id = ? AND mediator_id = ? AND declined_at IS NULL`,
		db.At(a.tx.Now), a.c.ID, a.c.MediatorID)
	a.c.MediatorID = 0
	return err
}

// disclosed tells whether the current mediator has disclosed.
func (a *act) disclosed(ctx context.Context) (bool, error) {
	var yes bool
	return yes, a.tx.Get(ctx, &yes, `SELECT EXISTS (SELECT 1 FROM case_mediators WHERE case_id = ? AND until IS NULL
		AND disclosed_at IS NOT NULL)`, a.c.ID)
}

// nextRanked gives the mediator after the present one in the ranking on which all sides agree.
func (a *act) nextRanked(ctx context.Context) (int64, error) {
	id, _, err := a.settle(ctx)
	if id == a.c.MediatorID || err != nil {
		return 0, err
	}
	ms, err := a.s.out.Mediators(ctx, a.tx, []int64{id})
	if err != nil || !slices.ContainsFunc(ms, func(m MediatorInfo) bool { return m.Listed }) {
		return 0, err
	}
	return id, nil
}
