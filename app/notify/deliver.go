package notify

import (
	"context"
	"time"

	"tiaojie/db"
)

// Sender carries a text to a phone. The project ships no vendor's driver: without
// one, text messages are put on the clerk's list to be made known by phone.
type Sender interface {
	// Send returns after the carrier took the text. key is the same for repetitions
	// of one message, so that a carrier can drop them.
	Send(ctx context.Context, key, phone, text string) error
}

// maxTries is how often a message is tried before it goes to the clerk.
const maxTries = 6

// batch bounds how many messages one delivery run takes.
const batch = 50

// Deliver sends what is due and gives the number sent. One loop of the server calls
// it; a message is marked right after the carrier took it.
func (o *Outbox) Deliver(ctx context.Context, sender Sender) (int, error) {
	var due []Entry
	err := o.db.Select(ctx, &due, `SELECT `+columns+` FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL
		AND not_before <= ? AND channel IN ('sms', 'inapp') ORDER BY not_before, id LIMIT ?`, db.At(o.db.Now()), batch)
	if err != nil {
		return 0, err
	}
	if err := o.open(due); err != nil {
		return 0, err
	}
	sent := 0
	for _, e := range due {
		if e.Channel == SMS && sender == nil {
			if err := o.toPhone(ctx, e); err != nil {
				return sent, err
			}
			continue
		}
		var failure error
		if e.Channel == SMS {
			failure = sender.Send(ctx, e.Key, e.To, e.Body)
		}
		if err := o.settle(ctx, e, failure); err != nil {
			return sent, err
		}
		if failure == nil {
			sent++
		}
	}
	return sent, nil
}

// toPhone hands a text that no carrier can take to the clerk's phone list.
func (o *Outbox) toPhone(ctx context.Context, e Entry) error {
	return o.db.Write(ctx, func(tx *db.Tx) error {
		tx.Touch("outbox")
		if e.carriesCode() {
			return o.giveUp(ctx, tx, e, "未接短信通道")
		}
		_, err := tx.Exec(ctx, `UPDATE outbox SET channel = 'phone', last_error = '未接短信通道，请电话告知' WHERE id = ? AND sent_at IS NULL`, e.ID)
		return err
	})
}

// giveUp ends a message that no person may carry in the carrier's place.
func (o *Outbox) giveUp(ctx context.Context, tx *db.Tx, e Entry, why string) error {
	_, err := tx.Exec(ctx, `UPDATE outbox SET dead_at = ?, tries = tries + 1, last_error = ? WHERE id = ? AND sent_at IS NULL`, db.At(tx.Now), why, e.ID)
	return err
}

func (o *Outbox) settle(ctx context.Context, e Entry, failure error) error {
	return o.db.Write(ctx, func(tx *db.Tx) error {
		tx.Touch("outbox")
		if e.Channel == InApp {
			tx.Touch(InboxTopic)
		}
		if failure == nil {
			_, err := tx.Exec(ctx, `UPDATE outbox SET sent_at = ?, tries = tries + 1, last_error = '' WHERE id = ?`, db.At(tx.Now), e.ID)
			return err
		}
		if e.Tries+1 >= maxTries && e.carriesCode() {
			return o.giveUp(ctx, tx, e, "多次发送失败")
		}
		if e.Tries+1 >= maxTries {
			_, err := tx.Exec(ctx, `UPDATE outbox SET channel = 'phone', tries = tries + 1, last_error = '多次发送失败，请电话告知' WHERE id = ?`, e.ID)
			return err
		}
		// 1, 2, 4, 8, 16 minutes: a carrier's short outage costs nobody the message.
		wait := time.Minute << e.Tries
		_, err := tx.Exec(ctx, `UPDATE outbox SET tries = tries + 1, last_error = '发送失败，稍后重试', not_before = ? WHERE id = ?`,
			db.At(tx.Now.Add(wait)), e.ID)
		return err
	})
}
