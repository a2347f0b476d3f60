package people

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// change runs one administrator's change of somebody else's account.
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
			return fault.New(fault.Conflict, "不能改自己的账号，请另一位管理员操作")
		}
		if err := tx.Swap(ctx, `UPDATE accounts SET version = version + 1 WHERE id = ? AND version = ?`, a.ID, version); err != nil {
			return err
		}
		if err := fn(tx, &a); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "account", Key: key}, a.Roles)
	})
}

// changeRights is a change after which the person signs in again.
func (s *Service) changeRights(ctx context.Context, who access.Actor, p access.Permission, key string, version int64, action string,
	fn func(tx *db.Tx, a *Account) error) error {
	return s.change(ctx, who, p, key, version, action, func(tx *db.Tx, a *Account) error {
		if err := fn(tx, a); err != nil {
			return err
		}
		return s.endSignIns(ctx, tx, a.ID, 0)
	})
}

// AccountEdit is what the form of an account's particulars carries. An empty Phone
// keeps the one on record, for the form never shows it in full.
type AccountEdit struct {
	Name, Phone                     string
	UnitID, CommunityID, MediatorID int64 // MediatorID is whose profile the account keeps, 0 for none
}

// EditAccount changes an account's particulars. It needs access.Accounts. Errors:
// Invalid beside mediator when the account has not the role, or the profile another account.
func (s *Service) EditAccount(ctx context.Context, who access.Actor, key string, version int64, in AccountEdit) error {
	f := fault.Form{}
	in.Name = NormName(in.Name)
	checkPerson(f, in.Name, in.Phone)
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, who, access.Accounts, key, version, "account.edit", func(tx *db.Tx, a *Account) error {
		a.Name = in.Name
		_, err := tx.Exec(ctx, `UPDATE accounts SET name = ?, pinyin = ?, unit_id = ?, community_id = ? WHERE id = ?`,
			in.Name, spelled(in.Name), nullable(in.UnitID), nullable(in.CommunityID), a.ID)
		if err != nil {
			return err
		}
		if phone, ok := NormPhone(in.Phone); ok {
			_, err := tx.Exec(ctx, `UPDATE accounts SET phone_sealed = ?, phone_index = ? WHERE id = ?`,
				s.box.Seal("accounts.phone:"+key, phone), s.box.Blind("phone", phone), a.ID)
			if err != nil {
				return err
			}
		}
		if err := s.linkMediator(ctx, tx, who, *a, in.MediatorID); err != nil {
			return err
		}
		return s.accountChanged(ctx, tx, *a)
	})
}

// linkMediator makes the account the one that keeps a mediator's profile, and no other profile.
func (s *Service) linkMediator(ctx context.Context, tx *db.Tx, who access.Actor, a Account, mediatorID int64) error {
	var linked []int64
	if err := tx.Select(ctx, &linked, `SELECT id FROM mediators WHERE account_id = ?`, a.ID); err != nil {
		return err
	}
	if mediatorID == 0 && len(linked) == 0 || len(linked) == 1 && linked[0] == mediatorID {
		return nil
	}
	for _, id := range linked {
		if err := s.setKeeper(ctx, tx, who, id, nil, "解除登录账号"); err != nil {
			return err
		}
	}
	switch {
	case mediatorID == 0:
		return nil
	case slices.ContainsFunc(a.Roles, access.Role.Exclusive):
		return fault.At("mediator", a.Roles[0].Label()+"不能兼任调解员（三员分立），这个账号不能关联调解员")
	case !slices.Contains(a.Roles, access.Mediator):
		return fault.At("mediator", "这个账号没有调解员角色，请先由安全管理员加上角色")
	}
	return s.setKeeper(ctx, tx, who, mediatorID, &a.ID, "关联登录账号 "+a.Login)
}

func (s *Service) setKeeper(ctx context.Context, tx *db.Tx, who access.Actor, mediatorID int64, accountID *int64, note string) error {
	free := ""
	if accountID != nil {
		free = ` AND account_id IS NULL`
	}
	n, err := tx.Exec(ctx, `UPDATE mediators SET account_id = ?, version = version + 1 WHERE id = ?`+free, accountID, mediatorID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.At("mediator", "这位调解员已经关联了另一个账号，请先在那个账号解除")
	}
	m, err := s.MediatorByID(ctx, tx, mediatorID)
	if err != nil {
		return err
	}
	return s.recorded(ctx, tx, who, m, "account", m.State, note)
}

// MediatorOf gives the profile that an account keeps; the zero Mediator when it keeps none.
func (s *Service) MediatorOf(ctx context.Context, r db.Reader, accountID int64) (Mediator, error) {
	m, err := s.mediatorWhere(ctx, r, `m.account_id = ?`, accountID)
	if fault.Is(err, fault.NotFound) {
		return Mediator{}, nil
	}
	return m, err
}

// Disable closes an account at once, or opens it again. The last enabled
// administrator of a kind stays. It needs access.Accounts.
func (s *Service) Disable(ctx context.Context, who access.Actor, key string, version int64, off bool) error {
	action := "account.enable"
	if off {
		action = "account.disable"
	}
	return s.changeRights(ctx, who, access.Accounts, key, version, action, func(tx *db.Tx, a *Account) error {
		a.DisabledAt = db.Time{}
		if off {
			if err := s.othersLeft(ctx, tx, *a, nil); err != nil {
				return err
			}
			a.DisabledAt = db.At(tx.Now)
		}
		if _, err := tx.Exec(ctx, `UPDATE accounts SET disabled_at = ? WHERE id = ?`, a.DisabledAt, a.ID); err != nil {
			return err
		}
		return s.accountChanged(ctx, tx, *a)
	})
}

// othersLeft refuses to take the last enabled holder of an administrator's role away.
func (s *Service) othersLeft(ctx context.Context, tx *db.Tx, a Account, keeps []access.Role) error {
	for _, role := range a.Roles {
		if !role.Exclusive() || slices.Contains(keeps, role) || !a.DisabledAt.IsZero() {
			continue
		}
		var left bool
		err := tx.Get(ctx, &left, `SELECT EXISTS (SELECT 1 FROM accounts o JOIN account_roles r ON r.account_id = o.id
			WHERE r.role = ? AND o.disabled_at IS NULL AND o.id <> ?)`, role, a.ID)
		if err != nil {
			return err
		}
		if !left {
			return fault.New(fault.Conflict, "至少要保留一位可用的"+role.Label())
		}
	}
	return nil
}

// SetRoles gives and takes roles. It needs access.Grants.
func (s *Service) SetRoles(ctx context.Context, who access.Actor, key string, version int64, roles []access.Role) error {
	if err := access.CheckRoles(roles); err != nil {
		return err
	}
	return s.changeRights(ctx, who, access.Grants, key, version, "account.roles", func(tx *db.Tx, a *Account) error {
		if err := s.othersLeft(ctx, tx, *a, roles); err != nil {
			return err
		}
		a.Roles = roles
		return s.putRoles(ctx, tx, *a)
	})
}

// RequireTOTP makes the second factor a duty of the account, or frees it. It needs access.Grants.
func (s *Service) RequireTOTP(ctx context.Context, who access.Actor, key string, version int64, on bool) error {
	return s.changeRights(ctx, who, access.Grants, key, version, "account.totp", func(tx *db.Tx, a *Account) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET totp_required = ? WHERE id = ?`, on, a.ID)
		return err
	})
}

// ResetTOTP takes a lost second factor off the account; where it is a duty, the next
// sign-in sets up a new one. It needs access.Grants.
func (s *Service) ResetTOTP(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.changeRights(ctx, who, access.Grants, key, version, "account.totp-reset", func(tx *db.Tx, a *Account) error {
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
		return s.unguard(ctx, tx, a.Guard)
	})
}

// EndSignInsOf signs somebody out everywhere (ASVS 7.4.5). It needs access.SignOuts: it
// gives nobody a right, so either administrator of accounts or rights may do it.
func (s *Service) EndSignInsOf(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.changeRights(ctx, who, access.SignOuts, key, version, "account.sign-out", func(*db.Tx, *Account) error { return nil })
}

// ResetPassword gives the account a new one-time password, returned once, and
// unlocks it. It needs access.Accounts.
func (s *Service) ResetPassword(ctx context.Context, who access.Actor, key string, version int64) (string, error) {
	if err := who.Check(access.Accounts); err != nil {
		return "", err
	}
	password := oneTimePassword()
	hash, err := s.hash.make(ctx, password)
	if err != nil {
		return "", err
	}
	err = s.changeRights(ctx, who, access.Accounts, key, version, "account.password-reset", func(tx *db.Tx, a *Account) error {
		if err := s.unguard(ctx, tx, a.Guard); err != nil {
			return err
		}
		return s.putPassword(ctx, tx, a.ID, hash, true)
	})
	if err != nil {
		return "", err
	}
	return password, nil
}
