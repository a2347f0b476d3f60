package seed

import (
	"context"
	"fmt"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/school"
	"tiaojie/db"
)

// training sets three requirements and what people did for them in the last two years, so
// that the matrix shows every state.
func (d *demo) training(ctx context.Context) error {
	now := d.DB.Now().In(db.Shanghai)
	var trainer access.Actor
	for _, a := range d.street.Accounts {
		if a.Login == "trainer" {
			trainer = access.Actor{AccountID: a.ID, Name: a.Name, Roles: []access.Role{access.Trainer}}
		}
	}
	start := now.AddDate(-2, 0, 0).Format(time.DateOnly)
	rotation, _ := school.PresetOf("rotation", start)
	before := school.Requirement{Title: "岗前培训", SubjectKind: school.TitleSubject, Rule: school.Rule{Posts: "full part"}, Basis: "演示数据",
		Terms: school.Terms{Cycle: school.Once, FirstDueDays: 90, WindowDays: 30, MinMinutes: 10 * school.MinutesPerHour, ActiveFrom: start}}
	records := school.Requirement{Title: "笔录与宣读", SubjectKind: school.TitleSubject, Rule: school.Rule{Posts: "full part"}, Basis: "演示数据",
		Terms: school.Terms{Cycle: school.Rolling, Months: 12, FirstDueDays: 180, WindowDays: 60, GraceDays: 7, ActiveFrom: start}}
	for i, q := range []school.Requirement{before, rotation, records} {
		if _, err := d.School.SaveRequirement(ctx, trainer, fmt.Sprint("seed-requirement-", i), "", q, "", "演示数据"); err != nil {
			return err
		}
	}
	var people []int64
	if err := d.DB.Select(ctx, &people, `SELECT id FROM learners ORDER BY id`); err != nil {
		return err
	}
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		done := func(learner int64, title string, daysAgo, hours int) error {
			_, err := d.School.Complete(ctx, tx, learner, school.Titled(title), now.AddDate(0, 0, -daysAgo).Format(time.DateOnly), hours*school.MinutesPerHour, nil,
				school.Evidence{Kind: "import", Note: "演示数据", By: trainer.Name})
			return err
		}
		for i, l := range people {
			if i%7 != 3 {
				if err := done(l, "岗前培训", 500+i, 4+6*min(1, i%5)); err != nil {
					return err
				}
			}
			if i%3 != 2 {
				if err := done(l, "笔录与宣读", 120+37*(i%9), 2); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
