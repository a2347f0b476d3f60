package docket

import (
	"context"
	"time"

	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/notify"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Service keeps the docket.
type Service struct {
	db     *db.DB
	box    *seal.Box
	trail  *audit.Trail
	outbox *notify.Outbox
	out    Outside
	reads  readBuffer
	loads  loads

	exports int // rows of an export at the most
}

// Outside is what the docket asks of its neighbours.
type Outside struct {
	// Mediators describes the mediators with these ids; unknown ids are left out.
	Mediators func(ctx context.Context, r db.Reader, ids []int64) ([]MediatorInfo, error)
	// Ties gives the ties that the mediators have declared.
	Ties func(ctx context.Context, r db.Reader, ids []int64) ([]Tie, error)
	// ResidentPhone gives a signed-in resident's phone, normalised.
	ResidentPhone func(ctx context.Context, r db.Reader, residentID int64) (string, error)
	// TypeName names a type of dispute; ok is false for an unknown or closed one.
	TypeName func(ctx context.Context, r db.Reader, code string) (name string, ok bool, err error)
	// Committee names a mediation committee and its place in docket numbers (演示 in (2026)演示民调字第001号).
	Committee func(ctx context.Context, r db.Reader, id int64) (Committee, error)
	// NormPhone and NormIDNo bring numbers to one spelling; ok is false for impossible ones.
	NormPhone, NormIDNo func(text string) (string, bool)
	// Pinyin spells a name in letters, for search: "zhangsan zs".
	Pinyin func(name string) string
	// Days counts periods by the workday table.
	Days func(ctx context.Context, r db.Reader) (DayCounter, error)
	// Bookings puts sessions into the one calendar.
	Bookings Bookings
	// BaseURL begins the short addresses on letters and in messages, without a slash at its end.
	BaseURL string
}

// MediatorInfo is what the docket needs to know of a mediator.
type MediatorInfo struct {
	ID, AccountID int64 // AccountID 0: no sign-in, told by the clerk
	Name          string
	Listed        bool   // may be chosen now
	Cap           int    // most open cases, 0 for no limit
	Phone         string // normalised, "" unknown; only the conflict check reads it
}

// Tie is a relation that a mediator declared: an employer, an address, an office, a relative.
type Tie struct {
	MediatorID  int64
	Kind        string // a code of people.TieKinds
	Words       string // as shown to clerk and mediator
	CommunityID int64  // for an office: the community it is held in
	Index       string // blind index of its value: a phone, an identity number, an address, a firm
}

// Committee is a mediation committee (人民调解委员会).
type Committee struct {
	ID        int64
	Name, Org string
}

// DayCounter counts periods from a local day, which itself isn't counted.
type DayCounter interface {
	Natural(from string, n int) (due string, provisional bool)
	Working(from string, n int) (due string, provisional bool)
	// WorkingBetween counts the working days after from, up to and including to.
	WorkingBetween(from, to string) int
}

// Want is a session to be booked; resources are ids of their own domains.
type Want struct {
	CaseID     int64
	CaseKey    string
	Title      string // without names of parties
	MediatorID int64
	RoomID     int64 // 0: elsewhere; Any: to be chosen
	LiaisonID  int64 // 0: none needed; Any: to be chosen
	PartyIDs   []int64
	Marks      []string // the persons who come, as the calendar knows them
	Start, End time.Time
}

// Bookings is the calendar as the docket uses it, each in the caller's transaction.
// Errors: Conflict when a resource is taken, with a message that names it.
type Bookings interface {
	Book(ctx context.Context, tx *db.Tx, w Want) (bookingID int64, err error)
	Reschedule(ctx context.Context, tx *db.Tx, bookingID int64, w Want) error
	Cancel(ctx context.Context, tx *db.Tx, bookingID int64, reason string) error
	Accept(ctx context.Context, tx *db.Tx, bookingID int64) error
	// Persons makes a booking that stands take these persons instead of those it took.
	Persons(ctx context.Context, tx *db.Tx, bookingID int64, marks []string) error
	// Place describes a room for those who have to get there.
	Place(ctx context.Context, r db.Reader, roomID int64) (Place, error)
	// Done closes the booking of a session that was held.
	Done(ctx context.Context, tx *db.Tx, bookingID int64) error
	// Choose settles Any in the want on a room and a liaison; ignore is the booking that is being moved.
	Choose(ctx context.Context, tx *db.Tx, w *Want, ignore int64) error
	// Common finds the times at which everybody of the want is free, or says why there are none.
	Common(ctx context.Context, r db.Reader, w Want, q Search, wishes []Wish, ignore int64) (SlotFinding, error)
}

// Any stands in place of a room or a liaison for whichever is free and fits best.
const Any int64 = -1

// Wish is the times that a party named; Who names it without its name.
type Wish struct {
	Who   string
	Times []Span
}

// Span is a half-open stretch of time.
type Span = calendar.Span

// New makes the Service. Call Prepare once after migration.
func New(d *db.DB, box *seal.Box, trail *audit.Trail, outbox *notify.Outbox, out Outside) *Service {
	return &Service{db: d, box: box, trail: trail, outbox: outbox, out: out, exports: exportLimit}
}
