package school_test

import (
	"context"
	"fmt"
	"testing"

	"tiaojie/app/audit"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/school"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// fill makes people with years of history, by rows as the operations write them.
func fill(tb testing.TB, d *db.DB, w *school.Service, persons, requirements, years int) {
	tb.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for i := range persons {
			_, err := tx.Exec(tb.Context(), `INSERT INTO learners (key, name, pinyin, post, joined_on, created_at) VALUES (?,?,?,?,?,?)`,
				fmt.Sprintf("p%015d", i), fmt.Sprintf("演示%04d", i), fmt.Sprintf("yanshi%04d ys", i), []string{"full", "part", "staff"}[i%3], "2016-01-01", 1)
			if err != nil {
				return err
			}
		}
		var ids []int64
		if err := tx.Select(tb.Context(), &ids, `SELECT id FROM learners ORDER BY id`); err != nil {
			return err
		}
		for i, id := range ids {
			for k := range requirements {
				for y := range years {
					_, err := tx.Exec(tb.Context(), `INSERT INTO completions (key, learner_id, subject_kind, subject_key, title, done_on, minutes, evidence, by_name, at) VALUES (?,?,?,?,?,?,?,?,?,?)`,
						fmt.Sprintf("c%d-%d-%d", i, k, y), id, "title", fmt.Sprintf("专题%02d", k), "专题", fmt.Sprintf("%d-%02d-%02d", 2017+y, 1+(i+k)%12, 1+(i*k)%28), 90, "{}", "教务", 1)
					if err != nil {
						return err
					}
				}
			}
		}
		tx.Touch("learners", school.RequirementTopic)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	for k := range requirements {
		q := school.Requirement{Title: fmt.Sprintf("专题%02d", k), SubjectKind: school.TitleSubject,
			Terms: school.Terms{Cycle: school.Rolling, Months: 12, WindowDays: 30, FirstDueDays: 30, ActiveFrom: "2017-01-01"}}
		if k%2 == 0 {
			q.Cycle, q.CalFrom, q.CalTo = school.Calendar, "01-01", "12-31"
		}
		if _, err := w.SaveRequirement(tb.Context(), trainer, idem(), "", q, "", ""); err != nil {
			tb.Fatal(err)
		}
	}
}

func BenchmarkMatrix(b *testing.B) {
	for _, size := range []struct{ people, requirements, years int }{{560, 20, 10}, {2709, 20, 10}} {
		for _, engine := range []string{"sqlite", "postgres"} {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", engine, size.people, size.requirements, size.years), func(b *testing.B) {
				open := dbtest.SQLite
				if engine == "postgres" {
					open = dbtest.Postgres
				}
				d, _ := open(b)
				box, err := seal.New(seal.NewKeyring())
				if err != nil {
					b.Fatal(err)
				}
				trail, outbox := audit.New(box), notify.New(d, box)
				s := school.New(d, box, trail, outbox, nil, people.New(d, box, trail, outbox, people.Options{}), nil)
				fill(b, d, s, size.people, size.requirements, size.years)
				for _, f := range []struct {
					name    string
					prepare func() *school.Service
				}{
					{"first look", func() *school.Service {
						return school.New(d, box, trail, outbox, nil, people.New(d, box, trail, outbox, people.Options{}), nil)
					}},
					{"after a change", func() *school.Service {
						if err := d.Write(b.Context(), func(tx *db.Tx) error { tx.Touch(school.RequirementTopic); return nil }); err != nil {
							b.Fatal(err)
						}
						return s
					}},
					{"unchanged", func() *school.Service { return s }},
				} {
					b.Run(f.name, func(b *testing.B) {
						for b.Loop() {
							b.StopTimer()
							s := f.prepare()
							b.StartTimer()
							m, err := s.Matrix(b.Context(), trainer, school.MatrixFilter{State: school.Late, Page: 2})
							if err != nil || len(m.Requirements) != size.requirements {
								b.Fatal(len(m.Requirements), err)
							}
						}
					})
				}
			})
		}
	}
}
