package people

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Account is a member of staff who signs in.
type Account struct {
	ID           int64   `db:"id"`
	Key          string  `db:"key"`
	Login        string  `db:"login"`
	Name         string  `db:"name"`
	Pinyin       string  `db:"pinyin"`
	PhoneSealed  []byte  `db:"phone_sealed"`
	UnitID       *int64  `db:"unit_id"`
	CommunityID  *int64  `db:"community_id"`
	Password     string  `db:"password"`
	PasswordAt   db.Time `db:"password_at"`
	MustChange   bool    `db:"must_change"`
	TOTPSealed   []byte  `db:"totp_sealed"`
	TOTPRequired bool    `db:"totp_required"`
	TOTPLastStep int64   `db:"totp_last_step"`
	Failures     int     `db:"failures"`
	FailedAt     db.Time `db:"failed_at"`
	LockedUntil  db.Time `db:"locked_until"`
	DisabledAt   db.Time `db:"disabled_at"`
	LastSignIn   db.Time `db:"last_sign_in_at"`
	CreatedAt    db.Time `db:"created_at"`
	Version      int64   `db:"version"`
	Roles        []access.Role
}

const accountColumns = `id, key, login, name, pinyin, phone_sealed, unit_id, community_id, password, password_at, must_change, totp_sealed,
	totp_required, totp_last_step, failures, failed_at, locked_until, disabled_at, last_sign_in_at, created_at, version`

var loginForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,31}$`)

// NewAccount is what the form of a new account carries.
type NewAccount struct {
	Login, Name, Phone  string
	Roles               []access.Role
	UnitID, CommunityID int64
}

func (in NewAccount) check() error {
	f := fault.Form{}
	f.Check(loginForm.MatchString(in.Login), "login", "账号用 3 到 32 个小写字母、数字、点、横线,以字母开头")
	f.Check(in.Name != "" && utf8.RuneCountInString(in.Name) <= 40, "name", "请填写姓名")
	if in.Phone != "" {
		_, ok := NormPhone(in.Phone)
		f.Check(ok, "phone", "手机号好像不对,请核对")
	}
	f.Check(len(in.Roles) > 0, "roles", "请至少选一个角色")
	if err := access.CheckRoles(in.Roles); err != nil {
		f.Add("roles", fault.MessageOf(err))
	}
	return f.Err()
}

// CreateAccount makes an account with a one-time password, which is returned once.
// It needs access.Accounts.
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
	return key, password, err
}

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
	a := Account{Key: seal.NewKey(), Login: in.Login, Name: in.Name, Roles: in.Roles, Version: 1}
	full, initials := Pinyin(in.Name)
	phone, _ := NormPhone(in.Phone)
	id, err := tx.Insert(ctx, `INSERT INTO accounts (key, login, name, pinyin, phone_sealed, phone_index, unit_id, community_id,
		password, password_at, must_change, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`,
		a.Key, in.Login, in.Name, full+" "+initials, s.box.Seal("accounts.phone:"+a.Key, phone), s.box.Blind("phone", phone),
		nullable(in.UnitID), nullable(in.CommunityID), hash, db.At(tx.Now), must, db.At(tx.Now))
	if err != nil {
		if isUnique(err) {
			return a, fault.At("login", "这个账号已经有人用了")
		}
		return a, err
	}
	a.ID = id
	return a, s.putRoles(ctx, tx, a)
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

// account reads an account with its roles.
func (s *Service) account(ctx context.Context, r db.Reader, where string, arg any) (Account, error) {
	var a Account
	if err := r.Get(ctx, &a, `SELECT `+accountColumns+` FROM accounts WHERE `+where, arg); err != nil {
		return a, err
	}
	return a, r.Select(ctx, &a.Roles, `SELECT role FROM account_roles WHERE account_id = ? ORDER BY role`, a.ID)
}

// AccountByKey reads an account for its administrators.
func (s *Service) AccountByKey(ctx context.Context, who access.Actor, key string) (Account, error) {
	if !who.Can(access.Accounts) && !who.Can(access.Grants) {
		return Account{}, fault.New(fault.NotFound, "没有找到这个账号")
	}
	return s.account(ctx, s.db, "key = ?", key)
}

// Accounts lists accounts by name, filtered by a part of login, name or pinyin, and by role.
func (s *Service) Accounts(ctx context.Context, who access.Actor, query string, role access.Role) ([]Account, error) {
	if !who.Can(access.Accounts) && !who.Can(access.Grants) {
		return nil, fault.New(fault.Forbidden, "您的岗位没有这项权限")
	}
	where, args := []string{"1 = 1"}, []any{}
	if query != "" {
		like := "%" + db.EscapeLike(strings.ToLower(query)) + "%"
		where = append(where, `(login LIKE ? ESCAPE '\' OR name LIKE ? ESCAPE '\' OR pinyin LIKE ? ESCAPE '\')`)
		args = append(args, like, like, like)
	}
	if role != "" {
		where = append(where, `EXISTS (SELECT 1 FROM account_roles x WHERE x.account_id = accounts.id AND x.role = ?)`)
		args = append(args, role)
	}
	var out []Account
	err := s.db.Select(ctx, &out, `SELECT `+accountColumns+` FROM accounts WHERE `+strings.Join(where, " AND ")+` ORDER BY name, id LIMIT 1000`, args...)
	if err != nil {
		return nil, err
	}
	return out, s.addRoles(ctx, out)
}

func (s *Service) addRoles(ctx context.Context, list []Account) error {
	var all []struct {
		ID   int64       `db:"account_id"`
		Role access.Role `db:"role"`
	}
	if err := s.db.Select(ctx, &all, `SELECT account_id, role FROM account_roles ORDER BY account_id, role`); err != nil {
		return err
	}
	at := map[int64]*Account{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	for _, r := range all {
		if a := at[r.ID]; a != nil {
			a.Roles = append(a.Roles, r.Role)
		}
	}
	return nil
}

// AccountsWith lists the enabled accounts that hold a role, for choosing among them.
func (s *Service) AccountsWith(ctx context.Context, r db.Reader, role access.Role) ([]Account, error) {
	var out []Account
	err := r.Select(ctx, &out, `SELECT `+accountColumns+` FROM accounts WHERE disabled_at IS NULL
		AND EXISTS (SELECT 1 FROM account_roles x WHERE x.account_id = accounts.id AND x.role = ?) ORDER BY name, id`, role)
	return out, err
}

// change runs one administrator's change of an account and ends its sign-ins.
func (s *Service) change(ctx context.Context, who access.Actor, p access.Permission, key string, version int64, action string,
	fn func(tx *db.Tx, a *Account) error) error {
	if err := who.Check(p); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.account(ctx, tx, "key = ?", key)
		if err != nil {
			return err
		}
		if a.ID == who.AccountID {
			return fault.New(fault.Conflict, "不能改自己的账号,请另一位管理员操作")
		}
		if err := tx.Swap(ctx, `UPDATE accounts SET version = version + 1 WHERE id = ? AND version = ?`, a.ID, version); err != nil {
			return err
		}
		if err := fn(tx, &a); err != nil {
			return err
		}
		if err := s.endSignIns(ctx, tx, a.ID, 0); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "account", Key: key}, a.Roles)
	})
}

// Disable closes an account at once, or opens it again. The last enabled 系统管理员 stays.
func (s *Service) Disable(ctx context.Context, who access.Actor, key string, version int64, off bool) error {
	return s.change(ctx, who, access.Accounts, key, version, map[bool]string{true: "account.disable", false: "account.enable"}[off],
		func(tx *db.Tx, a *Account) error {
			if off && slices.Contains(a.Roles, access.SysAdmin) {
				if err := s.notLast(ctx, tx, access.SysAdmin); err != nil {
					return err
				}
			}
			var at db.Time
			if off {
				at = db.At(tx.Now)
			}
			a.DisabledAt = at
			if _, err := tx.Exec(ctx, `UPDATE accounts SET disabled_at = ? WHERE id = ?`, at, a.ID); err != nil || s.AccountChanged == nil {
				return err
			}
			return s.AccountChanged(ctx, tx, *a)
		})
}

func (s *Service) notLast(ctx context.Context, tx *db.Tx, role access.Role) error {
	var n int
	err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM accounts a JOIN account_roles r ON r.account_id = a.id WHERE r.role = ? AND a.disabled_at IS NULL`, role)
	if err == nil && n <= 1 {
		return fault.New(fault.Conflict, "至少要保留一位可用的"+role.Label())
	}
	return err
}

// SetRoles gives and takes roles. It needs access.Grants.
func (s *Service) SetRoles(ctx context.Context, who access.Actor, key string, version int64, roles []access.Role) error {
	if err := access.CheckRoles(roles); err != nil {
		return err
	}
	return s.change(ctx, who, access.Grants, key, version, "account.roles", func(tx *db.Tx, a *Account) error {
		for _, r := range []access.Role{access.SysAdmin, access.SecAdmin} {
			if slices.Contains(a.Roles, r) && !slices.Contains(roles, r) {
				if err := s.notLast(ctx, tx, r); err != nil {
					return err
				}
			}
		}
		a.Roles = roles
		return s.putRoles(ctx, tx, *a)
	})
}

// RequireTOTP makes the second factor a duty of the account, or frees it. It needs access.Grants.
func (s *Service) RequireTOTP(ctx context.Context, who access.Actor, key string, version int64, on bool) error {
	return s.change(ctx, who, access.Grants, key, version, "account.totp", func(tx *db.Tx, a *Account) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET totp_required = ? WHERE id = ?`, on, a.ID)
		return err
	})
}

// ResetTOTP takes a lost second factor off the account; the next sign-in sets up a new one.
func (s *Service) ResetTOTP(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.change(ctx, who, access.Grants, key, version, "account.totp-reset", func(tx *db.Tx, a *Account) error {
		if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE account_id = ?`, a.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE accounts SET totp_sealed = NULL, totp_last_step = 0 WHERE id = ?`, a.ID)
		return err
	})
}

// Unlock lets an account try again after too many failures. It needs access.Grants.
func (s *Service) Unlock(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.change(ctx, who, access.Grants, key, version, "account.unlock", func(tx *db.Tx, a *Account) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET failures = 0, locked_until = NULL WHERE id = ?`, a.ID)
		return err
	})
}

// ResetPassword gives the account a new one-time password, returned once. It needs access.Accounts.
func (s *Service) ResetPassword(ctx context.Context, who access.Actor, key string, version int64) (string, error) {
	password := oneTimePassword()
	hash, err := s.hash.make(ctx, password)
	if err != nil {
		return "", err
	}
	err = s.change(ctx, who, access.Accounts, key, version, "account.password-reset", func(tx *db.Tx, a *Account) error {
		return s.putPassword(ctx, tx, a.ID, hash, true)
	})
	return password, err
}

func (s *Service) putPassword(ctx context.Context, tx *db.Tx, accountID int64, hash string, must bool) error {
	if _, err := tx.Exec(ctx, `INSERT INTO password_history (account_id, password, at) SELECT id, password, ? FROM accounts WHERE id = ?`, db.At(tx.Now), accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE accounts SET password=?, password_at=?, must_change=?, failures=0, locked_until=NULL WHERE id=?`,
		hash, db.At(tx.Now), must, accountID)
	return err
}

// CreateFirstAdmin makes the one administrator of a fresh installation, with a
// one-time password; created is false when there are accounts already. That
// administrator makes the others.
func (s *Service) CreateFirstAdmin(ctx context.Context) (login, password string, created bool, err error) {
	var n int
	if err := s.db.Get(ctx, &n, `SELECT COUNT(*) FROM accounts`); err != nil || n > 0 {
		return "", "", false, err
	}
	login, password = "admin", oneTimePassword()
	hash, err := s.hash.make(ctx, password)
	if err != nil {
		return "", "", false, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.insertAccount(ctx, tx, NewAccount{Login: login, Name: "系统管理员", Roles: []access.Role{access.SysAdmin}}, hash, true)
		if err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, access.System("首次启动"), "account.create", audit.Ref{Kind: "account", Key: a.Key}, a.Roles)
	})
	return login, password, err == nil, err
}
