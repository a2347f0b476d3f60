package people_test

import (
	"fmt"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/db/dbtest"

	"github.com/pquerna/otp/totp"
)

// enrolled sets up a second factor and gives its secret and recovery codes.
func enrolled(t *testing.T, s *people.Service, clock *dbtest.Clock, login string) (secret string, codes []string) {
	t.Helper()
	in, me := signed(t, s, login)
	e, err := s.StartTOTP(me.Actor, "演示")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.FinishTOTP(t.Context(), me.Actor, in.Token, e.Secret, "000000"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a wrong code set the factor up: %v", err)
	}
	codes, fresh, err := s.FinishTOTP(t.Context(), me.Actor, in.Token, e.Secret, code(t, e.Secret, clock))
	if err != nil || len(codes) != 10 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	ended(t, s, in.Token, "the token from before the factor")
	if me, err := s.Resolve(t.Context(), fresh); err != nil || me.Unfinished() || !me.HasTOTP {
		t.Fatalf("%+v, %v", me, err)
	}
	clock.Advance(time.Minute)
	return e.Secret, codes
}

func code(t *testing.T, secret string, clock *dbtest.Clock) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASecondFactorCountsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk)
		secret, codes := enrolled(t, s, clock, "clerk1")
		first, me := signed(t, s, "clerk1")
		if !first.NeedTOTP || !me.Unfinished() {
			t.Fatalf("%+v", first)
		}
		used := code(t, secret, clock)
		token, err := s.ConfirmTOTP(t.Context(), me.Actor, first.Token, used)
		if err != nil || token == first.Token {
			t.Fatal(err)
		}
		ended(t, s, first.Token, "the token from before the factor")
		if got, err := s.Resolve(t.Context(), token); err != nil || got.Unfinished() {
			t.Fatalf("%+v, %v", got, err)
		}
		second, me := signed(t, s, "clerk1")
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, second.Token, used); !fault.Is(err, fault.Invalid) {
			t.Errorf("the same code counted twice: %v", err)
		}
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, second.Token, codes[0]); err != nil {
			t.Errorf("recovery code: %v", err)
		}
		if _, err := s.Resolve(t.Context(), token); err != nil {
			t.Errorf("a second device ended the first one: %v", err)
		}
		third, me := signed(t, s, "clerk1")
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, third.Token, codes[0]); !fault.Is(err, fault.Invalid) {
			t.Errorf("a recovery code counted twice: %v", err)
		}
	})
}

// TestThePasswordAloneOpensNothing takes a stolen password and tries all that a
// sign-in without its second factor could be used for.
func TestThePasswordAloneOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk)
		enrolled(t, s, clock, "clerk1")
		in, me := signed(t, s, "clerk1")
		e, err := s.StartTOTP(me.Actor, "演示")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.FinishTOTP(t.Context(), me.Actor, in.Token, e.Secret, code(t, e.Secret, clock)); !fault.Is(err, fault.SignIn) {
			t.Errorf("it replaced the second factor: %v", err)
		}
		if _, err := s.ChangePassword(t.Context(), me.Actor, in.Token, password, "Neue-Worte-88"); !fault.Is(err, fault.SignIn) {
			t.Errorf("it changed the password: %v", err)
		}
		checked := 0
		for i := range 300 {
			in, err := try(t.Context(), s, "clerk1", password) // signing in anew must not forget the wrong codes
			if err == nil {
				_, err = s.ConfirmTOTP(t.Context(), me.Actor, in.Token, fmt.Sprintf("%06d", i))
			}
			if fault.Is(err, fault.Invalid) {
				checked++
			}
			clock.Advance(5 * time.Second)
		}
		if checked > 9 || checked == 0 { // 25 minutes: at most one lock of five, and the four before it
			t.Errorf("%d of 300 codes were checked", checked)
		}
	})
}

func TestARequiredFactorIsSetUpFirst(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	a := account(t, d, s, "clerk1", access.Clerk)
	if err := s.RequireTOTP(t.Context(), sec, a.Key, a.Version, true); err != nil {
		t.Fatal(err)
	}
	in, me := signed(t, s, "clerk1")
	if !in.SetupTOTP || !me.Unfinished() {
		t.Fatalf("%+v", in)
	}
	if _, err := s.ConfirmTOTP(t.Context(), me.Actor, in.Token, "123456"); !fault.Is(err, fault.SignIn) {
		t.Errorf("confirmed a factor that isn't there: %v", err)
	}
	enrolled(t, s, clock, "clerk1")
	if err := s.ResetTOTP(t.Context(), sec, a.Key, a.Version+1); err != nil {
		t.Fatal(err)
	}
	if in, _ := signed(t, s, "clerk1"); in.NeedTOTP || !in.SetupTOTP {
		t.Errorf("after the reset: %+v", in)
	}
}

func TestReplacingAFactorNeedsAFreshSignIn(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	secret, codes := enrolled(t, s, clock, "clerk1")
	in, me := signed(t, s, "clerk1")
	token, err := s.ConfirmTOTP(t.Context(), me.Actor, in.Token, code(t, secret, clock))
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.StartTOTP(me.Actor, "演示")
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(11 * time.Minute)
	got, err := s.Resolve(t.Context(), token)
	if err != nil || got.MayReplaceTOTP(clock.Now()) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, _, err := s.FinishTOTP(t.Context(), me.Actor, token, e.Secret, code(t, e.Secret, clock)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a desk left open for 11 minutes replaced the factor: %v", err)
	}
	in, _ = signed(t, s, "clerk1")
	if token, err = s.ConfirmTOTP(t.Context(), me.Actor, in.Token, codes[1]); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.FinishTOTP(t.Context(), me.Actor, token, e.Secret, code(t, e.Secret, clock)); err != nil {
		t.Errorf("right after signing in: %v", err)
	}
}
