package people

import (
	"context"
	"errors"
	"regexp"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

var loginForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,31}$`)

// NewAccount is what the form of a new account carries.
type NewAccount struct {
	Login, Name, Phone  string
	Roles               []access.Role
	UnitID, CommunityID int64
}

func (in *NewAccount) check() error {
	f := fault.Form{}
	in.Name = NormName(in.Name)
	f.Check(loginForm.MatchString(in.Login), "login", "账号用 3 到 32 个小写字母、数字、点、横线，以字母开头")
	checkPerson(f, in.Name, in.Phone)
	f.Check(len(in.Roles) > 0, "roles", "请至少选一个角色")
	if err := access.CheckRoles(in.Roles); err != nil {
		f.Add("roles", fault.MessageOf(err))
	}
	return f.Err()
}

// checkPerson holds a name and an optional phone to what can be true.
func checkPerson(f fault.Form, name, phone string) {
	f.Check(name != "" && utf8.RuneCountInString(name) <= 40, "name", "请填写姓名，最多 40 字")
	if phone != "" {
		_, ok := NormPhone(phone)
		f.Check(ok, "phone", "手机号好像不对，请核对")
	}
}

// CreateAccount makes an account with a one-time password, which is returned once;
// a repetition of the same form gets "". It needs access.Accounts.
func (s *Service) CreateAccount(ctx context.Context, who access.Actor, idem string, in NewAccount) (key, password string, err error) {
	if err := who.Check(access.Accounts); err != nil {
		return "", "", err
	}
	if err := in.check(); err != nil {
		return "", "", err
	}
	password = oneTimePassword()
	hash, err := s.hash.make(ctx, password)
	if err != nil {
		return "", "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		prior, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			key, password = prior, ""
			return err
		}
		a, err := s.insertAccount(ctx, tx, in, hash, true)
		if err != nil {
			return err
		}
		key = a.Key
		if err := s.trail.Record(ctx, tx, who, "account.create", audit.Ref{Kind: "account", Key: key}, in.Roles); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	if err != nil {
		return "", "", err
	}
	return key, password, nil
}

// oneTimePassword has 50 random bits and more, and three classes of signs.
func oneTimePassword() string { return "Tj-" + seal.NewKey()[:10] + "-" + seal.NewCode(2) }

// InsertAccount makes an account in the caller's transaction, with a password that
// was hashed before: for seeding and imports.
func (s *Service) InsertAccount(ctx context.Context, tx *db.Tx, in NewAccount, hash string) (Account, error) {
	if err := in.check(); err != nil {
		return Account{}, err
	}
	return s.insertAccount(ctx, tx, in, hash, false)
}

// HashPassword hashes a password for InsertAccount.
func (s *Service) HashPassword(ctx context.Context, password string) (string, error) {
	return s.hash.make(ctx, password)
}

func (s *Service) insertAccount(ctx context.Context, tx *db.Tx, in NewAccount, hash string, must bool) (Account, error) {
	a := Account{Key: seal.NewKey(), Login: in.Login, Guard: s.guardOf(in.Login), Name: in.Name, Pinyin: spelled(in.Name), Roles: in.Roles, Version: 1}
	phone, _ := NormPhone(in.Phone)
	id, err := tx.Insert(ctx, `INSERT INTO accounts (key, login, guard, name, pinyin, phone_sealed, phone_index, unit_id, community_id,
		password, password_at, must_change, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`,
		a.Key, a.Login, a.Guard, a.Name, a.Pinyin, s.box.Seal("accounts.phone:"+a.Key, phone), s.box.Blind("phone", phone),
		nullable(in.UnitID), nullable(in.CommunityID), hash, db.At(tx.Now), must, db.At(tx.Now))
	if err != nil {
		if isUnique(err) {
			return a, fault.At("login", "这个账号已经有人用了")
		}
		return a, err
	}
	a.ID = id
	if err := s.unguard(ctx, tx, a.Guard); err != nil { // tries at this login before it was one
		return a, err
	}
	return a, s.putRoles(ctx, tx, a)
}

// spelled is how a name is found by letters.
func spelled(name string) string {
	full, initials := Pinyin(name)
	return full + " " + initials
}

func (s *Service) putRoles(ctx context.Context, tx *db.Tx, a Account) error {
	if _, err := tx.Exec(ctx, `DELETE FROM account_roles WHERE account_id = ?`, a.ID); err != nil {
		return err
	}
	for _, r := range a.Roles {
		if _, err := tx.Exec(ctx, `INSERT INTO account_roles (account_id, role) VALUES (?, ?)`, a.ID, r); err != nil {
			return err
		}
	}
	return s.accountChanged(ctx, tx, a)
}

func (s *Service) accountChanged(ctx context.Context, tx *db.Tx, a Account) error {
	tx.Touch("signins", "people")
	if s.AccountChanged != nil {
		return s.AccountChanged(ctx, tx, a)
	}
	return nil
}

func nullable(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func isUnique(err error) bool { return errors.Is(err, db.ErrUnique) }

// CreateFirstAdmin makes the one administrator of a fresh installation, with a
// one-time password; created is false when there are accounts already. That
// administrator makes the others.
func (s *Service) CreateFirstAdmin(ctx context.Context) (login, password string, created bool, err error) {
	if some, err := s.anyAccount(ctx, s.db); err != nil || some {
		return "", "", false, err
	}
	login, password = "admin", oneTimePassword()
	hash, err := s.hash.make(ctx, password)
	if err != nil {
		return "", "", false, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if some, err := s.anyAccount(ctx, tx); err != nil || some {
			return err
		}
		a, err := s.insertAccount(ctx, tx, NewAccount{Login: login, Name: "系统管理员", Roles: []access.Role{access.SysAdmin}}, hash, true)
		if err != nil {
			return err
		}
		created = true
		return s.trail.Record(ctx, tx, access.System("首次启动"), "account.create", audit.Ref{Kind: "account", Key: a.Key}, a.Roles)
	})
	if err != nil || !created {
		return "", "", false, err
	}
	return login, password, true, nil
}

func (s *Service) anyAccount(ctx context.Context, r db.Reader) (some bool, err error) {
	err = r.Get(ctx, &some, `SELECT EXISTS (SELECT 1 FROM accounts)`)
	return some, err
}
