package rota_test

import (
	"context"
	"fmt"
	"testing"

	"tiaojie/app/rota"
	"tiaojie/app/rota/instance"
)

// Both planners on the sizes of a street, whole: from the task as the caller states it to the report.

func BenchmarkClasses(b *testing.B) {
	for _, size := range instance.StreetClasses(5, 1) {
		c, _ := instance.Classes(size)
		b.Run(fmt.Sprintf("%d×%d", size.People, size.Batches), func(b *testing.B) {
			for b.Loop() {
				plan, err := c.Solve(context.Background())
				if err != nil || len(plan.Unplaced) > 0 {
					b.Fatal(err, len(plan.Unplaced))
				}
			}
		})
	}
}

func BenchmarkRotation(b *testing.B) {
	for _, slack := range []int{10, 5, 0} {
		for _, size := range instance.Street(slack, 1) {
			r, _ := instance.Rotation(size)
			b.Run(size.String(), func(b *testing.B) {
				for b.Loop() {
					plan, err := r.Solve(context.Background(), rota.Options{Seed: 1})
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(plan.Report.Score.Hard), "hard")
					b.ReportMetric(float64(plan.Report.Score.Soft), "cost")
				}
			})
		}
	}
}

// BenchmarkAround measures what a page asks for while a person works on a plan, on the largest task.
func BenchmarkAround(b *testing.B) {
	r, plan := instance.Rotation(instance.Street(0, 1)[3])
	options := r.Alternatives(plan, plan[0])
	crowded, _ := r.Apply(plan, options[len(options)-1].Moves)
	broken := r.Evaluate(crowded).Violations[0]
	b.Run("Evaluate", func(b *testing.B) {
		for b.Loop() {
			r.Evaluate(plan)
		}
	})
	b.Run("Precheck", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.Precheck(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Alternatives", func(b *testing.B) {
		for b.Loop() {
			r.Alternatives(plan, plan[100])
		}
	})
	b.Run("Suggest", func(b *testing.B) {
		for b.Loop() {
			r.Suggest(crowded, broken)
		}
	})
	b.Run("CheckSwap", func(b *testing.B) {
		for b.Loop() {
			r.CheckSwap(plan, rota.Swap{From: plan[0], To: plan[8]})
		}
	})
}
