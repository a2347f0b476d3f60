package accord

import (
	"context"

	"tiaojie/app/docket"
	"tiaojie/app/papers/forms"
	"tiaojie/db"
)

// Papers are the facts that agreements give to the papers of a case: 人民调解协议书, 口头协议登记表, 督促履行函,
// 调解协议履行完毕证明, 回访记录.
type Papers struct {
	PaperOnly  bool
	Agreements []forms.Agreement // fixed ones, void ones left out; Keys names them
	Keys       []string
	Urges      []forms.Urge
	UrgeKeys   []string
	Visits     []forms.Visit
	VisitKeys  []string
}

// Fill puts the facts into the case of the papers.
func (p Papers) Fill(c *forms.Case) {
	c.PaperOnly = c.PaperOnly || p.PaperOnly
	c.Agreements, c.Urges, c.Visits = p.Agreements, p.Urges, p.Visits
}

// Facts reads them, in the caller's transaction or without; the caller has checked the reader.
func (s *Service) Facts(ctx context.Context, r db.Reader, caseID int64) (Papers, error) {
	c, _, err := s.cases.InScopeID(ctx, r, reminder, caseID)
	if err != nil {
		return Papers{}, err
	}
	out := Papers{PaperOnly: PaperOnlyType(c.TypeCode)}
	var list []Agreement
	err = r.Select(ctx, &list, `SELECT `+columns+` FROM agreements WHERE case_id = ? AND content_hash <> '' AND state <> 'void' ORDER BY seq`, caseID)
	if err != nil {
		return out, err
	}
	for _, a := range list {
		if err := s.openBody(&a); err != nil {
			return out, err
		}
		if err := s.agreementFacts(ctx, r, a, &out); err != nil {
			return out, err
		}
	}
	return out, s.visitFacts(ctx, r, c, list, &out)
}

func (s *Service) agreementFacts(ctx context.Context, r db.Reader, a Agreement, out *Papers) error {
	var rows []DutyRow
	if err := r.Select(ctx, &rows, `SELECT `+dutyColumns+` FROM agreement_duties WHERE agreement_id = ? ORDER BY seq`, a.ID); err != nil {
		return err
	}
	f := AgreementFacts(a, rows)
	if a.Form == Written && a.EffectiveOn != "" {
		signs, err := signsOf(ctx, r, a.ID)
		if err != nil {
			return err
		}
		for _, g := range signs {
			if g.Kind == SignSeal {
				f.SealedOn = forms.Day(g.On)
			}
		}
	}
	n := len(out.Agreements)
	out.Agreements, out.Keys = append(out.Agreements, f), append(out.Keys, a.Key)
	out.PaperOnly = out.PaperOnly || a.PaperOnly
	var urges []Urge
	err := r.Select(ctx, &urges, `SELECT u.id, u.key, u.duty_id, u.asked_by, u.on_day, u.until, u.by_name, u.at FROM duty_urges u
		JOIN agreement_duties d ON d.id = u.duty_id WHERE d.agreement_id = ? ORDER BY u.id`, a.ID)
	if err != nil || len(urges) == 0 {
		return err
	}
	names, err := s.partyNames(ctx, r, a.CaseID)
	if err != nil {
		return err
	}
	for _, u := range urges {
		for i, d := range rows {
			if d.ID == u.DutyID {
				out.Urges = append(out.Urges, forms.Urge{Agreement: n, Obligation: i, AskedBy: names[u.AskedBy], On: forms.Day(u.On), Until: forms.Day(u.Until)})
				out.UrgeKeys = append(out.UrgeKeys, u.Key)
			}
		}
	}
	return nil
}

// AgreementFacts are one agreement as its paper tells it. rows are its obligations in force; without them the paper
// tells what is drafted.
func AgreementFacts(a Agreement, rows []DutyRow) forms.Agreement {
	b := a.Body
	f := forms.Agreement{Number: a.No(), Oral: a.Form == Oral, Facts: b.Facts, Place: b.Place, ReachedOn: forms.Day(a.ReachedOn),
		EffectiveOn: forms.Day(a.EffectiveOn), DoneAtOnce: b.AtOnce()}
	n := 0
	for _, p := range b.Points {
		if p.Settled {
			n++
			f.Disputed += itoa(n) + ". " + p.Text + "\n"
		} else {
			f.Open = append(f.Open, p.Text)
		}
	}
	for _, it := range b.Items {
		f.Items = append(f.Items, it.Text)
	}
	for _, d := range b.Duties {
		o := forms.Obligation{From: b.Name(d.From), To: b.Name(d.To), What: d.Named(), Amount: d.Amount, How: d.How, Due: forms.Day(d.Due)}
		if d.When != ByDay {
			o.Term = d.Term()
		}
		for _, row := range rows {
			if row.Key == d.Key {
				o.Done = forms.Day(row.DoneOn)
				o.Due = forms.Day(row.DueOn)
				if d.When == Once {
					o.Due = ""
				}
			}
		}
		f.Obligations = append(f.Obligations, o)
	}
	return f
}

func (s *Service) visitFacts(ctx context.Context, r db.Reader, c docket.Case, list []Agreement, out *Papers) error {
	visits, err := s.visitsOf(ctx, r, c.ID)
	for _, v := range visits {
		if v.State != "made" {
			continue
		}
		at := 0
		for i, a := range list {
			if a.ID == v.AgreementID {
				at = i
			}
		}
		out.Visits = append(out.Visits, VisitFacts(v, at))
		out.VisitKeys = append(out.VisitKeys, v.Key)
	}
	return err
}

// VisitFacts are a visit as its paper tells it; agreement is its place among the agreements.
func VisitFacts(v Visit, agreement int) forms.Visit {
	w := v.Words
	return forms.Visit{Agreement: agreement, Who: w.Who, Why: v.Why, Way: w.Way, Performance: w.Performance, Satisfaction: w.Satisfaction,
		Outcome: w.Outcome, Faults: w.Faults, Hidden: w.Hidden, Measures: w.Measures, Visitors: v.By, On: forms.Day(v.On)}
}

func (s *Service) partyNames(ctx context.Context, r db.Reader, caseID int64) (map[int64]string, error) {
	parties, _, err := s.cases.PeopleOf(ctx, r, caseID)
	out := map[int64]string{}
	for _, p := range parties {
		out[p.ID] = p.Name
	}
	return out, err
}
