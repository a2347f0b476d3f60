package people

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Publish records a mediator's consent to show story and photo, or takes it back:
// then both vanish at once. Only the mediator decides (个人信息保护法 15, 25).
func (s *Service) Publish(ctx context.Context, who access.Actor, key, noticeVersion string, on bool) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if who.MediatorID != m.ID && !who.IsSystem() {
			return errNoMediator
		}
		if !on {
			if err := putConsent(ctx, tx, m.ID, db.Time{}, ""); err != nil {
				return err
			}
			return s.noted(ctx, tx, who, m, "unpublish", m.State, "撤回公开照片、介绍和等级的同意")
		}
		if err := putConsent(ctx, tx, m.ID, db.At(tx.Now), noticeVersion); err != nil {
			return err
		}
		return s.noted(ctx, tx, who, m, "publish", m.State, "同意公开照片、介绍和等级（告知书 "+noticeVersion+"）")
	})
}

func putConsent(ctx context.Context, tx *db.Tx, id int64, at db.Time, version string) error {
	_, err := tx.Exec(ctx, `UPDATE mediators SET publish_at=?, publish_version=?, version=version+1 WHERE id=?`, at, version, id)
	return err
}

// unpublish ends a consent because what it was given for changed by another hand.
func (s *Service) unpublish(ctx context.Context, tx *db.Tx, who access.Actor, m Mediator, why string) error {
	if !m.Published() || who.MediatorID == m.ID {
		return nil
	}
	if err := putConsent(ctx, tx, m.ID, db.Time{}, ""); err != nil {
		return err
	}
	return s.recorded(ctx, tx, who, m, "unpublish", m.State, why)
}

// SetPhoto puts a stored picture on the profile, "" takes it off: the mediator, or the
// roster's keeper, whose picture waits for the mediator's consent.
func (s *Service) SetPhoto(ctx context.Context, tx *db.Tx, who access.Actor, key, fileKey string) error {
	m, err := s.own(ctx, tx, who, key)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE mediators SET photo_key=?, version=version+1 WHERE id=?`, fileKey, m.ID); err != nil {
		return err
	}
	note := "更换照片"
	if fileKey == "" {
		note = "撤下照片"
	} else if err := s.unpublish(ctx, tx, who, m, "照片有改动，等本人同意后再公开"); err != nil {
		return err
	}
	return s.noted(ctx, tx, who, m, "photo", m.State, note)
}

var errNoMediator = fault.New(fault.NotFound, "没有找到这位调解员")

// own reads a mediator that the actor may keep: oneself, or any for the roster's keeper.
func (s *Service) own(ctx context.Context, r db.Reader, who access.Actor, key string) (Mediator, error) {
	m, err := s.Mediator(ctx, r, key)
	if err == nil && ownOr(who, m.ID) != nil {
		err = errNoMediator
	}
	return m, err
}
