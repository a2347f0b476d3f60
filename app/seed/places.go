package seed

import (
	"context"
	"fmt"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// demoRooms are four branded and three featured rooms, as many as the real street has
// published; their names are made up, and say so.
var demoRooms = []struct {
	kind        rooms.Kind
	name, story string
	types       []string
	facilities  string
}{
	{rooms.Brand, "示例·和邻", "从一张旧茶桌开始：两户人家为漏水吵了半年，坐下来喝了一壶茶，把修缮的钱分清楚了。茶桌还在，规矩也还在——先喝茶，再说事。", []string{"neighbour", "housing"}, "茶桌、圆桌、投影、无障碍通道、母婴室"},
	{rooms.Brand, "示例·薪安", "专谈工资和工伤。墙上贴着怎么算加班费，桌上放着计算器。来的人多半下了班，所以晚上也开门。", []string{"labour"}, "圆桌、复印机、计算工具、无障碍通道"},
	{rooms.Brand, "示例·家事", "两间屋子、一道门：分头谈用里外间，合着谈就把门打开。角落里有孩子的绘本和积木。", []string{"family"}, "里外间、儿童角、心理沙盘、纸巾和热水"},
	{rooms.Brand, "示例·物和", "业主、物业、业委会各有一面墙写自己的难处。谈之前，先去看对方那面墙。", []string{"property", "housing"}, "长桌、白板、投影、停车位"},
	{rooms.Feature, "示例·乡音", "说粤语、客家话、潮汕话都有人应。有时候，换一种话，人就松下来了。", []string{"neighbour", "family", "contract"}, "圆桌、方言翻译、助听设备"},
	{rooms.Feature, "示例·商圈", "开在商场里，吵起来走几步就到。小额消费纠纷，当天的事当天谈。", []string{"consumer", "contract"}, "圆桌、复印机、监控回放"},
	{rooms.Feature, "示例·工地", "设在项目部旁边的板房里，安全帽挂一排。包工头和工人坐同一种凳子。", []string{"labour", "damage"}, "长凳、复印机、饮水"},
}

func (m *maker) rooms(ctx context.Context) error {
	all, err := m.People.Mediators(ctx, m.DB, people.MediatorFilter{RepKind: "pro"})
	if err != nil {
		return err
	}
	m.out.Mediators = all
	for i, r := range demoRooms {
		committee := m.out.Committees[i%len(m.out.Committees)]
		key, err := m.Rooms.Create(ctx, system, fmt.Sprint("seed-room-", i), rooms.Input{Kind: r.kind, FullName: committee.Name + r.name + "调解工作室",
			ShortName: r.name + "调解室", CommitteeID: committee.ID, CommunityID: m.out.Communities[i%len(m.out.Communities)], LeadMediatorID: all[i].ID,
			Story: r.story, Types: r.types, Address: fmt.Sprintf("演示路 %d 号 %d 楼", 10*i+1, 1+i%3),
			Directions: fmt.Sprintf("公交“演示路口”站下车，步行约 %d 分钟；大楼正门有“人民调解”标识，进门左转。", 3+i),
			Phone:      fmt.Sprintf("0755-0000002%d", i), Seats: 6 + 2*i, Facilities: r.facilities})
		if err != nil {
			return err
		}
		if err := m.open(ctx, key, i); err != nil {
			return err
		}
	}
	key, err := m.Rooms.Create(ctx, system, "seed-room-plain", rooms.Input{Kind: rooms.Plain, FullName: "示例一社区人民调解委员会调解室", ShortName: "示例一社区调解室",
		CommitteeID: m.out.Committees[1].ID, CommunityID: m.out.Communities[1], Address: "演示路 11 号 1 楼", Seats: 8, Facilities: "长桌、饮水"})
	if err != nil {
		return err
	}
	if err := m.Rooms.Advance(ctx, system, key, rooms.Step{Verb: rooms.VerbOpen, Version: 1}); err != nil {
		return err
	}
	// One that is still being applied for shows the beginning of a room's life.
	_, err = m.Rooms.Create(ctx, system, "seed-room-new", rooms.Input{Kind: rooms.Feature, FullName: "示例三社区人民调解委员会示例·车位调解工作室", ShortName: "示例·车位调解室",
		CommitteeID: m.out.Committees[3].ID, CommunityID: m.out.Communities[3], Address: "演示路 31 号 1 楼", Seats: 6, Types: []string{"property-parking"}})
	if err != nil {
		return err
	}
	list, err := m.Rooms.List(ctx, m.DB, system, rooms.Filter{Public: true})
	for _, r := range list {
		m.out.Rooms, m.out.RoomKeys = append(m.out.Rooms, r.ID), append(m.out.RoomKeys, r.Key)
	}
	return err
}

// open names the room, hangs its plaque and draws up its duty roster.
func (m *maker) open(ctx context.Context, key string, i int) error {
	named := rooms.Step{Verb: rooms.VerbName, NamingAuthority: "演示区司法局", ApprovalNo: fmt.Sprintf("演示司〔2025〕%d 号", 11+i), ApprovedOn: fmt.Sprintf("2025-0%d-10", 1+i), Note: "准予命名", Version: 1}
	if err := m.Rooms.Advance(ctx, system, key, named); err != nil {
		return err
	}
	hung := rooms.Step{Verb: rooms.VerbHang, PlaqueOn: fmt.Sprintf("2025-1%d-0%d", i%3, 1+i), Note: "挂牌", Version: 2}
	if err := m.Rooms.Advance(ctx, system, key, hung); err != nil {
		return err
	}
	var duties []rooms.Duty
	for day := 1; day <= 5; day++ {
		a, b := m.out.Mediators[(i+day*7)%len(m.out.Mediators)], m.out.Mediators[(i+day*7+3)%len(m.out.Mediators)]
		duties = append(duties, rooms.Duty{MediatorID: a.ID, Weekday: day, FromMin: 540, ToMin: 720}, rooms.Duty{MediatorID: b.ID, Weekday: day, FromMin: 840, ToMin: 1080})
	}
	return m.Rooms.SetRoster(ctx, system, key, duties, 3)
}

// Logins are the demonstration's accounts, one per role.
var Logins = []struct {
	Login string
	Role  access.Role
}{{"mediator", access.Mediator}, {"roomlead", access.RoomLead}, {"clerk", access.Clerk}, {"liaison", access.Liaison}, {"trainer", access.Trainer},
	{"leader", access.Leader}, {"sysadmin", access.SysAdmin}, {"secadmin", access.SecAdmin}, {"auditor", access.Auditor}}

func (m *maker) accounts(ctx context.Context) error {
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		for i, l := range Logins {
			if err := m.account(ctx, tx, l.Login, Name(300+i), l.Role, int64(i)); err != nil {
				return err
			}
		}
		for i := 2; i <= 3; i++ {
			if err := m.account(ctx, tx, fmt.Sprint("liaison", i), Name(320+i), access.Liaison, int64(20+i)); err != nil {
				return err
			}
		}
		for i := 2; i <= 6; i++ {
			if err := m.account(ctx, tx, fmt.Sprint("mediator", i), "", access.Mediator, int64(30+i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range m.out.Accounts {
		if a.Login == "roomlead" {
			for _, key := range m.out.RoomKeys[:2] {
				room, err := m.Rooms.Room(ctx, m.DB, key)
				if err != nil {
					return err
				}
				if err := m.Rooms.SetLeads(ctx, system, key, []int64{a.ID}, room.Version); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// account makes an account; a mediator's is linked to the next professional mediator.
func (m *maker) account(ctx context.Context, tx *db.Tx, login, name string, role access.Role, n int64) error {
	at := 0
	for _, a := range m.out.Accounts {
		if a.Roles[0] == access.Mediator {
			at++
		}
	}
	if role == access.Mediator {
		name = m.out.Mediators[at].Name
	}
	a, err := m.People.InsertAccount(ctx, tx, people.NewAccount{Login: login, Name: name, Phone: fmt.Sprintf("1990001%04d", n), Roles: []access.Role{role}}, m.hash)
	if err != nil {
		return err
	}
	m.out.Accounts = append(m.out.Accounts, a)
	switch role {
	case access.Liaison:
		m.out.Liaisons = append(m.out.Liaisons, a.ID)
	case access.Mediator:
		if _, err = tx.Exec(ctx, `UPDATE mediators SET account_id = ? WHERE id = ?`, a.ID, m.out.Mediators[at].ID); err != nil {
			return err
		}
		med, err := m.People.Mediator(ctx, tx, m.out.Mediators[at].Key)
		if err != nil {
			return err
		}
		return m.People.MediatorChanged(ctx, tx, med)
	}
	return nil
}

func weekdays(days []int, spans ...[2]int) []calendar.Rule {
	var out []calendar.Rule
	for _, d := range days {
		for _, s := range spans {
			out = append(out, calendar.Rule{Weekday: d, FromMin: s[0], ToMin: s[1]})
		}
	}
	return out
}

var morning, afternoon, evening = [2]int{540, 720}, [2]int{840, 1080}, [2]int{1140, 1260}

// hours gives rooms and mediators their weeks, and liaisons their slots at the court station.
func (m *maker) hours(ctx context.Context) error {
	all, err := m.People.Mediators(ctx, m.DB, people.MediatorFilter{})
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		set := func(kind calendar.Kind, ref int64, name string, rules []calendar.Rule) error {
			id, err := m.Calendar.Ensure(ctx, tx, kind, ref, name, true)
			if err != nil {
				return err
			}
			return m.Calendar.PutRules(ctx, tx, id, rules)
		}
		for i, id := range m.out.Rooms {
			spans := [][2]int{morning, afternoon}
			if i%3 == 1 {
				spans = append(spans, evening)
			}
			room, err := m.Rooms.RoomByID(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := set(calendar.RoomKind, id, room.ShortName, weekdays([]int{1, 2, 3, 4, 5}, spans...)); err != nil {
				return err
			}
		}
		for i, x := range all {
			days := [][]int{{1, 2, 3, 4, 5}, {1, 3, 5}, {2, 4}, {1, 2, 4}}[i%4]
			if err := set(calendar.MediatorKind, x.ID, x.Name, weekdays(days, [][][2]int{{morning, afternoon}, {morning}, {afternoon}}[i%3]...)); err != nil {
				return err
			}
		}
		return m.liaisonSlots(ctx, tx)
	})
}

// liaisonSlots publishes half days at the court station for six weeks.
func (m *maker) liaisonSlots(ctx context.Context, tx *db.Tx) error {
	for i, account := range m.out.Liaisons {
		id, err := m.Calendar.Ensure(ctx, tx, calendar.LiaisonKind, account, Name(303+i), true)
		if err != nil {
			return err
		}
		first := calendar.DayOf(m.now).Monday()
		for week := range 6 {
			for k, day := range []int{i % 5, (i + 2) % 5} {
				span := [][2]int{morning, afternoon}[(k+i)%2]
				d := first + calendar.Day(7*week+day)
				e := calendar.Exception{ResourceID: id, Kind: "open", FromAt: db.At(d.At(span[0])), ToAt: db.At(d.At(span[1])),
					Purpose: calendar.Purposes[(week+k)%3].Code, Reason: "驻街道工作站"}
				if e.ToAt.Before(m.now.Add(-24 * time.Hour)) {
					continue
				}
				if _, err := m.Calendar.PutException(ctx, tx, system, e); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
