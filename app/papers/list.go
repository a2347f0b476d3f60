package papers

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
	"tiaojie/db"
)

// step is a stage of a case with its papers, and when each is due.
type step struct {
	title string
	forms []string
}

// steps are the papers in the order in which a case meets them.
var steps = []step{
	{"申请与受理", []string{"application", "application-receipt", "register", "acceptance", "refusal"}},
	{"调解之前", []string{"rights", "served", "mandate", "mediation-notice", "recusal-request", "recusal-decision", "guest-consent"}},
	{"调解之中", []string{"inquiry", "record", "extension", "risk"}},
	{"调解结果", []string{"agreement", "oral-agreement", "ending", "undisputed"}},
	{"法院与司法确认", []string{"referral-receipt", "referral-report", "confirmation", "confirmation-list", "mediation-proof"}},
	{"履行与回访", []string{"urge", "performed", "visit"}},
	{"结案与立卷", []string{"closing", "cover", "contents", "situation", "back"}},
}

// needs tells whether a case as it stands needs a paper; papers printed for each party, record or
// visit are needed for each that there is.
var needs = map[string]func(f *Facts) bool{
	"application":         func(f *Facts) bool { return f.Paper.Source == forms.Applied },
	"application-receipt": func(f *Facts) bool { return f.Paper.Source == forms.Applied },
	"register":            (*Facts).taken,
	"acceptance":          (*Facts).taken,
	"refusal":             func(f *Facts) bool { return f.Case.State == docket.Refused },
	"rights":              (*Facts).taken,
	"served":              (*Facts).taken,
	"mandate":             always,
	"mediation-notice":    func(f *Facts) bool { return !f.Paper.Notice.At.IsZero() },
	"recusal-request":     (*Facts).replaced,
	"recusal-decision":    (*Facts).replaced,
	"guest-consent":       always,
	"inquiry":             always,
	"record":              always,
	"extension":           func(f *Facts) bool { return f.Paper.Extension.To != "" },
	"risk":                func(f *Facts) bool { return f.Case.Risk == "red" || f.Case.Risk == "orange" },
	"agreement":           always,
	"oral-agreement":      always,
	"ending":              func(f *Facts) bool { return f.Case.State == docket.Ended || f.Case.State == docket.Withdrawn },
	"undisputed":          func(f *Facts) bool { return len(f.Paper.Undisputed.Facts) > 0 },
	"referral-receipt":    (*Facts).fromCourt,
	"referral-report":     func(f *Facts) bool { return f.fromCourt() && !f.Case.State.Open() },
	"confirmation":        func(f *Facts) bool { return f.Paper.Court.Court != "" },
	"confirmation-list":   func(f *Facts) bool { return f.Paper.Court.Court != "" },
	"mediation-proof":     func(f *Facts) bool { return f.Paper.Court.Court != "" },
	"urge":                always,
	"performed":           (*Facts).performed,
	"visit":               always,
	"closing":             (*Facts).closed,
	"cover":               (*Facts).closed,
	"contents":            (*Facts).closed,
	"situation":           func(f *Facts) bool { return f.Paper.Dossier.Situation != "" || len(f.Paper.Dossier.Changes) > 0 },
	"back":                (*Facts).closed,
}

func always(*Facts) bool { return true }

func (f *Facts) taken() bool     { return f.Paper.AcceptedOn != "" }
func (f *Facts) replaced() bool  { return f.Paper.Recusal.Mediator != "" }
func (f *Facts) fromCourt() bool { return f.Paper.Source == forms.Courts }
func (f *Facts) closed() bool    { return f.taken() && !f.Case.State.Open() }

func (f *Facts) performed() bool {
	for _, a := range f.Paper.Agreements {
		for _, o := range a.Obligations {
			if o.Done == "" {
				return false
			}
		}
	}
	return len(f.Paper.Agreements) > 0
}

// Item is one paper of a case in the list of its papers.
type Item struct {
	Form    forms.Form
	Subject Subject
	Empty   bool // no facts of its own yet: printed, it is a form to fill by hand
	Blanks  []Blank
	Last    *Printed // the latest print, nil when there is none
	Changed bool     // the facts are others than at that print
}

// Group is a step of the case with its papers.
type Group struct {
	Title string
	Items []Item
}

// SlipLink is a slip that can be typed in this case.
type SlipLink struct {
	Kind    Kind
	Subject Subject
	Filled  bool
}

// List is all papers of a case.
type List struct {
	Case   docket.Case
	May    bool    // fill and print; others only look
	Now    []Group // what the case needs as it stands
	Others []Group // what can be printed besides
	Slips  []SlipLink
	Loose  []Printed // printed for somebody or something that is no part of the case any more
}

// List gives the papers of a case for a reader who may see them.
func (p *Press) List(ctx context.Context, who access.Actor, caseKey string) (List, error) {
	c, may, err := p.enter(ctx, p.s.db, who, caseKey)
	if err != nil {
		return List{}, err
	}
	f, err := p.load(ctx, p.s.db, c)
	if err != nil {
		return List{}, err
	}
	all, err := p.printed(ctx, p.s.db, c.ID)
	if err != nil {
		return List{}, err
	}
	l := List{Case: c, May: may}
	for _, st := range steps {
		now, others := Group{Title: st.title}, Group{Title: st.title}
		for _, code := range st.forms {
			form, _ := forms.Find(code)
			due := needs[code](f)
			for _, s := range f.subjectsOf(form) {
				it := p.item(f, form, s, all)
				if due || it.Last != nil {
					now.Items = append(now.Items, it)
				} else {
					others.Items = append(others.Items, it)
				}
			}
			if form.Per != forms.PerCase && form.Per != forms.PerParty && form.Per != forms.PerSession {
				others.Items = append(others.Items, p.item(f, form, Subject{}, all))
			}
		}
		l.Now, l.Others = appendGroup(l.Now, now), appendGroup(l.Others, others)
	}
	for _, x := range all {
		if form, ok := forms.Find(x.Form); ok && x.Subject != "" && !slices.ContainsFunc(f.Subjects[form.Per], func(s Subject) bool { return s.Key == x.Subject }) {
			l.Loose = append(l.Loose, x)
		}
	}
	l.Slips, err = p.slipLinks(ctx, p.s.db, f)
	return l, err
}

func appendGroup(list []Group, g Group) []Group {
	if len(g.Items) == 0 {
		return list
	}
	return append(list, g)
}

// subjectsOf lists for whom a form is printed: once for the case, or for each of its kind.
func (f *Facts) subjectsOf(form forms.Form) []Subject {
	if form.Per == forms.PerCase {
		return []Subject{{}}
	}
	return f.Subjects[form.Per]
}

func (p *Press) item(f *Facts, form forms.Form, s Subject, all []Printed) Item {
	it := Item{Form: form, Subject: s, Empty: s.Key == "" && form.Per != forms.PerCase}
	d, err := f.build(form, s.Key)
	if err != nil {
		return it
	}
	if !it.Empty {
		for _, name := range doc.Blanks(d) {
			it.Blanks = append(it.Blanks, Blank{name, f.where(form, s, name)})
		}
	}
	says := p.says(d)
	for i := range all {
		if all[i].Form == form.Code && all[i].Subject == s.Key {
			it.Last, it.Changed = &all[i], all[i].Says != says
		}
	}
	return it
}

// build makes a paper of the facts.
func (f *Facts) build(form forms.Form, subject string) (doc.Document, error) {
	i, _, err := f.index(form.Per, subject)
	if err != nil {
		return doc.Document{}, err
	}
	return form.Build(f.Paper, i), nil
}

// slipLinks lists the slips that a case can have: one for the case, each party, agent and guest,
// those that grow as they are with room for one more.
func (p *Press) slipLinks(ctx context.Context, r db.Reader, f *Facts) ([]SlipLink, error) {
	all, err := p.slips(ctx, r, f.Case.ID)
	if err != nil {
		return nil, err
	}
	filled := func(k Kind, subject string) bool {
		return slices.ContainsFunc(all, func(x Slip) bool { return x.Kind == k.Code && x.Subject == subject })
	}
	var out []SlipLink
	for _, k := range Kinds {
		subjects := f.Subjects[k.Per]
		if k.Per == forms.PerCase {
			subjects = []Subject{{}}
		}
		for i, s := range subjects {
			if k.only != nil && !k.only(f.Paper.Parties[i]) {
				continue
			}
			if !k.Grows() || filled(k, s.Key) {
				out = append(out, SlipLink{k, s, filled(k, s.Key)})
			}
		}
		if k.Grows() {
			out = append(out, SlipLink{k, Subject{newSubject, ""}, false})
		}
	}
	return out, nil
}

// CaseOfRecord gives the key of the case that a session's record belongs to.
func (p *Press) CaseOfRecord(ctx context.Context, who access.Actor, key string) (string, error) {
	var caseID int64
	if err := p.s.db.Get(ctx, &caseID, `SELECT case_id FROM records WHERE key = ?`, key); err != nil {
		return "", errNoRecord
	}
	c, _, err := p.s.cases.InScopeID(ctx, p.s.db, who, caseID)
	if err != nil {
		return "", errNoRecord
	}
	return c.Key, nil
}

// Paper is one paper as the page shows it, phones and numbers masked.
type Paper struct {
	Item
	Case    docket.Case
	May     bool
	Doc     doc.Document // masked
	Says    string       // what the full paper says; a print is of exactly this
	Missing []rune       // characters that no typeface has: it can't be printed
	Prints  []Printed    // newest first
}

// Paper opens one paper.
func (p *Press) Paper(ctx context.Context, who access.Actor, caseKey, form, subject string) (Paper, error) {
	var x Paper
	c, may, err := p.enter(ctx, p.s.db, who, caseKey)
	if err != nil {
		return x, err
	}
	f, err := p.load(ctx, p.s.db, c)
	if err != nil {
		return x, err
	}
	kind, ok := forms.Find(form)
	if !ok {
		return x, errNoPaper
	}
	_, s, err := f.index(kind.Per, subject)
	if err != nil {
		return x, err
	}
	all, err := p.printed(ctx, p.s.db, c.ID)
	if err != nil {
		return x, err
	}
	x = Paper{Item: p.item(f, kind, s, all), Case: c, May: may}
	full, err := f.build(kind, subject)
	if err != nil {
		return x, err
	}
	x.Says = p.says(full)
	if x.Missing, err = p.fonts.Missing(full); err != nil {
		return x, fault.Wrap(err, fault.Internal, "字库读不出来，请联系管理员")
	}
	for _, one := range slices.Backward(all) {
		if one.Form == form && one.Subject == subject {
			x.Prints = append(x.Prints, one)
		}
	}
	x.Doc, err = f.masked().build(kind, subject)
	return x, err
}
