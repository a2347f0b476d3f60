package people

import (
	"bytes"
	"context"
	"encoding/csv"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/content"
	"tiaojie/db"
)

// DisputeType is a kind of dispute: one of the 15 of the reports, or a local sub-type of one.
type DisputeType struct {
	Code       string `db:"code"`
	Parent     string `db:"parent"` // "" for one of the report's own
	Name       string `db:"name"`
	ReportCode string `db:"report_code"`
	Hint       string `db:"hint"`
	Enabled    bool   `db:"enabled"`
	Seq        int    `db:"seq"`
}

// Main tells whether it is one of the report's own types.
func (t DisputeType) Main() bool { return t.Parent == "" }

// Prepare fills the code tables of a fresh installation. What is there stays.
func (s *Service) Prepare(ctx context.Context) error {
	types, err := csv.NewReader(bytes.NewReader(content.Disputes)).ReadAll()
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for i, k := range repKinds {
			_, err := tx.Exec(ctx, `INSERT INTO rep_kinds (code, name, confirmed, enabled, seq) VALUES (?,?,?,?,?) ON CONFLICT (code) DO NOTHING`,
				k.Code, k.Name, k.Confirmed, k.Enabled, i+1)
			if err != nil {
				return err
			}
		}
		for i, t := range types[1:] {
			_, err := tx.Exec(ctx, `INSERT INTO dispute_types (code, parent, report_code, name, hint, seq) VALUES (?,?,?,?,?,?) ON CONFLICT (code) DO NOTHING`,
				t[0], t[1], t[2], t[3], t[4], i+1)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DisputeTypes lists the enabled types, the report's own first.
func (s *Service) DisputeTypes(ctx context.Context, r db.Reader) ([]DisputeType, error) {
	var out []DisputeType
	return out, r.Select(ctx, &out, `SELECT code, parent, name, report_code, hint, enabled, seq FROM dispute_types WHERE enabled ORDER BY seq`)
}

// TypeName names a type; ok is false for an unknown or disabled one.
func (s *Service) TypeName(ctx context.Context, r db.Reader, code string) (name string, ok bool, err error) {
	err = r.Get(ctx, &name, `SELECT name FROM dispute_types WHERE code = ? AND enabled`, code)
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	return name, err == nil, err
}

// named holds what every row of the street has: a code and a name.
func named(code, name string) fault.Form {
	f := fault.Form{}
	f.Check(code != "" && utf8.RuneCountInString(code) <= 20, "code", "请填写编号，最多 20 字")
	f.Check(name != "" && utf8.RuneCountInString(name) <= 60, "name", "请填写名称，最多 60 字")
	return f
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// taken says what stands in the way when a unique index refuses.
func taken(err error, message string) error {
	if isUnique(err) {
		return fault.At("code", message)
	}
	return err
}

// adding is a setting whose form, sent several times, adds one row.
func (s *Service) adding(ctx context.Context, who access.Actor, action, ref, idem string, fn func(tx *db.Tx) error) error {
	if err := who.Check(access.Settings); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		return s.set(ctx, tx, who, action, ref, fn)
	})
}

// setting runs one change of the street's data, by the 系统管理员.
func (s *Service) setting(ctx context.Context, who access.Actor, action, ref string, fn func(tx *db.Tx) error) error {
	if err := who.Check(access.Settings); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.set(ctx, tx, who, action, ref, fn) })
}

func (s *Service) set(ctx context.Context, tx *db.Tx, who access.Actor, action, ref string, fn func(tx *db.Tx) error) error {
	if err := fn(tx); err != nil {
		return err
	}
	tx.Touch("people", "market")
	return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "setting", Key: ref}, nil)
}
