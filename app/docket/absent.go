package docket

import (
	"context"
	"slices"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Who does not come has refused nothing: only a clear word ends mediation (人民调解法17, 26;
// 深圳条例21, 28). The date falls, the case goes on, and a person decides what next.

// AbsentAfter is how long after its start a date can be noted as missed: people are late.
const AbsentAfter = 15 * time.Minute

// AbsencesToTalk is from how many missed dates on the page suggests to ask whether the party
// still wants mediation.
const AbsencesToTalk = 2

// reasonAbsent is why a date fell to which somebody did not come.
const reasonAbsent = "有当事人未到场"

// Missed tells whether the date fell because somebody did not come.
func (s Session) Missed() bool { return s.State == "cancelled" && s.Reason == reasonAbsent }

// AbsentInput is what the mediator or the clerk notes of a date to which not everybody came.
// Form fields: came-<party key>, words, then, reason, remedies.
type AbsentInput struct {
	Came   map[string]bool // by party key: in person or by an agent
	Words  string          // how they were called and what they said, sealed
	End    bool            // end mediation now, for a lawful reason and with the notice of remedies
	Ending Ending
}

// MarkAbsent notes who came to a fixed date and who did not. The case waits for a new date, or
// ends with a lawful reason; silence by itself never ends it.
func (s *Service) MarkAbsent(ctx context.Context, who access.Actor, sessionKey string, version int64, in AbsentInput) error {
	in.Words = strings.TrimSpace(in.Words)
	if in.End {
		if err := checkEnding(in.Ending, EndReasons); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, ses, err := s.beginSession(ctx, tx, who, sessionKey, version)
		if err != nil {
			return err
		}
		missing, err := a.absent(ctx, ses, in)
		if err != nil {
			return err
		}
		if in.End {
			err = a.end(ctx, VerbEnd, in.Ending, 0, "调解终止："+LabelOf(EndReasons, in.Ending.Reason)+"，已告知其他救济途径")
		} else {
			err = a.anotherDate(ctx, ses, missing)
		}
		if err != nil {
			return err
		}
		return a.record(ctx, "session.absent", map[string]any{"session": ses.Key, "absent": len(missing), "end": in.End})
	})
}

var errNotFixed = fault.New(fault.Conflict, "只有已经确定、还没有开始的调解时间才能登记未到场")

// absent keeps who came, closes the date and gives the parties who did not.
func (a *act) absent(ctx context.Context, ses Session, in AbsentInput) ([]PartyView, error) {
	to, err := Find(a.c.State, VerbAbsent, a.hands, a.facts)
	if err != nil {
		return nil, err
	}
	if ses.State != "fixed" {
		return nil, errNotFixed
	}
	if open := ses.StartsAt.Add(AbsentAfter); a.tx.Now.Before(open) {
		return nil, fault.Newf(fault.Invalid, "请再等一等，%s 起可以登记未到场", open.In(db.Shanghai).Format("15:04"))
	}
	missing, err := a.attendance(ctx, ses, in.Came)
	if err != nil {
		return nil, err
	}
	if err := a.s.putWords(ctx, a.tx, a.c.ID, 0, WordsAbsent, in.Words); err != nil {
		return nil, err
	}
	_, err = a.tx.Exec(ctx, `UPDATE case_sessions SET state = 'cancelled', reason = ?, version = version + 1 WHERE id = ?`, reasonAbsent, ses.ID)
	if err != nil {
		return nil, err
	}
	a.tx.Touch("calendar")
	if err := a.s.out.Bookings.Done(ctx, a.tx, ses.BookingID); err != nil {
		return nil, err
	}
	if ses.LiaisonID != 0 {
		err = a.tellAccount(ctx, ses.LiaisonID, "法院联络员", "session.absent", "案件 "+a.c.No()+" "+when(ses.StartsAt.Time)+" 的调解因有当事人未到场没有开成。")
	}
	if err != nil || !in.End {
		return missing, err
	}
	return missing, a.event(ctx, VerbAbsent, to, true, "有当事人没有到场，调解没有开成")
}

// attendance writes a line per party expected and counts those who stayed away.
func (a *act) attendance(ctx context.Context, ses Session, came map[string]bool) ([]PartyView, error) {
	ids, err := comingParties(ctx, a.tx, a.c.ID)
	if err != nil {
		return nil, err
	}
	parties, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return nil, err
	}
	var missing []PartyView
	form := fault.Form{}
	for _, p := range parties {
		if !slices.Contains(ids, p.ID) {
			continue
		}
		here, marked := came[p.Key]
		form.Check(marked, "came-"+p.Key, "请选择"+p.Name+"一方到了没有")
		if marked && !here {
			missing = append(missing, p)
		}
		_, err := a.tx.Exec(ctx, `INSERT INTO case_attendance (session_id, party_id, came, waited_min, at, day, account_id) VALUES (?,?,?,?,?,?,?)`,
			ses.ID, p.ID, here, int(a.tx.Now.Sub(ses.StartsAt.Time)/time.Minute), db.At(a.tx.Now), a.tx.Day(), a.who.AccountID)
		if err != nil {
			return nil, err
		}
	}
	form.Check(len(missing) > 0 || len(form) > 0, "came", "各方都到了，可以直接开始调解，不用登记未到场")
	if err := form.Err(); err != nil {
		return nil, err
	}
	for _, p := range missing {
		if _, err := a.tx.Exec(ctx, `UPDATE case_parties SET absences = absences + 1 WHERE id = ?`, p.ID); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// anotherDate puts the case back to be scheduled and tells everybody what comes next.
func (a *act) anotherDate(ctx context.Context, ses Session, missing []PartyView) error {
	if err := a.backToClerk(ctx, VerbAbsent, "有当事人没有到场，另约时间"); err != nil {
		return err
	}
	parties, err := partiesOf(ctx, a.tx, a.c.ID)
	if err != nil {
		return err
	}
	for _, p := range parties {
		if p.Side != SideApplicant && p.Consent != "agreed" {
			continue
		}
		body := "调解申请 " + a.c.ApplyNo + "：" + when(ses.StartsAt.Time) + " 的调解因有人未到场没有开成，新的时间会再通知您。"
		if slices.ContainsFunc(missing, func(m PartyView) bool { return m.ID == p.ID }) {
			body = "调解申请 " + a.c.ApplyNo + "：" + when(ses.StartsAt.Time) + " 的调解您没有到场。还愿意调解的，请联系街道窗口另约时间；不愿意的也请告诉我们，由您决定。"
		}
		if err := a.tellSide(ctx, p, "session.absent", body); err != nil {
			return err
		}
	}
	return nil
}

// AbsentFile is what the page of a missed date shows.
type AbsentFile struct {
	Case    Case
	Session Session
	Parties []PartyView // who is expected
	From    time.Time   // from when on it can be noted
	Fixed   bool        // else there is nothing to note: not yet firm, begun, or fallen
}

// AbsentFile reads a date with those who are expected at it.
func (s *Service) AbsentFile(ctx context.Context, who access.Actor, sessionKey string) (AbsentFile, error) {
	var f AbsentFile
	var err error
	if f.Session, err = s.SessionByKey(ctx, s.db, who, sessionKey); err != nil {
		return f, err
	}
	var hands []Hand
	if f.Case, hands, err = s.InScopeID(ctx, s.db, who, f.Session.CaseID); err != nil {
		return f, err
	}
	if !slices.ContainsFunc(hands, func(h Hand) bool { return slices.Contains(mediation, h) }) {
		return f, fault.New(fault.Forbidden, "未到场由本案调解员或街道窗口登记")
	}
	f.Fixed = f.Session.State == "fixed"
	f.From = f.Session.StartsAt.Add(AbsentAfter)
	ids, err := comingParties(ctx, s.db, f.Case.ID)
	if err != nil {
		return f, err
	}
	all, err := partiesOf(ctx, s.db, f.Case.ID)
	f.Parties = slices.DeleteFunc(all, func(p PartyView) bool { return !slices.Contains(ids, p.ID) })
	return f, err
}
