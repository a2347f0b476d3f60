package docket_test

import (
	"strings"
	"testing"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/people"
)

// agent is a colleague of the other side who may do everything in general.
func agent() docket.AgentInput {
	return docket.AgentInput{Name: "王五", Relation: "同事", Phone: "13800000009", Level: docket.GeneralPower,
		Scopes: []string{"attend", "receive"}, GrantedOn: "2026-11-20"}
}

// messages lists what went out about a case to a phone.
func (w *world) messages(key, phone string) []notify.Entry {
	w.t.Helper()
	all, err := w.outbox.ListAll(w.t.Context(), notify.Filter{CaseKey: key, Limit: 200})
	w.must(err)
	var out []notify.Entry
	for _, m := range all {
		if m.To == phone {
			out = append(out, m)
		}
	}
	return out
}

func TestAgentsHoldNamedPowers(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		p := w.respondent(r.CaseKey)
		for field, change := range map[string]func(in *docket.AgentInput){
			"scopes":     func(in *docket.AgentInput) { in.Scopes = []string{"all"} },
			"level":      func(in *docket.AgentInput) { in.Scopes = []string{"attend", "settle"} }, // general power can't settle
			"granted_on": func(in *docket.AgentInput) { in.GrantedOn = "2026-12-20" },
			"until_on":   func(in *docket.AgentInput) { in.UntilOn = "2026-11-01" },
			"relation":   func(in *docket.AgentInput) { in.Relation = " " },
		} {
			in := agent()
			change(&in)
			if err := w.AddAgent(ctx, clerk(), r.CaseKey, p.Key, in, w.form()); fault.FieldsOf(err)[field] == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
		in, form := agent(), w.form()
		in.Level, in.Scopes = docket.SpecialPower, []string{"attend", "settle"}
		w.must(w.AddAgent(ctx, clerk(), r.CaseKey, p.Key, in, form))
		w.must(w.AddAgent(ctx, clerk(), r.CaseKey, p.Key, in, form)) // sent twice
		d := w.page(r.CaseKey)
		if len(d.Agents) != 1 || d.Agents[0].Phone != "13800000009" || !d.Agents[0].Special() || len(d.Agents[0].Powers()) != 2 {
			t.Fatalf("%+v", d.Agents)
		}
		_, present, err := w.PeopleOf(ctx, w.d, w.page(r.CaseKey).Case.ID)
		if w.must(err); len(present) != 1 {
			t.Fatalf("%d agents are expected at the table", len(present))
		}
		w.must(w.EndAgent(ctx, clerk(), r.CaseKey, d.Agents[0].Key))
		wantFault(t, w.EndAgent(ctx, clerk(), r.CaseKey, d.Agents[0].Key), fault.Conflict, "ending twice")

		in = agent()
		in.UntilOn = "2026-11-25"
		w.must(w.AddAgent(ctx, clerk(), r.CaseKey, p.Key, in, w.form()))
		w.clock.Advance(3 * aDay)
		if _, present, err = w.PeopleOf(ctx, w.d, w.page(r.CaseKey).Case.ID); err != nil || len(present) != 0 {
			t.Fatalf("after the letter's last day %d agents are expected: %v", len(present), err)
		}
	})
}

// A message to an agent is the one to its own side; neither side's words nor the case
// itself ever reach the agent of the other.
func TestAnAgentHearsOnlyWhatItsPartyHears(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		p := w.respondent(r.CaseKey)
		w.must(w.AddAgent(ctx, clerk(), r.CaseKey, p.Key, agent(), w.form()))
		ses, err := w.Schedule(ctx, clerk(), r.CaseKey, w.plan(48))
		w.must(err)
		w.must(w.AnswerSession(ctx, mediator(1), ses.Key, true, ""))
		w.must(w.EndCase(ctx, clerk(), r.CaseKey, 0, docket.Ending{Reason: "gap", Words: "张三私下说最多让五千", Remedies: []string{"court"}}))
		theirs := w.messages(r.CaseKey, "13800000009")
		if len(theirs) != 3 { // the date, its fall, the end
			t.Fatalf("the agent got %d messages", len(theirs))
		}
		own := map[string]bool{}
		for _, m := range w.messages(r.CaseKey, "13800000002") {
			own[m.Body] = true
		}
		for _, m := range theirs {
			if !own[m.Body] || strings.Contains(m.Body, "漏水") || strings.Contains(m.Body, "张三") {
				t.Errorf("the agent reads %q", m.Body)
			}
		}
		_, err = w.RevealAgent(ctx, clerk(), r.CaseKey, "nobody", "联系")
		wantFault(t, err, fault.NotFound, "an agent of another case")
		d := w.page(r.CaseKey)
		_, err = w.RevealAgent(ctx, clerk(), r.CaseKey, d.Agents[0].Key, " ")
		if fault.FieldsOf(err)["reason"] == "" {
			t.Fatalf("a phone without a reason: %v", err)
		}
		phone, err := w.RevealAgent(ctx, clerk(), r.CaseKey, d.Agents[0].Key, "改期联系")
		if w.must(err); phone != "13800000009" {
			t.Fatalf("phone %q", phone)
		}
	})
}

func TestATieToAnAgentKeepsTheMediatorOut(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		w.must(w.people.AddTie(ctx, clerk(), w.form(), w.mediators[0].Key, people.Tie{Kind: "person", Words: "表弟", Value: "13800000009"}))
		r := w.accepted(w.application())
		w.must(w.AddAgent(ctx, clerk(), r.CaseKey, w.respondent(r.CaseKey).Key, agent(), w.form()))
		found := w.page(r.CaseKey).Conflicts
		for _, f := range found {
			if f.MediatorID == 1 && f.Kind == "agent" && f.Level == docket.LevelBar {
				return
			}
		}
		t.Fatalf("found only %+v", found)
	})
}

func TestAPartyIsCorrectedWithReasonAndHistory(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		p := w.respondent(r.CaseKey)
		change := docket.PartyChange{Name: "李思", Phone: "138 0000 0012", Version: p.Version}
		err := w.ChangeParty(ctx, clerk(), r.CaseKey, p.Key, change)
		if fault.FieldsOf(err)["reason"] == "" {
			t.Fatalf("corrected without a reason: %v", err)
		}
		change.Reason = "身份证核对"
		wantFault(t, w.ChangeParty(ctx, mediator(1), r.CaseKey, p.Key, change), fault.Forbidden, "a mediator corrects")
		w.must(w.ChangeParty(ctx, clerk(), r.CaseKey, p.Key, change))
		wantFault(t, w.ChangeParty(ctx, clerk(), r.CaseKey, p.Key, docket.PartyChange{Name: "李斯", Reason: "又错", Version: p.Version}), fault.Conflict, "a stale form")
		f, err := w.PartyFile(ctx, mediator(1), r.CaseKey, p.Key)
		w.must(err)
		if f.Party.Name != "李思" || f.Facts.Phone != "13800000012" || f.Facts.Address != "演示路1号201" || f.Case.Title != "张三与李思漏水纠纷" {
			t.Fatalf("%s %+v %s", f.Party.Name, f.Facts, f.Case.Title)
		}
		h := f.History
		if len(h) != 1 || h[0].Why != "身份证核对" || h[0].Label() != "更正姓名或名称、电话" || h[0].Was[0].Label != "李四" || h[0].Was[1].Label != "138****0002" {
			t.Fatalf("%+v", h)
		}
		if l, err := w.List(ctx, clerk(), docket.Filter{Query: "李思"}, ""); err != nil || len(l.Rows) != 1 {
			t.Fatalf("the new name finds %d cases: %v", len(l.Rows), err)
		}
		err = w.ChangeParty(ctx, clerk(), r.CaseKey, p.Key, docket.PartyChange{Name: "李思", Reason: "没有改", Version: f.Party.Version})
		wantFault(t, err, fault.Invalid, "a correction of nothing")
		w.must(w.ChangeParty(ctx, clerk(), r.CaseKey, p.Key, docket.PartyChange{Clear: []string{"phone"}, Reason: "是别人的号码", Version: f.Party.Version}))
		_, err = w.PartyFile(ctx, mediator(2), r.CaseKey, p.Key)
		wantFault(t, err, fault.NotFound, "another mediator")
		if f, err = w.PartyFile(ctx, clerk(), r.CaseKey, p.Key); err != nil || f.Facts.Phone != "" || f.Party.PhoneIndex != "" {
			t.Fatalf("a stranger's phone stays: %+v %v", f.Facts, err)
		}
	})
}

func TestAThirdPersonJoinsAndIsTakenOut(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.accepted(w.application())
		third := docket.Newcomer{Side: docket.SideThird, Name: "赵六", Phone: "13800000006", Reason: "房屋共有人"}
		form := w.form()
		w.must(w.AddParty(ctx, clerk(), r.CaseKey, third, form))
		w.must(w.AddParty(ctx, clerk(), r.CaseKey, third, form))
		f := w.wantState(r.CaseKey, docket.Accepted)
		if len(f.Parties) != 3 || f.Parties[2].Consent != "waiting" {
			t.Fatalf("%d parties", len(f.Parties))
		}
		zhao := f.Parties[2]
		// A third one's no ends nothing.
		w.must(w.RecordConsent(ctx, clerk(), r.CaseKey, zhao.Key, docket.AnswerInput{Words: "不想去"}, "phone"))
		w.wantState(r.CaseKey, docket.Accepted)
		wantFault(t, w.RemoveParty(ctx, clerk(), r.CaseKey, zhao.Key, zhao.Version+1, "误录"), fault.Conflict, "one who answered")

		third.Name = "钱七"
		w.must(w.AddParty(ctx, clerk(), r.CaseKey, third, w.form()))
		qian := w.page(r.CaseKey).Parties[3]
		w.must(w.AddAgent(ctx, clerk(), r.CaseKey, qian.Key, agent(), w.form()))
		wantFault(t, w.RemoveParty(ctx, clerk(), r.CaseKey, qian.Key, qian.Version, ""), fault.Invalid, "without a reason")
		w.must(w.RemoveParty(ctx, clerk(), r.CaseKey, qian.Key, qian.Version, "点错了案件"))
		if f = w.page(r.CaseKey); len(f.Parties) != 3 {
			t.Fatalf("%d parties after the removal", len(f.Parties))
		}
		if l, err := w.List(ctx, clerk(), docket.Filter{Query: "钱七"}, ""); err != nil || len(l.Rows) != 0 {
			t.Fatalf("who was taken out is still found: %v", err)
		}
		wantFault(t, w.RemoveParty(ctx, clerk(), r.CaseKey, f.Parties[1].Key, f.Parties[1].Version, "误录"), fault.Conflict, "the only respondent")

		joint := docket.Newcomer{Side: docket.SideApplicant, Name: "孙八", Reason: "共有人"}
		if err := w.AddParty(ctx, clerk(), r.CaseKey, joint, w.form()); fault.FieldsOf(err)["agrees"] == "" {
			t.Fatalf("a joint applicant against its will: %v", err)
		}
		joint.Agrees, joint.How = true, "window"
		w.must(w.AddParty(ctx, clerk(), r.CaseKey, joint, w.form()))
		late := docket.Newcomer{Side: docket.SideRespondent, Name: "周九", Reason: "漏了"}
		if err := w.AddParty(ctx, clerk(), r.CaseKey, late, w.form()); fault.FieldsOf(err)["side"] == "" {
			t.Fatalf("a respondent after everybody agreed: %v", err)
		}
		w.must(w.EndCase(ctx, clerk(), r.CaseKey, 0, docket.Ending{Reason: "gap", Remedies: []string{"court"}}))
		wantFault(t, w.AddParty(ctx, clerk(), r.CaseKey, third, w.form()), fault.Conflict, "a party of a closed case")
	})
}
