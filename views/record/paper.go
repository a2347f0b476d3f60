package record

import (
	"strings"

	"tiaojie/app/docket"
	"tiaojie/app/papers"
	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// PrintData is a record as a paper.
type PrintData struct {
	Sheet                           papers.Sheet
	Case                            docket.Case
	Room, Mediator, Type, Committee string
}

// html is the 调解记录 in its legal layout.
func (d PrintData) html() (string, error) {
	form, _ := forms.Find("record")
	var out strings.Builder
	err := doc.HTML(&out, form.Build(d.facts(), 0))
	return out.String(), err
}

// facts are what the paper says of this session.
func (d PrintData) facts() forms.Case {
	c := forms.Case{Number: d.Case.No(), Committee: forms.Committee{Name: d.Committee}, Dispute: d.Type, Sessions: []forms.Session{d.session()}}
	if d.Mediator != "" {
		c.Mediators = []forms.Mediator{{Name: d.Mediator}}
	}
	for _, p := range d.Sheet.People {
		switch p.Kind {
		case "party":
			c.Parties = append(c.Parties, d.party(p))
		case "invited", "liaison":
			c.Guests = append(c.Guests, forms.Guest{Name: p.Name, Kind: seen(p)})
		}
	}
	return c
}

func (d PrintData) party(p papers.Person) forms.Party {
	out := forms.Party{Side: forms.Respondent, Person: forms.Person{Name: p.Name}}
	if p.Relation == docket.SideApplicant.Label() {
		out.Side = forms.Applicant
	}
	for _, a := range d.Sheet.People {
		if a.Kind == "agent" && a.PartyKey == p.Key {
			out.Agents = append(out.Agents, forms.Agent{Person: forms.Person{Name: a.Name}, Scopes: []forms.Scope{forms.SignPapers}})
		}
	}
	return out
}

func (d PrintData) session() forms.Session {
	sh := d.Sheet
	text := func(part string) string { return sh.Field(part, "").Text }
	out := forms.Session{
		Start: sh.Record.StartedAt.Time, End: sh.Record.ClosedAt.Time, Place: d.Room, Open: sh.Record.Openness == "open",
		Record: forms.Record{Rights: text("rights"), Principles: text("principles"), Evidence: text("evidence"), Risk: text("risk"), Result: text("result")},
	}
	for _, p := range sh.People {
		if p.Kind == "party" || p.Kind == "agent" {
			out.Present = append(out.Present, p.Name+"（"+seen(p)+"）")
		}
	}
	for _, p := range sh.Parties() {
		out.Record.Statements = append(out.Record.Statements, forms.Statement{Who: p.Name + "（" + p.Relation + "）", Text: sh.Field("facts", p.Key).Text})
		if t, ok := sh.Tick("readback", p.Key); ok && t.Mark == sh.Mark {
			out.ReadBack = append(out.ReadBack, forms.ReadBack{Who: p.Name, Aloud: t.Note == "宣读", At: t.At.Time})
		}
	}
	return out
}

// seen is what a person is here, by which document known, and whether absent.
func seen(p papers.Person) string {
	words := p.Relation
	if p.IDSeen != "" {
		words += "，已核对" + p.IDSeen
	}
	if !p.Here() {
		words += "，未到场"
	}
	return words
}

// Lines compares two texts line by line: what both have, what only the present one
// has, what only the other one has.
func Lines(current, rival string) []DiffLine {
	d := diffmatchpatch.New()
	a, b, lines := d.DiffLinesToChars(current+"\n", rival+"\n")
	kinds := map[diffmatchpatch.Operation]string{diffmatchpatch.DiffEqual: "same", diffmatchpatch.DiffDelete: "theirs", diffmatchpatch.DiffInsert: "mine"}
	var out []DiffLine
	for _, part := range d.DiffCharsToLines(d.DiffMain(a, b, false), lines) {
		for line := range strings.SplitSeq(strings.TrimSuffix(part.Text, "\n"), "\n") {
			out = append(out, DiffLine{Text: line, Kind: kinds[part.Type]})
		}
	}
	return out
}
