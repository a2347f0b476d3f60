// Package seed fills a database with a fictitious street: for the demonstration, for
// tests, and for measuring with a million cases. Everything goes through the domains'
// own operations. No name, number or place in it is real.
package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/school"
	"tiaojie/db"
)

// Services are the domains that are filled.
type Services struct {
	DB       *db.DB
	People   *people.Service
	Rooms    *rooms.Service
	Calendar *calendar.Service
	Docket   *docket.Service
	Accord   *accord.Service
	School   *school.Service
}

// Street is what was made: the ids that cases refer to.
type Street struct {
	Communities []int64
	Committees  []docket.Committee
	Rooms       []int64
	RoomKeys    []string
	Mediators   []people.Mediator
	Liaisons    []int64
	Accounts    []people.Account
	Types       []people.DisputeType
}

var system = access.System("演示数据")

// maker carries what every step needs.
type maker struct {
	Services
	rng  *rand.Rand
	now  time.Time
	hash string // one password for all demonstration accounts
	out  Street
}

// Fill makes the street: communities, units, committees, rooms, mediators, liaisons with
// slots, and one account per role, all with the given password.
func Fill(ctx context.Context, s Services, password string) (Street, error) {
	hash, err := s.People.HashPassword(ctx, password)
	if err != nil {
		return Street{}, err
	}
	m := &maker{Services: s, rng: rand.New(rand.NewPCG(20261124, 7)), now: s.DB.Now(), hash: hash}
	for _, step := range []func(context.Context) error{m.street, m.mediators, m.rooms, m.accounts, m.hours, m.listAll} {
		if err := step(ctx); err != nil {
			return m.out, err
		}
	}
	return m.out, nil
}

var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}

// street makes five communities and the street's centre, 21 units, six committees.
func (m *maker) street(ctx context.Context) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		add := func(code, name string, isStreet bool, seq int) error {
			id, err := tx.Insert(ctx, `INSERT INTO communities (code, name, is_street, address, phone, seq) VALUES (?,?,?,?,?,?) RETURNING id`,
				code, name, isStreet, "演示路 "+fmt.Sprint(seq*10+1)+" 号", fmt.Sprintf("0755-0000000%d", seq), seq)
			m.out.Communities = append(m.out.Communities, id)
			return err
		}
		if err := add("S0", "演示街道中心", true, 0); err != nil {
			return err
		}
		for i := range 5 {
			if err := add(fmt.Sprint("C", i+1), "示例"+numerals[i]+"社区", false, i+1); err != nil {
				return err
			}
		}
		for i := range 21 {
			if _, err := tx.Exec(ctx, `INSERT INTO units (code, name, kind, seq) VALUES (?,?,?,?)`, fmt.Sprintf("U%02d", i+1), fmt.Sprintf("演示成员单位 %02d", i+1),
				[]people.UnitKind{"office", "office", "station", "society", "company"}[i%5], i+1); err != nil {
				return err
			}
		}
		for i, c := range m.out.Communities {
			name, org := "演示街道人民调解委员会", "演示"
			if i > 0 {
				name, org = "示例"+numerals[i-1]+"社区人民调解委员会", "示"+numerals[i-1]
			}
			id, err := tx.Insert(ctx, `INSERT INTO committees (code, name, org, kind, community_id, address, phone) VALUES (?,?,?,?,?,?,?) RETURNING id`,
				fmt.Sprint("K", i), name, org, "street", c, "演示路 "+fmt.Sprint(i*10+1)+" 号", fmt.Sprintf("0755-0000001%d", i))
			if err != nil {
				return err
			}
			m.out.Committees = append(m.out.Committees, docket.Committee{ID: id, Name: name, Org: org})
			if err := members(ctx, tx, id, i); err != nil {
				return err
			}
		}
		tx.Touch("people", "market")
		return nil
	})
}

// members gives a committee a director and two members, a woman among them (人民调解法 8).
// The second one also has a former member; the last one's term ends soon.
func members(ctx context.Context, tx *db.Tx, committee int64, n int) error {
	start := tx.Now.In(db.Shanghai).AddDate(-2, -6, 0)
	if n == 5 {
		start = tx.Now.In(db.Shanghai).AddDate(-3, 0, 31)
	}
	end := start.AddDate(3, 0, -1).Format(time.DateOnly)
	type member struct{ post, gender, ended string }
	list := []member{{"director", "男", ""}, {"member", "女", ""}, {"member", "男", ""}}
	if n == 1 {
		list = append([]member{{"member", "男", start.AddDate(1, 0, 0).Format(time.DateOnly)}}, list...)
	}
	for i, x := range list {
		_, err := tx.Exec(ctx, `INSERT INTO committee_members (committee_id, name, gender, post, term_start, term_end, ended_on) VALUES (?,?,?,?,?,?,?)`,
			committee, Name(n*4+i+200), x.gender, x.post, start.Format(time.DateOnly), end, x.ended)
		if err != nil {
			return err
		}
	}
	return nil
}

var surnames = []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳")
var given = []rune("安宁和平康乐明远静思文清雅正诚信义礼智仁德善美华丽俊杰伟强军勇敏慧芳兰秀英")

// Name makes a name that anybody sees is made up: 赵示安, 钱演宁.
func Name(n int) string {
	mid := "示"
	if n%2 == 1 {
		mid = "演"
	}
	return string(surnames[n%len(surnames)]) + mid + string(given[(n*7+n/len(surnames))%len(given)])
}

// kinds says how many mediators there are of each confirmed kind.
var kinds = []struct {
	code       string
	n          int
	employment string
}{{"pro", 28, "full"}, {"npc", 10, "part"}, {"trade", 12, "part"}, {"psy", 10, "invited"}}

func (m *maker) mediators(ctx context.Context) error {
	types, err := m.People.DisputeTypes(ctx, m.DB)
	if err != nil {
		return err
	}
	m.out.Types = types
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		n := 0
		for _, k := range kinds {
			for range k.n {
				in := m.mediator(n, k.code, k.employment)
				if _, err := m.People.InsertMediator(ctx, tx, in); err != nil {
					return err
				}
				n++
			}
		}
		return nil
	})
}

var stories = []string{
	"在社区工作多年，习惯先听完再开口。常说一句话：把话说开，事情就小了一半。",
	"熟悉物业和装修的门道，会带着双方到现场看一看、量一量，再谈怎么办。",
	"做过企业人事，懂工资怎么算、证据怎么留，谈欠薪时讲得清楚。",
	"擅长家庭里的难题，愿意多跑几趟，分头听老人和年轻人的话。",
	"话不多，记得准。谈成的每一条都写清楚谁、什么时候、怎么做。",
	"会说方言，老街坊愿意找他聊。先讲情理，再讲法律。",
}

var mainTypes = []string{"family", "neighbour", "housing", "contract", "damage", "labour", "consumer", "property"}

func (m *maker) mediator(n int, kind, employment string) people.MediatorInput {
	in := people.MediatorInput{Name: Name(n), Gender: []string{"女", "男"}[n%2], RepKind: kind, Employment: employment, LoadCap: 6 + n%6,
		Phone: fmt.Sprintf("1990000%04d", n), Story: stories[n%len(stories)], Grade: []string{"4", "4", "3", "", "2", "1"}[n%6],
		JoinedOn: fmt.Sprintf("20%02d-0%d-01", 16+n%10, 1+n%9), CourtInvited: n%7 == 0, Languages: []string{"普通话"}}
	for range 2 + m.rng.IntN(3) {
		in.Types = append(in.Types, mainTypes[m.rng.IntN(len(mainTypes))])
	}
	switch kind {
	case "psy":
		in.Types = append(in.Types, "family")
	case "trade":
		in.Types = append(in.Types, "property", "consumer")
	}
	if d := people.Languages[1+m.rng.IntN(len(people.Languages)-1)]; n%3 != 0 {
		in.Languages = append(in.Languages, d)
	}
	in.Communities = []int64{m.out.Communities[1+n%5]}
	if n%4 == 0 {
		in.Communities = append(in.Communities, m.out.Communities[1+(n+2)%5])
	}
	return in
}

// listAll opens the listing of all but a few, who show the other states.
func (m *maker) listAll(ctx context.Context) error {
	all, err := m.People.Mediators(ctx, m.DB, people.MediatorFilter{})
	if err != nil {
		return err
	}
	for i, x := range all {
		if i%19 == 18 {
			continue // not yet listed
		}
		if err := m.People.MoveMediator(ctx, system, x.Key, "list", "", x.Version); err != nil {
			return err
		}
		if i%23 == 22 {
			if err := m.People.MoveMediator(ctx, system, x.Key, "pause", "外出学习，月底恢复", x.Version+1); err != nil {
				return err
			}
		}
	}
	m.out.Mediators, err = m.People.Mediators(ctx, m.DB, people.MediatorFilter{State: people.Listed})
	return err
}
