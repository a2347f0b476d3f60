package people

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/seal"
	"tiaojie/db"
)

const (
	codeDigits = 6
	codeLife   = 5 * time.Minute
	codeTries  = 5
)

func parseRoles(text *string) []access.Role {
	if text == nil || *text == "" {
		return nil
	}
	var out []access.Role
	for r := range strings.SplitSeq(*text, ",") {
		out = append(out, access.Role(r))
	}
	return out
}

// limit counts one try of a subject and refuses past n in the window.
func (s *Service) limit(ctx context.Context, subject string, window time.Duration, n int, message string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.limitTx(ctx, tx, subject, window, n, message) })
}

func (s *Service) limitTx(ctx context.Context, tx *db.Tx, subject string, window time.Duration, n int, message string) error {
	subject = s.box.HashToken("throttle", subject) // an address or a phone is nobody's business here
	since := tx.Now.Truncate(window)
	var count int
	err := tx.Get(ctx, &count, `INSERT INTO throttles (subject, since, n) VALUES (?, ?, 1)
		ON CONFLICT (subject, since) DO UPDATE SET n = throttles.n + 1 RETURNING n`, subject+strconv.Itoa(int(window.Seconds())), db.At(since))
	if err == nil && count > n {
		return fault.New(fault.TooMany, message)
	}
	return err
}

// Sweep forgets old tries, codes and ended sign-ins; daily.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, q := range []struct {
			query string
			age   time.Duration
		}{
			{`DELETE FROM throttles WHERE since < ?`, 48 * time.Hour},
			{`DELETE FROM one_time_codes WHERE expires_at < ?`, 48 * time.Hour},
			{`DELETE FROM sign_ins WHERE expires_at < ?`, 180 * 24 * time.Hour}, // 网络安全法 21: at least six months
			{`DELETE FROM idempotency WHERE at < ?`, 48 * time.Hour},
		} {
			if _, err := tx.Exec(ctx, q.query, db.At(tx.Now.Add(-q.age))); err != nil {
				return err
			}
		}
		return nil
	})
}

// RequestCode sends a one-time code to a phone. The answer is the same whether or
// not the phone is known.
func (s *Service) RequestCode(ctx context.Context, phone, ip string) error {
	phone, ok := NormPhone(phone)
	if !ok {
		return fault.At("phone", "手机号好像不对,请核对")
	}
	const wait = "发送太频繁了,请过一会儿再试"
	code := seal.NewCode(codeDigits)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, l := range []struct {
			subject string
			window  time.Duration
			n       int
		}{
			{"code:" + phone, time.Minute, 1}, {"code:" + phone, time.Hour, 5}, {"code:" + phone, 24 * time.Hour, 10},
			{"code-ip:" + ip, time.Hour, 20},
		} {
			if err := s.limitTx(ctx, tx, l.subject, l.window, l.n, wait); err != nil {
				return err
			}
		}
		index := s.box.Blind("phone", phone)
		// Only the newest code opens; an older one in another message is dead.
		if _, err := tx.Exec(ctx, `UPDATE one_time_codes SET used_at = ? WHERE phone_index = ? AND used_at IS NULL`, db.At(tx.Now), index); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO one_time_codes (phone_index, code_hash, expires_at) VALUES (?,?,?)`,
			index, s.box.HashToken("one-time", index+code), db.At(tx.Now.Add(codeLife)))
		if err != nil {
			return err
		}
		return s.outbox.Send(ctx, tx, notify.Message{Kind: "sign-in.code", Channel: notify.SMS, ToName: "居民", To: phone,
			Body: "登录验证码 " + code + ",5 分钟内有效。工作人员不会向您索要验证码。"})
	})
}

// ConfirmCode signs a resident in with the code sent to the phone.
func (s *Service) ConfirmCode(ctx context.Context, phone, code, ip, agent string) (token string, err error) {
	wrong := fault.At("code", "验证码不对或已过期,请重新获取")
	phone, ok := NormPhone(phone)
	if !ok {
		return "", wrong
	}
	index := s.box.Blind("phone", phone)
	token = seal.NewToken()
	right := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var row struct {
			ID   int64  `db:"id"`
			Hash string `db:"code_hash"`
		}
		err := tx.Get(ctx, &row, `UPDATE one_time_codes SET tries = tries + 1 WHERE id = (SELECT id FROM one_time_codes
			WHERE phone_index = ? AND used_at IS NULL AND expires_at > ? AND tries < ? ORDER BY id DESC LIMIT 1) RETURNING id, code_hash`,
			index, db.At(tx.Now), codeTries)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil || !seal.Equal(row.Hash, s.box.HashToken("one-time", index+strings.TrimSpace(code))) {
			return err // the try is counted although the code was wrong
		}
		right = true
		return s.beginResident(ctx, tx, row.ID, phone, index, token, ip, agent)
	})
	if err == nil && !right {
		err = wrong
	}
	return token, err
}

func (s *Service) beginResident(ctx context.Context, tx *db.Tx, codeID int64, phone, index, token, ip, agent string) error {
	if _, err := tx.Exec(ctx, `UPDATE one_time_codes SET used_at = ? WHERE id = ?`, db.At(tx.Now), codeID); err != nil {
		return err
	}
	id, err := tx.Insert(ctx, `INSERT INTO residents (phone_sealed, phone_index, created_at) VALUES (?,?,?)
		ON CONFLICT (phone_index) DO UPDATE SET phone_index = excluded.phone_index RETURNING id`,
		s.box.Seal("residents.phone:"+index, phone), index, db.At(tx.Now))
	if err != nil {
		return err
	}
	if err := s.insertSignIn(ctx, tx, token, nil, &id, false, residentLife, ip, agent); err != nil {
		return err
	}
	return s.trail.Record(ctx, tx, access.Actor{ResidentID: id, Name: "居民", Roles: []access.Role{access.Resident}, IP: ip},
		"sign-in.resident", audit.Ref{Kind: "resident"}, nil)
}

// ResidentPhone gives a signed-in resident's phone.
func (s *Service) ResidentPhone(ctx context.Context, r db.Reader, residentID int64) (string, error) {
	var row struct {
		Sealed []byte `db:"phone_sealed"`
		Index  string `db:"phone_index"`
	}
	if err := r.Get(ctx, &row, `SELECT phone_sealed, phone_index FROM residents WHERE id = ?`, residentID); err != nil {
		return "", err
	}
	return s.box.Open("residents.phone:"+row.Index, row.Sealed)
}
