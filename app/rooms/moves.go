package rooms

import "tiaojie/app/access"

// State is where a room stands in its life.
type State string

const (
	Applied    State = "applied"    // 申报
	Named      State = "named"      // 命名
	Open       State = "open"       // 挂牌, takes sessions
	Rectifying State = "rectifying" // 整改, takes no new sessions
	Withdrawn  State = "withdrawn"  // 撤销
)

// Verb names a move.
type Verb string

const (
	VerbApply   Verb = "apply"
	VerbName    Verb = "name"
	VerbHang    Verb = "hang"
	VerbOpen    Verb = "open"
	VerbReview  Verb = "review"
	VerbRectify Verb = "rectify"
	VerbRestore Verb = "restore"
	VerbRefuse  Verb = "refuse"
	VerbRevoke  Verb = "withdraw"
	VerbEdit    Verb = "edit"
)

// Move is one lawful step of a room's life. Needs names the form fields without
// which the step is refused.
type Move struct {
	Verb       Verb
	From       []State
	To         State
	Permission access.Permission
	Needs      []string
	kinds      func(Kind) bool
}

// Moves is the life of a room: the service, the buttons and the tests read it.
var Moves = []Move{
	{Verb: VerbName, From: []State{Applied}, To: Named, Permission: access.RoomAdmin,
		Needs: []string{"naming_authority", "approval_no", "approved_on"}, kinds: Kind.NeedsNaming},
	{Verb: VerbHang, From: []State{Named}, To: Open, Permission: access.RoomAdmin, Needs: []string{"plaque_on"}},
	{Verb: VerbOpen, From: []State{Applied}, To: Open, Permission: access.RoomAdmin,
		kinds: func(k Kind) bool { return !k.NeedsNaming() }},
	{Verb: VerbReview, From: []State{Open}, To: Open, Permission: access.RoomAdmin, Needs: []string{"note"}},
	{Verb: VerbRectify, From: []State{Open}, To: Rectifying, Permission: access.RoomAdmin, Needs: []string{"note"}},
	{Verb: VerbRestore, From: []State{Rectifying}, To: Open, Permission: access.RoomAdmin, Needs: []string{"note"}},
	{Verb: VerbRefuse, From: []State{Applied}, To: Withdrawn, Permission: access.RoomAdmin, Needs: []string{"note"}},
	{Verb: VerbRevoke, From: []State{Named, Open, Rectifying}, To: Withdrawn, Permission: access.RoomAdmin, Needs: []string{"note"}},
}

// Allowed tells whether the move can be made on the room.
func (m Move) Allowed(r Room) bool {
	if m.kinds != nil && !m.kinds(r.Kind) {
		return false
	}
	for _, s := range m.From {
		if s == r.State {
			return true
		}
	}
	return false
}

// MovesOf lists what the actor may do with the room now.
func MovesOf(r Room, who access.Actor) []Move {
	var out []Move
	for _, m := range Moves {
		if m.Allowed(r) && who.Can(m.Permission) {
			out = append(out, m)
		}
	}
	return out
}
