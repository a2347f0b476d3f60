package people

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// OwnProfile is what a mediator may change of the own profile without the roster's
// keeper. An empty Phone keeps the one on record.
type OwnProfile struct {
	Phone, Story string
	Languages    []string
	Version      int64
}

func (in *OwnProfile) check() error {
	f := fault.Form{}
	f.Check(len(in.Languages) > 0, "languages", "请至少选一种语言")
	checkProfile(f, in.Story, in.Languages, &in.Phone)
	return f.Err()
}

// EditOwnProfile changes the story, the languages and the phone by the mediator's own
// hand. A consent to publication stands: who wrote the story gave it. Errors: NotFound
// for another's profile, Conflict.
func (s *Service) EditOwnProfile(ctx context.Context, who access.Actor, key string, in OwnProfile) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.Mediator(ctx, tx, key)
		if err != nil {
			return err
		}
		if who.MediatorID != m.ID {
			return errNoMediator
		}
		if err := tx.Swap(ctx, `UPDATE mediators SET story = ?, version = version + 1 WHERE id = ? AND version = ?`, in.Story, m.ID, in.Version); err != nil {
			return err
		}
		err = s.putRest(ctx, tx, who, m, MediatorInput{Phone: in.Phone, Grade: m.Grade, Story: in.Story, Types: m.Types,
			Languages: in.Languages, Communities: m.Communities})
		if err != nil {
			return err
		}
		return s.noted(ctx, tx, who, m, "edit-own", m.State, "本人修改资料")
	})
}
