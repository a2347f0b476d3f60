// Package rooms keeps the mediation rooms (调解室) of the street: the branded ones
// and the plain ones, what they are known for, who sits in them on which days, and
// their life from application to withdrawal.
//
// A room's opening hours, closed days and bookings are the calendar's; this package
// tells the calendar of each change through Hooks.
package rooms

import (
	"context"

	"tiaojie/app/audit"
	"tiaojie/app/files"
	"tiaojie/db"
)

// Kind is what sort of room it is (law.md 4.5; 深圳条例 29, 31).
type Kind string

const (
	Brand     Kind = "brand"     // 品牌调解室
	Feature   Kind = "feature"   // 特色品牌调解室
	Studio    Kind = "studio"    // 个人调解工作室, named by the district justice bureau (深圳条例 31)
	Stationed Kind = "stationed" // 派驻调解工作室 in an agency or firm (深圳条例 29)
	Plain     Kind = "plain"     // 普通调解室
)

// Kinds lists them in the order shown.
var Kinds = []Kind{Brand, Feature, Studio, Stationed, Plain}

// NeedsNaming tells whether the room exists only after an authority named it.
func (k Kind) NeedsNaming() bool { return k == Brand || k == Feature || k == Studio }

// Room is a mediation room.
type Room struct {
	ID              int64   `db:"id"`
	Key             string  `db:"key"`
	Kind            Kind    `db:"kind"`
	FullName        string  `db:"full_name"`  // 所属调委会名称 + 特有名称 + 调解工作室
	ShortName       string  `db:"short_name"` // what people say
	CommitteeID     int64   `db:"committee_id"`
	CommunityID     int64   `db:"community_id"`
	LeadMediatorID  *int64  `db:"lead_mediator_id"`
	Story           string  `db:"story"`
	NamingAuthority string  `db:"naming_authority"`
	ApprovalNo      string  `db:"approval_no"`
	ApprovedOn      string  `db:"approved_on"` // local day
	PlaqueOn        string  `db:"plaque_on"`   // local day
	Address         string  `db:"address"`
	Directions      string  `db:"directions"`
	Phone           string  `db:"phone"` // the room's public number
	Seats           int     `db:"seats"`
	Facilities      string  `db:"facilities"` // separated by 、
	State           State   `db:"state"`
	StateReason     string  `db:"state_reason"`
	ReviewDueOn     string  `db:"review_due_on"` // next yearly review, "" before the plaque
	CreatedAt       db.Time `db:"created_at"`
	Version         int64   `db:"version"`

	Community string   `db:"community"` // name, for pages
	Committee string   `db:"committee"` // name, for pages
	LeadName  string   `db:"lead_name"` // "" for none
	LeadKey   string   `db:"lead_key"`
	Types     []string `db:"-"` // dispute type codes: what the room is known for
}

// Duty is one turn of a mediator in a room.
type Duty struct {
	ID           int64  `db:"id"`
	RoomID       int64  `db:"room_id"`
	MediatorID   int64  `db:"mediator_id"`
	MediatorName string `db:"mediator_name"`
	MediatorKey  string `db:"mediator_key"`
	Weekday      int    `db:"weekday"`  // 1 Monday … 7 Sunday
	FromMin      int    `db:"from_min"` // minutes of the local day
	ToMin        int    `db:"to_min"`
}

// Event is one entry of a room's record.
type Event struct {
	ID   int64   `db:"id"`
	At   db.Time `db:"at"`
	Day  string  `db:"day"`
	By   string  `db:"actor"`
	Verb string  `db:"verb"`
	From State   `db:"from_state"`
	To   State   `db:"to_state"`
	Note string  `db:"note"`
}

// Hooks tell higher packages of changes, inside the transaction.
type Hooks struct {
	// Changed is called after a room was made or changed; bookable says whether new
	// sessions may be booked in it.
	Changed func(ctx context.Context, tx *db.Tx, room Room, bookable bool) error
}

// Service runs the rooms.
type Service struct {
	db    *db.DB
	trail *audit.Trail
	files *files.Store
	Hooks Hooks
}

// New makes the Service.
func New(d *db.DB, trail *audit.Trail, f *files.Store) *Service {
	return &Service{db: d, trail: trail, files: f}
}
