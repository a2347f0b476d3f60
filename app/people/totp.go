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

var (
	errCode  = fault.At("code", "验证码不对，请看验证器上最新的六位数字")
	errProof = fault.At("code", "更换验证器前，请先退出并重新登录，十分钟内完成设置")
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
// codes, shown once; the person's other sign-ins end. A factor that is there is
// replaced only shortly after signing in: a sign-in left open must not serve to lock
// its owner out. Errors: Invalid beside code, SignIn.
func (s *Service) FinishTOTP(ctx context.Context, who access.Actor, token, secret, code string) (codes []string, newToken string, err error) {
	step, ok := s.step(secret, code, 0)
	if !ok {
		return nil, "", errCode
	}
	newToken = seal.NewToken()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		row, err := s.present(ctx, tx, who, token, false)
		if err != nil {
			return err
		}
		if row.HasTOTP && tx.Now.Sub(row.provedAt()) > proofLife {
			return errProof
		}
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
		if err := s.endSignIns(ctx, tx, a.ID, row.ID); err != nil {
			return err
		}
		if err := s.renew(ctx, tx, row, newToken, true); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "totp.set", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	if err != nil {
		return nil, "", err
	}
	return codes, newToken, nil
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
	if secret == "" { // an empty key would make codes that anybody can reckon
		return 0, false
	}
	code = tidy(code)
	now := s.db.Now().Unix() / totpPeriod
	for _, k := range []int64{now, now - 1, now + 1} {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(k*totpPeriod, 0), totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix})
		if err == nil && seal.Equal(want, code) && k > last {
			return k, true
		}
	}
	return 0, false
}

// ConfirmTOTP finishes a sign-in with the second factor or a recovery code. Each
// counts once; wrong ones count as wrong passwords do. Errors: Invalid beside code,
// TooMany when locked, SignIn when the sign-in awaits no second factor.
func (s *Service) ConfirmTOTP(ctx context.Context, who access.Actor, token, code string) (newToken string, err error) {
	a, err := s.account(ctx, s.db, "id = ?", who.AccountID)
	if err != nil {
		return "", err
	}
	secret, err := s.box.Open("accounts.totp:"+a.Key, a.TOTPSealed)
	if err != nil {
		return "", err
	}
	failures, err := s.take(ctx, a.Guard, who.IP)
	if err != nil {
		return "", err
	}
	newToken = seal.NewToken()
	right := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		row, err := s.present(ctx, tx, who, token, true)
		if err != nil {
			return err
		}
		if right, err = s.useFactor(ctx, tx, a, secret, code); err != nil || !right {
			return err
		}
		if err := s.passed(ctx, tx, a.Guard, who.IP); err != nil {
			return err
		}
		if err := s.renew(ctx, tx, row, newToken, true); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "sign-in.totp", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	if err != nil { // nothing was checked, so nothing counts
		return "", s.settle(ctx, err, func(tx *db.Tx) error { return s.returned(ctx, tx, a.Guard, who.IP) })
	}
	if !right {
		return "", s.failed(ctx, a.Key, "sign-in.totp-failed", who, failures, errCode)
	}
	return newToken, nil
}

// useFactor spends the code: a time step newer than the last, or a recovery code.
func (s *Service) useFactor(ctx context.Context, tx *db.Tx, a Account, secret, code string) (bool, error) {
	if step, ok := s.step(secret, code, a.TOTPLastStep); ok {
		n, err := tx.Exec(ctx, `UPDATE accounts SET totp_last_step = ? WHERE id = ? AND totp_last_step < ?`, step, a.ID, step)
		return n == 1, err
	}
	c := strings.ToLower(strings.ReplaceAll(tidy(code), "-", ""))
	n, err := tx.Exec(ctx, `UPDATE recovery_codes SET used_at = ? WHERE account_id = ? AND code_hash = ? AND used_at IS NULL`,
		db.At(tx.Now), a.ID, s.box.HashToken("recovery", c))
	return n == 1, err
}
