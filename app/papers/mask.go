package papers

import (
	"slices"

	"tiaojie/app/papers/forms"
	"tiaojie/app/people"
)

// masked is a copy of the facts with phones and identity numbers hidden, for the screen: the
// full ones stand on the print, which leaves a line in the audit trail.
func (f *Facts) masked() *Facts {
	out := *f
	x := &out.Paper
	x.Parties = slices.Clone(x.Parties)
	for i := range x.Parties {
		p := &x.Parties[i]
		p.Person = maskedPerson(p.Person)
		p.Served.Phone, p.Served.Electronic = maskPhone(p.Served.Phone), maskPhone(p.Served.Electronic)
		p.Agents = slices.Clone(p.Agents)
		for j := range p.Agents {
			p.Agents[j].Person = maskedPerson(p.Agents[j].Person)
		}
	}
	x.Guests = slices.Clone(x.Guests)
	for i := range x.Guests {
		x.Guests[i].Phone = maskPhone(x.Guests[i].Phone)
	}
	x.Inquiries = slices.Clone(x.Inquiries)
	for i := range x.Inquiries {
		x.Inquiries[i].Asked = maskedPerson(x.Inquiries[i].Asked)
	}
	return &out
}

// named is a copy of the facts in which the people of the case are no more than names.
func (f *Facts) named() *Facts {
	out := *f
	x := &out.Paper
	x.Parties = slices.Clone(x.Parties)
	for i, p := range x.Parties {
		bare := forms.Party{Side: p.Side, Org: p.Org, Person: forms.Person{Name: p.Name}}
		for _, a := range p.Agents {
			bare.Agents = append(bare.Agents, forms.Agent{Person: forms.Person{Name: a.Name}, Relation: a.Relation, Scopes: a.Scopes})
		}
		x.Parties[i] = bare
	}
	return &out
}

func maskedPerson(p forms.Person) forms.Person {
	p.Phone = maskPhone(p.Phone)
	if p.ID != "" {
		p.ID = people.MaskID(p.ID)
	}
	return p
}

func maskPhone(phone string) string {
	if phone == "" {
		return ""
	}
	return people.MaskPhone(phone)
}
