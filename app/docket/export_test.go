package docket

import (
	"strconv"

	"tiaojie/app/access"
	"tiaojie/db"
)

// ListQueries gives the SQL of a list as every reach of the reader builds it.
func (s *Service) ListQueries(who access.Actor, f Filter, cursor string) (texts []string, args [][]any) {
	reaches, _ := reachOf(who, f.Mine)
	for _, in := range reaches {
		q, ok, err := s.listQuery(f, in, cursor)
		if err == nil && ok {
			texts, args = append(texts, q.text), append(args, q.args)
		}
	}
	return texts, args
}

// QueueQueries gives the SQL of a queue's further page.
func QueueQueries(who access.Actor, name string) (texts []string, args [][]any) {
	for _, q := range queueQueries(who, name, 1, 1) {
		texts, args = append(texts, q.text), append(args, q.args)
	}
	return texts, args
}

// PageQueries are the statements of the case page as a clerk and a mediator read it.
func PageQueries() (texts []string, args [][]any) {
	texts, args = append(texts, pageHeadQuery), append(args, []any{0, "x"})
	for _, hand := range []Hand{HandClerk, HandMediator} {
		q, a := db.SeveralQuery(pageParts(access.Actor{MediatorID: 1}, &File{Case: Case{ID: 1}, Hands: []Hand{hand}}, new([]sealedAgent))...)
		texts, args = append(texts, q), append(args, a)
	}
	return texts, args
}

// Meet is the pure rule of settling on a mediator; parties 1 (applicant) and 2… (respondents).
func Meet(ranked []int64, others [][]int64, kinds []string, bar ...int64) (int64, bool) {
	parties := []PartyView{{ID: 1, Side: SideApplicant}}
	var choices []Choice
	for i, id := range ranked {
		choices = append(choices, Choice{PartyID: 1, MediatorID: id, Rank: i + 1, Kind: "ranked"})
	}
	for i, ids := range others {
		parties = append(parties, PartyView{ID: int64(i + 2), Side: SideRespondent})
		for _, id := range ids {
			choices = append(choices, Choice{PartyID: int64(i + 2), MediatorID: id, Rank: 4, Kind: kinds[i]})
		}
	}
	barred := map[int64]bool{}
	for _, id := range bar {
		barred[id] = true
	}
	return meet(choices, parties, barred)
}

// ListStatements are whole-table-free statements of clocks and tries, for the plan test.
var ListStatements = []string{
	`SELECT ` + clockColumns + ` FROM case_clocks WHERE ended_at IS NULL AND paused_at IS NULL AND due_at <= 1 ORDER BY due_at, id LIMIT ` + strconv.Itoa(clockBatch),
	`SELECT subject, n FROM code_tries WHERE hour = 1 AND subject IN ('a', 'b')`,
	`SELECT p.case_id, p.id AS party_id, p.side FROM case_parties p JOIN cases c ON c.id = p.case_id WHERE c.apply_no = 'x' AND p.query_hash = 'y'`,
}

// LimitExports lowers the bound of one docket's exports; the other engine's test has its own.
func (s *Service) LimitExports(n int) { s.exports = n }
