package db

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

var rebound sync.Map // ? query → the engine's query; queries are constants, so the map is bounded

// rebind writes the parameters as the engine wants them: $1, $2 … for PostgreSQL, and +?
// for SQLite. A bare ? lets SQLite choose a plan by its value, and the driver clears all
// values after each run, which made most kept statements be planned anew with each use:
// half the time of a case page. Our SQL has no ? inside literals.
func (d *DB) rebind(query string) string {
	if q, ok := rebound.Load(rebindKey{d.dialect, query}); ok {
		return q.(string)
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(query); i++ {
		switch {
		case query[i] != '?':
			b.WriteByte(query[i])
		case d.dialect == SQLite:
			b.WriteString("+?")
		default:
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
	}
	rebound.Store(rebindKey{d.dialect, query}, b.String())
	return b.String()
}

type rebindKey struct {
	dialect Dialect
	query   string
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
