package quizformat

import (
	"fmt"
	"strings"
)

// WriteMarkdown writes questions as blocks that ParseMarkdown reads back to equal
// questions. The questions must be sound (Check).
func WriteMarkdown(questions []Question) string {
	var b strings.Builder
	for i, q := range questions {
		if i > 0 {
			b.WriteByte('\n')
		}
		q.writeBlock(&b)
	}
	return b.String()
}

func (q Question) writeBlock(b *strings.Builder) {
	b.WriteString("::: question")
	if q.ID != "" {
		fmt.Fprintf(b, " id=%s", q.ID)
	}
	fmt.Fprintf(b, " kind=%s points=%d", q.Kind, q.Points)
	if len(q.Tags) > 0 {
		fmt.Fprintf(b, " tags=%s", quoteIf(strings.Join(q.Tags, ",")))
	}
	if q.Title != "" {
		fmt.Fprintf(b, " title=%s", quote(q.Title))
	}
	if q.Category != "" {
		fmt.Fprintf(b, " category=%s", quote(q.Category))
	}
	b.WriteByte('\n')
	for line := range strings.SplitSeq(q.Stem, "\n") {
		b.WriteString(guard(q.Kind, line) + "\n")
	}
	q.writeBody(b)
	if q.Explanation != "" {
		for i, line := range strings.Split(q.Explanation, "\n") {
			if i == 0 {
				line = "解析：" + line
			}
			b.WriteString(strings.TrimSpace("> "+line) + "\n")
		}
	}
	b.WriteString(":::\n")
}

// quoteIf leaves a word that needs no quotes as it is.
func quoteIf(s string) string {
	if strings.ContainsAny(s, "\" \t=") {
		return quote(s)
	}
	return s
}

func (q Question) writeBody(b *strings.Builder) {
	for _, o := range q.Options {
		mark := " "
		switch {
		case o.Right():
			mark = "x"
		case o.Percent > 0:
			mark = fmt.Sprintf("%d%%", o.Percent)
		}
		fmt.Fprintf(b, "- [%s] %s\n", mark, withFeedback(o.Text, o.Feedback))
	}
	for _, p := range q.Pairs {
		fmt.Fprintf(b, "- %s\n", strings.TrimSpace(escape(p.Left)+" -> "+escape(p.Right)))
	}
	q.writeAnswers(b)
}

// writeAnswers puts answers of one percentage on one line, as they are usually written.
func (q Question) writeAnswers(b *strings.Builder) {
	for i, a := range q.Answers {
		same := i > 0 && q.Kind != Short && q.Answers[i-1].Percent == a.Percent
		switch {
		case same:
			b.WriteString(" | ")
		case q.Kind == Short || a.Percent == Full:
			b.WriteString("= ")
		default:
			fmt.Fprintf(b, "=[%d%%] ", a.Percent)
		}
		text := a.Text
		if a.Tolerance != "" {
			text += " ± " + a.Tolerance
		}
		b.WriteString(withFeedback(text, a.Feedback))
		if i+1 == len(q.Answers) || q.Kind == Short || q.Answers[i+1].Percent != a.Percent {
			b.WriteByte('\n')
		}
	}
}

func withFeedback(text, fb string) string {
	if fb == "" {
		return escape(text)
	}
	return escape(text) + " {" + escape(fb) + "}"
}
