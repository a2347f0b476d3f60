package accord

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/files"
	"tiaojie/db"
)

func (s *Service) byKey(ctx context.Context, r db.Reader, key string) (Agreement, error) {
	var a Agreement
	if err := r.Get(ctx, &a, `SELECT `+columns+` FROM agreements WHERE key = ?`, key); err != nil {
		return a, noneFor(err)
	}
	return a, s.openBody(&a)
}

// Brief is an agreement as the case page and lists show it, without its words.
type Brief struct {
	Key         string `db:"key"`
	Number      string `db:"number"` // "" before it is given
	Seq         int    `db:"seq"`
	Form        Form   `db:"form"`
	State       State  `db:"state"`
	EffectiveOn string `db:"effective_on"`
	NextDue     string `db:"next_due"` // of what is still owed
}

// Name is what the agreement is called in a list.
func (b Brief) Name() string {
	if b.Number != "" {
		return b.Number
	}
	return "第" + itoa(b.Seq) + "份" + b.Form.Label()
}

// Listed is the part of the case page that lists its agreements.
func Listed(into *[]Brief, caseID int64) db.Part {
	return db.Part{Into: into, Order: "seq", Args: []any{caseID}, From: `(SELECT a.key, COALESCE(a.number, '') AS number, a.seq, a.form, a.state, a.effective_on,
		COALESCE((SELECT d.due_on FROM agreement_duties d WHERE d.agreement_id = a.id AND d.state = 'due' AND d.due_on <> ''
		ORDER BY d.due_on LIMIT 1), '') AS next_due FROM agreements a WHERE a.case_id = ?) AS g`}
}

// CaseView is everything about the agreements of a case.
type CaseView struct {
	Case       docket.Case
	Hands      []docket.Hand
	Agreements []Brief
	Issues     []Issue
	Visits     []Visit
	Recurrence Recurrence
	Candidates []docket.Row // earlier cases of the same persons or address, to be linked
	Today      string
}

// Open tells whether the reader may change something and the case is at the right point.
func (v CaseView) Open() bool { return Acts(v.Hands) && begun(v.Case) == nil }

// OfCase reads it.
func (s *Service) OfCase(ctx context.Context, who access.Actor, caseKey string) (CaseView, error) {
	c, hands, err := s.cases.InScope(ctx, s.db, who, caseKey)
	if err != nil {
		return CaseView{}, err
	}
	v := CaseView{Case: c, Hands: hands, Today: db.DayOf(s.db.Now())}
	if !Reads(hands) {
		return v, errNone
	}
	if err = s.db.Several(ctx, Listed(&v.Agreements, c.ID)); err != nil {
		return v, err
	}
	if v.Issues, err = s.issues(ctx, s.db, c.ID); err != nil {
		return v, err
	}
	if v.Visits, err = s.visitsOf(ctx, s.db, c.ID); err != nil {
		return v, err
	}
	if v.Recurrence, err = s.recurrence(ctx, s.db, who, c.ID); err != nil || v.Recurrence.Earlier != nil || !Acts(hands) {
		return v, err
	}
	rows, err := s.cases.EarlierCases(ctx, who, caseKey)
	for _, r := range rows {
		if r.ID < c.ID {
			v.Candidates = append(v.Candidates, r)
		}
	}
	return v, err
}

// View is one agreement with all that hangs on it.
type View struct {
	Agreement
	Case     docket.Case
	Hands    []docket.Hand
	Parties  []docket.PartyView
	Agents   []docket.Agent
	Issues   []Issue
	Signs    []Sign
	Duties   []DutyRow
	Files    []files.File // scans; drawn signatures and evidence are left to their own places
	Found    []Finding    // of a draft
	Steps    []Step
	VoidWhy  string
	Replaces *Brief // the agreement that it takes the place of
	Today    string
}

// Text is the agreement with the parties and points that Fix will write into it, for a look at the draft.
func (v View) Text() Agreement {
	a := v.Agreement
	if v.State != Draft {
		return a
	}
	for _, p := range v.Parties {
		a.Body.Parties = append(a.Body.Parties, Person{Key: p.Key, Name: p.Name, Side: string(p.Side)})
	}
	for _, p := range v.Issues {
		if settled := a.Body.Settles(p.Key); settled || p.SettledBy == nil {
			a.Body.Points = append(a.Body.Points, Point{Key: p.Key, Text: p.Text, Settled: settled})
		}
	}
	return a
}

// May tells whether the reader may do the verb now.
func (v View) May(verb Verb) bool { return may(verb, v.State, v.Hands) == nil }

// Name is how a party of the case is called.
func (v View) Name(partyKey string) string {
	for _, p := range v.Parties {
		if p.Key == partyKey {
			return p.Name
		}
	}
	return v.Body.Name(partyKey)
}

// Row finds the row of an obligation, nil before the agreement is in force.
func (v View) Row(dutyKey string) *DutyRow {
	for i := range v.Duties {
		if v.Duties[i].Key == dutyKey {
			return &v.Duties[i]
		}
	}
	return nil
}

// Open reads an agreement for somebody who may read its case's agreements.
func (s *Service) Open(ctx context.Context, who access.Actor, key string) (View, error) {
	a, err := s.byKey(ctx, s.db, key)
	if err != nil {
		return View{}, err
	}
	v := View{Agreement: a, Today: db.DayOf(s.db.Now())}
	if v.Case, v.Hands, err = s.scope(ctx, s.db, who, a.CaseID); err != nil {
		return View{}, err
	}
	if v.Parties, v.Agents, err = s.cases.PeopleOf(ctx, s.db, a.CaseID); err != nil {
		return v, err
	}
	v.Parties = concerned(v.Parties, a.Body)
	if v.Issues, err = s.issues(ctx, s.db, a.CaseID); err != nil {
		return v, err
	}
	if v.Signs, err = signsOf(ctx, s.db, a.ID); err != nil {
		return v, err
	}
	if err = s.db.Select(ctx, &v.Duties, `SELECT `+dutyColumns+` FROM agreement_duties WHERE agreement_id = ? ORDER BY seq`, a.ID); err != nil {
		return v, err
	}
	return v, s.more(ctx, &v)
}

func (s *Service) more(ctx context.Context, v *View) (err error) {
	if v.State == Draft {
		v.Found = check(v.Agreement, v.Parties, v.Issues)
	}
	if v.State == Voided {
		if v.VoidWhy, err = s.box.Open("agreements.void:"+v.Key, v.VoidSealed); err != nil {
			return err
		}
	}
	if v.ReplacesID != nil {
		var b Brief
		err := s.db.Get(ctx, &b, `SELECT key, COALESCE(number, '') AS number, seq, form, state, effective_on, '' AS next_due FROM agreements WHERE id = ?`, *v.ReplacesID)
		if err != nil {
			return err
		}
		v.Replaces = &b
	}
	days, err := s.cal.Workdays(ctx, s.db)
	if err != nil {
		return err
	}
	v.Steps = StepsOf(days, v.Agreement, v.Case.TypeCode, nil, v.Today)
	return s.scans(ctx, v)
}

// scans are the files of the agreement that are neither drawn signatures nor evidence of performance.
func (s *Service) scans(ctx context.Context, v *View) error {
	all, err := s.files.Of(ctx, s.db, fileKind, v.Key)
	if err != nil || len(all) == 0 {
		return err
	}
	var taken []string
	err = s.db.Select(ctx, &taken, `SELECT file_key FROM agreement_signs WHERE agreement_id = ? AND file_key <> ''
		UNION SELECT r.file_key FROM duty_receipts r JOIN agreement_duties d ON d.id = r.duty_id WHERE d.agreement_id = ? AND r.file_key <> ''`, v.ID, v.ID)
	used := map[string]bool{}
	for _, k := range taken {
		used[k] = true
	}
	for _, f := range all {
		if !used[f.Key] {
			v.Files = append(v.Files, f)
		}
	}
	return err
}

// DutyView is one obligation with its performance.
type DutyView struct {
	View
	Row       DutyRow
	Words     Duty
	Receipts  []Receipt
	Urges     []Urge
	Reminders []Reminder
	UrgeBy    string // the day proposed for a letter
}

// Reminder is one reminder of an obligation.
type Reminder struct {
	Kind string  `db:"kind"`
	Day  string  `db:"on_day"`
	Done db.Time `db:"done_at"`
	How  string  `db:"how"`
}

// OpenDuty reads an obligation.
func (s *Service) OpenDuty(ctx context.Context, who access.Actor, dutyKey string) (DutyView, error) {
	var d DutyView
	if err := s.db.Get(ctx, &d.Row, `SELECT `+dutyColumns+` FROM agreement_duties WHERE key = ?`, dutyKey); err != nil {
		return d, noneFor(err)
	}
	var key string
	err := s.db.Get(ctx, &key, `SELECT key FROM agreements WHERE id = ?`, d.Row.AgreementID)
	if err != nil {
		return d, err
	}
	if d.View, err = s.Open(ctx, who, key); err != nil {
		return d, err
	}
	d.Words, _ = d.Body.Duty(dutyKey)
	if d.Receipts, err = s.receipts(ctx, s.db, d.Row.ID); err != nil {
		return d, err
	}
	if err = s.db.Select(ctx, &d.Urges, `SELECT `+urgeColumns+` FROM duty_urges WHERE duty_id = ? ORDER BY id`, d.Row.ID); err != nil {
		return d, err
	}
	err = s.db.Select(ctx, &d.Reminders, `SELECT kind, on_day, done_at, how FROM duty_reminders WHERE duty_id = ? ORDER BY on_day`, d.Row.ID)
	if err != nil {
		return d, err
	}
	days, err := s.cal.Workdays(ctx, s.db)
	if err != nil {
		return d, err
	}
	d.Steps = StepsOf(days, d.Agreement, d.Case.TypeCode, &d.Row, d.Today)
	d.UrgeBy, err = s.UrgeDay(ctx, s.db, d.Case)
	return d, err
}

func (s *Service) receipts(ctx context.Context, r db.Reader, dutyID int64) ([]Receipt, error) {
	var out []Receipt
	err := r.Select(ctx, &out, `SELECT `+receiptColumns+` FROM duty_receipts WHERE duty_id = ? ORDER BY id`, dutyID)
	for i := range out {
		x := &out[i]
		if x.Note, err = s.box.Open("duty_receipts.note:"+x.Key, x.Sealed); err != nil {
			return nil, err
		}
		if x.VoidedAt.IsZero() {
			continue
		}
		if x.VoidWhy, err = s.box.Open("duty_receipts.void:"+x.Key, x.VoidSealed); err != nil {
			return nil, err
		}
	}
	return out, err
}

// VisitView is one visit with its agreement.
type VisitView struct {
	View
	Visit Visit
}

// OpenVisit reads a visit.
func (s *Service) OpenVisit(ctx context.Context, who access.Actor, key string) (VisitView, error) {
	var v VisitView
	if err := s.db.Get(ctx, &v.Visit, `SELECT `+visitColumns+` FROM case_visits WHERE key = ?`, key); err != nil {
		return v, noneFor(err)
	}
	if err := s.openVisit(&v.Visit); err != nil {
		return v, err
	}
	var agreement string
	err := s.db.Get(ctx, &agreement, `SELECT key FROM agreements WHERE id = ?`, v.Visit.AgreementID)
	if err != nil {
		return v, err
	}
	v.View, err = s.Open(ctx, who, agreement)
	return v, err
}
