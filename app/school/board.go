package school

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tiaojie/db"
)

// Act is what was decided for one person and requirement.
type Act struct {
	ID            int64   `db:"id"`
	RequirementID int64   `db:"requirement_id"`
	LearnerID     int64   `db:"learner_id"`
	Kind          string  `db:"kind"` // assign, release, waive, unwaive, remind; a board holds no remind
	OnDay         string  `db:"on_day"`
	UntilOn       string  `db:"until_on"`
	Reason        string  `db:"reason"`
	By            string  `db:"by_name"`
	At            db.Time `db:"at"`
}

const actColumns = `id, requirement_id, learner_id, kind, on_day, until_on, reason, by_name, at`

func addAct(ctx context.Context, tx *db.Tx, a Act) error {
	tx.Touch(RequirementTopic)
	_, err := tx.Exec(ctx, `INSERT INTO requirement_acts (requirement_id, learner_id, kind, on_day, until_on, reason, by_name, at) VALUES (?,?,?,?,?,?,?,?)`,
		a.RequirementID, a.LearnerID, a.Kind, a.OnDay, a.UntilOn, a.Reason, a.By, db.At(tx.Now))
	return err
}

// board is everything that the matrix follows from, read in two queries and kept while
// nothing of it changes; then a new one takes its place, for which only the people are read
// again to whose completions something was done.
type board struct {
	version      string
	readAt       time.Time
	people       []Learner // by name as it is spelled; those who left too
	requirements []Requirement
	done         map[int64][]subjectDays
	acts         map[cellOf][]Act

	mu    sync.Mutex
	day   string // of cells
	cells [][]Cell
}

type cellOf struct{ requirement, learner int64 }

// subjectDays is when somebody completed a subject.
type subjectDays struct {
	kind SubjectKind
	key  string
	days []Done
}

// history is one person's completions of one subject, as the database lays them together.
type history struct {
	LearnerID int64  `db:"learner_id"`
	Kind      string `db:"subject_kind"`
	Key       string `db:"subject_key"`
	Days      string `db:"days"`
}

// boardKeeper keeps the last board.
type boardKeeper struct {
	mu     sync.Mutex
	last   *board
	told   *board // the board over which everybody due is told, and on which day
	toldOn string
}

// learnerTopic changes with the roster.
const learnerTopic = "learners"

// board gives the present board.
func (s *Service) board(ctx context.Context) (*board, error) {
	version, err := s.db.Version(ctx, RequirementTopic, learnerTopic)
	if err != nil {
		return nil, err
	}
	s.boards.mu.Lock()
	last := s.boards.last
	s.boards.mu.Unlock()
	if last != nil && last.version == version {
		return last, nil
	}
	b := &board{version: version, readAt: s.db.Now()}
	if err := b.read(ctx, s.db, last); err != nil {
		return nil, err
	}
	s.boards.mu.Lock()
	s.boards.last = b
	s.boards.mu.Unlock()
	return b, nil
}

func (b *board) read(ctx context.Context, d *db.DB, last *board) error {
	if err := d.Select(ctx, &b.people, `SELECT `+LearnerColumns+` FROM learners`); err != nil {
		return err
	}
	slices.SortFunc(b.people, func(x, y Learner) int {
		return cmp.Or(strings.Compare(x.Pinyin, y.Pinyin), cmp.Compare(x.ID, y.ID))
	})
	var acts []Act
	var done []history
	var changed []changedLearner
	parts := []db.Part{{Into: &b.requirements, From: "requirements"}, {Into: &acts, From: "requirement_acts WHERE kind <> 'remind'"}}
	if last == nil {
		parts = append(parts, db.Part{Into: &done, From: "(" + histories + ") h", Order: "learner_id"})
	} else {
		since := db.At(last.readAt.Add(-longestWrite))
		parts = append(parts, db.Part{Into: &changed, From: "(" + changedSince + ") c", Order: "learner_id", Args: []any{since, since}},
			db.Part{Into: &done, From: "(" + changedHistories + ") h",
				Order: "learner_id", Args: []any{since, since}})
	}
	if err := d.Several(ctx, parts...); err != nil {
		return err
	}
	b.acts = make(map[cellOf][]Act)
	for _, a := range acts {
		at := cellOf{a.RequirementID, a.LearnerID}
		b.acts[at] = append(b.acts[at], a)
	}
	b.done = make(map[int64][]subjectDays, len(b.people))
	if last != nil {
		maps.Copy(b.done, last.done)
		for _, c := range changed {
			delete(b.done, c.ID)
		}
	}
	for _, h := range done {
		b.done[h.LearnerID] = append(b.done[h.LearnerID], subjectDays{SubjectKind(h.Kind), h.Key, daysOf(h.Days)})
	}
	return nil
}

// longestWrite is more than a transaction lasts: what was written so long before a board was
// read is surely in it.
const longestWrite = 10 * time.Minute

// changedSince finds whose completions were added to or voided lately.
const changedSince = `SELECT learner_id FROM completions WHERE at >= ? UNION SELECT learner_id FROM completions WHERE voided_at >= ?`

type changedLearner struct {
	ID int64 `db:"learner_id"`
}

// histories lays a person's completions of one subject into one row: ten years are a tenth
// of the rows then. Both engines walk the index once for it. changedHistories does it for
// those people only, whom it goes through first: that is what CROSS JOIN tells SQLite.
const (
	days      = `string_agg(c.done_on || ':' || CAST(c.minutes AS TEXT), ' ') AS days`
	histories = `SELECT c.learner_id, c.subject_kind, c.subject_key, ` + days + ` FROM completions c WHERE c.voided_at IS NULL
		GROUP BY c.learner_id, c.subject_kind, c.subject_key`
	changedHistories = `SELECT c.learner_id, c.subject_kind, c.subject_key, ` + days + ` FROM (` + changedSince + `) x CROSS JOIN completions c
		WHERE c.learner_id = x.learner_id AND c.voided_at IS NULL GROUP BY c.learner_id, c.subject_kind, c.subject_key`
)

func daysOf(text string) []Done {
	out := make([]Done, 0, strings.Count(text, " ")+1)
	for one := range strings.SplitSeq(text, " ") {
		on, minutes, _ := strings.Cut(one, ":")
		n, err := strconv.Atoi(minutes)
		if err != nil {
			continue
		}
		out = append(out, Done{on, n})
	}
	return out
}

// doneFor gives what counts for a requirement.
func (b *board) doneFor(q Requirement, learnerID int64) []Done {
	var all []Done
	for _, h := range b.done[learnerID] {
		switch {
		case q.SubjectKind == AnySubject:
			all = append(all, h.days...)
		case h.kind == q.SubjectKind && h.key == q.SubjectKey:
			return h.days
		}
	}
	return all
}

// person lays together what decides the state on a person's side, on a day: what was decided
// later plays no part.
func (b *board) person(q Requirement, l Learner, day string) Person {
	p := Person{Since: l.JoinedOn, Done: b.doneFor(q, l.ID)}
	if q.Posts != "" || q.Units != "" {
		p.Since = max(p.Since, l.MovedOn)
	}
	asked, assigned := q.Matches(l), ""
	for _, a := range b.acts[cellOf{q.ID, l.ID}] {
		switch a.Kind {
		case "assign":
			assigned = a.OnDay
		case "release":
			assigned = ""
		case "waive":
			if a.OnDay <= day {
				p.Excused, p.ExcusedTill = true, a.UntilOn
			}
		case "unwaive":
			if a.OnDay <= day {
				p.Excused, p.ExcusedTill = false, ""
			}
		}
	}
	if !asked && assigned != "" {
		asked, p.Since = true, assigned
	}
	p.Asked = asked && l.OnRoster(day)
	return p
}

// today gives the cells of a day, one row per person.
func (b *board) today(day string) [][]Cell {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.day == day {
		return b.cells
	}
	cells := make([][]Cell, len(b.people))
	flat := make([]Cell, len(b.people)*len(b.requirements))
	for i, l := range b.people {
		cells[i], flat = flat[:len(b.requirements):len(b.requirements)], flat[len(b.requirements):]
		for k, q := range b.requirements {
			cells[i][k] = Status(q.Terms, b.person(q, l, day), day)
		}
	}
	b.day, b.cells = day, cells
	return cells
}

// leaver is somebody whom a new wording doesn't ask any more.
type leaver struct {
	Learner Learner
	since   string
}

// leavers lists the people on the roster whom the old wording asks and the new one doesn't.
func (b *board) leavers(old, now Requirement, day string) []leaver {
	var out []leaver
	for _, l := range b.people {
		was := b.person(old, l, day)
		if was.Asked && !b.person(now, l, day).Asked {
			out = append(out, leaver{l, was.Since})
		}
	}
	return out
}

// Change is what a new wording makes of one person's cell.
type Change struct {
	Learner       Learner
	Before, After Cell
}

// Preview is what saving a wording would do.
type Preview struct {
	Asked   int      // people asked after it
	Joins   []Change // asked from now on
	Leaves  []Change // not asked any more
	Changes []Change // asked as before, with another state or another due day
}

// PreviewOf tells what a wording would change; key "" is a new requirement. Nothing is written.
// Errors are beside the fields.
func (s *Service) PreviewOf(ctx context.Context, key string, q Requirement) (Preview, error) {
	var p Preview
	q = q.tidied()
	if err := q.check(); err != nil {
		return p, err
	}
	b, err := s.board(ctx)
	if err != nil {
		return p, err
	}
	var old Requirement
	if key != "" {
		i := slices.IndexFunc(b.requirements, func(r Requirement) bool { return r.Key == key })
		if i < 0 {
			_, err := requirement(ctx, s.db, key)
			return p, err
		}
		old = b.requirements[i]
		q.ID = old.ID
	}
	day := db.DayOf(s.db.Now())
	for _, l := range b.people {
		after := b.person(q, l, day)
		c := Change{Learner: l, Before: Cell{State: NotAsked}, After: Status(q.Terms, after, day)}
		was := Person{}
		if key != "" {
			was = b.person(old, l, day)
			c.Before = Status(old.Terms, was, day)
		}
		if after.Asked {
			p.Asked++
		}
		switch {
		case after.Asked && !was.Asked:
			p.Joins = append(p.Joins, c)
		case was.Asked && !after.Asked:
			p.Leaves = append(p.Leaves, c)
		case after.Asked && (c.Before.State != c.After.State || c.Before.DueOn != c.After.DueOn):
			p.Changes = append(p.Changes, c)
		}
	}
	return p, nil
}
