package accounts

import (
	"net/netip"
	"strconv"
	"strings"

	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/views/ui"
)

// OwnData is one's own account.
type OwnData struct {
	Form    ui.Form // of the phone
	Asked   bool    // a code was sent to the phone in the form
	Account people.OwnAccount
	SignIns []people.OwnSignIn
	MayTOTP bool // the second factor and its codes may be renewed now
	Others  int  // sign-ins besides the one that asks
}

// InboxData is one page of one's own messages.
type InboxData struct {
	Form   ui.Form
	Page   notify.InboxPage
	State  string
	Unread int
	First  bool // the first page, not one after
	Next   string
	Path   string // of this page, to return to
}

// newest is the newest unread message on the page.
func (d InboxData) newest() string { return strconv.FormatInt(d.Page.Entries[0].ID, 10) }

func (d InboxData) none() (title, note string) {
	switch d.State {
	case "unread":
		return "没有未读消息", "都看过了"
	case "read":
		return "没有看过的消息", "看过的消息会留在这里"
	}
	return "还没有消息", "案件和日程有变化时，会在这里告诉您"
}

// about says in a word what a message is about.
func about(e notify.Entry) string {
	switch kind, _, _ := strings.Cut(e.Kind, "."); kind {
	case "case":
		return "案件"
	case "session":
		return "调解日期"
	}
	return "通知"
}

// marks are what tells browsers and systems apart, the more special ones first.
var (
	browsers = [][2]string{{"MicroMessenger", "微信"}, {"Edg", "Edge 浏览器"}, {"HuaweiBrowser", "华为浏览器"}, {"Firefox", "Firefox 浏览器"},
		{"Chrome", "Chrome 浏览器"}, {"Safari", "Safari 浏览器"}}
	systems = [][2]string{{"OpenHarmony", "鸿蒙"}, {"HarmonyOS", "鸿蒙"}, {"Android", "安卓"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
		{"Windows", "Windows 电脑"}, {"Macintosh", "苹果电脑"}, {"Linux", "Linux 电脑"}}
)

// device names what somebody signed in with, as far as the browser tells.
func device(agent string) string {
	find := func(marks [][2]string) string {
		for _, m := range marks {
			if strings.Contains(agent, m[0]) {
				return m[1]
			}
		}
		return ""
	}
	browser, system := find(browsers), find(systems)
	if browser == "" && system == "" {
		return "其他设备"
	}
	return strings.Trim(system+" · "+browser, " ·")
}

// place says where an address is, as far as it tells without asking anybody.
func place(ip string) string {
	a, err := netip.ParseAddr(ip)
	switch {
	case err != nil:
		return "来源不明"
	case a.IsLoopback():
		return "本机"
	case a.IsPrivate(), a.IsLinkLocalUnicast():
		return "单位或家里的内部网络"
	}
	return "互联网"
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func totpState(a people.OwnAccount) (string, ui.Tone) {
	switch {
	case len(a.TOTPSealed) > 0:
		return "已设置", ui.Finished
	case a.TOTPRequired:
		return "必须设置", ui.Wait
	}
	return "未设置", ui.None
}
