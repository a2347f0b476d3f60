package layout

import (
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/views/link"
)

// NavItem is one entry of a navigation. An actor without the permission does not see it.
type NavItem struct {
	Label, Href, Icon string
	Permission        access.Permission
}

// deskNav is the desk's navigation, most used first. 用户 and 权限 are one page
// for two administrators who exclude each other, so nobody sees both.
var deskNav = []NavItem{
	{"工作台", link.Desk(), "layout-dashboard", access.StaffOnly},
	{"今日调解", link.DeskSessions(), "handshake", access.CaseWork},
	{"案件", link.Cases(), "folder-open", access.CaseRead},
	{"到期与回访", link.DeskDue(), "clock", access.CaseRead},
	{"排期", link.Calendar(), "calendar", access.BookRead},
	{"调解室", link.DeskRooms(), "building-2", access.RoomRead},
	{"调解员", link.DeskMediators(), "users", access.RosterRun},
	{"培训学校", link.DeskSchool(), "graduation-cap", access.School},
	{"我的学习", link.Learn(), "book-open", access.Learn},
	{"法院联络", link.DeskCourt(), "gavel", access.CourtDesk},
	{"用户", link.DeskUsers(), "user-check", access.Accounts},
	{"权限", link.DeskUsers(), "shield-check", access.Grants},
	{"工作日", link.DeskWorkdays(), "calendar", access.Settings},
	{"设置", link.DeskSettings(), "settings", access.SetRead},
	{"审计", link.DeskAudit(), "clipboard-list", access.AuditRead},
	{"对外消息", link.DeskOutbox(), "send", access.Outbox},
	{"我的资料", link.OwnProfile(), "user-check", access.OwnTime},
	{"我的消息", link.OwnMessages(), "inbox", access.StaffOnly},
	{"我的账号", link.OwnAccount(), "user", access.StaffOnly},
}

// publicNav is the residents' navigation.
var publicNav = []NavItem{
	{"首页", link.Home(), "house", access.Public},
	{"调解超市", link.Mediators(), "store", access.Public},
	{"调解室", link.Rooms(), "building-2", access.Public},
	{"申请调解", link.Apply(), "handshake", access.Public},
	{"查进度", link.Track(), "search", access.Public},
}

// tabs are the four things that a thumb reaches on a phone.
var tabs = []NavItem{
	{"首页", link.Home(), "house", access.Public},
	{"选调解员", link.Mediators(), "users", access.Public},
	{"申请", link.Apply(), "handshake", access.Public},
	{"查进度", link.Track(), "search", access.Public},
}

// desk is the navigation of the person on the page, with how many messages wait.
func (p Page) desk() []NavItem {
	items := visible(deskNav, p.Actor)
	for i := range items {
		if items[i].Href == link.OwnMessages() && p.Unread > 0 {
			items[i].Label += "（" + strconv.Itoa(p.Unread) + "）"
		}
	}
	return items
}

// here is the entry that the page belongs to: a mediator's own file is not the roster.
func (p Page) here() string {
	if !p.Actor.Can(access.RosterRun) && strings.HasPrefix(p.Path, link.DeskMediators()+"/") {
		return link.OwnProfile()
	}
	return current(deskNav, p.Path)
}

// visible lists the items that the actor may use.
func visible(items []NavItem, a access.Actor) []NavItem {
	var out []NavItem
	for _, i := range items {
		if a.Can(i.Permission) {
			out = append(out, i)
		}
	}
	return out
}

// current gives the address of the entry that the path belongs to: the longest
// one that is the path or one of its parents, so that /desk/rooms is not /desk.
func current(items []NavItem, path string) string {
	path, _, _ = strings.Cut(path, "?")
	best := ""
	for _, i := range items {
		h := i.Href
		if path == h || (h != "/" && strings.HasPrefix(path, h+"/")) {
			if len(h) > len(best) {
				best = h
			}
		}
	}
	return best
}
