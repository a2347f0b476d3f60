package people

import (
	"context"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const (
	totpPeriod    = 30 // seconds
	recoveryCodes = 10
)

// Enrolment is a second factor being set up; it counts once confirmed.
type Enrolment struct{ Secret, URL string }

// StartTOTP proposes a second factor: a secret for an authenticator. It is stored only by FinishTOTP.
func (s *Service) StartTOTP(who access.Actor, issuer string) (Enrolment, error) {
	k, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: who.Name, Period: totpPeriod})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Secret: k.Secret(), URL: k.URL()}, nil
}

// FinishTOTP stores the second factor after one right code, and gives the recovery
// codes, shown once.
func (s *Service) FinishTOTP(ctx context.Context, who access.Actor, token, secret, code string) (codes []string, newToken string, err error) {
	step, ok := s.step(secret, code, 0)
	if !ok {
		return nil, "", fault.At("code", "验证码不对,请看验证器上最新的六位数字")
	}
	newToken = seal.NewToken()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.account(ctx, tx, "id = ?", who.AccountID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE accounts SET totp_sealed=?, totp_last_step=? WHERE id=?`, s.box.Seal("accounts.totp:"+a.Key, secret), step, a.ID)
		if err != nil {
			return err
		}
		if codes, err = s.newRecovery(ctx, tx, a.ID); err != nil {
			return err
		}
		if err := s.renew(ctx, tx, a.ID, token, newToken); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE sign_ins SET mfa_at = ?, need_totp = FALSE WHERE token_hash = ?`, db.At(tx.Now), s.box.HashToken("sign-in", newToken)); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "totp.set", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	return codes, newToken, err
}

func (s *Service) newRecovery(ctx context.Context, tx *db.Tx, accountID int64) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE account_id = ?`, accountID); err != nil {
		return nil, err
	}
	var out []string
	for range recoveryCodes {
		c := seal.NewKey()[:10]
		out = append(out, c[:5]+"-"+c[5:])
		if _, err := tx.Exec(ctx, `INSERT INTO recovery_codes (account_id, code_hash) VALUES (?, ?)`, accountID, s.box.HashToken("recovery", c)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// step finds the time step of a right code: the present one, or one before or after
// it, and newer than the last one used.
func (s *Service) step(secret, code string, last int64) (int64, bool) {
	now := s.db.Now().Unix() / totpPeriod
	for _, k := range []int64{now, now - 1, now + 1} {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(k*totpPeriod, 0), totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix})
		if err == nil && seal.Equal(want, strings.TrimSpace(code)) && k > last {
			return k, true
		}
	}
	return 0, false
}

// ConfirmTOTP finishes a sign-in with the second factor or a recovery code. Each
// counts once; wrong ones count as wrong passwords do.
func (s *Service) ConfirmTOTP(ctx context.Context, who access.Actor, token, code string) (newToken string, err error) {
	a, err := s.account(ctx, s.db, "id = ?", who.AccountID)
	if err != nil {
		return "", err
	}
	if a.LockedUntil.After(s.db.Now()) {
		return "", errLocked
	}
	secret, err := s.box.Open("accounts.totp:"+a.Key, a.TOTPSealed)
	if err != nil {
		return "", err
	}
	step, right := s.step(secret, code, a.TOTPLastStep)
	newToken = seal.NewToken()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if right {
			if err := tx.Swap(ctx, `UPDATE accounts SET totp_last_step=? WHERE id=? AND totp_last_step<?`, step, a.ID, step); err != nil {
				return err
			}
		} else if right, err = s.useRecovery(ctx, tx, a.ID, code); err != nil || !right {
			return err
		}
		if err := s.renew(ctx, tx, a.ID, token, newToken); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE sign_ins SET mfa_at = ?, need_totp = FALSE WHERE token_hash = ?`, db.At(tx.Now), s.box.HashToken("sign-in", newToken)); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "sign-in.totp", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	if err == nil && !right {
		if err = s.failed(ctx, a, Login{IP: who.IP, RequestID: who.RequestID}); fault.Is(err, fault.Invalid) {
			err = fault.At("code", "验证码不对,请看验证器上最新的六位数字")
		}
	}
	return newToken, err
}

func (s *Service) useRecovery(ctx context.Context, tx *db.Tx, accountID int64, code string) (bool, error) {
	c := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(code), "-", ""))
	n, err := tx.Exec(ctx, `UPDATE recovery_codes SET used_at = ? WHERE account_id = ? AND code_hash = ? AND used_at IS NULL`,
		db.At(tx.Now), accountID, s.box.HashToken("recovery", c))
	return n == 1, err
}
