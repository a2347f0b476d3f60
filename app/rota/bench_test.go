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
