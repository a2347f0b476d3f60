package notify_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

type carrier struct {
	fail bool
	got  []string
}

func (c *carrier) Send(_ context.Context, _, phone, text string) error {
	if c.fail {
		return errors.New("no network")
	}
	c.got = append(c.got, phone+" "+text)
	return nil
}

func noted(*db.Tx) error { return nil }

func outbox(t *testing.T, d *db.DB) *notify.Outbox {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	return notify.New(d, box)
}

func send(t *testing.T, d *db.DB, o *notify.Outbox, m notify.Message) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return o.Send(t.Context(), tx, m) }); err != nil {
		t.Fatal(err)
	}
}

func TestAMessageIsSentOnceAndRetriedAfterFailure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		o, c := outbox(t, d), &carrier{fail: true}
		m := notify.Message{Kind: "x", Channel: notify.SMS, To: "13800000000", Body: "您好", Dedup: "a"}
		send(t, d, o, m)
		send(t, d, o, m)
		deliver := func() {
			if _, err := o.Deliver(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		deliver()
		c.fail = false
		deliver()
		if len(c.got) != 0 {
			t.Fatal("retried without waiting")
		}
		clock.Advance(time.Minute)
		deliver()
		deliver()
		if len(c.got) != 1 || c.got[0] != "13800000000 您好" {
			t.Errorf("carrier got %q, want the message once", c.got)
		}
	})
}

func TestAOneTimeCodeIsForItsPhoneAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		o, clerk := outbox(t, d), access.Actor{AccountID: 1, Roles: []access.Role{access.Clerk}}
		send(t, d, o, notify.Message{Kind: "sign-in" + notify.CodeKind, Channel: notify.SMS, To: "13800000000", Body: "登录验证码 271828"})
		told := func(when string, f notify.Filter, want int) {
			t.Helper()
			list, err := o.List(t.Context(), clerk, f)
			if err != nil || len(list) != want {
				t.Fatalf("%s: %d messages, %v; want %d", when, len(list), err, want)
			}
			for _, e := range list {
				if strings.Contains(e.Body, "271828") {
					t.Errorf("%s the clerk reads %q and could sign in as the resident", when, e.Body)
				}
			}
		}
		told("unsent", notify.Filter{}, 1)
		if _, err := o.Deliver(t.Context(), nil); err != nil { // no carrier at all
			t.Fatal(err)
		}
		told("without a carrier", notify.Filter{}, 1)
		told("on the list of calls", notify.Filter{Channel: notify.Phone, State: "waiting"}, 0)

		send(t, d, o, notify.Message{Kind: "own-phone" + notify.CodeKind, Channel: notify.SMS, To: "13800000000", Body: "验证码 271828"})
		for range 8 {
			if _, err := o.Deliver(t.Context(), &carrier{fail: true}); err != nil {
				t.Fatal(err)
			}
			clock.Advance(time.Hour)
		}
		told("after failures", notify.Filter{State: "failed"}, 2)
		told("on the list of calls", notify.Filter{Channel: notify.Phone}, 0)
	})
}

func TestAMessageNobodyCarriesReachesTheClerk(t *testing.T) {
	d, clock := dbtest.SQLite(t)
	o, c := outbox(t, d), &carrier{fail: true}
	send(t, d, o, notify.Message{Channel: notify.SMS, To: "1", Body: "甲", Dedup: "tries"})
	for range 8 {
		if _, err := o.Deliver(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Hour)
	}
	send(t, d, o, notify.Message{Channel: notify.SMS, To: "2", Body: "乙", Dedup: "no carrier"})
	if _, err := o.Deliver(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	clerk := access.Actor{AccountID: 1, Name: "窗口", Roles: []access.Role{access.Clerk}}
	calls, err := o.List(t.Context(), clerk, notify.Filter{Channel: notify.Phone, State: "waiting"})
	if err != nil || len(calls) != 2 {
		t.Fatalf("%d calls to make, %v; want 2", len(calls), err)
	}
	if err := o.Handled(t.Context(), clerk, calls[0].Key, "已电话告知", noted); err != nil {
		t.Fatal(err)
	}
	if err := o.Handled(t.Context(), clerk, calls[0].Key, "再次", noted); !fault.Is(err, fault.Conflict) {
		t.Errorf("handled twice: %v", err)
	}
	if _, err := o.List(t.Context(), access.Actor{AccountID: 2, Roles: []access.Role{access.Mediator}}, notify.Filter{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a mediator read everybody's messages: %v", err)
	}
}

func TestWithdrawnRemindersAreNotSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		o, c := outbox(t, d), &carrier{}
		send(t, d, o, notify.Message{Channel: notify.SMS, To: "1", Body: "旧时间", Dedup: "booking:1:0:24h"})
		send(t, d, o, notify.Message{Channel: notify.SMS, To: "1", Body: "别人", Dedup: "booking:11:0:24h"})
		err := d.Write(t.Context(), func(tx *db.Tx) error { return o.Withdraw(t.Context(), tx, "booking:1:") })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Deliver(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if len(c.got) != 1 || c.got[0] != "1 别人" {
			t.Errorf("sent %q", c.got)
		}
	})
}

func TestAnInboxIsOnesOwnAndUnreadFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		ctx, o := t.Context(), outbox(t, d)
		me, other := access.Actor{AccountID: 7, Roles: []access.Role{access.Mediator}}, access.Actor{AccountID: 8, Roles: []access.Role{access.Clerk}}
		for _, body := range []string{"一", "二", "三", "四", "五"} {
			send(t, d, o, notify.Message{Channel: notify.InApp, AccountID: 7, Body: body})
		}
		send(t, d, o, notify.Message{Channel: notify.InApp, AccountID: 8, Body: "别人的"})
		send(t, d, o, notify.Message{Channel: notify.InApp, AccountID: 7, Body: "明天的", NotBefore: clock.Now().Add(24 * time.Hour)})
		pages := func(state string) (words string) {
			in := notify.Inbox{State: state, Limit: 2}
			for {
				p, err := o.Inbox(ctx, me, in)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range p.Entries {
					words += e.Body
				}
				if in.Before = p.Next; in.Before == "" {
					return words
				}
				words += " "
			}
		}
		unread := func() int {
			var n int
			err := d.Get(ctx, &n, `SELECT `+notify.UnreadOf("7"))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := pages(""); got != "五四 三二 一" || unread() != 5 {
			t.Fatalf("%q, %d unread", got, unread())
		}
		all, err := o.Inbox(ctx, me, notify.Inbox{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Read(ctx, other, all.Entries[1].Key); !fault.Is(err, fault.NotFound) {
			t.Errorf("a colleague read my message: %v", err)
		}
		for range 2 { // the second time changes nothing
			if e, err := o.Read(ctx, me, all.Entries[1].Key); err != nil || e.Key != all.Entries[1].Key {
				t.Fatal(e, err)
			}
		}
		if got := pages(""); got != "五三 二一 四" || unread() != 4 {
			t.Errorf("%q, %d unread", got, unread())
		}
		if got := pages("read") + "/" + pages("unread"); got != "四/五三 二一" {
			t.Errorf("parts: %q", got)
		}
		if err := o.ReadAll(ctx, me, all.Entries[2].ID); err != nil { // 五 came after the page was seen
			t.Fatal(err)
		}
		if got := pages("unread"); got != "五" {
			t.Errorf("unread after all: %q", got)
		}
		clock.Advance(25 * time.Hour)
		if _, err := o.Deliver(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if got := pages("unread"); got != "明天的五" {
			t.Errorf("a day later: %q", got)
		}
	})
}
