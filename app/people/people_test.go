package people_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp/totp"
)

var (
	sys = access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
	sec = access.Actor{AccountID: 9002, Name: "安全", Roles: []access.Role{access.SecAdmin}}
)

// cheap keeps the tests quick; the real parameters are the default.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func service(t *testing.T, d *db.DB) (*people.Service, *notify.Outbox) {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	out := notify.New(d, box)
	s := people.New(d, box, audit.New(box), out, people.Options{Hash: cheap})
	if err := s.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, out
}

const password = "Gut-Genug-77"

func account(t *testing.T, d *db.DB, s *people.Service, login string, roles ...access.Role) people.Account {
	t.Helper()
	hash, err := s.HashPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	var a people.Account
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		a, err = s.InsertAccount(t.Context(), tx, people.NewAccount{Login: login, Name: "示例员", Roles: roles}, hash)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func try(ctx context.Context, s *people.Service, login, pw string) (people.SignIn, error) {
	return s.SignIn(ctx, people.Login{Login: login, Password: pw, IP: "127.0.0.1"})
}

func TestSignInResolvesToTheAccountAndItsRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk, access.Trainer)
		in, err := try(t.Context(), s, "clerk1", password)
		if err != nil || in.MustChange || in.NeedTOTP {
			t.Fatalf("%+v, %v", in, err)
		}
		got, err := s.Resolve(t.Context(), in.Token)
		if err != nil || !got.Actor.Has(access.Clerk) || !got.Actor.Has(access.Trainer) || got.CSRFKey == "" {
			t.Fatalf("%+v, %v", got, err)
		}
		clock.Advance(40 * time.Minute)
		if _, err := s.Resolve(t.Context(), in.Token); !fault.Is(err, fault.SignIn) {
			t.Errorf("idle for 40 minutes: %v", err)
		}
	})
}

func TestASignInEndsAtItsLongestLife(t *testing.T) {
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	in, err := try(t.Context(), s, "clerk1", password)
	if err != nil {
		t.Fatal(err)
	}
	for range 12 * 4 {
		clock.Advance(15 * time.Minute)
		_, err = s.Resolve(t.Context(), in.Token)
	}
	if !fault.Is(err, fault.SignIn) {
		t.Errorf("still signed in after 12 hours of use: %v", err)
	}
}

func TestGuessingIsStopped(t *testing.T) {
	d, clock := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	checked := 0
	for i := range 500 {
		_, err := s.SignIn(t.Context(), people.Login{Login: "clerk1", Password: fmt.Sprint("guess", i), IP: fmt.Sprint("10.0.0.", i)})
		if fault.Is(err, fault.Invalid) {
			checked++
		}
		clock.Advance(4 * time.Second)
	}
	if checked > 10 { // 4 wrong before the lock, and again after 30 minutes
		t.Errorf("%d of 500 guesses within 33 minutes were checked", checked)
	}
	if _, err := s.SignIn(t.Context(), people.Login{Login: "clerk1", Password: password, IP: "10.1.1.1"}); !fault.Is(err, fault.TooMany) {
		t.Errorf("the locked account answered: %v", err)
	}
}

func TestUnknownLoginAndWrongPasswordLookTheSame(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	_, a := try(t.Context(), s, "clerk1", "wrong")
	_, b := try(t.Context(), s, "nobody", "wrong")
	if fault.MessageOf(a) != fault.MessageOf(b) || fault.CodeOf(a) != fault.CodeOf(b) {
		t.Errorf("%v and %v tell known from unknown", a, b)
	}
}

func TestChangedRightsEndSignIns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		for name, change := range map[string]func(a people.Account) error{
			"disabled": func(a people.Account) error { return s.Disable(t.Context(), sys, a.Key, a.Version, true) },
			"roles": func(a people.Account) error {
				return s.SetRoles(t.Context(), sec, a.Key, a.Version, []access.Role{access.Trainer})
			},
			"password": func(a people.Account) error {
				_, err := s.ResetPassword(t.Context(), sys, a.Key, a.Version)
				return err
			},
		} {
			a := account(t, d, s, "u-"+name, access.Clerk)
			in, err := try(t.Context(), s, a.Login, password)
			if err != nil {
				t.Fatal(err)
			}
			if err := change(a); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := s.Resolve(t.Context(), in.Token); !fault.Is(err, fault.SignIn) {
				t.Errorf("%s: the old sign-in still works (%v)", name, err)
			}
		}
	})
}

func TestPasswordChangeGivesANewTokenAndKeepsHistory(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	account(t, d, s, "clerk1", access.Clerk)
	in, _ := try(t.Context(), s, "clerk1", password)
	me, err := s.Resolve(t.Context(), in.Token)
	if err != nil {
		t.Fatal(err)
	}
	for pw, ok := range map[string]bool{"short1A": false, "alllowercase1": false, "Clerk1-Pass-9": false, "Baolong-2026": false,
		"P@ssw0rd": false, password: false} {
		_, err := s.ChangePassword(t.Context(), me.Actor, in.Token, password, pw)
		if (err == nil) != ok {
			t.Errorf("%s: %v", pw, err)
		}
	}
	fresh, err := s.ChangePassword(t.Context(), me.Actor, in.Token, password, "Neue-Worte-88")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Resolve(t.Context(), in.Token); !fault.Is(err, fault.SignIn) {
		t.Error("the old token still works")
	}
	if _, err := s.ChangePassword(t.Context(), me.Actor, fresh, "Neue-Worte-88", password); !fault.Is(err, fault.Invalid) {
		t.Errorf("a former password came back: %v", err)
	}
}

func TestAnAdministratorStandsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		a := account(t, d, s, "auditor1", access.Auditor)
		if err := s.SetRoles(t.Context(), sec, a.Key, a.Version, []access.Role{access.Auditor, access.Clerk}); !fault.Is(err, fault.Invalid) {
			t.Errorf("auditor and clerk in one: %v", err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO account_roles (account_id, role) VALUES (?, 'clerk')`, a.ID)
			return err
		})
		if err == nil {
			t.Error("the database let an auditor become a clerk")
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	a := account(t, d, s, "admin1", access.SysAdmin)
	if err := s.Disable(t.Context(), sys, a.Key, a.Version, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("nobody could sign in as administrator any more: %v", err)
	}
}

func TestASecondFactorCountsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk)
		in, _ := try(t.Context(), s, "clerk1", password)
		me, err := s.Resolve(t.Context(), in.Token)
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.StartTOTP(me.Actor, "演示")
		if err != nil {
			t.Fatal(err)
		}
		code := func() string { c, _ := totp.GenerateCode(e.Secret, clock.Now()); return c }
		codes, _, err := s.FinishTOTP(t.Context(), me.Actor, in.Token, e.Secret, code())
		if err != nil || len(codes) != 10 {
			t.Fatalf("%d codes, %v", len(codes), err)
		}
		clock.Advance(time.Minute)
		first, err := try(t.Context(), s, "clerk1", password)
		if err != nil || !first.NeedTOTP {
			t.Fatalf("%+v, %v", first, err)
		}
		used := code()
		token, err := s.ConfirmTOTP(t.Context(), me.Actor, first.Token, used)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Resolve(t.Context(), token); err != nil || got.Unfinished() {
			t.Fatalf("%+v, %v", got, err)
		}
		second, _ := try(t.Context(), s, "clerk1", password)
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, second.Token, used); !fault.Is(err, fault.Invalid) {
			t.Errorf("the same code counted twice: %v", err)
		}
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, second.Token, codes[0]); err != nil {
			t.Errorf("recovery code: %v", err)
		}
		third, _ := try(t.Context(), s, "clerk1", password)
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, third.Token, codes[0]); !fault.Is(err, fault.Invalid) {
			t.Errorf("a recovery code counted twice: %v", err)
		}
	})
}

func sentCode(t *testing.T, out *notify.Outbox) string {
	t.Helper()
	list, err := out.ListAll(t.Context(), notify.Filter{})
	if err != nil || len(list) == 0 {
		t.Fatalf("no message, %v", err)
	}
	return list[0].Body[len("登录验证码 ") : len("登录验证码 ")+6]
}

func TestAResidentSignsInByPhone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, out := service(t, d)
		if err := s.RequestCode(t.Context(), "138 0013 8000", "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		code := sentCode(t, out)
		if err := s.RequestCode(t.Context(), "13800138000", "127.0.0.1"); !fault.Is(err, fault.TooMany) {
			t.Errorf("two codes in one minute: %v", err)
		}
		token, err := s.ConfirmCode(t.Context(), "13800138000", code, "127.0.0.1", "")
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
		if _, err := s.ConfirmCode(t.Context(), "13800138000", code, "127.0.0.1", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("a code counted twice: %v", err)
		}
		clock.Advance(2 * time.Minute)
		if err := s.RequestCode(t.Context(), "13800138000", "127.0.0.1"); err != nil {
			t.Fatal(err)
		}
		code = sentCode(t, out)
		for i := range 5 {
			if _, err := s.ConfirmCode(t.Context(), "13800138000", fmt.Sprintf("%06d", i), "127.0.0.1", ""); err == nil {
				t.Fatal("a guessed code opened")
			}
		}
		if _, err := s.ConfirmCode(t.Context(), "13800138000", code, "127.0.0.1", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("after five wrong tries the right code still opened: %v", err)
		}
	})
}

func TestMediatorsAreFoundByEveryFilter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		clerk := access.Actor{AccountID: 5, Name: "窗口", Roles: []access.Role{access.Clerk}}
		var c1 int64
		err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			c1, err = tx.Insert(t.Context(), `INSERT INTO communities (code, name) VALUES ('c1', '示例一社区') RETURNING id`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, in := range []people.MediatorInput{
			{Name: "单示例", RepKind: "pro", Employment: "full", Types: []string{"neighbour", "property"}, Languages: []string{"粤语"}, Communities: []int64{c1}},
			{Name: "李演示", RepKind: "npc", Employment: "part", Types: []string{"neighbour-leak"}, Languages: []string{"普通话"}},
		} {
			key, err := s.CreateMediator(t.Context(), clerk, fmt.Sprint("k", i), in)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.MoveMediator(t.Context(), clerk, key, "list", "", 1); err != nil {
				t.Fatal(err)
			}
		}
		for name, c := range map[string]struct {
			f    people.MediatorFilter
			want []string
		}{
			"all":           {people.MediatorFilter{State: people.Listed}, []string{"李演示", "单示例"}},
			"surname shan":  {people.MediatorFilter{Name: "shan"}, []string{"单示例"}},
			"initials":      {people.MediatorFilter{Name: "lys"}, []string{"李演示"}},
			"character":     {people.MediatorFilter{Name: "演"}, []string{"李演示"}},
			"percent":       {people.MediatorFilter{Name: "%"}, nil},
			"type":          {people.MediatorFilter{Type: "neighbour"}, []string{"李演示", "单示例"}},
			"sub-type":      {people.MediatorFilter{Type: "neighbour-leak"}, []string{"李演示", "单示例"}},
			"type and lang": {people.MediatorFilter{Type: "neighbour", Language: "粤语"}, []string{"单示例"}},
			"community":     {people.MediatorFilter{Community: c1}, []string{"单示例"}},
			"kind":          {people.MediatorFilter{RepKind: "npc"}, []string{"李演示"}},
			"no ids":        {people.MediatorFilter{IDs: []int64{}}, nil},
		} {
			before := d.Queries()
			list, err := s.Mediators(t.Context(), d, c.f)
			var got []string
			for _, m := range list {
				got = append(got, m.Name)
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, want %v, %v", name, got, c.want, err)
			}
			if n := d.Queries() - before; n > 2 {
				t.Errorf("%s: %d queries", name, n)
			}
		}
		if _, err := s.CreateMediator(t.Context(), clerk, "off", people.MediatorInput{Name: "某", RepKind: "tbd1", Employment: "full", Types: []string{"neighbour"}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unconfirmed kind was used: %v", err)
		}
	})
}

func TestTheTrainingGateIsAsked(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	clerk := access.Actor{AccountID: 5, Roles: []access.Role{access.Clerk}}
	key, err := s.CreateMediator(t.Context(), clerk, "k", people.MediatorInput{Name: "某", RepKind: "pro", Employment: "full", Types: []string{"neighbour"}})
	if err != nil {
		t.Fatal(err)
	}
	s.MayList = func(context.Context, db.Reader, int64) error {
		return fault.New(fault.Conflict, "岗前培训未通过")
	}
	if err := s.MoveMediator(t.Context(), clerk, key, "list", "", 1); fault.MessageOf(err) != "岗前培训未通过" {
		t.Errorf("listed without training: %v", err)
	}
}

func TestNumbersOfPersonsAndFirms(t *testing.T) {
	for in, ok := range map[string]bool{"11010519491231002X": true, "11010519491231002x": true, "440307199003070017": true,
		"440307201506010024": true, "440307199003070018": false, "44030719900307001": false, "44030719900307001A": false} {
		if _, got := people.NormID(in); got != ok {
			t.Errorf("%s: %v", in, got)
		}
	}
	for in, ok := range map[string]bool{"91350100M000100Y43": true, "91350100M000100Y44": false} {
		if _, got := people.NormCredit(in); got != ok {
			t.Errorf("%s: %v", in, got)
		}
	}
	for in, want := range map[string]string{"138-0013-8000": "13800138000", "+86 13800138000": "13800138000", "13800138000": "13800138000",
		"0755-28000000": "075528000000", "12345": "", "abc": "", "23800138000": ""} {
		if got, _ := people.NormPhone(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
	if people.MaskPhone("13800138000") != "138****8000" || people.MaskName("张小明") != "张**" || people.MaskID("11010519491231002X") != "110***********002X" {
		t.Error("masks show too much or too little")
	}
}
