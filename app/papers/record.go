// Package papers keeps what is written in a case: the record of each mediation
// session (调解记录), proposals, and who was told what.
//
// A record has seven parts (law.md 3.6). Beside them stands one private part per
// side (背靠背) that only the mediator reads whom it was told: it is in no search, no export
// and no print.
package papers

import (
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/notify"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// State is where a record stands.
type State string

const (
	Prepared State = "prepared" // 未开始: the mediator has the brief
	Running  State = "running"  // 进行中
	Closed   State = "closed"   // 已结束, the text is fixed
)

// Outcome is how a session ended.
type Outcome string

const (
	Agreed    Outcome = "agreed"    // 达成协议
	Adjourned Outcome = "adjourned" // 择日再调
	Ended     Outcome = "ended"     // 终止调解 (人民调解法 26, 深圳条例 28)
)

// Record is the record of one session of a case.
type Record struct {
	ID        int64   `db:"id"`
	Key       string  `db:"key"`
	CaseID    int64   `db:"case_id"`
	SessionID int64   `db:"session_id"` // docket's date
	Seq       int     `db:"seq"`        // 1 is the first session of the case
	State     State   `db:"state"`
	Outcome   Outcome `db:"outcome"`
	Openness  string  `db:"openness"` // closed unless all want it open (人民调解法 23)
	StartedAt db.Time `db:"started_at"`
	ClosedAt  db.Time `db:"closed_at"`
	EndReason string  `db:"end_reason"`
	Remedies  string  `db:"remedies"` // codes told, comma-separated
	Version   int64   `db:"version"`
	told      int64   // the mediator who sat in that session; known when the record is read for work
}

// Begun tells whether there is something to print.
func (r Record) Begun() bool { return r.State != Prepared }

const recordColumns = `id, key, case_id, session_id, seq, state, outcome, openness, started_at, closed_at, end_reason, remedies, version`

// Person is somebody at the table.
type Person struct {
	ID        int64   `db:"id"`
	RecordID  int64   `db:"record_id"`
	Key       string  `db:"key"`
	Kind      string  `db:"kind"` // party, agent, invited, mediator, recorder, liaison
	PartyKey  string  `db:"party_key"`
	Name      string  `db:"name"`
	Relation  string  `db:"relation"`
	Present   string  `db:"present"` // "", yes, remote, no
	IDSeen    string  `db:"id_seen"` // which document was seen, never its number
	IDSeenBy  string  `db:"id_seen_by"`
	Consented bool    `db:"consented"` // invited persons: all parties agreed
	MarkedAt  db.Time `db:"marked_at"`
}

// Here tells whether the person takes part.
func (p Person) Here() bool { return p.Present == "yes" || p.Present == "remote" }

// Tick is one thing told or confirmed.
type Tick struct {
	Kind      string  `db:"kind"` // rights, disclosure, readback
	PersonKey string  `db:"person_key"`
	At        db.Time `db:"at"`
	By        string  `db:"by_name"`
	Note      string  `db:"note"`
	Mark      string  `db:"record_mark"` // readback: fingerprint of the record that was read
}

// Field is one part of the record as it stands.
type Field struct {
	ID       int64   `db:"id"`
	RecordID int64   `db:"record_id"`
	Name     string  `db:"name"`
	PartyKey string  `db:"party_key"` // whose part; "" for a common one
	Sealed   []byte  `db:"text_sealed"`
	Version  int64   `db:"version"`
	EditedBy string  `db:"edited_by"`
	EditedAt db.Time `db:"edited_at"`
	Text     string  `db:"-"`
}

// Proposal is one offer on the table.
type Proposal struct {
	ID        int64             `db:"id"`
	RecordID  int64             `db:"record_id"`
	Key       string            `db:"key"`
	Seq       int               `db:"seq"`
	From      string            `db:"from_key"` // person key, or "mediator"
	Sealed    []byte            `db:"text_sealed"`
	DueOn     string            `db:"due_on"`
	State     string            `db:"state"`
	CreatedAt db.Time           `db:"created_at"`
	Version   int64             `db:"version"`
	Text      string            `db:"-"`
	Answers   map[string]string `db:"-"` // party key → yes, no, thinking
}

// Service records sessions.
type Service struct {
	db     *db.DB
	box    *seal.Box
	trail  *audit.Trail
	outbox *notify.Outbox
	cases  *docket.Service
}

// New makes the Service.
func New(d *db.DB, box *seal.Box, trail *audit.Trail, outbox *notify.Outbox, cases *docket.Service) *Service {
	return &Service{db: d, box: box, trail: trail, outbox: outbox, cases: cases}
}
