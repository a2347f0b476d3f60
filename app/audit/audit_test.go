package audit_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func trail(t *testing.T) *audit.Trail {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	return audit.New(box)
}

func act(t *testing.T, d *db.DB, tr *audit.Trail, action string) error {
	return d.Write(t.Context(), func(tx *db.Tx) error {
		return tr.Record(t.Context(), tx, access.Actor{AccountID: 7, Name: "示例员"}, action,
			audit.Ref{Kind: "case", Key: "k"}, map[string]string{"from": "a", "to": "b"})
	})
}

func TestParallelActsMakeOneChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		tr := trail(t)
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				if err := act(t, d, tr, fmt.Sprint("act.", i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n, broken, err := tr.Verify(t.Context(), d)
		if n != 40 || broken != nil || err != nil {
			t.Fatalf("%d rows, break %v, %v", n, broken, err)
		}
	})
}

func TestRowsCanNotBeChangedOrDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		tr := trail(t)
		if err := act(t, d, tr, "a"); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{`UPDATE audit_log SET action = 'b'`, `DELETE FROM audit_log`} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), q); return err })
			if err == nil {
				t.Errorf("%s was carried out", q)
			}
		}
	})
}

func TestTamperingBreaksTheChain(t *testing.T) {
	// What the triggers forbid, somebody with the file could still do.
	for name, c := range map[string]struct{ query, kept string }{
		"changed":   {query: `UPDATE audit_log SET detail = '{}' WHERE seq = 3`},
		"removed":   {query: `DELETE FROM audit_log WHERE seq = 3`},
		"reordered": {query: `UPDATE audit_log SET seq = CASE seq WHEN 2 THEN 33 ELSE 2 END WHERE seq IN (2)`},
		"cut off":   {query: `DELETE FROM audit_log WHERE seq = 5`},
		"rewound":   {query: `DELETE FROM audit_log WHERE seq >= 4; UPDATE audit_head SET seq = 3, mac = (SELECT mac FROM audit_log WHERE seq = 3)`, kept: "head"},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := dbtest.SQLite(t)
			tr := trail(t)
			for range 5 {
				if err := act(t, d, tr, "a"); err != nil {
					t.Fatal(err)
				}
			}
			head, err := tr.Head(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			err = d.Write(t.Context(), func(tx *db.Tx) error {
				for _, q := range []string{`DROP TRIGGER audit_log_keeps_rows`, `DROP TRIGGER audit_log_keeps_all`} {
					if _, err := tx.Exec(t.Context(), q); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return execAll(t, tx, c.query) }); err != nil {
				t.Fatal(err)
			}
			_, broken, err := tr.Verify(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if c.kept != "" {
				broken, err = tr.CheckHead(t.Context(), d, head)
			}
			if broken == nil || err != nil {
				t.Errorf("tampering went unseen (%v)", err)
			}
		})
	}
}

func execAll(t *testing.T, tx *db.Tx, queries string) error {
	for _, q := range splitSQL(queries) {
		if _, err := tx.Exec(t.Context(), q); err != nil {
			return err
		}
	}
	return nil
}

func TestAnActWithoutItsRowIsRolledBack(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	tr := trail(t)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), `INSERT INTO settings (name, value, updated_at) VALUES ('a', 'b', 1)`); err != nil {
			return err
		}
		return tr.Record(t.Context(), tx, access.Actor{}, "x", audit.Ref{}, func() {}) // does not marshal
	})
	var n int
	if gerr := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM settings`); gerr != nil || n != 0 || err == nil {
		t.Fatalf("%d rows, %v, %v", n, err, gerr)
	}
}

func TestOnlyTheAuditorReads(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	tr := trail(t)
	if _, err := tr.List(t.Context(), d, access.Actor{AccountID: 1, Roles: []access.Role{access.SysAdmin}}, audit.Filter{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("system administrator read the trail: %v", err)
	}
}

func splitSQL(queries string) []string { return strings.Split(queries, "; ") }
