package rota_test

import (
	"slices"
	"testing"

	"tiaojie/app/rota"
)

func TestCheckSwap(t *testing.T) {
	late := site("法庭", 2, 0)
	task := func() (*rota.Rotation, []rota.Placement) {
		r := row(3, 4, site("七号室", 2), late)
		r.People[2].Must, r.People[2].May, r.People[2].Count = nil, []int{0, 1}, 1
		return r, []rota.Placement{
			{Person: 0, Site: 0, Block: 0}, {Person: 0, Site: 1, Block: 2},
			{Person: 1, Site: 0, Block: 1}, {Person: 1, Site: 1, Block: 3},
			{Person: 2, Site: 0, Block: 3},
		}
	}
	for _, c := range []struct {
		name    string
		swap    rota.Swap
		change  func(r *rota.Rotation, plan []rota.Placement)
		refused string
		owed    int
	}{
		{"two people change blocks at one site", rota.Swap{From: rota.Placement{Person: 0, Site: 0, Block: 0}, To: rota.Placement{Person: 1, Site: 0, Block: 1}}, nil, "", 0},
		{"a swap that puts the prerequisite last", rota.Swap{From: rota.Placement{Person: 0, Site: 0, Block: 0}, To: rota.Placement{Person: 2, Site: 0, Block: 3}}, nil,
			"甲 要先到「七号室」再到「法庭」，现在一个在第 4 期、一个在第 3 期", 0},
		{"a swap into leave", rota.Swap{From: rota.Placement{Person: 0, Site: 0, Block: 0}, To: rota.Placement{Person: 1, Site: 0, Block: 1}},
			func(r *rota.Rotation, _ []rota.Placement) { r.People[0].Away = []rota.Absence{{Block: 1}} },
			"甲 在第 2 期不空，不能去「七号室」", 0},
		{"a swap of the past", rota.Swap{From: rota.Placement{Person: 0, Site: 0, Block: 0}, To: rota.Placement{Person: 1, Site: 0, Block: 1}},
			func(r *rota.Rotation, plan []rota.Placement) { r.Past, r.Base = 1, plan },
			"第 1 期已经过去，不能再换", 0},
		{"a swap of a locked cell", rota.Swap{From: rota.Placement{Person: 0, Site: 0, Block: 0}, To: rota.Placement{Person: 1, Site: 0, Block: 1}},
			func(r *rota.Rotation, plan []rota.Placement) { r.Fixed = plan[2:3] },
			"乙 在第 2 期的安排已锁定，不能换", 0},
		{"a swap of a cell that has changed", rota.Swap{From: rota.Placement{Person: 0, Site: 0, Block: 1}, To: rota.Placement{Person: 1, Site: 0, Block: 1}}, nil,
			"这一格已经变动，请重新查看后再提出", 0},
		{"a swap with oneself", rota.Swap{From: rota.Placement{Person: 0, Site: 0, Block: 0}, To: rota.Placement{Person: 0, Site: 1, Block: 2}}, nil, "要有另一个人参与", 0},
		{"a give-away leaves the giver owed", rota.Swap{From: rota.Placement{Person: 0, Site: 1, Block: 2}, To: rota.Placement{Person: 2}, Give: true},
			func(_ *rota.Rotation, plan []rota.Placement) { plan[4].Block = 1 }, "", 1},
		{"a give-away into a busy block", rota.Swap{From: rota.Placement{Person: 1, Site: 1, Block: 3}, To: rota.Placement{Person: 2}, Give: true}, nil,
			"丙 在第 4 期安排了不止一处", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, plan := task()
			if c.change != nil {
				c.change(r, plan)
			}
			v := r.CheckSwap(plan, c.swap)
			if c.refused == "" {
				if v.Plan == nil || len(v.Refused) != 0 || len(v.Owed) != c.owed {
					t.Fatalf("%+v", v)
				}
				return
			}
			if v.Plan != nil || !slices.Contains(v.Refused, c.refused) {
				t.Errorf("%+v", v)
			}
		})
	}
}

// Two swaps that touch one cell: whichever comes second is refused.
func TestSecondSwapOfACellIsRefused(t *testing.T) {
	r := row(3, 3, site("七号室", 2))
	plan := []rota.Placement{{Person: 0, Block: 0}, {Person: 1, Block: 1}, {Person: 2, Block: 2}}
	first := r.CheckSwap(plan, rota.Swap{From: plan[0], To: plan[1]})
	if first.Plan == nil {
		t.Fatalf("%+v", first)
	}
	second := r.CheckSwap(first.Plan, rota.Swap{From: plan[1], To: plan[2]})
	if second.Plan != nil {
		t.Error("the second swap went through on a cell that is no longer there")
	}
}

func TestDiffAndFingerprint(t *testing.T) {
	a := []rota.Placement{{Person: 0, Block: 0}, {Person: 1, Block: 1}, {Person: 2, Block: 2}}
	b := []rota.Placement{{Person: 2, Block: 2}, {Person: 1, Block: 0}, {Person: 3, Block: 1}}
	got := rota.Diff(a, b)
	if len(got) != 3 || got[0].Person != 0 || len(got[0].Added) != 0 || got[1].Gone[0] != a[1] || got[1].Added[0] != b[1] || got[2].Person != 3 {
		t.Errorf("%+v", got)
	}
	if rota.Diff(a, a) != nil {
		t.Error("a plan differs from itself")
	}
	r := row(2, 2, site("七号室", 1))
	before := r.Fingerprint()
	if r.Fingerprint() != before {
		t.Error("the fingerprint is not stable")
	}
	r.People[1].Away = []rota.Absence{{Block: 0}}
	if r.Fingerprint() == before {
		t.Error("a new absence leaves the fingerprint as it was: a stale plan would not be noticed")
	}
}

// A conflict that was there before is no reason to refuse a swap elsewhere, but making it worse is.
func TestSwapIsJudgedByWhatItChanges(t *testing.T) {
	r := row(4, 3, site("七号室", 1), site("法庭", 3))
	plan := []rota.Placement{
		{Person: 0, Site: 0, Block: 0}, {Person: 1, Site: 0, Block: 0}, // one too many, put in by hand
		{Person: 2, Site: 1, Block: 1}, {Person: 3, Site: 1, Block: 2},
	}
	if v := r.CheckSwap(plan, rota.Swap{From: plan[2], To: plan[3]}); v.Plan == nil {
		t.Errorf("an unrelated swap is refused: %v", v.Refused)
	}
	v := r.CheckSwap(plan, rota.Swap{From: plan[0], To: rota.Placement{Person: 2}, Give: true})
	if v.Plan == nil || v.Change.Hard != 0 {
		t.Errorf("handing a crowded seat on leaves it as crowded: %+v", v)
	}
	r.People[2].Away = []rota.Absence{{Block: 0}}
	if v := r.CheckSwap(plan, rota.Swap{From: plan[0], To: rota.Placement{Person: 2}, Give: true}); len(v.Refused) != 1 {
		t.Errorf("handing it to somebody on leave: %+v", v)
	}
}
