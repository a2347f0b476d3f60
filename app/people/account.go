package people

import (
	"context"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Account is a member of staff who signs in.
type Account struct {
	ID           int64         `db:"id"`
	Key          string        `db:"key"`
	Login        string        `db:"login"`
	Guard        string        `db:"guard"` // what wrong tries are counted under
	Name         string        `db:"name"`
	Pinyin       string        `db:"pinyin"` // whole and initials, "zhangxiaoming zxm"
	PhoneSealed  []byte        `db:"phone_sealed"`
	UnitID       *int64        `db:"unit_id"`
	CommunityID  *int64        `db:"community_id"`
	Password     string        `db:"password"` // argon2id
	PasswordAt   db.Time       `db:"password_at"`
	MustChange   bool          `db:"must_change"`
	TOTPSealed   []byte        `db:"totp_sealed"`
	TOTPRequired bool          `db:"totp_required"`
	TOTPLastStep int64         `db:"totp_last_step"`
	Failures     int           `db:"failures"` // wrong tries in a row
	FreeAt       db.Time       `db:"free_at"`  // no try is checked before
	LockedUntil  db.Time       `db:"-"`        // zero while it may sign in
	DisabledAt   db.Time       `db:"disabled_at"`
	LastSignIn   db.Time       `db:"last_sign_in_at"`
	CreatedAt    db.Time       `db:"created_at"`
	Version      int64         `db:"version"`
	Roles        []access.Role `db:"-"`
}

const accountColumns = `a.id, a.key, a.login, a.guard, a.name, a.pinyin, a.phone_sealed, a.unit_id, a.community_id, a.password, a.password_at,
	a.must_change, a.totp_sealed, a.totp_required, a.totp_last_step, COALESCE(g.failures, 0) AS failures, g.free_at, a.disabled_at,
	a.last_sign_in_at, a.created_at, a.version`

const accountTables = ` FROM accounts a LEFT JOIN guards g ON g.subject = a.guard `

// locked fills LockedUntil: a lock, not the few seconds after a wrong try.
func (a *Account) locked() {
	if a.Failures >= maxFailures {
		a.LockedUntil = a.FreeAt
	}
}

// account reads an account with its roles. where names a column of accounts.
func (s *Service) account(ctx context.Context, r db.Reader, where string, arg any) (Account, error) {
	var a Account
	if err := r.Get(ctx, &a, `SELECT `+accountColumns+accountTables+`WHERE a.`+where, arg); err != nil {
		return a, err
	}
	a.locked()
	return a, r.Select(ctx, &a.Roles, `SELECT role FROM account_roles WHERE account_id = ? ORDER BY role`, a.ID)
}

// keepsAccounts refuses all but the administrators who keep accounts or rights.
func keepsAccounts(who access.Actor) error {
	if who.Can(access.Accounts) || who.Can(access.Grants) {
		return nil
	}
	return who.Check(access.Accounts)
}

// AccountByKey reads an account for its administrators. Errors: NotFound, to others too.
func (s *Service) AccountByKey(ctx context.Context, who access.Actor, key string) (Account, error) {
	if keepsAccounts(who) != nil {
		return Account{}, fault.New(fault.NotFound, "没有找到这个账号")
	}
	return s.account(ctx, s.db, "key = ?", key)
}

// Closed tells whether the account that keeps somebody's time is disabled: an account by its
// id, or a mediator's by the mediator's; 0 for none.
func (s *Service) Closed(ctx context.Context, r db.Reader, accountID, mediatorID int64) (closed bool, err error) {
	return closed, r.Get(ctx, &closed, `SELECT EXISTS (SELECT 1 FROM accounts WHERE disabled_at IS NOT NULL
		AND (id = ? OR id = (SELECT account_id FROM mediators WHERE id = ?)))`, accountID, mediatorID)
}

// AccountPhone opens an account's phone for its administrators.
func (s *Service) AccountPhone(who access.Actor, a Account) (string, error) {
	if err := keepsAccounts(who); err != nil {
		return "", err
	}
	return s.box.Open("accounts.phone:"+a.Key, a.PhoneSealed)
}

// Accounts lists accounts by name, filtered by a part of login, name or pinyin, and by role.
func (s *Service) Accounts(ctx context.Context, who access.Actor, query string, role access.Role) ([]Account, error) {
	if err := keepsAccounts(who); err != nil {
		return nil, err
	}
	where, args := []string{"1 = 1"}, []any{}
	if query != "" {
		like := "%" + db.EscapeLike(strings.ToLower(query)) + "%"
		where = append(where, `(a.login LIKE ? ESCAPE '\' OR LOWER(a.name) LIKE ? ESCAPE '\' OR a.pinyin LIKE ? ESCAPE '\')`)
		args = append(args, like, like, like)
	}
	if role != "" {
		where = append(where, `EXISTS (SELECT 1 FROM account_roles x WHERE x.account_id = a.id AND x.role = ?)`)
		args = append(args, role)
	}
	var out []Account
	err := s.db.Select(ctx, &out, `SELECT `+accountColumns+accountTables+`WHERE `+strings.Join(where, " AND ")+` ORDER BY a.name, a.id LIMIT 1000`, args...)
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
		list[i].locked()
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
	err := r.Select(ctx, &out, `SELECT `+accountColumns+accountTables+`WHERE a.disabled_at IS NULL
		AND EXISTS (SELECT 1 FROM account_roles x WHERE x.account_id = a.id AND x.role = ?) ORDER BY a.name, a.id`, role)
	return out, err
}

// HoldRole tells whether all the accounts are open and hold the role.
func HoldRole(ctx context.Context, r db.Reader, role access.Role, accountIDs []int64) (bool, error) {
	args := []any{role}
	for _, id := range accountIDs {
		args = append(args, id)
	}
	var n int
	err := r.Get(ctx, &n, `SELECT COUNT(*) FROM account_roles x JOIN accounts a ON a.id = x.account_id
		WHERE x.role = ? AND a.disabled_at IS NULL AND a.id IN (`+db.Marks(len(accountIDs))+`)`, args...)
	return n == len(accountIDs), err
}
