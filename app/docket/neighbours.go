package docket

import (
	"context"

	"tiaojie/app/calendar"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/db"
)

// Neighbours gives the docket what it asks of people, rooms and the calendar.
func Neighbours(p *people.Service, r *rooms.Service, cal *calendar.Service, baseURL string) Outside {
	n := neighbours{p}
	return Outside{
		Mediators: n.mediators, Ties: n.ties, ResidentPhone: p.ResidentPhone, TypeName: p.TypeName,
		Committee: func(ctx context.Context, r db.Reader, id int64) (Committee, error) {
			c, err := p.Committee(ctx, r, id)
			return Committee{ID: c.ID, Name: c.Name, Org: c.Org}, err
		},
		NormPhone: people.NormPhone, NormIDNo: people.NormID,
		Pinyin: func(name string) string { full, initials := people.Pinyin(name); return full + " " + initials },
		Days: func(ctx context.Context, r db.Reader) (DayCounter, error) {
			w, err := cal.Workdays(ctx, r)
			return dayCounter{w}, err
		},
		Bookings: bookings{r, cal}, BaseURL: baseURL,
	}
}

// dayCounter speaks the docket's days: text instead of calendar.Day.
type dayCounter struct{ w *calendar.Workdays }

func (d dayCounter) Natural(from string, n int) (string, bool) {
	due := d.w.AddNatural(calendar.MustDay(from), n)
	return due.Day.String(), due.Provisional
}

func (d dayCounter) Working(from string, n int) (string, bool) {
	due := d.w.AddWorking(calendar.MustDay(from), n)
	return due.Day.String(), due.Provisional
}

func (d dayCounter) WorkingBetween(from, to string) int {
	return d.w.WorkingBetween(calendar.MustDay(from), calendar.MustDay(to))
}

type neighbours struct{ people *people.Service }

func (n neighbours) mediators(ctx context.Context, r db.Reader, ids []int64) ([]MediatorInfo, error) {
	list, err := n.people.Mediators(ctx, r, people.MediatorFilter{IDs: ids})
	out := make([]MediatorInfo, len(list))
	for i, m := range list {
		out[i] = MediatorInfo{ID: m.ID, Name: m.Name, Listed: m.Choosable(), Cap: m.LoadCap}
		if m.AccountID != nil {
			out[i].AccountID = *m.AccountID
		}
		if out[i].Phone, err = n.people.PhoneOf(ctx, r, m.ID); err != nil {
			return nil, err
		}
	}
	return out, err
}

// ties passes on the declared ties; a value has one blind index, of the column it would meet in.
func (n neighbours) ties(ctx context.Context, r db.Reader, ids []int64) ([]Tie, error) {
	list, err := n.people.TiesOf(ctx, r, ids)
	out := make([]Tie, len(list))
	for i, t := range list {
		out[i] = Tie{MediatorID: t.MediatorID, Kind: t.Kind, Words: t.Words, CommunityID: t.CommunityID, Index: t.Index}
	}
	return out, err
}
