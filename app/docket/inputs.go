package docket

import (
	"time"

	"tiaojie/db"
)

// PartyInput is a party as typed into a form.
type PartyInput struct {
	Side    Side
	Kind    string // person (also when empty) or organisation
	Name    string // empty means 不清楚; allowed for a respondent
	IDKind  string
	Facts   PartyFacts
	Agrees  bool // at the window: this party is present and wants mediation
	Unknown bool // the applicant ticked 不清楚 for this side
}

// SlotInput is a stretch of time that suits a party.
type SlotInput struct{ Start, End time.Time }

// Application is a request for mediation. A form refused comes back as fault.Form with these fields:
// type, community, place, words, photos; for the first applicant me_name, me_phone, me_idno, me_address,
// for the first other side other_name, other_phone, other_idno, other_address (further ones carry their
// number: me2_name, other2_phone, third_name); mediators, slots, privacy.
type Application struct {
	TypeCode     string // of people.DisputeTypes
	CommunityID  int64
	Place        string
	Summary      string   // one line for lists, without private matters; "" takes the beginning of Words
	Words        string   // what happened, sealed
	Photos       []string // keys of uploaded files
	Parties      []PartyInput
	Mediators    []int64 // up to three, in the order wished
	AskStreet    bool    // let the street choose
	Slots        []SlotInput
	Privacy      string // version of the privacy notice consented to; required on the web
	Origin       string // "" is the party's own request
	Channel      string // "" is web
	NeedsLiaison bool
	Risk         string // "" is green
}

// Receipt is what the applicant takes away (受理凭证 of the request). QueryCode is shown once:
// only its hash is stored, and whoever holds the form's idempotency key can have it again for a day.
type Receipt struct {
	CaseKey   string // for staff; not for a resident's address
	ApplyNo   string
	QueryCode string // 16 digits in groups of four
	AppliedAt time.Time
	Next      []string // what happens next, in plain words
}

// AnswerInput is the other side's reply to an invitation.
type AnswerInput struct {
	Agree   bool
	Words   string  // its own account, sealed
	Approve []int64 // of the ranked mediators
	Name    int64   // another mediator, 0 for none
	AnyOne  bool    // whoever the other side ranked first is fine
	Slots   []SlotInput
	Phone   string // where it can be reached, if it tells
	Privacy string // version of the privacy notice
}

// Acceptance is the clerk's decision to take the case.
type Acceptance struct {
	CommitteeID  int64
	Kind         string // "" is 民调, or 口调 for oral matters
	TypeCode     string // "" keeps what the applicant chose
	RoomID       int64
	MediatorID   int64  // 0 keeps the parties' choice
	Over         string // why this mediator, although at the cap
	NeedsLiaison bool
	Version      int64
}

// Plan is a session to be asked for.
type Plan struct {
	RoomID     int64 // 0: elsewhere; Any
	LiaisonID  int64 // 0: none; Any
	Start, End time.Time
	Together   string // why, when somebody has to be elsewhere then; "" refuses such a time
	Version    int64  // of the case
}

// Filter narrows a list of cases; zero fields don't.
type Filter struct {
	State     State
	Open      bool   // any open state
	Type      string // with its sub-types
	Community int64
	Mediator  int64
	Room      int64
	Mine      bool   // only where I am the mediator, or lead the room
	Due       string // open cases whose term ends on or before this day, most urgent first
	Query     string // number, names (characters or pinyin), words of title and summary
}

// Row is a case in a list.
type Row struct {
	ID          int64   `db:"id"`
	Key         string  `db:"key"`
	ApplyNo     string  `db:"apply_no"`
	Number      *string `db:"number"`
	Title       string  `db:"title"`
	State       State   `db:"state"`
	TypeCode    string  `db:"type_code"`
	CommunityID int64   `db:"community_id"`
	RoomID      int64   `db:"room_id"`
	MediatorID  int64   `db:"mediator_id"`
	AppliedDay  string  `db:"applied_day"`
	DueOn       string  `db:"due_on"`
	Provisional bool    `db:"provisional"`
	Risk        string  `db:"risk"`
	Holder      Holder  `db:"holder"`
	HolderDue   db.Time `db:"holder_due"`
}

// No gives the number to show: the docket number, before acceptance the 申请编号.
func (r Row) No() string {
	if r.Number != nil {
		return *r.Number
	}
	return r.ApplyNo
}

// Listing is one page of a list; Next is the cursor of the following page, "" at the end.
type Listing struct {
	Rows []Row
	Next string
}

// File is the case page: everything a reader in scope sees at once.
type File struct {
	Case      Case
	Parties   []PartyView
	Mediators []Appointment // the last one without Until is the present one
	Sessions  []Session
	Clocks    []Clock
	Events    []Event
	Hands     []Hand // what the reader is to this case
	Offers    []Verb // what the reader may do now
	Conflicts []ConflictFound
	Dossier
}

// Conflict is one reason why a mediator may not seem neutral (利益冲突).
type Conflict struct {
	MediatorID int64  `db:"mediator_id"`
	PartyID    int64  `db:"party_id"`
	Kind       string `db:"kind"`  // see ConflictLabel
	Level      string `db:"level"` // note, warn, bar
	Words      string `db:"words"` // shown to clerk and mediator; names no party's data
}

// CaseFacts is what the conflict check compares: blind indexes, never values.
type CaseFacts struct {
	CaseID      int64 // 0 before the request is stored
	CommunityID int64
	Parties     []PartyMark
}

// PartyMark is a party's blind indexes.
type PartyMark struct {
	PartyID                                         int64
	Side                                            Side
	Agent                                           bool // who acts for the party, not the party
	Phone, IDNo, Address, Employer, Household, Name string
}

// Ending is why and how a case ends without agreement.
type Ending struct {
	Reason   string   // a code of EndReasons or RefuseReasons
	Words    string   // more about it, sealed
	Remedies []string // codes of Remedies that the parties are told of; required
	How      string   // how they were told: oral, letter, sms, web
}

// Tracking is the track page: where a case stands, nothing personal.
type Tracking struct {
	CaseID      int64 // for what other domains know of the case; never shown
	ApplyNo     string
	Number      string // "" before acceptance
	State       State
	Steps       []TrackStep
	Holder      Holder
	HolderDue   time.Time
	DueOn       string
	DueRule     string
	Provisional bool
	MediatorID  int64    // 0: none yet; a listed mediator is public
	Session     *Session // the date that is fixed, nil for none
	Next        []string
}

// TrackStep is one public line of the history.
type TrackStep struct {
	At    time.Time
	Words string
}
