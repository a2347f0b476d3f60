package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tiaojie/db"
)

// Manifest lists what a backup holds, so that a restore can prove it got all of it.
type Manifest struct {
	At     time.Time         `json:"at"`
	Engine string            `json:"engine"`
	Counts map[string]int64  `json:"counts"` // rows by table, as of the copy
	Head   string            `json:"audit_head"`
	Files  map[string]string `json:"files"` // relative path → SHA-256
}

const manifestName = "manifest.json"

// UploadDir is where uploaded files are kept, sealed.
func (a *App) UploadDir() string { return filepath.Join(a.Config.Data, "files") }

// Backup writes the database and the uploads into dir/tiaojie-时间. The key file is
// left out on purpose: a backup that carries its own keys protects nothing.
func (a *App) Backup(ctx context.Context, dir string) (string, error) {
	out := filepath.Join(dir, "tiaojie-"+a.DB.Now().In(db.Shanghai).Format("20060102-150405"))
	part := out + ".part"
	if err := os.MkdirAll(part, 0o700); err != nil {
		return "", err
	}
	name := "tiaojie.db"
	if a.DB.Dialect() == db.Postgres {
		name = "tiaojie.pgdump"
	}
	if err := a.DB.Backup(ctx, filepath.Join(part, name)); err != nil {
		return "", err
	}
	m := Manifest{At: a.DB.Now(), Engine: string(a.DB.Dialect()), Files: map[string]string{}}
	if err := m.describe(ctx, a, filepath.Join(part, name)); err != nil {
		return "", err
	}
	// After the database: every file it names exists by now, files never change.
	if err := copyTree(a.UploadDir(), filepath.Join(part, "files")); err != nil {
		return "", err
	}
	if err := m.hash(part); err != nil {
		return "", err
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(part, manifestName), raw, 0o600); err != nil {
		return "", err
	}
	return out, os.Rename(part, out)
}

// describe counts the copy's rows, not the live ones: those move on meanwhile.
func (m *Manifest) describe(ctx context.Context, a *App, path string) error {
	if a.DB.Dialect() == db.Postgres {
		head, err := a.Trail.Head(ctx, a.DB)
		m.Head = head
		return err
	}
	d, err := db.Open(ctx, db.Config{URL: path})
	if err != nil {
		return err
	}
	m.Counts, err = d.Counts(ctx)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	if m.Head, err = a.Trail.Head(ctx, d); err != nil {
		return errors.Join(err, d.Close())
	}
	return d.Close()
}

func (m *Manifest) hash(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == manifestName || strings.HasSuffix(path, "-shm") || strings.HasSuffix(path, "-wal") {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		m.Files[rel], err = sum(path)
		return err
	})
}

func sum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// copyTree copies a folder; files that can be linked are linked, since they never change.
func copyTree(from, to string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		if os.Link(path, target) == nil {
			return nil
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	return errors.Join(out.Sync(), out.Close())
}

// Restore lays a SQLite backup into an empty data folder after checking every file
// against the manifest. The keys must be there already, or be put there after.
func Restore(backup, data string) (Manifest, error) {
	var m Manifest
	raw, err := os.ReadFile(filepath.Join(backup, manifestName))
	if err != nil {
		return m, fmt.Errorf("这里没有完整的备份：%w", err)
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("备份清单损坏：%w", err)
	}
	for rel, want := range m.Files {
		got, err := sum(filepath.Join(backup, rel))
		if err != nil {
			return m, err
		}
		if got != want {
			return m, fmt.Errorf("备份中的 %s 与清单不符，没有恢复任何内容", rel)
		}
	}
	if m.Engine == string(db.Postgres) {
		return m, fmt.Errorf("这是 PostgreSQL 备份，校验通过；请用 pg_restore --dbname=… %s 恢复到空库", filepath.Join(backup, "tiaojie.pgdump"))
	}
	target := filepath.Join(data, "tiaojie.db")
	if _, err := os.Stat(target); err == nil {
		return m, fmt.Errorf("%s 已有数据库，不覆盖；请指定空目录", data)
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return m, err
	}
	for rel := range m.Files {
		to := filepath.Join(data, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return m, err
		}
		if err := copyFile(filepath.Join(backup, rel), to); err != nil {
			return m, err
		}
	}
	return m, nil
}

// SameCounts compares a restored database with its manifest; it gives the tables that differ.
func (m Manifest) SameCounts(ctx context.Context, d *db.DB) ([]string, error) {
	got, err := d.Counts(ctx)
	if err != nil {
		return nil, err
	}
	var off []string
	for table, n := range m.Counts {
		if got[table] != n {
			off = append(off, fmt.Sprintf("%s 应有 %d 行，实有 %d 行", table, n, got[table]))
		}
	}
	return off, nil
}
