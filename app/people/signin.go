package people

import (
	"context"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// How long a sign-in lives. The idle limits are upper bounds: the last use is
// written down at most once in an interval, so one may end that much earlier.
const (
	staffIdle    = 30 * time.Minute // 等保 8.1.4.1 b
	staffLife    = 12 * time.Hour
	staffSeen    = 5 * time.Minute
	residentIdle = 15 * time.Minute
	residentLife = 2 * time.Hour
	residentSeen = time.Minute // 15 minutes are short for slow readers; don't take five of them away
	passwordLife = 90 * 24 * time.Hour
)

// Login is a try to sign in by password.
type Login struct{ Login, Password, IP, Agent, RequestID string }

// SignIn is what a successful try gives. The token is shown once, to be put into
// the cookie; only its hash is stored.
type SignIn struct {
	Token      string
	NeedTOTP   bool // the second factor is still to be shown
	SetupTOTP  bool // the second factor is required and not set up yet
	MustChange bool
}

var errWrong = fault.At("password", "账号或口令不对")

// SignIn checks a password. Unknown login, wrong password and disabled account give
// the same answers after the same work, being locked included. Errors: Invalid when
// wrong, TooMany when locked or too quick, Unavailable when too many sign in at once.
func (s *Service) SignIn(ctx context.Context, in Login) (SignIn, error) {
	guard := s.guardOf(in.Login)
	failures, err := s.take(ctx, guard, in.IP)
	if err != nil {
		return SignIn{}, err
	}
	a, right, err := s.checkLogin(ctx, in)
	switch {
	case err != nil: // nothing was checked, so nothing counts
		return SignIn{}, s.settle(ctx, err, func(tx *db.Tx) error { return s.returned(ctx, tx, guard, in.IP) })
	case !right:
		return SignIn{}, s.failed(ctx, a.Key, "sign-in.failed", access.Actor{Name: "未登录", IP: in.IP, RequestID: in.RequestID}, failures, errWrong)
	}
	return s.begin(ctx, a, in)
}

// checkLogin compares the password with the account's, or with a decoy when there
// is no such account.
func (s *Service) checkLogin(ctx context.Context, in Login) (a Account, right bool, err error) {
	a, err = s.account(ctx, s.db, "login = ?", in.Login)
	known := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return a, false, err
	}
	hash := a.Password
	if !known {
		if hash, err = s.decoy(); err != nil {
			return a, false, err
		}
	}
	same, err := s.hash.same(ctx, in.Password, hash)
	return a, same && known && a.DisabledAt.IsZero(), err
}

// settle runs a last small change after a failure and gives the failure back.
func (s *Service) settle(ctx context.Context, failure error, fn func(tx *db.Tx) error) error {
	if err := s.db.Write(context.WithoutCancel(ctx), fn); err != nil {
		return err
	}
	return failure
}

// failed puts a wrong try on the trail. The try itself was counted before.
func (s *Service) failed(ctx context.Context, accountKey, action string, who access.Actor, failures int, wrong error) error {
	locked := failures >= maxFailures
	if locked {
		wrong = errLocked
	}
	return s.settle(ctx, wrong, func(tx *db.Tx) error {
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "account", Key: accountKey}, map[string]any{"failures": failures, "locked": locked})
	})
}

func (s *Service) begin(ctx context.Context, a Account, in Login) (SignIn, error) {
	out := SignIn{Token: seal.NewToken(), NeedTOTP: len(a.TOTPSealed) > 0, SetupTOTP: a.TOTPRequired && len(a.TOTPSealed) == 0}
	hash, err := s.hash.renewed(ctx, in.Password, a.Password)
	if err != nil {
		return SignIn{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		done := s.passed
		if out.NeedTOTP { // else somebody with the password could try codes without end
			done = s.returned
		}
		if err := done(ctx, tx, a.Guard, in.IP); err != nil {
			return err
		}
		out.MustChange = a.MustChange || s.opts.Profile == "djbh3" && tx.Now.Sub(a.PasswordAt.Time) > passwordLife
		// Nobody disabled the account or changed its password since it was read.
		err := tx.Swap(ctx, `UPDATE accounts SET must_change = ?, last_sign_in_at = ?, password = ? WHERE id = ? AND disabled_at IS NULL AND password = ?`,
			out.MustChange, db.At(tx.Now), hash, a.ID, a.Password)
		if fault.Is(err, fault.Conflict) {
			return errWrong
		}
		if err != nil {
			return err
		}
		if err := s.insertSignIn(ctx, tx, out.Token, &a.ID, nil, out.NeedTOTP, staffLife, in.IP, in.Agent); err != nil {
			return err
		}
		who := access.Actor{AccountID: a.ID, Name: a.Name, Roles: a.Roles, IP: in.IP, RequestID: in.RequestID}
		return s.trail.Record(ctx, tx, who, "sign-in", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	if err != nil {
		return SignIn{}, err
	}
	return out, nil
}

func (s *Service) insertSignIn(ctx context.Context, tx *db.Tx, token string, account, resident *int64, needTOTP bool, life time.Duration, ip, agent string) error {
	if r := []rune(agent); len(r) > 200 {
		agent = string(r[:200])
	}
	_, err := tx.Exec(ctx, `INSERT INTO sign_ins (key, token_hash, account_id, resident_id, csrf_key, need_totp, created_at, last_seen_at, expires_at, ip, agent)
		VALUES (?,?,?,?,?,?,?,?,?,?,?)`, seal.NewKey(), s.hashToken(token), account, resident, seal.NewKey(), needTOTP,
		db.At(tx.Now), db.At(tx.Now), db.At(tx.Now.Add(life)), ip, agent)
	return err // nobody could know the token yet, so no other sign-in need be read again
}

func (s *Service) hashToken(token string) string { return s.box.HashToken("sign-in", token) }

// SignOut ends one sign-in.
func (s *Service) SignOut(ctx context.Context, who access.Actor, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sign_ins SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL`, db.At(tx.Now), s.hashToken(token))
		if err != nil {
			return err
		}
		tx.Touch("signins")
		return s.trail.Record(ctx, tx, who, "sign-out", audit.Ref{Kind: "sign-in"}, nil)
	})
}
