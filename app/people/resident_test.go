package people_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

var sixDigits = regexp.MustCompile(`\d{6}`)

func sentCode(t *testing.T, out *notify.Outbox) string {
	t.Helper()
	list, err := out.ListAll(t.Context(), notify.Filter{})
	if err != nil || len(list) == 0 {
		t.Fatalf("no message, %v", err)
	}
	return sixDigits.FindString(list[0].Body)
}

func TestAResidentSignsInByPhone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, out := service(t, d)
		if err := s.RequestCode(t.Context(), "138 0013 8000", "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		sent := sentCode(t, out)
		token, err := s.ConfirmCode(t.Context(), "13800138000", sent, "127.0.0.1", "")
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Resolve(t.Context(), token)
		if err != nil || got.Actor.ResidentID == 0 || got.Actor.Staff() {
			t.Fatalf("%+v, %v", got, err)
		}
		if phone, err := s.ResidentPhone(t.Context(), d, got.Actor.ResidentID); err != nil || phone != "13800138000" {
			t.Errorf("%q, %v", phone, err)
		}
		if _, err := s.ConfirmCode(t.Context(), "13800138000", sent, "127.0.0.1", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("a code counted twice: %v", err)
		}
		list, err := s.SignIns(t.Context(), got.Actor, token)
		if err != nil || len(list) != 1 || !list[0].Current {
			t.Errorf("%+v, %v", list, err)
		}
		for range 8 {
			clock.Advance(14 * time.Minute)
			if _, err := s.Resolve(t.Context(), token); err != nil {
				t.Fatalf("in use: %v", err)
			}
		}
		clock.Advance(9 * time.Minute)
		ended(t, s, token, "two hours old")
	})
}

func TestAnIdleResidentIsSignedOut(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, out := service(t, d)
	if err := s.RequestCode(t.Context(), "13800138000", "127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	token, err := s.ConfirmCode(t.Context(), "13800138000", sentCode(t, out), "127.0.0.1", "")
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(15 * time.Minute)
	ended(t, s, token, "idle for 15 minutes")
}

func TestACodeIsHardToGuess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, out := service(t, d)
		phone := "13800138000"
		confirm := func(c string) error {
			_, err := s.ConfirmCode(t.Context(), phone, c, "127.0.0.1", "")
			return err
		}
		none := confirm("123456") // no code was ever sent
		if err := s.RequestCode(t.Context(), phone, "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		sent := sentCode(t, out)
		for i := range 5 {
			wrong := fmt.Sprintf("%06d", i)
			if wrong == sent {
				wrong = "999999"
			}
			if err := confirm(wrong); fmt.Sprint(err) != fmt.Sprint(none) {
				t.Errorf("a wrong code answers %v, an unknown phone %v", err, none)
			}
		}
		if err := confirm(sent); fmt.Sprint(err) != fmt.Sprint(none) {
			t.Errorf("after five wrong tries the right code: %v", err)
		}
		clock.Advance(time.Minute)
		if err := s.RequestCode(t.Context(), phone, "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		sent = sentCode(t, out)
		clock.Advance(5 * time.Minute)
		if err := confirm(sent); !fault.Is(err, fault.Invalid) {
			t.Errorf("after five minutes: %v", err)
		}
		if err := s.RequestCode(t.Context(), phone, "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		older := sentCode(t, out)
		clock.Advance(time.Minute)
		if err := s.RequestCode(t.Context(), phone, "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		if err := confirm(older); older != sentCode(t, out) && !fault.Is(err, fault.Invalid) {
			t.Errorf("an older code: %v", err)
		}
		if err := confirm(sentCode(t, out)); err != nil {
			t.Errorf("the newest code: %v", err)
		}
		var clear int
		if err := d.Get(t.Context(), &clear, `SELECT COUNT(*) FROM one_time_codes WHERE code_hash = ? OR phone_index = ?`, sent, phone); err != nil || clear != 0 {
			t.Errorf("%d codes or phones stand in clear, %v", clear, err)
		}
	})
}

func TestNobodyIsPesteredWithCodes(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	sent := 0
	for i := range 24 * 60 { // one request a minute, from ever new addresses
		if err := s.RequestCode(t.Context(), "13800138000", fmt.Sprintf("10.0.%d.%d", i/250, i%250)); err == nil {
			sent++
		} else if !fault.Is(err, fault.TooMany) {
			t.Fatal(err)
		}
		if i == 59 && sent != 5 {
			t.Errorf("%d codes in the first hour, want 5", sent)
		}
		clock.Advance(time.Minute)
	}
	if sent != 10 {
		t.Errorf("%d codes in a day, want 10", sent)
	}
	if err := s.RequestCode(t.Context(), "13800138001", "10.0.0.1"); err != nil {
		t.Fatal(err)
	}
	clock.Advance(59 * time.Second)
	if err := s.RequestCode(t.Context(), "13800138001", "10.0.0.1"); !fault.Is(err, fault.TooMany) {
		t.Errorf("two codes within 59 seconds: %v", err)
	}
	others := 0
	for i := range 30 {
		if s.RequestCode(t.Context(), fmt.Sprintf("139000000%02d", i), "192.0.2.9") == nil {
			others++
		}
	}
	if others != 20 {
		t.Errorf("one address had codes sent to %d phones within an hour, want 20", others)
	}
	if err := s.RequestCode(t.Context(), "0755-28000000", "192.0.2.10"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a text message to a fixed line: %v", err)
	}
}
