package cases

import (
	"strings"

	"tiaojie/app/docket"
	"tiaojie/app/people"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// PartyData is one party of a case: what is known, who acts for it, what was corrected.
type PartyData struct {
	docket.PartyFile
	Form     ui.Form
	Act      string // whose form was refused: change, remove, agent, reveal, agent-reveal
	Clerk    bool   // may change
	Reveal   bool   // may look behind the masks
	Opened   bool   // the facts in full, after a reason was given
	AgentKey string // the agent whose phone is shown in full
	Day      string // today
	Letters  map[string]string
	Letter   string // a letter already taken in with a refused form: its name
}

// form gives the refused form to its own place and an empty one to the others.
func (d PartyData) form(act string, pairs ...string) ui.Form {
	if d.Act == act {
		return d.Form
	}
	return ui.Filled(d.Form.CSRF, d.Form.Idem, pairs...)
}

func (d PartyData) do(verb string) string { return link.PartyDo(d.Case.Key, d.Party.Key, verb) }

// known lists the party's facts, masked unless a reason was given.
func (d PartyData) known() []ui.Fact {
	phone, idno, address := people.MaskPhone(d.Facts.Phone), people.MaskID(d.Facts.IDNo), people.MaskAddress(d.Facts.Address)
	if d.Opened {
		phone, idno, address = d.Facts.Phone, d.Facts.IDNo, d.Facts.Address
	}
	return []ui.Fact{{Name: "身份", Text: d.Party.Side.Label() + " · " + docket.LabelOf(docket.PartyKinds, d.Party.Kind)},
		{Name: "意愿", Text: docket.ConsentLabel(d.Party.Consent)}, {Name: "电话", Text: none(phone)}, {Name: "证件号", Text: none(idno)}, {Name: "住址", Text: none(address)}}
}

func none(text string) string {
	if text == "" {
		return "没有登记"
	}
	return text
}

// keep says what stands now, for a field that keeps it when left empty.
func keep(masked string) string {
	if masked == "" {
		return "现在没有登记"
	}
	return "现在是 " + masked + "，不改就留空"
}

// clearable are the values that can be taken out.
func (d PartyData) clearable() []ui.Option {
	var out []ui.Option
	for _, w := range docket.PartyFields {
		has := map[string]string{"phone": d.Facts.Phone, "idno": d.Facts.IDNo, "address": d.Facts.Address}[w.Code]
		if has != "" {
			out = append(out, ui.Option{Value: w.Code, Label: "删去现在的" + w.Label})
		}
	}
	return out
}

func was(h docket.PartyHistory) string {
	var parts []string
	for _, w := range h.Was {
		parts = append(parts, w.Code+" "+w.Label)
	}
	return strings.Join(parts, "，")
}

// agentFacts says what an agent may do and how long.
func (d PartyData) agentFacts(g docket.Agent) []ui.Fact {
	phone := g.MaskedPhone()
	if d.AgentKey == g.Key {
		phone = g.Phone
	}
	level := "一般授权"
	if g.Special() {
		level = "特别授权"
	}
	until := "到案件结束"
	if g.UntilOn != "" {
		until = "到 " + dayWords(g.UntilOn)
	}
	return []ui.Fact{{Name: "关系", Text: g.Relation}, {Name: "电话", Text: none(phone)}, {Name: "权限", Text: level + "：" + strings.Join(g.Powers(), "、")},
		{Name: "委托", Text: "自 " + dayWords(g.GrantedOn) + "，" + until}}
}

// NewPartyData is the form that adds a party.
type NewPartyData struct {
	Case docket.Case
	Form ui.Form
}

// sides are the places that a newcomer can take now.
func (d NewPartyData) sides() []ui.Option {
	out := []ui.Option{
		{Value: string(docket.SideThird), Label: "第三人", Hint: "不是申请的一方，但结果和他有关"},
		{Value: string(docket.SideApplicant), Label: "共同申请人", Hint: "和申请人一起要求调解，须本人愿意"},
	}
	if d.Case.State == docket.Applied || d.Case.State == docket.Inviting {
		out = append(out, ui.Option{Value: string(docket.SideRespondent), Label: "共同被申请人", Hint: "也要邀请，同意后才能调解"})
	}
	return out
}
