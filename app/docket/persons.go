package docket

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// The same person may have two cases. A person is known again by the blind index of a phone
// or an identity number: each is a mark, and the calendar books marks, so that nobody is
// called to two places at once unless somebody says why.

// comer is who comes to a session: a party, or an agent in its place.
type comer struct {
	PartyID int64  `db:"party_id"`
	Phone   string `db:"phone_index"`
	IDNo    string `db:"idno_index"`
}

// marks are what the calendar knows the person by.
func (c comer) marks() []string {
	var out []string
	if c.Phone != "" {
		out = append(out, "phone:"+c.Phone)
	}
	if c.IDNo != "" {
		out = append(out, "idno:"+c.IDNo)
	}
	return out
}

// comers lists who comes: both sides, a third who agreed to, and those who act for them.
func comers(ctx context.Context, r db.Reader, caseID int64, day string) ([]comer, error) {
	var out []comer
	return out, r.Select(ctx, &out, `SELECT id AS party_id, phone_index, idno_index FROM case_parties WHERE case_id = ? AND (side <> 'third' OR consent = 'agreed')
		UNION ALL SELECT party_id, phone_index, idno_index FROM case_agents WHERE case_id = ? AND ended_at IS NULL AND (until_on = '' OR until_on >= ?)`,
		caseID, caseID, day)
}

// allMarks gathers the marks of all who come, each once, in one order for everybody.
func allMarks(list []comer) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.marks()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Busy is a time at which somebody of the case is called elsewhere. CaseKey and No are empty
// unless the reader may open that case.
type Busy struct {
	PartyID int64
	Name    string
	Span
	CaseKey, No string
	marks       []string
}

// BusyTimes lists when parties of a case, or who acts for them, have other dates between two instants.
func (s *Service) BusyTimes(ctx context.Context, who access.Actor, key string, from, to time.Time) ([]Busy, error) {
	c, _, err := s.InScope(ctx, s.db, who, key)
	if err != nil {
		return nil, err
	}
	list, err := comers(ctx, s.db, c.ID, db.DayOf(s.db.Now()))
	if err != nil {
		return nil, err
	}
	return busyTimes(ctx, s.db, who, c.ID, list, from, to)
}

type busyRow struct {
	Phone     string  `db:"phone_index"`
	IDNo      string  `db:"idno_index"`
	StartsAt  db.Time `db:"starts_at"`
	EndsAt    db.Time `db:"ends_at"`
	Key       string  `db:"key"`
	ApplyNo   string  `db:"apply_no"`
	Number    *string `db:"number"`
	Mediator  int64   `db:"mediator_id"`
	Room      int64   `db:"room_id"`
	LiaisonID int64   `db:"liaison_id"`
}

func busyTimes(ctx context.Context, r db.Reader, who access.Actor, caseID int64, list []comer, from, to time.Time) ([]Busy, error) {
	query, args := busyQuery(list, db.DayOf(from))
	if query == "" {
		return nil, nil
	}
	var rows []busyRow
	err := r.Select(ctx, &rows, `SELECT q.phone_index, q.idno_index, s.starts_at, s.ends_at, s.liaison_id, c.key, c.apply_no, c.number, c.mediator_id, c.room_id
		FROM (`+query+`) AS q JOIN case_sessions s ON s.case_id = q.case_id JOIN cases c ON c.id = s.case_id
		WHERE q.case_id <> ? AND s.state IN ('asked', 'fixed', 'begun') AND s.starts_at < ? AND s.ends_at > ? ORDER BY s.starts_at, c.id`,
		append(args, caseID, db.At(to), db.At(from))...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	parties, err := partiesOf(ctx, r, caseID)
	if err != nil {
		return nil, err
	}
	var out []Busy
	for _, row := range rows {
		for _, c := range list {
			if !same(c.Phone, row.Phone) && !same(c.IDNo, row.IDNo) {
				continue
			}
			b := Busy{PartyID: c.PartyID, Span: Span{Start: row.StartsAt.Time, End: row.EndsAt.Time}, marks: c.marks()}
			if i := slices.IndexFunc(parties, func(p PartyView) bool { return p.ID == c.PartyID }); i >= 0 {
				b.Name = parties[i].Name
			}
			other := Case{Key: row.Key, ApplyNo: row.ApplyNo, Number: row.Number, MediatorID: row.Mediator, RoomID: row.Room}
			if len(handsOf(who, other, row.LiaisonID != 0 && row.LiaisonID == liaisonID(who))) > 0 {
				b.CaseKey, b.No = other.Key, other.No()
			}
			if !slices.ContainsFunc(out, func(x Busy) bool { return x.PartyID == b.PartyID && x.Span == b.Span && x.CaseKey == b.CaseKey }) {
				out = append(out, b)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Busy) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.PartyID, b.PartyID)) })
	return out, nil
}

// busyQuery finds the persons of the list in all cases, each way of knowing one by its own index.
func busyQuery(list []comer, day string) (string, []any) {
	var phones, idnos []any
	for _, c := range list {
		if c.Phone != "" {
			phones = append(phones, c.Phone)
		}
		if c.IDNo != "" {
			idnos = append(idnos, c.IDNo)
		}
	}
	var parts []string
	var args []any
	for _, by := range []struct {
		column string
		values []any
	}{{"phone_index", phones}, {"idno_index", idnos}} {
		if len(by.values) == 0 {
			continue
		}
		in := by.column + ` <> '' AND ` + by.column + ` IN (` + db.Marks(len(by.values)) + `)`
		parts = append(parts, `SELECT case_id, phone_index, idno_index FROM case_parties WHERE `+in+` AND (side <> 'third' OR consent = 'agreed')`,
			`SELECT case_id, phone_index, idno_index FROM case_agents WHERE `+in+` AND ended_at IS NULL AND (until_on = '' OR until_on >= ?)`)
		args = append(args, by.values...)
		args = append(append(args, by.values...), day)
	}
	return strings.Join(parts, ` UNION `), args
}

// maxTogether bounds the reason for calling somebody to two places.
const maxTogether = 200

// checkPersons refuses a time at which somebody has to be elsewhere, unless the plan says why it
// must be so; then the marks of that person are left out of the booking.
func (a *act) checkPersons(ctx context.Context, p Plan, w *Want) error {
	list, err := comers(ctx, a.tx, a.c.ID, db.DayOf(p.Start))
	if err != nil {
		return err
	}
	w.Marks = allMarks(list)
	busy, err := busyTimes(ctx, a.tx, a.who, a.c.ID, list, p.Start, p.End)
	if err != nil || len(busy) == 0 {
		return err
	}
	why := strings.TrimSpace(p.Together)
	if why == "" || len([]rune(why)) > maxTogether {
		return &fault.Error{Code: fault.Conflict, Field: "together", Message: busyWords(busy) + "。请另选时间；确需排在一起的，请写明原因（200 字以内）"}
	}
	for _, b := range busy {
		w.Marks = slices.DeleteFunc(w.Marks, func(m string) bool { return slices.Contains(b.marks, m) })
	}
	a.together = why
	return a.event(ctx, "together", a.c.State, false, "当事人同一时间另有安排，说明原因后仍排在这个时间")
}

func busyWords(list []Busy) string {
	var out []string
	for _, b := range list {
		out = append(out, b.Name+"一方 "+when(b.Start)+"–"+b.End.In(db.Shanghai).Format("15:04")+" 已有另一场调解")
	}
	return strings.Join(out, "；")
}

// rebookPersons lets the date that stands take the persons as they are now. Somebody who turns
// out to be busy elsewhere stays out: the correction holds, and the desk sees the clash.
func (a *act) rebookPersons(ctx context.Context) error {
	ses, live, err := a.liveSession(ctx)
	if err != nil || !live || ses.State == "begun" {
		return err
	}
	list, err := comers(ctx, a.tx, a.c.ID, ses.Day)
	if err != nil {
		return err
	}
	marks := allMarks(list)
	busy, err := busyTimes(ctx, a.tx, a.who, a.c.ID, list, ses.StartsAt.Time, ses.EndsAt.Time)
	if err != nil {
		return err
	}
	for _, b := range busy {
		marks = slices.DeleteFunc(marks, func(m string) bool { return slices.Contains(b.marks, m) })
	}
	if err := a.s.out.Bookings.Persons(ctx, a.tx, ses.BookingID, marks); err != nil || len(busy) == 0 {
		return err
	}
	return a.event(ctx, "together", a.c.State, false, "当事人在排好的时间另有安排，请核对是否改期")
}
