package docket

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Parties are corrected, added and taken out with a reason; what stood before stays on
// record, sealed.

// PartyFields are what of a party can be corrected.
var PartyFields = []Word{{"name", "姓名或名称"}, {"phone", "电话"}, {"idno", "证件号"}, {"address", "住址"}}

// PartyChange is a correction as typed. An empty value keeps what stands, for the form shows
// it masked; Clear names what is to be taken out. Form fields: name, phone, idno, address, clear, reason.
type PartyChange struct {
	Name, Phone, IDNo, Address string
	Clear                      []string // codes of PartyFields
	Reason                     string
	Version                    int64 // the party's
}

// PartyHistory is one line of what was changed about a party (更正记录).
type PartyHistory struct {
	Key     string  `db:"key"`
	PartyID int64   `db:"party_id"`
	At      db.Time `db:"at"`
	By      string  `db:"by_name"`
	What    string  `db:"what"`   // add, change, remove
	Fields  string  `db:"fields"` // codes of PartyFields, comma-separated
	Reason  []byte  `db:"reason_sealed"`
	Old     []byte  `db:"old_sealed"`
	Why     string  `db:"-"`
	Was     []Word  `db:"-"` // the former values, masked
}

// Label names what was done.
func (h PartyHistory) Label() string {
	switch h.What {
	case "add":
		return "增加"
	case "remove":
		return "移除"
	}
	var names []string
	for code := range strings.SplitSeq(h.Fields, ",") {
		names = append(names, LabelOf(PartyFields, code))
	}
	return "更正" + strings.Join(names, "、")
}

// ChangeParty corrects a party's name, phone, identity number or address.
func (s *Service) ChangeParty(ctx context.Context, who access.Actor, key, partyKey string, in PartyChange) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	if err := s.checkChange(&in); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		fields, err := a.amend(ctx, p, in)
		if err != nil {
			return err
		}
		if err := a.event(ctx, "amend", a.c.State, false, "更正了"+p.Side.Label()+"的资料"); err != nil {
			return err
		}
		if err := a.peopleChanged(ctx); err != nil {
			return err
		}
		return a.record(ctx, "party.change", map[string]any{"party": p.Seq, "fields": fields})
	})
}

func (s *Service) checkChange(in *PartyChange) error {
	form := fault.Form{}
	in.Name, in.Address, in.Reason = strings.TrimSpace(in.Name), strings.TrimSpace(in.Address), strings.TrimSpace(in.Reason)
	form.Check(utf8.RuneCountInString(in.Name) <= 60, "name", "名字请写在 60 字以内")
	form.Check(utf8.RuneCountInString(in.Address) <= 200, "address", "住址请写在 200 字以内")
	if in.Phone != "" {
		phone, ok := s.out.NormPhone(in.Phone)
		form.Check(ok, "phone", "这个电话号码不对，请核对；座机请带区号")
		in.Phone = phone
	}
	for _, code := range in.Clear {
		form.Check(code != "name" && Known(PartyFields, code), "clear", "没有这一项")
	}
	checkReason(form, in.Reason)
	return form.Err()
}

func checkReason(form fault.Form, reason string) {
	form.Check(reason != "", "reason", "请写明原因，会留在案卷里")
	form.Check(utf8.RuneCountInString(reason) <= 200, "reason", "原因请写在 200 字以内")
}

// amend rewrites the party and keeps what stood before.
func (a *act) amend(ctx context.Context, p PartyView, in PartyChange) ([]string, error) {
	facts, err := a.s.OpenParty(p)
	if err != nil {
		return nil, err
	}
	if in.IDNo != "" && (p.IDKind == "" || p.IDKind == "idcard") {
		no, ok := a.s.out.NormIDNo(in.IDNo)
		if !ok {
			return nil, fault.At("idno", "身份证号码不对，请核对")
		}
		in.IDNo = no
	}
	old := map[string]string{}
	put := func(code string, value *string, to string) {
		if slices.Contains(in.Clear, code) {
			to = ""
		} else {
			to = cmp.Or(to, *value)
		}
		if to != *value {
			old[code], *value = *value, to
		}
	}
	name := p.Name
	put("name", &name, in.Name)
	put("phone", &facts.Phone, in.Phone)
	put("idno", &facts.IDNo, in.IDNo)
	put("address", &facts.Address, in.Address)
	if len(old) == 0 {
		return nil, fault.At("name", "没有要改的内容；只写需要更正的一项就可以")
	}
	if p.Seq == 1 && facts.Phone == "" && facts.Address == "" {
		return nil, fault.At("phone", "请留一个能找到申请人的电话或住址")
	}
	if err := a.s.rewriteParty(ctx, a.tx, p, in.Version, name, facts); err != nil {
		return nil, err
	}
	if name != p.Name {
		a.c.Title = strings.Replace(a.c.Title, cmp.Or(strings.TrimSuffix(p.Name, unknownName), "对方"), name, 1)
	}
	if err := a.save(ctx); err != nil {
		return nil, err
	}
	if err := reindex(ctx, a.tx, a.c); err != nil { // further names are searched too
		return nil, err
	}
	var fields []string
	for _, w := range PartyFields {
		if _, changed := old[w.Code]; changed {
			fields = append(fields, w.Code)
		}
	}
	return fields, a.keepChange(ctx, p.ID, "change", fields, in.Reason, old)
}

func (s *Service) rewriteParty(ctx context.Context, tx *db.Tx, old PartyView, version int64, name string, f PartyFacts) error {
	x, err := s.sealParty(old.Key, f)
	if err != nil {
		return err
	}
	pinyin := ""
	if name != unknownName {
		pinyin = s.out.Pinyin(name)
	}
	return tx.Swap(ctx, `UPDATE case_parties SET name = ?, pinyin = ?, phone_sealed = ?, phone_index = ?, idno_sealed = ?, idno_index = ?,
		address_sealed = ?, address_index = ?, version = version + 1 WHERE id = ? AND version = ?`, name, pinyin, x.phone, x.phoneIx,
		x.idno, x.idnoIx, x.address, x.addressIx, old.ID, version)
}

func (a *act) keepChange(ctx context.Context, partyID int64, what string, fields []string, reason string, old map[string]string) error {
	raw, err := json.Marshal(old)
	if err != nil {
		return err
	}
	key := seal.NewKey()
	_, err = a.tx.Exec(ctx, `INSERT INTO case_party_changes (key, case_id, party_id, at, account_id, by_name, what, fields, reason_sealed, old_sealed)
		VALUES (?,?,?,?,?,?,?,?,?,?)`, key, a.c.ID, partyID, db.At(a.tx.Now), a.who.AccountID, a.who.Name, what, strings.Join(fields, ","),
		a.s.box.Seal("case_party_changes.reason:"+key, reason), a.s.box.Seal("case_party_changes.old:"+key, string(raw)))
	return err
}

// Newcomer is a party that joins a case later. Form fields: side, kind, name, phone, idno, address, agrees, how, reason.
type Newcomer struct {
	Side                       Side
	Kind                       string
	Name, Phone, IDNo, Address string
	Agrees                     bool
	How                        string // how it said yes, a code of Channels
	Reason                     string
}

// AddParty puts a further party into an open case: a third person (第三人), a joint applicant,
// or, until the sides have agreed, a further respondent, who is invited like the first. The same
// idemKey is carried out once.
func (s *Service) AddParty(ctx context.Context, who access.Actor, key string, in Newcomer, idemKey string) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	p := PartyInput{Side: in.Side, Kind: in.Kind, Name: in.Name, Facts: PartyFacts{Phone: in.Phone, IDNo: in.IDNo, Address: in.Address}}
	form := fault.Form{}
	s.checkParty(form, "", &p, false)
	form.Check(in.Side != SideApplicant || in.Agrees, "agrees", "共同申请人须本人愿意参加调解才能增加")
	form.Check(!in.Agrees || Known(Channels, in.How), "how", "请选择本人是怎么表示同意的")
	in.Reason = strings.TrimSpace(in.Reason)
	checkReason(form, in.Reason)
	if err := form.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idemKey); err != nil || !first {
			return err
		}
		a, err := s.begin(ctx, tx, who, key, 0)
		if err != nil {
			return err
		}
		id, err := a.join(ctx, p, in)
		if err != nil {
			return err
		}
		if err := a.keepChange(ctx, id, "add", nil, in.Reason, nil); err != nil {
			return err
		}
		if err := a.event(ctx, "join", a.c.State, true, "增加了一位"+in.Side.Label()); err != nil {
			return err
		}
		if err := a.peopleChanged(ctx); err != nil {
			return err
		}
		return a.record(ctx, "party.add", map[string]any{"side": in.Side})
	})
}

func (a *act) join(ctx context.Context, in PartyInput, n Newcomer) (int64, error) {
	if !a.c.State.Open() {
		return 0, errClosedCase
	}
	if in.Side == SideRespondent && a.c.State != Applied && a.c.State != Inviting {
		return 0, fault.At("side", "各方已经同意调解，不能再增加被申请人；与结果有关的人可以作为第三人参加")
	}
	parties, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return 0, err
	}
	if len(parties) >= maxSide {
		return 0, fault.Newf(fault.Invalid, "当事人最多 %d 位", maxSide)
	}
	p, err := a.s.makeParty(in, parties[len(parties)-1].Seq+1)
	if err != nil {
		return 0, err
	}
	if n.Agrees {
		p.Consent, p.ConsentAt, p.ConsentHow, p.ConsentBy = "agreed", db.At(a.tx.Now), n.How, a.who.AccountID
	}
	if err := insertParty(ctx, a.tx, a.c.ID, &p); err != nil {
		return 0, err
	}
	if err := a.save(ctx); err != nil {
		return 0, err
	}
	return p.ID, reindex(ctx, a.tx, a.c)
}

// RemoveParty takes out a party entered by mistake, with all that was kept about it: only one
// that was never asked and never spoke. Form field: reason.
func (s *Service) RemoveParty(ctx context.Context, who access.Actor, key, partyKey string, version int64, reason string) error {
	if err := who.Check(access.CaseTake); err != nil {
		return err
	}
	form := fault.Form{}
	reason = strings.TrimSpace(reason)
	checkReason(form, reason)
	if err := form.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		if p.Version != version {
			return errStale
		}
		if err := a.remove(ctx, p); err != nil {
			return err
		}
		if err := a.keepChange(ctx, p.ID, "remove", []string{"name"}, reason, map[string]string{"name": p.Name}); err != nil {
			return err
		}
		if err := a.event(ctx, "leave", a.c.State, false, "移除了误录的"+p.Side.Label()); err != nil {
			return err
		}
		if err := a.peopleChanged(ctx); err != nil {
			return err
		}
		return a.record(ctx, "party.remove", map[string]any{"party": p.Seq, "side": p.Side})
	})
}

// Removable tells whether a party may be taken out as entered by mistake.
func Removable(c Case, p PartyView, all []PartyView, dates bool) bool {
	same := 0
	for _, x := range all {
		if x.Side == p.Side {
			same++
		}
	}
	return c.State.Open() && p.Seq != 1 && p.InvitedAt.IsZero() && p.Consent == "waiting" && !dates && (same > 1 || p.Side == SideThird)
}

func (a *act) remove(ctx context.Context, p PartyView) error {
	all, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	var dates bool
	if err := a.tx.Get(ctx, &dates, `SELECT EXISTS (SELECT 1 FROM case_sessions WHERE case_id = ?)`, a.c.ID); err != nil {
		return err
	}
	if !Removable(a.c, p, all, dates) {
		return fault.New(fault.Conflict, "这位当事人已经被邀请、答复过，或是一方唯一的当事人，不能移除；资料有误的请更正，不再参加的请记录其意愿")
	}
	for _, table := range []string{"case_agents", "case_choices", "case_slots", "case_parties"} {
		column := "party_id"
		if table == "case_parties" {
			column = "id"
		}
		if _, err := a.tx.Exec(ctx, `DELETE FROM `+table+` WHERE `+column+` = ? AND case_id = ?`, p.ID, a.c.ID); err != nil {
			return err
		}
	}
	if err := a.save(ctx); err != nil {
		return err
	}
	return reindex(ctx, a.tx, a.c)
}
