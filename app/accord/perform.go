package accord

import (
	"context"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/seal"
	"tiaojie/db"
)

const (
	dutyDue      = "due"
	dutyDone     = "done"
	dutyReplaced = "replaced"
)

// DutyRow is an obligation of an agreement in force; its words are in the agreement's text.
type DutyRow struct {
	ID          int64  `db:"id"`
	Key         string `db:"key"`
	AgreementID int64  `db:"agreement_id"`
	CaseID      int64  `db:"case_id"`
	Seq         int    `db:"seq"`
	FromParty   int64  `db:"from_party"`
	ToParty     int64  `db:"to_party"`
	Amount      int64  `db:"amount"` // 分
	Paid        int64  `db:"paid"`
	DueOn       string `db:"due_on"` // "" while its condition is not met
	MetOn       string `db:"met_on"` // when the condition was met
	State       string `db:"state"`
	DoneOn      string `db:"done_on"`
	Version     int64  `db:"version"`
}

const dutyColumns = `id, key, agreement_id, case_id, seq, from_party, to_party, amount, paid, due_on, met_on, state, done_on, version`

// Standing is how an obligation stands on a day.
type Standing string

const (
	Waiting     Standing = "waiting"
	Conditional Standing = "conditional"
	Soon        Standing = "soon"
	Today       Standing = "today"
	Overdue     Standing = "overdue"
	OnTime      Standing = "on_time"
	Late        Standing = "late"
	Gone        Standing = "replaced"
)

// soon is how many days before its day an obligation counts as near.
const soon = 3

// Standing tells how the obligation stands today.
func (d DutyRow) Standing(today string) Standing {
	switch {
	case d.State == dutyReplaced:
		return Gone
	case d.State == dutyDone && d.DoneOn > d.DueOn && d.DueOn != "":
		return Late
	case d.State == dutyDone:
		return OnTime
	case d.DueOn == "":
		return Conditional
	case d.DueOn < today:
		return Overdue
	case d.DueOn == today:
		return Today
	case d.DueOn <= (calendar.MustDay(today) + soon).String():
		return Soon
	}
	return Waiting
}

// Left is what is still to be paid.
func (d DutyRow) Left() int64 { return d.Amount - d.Paid }

// Receipt is performance as it was noted (履行凭证).
type Receipt struct {
	ID         int64   `db:"id"`
	Key        string  `db:"key"`
	DutyID     int64   `db:"duty_id"`
	Amount     int64   `db:"amount"`
	On         string  `db:"on_day"`
	Sealed     []byte  `db:"note_sealed"`
	FileKey    string  `db:"file_key"`
	By         string  `db:"by_name"`
	At         db.Time `db:"at"`
	VoidedAt   db.Time `db:"voided_at"`
	VoidedBy   string  `db:"voided_by"`
	VoidSealed []byte  `db:"void_sealed"`
	Note       string  `db:"-"`
	VoidWhy    string  `db:"-"`
}

const receiptColumns = `id, key, duty_id, amount, on_day, note_sealed, file_key, by_name, at, voided_at, voided_by, void_sealed`

// onDuty runs an act on an obligation; its agreement is locked first.
func (s *Service) onDuty(ctx context.Context, who access.Actor, dutyKey string, v Verb, fn func(a *act, d *DutyRow) (action string, detail any, err error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var agreement int64
		if err := tx.Get(ctx, &agreement, `SELECT agreement_id FROM agreement_duties WHERE key = ?`, dutyKey); err != nil {
			return noneFor(err)
		}
		return s.do(ctx, tx, who, `id = ?`, agreement, 0, v, func(a *act) (string, any, error) {
			var d DutyRow
			err := tx.Get(ctx, &d, `UPDATE agreement_duties SET version = version + 1 WHERE key = ? RETURNING `+dutyColumns, dutyKey)
			if err != nil {
				return "", nil, err
			}
			return fn(a, &d)
		})
	})
}

func noneFor(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errNone
	}
	return err
}

// ReceiptInput is performance as it is typed.
type ReceiptInput struct {
	Yuan string // "" for what is no payment
	On   string
	Note string
	File *files.File // evidence, prepared
}

// Receive notes performance. A sum is done when all of it is paid, another obligation with its first receipt; the
// day of the receipt that completes it tells whether it was on time. Form fields: yuan, on, note.
func (s *Service) Receive(ctx context.Context, who access.Actor, dutyKey string, in ReceiptInput, idem string) error {
	return s.onDuty(ctx, who, dutyKey, VerbPerform, func(a *act, d *DutyRow) (string, any, error) {
		if _, first, err := a.tx.Claim(ctx, idem); err != nil || !first {
			return "", nil, err
		}
		r := Receipt{Key: seal.NewKey(), On: in.On, Note: strings.TrimSpace(in.Note)}
		if err := a.readReceipt(*d, in, &r); err != nil {
			return "", nil, err
		}
		if in.File != nil {
			r.FileKey = in.File.Key
			if err := s.files.Attach(ctx, a.tx, *in.File, fileKind, a.a.Key, who.Name); err != nil {
				return "", nil, err
			}
		}
		_, err := a.tx.Exec(ctx, `INSERT INTO duty_receipts (key, duty_id, amount, on_day, note_sealed, file_key, by_name, at) VALUES (?,?,?,?,?,?,?,?)`,
			r.Key, d.ID, r.Amount, r.On, s.box.Seal("duty_receipts.note:"+r.Key, r.Note), r.FileKey, who.Name, db.At(a.tx.Now))
		if err != nil {
			return "", nil, err
		}
		return "duty.receive", map[string]int64{"fen": r.Amount}, a.recount(ctx, *d)
	})
}

func (a *act) readReceipt(d DutyRow, in ReceiptInput, r *Receipt) error {
	f := fault.Form{}
	if d.State != dutyDue {
		return fault.New(fault.Conflict, "这一项已经不在待履行中，不用再登记")
	}
	if d.Amount > 0 {
		fen, ok := ParseYuan(in.Yuan)
		f.Check(ok && fen > 0, "yuan", "请填写收到的金额，单位是元")
		f.Check(!ok || int64(fen) <= d.Left(), "yuan", "超过了还没付的 "+YuanText(fenOf(d.Left()))+" 元，请核对")
		r.Amount = int64(fen)
	} else {
		f.Check(r.Note != "", "note", "请写明做了什么、谁确认的")
	}
	f.Check(isDay(r.On) && r.On <= a.tx.Day(), "on", "请填写履行的日期，不能晚于今天")
	f.Check(r.On >= a.a.ReachedOn, "on", "履行的日期不能早于达成协议的日期")
	f.Check(utf8.RuneCountInString(r.Note) <= 500, "note", "最多 500 字")
	return f.Err()
}

// VoidReceipt takes a receipt out of account that was noted by mistake; it stays on the list with the reason.
func (s *Service) VoidReceipt(ctx context.Context, who access.Actor, dutyKey, receiptKey, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return fault.At("void_reason", "请写明为什么作废这条登记")
	}
	return s.onDuty(ctx, who, dutyKey, VerbPerform, func(a *act, d *DutyRow) (string, any, error) {
		err := a.tx.Swap(ctx, `UPDATE duty_receipts SET voided_at = ?, voided_by = ?, void_sealed = ? WHERE key = ? AND duty_id = ? AND voided_at IS NULL`,
			db.At(a.tx.Now), who.Name, s.box.Seal("duty_receipts.void:"+receiptKey, reason), receiptKey, d.ID)
		if err != nil {
			return "", nil, err
		}
		return "duty.void", nil, a.recount(ctx, *d)
	})
}

// recount brings an obligation, the figures and the agreement in line with the receipts that count.
func (a *act) recount(ctx context.Context, d DutyRow) error {
	var list []Receipt
	err := a.tx.Select(ctx, &list, `SELECT `+receiptColumns+` FROM duty_receipts WHERE duty_id = ? AND voided_at IS NULL ORDER BY on_day, id`, d.ID)
	if err != nil {
		return err
	}
	was := d
	d.Paid, d.State, d.DoneOn = 0, dutyDue, ""
	for _, r := range list {
		d.Paid += r.Amount
		if d.State == dutyDue && d.Paid >= d.Amount {
			d.State, d.DoneOn = dutyDone, r.On
		}
	}
	_, err = a.tx.Exec(ctx, `UPDATE agreement_duties SET paid = ?, state = ?, done_on = ? WHERE id = ?`, d.Paid, d.State, d.DoneOn, d.ID)
	if err != nil {
		return err
	}
	for row, n := range map[*DutyRow]int64{&was: -1, &d: 1} {
		if what := countOf(*row); what != "" {
			if err := a.count(ctx, what, n); err != nil {
				return err
			}
		}
	}
	if d.State == dutyDone {
		_, err = a.tx.Exec(ctx, `UPDATE duty_reminders SET done_at = ?, how = 'skipped' WHERE duty_id = ? AND done_at IS NULL`, db.At(a.tx.Now), d.ID)
	} else if was.State == dutyDone {
		err = a.remindOf(ctx, d)
	}
	if err != nil {
		return err
	}
	return a.settleState(ctx)
}

func countOf(d DutyRow) string {
	switch d.Standing(d.DueOn) {
	case OnTime:
		return CountOnTime
	case Late:
		return CountLate
	}
	return ""
}

// settleState makes the agreement 履行完毕 when nothing is owed any more, and 已生效 again when something is.
func (a *act) settleState(ctx context.Context) error {
	var open int
	if err := a.tx.Get(ctx, &open, `SELECT COUNT(*) FROM agreement_duties WHERE agreement_id = ? AND state = 'due'`, a.a.ID); err != nil {
		return err
	}
	state := Performed
	if open > 0 {
		state = Effective
	}
	_, err := a.tx.Exec(ctx, `UPDATE agreements SET state = ? WHERE id = ?`, state, a.a.ID)
	return err
}

// ConditionMet notes the day on which the condition of an obligation was met; its own day follows from it.
func (s *Service) ConditionMet(ctx context.Context, who access.Actor, dutyKey, on string) error {
	return s.onDuty(ctx, who, dutyKey, VerbPerform, func(a *act, d *DutyRow) (string, any, error) {
		words, ok := a.a.Body.Duty(d.Key)
		if !ok || words.When != After || d.DueOn != "" || d.State != dutyDue {
			return "", nil, fault.New(fault.Conflict, "这一项义务不是在等条件成就")
		}
		if !isDay(on) || on > a.tx.Day() || on < a.a.ReachedOn {
			return "", nil, fault.At("met_on", "请填写条件成就的日期：不早于达成协议的日期，也不晚于今天")
		}
		days, err := s.cal.Workdays(ctx, a.tx)
		if err != nil {
			return "", nil, err
		}
		d.MetOn, d.DueOn = on, days.AddNatural(calendar.MustDay(on), words.Days).Day.String()
		_, err = a.tx.Exec(ctx, `UPDATE agreement_duties SET met_on = ?, due_on = ? WHERE id = ?`, d.MetOn, d.DueOn, d.ID)
		if err != nil {
			return "", nil, err
		}
		return "duty.condition", nil, a.remindOf(ctx, *d)
	})
}
