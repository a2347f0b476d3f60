// Package accord keeps agreements (调解协议) and their performance (履行).
//
// An agreement is written point by point over what is disputed (Issues), with clauses of the library and with
// obligations as data: who owes what to whom, by when and how. Check names what a court would refuse. Fix makes
// the text final and gives the number; from then on nothing of it changes, and a change is a new agreement. It is
// in force at the latest of all parties' signatures, the mediator's and the committee's seal (人民调解法 29), an
// oral one on its day (30). Then its obligations become rows with reminders, receipts, urging and visits.
//
//	NewAgreement, SaveText, AddItem, ChangeItem, DropItem, AddDuty, ChangeDuty, DropDuty   the draft
//	AddIssue, DropIssue                                                     what is disputed
//	Fix, Recall, Void, Sign, Unsign, AttachScan                             to its force
//	Receive, VoidReceipt, ConditionMet, Urge                                performance
//	PlanVisit, MakeVisit, DropVisit                                         follow-up
//	Link, Unlink                                                            the same dispute come back
//	Remind(ctx) each minute; CheckAll, CheckCounts for the doctor
//	OfCase, Open, OpenDuty, OpenVisit, Due, Figures, Public                 reading
//	Facts(ctx, r, caseID) (Papers, error)                                   for the papers of a case
package accord

import (
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Service keeps agreements.
type Service struct {
	db    *db.DB
	box   *seal.Box
	trail *audit.Trail
	files *files.Store
	cases *docket.Service
	cal   *calendar.Service
}

// New makes the Service.
func New(d *db.DB, box *seal.Box, trail *audit.Trail, store *files.Store, cases *docket.Service, cal *calendar.Service) *Service {
	return &Service{db: d, box: box, trail: trail, files: store, cases: cases, cal: cal}
}

// Form is how an agreement is made.
type Form string

const (
	Written Form = "written" // 书面
	Oral    Form = "oral"    // 口头: the mediator writes down its content (人民调解法 28)
)

// Agreement is one agreement of a case; there may be several (深圳条例 26).
type Agreement struct {
	ID          int64   `db:"id"`
	Key         string  `db:"key"`
	CaseID      int64   `db:"case_id"`
	Seq         int     `db:"seq"`
	Number      *string `db:"number"` // from Fix on
	Form        Form    `db:"form"`
	State       State   `db:"state"`
	ReplacesID  *int64  `db:"replaces_id"` // the agreement in force that this one takes the place of
	Sealed      []byte  `db:"body_sealed"`
	Hash        string  `db:"content_hash"` // of the fixed text
	MAC         string  `db:"content_mac"`
	ReachedOn   string  `db:"reached_on"`
	EffectiveOn string  `db:"effective_on"`
	ConfirmDays int     `db:"confirm_days"` // 司法确认: days from force, by the rule that held then
	ConfirmRule string  `db:"confirm_rule"`
	PaperOnly   bool    `db:"paper_only"` // 电子签名法 3
	Partial     bool    `db:"partial"`    // leaves points open
	FrozenAt    db.Time `db:"frozen_at"`
	VoidSealed  []byte  `db:"void_sealed"`
	CreatedBy   string  `db:"created_by"`
	CreatedAt   db.Time `db:"created_at"`
	Version     int64   `db:"version"`
	Body        Body    `db:"-"`
}

const columns = `id, key, case_id, seq, number, form, state, replaces_id, body_sealed, content_hash, content_mac, reached_on,
	effective_on, confirm_days, confirm_rule, paper_only, partial, frozen_at, void_sealed, created_by, created_at, version`

// No is the number to show, "" before the text is fixed.
func (a Agreement) No() string {
	if a.Number == nil {
		return ""
	}
	return *a.Number
}

// InForce tells whether the agreement binds the parties now.
func (a Agreement) InForce() bool { return a.State == Effective || a.State == Performed }

var errNone = fault.New(fault.NotFound, "没有找到这份协议")

func bodyPlace(key string) string { return "agreements.body:" + key }
