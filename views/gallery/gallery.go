// Package gallery shows every part of ui and every frame of layout with made-up
// content, to look at and to test in a browser. The product does not import it.
package gallery

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"tiaojie/app/access"
	"tiaojie/views/layout"
	"tiaojie/views/ui"
)

// Sample is one page of the gallery under its address.
type Sample struct {
	Path string
	Page templ.Component
}

// moment is the gallery's now: a Tuesday afternoon in Shanghai.
var moment = time.Date(2026, 11, 24, 6, 30, 0, 0, time.UTC)

// Samples lists the pages; elder shows them in 长辈版.
func Samples(elder bool) []Sample {
	pub := layout.Page{Street: "演示街道", CSRF: "csrf", Elder: elder, Demo: true}
	desk := pub
	desk.Actor = access.Actor{AccountID: 1, Name: "示例受理员", Roles: []access.Role{access.Clerk}}
	tablet := pub
	tablet.Actor = access.Actor{AccountID: 2, Name: "示例调解员", Roles: []access.Role{access.Mediator}}
	at := func(p layout.Page, title, path string) layout.Page {
		p.Title, p.Path = title, path
		return p
	}
	refused := at(pub, "对方是谁", "/apply/other")
	refused.Errors = true
	flashed := at(desk, "工作台", "/desk")
	flashed.Flash = &ui.Flash{Text: "已受理，编号已写入回执。", Tone: ui.Act}
	return []Sample{
		{"/", home(at(pub, "首页", "/"))},
		{"/mediators", market(at(pub, "调解超市", "/mediators"))},
		{"/mediators/one", profile(at(pub, "示例甲", "/mediators/one"))},
		{"/apply", happened(at(pub, "发生了什么事", "/apply"), ui.New("csrf", "idem"))},
		{"/apply/other", other(refused, refusedForm())},
		{"/apply/check", check(at(pub, "核对后提交", "/apply/check"), ui.New("csrf", "idem"))},
		{"/apply/done", done(at(pub, "已收到", "/apply/done"))},
		{"/track", track(at(pub, "查进度", "/track"))},
		{"/desk", today(flashed)},
		{"/cases", cases(at(desk, "案件", "/cases"))},
		{"/desk/sessions/one", session(at(tablet, "调解笔录", "/desk/sessions/one"), sessionForm())},
		{"/board", board(at(pub, "指挥中心", "/board"))},
		{"/paper", paper(at(desk, "调解协议书", "/paper"))},
	}
}

func refusedForm() ui.Form {
	return ui.Refused(url.Values{"name": {"示例乙"}, "phone": {"1380013"}, "way": {"letter"}},
		map[string]string{"phone": "手机号应为 11 位数字，请检查", "address": "寄信邀请需要对方的地址"}, "csrf", "idem")
}

func sessionForm() ui.Form {
	return ui.Filled("csrf", "idem", "claim", "申请人称楼上住户深夜拖动桌椅，已持续两个月，影响老人休息。",
		"fact", "双方对 11 月 3 日夜间的情况说法一致；对其余日期有争议。", "right", "told", "right", "recuse")
}

var kinds = []ui.Option{
	{Value: "neighbour", Label: "邻里", Hint: "噪音、漏水、占道、宠物"},
	{Value: "family", Label: "婚姻家庭", Hint: "赡养、抚养、分家"},
	{Value: "property", Label: "物业", Hint: "收费、停车、维修"},
	{Value: "labour", Label: "劳动报酬", Hint: "欠薪、工伤、辞退"},
	{Value: "consume", Label: "消费", Hint: "退款、质量、预付卡"},
	{Value: "other", Label: "其他", Hint: "说不清也可以选这里"},
}

var communities = []ui.Option{{Label: "全部社区"}, {Value: "1", Label: "示例一社区"}, {Value: "2", Label: "示例二社区"}}

var people = []ui.PersonCard{
	{Name: "示例甲", Href: "/mediators/one", Kind: "律师代表 · 示例一社区", Says: "先听完，再说话。把事情一件一件摆在桌上。", Tags: []string{"物业", "邻里", "普通话", "粤语"}, Free: "今天 16:00"},
	{Name: "单示例", Href: "/mediators/one", Kind: "专职调解员 · 演示调解室", Says: "老街坊的事，要用老街坊的话讲。", Tags: []string{"婚姻家庭", "客家话"}, Free: "11月26日（周四）09:00"},
	{Name: "喆示例", Href: "/mediators/one", Kind: "人大代表 · 示例二社区", Tags: []string{"劳动报酬", "消费"}},
}

var days = []ui.SlotDay{
	{Date: "11月26日", Week: "周四", Slots: []ui.Slot{{Value: "a", Label: "09:00"}, {Value: "b", Label: "10:30"}, {Value: "c", Label: "14:00", Taken: true}, {Value: "d", Label: "15:30"}}},
	{Date: "11月27日", Week: "周五", Slots: []ui.Slot{{Value: "e", Label: "09:00"}, {Value: "f", Label: "16:00"}}},
	{Date: "11月30日", Week: "周一", Slots: []ui.Slot{{Value: "g", Label: "14:00"}}},
}

var steps = []string{"发生了什么", "对方是谁", "选人选时间", "核对"}

var events = []ui.Event{
	{Title: "申请已收到", When: "11月20日（周五）10:12", Who: "演示街道", State: ui.Done},
	{Title: "对方同意调解", When: "11月21日（周六）19:40", Who: "对方", State: ui.Done},
	{Title: "受理并编号", When: "应于 11月23日（周一）前", Who: "窗口受理员", State: ui.Late, Note: "正在催办。"},
	{Title: "约定时间和地点", When: "应于 11月27日（周五）前", Who: "示例甲", State: ui.Now},
	{Title: "调解", State: ui.Next},
	{Title: "协议与履行", State: ui.Next},
}

type line struct {
	no, title, kind, who, due string
	state                     ui.Tone
	label                     string
	days                      int
}

var lines = []line{
	{"（2026）演示民调字第 118 号", "楼上夜间噪音", "邻里", "示例甲", "11月22日", ui.Overdue, "逾期 2 天", 31},
	{"（2026）演示民调字第 121 号", "地下车位收费", "物业", "单示例", "11月25日", ui.Wait, "待对方答复", 12},
	{"（2026）演示民调字第 124 号", "三个月工资未付", "劳动报酬", "喆示例", "12月3日", ui.Act, "调解中", 8},
	{"（2026）演示民调字第 125 号", "外墙渗水修缮", "邻里", "示例甲", "12月9日", ui.Act, "已排期", 5},
	{"（2026）演示民调字第 109 号", "老人赡养安排", "婚姻家庭", "单示例", "—", ui.Finished, "已履行", 24},
	{"（2026）演示民调字第 104 号", "预付卡退款", "消费", "喆示例", "—", ui.None, "已终止", 19},
}
