package people

import (
	"context"
	"io"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/people/sheet"
	"tiaojie/db"
)

// ExportRoster writes the roster as a workbook with the columns that PreviewRoster
// reads. It takes a reason, for phones go out with it, and both stand on the trail.
// It needs access.RosterRun and access.Export.
func (s *Service) ExportRoster(ctx context.Context, who access.Actor, reason string, w io.Writer) error {
	if err := who.Check(access.RosterRun); err != nil {
		return err
	}
	if err := who.Check(access.Export); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > 100 {
		return fault.At("reason", "请写明导出的原因，最多 100 字")
	}
	list, err := s.Mediators(ctx, s.db, MediatorFilter{})
	if err != nil {
		return err
	}
	phones, err := s.phones(ctx, s.db)
	if err != nil {
		return err
	}
	dir, err := s.directory(ctx, s.db)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return s.trail.Record(ctx, tx, who, "mediator.export", audit.Ref{Kind: "roster"}, map[string]any{"reason": reason, "n": len(list)})
	})
	if err != nil {
		return err
	}
	return writeRoster(w, dir, list, phones)
}

func writeRoster(w io.Writer, dir *directory, list []Mediator, phones map[int64]string) error {
	var header []string
	for _, c := range rosterColumns {
		header = append(header, c.names[0])
	}
	return sheet.WriteXLSX(w, "调解员名册", append(header, "状态"), func(yield func([]string) bool) {
		for _, m := range list {
			row := make([]string, 0, len(header)+1)
			for _, c := range rosterColumns {
				row = append(row, c.write(dir, m, phones[m.ID]))
			}
			if !yield(append(row, m.State.Label())) {
				return
			}
		}
	})
}

// phones opens every mediator's phone.
func (s *Service) phones(ctx context.Context, r db.Reader) (map[int64]string, error) {
	var rows []struct {
		ID     int64  `db:"id"`
		Key    string `db:"key"`
		Sealed []byte `db:"phone_sealed"`
	}
	if err := r.Select(ctx, &rows, `SELECT id, key, phone_sealed FROM mediators WHERE phone_index <> ''`); err != nil {
		return nil, err
	}
	out := make(map[int64]string, len(rows))
	for _, row := range rows {
		phone, err := s.box.Open("mediators.phone:"+row.Key, row.Sealed)
		if err != nil {
			return nil, err
		}
		out[row.ID] = phone
	}
	return out, nil
}
