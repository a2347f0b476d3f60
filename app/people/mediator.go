package people

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// MediatorState is whether residents can choose the mediator.
type MediatorState string

const (
	Dormant MediatorState = "dormant" // 未上架: not (any more) in the marketplace
	Listed  MediatorState = "listed"  // 在册可选
	Paused  MediatorState = "paused"  // 暂停接案
)

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
	PublishAt    db.Time       `db:"publish_at"` // consent to publication of story and photo; zero when none
	LoadCap      int           `db:"load_cap"`   // open cases at the most
	State        MediatorState `db:"state"`
	StateReason  string        `db:"state_reason"`
	JoinedOn     string        `db:"joined_on"`
	Version      int64         `db:"version"`

	RepName     string   `db:"rep_name"`
	Types       []string `db:"-"` // dispute type codes
	Languages   []string `db:"-"`
	Communities []int64  `db:"-"`
}

// Published tells whether story and photo may be shown (个人信息保护法 25).
func (m Mediator) Published() bool { return !m.PublishAt.IsZero() }

const mediatorColumns = `m.id, m.key, m.account_id, m.name, m.pinyin, m.initials, m.gender, m.rep_kind, m.employment, m.court_invited,
	m.unit_id, m.grade, m.story, m.photo_key, m.publish_at, m.load_cap, m.state, m.state_reason, m.joined_on, m.version, k.name AS rep_name`

const mediatorTables = ` FROM mediators m JOIN rep_kinds k ON k.code = m.rep_kind `

// Languages are the languages and dialects offered to choose from.
var Languages = []string{"普通话", "粤语", "客家话", "潮汕话", "四川话", "湖南话", "江西话", "闽南话", "英语", "手语"}

// Grades are the four grades, highest first (中华全国人民调解员协会).
var Grades = []struct{ Code, Label string }{{"1", "一级"}, {"2", "二级"}, {"3", "三级"}, {"4", "四级"}, {"", "无等级"}}

// GradeLabel gives a grade in words.
func GradeLabel(code string) string {
	for _, g := range Grades {
		if g.Code == code {
			return g.Label
		}
	}
	return ""
}

var employmentLabels = map[string]string{"full": "专职", "part": "兼职", "invited": "特邀"}

// EmploymentLabel gives the kind of employment in words.
func EmploymentLabel(code string) string { return employmentLabels[code] }

var mediatorStateLabels = map[MediatorState]string{Dormant: "未上架", Listed: "在册可选", Paused: "暂停接案"}

// Label gives the state's Chinese name.
func (s MediatorState) Label() string { return mediatorStateLabels[s] }

// MediatorMove is one lawful step of a mediator's listing.
type MediatorMove struct {
	Verb   string
	Label  string
	From   []MediatorState
	To     MediatorState
	Reason bool // a reason is needed and kept
	Own    bool // the mediator may do it too
}

// MediatorMoves is the life of a listing.
var MediatorMoves = []MediatorMove{
	{Verb: "list", Label: "上架", From: []MediatorState{Dormant, Paused}, To: Listed},
	{Verb: "pause", Label: "暂停接案", From: []MediatorState{Listed}, To: Paused, Reason: true, Own: true},
	{Verb: "retire", Label: "下架", From: []MediatorState{Listed, Paused}, To: Dormant, Reason: true},
}

// MediatorInput is what the form of a mediator carries.
type MediatorInput struct {
	Name, Pinyin, Initials, Gender string
	RepKind, Employment            string
	CourtInvited                   bool
	AccountID, UnitID              int64
	Phone                          string
	Grade, Story, JoinedOn         string
	LoadCap                        int
	Types, Languages               []string
	Communities                    []int64
	Version                        int64
}

func (s *Service) checkMediator(ctx context.Context, r db.Reader, in *MediatorInput) error {
	f := fault.Form{}
	f.Check(in.Name != "" && utf8.RuneCountInString(in.Name) <= 40, "name", "请填写姓名")
	f.Check(employmentLabels[in.Employment] != "", "employment", "请选择专职、兼职或特邀")
	f.Check(GradeLabel(in.Grade) != "", "grade", "请选择等级")
	f.Check(in.LoadCap >= 0 && in.LoadCap <= 200, "load_cap", "同时办理的案件数请填 0 到 200")
	f.Check(utf8.RuneCountInString(in.Story) <= 2000, "story", "介绍最多 2000 字")
	f.Check(len(in.Types) > 0, "types", "请至少选一类擅长的纠纷")
	if in.Phone != "" {
		phone, ok := NormPhone(in.Phone)
		f.Check(ok, "phone", "手机号好像不对,请核对")
		in.Phone = phone
	}
	var k RepKind
	err := r.Get(ctx, &k, `SELECT code, name, confirmed, enabled, seq, version FROM rep_kinds WHERE code = ?`, in.RepKind)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	f.Check(err == nil && k.Enabled, "rep_kind", "请选择代表类别;待街道确认的类别还不能使用")
	full, initials := Pinyin(in.Name)
	in.Pinyin, in.Initials = or(strings.ToLower(in.Pinyin), full), or(strings.ToLower(in.Initials), initials)
	return f.Err()
}

// CreateMediator adds a mediator, not yet listed. It needs access.RosterRun.
func (s *Service) CreateMediator(ctx context.Context, who access.Actor, idem string, in MediatorInput) (key string, err error) {
	if err := who.Check(access.RosterRun); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		prior, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			key = prior
			return err
		}
		m, err := s.InsertMediator(ctx, tx, in)
		if err != nil {
			return err
		}
		key = m.Key
		if err := s.noted(ctx, tx, who, m, "create", "", Dormant, "登记入册"); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	return key, err
}

// InsertMediator adds a mediator in the caller's transaction: for imports and seeding.
func (s *Service) InsertMediator(ctx context.Context, tx *db.Tx, in MediatorInput) (Mediator, error) {
	if err := s.checkMediator(ctx, tx, &in); err != nil {
		return Mediator{}, err
	}
	key := seal.NewKey()
	id, err := tx.Insert(ctx, `INSERT INTO mediators (key, account_id, name, pinyin, initials, gender, rep_kind, employment, court_invited,
		unit_id, phone_sealed, phone_index, grade, story, load_cap, state, joined_on, created_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'dormant',?,?) RETURNING id`, key, nullable(in.AccountID), in.Name, in.Pinyin, in.Initials,
		in.Gender, in.RepKind, in.Employment, in.CourtInvited, nullable(in.UnitID), s.box.Seal("mediators.phone:"+key, in.Phone),
		s.box.Blind("phone", in.Phone), in.Grade, in.Story, in.LoadCap, in.JoinedOn, db.At(tx.Now))
	if err != nil {
		return Mediator{}, err
	}
	if err := s.putLists(ctx, tx, id, in); err != nil {
		return Mediator{}, err
	}
	return s.Mediator(ctx, tx, key)
}

func (s *Service) putLists(ctx context.Context, tx *db.Tx, id int64, in MediatorInput) error {
	for _, q := range []string{`DELETE FROM mediator_types WHERE mediator_id = ?`, `DELETE FROM mediator_languages WHERE mediator_id = ?`,
		`DELETE FROM mediator_communities WHERE mediator_id = ?`} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	for _, t := range in.Types {
		if _, err := tx.Exec(ctx, `INSERT INTO mediator_types (mediator_id, dispute_type) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, t); err != nil {
			return err
		}
	}
	for _, l := range in.Languages {
		if _, err := tx.Exec(ctx, `INSERT INTO mediator_languages (mediator_id, language) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, l); err != nil {
			return err
		}
	}
	for _, c := range in.Communities {
		if _, err := tx.Exec(ctx, `INSERT INTO mediator_communities (mediator_id, community_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, c); err != nil {
			return err
		}
	}
	return nil
}

// EditMediator changes a mediator's particulars. It needs access.RosterRun.
func (s *Service) EditMediator(ctx context.Context, who access.Actor, key string, in MediatorInput) error {
	if err := who.Check(access.RosterRun); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := s.checkMediator(ctx, tx, &in); err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE mediators SET account_id=?, name=?, pinyin=?, initials=?, gender=?, rep_kind=?, employment=?, court_invited=?,
			unit_id=?, grade=?, story=?, load_cap=?, joined_on=?, version=version+1 WHERE id=? AND version=?`, nullable(in.AccountID), in.Name,
			in.Pinyin, in.Initials, in.Gender, in.RepKind, in.Employment, in.CourtInvited, nullable(in.UnitID), in.Grade, in.Story,
			in.LoadCap, in.JoinedOn, m.ID, in.Version)
		if err != nil {
			if isUnique(err) {
				return fault.At("account", "这个账号已经关联了另一位调解员")
			}
			return err
		}
		if in.Phone != "" {
			if _, err := tx.Exec(ctx, `UPDATE mediators SET phone_sealed=?, phone_index=? WHERE id=?`,
				s.box.Seal("mediators.phone:"+key, in.Phone), s.box.Blind("phone", in.Phone), m.ID); err != nil {
				return err
			}
		}
		if err := s.putLists(ctx, tx, m.ID, in); err != nil {
			return err
		}
		if m, err = s.Mediator(ctx, tx, key); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, m, "edit", m.State, m.State, "修改资料")
	})
}

// MoveMediator lists, pauses or retires a mediator. Listing passes the training
// gate; a mediator may pause oneself.
func (s *Service) MoveMediator(ctx context.Context, who access.Actor, key, verb, reason string, version int64) error {
	i := slices.IndexFunc(MediatorMoves, func(m MediatorMove) bool { return m.Verb == verb })
	if i < 0 {
		return fault.New(fault.NotFound, "没有这个操作")
	}
	move := MediatorMoves[i]
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if own := move.Own && who.MediatorID == m.ID; !own {
			if err := who.Check(access.RosterRun); err != nil {
				return err
			}
		}
		if !slices.Contains(move.From, m.State) {
			return fault.Newf(fault.Conflict, "%s现在是“%s”,不能%s", m.Name, m.State.Label(), move.Label)
		}
		if move.Reason && reason == "" {
			return fault.At("reason", "请写明理由")
		}
		if move.To == Listed && s.MayList != nil {
			if err := s.MayList(ctx, tx, m.ID); err != nil {
				return err
			}
		}
		err = tx.Swap(ctx, `UPDATE mediators SET state=?, state_reason=?, version=version+1 WHERE id=? AND state=? AND version=?`, move.To, reason, m.ID, m.State, version)
		if err != nil {
			return err
		}
		from := m.State
		m.State = move.To
		return s.noted(ctx, tx, who, m, verb, from, move.To, reason)
	})
}

// Publish records a mediator's consent to show story and photo, or takes it back:
// then both vanish at once. Only the mediator decides (个人信息保护法 25).
func (s *Service) Publish(ctx context.Context, who access.Actor, key, noticeVersion string, on bool) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if who.MediatorID != m.ID && !who.IsSystem() {
			return fault.New(fault.NotFound, "没有找到这位调解员")
		}
		var at db.Time
		verb, note := "unpublish", "撤回公开照片和介绍的同意"
		if on {
			at, verb, note = db.At(tx.Now), "publish", "同意公开照片和介绍"
		}
		if _, err := tx.Exec(ctx, `UPDATE mediators SET publish_at=?, publish_version=?, version=version+1 WHERE id=?`, at, noticeVersion, m.ID); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, m, verb, m.State, m.State, note)
	})
}

// SetPhoto puts a stored picture on the profile, "" takes it off.
func (s *Service) SetPhoto(ctx context.Context, tx *db.Tx, who access.Actor, key, fileKey string) error {
	m, err := s.Mediator(ctx, tx, key)
	if err != nil {
		return err
	}
	if who.MediatorID != m.ID && !who.Can(access.RosterRun) {
		return fault.New(fault.NotFound, "没有找到这位调解员")
	}
	if _, err := tx.Exec(ctx, `UPDATE mediators SET photo_key=?, version=version+1 WHERE id=?`, fileKey, m.ID); err != nil {
		return err
	}
	return s.noted(ctx, tx, who, m, "photo", m.State, m.State, "更换照片")
}

// noted finishes every change of a mediator: the record, the trail, the calendar, the pages.
func (s *Service) noted(ctx context.Context, tx *db.Tx, who access.Actor, m Mediator, verb string, from, to MediatorState, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO mediator_events (mediator_id, at, day, actor, verb, from_state, to_state, note) VALUES (?,?,?,?,?,?,?,?)`,
		m.ID, db.At(tx.Now), tx.Day(), who.Name, verb, from, to, note)
	if err != nil {
		return err
	}
	tx.Touch("market", "people", "signins")
	if s.MediatorChanged != nil {
		if err := s.MediatorChanged(ctx, tx, m); err != nil {
			return err
		}
	}
	return s.trail.Record(ctx, tx, who, "mediator."+verb, audit.Ref{Kind: "mediator", Key: m.Key}, map[string]string{"from": string(from), "to": string(to)})
}

// MediatorEvent is one entry of a mediator's record.
type MediatorEvent struct {
	At   db.Time       `db:"at"`
	By   string        `db:"actor"`
	Verb string        `db:"verb"`
	From MediatorState `db:"from_state"`
	To   MediatorState `db:"to_state"`
	Note string        `db:"note"`
}

// MediatorEvents reads the record, newest first.
func (s *Service) MediatorEvents(ctx context.Context, who access.Actor, mediatorID int64) ([]MediatorEvent, error) {
	if who.MediatorID != mediatorID {
		if err := who.Check(access.RosterRun); err != nil {
			return nil, err
		}
	}
	var out []MediatorEvent
	return out, s.db.Select(ctx, &out, `SELECT at, actor, verb, from_state, to_state, note FROM mediator_events WHERE mediator_id = ? ORDER BY id DESC LIMIT 100`, mediatorID)
}
