package people

import (
	"context"
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
	codesPerIP = 20 // in an hour
)

// codeLimits are how many codes a phone gets: nobody is to be pestered with them, and
// a code of six digits stays hard to guess.
var codeLimits = []struct {
	within time.Duration
	most   int
}{{time.Minute, 1}, {time.Hour, 5}, {24 * time.Hour, 10}}

var errOften = fault.New(fault.TooMany, "发送太频繁了，请过一会儿再试")

// RequestCode sends a one-time code to a phone. The answer is the same whether or
// not the phone is known. Errors: Invalid beside phone, TooMany.
func (s *Service) RequestCode(ctx context.Context, phone, ip string) error {
	phone, ok := NormPhone(phone)
	if !ok || !Mobile(phone) {
		return fault.At("phone", "请填写能收短信的手机号，11 位数字")
	}
	index := s.box.Blind("phone", phone)
	code := seal.NewCode(codeDigits)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return s.sendCode(ctx, tx, index, s.hashCode(index, code), ip, notify.Message{Kind: "sign-in" + notify.CodeKind, Channel: notify.SMS, ToName: "居民", To: phone,
			Body: "登录验证码 " + code + "，5 分钟内有效。工作人员不会向您索要验证码。"})
	})
}

// sendCode keeps a code's hash and sends the message that carries it.
func (s *Service) sendCode(ctx context.Context, tx *db.Tx, index, hash, ip string, m notify.Message) error {
	if err := s.limitTx(ctx, tx, "code:"+Network(ip), time.Hour, codesPerIP, errOften.Message); err != nil {
		return err
	}
	if err := s.codesLeft(ctx, tx, index); err != nil {
		return err
	}
	// Only the newest code opens; an older one in another message is dead.
	if _, err := tx.Exec(ctx, `UPDATE one_time_codes SET used_at = ? WHERE phone_index = ? AND used_at IS NULL`, db.At(tx.Now), index); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO one_time_codes (phone_index, code_hash, created_at, expires_at) VALUES (?,?,?,?)`,
		index, hash, db.At(tx.Now), db.At(tx.Now.Add(codeLife)))
	if err != nil {
		return err
	}
	return s.outbox.Send(ctx, tx, m)
}

// codesLeft refuses when the phone got its codes already, by sliding windows.
func (s *Service) codesLeft(ctx context.Context, tx *db.Tx, index string) error {
	for _, l := range codeLimits {
		var n int
		err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM one_time_codes WHERE phone_index = ? AND created_at > ?`, index, db.At(tx.Now.Add(-l.within)))
		if err != nil {
			return err
		}
		if n >= l.most {
			return errOften
		}
	}
	return nil
}

func (s *Service) hashCode(index, code string) string { return s.box.HashToken("one-time", index+code) }

// ConfirmCode signs a resident in with the code sent to the phone. Errors: Invalid
// beside code, whatever was wrong.
func (s *Service) ConfirmCode(ctx context.Context, phone, code, ip, agent string) (token string, err error) {
	wrong := fault.At("code", "验证码不对或已过期，请重新获取")
	phone, ok := NormPhone(phone)
	if !ok {
		return "", wrong
	}
	index := s.box.Blind("phone", phone)
	token = seal.NewToken()
	right := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		right = false
		id, ok, err := s.tryCode(ctx, tx, index, s.hashCode(index, tidy(code)))
		if err != nil || !ok {
			return err // the try is counted although the code was wrong
		}
		right = true
		return s.beginResident(ctx, tx, id, phone, index, token, ip, agent)
	})
	if err != nil {
		return "", err
	}
	if !right {
		return "", wrong
	}
	return token, nil
}

// tryCode counts a try of the phone's newest code and tells whether it was right. The
// code is not spent yet.
func (s *Service) tryCode(ctx context.Context, tx *db.Tx, index, hash string) (id int64, right bool, err error) {
	var row struct {
		ID   int64  `db:"id"`
		Hash string `db:"code_hash"`
	}
	err = tx.Get(ctx, &row, `UPDATE one_time_codes SET tries = tries + 1 WHERE id = (SELECT id FROM one_time_codes
		WHERE phone_index = ? AND used_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 1) AND used_at IS NULL AND tries < ? RETURNING id, code_hash`,
		index, db.At(tx.Now), codeTries)
	if fault.Is(err, fault.NotFound) {
		return 0, false, nil
	}
	return row.ID, err == nil && seal.Equal(row.Hash, hash), err
}

func spendCode(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Swap(ctx, `UPDATE one_time_codes SET used_at = ? WHERE id = ? AND used_at IS NULL`, db.At(tx.Now), id)
}

func (s *Service) beginResident(ctx context.Context, tx *db.Tx, codeID int64, phone, index, token, ip, agent string) error {
	if err := spendCode(ctx, tx, codeID); err != nil {
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
