package papers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Edit is one part of the record as a device sends it.
type Edit struct {
	Name     string
	PartyKey string
	Text     string
	Version  int64 // the version the device began from; 0 for a part not yet written
}

// Field is the part's name in a form: name, or name~party.
func (e Edit) Field() string {
	if e.PartyKey == "" {
		return e.Name
	}
	return e.Name + "~" + e.PartyKey
}

// Saved is what became of an Edit. With Rival set the text did not become the
// record: somebody else had saved meanwhile. It is kept, and the difference page
// under that key lets a person choose.
type Saved struct {
	Version int64
	At      db.Time
	Rival   string
}

// maxText bounds one part; a record of 10,000 characters is long already.
const maxText = 60_000

func (s *Service) fieldPlace(recordKey, name, party string, version int64) string {
	return fmt.Sprintf("record_parts:%s/%s/%s/%d", recordKey, name, party, version)
}

func (s *Service) rivalPlace(key string) string { return "record_part_versions:" + key }

// Save stores one part of the record. The same text again changes nothing. A text
// based on an older version is kept as a rival and never overwrites.
func (s *Service) Save(ctx context.Context, who access.Actor, recordKey string, in Edit) (Saved, error) {
	saved, err := s.SaveAll(ctx, who, recordKey, []Edit{in})
	if err != nil {
		return Saved{}, err
	}
	return saved[0], nil
}

// SaveAll stores several parts as Save does: all of them, or none with an error.
func (s *Service) SaveAll(ctx context.Context, who access.Actor, recordKey string, edits []Edit) ([]Saved, error) {
	form := fault.Form{}
	for _, in := range edits {
		if part, ok := partOf(in.Name); !ok || part.PerParty == (in.PartyKey == "") {
			return nil, fault.New(fault.NotFound, "笔录没有这一部分")
		}
		form.Check(len(in.Text) <= maxText, in.Field(), "这一部分太长了，请分次记录")
	}
	if err := form.Err(); err != nil {
		return nil, err
	}
	var out []Saved
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out = make([]Saved, len(edits))
		rec, err := s.forWork(ctx, tx, who, recordKey)
		if err != nil {
			return err
		}
		if rec.State != Running {
			return fault.New(fault.Conflict, "这次调解不在进行中，笔录不能再改；需要更正请写入卷宗情况说明")
		}
		for i, in := range edits {
			part, _ := partOf(in.Name)
			if err := rec.ownNotes(who, part); err != nil {
				return err
			}
			if in.PartyKey != "" {
				if err := s.isParty(ctx, tx, rec.ID, in.PartyKey); err != nil {
					return err
				}
			}
			if out[i], err = s.save(ctx, tx, who, rec, in); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (s *Service) save(ctx context.Context, tx *db.Tx, who access.Actor, rec Record, in Edit) (Saved, error) {
	now := Saved{At: db.At(tx.Now)}
	old, err := s.field(ctx, tx, rec, in.Name, in.PartyKey)
	switch {
	case fault.Is(err, fault.NotFound):
		if in.Version != 0 {
			return now, fault.New(fault.Conflict, "这份笔录的版本对不上，请刷新页面")
		}
		now.Version = 1
		return now, s.insertField(ctx, tx, who, rec, in)
	case err != nil:
		return now, err
	case old.Text == in.Text: // a device that repeats what was saved has lost nothing
		now.Version = old.Version
		return now, nil
	case old.Version != in.Version:
		now.Version = old.Version
		now.Rival, err = s.keepRival(ctx, tx, who, old, in.Text)
		return now, err
	}
	now.Version = old.Version + 1
	return now, s.updateField(ctx, tx, who, rec, old, in.Text)
}

func (s *Service) insertField(ctx context.Context, tx *db.Tx, who access.Actor, rec Record, in Edit) error {
	id, err := tx.Insert(ctx, `INSERT INTO record_parts (record_id, name, party_key, text_sealed, version, edited_by, edited_at)
		VALUES (?,?,?,?,1,?,?) RETURNING id`, rec.ID, in.Name, in.PartyKey,
		s.box.Seal(s.fieldPlace(rec.Key, in.Name, in.PartyKey, 1), in.Text), who.Name, db.At(tx.Now))
	if err != nil {
		return err
	}
	return s.keepVersion(ctx, tx, who, id, 1, in.Text, false, seal.NewKey())
}

func (s *Service) updateField(ctx context.Context, tx *db.Tx, who access.Actor, rec Record, old Field, text string) error {
	next := old.Version + 1
	err := tx.Swap(ctx, `UPDATE record_parts SET text_sealed=?, version=?, edited_by=?, edited_at=? WHERE id=? AND version=?`,
		s.box.Seal(s.fieldPlace(rec.Key, old.Name, old.PartyKey, next), text), next, who.Name, db.At(tx.Now), old.ID, old.Version)
	if err != nil {
		return err
	}
	return s.keepVersion(ctx, tx, who, old.ID, next, text, false, seal.NewKey())
}

func (s *Service) keepVersion(ctx context.Context, tx *db.Tx, who access.Actor, fieldID, version int64, text string, rival bool, key string) error {
	_, err := tx.Exec(ctx, `INSERT INTO record_part_versions (part_id, version, key, rival, text_sealed, account_id, edited_by, edited_at) VALUES (?,?,?,?,?,?,?,?)`,
		fieldID, version, key, rival, s.box.Seal(s.rivalPlace(key), text), who.AccountID, who.Name, db.At(tx.Now))
	return err
}

// keepRival stores the losing text, one open rival per account and part: further
// typing on the stale device replaces the text, it does not pile up.
func (s *Service) keepRival(ctx context.Context, tx *db.Tx, who access.Actor, old Field, text string) (string, error) {
	var key string
	err := tx.Get(ctx, &key, `SELECT key FROM record_part_versions WHERE part_id = ? AND rival AND settled_at IS NULL AND account_id = ?
		ORDER BY id DESC LIMIT 1`, old.ID, who.AccountID)
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE record_part_versions SET text_sealed=?, version=?, edited_at=? WHERE key=?`,
			s.box.Seal(s.rivalPlace(key), text), old.Version, db.At(tx.Now), key)
		return key, err
	}
	if !fault.Is(err, fault.NotFound) {
		return "", err
	}
	key = seal.NewKey()
	return key, s.keepVersion(ctx, tx, who, old.ID, old.Version, text, true, key)
}

// Difference is two texts of one part, for a person to choose from.
type Difference struct {
	Record   Record
	Part     Part
	PartyKey string
	Current  Field
	Rival    string // the text that was not taken
	RivalKey string
	By       string
	At       db.Time
}

// Difference opens the page of a rival text.
func (s *Service) Difference(ctx context.Context, who access.Actor, recordKey, rivalKey string) (Difference, error) {
	return s.difference(ctx, s.db, who, recordKey, rivalKey)
}

func (s *Service) difference(ctx context.Context, r db.Reader, who access.Actor, recordKey, rivalKey string) (Difference, error) {
	var d Difference
	rec, err := s.forWork(ctx, r, who, recordKey)
	if err != nil {
		return d, err
	}
	var row struct {
		Name     string  `db:"name"`
		PartyKey string  `db:"party_key"`
		Sealed   []byte  `db:"text_sealed"`
		By       string  `db:"edited_by"`
		At       db.Time `db:"edited_at"`
	}
	err = r.Get(ctx, &row, `SELECT f.name, f.party_key, v.text_sealed, v.edited_by, v.edited_at FROM record_part_versions v
		JOIN record_parts f ON f.id = v.part_id WHERE v.key = ? AND v.rival AND v.settled_at IS NULL AND f.record_id = ?`, rivalKey, rec.ID)
	if err != nil {
		return d, err
	}
	d = Difference{Record: rec, PartyKey: row.PartyKey, RivalKey: rivalKey, By: row.By, At: row.At}
	d.Part, _ = partOf(row.Name)
	if err := rec.ownNotes(who, d.Part); err != nil {
		return Difference{}, errNoRecord
	}
	if d.Rival, err = s.box.Open(s.rivalPlace(rivalKey), row.Sealed); err != nil {
		return d, err
	}
	d.Current, err = s.field(ctx, r, rec, row.Name, row.PartyKey)
	return d, err
}

// Settle ends a difference with the text that a person chose or joined. version is
// the version that was on the page; if the part moved on again, a new look is needed.
func (s *Service) Settle(ctx context.Context, who access.Actor, recordKey, rivalKey, text string, version int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := s.difference(ctx, tx, who, recordKey, rivalKey)
		if err != nil {
			return err
		}
		if d.Record.State != Running {
			return fault.New(fault.Conflict, "这次调解不在进行中，笔录不能再改")
		}
		if d.Current.Version != version {
			return fault.New(fault.Conflict, "这一部分刚刚又被改过，请再看一次差别")
		}
		if text != d.Current.Text {
			if err := s.updateField(ctx, tx, who, d.Record, d.Current, text); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `UPDATE record_part_versions SET settled_at = ? WHERE key = ?`, db.At(tx.Now), rivalKey)
		return err
	})
}

func (s *Service) field(ctx context.Context, r db.Reader, rec Record, name, party string) (Field, error) {
	var f Field
	err := r.Get(ctx, &f, `SELECT id, record_id, name, party_key, text_sealed, version, edited_by, edited_at FROM record_parts
		WHERE record_id = ? AND name = ? AND party_key = ?`, rec.ID, name, party)
	if err != nil {
		return f, err
	}
	f.Text, err = s.box.Open(s.fieldPlace(rec.Key, name, party, f.Version), f.Sealed)
	return f, err
}

// fields opens all parts of a session that the reader may see: private ones that the
// reader may not are not even read.
func (s *Service) fields(ctx context.Context, r db.Reader, rec Record, may alone) ([]Field, error) {
	query, args := `SELECT id, record_id, name, party_key, text_sealed, version, edited_by, edited_at FROM record_parts WHERE record_id = ?`, []any{rec.ID}
	if !may.all {
		query += ` AND (name <> 'caucus'`
		for _, party := range may.parties {
			query, args = query+` OR party_key = ?`, append(args, party)
		}
		query += `)`
	}
	var out []Field
	if err := r.Select(ctx, &out, query+` ORDER BY id`, args...); err != nil {
		return nil, err
	}
	for i := range out {
		f := &out[i]
		var err error
		if f.Text, err = s.box.Open(s.fieldPlace(rec.Key, f.Name, f.PartyKey, f.Version), f.Sealed); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// mark is the fingerprint of the record's common parts: a read-back counts only for
// the text that was read.
func mark(fields []Field) string {
	h := sha256.New()
	for _, p := range Parts {
		if p.Private {
			continue
		}
		for _, f := range fields {
			if f.Name == p.Name {
				fmt.Fprintf(h, "%s|%s|%d|%s\n", f.Name, f.PartyKey, len(f.Text), f.Text)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
