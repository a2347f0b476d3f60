package school

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/people/sheet"
	"tiaojie/db"
)

// Deed is something done for several people at once.
type Deed struct {
	Kind        string // assign, release, waive, unwaive, remind
	Requirement string
	Learners    []string
	Reason      string
	UntilOn     string // waive: the last day; "" for no end
}

// Outcome tells what a deed did.
type Outcome struct {
	Done    int
	Skipped int // it was so already, or doesn't apply
	Unheard int // remind: has no account, tell them yourself
}

// maxDeed bounds a deed to a page of the matrix.
const maxDeed = MatrixPageSize

// Do carries out a deed for the people for whom it makes sense; the others are counted. It needs access.School.
func (s *Service) Do(ctx context.Context, who access.Actor, idem string, d Deed) (Outcome, error) {
	var out Outcome
	q, err := s.Requirement(ctx, who, d.Requirement)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return out, fault.At("requirement", "请选择培训要求")
		}
		return out, err
	}
	today := db.DayOf(s.db.Now())
	f := fault.Form{}
	f.Check(len(d.Learners) > 0 && len(d.Learners) <= maxDeed, "learners", "请勾选要办理的人")
	f.Check(slices.Contains([]string{"assign", "release", "waive", "unwaive", "remind"}, d.Kind), "kind", "请选择要办什么")
	d.Reason = strings.TrimSpace(d.Reason)
	f.Check(d.Kind == "remind" || d.Reason != "" && utf8.RuneCountInString(d.Reason) <= 100, "reason", "请写明理由，最多 100 字")
	f.Check(d.UntilOn == "" || dayOK(d.UntilOn) && d.UntilOn >= today, "until_on", "免修的最后一天应在今天或以后；长期免修请留空")
	if err := f.Err(); err != nil {
		return out, err
	}
	b, err := s.board(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out = Outcome{}
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		for _, l := range b.people {
			if !slices.Contains(d.Learners, l.Key) {
				continue
			}
			if err := s.do(ctx, tx, who, b, q, l, d, &out); err != nil {
				return err
			}
		}
		return s.trail.Record(ctx, tx, who, "requirement."+d.Kind, audit.Ref{Kind: "requirement", Key: q.Key},
			map[string]any{"n": out.Done, "reason": d.Reason, "until": d.UntilOn, "learners": d.Learners})
	})
	return out, err
}

func (s *Service) do(ctx context.Context, tx *db.Tx, who access.Actor, b *board, q Requirement, l Learner, d Deed, out *Outcome) error {
	p := b.person(q, l, tx.Day())
	cell := Status(q.Terms, p, tx.Day())
	byHand := p.Asked && !q.Matches(l)
	fits := map[string]bool{"assign": !p.Asked && l.OnRoster(tx.Day()), "release": byHand, "waive": p.Asked && cell.State != Excused,
		"unwaive": cell.State == Excused, "remind": slices.Contains([]State{NotBegun, InProgress, DueSoon, Late}, cell.State)}
	if !fits[d.Kind] {
		out.Skipped++
		return nil
	}
	a := Act{RequirementID: q.ID, LearnerID: l.ID, Kind: d.Kind, OnDay: tx.Day(), Reason: d.Reason, By: who.Name}
	switch d.Kind {
	case "waive":
		a.UntilOn = d.UntilOn
	case "remind":
		if l.AccountID == nil {
			out.Unheard++
			return nil
		}
		if err := s.tellDue(ctx, tx, q, l, cell, ""); err != nil {
			return err
		}
	}
	out.Done++
	return addAct(ctx, tx, a)
}

// tellDue writes the reminder into the person's inbox.
func (s *Service) tellDue(ctx context.Context, tx *db.Tx, q Requirement, l Learner, c Cell, dedup string) error {
	body := "培训“" + q.Title + "”请在 " + c.DueOn + " 前完成。"
	if c.State == Late {
		body = "培训“" + q.Title + "”已于 " + c.DueOn + " 到期，还没有完成，请尽快参加；有困难请与培训学校联系。"
	}
	if q.MinMinutes > 0 {
		body += "已有 " + Hours(c.Minutes) + " 学时，要求 " + Hours(q.MinMinutes) + " 学时。"
	}
	return s.outbox.Send(ctx, tx, notify.Message{Kind: "school.due", Channel: notify.InApp, AccountID: *l.AccountID, ToName: l.Name, Body: body, Dedup: dedup})
}

// MinutesPerHour is one 学时.
const MinutesPerHour = 45

// Hours gives minutes in 学时, with one digit when they aren't whole.
func Hours(minutes int) string {
	tenth := minutes * 10 / MinutesPerHour
	if tenth%10 == 0 {
		return strconv.Itoa(tenth / 10)
	}
	return strconv.Itoa(tenth/10) + "." + strconv.Itoa(tenth%10)
}

// ExportMatrix writes the people whom the filter lets through, as "xlsx" or "csv". It stands on
// the trail. It needs access.School.
func (s *Service) ExportMatrix(ctx context.Context, who access.Actor, f MatrixFilter, kind, reason string, w io.Writer) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	m, all, err := s.matrix(ctx, who, f)
	if err != nil {
		return err
	}
	units, err := s.people.Units(ctx, s.db)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return s.trail.Record(ctx, tx, who, "matrix.export", audit.Ref{Kind: "matrix"}, map[string]any{"reason": reason, "n": len(all), "kind": kind})
	})
	if err != nil {
		return err
	}
	header := []string{"姓名", "单位", "岗位", "加入日期"}
	for _, q := range m.Requirements {
		header = append(header, q.Title, q.Title+"（期限）", q.Title+"（完成日期）")
	}
	rows := func(yield func([]string) bool) {
		for _, r := range all {
			unit := ""
			if r.Learner.UnitID != nil {
				unit = names[*r.Learner.UnitID]
			}
			line := []string{r.Learner.Name, unit, PostLabel(r.Learner.Post), r.Learner.JoinedOn}
			for _, c := range r.Cells {
				line = append(line, c.State.Label(), c.DueOn, c.DoneOn)
			}
			if !yield(line) {
				return
			}
		}
	}
	if kind == "csv" {
		return writeCSV(w, header, rows)
	}
	return sheet.WriteXLSX(w, "轮训矩阵", header, rows)
}

// writeCSV writes a table for spreadsheets: with the mark that makes them read UTF-8, and no
// cell that begins a formula.
func writeCSV(w io.Writer, header []string, rows func(yield func([]string) bool)) error {
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	c := csv.NewWriter(&b)
	c.UseCRLF = true
	put := func(cells []string) error {
		safe := make([]string, len(cells))
		for i, text := range cells {
			safe[i] = sheet.Cell(text)
		}
		return c.Write(safe)
	}
	if err := put(header); err != nil {
		return err
	}
	for cells := range rows {
		if err := put(cells); err != nil {
			return err
		}
	}
	if c.Flush(); c.Error() != nil {
		return c.Error()
	}
	_, err := b.WriteTo(w)
	return err
}
