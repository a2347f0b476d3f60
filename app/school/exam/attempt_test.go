package exam

import (
	"testing"
	"time"

	"tiaojie/app/school/quizformat"
)

var nine = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func TestDeadlineIsFixedAtTheStart(t *testing.T) {
	t.Parallel()
	noon := nine.Add(3 * time.Hour)
	for name, c := range map[string]struct {
		rules Rules
		start time.Time
		want  time.Time
	}{
		"minutes":                  {Rules{Minutes: 45}, nine, nine.Add(45 * time.Minute)},
		"no limit":                 {Rules{}, nine, time.Time{}},
		"closing only":             {Rules{ClosesAt: noon}, nine, noon},
		"closing cuts the minutes": {Rules{Minutes: 45, ClosesAt: noon}, noon.Add(-time.Minute), noon},
		"minutes before closing":   {Rules{Minutes: 45, ClosesAt: noon}, nine, nine.Add(45 * time.Minute)},
	} {
		if got := c.rules.Start(c.start).Deadline; !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestNoGraceAfterTheDeadline(t *testing.T) {
	t.Parallel()
	a := Rules{Minutes: 30}.Start(nine)
	end := nine.Add(30 * time.Minute)
	for _, c := range []struct {
		at    time.Time
		state State
		left  time.Duration
	}{
		{nine, Open, 30 * time.Minute}, {end.Add(-time.Second), Open, time.Second},
		{end, Expired, 0}, {end.Add(time.Hour), Expired, 0},
	} {
		left, limited := a.Remaining(c.at)
		if a.State(c.at) != c.state || a.Takes(c.at) != (c.state == Open) || left != c.left || !limited {
			t.Errorf("%v: %s, %v left", c.at, a.State(c.at), left)
		}
	}
	if got := a.EndedAt(end.Add(time.Hour)); !got.Equal(end) {
		t.Errorf("an attempt nobody handed in ended at %v", got)
	}
	if !a.EndedAt(nine).IsZero() {
		t.Error("an open attempt has ended")
	}
	if _, limited := (Rules{}).Start(nine).Remaining(end); limited {
		t.Error("no limit, and yet one")
	}
}

func TestHandingInCountsOnce(t *testing.T) {
	t.Parallel()
	a := Rules{Minutes: 30}.Start(nine)
	a.Submitted = nine.Add(10 * time.Minute)
	if a.Takes(nine.Add(10*time.Minute)) || a.State(nine.Add(time.Hour)) != Submitted || !a.EndedAt(nine.Add(time.Hour)).Equal(a.Submitted) {
		t.Error("a second tab could hand in again, or the deadline changed a submitted attempt")
	}
}

func TestMayStart(t *testing.T) {
	t.Parallel()
	noon := nine.Add(3 * time.Hour)
	rules := Rules{Minutes: 30, MaxAttempts: 2, OpensAt: nine, ClosesAt: noon}
	done := func(v Verdict) Past { return Past{Attempt{nine, nine.Add(time.Minute), nine.Add(time.Second)}, v} }
	expired := Past{Attempt{Started: nine, Deadline: nine.Add(30 * time.Minute)}, Failed}
	at := nine.Add(time.Hour)
	for name, c := range map[string]struct {
		now  time.Time
		past []Past
		want error
	}{
		"first":             {at, nil, nil},
		"at the opening":    {nine, nil, nil},
		"too early":         {nine.Add(-time.Second), nil, NotOpenYet},
		"at the closing":    {noon, nil, Closed},
		"second":            {at, []Past{done(Failed)}, nil},
		"an expired counts": {at, []Past{expired, done(Failed)}, NoMoreTries},
		"third":             {at, []Past{done(Failed), done(Failed)}, NoMoreTries},
		"passed":            {at, []Past{done(Failed), done(Passed)}, AlreadyDone},
		"passed and closed": {noon, []Past{done(Passed)}, AlreadyDone},
		"marks are missing": {at, []Past{done(Pending)}, WaitForMarks},
		"still open":        {nine.Add(time.Minute), []Past{{Attempt{Started: nine, Deadline: nine.Add(30 * time.Minute)}, Pending}}, AlreadyOpen},
	} {
		if got := rules.MayStart(c.now, c.past); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := (Rules{}).MayStart(at, []Past{done(Failed), done(Failed), done(Failed)}); got != nil {
		t.Errorf("without limits: %v", got)
	}
}

func TestShowsAnswers(t *testing.T) {
	t.Parallel()
	noon := nine.Add(3 * time.Hour)
	for _, c := range []struct {
		show   Show
		closes time.Time
		now    time.Time
		v      Verdict
		want   bool
	}{
		{ShowNever, noon, noon, Passed, false}, {"", noon, noon, Passed, false},
		{ShowAfterPass, noon, nine, Passed, true}, {ShowAfterPass, noon, noon, Failed, false}, {ShowAfterPass, noon, nine, Pending, false},
		{ShowAfterClose, noon, nine, Passed, false}, {ShowAfterClose, noon, noon, Failed, true}, {ShowAfterClose, time.Time{}, noon, Passed, false},
	} {
		if got := (Rules{Show: c.show, ClosesAt: c.closes}).ShowsAnswers(c.now, c.v); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestVerdictRoundsNothingUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    Score
		pct  int
		want Verdict
	}{
		{Score{60, 100, 0}, 60, Passed},
		{Score{59, 100, 0}, 60, Failed},
		{Score{17, 28, 0}, 60, Passed},    // 60.7%
		{Score{599, 1000, 0}, 60, Failed}, // 59.9%
		{Score{2, 3, 0}, 67, Failed},      // 66.67%
		{Score{2, 3, 0}, 66, Passed},
		{Score{0, 10, 0}, 0, Passed},
		{Score{0, 0, 0}, 0, Failed}, // an empty paper passes nobody
		{Score{50, 100, 10}, 60, Pending},
		{Score{49, 100, 10}, 60, Failed}, // even full marks wouldn't do
		{Score{60, 100, 40}, 60, Passed}, // no mark can take it away
	} {
		if got := c.s.Verdict(c.pct); got != c.want {
			t.Errorf("%+v at %d%%: %s, want %s", c.s, c.pct, got, c.want)
		}
	}
}

func TestScoreAddsUpWithWaitingMarks(t *testing.T) {
	t.Parallel()
	var s Score
	s.Add(quizformat.Grade{Points: 2, Max: 3})
	s.Add(quizformat.Grade{Max: 4, Manual: true})
	s.Add(quizformat.Grade{Max: 1})
	if s != (Score{2, 8, 4}) {
		t.Errorf("%+v", s)
	}
}

func TestBest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scores []Score
		want   int
	}{
		{nil, -1}, {[]Score{{0, 0, 0}}, -1}, {[]Score{{0, 5, 0}}, 0},
		{[]Score{{5, 10, 0}, {8, 10, 0}, {8, 10, 0}}, 1},
		{[]Score{{60, 100, 0}, {7, 10, 0}}, 1},
	} {
		if got := Best(c.scores); got != c.want {
			t.Errorf("%v: %d, want %d", c.scores, got, c.want)
		}
	}
}
