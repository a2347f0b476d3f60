package people

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/app/notify"
	"tiaojie/db"
)

// SetListedTo notes the last day on which residents may choose a mediator, "" for no end; the
// school tells it when training that the street requires is passed, runs out or is required anew.
func (s *Service) SetListedTo(ctx context.Context, tx *db.Tx, mediatorID int64, day string) error {
	n, err := tx.Exec(ctx, `UPDATE mediators SET listed_to = ? WHERE id = ? AND listed_to <> ?`, day, mediatorID, day)
	if n > 0 {
		tx.Touch("market", "people")
	}
	return err
}

// lapsed is why a listing is paused when its last day is over.
const lapsed = "上架要求的培训证书没有取得或已经到期，重新取得后可以恢复上架"

// LapseListings pauses the listed mediators whose last day is over, tells them, and gives the
// number. Residents can't choose them from that day on anyway; this makes it a state that the
// roster shows.
func (s *Service) LapseListings(ctx context.Context) (n int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n = 0
		var ids []int64
		err := tx.Select(ctx, &ids, `SELECT id FROM mediators WHERE state = ? AND listed_to <> '' AND listed_to < ? ORDER BY id`, Listed, tx.Day())
		if err != nil {
			return err
		}
		for _, id := range ids {
			m, err := s.MediatorByID(ctx, tx, id)
			if err != nil {
				return err
			}
			err = tx.Swap(ctx, `UPDATE mediators SET state = ?, state_reason = ?, version = version + 1 WHERE id = ? AND state = ?`, Paused, lapsed, m.ID, Listed)
			if err != nil {
				return err
			}
			m.State = Paused
			if err := s.noted(ctx, tx, access.System("定时任务"), m, "pause", Listed, lapsed); err != nil {
				return err
			}
			if err := s.tellLapsed(ctx, tx, m); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func (s *Service) tellLapsed(ctx context.Context, tx *db.Tx, m Mediator) error {
	msg := notify.Message{Kind: "mediator.lapsed", Channel: notify.InApp, ToName: m.Name, Body: "您已暂停接案：" + lapsed + "。手上的案件照常办理。"}
	if m.AccountID != nil {
		msg.AccountID = *m.AccountID
		return s.outbox.Send(ctx, tx, msg)
	}
	phone, err := s.PhoneOf(ctx, tx, m.ID)
	if err != nil || phone == "" {
		return err
	}
	msg.Channel, msg.To = notify.SMS, phone
	return s.outbox.Send(ctx, tx, msg)
}
