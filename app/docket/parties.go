package docket

import (
	"context"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Reveal opens a party's protected values for a reader who gives a reason; the look is
// on the trail (个人信息保护法51). Form field: reason.
func (s *Service) Reveal(ctx context.Context, who access.Actor, key, partyKey, reason string) (PartyFacts, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return PartyFacts{}, fault.At("reason", "请写明查看的原因")
	}
	c, hands, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return PartyFacts{}, err
	}
	if !who.Can(access.Reveal) && !slices.Contains(hands, HandMediator) {
		return PartyFacts{}, fault.New(fault.Forbidden, "您的岗位不能查看完整信息")
	}
	p, err := partyByKey(ctx, s.db, c.ID, partyKey)
	if err != nil {
		return PartyFacts{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a := &act{s: s, tx: tx, who: who, c: c}
		return a.record(ctx, "party.reveal", map[string]any{"party": p.Seq, "reason": reason})
	})
	if err != nil {
		return PartyFacts{}, err
	}
	return s.OpenParty(p)
}

// ChangeParty corrects a party's name and facts. version is the party's. Form fields carry the prefix party_.
func (s *Service) ChangeParty(ctx context.Context, who access.Actor, key, partyKey string, version int64, in PartyInput) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	form := fault.Form{}
	s.checkParty(form, "party_", &in, false)
	if err := form.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, old, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		if err := s.rewriteParty(ctx, tx, old, version, in); err != nil {
			return err
		}
		if err := reindex(ctx, tx, a.c); err != nil {
			return err
		}
		if a.c.MediatorID != 0 {
			if err := s.findConflicts(ctx, tx, a.c.ID, []int64{a.c.MediatorID}); err != nil {
				return err
			}
		}
		tx.Touch("cases")
		return a.record(ctx, "party.change", map[string]any{"party": old.Seq})
	})
}

func (s *Service) rewriteParty(ctx context.Context, tx *db.Tx, old PartyView, version int64, in PartyInput) error {
	x, err := s.sealParty(old.Key, in.Facts)
	if err != nil {
		return err
	}
	name, pinyin := in.Name, ""
	if name == "" {
		name = unknownName
	} else {
		pinyin = s.out.Pinyin(name)
	}
	kind := in.Kind
	if kind == "" {
		kind = old.Kind
	}
	return tx.Swap(ctx, `UPDATE case_parties SET kind = ?, name = ?, pinyin = ?, id_kind = ?, phone_sealed = ?, phone_index = ?,
		idno_sealed = ?, idno_index = ?, address_sealed = ?, address_index = ?, employer_sealed = ?, employer_index = ?,
		household_sealed = ?, household_index = ?, details_sealed = ?, statement_sealed = ?, version = version + 1
		WHERE id = ? AND version = ?`, kind, name, pinyin, in.IDKind, x.phone, x.phoneIx, x.idno, x.idnoIx, x.address, x.addressIx,
		x.employer, x.employerIx, x.household, x.householdIx, x.details, x.statement, old.ID, version)
}

// AgentInput is a representative as typed into a form. Form fields: name, phone, idno, scopes, granted_on.
type AgentInput struct {
	Name, Relation, Phone, IDNo string
	Scopes                      []string // codes of Scopes
	GrantedOn                   string   // the day of the 授权委托书
	FileKey                     string   // its scan
}

// AddAgent records who acts for a party and what for. Special powers (承认、变更、放弃请求,
// 签署协议) hold only when they are named.
func (s *Service) AddAgent(ctx context.Context, who access.Actor, key, partyKey string, in AgentInput) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	if err := s.checkAgent(&in); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		akey := seal.NewKey()
		_, err = tx.Exec(ctx, `INSERT INTO case_agents (key, case_id, party_id, name, pinyin, relation, phone_sealed, phone_index, idno_sealed,
			idno_index, scopes, granted_on, file_key) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, akey, a.c.ID, p.ID, in.Name, s.out.Pinyin(in.Name),
			in.Relation, s.box.Seal("case_agents.phone:"+akey, in.Phone), s.box.Blind("phone", in.Phone),
			s.box.Seal("case_agents.idno:"+akey, in.IDNo), s.box.Blind("idno", in.IDNo), strings.Join(in.Scopes, ","), in.GrantedOn, in.FileKey)
		if err != nil {
			return err
		}
		tx.Touch("cases")
		return a.record(ctx, "agent.add", map[string]any{"party": p.Seq, "scopes": in.Scopes})
	})
}

func (s *Service) checkAgent(in *AgentInput) error {
	form := fault.Form{}
	in.Name = strings.TrimSpace(in.Name)
	form.Check(in.Name != "", "name", "请填写代理人姓名")
	form.Check(len(in.Scopes) > 0, "scopes", "请至少选择一项委托权限")
	for _, code := range in.Scopes {
		form.Check(Known(Scopes, code), "scopes", "没有这项委托权限")
	}
	_, err := dayEnd(in.GrantedOn)
	form.Check(err == nil, "granted_on", "请填写委托日期")
	ok := true
	if in.Phone != "" {
		in.Phone, ok = s.out.NormPhone(in.Phone)
	}
	form.Check(ok, "phone", "这个电话号码不对，请核对")
	if ok = true; in.IDNo != "" {
		in.IDNo, ok = s.out.NormIDNo(in.IDNo)
	}
	form.Check(ok, "idno", "身份证号码不对，请核对")
	return form.Err()
}

// sealedAgent is an agent as read; the phone is opened where it is asked for.
type sealedAgent struct {
	Agent
	Sealed []byte `db:"phone_sealed"`
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
		return a.record(ctx, "agent.end", nil)
	})
}
