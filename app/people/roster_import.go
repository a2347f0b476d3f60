package people

import (
	"context"
	"encoding/json"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/people/sheet"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Import is a roster read and checked, with no mediator written yet. Token is what
// the confirmation carries back.
type Import struct {
	Lines []ImportLine `json:"lines"`
	Token string       `json:"-"`
}

// Good counts the lines that will be taken in.
func (im Import) Good() int {
	n := 0
	for _, l := range im.Lines {
		if l.Good() {
			n++
		}
	}
	return n
}

// PreviewRoster reads a file of mediators and says line by line what would happen.
// What is shown is kept sealed for the confirmation, two days long; no mediator is
// written. It needs access.RosterRun.
func (s *Service) PreviewRoster(ctx context.Context, who access.Actor, name string, raw []byte) (Import, error) {
	if err := who.Check(access.RosterRun); err != nil {
		return Import{}, err
	}
	t, err := sheet.Read(name, raw)
	if err != nil {
		return Import{}, fault.At("file", err.Error())
	}
	if t.Column("姓名") < 0 {
		return Import{}, fault.At("file", "第一行要有“姓名”这一列。认得的列有："+ImportColumns)
	}
	dir, err := s.directory(ctx, s.db)
	if err != nil {
		return Import{}, err
	}
	if err := dir.known(ctx, s.db); err != nil {
		return Import{}, err
	}
	im := Import{Token: seal.NewKey()}
	for _, row := range t.Rows {
		im.Lines = append(im.Lines, dir.line(t, row))
	}
	doubles(im.Lines)
	return im, s.keepImport(ctx, who, im)
}

func (s *Service) keepImport(ctx context.Context, who access.Actor, im Import) error {
	text, err := json.Marshal(im)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO roster_imports (key, account_id, lines_sealed, created_at) VALUES (?,?,?,?)`,
			im.Token, who.AccountID, s.box.Seal("roster_imports.lines:"+im.Token, string(text)), db.At(tx.Now))
		return err
	})
}

var errStale = fault.New(fault.Invalid, "预览已失效，请重新上传")

// ConfirmRoster takes in the good lines of one's own preview, all or none, and tells
// how many; the same confirmation twice is one import. Errors: Invalid when there is no
// such preview, Conflict when somebody on it was registered since. It needs access.RosterRun.
func (s *Service) ConfirmRoster(ctx context.Context, who access.Actor, token string) (n int, err error) {
	if err := who.Check(access.RosterRun); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var row struct {
			Sealed      []byte  `db:"lines_sealed"`
			ConfirmedAt db.Time `db:"confirmed_at"`
			Taken       int     `db:"taken"`
		}
		err := tx.Get(ctx, &row, `SELECT lines_sealed, confirmed_at, taken FROM roster_imports WHERE key = ? AND account_id = ?`, token, who.AccountID)
		if fault.Is(err, fault.NotFound) {
			return errStale
		}
		if err != nil || !row.ConfirmedAt.IsZero() {
			n = row.Taken
			return err
		}
		if n, err = s.takeIn(ctx, tx, who, token, row.Sealed); err != nil {
			return err
		}
		// The lines are not needed any more; names and phones don't lie about.
		err = tx.Swap(ctx, `UPDATE roster_imports SET confirmed_at = ?, taken = ?, lines_sealed = NULL WHERE key = ? AND confirmed_at IS NULL`, db.At(tx.Now), n, token)
		if err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "mediator.import", audit.Ref{Kind: "roster", Key: token}, n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// takeIn writes the good lines of a kept preview.
func (s *Service) takeIn(ctx context.Context, tx *db.Tx, who access.Actor, token string, sealed []byte) (n int, err error) {
	text, err := s.box.Open("roster_imports.lines:"+token, sealed)
	if err != nil {
		return 0, err
	}
	var im Import
	if err := json.Unmarshal([]byte(text), &im); err != nil {
		return 0, err
	}
	dir := &directory{s: s}
	if err := dir.known(ctx, tx); err != nil {
		return 0, err
	}
	for _, l := range im.Lines {
		if !l.Good() {
			continue
		}
		if dir.match(l.Input) != "" {
			return 0, fault.Newf(fault.Conflict, "第 %d 行的人刚刚被登记了，请重新上传预览", l.Line)
		}
		m, err := s.InsertMediator(ctx, tx, l.Input)
		if fault.Is(err, fault.Invalid) {
			return 0, fault.Newf(fault.Conflict, "第 %d 行的类别、纠纷或社区刚刚有变动，请重新上传预览", l.Line)
		}
		if err == nil {
			err = s.recorded(ctx, tx, who, m, "create", "", "名册导入")
		}
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
