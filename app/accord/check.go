package accord

import (
	"context"

	"tiaojie/app/seal"
)

// CheckAll opens every fixed agreement and gives a line for each that was changed outside this program: its text
// against its hash, the hash against its key, the rows of its obligations and signatures against its text.
func (s *Service) CheckAll(ctx context.Context) (n int, bad []string, err error) {
	var last int64
	for {
		var list []Agreement
		err := s.db.Select(ctx, &list, `SELECT `+columns+` FROM agreements WHERE id > ? ORDER BY id LIMIT 200`, last)
		if err != nil || len(list) == 0 {
			return n, bad, err
		}
		for _, a := range list {
			n, last = n+1, a.ID
			why, err := s.checkOne(ctx, a)
			if err != nil {
				return n, bad, err
			}
			if why != "" {
				bad = append(bad, "协议 "+a.Key+" "+why)
			}
		}
	}
}

func (s *Service) checkOne(ctx context.Context, a Agreement) (string, error) {
	text, err := s.box.Open(bodyPlace(a.Key), a.Sealed)
	if err != nil {
		return "的内容被改动，打不开", nil
	}
	if a.Hash == "" {
		return "", nil
	}
	if hashOf(text) != a.Hash || !seal.Equal(a.MAC, s.mac(a.Key, a.Hash)) {
		return "的内容与定稿时的摘要不符", nil
	}
	if a.Body, err = decode(text); err != nil {
		return "的内容无法读取", nil
	}
	if a.ReachedOn != a.Body.ReachedOn || a.No() != a.Body.Number || a.Form != a.Body.Form {
		return "的编号、日期或者形式与定稿内容不符", nil
	}
	signs, err := signsOf(ctx, s.db, a.ID)
	if err != nil {
		return "", err
	}
	for _, g := range signs {
		if g.Way != "" && g.Hash != a.Hash {
			return "的签署记录与定稿内容不符", nil
		}
	}
	if on, all := forceDay(signs); a.EffectiveOn != "" && a.Form == Written && (!all || on != a.EffectiveOn) {
		return "的生效日期与签署记录不符", nil
	}
	return s.checkDuties(ctx, a)
}

// checkDuties holds the rows against the text: payer, payee, amount and day.
func (s *Service) checkDuties(ctx context.Context, a Agreement) (string, error) {
	if a.EffectiveOn == "" {
		return "", nil
	}
	const differs = "的履行义务与定稿内容不符"
	var rows []struct {
		DutyRow
		From string `db:"from_key"`
		To   string `db:"to_key"`
	}
	err := s.db.Select(ctx, &rows, `SELECT d.id, d.key, d.agreement_id, d.case_id, d.seq, d.from_party, d.to_party, d.amount, d.paid, d.due_on, d.met_on, d.state,
		d.done_on, d.version, f.key AS from_key, t.key AS to_key FROM agreement_duties d JOIN case_parties f ON f.id = d.from_party
		JOIN case_parties t ON t.id = d.to_party WHERE d.agreement_id = ? ORDER BY d.seq`, a.ID)
	if err != nil {
		return "", err
	}
	if len(rows) != len(a.Body.Duties) {
		return differs, nil
	}
	for _, r := range rows {
		d, ok := a.Body.Duty(r.Key)
		if !ok || d.From != r.From || d.To != r.To || int64(d.Amount) != r.Amount || d.When == ByDay && d.Due != r.DueOn {
			return differs, nil
		}
		var paid int64
		if err := s.db.Get(ctx, &paid, `SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM duty_receipts WHERE duty_id = ? AND voided_at IS NULL`, r.ID); err != nil {
			return "", err
		}
		if d.When != Once && paid != r.Paid {
			return "的已付金额与履行登记不符", nil
		}
	}
	return "", nil
}
