package people_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func TestSignInResolvesToTheAccountAndItsRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk, access.Trainer)
		in, err := try(t.Context(), s, "clerk1", password)
		if err != nil || in.MustChange || in.NeedTOTP {
			t.Fatalf("%+v, %v", in, err)
		}
		before := d.Queries()
		got, err := s.Resolve(t.Context(), in.Token)
		if err != nil || !got.Actor.Has(access.Clerk) || !got.Actor.Has(access.Trainer) || got.CSRFKey == "" {
			t.Fatalf("%+v, %v", got, err)
		}
		if n := d.Queries() - before; n != 1 {
			t.Errorf("resolving took %d reads, every page pays them", n)
		}
		if _, err := s.Resolve(t.Context(), "no such token"); !fault.Is(err, fault.SignIn) {
			t.Errorf("unknown token: %v", err)
		}
		if err := s.SignOut(t.Context(), got.Actor, in.Token); err != nil {
			t.Fatal(err)
		}
		ended(t, s, in.Token, "signed out")
	})
}

func TestAnOldHashIsRenewedWithTheRightPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		before, _ := service(t, d)
		a := account(t, d, before, "clerk1", access.Clerk)
		dear := cheap
		dear.Iterations++
		after, _ := serviceWith(t, d, people.Options{Hash: dear})
		stored := func() (hash string) {
			t.Helper()
			if err := d.Get(t.Context(), &hash, `SELECT password FROM accounts WHERE id = ?`, a.ID); err != nil {
				t.Fatal(err)
			}
			return hash
		}
		old := stored()
		if _, err := try(t.Context(), after, "clerk1", "wrong"+password); err == nil || stored() != old {
			t.Fatalf("a wrong password: %v, or it changed the hash", err)
		}
		for range 2 { // the other keys count tries under another name, so each waits for the one before
			clock.Advance(time.Minute)
			if _, err := try(t.Context(), after, "clerk1", password); err != nil {
				t.Fatal(err)
			}
		}
		renewed := stored()
		if !strings.Contains(renewed, fmt.Sprintf("t=%d,", dear.Iterations)) {
			t.Errorf("the hash is still at the old setting: %s", renewed)
		}
		clock.Advance(time.Minute)
		if _, err := try(t.Context(), after, "clerk1", password); err != nil || stored() != renewed {
			t.Errorf("a hash at the present setting was made anew, or %v", err)
		}
	})
}

func TestASignInEndsWhenIdleOrOld(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	in, _ := signed(t, s, "clerk1")
	clock.Advance(29 * time.Minute)
	if _, err := s.Resolve(t.Context(), in.Token); err != nil {
		t.Errorf("after 29 minutes: %v", err)
	}
	clock.Advance(30 * time.Minute)
	ended(t, s, in.Token, "idle for 30 minutes")

	old, _ := signed(t, s, "clerk1")
	for range 12*4 - 1 {
		clock.Advance(15 * time.Minute)
		if _, err := s.Resolve(t.Context(), old.Token); err != nil {
			t.Fatalf("in steady use: %v", err)
		}
	}
	clock.Advance(15 * time.Minute)
	ended(t, s, old.Token, "12 hours old")
}

// guesses tries passwords from many addresses at once and counts those that were
// really compared: they alone are answered as wrong or as the one that locks.
func guesses(t *testing.T, s *people.Service, login string, n int, between func()) int64 {
	t.Helper()
	var checked, next atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(n) {
					return
				}
				_, err := s.SignIn(t.Context(), people.Login{Login: login, Password: fmt.Sprint("guess", i), IP: fmt.Sprintf("10.%d.%d.7", i/250, i%250)})
				if err == nil {
					t.Errorf("guess %d opened", i)
				}
				if fault.Is(err, fault.Invalid) {
					checked.Add(1)
				}
				between()
			}
		})
	}
	wg.Wait()
	return checked.Load()
}

func TestTenThousandGuesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk)
		// Five at one moment, the fifth of which answers "locked".
		if n := guesses(t, s, "clerk1", 500, func() {}); n > 4 {
			t.Errorf("%d guesses at one moment were checked", n)
		}
		// 9,500 more, one a second: at most five in each 30 minutes.
		n := guesses(t, s, "clerk1", 9500, func() { clock.Advance(time.Second) })
		if limit := int64(5 * (9500/1800 + 1)); n > limit {
			t.Errorf("%d of 9,500 guesses in %d s were checked, want at most %d", n, 9500, limit)
		}
		if n == 0 {
			t.Error("nothing was checked after the lock; the test proves nothing")
		}
	})
}

func TestALockedAccountOpensAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		a := account(t, d, s, "clerk1", access.Clerk)
		wrong := func() {
			for range 5 {
				_, _ = try(t.Context(), s, "clerk1", "wrong")
				clock.Advance(10 * time.Second)
			}
		}
		wrong()
		if _, err := try(t.Context(), s, "clerk1", password); !fault.Is(err, fault.TooMany) {
			t.Errorf("the locked account answered: %v", err)
		}
		got, err := s.AccountByKey(t.Context(), sec, a.Key)
		if err != nil || !got.LockedUntil.After(clock.Now()) {
			t.Errorf("the administrator doesn't see the lock: %v, %v", got.LockedUntil, err)
		}
		if err := s.Unlock(t.Context(), sec, a.Key, a.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := try(t.Context(), s, "clerk1", password); err != nil {
			t.Errorf("unlocked, and yet: %v", err)
		}
		wrong()
		clock.Advance(30 * time.Minute)
		if _, err := try(t.Context(), s, "clerk1", password); err != nil {
			t.Errorf("30 minutes later: %v", err)
		}
	})
}

func TestWrongTriesWaitLongerAndLonger(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	for i, wait := range []time.Duration{0, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
		if _, err := try(t.Context(), s, "clerk1", "wrong"); !fault.Is(err, fault.Invalid) {
			t.Fatalf("try %d: %v", i, err)
		}
		if wait == 0 {
			continue
		}
		clock.Advance(wait - time.Second)
		if _, err := try(t.Context(), s, "clerk1", password); !fault.Is(err, fault.TooMany) {
			t.Errorf("a second before the wait of %v is over: %v", wait, err)
		}
		clock.Advance(time.Second)
	}
	if _, err := try(t.Context(), s, "clerk1", password); err != nil {
		t.Errorf("the right password as fifth try: %v", err)
	}
	if _, err := try(t.Context(), s, "clerk1", "wrong"); !fault.Is(err, fault.Invalid) {
		t.Errorf("success didn't forget the wrong tries: %v", err)
	}
}

// TestUnknownLoginsLookLikeKnownOnes plays the same tries against a known, an
// unknown and a disabled login and wants the same answers, lock included.
func TestUnknownLoginsLookLikeKnownOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "known", access.Clerk)
		off := account(t, d, s, "disabled", access.Clerk)
		if err := s.Disable(t.Context(), sys, off.Key, off.Version, true); err != nil {
			t.Fatal(err)
		}
		for i := range 8 {
			var first string
			for _, login := range []string{"known", "unknown", "disabled"} {
				pw := "wrong"
				if login == "disabled" {
					pw = password
				}
				_, err := try(t.Context(), s, login, pw)
				answer := fmt.Sprint(fault.CodeOf(err), fault.MessageOf(err))
				if first == "" {
					first = answer
				}
				if answer != first {
					t.Errorf("try %d tells %s apart: %s, known: %s", i, login, answer, first)
				}
			}
			clock.Advance(9 * time.Second)
		}
	})
}

func TestOneNetworkTriesOnlySoOften(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	from := func(login, pw, ip string) error {
		_, err := s.SignIn(t.Context(), people.Login{Login: login, Password: pw, IP: ip})
		return err
	}
	for i := range 100 { // an office that signs in rightly is no attack
		if err := from("clerk1", password, "192.0.2.1"); err != nil {
			t.Fatalf("right sign-in %d: %v", i, err)
		}
	}
	refused := 0
	for i := range 100 {
		if fault.Is(from(fmt.Sprint("nobody", i), "x", fmt.Sprintf("2001:db8:0:1::%x", i+1)), fault.TooMany) {
			refused++
		}
	}
	if refused != 40 {
		t.Errorf("%d of 100 tries from one IPv6 network were refused, want 40", refused)
	}
	if err := from("clerk1", password, "2001:db8:0:2::1"); err != nil {
		t.Errorf("another network: %v", err)
	}
	clock.Advance(10 * time.Minute)
	if err := from("clerk1", password, "2001:db8:0:1::1"); err != nil {
		t.Errorf("ten minutes later: %v", err)
	}
}

func TestASignInGetsANewTokenEachTime(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	first, _ := signed(t, s, "clerk1")
	second, me := signed(t, s, "clerk1")
	if first.Token == second.Token {
		t.Fatal("the token a browser brought could be fixed by somebody else")
	}
	var clear int
	if err := d.Get(t.Context(), &clear, `SELECT COUNT(*) FROM sign_ins WHERE token_hash IN (?, ?)`, first.Token, second.Token); err != nil || clear != 0 {
		t.Errorf("%d tokens stand in clear, %v", clear, err)
	}
	list, err := s.SignIns(t.Context(), me.Actor, second.Token)
	if err != nil || len(list) != 2 || !list[0].Current || list[1].Current {
		t.Fatalf("%+v, %v", list, err)
	}
	stranger := access.Actor{AccountID: 77, Roles: []access.Role{access.Clerk}}
	if err := s.EndSignIn(t.Context(), stranger, list[1].Key); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else ended it: %v", err)
	}
	if err := s.EndSignIn(t.Context(), me.Actor, list[1].Key); err != nil {
		t.Fatal(err)
	}
	ended(t, s, first.Token, "ended from the list")
	if _, err := s.Resolve(t.Context(), second.Token); err != nil {
		t.Errorf("the present one ended too: %v", err)
	}
}

func TestTooManyAtOnceAreSentAway(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	slow := cheap
	slow.Memory, slow.Iterations = 8<<10, 4 // slow enough for a queue to form
	s, _ := serviceWith(t, d, people.Options{Hash: slow})
	account(t, d, s, "clerk1", access.Clerk)
	var full atomic.Int64
	var wg sync.WaitGroup
	for i := range 150 {
		wg.Go(func() {
			_, err := s.SignIn(t.Context(), people.Login{Login: fmt.Sprint("nobody", i), Password: "x", IP: fmt.Sprint("10.0.0.", i)})
			if fault.Is(err, fault.Unavailable) {
				full.Add(1)
			}
		})
	}
	wg.Wait()
	if full.Load() == 0 {
		t.Error("150 at once all waited for a hash; the queue has no end")
	}
	var counted int
	if err := d.Get(t.Context(), &counted, `SELECT COUNT(*) FROM guards WHERE failures > 0`); err != nil || counted != 150-int(full.Load()) {
		t.Errorf("%d tries count as wrong, %d were never checked, %v", counted, full.Load(), err)
	}
}
