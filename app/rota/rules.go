package rota

// Rule is the code of a rule a plan is measured by. Codes are stable: they may be stored.
type Rule string

// The rules of a plan. H are hard, M is medium (reported, never hides a plan), S are soft goals.
const (
	RuleOnePlace Rule = "H1" // a person stands at one place in a block
	RuleSeats    Rule = "H2" // Seats.Max
	RuleAbsent   Rule = "H3" // hard absences and closed blocks
	RuleRepeat   Rule = "H4" // each place once, earlier plans included
	RuleOrder    Rule = "H5" // stages and Site.Needs
	RuleGap      Rule = "H6" // Rotation.Gap
	RuleUnit     Rule = "H7" // Unit.MaxAway
	RuleLock     Rule = "H8" // locked and past cells stay
	RuleList     Rule = "H9" // only sites in Person.Must or May
	RuleUnplaced Rule = "H0" // 未安排: a placement that is owed and missing
	RuleMin      Rule = "M1" // Seats.Min
	RuleWish     Rule = "S1" // squared ranks
	RuleLoad     Rule = "S2" // Seats.Target
	RuleMove     Rule = "S3" // stability against Rotation.Base
	RuleAway     Rule = "S4" // soft absences
)

// Rules lists all of them in the order in which a report groups its violations.
var Rules = []Rule{
	RuleUnplaced, RuleOnePlace, RuleSeats, RuleAbsent, RuleRepeat, RuleOrder, RuleGap, RuleUnit, RuleLock,
	RuleList, RuleMin, RuleWish, RuleLoad, RuleMove, RuleAway,
}

var ruleTitles = map[Rule]string{
	RuleUnplaced: "未安排",
	RuleOnePlace: "同一期安排了两处",
	RuleSeats:    "岗位超员",
	RuleAbsent:   "占用请假或停训的期次",
	RuleRepeat:   "同一岗位重复",
	RuleOrder:    "先后次序不对",
	RuleGap:      "间隔不足",
	RuleUnit:     "单位同期外出过多",
	RuleLock:     "锁定的格被改动",
	RuleList:     "不在可去的岗位之列",
	RuleMin:      "岗位人数不足",
	RuleWish:     "个人意愿",
	RuleLoad:     "忙闲不均",
	RuleMove:     "与已通知的安排不同",
	RuleAway:     "占用不便的期次",
}

// Title is the rule's name as the trainer reads it.
func (r Rule) Title() string { return ruleTitles[r] }

// Hard reports whether a plan that breaks the rule can't be published without a reason.
func (r Rule) Hard() bool { return r[0] == 'H' }

// Cost is what a plan, or a change to it, weighs.
type Cost struct {
	Hard int // hard violations, counted by how far they go: three people too many are 3
	Soft int // medium and soft goals, in the unit of a squared rank
}

// Less orders costs: fewer hard violations first, then the lower soft cost.
func (c Cost) Less(d Cost) bool {
	if c.Hard != d.Hard {
		return c.Hard < d.Hard
	}
	return c.Soft < d.Soft
}

func (p points) plain() Cost { return Cost{int(p.hard()), int(p.cost())} }

// Score is a plan's cost and what it is made of.
type Score struct {
	Cost
	Short  int // people missing below the minimum, over all sites and blocks (M1)
	Wishes int // sum of weighted squared ranks
	Load   int // people above the target, over all sites and blocks
	Moved  int // placements that differ from Base
	Away   int // placements in soft absences
}

// Violation is one broken rule, with everything it concerns. Indices that don't apply are Any.
type Violation struct {
	Rule              Rule
	People            []int
	Site, Block, Unit int
	Excess            int // how far it goes, in people or placements
	Text              string
}

// Report is the full judgement of a plan.
type Report struct {
	Score      Score
	Violations []Violation // grouped by rule in the order of Rules, then by block, site and person
	Burden     []int       // by person: the cost of their wishes, for looking at fairness
}

// Of gives the violations of one rule.
func (r *Report) Of(rule Rule) []Violation {
	var out []Violation
	for _, v := range r.Violations {
		if v.Rule == rule {
			out = append(out, v)
		}
	}
	return out
}
