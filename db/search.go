package db

import (
	"context"
	"fmt"
	"strings"
	"unicode"
)

// Full text over Chinese. Neither engine splits Chinese into words, and SQLite's
// trigram index finds nothing for words of two characters (物业, 欠薪), which most
// are. So the pairs are made here: 物业费 is indexed as 物业 业费 费, and a query
// becomes the phrase of its pairs. Letters and digits stay whole words.

// Tokens gives the index tokens of a text in order.
func Tokens(text string) []string {
	var out []string
	var han, word []rune
	flush := func() {
		for i := range han {
			out = append(out, string(han[i:min(i+2, len(han))]))
		}
		if len(word) > 0 {
			out = append(out, string(word))
		}
		han, word = han[:0], word[:0]
	}
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			if len(word) > 0 {
				flush()
			}
			han = append(han, r)
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if len(han) > 0 {
				flush()
			}
			word = append(word, unicode.ToLower(r))
		default:
			flush()
		}
	}
	flush()
	return out
}

// phrases turns a typed query into groups that must all occur: each group is a
// run of adjacent tokens, the last of which may be a beginning only.
func phrases(query string) [][]string {
	var out [][]string
	for _, field := range strings.Fields(query) {
		for _, run := range splitScripts(field) {
			tokens := Tokens(run)
			// The run's last token stands alone (费 of 物业费) only to be found by itself.
			if n := len(tokens); n > 1 && len([]rune(tokens[n-1])) == 1 && isHan(tokens[n-1]) {
				tokens = tokens[:n-1]
			}
			if len(tokens) > 0 {
				out = append(out, tokens)
			}
		}
	}
	return out
}

func isHan(s string) bool { return unicode.Is(unicode.Han, []rune(s)[0]) }

// splitScripts cuts 演示001 into 演示 and 001, which are indexed apart.
func splitScripts(field string) []string {
	var out []string
	var run []rune
	var han bool
	for _, r := range field {
		h := unicode.Is(unicode.Han, r)
		if len(run) > 0 && h != han {
			out = append(out, string(run))
			run = run[:0]
		}
		han = h
		run = append(run, r)
	}
	if len(run) > 0 {
		out = append(out, string(run))
	}
	return out
}

// MatchArg gives the engine's query text for what a person typed; ok is false
// when there is nothing to search by. Use it with the text of Match. Marks are words
// that the index must hold exactly: unlike typed words they never match as a
// beginning, which would cost a walk through all words that begin so.
func MatchArg(dialect Dialect, query string, marks ...string) (arg string, ok bool) {
	var parts []string
	for _, g := range phrases(query) {
		if dialect == Postgres {
			parts = append(parts, pgPhrase(g))
		} else {
			parts = append(parts, ftsPhrase(g))
		}
	}
	for _, m := range marks {
		for _, token := range Tokens(m) {
			if dialect == Postgres {
				token = pgCode(token)
			} else {
				token = `"` + token + `"`
			}
			parts = append(parts, token)
		}
	}
	if dialect == Postgres {
		return strings.Join(parts, " & "), len(parts) > 0
	}
	return strings.Join(parts, " AND "), len(parts) > 0
}

// A single character, or a word of letters or digits, matches as a beginning.
func openEnded(tokens []string) bool {
	last := tokens[len(tokens)-1]
	return !isHan(last) || len([]rune(last)) == 1
}

func ftsPhrase(tokens []string) string {
	p := `"` + strings.Join(tokens, " ") + `"`
	if openEnded(tokens) {
		p += "*"
	}
	return p
}

func pgPhrase(tokens []string) string {
	coded := make([]string, len(tokens))
	for i, t := range tokens {
		coded[i] = pgCode(t)
	}
	p := strings.Join(coded, " <-> ")
	if openEnded(tokens) {
		p += ":*"
	}
	return p
}

// pgCode spells a token in ASCII: whether PostgreSQL takes Chinese for letters
// depends on the cluster's locale. The width is fixed, so beginnings stay beginnings.
func pgCode(token string) string {
	var b strings.Builder
	for _, r := range token {
		fmt.Fprintf(&b, "u%05x", r)
	}
	return b.String()
}

// Match is the SQL condition of a search in an index table (created by the owning
// domain's migration as FTS5 or as (rowid, doc tsvector)); its one argument comes
// from MatchArg. Join the index as f: FROM case_fts f JOIN cases c ON c.id = f.rowid.
func Match(dialect Dialect, index string) string {
	if dialect == Postgres {
		return "f.doc @@ to_tsquery('simple', ?)"
	}
	return index + " MATCH ?"
}

// Index replaces the search document of a row.
func (tx *Tx) Index(ctx context.Context, index string, id int64, text string) error {
	if tx.dialect == Postgres {
		tokens := Tokens(text)
		for i, t := range tokens {
			tokens[i] = pgCode(t)
		}
		_, err := tx.Exec(ctx, `INSERT INTO `+index+` (rowid, doc) VALUES (?, to_tsvector('simple', ?))
			ON CONFLICT (rowid) DO UPDATE SET doc = excluded.doc`, id, strings.Join(tokens, " "))
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM `+index+` WHERE rowid = ?`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO `+index+` (rowid, doc) VALUES (?, ?)`, id, strings.Join(Tokens(text), " "))
	return err
}
