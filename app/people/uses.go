package people

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Use is how many things of one sort hang on a community or a unit.
type Use struct {
	Name   string // 调解员
	Unit   string // 名
	N      int
	Note   string // what becomes of them
	Blocks bool   // the community can't be stopped while there is one
}

// CommunityUses tells what hangs on a community, also in the domains above.
func (s *Service) CommunityUses(ctx context.Context, r db.Reader, id int64) ([]Use, error) {
	var own struct{ Committees, Mediators, Accounts, Units int }
	err := r.Get(ctx, &own, `SELECT (SELECT COUNT(*) FROM committees WHERE community_id = ?) AS committees,
		(SELECT COUNT(*) FROM mediator_communities WHERE community_id = ?) AS mediators,
		(SELECT COUNT(*) FROM accounts WHERE community_id = ? AND disabled_at IS NULL) AS accounts,
		(SELECT COUNT(*) FROM units WHERE community_id = ? AND stopped_on = '') AS units`, id, id, id, id)
	if err != nil {
		return nil, err
	}
	out := []Use{
		{Name: "人民调解委员会", Unit: "个", N: own.Committees, Note: "照常办理，名称和印章不变"},
		{Name: "服务这个社区的调解员", Unit: "名", N: own.Mediators, Note: "照常接案，资料里仍写着这个社区"},
		{Name: "账号", Unit: "个", N: own.Accounts, Note: "照常使用"},
		{Name: "单位", Unit: "个", N: own.Units, Note: "照常使用"},
	}
	if s.UsesAbove == nil {
		return out, nil
	}
	above, err := s.UsesAbove(ctx, r, id)
	return append(above, out...), err
}

// UnitUses tells what hangs on a member unit.
func (s *Service) UnitUses(ctx context.Context, r db.Reader, id int64) ([]Use, error) {
	var own struct{ Mediators, Accounts int }
	err := r.Get(ctx, &own, `SELECT (SELECT COUNT(*) FROM mediators WHERE unit_id = ?) AS mediators,
		(SELECT COUNT(*) FROM accounts WHERE unit_id = ? AND disabled_at IS NULL) AS accounts`, id, id)
	return []Use{
		{Name: "调解员", Unit: "名", N: own.Mediators, Note: "照常接案，资料里仍写着这个单位"},
		{Name: "账号", Unit: "个", N: own.Accounts, Note: "照常使用"},
	}, err
}

// StopCommunity takes a community out of use: nothing new can be put under it, what is
// there stays. Refused for the street's centre and while something in Uses blocks it.
// It needs access.Settings.
func (s *Service) StopCommunity(ctx context.Context, who access.Actor, id, version int64) error {
	c, err := s.Community(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.setting(ctx, who, "community.stop", c.Code, func(tx *db.Tx) error {
		if c.IsStreet {
			return fault.New(fault.Conflict, "街道中心不能停用")
		}
		uses, err := s.CommunityUses(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, u := range uses {
			if u.Blocks && u.N > 0 {
				return fault.Newf(fault.Conflict, "还有 %d %s%s，%s", u.N, u.Unit, u.Name, u.Note)
			}
		}
		return tx.Swap(ctx, `UPDATE communities SET stopped_on=?, version=version+1 WHERE id=? AND stopped_on = '' AND version=?`, tx.Day(), id, version)
	})
}

// ResumeCommunity takes a community into use again. It needs access.Settings.
func (s *Service) ResumeCommunity(ctx context.Context, who access.Actor, id, version int64) error {
	c, err := s.Community(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.setting(ctx, who, "community.resume", c.Code, func(tx *db.Tx) error {
		return tx.Swap(ctx, `UPDATE communities SET stopped_on='', version=version+1 WHERE id=? AND stopped_on <> '' AND version=?`, id, version)
	})
}

// StopUnit takes a member unit out of use; who belongs to it stays. It needs access.Settings.
func (s *Service) StopUnit(ctx context.Context, who access.Actor, id, version int64) error {
	u, err := s.Unit(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.setting(ctx, who, "unit.stop", u.Code, func(tx *db.Tx) error {
		return tx.Swap(ctx, `UPDATE units SET stopped_on=?, version=version+1 WHERE id=? AND stopped_on = '' AND version=?`, tx.Day(), id, version)
	})
}

// ResumeUnit takes a member unit into use again. It needs access.Settings.
func (s *Service) ResumeUnit(ctx context.Context, who access.Actor, id, version int64) error {
	u, err := s.Unit(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.setting(ctx, who, "unit.resume", u.Code, func(tx *db.Tx) error {
		return tx.Swap(ctx, `UPDATE units SET stopped_on='', version=version+1 WHERE id=? AND stopped_on <> '' AND version=?`, id, version)
	})
}
