package papers

import (
	"context"
	"encoding/json"
	"fmt"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Slip is what somebody typed for a paper, as it stands.
type Slip struct {
	ID       int64   `db:"id"`
	Key      string  `db:"key"`
	Kind     string  `db:"kind"`
	Subject  string  `db:"subject"`
	Sealed   []byte  `db:"sealed"`
	Version  int64   `db:"version"` // 0 for one that nobody has written yet
	EditedBy string  `db:"edited_by"`
	EditedAt db.Time `db:"edited_at"`
	Values   Values  `db:"-"`
}

const slipColumns = `id, key, kind, subject, sealed, version, edited_by, edited_at`

func slipPlace(key string, version int64) string {
	return fmt.Sprintf("paper_slips.sealed:%s/%d", key, version)
}

func (p *Press) openSlip(x *Slip) error {
	text, err := p.s.box.Open(slipPlace(x.Key, x.Version), x.Sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), &x.Values)
}

// slips opens those of a case in the order in which they were begun.
func (p *Press) slips(ctx context.Context, r db.Reader, caseID int64) ([]Slip, error) {
	var out []Slip
	err := r.Select(ctx, &out, `SELECT `+slipColumns+` FROM paper_slips WHERE case_id = ? AND removed_at IS NULL ORDER BY id`, caseID)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if err := p.openSlip(&out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ofSlips puts what was typed into the facts, kind by kind.
func (p *Press) ofSlips(ctx context.Context, r db.Reader, f *Facts) error {
	all, err := p.slips(ctx, r, f.Case.ID)
	if err != nil {
		return err
	}
	for _, k := range Kinds {
		for _, x := range all {
			if x.Kind != k.Code {
				continue
			}
			i := len(f.Subjects[k.Per])
			if k.Grows() {
				f.Add(k.Per, x.Subject, k.nameOf(x))
			} else if i, _, err = f.index(k.Per, x.Subject); err != nil {
				continue // the agent or guest that it was about is gone
			}
			k.put(&f.Paper, i, x.Values)
		}
	}
	return nil
}

// nameOf tells slips of a kind apart in a list.
func (k Kind) nameOf(x Slip) string {
	return x.Values["asked"] + " " + x.Values["day"]
}

// SlipPage is a slip as its form shows it.
type SlipPage struct {
	Case    docket.Case
	Kind    Kind
	Subject Subject
	Slip    Slip
	Past    []Slip // earlier versions, newest first
}

// Slip opens a slip for the form of who may fill it. The subject "new" is one more of a kind that grows.
func (p *Press) Slip(ctx context.Context, who access.Actor, caseKey, kind, subject string) (SlipPage, error) {
	var d SlipPage
	c, err := p.enterToWork(ctx, p.s.db, who, caseKey)
	if err != nil {
		return d, err
	}
	d.Case = c
	f, err := p.load(ctx, p.s.db, c)
	if err != nil {
		return d, err
	}
	if d.Kind, d.Subject, err = about(f, kind, subject); err != nil {
		return d, err
	}
	d.Slip.Values = Values{}
	if i, _, err := f.index(d.Kind.Per, subject); err == nil && d.Kind.start != nil {
		d.Slip.Values = d.Kind.start(f, i)
	}
	if subject == newSubject {
		return d, nil
	}
	err = p.findSlip(ctx, p.s.db, c.ID, kind, subject, &d.Slip)
	if fault.Is(err, fault.NotFound) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Past, err = p.past(ctx, d.Slip)
	return d, err
}

const newSubject = "new"

// about finds the kind of slip and whom it is for.
func about(f *Facts, kind, subject string) (Kind, Subject, error) {
	k, ok := KindOf(kind)
	if !ok {
		return k, Subject{}, errNoPaper
	}
	if k.Grows() && subject == newSubject {
		return k, Subject{newSubject, ""}, nil
	}
	if (k.Per == forms.PerCase) != (subject == "") {
		return k, Subject{}, errNoPaper
	}
	i, s, err := f.index(k.Per, subject)
	if err == nil && k.only != nil && !k.only(f.Paper.Parties[i]) {
		err = errNoPaper
	}
	return k, s, err
}

func (p *Press) findSlip(ctx context.Context, r db.Reader, caseID int64, kind, subject string, into *Slip) error {
	var x Slip
	err := r.Get(ctx, &x, `SELECT `+slipColumns+` FROM paper_slips WHERE case_id = ? AND kind = ? AND subject = ? AND removed_at IS NULL`, caseID, kind, subject)
	if err != nil {
		return err
	}
	*into = x
	into.Values = nil
	return p.openSlip(into)
}

func (p *Press) past(ctx context.Context, x Slip) ([]Slip, error) {
	var out []Slip
	err := p.s.db.Select(ctx, &out, `SELECT version, sealed, edited_by, edited_at FROM paper_slip_versions WHERE slip_id = ? AND version < ?
		ORDER BY version DESC LIMIT 50`, x.ID, x.Version)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Key = x.Key
		if err := p.openSlip(&out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveSlip keeps a slip. A form based on an older version is refused and loses nothing, for it
// comes back as it was typed. What is printed already stays as it is. Form fields: those of the kind.
func (p *Press) SaveSlip(ctx context.Context, who access.Actor, caseKey, kind, subject string, version int64, idem string, in Values) error {
	k, ok := KindOf(kind)
	if !ok {
		return errNoPaper
	}
	values, err := k.clean(in)
	if err != nil {
		return err
	}
	return p.s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := p.enterToWork(ctx, tx, who, caseKey)
		if err != nil {
			return err
		}
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		f, err := p.load(ctx, tx, c)
		if err != nil {
			return err
		}
		if _, _, err := about(f, kind, subject); err != nil {
			return err
		}
		if version, err = p.putSlip(ctx, tx, who, c, k, subject, version, values); err != nil {
			return err
		}
		return p.s.trail.Record(ctx, tx, who, "slip.save", audit.Ref{Kind: "case", Key: c.Key}, map[string]any{"kind": kind, "version": version})
	})
}

func (p *Press) putSlip(ctx context.Context, tx *db.Tx, who access.Actor, c docket.Case, k Kind, subject string, version int64, v Values) (int64, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return 0, err
	}
	var x Slip
	err = tx.Get(ctx, &x, `SELECT `+slipColumns+` FROM paper_slips WHERE case_id = ? AND kind = ? AND subject = ?`, c.ID, k.Code, subject)
	switch {
	case fault.Is(err, fault.NotFound):
		x = Slip{Key: seal.NewKey()}
		if subject == newSubject {
			subject = x.Key
		}
		sealed := p.s.box.Seal(slipPlace(x.Key, 1), string(raw))
		x.ID, err = tx.Insert(ctx, `INSERT INTO paper_slips (key, case_id, kind, subject, sealed, edited_by, edited_at) VALUES (?,?,?,?,?,?,?) RETURNING id`,
			x.Key, c.ID, k.Code, subject, sealed, who.Name, db.At(tx.Now))
		if err != nil {
			return 0, err
		}
		return 1, p.keepSlip(ctx, tx, who, x.ID, 1, sealed)
	case err != nil:
		return 0, err
	}
	next := x.Version + 1
	sealed := p.s.box.Seal(slipPlace(x.Key, next), string(raw))
	if err := tx.Swap(ctx, `UPDATE paper_slips SET sealed=?, version=?, edited_by=?, edited_at=?, removed_at=NULL WHERE id=? AND version=?`,
		sealed, next, who.Name, db.At(tx.Now), x.ID, version); err != nil {
		return 0, err
	}
	return next, p.keepSlip(ctx, tx, who, x.ID, next, sealed)
}

func (p *Press) keepSlip(ctx context.Context, tx *db.Tx, who access.Actor, id, version int64, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO paper_slip_versions (slip_id, version, sealed, edited_by, edited_at) VALUES (?,?,?,?,?)`,
		id, version, sealed, who.Name, db.At(tx.Now))
	return err
}

// RemoveSlip takes one of a growing kind off the case; its versions stay.
func (p *Press) RemoveSlip(ctx context.Context, who access.Actor, caseKey, kind, subject string, version int64) error {
	k, ok := KindOf(kind)
	if !ok || !k.Grows() {
		return errNoPaper
	}
	return p.s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := p.enterToWork(ctx, tx, who, caseKey)
		if err != nil {
			return err
		}
		var x Slip
		if err := p.findSlip(ctx, tx, c.ID, kind, subject, &x); err != nil {
			return errNoPaper
		}
		if err := tx.Swap(ctx, `UPDATE paper_slips SET removed_at=? WHERE id=? AND version=? AND removed_at IS NULL`, db.At(tx.Now), x.ID, version); err != nil {
			return err
		}
		return p.s.trail.Record(ctx, tx, who, "slip.remove", audit.Ref{Kind: "case", Key: c.Key}, map[string]any{"kind": kind})
	})
}
