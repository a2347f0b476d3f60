package papers

import (
	"context"
	"fmt"

	"tiaojie/app/docket"
	"tiaojie/app/papers/forms"
	"tiaojie/db"
)

// ofSessions fills the notice of the next session and the records of those that were held.
func (p *Press) ofSessions(ctx context.Context, r db.Reader, f *Facts) error {
	if err := p.ofNotice(ctx, r, f); err != nil {
		return err
	}
	records, err := p.s.OfCase(ctx, r, f.Case.ID)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, rec := range records {
		if !rec.Begun() {
			continue
		}
		sh, err := p.s.sheet(ctx, r, rec, alone{}) // what one side said alone is not even read
		if err != nil {
			return err
		}
		ses := sh.paper()
		at := f.session(rec.SessionID)
		if ses.Place, err = p.place(ctx, r, at.RoomID); err != nil {
			return err
		}
		if rec.State == Running {
			f.open[rec.Key] = at.Key
		}
		f.Paper.Sessions = append(f.Paper.Sessions, ses)
		f.Add(forms.PerSession, rec.Key, fmt.Sprintf("第%d次调解", rec.Seq))
		for _, x := range sh.People {
			if x.Kind == "invited" && !seen[x.Name+x.Relation] {
				seen[x.Name+x.Relation] = true
				f.Paper.Guests = append(f.Paper.Guests, forms.Guest{Name: x.Name, Kind: x.Relation})
				f.Add(forms.PerGuest, x.Key, x.Name)
			}
		}
	}
	return nil
}

// ofNotice is the date that stands, else the last one that was held.
func (p *Press) ofNotice(ctx context.Context, r db.Reader, f *Facts) (err error) {
	var at *docket.Session
	for i, s := range f.Sessions {
		if s.State != "cancelled" && s.State != "declined" {
			at = &f.Sessions[i]
		}
	}
	if at == nil {
		return nil
	}
	f.Paper.Notice = forms.Notice{At: at.StartsAt.Time, On: forms.Day(f.NoticeOn)}
	f.Paper.Notice.Place, err = p.place(ctx, r, at.RoomID)
	return err
}

func (f *Facts) session(id int64) docket.Session {
	for _, s := range f.Sessions {
		if s.ID == id {
			return s
		}
	}
	return docket.Session{}
}

// paper is a session as its record tells it.
func (sh Sheet) paper() forms.Session {
	text := func(part string) string { return sh.Field(part, "").Text }
	out := forms.Session{
		Start: sh.Record.StartedAt.Time, End: sh.Record.ClosedAt.Time, Open: sh.Record.Openness == "open",
		Record: forms.Record{Rights: text("rights"), Principles: text("principles"), Evidence: text("evidence"), Risk: text("risk"), Result: text("result")},
	}
	for _, p := range sh.People {
		switch p.Kind {
		case "party", "agent":
			out.Present = append(out.Present, p.Name+"（"+p.seen()+"）")
		case "invited", "liaison":
			out.Guests = append(out.Guests, forms.Guest{Name: p.Name, Kind: p.seen()})
		case "mediator":
			out.Mediators = append(out.Mediators, forms.Mediator{Name: p.Name})
		case "recorder":
			out.Recorder = p.Name
		}
	}
	for _, p := range sh.Parties() {
		out.Record.Statements = append(out.Record.Statements, forms.Statement{Who: p.Name + "（" + p.Relation + "）", Text: sh.Field("facts", p.Key).Text})
		if t, ok := sh.Tick("readback", p.Key); ok && t.Mark == sh.Mark {
			out.ReadBack = append(out.ReadBack, forms.ReadBack{Who: p.Name, Aloud: t.Note == "宣读", At: t.At.Time})
		}
	}
	return out
}

// seen is what a person is here, by which document known, and whether absent.
func (p Person) seen() string {
	words := p.Relation
	if p.IDSeen != "" {
		words += "，已核对" + p.IDSeen
	}
	if !p.Here() {
		words += "，未到场"
	}
	return words
}
