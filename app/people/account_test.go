package people_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

func TestTheFirstAdministratorIsMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		var made atomic.Int64
		var once atomic.Value
		var wg sync.WaitGroup
		for range 4 { // several machines start at once
			wg.Go(func() {
				login, pw, created, err := s.CreateFirstAdmin(t.Context())
				if created {
					made.Add(1)
					once.Store([2]string{login, pw})
				} else if err != nil && !fault.Is(err, fault.Invalid) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Fatalf("made %d administrators", made.Load())
		}
		given := once.Load().([2]string)
		in, err := try(t.Context(), s, given[0], given[1])
		if err != nil || !in.MustChange {
			t.Fatalf("%+v, %v", in, err)
		}
		me, err := s.Resolve(t.Context(), in.Token)
		if err != nil || !me.Unfinished() || !me.Actor.Has(access.SysAdmin) {
			t.Errorf("%+v, %v", me, err)
		}
	})
}

func TestOneFormMakesOneAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		in := people.NewAccount{Login: "clerk1", Name: "示 例 员", Phone: "138 0013 8000", Roles: []access.Role{access.Clerk}}
		key, once, err := s.CreateAccount(t.Context(), sys, "form", in)
		if err != nil || once == "" {
			t.Fatal(err)
		}
		again, shown, err := s.CreateAccount(t.Context(), sys, "form", in)
		if err != nil || again != key || shown != "" {
			t.Errorf("the same form again: %q, password %q, %v", again, shown, err)
		}
		if _, _, err := s.CreateAccount(t.Context(), sys, "other", in); !fault.Is(err, fault.Invalid) {
			t.Errorf("the same login again: %v", err)
		}
		a, err := s.AccountByKey(t.Context(), sys, key)
		if err != nil || a.Name != "示例员" || !a.MustChange {
			t.Fatalf("%+v, %v", a, err)
		}
		if phone, err := s.AccountPhone(sys, a); err != nil || phone != "13800138000" {
			t.Errorf("phone %q, %v", phone, err)
		}
		if _, err := s.AccountPhone(clerk, a); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a clerk read a colleague's phone: %v", err)
		}
		if n := actions(t, d, "account.create"); n != 1 {
			t.Errorf("%d rows on the trail", n)
		}
	})
}

func TestOnlyAdministratorsKeepAccounts(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	a := account(t, d, s, "user1", access.Clerk)
	for name, act := range map[string]func(who access.Actor) error{
		"accounts": func(who access.Actor) error {
			_, _, err := s.CreateAccount(t.Context(), who, "k", people.NewAccount{Login: "new", Name: "甲", Roles: []access.Role{access.Clerk}})
			return err
		},
		"edit": func(who access.Actor) error {
			return s.EditAccount(t.Context(), who, a.Key, 1, people.AccountEdit{Name: "乙"})
		},
		"disable": func(who access.Actor) error { return s.Disable(t.Context(), who, a.Key, 1, true) },
		"reset": func(who access.Actor) error {
			_, err := s.ResetPassword(t.Context(), who, a.Key, 1)
			return err
		},
	} {
		if err := act(sec); !fault.Is(err, fault.Forbidden) {
			t.Errorf("安全管理员 %s: %v", name, err)
		}
	}
	for name, act := range map[string]func(who access.Actor) error{
		"roles": func(who access.Actor) error {
			return s.SetRoles(t.Context(), who, a.Key, 1, []access.Role{access.Leader})
		},
		"totp":   func(who access.Actor) error { return s.RequireTOTP(t.Context(), who, a.Key, 1, true) },
		"reset":  func(who access.Actor) error { return s.ResetTOTP(t.Context(), who, a.Key, 1) },
		"unlock": func(who access.Actor) error { return s.Unlock(t.Context(), who, a.Key, 1) },
	} {
		if err := act(sys); !fault.Is(err, fault.Forbidden) {
			t.Errorf("系统管理员 %s: %v", name, err)
		}
	}
	if err := s.EndSignInsOf(t.Context(), clerk, a.Key, 1); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a clerk signed a colleague out: %v", err)
	}
	if _, err := s.SignInsOf(t.Context(), clerk, a); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a clerk saw where a colleague is signed in: %v", err)
	}
	if _, err := s.AccountByKey(t.Context(), clerk, a.Key); !fault.Is(err, fault.NotFound) {
		t.Errorf("a clerk saw an account: %v", err)
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
			"totp": func(a people.Account) error { return s.RequireTOTP(t.Context(), sec, a.Key, a.Version, true) },
			"end":  func(a people.Account) error { return s.EndSignInsOf(t.Context(), sec, a.Key, a.Version) },
			"out":  func(a people.Account) error { return s.EndSignInsOf(t.Context(), sys, a.Key, a.Version) },
		} {
			a := account(t, d, s, "u-"+name, access.Clerk)
			in, _ := signed(t, s, a.Login)
			if err := change(a); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			ended(t, s, in.Token, name)
			if err := change(a); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s by a stale page: %v", name, err)
			}
		}
	})
}

func TestEditingAnAccountKeepsItsSignIns(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	a := account(t, d, s, "user1", access.Clerk)
	in, _ := signed(t, s, "user1")
	if err := s.EditAccount(t.Context(), sys, a.Key, a.Version, people.AccountEdit{Name: "解示例", Phone: "13800138001"}); err != nil {
		t.Fatal(err)
	}
	if err := s.EditAccount(t.Context(), sys, a.Key, a.Version+1, people.AccountEdit{Name: "解示例"}); err != nil {
		t.Fatal(err)
	}
	me, err := s.Resolve(t.Context(), in.Token)
	if err != nil || me.Actor.Name != "解示例" {
		t.Errorf("%+v, %v", me, err)
	}
	list, err := s.Accounts(t.Context(), sys, "xieshi", access.Clerk)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d found by pinyin, %v", len(list), err)
	}
	if phone, err := s.AccountPhone(sys, list[0]); err != nil || phone != "13800138001" {
		t.Errorf("an empty phone in the form took the phone away: %q, %v", phone, err)
	}
}

func TestAnAdministratorStandsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		a := account(t, d, s, "auditor1", access.Auditor)
		b := account(t, d, s, "clerk1", access.Clerk)
		if err := s.SetRoles(t.Context(), sec, b.Key, b.Version, []access.Role{access.SecAdmin, access.Clerk}); !fault.Is(err, fault.Invalid) {
			t.Errorf("安全管理员 and clerk in one: %v", err)
		}
		for name, q := range map[string]struct {
			query string
			id    int64
		}{
			"clerk to auditor":    {`INSERT INTO account_roles (account_id, role) VALUES (?, 'clerk')`, a.ID},
			"sysadmin to auditor": {`INSERT INTO account_roles (account_id, role) VALUES (?, 'sysadmin')`, a.ID},
			"auditor to clerk":    {`INSERT INTO account_roles (account_id, role) VALUES (?, 'auditor')`, b.ID},
			"by update":           {`UPDATE account_roles SET role = 'sysadmin' WHERE account_id = ?`, b.ID},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), q.query, q.id)
				return err
			})
			if err == nil {
				t.Errorf("the database let it happen: %s", name)
			}
		}
	})
}

// TestTwoGrantsAtOnceDontGoAroundTheRule lets two connections give one account two
// roles that exclude one another.
func TestTwoGrantsAtOnceDontGoAroundTheRule(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		for i := range 8 {
			a := account(t, d, s, "u"+string(rune('a'+i))+"x", access.Trainer)
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `DELETE FROM account_roles WHERE account_id = ?`, a.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			var given atomic.Int64
			for _, role := range []string{"auditor", "clerk", "sysadmin", "leader"} {
				wg.Go(func() {
					if d.Write(t.Context(), func(tx *db.Tx) error {
						_, err := tx.Exec(t.Context(), `INSERT INTO account_roles (account_id, role) VALUES (?, ?)`, a.ID, role)
						return err
					}) == nil {
						given.Add(1)
					}
				})
			}
			wg.Wait()
			var exclusive, all int
			if err := d.Get(t.Context(), &exclusive, `SELECT COUNT(*) FROM account_roles WHERE account_id = ? AND role IN ('auditor', 'sysadmin')`, a.ID); err != nil {
				t.Fatal(err)
			}
			if err := d.Get(t.Context(), &all, `SELECT COUNT(*) FROM account_roles WHERE account_id = ?`, a.ID); err != nil {
				t.Fatal(err)
			}
			if all == 0 || exclusive > 0 && all > 1 {
				t.Errorf("%d roles, %d of them exclusive", all, exclusive)
			}
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	a := account(t, d, s, "admin1", access.SysAdmin)
	if err := s.Disable(t.Context(), sys, a.Key, a.Version, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("nobody could sign in as administrator any more: %v", err)
	}
	if err := s.SetRoles(t.Context(), sec, a.Key, a.Version, []access.Role{access.Clerk}); !fault.Is(err, fault.Conflict) {
		t.Errorf("nobody would be administrator any more: %v", err)
	}
	b := account(t, d, s, "admin2", access.SysAdmin)
	if err := s.Disable(t.Context(), sys, b.Key, b.Version, true); err != nil {
		t.Errorf("one of two: %v", err)
	}
	own := access.Actor{AccountID: a.ID, Roles: []access.Role{access.SysAdmin}}
	if err := s.EditAccount(t.Context(), own, a.Key, a.Version, people.AccountEdit{Name: "自己"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an administrator changed the own account: %v", err)
	}
}

func TestTheCalendarHearsOfAccounts(t *testing.T) {
	t.Parallel()
	d, _ := dbtest.SQLite(t)
	s, _ := service(t, d)
	var heard []bool
	s.AccountChanged = func(_ context.Context, _ *db.Tx, a people.Account) error {
		heard = append(heard, a.DisabledAt.IsZero())
		return nil
	}
	a := account(t, d, s, "liaison1", access.Liaison)
	if err := s.Disable(t.Context(), sys, a.Key, a.Version, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Disable(t.Context(), sys, a.Key, a.Version+1, false); err != nil {
		t.Fatal(err)
	}
	if len(heard) != 3 || !heard[0] || heard[1] || !heard[2] {
		t.Errorf("enabled, disabled, enabled came as %v", heard)
	}
}
