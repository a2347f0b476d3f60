package docket

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"tiaojie/db"
)

// What is searched stands in one document per case: numbers, names with pinyin,
// title, summary, and marks of type, community, mediator and room. The marks let a
// search keep to one mediator's cases, and two filters meet, without walking through
// everybody's.

// searchKey is what of a case the index depends on, besides the names.
type searchKey struct {
	no, apply, title, summary, place, typeCode string
	community, mediator, room                  int64
}

func searched(c Case) searchKey {
	k := searchKey{apply: c.ApplyNo, title: c.Title, summary: c.Summary, place: c.Place, typeCode: c.TypeCode,
		community: c.CommunityID, mediator: c.MediatorID, room: c.RoomID}
	if c.Number != nil {
		k.no = *c.Number
	}
	return k
}

type namePair struct {
	Name   string `db:"name"`
	Pinyin string `db:"pinyin"`
}

func reindex(ctx context.Context, tx *db.Tx, c Case) error {
	var names []namePair
	if err := tx.Select(ctx, &names, `SELECT name, pinyin FROM case_parties WHERE case_id = ? ORDER BY seq`, c.ID); err != nil {
		return err
	}
	return tx.Index(ctx, "case_fts", c.ID, document(c, names))
}

func document(c Case, names []namePair) string {
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
			b.WriteByte('\n')
		}
	}
	if c.Number != nil {
		line(*c.Number)
	}
	line(c.ApplyNo, c.Title, c.Summary, c.Place)
	for _, n := range names {
		line(n.Name, n.Pinyin)
	}
	line(markType(MainType(c.TypeCode)), markType(c.TypeCode), mark("c", c.CommunityID), mark("m", c.MediatorID), mark("r", c.RoomID))
	return b.String()
}

// mark makes a word that no typed word begins like: xm12x for mediator 12. The x at
// its end keeps 1 from matching 12 as a beginning.
func mark(kind string, id int64) string {
	if id == 0 {
		return ""
	}
	return fmt.Sprintf("x%s%dx", kind, id)
}

func markType(code string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, code)
	return "xt" + plain + "x"
}

// Brief makes a one-line summary of a longer account: its beginning, without long
// runs of digits, which are phones, accounts and identity numbers.
func Brief(words string) string {
	var out []rune
	run := 0
	for _, r := range words {
		if unicode.IsSpace(r) {
			r = ' '
		}
		if unicode.IsDigit(r) {
			if run++; run > 5 {
				out = append(out[:len(out)-min(5, len(out))], '…')
				run = -1 << 30 // the rest of the run is dropped
			}
			if run < 0 {
				continue
			}
		} else {
			run = 0
		}
		if out = append(out, r); len(out) >= 60 {
			break
		}
	}
	return strings.TrimSpace(string(out))
}
