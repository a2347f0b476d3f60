// Package access says who somebody is and what a role may do. Row scope (mine,
// my room's, my community's) is checked in each operation; this package answers
// the question that stands on the route line.
package access

import (
	"slices"

	"tiaojie/app/fault"
)

// Role is an office in the system. An account may hold several, except the three
// administrators (三员分立), which exclude one another and every other role.
type Role string

const (
	Anonymous Role = "anonymous" // nobody signed in
	Resident  Role = "resident"  // 居民, signed in by phone and one-time code
	Mediator  Role = "mediator"  // 调解员
	RoomLead  Role = "room_lead" // 调解室负责人
	Clerk     Role = "clerk"     // 窗口受理员
	Liaison   Role = "liaison"   // 法院联络员
	Trainer   Role = "trainer"   // 培训学校教务
	Leader    Role = "leader"    // 街道负责人
	SysAdmin  Role = "sysadmin"  // 系统管理员
	SecAdmin  Role = "secadmin"  // 安全管理员
	Auditor   Role = "auditor"   // 审计管理员
)

// StaffRoles lists the roles that an account can be given, in the order shown.
var StaffRoles = []Role{Mediator, RoomLead, Clerk, Liaison, Trainer, Leader, SysAdmin, SecAdmin, Auditor}

var roleLabels = map[Role]string{
	Anonymous: "未登录", Resident: "居民", Mediator: "调解员", RoomLead: "调解室负责人", Clerk: "窗口受理员",
	Liaison: "法院联络员", Trainer: "培训学校教务", Leader: "街道负责人",
	SysAdmin: "系统管理员", SecAdmin: "安全管理员", Auditor: "审计管理员",
}

// Label gives the role's Chinese name.
func (r Role) Label() string { return roleLabels[r] }

// Exclusive tells whether the role must stand alone (等保 8.1.4.2, separation of the three administrators).
func (r Role) Exclusive() bool { return r == SysAdmin || r == SecAdmin || r == Auditor }

// CheckRoles refuses unknown roles and an exclusive role beside any other.
func CheckRoles(roles []Role) error {
	for _, r := range roles {
		if !slices.Contains(StaffRoles, r) {
			return fault.At("roles", "没有这个角色")
		}
		if r.Exclusive() && len(roles) > 1 {
			return fault.At("roles", r.Label()+"不能再兼任其他角色（三员分立）")
		}
	}
	return nil
}

// Actor is who acts in an operation. The zero Actor is anonymous.
type Actor struct {
	AccountID  int64 // staff account, 0 for none
	ResidentID int64 // signed-in resident, 0 for none
	MediatorID int64 // the mediator profile of the account, 0 for none
	RoomIDs    []int64
	Name       string
	Roles      []Role
	IP         string // for the audit trail only
	RequestID  string
	system     bool
}

// System is the actor of scheduled work: clocks that run out, seeding, repairs.
func System(name string) Actor { return Actor{Name: name, system: true} }

// IsSystem tells whether the system itself acts.
func (a Actor) IsSystem() bool { return a.system }

// SignedIn tells whether the actor is a known person.
func (a Actor) SignedIn() bool { return a.AccountID != 0 || a.ResidentID != 0 }

// Staff tells whether the actor is a staff account.
func (a Actor) Staff() bool { return a.AccountID != 0 }

// Has tells whether the actor holds any of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}

// LeadsRoom tells whether the actor is the lead of the room.
func (a Actor) LeadsRoom(id int64) bool { return a.Has(RoomLead) && slices.Contains(a.RoomIDs, id) }

// Can tells whether one of the actor's roles grants the permission.
func (a Actor) Can(p Permission) bool {
	if a.system || p == Public {
		return true
	}
	roles := a.Roles
	if len(roles) == 0 {
		roles = []Role{Anonymous}
	}
	return slices.ContainsFunc(roles, func(r Role) bool { return Granted(r, p) })
}

// Check is Can as an error: SignIn for nobody, Forbidden for somebody else.
func (a Actor) Check(p Permission) error {
	switch {
	case a.Can(p):
		return nil
	case !a.SignedIn():
		return fault.New(fault.SignIn, "请先登录")
	}
	return fault.New(fault.Forbidden, "您的岗位没有这项权限")
}
