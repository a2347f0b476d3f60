package papers

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Start begins the session. Every party at the table must have been told the rights
// and heard the mediator's disclosure (人民调解法 23; 深圳条例 22), and every side must
// be there in person or by an agent.
func (s *Service) Start(ctx context.Context, who access.Actor, key string) error {
	return s.act(ctx, who, key, []State{Prepared}, func(tx *db.Tx, rec Record) error {
		sh, err := s.sheet(ctx, tx, rec, alone{})
		if err != nil {
			return err
		}
		if err := sh.readyToStart(); err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE records SET state='running', started_at=?, version=version+1 WHERE id=? AND state='prepared'`, db.At(tx.Now), rec.ID)
		if err != nil {
			return err
		}
		key, err := s.cases.SessionKey(ctx, tx, rec.SessionID)
		if err != nil {
			return err
		}
		if _, _, err := s.cases.Begin(ctx, tx, who, key); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "record.start", audit.Ref{Kind: "record", Key: rec.Key}, nil)
	})
}

func (sh Sheet) readyToStart() error {
	f := fault.Form{}
	for _, p := range sh.Parties() {
		if !sh.Represented(p.Key) {
			f.Add("present", p.Name+"一方还没有人到场。等一等、改期，或在案件页记录一方未到")
			continue
		}
		_, rights := sh.Tick("rights", p.Key)
		f.Check(rights, "rights", "还没有向"+p.Name+"告知权利义务")
		_, disclosed := sh.Tick("disclosure", p.Key)
		f.Check(disclosed, "disclosure", "还没有向"+p.Name+"说明调解员与各方有无利害关系")
	}
	for _, p := range sh.People {
		if (p.Kind == "party" || p.Kind == "agent") && p.Present == "yes" {
			f.Check(p.IDSeen != "", "id_seen", "请核对"+p.Name+"的身份证件")
		}
	}
	return f.Err()
}

// Finish is what the form at the end of a session carries.
type Finish struct {
	Outcome Outcome
	Ending  docket.Ending // Ended: reason and the routes told
	Next    *docket.Plan  // Adjourned: the next session, chosen now
}

// Finish ends the session: agreed, adjourned with the next date chosen now, or
// ended with a lawful reason and the other remedies told. The record is fixed from
// then on. Errors: Invalid with the fields that are missing.
func (s *Service) Finish(ctx context.Context, who access.Actor, key string, in Finish) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.act(ctx, who, key, []State{Running}, func(tx *db.Tx, rec Record) error {
		sh, err := s.sheet(ctx, tx, rec, alone{})
		if err != nil {
			return err
		}
		if err := sh.readyToFinish(in); err != nil {
			return err
		}
		if err := s.noOpenRival(ctx, tx, rec); err != nil {
			return err
		}
		err = tx.Swap(ctx, `UPDATE records SET state='closed', outcome=?, closed_at=?, end_reason=?, remedies=?, version=version+1 WHERE id=? AND state='running'`,
			in.Outcome, db.At(tx.Now), in.Ending.Reason, strings.Join(in.Ending.Remedies, ","), rec.ID)
		if err != nil {
			return err
		}
		if err := s.carry(ctx, tx, who, rec, in); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "record."+string(in.Outcome), audit.Ref{Kind: "record", Key: rec.Key}, map[string]string{"mark": sh.Mark})
	})
}

func (s *Service) carry(ctx context.Context, tx *db.Tx, who access.Actor, rec Record, in Finish) error {
	key, err := s.cases.SessionKey(ctx, tx, rec.SessionID)
	if err != nil {
		return err
	}
	switch in.Outcome {
	case Agreed:
		_, err = s.cases.Agree(ctx, tx, who, key)
	case Adjourned:
		_, _, err = s.cases.Adjourn(ctx, tx, who, key, in.Next)
	default:
		_, err = s.cases.End(ctx, tx, who, rec.CaseID, in.Ending)
	}
	return err
}

func (in Finish) check() error {
	f := fault.Form{}
	switch in.Outcome {
	case Agreed:
	case Adjourned:
		f.Check(in.Next != nil, "slot", "请现在就定下一次的时间")
	case Ended:
		f.Check(docket.Known(docket.EndReasons, in.Ending.Reason), "reason", "请选择终止的原因")
		f.Check(len(in.Ending.Remedies) > 0, "remedies", "请勾选已告知当事人的其他途径（人民调解法第二十六条）")
		for _, r := range in.Ending.Remedies {
			f.Check(docket.Known(docket.Remedies, r), "remedies", "没有这一项")
		}
	default:
		f.Add("outcome", "请选择这次调解的结果")
	}
	return f.Err()
}

// readyToFinish holds the record to what the paper needs, and names everybody for whom
// something is missing. Ticks can be taken back while the session runs, so they are
// looked at again.
func (sh Sheet) readyToFinish(in Finish) error {
	f := fault.Form{}
	for _, name := range []string{"rights", "principles"} {
		p, _ := partOf(name)
		f.Check(strings.TrimSpace(sh.Field(name, "").Text) != "", name, "请填写“"+p.Title+"”")
	}
	if in.Outcome != Adjourned {
		f.Check(strings.TrimSpace(sh.Field("result", "").Text) != "", "result", "请填写“六、协议内容或未达成的原因”")
	}
	var away, untold, unheard, silent, unread []string
	note := func(list *[]string, ok bool, name string) {
		if !ok {
			*list = append(*list, name)
		}
	}
	for _, p := range sh.Parties() {
		if !sh.Represented(p.Key) {
			away = append(away, p.Name)
			continue
		}
		_, told := sh.Tick("rights", p.Key)
		note(&untold, told, p.Name)
		_, heard := sh.Tick("disclosure", p.Key)
		note(&unheard, heard, p.Name)
		note(&silent, strings.TrimSpace(sh.Field("facts", p.Key).Text) != "", p.Name)
		t, read := sh.Tick("readback", p.Key)
		note(&unread, read && t.Mark == sh.Mark, p.Name)
	}
	names := func(list []string) string { return strings.Join(list, "、") }
	f.Check(in.Outcome != Agreed || len(away) == 0, "present", names(away)+"一方没有人到场，不能记为达成协议")
	f.Check(len(untold) == 0, "told", "还没有向"+names(untold)+"告知权利义务")
	f.Check(len(unheard) == 0, "disclosure", "还没有向"+names(unheard)+"说明调解员与各方有无利害关系")
	f.Check(len(silent) == 0, "facts", "请记下"+names(silent)+"的陈述")
	f.Check(len(unread) == 0, "readback", "笔录还没有向"+names(unread)+"宣读或由其阅读；改动之后要重新读一遍")
	return f.Err()
}

func (s *Service) noOpenRival(ctx context.Context, tx *db.Tx, rec Record) error {
	var n int
	err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM record_part_versions v JOIN record_parts p ON p.id = v.part_id
		WHERE p.record_id = ? AND v.rival AND v.settled_at IS NULL`, rec.ID)
	if err == nil && n > 0 {
		return fault.At("outcome", "另一台设备上还有没有合并的文字，请先看完差别再结束")
	}
	return err
}

// Rivals lists the open differences of a record, for the mediator to settle.
func (s *Service) Rivals(ctx context.Context, who access.Actor, key string) ([]string, error) {
	rec, err := s.forWork(ctx, s.db, who, key)
	if err != nil {
		return nil, err
	}
	var keys []string
	err = s.db.Select(ctx, &keys, `SELECT v.key FROM record_part_versions v JOIN record_parts p ON p.id = v.part_id
		WHERE p.record_id = ? AND v.rival AND v.settled_at IS NULL AND (p.name <> 'caucus' OR ?) ORDER BY v.id`, rec.ID, who.MediatorID == rec.told)
	return keys, err
}
