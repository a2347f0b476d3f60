package db_test

import (
	"slices"
	"testing"

	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// TestSeveralReadsEachListAsItIs lays unlike lists under one another: numbers, texts,
// bytes, booleans, times and what is NULL come back in their own fields and order.
func TestSeveralReadsEachListAsItIs(t *testing.T) {
	type kind struct {
		N    int    `db:"n"`
		Word string `db:"word"`
	}
	type wide struct {
		kind
		Open  bool    `db:"open"`
		At    db.Time `db:"at"`
		Until db.Time `db:"until"`
		Raw   []byte  `db:"raw"`
		Note  string  `db:"-"`
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var wides []wide
		var kinds []kind
		var settings []struct {
			Value string `db:"value"`
		}
		before := d.Queries()
		err := d.Several(t.Context(),
			db.Part{Into: &wides, From: `(SELECT 2 AS id, 7 AS n, '二' AS word, TRUE AS open, 1764000000 AS at, CAST(NULL AS BIGINT) AS until, CAST(NULL AS BYTEA) AS raw
				UNION ALL SELECT 1, 8, '一', FALSE, CAST(NULL AS BIGINT), 1764000001, ?) AS w WHERE n > ?`, Args: []any{[]byte("bytes"), 6}},
			db.Part{Into: &settings, From: `settings WHERE name = ?`, Order: "updated_at", Args: []any{"none"}},
			db.Part{Into: &kinds, From: `(SELECT 5 AS n, '五' AS word UNION ALL SELECT 3, '三') AS k`, Order: "n"})
		if err != nil {
			t.Fatal(err)
		}
		if n := d.Queries() - before; n != 1 {
			t.Errorf("%d queries", n)
		}
		if len(settings) != 0 {
			t.Errorf("%v out of nothing", settings)
		}
		if want := []kind{{3, "三"}, {5, "五"}}; !slices.Equal(kinds, want) {
			t.Errorf("%v, want %v", kinds, want)
		}
		if len(wides) != 2 || wides[0].kind != (kind{8, "一"}) || wides[1].kind != (kind{7, "二"}) {
			t.Fatalf("%+v", wides)
		}
		first, second := wides[0], wides[1]
		if first.Open || !first.At.IsZero() || first.Until.Unix() != 1764000001 || string(first.Raw) != "bytes" {
			t.Errorf("%+v", first)
		}
		if !second.Open || second.At.Unix() != 1764000000 || !second.Until.IsZero() || second.Raw != nil {
			t.Errorf("%+v", second)
		}
	})
}
