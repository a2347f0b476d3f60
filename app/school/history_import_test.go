package school_test

import (
	"fmt"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school"
	"tiaojie/db"
)

func TestARosterIsTakenInOnlyWhenConfirmed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, who := w.account("trainer9", "李教务", access.Trainer)
		w.learner("王演和", "full", "2024-03-01")
		w.must(w.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO units (code, name, kind, seq) VALUES ('U1', '演示单位甲', 'office', 1)`)
			return err
		}))
		file := "姓名,手机,单位,岗位,加入日期,培训名称,完成日期,学时\n" +
			"王演和,,,,,岗前培训,2024/5/1,10\n" +
			"新演一,19900000001,演示单位甲,工作人员,2023-02-01,岗前培训,2023-03-01,10\n" +
			"新演一,19900000001,演示单位甲,工作人员,2023-02-01,法律专题,2023-04-01,2\n" +
			"新演二,123,无此单位,国王,2030-01-01,岗前培训,,x\n" +
			"新演一,19900000001,演示单位甲,工作人员,2023-02-01,法律专题,2023-04-01,2\n"
		im, err := w.PreviewHistory(t.Context(), who, "名册.csv", []byte(file))
		w.must(err)
		if im.People() != 1 || im.Trainings() != 3 || len(im.Lines[3].Errors) < 5 || im.Lines[3].Line != 5 || !strings.Contains(im.Lines[4].Errors[0], "第 4 行") {
			t.Fatalf("%d people, %d trainings: %+v", im.People(), im.Trainings(), im.Lines)
		}
		if w.roster()["新演一"].ID != 0 {
			t.Fatal("the preview wrote somebody")
		}
		if _, err := w.ConfirmHistory(t.Context(), trainer, im.Token); !fault.Is(err, fault.Invalid) {
			t.Errorf("somebody else's preview: %v", err)
		}
		for range 2 {
			n, err := w.ConfirmHistory(t.Context(), who, im.Token)
			w.must(err)
			if n != 3 {
				t.Errorf("%d lines", n)
			}
		}
		q := w.require(school.Requirement{Title: "岗前培训", SubjectKind: school.TitleSubject,
			Terms: school.Terms{Cycle: school.Once, FirstDueDays: 30, MinMinutes: 450, ActiveFrom: "2020-01-01"}})
		if got := w.states(school.MatrixFilter{Requirement: q.Key}); got["王演和"] != school.Valid || got["新演一"] != school.Valid {
			t.Errorf("what was taken in doesn't count: %v", got)
		}
		// The same file again holds nothing new.
		im, err = w.PreviewHistory(t.Context(), who, "名册.csv", []byte(file))
		w.must(err)
		if im.People()+im.Trainings() != 0 {
			t.Errorf("taken in twice: %+v", im.Lines)
		}
		if _, err := w.PreviewHistory(t.Context(), clerk, "名册.csv", []byte(file)); !fault.Is(err, fault.Forbidden) {
			t.Error(err)
		}
		if _, err := w.PreviewHistory(t.Context(), who, "名册.csv", []byte("甲,乙\n1,2\n")); fault.FieldsOf(err)["file"] == "" {
			t.Error(err)
		}
	})
}

// Two people of one name are never guessed at, and a roster that moved under a preview stops it.
func TestNamesakesAndAChangedRoster(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, who := w.account("trainer9", "李教务", access.Trainer)
		var b strings.Builder
		b.WriteString("姓名,手机\n")
		for i := range 560 {
			fmt.Fprintf(&b, "演示人%d,%d\n", i, 19900000000+i)
		}
		b.WriteString("同名人,19900009001\n同名人,19900009002\n")
		im, err := w.PreviewHistory(t.Context(), who, "a.csv", []byte(b.String()))
		w.must(err)
		again, err := w.PreviewHistory(t.Context(), who, "a.csv", []byte(b.String()))
		w.must(err)
		n, err := w.ConfirmHistory(t.Context(), who, im.Token)
		w.must(err)
		if n != 562 {
			t.Errorf("%d lines", n)
		}
		if _, err := w.ConfirmHistory(t.Context(), who, again.Token); !fault.Is(err, fault.Conflict) {
			t.Errorf("everybody would be there twice: %v", err)
		}
		im, err = w.PreviewHistory(t.Context(), who, "b.csv", []byte("姓名,手机,培训名称,完成日期\n同名人,,甲,2026-01-01\n同名人,19900009002,甲,2026-01-01\n"))
		w.must(err)
		wrong, err := w.PreviewHistory(t.Context(), who, "c.csv", []byte("姓名,手机,培训名称,完成日期\n别的人,19900009002,甲,2026-01-01\n"))
		w.must(err)
		if l := wrong.Lines[0]; l.Good() || !strings.Contains(l.Errors[0], "同名人") {
			t.Errorf("a training is put to another person with that phone: %+v", l)
		}
		if im.Lines[0].Good() || !im.Lines[1].Good() || im.Lines[1].Learner == 0 {
			t.Errorf("%+v", im.Lines)
		}
	})
}
