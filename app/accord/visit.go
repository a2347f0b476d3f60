package accord

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Visit is a follow-up (回访), planned or made.
type Visit struct {
	ID          int64      `db:"id"`
	Key         string     `db:"key"`
	CaseID      int64      `db:"case_id"`
	AgreementID int64      `db:"agreement_id"`
	DueOn       string     `db:"due_on"`
	Why         string     `db:"why"` // 回访事由
	State       string     `db:"state"`
	On          string     `db:"on_day"`
	Sealed      []byte     `db:"words_sealed"`
	By          string     `db:"by_name"`
	Version     int64      `db:"version"`
	Words       VisitWords `db:"-"`
}

// VisitWords are the fields of the form (回访记录).
type VisitWords struct {
	Who          string `json:"who"`
	Way          string `json:"way"`
	Performance  string `json:"performance"`
	Satisfaction string `json:"satisfaction"`
	Outcome      string `json:"outcome"`
	Faults       string `json:"faults"`
	Hidden       string `json:"hidden"`
	Measures     string `json:"measures"`
}

const visitColumns = `id, key, case_id, agreement_id, due_on, why, state, on_day, words_sealed, by_name, version`

func (s *Service) openVisit(v *Visit) error {
	if v.State != "made" {
		return nil
	}
	text, err := s.box.Open("case_visits.words:"+v.Key, v.Sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), &v.Words)
}

func (s *Service) visitsOf(ctx context.Context, r db.Reader, caseID int64) ([]Visit, error) {
	var out []Visit
	err := r.Select(ctx, &out, `SELECT `+visitColumns+` FROM case_visits WHERE case_id = ? AND state <> 'dropped' ORDER BY due_on, id`, caseID)
	for i := range out {
		if err := s.openVisit(&out[i]); err != nil {
			return nil, err
		}
	}
	return out, err
}

// PlanVisit plans a further visit to an agreement in force. Form fields: due_on, why.
func (s *Service) PlanVisit(ctx context.Context, who access.Actor, agreementKey, dueOn, why, idem string) error {
	why = strings.TrimSpace(why)
	f := fault.Form{}
	f.Check(isDay(dueOn), "due_on", "请选择回访的日期")
	f.Check(why != "" && utf8.RuneCountInString(why) <= 100, "why", "请写明回访事由，最多 100 字")
	if err := f.Err(); err != nil {
		return err
	}
	return s.act(ctx, who, agreementKey, 0, VerbPerform, func(a *act) (string, any, error) {
		if _, first, err := a.tx.Claim(ctx, idem); err != nil || !first {
			return "", nil, err
		}
		if dueOn < a.tx.Day() {
			return "", nil, fault.At("due_on", "回访的日期不能早于今天")
		}
		_, err := a.tx.Exec(ctx, `INSERT INTO case_visits (key, case_id, agreement_id, due_on, why, state) VALUES (?,?,?,?,?,'planned')`,
			seal.NewKey(), a.c.ID, a.a.ID, dueOn, why)
		return "visit.plan", nil, err
	})
}

// MakeVisit stores the record of a visit. It is not changed afterwards. Form fields: as VisitWords, and on.
func (s *Service) MakeVisit(ctx context.Context, who access.Actor, key string, version int64, on string, w VisitWords) error {
	f := fault.Form{}
	f.Check(strings.TrimSpace(w.Who) != "", "who", "请写明回访了哪位当事人")
	f.Check(docket.Known(VisitWays, w.Way), "way", "请选择回访方式")
	f.Check(strings.TrimSpace(w.Performance) != "", "performance", "请写明协议履行情况")
	f.Check(docket.Known(Contents, w.Satisfaction), "satisfaction", "请选择满意程度")
	f.Check(strings.TrimSpace(w.Hidden) != "", "hidden", "请写明有没有激化或者隐患；没有就写“无”")
	for field, text := range map[string]string{"who": w.Who, "performance": w.Performance, "outcome": w.Outcome, "faults": w.Faults, "hidden": w.Hidden, "measures": w.Measures} {
		f.Check(utf8.RuneCountInString(text) <= 1000, field, "最多 1000 字")
	}
	f.Check(isDay(on) && on <= db.DayOf(s.db.Now()), "on", "请填写回访的日期，不能晚于今天")
	if err := f.Err(); err != nil {
		return err
	}
	raw, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return s.onVisit(ctx, who, key, "visit.make", func(tx *db.Tx) error {
		return tx.Swap(ctx, `UPDATE case_visits SET state = 'made', on_day = ?, words_sealed = ?, by_name = ?, version = version + 1
			WHERE key = ? AND state = 'planned' AND version = ?`, on, s.box.Seal("case_visits.words:"+key, string(raw)), who.Name, key, version)
	})
}

// DropVisit takes a planned visit off the list.
func (s *Service) DropVisit(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.onVisit(ctx, who, key, "visit.drop", func(tx *db.Tx) error {
		return tx.Swap(ctx, `UPDATE case_visits SET state = 'dropped', version = version + 1 WHERE key = ? AND state = 'planned' AND version = ?`, key, version)
	})
}

func (s *Service) onVisit(ctx context.Context, who access.Actor, key, action string, fn func(tx *db.Tx) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var caseID int64
		if err := tx.Get(ctx, &caseID, `SELECT case_id FROM case_visits WHERE key = ?`, key); err != nil {
			return noneFor(err)
		}
		_, hands, err := s.scope(ctx, tx, who, caseID)
		if err != nil {
			return err
		}
		if !Acts(hands) {
			return fault.New(fault.Forbidden, "只有本案调解员和窗口受理员可以登记回访")
		}
		if err := fn(tx); err != nil {
			return err
		}
		tx.Touch("cases")
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "visit", Key: key}, nil)
	})
}
