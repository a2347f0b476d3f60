package quizformat

import (
	"fmt"
	"strconv"
	"strings"
)

// WriteGIFT writes questions in GIFT so that Moodle reads them and ParseGIFT reads back
// equal ones. ID, tags, points and reference answers stand in a comment before each
// question. A wrong option of a multiple choice weighs -100, which is our rule that a
// wrong choice earns nothing. The questions must be sound (Check).
func WriteGIFT(questions []Question) string {
	var b strings.Builder
	category := ""
	for i, q := range questions {
		if i > 0 {
			b.WriteByte('\n')
		}
		if q.Category != category {
			category = q.Category
			fmt.Fprintf(&b, "$CATEGORY: %s\n\n", category)
		}
		q.writeGIFT(&b)
	}
	return b.String()
}

func (q Question) writeGIFT(b *strings.Builder) {
	b.WriteString("// ")
	if q.ID != "" {
		b.WriteString(note("id", q.ID) + " ")
	}
	b.WriteString(note("points", strconv.Itoa(q.Points)))
	for _, t := range q.Tags {
		b.WriteString(" " + note("tag", t))
	}
	if q.Kind == Short {
		for _, a := range q.Answers {
			b.WriteString(" " + note("answer", a.Text))
		}
	}
	b.WriteByte('\n')
	if q.Title != "" {
		b.WriteString("::" + giftEscape(q.Title) + "::")
	}
	b.WriteString("[markdown]" + giftEscape(q.Stem) + " {")
	q.writeGIFTBody(b)
	if q.Explanation != "" {
		b.WriteString("####" + giftEscape(q.Explanation))
	}
	b.WriteString("}\n")
}

func (q Question) writeGIFTBody(b *strings.Builder) {
	switch q.Kind {
	case Single, Multi:
		for _, o := range q.Options {
			b.WriteString("\n\t" + q.giftMark(o) + giftText(o.Text) + giftFeedback(o.Feedback))
		}
	case Judge:
		q.writeGIFTJudge(b)
		return
	case Match:
		for _, p := range q.Pairs {
			b.WriteString("\n\t=" + strings.TrimSpace(giftText(p.Left)+" -> "+giftText(p.Right)))
		}
	case Blank, Numeric:
		q.writeGIFTAnswers(b)
	case Short:
		return
	}
	b.WriteByte('\n')
}

// giftMark is the mark and weight of an option. A right one shares 100 equally with five
// decimals, the only way in which Moodle knows a third.
func (q Question) giftMark(o Option) string {
	if q.Kind == Single {
		if o.Right() {
			return "=" + guardWeight(o.Text, Full)
		}
		if o.Percent > 0 {
			return fmt.Sprintf("~%%%d%%", o.Percent)
		}
		return "~" + guardWeight(o.Text, 0)
	}
	if !o.Right() {
		return "~%-100%"
	}
	share := strconv.FormatFloat(Full/float64(rightCount(q)), 'f', 5, 64)
	return "~%" + strings.TrimSuffix(strings.TrimRight(share, "0"), ".") + "%"
}

// guardWeight spells the weight out before a text that begins like one.
func guardWeight(text string, percent int) string {
	if strings.HasPrefix(text, "%") {
		return fmt.Sprintf("%%%d%%", percent)
	}
	return ""
}

func (q Question) writeGIFTJudge(b *strings.Builder) {
	mark, wrong, right := "TRUE", q.Options[1].Feedback, q.Options[0].Feedback
	if q.Options[1].Right() {
		mark, wrong, right = "FALSE", right, wrong
	}
	b.WriteString(mark)
	if wrong != "" || right != "" {
		b.WriteString("#" + giftEscape(wrong))
	}
	if right != "" {
		b.WriteString("#" + giftEscape(right))
	}
}

func (q Question) writeGIFTAnswers(b *strings.Builder) {
	if q.Kind == Numeric {
		b.WriteByte('#')
	}
	for _, a := range q.Answers {
		b.WriteString("\n\t=")
		if a.Percent != Full {
			fmt.Fprintf(b, "%%%d%%", a.Percent)
		} else {
			b.WriteString(guardWeight(a.Text, Full))
		}
		b.WriteString(giftText(a.Text))
		if a.Tolerance != "" {
			b.WriteString(":" + a.Tolerance)
		}
		b.WriteString(giftFeedback(a.Feedback))
	}
}

// giftText marks a text as plain that begins like a mark of format.
func giftText(s string) string {
	if formatPattern.MatchString(s) {
		return "[plain]" + giftEscape(s)
	}
	return giftEscape(s)
}

func giftFeedback(s string) string {
	if s == "" {
		return ""
	}
	return "#" + giftText(s)
}

func giftEscape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
			continue
		case strings.ContainsRune(giftSpecial, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
