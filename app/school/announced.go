package school

import (
	"context"
	"strings"
	"sync"

	"tiaojie/app/access"
	"tiaojie/db"
)

// classCache keeps the announced classes until a course, class or lecturer changes.
type classCache struct {
	mu      sync.Mutex
	version string
	list    []Offering
}

// Announced lists the coming classes that everybody may know of; a lecturer is named only
// with consent.
func (s *Service) Announced(ctx context.Context, r db.Reader) ([]Offering, error) {
	version, err := s.db.Version(ctx, "courses")
	if err != nil {
		return nil, err
	}
	s.classes.mu.Lock()
	defer s.classes.mu.Unlock()
	if s.classes.version != version {
		if s.classes.list, err = s.announced(ctx, r); err != nil {
			return nil, err
		}
		s.classes.version = version
	}
	var out []Offering
	now := s.db.Now()
	for _, o := range s.classes.list {
		if !o.Over(now) {
			out = append(out, o)
		}
	}
	return out, nil
}

func (s *Service) announced(ctx context.Context, r db.Reader) ([]Offering, error) {
	list, err := s.Classes(ctx, r, ClassFilter{Public: true, Limit: 50})
	if err != nil {
		return nil, err
	}
	var agreed []int64
	if err := r.Select(ctx, &agreed, `SELECT id FROM lecturers WHERE consent_on <> ''`); err != nil {
		return nil, err
	}
	consents := map[int64]bool{}
	for _, id := range agreed {
		consents[id] = true
	}
	for i, o := range list {
		if !consents[deref(o.LecturerID)] {
			list[i].Lecturer = ""
		}
	}
	return list, nil
}

// OwnClass is a class with the actor's own place in it and attendance of it.
type OwnClass struct {
	Offering
	Held string // confirmed, waitlist, withdrawn
	Mark Attendance
}

var ownClassQuery = strings.Replace(offeringQuery, "\tFROM offerings o", `, m.state AS own_place, t.in_at AS own_in, t.out_at AS own_out, COALESCE(t.excused, '') AS own_excused
	FROM offerings o JOIN enrolments m ON m.offering_id = o.id AND m.state <> 'left_out' JOIN learners p ON p.id = m.learner_id AND p.account_id = ?
	LEFT JOIN attendance t ON t.offering_id = o.id AND t.learner_id = p.id`, 1) + ` WHERE o.day >= ? ORDER BY o.starts_at, o.id LIMIT 200`

// OwnClasses lists the classes from a day on in which the actor stands, or stood.
func (s *Service) OwnClasses(ctx context.Context, r db.Reader, who access.Actor, from string) ([]OwnClass, error) {
	if err := who.Check(access.Learn); err != nil {
		return nil, err
	}
	var rows []struct {
		Offering
		Held    string  `db:"own_place"`
		InAt    db.Time `db:"own_in"`
		OutAt   db.Time `db:"own_out"`
		Excused string  `db:"own_excused"`
	}
	err := r.Select(ctx, &rows, ownClassQuery, who.AccountID, from)
	out := make([]OwnClass, len(rows))
	for i, x := range rows {
		out[i] = OwnClass{x.Offering, x.Held, Attendance{InAt: x.InAt, OutAt: x.OutAt, Excused: x.Excused}}
	}
	return out, err
}
