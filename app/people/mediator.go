package people

import "tiaojie/db"

// MediatorState is whether residents can choose the mediator.
type MediatorState string

const (
	Dormant MediatorState = "dormant" // 未上架: not (any more) in the marketplace
	Listed  MediatorState = "listed"  // 在册可选
	Paused  MediatorState = "paused"  // 暂停接案
)

// MediatorStates lists the states in the order of a listing's life.
var MediatorStates = []MediatorState{Dormant, Listed, Paused}

var mediatorStateLabels = map[MediatorState]string{Dormant: "未上架", Listed: "在册可选", Paused: "暂停接案"}

// Label gives the state's Chinese name.
func (s MediatorState) Label() string { return mediatorStateLabels[s] }

// Mediator is a people's mediator (人民调解员).
type Mediator struct {
	ID           int64         `db:"id"`
	Key          string        `db:"key"`
	AccountID    *int64        `db:"account_id"`
	Name         string        `db:"name"`
	Pinyin       string        `db:"pinyin"`
	Initials     string        `db:"initials"`
	Gender       string        `db:"gender"`
	RepKind      string        `db:"rep_kind"`
	Employment   string        `db:"employment"` // full 专职, part 兼职, invited 特邀
	CourtInvited bool          `db:"court_invited"`
	UnitID       *int64        `db:"unit_id"`
	Grade        string        `db:"grade"` // "" 无等级, 4 四级 … 1 一级
	Story        string        `db:"story"`
	PhotoKey     string        `db:"photo_key"`
	PublishAt    db.Time       `db:"publish_at"`      // consent to publication of story and photo; zero when none
	PublishVer   string        `db:"publish_version"` // version of the notice consented to
	LoadCap      int           `db:"load_cap"`        // open cases at the most, 0 for no limit
	State        MediatorState `db:"state"`
	StateReason  string        `db:"state_reason"`
	JoinedOn     string        `db:"joined_on"`
	ListedTo     string        `db:"listed_to"` // the last day on which residents may choose, "" for no end
	Version      int64         `db:"version"`

	RepName     string   `db:"rep_name"`
	RepEnabled  bool     `db:"rep_enabled"`
	Types       []string `db:"-"` // dispute type codes
	Languages   []string `db:"-"`
	Communities []int64  `db:"-"`
	Lapsed      bool     `db:"-"` // ListedTo is over
}

// Published tells whether story and photo may be shown (个人信息保护法 25).
func (m Mediator) Published() bool { return !m.PublishAt.IsZero() }

// Choosable tells whether somebody may choose the mediator: listed, of a kind that is in
// use, and with the training that the street requires.
func (m Mediator) Choosable() bool { return m.State == Listed && m.RepEnabled && !m.Lapsed }

// Languages are the languages and dialects offered to choose from.
var Languages = []string{"普通话", "粤语", "客家话", "潮汕话", "四川话", "湖南话", "江西话", "闽南话", "英语", "手语"}

// Grades are the four grades, highest first (中华全国人民调解员协会《关于开展人民调解员等级评定工作的意见》).
var Grades = []struct{ Code, Label string }{{"1", "一级"}, {"2", "二级"}, {"3", "三级"}, {"4", "四级"}, {"", "无等级"}}

// GradeLabel gives a grade in words, "" for an unknown code.
func GradeLabel(code string) string {
	for _, g := range Grades {
		if g.Code == code {
			return g.Label
		}
	}
	return ""
}

var employmentLabels = map[string]string{"full": "专职", "part": "兼职", "invited": "特邀"}

// EmploymentLabel gives the kind of employment in words, "" for an unknown code.
func EmploymentLabel(code string) string { return employmentLabels[code] }
