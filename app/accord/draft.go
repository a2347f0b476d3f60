package accord

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// NewDraft is what an agreement begins with.
type NewDraft struct {
	Form     Form
	Replaces string   // key of the agreement in force that it takes the place of
	Copies   string   // key of an agreement whose text is taken over
	Items    []string // texts that the parties accepted in a session
}

// NewAgreement begins an agreement and gives its key; the same form sent twice gives the same one.
func (s *Service) NewAgreement(ctx context.Context, who access.Actor, caseKey string, in NewDraft, idem string) (key string, err error) {
	if in.Form != Written && in.Form != Oral {
		return "", fault.At("form", "请选择书面协议还是口头协议")
	}
	err = s.onCase(ctx, who, caseKey, "agreement.new", func(tx *db.Tx, c docket.Case) (bool, error) {
		where, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			key = where
			return false, err
		}
		if err := begun(c); err != nil && in.Replaces == "" { // what is in force may be changed, whatever became of the rest
			return false, err
		}
		a := Agreement{Key: seal.NewKey(), CaseID: c.ID, Form: in.Form, State: Draft, ReachedOn: tx.Day(), PaperOnly: PaperOnlyType(c.TypeCode)}
		if err := s.begin(ctx, tx, c, &a, in); err != nil {
			return false, err
		}
		key = a.Key
		text, err := a.Body.encode()
		if err != nil {
			return false, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO agreements (key, case_id, seq, form, state, replaces_id, body_sealed, reached_on, paper_only, created_by, created_at)
			SELECT ?, ?, COALESCE((SELECT seq FROM agreements WHERE case_id = ? ORDER BY seq DESC LIMIT 1), 0) + 1, ?, 'draft', ?, ?, ?, ?, ?, ?`,
			a.Key, c.ID, c.ID, a.Form, a.ReplacesID, s.box.Seal(bodyPlace(a.Key), text), a.ReachedOn, a.PaperOnly, who.Name, db.At(tx.Now))
		if err != nil {
			return false, err
		}
		return true, tx.Fulfil(ctx, idem, key)
	})
	return key, err
}

// begin fills a new draft: from the agreement it replaces or copies, else from the case.
func (s *Service) begin(ctx context.Context, tx *db.Tx, c docket.Case, a *Agreement, in NewDraft) error {
	from := in.Replaces
	if from == "" {
		from = in.Copies
	}
	if from != "" {
		old, err := s.byKey(ctx, tx, from)
		if err != nil {
			return err
		}
		if old.CaseID != c.ID {
			return errNone
		}
		if in.Replaces != "" {
			if old.State != Effective {
				return fault.New(fault.Conflict, "只有已经生效、还没有履行完的协议可以由新协议代替")
			}
			a.ReplacesID = &old.ID
		}
		a.Body = Body{Facts: old.Body.Facts, Items: old.Body.Items, Duties: old.Body.Duties, Place: old.Body.Place, Personal: old.Body.Personal, Settled: old.Body.Settled}
		for i := range a.Body.Duties {
			a.Body.Duties[i].Key = seal.NewKey() // a duty's key is its row's, once
		}
		a.PaperOnly = a.PaperOnly || old.PaperOnly
		return nil
	}
	issues, err := s.issues(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	a.Body.Facts = c.Summary
	for _, p := range issues {
		if p.SettledBy == nil {
			a.Body.Settled = append(a.Body.Settled, p.Key)
		}
	}
	for _, text := range in.Items {
		a.Body.Items = append(a.Body.Items, Item{Key: seal.NewKey(), Text: text})
	}
	return nil
}

// write changes a draft by fn. The same form sent twice is done once.
func (s *Service) write(ctx context.Context, who access.Actor, key string, version int64, idem string, fn func(a *act) error) error {
	return s.act(ctx, who, key, version, VerbWrite, func(a *act) (string, any, error) {
		if idem != "" {
			if _, first, err := a.tx.Claim(ctx, idem); err != nil || !first {
				return "", nil, err
			}
		}
		if err := fn(a); err != nil {
			return "", nil, err
		}
		return "agreement.write", nil, a.saveBody(ctx)
	})
}

// Text is the part of the draft that is one form: facts, place, day, and what is settled.
type Text struct {
	Facts, Place, ReachedOn string
	Personal                bool
	Settled                 []string
}

// SaveText stores it.
func (s *Service) SaveText(ctx context.Context, who access.Actor, key string, version int64, in Text) error {
	f := fault.Form{}
	f.Check(utf8.RuneCountInString(in.Facts) <= 5000, "facts", "主要事实最多 5000 字")
	f.Check(utf8.RuneCountInString(in.Place) <= 200, "place", "履行地点最多 200 字")
	f.Check(isDay(in.ReachedOn), "reached_on", "请选择达成协议的日期")
	if err := f.Err(); err != nil {
		return err
	}
	return s.write(ctx, who, key, version, "", func(a *act) error {
		if in.ReachedOn > a.tx.Day() {
			return fault.At("reached_on", "达成协议的日期不能晚于今天")
		}
		issues, err := s.issues(ctx, a.tx, a.c.ID)
		if err != nil {
			return err
		}
		b := &a.a.Body
		b.Facts, b.Place, b.Personal, b.Settled = in.Facts, in.Place, in.Personal, nil
		a.a.ReachedOn, a.a.PaperOnly = in.ReachedOn, in.Personal || PaperOnlyType(a.c.TypeCode)
		for _, p := range issues {
			if slices.Contains(in.Settled, p.Key) && a.canSettle(p) {
				b.Settled = append(b.Settled, p.Key)
			}
		}
		return nil
	})
}

// canSettle tells whether no other agreement in force settles the point already.
func (a *act) canSettle(p Issue) bool {
	return p.SettledBy == nil || a.a.ReplacesID != nil && *p.SettledBy == *a.a.ReplacesID
}

const maxParts = 60 // clauses and obligations of one agreement

// AddItem adds a clause: of the library by its code, or the given text.
func (s *Service) AddItem(ctx context.Context, who access.Actor, key string, version int64, idem, clause, issue, text string) error {
	return s.write(ctx, who, key, version, idem, func(a *act) error {
		it := Item{Key: seal.NewKey(), Issue: issue, Text: strings.TrimSpace(text)}
		if clause != "" {
			parties, _, err := a.parties(ctx)
			if err != nil {
				return err
			}
			c, ok := clauseFor(a.c.TypeCode, clause, parties)
			if !ok {
				return fault.At("clause", "没有这个条款，请重新选择")
			}
			it.Text, it.Clause, it.Version = c.Text, c.Code, c.Version
		}
		if err := a.checkItem(ctx, it, "text"); err != nil {
			return err
		}
		if len(a.a.Body.Items) >= maxParts {
			return fault.At("text", "条款太多了，请合并")
		}
		a.a.Body.Items = append(a.a.Body.Items, it)
		return nil
	})
}

func (a *act) checkItem(ctx context.Context, it Item, field string) error {
	if it.Text == "" || utf8.RuneCountInString(it.Text) > 2000 {
		return fault.At(field, "请写下条款内容，最多 2000 字")
	}
	if it.Issue == "" {
		return nil
	}
	issues, err := a.s.issues(ctx, a.tx, a.c.ID)
	if err == nil && !slices.ContainsFunc(issues, func(p Issue) bool { return p.Key == it.Issue }) {
		return fault.At("issue", "没有这一项争议")
	}
	return err
}

// ChangeItem replaces the text of a clause.
func (s *Service) ChangeItem(ctx context.Context, who access.Actor, key string, version int64, itemKey, issue, text string) error {
	return s.write(ctx, who, key, version, "", func(a *act) error {
		for i, it := range a.a.Body.Items {
			if it.Key != itemKey {
				continue
			}
			it.Issue, it.Text = issue, strings.TrimSpace(text)
			a.a.Body.Items[i] = it
			return a.checkItem(ctx, it, "text-"+itemKey)
		}
		return errNone
	})
}

// DropItem takes a clause out of a draft.
func (s *Service) DropItem(ctx context.Context, who access.Actor, key string, version int64, itemKey string) error {
	return s.write(ctx, who, key, version, "", func(a *act) error {
		a.a.Body.Items = slices.DeleteFunc(a.a.Body.Items, func(it Item) bool { return it.Key == itemKey })
		return nil
	})
}

// DutyInput is an obligation as it is typed; Parts above 1 makes instalments of its sum.
type DutyInput struct {
	From, To, Kind, What, Yuan, When, Due, Condition, How string
	Days                                                  int
	Parts                                                 int
	Every                                                 string // month, week
}

// duty reads the form. What is left out is not refused here: the clarity check names it, all at once.
func (in DutyInput) duty() (Duty, error) {
	f := fault.Form{}
	d := Duty{Key: seal.NewKey(), From: in.From, To: in.To, Kind: in.Kind, What: strings.TrimSpace(in.What), When: in.When,
		Condition: strings.TrimSpace(in.Condition), Days: in.Days, How: strings.TrimSpace(in.How)}
	f.Check(docket.Known(Kinds, in.Kind), "kind", "请选择是付款还是做一件事")
	f.Check(docket.Known(Whens, in.When), "when", "请选择什么时候履行")
	if in.Kind == Pay && strings.TrimSpace(in.Yuan) != "" {
		var ok bool
		d.Amount, ok = ParseYuan(in.Yuan)
		f.Check(ok, "yuan", "金额请写成 8600 或者 8600.50 的样子，单位是元，最多一亿元")
	}
	if in.When == ByDay {
		d.Condition, d.Days, d.Due = "", 0, in.Due
		f.Check(in.Due == "" || isDay(in.Due), "due", "请选择日期")
	}
	for field, text := range map[string]string{"what": d.What, "how": d.How, "condition": d.Condition} {
		f.Check(utf8.RuneCountInString(text) <= 500, field, "最多 500 字")
	}
	f.Check(in.Days >= 0 && in.Days <= 3650, "days", "天数应在 1 到 3650 之间")
	f.Check(in.Parts >= 0 && in.Parts <= 36, "parts", "分期最多 36 期")
	if in.Parts > 1 {
		f.Check(in.Kind == Pay && d.Amount > 0 && in.When == ByDay && in.Due != "", "parts", "分期要先写明总金额和第一期的日期")
		f.Check(int64(d.Amount) >= int64(in.Parts), "parts", "每一期不能少于一分钱")
	}
	return d, f.Err()
}

// AddDuty adds an obligation, or its instalments: equal parts, the last with the rest, a month or a week apart.
func (s *Service) AddDuty(ctx context.Context, who access.Actor, key string, version int64, idem string, in DutyInput) error {
	d, err := in.duty()
	if err != nil {
		return err
	}
	return s.write(ctx, who, key, version, idem, func(a *act) error {
		list := instalments(d, in)
		if len(a.a.Body.Duties)+len(list) > maxParts {
			return fault.At("parts", "义务太多了，一份协议最多 60 项")
		}
		if err := a.checkDuty(ctx, d); err != nil {
			return err
		}
		a.a.Body.Duties = append(a.a.Body.Duties, list...)
		return nil
	})
}

func instalments(d Duty, in DutyInput) []Duty {
	if in.Parts < 2 {
		return []Duty{d}
	}
	first := calendar.MustDay(d.Due)
	group := seal.NewKey()
	var out []Duty
	for i, amount := range split(d.Amount, in.Parts) {
		one := d
		one.Key, one.Group, one.Part, one.Parts, one.Amount = seal.NewKey(), group, i+1, in.Parts, amount
		one.Due = first.AddMonths(i).String()
		if in.Every == "week" {
			one.Due = (first + calendar.Day(7*i)).String()
		}
		out = append(out, one)
	}
	return out
}

// checkDuty refuses persons who are not parties of the case.
func (a *act) checkDuty(ctx context.Context, d Duty) error {
	parties, _, err := a.s.cases.PeopleOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	f := fault.Form{}
	for field, key := range map[string]string{"from": d.From, "to": d.To} {
		known := slices.ContainsFunc(parties, func(p docket.PartyView) bool { return p.Key == key })
		f.Check(known || key == "", field, "请在当事人中选择")
	}
	return f.Err()
}

// ChangeDuty replaces one obligation.
func (s *Service) ChangeDuty(ctx context.Context, who access.Actor, key string, version int64, dutyKey string, in DutyInput) error {
	in.Parts = 0
	d, err := in.duty()
	if err != nil {
		return err
	}
	return s.write(ctx, who, key, version, "", func(a *act) error {
		for i, old := range a.a.Body.Duties {
			if old.Key != dutyKey {
				continue
			}
			d.Key, d.Group, d.Part, d.Parts = old.Key, old.Group, old.Part, old.Parts
			a.a.Body.Duties[i] = d
			return a.checkDuty(ctx, d)
		}
		return errNone
	})
}

// DropDuty takes an obligation out; the instalments that stay are counted anew.
func (s *Service) DropDuty(ctx context.Context, who access.Actor, key string, version int64, dutyKey string) error {
	return s.write(ctx, who, key, version, "", func(a *act) error {
		gone, ok := a.a.Body.Duty(dutyKey)
		if !ok {
			return errNone
		}
		list := slices.DeleteFunc(a.a.Body.Duties, func(d Duty) bool { return d.Key == dutyKey })
		n := 0
		for i := range list {
			if gone.Group != "" && list[i].Group == gone.Group {
				n++
				list[i].Part = n
			}
		}
		for i := range list {
			if gone.Group != "" && list[i].Group == gone.Group {
				list[i].Parts = n
			}
		}
		a.a.Body.Duties = list
		return nil
	})
}

// isDay tells whether the text is a day, 2006-01-02.
func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil && forms.Day(text).String() != ""
}
