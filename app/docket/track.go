package docket

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/db"
)

// Track shows where a case stands to whoever holds its number and a party's code: each
// public step, who has it and until when. It tells no names and no words of the dispute.
// A wrong number, a wrong code and no such case give the same answer by the same work.
// Errors: NotFound, TooMany.
func (s *Service) Track(ctx context.Context, applyNo, code, ip string) (Tracking, error) {
	pass, err := s.PassByCode(ctx, access.Actor{IP: ip}, applyNo, code, ip)
	if err != nil {
		return Tracking{}, err
	}
	return s.TrackPass(ctx, pass)
}

// TrackPass is Track for somebody who is let in already.
func (s *Service) TrackPass(ctx context.Context, pass Pass) (Tracking, error) {
	if !pass.Valid() {
		return Tracking{}, errNoCase
	}
	var c Case
	if err := s.db.Get(ctx, &c, `SELECT `+caseColumns+` FROM cases c WHERE c.id = ?`, pass.caseID); err != nil {
		return Tracking{}, err
	}
	t := Tracking{CaseID: c.ID, ApplyNo: c.ApplyNo, State: c.State, Holder: c.Holder, HolderDue: c.HolderDue.Time, DueOn: c.DueOn,
		DueRule: c.DueRule, Provisional: c.Provisional, MediatorID: c.MediatorID, Next: nextLines(c)}
	if c.Number != nil {
		t.Number = *c.Number
	}
	var steps []struct {
		At    db.Time `db:"at"`
		Words string  `db:"words"`
	}
	err := s.db.Select(ctx, &steps, `SELECT at, words FROM case_events WHERE case_id = ? AND public ORDER BY id LIMIT 200`, c.ID)
	if err != nil {
		return t, err
	}
	for _, st := range steps {
		t.Steps = append(t.Steps, TrackStep{st.At.Time, st.Words})
	}
	var dates []Session
	err = s.db.Select(ctx, &dates, `SELECT `+sessionColumns+` FROM case_sessions WHERE case_id = ? AND state IN ('fixed', 'begun')`, c.ID)
	if len(dates) == 1 {
		t.Session = &dates[0]
	}
	return t, err
}

// MyCases lists the cases of a signed-in resident: those that carry the resident's phone,
// as applicant or after an invitation, newest first.
func (s *Service) MyCases(ctx context.Context, who access.Actor) ([]Row, error) {
	if err := who.Check(access.AsPerson); err != nil {
		return nil, err
	}
	index, err := s.residentIndex(ctx, who)
	if err != nil {
		return nil, err
	}
	var rows []Row
	return rows, s.db.Select(ctx, &rows, `SELECT DISTINCT `+rowColumns+` FROM case_parties p JOIN cases c ON c.id = p.case_id
		WHERE p.phone_index = ? AND p.phone_index <> '' AND (p.side = 'applicant' OR p.invited_at IS NOT NULL)
		ORDER BY c.id DESC LIMIT 100`, index)
}

// nextLines says in plain words what happens next.
func nextLines(c Case) []string {
	switch c.State {
	case Applied:
		return []string{"街道窗口会在 1 个工作日内联系您。", "我们会征求对方是否愿意调解；去不去由对方自己决定。", "请保存好申请编号和查询码，随时可以查进展。"}
	case Inviting:
		return []string{"已经邀请对方，正在等对方答复。", "对方如果不愿意调解，我们会告诉您其他解决办法。"}
	case Consented:
		return []string{"各方都同意调解，窗口正在办理受理。"}
	case Accepted:
		return []string{"已经受理，正在约定调解的时间和地点。"}
	case Scheduled:
		return []string{"时间确定后会通知您；请带上身份证件和有关材料。"}
	case Mediating:
		return []string{"正在调解。您可以随时要求更换调解员，也可以随时不再参加。"}
	case Suspended:
		return []string{"调解暂时停下，期限不计算；恢复后会通知您。"}
	case Agreed:
		return []string{"请按协议履行；协议生效起 30 日内可以共同申请司法确认。"}
	case Withdrawn:
		return []string{"申请已经撤回；以后还可以再次申请。"}
	}
	return []string{"您还可以申请仲裁、请行政机关处理、向人民法院起诉，或申请法律援助。需要帮助请到街道窗口。"}
}
