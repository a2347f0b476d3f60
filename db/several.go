package db

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Part is one of the reads that Several makes at once.
type Part struct {
	Into  any    // *[]T; the columns read are T's fields with a db tag
	From  string // a table or a subquery, and its conditions
	Order string // a column of numbers by which the rows are ordered; "" is id
	Args  []any
}

// Several reads the rows of several tables in one query: what hangs on a case are ten
// short lists, and asking for each by itself costs more than reading them. The lists are
// laid under one another in columns for numbers, for texts and for bytes.
func (d *DB) Several(ctx context.Context, parts ...Part) error {
	p := planFor(parts)
	s, err := d.stmts.prepared(ctx, d.read, d.rebind(p.query))
	if err != nil {
		return translate(err)
	}
	d.queries.Add(1)
	rows, err := s.QueryxContext(d.quiet(ctx), argsOf(parts)...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	keys := make([][]int64, len(parts))
	for rows.Next() {
		if err := p.read(rows, parts, keys); err != nil {
			return translate(err)
		}
	}
	// Sorted here: the rows are few and mostly come in order, and an ORDER BY over all
	// parts costs a third of the query.
	for i, part := range parts {
		if !slices.IsSorted(keys[i]) {
			sort.Stable(byKey{keys[i], reflect.Swapper(reflect.ValueOf(part.Into).Elem().Interface())})
		}
	}
	return translate(rows.Err())
}

// byKey sorts a list together with the numbers it is ordered by.
type byKey struct {
	keys []int64
	swap func(i, j int)
}

func (b byKey) Len() int           { return len(b.keys) }
func (b byKey) Less(i, j int) bool { return b.keys[i] < b.keys[j] }
func (b byKey) Swap(i, j int) {
	b.keys[i], b.keys[j] = b.keys[j], b.keys[i]
	b.swap(i, j)
}

// SeveralQuery gives the query behind Several, for tests that look at its plan.
func SeveralQuery(parts ...Part) (query string, args []any) {
	return planFor(parts).query, argsOf(parts)
}

func argsOf(parts []Part) (out []any) {
	for _, p := range parts {
		out = append(out, p.Args...)
	}
	return out
}

// severalPlan is the one query of some parts, and where in its columns each part's fields stand.
type severalPlan struct {
	query string
	width int
	parts [][]severalField
}

type severalField struct {
	column string
	class  int   // numbers, texts or octets
	index  []int // of the field in T
	at     int   // its place in the row
}

const (
	numbers = iota
	texts
	octets
	classes
)

// emptyOf fills the columns that a part doesn't use, typed for PostgreSQL.
var emptyOf = [classes]string{numbers: "CAST(NULL AS BIGINT)", texts: "CAST(NULL AS TEXT)", octets: "CAST(NULL AS BYTEA)"}

var severalPlans sync.Map // what the parts read → *severalPlan; queries are constants, so the map is bounded

func planFor(parts []Part) *severalPlan {
	var key strings.Builder
	for _, p := range parts {
		key.WriteString(p.From)
		key.WriteString(p.Order)
		key.WriteString(reflect.TypeOf(p.Into).String())
	}
	if p, ok := severalPlans.Load(key.String()); ok {
		return p.(*severalPlan)
	}
	p := makePlan(parts)
	severalPlans.Store(key.String(), p)
	return p
}

func makePlan(parts []Part) *severalPlan {
	p := &severalPlan{}
	var most [classes]int
	for _, part := range parts {
		fields := taggedFields(reflect.TypeOf(part.Into).Elem().Elem(), nil)
		var n [classes]int
		for i, f := range fields {
			fields[i].at, n[f.class] = n[f.class], n[f.class]+1
		}
		for c := range most {
			most[c] = max(most[c], n[c])
		}
		p.parts = append(p.parts, fields)
	}
	var selects []string
	for i, fields := range p.parts {
		order := parts[i].Order
		if order == "" {
			order = "id"
		}
		columns := []string{strconv.Itoa(i), order}
		for c := range most {
			for range most[c] {
				columns = append(columns, emptyOf[c])
			}
		}
		for k, f := range fields {
			for c := range f.class {
				fields[k].at += most[c]
			}
			fields[k].at += 2
			columns[fields[k].at] = f.column
		}
		p.width = len(columns)
		selects = append(selects, "SELECT "+strings.Join(columns, ", ")+" FROM "+parts[i].From)
	}
	p.query = strings.Join(selects, " UNION ALL ")
	return p
}

// taggedFields lists a struct's columns, those of embedded structs too.
func taggedFields(t reflect.Type, above []int) []severalField {
	var out []severalField
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, above...), i)
		tag := f.Tag.Get("db")
		if tag == "" && f.Anonymous {
			out = append(out, taggedFields(f.Type, index)...)
		}
		if tag == "" || tag == "-" {
			continue
		}
		class := classOf(f.Type)
		if f.Type.Kind() == reflect.Bool {
			tag = "CAST(" + tag + " AS INTEGER)" // SQLite's booleans are numbers
		}
		out = append(out, severalField{column: tag, class: class, index: index})
	}
	return out
}

func classOf(t reflect.Type) int {
	switch {
	case t == reflect.TypeFor[Time](), t.Kind() == reflect.Bool, t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return numbers
	case t.Kind() == reflect.String:
		return texts
	case t == reflect.TypeFor[[]byte]():
		return octets
	}
	panic(fmt.Sprintf("db: Several can't read a %s", t)) // a mistake in a struct, seen by the first test
}

// skip takes a column that is not wanted.
type skip struct{}

func (skip) Scan(any) error { return nil }

// read takes the present row into its part's list: first it looks whose row it is.
func (p *severalPlan) read(rows interface{ Scan(...any) error }, parts []Part, keys [][]int64) error {
	into := make([]any, p.width)
	for i := range into {
		into[i] = skip{}
	}
	var n int
	var key int64
	into[0], into[1] = &n, &key
	if err := rows.Scan(into...); err != nil {
		return err
	}
	into[0], into[1] = skip{}, skip{}
	keys[n] = append(keys[n], key)
	list := reflect.ValueOf(parts[n].Into).Elem()
	list.Grow(1)
	list.SetLen(list.Len() + 1)
	item := list.Index(list.Len() - 1)
	for _, f := range p.parts[n] {
		into[f.at] = item.FieldByIndex(f.index).Addr().Interface()
	}
	return rows.Scan(into...)
}

var _ sql.Scanner = skip{}
