package docket

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

// PageSize is how many rows a page of a list has.
const PageSize = 50

const rowColumns = `c.id, c.key, c.apply_no, c.number, c.title, c.state, c.type_code, c.community_id, c.room_id, c.mediator_id,
	c.applied_day, c.due_on, c.provisional, c.risk, c.holder, c.holder_due`

// reach is one way in which cases are the reader's: a column that must have a value,
// or the liaison's own table. The zero reach is everything.
type reach struct {
	column  string
	id      int64
	mark    string // the index mark of the same restriction
	liaison int64
}

// reachOf gives every way in which cases are the reader's; several are read one by one and merged.
func reachOf(who access.Actor, mine bool) ([]reach, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return nil, err
	}
	if !mine && (who.IsSystem() || who.Can(access.CaseTake) || who.Can(access.CaseLead)) {
		return []reach{{}}, nil
	}
	var out []reach
	if who.MediatorID != 0 && who.Can(access.CaseWork) {
		out = append(out, reach{column: "c.mediator_id", id: who.MediatorID, mark: mark("m", who.MediatorID)})
	}
	if who.Has(access.RoomLead) {
		for _, id := range who.RoomIDs {
			out = append(out, reach{column: "c.room_id", id: id, mark: mark("r", id)})
		}
	}
	if id := liaisonID(who); id != 0 {
		out = append(out, reach{liaison: id})
	}
	return out, nil
}

// List reads a page of cases in the reader's scope: newest first, or by due day with
// Filter.Due. cursor is the Next of the page before, "" for the first. No page counts
// rows or skips over them.
func (s *Service) List(ctx context.Context, who access.Actor, f Filter, cursor string) (Listing, error) {
	reaches, err := reachOf(who, f.Mine)
	if err != nil {
		return Listing{}, err
	}
	byDue := f.Due != ""
	var all []Row
	for _, in := range reaches {
		q, ok, err := s.listQuery(f, in, cursor)
		if err != nil {
			return Listing{}, err
		}
		if !ok {
			continue
		}
		var rows []Row
		if err := s.db.Select(ctx, &rows, q.text, q.args...); err != nil {
			return Listing{}, err
		}
		all = append(all, rows...)
	}
	if len(reaches) > 1 {
		all = merge(all, byDue)
	}
	return pageOf(all, byDue), nil
}

// merge sorts the rows of several reaches and drops repetitions.
func merge(rows []Row, byDue bool) []Row {
	slices.SortFunc(rows, func(a, b Row) int {
		if byDue {
			return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.ID, b.ID))
		}
		return cmp.Compare(b.ID, a.ID)
	})
	return slices.CompactFunc(rows, func(a, b Row) bool { return a.ID == b.ID })
}

func pageOf(rows []Row, byDue bool) Listing {
	if len(rows) <= PageSize {
		return Listing{Rows: rows}
	}
	rows = rows[:PageSize]
	last := rows[PageSize-1]
	next := strconv.FormatInt(last.ID, 10)
	if byDue {
		next = last.DueOn + "." + next
	}
	return Listing{Rows: rows, Next: next}
}

// query is a built list query.
type query struct {
	text string
	args []any
}

// builder gathers conditions.
type builder struct {
	where []string
	args  []any
}

func (b *builder) add(on bool, cond string, args ...any) {
	if on {
		b.where = append(b.where, cond)
		b.args = append(b.args, args...)
	}
}

// listQuery builds the query of one reach. One filter goes by its own index; words, and
// filters that meet, go by the index of words and marks. ok is false when nothing can match.
func (s *Service) listQuery(f Filter, in reach, cursor string) (query, bool, error) {
	var b builder
	day, id, err := readCursor(cursor, f.Due != "")
	if err != nil {
		return query{}, false, err
	}
	from := ` FROM cases c`
	words := f.words(in)
	useIndex := strings.TrimSpace(f.Query) != "" || len(words) > 1 && f.Due == ""
	if useIndex {
		arg, ok := db.MatchArg(s.db.Dialect(), f.Query, words...)
		if _, typed := db.MatchArg(s.db.Dialect(), f.Query); !ok || f.Query != "" && !typed {
			return query{}, false, nil // punctuation alone finds nothing
		}
		from = ` FROM case_fts f JOIN cases c ON c.id = f.rowid`
		b.add(true, db.Match(s.db.Dialect(), "case_fts"), arg)
	} else {
		b.add(in.column != "", in.column+" = ?", in.id)
		b.add(f.Type != "", "c.main_type = ?", MainType(f.Type))
		b.add(f.Type != MainType(f.Type), "c.type_code = ?", f.Type)
		b.add(f.Community != 0, "c.community_id = ?", f.Community)
		b.add(f.Mediator != 0, "c.mediator_id = ?", f.Mediator)
		b.add(f.Room != 0, "c.room_id = ?", f.Room)
	}
	key := "c.id"
	switch {
	case useIndex:
		key = "f.rowid"
	case in.liaison != 0:
		from, key = ` FROM case_liaisons l JOIN cases c ON c.id = l.case_id`, "l.case_id"
		b.add(true, "l.liaison_id = ?", in.liaison)
	}
	b.add(useIndex && in.liaison != 0, `EXISTS (SELECT 1 FROM case_liaisons l WHERE l.liaison_id = ? AND l.case_id = c.id)`, in.liaison)
	b.add(f.State != None, "c.state = ?", f.State)
	b.add(f.Open || f.Due != "", "c.closed_at IS NULL")
	order := key + " DESC"
	if f.Due != "" {
		order = "c.due_on, c.id"
		b.add(true, "c.due_on <> '' AND c.due_on <= ?", f.Due)
		b.add(id != 0, "(c.due_on, c.id) > (?, ?)", day, id)
	} else {
		b.add(id != 0, key+" < ?", id)
	}
	text := `SELECT ` + rowColumns + from
	if len(b.where) > 0 {
		text += ` WHERE ` + strings.Join(b.where, " AND ")
	}
	return query{text + ` ORDER BY ` + order + ` LIMIT ` + strconv.Itoa(PageSize+1), b.args}, true, nil
}

// words gives the index marks of the filters.
func (f Filter) words(in reach) []string {
	var out []string
	add := func(on bool, m string) {
		if on && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	add(in.mark != "", in.mark)
	add(f.Type != "", markType(f.Type))
	add(f.Community != 0, mark("c", f.Community))
	add(f.Mediator != 0, mark("m", f.Mediator))
	add(f.Room != 0, mark("r", f.Room))
	return out
}

func readCursor(cursor string, byDue bool) (day string, id int64, err error) {
	if cursor == "" {
		return "", 0, nil
	}
	text := cursor
	if byDue {
		day, text, _ = strings.Cut(cursor, ".")
	}
	if id, err = strconv.ParseInt(text, 10, 64); err != nil {
		return "", 0, fault.New(fault.Invalid, "这个翻页地址不对，请从第一页开始看")
	}
	return day, id, nil
}

func sortByDue(rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(a.HolderDue.Compare(b.HolderDue.Time), cmp.Compare(a.ID, b.ID))
	})
}
