package record

import (
	"slices"
	"strings"

	"tiaojie/app/papers"
	"tiaojie/views/ui"

	"github.com/sergi/go-diff/diffmatchpatch"
)

func span(r papers.Record) string {
	switch {
	case r.StartedAt.IsZero():
		return "(未开始)"
	case r.ClosedAt.IsZero():
		return ui.LongDay(r.StartedAt.Time) + " " + ui.Clock(r.StartedAt.Time) + " 开始"
	}
	return ui.LongDay(r.StartedAt.Time) + " " + ui.Clock(r.StartedAt.Time) + " 至 " + ui.Clock(r.ClosedAt.Time)
}

// people lists those present of the given kinds.
func people(sh papers.Sheet, kinds ...string) string {
	var out []string
	for _, p := range sh.People {
		if !slices.Contains(kinds, p.Kind) {
			continue
		}
		words := p.Name + "(" + p.Relation
		if p.IDSeen != "" {
			words += ",已核对" + p.IDSeen
		}
		if !p.Here() {
			words += ",未到场"
		}
		out = append(out, words+")")
	}
	if len(out) == 0 {
		return "无"
	}
	return strings.Join(out, "、")
}

func openness(r papers.Record) string {
	if r.Openness == "open" {
		return "公开进行"
	}
	return "不公开进行"
}

func readWords(sh papers.Sheet, p papers.Person) string {
	t, ok := sh.Tick("readback", p.Key)
	if !ok || t.Mark != sh.Mark {
		return p.Name + ":"
	}
	return p.Name + ":以上笔录已向我" + t.Note + ",与我所说的一致。(" + ui.DayTime(t.At.Time) + ")"
}

func signers(d PrintData) []string {
	var out []string
	for _, p := range d.Sheet.People {
		if p.Kind != "mediator" {
			out = append(out, p.Relation+" "+p.Name)
		}
	}
	return append(out, "调解员 "+d.Mediator, "记录人")
}

// Lines compares two texts line by line: what both have, what only the present one
// has, what only the other one has.
func Lines(current, rival string) []DiffLine {
	d := diffmatchpatch.New()
	a, b, lines := d.DiffLinesToChars(current+"\n", rival+"\n")
	kinds := map[diffmatchpatch.Operation]string{diffmatchpatch.DiffEqual: "same", diffmatchpatch.DiffDelete: "theirs", diffmatchpatch.DiffInsert: "mine"}
	var out []DiffLine
	for _, part := range d.DiffCharsToLines(d.DiffMain(a, b, false), lines) {
		for line := range strings.SplitSeq(strings.TrimSuffix(part.Text, "\n"), "\n") {
			out = append(out, DiffLine{Text: line, Kind: kinds[part.Type]})
		}
	}
	return out
}
