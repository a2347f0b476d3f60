package docket

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Apply takes a request for mediation (申请调解), by anybody and without an account. The
// same idemKey gives the same receipt and one case. Errors: fault.Form with the
// fields named at Application.
func (s *Service) Apply(ctx context.Context, who access.Actor, a Application, idemKey string) (Receipt, error) {
	if err := who.Check(access.Public); err != nil {
		return Receipt{}, err
	}
	a.Channel, a.Origin, a.Risk, a.NeedsLiaison = "web", "party", "green", false
	a.Parties = slices.Clone(a.Parties) // the caller's form stays as it was typed
	for i := range a.Parties {
		a.Parties[i].Agrees = false // nobody consents for the other side
	}
	return s.take(ctx, who, a, idemKey, Applicant)
}

// Register writes down a request made at the window, by phone or on a visit; the clerk
// may note that parties who are present want mediation (law.md 3.4 受理登记表).
func (s *Service) Register(ctx context.Context, who access.Actor, a Application, idemKey string) (Receipt, error) {
	if err := who.Check(access.CaseTake); err != nil {
		return Receipt{}, err
	}
	if a.Channel == "" {
		a.Channel = "window"
	}
	hand := HandClerk
	if who.IsSystem() {
		hand = HandSystem
	}
	return s.take(ctx, who, a, idemKey, hand)
}

func (s *Service) take(ctx context.Context, who access.Actor, a Application, idemKey string, hand Hand) (Receipt, error) {
	if len(idemKey) < 16 {
		return Receipt{}, fault.New(fault.Invalid, "表单已失效，请刷新页面再提交")
	}
	if err := s.check(ctx, s.db, &a, hand == Applicant); err != nil {
		return Receipt{}, err
	}
	var out Receipt
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		prior, first, err := tx.Claim(ctx, idemKey)
		if err != nil {
			return err
		}
		if !first {
			out, err = s.receipt(ctx, tx, prior, idemKey)
			return err
		}
		n, err := s.draft(ctx, tx, who, a, idemKey, hand)
		if err != nil {
			return err
		}
		if err := s.store(ctx, tx, who, n, a); err != nil {
			return err
		}
		if err := tx.Fulfil(ctx, idemKey, receiptPrefix+n.Key); err != nil {
			return err
		}
		out = s.receiptFor(n.Case, idemKey)
		return nil
	})
	return out, err
}

// store writes the new case with its first clock, the conflict check's findings and the trail.
func (s *Service) store(ctx context.Context, tx *db.Tx, who access.Actor, n *newCase, a Application) error {
	if err := s.insertCase(ctx, tx, n); err != nil {
		return err
	}
	c := n.Case
	act := &act{s: s, tx: tx, who: who, hands: []Hand{n.hand}, old: c, c: c}
	if err := recount(ctx, tx, nil, &c); err != nil {
		return err
	}
	clock, err := s.startClock(ctx, tx, c, StepFirstContact, 0, 0)
	if err != nil {
		return err
	}
	act.c.HolderDue = clock.DueAt
	act.facts.AllAgreed = allAgreed(n.parties)
	if act.facts.AllAgreed {
		err = act.consented(ctx)
	} else {
		err = act.save(ctx)
	}
	if err != nil {
		return err
	}
	tx.Touch("cases")
	if err := s.findConflicts(ctx, tx, c.ID, n.choices); err != nil {
		return err
	}
	n.Case = act.c
	return s.trail.Record(ctx, tx, who, "case.apply", audit.Ref{Kind: "case", Key: c.Key}, map[string]any{"channel": a.Channel, "type": a.TypeCode})
}

// draft makes the case row and its parties of a checked application.
func (s *Service) draft(ctx context.Context, tx *db.Tx, who access.Actor, a Application, idemKey string, hand Hand) (*newCase, error) {
	no, err := newApplyNo(ctx, tx, tx.Now)
	if err != nil {
		return nil, err
	}
	typeName, _, err := s.out.TypeName(ctx, tx, a.TypeCode)
	if err != nil {
		return nil, err
	}
	n := &newCase{hand: hand, account: who.AccountID, choices: a.Mediators, slots: a.Slots, story: a.Words, photos: a.Photos}
	n.Case = Case{Key: seal.NewKey(), ApplyNo: no, State: Applied, TypeCode: a.TypeCode,
		CommunityID: a.CommunityID, Title: titleOf(a.Parties, typeName), Summary: a.Summary, Place: a.Place, Origin: a.Origin,
		Channel: a.Channel, RegisteredBy: who.AccountID, AskStreet: a.AskStreet || len(a.Mediators) == 0, Privacy: a.Privacy,
		AppliedAt: db.At(tx.Now), AppliedDay: tx.Day(), Risk: a.Risk, NeedsLiaison: a.NeedsLiaison,
		// The true due time comes with the clock, in the same transaction.
		Holder: HeldByClerk, HolderDue: db.At(tx.Now), Version: 1}
	if n.Summary == "" {
		n.Summary = Brief(a.Words)
	}
	for i, in := range a.Parties {
		p, err := s.makeParty(in, i+1)
		if err != nil {
			return nil, err
		}
		// Asking for mediation is the applicant's own consent to it.
		if in.Side == SideApplicant || in.Agrees {
			p.Consent, p.ConsentAt, p.ConsentHow, p.ConsentBy = "agreed", n.AppliedAt, a.Channel, who.AccountID
		}
		if i == 0 {
			p.QueryHash = s.queryHash(no, s.queryCode(idemKey))
		}
		n.parties = append(n.parties, p)
	}
	return n, nil
}

// newApplyNo makes an application number that doesn't tell the next one: day and eight random digits.
func newApplyNo(ctx context.Context, tx *db.Tx, at time.Time) (string, error) {
	for {
		no := "TJ" + at.In(db.Shanghai).Format("060102") + seal.NewCode(8)
		var taken bool
		err := tx.Get(ctx, &taken, `SELECT EXISTS (SELECT 1 FROM cases WHERE apply_no = ?)`, no)
		if err != nil || !taken {
			return no, err
		}
	}
}

// titleOf names a case by its parties and kind: 张三与李四邻里纠纷 (卷名).
func titleOf(parties []PartyInput, typeName string) string {
	first := map[Side]string{}
	more := map[Side]bool{}
	for _, p := range parties {
		if first[p.Side] == "" {
			if first[p.Side] = p.Name; p.Name == "" {
				first[p.Side] = "对方"
			}
			continue
		}
		more[p.Side] = true
	}
	for side := range more {
		first[side] += "等"
	}
	return first[SideApplicant] + "与" + first[SideRespondent] + disputeName(typeName)
}

func allAgreed(parties []newParty) bool {
	for _, p := range parties {
		if p.Must() && p.Consent != "agreed" {
			return false
		}
	}
	return true
}

const receiptPrefix = "case:"

// queryCode is made from the form's key by a secret of the installation: nothing but
// its hash is stored, and the form that made the request can have it again.
func (s *Service) queryCode(idemKey string) string {
	n, _ := new(big.Int).SetString(s.box.HashToken("query-code", idemKey), 16) // hex by construction
	return fmt.Sprintf("%016d", n.Mod(n, big.NewInt(1e16)))
}

func group4(code string) string {
	var parts []string
	for len(code) > 4 {
		parts, code = append(parts, code[:4]), code[4:]
	}
	return strings.Join(append(parts, code), " ")
}

func (s *Service) receiptFor(c Case, idemKey string) Receipt {
	return Receipt{CaseKey: c.Key, ApplyNo: c.ApplyNo, QueryCode: group4(s.queryCode(idemKey)), AppliedAt: c.AppliedAt.Time, Next: nextLines(c)}
}

// receipt finds the case that a carried-out form made.
func (s *Service) receipt(ctx context.Context, r db.Reader, location, idemKey string) (Receipt, error) {
	key, ok := strings.CutPrefix(location, receiptPrefix)
	if !ok {
		return Receipt{}, fault.New(fault.Conflict, "表单已失效，请刷新页面再提交")
	}
	var c Case
	if err := r.Get(ctx, &c, `SELECT `+caseColumns+` FROM cases c WHERE c.key = ?`, key); err != nil {
		return Receipt{}, err
	}
	return s.receiptFor(c, idemKey), nil
}

// receiptLife is how long the form that made a request can have its receipt again.
const receiptLife = 24 * time.Hour

// ReceiptOf gives the receipt again to whoever holds the form's key, for a day.
func (s *Service) ReceiptOf(ctx context.Context, applyNo, idemKey string) (Receipt, error) {
	no := normNo(applyNo)
	var c Case
	err := s.db.Get(ctx, &c, `SELECT `+caseColumns+` FROM cases c JOIN case_parties p ON p.case_id = c.id
		WHERE c.apply_no = ? AND p.query_hash = ? AND c.applied_at > ?`, no, s.queryHash(no, s.queryCode(idemKey)),
		db.At(s.db.Now().Add(-receiptLife)))
	if fault.Is(err, fault.NotFound) {
		err = errNoCase
	}
	return s.receiptFor(c, idemKey), err
}

// disputeName writes the kind of dispute at the end of a title: 邻里纠纷, 劳动争议.
func disputeName(typeName string) string {
	if strings.HasSuffix(typeName, "纠纷") || strings.HasSuffix(typeName, "争议") {
		return typeName
	}
	return typeName + "纠纷"
}
