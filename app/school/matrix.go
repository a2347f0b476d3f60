package school

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// MatrixPageSize is how many people stand on a page of the matrix.
const MatrixPageSize = 50

// MatrixFilter chooses people and requirements.
type MatrixFilter struct {
	Name        string // a part of the name, or the beginning of its spelling or initials
	Unit        int64
	Post        string
	Requirement string // only this one, by key
	State       State  // people with a cell in this state
	Page        int    // from 1
}

// MatrixRow is one person's cells, one for each requirement shown.
type MatrixRow struct {
	Learner Learner
	Cells   []Cell
}

// Matrix is people × requirements (轮训矩阵).
type Matrix struct {
	Requirements []Requirement // in force, or the one asked for
	Rows         []MatrixRow
	Total        int            // people whom the filter lets through
	Page, Pages  int            //
	Counts       map[State]int  // cells by state of all people whom the filter lets through, the state apart
	Late         map[string]int // people late, by requirement's key
	Day          string         //
}

// Matrix reads a page of the matrix. While nothing changed it takes no query; else two, however
// many years of history there are. It needs access.School.
func (s *Service) Matrix(ctx context.Context, who access.Actor, f MatrixFilter) (Matrix, error) {
	m, all, err := s.matrix(ctx, who, f)
	if err != nil {
		return m, err
	}
	m.Pages = max(1, (len(all)+MatrixPageSize-1)/MatrixPageSize)
	m.Page = min(max(1, f.Page), m.Pages)
	from := (m.Page - 1) * MatrixPageSize
	m.Rows = all[from:min(len(all), from+MatrixPageSize)]
	return m, nil
}

// matrix gives all rows that the filter lets through.
func (s *Service) matrix(ctx context.Context, who access.Actor, f MatrixFilter) (Matrix, []MatrixRow, error) {
	m := Matrix{Counts: map[State]int{}, Late: map[string]int{}, Day: db.DayOf(s.db.Now())}
	if err := who.Check(access.School); err != nil {
		return m, nil, err
	}
	b, err := s.board(ctx)
	if err != nil {
		return m, nil, err
	}
	var shown []int
	for k, q := range b.requirements {
		if f.Requirement == q.Key || f.Requirement == "" && !q.ended(m.Day) {
			shown = append(shown, k)
			m.Requirements = append(m.Requirements, q)
		}
	}
	cells := b.today(m.Day)
	var all []MatrixRow
	for i, l := range b.people {
		if !l.OnRoster(m.Day) || !f.lets(l) {
			continue
		}
		row := MatrixRow{Learner: l, Cells: make([]Cell, len(shown))}
		hit := f.State == ""
		for n, k := range shown {
			c := cells[i][k]
			row.Cells[n] = c
			m.Counts[c.State]++
			if c.State == Late {
				m.Late[b.requirements[k].Key]++
			}
			hit = hit || c.State == f.State
		}
		if hit {
			all = append(all, row)
		}
	}
	m.Total = len(all)
	return m, all, nil
}

// lets tells whether the filter lets a person through, the state apart.
func (f MatrixFilter) lets(l Learner) bool {
	if f.Unit != 0 && (l.UnitID == nil || *l.UnitID != f.Unit) || f.Post != "" && l.Post != f.Post {
		return false
	}
	name := strings.ToLower(strings.Join(strings.Fields(f.Name), ""))
	return name == "" || strings.Contains(strings.ToLower(l.Name), name) ||
		slices.ContainsFunc(strings.Fields(l.Pinyin), func(w string) bool { return strings.HasPrefix(strings.ToLower(w), name) })
}

// CellFile is one cell with all that it follows from.
type CellFile struct {
	Requirement Requirement
	Learner     Learner
	Cell        Cell
	ByRule      bool // the rule asks it; else it is assigned by hand, or not asked
	Completions []Completion
	Acts        []Act
}

// CellFile reads one cell's history. It needs access.School.
func (s *Service) CellFile(ctx context.Context, who access.Actor, requirementKey, learnerKey string) (CellFile, error) {
	var f CellFile
	var err error
	if f.Requirement, err = s.Requirement(ctx, who, requirementKey); err != nil {
		return f, err
	}
	if f.Learner, err = s.Learner(ctx, s.db, learnerKey); err != nil {
		return f, err
	}
	q := f.Requirement
	args := []any{f.Learner.ID}
	of := ""
	if q.SubjectKind != AnySubject {
		of, args = ` AND subject_kind = ? AND subject_key = ?`, append(args, q.SubjectKind, q.SubjectKey)
	}
	if err := s.db.Select(ctx, &f.Completions, `SELECT `+completionColumns+` FROM completions WHERE learner_id = ?`+of+` ORDER BY done_on DESC, id DESC`, args...); err != nil {
		return f, err
	}
	if err := s.db.Select(ctx, &f.Acts, `SELECT `+actColumns+` FROM requirement_acts WHERE learner_id = ? AND requirement_id = ? ORDER BY id DESC`, f.Learner.ID, q.ID); err != nil {
		return f, err
	}
	b, err := s.board(ctx)
	if err != nil {
		return f, err
	}
	day := db.DayOf(s.db.Now())
	f.Cell = Status(q.Terms, b.person(q, f.Learner, day), day)
	f.ByRule = q.Matches(f.Learner)
	return f, nil
}

// Coverage is how far a requirement had been met on a day: completed ÷ on the roster then.
type Coverage struct {
	Requirement Requirement
	Day         string // the cycle's end, or today
	From        string // the cycle's beginning; "" when the requirement has no window
	Asked       int
	Done, Open  []MatrixRow // names behind the figure; one cell each
	Excused     int         // of those open
}

// PerMille gives the coverage in thousandths, never rounded up to the whole.
func (c Coverage) PerMille() int {
	if c.Asked == 0 {
		return 0
	}
	return len(c.Done) * 1000 / c.Asked
}

// Percent gives the coverage in words.
func (c Coverage) Percent() string {
	n := c.PerMille()
	if n%10 == 0 {
		return strconv.Itoa(n/10) + "%"
	}
	return strconv.Itoa(n/10) + "." + strconv.Itoa(n%10) + "%"
}

// Cycles lists the ends of a requirement's windows up to the present one, the newest first; for a
// requirement without windows the last day of each year and today.
func (q Requirement) Cycles(today string) []string {
	var out []string
	for year := yearOf(q.ActiveFrom) - 1; year <= yearOf(today); year++ {
		if q.Cycle != Calendar {
			if end := strconv.Itoa(year) + "-12-31"; end >= q.ActiveFrom {
				out = append(out, min(end, today))
			}
			continue
		}
		if w := q.WindowOf(year); w.To >= q.ActiveFrom && w.From <= today {
			out = append(out, w.To)
		}
	}
	slices.Reverse(out)
	return out
}

// Coverage reads who had met a requirement at the end of a cycle. Today stands for an end that
// is still to come. It needs access.School.
func (s *Service) Coverage(ctx context.Context, who access.Actor, key, end string) (Coverage, error) {
	q, err := s.Requirement(ctx, who, key)
	if err != nil {
		return Coverage{}, err
	}
	today := db.DayOf(s.db.Now())
	if cycles := q.Cycles(today); !slices.Contains(cycles, end) {
		if end != "" || len(cycles) == 0 {
			return Coverage{}, fault.New(fault.NotFound, "没有这个周期")
		}
		end = cycles[0]
	}
	b, err := s.board(ctx)
	if err != nil {
		return Coverage{}, err
	}
	c := Coverage{Requirement: q, Day: min(end, today)}
	if q.Cycle == Calendar {
		for year := yearOf(end) - 1; year <= yearOf(end); year++ {
			if w := q.WindowOf(year); w.To == end {
				c.From = w.From
			}
		}
	}
	for _, l := range b.people {
		p := b.person(q, l, c.Day)
		if !p.Asked {
			continue
		}
		c.Asked++
		cell := Status(q.Terms, p, c.Day)
		row := MatrixRow{Learner: l, Cells: []Cell{cell}}
		if cell.State == Valid || cell.State == DueSoon && cell.DoneOn != "" && q.Cycle != Calendar {
			c.Done = append(c.Done, row)
			continue
		}
		if cell.State == Excused {
			c.Excused++
		}
		c.Open = append(c.Open, row)
	}
	return c, nil
}

// OwnCell is what somebody must learn and where that stands.
type OwnCell struct {
	Requirement Requirement
	Cell        Cell
}

// Own lists what the actor must learn, the most urgent first; nothing for who is not on the
// roster. It needs access.Learn.
func (s *Service) Own(ctx context.Context, who access.Actor) ([]OwnCell, error) {
	if err := who.Check(access.Learn); err != nil {
		return nil, err
	}
	b, err := s.board(ctx)
	if err != nil {
		return nil, err
	}
	day := db.DayOf(s.db.Now())
	var out []OwnCell
	for _, l := range b.people {
		if l.AccountID == nil || *l.AccountID != who.AccountID {
			continue
		}
		for _, q := range b.requirements {
			if c := Status(q.Terms, b.person(q, l, day), day); c.State != NotAsked {
				out = append(out, OwnCell{q, c})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y OwnCell) int {
		return cmp.Or(cmp.Compare(slices.Index(States, x.Cell.State), slices.Index(States, y.Cell.State)), strings.Compare(x.Cell.DueOn, y.Cell.DueOn))
	})
	return out, nil
}
