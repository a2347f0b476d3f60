package people_test

import (
	"context"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/seal"
	"tiaojie/db"

	"github.com/alexedwards/argon2id"
)

var (
	sys   = access.Actor{AccountID: 9001, Name: "系统", Roles: []access.Role{access.SysAdmin}}
	sec   = access.Actor{AccountID: 9002, Name: "安全", Roles: []access.Role{access.SecAdmin}}
	clerk = access.Actor{AccountID: 9003, Name: "窗口", Roles: []access.Role{access.Clerk}}
)

// cheap keeps the tests quick; the real parameters are the default.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func service(t testing.TB, d *db.DB) (*people.Service, *notify.Outbox) {
	t.Helper()
	return serviceWith(t, d, people.Options{Hash: cheap})
}

func serviceWith(t testing.TB, d *db.DB, opts people.Options) (*people.Service, *notify.Outbox) {
	t.Helper()
	box, err := seal.New(seal.NewKeyring())
	if err != nil {
		t.Fatal(err)
	}
	out := notify.New(d, box)
	s := people.New(d, box, audit.New(box), out, opts)
	s.Files = files.New(box, t.TempDir())
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

// signed signs in and resolves, as a browser does.
func signed(t *testing.T, s *people.Service, login string) (people.SignIn, people.SignedIn) {
	t.Helper()
	in, err := try(t.Context(), s, login, password)
	if err != nil {
		t.Fatal(err)
	}
	me, err := s.Resolve(t.Context(), in.Token)
	if err != nil {
		t.Fatal(err)
	}
	return in, me
}

func ended(t *testing.T, s *people.Service, token, why string) {
	t.Helper()
	if _, err := s.Resolve(t.Context(), token); !fault.Is(err, fault.SignIn) {
		t.Errorf("%s: the sign-in still works (%v)", why, err)
	}
}

func mediator(t *testing.T, d *db.DB, s *people.Service, in people.MediatorInput) people.Mediator {
	t.Helper()
	if in.RepKind == "" {
		in.RepKind = "pro"
	}
	if in.Employment == "" {
		in.Employment = "part"
	}
	if in.Types == nil {
		in.Types = []string{"neighbour"}
	}
	key, err := s.CreateMediator(t.Context(), clerk, seal.NewKey(), in)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, d, s, key)
}

func read(t *testing.T, d *db.DB, s *people.Service, key string) people.Mediator {
	t.Helper()
	m, err := s.Mediator(t.Context(), d, key)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func actions(t *testing.T, d *db.DB, action string) (n int) {
	t.Helper()
	if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM audit_log WHERE action = ?`, action); err != nil {
		t.Fatal(err)
	}
	return n
}
