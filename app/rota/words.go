package rota

import (
	"fmt"
	"strings"
)

// listed is how many names a sentence spells out before it only counts.
const listed = 4

// enumerate joins names as a sentence does, with a measure word for what is not spelled out:
// 甲、乙、丙、丁等 14 人.
func enumerate(names []string, measure string) string {
	if len(names) <= listed {
		return strings.Join(names, "、")
	}
	return fmt.Sprintf("%s等 %d %s", strings.Join(names[:listed], "、"), len(names), measure)
}

// peopleWords names a group of people with its size.
func (r *Rotation) peopleWords(people []int) string {
	names := make([]string, len(people))
	for n, i := range people {
		names[n] = r.People[i].Name
	}
	if len(names) == 1 || len(names) > listed {
		return enumerate(names, "人")
	}
	return fmt.Sprintf("%s %d 人", enumerate(names, "人"), len(names))
}

// blockWords names some blocks.
func (r *Rotation) blockWords(blocks []int) string {
	names := make([]string, len(blocks))
	for n, b := range blocks {
		names[n] = r.Blocks[b].Name
	}
	return enumerate(names, "期")
}

func (r *Rotation) blockName(b int) string { return r.Blocks[b].Name }
func (r *Rotation) siteName(k int) string  { return r.Sites[k].Name }
func (r *Rotation) personName(i int) string {
	return r.People[i].Name
}

// sentence is the text of a violation.
func (r *Rotation) sentence(v Violation) string {
	who, site, block := "", "", ""
	if len(v.People) > 0 {
		who = r.personName(v.People[0])
	}
	if v.Site != Any {
		site = r.siteName(v.Site)
	}
	if v.Block != Any {
		block = r.blockName(v.Block)
	}
	switch v.Rule {
	case RuleUnplaced:
		if v.Site == Any {
			return fmt.Sprintf("%s 还有 %d 个岗位未安排", who, v.Excess)
		}
		return fmt.Sprintf("%s 的「%s」未安排", who, site)
	case RuleOnePlace:
		return fmt.Sprintf("%s 在%s安排了不止一处", who, block)
	case RuleSeats:
		seats := r.seats(v.Site, v.Block).Max
		return fmt.Sprintf("%s「%s」安排 %d 人，最多 %d 人，超员 %d 人", block, site, seats+v.Excess, seats, v.Excess)
	case RuleAbsent:
		if r.Blocks[v.Block].Closed {
			return fmt.Sprintf("%s停训，%s 不能去「%s」", block, who, site)
		}
		return fmt.Sprintf("%s 在%s不空，不能去「%s」", who, block, site)
	case RuleRepeat:
		return fmt.Sprintf("%s 重复安排「%s」（%s）", who, site, block)
	case RuleList:
		return fmt.Sprintf("「%s」不在 %s 可去的岗位之列（%s）", site, who, block)
	case RuleLock:
		return fmt.Sprintf("%s 锁定在%s「%s」，计划里不是这样", who, block, site)
	case RuleUnit:
		limit := r.Units[v.Unit].MaxAway
		return fmt.Sprintf("%s%s外出 %d 人，最多 %d 人", block, r.Units[v.Unit].Name, limit+v.Excess, limit)
	case RuleMin:
		least := r.seats(v.Site, v.Block).Min
		return fmt.Sprintf("%s「%s」只有 %d 人，至少 %d 人，少 %d 人", block, site, least-v.Excess, least, v.Excess)
	}
	return v.Rule.Title()
}
