package docket

import (
	"context"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/db"
)

// Pass proves that somebody is a party of a case. Only this package can make one.
type Pass struct {
	caseID, partyID int64
	side            Side
	who             access.Actor
}

// Valid tells whether the pass was given at all.
func (p Pass) Valid() bool { return p.caseID != 0 }

// Limits on tries at codes, per hour. A person who mistypes has enough; a guesser of
// 16 digits has nothing. The same limits hold for numbers that don't exist.
const (
	triesPerIP   = 30
	triesPerCode = 10
)

var errNoCode = fault.New(fault.NotFound, "编号或查询码不对，请核对后再试；也可以带身份证到街道窗口查询")

// Digits keeps the digits of a typed code: groups and spaces don't matter.
func Digits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, text)
}

// normNo brings a typed application number to its spelling.
func normNo(text string) string { return "TJ" + Digits(text) }

func (s *Service) queryHash(applyNo, code string) string {
	return s.box.HashToken("query", applyNo+":"+Digits(code))
}

func (s *Service) inviteHash(code string) string {
	return s.box.HashToken("invite", strings.ToLower(strings.TrimSpace(code)))
}

// PassByCode lets a party in by application number and query code. A wrong number, a
// wrong code and no such case give the same answer by the same query.
// Errors: NotFound, TooMany.
func (s *Service) PassByCode(ctx context.Context, who access.Actor, applyNo, code, ip string) (Pass, error) {
	no := normNo(applyNo)
	return s.guarded(ctx, who, ip, "no:"+no, `SELECT p.case_id, p.id AS party_id, p.side FROM case_parties p
		JOIN cases c ON c.id = p.case_id WHERE c.apply_no = ? AND p.query_hash = ?`, no, s.queryHash(no, code))
}

// PassByInvite lets the other side in by the short code of its invitation.
func (s *Service) PassByInvite(ctx context.Context, who access.Actor, code, ip string) (Pass, error) {
	hash := s.inviteHash(code)
	return s.guarded(ctx, who, ip, "invite:"+hash, `SELECT p.case_id, p.id AS party_id, p.side FROM case_parties p WHERE p.invite_hash = ?`, hash)
}

type passRow struct {
	CaseID  int64 `db:"case_id"`
	PartyID int64 `db:"party_id"`
	Side    Side  `db:"side"`
}

func (s *Service) guarded(ctx context.Context, who access.Actor, ip, subject, query string, args ...any) (Pass, error) {
	if err := s.checkTries(ctx, ip, subject); err != nil {
		return Pass{}, err
	}
	var row passRow
	err := s.db.Get(ctx, &row, query, args...)
	if fault.Is(err, fault.NotFound) {
		return Pass{}, s.noteTry(ctx, ip, subject)
	}
	if err != nil {
		return Pass{}, err
	}
	return Pass{caseID: row.CaseID, partyID: row.PartyID, side: row.Side, who: who}, nil
}

// PassOfResident lets a signed-in resident act in a case that carries the resident's
// phone, named by its application number.
func (s *Service) PassOfResident(ctx context.Context, who access.Actor, applyNo string) (Pass, error) {
	index, err := s.residentIndex(ctx, who)
	if err != nil {
		return Pass{}, err
	}
	var row passRow
	err = s.db.Get(ctx, &row, `SELECT p.case_id, p.id AS party_id, p.side FROM case_parties p JOIN cases c ON c.id = p.case_id
		WHERE c.apply_no = ? AND p.phone_index = ? AND p.phone_index <> '' AND (p.side = 'applicant' OR p.invited_at IS NOT NULL)`,
		normNo(applyNo), index)
	if fault.Is(err, fault.NotFound) {
		return Pass{}, errNoCase
	}
	return Pass{caseID: row.CaseID, partyID: row.PartyID, side: row.Side, who: who}, err
}

// residentIndex gives the blind index of the signed-in resident's phone.
func (s *Service) residentIndex(ctx context.Context, who access.Actor) (string, error) {
	if who.ResidentID == 0 {
		return "", fault.New(fault.SignIn, "请先用手机号登录")
	}
	phone, err := s.out.ResidentPhone(ctx, s.db, who.ResidentID)
	if err != nil {
		return "", err
	}
	return s.box.Blind("phone", phone), nil
}

func (s *Service) trySubjects(ip, subject string) (string, string) {
	return s.box.Blind("tries", "ip:"+people.Network(ip)), s.box.Blind("tries", subject)
}

func (s *Service) checkTries(ctx context.Context, ip, subject string) error {
	byIP, byCode := s.trySubjects(ip, subject)
	var rows []struct {
		Subject string `db:"subject"`
		N       int    `db:"n"`
	}
	err := s.db.Select(ctx, &rows, `SELECT subject, n FROM code_tries WHERE hour = ? AND subject IN (?, ?)`,
		s.db.Now().Unix()/3600, byIP, byCode)
	for _, r := range rows {
		if r.Subject == byIP && r.N >= triesPerIP || r.Subject == byCode && r.N >= triesPerCode {
			return fault.New(fault.TooMany, "试的次数太多了，请一小时后再试，或到街道窗口查询")
		}
	}
	return err
}

// noteTry counts a failure for the address and for what was tried, and gives the answer of all failures.
func (s *Service) noteTry(ctx context.Context, ip, subject string) error {
	byIP, byCode := s.trySubjects(ip, subject)
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		first, second := min(byIP, byCode), max(byIP, byCode) // one order for all
		for _, sub := range []string{first, second} {
			if _, err := tx.Exec(ctx, `INSERT INTO code_tries (subject, hour, n) VALUES (?,?,1)
				ON CONFLICT (subject, hour) DO UPDATE SET n = code_tries.n + 1`, sub, tx.Now.Unix()/3600); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return errNoCode
}

// ForgetTries removes the counts of hours gone by; for the nightly run.
func (s *Service) ForgetTries(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM code_tries WHERE hour < ?`, tx.Now.Add(-48*time.Hour).Unix()/3600)
		return err
	})
}

// enter opens an act of a party.
func (s *Service) enter(ctx context.Context, tx *db.Tx, p Pass) (*act, error) {
	if !p.Valid() {
		return nil, errNoCase
	}
	c, err := lock(ctx, tx, `id = ?`, p.caseID)
	if err != nil {
		return nil, err
	}
	hands := []Hand{Party}
	if p.side == SideApplicant {
		hands = []Hand{Applicant, Party}
	}
	return &act{s: s, tx: tx, who: p.who, hands: hands, old: c, c: c}, nil
}
