package papers

import (
	"slices"
	"strings"

	"tiaojie/app/papers/forms"
)

// Blank is a fact that a paper still lacks, and where it is typed.
type Blank struct {
	Name  string
	Where Where
}

// Where is the one place at which a fact is typed. Key is the party's, the session's or the
// slip's subject.
type Where struct {
	Place Place
	Kind  string // of a slip
	Key   string
}

// Place names a part of the product.
type Place string

const (
	AtHand      Place = "hand"      // nowhere: it is written on the printed paper
	AtParty     Place = "party"     // a party's particulars on the case's page
	AtAgent     Place = "agent"     // an agent's, there
	AtCase      Place = "case"      // an act on the case's page: acceptance, mediator
	AtSchedule  Place = "schedule"  // its next date
	AtRecord    Place = "record"    // a session's record
	AtCommittee Place = "committee" // the committee's own particulars
	AtAccord    Place = "accord"    // the agreement and its performance
	AtSlip      Place = "slip"
)

// fixedPlaces are blanks whose place depends on nothing else.
var fixedPlaces = map[string]Place{
	"人民调解委员会名称": AtCommittee, "委员会电话": AtCommittee, "委员会地址": AtCommittee, "承办单位": AtCommittee,
	"案号": AtCase, "卷号": AtCase, "受理日期": AtCase, "受案时间": AtCase, "申请日期": AtCase, "纠纷类型": AtCase, "人民调解员": AtCase, "承办人": AtCase,
	"调解期限的依据": AtCase, "调解期限届满日": AtCase, "原届满日": AtCase, "不予受理的理由": AtCase, "不予受理日期": AtCase, "终止的理由": AtCase,
	"终止日期": AtCase, "调解起始日期": AtCase, "被申请回避的调解员": AtCase, "要求回避的当事人": AtCase, "要求回避的日期": AtCase, "更换后的调解员": AtCase, "决定日期": AtCase,
	"调解协议编号": AtAccord, "协议编号": AtAccord, "协议生效日期": AtAccord, "达成协议日期": AtAccord, "纠纷主要事实": AtAccord, "争议事项": AtAccord, "协议内容": AtAccord,
	"未达成一致的事项": AtAccord, "义务人姓名": AtAccord, "权利人姓名": AtAccord, "履行期限": AtAccord, "履行内容": AtAccord,
	"调解时间": AtSchedule, "调解地点": AtSchedule, "通知日期": AtSchedule,
}

// where finds at which place a blank of a paper is typed.
func (f *Facts) where(form forms.Form, s Subject, blank string) Where {
	if w, ok := f.ofPerson(form, s, blank); ok {
		return w
	}
	for _, k := range Kinds {
		if !slices.ContainsFunc(k.Asks, func(a Ask) bool { return a.covers(blank) }) {
			continue
		}
		switch {
		case k.Per == forms.PerCase && (k.Form == form.Code || k.Code == "matter" || k.Code == "dossier"):
			return Where{AtSlip, k.Code, ""}
		case k.Form == form.Code && s.Key != "":
			return Where{AtSlip, k.Code, s.Key}
		case k.Form == form.Code && k.Grows():
			return Where{AtSlip, k.Code, newSubject}
		}
	}
	if p, ok := fixedPlaces[blank]; ok {
		return Where{Place: p}
	}
	if form.Code == "record" && f.open[s.Key] != "" {
		return Where{Place: AtRecord, Key: f.open[s.Key]}
	}
	return Where{Place: AtHand}
}

// ofPerson finds the party or agent that a blank names: 「申请人张三的民族」, 「张三的地址」.
func (f *Facts) ofPerson(form forms.Form, s Subject, blank string) (Where, bool) {
	if form.Code == "mandate" && strings.HasPrefix(blank, "受托人") {
		for _, tail := range []string{"的姓名", "的证件号码", "的联系电话", "与委托人的关系"} {
			if strings.HasSuffix(blank, tail) {
				return Where{Place: AtAgent, Key: f.partyOfAgent(s.Key)}, true
			}
		}
		return Where{}, false
	}
	for _, p := range f.Parties {
		for _, a := range p.Agents {
			if a.Name != "" && strings.HasPrefix(blank, a.Name) || strings.Contains(blank, "的代理人") {
				return Where{Place: AtAgent, Key: p.Key}, true
			}
		}
		side := sides[p.Side].String()
		for _, head := range []string{p.Known(), side + p.Known(), side} {
			if rest, ok := strings.CutPrefix(blank, head); ok && head != "" && (strings.HasPrefix(rest, "的") || rest == "姓名" || rest == "") {
				return f.ofParty(p.Key, blank), true
			}
		}
	}
	if form.Code == "served" && blank == "证件号码" {
		return Where{Place: AtParty, Key: s.Key}, true
	}
	return Where{}, false
}

// ofParty tells the facts of a party that only papers need from those that the case keeps.
func (f *Facts) ofParty(key, blank string) Where {
	i, _, err := f.index(forms.PerParty, key)
	for _, k := range Kinds {
		if err == nil && k.only != nil && k.only(f.Paper.Parties[i]) && slices.ContainsFunc(k.Asks, func(a Ask) bool { return a.covers(blank) }) {
			return Where{AtSlip, k.Code, key}
		}
	}
	return Where{Place: AtParty, Key: key}
}

// partyOfAgent is the key of the party that an agent acts for.
func (f *Facts) partyOfAgent(key string) string {
	for _, p := range f.Parties {
		for _, a := range p.Agents {
			if a.Key == key {
				return p.Key
			}
		}
	}
	return ""
}
