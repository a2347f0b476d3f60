package school_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/app/school"
	"tiaojie/app/seal"
	"tiaojie/db"
)

var trainer = access.Actor{AccountID: 9005, Name: "教务", Roles: []access.Role{access.Trainer}}

func idem() string { return seal.NewKey() + seal.NewKey() }

// learner puts somebody on the roster.
func (w *world) learner(name, post, joined string) school.Learner {
	w.t.Helper()
	in := people.MediatorInput{Name: name, RepKind: "npc", Employment: post, LoadCap: 3, Types: []string{"family"}, Languages: []string{"普通话"}, JoinedOn: joined}
	_, err := w.people.CreateMediator(w.t.Context(), clerk, idem(), in)
	w.must(err)
	return w.roster()[name]
}

func (w *world) require(q school.Requirement) school.Requirement {
	w.t.Helper()
	key, err := w.SaveRequirement(w.t.Context(), trainer, idem(), "", q, "", "")
	w.must(err)
	q, err = w.Requirement(w.t.Context(), trainer, key)
	w.must(err)
	return q
}

// rotation asks everybody for one training a year.
func rotation() school.Requirement {
	q, _ := school.PresetOf("rotation", "2025-01-01")
	return q
}

func (w *world) complete(l school.Learner, title, on string, minutes int) {
	w.t.Helper()
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := w.Complete(w.t.Context(), tx, l.ID, school.Titled(title), on, minutes, nil, school.Evidence{Kind: "manual"})
		return err
	}))
}

func (w *world) states(f school.MatrixFilter) map[string]school.State {
	w.t.Helper()
	m, err := w.Matrix(w.t.Context(), trainer, f)
	w.must(err)
	out := map[string]school.State{}
	for _, r := range m.Rows {
		out[r.Learner.Name] = r.Cells[0].State
	}
	return out
}

func TestTheMatrixFollowsFromWhatWasDone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.learner("王演和", "full", "2024-03-01"), w.learner("李示安", "part", "2026-01-01")
		q := w.require(rotation())
		w.complete(a, "物业纠纷专题", "2026-03-05", 90)
		if got := w.states(school.MatrixFilter{}); got["王演和"] != school.Valid || got["李示安"] != school.DueSoon {
			t.Fatalf("%v", got)
		}
		if got := w.states(school.MatrixFilter{Name: "wang"}); len(got) != 1 || got["王演和"] == "" {
			t.Errorf("by spelling: %v", got)
		}
		if got := w.states(school.MatrixFilter{Name: "lsa", Post: "part", State: school.DueSoon}); len(got) != 1 {
			t.Errorf("by initials: %v", got)
		}
		if got := w.states(school.MatrixFilter{State: school.Late}); len(got) != 0 {
			t.Errorf("by state: %v", got)
		}
		// Voided, it counts no more, and the row is still there with its reason.
		f, err := w.CellFile(t.Context(), trainer, q.Key, a.Key)
		w.must(err)
		if len(f.Completions) != 1 || f.Cell.State != school.Valid || !f.ByRule {
			t.Fatalf("%+v", f)
		}
		if err := w.VoidCompletion(t.Context(), trainer, f.Completions[0].Key, " "); fault.FieldsOf(err)["reason"] == "" {
			t.Errorf("voided without a reason: %v", err)
		}
		w.must(w.VoidCompletion(t.Context(), trainer, f.Completions[0].Key, "登记错人"))
		if err := w.VoidCompletion(t.Context(), trainer, f.Completions[0].Key, "再来"); !fault.Is(err, fault.Conflict) {
			t.Errorf("voided twice: %v", err)
		}
		f, err = w.CellFile(t.Context(), trainer, q.Key, a.Key)
		w.must(err)
		if f.Cell.State != school.DueSoon || len(f.Completions) != 1 || f.Completions[0].VoidReason != "登记错人" {
			t.Errorf("%+v", f)
		}
		// Written down by hand, it counts again; the same form twice is one row.
		key := idem()
		for range 2 {
			w.must(w.RecordDone(t.Context(), trainer, key, q, b, "外出听课", "2026-11-20", 45, "签到表"))
		}
		f, err = w.CellFile(t.Context(), trainer, q.Key, b.Key)
		w.must(err)
		if f.Cell.State != school.Valid || len(f.Completions) != 1 {
			t.Errorf("%+v", f)
		}
		if err := w.RecordDone(t.Context(), trainer, idem(), q, b, "外出听课", "2026-12-20", 45, "签到表"); fault.FieldsOf(err)["done_on"] == "" {
			t.Errorf("done tomorrow: %v", err)
		}
		for what, err := range map[string]error{
			"matrix":  second(w.Matrix(t.Context(), clerk, school.MatrixFilter{})),
			"cell":    second(w.CellFile(t.Context(), clerk, q.Key, a.Key)),
			"deed":    second(w.Do(t.Context(), clerk, idem(), school.Deed{Kind: "remind", Requirement: q.Key, Learners: []string{a.Key}})),
			"rule":    second(w.SaveRequirement(t.Context(), clerk, idem(), "", rotation(), "", "")),
			"records": w.RecordDone(t.Context(), clerk, idem(), q, a, "甲", "2026-11-20", 45, "乙"),
			"void":    w.VoidCompletion(t.Context(), clerk, f.Completions[0].Key, "甲"),
			"export":  w.ExportMatrix(t.Context(), clerk, school.MatrixFilter{}, "csv", "甲", &bytes.Buffer{}),
		} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("a clerk may: %s, %v", what, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Completions are history: no statement of ours or of a hand changes or removes one.
func TestCompletionsAreOnlyAddedAndVoided(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := w.learner("王演和", "full", "2024-03-01")
		w.complete(l, "物业纠纷专题", "2026-03-05", 90)
		for _, bad := range []string{`DELETE FROM completions`, `UPDATE completions SET minutes = 900`, `UPDATE completions SET done_on = '2026-01-01', voided_at = 1`} {
			err := w.d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), bad); return err })
			if err == nil {
				t.Errorf("%s goes through", bad)
			}
		}
	})
}

// A rule that is narrowed lets nobody go in silence: the preview names them, saving wants to know what becomes of them.
func TestANarrowedRuleLetsNobodyGoSilently(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.learner("王演和", "full", "2024-03-01")
		w.learner("李示安", "part", "2026-01-01")
		q := w.require(rotation())
		q.Posts = "full"
		p, err := w.PreviewOf(t.Context(), q.Key, q)
		w.must(err)
		if p.Asked != 1 || len(p.Leaves) != 1 || p.Leaves[0].Learner.Name != "李示安" || len(p.Joins)+len(p.Changes) != 0 {
			t.Fatalf("%+v", p)
		}
		if _, err := w.SaveRequirement(t.Context(), trainer, idem(), q.Key, q, "", ""); fault.FieldsOf(err)["leavers"] == "" {
			t.Fatalf("saved in silence: %v", err)
		}
		if got := w.states(school.MatrixFilter{}); got["李示安"] != school.DueSoon {
			t.Fatalf("a refused save did something: %v", got)
		}
		_, err = w.SaveRequirement(t.Context(), trainer, idem(), q.Key, q, school.KeepLeavers, "只要求专职")
		w.must(err)
		if got := w.states(school.MatrixFilter{}); got["李示安"] != school.DueSoon || got["王演和"] != school.DueSoon {
			t.Errorf("not kept: %v", got)
		}
		if _, err := w.SaveRequirement(t.Context(), trainer, idem(), q.Key, q, school.KeepLeavers, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form is saved: %v", err)
		}
		versions, err := w.RequirementVersions(t.Context(), trainer, q.ID)
		w.must(err)
		if len(versions) != 2 || versions[1].Was().Posts != "" || versions[0].Was().Posts != "full" || versions[0].Note != "只要求专职" {
			t.Errorf("%+v", versions)
		}
		// Who is kept by hand can be released, and that stands in the history.
		l := w.roster()["李示安"]
		out, err := w.Do(t.Context(), trainer, idem(), school.Deed{Kind: "release", Requirement: q.Key, Learners: []string{l.Key}, Reason: "转为志愿者"})
		w.must(err)
		f, err := w.CellFile(t.Context(), trainer, q.Key, l.Key)
		w.must(err)
		if out.Done != 1 || f.Cell.State != school.NotAsked || len(f.Acts) != 2 || f.Acts[0].Reason != "转为志愿者" {
			t.Errorf("%+v %+v", out, f)
		}
		// Who is asked by the rule can't be released, only excused.
		out, err = w.Do(t.Context(), trainer, idem(), school.Deed{Kind: "release", Requirement: q.Key, Learners: []string{w.roster()["王演和"].Key}, Reason: "甲"})
		w.must(err)
		if out.Done != 0 || out.Skipped != 1 {
			t.Errorf("%+v", out)
		}
	})
}

func TestDroppedLeaversStandInTheHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := w.learner("李示安", "part", "2026-01-01")
		q := w.require(rotation())
		q.Posts = "full"
		_, err := w.SaveRequirement(t.Context(), trainer, idem(), q.Key, q, school.DropLeavers, "")
		w.must(err)
		f, err := w.CellFile(t.Context(), trainer, q.Key, l.Key)
		w.must(err)
		if f.Cell.State != school.NotAsked || len(f.Acts) != 1 || f.Acts[0].Kind != "release" {
			t.Errorf("%+v", f)
		}
	})
}

// Edge 5: another post, leaving, coming back.
func TestMovesLeavingAndReturning(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key, _ := w.account("clerk1", "周示文", access.Clerk)
		pre := school.Requirement{Title: "窗口岗前", SubjectKind: school.TitleSubject, Rule: school.Rule{Posts: "staff"},
			Terms: school.Terms{Cycle: school.Once, FirstDueDays: 30, WindowDays: 7, ActiveFrom: "2020-01-01"}}
		q := w.require(pre)
		if got := w.states(school.MatrixFilter{}); got["周示文"] != school.NotBegun {
			t.Fatalf("%v", got)
		}
		w.complete(w.roster()["周示文"], "窗口岗前", "2026-11-24", 45)
		w.must(w.people.Disable(t.Context(), sysadmin, key, 1, true))
		if got := w.states(school.MatrixFilter{}); len(got) != 0 {
			t.Errorf("who left stands in the matrix: %v", got)
		}
		w.clock.Advance(100 * 24 * time.Hour)
		w.must(w.people.Disable(t.Context(), sysadmin, key, 2, false))
		if got := w.states(school.MatrixFilter{}); got["周示文"] != school.Valid {
			t.Errorf("what was done before leaving is lost: %v", got)
		}
		// A mediator who turns full-time has the full time for what that post asks.
		in := people.MediatorInput{Name: "王演和", RepKind: "npc", Employment: "part", LoadCap: 3, Types: []string{"family"}, Languages: []string{"普通话"}, JoinedOn: "2020-02-29", Version: 1}
		med, err := w.people.CreateMediator(t.Context(), clerk, idem(), in)
		w.must(err)
		pre.Title, pre.Posts = "专职岗前", "full"
		p := w.require(pre)
		in.Employment = "full"
		w.must(w.people.EditMediator(t.Context(), clerk, med, in))
		f, err := w.CellFile(t.Context(), trainer, p.Key, w.roster()["王演和"].Key)
		w.must(err)
		if want := school.AddDays(db.DayOf(w.d.Now()), 30); f.Cell.State != school.NotBegun || f.Cell.DueOn != want {
			t.Errorf("%+v, want until %s", f.Cell, want)
		}
		_ = q
	})
}

func TestDeedsAreForThoseWhomTheyFit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.learner("王演和", "full", "2024-03-01"), w.learner("李示安", "part", "2026-01-01")
		w.account("boss1", "吴演礼", access.Leader)
		boss := w.roster()["吴演礼"]
		q := rotation()
		q.Posts = "full leader"
		q = w.require(q)
		all := []string{a.Key, b.Key, boss.Key}
		do := func(kind, reason, until string) school.Outcome {
			t.Helper()
			out, err := w.Do(t.Context(), trainer, idem(), school.Deed{Kind: kind, Requirement: q.Key, Learners: all, Reason: reason, UntilOn: until})
			w.must(err)
			return out
		}
		if out := do("remind", "", ""); out != (school.Outcome{Done: 1, Skipped: 1, Unheard: 1}) {
			t.Errorf("remind: %+v", out)
		}
		if n := w.messages(); n != 1 {
			t.Errorf("%d messages", n)
		}
		if out := do("assign", "街道要求参加", ""); out.Done != 1 || out.Skipped != 2 {
			t.Errorf("assign: %+v", out)
		}
		if out := do("waive", "产假", "2026-12-10"); out.Done != 3 {
			t.Errorf("waive: %+v", out)
		}
		if got := w.states(school.MatrixFilter{}); got["王演和"] != school.Excused || got["李示安"] != school.Excused {
			t.Errorf("%v", got)
		}
		w.clock.Set(time.Date(2026, 12, 11, 2, 0, 0, 0, time.UTC))
		if got := w.states(school.MatrixFilter{}); got["王演和"] == school.Excused {
			t.Errorf("excused for ever: %v", got)
		}
		for field, d := range map[string]school.Deed{
			"reason":      {Kind: "waive", Requirement: q.Key, Learners: all},
			"learners":    {Kind: "waive", Requirement: q.Key, Reason: "甲"},
			"kind":        {Kind: "erase", Requirement: q.Key, Learners: all, Reason: "甲"},
			"until_on":    {Kind: "waive", Requirement: q.Key, Learners: all, Reason: "甲", UntilOn: "2026-12-10"},
			"requirement": {Kind: "waive", Requirement: "nothing", Learners: all, Reason: "甲"},
		} {
			if _, err := w.Do(t.Context(), trainer, idem(), d); fault.FieldsOf(err)[field] == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func (w *world) messages() int {
	w.t.Helper()
	var n int
	w.must(w.d.Get(w.t.Context(), &n, `SELECT COUNT(*) FROM outbox WHERE kind = 'school.due'`))
	return n
}

// Edge 19: once for a due day, also after a restart and with two servers.
func TestRemindersAreSentOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.account("boss1", "吴演礼", access.Leader)
		w.learner("王演和", "full", "2024-03-01") // no account: nobody to write to
		q := w.require(rotation())
		q.WindowDays = 10
		_, err := w.SaveRequirement(t.Context(), trainer, idem(), q.Key, q, "", "")
		w.must(err)
		run := func(want int) {
			t.Helper()
			if _, err := w.Remind(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := w.messages(); n != want {
				t.Errorf("%d messages, want %d", n, want)
			}
		}
		run(0)
		w.clock.Set(time.Date(2026, 12, 22, 2, 0, 0, 0, time.UTC))
		run(1)
		run(1)
		again := w.again()
		if n, err := again.Remind(t.Context()); n != 0 || err != nil || w.messages() != 1 {
			t.Errorf("after a restart: %d %v", n, err)
		}
		w.clock.Set(time.Date(2027, 1, 2, 2, 0, 0, 0, time.UTC))
		run(1) // the new year has begun
	})
}

// again is the school after a restart.
func (w *world) again() *school.Service {
	box, err := seal.New(seal.NewKeyring())
	w.must(err)
	trail, outbox := audit.New(box), notify.New(w.d, box)
	return school.New(w.d, box, trail, outbox, files.New(box, w.t.TempDir()), w.people, calendar.New(w.d, box, trail))
}

func TestCoverageOpensToTheNames(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b, c := w.learner("王演和", "full", "2024-03-01"), w.learner("李示安", "part", "2024-01-01"), w.learner("赵演平", "part", "2024-01-01")
		w.learner("新演人", "part", "2026-05-01")
		q := w.require(rotation())
		w.complete(a, "甲", "2025-12-31", 45)
		w.complete(b, "甲", "2026-01-01", 45) // a day late for 2025
		_ = c
		cov, err := w.Coverage(t.Context(), trainer, q.Key, "2025-12-31")
		w.must(err)
		if cov.Asked != 3 || len(cov.Done) != 1 || len(cov.Open) != 2 || cov.Percent() != "33.3%" || cov.From != "2025-01-01" {
			t.Errorf("%+v", cov)
		}
		cov, err = w.Coverage(t.Context(), trainer, q.Key, "")
		w.must(err)
		if cov.Asked != 4 || len(cov.Done) != 1 || cov.Done[0].Learner.Name != "李示安" || cov.Day != "2026-11-24" {
			t.Errorf("%+v", cov)
		}
		if _, err := w.Coverage(t.Context(), trainer, q.Key, "2019-12-31"); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

// Edge 18: a name that a spreadsheet would compute.
func TestTheExportBeginsNoFormula(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.learner("王演和", "full", "2024-03-01")
		q := rotation()
		q.Title = "=HYPERLINK(1)"
		w.require(q)
		var b bytes.Buffer
		if err := w.ExportMatrix(t.Context(), trainer, school.MatrixFilter{}, "csv", "", &b); fault.FieldsOf(err)["reason"] == "" {
			t.Errorf("without a reason: %v", err)
		}
		w.must(w.ExportMatrix(t.Context(), trainer, school.MatrixFilter{}, "csv", "年终核对", &b))
		if text := b.String(); !strings.Contains(text, "'=HYPERLINK(1)") || strings.Contains(text, ",=") || !strings.Contains(text, "王演和") || !strings.Contains(text, "即将到期") {
			t.Error(text)
		}
		b.Reset()
		w.must(w.ExportMatrix(t.Context(), trainer, school.MatrixFilter{}, "xlsx", "年终核对", &b))
		if !bytes.HasPrefix(b.Bytes(), []byte("PK")) {
			t.Error("no workbook")
		}
	})
}

func TestARequirementIsChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for field, mend := range map[string]func(q *school.Requirement){
			"title":       func(q *school.Requirement) { q.Title = " " },
			"cycle":       func(q *school.Requirement) { q.Cycle = "weekly" },
			"months":      func(q *school.Requirement) { q.Cycle = school.Rolling },
			"cal_from":    func(q *school.Requirement) { q.CalFrom = "13-01" },
			"cal_to":      func(q *school.Requirement) { q.CalTo = "02-30" },
			"active_from": func(q *school.Requirement) { q.ActiveFrom = "" },
			"active_to":   func(q *school.Requirement) { q.ActiveTo = "2024-01-01" },
			"subject_key": func(q *school.Requirement) { q.SubjectKind = school.CourseSubject },
			"posts":       func(q *school.Requirement) { q.Posts = "king" },
			"joined_to":   func(q *school.Requirement) { q.JoinedFrom, q.JoinedTo = "2025-01-01", "2024-01-01" },
		} {
			q := rotation()
			mend(&q)
			if _, err := w.SaveRequirement(t.Context(), trainer, idem(), "", q, "", ""); fault.FieldsOf(err)[field] == "" {
				t.Errorf("%s: %v", field, err)
			}
			if _, err := w.PreviewOf(t.Context(), "", q); fault.FieldsOf(err)[field] == "" {
				t.Errorf("%s in the preview: %v", field, err)
			}
		}
		for _, p := range school.Presets {
			q, ok := school.PresetOf(p.Code, "2026-01-01")
			if !ok || q.Basis == "" {
				t.Errorf("%s: %+v", p.Code, q)
			}
			w.require(q)
		}
	})
}

// However many people, requirements and years: two queries, and none while nothing changes.
func TestTheMatrixTakesTwoQueries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, more := range []int{3, 120} {
			fillMore(t, w, more)
			for _, f := range []school.MatrixFilter{{}, {State: school.Late}} {
				w.must(w.d.Write(t.Context(), func(tx *db.Tx) error { tx.Touch(school.RequirementTopic); return nil }))
				before := w.d.Queries()
				m, err := w.Matrix(t.Context(), trainer, f)
				w.must(err)
				versions := int64(0)
				if w.d.Dialect() == db.Postgres {
					versions = 1
				}
				if n := w.d.Queries() - before; n > 2+versions || len(m.Requirements) == 0 {
					t.Errorf("%d people: %d queries", more, n)
				}
				before = w.d.Queries()
				_, err = w.Matrix(t.Context(), trainer, f)
				w.must(err)
				if n := w.d.Queries() - before; n > versions {
					t.Errorf("unchanged: %d queries", n)
				}
			}
		}
	})
}

func fillMore(t *testing.T, w *world, n int) {
	var have []int64
	w.must(w.d.Select(t.Context(), &have, `SELECT id FROM learners`))
	for i := range n {
		w.learner(fmt.Sprintf("演示%d号", len(have)+i), "part", "2024-01-01")
	}
	w.require(rotation())
}

// TestPagesOfTheMatrix walks through all pages: everybody once.
func TestPagesOfTheMatrix(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		fillMore(t, w, 120)
		var seen []string
		for page := 1; page <= 3; page++ {
			m, err := w.Matrix(t.Context(), trainer, school.MatrixFilter{Page: page})
			w.must(err)
			if m.Pages != 3 || m.Total != 120 {
				t.Fatalf("%d pages, %d people", m.Pages, m.Total)
			}
			for _, r := range m.Rows {
				seen = append(seen, r.Learner.Key)
			}
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != 120 {
			t.Errorf("%d people", len(seen))
		}
		if m, err := w.Matrix(t.Context(), trainer, school.MatrixFilter{Page: 99}); err != nil || m.Page != 3 {
			t.Error(m.Page, err)
		}
	})
}
