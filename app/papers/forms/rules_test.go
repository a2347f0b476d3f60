package forms_test

import (
	"strings"
	"testing"

	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
)

// The record has the ministry's seven parts in order; 参加人 are invited persons only.
func TestRecordHasSevenParts(t *testing.T) {
	said := text(t, "record", hardest(), 0)
	at := 0
	for _, part := range []string{"一、告知权利和义务", "二、告知调解原则", "三、当事人陈述", "四、证据", "五、风险提示", "六、调解结果", "七、宣读与签名"} {
		next := strings.Index(said[at:], part)
		if next < 0 {
			t.Fatalf("no part %s after the one before", part)
		}
		at += next
	}
	if !strings.Contains(said, "参加人：钱示例（居民委员会委员）人民调解员：") {
		t.Error("参加人 are not the invited persons alone")
	}
	for _, p := range hardest().Parties {
		name := p.Name
		if p.Org != "" {
			name = p.Org
		}
		if !strings.Contains(said[at:], name+"本人阅读") && !strings.Contains(said[at:], name+"向其宣读") {
			t.Errorf("it is not told how %s learnt what the record says", name)
		}
	}
	if text(t, "record", forms.Case{}, 0) == "" || !strings.Contains(text(t, "record", forms.Case{}, 0), "参加人：无") {
		t.Error("a session without guests does not say so")
	}
}

// 人民调解法 art. 29: what an agreement holds, and one copy for each party and the committee.
func TestAgreementHoldsWhatTheLawAsks(t *testing.T) {
	said := text(t, "agreement", hardest(), 0)
	for _, want := range []string{"一、纠纷主要事实", "二、争议事项", "三、协议内容", "四、履行方式、地点和期限",
		"人民币3000元（大写：叁仟元整）", "2026年10月10日", "银行转账", "五、尚未达成一致的事项", "一式7份",
		"委托代理人（欧阳䶮）", "人民调解员（示例调解员甲）", "记录人（示例记录员）", "示例市示例区示例街道人民调解委员会（盖章）"} {
		if !strings.Contains(said, want) {
			t.Errorf("the agreement lacks %s", want)
		}
	}
	c := hardest()
	c.Agreements[0].Open, c.PaperOnly = nil, true
	said = text(t, "agreement", c, 0)
	if strings.Contains(said, "尚未达成一致") || !strings.Contains(said, "须在纸质文本上签名") {
		t.Error("a family agreement in full must ask for paper and name nothing open")
	}
	if oral := text(t, "oral-agreement", hardest(), 0); !strings.Contains(oral, "☑当场履行完毕") || !strings.Contains(oral, "涉及金额人民币50元") {
		t.Error("the oral agreement does not tell that it was performed on the spot")
	}
}

// 人民调解法 art. 26: whoever is told that mediation failed is told the other ways, a worker that
// arbitration comes first and by when.
func TestEndingTellsTheOtherWays(t *testing.T) {
	c := hardest()
	for reason, want := range map[forms.EndReason]string{
		forms.Withdrawn: "撤回调解申请", forms.Declined: "不接受调解", forms.Deceit: "隐瞒重要事实",
		forms.Collusion: "恶意串通", forms.Expired: "期限届满", forms.OtherEnd: "其他情形",
	} {
		c.End.Reason = reason
		for _, labour := range []bool{false, true} {
			c.Labour = labour
			said := text(t, "ending", c, 0)
			ways := []string{want, "提起诉讼", "法律援助", "仲裁机构"}
			if labour {
				ways = []string{want, "劳动争议仲裁", "十五日内", "一年", "法律援助"}
			}
			for _, w := range ways {
				if !strings.Contains(said, w) {
					t.Errorf("reason %d, labour %v: nothing about %s", reason, labour, w)
				}
			}
		}
	}
	c.End = forms.End{}
	f, _ := forms.Find("ending")
	if !strings.Contains(strings.Join(doc.Blanks(f.Build(c, 0)), " "), "终止的理由 终止日期") {
		t.Error("an ending without reason and day does not list them as blanks")
	}
}

// Admitting, changing and waiving must be given expressly, and say what.
func TestConcedingIsGivenExpressly(t *testing.T) {
	lawyer, clerk := text(t, "mandate", hardest(), 0), text(t, "mandate", hardest(), 1)
	if !strings.Contains(lawyer, "☑4.代为承认、变更、放弃请求（特别授权），具体为：可以在赔偿总额") {
		t.Error("the lawyer's special power is not written out")
	}
	if !strings.Contains(clerk, "☐4.代为承认") || strings.Contains(clerk, "具体为") {
		t.Error("the clerk seems to have a special power")
	}
	c := hardest()
	c.Parties[0].Agents[0].Special = ""
	f, _ := forms.Find("mandate")
	if b := strings.Join(doc.Blanks(f.Build(c, 0)), " "); !strings.Contains(b, "特别授权的具体内容") {
		t.Errorf("a special power without content is not among the blanks: %s", b)
	}
	// an agent who may not sign has no place to sign
	c.Parties[0].Agents[0].Scopes = []forms.Scope{forms.Evidence}
	if strings.Contains(text(t, "agreement", c, 0), "委托代理人（欧阳䶮）（签名）") {
		t.Error("an agent without the power to sign is asked to sign")
	}
}

// Shenzhen: one party's word replaces the mediator; nobody asks why.
func TestRecusalNeedsNoReason(t *testing.T) {
	f, _ := forms.Find("recusal-request")
	if b := doc.Blanks(f.Build(hardest(), 0)); len(b) > 0 {
		t.Errorf("the request asks for %q", b)
	}
}

func TestCounts(t *testing.T) {
	c := hardest()
	want := map[string]int{"application": 1, "acceptance": 6, "mandate": 2, "guest-consent": 1, "record": 1, "inquiry": 1, "agreement": 1, "oral-agreement": 1, "urge": 1, "visit": 1, "served": 6}
	for code, n := range want {
		f, _ := forms.Find(code)
		if got := f.Count(c); got != n {
			t.Errorf("%s: %d, want %d", code, got, n)
		}
		if got := f.Count(forms.Case{}); f.Per != forms.PerCase && got != 0 {
			t.Errorf("%s: an empty case has %d", code, got)
		}
	}
}

// Everybody learns the term with the rule it follows.
func TestTermSaysItsRule(t *testing.T) {
	c := hardest()
	if said := text(t, "acceptance", c, 0); !strings.Contains(said, "本案调解期限为30日，至2026年9月29日届满") {
		t.Error("the notice does not tell the term")
	}
	c.Term = forms.Term{Days: 30, Working: true, Rule: "《医疗纠纷预防和处理条例》第三十八条", Due: "2026-10-20"}
	if said := text(t, "acceptance", c, 0); !strings.Contains(said, "第三十八条，本案调解期限为30个工作日") {
		t.Error("a term in working days is not told as such")
	}
	c.Term = forms.Term{}
	if said := text(t, "acceptance", c, 0); !strings.Contains(said, "调解期限为三十日") {
		t.Error("without a term of its own the notice does not tell the usual one")
	}
}
