package db_test

import (
	"slices"
	"strings"
	"testing"

	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func TestTokensPairChineseAndKeepWords(t *testing.T) {
	for in, want := range map[string]string{
		"物业费纠纷":            "物业 业费 费纠 纠纷 纷",
		"楼上漏水,Wang Wu 报修":  "楼上 上漏 漏水 水 wang wu 报修 修",
		"(2026)演示民调字第001号": "2026 演示 示民 民调 调字 字第 第 001 号",
		"𠮷":                "𠮷",
		"  ":               "",
	} {
		if got := strings.Join(db.Tokens(in), " "); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestSearchFindsWordsOfTwoCharacters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		create := `CREATE VIRTUAL TABLE note_fts USING fts5(doc, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0")`
		if d.Dialect() == db.Postgres {
			create = `CREATE TABLE note_fts (rowid BIGINT PRIMARY KEY, doc tsvector NOT NULL)`
		}
		texts := map[int64]string{1: "物业费纠纷 张喆", 2: "业主与物业公司", 3: "费用争议 wangxiaoming", 4: "(2026)演示民调字第012号"}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), create); err != nil {
				return err
			}
			for id, text := range texts {
				if err := tx.Index(t.Context(), "note_fts", id, "旧内容"); err != nil {
					return err
				}
				if err := tx.Index(t.Context(), "note_fts", id, text); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string][]int64{
			"物业": {1, 2}, "业费": {1}, "物业费": {1}, "费": {1, 3}, "喆": {1}, "张": {1}, "旧内容": nil,
			"wang": {3}, "012": {4}, "演示012": {4}, "物业 公司": {2}, "主物": nil, `"物`: {1, 2}, "民调 OR 物业": nil,
		} {
			arg, ok := db.MatchArg(d.Dialect(), query)
			if !ok {
				t.Fatalf("%s can't be searched", query)
			}
			var got []int64
			err := d.Select(t.Context(), &got, `SELECT f.rowid FROM note_fts f WHERE `+db.Match(d.Dialect(), "note_fts")+` ORDER BY f.rowid`, arg)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s (%s): got %v, want %v, %v", query, arg, got, want, err)
			}
		}
		// A mark is a whole word: wang does not stand for wangxiaoming.
		for mark, want := range map[string][]int64{"wang": nil, "wangxiaoming": {3}} {
			arg, _ := db.MatchArg(d.Dialect(), "费用", mark)
			var got []int64
			err := d.Select(t.Context(), &got, `SELECT f.rowid FROM note_fts f WHERE `+db.Match(d.Dialect(), "note_fts"), arg)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("mark %s (%s): got %v, want %v, %v", mark, arg, got, want, err)
			}
		}
		if _, ok := db.MatchArg(d.Dialect(), " ,。"); ok {
			t.Error("punctuation alone is no query")
		}
	})
}

func FuzzMatchArg(f *testing.F) {
	f.Add("物业 OR \"*")
	f.Fuzz(func(t *testing.T, query string) {
		arg, ok := db.MatchArg(db.SQLite, query)
		if ok && strings.Count(arg, `"`)%2 != 0 {
			t.Errorf("%q gives an unbalanced query %q", query, arg)
		}
	})
}
