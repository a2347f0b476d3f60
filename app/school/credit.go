package school

import (
	"context"

	"tiaojie/app/access"
	"tiaojie/db"
)

// finished finds who has completed a course, by its code.
func (s *Service) finished(ctx context.Context, r db.Reader, code string) (map[int64]bool, error) {
	var ids []int64
	err := r.Select(ctx, &ids, `SELECT DISTINCT learner_id FROM completions WHERE subject_kind = ? AND subject_key = ? AND voided_at IS NULL`, CourseSubject, code)
	out := map[int64]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// ofClass finds the completions in force that rest on a class; the key holds no characters of patterns.
const ofClass = `SELECT id FROM completions WHERE subject_kind = ? AND subject_key = ? AND voided_at IS NULL AND evidence LIKE ?`

func (o Offering) evidence() string { return `%"ref":"` + o.Key + `"%` }

// credit keeps somebody's completion of the course in step with the attendance: written
// down once enough of the class was attended, voided when a correction says otherwise.
func (s *Service) credit(ctx context.Context, tx *db.Tx, who access.Actor, o Offering, l Learner, now Attendance) error {
	var stands []int64
	if err := tx.Select(ctx, &stands, ofClass+` AND learner_id = ?`, CourseSubject, o.CourseCode, o.evidence(), l.ID); err != nil {
		return err
	}
	switch enough := now.Attended(o); {
	case enough && len(stands) == 0:
		_, err := s.Complete(ctx, tx, l.ID, Subject{CourseSubject, o.CourseCode, o.Title}, o.Day, o.Minutes, nil, Evidence{Kind: "offering", Ref: o.Key, Note: o.BatchNo, By: who.Name})
		return err
	case !enough:
		for _, id := range stands {
			if err := s.Void(ctx, tx, id, who.Name, "考勤更正"); err != nil {
				return err
			}
		}
	}
	return nil
}

// discredit voids what rests on a class that was called off.
func (s *Service) discredit(ctx context.Context, tx *db.Tx, who access.Actor, o Offering, reason string) error {
	var ids []int64
	if err := tx.Select(ctx, &ids, ofClass, CourseSubject, o.CourseCode, o.evidence()); err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.Void(ctx, tx, id, who.Name, reason); err != nil {
			return err
		}
	}
	return nil
}
