package db

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

var rebound sync.Map // ? query → $n query; queries are constants, so the map is bounded

// rebind turns ? into $1, $2 … for PostgreSQL. Our SQL has no ? inside literals.
func (d *DB) rebind(query string) string {
	if d.dialect == SQLite {
		return query
	}
	if q, ok := rebound.Load(query); ok {
		return q.(string)
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(query); i++ {
		if query[i] != '?' {
			b.WriteByte(query[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	rebound.Store(query, b.String())
	return b.String()
}

func sortedUnique(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

// EscapeLike makes text literal inside a LIKE pattern with ESCAPE '\'.
func EscapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
