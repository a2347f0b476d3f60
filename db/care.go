package db

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Check looks for damage: the engine's integrity and the foreign keys. It gives
// one line per problem, none for a sound database.
func (d *DB) Check(ctx context.Context) ([]string, error) {
	if d.dialect == Postgres {
		return d.checkPostgres(ctx)
	}
	var lines []string
	if err := d.Select(ctx, &lines, `SELECT integrity_check FROM pragma_integrity_check`); err != nil {
		return nil, err
	}
	if len(lines) == 1 && lines[0] == "ok" {
		lines = nil
	}
	var broken []struct {
		Table  string `db:"table"`
		Parent string `db:"parent"`
		N      int    `db:"n"`
	}
	err := d.Select(ctx, &broken, `SELECT "table", parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2`)
	for _, b := range broken {
		lines = append(lines, fmt.Sprintf("%s: %d 行指向不存在的 %s", b.Table, b.N, b.Parent))
	}
	return lines, err
}

// checkPostgres reports constraints that were never validated and broken data checksums.
func (d *DB) checkPostgres(ctx context.Context) ([]string, error) {
	var lines []string
	err := d.Select(ctx, &lines, `SELECT conrelid::regclass::text || ': 约束 ' || conname || ' 未验证'
		FROM pg_constraint WHERE NOT convalidated`)
	if err != nil {
		return nil, err
	}
	var broken int64
	err = d.Get(ctx, &broken, `SELECT COALESCE(SUM(checksum_failures), 0)::bigint FROM pg_stat_database`)
	if broken > 0 {
		lines = append(lines, fmt.Sprintf("数据页校验失败 %d 次", broken))
	}
	return lines, err
}

// Backup writes a consistent copy to path while work goes on. The copy is on the
// disk when it returns: VACUUM INTO itself does not flush.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.dialect == Postgres {
		cmd := exec.CommandContext(ctx, "pg_dump", "--format=custom", "--file="+path, d.cfg.URL)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("pg_dump: %w: %s", err, strings.TrimSpace(string(out)))
		}
		return flush(path)
	}
	pool, err := d.openPool(d.SQLitePath(), "&mode=ro")
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return flush(path)
}

func flush(path string) error {
	for _, p := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		err = f.Sync()
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Optimize refreshes the planner's statistics; daily and after bulk loads.
func (d *DB) Optimize(ctx context.Context) error {
	query := `PRAGMA optimize`
	if d.dialect == Postgres {
		query = `ANALYZE`
	}
	return d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, query)
		return err
	})
}

// Schema describes tables, columns and indexes in one text per line, the same on
// both engines where the schemas are equal.
func (d *DB) Schema(ctx context.Context) ([]string, error) {
	query := `SELECT m.name || '.' || p.name || CASE WHEN p."notnull" = 1 OR p.pk > 0 THEN ' not null' ELSE '' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '%\_fts%' ESCAPE '\' AND m.name <> 'goose_db_version'
		UNION ALL SELECT 'index ' || tbl_name || '.' || name FROM sqlite_master
		WHERE type = 'index' AND sql IS NOT NULL AND tbl_name <> 'goose_db_version'
		ORDER BY 1`
	if d.dialect == Postgres {
		query = `SELECT table_name || '.' || column_name || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END AS line
		FROM information_schema.columns WHERE table_schema = current_schema()
			AND table_name NOT LIKE '%\_fts%' AND table_name <> 'goose_db_version'
		UNION ALL SELECT 'index ' || tablename || '.' || indexname FROM pg_indexes
		WHERE schemaname = current_schema() AND tablename NOT LIKE '%\_fts%' AND tablename <> 'goose_db_version'
			AND indexname NOT IN (SELECT conname FROM pg_constraint)
		ORDER BY 1`
	}
	var lines []string
	return lines, d.Select(ctx, &lines, query)
}

// Counts gives the number of rows of every table, for comparing a copy with its source.
func (d *DB) Counts(ctx context.Context) (map[string]int64, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\_fts%' ESCAPE '\'`
	if d.dialect == Postgres {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE '%\_fts%'`
	}
	var tables []string
	if err := d.Select(ctx, &tables, query); err != nil {
		return nil, err
	}
	out := make(map[string]int64, len(tables))
	for _, t := range tables {
		var n int64
		// Table names come from the catalogue, not from a person.
		if err := d.Get(ctx, &n, `SELECT COUNT(*) FROM `+t); err != nil {
			return nil, err
		}
		out[t] = n
	}
	return out, nil
}
