package people

import (
	"context"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// OwnAccount is what a member of staff sees of the own account.
type OwnAccount struct {
	Account
	Phone string // masked
	Unit  string
	Codes int // recovery codes left
}

// Own reads the account of the person who asks.
func (s *Service) Own(ctx context.Context, who access.Actor) (own OwnAccount, err error) {
	if err := who.Check(access.StaffOnly); err != nil {
		return own, err
	}
	if own.Account, err = s.account(ctx, s.db, "id = ?", who.AccountID); err != nil {
		return own, err
	}
	phone, err := s.box.Open("accounts.phone:"+own.Key, own.PhoneSealed)
	if err != nil {
		return own, err
	}
	if phone != "" {
		own.Phone = MaskPhone(phone)
	}
	var more struct {
		Unit  string `db:"unit"`
		Codes int    `db:"codes"`
	}
	err = s.db.Get(ctx, &more, `SELECT COALESCE((SELECT u.name FROM units u JOIN accounts a ON a.unit_id = u.id WHERE a.id = ?), '') AS unit,
		(SELECT COUNT(*) FROM recovery_codes WHERE account_id = ? AND used_at IS NULL) AS codes`, own.ID, own.ID)
	own.Unit, own.Codes = more.Unit, more.Codes
	return own, err
}

// AskOwnPhone sends a code to the phone that the person wants on the own account.
// Errors: Invalid beside phone, TooMany.
func (s *Service) AskOwnPhone(ctx context.Context, who access.Actor, phone string) error {
	if err := who.Check(access.StaffOnly); err != nil {
		return err
	}
	phone, ok := NormPhone(phone)
	if !ok || !Mobile(phone) {
		return fault.At("phone", "请填写能收短信的手机号，11 位数字")
	}
	index := s.box.Blind("phone", phone)
	code := seal.NewCode(codeDigits)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return s.sendCode(ctx, tx, index, s.hashOwnPhone(who, index, code), who.IP, notify.Message{Kind: "own-phone" + notify.CodeKind, Channel: notify.SMS,
			ToName: who.Name, To: phone, Body: "更换工作账号手机号的验证码 " + code + "，5 分钟内有效。不是本人操作请不要理会。"})
	})
}

// hashOwnPhone binds a code to the account it was asked from: it signs no resident in.
func (s *Service) hashOwnPhone(who access.Actor, index, code string) string {
	return s.box.HashToken("own-phone", strconv.FormatInt(who.AccountID, 10)+":"+index+code)
}

// ConfirmOwnPhone puts the phone on the own account when the code sent to it is right,
// and tells the phone that was there. Errors: Invalid beside code, whatever was wrong.
func (s *Service) ConfirmOwnPhone(ctx context.Context, who access.Actor, phone, code string) error {
	wrong := fault.At("code", "验证码不对或已过期，请重新获取")
	if err := who.Check(access.StaffOnly); err != nil {
		return err
	}
	phone, ok := NormPhone(phone)
	if !ok {
		return wrong
	}
	index, right := s.box.Blind("phone", phone), false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		id, ok, err := s.tryCode(ctx, tx, index, s.hashOwnPhone(who, index, tidy(code)))
		if right = ok; err != nil || !ok {
			return err // the try is counted although the code was wrong
		}
		if err := spendCode(ctx, tx, id); err != nil {
			return err
		}
		return s.putOwnPhone(ctx, tx, who, phone, index)
	})
	if err == nil && !right {
		return wrong
	}
	return err
}

func (s *Service) putOwnPhone(ctx context.Context, tx *db.Tx, who access.Actor, phone, index string) error {
	a, err := s.account(ctx, tx, "id = ?", who.AccountID)
	if err != nil {
		return err
	}
	old, err := s.box.Open("accounts.phone:"+a.Key, a.PhoneSealed)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE accounts SET phone_sealed = ?, phone_index = ?, version = version + 1 WHERE id = ?`,
		s.box.Seal("accounts.phone:"+a.Key, phone), index, a.ID)
	if err != nil {
		return err
	}
	if Mobile(old) && old != phone {
		err := s.outbox.Send(ctx, tx, notify.Message{Kind: "own-phone.changed", Channel: notify.SMS, ToName: a.Name, To: old,
			Body: "您的工作账号已改用尾号 " + phone[len(phone)-4:] + " 的手机号。不是本人操作请马上联系系统管理员。"})
		if err != nil {
			return err
		}
	}
	tx.Touch("people")
	return s.trail.Record(ctx, tx, who, "account.own-phone", audit.Ref{Kind: "account", Key: a.Key}, nil)
}

// NewRecoveryCodes makes the old recovery codes worthless and gives new ones, shown
// once. As for a new second factor, the person showed who they are within the last
// ten minutes. Errors: Conflict, SignIn.
func (s *Service) NewRecoveryCodes(ctx context.Context, who access.Actor, token string) (codes []string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		row, err := s.present(ctx, tx, who, token, false)
		switch {
		case err != nil:
			return err
		case !row.HasTOTP:
			return fault.New(fault.Conflict, "还没有设置动态验证码，不需要备用码")
		case tx.Now.Sub(row.provedAt()) > proofLife:
			return fault.New(fault.Conflict, errProof.Message)
		}
		a, err := s.account(ctx, tx, "id = ?", who.AccountID)
		if err != nil {
			return err
		}
		if codes, err = s.newRecovery(ctx, tx, a.ID); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "totp.codes", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}
