// Package notify keeps the outbox: a message is a row written in the transaction
// of the act it tells about, so nothing is announced that did not happen and
// nothing that happened stays untold. Delivery comes after, with retries.
package notify

import (
	"context"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Channel is how a message reaches a person.
type Channel string

const (
	SMS    Channel = "sms"    // 短信
	InApp  Channel = "inapp"  // 站内消息, to a staff account
	Letter Channel = "letter" // 书面, printed by the clerk
	Phone  Channel = "phone"  // 电话, a call for the clerk to make
)

// CodeKind ends the kind of every message that carries a one-time code.
const CodeKind = ".code"

// Message is one thing to tell one person.
type Message struct {
	Kind      string    // what it is about: "case.received", "booking.reminder"
	Channel   Channel   //
	AccountID int64     // for InApp
	CaseKey   string    // the case it belongs to, "" for none
	ToName    string    // how the person is addressed, masked where it is shown
	To        string    // phone or postal address; sealed
	Body      string    // the text as sent; sealed
	Dedup     string    // the same Dedup is never sent twice
	NotBefore time.Time // zero means at once
}

// Entry is a message as read from the outbox.
type Entry struct {
	ID        int64   `db:"id"`
	Key       string  `db:"key"`
	Dedup     string  `db:"dedup"`
	Kind      string  `db:"kind"`
	Channel   Channel `db:"channel"`
	AccountID *int64  `db:"account_id"`
	CaseKey   string  `db:"case_key"`
	ToName    string  `db:"to_name"`
	ToSealed  []byte  `db:"to_sealed"`
	Sealed    []byte  `db:"body_sealed"`
	CreatedAt db.Time `db:"created_at"`
	NotBefore db.Time `db:"not_before"`
	Tries     int     `db:"tries"`
	LastError string  `db:"last_error"`
	SentAt    db.Time `db:"sent_at"`
	DeadAt    db.Time `db:"dead_at"`
	ReadAt    db.Time `db:"read_at"`
	HandledBy string  `db:"handled_by"`
	To        string  `db:"-"`
	Body      string  `db:"-"`
}

const columns = `id, key, dedup, kind, channel, account_id, case_key, to_name, to_sealed, body_sealed, created_at,
	not_before, tries, last_error, sent_at, dead_at, read_at, handled_by`

// Outbox writes and delivers messages.
type Outbox struct {
	db  *db.DB
	box *seal.Box
}

// New makes the Outbox.
func New(d *db.DB, box *seal.Box) *Outbox { return &Outbox{db: d, box: box} }

// Send puts a message in the outbox, in the caller's transaction. A message with a
// Dedup that is there already is left as it is.
func (o *Outbox) Send(ctx context.Context, tx *db.Tx, m Message) error {
	key := seal.NewKey()
	if m.Dedup == "" {
		m.Dedup = key
	}
	var account *int64
	if m.AccountID != 0 {
		account = &m.AccountID
	}
	when := m.NotBefore
	if when.IsZero() {
		when = tx.Now
	}
	var sent db.Time
	if m.Channel == InApp && !when.After(tx.Now) {
		sent = db.At(tx.Now) // no carrier is needed: it stands in the inbox with the act
		tx.Touch(InboxTopic)
	}
	_, err := tx.Exec(ctx, `INSERT INTO outbox (key, dedup, kind, channel, account_id, case_key, to_name, to_sealed,
		body_sealed, created_at, not_before, sent_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (dedup) DO NOTHING`,
		key, m.Dedup, m.Kind, m.Channel, account, m.CaseKey, m.ToName, o.box.Seal("outbox.to:"+key, m.To),
		o.box.Seal("outbox.body:"+key, m.Body), db.At(tx.Now), db.At(when), sent)
	tx.Touch("outbox")
	return err
}

// Withdraw takes back unsent messages whose Dedup begins with prefix: the reminders
// of a booking that moved.
func (o *Outbox) Withdraw(ctx context.Context, tx *db.Tx, prefix string) error {
	_, err := tx.Exec(ctx, `UPDATE outbox SET dead_at = ?, last_error = '已撤回' WHERE sent_at IS NULL AND dead_at IS NULL
		AND dedup >= ? AND dedup < ?`, db.At(tx.Now), prefix, prefix+"\U0010FFFF")
	tx.Touch("outbox")
	return err
}

func (o *Outbox) open(entries []Entry) error {
	for i := range entries {
		e := &entries[i]
		var err error
		if e.To, err = o.box.Open("outbox.to:"+e.Key, e.ToSealed); err != nil {
			return err
		}
		if e.Body, err = o.box.Open("outbox.body:"+e.Key, e.Sealed); err != nil {
			return err
		}
	}
	return nil
}

// Filter narrows a list of messages; zero fields don't.
type Filter struct {
	Channel Channel
	State   string // waiting, sent, failed
	CaseKey string
	Before  int64 // id; keyset paging, newest first
	Limit   int
}

// List reads messages, newest first. It needs access.Outbox. It tells that a one-time code
// was sent, and never the code.
func (o *Outbox) List(ctx context.Context, who access.Actor, f Filter) ([]Entry, error) {
	if err := who.Check(access.Outbox); err != nil {
		return nil, err
	}
	entries, err := o.list(ctx, f)
	for i := range entries {
		if entries[i].carriesCode() {
			entries[i].Body = "验证码只发给本人，这里不显示"
		}
	}
	return entries, err
}

// carriesCode tells of a message that opens somebody's door: whoever reads it could go in
// under that person's name, so it is for the phone it is sent to and for nobody else.
func (e Entry) carriesCode() bool { return strings.HasSuffix(e.Kind, CodeKind) }

// ListAll reads messages for the demonstration's outbox page, which stands in for
// the phones of people who don't exist. Callers must be in demo mode.
func (o *Outbox) ListAll(ctx context.Context, f Filter) ([]Entry, error) { return o.list(ctx, f) }

func (o *Outbox) list(ctx context.Context, f Filter) ([]Entry, error) {
	where, args := `1 = 1`, []any{}
	add := func(on bool, cond string, arg ...any) {
		if on {
			where += " AND " + cond
			args = append(args, arg...)
		}
	}
	add(f.Channel != "", "channel = ?", f.Channel)
	add(f.State == "waiting", "sent_at IS NULL AND dead_at IS NULL")
	add(f.State == "sent", "sent_at IS NOT NULL")
	add(f.State == "failed", "dead_at IS NOT NULL")
	add(f.CaseKey != "", "case_key = ?", f.CaseKey)
	add(f.Before != 0, "id < ?", f.Before)
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	var entries []Entry
	err := o.db.Select(ctx, &entries, `SELECT `+columns+` FROM outbox WHERE `+where+` ORDER BY id DESC LIMIT ?`, append(args, f.Limit)...)
	if err != nil {
		return nil, err
	}
	return entries, o.open(entries)
}

// Handled notes that a person carried the message: the call was made, the letter posted.
// record writes it on the trail, in the same transaction.
func (o *Outbox) Handled(ctx context.Context, who access.Actor, key, how string, record func(tx *db.Tx) error) error {
	if err := who.Check(access.Outbox); err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *db.Tx) error {
		tx.Touch("outbox")
		n, err := tx.Exec(ctx, `UPDATE outbox SET sent_at = ?, dead_at = NULL, handled_by = ?, last_error = ?
			WHERE key = ? AND sent_at IS NULL`, db.At(tx.Now), who.Name, how, key)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "这条消息已经处理过了")
		}
		if err != nil {
			return err
		}
		return record(tx)
	})
}
