package notify

import (
	"context"
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// InboxTopic is touched when somebody's in-app messages come or are read.
const InboxTopic = "inbox"

// arrived are the in-app messages that stand in a person's inbox: a later one is there once it is due.
const arrived = `account_id = ? AND ` + inInbox

const inInbox = `channel = 'inapp' AND sent_at IS NOT NULL`

// UnreadOf is the number of unread messages of an account, as a part of a query that
// finds the account: each page shows it, and must not pay a query of its own for it.
func UnreadOf(account string) string {
	return `(SELECT COUNT(*) FROM outbox WHERE account_id = ` + account + ` AND ` + inInbox + ` AND read_at IS NULL)`
}

// Inbox narrows a person's own in-app messages.
type Inbox struct {
	State  string // unread, read; "" for both, unread first
	Before string // where the page before ended, "" for the first
	Limit  int
}

// InboxPage is one page of messages; Next is the Before of the page after, "" at the end.
type InboxPage struct {
	Entries []Entry
	Next    string
}

// Inbox reads the person's own in-app messages: unread ones first, each part newest first.
func (o *Outbox) Inbox(ctx context.Context, who access.Actor, in Inbox) (page InboxPage, err error) {
	if who.AccountID == 0 {
		return page, who.Check(access.StaffOnly)
	}
	if in.Limit <= 0 || in.Limit > 200 {
		in.Limit = 50
	}
	part, id := position(in.Before)
	for _, p := range []string{"unread", "read"} {
		if in.State != "" && in.State != p || part == "read" && p == "unread" {
			continue
		}
		before := int64(0)
		if p == part {
			before = id
		}
		// One more than fits tells whether there is a page after.
		more, err := o.inboxPart(ctx, who.AccountID, p, before, in.Limit+1-len(page.Entries))
		if err != nil {
			return page, err
		}
		page.Entries = append(page.Entries, more...)
		if len(page.Entries) > in.Limit {
			page.Entries = page.Entries[:in.Limit]
			page.Next = page.Entries[in.Limit-1].position()
			break
		}
	}
	return page, o.open(page.Entries)
}

func (o *Outbox) inboxPart(ctx context.Context, accountID int64, part string, before int64, limit int) ([]Entry, error) {
	where, args := arrived+` AND read_at IS NULL`, []any{accountID}
	if part == "read" {
		where = arrived + ` AND read_at IS NOT NULL`
	}
	if before != 0 {
		where, args = where+` AND id < ?`, append(args, before)
	}
	var out []Entry
	return out, o.db.Select(ctx, &out, `SELECT `+columns+` FROM outbox WHERE `+where+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
}

// position is where a page that ends with the message goes on.
func (e Entry) position() string {
	if e.ReadAt.IsZero() {
		return "unread-" + strconv.FormatInt(e.ID, 10)
	}
	return "read-" + strconv.FormatInt(e.ID, 10)
}

func position(text string) (part string, id int64) {
	part, number, _ := strings.Cut(text, "-")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || part != "unread" && part != "read" {
		return "", 0
	}
	return part, id
}

// Read marks one of the person's own messages as read, and gives it. Errors: NotFound
// for somebody else's. Reading is no act on anything, so the trail has no line of it.
func (o *Outbox) Read(ctx context.Context, who access.Actor, key string) (Entry, error) {
	if who.AccountID == 0 {
		return Entry{}, who.Check(access.StaffOnly)
	}
	var e Entry
	err := o.db.Write(ctx, func(tx *db.Tx) error {
		err := tx.Get(ctx, &e, `UPDATE outbox SET read_at = COALESCE(read_at, ?) WHERE key = ? AND `+arrived+` RETURNING `+columns,
			db.At(tx.Now), key, who.AccountID)
		tx.Touch(InboxTopic)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "没有找到这条消息")
	}
	if err != nil {
		return Entry{}, err
	}
	return e, o.open([]Entry{e})
}

// ReadAll marks the person's messages as read, up to the newest one that the person
// saw: what came since stays unread.
func (o *Outbox) ReadAll(ctx context.Context, who access.Actor, upTo int64) error {
	if who.AccountID == 0 {
		return who.Check(access.StaffOnly)
	}
	return o.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE outbox SET read_at = ? WHERE `+arrived+` AND read_at IS NULL AND id <= ?`, db.At(tx.Now), who.AccountID, upTo)
		tx.Touch(InboxTopic)
		return err
	})
}
