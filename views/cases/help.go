package cases

import (
	"time"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/db"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// hand tells what the reader is to the case.
func (d FileData) hand(h docket.Hand) bool {
	for _, x := range d.File.Hands {
		if x == h {
			return true
		}
	}
	return false
}

func (d FileData) isMediator() bool { return d.hand(docket.HandMediator) }

// disclosed tells whether the present mediator has disclosed.
func (d FileData) disclosed() bool {
	for _, a := range d.File.Mediators {
		if a.Until.IsZero() && !a.DisclosedAt.IsZero() {
			return true
		}
	}
	return false
}

// mustAnswer tells whether the date waits for this reader's answer.
func (d FileData) mustAnswer(s *docket.Session) bool {
	return s.MediatorAnswer == "waiting" && (d.isMediator() || d.hand(docket.HandClerk)) ||
		s.LiaisonAnswer == "waiting" && d.hand(docket.HandLiaison)
}

func (d FileData) partyName(id int64) string {
	for _, p := range d.Parties {
		if p.View.ID == id {
			return p.View.Side.Label() + " " + p.View.Name
		}
	}
	return "窗口登记"
}

// day is the local day of the page.
func (d FileData) day() string { return db.DayOf(d.Now) }

// mayAnswer tells whether the clerk may write down a party's word now; a third one is asked at any time.
func (d FileData) mayAnswer(x Party) bool {
	third := x.View.Side == docket.SideThird && d.hand(docket.HandClerk) && d.File.Case.State.Open()
	return x.View.Consent == "waiting" && (d.may(docket.VerbConsent) || third)
}

func refusalHint(x Party) string {
	if x.View.Side == docket.SideThird {
		return "第三人不参加，其他各方的调解照常进行"
	}
	return "调解到此结束，并告知其他途径"
}

func agentLevel(g docket.Agent) string {
	if g.Special() {
		return "特别授权"
	}
	return "一般授权"
}

func conflictTone(level string) ui.Tone {
	if level == "bar" {
		return ui.Overdue
	}
	return ui.Wait
}

func consentTone(consent string) ui.Tone {
	switch consent {
	case "agreed":
		return ui.Finished
	case "refused":
		return ui.None
	}
	return ui.Wait
}

func inviteWord(x Party) string {
	if x.View.InvitedAt.IsZero() {
		return "邀请对方"
	}
	return "再次邀请（上次 " + ui.DayTime(x.View.InvitedAt.Time) + "，旧邀请码作废）"
}

func choiceWord(c docket.Choice) string {
	word := map[string]string{"ranked": "第" + num(int64(c.Rank)) + "选择", "approved": "同意", "named": "另提"}[c.Kind]
	if !c.DeclinedAt.IsZero() {
		word += "，已不能担任"
	}
	return word
}

// clockFacts lists the clocks with the rule each follows.
func clockFacts(d FileData) []ui.Fact {
	var out []ui.Fact
	for _, k := range d.File.Clocks {
		text := ""
		switch {
		case k.EndHow == "met":
			text = "已完成"
		case k.EndHow == "missed":
			text = "已超期"
		case k.EndHow != "":
			text = "已停止"
		case !k.PausedAt.IsZero():
			text = "暂停计算"
		case k.Unit == "hours":
			text = "到 " + ui.DayTime(k.DueAt.Time)
		default:
			text = "到 " + dayWords(k.DueOn)
		}
		if k.Provisional && k.EndHow == "" {
			text += "（暂算，次年放假安排未录入）"
		}
		out = append(out, ui.Fact{Name: k.RuleName, Text: text})
	}
	return out
}

func dayWords(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return ui.Day(t)
}

// events turns the history into a timeline, newest first.
func events(d FileData) []ui.Event {
	var out []ui.Event
	for i := len(d.File.Events) - 1; i >= 0; i-- {
		e := d.File.Events[i]
		out = append(out, ui.Event{Title: e.Words, When: ui.DayTime(e.At.Time), Who: e.Hand.Label(), State: ui.Done})
	}
	return out
}

// agendaHref leads the mediator into the session, everybody else to the case.
func agendaHref(who access.Actor, s docket.AgendaRow) string {
	if who.MediatorID != 0 && who.MediatorID == s.MediatorID {
		return link.Session(s.Key)
	}
	return link.Case(s.CaseKey)
}
