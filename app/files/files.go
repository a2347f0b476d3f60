// Package files takes uploads in and gives them back: an allow-list, contents that
// agree with the name, images decoded and drawn anew (which drops places and
// hidden parts), everything sealed on disk.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// MaxBytes bounds one file.
const MaxBytes = 20 << 20

// File describes a stored upload.
type File struct {
	ID         int64   `db:"id"`
	Key        string  `db:"key"`
	Name       string  `db:"name"`
	Mime       string  `db:"mime"`
	Size       int64   `db:"size"`
	SHA256     string  `db:"sha256"`
	RefKind    string  `db:"ref_kind"`
	RefKey     string  `db:"ref_key"`
	UploadedBy string  `db:"uploaded_by"`
	UploadedAt db.Time `db:"uploaded_at"`
	RemovedAt  db.Time `db:"removed_at"`
}

const columns = `id, key, name, mime, size, sha256, ref_kind, ref_key, uploaded_by, uploaded_at, removed_at`

// Store keeps files of one installation.
type Store struct {
	box *seal.Box
	dir string
}

// New makes a Store under dir.
func New(box *seal.Box, dir string) *Store { return &Store{box: box, dir: dir} }

// Prepare checks an upload, cleans it, and writes it sealed to disk. It is the slow
// part and runs outside the transaction; a file never attached is an orphan that
// Sweep removes. Errors: Invalid with words for the person.
func (s *Store) Prepare(ctx context.Context, name string, raw []byte) (File, error) {
	if len(raw) == 0 {
		return File{}, fault.New(fault.Invalid, "文件“"+short(name)+"”是空的")
	}
	if len(raw) > MaxBytes {
		return File{}, fault.New(fault.Invalid, "文件“"+short(name)+"”超过 20 MB，请压缩或分几次上传")
	}
	mime, clean, err := inspect(ctx, name, raw)
	if err != nil {
		return File{}, err
	}
	digest := sha256.Sum256(clean)
	f := File{Key: seal.NewKey(), Name: short(name), Mime: mime, Size: int64(len(clean)), SHA256: hex.EncodeToString(digest[:])}
	return f, s.write(f.Key, s.box.Seal("files.bytes:"+f.Key, string(clean)))
}

func (s *Store) path(key string) string { return filepath.Join(s.dir, key[:2], key) }

func (s *Store) write(key string, sealed []byte) error {
	path := s.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.Wrap(err, fault.Unavailable, "附件暂时存不下，请稍后再试")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "附件暂时存不下，请稍后再试")
	}
	_, err = f.Write(sealed)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.Wrap(err, fault.Unavailable, "附件暂时存不下，请稍后再试")
	}
	return nil
}

// Attach makes a prepared file part of a thing, in the act's transaction.
func (s *Store) Attach(ctx context.Context, tx *db.Tx, f File, refKind, refKey, by string) error {
	_, err := tx.Exec(ctx, `INSERT INTO files (key, name, mime, size, sha256, ref_kind, ref_key, uploaded_by, uploaded_at)
		VALUES (?,?,?,?,?,?,?,?,?)`, f.Key, f.Name, f.Mime, f.Size, f.SHA256, refKind, refKey, by, db.At(tx.Now))
	return err
}

// Of lists the files of a thing, oldest first.
func (s *Store) Of(ctx context.Context, r db.Reader, refKind, refKey string) ([]File, error) {
	var out []File
	err := r.Select(ctx, &out, `SELECT `+columns+` FROM files WHERE ref_kind = ? AND ref_key = ? AND removed_at IS NULL ORDER BY id`, refKind, refKey)
	return out, err
}

// Named reads the descriptions of files, found by a query for their keys, together with
// other lists; the caller checks the right to what they belong to.
func Named(into *[]File, keys string, args []any) db.Part {
	return db.Part{Into: into, From: `files WHERE key IN (` + keys + `) AND removed_at IS NULL`, Args: args}
}

// Find reads the description of a file; the caller checks the right to what it belongs to.
func (s *Store) Find(ctx context.Context, r db.Reader, key string) (File, error) {
	var f File
	err := r.Get(ctx, &f, `SELECT `+columns+` FROM files WHERE key = ? AND removed_at IS NULL`, key)
	return f, err
}

// Bytes opens a file. A changed byte on disk is an error, never shown as true.
func (s *Store) Bytes(f File) ([]byte, error) {
	sealed, err := os.ReadFile(s.path(f.Key))
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "附件暂时打不开，请稍后再试")
	}
	text, err := s.box.Open("files.bytes:"+f.Key, sealed)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "附件已损坏，请联系管理员")
	}
	return []byte(text), nil
}

// Remove takes a file off its thing and destroys the bytes once that is durable.
func (s *Store) Remove(ctx context.Context, tx *db.Tx, refKind, refKey, key string) error {
	n, err := tx.Exec(ctx, `UPDATE files SET removed_at = ? WHERE key = ? AND ref_kind = ? AND ref_key = ? AND removed_at IS NULL`,
		db.At(tx.Now), key, refKind, refKey)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "没有找到这个附件")
	}
	tx.After(func() { _ = os.Remove(s.path(key)) })
	return err
}

// Check opens every file that a row names and gives one line per missing or changed one.
func (s *Store) Check(ctx context.Context, d *db.DB) (n int, bad []string, err error) {
	rows, err := d.Rows(ctx, `SELECT `+columns+` FROM files WHERE removed_at IS NULL ORDER BY id`)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var f File
		if err := rows.StructScan(&f); err != nil {
			return n, bad, err
		}
		n++
		raw, err := s.Bytes(f)
		digest := sha256.Sum256(raw)
		if err != nil || hex.EncodeToString(digest[:]) != f.SHA256 {
			bad = append(bad, "附件 "+f.Key+" 缺失或被改动")
		}
	}
	return n, bad, rows.Err()
}

// Sweep removes files that no row names and that are older than a day: uploads
// whose form was never sent.
func (s *Store) Sweep(ctx context.Context, d *db.DB) (int, error) {
	removed := 0
	now := d.Now()
	err := filepath.WalkDir(s.dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()).Hours() < 24 {
			return err
		}
		_, err = s.Find(ctx, d, e.Name())
		if fault.Is(err, fault.NotFound) {
			removed++
			return os.Remove(path)
		}
		return err
	})
	return removed, err
}

// short is a name as it is kept and shown: its last part without control marks and without
// those that turn the direction of writing, by which a name shows another ending than its own.
func short(name string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, filepath.Base(name)))
	if len(r) > 80 {
		r = append(r[:60], r[len(r)-12:]...)
	}
	return string(r)
}

// UploadKind marks files that a form carries and that are not yet part of anything.
const UploadKind = "upload"

// Forgotten lists uploads of forms that were begun before an instant. The caller knows
// which of them became part of something after all.
func (s *Store) Forgotten(ctx context.Context, r db.Reader, before db.Time) ([]File, error) {
	var out []File
	return out, r.Select(ctx, &out, `SELECT `+columns+` FROM files WHERE ref_kind = 'upload' AND removed_at IS NULL AND uploaded_at < ? ORDER BY id LIMIT 500`, before)
}

// Keep writes a file that the program itself made, byte for byte, sealed to disk. As after
// Prepare, it becomes part of something by Attach.
func (s *Store) Keep(name, mime string, raw []byte) (File, error) {
	f := File{Key: seal.NewKey(), Name: short(name), Mime: mime, Size: int64(len(raw)), SHA256: Digest(raw)}
	return f, s.write(f.Key, s.box.Seal("files.bytes:"+f.Key, string(raw)))
}

// Digest is the SHA-256 of a file's bytes in hexadecimal digits.
func Digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
