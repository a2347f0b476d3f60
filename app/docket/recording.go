package docket

import (
	"context"
	"slices"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// SessionByKey reads a date of a case in the reader's scope; any other is NotFound.
func (s *Service) SessionByKey(ctx context.Context, r db.Reader, who access.Actor, key string) (Session, error) {
	var ses Session
	err := r.Get(ctx, &ses, `SELECT `+sessionColumns+` FROM case_sessions WHERE key = ?`, key)
	if err != nil {
		return ses, fault.New(fault.NotFound, "没有找到这次调解")
	}
	_, _, err = s.InScopeID(ctx, r, who, ses.CaseID)
	return ses, err
}

// SessionKey gives the public key of a date, for the domains that keep its id.
func (s *Service) SessionKey(ctx context.Context, r db.Reader, id int64) (string, error) {
	var key string
	return key, r.Get(ctx, &key, `SELECT key FROM case_sessions WHERE id = ?`, id)
}

// PeopleOf reads the parties of a case and those who act for them now, sealed values
// unopened; the caller has checked the reader.
func (s *Service) PeopleOf(ctx context.Context, r db.Reader, caseID int64) ([]PartyView, []Agent, error) {
	var parties []PartyView
	if err := r.Select(ctx, &parties, `SELECT `+partyColumns+` FROM case_parties p WHERE p.case_id = ? ORDER BY p.seq`, caseID); err != nil {
		return nil, nil, err
	}
	var agents []Agent
	err := r.Select(ctx, &agents, `SELECT `+agentColumns+` FROM case_agents WHERE case_id = ? AND ended_at IS NULL
		AND (until_on = '' OR until_on >= ?) ORDER BY id`, caseID, db.DayOf(s.db.Now()))
	return parties, agents, err
}

// Label names the side: 申请人, 被申请人, 第三人.
func (s Side) Label() string { return LabelOf(Sides, string(s)) }

// FileUsed tells whether an uploaded file became part of a case.
func (s *Service) FileUsed(ctx context.Context, r db.Reader, fileKey string) (bool, error) {
	var n int
	err := r.Get(ctx, &n, `SELECT COUNT(*) FROM case_files WHERE file_key = ?`, fileKey)
	return n > 0, err
}

// EarlierCases lists other cases of the same persons or of the same address that the
// reader may see: the same dispute may have come back.
func (s *Service) EarlierCases(ctx context.Context, who access.Actor, key string) ([]Row, error) {
	c, _, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return nil, err
	}
	var ids []int64
	err = s.db.Select(ctx, &ids, `SELECT DISTINCT q.case_id FROM case_parties p JOIN case_parties q ON q.phone_index = p.phone_index AND q.phone_index <> ''
		WHERE p.case_id = ? AND q.case_id <> p.case_id
		UNION SELECT DISTINCT q.case_id FROM case_parties p JOIN case_parties q ON q.address_index = p.address_index AND q.address_index <> ''
		WHERE p.case_id = ? AND q.case_id <> p.case_id LIMIT 20`, c.ID, c.ID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	var rows []Row
	err = s.db.Select(ctx, &rows, `SELECT `+rowColumns+` FROM cases c WHERE c.id IN (`+db.Marks(len(ids))+`) ORDER BY c.id DESC`, args...)
	return slices.DeleteFunc(rows, func(r Row) bool {
		return len(handsOf(who, Case{MediatorID: r.MediatorID, RoomID: r.RoomID}, false)) == 0
	}), err
}

// BookingOf gives the booking of a date by the date's public key.
func (s *Service) BookingOf(ctx context.Context, sessionKey string) (int64, error) {
	var id int64
	return id, s.db.Get(ctx, &id, `SELECT booking_id FROM case_sessions WHERE key = ?`, sessionKey)
}
