package accord

import (
	"strings"

	"tiaojie/app/accord"
	"tiaojie/app/docket"
	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
)

// PaperData is a paper of an agreement: the agreement itself, a letter, a visit.
type PaperData struct {
	Form      string // code of the form
	At        int    // which paper of its kind
	Back      string
	Draft     bool
	Facts     accord.Papers
	Case      docket.Case
	Dispute   string
	Mediator  string
	Committee forms.Committee
	Parties   []docket.PartyView
	Private   map[string]docket.PartyFacts // by party key
	Agents    []docket.Agent
}

// HTML is the paper in its legal layout.
func (d PaperData) HTML() (string, error) {
	form, _ := forms.Find(d.Form)
	var out strings.Builder
	err := doc.HTML(&out, form.Build(d.facts(), d.At))
	return out.String(), err
}

func (d PaperData) facts() forms.Case {
	c := forms.Case{Number: d.Case.No(), Committee: d.Committee, Dispute: d.Dispute, Labour: docket.MainType(d.Case.TypeCode) == "labour",
		AppliedOn: forms.Day(d.Case.AppliedDay), Mediators: []forms.Mediator{{Name: d.Mediator}}}
	for _, p := range d.Parties {
		c.Parties = append(c.Parties, d.party(p))
	}
	d.Facts.Fill(&c)
	return c
}

func (d PaperData) party(p docket.PartyView) forms.Party {
	f := d.Private[p.Key]
	out := forms.Party{Side: forms.Respondent, Person: forms.Person{Name: p.Name, Sex: f.Details.Gender, Nation: f.Details.Ethnic, Birth: forms.Day(f.Details.BornOn),
		ID: f.IDNo, Job: f.Details.Occupation, Phone: f.Phone, Address: f.Address}}
	if p.Side == docket.SideApplicant {
		out.Side = forms.Applicant
	}
	if p.Kind == "organisation" {
		out.Org, out.Code, out.Name, out.Job = p.Name, f.Details.CreditCode, f.Details.LegalRep, f.Details.LegalPost
	}
	for _, a := range d.Agents {
		if a.PartyID != p.ID {
			continue
		}
		agent := forms.Agent{Person: forms.Person{Name: a.Name, Phone: a.Phone}, Relation: a.Relation}
		if strings.Contains(","+a.Scopes+",", ",settle,") {
			agent.Scopes = []forms.Scope{forms.SignPapers}
		}
		out.Agents = append(out.Agents, agent)
	}
	return out
}
