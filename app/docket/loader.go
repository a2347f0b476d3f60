package docket

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// LoadCase is one case to be loaded, with a believable past. It goes through the same
// inserts, counters and index as a request, but sends no message and has no audit row
// of its own: a batch is one row on the trail. Scheduled isn't loaded, since a date
// needs a booking: load it as Accepted and use Schedule.
type LoadCase struct {
	Application
	State      State
	AppliedAt  time.Time
	AcceptedAt time.Time // zero: two days after the request, for states after acceptance
	ClosedAt   time.Time // zero: ten days later, for closed states
	HeldSince  time.Time // zero: now; when the present holder's clock began, for open states
	Committee  Committee
	RoomID     int64
	MediatorID int64
	EndReason  string // for Ended and Refused
	Remedies   []string
}

// Loader fills the docket with many cases per transaction.
type Loader struct {
	s     *Service
	who   access.Actor
	batch int
	cases []LoadCase
	total int
	rules []Rule
	types map[string]string
	days  DayCounter
}

// NewLoader makes a Loader that writes batches of the given size; 500 is quick.
func (s *Service) NewLoader(ctx context.Context, who access.Actor, batch int) (*Loader, error) {
	if !who.IsSystem() {
		return nil, fault.New(fault.Forbidden, "只有系统可以批量装入案件")
	}
	l := &Loader{s: s, who: who, batch: max(1, batch), types: map[string]string{}}
	var err error
	if l.rules, err = s.Rules(ctx, s.db); err != nil {
		return nil, err
	}
	l.days, err = s.out.Days(ctx, s.db)
	return l, err
}

// Total tells how many cases were written.
func (l *Loader) Total() int { return l.total }

// Add takes a case, and writes when a batch is full.
func (l *Loader) Add(ctx context.Context, c LoadCase) error {
	if c.State == Scheduled || c.State == None {
		return fault.Newf(fault.Invalid, "不能直接装入状态为「%s」的案件", c.State.Label())
	}
	// The name is read outside the writing transaction, once per type.
	if _, known := l.types[c.TypeCode]; !known {
		name, _, err := l.s.out.TypeName(ctx, l.s.db, c.TypeCode)
		if err != nil {
			return err
		}
		l.types[c.TypeCode] = name
	}
	l.cases = append(l.cases, c)
	if len(l.cases) < l.batch {
		return nil
	}
	return l.Flush(ctx)
}

// Flush writes what waits.
func (l *Loader) Flush(ctx context.Context) error {
	if len(l.cases) == 0 {
		return nil
	}
	err := l.s.db.Write(ctx, func(tx *db.Tx) error {
		counts := tally{}
		for i, in := range l.cases {
			c, err := l.load(ctx, tx, in)
			if err != nil {
				return fmt.Errorf("case %d of the batch: %w", i, err)
			}
			counts.add(&c, 1)
		}
		if err := counts.write(ctx, tx); err != nil {
			return err
		}
		tx.Touch("cases")
		return l.s.trail.Record(ctx, tx, l.who, "case.load", audit.Ref{Kind: "cases"}, map[string]any{"n": len(l.cases)})
	})
	if err != nil {
		return err
	}
	l.total += len(l.cases)
	l.cases = l.cases[:0]
	return nil
}

// load writes one case with its state's facts and the events that led there.
func (l *Loader) load(ctx context.Context, tx *db.Tx, in LoadCase) (Case, error) {
	n, err := l.newCase(ctx, tx, in)
	if err != nil {
		return Case{}, err
	}
	c := &n.Case
	var number docketNumber
	if accepted(in.State) {
		if number, err = nextNumber(ctx, tx, in.Committee, KindWritten, c.AcceptedDay); err != nil {
			return *c, err
		}
		c.Number = &number.number
	}
	clocks, err := l.clocks(tx, in, c)
	if err != nil {
		return *c, err
	}
	if err := l.s.insertCase(ctx, tx, n); err != nil {
		return *c, err
	}
	if number.seq != 0 {
		if err := number.keep(ctx, tx, c.ID, c.AcceptedAt.Time); err != nil {
			return *c, err
		}
	}
	for i := range clocks {
		clocks[i].CaseID = c.ID
		if err := insertClock(ctx, tx, &clocks[i]); err != nil {
			return *c, err
		}
	}
	return *c, l.course(ctx, tx, in, n)
}

// accepted tells whether a loaded case in the state was accepted before: all but the first
// states, and those closed ones that mostly are.
func accepted(s State) bool {
	return slices.Contains([]State{Accepted, Mediating, Suspended, Agreed, Ended}, s)
}

func (l *Loader) newCase(ctx context.Context, tx *db.Tx, in LoadCase) (*newCase, error) {
	a := in.Application
	at := db.At(in.AppliedAt)
	no, err := newApplyNo(ctx, tx, in.AppliedAt)
	if err != nil {
		return nil, err
	}
	n := &newCase{hand: Applicant, choices: a.Mediators, slots: a.Slots, story: a.Words}
	n.Case = Case{Key: seal.NewKey(), ApplyNo: no, State: in.State,
		TypeCode: a.TypeCode, CommunityID: a.CommunityID, RoomID: in.RoomID, Title: titleOf(a.Parties, l.types[a.TypeCode]),
		Summary: a.Summary, Place: a.Place, Origin: cmp.Or(a.Origin, "party"), Channel: cmp.Or(a.Channel, "window"),
		AskStreet: len(a.Mediators) == 0, Privacy: a.Privacy, AppliedAt: at, AppliedDay: at.Day(), Risk: cmp.Or(a.Risk, "green")}
	if n.Summary == "" {
		n.Summary = Brief(a.Words)
	}
	l.date(tx, in, &n.Case)
	agreed := accepted(in.State) || in.State == Consented
	for i, p := range a.Parties {
		np, err := l.s.makeParty(p, i+1)
		if err != nil {
			return nil, err
		}
		if p.Side == SideApplicant || agreed {
			np.Consent, np.ConsentAt, np.ConsentHow = "agreed", at, n.Channel
		}
		n.parties = append(n.parties, np)
	}
	return n, nil
}

// date sets the days of acceptance and closing, never later than now.
func (l *Loader) date(tx *db.Tx, in LoadCase, c *Case) {
	notAfterNow := func(t time.Time) db.Time { return db.At(earlier(t, tx.Now)) }
	if accepted(in.State) {
		at := in.AcceptedAt
		if at.IsZero() {
			at = in.AppliedAt.AddDate(0, 0, 2)
		}
		c.AcceptedAt = notAfterNow(at)
		c.AcceptedDay, c.CommitteeID, c.MediatorID = c.AcceptedAt.Day(), in.Committee.ID, in.MediatorID
	}
	if !in.State.Open() {
		at := in.ClosedAt
		if at.IsZero() {
			at = later(c.AppliedAt.Time, c.AcceptedAt.Time).AddDate(0, 0, 10)
		}
		c.ClosedAt = notAfterNow(at)
		c.ClosedDay = c.ClosedAt.Day()
		c.EndReason, c.Remedies = in.EndReason, strings.Join(in.Remedies, ",")
	}
}

// loadedSteps says which clock runs for a loaded open case, and in whose hands it lies.
var loadedSteps = map[State]struct {
	holder Holder
	step   Step
}{
	Applied: {HeldByClerk, StepFirstContact}, Inviting: {HeldByParty, StepAnswer}, Consented: {HeldByClerk, StepAccept},
	Accepted: {HeldByClerk, StepSchedule}, Mediating: {HeldByMediator, StepNextSession}, Suspended: {HeldByClerk, StepReview},
}

// clocks makes the case's clocks: the term, and for an open case the holder's.
func (l *Loader) clocks(tx *db.Tx, in LoadCase, c *Case) ([]Clock, error) {
	var out []Clock
	add := func(step Step, start time.Time) (*Clock, error) {
		rule, err := bestRule(l.rules, step, c.TypeCode, c.Origin)
		if err != nil {
			return nil, err
		}
		out = append(out, newClock(*c, rule, start))
		k := &out[len(out)-1]
		return k, k.count(l.days, 0)
	}
	if accepted(in.State) {
		term, err := add(StepTerm, c.AcceptedAt.Time)
		if err != nil {
			return nil, err
		}
		c.DueOn, c.DueRule, c.Provisional = term.DueOn, term.RuleName, term.Provisional
		if !in.State.Open() {
			term.EndedAt, term.EndHow = c.ClosedAt, "met"
		}
	}
	held, open := loadedSteps[in.State]
	if !open {
		return out, nil
	}
	since := in.HeldSince
	if since.IsZero() {
		since = tx.Now
	}
	k, err := add(held.step, since)
	if err != nil {
		return nil, err
	}
	if c.Holder, c.HolderDue = held.holder, k.DueAt; held.holder == HeldByMediator && c.MediatorID == 0 {
		c.Holder = HeldByClerk
	}
	return out, nil
}

// course writes what led to the state: the mediator's time and the events.
func (l *Loader) course(ctx context.Context, tx *db.Tx, in LoadCase, n *newCase) error {
	c := n.Case
	if c.MediatorID != 0 {
		_, err := tx.Exec(ctx, `INSERT INTO case_mediators (case_id, mediator_id, method, since, disclosed_at, disclosure) VALUES (?,?,?,?,?,'none')`,
			c.ID, c.MediatorID, methodOf(in), c.AcceptedAt, c.AcceptedAt)
		if err != nil {
			return err
		}
	}
	from := Applied
	say := func(v Verb, to State, when db.Time, words string) error {
		e := Event{At: when, Verb: v, From: from, To: to, Hand: HandSystem, Public: true, Words: words}
		from = to
		return insertEvent(ctx, tx, e, c.ID)
	}
	if accepted(in.State) {
		if err := say(VerbAccept, Accepted, c.AcceptedAt, "已受理，案号 "+*c.Number); err != nil {
			return err
		}
	}
	switch in.State {
	case Suspended:
		since := db.At(in.HeldSince)
		if in.HeldSince.IsZero() {
			since = db.At(tx.Now)
		}
		if err := pauseTerm(ctx, tx, c.ID, since, "鉴定"); err != nil {
			return err
		}
		fallthrough
	case Mediating:
		return say(VerbBegin, in.State, c.AcceptedAt, "开始调解")
	case Agreed:
		return say(VerbAgree, Agreed, c.ClosedAt, "各方达成调解协议")
	case Ended:
		return say(VerbEnd, Ended, c.ClosedAt, "调解终止："+LabelOf(EndReasons, c.EndReason)+"，已告知其他救济途径")
	case Refused:
		return say(VerbRefuse, Refused, c.ClosedAt, "不予受理："+LabelOf(RefuseReasons, c.EndReason)+"，已告知其他救济途径")
	case Withdrawn:
		return say(VerbWithdraw, Withdrawn, c.ClosedAt, "申请人撤回了申请")
	}
	return nil
}

func methodOf(in LoadCase) string {
	if slices.Contains(in.Mediators, in.MediatorID) {
		return "chosen"
	}
	return "appointed"
}
