package papers

import (
	"context"
	"slices"
	"strings"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
	"tiaojie/app/people"
	"tiaojie/db"
)

// load gathers everything that the papers of a case say. It is the one home for filling
// forms.Case; what is not known stays empty and becomes a blank.
func (p *Press) load(ctx context.Context, r db.Reader, c docket.Case) (*Facts, error) {
	m, err := p.s.cases.Matter(ctx, r, c)
	if err != nil {
		return nil, err
	}
	f := &Facts{Matter: m, Subjects: map[forms.Per][]Subject{}, open: map[string]string{}}
	f.ofCase()
	f.ofParties()
	for _, part := range []func(context.Context, db.Reader, *Facts) error{p.ofStreet, p.ofMediators, p.ofSessions} {
		if err := part(ctx, r, f); err != nil {
			return nil, err
		}
	}
	f.ofEnd()
	if err := p.ofAgreements(ctx, r, f); err != nil {
		return nil, err
	}
	return f, p.ofSlips(ctx, r, f)
}

var sources = map[string]forms.Source{"party": forms.Applied, "committee": forms.Own, "police": forms.Police, "court_pre": forms.Courts,
	"court_ordinary": forms.Courts, "court_summary": forms.Courts, "department": forms.Official, "petition": forms.Official}

// ofCase fills what the case itself knows.
func (f *Facts) ofCase() {
	c, x := f.Case, &f.Paper
	if c.Number != nil {
		x.Number = *c.Number
	}
	x.Labour, x.PaperOnly = c.MainType == "labour", c.MainType == "family"
	x.Source = sources[c.Origin]
	x.Detail = docket.LabelOf(docket.Origins, c.Origin) + "（" + docket.LabelOf(docket.Channels, c.Channel) + "）"
	x.AppliedOn, x.AcceptedOn = forms.Day(c.AppliedDay), forms.Day(c.AcceptedDay)
	x.Summary = c.Summary
	for _, w := range f.Statements {
		if w.Kind == docket.WordsStory {
			x.Summary = w.Text
			break
		}
	}
	if k := f.Term; k != nil {
		x.Term = forms.Term{Days: k.Length, Working: k.Unit == docket.Working, Rule: f.TermBasis, Due: forms.Day(k.DueOn)}
	}
	x.Extension.From = forms.Day(c.DueOn)
	x.Referral.Accepted, x.Referral.Due = x.AcceptedOn, forms.Day(c.DueOn)
	x.Risk.Level = map[string]string{"red": "红", "orange": "橙", "yellow": "黄", "green": "绿"}[c.Risk]
}

var sides = map[docket.Side]forms.Side{docket.SideApplicant: forms.Applicant, docket.SideRespondent: forms.Respondent, docket.SideThird: forms.Third}

// idKinds are the identity papers by their codes; an unknown code stands as it is.
var idKinds = map[string]string{"": "居民身份证", "idcard": "居民身份证"}

func (f *Facts) ofParties() {
	for _, side := range []docket.Side{docket.SideApplicant, docket.SideRespondent, docket.SideThird} {
		for _, p := range f.Parties {
			if p.Side == side {
				f.addParty(p)
			}
		}
	}
}

func (f *Facts) addParty(p docket.PartyMatter) {
	d := p.Facts.Details
	out := forms.Party{Side: sides[p.Side], Person: forms.Person{Name: p.Known(), Sex: d.Gender, Nation: d.Ethnic, Birth: forms.Day(d.BornOn),
		IDKind: idKind(p.IDKind), ID: p.Facts.IDNo, Job: d.Occupation, Phone: p.Facts.Phone, Address: firstOf(p.Facts.Address, p.Facts.Household, p.Facts.Employer)}}
	if p.Kind == "organisation" {
		out.Org, out.Code, out.Name, out.Job, out.Sex = p.Known(), firstOf(d.CreditCode, p.Facts.IDNo), d.LegalRep, d.LegalPost, ""
	}
	out.Person = completed(out.Person)
	out.Served.Address = d.ServeAt
	for _, a := range p.Agents {
		out.Agents = append(out.Agents, agentOf(a))
		f.Add(forms.PerAgent, a.Key, a.Name+"（"+p.Name+"的代理人）")
	}
	f.Paper.Parties = append(f.Paper.Parties, out)
	f.Add(forms.PerParty, p.Key, p.Name)
}

func idKind(code string) string {
	if label, ok := idKinds[code]; ok {
		return label
	}
	return code
}

// completed takes sex and day of birth from an 18-digit identity number: a fact typed once.
func completed(p forms.Person) forms.Person {
	id, ok := people.NormID(p.ID)
	if !ok || len(id) != 18 {
		return p
	}
	if p.Birth == "" {
		p.Birth = forms.Day(id[6:10] + "-" + id[10:12] + "-" + id[12:14])
	}
	if p.Sex == "" {
		p.Sex = []string{"女", "男"}[(id[16]-'0')%2]
	}
	return p
}

var scopes = map[string]forms.Scope{"apply": forms.ApplyOrEnd, "evidence": forms.Evidence, "choose": forms.Choose, "attend": forms.SignPapers,
	"receive": forms.Receive, "admit": forms.Concede, "change": forms.Concede, "waive": forms.Concede, "settle": forms.Concede}

// agentOf brings an agent's powers to the paper's seven; the special ones are named one by one.
func agentOf(a docket.AgentMatter) forms.Agent {
	out := forms.Agent{Person: completed(forms.Person{Name: a.Name, Phone: a.Phone, ID: a.IDNo}), Relation: a.Relation,
		From: forms.Day(a.GrantedOn), To: forms.Day(a.UntilOn), On: forms.Day(a.GrantedOn)}
	var special []string
	for code := range strings.SplitSeq(a.Scopes, ",") {
		scope, ok := scopes[code]
		if !ok {
			continue
		}
		if scope == forms.Concede {
			special = append(special, docket.LabelOf(docket.SpecialScopes, code))
		}
		if !slices.Contains(out.Scopes, scope) {
			out.Scopes = append(out.Scopes, scope)
		}
	}
	out.Special = strings.Join(special, "、")
	return out
}

// ofStreet fills the committee, the kind of dispute and who took the case. Before acceptance the
// request goes to the street's own committee.
func (p *Press) ofStreet(ctx context.Context, r db.Reader, f *Facts) error {
	committees, err := p.people.Committees(ctx, r)
	if err != nil {
		return err
	}
	for _, k := range committees {
		if k.ID == f.Case.CommitteeID || f.Case.CommitteeID == 0 && k.Kind == "street" {
			f.Paper.Committee = forms.Committee{Name: k.Name, Address: k.Address, Phone: k.Phone}
			break
		}
	}
	types, err := p.people.DisputeTypes(ctx, r)
	if err != nil {
		return err
	}
	for _, t := range types {
		if t.Code == f.Case.TypeCode {
			f.Paper.Dispute = t.Name
			if !strings.HasSuffix(t.Name, "纠纷") {
				f.Paper.Dispute += "纠纷"
			}
		}
	}
	f.Paper.Registrar, err = p.people.AccountName(ctx, r, f.TakenBy)
	return err
}

// ofMediators fills who mediates and, where a party asked for another, who left (条例 art. 23).
func (p *Press) ofMediators(ctx context.Context, r db.Reader, f *Facts) error {
	for i, a := range f.Mediators {
		m, err := p.people.MediatorByID(ctx, r, a.MediatorID)
		if err != nil {
			return err
		}
		if a.Until.IsZero() {
			f.Paper.Mediators = append(f.Paper.Mediators, forms.Mediator{Name: m.Name, Kind: people.EmploymentLabel(m.Employment), Chosen: a.Method != "appointed"})
		}
		if i > 0 && !f.ReplacedAt.IsZero() && f.Mediators[i-1].Until.Equal(f.ReplacedAt.Time) {
			f.Paper.Recusal.Successor = m.Name
		}
		if !f.ReplacedAt.IsZero() && a.Until.Equal(f.ReplacedAt.Time) {
			day := forms.Day(f.ReplacedAt.Day())
			f.Paper.Recusal = forms.Recusal{Mediator: m.Name, On: day, DecidedOn: day}
		}
	}
	for _, w := range f.Statements {
		if w.Kind == docket.WordsReplace && w.At.Equal(f.ReplacedAt.Time) {
			f.Paper.Recusal.Reason = w.Text
			for _, party := range f.Parties {
				if party.ID == w.PartyID {
					f.Paper.Recusal.Party = party.Known()
				}
			}
		}
	}
	return nil
}

// ofAgreements fills what was agreed, what became of it, and the visits.
func (p *Press) ofAgreements(ctx context.Context, r db.Reader, f *Facts) error {
	a, err := p.accord.Facts(ctx, r, f.Case.ID)
	if err != nil {
		return err
	}
	a.Fill(&f.Paper)
	done, owed := 0, 0
	for i, x := range a.Agreements {
		per := forms.PerWritten
		if x.Oral {
			per = forms.PerOral
		}
		f.Add(per, a.Keys[i], x.Number)
		for _, o := range x.Obligations {
			f.Paper.Closing.Amount += o.Amount
			owed++
			if o.Done != "" {
				done++
			}
		}
	}
	if owed > 0 && done == owed {
		f.Paper.Closing.Performance = "已全部履行"
	}
	for i, u := range a.Urges {
		f.Add(forms.PerUrge, a.UrgeKeys[i], u.On.String())
	}
	for i, v := range a.Visits {
		f.Add(forms.PerVisit, a.VisitKeys[i], v.Who+" "+v.On.String())
	}
	return nil
}

var endReasons = map[string]forms.EndReason{"declined": forms.Declined, "withdrew": forms.Withdrawn, "hid_facts": forms.Deceit,
	"collusion": forms.Collusion, "expired": forms.Expired}

// ofEnd fills why and when the case ended.
func (f *Facts) ofEnd() {
	c, x := f.Case, &f.Paper
	if c.State.Open() {
		return
	}
	on, words := forms.Day(c.ClosedDay), ""
	for _, w := range f.Statements {
		if w.Kind == docket.WordsReason {
			words = w.Text
		}
	}
	x.Closing.On, x.Dossier.To = on, on
	switch c.State {
	case docket.Refused:
		x.Refusal = forms.Refusal{Reason: withWords(docket.LabelOf(docket.RefuseReasons, c.EndReason), words), On: on}
		x.Closing.Result = "不予受理：" + x.Refusal.Reason
	case docket.Agreed:
		x.Closing.Result = "各方达成调解协议。"
	default:
		label := docket.LabelOf(docket.EndReasons, c.EndReason)
		x.End = forms.End{Reason: endReasons[c.EndReason], Detail: words, On: on}
		if x.End.Reason == forms.NoReason {
			x.End.Reason, x.End.Detail = forms.OtherEnd, withWords(label, words)
		}
		x.Closing.Result = "调解终止：" + label + "。"
	}
}

func withWords(label, words string) string {
	switch {
	case words == "":
		return label
	case label == "其他" || label == "其他法定情形":
		return words
	}
	return label + "：" + words
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// place is a room as papers call it: its name and where it is.
func (p *Press) place(ctx context.Context, r db.Reader, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	room, err := p.rooms.RoomByID(ctx, r, id)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil || room.Address == "" {
		return room.FullName, err
	}
	return room.FullName + "（" + room.Address + "）", nil
}
