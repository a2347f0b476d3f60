// Package audit keeps the trail: one row per act, written in the act's own
// transaction, so no act is without its row. Each row's HMAC covers the row and
// the one before it; a changed, removed or reordered row breaks the chain.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Trail writes and verifies the chain of one installation.
type Trail struct{ box *seal.Box }

// New makes a Trail that chains with the box's audit key.
func New(box *seal.Box) *Trail { return &Trail{box: box} }

// Ref names what was acted on: a kind and the public key of the thing.
type Ref struct{ Kind, Key string }

// Row is one entry of the trail. Detail is JSON without personal data in clear.
type Row struct {
	Seq       int64   `db:"seq"`
	At        db.Time `db:"at"`
	Day       string  `db:"day"`
	ActorID   int64   `db:"actor_id"`
	ActorName string  `db:"actor_name"`
	Roles     string  `db:"roles"`
	Action    string  `db:"action"`
	RefKind   string  `db:"ref_kind"`
	Ref       string  `db:"ref"`
	Detail    string  `db:"detail"`
	IP        string  `db:"ip"`
	RequestID string  `db:"request_id"`
	Prev      string  `db:"prev"`
	MAC       string  `db:"mac"`
}

const columns = `seq, at, day, actor_id, actor_name, roles, action, ref_kind, ref, detail, ip, request_id, prev, mac`

// Record appends the act to the trail. action is a verb like "case.accept";
// detail is anything that marshals to JSON, or nil.
func (t *Trail) Record(ctx context.Context, tx *db.Tx, who access.Actor, action string, ref Ref, detail any) error {
	text := ""
	if detail != nil {
		raw, err := json.Marshal(detail)
		if err != nil {
			return fmt.Errorf("audit detail of %s: %w", action, err)
		}
		text = string(raw)
	}
	row := Row{At: db.At(tx.Now), Day: tx.Day(), ActorID: who.AccountID, ActorName: who.Name, Roles: roleText(who),
		Action: action, RefKind: ref.Kind, Ref: ref.Key, Detail: text, IP: who.IP, RequestID: who.RequestID}
	// The head row is locked until the commit: rows get a gapless order on both engines.
	var head struct {
		Seq int64  `db:"seq"`
		MAC string `db:"mac"`
	}
	if err := tx.Get(ctx, &head, `UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, mac`); err != nil {
		return err
	}
	row.Seq, row.Prev = head.Seq, head.MAC
	row.MAC = t.box.AuditMAC(row.Prev, row.canonical())
	_, err := tx.Exec(ctx, `INSERT INTO audit_log (`+columns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		row.Seq, row.At, row.Day, row.ActorID, row.ActorName, row.Roles, row.Action, row.RefKind, row.Ref,
		row.Detail, row.IP, row.RequestID, row.Prev, row.MAC)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE audit_head SET mac = ? WHERE id = 1`, row.MAC)
	return err
}

func roleText(who access.Actor) string {
	if who.IsSystem() {
		return "system"
	}
	names := make([]string, len(who.Roles))
	for i, r := range who.Roles {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}

// canonical spells the row so that no two different rows spell the same.
func (r Row) canonical() string {
	parts := []string{strconv.FormatInt(r.Seq, 10), strconv.FormatInt(r.At.Unix(), 10), r.Day,
		strconv.FormatInt(r.ActorID, 10), r.ActorName, r.Roles, r.Action, r.RefKind, r.Ref, r.Detail, r.IP, r.RequestID}
	raw, _ := json.Marshal(parts) // strings always marshal
	return string(raw)
}

// Break is the first place at which the chain does not hold.
type Break struct {
	Seq int64
	Why string
}

// Verify walks the whole chain and gives the number of rows and the first break, nil for a whole chain.
func (t *Trail) Verify(ctx context.Context, d *db.DB) (int64, *Break, error) {
	// The head is read first: rows written while the walk runs only make it longer.
	head, err := t.Head(ctx, d)
	if err != nil {
		return 0, nil, err
	}
	rows, err := d.Rows(ctx, `SELECT `+columns+` FROM audit_log ORDER BY seq`)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	var n int64
	prev := ""
	for rows.Next() {
		var r Row
		if err := rows.StructScan(&r); err != nil {
			return n, nil, err
		}
		n++
		switch {
		case r.Seq != n:
			return n, &Break{n, "缺少这一行，或顺序被改过"}, nil
		case r.Prev != prev, !seal.Equal(r.MAC, t.box.AuditMAC(r.Prev, r.canonical())):
			return n, &Break{n, "这一行的内容与校验值不符"}, nil
		}
		prev = r.MAC
	}
	if err := rows.Err(); err != nil {
		return n, nil, err
	}
	broken, err := t.CheckHead(ctx, d, head)
	return n, broken, err
}

// Filter narrows a reading of the trail; zero fields don't.
type Filter struct {
	Action, RefKind, Ref, Day string
	ActorID                   int64
	Before                    int64 // seq; keyset paging, newest first
	Limit                     int
}

// List reads the trail, newest first. It needs access.AuditRead.
func (t *Trail) List(ctx context.Context, d db.Reader, who access.Actor, f Filter) ([]Row, error) {
	if err := who.Check(access.AuditRead); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 50
	}
	where, args := []string{"1 = 1"}, []any{}
	add := func(cond string, on bool, arg any) {
		if on {
			where, args = append(where, cond), append(args, arg)
		}
	}
	add("action = ?", f.Action != "", f.Action)
	add("ref_kind = ?", f.RefKind != "", f.RefKind)
	add("ref = ?", f.Ref != "", f.Ref)
	add("day = ?", f.Day != "", f.Day)
	add("actor_id = ?", f.ActorID != 0, f.ActorID)
	add("seq < ?", f.Before != 0, f.Before)
	var rows []Row
	err := d.Select(ctx, &rows, `SELECT `+columns+` FROM audit_log WHERE `+strings.Join(where, " AND ")+
		` ORDER BY seq DESC LIMIT ?`, append(args, f.Limit)...)
	return rows, err
}

// Head gives the chain's newest position, to be kept outside the database: only
// with it can a trail be found that was cut off at its end.
func (t *Trail) Head(ctx context.Context, d db.Reader) (string, error) {
	var head struct {
		Seq int64  `db:"seq"`
		MAC string `db:"mac"`
	}
	err := d.Get(ctx, &head, `SELECT seq, mac FROM audit_head WHERE id = 1`)
	return fmt.Sprintf("%d %s", head.Seq, head.MAC), err
}

// CheckHead tells whether a head kept outside still stands in the chain.
func (t *Trail) CheckHead(ctx context.Context, d db.Reader, kept string) (*Break, error) {
	seqText, mac, _ := strings.Cut(strings.TrimSpace(kept), " ")
	seq, err := strconv.ParseInt(seqText, 10, 64)
	if err != nil {
		return &Break{0, "外部保存的链头无法读取"}, nil
	}
	if seq == 0 {
		return nil, nil
	}
	var got string
	err = d.Get(ctx, &got, `SELECT mac FROM audit_log WHERE seq = ?`, seq)
	if fault.Is(err, fault.NotFound) || err == nil && got != mac {
		return &Break{seq, "外部保存的链头在库中找不到：末尾可能被截断"}, nil
	}
	return nil, err
}
