package access

import "slices"

// Permission names one thing that a role may do. It stands on the route line and
// is checked again in the operation.
type Permission string

const (
	Public    Permission = "public"     // everybody, signed in or not
	StaffOnly Permission = "staff"      // any staff account: own sign-in, own profile, desk
	AsPerson  Permission = "own"        // any signed-in person: own things
	CaseRead  Permission = "case.read"  // read cases in one's scope
	CaseTake  Permission = "case.take"  // register, accept, refuse, appoint (受理)
	CaseWork  Permission = "case.work"  // mediate: record, propose, close (办理)
	CaseLead  Permission = "case.lead"  // read all cases of the street (督办)
	CaseOut   Permission = "case.out"   // take the case list out, with a reason
	Reveal    Permission = "reveal"     // see a masked value in full, with a reason
	Export    Permission = "export"     // take lists out, with a reason
	BookRead  Permission = "book.read"  // read the calendar
	BookWrite Permission = "book.write" // book, move, cancel sessions
	RoomRead  Permission = "room.read"  // the desk's view of rooms
	RoomRun   Permission = "room.run"   // run a room: today, close for a day, roster
	RoomAdmin Permission = "room.admin" // apply, name, plaque, review, withdraw rooms
	RosterRun Permission = "roster"     // mediators: profiles, listing, leave, import
	OwnTime   Permission = "own.time"   // a mediator's own availability and leave
	CourtDesk Permission = "court.desk" // liaison: own slots, own cases
	School    Permission = "school"     // trainer's desk
	Learn     Permission = "learn"      // own courses, exams, rotation
	Figures   Permission = "figures"    // figures and reports
	Outbox    Permission = "outbox"     // messages that go out, the phone list
	Accounts  Permission = "accounts"   // create accounts, disable, unlock (系统管理员)
	Grants    Permission = "grants"     // give and take roles, require TOTP (安全管理员)
	SignOuts  Permission = "sign-outs"  // see where somebody is signed in, and end it (系统管理员, 安全管理员)
	AuditRead Permission = "audit.read" // read and verify the trail (审计管理员)
	Settings  Permission = "system"     // settings, health
	SetRead   Permission = "set.read"   // see what the street has set
)

var grants = map[Role][]Permission{
	Anonymous: {},
	Resident:  {AsPerson},
	Mediator:  {AsPerson, StaffOnly, CaseRead, CaseWork, BookRead, BookWrite, OwnTime, Learn, RoomRead},
	RoomLead:  {AsPerson, StaffOnly, CaseRead, BookRead, BookWrite, RoomRead, RoomRun, Learn, Figures},
	Clerk: {AsPerson, StaffOnly, CaseRead, CaseTake, CaseOut, Reveal, Export, BookRead, BookWrite, RoomRead, RoomRun,
		RoomAdmin, RosterRun, Learn, Outbox, SetRead},
	Liaison:  {AsPerson, StaffOnly, CaseRead, BookRead, CourtDesk, Learn},
	Trainer:  {AsPerson, StaffOnly, School, Learn, RoomRead, BookRead},
	Leader:   {AsPerson, StaffOnly, CaseRead, CaseLead, CaseOut, BookRead, RoomRead, Figures, Learn, SetRead},
	SysAdmin: {AsPerson, StaffOnly, Accounts, SignOuts, Settings, SetRead},
	SecAdmin: {AsPerson, StaffOnly, Grants, SignOuts},
	Auditor:  {AsPerson, StaffOnly, AuditRead},
}

// Granted tells whether the role has the permission.
func Granted(r Role, p Permission) bool { return p == Public || slices.Contains(grants[r], p) }

// Known tells whether any role is granted the permission; a route line with an
// unknown one would be closed to all by a slip of the pen.
func Known(p Permission) bool {
	if p == Public {
		return true
	}
	for r := range grants {
		if Granted(r, p) {
			return true
		}
	}
	return false
}
