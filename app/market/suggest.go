package market

import (
	"context"
	"slices"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/people"
)

var systemActor = access.System("调解超市")

var errNoMediator = fault.New(fault.NotFound, "没有找到这位调解员，可能暂时不接案")

// Suggestion is a mediator proposed for a described dispute, with the reasons.
type Suggestion struct {
	Card
	Reasons []string
}

// suggestions is how many are proposed.
const suggestions = 3

// Suggest proposes mediators for a dispute: who knows its kind, works in the
// community, has no conflict with the parties and room for a case, and is free soonest. When few know the
// kind, others who are free follow them. The reasons are the very rules that chose them
// (个人信息保护法 24); a person may always choose otherwise.
func (s *Service) Suggest(ctx context.Context, a docket.Application, typeName string) ([]Suggestion, error) {
	cards, err := s.List(ctx, Filter{})
	if err != nil {
		return nil, err
	}
	cards = slices.DeleteFunc(cards, func(c Card) bool { return c.Full || c.NextFree.IsZero() })
	slices.SortStableFunc(cards, func(x, y Card) int { return fit(y, a) - fit(x, a) })
	facts := s.docket.ApplicationFacts(a)
	var out []Suggestion
	for part := range slices.Chunk(cards, 2*suggestions) { // conflicts are seldom; one part is mostly enough
		ids := make([]int64, len(part))
		for i, c := range part {
			ids[i] = c.ID
		}
		conflicts, err := s.docket.Conflicts(ctx, s.db, facts, ids)
		if err != nil {
			return nil, err
		}
		for _, c := range part {
			if len(conflicts[c.ID]) > 0 {
				continue
			}
			if out = append(out, Suggestion{Card: c, Reasons: s.reasons(c, a, typeName)}); len(out) == suggestions {
				return out, nil
			}
		}
	}
	return out, nil
}

// fit says how well a mediator fits the dispute: its kind weighs more than the community.
func fit(c Card, a docket.Application) int {
	n := near(c, a.CommunityID)
	if knows(c, a.TypeCode) {
		n += 2
	}
	return n
}

func knows(c Card, typeCode string) bool {
	return typeCode != "" && Filter{Type: typeCode}.match(c.Mediator)
}

func near(c Card, community int64) int {
	if community != 0 && slices.Contains(c.Communities, community) {
		return 1
	}
	return 0
}

func (s *Service) reasons(c Card, a docket.Application, typeName string) []string {
	var out []string
	if typeName != "" && knows(c, a.TypeCode) {
		out = append(out, "办理“"+typeName+"”类纠纷")
	}
	if near(c, a.CommunityID) == 1 {
		out = append(out, "负责您所在的社区")
	}
	out = append(out, soon(c.NextFree, s.db.Now()), "与双方没有已知的利害关系")
	return out
}

func soon(at, now time.Time) string {
	switch days := int(calendar.DayOf(at) - calendar.DayOf(now)); {
	case days == 0:
		return "今天就有空"
	case days == 1:
		return "明天就有空"
	default:
		return calendar.DayOf(at).Label() + "有空"
	}
}

// CommonTimes offers times for an application: when at least one of the chosen
// mediators and one room are free, earliest first. With nobody chosen, the office
// hours of the next two weeks.
func (s *Service) CommonTimes(ctx context.Context, mediatorIDs []int64, most int) ([]calendar.Span, error) {
	sh, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, m := range sh.mediators {
		if len(mediatorIDs) == 0 || slices.Contains(mediatorIDs, m.ID) {
			ids = append(ids, sh.resource[m.ID])
		}
	}
	now := s.db.Now()
	// Two days for the other side to answer, then two weeks.
	q := calendar.Query{From: now.Add(48 * time.Hour), To: now.AddDate(0, 0, 16), Step: 90 * time.Minute, Limit: most}
	if len(sh.roomIDs) > 0 {
		q.Needs = append(q.Needs, calendar.Need{Label: "调解室", IDs: sh.roomIDs})
	}
	q.Needs = append(q.Needs, calendar.Need{Label: "调解员", IDs: ids})
	slots, _, err := s.calendar.FreeSlots(ctx, s.db, q)
	return slots, err
}

// Keys turns public keys of mediators into ids, in the order given; unknown ones are left out.
func (s *Service) Keys(ctx context.Context, keys []string) ([]int64, error) {
	sh, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, k := range keys {
		i := slices.IndexFunc(sh.mediators, func(m people.Mediator) bool { return m.Key == strings.TrimSpace(k) })
		if i >= 0 && !slices.Contains(out, sh.mediators[i].ID) {
			out = append(out, sh.mediators[i].ID)
		}
	}
	return out, nil
}

// ByIDs gives the cards of listed mediators, in the order of the ids.
func (s *Service) ByIDs(ctx context.Context, ids []int64) ([]Card, error) {
	cards, err := s.List(ctx, Filter{ByName: true})
	if err != nil {
		return nil, err
	}
	var out []Card
	for _, id := range ids {
		if i := slices.IndexFunc(cards, func(c Card) bool { return c.ID == id }); i >= 0 {
			out = append(out, cards[i])
		}
	}
	return out, nil
}
