package docket

import (
	"context"
	"maps"
	"strconv"
	"sync"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// A mediator's load is the number of open cases, from the counters. At its cap nobody
// can choose the mediator any more; what was chosen before stays, and the clerk may
// appoint over it with a reason.

// loads keeps the open cases of all mediators until a case changes.
type loads struct {
	mu      sync.Mutex
	version string
	open    map[int64]int
}

// OpenByMediator gives the number of open cases of every mediator.
func (s *Service) OpenByMediator(ctx context.Context) (map[int64]int, error) {
	version, err := s.db.Version(ctx, "cases")
	if err != nil {
		return nil, err
	}
	s.loads.mu.Lock()
	defer s.loads.mu.Unlock()
	if s.loads.open == nil || s.loads.version != version {
		open, err := openCases(ctx, s.db, ` `)
		if err != nil {
			return nil, err
		}
		s.loads.open, s.loads.version = open, version
	}
	return maps.Clone(s.loads.open), nil
}

func openCases(ctx context.Context, r db.Reader, more string, args ...any) (map[int64]int, error) {
	var rows []struct {
		ID    string `db:"scope_id"`
		State State  `db:"state"`
		N     int    `db:"n"`
	}
	err := r.Select(ctx, &rows, `SELECT scope_id, state, n FROM case_counts WHERE scope = ?`+more, append([]any{ScopeMediator}, args...)...)
	out := make(map[int64]int, len(rows))
	for _, row := range rows {
		id, err := strconv.ParseInt(row.ID, 10, 64)
		if err != nil {
			return nil, err
		}
		if row.State.Open() {
			out[id] += row.N
		}
	}
	return out, err
}

// loadOf is one mediator's load as the transaction sees it.
func (s *Service) loadOf(ctx context.Context, r db.Reader, m MediatorInfo) (int, error) {
	if m.Cap == 0 {
		return 0, nil
	}
	open, err := openCases(ctx, r, ` AND scope_id = ?`, itoa(m.ID))
	return open[m.ID], err
}

func (m MediatorInfo) full(load int) bool { return m.Cap > 0 && load >= m.Cap }

// withinCap refuses an appointment over the mediator's cap that gives no reason, and
// puts a reason given on the case's record. Form field: over.
func (a *act) withinCap(ctx context.Context, mediatorID int64, over string) error {
	ms, err := a.s.out.Mediators(ctx, a.tx, []int64{mediatorID})
	if err != nil || len(ms) == 0 {
		return err
	}
	load, err := a.s.loadOf(ctx, a.tx, ms[0])
	switch {
	case err != nil || !ms[0].full(load):
		return err
	case over == "":
		return fault.At("over", ms[0].Name+"在办 "+strconv.Itoa(load)+" 件，已到上限 "+strconv.Itoa(ms[0].Cap)+" 件。确需指定的，请写明理由；否则另选一位")
	case len([]rune(over)) > 200:
		return fault.At("over", "理由请写在 200 字以内")
	}
	return a.event(ctx, VerbAppoint, a.c.State, false, ms[0].Name+"在办案件已到上限，仍然指定，理由："+over)
}
