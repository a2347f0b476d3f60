package people

import (
	"context"
	"net/netip"
	"strconv"
	"time"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// How many wrong tries are borne. 等保 8.1.4.1 b asks for a limit; 5 tries and 30
// minutes are what assessors expect.
const (
	maxFailures   = 5
	failureWindow = 15 * time.Minute
	lockFor       = 30 * time.Minute
	perIPWindow   = 10 * time.Minute
	perIPTries    = 60 // wrong ones: a whole office may sign in behind one address
)

// Waits after the second, third and fourth wrong try.
const wait2, wait3, wait4 = 2, 4, 8 // seconds

var (
	errLocked = fault.New(fault.TooMany, "连续输错次数太多，已锁定 30 分钟。着急的话请联系安全管理员解锁")
	errTooFar = fault.New(fault.TooMany, "刚才输错了，请等几秒钟再试")
	errIP     = fault.New(fault.TooMany, "这个网络尝试登录的次数太多，请十分钟后再试")
)

// guardOf names what tries of a login are counted under. An unknown login has one
// too, so that being locked tells nothing about being known.
func (s *Service) guardOf(login string) string { return s.box.HashToken("guard", login) }

// take counts a try before it is checked: tries at the same moment each count, and
// a crash between counting and checking gives nothing away. Errors: TooMany, and
// then nothing is checked. A right try is taken back by passed or returned.
func (s *Service) take(ctx context.Context, subject, ip string) (failures int, err error) {
	if err := s.free(ctx, s.db, subject, s.db.Now()); err != nil {
		return 0, err // the cheap answer to a flood: one read, no write
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.limitTx(ctx, tx, "login:"+Network(ip), perIPWindow, perIPTries, errIP.Message); err != nil {
			return err
		}
		err := tx.Get(ctx, &failures, `INSERT INTO guards (subject, failures, failed_at, free_at) VALUES (?, 1, ?, ?)
			ON CONFLICT (subject) DO UPDATE SET
				failures = CASE WHEN guards.failed_at < ? THEN 1 ELSE guards.failures + 1 END,
				failed_at = excluded.failed_at,
				free_at = excluded.failed_at + CASE WHEN guards.failed_at < ? OR guards.failures = 0 THEN 0
					WHEN guards.failures = 1 THEN ? WHEN guards.failures = 2 THEN ? WHEN guards.failures = 3 THEN ? ELSE ? END
			WHERE guards.free_at <= excluded.failed_at RETURNING failures`,
			subject, db.At(tx.Now), db.At(tx.Now), db.At(tx.Now.Add(-failureWindow)), db.At(tx.Now.Add(-failureWindow)),
			wait2, wait3, wait4, int64(lockFor/time.Second))
		if fault.Is(err, fault.NotFound) { // somebody was quicker
			if err = s.free(ctx, tx, subject, tx.Now); err == nil {
				err = errTooFar
			}
		}
		return err
	})
	return failures, err
}

// free refuses while a subject must wait.
func (s *Service) free(ctx context.Context, r db.Reader, subject string, now time.Time) error {
	var g struct {
		Failures int     `db:"failures"`
		FreeAt   db.Time `db:"free_at"`
	}
	err := r.Get(ctx, &g, `SELECT failures, free_at FROM guards WHERE subject = ?`, subject)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case !g.FreeAt.After(now):
		return nil
	case g.Failures >= maxFailures:
		return errLocked
	}
	return errTooFar
}

// returned takes one counted try back: it was not checked, or it was right and the
// sign-in is only half done.
func (s *Service) returned(ctx context.Context, tx *db.Tx, subject, ip string) error {
	_, err := tx.Exec(ctx, `UPDATE guards SET failures = failures - 1, free_at = failed_at WHERE subject = ? AND failures > 0`, subject)
	if err != nil {
		return err
	}
	return s.giveBack(ctx, tx, "login:"+Network(ip), perIPWindow)
}

// passed forgets a subject's wrong tries after a complete sign-in.
func (s *Service) passed(ctx context.Context, tx *db.Tx, subject, ip string) error {
	if err := s.unguard(ctx, tx, subject); err != nil {
		return err
	}
	return s.giveBack(ctx, tx, "login:"+Network(ip), perIPWindow)
}

func (s *Service) unguard(ctx context.Context, tx *db.Tx, subject string) error {
	_, err := tx.Exec(ctx, `DELETE FROM guards WHERE subject = ?`, subject)
	return err
}

// Network is the part of an address that one attacker holds: all of IPv4, the /64 of IPv6.
func Network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if a = a.Unmap(); a.Is6() {
		p, _ := a.WithZone("").Prefix(64) // 64 bits always fit an IPv6 address
		return p.String()
	}
	return a.String()
}

// limitTx counts one try of a subject and refuses past n in the window.
func (s *Service) limitTx(ctx context.Context, tx *db.Tx, subject string, window time.Duration, n int, message string) error {
	var count int
	err := tx.Get(ctx, &count, `INSERT INTO throttles (subject, since, n) VALUES (?, ?, 1)
		ON CONFLICT (subject, since) DO UPDATE SET n = throttles.n + 1 RETURNING n`,
		s.throttle(subject, window), db.At(tx.Now.Truncate(window)))
	if err == nil && count > n {
		return fault.New(fault.TooMany, message)
	}
	return err
}

// uploadsPerHour is what visitors behind one address may send in: photos of many people who
// share it, and no disk filled by one.
const uploadsPerHour = 200

// TakeUpload counts a file that somebody without an account is about to leave here, before
// it is looked at. Errors: TooMany.
func (s *Service) TakeUpload(ctx context.Context, ip string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return s.limitTx(ctx, tx, "upload:"+Network(ip), time.Hour, uploadsPerHour,
			"这个网络上传的文件太多了，请一小时后再传；也可以先不传照片，直接提交申请")
	})
}

// Limit counts one try of a subject for another domain, in a transaction of its own, so
// that a try that then fails stays counted; it refuses past n in the window.
func (s *Service) Limit(ctx context.Context, subject string, window time.Duration, n int, message string) error {
	var refused error
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if refused = s.limitTx(ctx, tx, subject, window, n, message); fault.Is(refused, fault.TooMany) {
			return nil
		}
		return refused
	})
	if err != nil {
		return err
	}
	return refused
}

// giveBack uncounts a try that limitTx counted in this window.
func (s *Service) giveBack(ctx context.Context, tx *db.Tx, subject string, window time.Duration) error {
	_, err := tx.Exec(ctx, `UPDATE throttles SET n = n - 1 WHERE subject = ? AND since = ? AND n > 0`,
		s.throttle(subject, window), db.At(tx.Now.Truncate(window)))
	return err
}

// throttle hides whose tries are counted: an address or a phone is nobody's business here.
func (s *Service) throttle(subject string, window time.Duration) string {
	return s.box.HashToken("throttle", subject) + strconv.Itoa(int(window.Seconds()))
}

// Sweep forgets old tries, codes, previews and ended sign-ins; daily.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, q := range []struct {
			query string
			age   time.Duration
		}{
			{`DELETE FROM throttles WHERE since < ?`, 48 * time.Hour},
			{`DELETE FROM guards WHERE failed_at < ?`, 48 * time.Hour},
			{`DELETE FROM one_time_codes WHERE created_at < ?`, 48 * time.Hour},
			{`DELETE FROM roster_imports WHERE created_at < ?`, 48 * time.Hour},
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
