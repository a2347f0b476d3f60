package rota_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"tiaojie/app/rota"
	"tiaojie/app/rota/instance"
)

// The comparisons take hours and need an independent solver, so they run only when asked:
//
//	ROTA_COMPARE=1   run them
//	ROTA_SECONDS=600 the solver's time limit for each task
//	ROTA_SLACK=10,5,0, ROTA_SIZES=0,1 and ROTA_PEOPLE=560 restrict the tasks of TestCompareRotation
func comparing(t *testing.T) {
	if os.Getenv("ROTA_COMPARE") == "" {
		t.Skip("set ROTA_COMPARE=1 to measure against an independent solver")
	}
}

func setting(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// verdict is what the solver says of a task.
type verdict struct {
	best, bound float64
	found       bool // best is a plan
	closed      bool // and proved optimal
	took        time.Duration
}

var (
	objective  = regexp.MustCompile(`(?m)^Objective value:\s+([-\d.e+]+)`)
	lowerBound = regexp.MustCompile(`(?m)^Lower bound:\s+([-\d.e+]+)`)
	relaxation = regexp.MustCompile(`Continuous objective value is ([-\d.e+]+)`)
	optimal    = regexp.MustCompile(`Result - Optimal solution found`)
)

// cbc has the task in an LP file solved.
func cbc(t *testing.T, write func(*os.File) error) verdict {
	t.Helper()
	path := filepath.Join(t.TempDir(), "task.lp")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	out, err := exec.Command("cbc", path, "sec", setting("ROTA_SECONDS", "600"), "solve").CombinedOutput()
	if err != nil {
		t.Skipf("cbc: %v", err)
	}
	v := verdict{took: time.Since(began), closed: optimal.Match(out)}
	number := func(re *regexp.Regexp) (float64, bool) {
		m := re.FindSubmatch(out)
		if m == nil {
			return 0, false
		}
		x, err := strconv.ParseFloat(string(m[1]), 64)
		return x, err == nil
	}
	v.best, v.found = number(objective)
	if bound, ok := number(lowerBound); ok {
		v.bound = bound
	} else if bound, ok := number(relaxation); ok {
		v.bound = bound
	}
	if v.closed {
		v.bound = v.best
	}
	return v
}

// row prints one line of the table and answers how far the planner is above the solver's optimum, in
// percent, or above its proven bound where it found none.
func (v verdict) row(t *testing.T, name string, took time.Duration, score rota.Score) float64 {
	gap := 100 * (float64(score.Soft)/v.bound - 1)
	state := "bound"
	if v.closed {
		state = "optimum"
	}
	best := "–"
	if v.found {
		best = fmt.Sprintf("%.0f", v.best)
	}
	t.Logf("%-18s planner %6.2fs hard %d short %d cost %6d | solver %6.1fs best %6s, %s %8.1f | above %.2f%%",
		name, took.Seconds(), score.Hard, score.Short, score.Soft, v.took.Seconds(), best, state, v.bound, gap)
	return gap
}

func TestCompareClasses(t *testing.T) {
	comparing(t)
	for _, slack := range []int{10, 5, 0} {
		for _, size := range instance.StreetClasses(slack, 1) {
			c, _ := instance.Classes(size)
			began := time.Now()
			plan, err := c.Solve(context.Background())
			took := time.Since(began)
			if err != nil {
				t.Fatal(err)
			}
			v := cbc(t, func(f *os.File) error { return writeRotation(f, c.Rotation()) })
			gap := v.row(t, size.String(), took, plan.Report.Score)
			if v.closed && gap != 0 {
				t.Errorf("%v: not optimal", size)
			}
		}
	}
}

func TestCompareRotation(t *testing.T) {
	comparing(t)
	for _, slack := range numbers("ROTA_SLACK", "10,5,0") {
		for _, n := range numbers("ROTA_SIZES", "0,1,2,3") {
			size := instance.Street(slack, 1)[n]
			size.People = numbers("ROTA_PEOPLE", "560")[0]
			r, _ := instance.Rotation(size)
			began := time.Now()
			plan := solve(t, r, rota.Options{Seed: 1})
			took := time.Since(began)
			v := cbc(t, func(f *os.File) error { return writeRotation(f, r) })
			gap := v.row(t, size.String(), took, plan.Report.Score)
			if v.closed && (plan.Report.Score.Hard > 0 || gap > 2) {
				t.Errorf("%v: more than 2%% above the optimum", size)
			}
		}
	}
}

// numbers reads a list from the environment.
func numbers(name, otherwise string) []int {
	var out []int
	for _, m := range regexp.MustCompile(`\d+`).FindAllString(setting(name, otherwise), -1) {
		n, _ := strconv.Atoi(m)
		out = append(out, n)
	}
	return out
}

// TestCompareSeeds counts feasible plans over 32 tasks of each size and slack, and how soon the search saw
// the first.
func TestCompareSeeds(t *testing.T) {
	comparing(t)
	for _, slack := range []int{10, 5, 0} {
		for n := range 4 {
			var size instance.Size
			feasible, within, hard := 0, 0, 0
			var slowest, whole time.Duration
			for seed := range uint64(32) {
				size = instance.Street(slack, seed)[n]
				r, _ := instance.Rotation(size)
				began, first := time.Now(), time.Duration(0)
				plan := solve(t, r, rota.Options{Seed: seed, Progress: func(p rota.Progress) {
					if first == 0 && p.Best.Hard == 0 {
						first = time.Since(began)
					}
				}})
				whole = max(whole, time.Since(began))
				if hard = max(hard, plan.Report.Score.Hard); plan.Report.Score.Hard > 0 {
					continue
				}
				feasible++
				if first == 0 {
					first = time.Since(began) // by the exact step at the end
				}
				if slowest = max(slowest, first); first <= 3*time.Second {
					within++
				}
			}
			t.Logf("%-18s feasible %d of 32, %d within 3 s, the slowest after %.2fs; whole search at most %.2fs; most violations %d",
				size, feasible, within, slowest.Seconds(), whole.Seconds(), hard)
			if slack >= 5 && feasible < 31 {
				t.Errorf("%v: only %d of 32 feasible", size, feasible)
			}
		}
	}
}
