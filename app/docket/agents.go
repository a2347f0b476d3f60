package docket

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Levels of an agent's power (授权委托书).
const (
	GeneralPower = "general" // 一般授权: everything but what is below
	SpecialPower = "special" // 特别授权: what is named of SpecialScopes too
)

// AgentInput is a representative as typed into a form. Form fields: agent_name, relation,
// agent_phone, agent_idno, level, scopes, granted_on, until_on, letter.
type AgentInput struct {
	Name, Relation, Phone, IDNo string
	Level                       string   // GeneralPower or SpecialPower
	Scopes                      []string // codes of Scopes and SpecialScopes
	GrantedOn                   string   // the day of the 授权委托书
	UntilOn                     string   // its last day, "" until the case ends
	FileKey                     string   // its scan
}

// Acts tells whether the agent may act on a local day.
func (g Agent) Acts(day string) bool {
	return g.EndedAt.IsZero() && (g.UntilOn == "" || g.UntilOn >= day)
}

// Special tells whether a special power was given (特别授权).
func (g Agent) Special() bool {
	return slices.ContainsFunc(strings.Split(g.Scopes, ","), func(code string) bool { return Known(SpecialScopes, code) })
}

// Powers names what the agent may do, the special powers last.
func (g Agent) Powers() []string {
	var out []string
	for _, w := range slices.Concat(Scopes, SpecialScopes) {
		if slices.Contains(strings.Split(g.Scopes, ","), w.Code) {
			out = append(out, w.Label)
		}
	}
	return out
}

// AddAgent records who acts for a party and what for. Special powers (承认、变更、放弃请求,
// 签署协议) hold only when they are named. The same idemKey is carried out once.
func (s *Service) AddAgent(ctx context.Context, who access.Actor, key, partyKey string, in AgentInput, idemKey string) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	if err := s.checkAgent(&in); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idemKey); err != nil || !first {
			return err
		}
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		if !a.c.State.Open() {
			return errClosedCase
		}
		if err := a.addAgent(ctx, p, in); err != nil {
			return err
		}
		if err := a.peopleChanged(ctx); err != nil {
			return err
		}
		return a.record(ctx, "agent.add", map[string]any{"party": p.Seq, "scopes": in.Scopes})
	})
}

var errClosedCase = fault.New(fault.Conflict, "案件已经结束，不能再改当事人和代理人")

func (a *act) addAgent(ctx context.Context, p PartyView, in AgentInput) error {
	s, akey := a.s, seal.NewKey()
	_, err := a.tx.Exec(ctx, `INSERT INTO case_agents (key, case_id, party_id, name, pinyin, relation, phone_sealed, phone_index, idno_sealed,
		idno_index, scopes, granted_on, until_on, file_key) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, akey, a.c.ID, p.ID, in.Name,
		s.out.Pinyin(in.Name), in.Relation, s.box.Seal("case_agents.phone:"+akey, in.Phone), s.box.Blind("phone", in.Phone),
		s.box.Seal("case_agents.idno:"+akey, in.IDNo), s.box.Blind("idno", in.IDNo), strings.Join(in.Scopes, ","), in.GrantedOn,
		in.UntilOn, in.FileKey)
	if err != nil {
		return err
	}
	if in.FileKey != "" {
		_, err := a.tx.Exec(ctx, `INSERT INTO case_files (case_id, party_id, file_key, kind, at) VALUES (?,?,?,'letter',?)`,
			a.c.ID, p.ID, in.FileKey, db.At(a.tx.Now))
		if err != nil {
			return err
		}
	}
	if err := a.save(ctx); err != nil {
		return err
	}
	return a.event(ctx, "agent", a.c.State, false, p.Side.Label()+"一方有了代理人")
}

// peopleChanged follows a change of who belongs to the case: conflicts are looked up again
// for its mediator and for those chosen, and a date that stands takes the new persons.
func (a *act) peopleChanged(ctx context.Context) error {
	if err := a.recheckChoices(ctx); err != nil {
		return err
	}
	if a.c.MediatorID != 0 {
		if err := a.s.findConflicts(ctx, a.tx, a.c.ID, []int64{a.c.MediatorID}); err != nil {
			return err
		}
	}
	a.tx.Touch("cases")
	return a.rebookPersons(ctx)
}

func (s *Service) checkAgent(in *AgentInput) error {
	form := fault.Form{}
	in.Name, in.Relation = strings.TrimSpace(in.Name), strings.TrimSpace(in.Relation)
	form.Check(in.Name != "", "agent_name", "请填写代理人姓名")
	form.Check(utf8.RuneCountInString(in.Name) <= 60, "agent_name", "名字请写在 60 字以内")
	form.Check(in.Relation != "", "relation", "请写明与当事人的关系，如配偶、员工、律师")
	form.Check(utf8.RuneCountInString(in.Relation) <= 60, "relation", "请写在 60 字以内")
	form.Check(len(in.Scopes) > 0, "scopes", "请至少选择一项委托权限")
	special := false
	for _, code := range in.Scopes {
		special = special || Known(SpecialScopes, code)
		form.Check(Known(Scopes, code) || Known(SpecialScopes, code), "scopes", "没有这项委托权限")
	}
	switch in.Level {
	case GeneralPower:
		form.Check(!special, "level", "勾选了须特别授权的事项，请改为“特别授权”，或去掉这些事项")
	case SpecialPower:
		form.Check(special, "level", "特别授权要逐项写明，请至少勾选一项特别授权的事项")
	default:
		form.Add("level", "请选择一般授权还是特别授权")
	}
	s.checkTerm(form, in)
	ok := true
	if in.Phone != "" {
		in.Phone, ok = s.out.NormPhone(in.Phone)
	}
	form.Check(ok, "agent_phone", "这个电话号码不对，请核对；座机请带区号")
	if ok = true; in.IDNo != "" {
		in.IDNo, ok = s.out.NormIDNo(in.IDNo)
	}
	form.Check(ok, "agent_idno", "身份证号码不对，请核对")
	return form.Err()
}

func (s *Service) checkTerm(form fault.Form, in *AgentInput) {
	today := db.DayOf(s.db.Now())
	_, err := dayEnd(in.GrantedOn)
	form.Check(err == nil, "granted_on", "请填写委托书上的日期")
	form.Check(err != nil || in.GrantedOn <= today, "granted_on", "委托日期不能晚于今天")
	if in.UntilOn != "" {
		_, err := dayEnd(in.UntilOn)
		form.Check(err == nil, "until_on", "日期请写成 2026-12-31 的样子")
		form.Check(err != nil || in.UntilOn >= today, "until_on", "委托期限已经过了，请核对委托书")
	}
}

// EndAgent ends a representation.
func (s *Service) EndAgent(ctx context.Context, who access.Actor, key, agentKey string) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.begin(ctx, tx, who, key, 0)
		if err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE case_agents SET ended_at = ? WHERE key = ? AND case_id = ? AND ended_at IS NULL`, db.At(tx.Now), agentKey, a.c.ID)
		if err != nil {
			return err
		}
		if err := a.save(ctx); err != nil {
			return err
		}
		if err := a.event(ctx, "agent", a.c.State, false, "一位代理人不再代理"); err != nil {
			return err
		}
		if err := a.peopleChanged(ctx); err != nil {
			return err
		}
		return a.record(ctx, "agent.end", nil)
	})
}

const agentColumns = `id, key, case_id, party_id, name, relation, scopes, granted_on, until_on, file_key, ended_at`

// sealedAgent is an agent as read; the phone is opened where it is asked for.
type sealedAgent struct {
	Agent
	Sealed  []byte `db:"phone_sealed"`
	PhoneIx string `db:"phone_index"`
	IDNoIx  string `db:"idno_index"`
}

// sealedAgents reads the representatives of a case, past ones too.
func sealedAgents(ctx context.Context, r db.Reader, caseID int64) ([]sealedAgent, error) {
	var rows []sealedAgent
	return rows, r.Select(ctx, &rows, `SELECT `+agentColumns+`, phone_sealed, phone_index, idno_index FROM case_agents WHERE case_id = ? ORDER BY id`, caseID)
}

func (s *Service) openAgents(rows []sealedAgent) (out []Agent, err error) {
	for _, row := range rows {
		if row.Phone, err = s.box.Open("case_agents.phone:"+row.Key, row.Sealed); err != nil {
			return nil, err
		}
		out = append(out, row.Agent)
	}
	return out, nil
}

// agents reads the representatives with their phones opened.
func (s *Service) agents(ctx context.Context, r db.Reader, caseID int64) ([]Agent, error) {
	rows, err := sealedAgents(ctx, r, caseID)
	if err != nil {
		return nil, err
	}
	return s.openAgents(rows)
}

// RevealAgent gives an agent's phone in full to a reader with a reason; the look is on the trail.
// Form field: reason.
func (s *Service) RevealAgent(ctx context.Context, who access.Actor, key, agentKey, reason string) (string, error) {
	c, reason, err := s.mayReveal(ctx, who, key, reason)
	if err != nil {
		return "", err
	}
	list, err := s.agents(ctx, s.db, c.ID)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list, func(g Agent) bool { return g.Key == agentKey })
	if i < 0 {
		return "", fault.New(fault.NotFound, "没有找到这位代理人")
	}
	return list[i].Phone, s.db.Write(ctx, func(tx *db.Tx) error {
		a := &act{s: s, tx: tx, who: who, c: c}
		return a.record(ctx, "agent.reveal", map[string]any{"agent": agentKey, "reason": reason})
	})
}

// mask hides an agent's phone; a page shows this.
func (g Agent) MaskedPhone() string { return people.MaskPhone(g.Phone) }
