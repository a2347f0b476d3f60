package forms

import (
	"fmt"
	"strings"

	"tiaojie/app/papers/doc"
)

// at returns an element, or the zero value beyond the end: a paper can be printed before its facts
// are known, to be filled by hand.
func at[T any](list []T, i int) T {
	var none T
	if i < 0 || i >= len(list) {
		return none
	}
	return list[i]
}

// body is a paragraph of running text.
func body(runs ...doc.Run) doc.Block { return doc.P(doc.Body, runs...) }

func head(text string) doc.Block { return doc.P(doc.Head, doc.T(text)) }

func note(text string) doc.Block { return doc.P(doc.Note, doc.T(text)) }

// to is the line that addresses a paper: 「张三：」.
func to(name, value string) doc.Block {
	return doc.P(doc.Plain, doc.Say(name, value, 10), doc.T("："))
}

// texts makes paragraphs of a longer text, or one blank of that name.
func texts(name, text string) []doc.Block {
	var blocks []doc.Block
	for _, p := range doc.Paras(doc.Body, name, text) {
		blocks = append(blocks, p)
	}
	return blocks
}

// numbered makes 「1. …」 paragraphs, or one blank of that name.
func numbered(name string, lines []string) []doc.Block {
	if len(lines) == 0 {
		return []doc.Block{body(doc.Fact(name, "", 24))}
	}
	var blocks []doc.Block
	for i, l := range lines {
		blocks = append(blocks, body(doc.T(fmt.Sprintf("%d. %s", i+1, l))))
	}
	return blocks
}

// lines joins a list into numbered lines of one text, for a cell.
func lines(list []string) string {
	var b strings.Builder
	for i, l := range list {
		fmt.Fprintf(&b, "%d. %s\n", i+1, l)
	}
	return b.String()
}

// dated is a day that must be known when the paper is issued.
func dated(name string, d Day) []doc.Run { return []doc.Run{doc.Say(name, d.String(), 7)} }

// byHand is a day written by whoever signs, unless it is known.
func byHand(d Day) []doc.Run {
	if s := d.String(); s != "" {
		return []doc.Run{doc.T(s)}
	}
	return []doc.Run{doc.T("\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日")}
}

// seal is where the committee's seal goes.
func (c *Case) seal(runs []doc.Run) doc.Block {
	return doc.Seal{Org: c.Committee.Name, Date: runs}
}

// paper begins a document of the case under the committee's name.
func (c *Case) paper(title string, size doc.Size) doc.Document {
	return doc.Document{
		Title: title, Org: c.Committee.Name, Number: c.Number, Size: size,
		Header: strings.TrimSpace(c.Number + " " + title),
	}
}

const (
	anyHand = "签名、盖章或按指印"
	pen     = "签名"
)

// partySigns are the places where parties sign, an agent's name beside the party's.
func (c *Case) partySigns(sides ...Side) []doc.Sign {
	var signs []doc.Sign
	for _, p := range c.Parties {
		if len(sides) > 0 && p.Side != sides[0] {
			continue
		}
		label := p.Side.String()
		if len(sides) == 0 {
			label = "当事人"
		}
		signs = append(signs, doc.Sign{Label: label, Name: p.title(), Hint: anyHand, Dated: true})
		for _, a := range p.Agents {
			if a.may(SignPapers) {
				signs = append(signs, doc.Sign{Label: "委托代理人", Name: a.Name, Hint: pen, Dated: true})
			}
		}
	}
	if len(signs) == 0 {
		signs = append(signs, doc.Sign{Label: "当事人", Hint: anyHand, Dated: true})
	}
	return signs
}

func (c *Case) mediatorSigns() []doc.Sign { return mediatorSigns(c.Mediators) }

func mediatorSigns(mediators []Mediator) []doc.Sign {
	var signs []doc.Sign
	for _, m := range mediators {
		signs = append(signs, doc.Sign{Label: "人民调解员", Name: m.Name, Hint: pen, Dated: true})
	}
	if len(signs) == 0 {
		signs = append(signs, doc.Sign{Label: "人民调解员", Hint: pen, Dated: true})
	}
	return signs
}

// field is a label with a fact that is listed when it is missing.
func field(label, value string) doc.Field {
	return doc.Field{Label: label, Value: []doc.Run{doc.Fact(label, value, 8)}}
}

func wide(label, value string) doc.Field {
	f := field(label, value)
	f.Wide = true
	return f
}
