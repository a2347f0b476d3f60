package people

import (
	"context"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/db"
)

// proofLife is how long ago a person may have shown who they are (by password or
// second factor) for the acts that could lock them out for good (ASVS 7.5.1).
const proofLife = 10 * time.Minute

// SignedIn is a sign-in as a request finds it.
type SignedIn struct {
	Actor      access.Actor
	CSRFKey    string // binds forms to this sign-in
	NeedTOTP   bool
	SetupTOTP  bool
	MustChange bool
	HasTOTP    bool
	ProvedAt   time.Time // when password or second factor was last shown
	Unread     int       // in-app messages
}

// Unfinished tells that only the pages that finish the sign-in may be used.
func (s SignedIn) Unfinished() bool { return s.NeedTOTP || s.SetupTOTP || s.MustChange }

// MayReplaceTOTP tells whether a new second factor may be set up now: there is none
// yet, or the person showed who they are within the last ten minutes.
func (s SignedIn) MayReplaceTOTP(now time.Time) bool {
	return !s.NeedTOTP && (!s.HasTOTP || now.Sub(s.ProvedAt) <= proofLife)
}

var errEnded = fault.New(fault.SignIn, "登录已结束，请重新登录")

// signInRow is everything a request needs to know of its sign-in, in one read.
type signInRow struct {
	ID           int64   `db:"id"`
	AccountID    *int64  `db:"account_id"`
	ResidentID   *int64  `db:"resident_id"`
	CSRFKey      string  `db:"csrf_key"`
	NeedTOTP     bool    `db:"need_totp"`
	CreatedAt    db.Time `db:"created_at"`
	MFAAt        db.Time `db:"mfa_at"`
	LastSeen     db.Time `db:"last_seen_at"`
	Name         *string `db:"name"`
	MustChange   *bool   `db:"must_change"`
	TOTPRequired *bool   `db:"totp_required"`
	HasTOTP      bool    `db:"has_totp"`
	MediatorID   *int64  `db:"mediator_id"`
	Roles        *string `db:"roles"`
	Unread       int     `db:"unread"`
}

// limits gives how long the sign-in may rest, and how often its use is written down.
func (r signInRow) limits() (idle, every time.Duration) {
	if r.AccountID == nil {
		return residentIdle, residentSeen
	}
	return staffIdle, staffSeen
}

// provedAt is when the person last showed who they are: at the start, or by the
// second factor since.
func (r signInRow) provedAt() time.Time {
	if r.MFAAt.After(r.CreatedAt.Time) {
		return r.MFAAt.Time
	}
	return r.CreatedAt.Time
}

// Resolve finds who a cookie's token belongs to. Errors: SignIn when it is unknown,
// ended, idle too long or too old.
func (s *Service) Resolve(ctx context.Context, token string) (SignedIn, error) {
	now := s.db.Now()
	row, err := s.signInRow(ctx, s.db, token, now)
	if err != nil {
		return SignedIn{}, err
	}
	idle, every := row.limits()
	unseen := now.Sub(row.LastSeen.Time)
	if unseen >= idle {
		return SignedIn{}, errEnded
	}
	if unseen >= every {
		if err := s.seen(ctx, row.ID); err != nil {
			return SignedIn{}, err
		}
	}
	return s.signedIn(ctx, row)
}

// signInRow reads a live sign-in by its token. Errors: SignIn when there is none.
func (s *Service) signInRow(ctx context.Context, r db.Reader, token string, now time.Time) (row signInRow, err error) {
	aggregate := `group_concat(r.role)`
	if r.Dialect() == db.Postgres {
		aggregate = `string_agg(r.role, ',')`
	}
	err = r.Get(ctx, &row, `SELECT i.id, i.account_id, i.resident_id, i.csrf_key, i.need_totp, i.created_at, i.mfa_at, i.last_seen_at, a.name, a.must_change,
		a.totp_required, (a.totp_sealed IS NOT NULL) AS has_totp, m.id AS mediator_id,
		(SELECT `+aggregate+` FROM account_roles r WHERE r.account_id = i.account_id) AS roles, `+notify.UnreadOf("i.account_id")+` AS unread
		FROM sign_ins i LEFT JOIN accounts a ON a.id = i.account_id LEFT JOIN mediators m ON m.account_id = i.account_id
		WHERE i.token_hash = ? AND i.ended_at IS NULL AND i.expires_at > ? AND (a.id IS NULL OR a.disabled_at IS NULL)`,
		s.hashToken(token), db.At(now))
	if fault.Is(err, fault.NotFound) {
		err = errEnded
	}
	return row, err
}

func (s *Service) signedIn(ctx context.Context, row signInRow) (SignedIn, error) {
	out := SignedIn{CSRFKey: row.CSRFKey, NeedTOTP: row.NeedTOTP, HasTOTP: row.HasTOTP, ProvedAt: row.provedAt()}
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
	out.Unread = row.Unread
	if s.RoomsOf != nil && out.Actor.Has(access.RoomLead) {
		rooms, err := s.RoomsOf(ctx, s.db, *row.AccountID)
		if err != nil {
			return out, err
		}
		out.Actor.RoomIDs = rooms
	}
	return out, nil
}

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

func (s *Service) seen(ctx context.Context, id int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sign_ins SET last_seen_at = ? WHERE id = ?`, db.At(tx.Now), id)
		return err
	})
}
