package accord

import (
	"context"
	"fmt"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Fix makes the text of a draft final (定稿): the check must find nothing that stands in the way, and what it only
// warns of must be accepted by name. The agreement gets its number and its list of signatures; an oral one is in
// force with it (人民调解法 30). Form fields: check, accept.
func (s *Service) Fix(ctx context.Context, who access.Actor, key string, version int64, accept bool) error {
	return s.act(ctx, who, key, version, VerbFix, func(a *act) (string, any, error) {
		found, parties, err := a.checked(ctx)
		if err != nil {
			return "", nil, err
		}
		if Stops(found) {
			return "", nil, fault.At("check", "内容还有不明确或者不能约定的地方，请按检查结果逐条改好")
		}
		if len(found) > 0 && !accept {
			return "", nil, fault.At("accept", "检查结果里有提醒，确认无误请勾选")
		}
		if err := a.replacing(ctx); err != nil {
			return "", nil, err
		}
		if err := a.finish(ctx, parties); err != nil {
			return "", nil, err
		}
		if a.a.Form == Oral {
			return "agreement.oral", map[string]string{"hash": a.a.Hash}, a.takeEffect(ctx, a.a.ReachedOn)
		}
		return "agreement.fix", map[string]string{"hash": a.a.Hash}, a.listSigns(ctx, parties)
	})
}

// checked runs the clarity check on the draft as it stands in the transaction.
func (a *act) checked(ctx context.Context) ([]Finding, []docket.PartyView, error) {
	parties, _, err := a.parties(ctx)
	if err != nil {
		return nil, nil, err
	}
	issues, err := a.s.issues(ctx, a.tx, a.c.ID)
	return check(a.a, parties, issues), parties, err
}

func check(a Agreement, parties []docket.PartyView, issues []Issue) []Finding {
	names := map[string]string{}
	for _, p := range parties {
		names[p.Key] = p.Name
	}
	return checked{body: a.Body, form: a.Form, reached: a.ReachedOn, parties: names, issues: issues}.check()
}

// replacing makes sure that what this agreement replaces, and what it settles, is still so.
func (a *act) replacing(ctx context.Context) error {
	if a.a.ReplacesID != nil {
		var state State
		if err := a.tx.Get(ctx, &state, `SELECT state FROM agreements WHERE id = ?`, *a.a.ReplacesID); err != nil {
			return err
		}
		if state != Effective {
			return fault.New(fault.Conflict, "要代替的那份协议现在是「"+state.Label()+"」，不能再代替")
		}
	}
	issues, err := a.s.issues(ctx, a.tx, a.c.ID)
	for _, p := range issues {
		if a.a.Body.Settles(p.Key) && !a.canSettle(p) {
			return fault.At("check", "争议事项“"+p.Text+"”已经由另一份生效的协议解决，请取消勾选")
		}
	}
	return err
}

// finish adds to the text what it must carry on its own, and closes it.
func (a *act) finish(ctx context.Context, parties []docket.PartyView) error {
	b := &a.a.Body
	var err error
	if b.Dispute, b.Mediator, b.Committee, err = a.s.cases.Described(ctx, a.tx, a.c); err != nil {
		return err
	}
	if b.Mediator == "" {
		return fault.New(fault.Conflict, "案件还没有调解员，不能定稿")
	}
	issues, err := a.s.issues(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	a.a.Partial = false
	for _, p := range issues {
		mine := b.Settles(p.Key)
		if !mine && p.SettledBy != nil {
			continue // another agreement in force settles it: neither ours nor open
		}
		b.Points = append(b.Points, Point{Key: p.Key, Text: p.Text, Settled: mine})
		a.a.Partial = a.a.Partial || !mine
	}
	for _, p := range parties {
		b.Parties = append(b.Parties, Person{Key: p.Key, Name: p.Name, Side: string(p.Side)})
	}
	if err := a.number(ctx); err != nil {
		return err
	}
	b.Number, b.Form, b.ReachedOn = a.a.No(), a.a.Form, a.a.ReachedOn
	text, err := b.encode()
	if err != nil {
		return err
	}
	a.a.Hash = hashOf(text)
	a.a.MAC, a.a.FrozenAt, a.a.State = a.s.mac(a.a.Key, a.a.Hash), db.At(a.tx.Now), Signing
	_, err = a.tx.Exec(ctx, `UPDATE agreements SET state = 'signing', number = ?, body_sealed = ?, content_hash = ?, content_mac = ?, partial = ?, frozen_at = ? WHERE id = ?`,
		a.a.Number, a.s.box.Seal(bodyPlace(a.a.Key), text), a.a.Hash, a.a.MAC, a.a.Partial, a.a.FrozenAt, a.a.ID)
	return err
}

// number gives the agreement its number: the docket number for the one whole agreement of a case, else with -1, -2.
// An agreement that went back to the draft keeps the number it had.
func (a *act) number(ctx context.Context) error {
	if a.a.Number != nil {
		return nil
	}
	if a.c.Number == nil {
		return fault.New(fault.Conflict, "案件还没有案号，不能定稿")
	}
	var taken int
	if err := a.tx.Get(ctx, &taken, `SELECT COUNT(*) FROM agreements WHERE case_id = ? AND number IS NOT NULL`, a.c.ID); err != nil {
		return err
	}
	n := *a.c.Number
	if taken > 0 || a.a.Partial {
		n = fmt.Sprintf("%s-%d", n, taken+1)
	}
	a.a.Number = &n
	return nil
}

// Recall takes a fixed text back to be changed, while nobody has signed it.
func (s *Service) Recall(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.act(ctx, who, key, version, VerbRecall, func(a *act) (string, any, error) {
		var n int
		err := a.tx.Get(ctx, &n, `SELECT COUNT(*) FROM agreement_signs WHERE agreement_id = ? AND way <> ''`, a.a.ID)
		if err != nil {
			return "", nil, err
		}
		if n > 0 {
			return "", nil, fault.New(fault.Conflict, "已经有人签署，内容不能再改；可以作废后另做一份")
		}
		if _, err := a.tx.Exec(ctx, `DELETE FROM agreement_signs WHERE agreement_id = ?`, a.a.ID); err != nil {
			return "", nil, err
		}
		b := &a.a.Body
		b.Points, b.Parties, b.Mediator, b.Committee, b.Dispute, b.Number, b.Form, b.ReachedOn = nil, nil, "", "", "", "", "", ""
		_, err = a.tx.Exec(ctx, `UPDATE agreements SET state = 'draft', content_hash = '', content_mac = '', frozen_at = NULL WHERE id = ?`, a.a.ID)
		if err != nil {
			return "", nil, err
		}
		return "agreement.recall", nil, a.saveBody(ctx)
	})
}

// Void ends an agreement that is not in force yet. Its number is not used again.
func (s *Service) Void(ctx context.Context, who access.Actor, key string, version int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return fault.At("void_reason", "请写明作废的原因")
	}
	return s.act(ctx, who, key, version, VerbVoid, func(a *act) (string, any, error) {
		_, err := a.tx.Exec(ctx, `UPDATE agreements SET state = 'void', void_sealed = ? WHERE id = ?`, s.box.Seal("agreements.void:"+a.a.Key, reason), a.a.ID)
		return "agreement.void", nil, err
	})
}
