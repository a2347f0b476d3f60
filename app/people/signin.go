package people

import (
	"context"
	"errors"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

const (
	staffIdle     = 30 * time.Minute
	staffLife     = 12 * time.Hour
	residentIdle  = 30 * time.Minute // old people read slowly; a form half filled must not be lost
	residentLife  = 2 * time.Hour
	seenEvery     = 5 * time.Minute // how often a sign-in's last use is written
	maxFailures   = 5
	failureWindow = 15 * time.Minute
	lockFor       = 30 * time.Minute // 等保 8.1.4.1 b
	passwordLife  = 90 * 24 * time.Hour
	perIPWindow   = 10 * time.Minute
	perIPTries    = 60
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

// SignedIn is a sign-in as a request finds it.
type SignedIn struct {
	Actor      access.Actor
	CSRFKey    string // binds forms to this sign-in
	NeedTOTP   bool
	SetupTOTP  bool
	MustChange bool
}

// Unfinished tells that only the pages that finish the sign-in may be used.
func (s SignedIn) Unfinished() bool { return s.NeedTOTP || s.SetupTOTP || s.MustChange }

var (
	errWrong  = fault.At("password", "账号或口令不对")
	errLocked = fault.New(fault.TooMany, "连续输错次数太多,账号已锁定 30 分钟。着急的话请联系安全管理员解锁")
)

// SignIn checks a password. Unknown login, wrong password and disabled account give
// the same answer after the same work.
func (s *Service) SignIn(ctx context.Context, in Login) (SignIn, error) {
	if err := s.limit(ctx, "login:"+in.IP, perIPWindow, perIPTries, "这个网络尝试登录的次数太多,请十分钟后再试"); err != nil {
		return SignIn{}, err
	}
	a, err := s.account(ctx, s.db, "login = ?", in.Login)
	unknown := fault.Is(err, fault.NotFound)
	if err != nil && !unknown {
		return SignIn{}, err
	}
	if !unknown && a.LockedUntil.After(s.db.Now()) {
		return SignIn{}, errLocked
	}
	hash := a.Password
	if unknown {
		hash = s.decoy(ctx)
	}
	ok, err := s.hash.same(ctx, in.Password, hash)
	if err != nil {
		return SignIn{}, err
	}
	if unknown {
		return SignIn{}, errWrong
	}
	if !ok || !a.DisabledAt.IsZero() {
		return SignIn{}, s.failed(ctx, a, in)
	}
	return s.begin(ctx, a, in)
}

// decoy is a hash that no password opens, for the same work on unknown logins.
func (s *Service) decoy(ctx context.Context) string {
	h, err := s.hash.make(ctx, seal.NewToken())
	if err != nil {
		return "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	}
	return h
}

// failed counts a wrong try in the database, so that a restart forgets nothing.
func (s *Service) failed(ctx context.Context, a Account, in Login) error {
	locked := false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		n := a.Failures + 1
		if a.FailedAt.IsZero() || tx.Now.Sub(a.FailedAt.Time) > failureWindow {
			n = 1
		}
		var until db.Time
		if n >= maxFailures {
			until, locked = db.At(tx.Now.Add(lockFor)), true
		}
		if _, err := tx.Exec(ctx, `UPDATE accounts SET failures=?, failed_at=?, locked_until=? WHERE id=?`, n, db.At(tx.Now), until, a.ID); err != nil {
			return err
		}
		who := access.Actor{Name: "未登录", IP: in.IP, RequestID: in.RequestID}
		return s.trail.Record(ctx, tx, who, "sign-in.failed", audit.Ref{Kind: "account", Key: a.Key}, map[string]any{"failures": n, "locked": locked})
	})
	if err != nil {
		return err
	}
	if locked {
		return errLocked
	}
	return errWrong
}

func (s *Service) begin(ctx context.Context, a Account, in Login) (SignIn, error) {
	out := SignIn{Token: seal.NewToken(), NeedTOTP: len(a.TOTPSealed) > 0, SetupTOTP: a.TOTPRequired && len(a.TOTPSealed) == 0}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out.MustChange = a.MustChange || s.opts.Profile == "djbh3" && tx.Now.Sub(a.PasswordAt.Time) > passwordLife
		if out.MustChange && !a.MustChange {
			if _, err := tx.Exec(ctx, `UPDATE accounts SET must_change = TRUE WHERE id = ?`, a.ID); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE accounts SET failures=0, failed_at=NULL, locked_until=NULL, last_sign_in_at=? WHERE id=?`, db.At(tx.Now), a.ID)
		if err != nil {
			return err
		}
		if err := s.insertSignIn(ctx, tx, out.Token, &a.ID, nil, out.NeedTOTP, staffLife, in.IP, in.Agent); err != nil {
			return err
		}
		who := access.Actor{AccountID: a.ID, Name: a.Name, Roles: a.Roles, IP: in.IP, RequestID: in.RequestID}
		return s.trail.Record(ctx, tx, who, "sign-in", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	return out, err
}

func (s *Service) insertSignIn(ctx context.Context, tx *db.Tx, token string, account, resident *int64, needTOTP bool, life time.Duration, ip, agent string) error {
	if len(agent) > 200 {
		agent = agent[:200]
	}
	_, err := tx.Exec(ctx, `INSERT INTO sign_ins (key, token_hash, account_id, resident_id, csrf_key, need_totp, created_at, last_seen_at, expires_at, ip, agent)
		VALUES (?,?,?,?,?,?,?,?,?,?,?)`, seal.NewKey(), s.box.HashToken("sign-in", token), account, resident, seal.NewKey(), needTOTP,
		db.At(tx.Now), db.At(tx.Now), db.At(tx.Now.Add(life)), ip, agent)
	tx.Touch("signins")
	return err
}

var errEnded = fault.New(fault.SignIn, "登录已结束,请重新登录")

// signInRow is everything a request needs to know of its sign-in, in one read.
type signInRow struct {
	ID           int64   `db:"id"`
	AccountID    *int64  `db:"account_id"`
	ResidentID   *int64  `db:"resident_id"`
	CSRFKey      string  `db:"csrf_key"`
	NeedTOTP     bool    `db:"need_totp"`
	LastSeen     db.Time `db:"last_seen_at"`
	Name         *string `db:"name"`
	MustChange   *bool   `db:"must_change"`
	TOTPRequired *bool   `db:"totp_required"`
	HasTOTP      bool    `db:"has_totp"`
	MediatorID   *int64  `db:"mediator_id"`
	Roles        *string `db:"roles"`
}

// Resolve finds who a cookie's token belongs to. Errors: SignIn when it is unknown,
// ended, idle too long or too old.
func (s *Service) Resolve(ctx context.Context, token string) (SignedIn, error) {
	aggregate := `group_concat(r.role)`
	if s.db.Dialect() == db.Postgres {
		aggregate = `string_agg(r.role, ',')`
	}
	var row signInRow
	now := s.db.Now()
	err := s.db.Get(ctx, &row, `SELECT i.id, i.account_id, i.resident_id, i.csrf_key, i.need_totp, i.last_seen_at, a.name, a.must_change,
		a.totp_required, (a.totp_sealed IS NOT NULL) AS has_totp, m.id AS mediator_id,
		(SELECT `+aggregate+` FROM account_roles r WHERE r.account_id = i.account_id) AS roles
		FROM sign_ins i LEFT JOIN accounts a ON a.id = i.account_id LEFT JOIN mediators m ON m.account_id = i.account_id
		WHERE i.token_hash = ? AND i.ended_at IS NULL AND i.expires_at > ? AND (a.id IS NULL OR a.disabled_at IS NULL)`,
		s.box.HashToken("sign-in", token), db.At(now))
	if fault.Is(err, fault.NotFound) {
		return SignedIn{}, errEnded
	}
	if err != nil {
		return SignedIn{}, err
	}
	return s.signedIn(ctx, row, now)
}

func (s *Service) signedIn(ctx context.Context, row signInRow, now time.Time) (SignedIn, error) {
	idle := residentIdle
	if row.AccountID != nil {
		idle = staffIdle
	}
	unseen := now.Sub(row.LastSeen.Time)
	if unseen > idle+seenEvery {
		return SignedIn{}, errEnded
	}
	if unseen >= seenEvery {
		if err := s.seen(ctx, row.ID); err != nil {
			return SignedIn{}, err
		}
	}
	out := SignedIn{CSRFKey: row.CSRFKey, NeedTOTP: row.NeedTOTP}
	if row.ResidentID != nil {
		out.Actor = access.Actor{ResidentID: *row.ResidentID, Name: "居民", Roles: []access.Role{access.Resident}}
		return out, nil
	}
	out.MustChange = *row.MustChange
	out.SetupTOTP = *row.TOTPRequired && !row.HasTOTP
	out.Actor = access.Actor{AccountID: *row.AccountID, Name: *row.Name, Roles: parseRoles(row.Roles)}
	if row.MediatorID != nil {
		out.Actor.MediatorID = *row.MediatorID
	}
	if s.RoomsOf != nil && out.Actor.Has(access.RoomLead) {
		rooms, err := s.RoomsOf(ctx, s.db, *row.AccountID)
		if err != nil {
			return out, err
		}
		out.Actor.RoomIDs = rooms
	}
	return out, nil
}

func (s *Service) seen(ctx context.Context, id int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sign_ins SET last_seen_at = ? WHERE id = ?`, db.At(tx.Now), id)
		return err
	})
}

// SignOut ends one sign-in.
func (s *Service) SignOut(ctx context.Context, who access.Actor, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sign_ins SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL`, db.At(tx.Now), s.box.HashToken("sign-in", token))
		if err != nil {
			return err
		}
		tx.Touch("signins")
		return s.trail.Record(ctx, tx, who, "sign-out", audit.Ref{Kind: "sign-in"}, nil)
	})
}

// endSignIns ends all sign-ins of an account except one (0 for none).
func (s *Service) endSignIns(ctx context.Context, tx *db.Tx, accountID, except int64) error {
	_, err := tx.Exec(ctx, `UPDATE sign_ins SET ended_at = ? WHERE account_id = ? AND id <> ? AND ended_at IS NULL`, db.At(tx.Now), accountID, except)
	tx.Touch("signins")
	return err
}

// ChangePassword changes one's own password; every other sign-in ends and this one
// gets a new token.
func (s *Service) ChangePassword(ctx context.Context, who access.Actor, token, old, fresh string) (newToken string, err error) {
	a, err := s.account(ctx, s.db, "id = ?", who.AccountID)
	if err != nil {
		return "", err
	}
	ok, err := s.hash.same(ctx, old, a.Password)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.At("old", "现在的口令不对")
	}
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
	hash, err := s.hash.make(ctx, fresh)
	if err != nil {
		return "", err
	}
	newToken = seal.NewToken()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.putPassword(ctx, tx, a.ID, hash, false); err != nil {
			return err
		}
		if err := s.renew(ctx, tx, a.ID, token, newToken); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "password.change", audit.Ref{Kind: "account", Key: a.Key}, nil)
	})
	return newToken, err
}

// renew gives the present sign-in a new token and ends the account's others: a
// stolen token is worth nothing after a change of rights.
func (s *Service) renew(ctx context.Context, tx *db.Tx, accountID int64, token, fresh string) error {
	var id int64
	if err := tx.Get(ctx, &id, `SELECT id FROM sign_ins WHERE token_hash = ?`, s.box.HashToken("sign-in", token)); err != nil {
		return err
	}
	if err := s.endSignIns(ctx, tx, accountID, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE sign_ins SET token_hash = ?, csrf_key = ? WHERE id = ?`, s.box.HashToken("sign-in", fresh), seal.NewKey(), id)
	return err
}

// keepPasswords is how many former passwords may not come back (等保 practice).
const keepPasswords = 5

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
			return fault.At("new", "这个口令最近用过,请换一个")
		}
	}
	return nil
}

func isUnique(err error) bool { return errors.Is(err, db.ErrUnique) }
