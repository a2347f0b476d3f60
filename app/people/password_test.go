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
)

func TestPasswordRules(t *testing.T) {
	for profile, cases := range map[string]map[string]bool{
		"djbh3": {"short1A": false, "alllowercase1": false, "Clerk1-Pass-9": false, "Baolong-2026": false, "宝龙Abc-2026": false,
			"P@ssw0rd": false, "P@ssw0rd2026!": false, "Qwer1234!": false, "1qaz@WSX": false, "Abcd1234!": false, "Aaaa1111!": false,
			"Shiliyuan-9": false, "Xy-00138000": false, "Neue-Worte-88": true, "Kalt&Regen4": true, "山高水长路远Ab1": true},
		"asvs": {"Neue-Wo-88": false, "correct horse battery": true, "clerk1 is my login name": false, "aaaaaaaaaaaaaaaa": false, "qwertyuiopas": false},
	} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			d, clock := dbtest.SQLite(t)
			s, _ := serviceWith(t, d, people.Options{Hash: cheap, Profile: profile})
			key, once, err := s.CreateAccount(t.Context(), sys, "k", people.NewAccount{Login: "clerk1", Name: "示例员", Phone: "13800138000", Roles: []access.Role{access.Clerk}})
			if err != nil {
				t.Fatal(err)
			}
			for pw, ok := range cases {
				in, err := try(t.Context(), s, "clerk1", once)
				if err != nil || !in.MustChange {
					t.Fatalf("%+v, %v", in, err)
				}
				me, err := s.Resolve(t.Context(), in.Token)
				if err != nil {
					t.Fatal(err)
				}
				_, err = s.ChangePassword(t.Context(), me.Actor, in.Token, once, pw)
				if (err == nil) != ok {
					t.Errorf("%s: %v", pw, err)
				}
				a, err := s.AccountByKey(t.Context(), sys, key)
				if err != nil {
					t.Fatal(err)
				}
				if once, err = s.ResetPassword(t.Context(), sys, key, a.Version); err != nil {
					t.Fatal(err)
				}
				clock.Advance(time.Minute)
			}
		})
	}
}

func TestPasswordChangeGivesANewTokenAndKeepsHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk)
		elsewhere, _ := signed(t, s, "clerk1")
		in, me := signed(t, s, "clerk1")
		token, now := in.Token, password
		for i := range 5 {
			next := fmt.Sprintf("Neue-Worte-8%d", i)
			fresh, err := s.ChangePassword(t.Context(), me.Actor, token, now, next)
			if err != nil {
				t.Fatal(err)
			}
			ended(t, s, token, "the token before the change")
			ended(t, s, elsewhere.Token, "another device")
			if _, err := s.ChangePassword(t.Context(), me.Actor, fresh, next, password); (err == nil) != (i == 4) {
				t.Errorf("after %d others, the first password again: %v", i+1, err)
			}
			token, now = fresh, next
		}
		var kept int
		if err := d.Get(t.Context(), &kept, `SELECT COUNT(*) FROM password_history`); err != nil || kept > 4 {
			t.Errorf("%d old hashes are kept, %v", kept, err)
		}
	})
}

func TestABorrowedSignInCantGuessThePassword(t *testing.T) {
	t.Parallel()
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	in, me := signed(t, s, "clerk1")
	checked := 0
	for i := range 100 {
		if _, err := s.ChangePassword(t.Context(), me.Actor, in.Token, fmt.Sprint("guess", i), "Neue-Worte-88"); fault.Is(err, fault.Invalid) {
			checked++
		}
		clock.Advance(9 * time.Second)
	}
	if checked > 4 {
		t.Errorf("%d of 100 guesses were checked", checked)
	}
}

func TestAPasswordOfNinetyDaysMustChange(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]bool{"djbh3": true, "asvs": false} {
		d, clock := dbtest.SQLite(t)
		s, _ := serviceWith(t, d, people.Options{Hash: cheap, Profile: profile})
		account(t, d, s, "clerk1", access.Clerk)
		clock.Advance(90 * 24 * time.Hour)
		if in, err := try(t.Context(), s, "clerk1", password); err != nil || in.MustChange {
			t.Errorf("%s on day 90: %+v, %v", profile, in, err)
		}
		clock.Advance(time.Minute)
		in, err := try(t.Context(), s, "clerk1", password)
		if err != nil || in.MustChange != want {
			t.Errorf("%s after 90 days: %+v, %v", profile, in, err)
		}
		if me, err := s.Resolve(t.Context(), in.Token); err != nil || me.Unfinished() != want {
			t.Errorf("%s: the pages don't know: %+v, %v", profile, me, err)
		}
	}
}
