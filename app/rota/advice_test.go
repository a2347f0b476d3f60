package rota_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/rota"

	"pgregory.net/rapid"
)

// row is a task of some people who all have to visit the same sites, one seat each, in the given blocks.
func row(people, blocks int, sites ...rota.Site) *rota.Rotation {
	r := &rota.Rotation{Sites: sites}
	for b := range blocks {
		r.Blocks = append(r.Blocks, rota.Block{Name: []string{"第 1 期", "第 2 期", "第 3 期", "第 4 期", "第 5 期", "第 6 期"}[b]})
	}
	for i := range people {
		p := rota.Person{Name: string([]rune("甲乙丙丁戊己庚辛")[i]), Unit: -1}
		for k := range sites {
			p.Must = append(p.Must, k)
		}
		r.People = append(r.People, p)
	}
	return r
}

func site(name string, seats int, needs ...int) rota.Site {
	return rota.Site{Name: name, Needs: needs, Seats: rota.Seats{Max: seats}}
}

func TestCheckRefuses(t *testing.T) {
	late := site("法庭", 1)
	late.Stage = 2
	for _, c := range []struct {
		name, want string
		r          *rota.Rotation
	}{
		{"a circle of prerequisites", "先修关系成环：七号室 → 法庭 → 派出所 → 七号室",
			row(0, 1, site("七号室", 1, 1), site("法庭", 1, 2), site("派出所", 1, 0))},
		{"a site that needs itself", "先修关系成环：七号室 → 七号室", row(0, 1, site("七号室", 1, 0))},
		{"a prerequisite of a later stage", "「七号室」要求先到「法庭」，但后者排在更后的阶段", row(0, 1, site("七号室", 1, 1), late)},
		{"a person of no unit", "有人的单位不存在", &rota.Rotation{People: []rota.Person{{Unit: 3}}}},
		{"a wish out of range", "有人的意愿不在 1 至 5 之间，或指向不存在的岗位、期次",
			&rota.Rotation{People: []rota.Person{{Unit: -1, Wishes: []rota.Wish{{Site: rota.Any, Block: rota.Any, Rank: 6}}}}}},
		{"a lock on nothing", "锁定或原计划中有不存在的人、岗位或期次", &rota.Rotation{Fixed: []rota.Placement{{}}}},
		{"seats for other blocks", "「七号室」的逐期名额有 1 项，应为 2 项",
			row(0, 2, rota.Site{Name: "七号室", SeatsAt: make([]rota.Seats, 1)})},
		{"more at least than at most", "「七号室」的名额不对：最少 3 人、最多 2 人",
			row(0, 1, rota.Site{Name: "七号室", Seats: rota.Seats{Min: 3, Max: 2}})},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.r.Solve(context.Background(), rota.Options{})
			var wrong *rota.Mistake
			if !errors.As(err, &wrong) || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestPrecheck(t *testing.T) {
	for _, c := range []struct {
		name      string
		task      func() *rota.Rotation
		text, fix string
		blocker   bool
	}{
		{"a site with too few seats in all", func() *rota.Rotation { return row(7, 3, site("七号室", 2)) },
			"「七号室」需要 7 人次，可容 6 人次，差 1 人次", "每期增加 1 个名额，或少派 1 人", true},
		{"a person with no free block", func() *rota.Rotation {
			r := row(1, 2, site("七号室", 1))
			r.People[0].Away = []rota.Absence{{Block: 0}, {Block: 1}}
			return r
		}, "甲 需要 1 个岗位，没有一期可用", "减少 1 个岗位，或调整请假", true},
		{"a person whose gap leaves no room", func() *rota.Rotation {
			r := row(1, 4, site("七号室", 1), site("法庭", 1))
			r.Gap = 2
			r.People[0].Away = []rota.Absence{{Block: 3}}
			return r
		}, "甲 需要 2 个岗位，按请假、先后、已定的格和间隔 2 期最多排 1 个", "间隔减到 1 期即可排下，或减少 1 个岗位", true},
		{"a late site that the first block is no use for", func() *rota.Rotation {
			late := site("法庭", 2)
			late.Stage = 1
			return row(4, 2, site("七号室", 4), late)
		}, "甲、乙、丙、丁 4 人 要去「法庭」，能去的期次里第 2 期共剩 2 个名额，差 2 个。可以：第 2 期增加 2 个名额", "第 2 期增加 2 个名额", true},
		{"a unit that can't spare so many", func() *rota.Rotation {
			r := row(3, 2, site("七号室", 9), site("法庭", 9))
			r.Units = []rota.Unit{{Name: "示例单位", MaxAway: 2}}
			for i := range r.People {
				r.People[i].Unit = 0
			}
			return r
		}, "示例单位共需外出 6 人次，每期最多 2 人，总共只能 4 人次，差 2 人次", "把上限放宽到 3 人", true},
		{"two locks in one block", func() *rota.Rotation {
			r := row(1, 2, site("七号室", 1), site("法庭", 1))
			r.Fixed = []rota.Placement{{Person: 0, Site: 0, Block: 1}, {Person: 0, Site: 1, Block: 1}}
			return r
		}, "锁定的格有冲突：甲 在第 2 期安排了不止一处", "解除其中一格的锁定", true},
		{"locks over capacity", func() *rota.Rotation {
			r := row(2, 2, site("七号室", 1))
			r.Fixed = []rota.Placement{{Person: 0, Block: 1}, {Person: 1, Block: 1}}
			return r
		}, "锁定的格有冲突：第 2 期「七号室」安排 2 人，最多 1 人，超员 1 人", "解除其中一格的锁定", true},
		{"fewer sites to choose than owed", func() *rota.Rotation {
			r := row(1, 4, site("七号室", 1), site("法庭", 1))
			r.People[0] = rota.Person{Name: "甲", Unit: -1, Count: 3, May: []int{0, 1}}
			return r
		}, "甲 还要选 3 个岗位，可选的只有 2 个", "增加可去的岗位，或减少岗位数", true},
		{"minimums beyond the people there are", func() *rota.Rotation {
			return row(3, 2, rota.Site{Name: "七号室", Seats: rota.Seats{Min: 2, Max: 5}})
		}, "「七号室」各期最少人数合计还要 4 人次，能来的只有 3 人次", "降低最少人数，或多派人", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := c.task().Precheck()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if f.Text == c.text && f.Fix == c.fix && f.Blocker == c.blocker {
					return
				}
			}
			t.Errorf("not among the findings: %+v", found)
		})
	}
}

// A blocker must be one: no plan without hard violations exists where Precheck says so.
func TestPrecheckBlocksOnlyTheImpossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := messy(rapid.Uint64().Draw(t, "task"))
		found, err := r.Precheck()
		if err != nil {
			t.Fatal(err)
		}
		plan, err := r.Solve(context.Background(), rota.Options{Steps: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		blocked := slices.ContainsFunc(found, func(f rota.Finding) bool { return f.Blocker })
		if blocked && plan.Report.Score.Hard == 0 {
			t.Fatalf("a feasible plan exists, but Precheck says %+v", found)
		}
	})
}

func TestEarlierVisitSatisfiesPrerequisite(t *testing.T) {
	r := row(1, 1, site("法庭", 1), site("七号室", 1, 0))
	r.People[0].Must = []int{1}
	plan := solve(t, r, rota.Options{})
	if v := plan.Report.Of(rota.RuleOrder); len(v) != 1 || v[0].Text != "甲 去「七号室」之前要先到过「法庭」，计划里没有" {
		t.Errorf("without the earlier visit: %+v", plan.Report.Violations)
	}
	r.People[0].Done = []int{0}
	if plan := solve(t, r, rota.Options{}); plan.Report.Score.Hard != 0 || len(plan.Placements) != 1 {
		t.Errorf("with it: %+v", plan.Report.Violations)
	}
}

func TestAlternativesSayWhy(t *testing.T) {
	r := row(2, 3, site("七号室", 1))
	r.People[0].Wishes = []rota.Wish{{Site: rota.Any, Block: 2, Rank: 5}}
	plan := []rota.Placement{{Person: 0, Block: 0}, {Person: 1, Block: 1}}
	got := r.Alternatives(plan, plan[0])
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	if o := got[0]; o.Moves[0].To.Block != 2 || o.Change != (rota.Cost{Soft: 16}) || o.Reasons[0].Text != "离本人意愿更远（16 分）" {
		t.Errorf("to block 3: %+v", o)
	}
	if o := got[1]; o.Moves[0].To.Block != 1 || o.Change != (rota.Cost{Hard: 1}) || o.Reasons[0].Text != "超员 1 人" {
		t.Errorf("to block 2: %+v", o)
	}
	r.Fixed = plan[:1]
	for _, o := range r.Alternatives(plan, plan[0]) {
		if o.Refused != "这一格已锁定" {
			t.Errorf("locked: %+v", o)
		}
	}
	if r.Alternatives(plan, rota.Placement{Person: 1, Block: 2}) != nil {
		t.Error("a cell that is not in the plan has alternatives")
	}
}

func TestSuggestEasesAFullSite(t *testing.T) {
	r := row(5, 4, site("七号室", 2), site("法庭", 2))
	var plan []rota.Placement
	for i, b := range []int{0, 0, 0, 1, 1} {
		plan = append(plan, rota.Placement{Person: i, Site: 0, Block: b}, rota.Placement{Person: i, Site: 1, Block: 3 - b})
	}
	report := r.Evaluate(plan)
	over := report.Of(rota.RuleSeats)
	if len(over) != 2 || !slices.Equal(over[0].People, []int{0, 1, 2}) {
		t.Fatalf("%+v", report.Violations)
	}
	got := r.Suggest(plan, over[0])
	if len(got) != 3 || got[0].Change != (rota.Cost{Hard: -2}) {
		t.Fatalf("%+v", got)
	}
	after, ok := r.Apply(plan, got[0].Moves)
	if !ok || r.Evaluate(after).Score.Hard != 0 {
		t.Errorf("after the first suggestion: %+v", r.Evaluate(after).Violations)
	}
}

func TestRelaxFindsTheSmallestLoosening(t *testing.T) {
	for _, c := range []struct {
		name string
		task func() *rota.Rotation
		rule rota.Rule
		uses int
		text string
	}{
		{"the gap", func() *rota.Rotation {
			r := row(1, 3, site("七号室", 1), site("法庭", 1), site("派出所", 1))
			r.Gap = 1
			return r
		}, rota.RuleGap, 2, "放宽间隔后可以全部排下"},
		{"the unit's cap", func() *rota.Rotation {
			r := row(3, 2, site("七号室", 2))
			r.Units = []rota.Unit{{Name: "示例单位", MaxAway: 1}}
			for i := range r.People {
				r.People[i].Unit = 0
			}
			return r
		}, rota.RuleUnit, 1, "放宽单位同期外出上限后可以全部排下"},
		{"one seat more", func() *rota.Rotation { return row(3, 2, site("七号室", 1)) }, rota.RuleSeats, 1, "超员处各增加 1 个名额后可以全部排下"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.task()
			plan := solve(t, r, rota.Options{})
			if plan.Report.Score.Hard == 0 {
				t.Fatal("the task is feasible")
			}
			x := r.Relax(context.Background(), plan.Placements, rota.Options{})
			if x == nil || !slices.Equal(x.Rules, []rota.Rule{c.rule}) || len(x.Uses) != c.uses || !strings.HasPrefix(x.Text, c.text) {
				t.Errorf("%+v", x)
			}
		})
	}
	hopeless := row(9-1, 1, site("七号室", 1))
	plan := solve(t, hopeless, rota.Options{})
	if x := hopeless.Relax(context.Background(), plan.Placements, rota.Options{}); x != nil {
		t.Errorf("eight people in one seat: %+v", x)
	}
}

// What Clear leaves breaks no hard rule but for what it names as 未安排, whatever the plan was.
func TestClear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := messy(rapid.Uint64().Draw(t, "task"))
		r.Fixed, r.Past = nil, 0
		w := rota.NewWalk(r, 1)
		w.Step(20)
		plan := w.Placements()
		kept, cleared := r.Clear(plan)
		for _, v := range r.Evaluate(kept).Violations {
			if v.Rule.Hard() && v.Rule != rota.RuleUnplaced {
				t.Fatalf("left: %s", v.Text)
			}
		}
		both := slices.SortedFunc(slices.Values(append(kept, cleared...)), rota.ComparePlacements)
		if !slices.Equal(both, plan) {
			t.Fatalf("%v and %v are not %v", kept, cleared, plan)
		}
	})
}
