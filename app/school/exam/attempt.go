package exam

import "time"

// Rules are those of an exam. Zero values mean without limit.
type Rules struct {
	Minutes     int // from the start of an attempt
	MaxAttempts int
	PassPercent int // 0–100
	OpensAt     time.Time
	ClosesAt    time.Time // no attempt runs beyond
	Show        Show
}

// Show says when a person may see the right answers and explanations.
type Show string

// When answers are shown.
const (
	ShowNever      Show = "never"
	ShowAfterPass  Show = "after_pass"
	ShowAfterClose Show = "after_close"
)

// Attempt is what the clock has to do with an attempt (一次作答). Times are the server's.
type Attempt struct {
	Started   time.Time
	Deadline  time.Time // zero: none
	Submitted time.Time // zero: not yet
}

// State of an attempt.
type State string

// The states of an attempt.
const (
	Open      State = "open"      // answers are taken
	Submitted State = "submitted" // handed in
	Expired   State = "expired"   // time ran out; what was saved before the deadline counts
)

// Start begins an attempt: its deadline is fixed now and later changes of the rules don't
// touch it.
func (r Rules) Start(now time.Time) Attempt {
	a := Attempt{Started: now}
	if r.Minutes > 0 {
		a.Deadline = now.Add(time.Duration(r.Minutes) * time.Minute)
	}
	if !r.ClosesAt.IsZero() && (a.Deadline.IsZero() || r.ClosesAt.Before(a.Deadline)) {
		a.Deadline = r.ClosesAt
	}
	return a
}

// State at a time of the server's clock. The deadline itself is too late: there is no
// grace, because answers are saved while they are given.
func (a Attempt) State(now time.Time) State {
	switch {
	case !a.Submitted.IsZero():
		return Submitted
	case !a.Deadline.IsZero() && !now.Before(a.Deadline):
		return Expired
	}
	return Open
}

// Takes says whether an answer or the handing-in counts that arrives now. A second
// handing-in, from another tab or a repeated click, doesn't.
func (a Attempt) Takes(now time.Time) bool { return a.State(now) == Open }

// EndedAt is when the attempt was over: handed in, or at its deadline whenever somebody
// looks; zero while it is open.
func (a Attempt) EndedAt(now time.Time) time.Time {
	switch a.State(now) {
	case Submitted:
		return a.Submitted
	case Expired:
		return a.Deadline
	}
	return time.Time{}
}

// Remaining is the time left, never negative; limited is false when there is no deadline.
func (a Attempt) Remaining(now time.Time) (left time.Duration, limited bool) {
	if a.Deadline.IsZero() {
		return 0, false
	}
	return max(0, a.Deadline.Sub(now)), true
}

// Refusal is why a person may not begin an attempt, in Chinese.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// The reasons for which no attempt begins.
const (
	NotOpenYet   Refusal = "考试还没有开始"
	Closed       Refusal = "考试已经结束"
	AlreadyOpen  Refusal = "您有一次还没交卷，请先做完"
	AlreadyDone  Refusal = "您已经通过，不用再考"
	NoMoreTries  Refusal = "考试次数已经用完，请找培训学校"
	WaitForMarks Refusal = "上一次的简答题还没有批完，出了分再考"
)

// Past is an earlier attempt of the same person at the same exam.
type Past struct {
	Attempt
	Verdict Verdict
}

// MayStart returns nil or the Refusal. A verdict that waits for a person blocks the next
// attempt, because it may turn out that none is needed.
func (r Rules) MayStart(now time.Time, past []Past) error {
	passed, waiting := false, false
	for _, p := range past {
		if p.State(now) == Open {
			return AlreadyOpen
		}
		passed = passed || p.Verdict == Passed
		waiting = waiting || p.Verdict == Pending
	}
	switch {
	case passed:
		return AlreadyDone
	case !r.OpensAt.IsZero() && now.Before(r.OpensAt):
		return NotOpenYet
	case !r.ClosesAt.IsZero() && !now.Before(r.ClosesAt):
		return Closed
	case waiting:
		return WaitForMarks
	case r.MaxAttempts > 0 && len(past) >= r.MaxAttempts:
		return NoMoreTries
	}
	return nil
}

// ShowsAnswers says whether the right answers may be seen now. While a person may still
// try, showing them would spoil the next attempt.
func (r Rules) ShowsAnswers(now time.Time, v Verdict) bool {
	switch r.Show {
	case ShowAfterPass:
		return v == Passed
	case ShowAfterClose:
		return !r.ClosesAt.IsZero() && !now.Before(r.ClosesAt)
	}
	return false
}
