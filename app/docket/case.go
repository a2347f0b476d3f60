package docket

import (
	"time"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// Case is one dispute brought to mediation (案件).
type Case struct {
	ID           int64   `db:"id"`
	Key          string  `db:"key"`      // unguessable; staff addresses
	ApplyNo      string  `db:"apply_no"` // 申请编号, on the receipt; not to be guessed from another
	Number       *string `db:"number"`   // 案号, given at acceptance, never reused
	State        State   `db:"state"`
	TypeCode     string  `db:"type_code"`    // people's dispute_types: labour, or labour-wage
	MainType     string  `db:"main_type"`    // labour for both
	CommunityID  int64   `db:"community_id"` // 0: not known
	CommitteeID  int64   `db:"committee_id"` // 0 before acceptance
	RoomID       int64   `db:"room_id"`      // 0: none yet
	MediatorID   int64   `db:"mediator_id"`  // 0: none yet
	Title        string  `db:"title"`        // parties and kind of dispute; searchable, in clear
	Summary      string  `db:"summary"`      // one line; searchable, in clear
	Place        string  `db:"place"`        // where it happened, to the building at most
	Origin       string  `db:"origin"`       // 案件来源, see Origins
	Channel      string  `db:"channel"`      // see Channels
	RegisteredBy int64   `db:"registered_by"`
	AskStreet    bool    `db:"ask_street"` // the applicant lets the street choose the mediator
	Privacy      string  `db:"privacy"`    // version of the privacy notice consented to
	AppliedAt    db.Time `db:"applied_at"` // interrupts limitation (诉讼时效规定12); never changes
	AppliedDay   string  `db:"applied_day"`
	AcceptedAt   db.Time `db:"accepted_at"`
	AcceptedDay  string  `db:"accepted_day"`
	DueOn        string  `db:"due_on"`      // last day of the mediation term, "" before acceptance
	DueRule      string  `db:"due_rule"`    // the rule's name
	Provisional  bool    `db:"provisional"` // 暂算: counted in a year without its holiday notice
	ClosedAt     db.Time `db:"closed_at"`
	ClosedDay    string  `db:"closed_day"`
	EndReason    string  `db:"end_reason"` // see EndReasons and RefuseReasons
	Remedies     string  `db:"remedies"`   // codes of Remedies told, comma-separated
	Risk         string  `db:"risk"`
	NeedsLiaison bool    `db:"needs_liaison"`
	Holder       Holder  `db:"holder"`
	HolderDue    db.Time `db:"holder_due"`
	Version      int64   `db:"version"`
}

// No gives the number to show: the docket number, before acceptance the 申请编号.
func (c Case) No() string {
	if c.Number != nil {
		return *c.Number
	}
	return c.ApplyNo
}

// Late tells whether the holder's time or the mediation term is over.
func (c Case) Late(now time.Time) bool {
	return !c.HolderDue.IsZero() && c.HolderDue.Before(now) || c.State.Open() && c.DueOn != "" && c.DueOn < db.DayOf(now)
}

const caseColumns = `c.id, c.key, c.apply_no, c.number, c.state, c.type_code, c.main_type, c.community_id, c.committee_id,
	c.room_id, c.mediator_id, c.title, c.summary, c.place, c.origin, c.channel, c.registered_by, c.ask_street, c.privacy,
	c.applied_at, c.applied_day, c.accepted_at, c.accepted_day, c.due_on, c.due_rule, c.provisional, c.closed_at,
	c.closed_day, c.end_reason, c.remedies, c.risk, c.needs_liaison, c.holder, c.holder_due, c.version`

// returned is caseColumns without its alias, for RETURNING.
const returned = `id, key, apply_no, number, state, type_code, main_type, community_id, committee_id,
	room_id, mediator_id, title, summary, place, origin, channel, registered_by, ask_street, privacy,
	applied_at, applied_day, accepted_at, accepted_day, due_on, due_rule, provisional, closed_at,
	closed_day, end_reason, remedies, risk, needs_liaison, holder, holder_due, version`

var errNoCase = fault.New(fault.NotFound, "没有找到这个案件")

// Agent is who acts for a party (委托代理人) and what for.
type Agent struct {
	ID        int64   `db:"id"`
	Key       string  `db:"key"`
	CaseID    int64   `db:"case_id"`
	PartyID   int64   `db:"party_id"`
	Name      string  `db:"name"`
	Relation  string  `db:"relation"`
	Scopes    string  `db:"scopes"` // codes of Scopes, comma-separated
	GrantedOn string  `db:"granted_on"`
	UntilOn   string  `db:"until_on"` // the letter's last day, "" until the case ends
	FileKey   string  `db:"file_key"` // the signed 授权委托书
	EndedAt   db.Time `db:"ended_at"`
	Phone     string  `db:"-"` // in clear, only where it was asked for
}

// Session is a date for mediation (调解会): the booking and who answered.
type Session struct {
	ID             int64   `db:"id"`
	Key            string  `db:"key"`
	CaseID         int64   `db:"case_id"`
	BookingID      int64   `db:"booking_id"`
	MediatorID     int64   `db:"mediator_id"`
	RoomID         int64   `db:"room_id"`
	LiaisonID      int64   `db:"liaison_id"` // 0: none needed
	StartsAt       db.Time `db:"starts_at"`
	EndsAt         db.Time `db:"ends_at"`
	Day            string  `db:"day"`
	State          string  `db:"state"` // asked, fixed, begun, done, cancelled, declined
	MediatorAnswer string  `db:"mediator_answer"`
	LiaisonAnswer  string  `db:"liaison_answer"`
	AnsweredAt     db.Time `db:"answered_at"`
	Sequence       int64   `db:"sequence"` // grows with each new time; the booking stays the same
	Reason         string  `db:"reason"`
	Version        int64   `db:"version"`
}

// StateLabel names the session's state.
func (s Session) StateLabel() string {
	if s.Missed() {
		return "有人未到场"
	}
	return sessionLabels[s.State]
}

// Live tells whether the date still stands.
func (s Session) Live() bool { return s.State == "asked" || s.State == "fixed" || s.State == "begun" }

const sessionColumns = `id, key, case_id, booking_id, mediator_id, room_id, liaison_id, starts_at, ends_at, day, state,
	mediator_answer, liaison_answer, answered_at, sequence, reason, version`

// Event is one line of a case's history, without personal data.
type Event struct {
	ID        int64   `db:"id"`
	At        db.Time `db:"at"`
	Verb      Verb    `db:"verb"`
	From      State   `db:"from_state"`
	To        State   `db:"to_state"`
	Hand      Hand    `db:"hand"`
	AccountID int64   `db:"account_id"`
	Public    bool    `db:"public"` // shown on the track page
	Words     string  `db:"words"`
}

// Clock is a running or ended deadline with the rule it follows.
type Clock struct {
	ID          int64   `db:"id"`
	CaseID      int64   `db:"case_id"`
	PartyID     int64   `db:"party_id"`
	SessionID   int64   `db:"session_id"`
	Step        Step    `db:"step"`
	RuleID      int64   `db:"rule_id"`
	RuleName    string  `db:"rule_name"`
	Unit        Unit    `db:"unit"`
	Length      int     `db:"length"`
	StartedAt   db.Time `db:"started_at"`
	DueAt       db.Time `db:"due_at"` // the instant after which it is late: the last day's 24:00, or the hour
	DueOn       string  `db:"due_on"`
	Provisional bool    `db:"provisional"`
	PausedAt    db.Time `db:"paused_at"`
	EndedAt     db.Time `db:"ended_at"`
	EndHow      string  `db:"end_how"` // met, missed, stopped
}

const clockColumns = `id, case_id, party_id, session_id, step, rule_id, rule_name, unit, length, started_at, due_at, due_on,
	provisional, paused_at, ended_at, end_how`

// Appointment is a mediator's time on a case.
type Appointment struct {
	ID          int64   `db:"id"`
	CaseID      int64   `db:"case_id"`
	MediatorID  int64   `db:"mediator_id"`
	Method      string  `db:"method"` // chosen by the parties, next in their ranking, appointed (人民调解法19)
	ByPartyID   int64   `db:"by_party_id"`
	ByAccountID int64   `db:"by_account_id"`
	Since       db.Time `db:"since"`
	Until       db.Time `db:"until"`
	EndReason   string  `db:"end_reason"`
	DisclosedAt db.Time `db:"disclosed_at"`
	Disclosure  string  `db:"disclosure"` // none: nothing to disclose; told: see Words
	Words       string  `db:"-"`
	Sealed      []byte  `db:"disclosed_sealed"`
}

// Choice is a mediator ranked, approved or named by a party.
type Choice struct {
	PartyID    int64   `db:"party_id"`
	MediatorID int64   `db:"mediator_id"`
	Rank       int     `db:"rank"`
	Kind       string  `db:"kind"` // ranked, approved, named
	DeclinedAt db.Time `db:"declined_at"`
}

// Slot is a time that suits a party.
type Slot struct {
	PartyID  int64   `db:"party_id"`
	StartsAt db.Time `db:"starts_at"`
	EndsAt   db.Time `db:"ends_at"`
}
