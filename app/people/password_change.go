package people

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// keepPasswords is how many former passwords may not come back (等保 practice).
const keepPasswords = 5

// ChangePassword changes one's own password; every other sign-in ends and this one
// gets a new token. Wrong old passwords count as wrong sign-ins do: a borrowed
// sign-in must not serve to guess. Errors: Invalid beside old or new, TooMany.
func (s *Service) ChangePassword(ctx context.Context, who access.Actor, token, old, fresh string) (newToken string, err error) {
	a, err := s.account(ctx, s.db, "id = ?", who.AccountID)
	if err != nil {
		return "", err
	}
	if err := s.checkOld(ctx, who, a, old); err != nil {
		return "", err
	}
	hash, err := s.newPassword(ctx, a, fresh)
	if err != nil {
		return "", err
	}
	newToken = seal.NewToken()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		row, err := s.present(ctx, tx, who, token, false)
		if err != nil {
			return err
		}
		if err := s.putPassword(ctx, tx, a.ID, hash, false); err != nil {
			return err
		}
		if err := s.endSignIns(ctx, tx, a.ID, row.ID); err != nil {
			return err
		}
		if err := s.renew(ctx, tx, row, newToken, false); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "password.change", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	if err != nil {
		return "", err
	}
	return newToken, nil
}

// checkOld compares the password now in force, under the account's guard.
func (s *Service) checkOld(ctx context.Context, who access.Actor, a Account, old string) error {
	failures, err := s.take(ctx, a.Guard, who.IP)
	if err != nil {
		return err
	}
	right, err := s.hash.same(ctx, old, a.Password)
	if err == nil && !right {
		return s.failed(ctx, a.Key, "password.wrong", who, failures, fault.At("old", "现在的口令不对"))
	}
	return s.settle(ctx, err, func(tx *db.Tx) error { return s.returned(ctx, tx, a.Guard, who.IP) })
}

// newPassword holds a new password to the rules and hashes it.
func (s *Service) newPassword(ctx context.Context, a Account, fresh string) (hash string, err error) {
	phone, err := s.box.Open("accounts.phone:"+a.Key, a.PhoneSealed)
	if err != nil {
		return "", err
	}
	if err := s.checkPassword(fresh, a, phone); err != nil {
		return "", err
	}
	if err := s.notUsedBefore(ctx, a, fresh); err != nil {
		return "", err
	}
	return s.hash.make(ctx, fresh)
}

func (s *Service) notUsedBefore(ctx context.Context, a Account, fresh string) error {
	if s.opts.Profile != "djbh3" {
		return nil
	}
	var old []string
	err := s.db.Select(ctx, &old, `SELECT password FROM password_history WHERE account_id = ? ORDER BY id DESC LIMIT ?`, a.ID, keepPasswords-1)
	if err != nil {
		return err
	}
	for _, hash := range append(old, a.Password) {
		same, err := s.hash.same(ctx, fresh, hash)
		if err != nil {
			return err
		}
		if same {
			return fault.At("new", "这个口令最近用过，请换一个")
		}
	}
	return nil
}

// putPassword puts a new password in force and keeps the old one's hash as long as
// it may not come back.
func (s *Service) putPassword(ctx context.Context, tx *db.Tx, accountID int64, hash string, must bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO password_history (account_id, password, at) SELECT id, password, ? FROM accounts WHERE id = ?`, db.At(tx.Now), accountID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM password_history WHERE account_id = ? AND id NOT IN
		(SELECT id FROM password_history WHERE account_id = ? ORDER BY id DESC LIMIT ?)`, accountID, accountID, keepPasswords-1)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE accounts SET password = ?, password_at = ?, must_change = ? WHERE id = ?`, hash, db.At(tx.Now), must, accountID)
	return err
}
