package docket

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"tiaojie/db"
)

// Scopes of the counters.
const (
	ScopeAll       = "all"       // the whole street; its id is ""
	ScopeCommunity = "community" //
	ScopeMediator  = "mediator"  //
	ScopeRoom      = "room"      //
	ScopeType      = "type"      // by type of dispute
)

type countKey struct {
	scope, id string
	state     State
}

// tally collects changes of counters, so that many cases cost one write per counter.
type tally map[countKey]int

func (t tally) add(c *Case, n int) {
	if c == nil {
		return
	}
	t[countKey{ScopeAll, "", c.State}] += n
	t[countKey{ScopeType, c.TypeCode, c.State}] += n
	if main := MainType(c.TypeCode); main != c.TypeCode {
		t[countKey{ScopeType, main, c.State}] += n
	}
	for scope, id := range map[string]int64{ScopeCommunity: c.CommunityID, ScopeMediator: c.MediatorID, ScopeRoom: c.RoomID} {
		if id != 0 {
			t[countKey{scope, strconv.FormatInt(id, 10), c.State}] += n
		}
	}
}

// write stores the changes in one order for all transactions, so that two can't wait for each other.
func (t tally) write(ctx context.Context, tx *db.Tx) error {
	keys := slices.SortedFunc(maps.Keys(t), func(a, b countKey) int {
		return cmp.Or(cmp.Compare(a.scope, b.scope), cmp.Compare(a.id, b.id), cmp.Compare(a.state, b.state))
	})
	for _, k := range keys {
		if t[k] == 0 {
			continue
		}
		_, err := tx.Exec(ctx, `INSERT INTO case_counts (scope, scope_id, state, n) VALUES (?,?,?,?)
			ON CONFLICT (scope, scope_id, state) DO UPDATE SET n = case_counts.n + excluded.n`, k.scope, k.id, k.state, t[k])
		if err != nil {
			return err
		}
	}
	return nil
}

// recount moves a case from one set of counters to another; old is nil for a new case.
func recount(ctx context.Context, tx *db.Tx, old, now *Case) error {
	t := tally{}
	t.add(old, -1)
	t.add(now, 1)
	return t.write(ctx, tx)
}

// Counts gives the number of cases by state in a scope; id is "" for ScopeAll, a
// type's code for ScopeType, else a decimal id.
func (s *Service) Counts(ctx context.Context, r db.Reader, scope, id string) (map[State]int, error) {
	var rows []struct {
		State State `db:"state"`
		N     int   `db:"n"`
	}
	if err := r.Select(ctx, &rows, `SELECT state, n FROM case_counts WHERE scope = ? AND scope_id = ?`, scope, id); err != nil {
		return nil, err
	}
	out := map[State]int{}
	for _, row := range rows {
		out[row.State] = row.N
	}
	return out, nil
}

// CheckCounters counts the cases anew and gives one line per counter that drifted. It reads the whole
// table: for the nightly run and doctor.
func (s *Service) CheckCounters(ctx context.Context) ([]string, error) {
	real := tally{}
	rows, err := s.db.Rows(ctx, `SELECT state, type_code, community_id, mediator_id, room_id FROM cases`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Case
		if err := rows.Scan(&c.State, &c.TypeCode, &c.CommunityID, &c.MediatorID, &c.RoomID); err != nil {
			return nil, err
		}
		real.add(&c, 1)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var kept []struct {
		Scope string `db:"scope"`
		ID    string `db:"scope_id"`
		State State  `db:"state"`
		N     int    `db:"n"`
	}
	if err := s.db.Select(ctx, &kept, `SELECT scope, scope_id, state, n FROM case_counts`); err != nil {
		return nil, err
	}
	for _, k := range kept {
		real[countKey{k.Scope, k.ID, k.State}] -= k.N
	}
	var lines []string
	for k, n := range real {
		if n != 0 {
			lines = append(lines, fmt.Sprintf("计数 %s/%s/%s 少了 %d", k.scope, k.id, k.state, n))
		}
	}
	slices.Sort(lines)
	return lines, nil
}
