package calendar

import (
	"context"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"

	ics "github.com/arran4/golang-ical"
)

// Feed is a calendar that its owner subscribed to.
type Feed struct {
	ID         int64   `db:"id"`
	Key        string  `db:"key"`
	ResourceID int64   `db:"resource_id"`
	CreatedAt  db.Time `db:"created_at"`
	RevokedAt  db.Time `db:"revoked_at"`
}

// NewFeed makes a calendar link for a mediator's or liaison's own time. The token is
// shown once; a former link of the same person stays until revoked. A form that comes
// twice (idem) makes one link, and the second answer has no token any more.
func (s *Service) NewFeed(ctx context.Context, who access.Actor, idem string, kind Kind, refID int64) (token string, err error) {
	if err := mayKeep(who, kind, refID); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.known(ctx, tx, kind, refID)
		if err != nil {
			return err
		}
		_, first, err := tx.Claim(ctx, idem)
		if token = ""; err != nil || !first {
			return err
		}
		token = seal.NewToken()
		_, err = tx.Exec(ctx, `INSERT INTO calendar_feeds (key, resource_id, token_hash, created_at) VALUES (?,?,?,?)`,
			seal.NewKey(), id, s.box.HashToken("feed", token), db.At(tx.Now))
		if err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "feed.create", audit.Ref{Kind: "feed"}, nil)
	})
	return token, err
}

// Feeds lists the links of somebody's calendar that still work.
func (s *Service) Feeds(ctx context.Context, who access.Actor, kind Kind, refID int64) ([]Feed, error) {
	if err := mayKeep(who, kind, refID); err != nil {
		return nil, err
	}
	var out []Feed
	return out, s.db.Select(ctx, &out, `SELECT f.id, f.key, f.resource_id, f.created_at, f.revoked_at FROM calendar_feeds f
		JOIN resources x ON x.id = f.resource_id WHERE x.kind = ? AND x.ref_id = ? AND f.revoked_at IS NULL ORDER BY f.id`, kind, refID)
}

// RevokeFeed ends a link: whoever holds it gets 404 from then on.
func (s *Service) RevokeFeed(ctx context.Context, who access.Actor, kind Kind, refID int64, key string) error {
	if err := mayKeep(who, kind, refID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.known(ctx, tx, kind, refID)
		if err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE calendar_feeds SET revoked_at = ? WHERE key = ? AND resource_id = ? AND revoked_at IS NULL`, db.At(tx.Now), key, id); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "feed.revoke", audit.Ref{Kind: "feed", Key: key}, nil)
	})
}

// FeedOwner tells whose calendar a token opens. Errors: NotFound for an unknown or revoked token.
func (s *Service) FeedOwner(ctx context.Context, token string) (kind Kind, refID int64, err error) {
	var x struct {
		Kind Kind  `db:"kind"`
		Ref  int64 `db:"ref_id"`
	}
	err = s.db.Get(ctx, &x, `SELECT x.kind, x.ref_id FROM calendar_feeds f JOIN resources x ON x.id = f.resource_id
		WHERE f.token_hash = ? AND f.revoked_at IS NULL`, s.box.HashToken("feed", token))
	return x.Kind, x.Ref, err
}

// keepCancelled is how long a cancelled entry stays in a feed, so that calendars that
// fetch seldom still learn of it.
const keepCancelled = 90 * 24 * time.Hour

// RenderFeed writes the calendar behind a token. It tells times and places; no names
// of parties, nothing of the dispute. Errors: NotFound for an unknown or revoked token.
func (s *Service) RenderFeed(ctx context.Context, token string) (string, error) {
	var feed struct {
		ID         int64  `db:"id"`
		ResourceID int64  `db:"resource_id"`
		Name       string `db:"name"`
	}
	err := s.db.Get(ctx, &feed, `SELECT f.id, f.resource_id, x.name FROM calendar_feeds f JOIN resources x ON x.id = f.resource_id
		WHERE f.token_hash = ? AND f.revoked_at IS NULL`, s.box.HashToken("feed", token))
	if err != nil {
		return "", err
	}
	var rows []struct {
		Booking
		Active bool `db:"active"`
	}
	err = s.db.Select(ctx, &rows, `SELECT `+bookingColumns+`, x.active FROM booking_resources x JOIN bookings b ON b.id = x.booking_id
		WHERE x.resource_id = ? AND b.status NOT IN ('held', 'expired') AND x.busy_from > ? ORDER BY x.busy_from, b.id LIMIT 1000`,
		feed.ResourceID, db.At(s.db.Now().Add(-keepCancelled)))
	if err != nil {
		return "", err
	}
	list := make([]Booking, len(rows))
	for i, r := range rows {
		if list[i] = r.Booking; !r.Active { // cancelled, or moved to somebody else
			list[i].Status = "cancelled"
		}
	}
	return ICS(feed.Name+"的调解日程", list), nil
}

// ICSOf writes one booking as a calendar file.
func (s *Service) ICSOf(ctx context.Context, bookingID int64) (string, error) {
	b, err := s.Booking(ctx, s.db, bookingID)
	if err != nil {
		return "", err
	}
	if b.Status == "held" || b.Status == "expired" {
		return "", fault.New(fault.NotFound, "没有找到这个预约")
	}
	return ICS("调解预约", []Booking{b}), nil
}

// ICS writes bookings as a calendar (RFC 5545): stable uid, sequence, cancelled
// entries kept as cancelled.
func ICS(name string, list []Booking) string {
	cal := ics.NewCalendar()
	cal.SetMethod(ics.MethodPublish)
	cal.SetProductId("-//tiaojie//CN")
	cal.SetName(name)
	cal.SetXWRCalName(name)
	for _, b := range list {
		e := cal.AddEvent(b.UID)
		e.SetDtStampTime(b.ChangedAt.Time)
		e.SetStartAt(b.StartsAt.Time)
		e.SetEndAt(b.EndsAt.Time)
		e.SetSummary(b.Title)
		e.SetLocation(b.Place)
		e.SetSequence(b.Sequence)
		switch b.Status {
		case "cancelled":
			e.SetStatus(ics.ObjectStatusCancelled)
		case "pending":
			e.SetStatus(ics.ObjectStatusTentative)
		default:
			e.SetStatus(ics.ObjectStatusConfirmed)
		}
	}
	return cal.Serialize(ics.WithNewLineWindows) // RFC 5545 3.1: CRLF
}
