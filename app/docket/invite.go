package docket

import (
	"context"
	"fmt"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/db"
)

// Invitation is what the clerk sends or hands over; the code is shown once, only its hash is stored.
type Invitation struct {
	Code    string // 8 characters, to be read aloud
	Address string // the short address /i/{code}
	Channel string
	Text    string // what was put into the outbox, or is to be said on the phone
	DueOn   string // the last day for an answer
}

// Invite asks the other side (or a third party) to mediation by letter, sms or phone. A new
// invitation of the same party makes the earlier code void.
func (s *Service) Invite(ctx context.Context, who access.Actor, key, partyKey, channel string) (Invitation, error) {
	if err := who.Check(access.CaseTake); err != nil {
		return Invitation{}, err
	}
	if !Known(InviteChannels, channel) {
		return Invitation{}, fault.At("channel", "请选择用什么方式邀请")
	}
	out := Invitation{Code: newCode(), Channel: channel}
	out.Address = s.out.BaseURL + "/i/" + out.Code
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		a, p, err := s.beginFor(ctx, tx, who, key, partyKey)
		if err != nil {
			return err
		}
		if err := s.stampInvitation(ctx, tx, p, out.Code, channel); err != nil {
			return err
		}
		if err := a.hold(ctx, HeldByParty, StepAnswer, p.ID, 0); err != nil {
			return err
		}
		out.DueOn = a.c.HolderDue.Add(-time.Second).In(db.Shanghai).Format("1月2日")
		if err := a.do(ctx, VerbInvite, true, "已"+LabelOf(InviteChannels, channel)+"邀请对方"); err != nil {
			return err
		}
		if out.Text, err = s.sendInvitation(ctx, tx, a.c, p, out); err != nil {
			return err
		}
		return a.record(ctx, "case.invite", map[string]any{"party": p.Seq, "channel": channel})
	})
	return out, err
}

func (s *Service) stampInvitation(ctx context.Context, tx *db.Tx, p PartyView, code, channel string) error {
	if p.Side == SideApplicant {
		return fault.New(fault.Invalid, "申请人不需要邀请")
	}
	if p.Consent == "agreed" {
		return fault.New(fault.Conflict, "这位当事人已经同意调解，不需要再邀请")
	}
	_, err := tx.Exec(ctx, `UPDATE case_parties SET invite_hash = ?, invited_at = ?, invite_channel = ?, version = version + 1 WHERE id = ?`,
		s.inviteHash(code), db.At(tx.Now), channel, p.ID)
	return err
}

// sendInvitation puts the message into the outbox; it tells who asks and what the
// person may do, and nothing of the dispute.
func (s *Service) sendInvitation(ctx context.Context, tx *db.Tx, c Case, p PartyView, in Invitation) (string, error) {
	f, err := s.OpenParty(p)
	if err != nil {
		return "", err
	}
	to := f.Phone
	if in.Channel == "letter" {
		to = f.Address
	}
	if to == "" && in.Channel == "sms" {
		return "", fault.At("channel", "没有对方的手机号，请改用书面或电话")
	}
	text := fmt.Sprintf("【街道调解】您好，有人请街道人民调解委员会帮助调解与您有关的一件事。调解不收费，去不去由您决定。"+
		"请在%s前打开 %s 或凭邀请码 %s 到街道窗口答复；也可以回电。", in.DueOn, in.Address, in.Code)
	return text, s.outbox.Send(ctx, tx, notify.Message{Kind: "case.invite", Channel: notify.Channel(in.Channel), CaseKey: c.Key,
		ToName: p.Name, To: to, Body: text})
}

func partyByKey(ctx context.Context, r db.Reader, caseID int64, key string) (PartyView, error) {
	var p PartyView
	err := r.Get(ctx, &p, `SELECT `+partyColumns+` FROM case_parties p WHERE p.key = ? AND p.case_id = ?`, key, caseID)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "没有找到这位当事人")
	}
	return p, err
}

// InviteView is what the other side sees behind its code.
type InviteView struct {
	ApplyNo    string
	State      State
	TypeCode   string
	Applicants []string // who asks; the invited person must know with whom it is
	Ranked     []int64  // the applicant's wishes, in order
	Slots      []SlotInput
	DueOn      string
	Consent    string // waiting, agreed, refused: the answer given already
}

// InviteByCode opens an invitation. Errors: NotFound for a wrong or void code, TooMany.
func (s *Service) InviteByCode(ctx context.Context, code, ip string) (InviteView, error) {
	pass, err := s.PassByInvite(ctx, access.Actor{}, code, ip)
	if err != nil {
		return InviteView{}, err
	}
	var c Case
	if err := s.db.Get(ctx, &c, `SELECT `+caseColumns+` FROM cases c WHERE c.id = ?`, pass.caseID); err != nil {
		return InviteView{}, err
	}
	parties, err := partiesOf(ctx, s.db, c.ID)
	if err != nil {
		return InviteView{}, err
	}
	v := InviteView{ApplyNo: c.ApplyNo, State: c.State, TypeCode: c.TypeCode}
	if !c.HolderDue.IsZero() {
		v.DueOn = db.DayOf(c.HolderDue.Add(-time.Second))
	}
	for _, p := range parties {
		if p.Side == SideApplicant {
			v.Applicants = append(v.Applicants, p.Name)
		}
		if p.ID == pass.partyID {
			v.Consent = p.Consent
		}
	}
	return v, s.fillWishes(ctx, c.ID, &v)
}

func (s *Service) fillWishes(ctx context.Context, caseID int64, v *InviteView) error {
	choices, err := choicesOf(ctx, s.db, caseID)
	if err != nil {
		return err
	}
	for _, ch := range choices {
		if ch.Kind == "ranked" && ch.DeclinedAt.IsZero() {
			v.Ranked = append(v.Ranked, ch.MediatorID)
		}
	}
	slots, err := slotsOf(ctx, s.db, caseID)
	for _, sl := range slots {
		if sl.StartsAt.After(s.db.Now()) {
			v.Slots = append(v.Slots, SlotInput{sl.StartsAt.Time, sl.EndsAt.Time})
		}
	}
	return err
}

func slotsOf(ctx context.Context, r db.Reader, caseID int64) ([]Slot, error) {
	var out []Slot
	return out, r.Select(ctx, &out, `SELECT party_id, starts_at, ends_at FROM case_slots WHERE case_id = ? ORDER BY starts_at, party_id`, caseID)
}
