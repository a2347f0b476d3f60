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

// OwnSignIn is one of a person's live sign-ins, for the list of devices (ASVS 7.5.2).
type OwnSignIn struct {
	Key        string  `db:"key"`
	CreatedAt  db.Time `db:"created_at"`
	LastSeenAt db.Time `db:"last_seen_at"` // exact to a few minutes
	MFAAt      db.Time `db:"mfa_at"`       // zero without second factor
	IP         string  `db:"ip"`
	Agent      string  `db:"agent"`
	Hash       string  `db:"token_hash"`
	Current    bool    `db:"-"` // the one that asks
}

// ownerOf gives the column and the id that a person's sign-ins hang on.
func ownerOf(who access.Actor) (column string, id int64, err error) {
	switch {
	case who.AccountID != 0:
		return "account_id", who.AccountID, nil
	case who.ResidentID != 0:
		return "resident_id", who.ResidentID, nil
	}
	return "", 0, fault.New(fault.SignIn, "请先登录")
}

// SignIns lists where the person is signed in now, newest first. token is the one
// the request came with.
func (s *Service) SignIns(ctx context.Context, who access.Actor, token string) ([]OwnSignIn, error) {
	column, id, err := ownerOf(who)
	if err != nil {
		return nil, err
	}
	idle, _ := signInRow{AccountID: nullable(who.AccountID)}.limits()
	return s.signIns(ctx, column, id, idle, token)
}

// SignInsOf lists where somebody is signed in now, for those who may end it. It needs access.SignOuts.
func (s *Service) SignInsOf(ctx context.Context, who access.Actor, a Account) ([]OwnSignIn, error) {
	if err := who.Check(access.SignOuts); err != nil {
		return nil, err
	}
	return s.signIns(ctx, "account_id", a.ID, staffIdle, "")
}

func (s *Service) signIns(ctx context.Context, column string, id int64, idle time.Duration, token string) ([]OwnSignIn, error) {
	now := s.db.Now()
	var out []OwnSignIn
	err := s.db.Select(ctx, &out, `SELECT key, created_at, last_seen_at, mfa_at, ip, agent, token_hash FROM sign_ins
		WHERE `+column+` = ? AND ended_at IS NULL AND expires_at > ? AND last_seen_at > ? ORDER BY id DESC`, id, db.At(now), db.At(now.Add(-idle)))
	hash := s.hashToken(token)
	for i := range out {
		out[i].Current, out[i].Hash = seal.Equal(out[i].Hash, hash), ""
	}
	return out, err
}

// EndSignIn ends one of the person's own sign-ins. Errors: NotFound when it is
// somebody else's or ended already.
func (s *Service) EndSignIn(ctx context.Context, who access.Actor, key string) error {
	column, id, err := ownerOf(who)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE sign_ins SET ended_at = ? WHERE key = ? AND `+column+` = ? AND ended_at IS NULL`, db.At(tx.Now), key, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "这个登录已经结束了")
		}
		tx.Touch("signins")
		return s.trail.Record(ctx, tx, who, "sign-in.end", audit.Ref{Kind: "sign-in", Key: key}, nil)
	})
}

// EndOtherSignIns ends all of the person's own sign-ins but the one that asks.
func (s *Service) EndOtherSignIns(ctx context.Context, who access.Actor, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		row, err := s.present(ctx, tx, who, token, false)
		if err != nil {
			return err
		}
		if err := s.endSignIns(ctx, tx, who.AccountID, row.ID); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "sign-in.end-others", audit.Ref{Kind: "sign-in"}, nil)
	})
}

// endSignIns ends all sign-ins of an account except one (0 for none).
func (s *Service) endSignIns(ctx context.Context, tx *db.Tx, accountID, except int64) error {
	_, err := tx.Exec(ctx, `UPDATE sign_ins SET ended_at = ? WHERE account_id = ? AND id <> ? AND ended_at IS NULL`, db.At(tx.Now), accountID, except)
	tx.Touch("signins")
	return err
}

// present reads the sign-in an act came with, in the act's transaction: it is the
// actor's own and alive, and its second factor was shown, or is about to be (awaiting).
func (s *Service) present(ctx context.Context, tx *db.Tx, who access.Actor, token string, awaiting bool) (signInRow, error) {
	row, err := s.signInRow(ctx, tx, token, tx.Now)
	if err == nil && (row.AccountID == nil || *row.AccountID != who.AccountID || row.NeedTOTP != awaiting) {
		err = errEnded
	}
	return row, err
}

// renew gives a sign-in a new token: a stolen one is worth nothing after a change
// of rights (ASVS 7.2.4). mfa says that the second factor was shown just now.
func (s *Service) renew(ctx context.Context, tx *db.Tx, row signInRow, fresh string, mfa bool) error {
	at, need := row.MFAAt, row.NeedTOTP
	if mfa {
		at, need = db.At(tx.Now), false
	}
	tx.Touch("signins")
	_, err := tx.Exec(ctx, `UPDATE sign_ins SET token_hash = ?, csrf_key = ?, mfa_at = ?, need_totp = ? WHERE id = ?`,
		s.hashToken(fresh), seal.NewKey(), at, need, row.ID)
	return err
}
