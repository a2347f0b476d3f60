package seed

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Story is one made-up dispute.
type Story struct {
	Type, Summary, Words, Place string
	Organisation                bool // the other side is a firm
}

type plot struct {
	kind, summary string
	words         []string
	firm          bool
}

// plots hold, per kind of dispute, a summary and sentences with places for details.
var plots = []plot{
	{"neighbour-leak", "楼上{room}漏水，{thing}受损", []string{"{when}起，我家{room}的天花板一直渗水，{thing}都泡坏了。", "找过楼上{n}次，他说是管道老化，不归他管。", "我请人看过，估计要{money}元才能修好。", "希望他把漏点修好，再赔我的损失。"}, false},
	{"neighbour-noise", "夜间{noise}影响休息", []string{"楼上{when}开始，每天夜里{hour}点以后还在{noise}。", "家里老人睡不好，{n}次敲门提醒都没用。", "不要钱，只希望晚上十点后安静。"}, false},
	{"neighbour-pet", "{pet}咬伤{who}引发赔偿纠纷", []string{"{when}在小区里，邻居没有牵绳，{pet}把{who}咬伤了。", "打针和看病花了{money}元，有票据。", "对方只肯出一半，说我们自己惹的。"}, false},
	{"labour-wage", "拖欠{n}个月工资共{money}元", []string{"我在{firm}做{job},{when}离职，还差{n}个月工资没发，一共{money}元。", "有考勤和聊天记录，没有签合同。", "老板一直说等回款，电话也不接了。", "家里等着用钱，希望定一个准日子。"}, true},
	{"labour", "工伤待遇协商不成", []string{"{when}在{firm}上班时手被机器压伤，住院{n}天。", "单位垫了一部分，还差{money}元误工费和后续治疗费。", "没有买保险，单位说我操作不当。"}, true},
	{"property", "{n}年物业费{money}元拒交", []string{"业主{n}年没有交物业费，共{money}元。", "业主说电梯常坏、楼道没人打扫，{when}反映过没有回音。", "希望双方把服务和费用一起谈清楚。"}, true},
	{"property-parking", "车位被占引起争执", []string{"我租的车位{when}起经常被同一辆车占着。", "物业说管不了，对方说从来没人告诉他。", "有一次吵起来，差点动手。"}, false},
	{"family", "{who}赡养费分担不均", []string{"老人{age}岁，{n}个子女，谁出钱谁照顾一直说不拢。", "{when}住院花了{money}元，是我一个人垫的。", "希望兄弟姐妹坐下来，把以后怎么办写清楚。"}, false},
	{"family", "离婚后{who}抚养费未付", []string{"{when}离婚，约定每月给抚养费，已经{n}个月没给了，差{money}元。", "他说换了工作，收入少了。", "不想闹上法院，想让孩子好过些。"}, false},
	{"housing-rent", "退租押金{money}元不退", []string{"房子{when}到期，押金{money}元房东不肯退。", "他说墙面有划痕，要扣{n}成。", "入住时拍过照片，划痕本来就有。"}, false},
	{"housing", "装修{room}改动承重墙", []string{"楼下{when}装修，把{room}的墙打掉了，我家墙面开了{n}条缝。", "请人来看，说可能是承重墙。", "希望恢复原样，并赔{money}元修补费。"}, false},
	{"contract", "借款{money}元到期未还", []string{"{when}他向我借了{money}元，说{n}个月还，有借条。", "现在只还了一点，说生意不好。", "可以分期，但要有个数。"}, false},
	{"consumer", "预付卡{money}元商家关门", []string{"在{firm}办卡交了{money}元，只用了{n}次，{when}就关门了。", "店长微信不回，新店说不认旧卡。", "希望退剩下的钱。"}, true},
	{"consumer-online", "网购{thing}质量争议", []string{"{when}在直播间买的{thing}，用了{n}天就坏，花了{money}元。", "客服先说换货，后来说我人为损坏。"}, true},
	{"damage", "碰撞致{who}受伤赔偿", []string{"{when}在{place}被电动车碰倒，{who}腿部受伤。", "医药费{money}元，对方垫了{n}百元。", "希望把误工和复查的钱一起说定。"}, false},
	{"traffic", "停车场刮擦修车费{money}元", []string{"{when}在{place}停车，被旁边的车刮了，定损{money}元。", "对方说不是他，监控有{n}分钟看不清。"}, false},
	{"business", "合伙开店散伙账目不清", []string{"{when}和他合伙开店，各出一半，干了{n}个月亏了。", "设备卖了{money}元，钱在他那里，账没有对过。"}, false},
	{"environment", "楼下餐馆油烟扰民", []string{"楼下餐馆{when}开业，油烟直接排到我家窗口。", "反映过{n}次，装了管子还是有味。"}, true},
}

var details = map[string][]string{
	"room": {"厨房", "客厅", "主卧", "卫生间", "阳台"}, "thing": {"木地板", "衣柜", "墙纸", "电视", "床垫", "扫地机", "吊顶"},
	"noise": {"拖桌椅", "放音乐", "打麻将", "跑跳", "敲墙"}, "pet": {"狗", "大型犬", "猫"}, "who": {"母亲", "孩子", "我", "父亲", "老人"},
	"firm": {"示例电子厂", "演示餐饮店", "示例装饰公司", "演示物流站", "示例健身房", "演示培训中心"}, "job": {"普工", "厨师", "送货员", "焊工", "前台"},
	"place": {"演示广场", "示例路口", "演示菜场门口", "示例停车场"}, "when": {"今年三月", "上个月", "去年底", "国庆后", "上周", "前天", "今年夏天", "两个月前"},
	"hour": {"十一", "十二", "一", "两"}, "n": {"两", "三", "四", "五", "六"}, "age": {"七十二", "七十八", "八十一", "六十九"},
}

// Tell makes a story that differs from the others in kind, details and wording.
func Tell(r *rand.Rand) Story {
	p := plots[r.IntN(len(plots))]
	pick := map[string]string{"money": fmt.Sprint(300 + 50*r.IntN(600))}
	for k, options := range details {
		pick[k] = options[r.IntN(len(options))]
	}
	fill := func(text string) string {
		for k, v := range pick {
			text = strings.ReplaceAll(text, "{"+k+"}", v)
		}
		return text
	}
	n := 2 + r.IntN(len(p.words)-1)
	return Story{Type: p.kind, Summary: fill(p.summary), Words: fill(strings.Join(p.words[:n], "")), Organisation: p.firm,
		Place: fmt.Sprintf("示例花园 %d 栋", 1+r.IntN(30))}
}
