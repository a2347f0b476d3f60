package school

import (
	"context"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/db"
)

// LearnerFilter finds people of the roster; zero fields don't narrow.
type LearnerFilter struct {
	UnitID int64
	Post   string
	Name   string // a part of the name, or of its pinyin
}

// Learners lists who is on the roster today, by name. It needs access.School.
func (s *Service) Learners(ctx context.Context, r db.Reader, who access.Actor, f LearnerFilter) ([]Learner, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	today := db.DayOf(s.db.Now())
	where, args := `joined_on <= ? AND (left_on = '' OR left_on > ?)`, []any{today, today}
	if f.UnitID != 0 {
		where, args = where+` AND unit_id = ?`, append(args, f.UnitID)
	}
	if f.Post != "" {
		where, args = where+` AND post = ?`, append(args, f.Post)
	}
	if f.Name != "" {
		like := "%" + db.EscapeLike(strings.ToLower(f.Name)) + "%"
		where, args = where+` AND (name LIKE ? ESCAPE '\' OR pinyin LIKE ? ESCAPE '\')`, append(args, like, like)
	}
	var out []Learner
	return out, r.Select(ctx, &out, `SELECT `+LearnerColumns+` FROM learners WHERE `+where+` ORDER BY pinyin, id LIMIT 3000`, args...)
}

// Candidate is somebody who could be in a class, with what stands against it.
type Candidate struct {
	Learner Learner
	State   string           // the place held already, "lecturer" for who teaches the class, "" for none
	Clashes []calendar.Clash // bookings and leave at that time
	Missing []Course         // not yet done before
}

// Busy tells whether the person is booked elsewhere then; leave alone can be overruled.
func (c Candidate) Busy() bool {
	for _, x := range c.Clashes {
		if !x.Leave {
			return true
		}
	}
	return false
}

// Free tells whether nothing stands against it.
func (c Candidate) Free() bool { return len(c.Clashes) == 0 && len(c.Missing) == 0 }

// In tells whether the person has a place in the class already, or teaches it.
func (c Candidate) In() bool {
	return c.State == "confirmed" || c.State == "waitlist" || c.State == "lecturer"
}

// Says tells what stands against it.
func (c Candidate) Says() string {
	var out []string
	for _, x := range c.Clashes {
		out = append(out, x.Say())
	}
	for _, m := range c.Missing {
		out = append(out, "先修课《"+m.Title+"》还没有学完")
	}
	return strings.Join(out, "；")
}

// weigh looks up what each person has at a time.
func (s *Service) weigh(ctx context.Context, r db.Reader, people []Learner, from, to time.Time, except int64) ([]Candidate, error) {
	at, err := s.timesOf(ctx, r, people)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(at))
	for _, id := range at {
		ids = append(ids, id)
	}
	clashes, err := s.calendar.Clashes(ctx, r, ids, from, to, except)
	if err != nil {
		return nil, err
	}
	by := map[int64][]calendar.Clash{}
	for _, c := range clashes {
		by[c.ResourceID] = append(by[c.ResourceID], c)
	}
	out := make([]Candidate, len(people))
	for i, l := range people {
		out[i] = Candidate{Learner: l, Clashes: by[at[l.ID]]}
	}
	return out, nil
}

// timesOf is timeOf for many: learner id to resource id, those never booked left out.
func (s *Service) timesOf(ctx context.Context, r db.Reader, people []Learner) (map[int64]int64, error) {
	var mediators, accounts, learners []int64
	for _, l := range people {
		learners = append(learners, l.ID)
		if l.MediatorID != nil {
			mediators = append(mediators, *l.MediatorID)
		}
		if l.AccountID != nil {
			accounts = append(accounts, *l.AccountID)
		}
	}
	of := map[calendar.Kind]map[int64]int64{}
	for kind, refs := range map[calendar.Kind][]int64{calendar.MediatorKind: mediators, calendar.LiaisonKind: accounts, calendar.LearnerKind: learners} {
		ids, err := s.calendar.ResourceIDs(ctx, r, kind, refs)
		if err != nil {
			return nil, err
		}
		of[kind] = ids
	}
	out := map[int64]int64{}
	for _, l := range people {
		for _, id := range []int64{of[calendar.MediatorKind][deref(l.MediatorID)], of[calendar.LiaisonKind][deref(l.AccountID)], of[calendar.LearnerKind][l.ID]} {
			if id != 0 {
				out[l.ID] = id
				break
			}
		}
	}
	return out, nil
}

// Weigh tells, before anything is saved, what stands against each person's place in a
// class: who, when, what. It needs access.School.
func (s *Service) Weigh(ctx context.Context, r db.Reader, who access.Actor, o Offering, people []Learner) ([]Candidate, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	return s.weighed(ctx, r, o, people)
}

func (s *Service) weighed(ctx context.Context, r db.Reader, o Offering, people []Learner) ([]Candidate, error) {
	out, err := s.weigh(ctx, r, people, o.StartsAt.Time, o.EndsAt.Time, o.BookingID)
	if err != nil {
		return nil, err
	}
	places, err := s.Places(ctx, r, o.ID)
	if err != nil {
		return nil, err
	}
	states := map[int64]string{}
	var teaches []int64
	if err := r.Select(ctx, &teaches, `SELECT learner_id FROM lecturers WHERE id = ? AND learner_id IS NOT NULL`, deref(o.LecturerID)); err != nil {
		return nil, err
	}
	for _, p := range places {
		states[p.ID] = p.State
	}
	for _, id := range teaches {
		states[id] = "lecturer"
	}
	needs, err := s.Prereqs(ctx, r, o.CourseID)
	if err != nil {
		return nil, err
	}
	for _, n := range needs {
		done, err := s.finished(ctx, r, n.Code)
		if err != nil {
			return nil, err
		}
		for i := range out {
			if !done[out[i].Learner.ID] {
				out[i].Missing = append(out[i].Missing, n)
			}
		}
	}
	for i := range out {
		out[i].State = states[out[i].Learner.ID]
	}
	return out, nil
}

// MoveTroubles tells who of a class has something else at another time. It needs access.School.
func (s *Service) MoveTroubles(ctx context.Context, who access.Actor, o Offering, from, to time.Time) ([]Candidate, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	people, err := s.confirmed(ctx, s.db, o.ID)
	if err != nil {
		return nil, err
	}
	all, err := s.weigh(ctx, s.db, people, from, to, o.BookingID)
	var out []Candidate
	for _, c := range all {
		if len(c.Clashes) > 0 {
			out = append(out, c)
		}
	}
	return out, err
}
